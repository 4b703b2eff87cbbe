//! A module whose functions were put in another order does what it did.

use order_functions::ordered;
use wasmparser::{ElementItems, ExternalKind, Operator, Parser, Payload};

/// Each function returns, or calls the one that returns, a number of its own.
const MODULE: &str = r#"(module
    (import "page" "now" (func $now (result i32)))
    (table 3 funcref)
    (func $zip<>::h00000000000000aa (export "larger") (result i32) i32.const 1 i32.const 1 i32.add)
    (func $main (export "main") (result i32) call $zip<>::h00000000000000bb drop call $now)
    (func $zip<>::h00000000000000bb (export "smaller") (result i32) i32.const 3)
    (func $add (export "add") (param i32) (result i32) i32.const 4)
    (elem (i32.const 0) func $zip<>::h00000000000000aa $add $now))"#;

/// What is seen of a module: the bodies in their order, what is exported and what is in the table.
#[derive(Default)]
struct Seen {
    bodies: Vec<Vec<String>>,
    exports: Vec<(String, u32)>,
    table: Vec<u32>,
    custom: usize,
    start: Option<u32>,
}

impl Seen {
    fn of(module: &[u8]) -> Self {
        let mut seen = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::CodeSectionEntry(body) => {
                    let operators = body.get_operators_reader().unwrap().into_iter();
                    seen.bodies.push(operators.map(|operator| format!("{:?}", operator.unwrap())).collect());
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.unwrap();
                        assert_eq!(export.kind, ExternalKind::Func);
                        seen.exports.push((export.name.to_owned(), export.index));
                    }
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let ElementItems::Functions(items) = element.unwrap().items else {
                            panic!("functions")
                        };
                        seen.table.extend(items.into_iter().map(Result::unwrap));
                    }
                }
                Payload::StartSection { func, .. } => seen.start = Some(func),
                Payload::CustomSection(_) => seen.custom += 1,
                _ => {}
            }
        }
        seen
    }

    /// The body of an exported function.
    fn exported(&self, name: &str) -> &[String] {
        let (_, index) = self.exports.iter().find(|(export, _)| export == name).unwrap();
        &self.bodies[*index as usize - 1]
    }
}

#[test]
fn instances_come_together_and_whoever_names_one_still_does() {
    let module = wat::parse_str(MODULE).unwrap();
    let written = ordered(&module).unwrap();
    wasmparser::validate(&written).unwrap();
    let (before, after) = (Seen::of(&module), Seen::of(&written));
    let order = ["add", "main", "smaller", "larger"].map(|name| before.exported(name)[0].clone());
    assert_eq!(after.bodies.iter().map(|body| body[0].clone()).skip(2).collect::<Vec<_>>(), order[2..]);
    for name in ["add", "smaller", "larger"] {
        assert_eq!(after.exported(name), before.exported(name), "{name}");
    }
    // main calls `smaller`, the third of its own functions now, and the import.
    assert_eq!(after.exported("main")[0], format!("{:?}", Operator::Call { function_index: 3 }));
    assert_eq!(after.exported("main")[2], format!("{:?}", Operator::Call { function_index: 0 }));
    let of = |name: &str| after.exports.iter().find(|(export, _)| export == name).unwrap().1;
    assert_eq!(after.table, [of("larger"), of("add"), 0]);
    assert_eq!((before.custom, after.custom), (1, 0));
}

#[test]
fn a_method_of_one_trait_comes_together_whatever_type_it_is_of() {
    let method = |of: &str, number: u32| {
        format!(r#"(func $"<{of}::h00000000000000{number}" (result i32) i32.const {number})"#)
    };
    let functions =
        [("ir::Add as Op>::verify", 11), ("ir::Add as Op>::print", 22), ("ir::Mul as Op>::verify", 33)];
    let module =
        wat::parse_str(format!("(module {})", functions.map(|(of, number)| method(of, number)).concat()));
    let bodies = Seen::of(&ordered(&module.unwrap()).unwrap()).bodies;
    let numbers = bodies.into_iter().map(|mut body| body.remove(0));
    let expected = [22, 11, 33].map(|value| format!("{:?}", Operator::I32Const { value }));
    assert_eq!(numbers.collect::<Vec<_>>(), expected);
}

#[test]
fn a_module_begins_with_its_constructors_where_it_exports_them() {
    let constructors = r#"(func (export "__wasm_call_ctors") i32.const 7 drop))"#;
    let module =
        wat::parse_str(MODULE.trim_end().trim_end_matches(')').to_owned() + ")" + constructors).unwrap();
    let written = ordered(&module).unwrap();
    wasmparser::validate(&written).unwrap();
    let (before, after) = (Seen::of(&module), Seen::of(&written));
    assert_eq!(after.exports.len(), before.exports.len() - 1);
    let begins = &after.bodies[after.start.unwrap() as usize - 1];
    assert_eq!(begins, before.exported("__wasm_call_ctors"));
    assert_eq!(Seen::of(&ordered(&wat::parse_str(MODULE).unwrap()).unwrap()).start, None);
}

#[test]
fn what_is_no_module_is_refused() {
    assert!(ordered(b"<!doctype html>").is_err());
}
