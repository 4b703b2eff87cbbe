//! Vectors of `f32`, one kind for each instruction set.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
mod relaxed;

#[cfg(target_arch = "x86_64")]
pub use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub use avx512::Avx512;
#[cfg(target_arch = "aarch64")]
pub use neon::Neon;
pub use portable::Portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
pub use relaxed::Relaxed;

use crate::networks::in_place::Panel;
use crate::update::Update;

/// Runs a kernel with the instructions of an [`Isa`]: a generic function over its [`Lanes`] and their rows and columns.
macro_rules! with_isa {
    ($isa:expr, $name:ident($($argument:ident: $type:ty),* $(,)?)) => {{
        use $crate::lanes::{Isa, Lanes, Portable};
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        unsafe fn avx2($($argument: $type),*) {
            use $crate::lanes::{Avx2, Lanes};
            // SAFETY: this is called for `Isa::Avx2` alone, and `Isa::available`, which asks the machine, alone makes
            // that.
            unsafe { $name::<Avx2, { Avx2::ROWS }, { Avx2::WIDTH }>($($argument),*) }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f")]
        unsafe fn avx512($($argument: $type),*) {
            use $crate::lanes::{Avx512, Lanes};
            // SAFETY: the same of `Isa::Avx512`.
            unsafe { $name::<Avx512, { Avx512::ROWS }, { Avx512::WIDTH }>($($argument),*) }
        }
        #[cfg(target_arch = "aarch64")]
        #[target_feature(enable = "neon")]
        unsafe fn neon($($argument: $type),*) {
            use $crate::lanes::{Lanes, Neon};
            // SAFETY: the same of `Isa::Neon`.
            unsafe { $name::<Neon, { Neon::ROWS }, { Neon::WIDTH }>($($argument),*) }
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
        #[target_feature(enable = "relaxed-simd")]
        unsafe fn relaxed($($argument: $type),*) {
            use $crate::lanes::{Lanes, Relaxed};
            // SAFETY: a module with these instructions is refused by a browser that lacks them.
            unsafe { $name::<Relaxed, { Relaxed::ROWS }, { Relaxed::WIDTH }>($($argument),*) }
        }
        // SAFETY: kernels need their instructions alone, since they take slices; of those see above. What `Portable`
        // needs is what the crate is compiled for.
        unsafe {
            match $isa {
                Isa::Portable => $name::<Portable, { Portable::ROWS }, { Portable::WIDTH }>($($argument),*),
                #[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
                Isa::Relaxed => relaxed($($argument),*),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => avx2($($argument),*),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 => avx512($($argument),*),
                #[cfg(target_arch = "aarch64")]
                Isa::Neon => neon($($argument),*),
            }
        }
    }};
}
pub(crate) use with_isa;

/// Kernels as functions of their own, for one instruction set with the features that it needs: those of [`Lanes`] from
/// [`Lanes::PANEL`] on, whose panels have so many rows and vectors at a time.
macro_rules! apart {
    ($rows:literal, $vectors:literal $(, $feature:literal)?) => {
        const PANEL: usize = $vectors;

        #[inline(never)]
        $(#[target_feature(enable = $feature)])?
        unsafe fn run<K: $crate::lanes::Kernel<Self>>(kernel: K) {
            // SAFETY: the kernel has the same condition.
            unsafe { kernel.run() }
        }

        #[inline(never)]
        $(#[target_feature(enable = $feature)])?
        unsafe fn add_product(
            depth: usize,
            strip: *const f32,
            panel: *const f32,
            sums: *mut f32,
            stride: usize,
            is_first: bool,
        ) {
            // SAFETY: `add_product` has the same condition, and `R` and `V` are those of `Self`, which the caller
            // counted by.
            unsafe {
                use $crate::product::add_product as product;
                product::<Self, { Self::ROWS }, { Self::WIDTH / Self::N }>(
                    depth, strip, panel, sums, stride, is_first,
                )
            }
        }

        #[inline(never)]
        $(#[target_feature(enable = $feature)])?
        unsafe fn panel(vectors: usize, panel: &$crate::networks::in_place::Panel) {
            // SAFETY: `panel` has the same condition.
            unsafe { $crate::networks::in_place::panel::<Self, $rows, $vectors>(vectors, panel) }
        }

        #[inline(never)]
        $(#[target_feature(enable = $feature)])?
        unsafe fn update(
            update: $crate::update::Update,
            weights: &mut [f32],
            first: &mut [f32],
            second: &mut [f32],
            gradient: &[f32],
        ) {
            // SAFETY: `apply` has the same condition: four slices of one length, a multiple of `N`.
            unsafe { update.apply::<Self>(weights, first, second, gradient) }
        }
    };
}
pub(crate) use apart;

/// The instructions that kernels may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isa {
    /// Four lanes, multiplication and addition apart: what every target that the crate is compiled for has.
    Portable,
    /// WebAssembly's relaxed SIMD: multiplication and addition in one, where the machine has it.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
    Relaxed,
    /// x86-64 with AVX2 and FMA: eight lanes, multiplication and addition in one. Made by [`Isa::available`] alone.
    #[cfg(target_arch = "x86_64")]
    #[non_exhaustive]
    Avx2,
    /// x86-64 with AVX-512: sixteen lanes, multiplication and addition in one. Made by [`Isa::available`] alone.
    #[cfg(target_arch = "x86_64")]
    #[non_exhaustive]
    Avx512,
    /// AArch64's NEON: four lanes, multiplication and addition in one. Made by [`Isa::available`] alone.
    #[cfg(target_arch = "aarch64")]
    #[non_exhaustive]
    Neon,
}

impl Isa {
    /// The best that this machine is known to have. WebAssembly cannot ask its machine: there it is [`Isa::Portable`].
    pub fn detected() -> Self {
        Self::available().pop().unwrap_or(Isa::Portable)
    }

    /// All that this machine is known to have, the plain one first and the best last.
    pub fn available() -> Vec<Self> {
        let known = [
            (Isa::Portable, true),
            #[cfg(target_arch = "x86_64")]
            (
                Isa::Avx2,
                std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma"),
            ),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, std::arch::is_x86_feature_detected!("avx512f")),
            #[cfg(target_arch = "aarch64")]
            (Isa::Neon, std::arch::is_aarch64_feature_detected!("neon")),
        ];
        known.into_iter().filter(|(_, is_there)| *is_there).map(|(isa, _)| isa).collect()
    }

    /// Rows in a strip.
    pub(crate) fn rows(self) -> usize {
        self.tile().0
    }

    /// Columns in a panel.
    pub(crate) fn width(self) -> usize {
        self.tile().1
    }

    /// Rows and columns of a product that are worked out together.
    fn tile(self) -> (usize, usize) {
        fn of<S: Lanes>() -> (usize, usize) {
            (S::ROWS, S::WIDTH)
        }
        match self {
            Isa::Portable => of::<Portable>(),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
            Isa::Relaxed => of::<Relaxed>(),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => of::<Avx2>(),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => of::<Avx512>(),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => of::<Neon>(),
        }
    }

    /// Values in a vector.
    pub(crate) fn lanes(self) -> usize {
        match self {
            Isa::Portable => Portable::N,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
            Isa::Relaxed => Relaxed::N,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => Avx2::N,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => Avx512::N,
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => Neon::N,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "wasm32")]
            Isa::Portable => "SIMD128",
            #[cfg(not(target_arch = "wasm32"))]
            Isa::Portable => "portable SIMD",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed"))]
            Isa::Relaxed => "relaxed SIMD",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => "AVX2 and FMA",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => "AVX-512",
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => "NEON",
        }
    }
}

/// An innermost loop with what it works on; [`Lanes::run`] runs it.
pub trait Kernel<S: Lanes> {
    /// # Safety
    /// As [`Lanes`], and what the kernel asks of what it works on.
    unsafe fn run(self);
}

/// One kind of vector.
///
/// # Safety
/// Every function may only be called where the instruction set is there; `load` and `store` also need `N` values at the
/// address.
pub trait Lanes: Sized {
    /// The vector.
    type V: Copy;
    /// Its lanes.
    const N: usize;
    /// Rows of a product that are worked out together.
    const ROWS: usize;
    /// Columns of a product that are worked out together.
    const WIDTH: usize;

    /// # Safety
    /// See [`Lanes`].
    unsafe fn splat(value: f32) -> Self::V;
    /// # Safety
    /// See [`Lanes`].
    unsafe fn load(from: *const f32) -> Self::V;
    /// # Safety
    /// See [`Lanes`].
    unsafe fn store(to: *mut f32, value: Self::V);
    /// `a · b + c`, rounded once or twice.
    ///
    /// # Safety
    /// See [`Lanes`].
    unsafe fn mul_add(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// # Safety
    /// See [`Lanes`].
    unsafe fn sub(a: Self::V, b: Self::V) -> Self::V;
    /// # Safety
    /// See [`Lanes`].
    unsafe fn mul(a: Self::V, b: Self::V) -> Self::V;
    /// # Safety
    /// See [`Lanes`].
    unsafe fn div(a: Self::V, b: Self::V) -> Self::V;
    /// # Safety
    /// See [`Lanes`].
    unsafe fn sqrt(a: Self::V) -> Self::V;

    /// # Safety
    /// See [`Lanes`].
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    /// The larger of both; anything where one of them is no number.
    ///
    /// # Safety
    /// See [`Lanes`].
    unsafe fn max(a: Self::V, b: Self::V) -> Self::V;
    /// `a` where it is at most `bound` from 0, otherwise what that far from 0 is next to it; what is no number stays
    /// none.
    ///
    /// # Safety
    /// See [`Lanes`].
    unsafe fn clamp(a: Self::V, bound: f32) -> Self::V;
    /// 2ⁿ of `n + 1.5 · 2²³` with a whole `n` from −126 to 127: the last bits of that float are those of `n`, which are
    /// moved up to where a float has its exponent, and the exponent of 1 is added. Anything of what is no number.
    ///
    /// # Safety
    /// See [`Lanes`].
    unsafe fn power_of_two(shifted: Self::V) -> Self::V;

    /// Vectors of a panel of a product whose sides are read where they lie, at most.
    const PANEL: usize;

    /// A kernel with these instructions, as a function of its own: inlined among others, its sums do not all stay in
    /// registers in V8, which halves its speed.
    ///
    /// # Safety
    /// As [`Lanes`], and what the kernel asks.
    unsafe fn run<K: Kernel<Self>>(kernel: K);

    /// [`crate::networks::in_place::panel`] with these instructions, as a function of its own for the reason that
    /// [`Lanes::run`] has.
    ///
    /// # Safety
    /// As [`crate::networks::in_place::panel`].
    unsafe fn panel(vectors: usize, panel: &Panel);

    /// [`crate::product::add_product`] with these instructions, likewise.
    ///
    /// # Safety
    /// As [`crate::product::add_product`].
    unsafe fn add_product(
        depth: usize,
        strip: *const f32,
        panel: *const f32,
        sums: *mut f32,
        stride: usize,
        is_first: bool,
    );

    /// [`Update::apply`] with these instructions, as a function of its own: where it is inlined before the instructions
    /// are known to be there, every vector goes to `mul_add` through memory, at a third of the speed.
    ///
    /// # Safety
    /// As [`Update::apply`].
    unsafe fn update(
        update: Update,
        weights: &mut [f32],
        first: &mut [f32],
        second: &mut [f32],
        gradient: &[f32],
    );
}
