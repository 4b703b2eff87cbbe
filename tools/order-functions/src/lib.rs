//! Puts the functions of a WebAssembly module in an order in which it compresses better.
//!
//! gzip finds what it has seen within the last 32 kB alone. A generic function that was compiled for forty types is
//! forty functions that are almost the same, and so are a trait's methods that a macro wrote for a hundred types; the
//! linker leaves them far apart. Side by side, each is little more than a reference to the one before. Nothing else
//! changes: every function keeps its body, and whoever names it by its number is told the new one.
//!
//! A module also begins with its constructors here, where it exports them. In burn's crates for a GPU there are thousands
//! of them. Unless somebody else does, the linker calls all of them at each call of each exported function, since nobody
//! else may (<https://docs.rs/inventory/0.3.25/inventory/#webassembly-and-constructors>): half of a training step.

use std::cmp::Ordering;
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, ExportSection, FunctionSection, Module, SectionId, StartSection};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, Export, FunctionBody, FunctionSectionReader, KnownCustom, Name,
    Parser, Payload, TypeRef,
};

/// By this name the linker exports what calls all constructors, once it is asked to.
const CONSTRUCTORS: &str = "__wasm_call_ctors";

/// What is wrong with a module.
pub type Error = reencode::Error<Infallible>;

/// The same module with the instances of each generic function, and of each method of a trait, side by side, smaller
/// before larger, and without its names; its constructors run when it is instantiated, where it exports them.
///
/// # Errors
/// When the bytes are no module.
pub fn ordered(module: &[u8]) -> Result<Vec<u8>, Error> {
    let read = Read::of(module)?;
    let mut order: Vec<usize> = (0..read.bodies.len()).collect();
    order.sort_by(|&a, &b| read.compare(a, b));
    let mut places = vec![0; order.len()];
    for (place, &function) in order.iter().enumerate() {
        places[function] = place as u32;
    }
    let mut out = Module::new();
    let mut reorder = Reorder { imported: read.imported, order, places, constructors: None };
    reorder.parse_core_module(&mut out, Parser::new(0), module)?;
    Ok(out.finish())
}

/// What the order is found by.
struct Read<'a> {
    /// Functions of other modules, which come before its own and stay where they are.
    imported: u32,
    bodies: Vec<&'a [u8]>,
    /// Of each function, without the hash that tells the instances of a generic function apart, and the type that a
    /// trait is implemented for.
    names: Vec<&'a str>,
}

impl<'a> Read<'a> {
    fn of(module: &'a [u8]) -> Result<Self, Error> {
        let (mut imported, mut bodies, mut named) = (0, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(subsections) = section.as_known() {
                        for subsection in subsections {
                            if let Name::Function(map) = subsection? {
                                named = map.into_iter().collect::<Result<Vec<_>, _>>()?;
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        let mut names = vec![""; bodies.len()];
        for naming in named {
            let own = naming.index.checked_sub(imported).and_then(|index| names.get_mut(index as usize));
            if let Some(name) = own {
                *name = of_all_types(without_hash(naming.name));
            }
        }
        Ok(Self { imported, bodies, names })
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let key = |function: usize| {
            let body = self.bodies[function];
            (self.names[function], body.len(), body, function)
        };
        key(a).cmp(&key(b))
    }
}

/// A demangled name without the `::h` and sixteen hexadecimal digits that rustc ends it with.
fn without_hash(name: &str) -> &str {
    match name.rsplit_once("::h") {
        Some((path, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => path,
        _ => name,
    }
}

/// Of `<Type as Trait>::method` what the methods of all types have in common, `Trait>::method`.
fn of_all_types(name: &str) -> &str {
    name.split_once(" as ").map_or(name, |(_, method)| method)
}

/// Writes a module with its functions in another order.
struct Reorder {
    imported: u32,
    /// Its own functions, by their numbers of before.
    order: Vec<usize>,
    /// Where each of them went.
    places: Vec<u32>,
    /// What calls the constructors, by its new number.
    constructors: Option<u32>,
}

impl Reencode for Reorder {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let own = function.checked_sub(self.imported);
        Ok(own.map_or(function, |own| self.imported + self.places[own as usize]))
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error> {
        if export.name == CONSTRUCTORS {
            self.constructors = Some(self.function_index(export.index)?);
            return Ok(());
        }
        reencode::utils::parse_export(self, exports, export)
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        after: Option<SectionId>,
        _: Option<SectionId>,
    ) -> Result<(), Error> {
        if after == Some(SectionId::Export)
            && let Some(function_index) = self.constructors
        {
            module.section(&StartSection { function_index });
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        match section.as_known() {
            KnownCustom::Name(_) => Ok(()),
            _ => reencode::utils::parse_custom_section(self, module, section),
        }
    }
}
