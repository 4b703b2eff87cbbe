//! Vectors of `f32`, one kind for each instruction set.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod relaxed;

#[cfg(target_arch = "x86_64")]
pub use avx2::Avx2;
pub use portable::Portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
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
            // SAFETY: this is called for `Isa::Avx2` alone, and `Isa::detected`, which asks the machine, alone makes
            // that.
            unsafe { $name::<Avx2, { Avx2::ROWS }, { Avx2::WIDTH }>($($argument),*) }
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
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
                #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
                Isa::Relaxed => relaxed($($argument),*),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => avx2($($argument),*),
            }
        }
    }};
}
pub(crate) use with_isa;

/// [`Lanes::PANEL`] and [`Lanes::panel`] for one instruction set: so many rows by so many vectors at a time, with the
/// features that they need.
macro_rules! panel {
    ($rows:literal, $vectors:literal $(, $feature:literal)?) => {
        const PANEL: usize = $vectors;

        #[inline(never)]
        $(#[target_feature(enable = $feature)])?
        unsafe fn panel(vectors: usize, panel: &$crate::networks::in_place::Panel) {
            // SAFETY: `panel` has the same condition.
            unsafe { $crate::networks::in_place::panel::<Self, $rows, $vectors>(vectors, panel) }
        }
    };
}
pub(crate) use panel;

/// The instructions that kernels may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isa {
    /// Four lanes, multiplication and addition apart: what every target that the crate is compiled for has.
    Portable,
    /// WebAssembly's relaxed SIMD: multiplication and addition in one, where the machine has it.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Relaxed,
    /// x86-64 with AVX2 and FMA: eight lanes, multiplication and addition in one. Made by [`Isa::detected`] alone.
    #[cfg(target_arch = "x86_64")]
    #[non_exhaustive]
    Avx2,
}

impl Isa {
    /// The best that this machine is known to have. WebAssembly cannot ask its machine: there it is [`Isa::Portable`].
    pub fn detected() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
            return Isa::Avx2;
        }
        Isa::Portable
    }

    /// All that can run here; the plain one first.
    pub fn available() -> Vec<Self> {
        match Self::detected() {
            Isa::Portable => vec![Isa::Portable],
            #[allow(unreachable_patterns, reason = "there may be no other on this target")]
            best => vec![Isa::Portable, best],
        }
    }

    /// Columns in a panel.
    pub(crate) fn width(self) -> usize {
        match self {
            Isa::Portable => Portable::WIDTH,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Isa::Relaxed => Relaxed::WIDTH,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => Avx2::WIDTH,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "wasm32")]
            Isa::Portable => "SIMD128",
            #[cfg(not(target_arch = "wasm32"))]
            Isa::Portable => "portable SIMD",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Isa::Relaxed => "relaxed SIMD",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => "AVX2 and FMA",
        }
    }
}

/// One kind of vector.
///
/// # Safety
/// Every function may only be called where the instruction set is there; `load` and `store` also need `N` values at the
/// address.
pub trait Lanes {
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
    /// [`crate::networks::in_place::panel`] with these instructions, as a function of its own for the reason that
    /// [`Lanes::add_product`] has.
    ///
    /// # Safety
    /// As [`crate::networks::in_place::panel`].
    unsafe fn panel(vectors: usize, panel: &Panel);

    /// [`crate::product::add_product`] with these instructions, as a function of its own: inlined among others, its
    /// sums do not all stay in registers in V8, which halves its speed.
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
