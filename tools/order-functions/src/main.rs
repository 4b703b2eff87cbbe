//! `order-functions FROM TO`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = &arguments[..] else {
        eprintln!("usage: order-functions FROM TO, both .wasm");
        return ExitCode::from(2);
    };
    let written = std::fs::read(from)
        .map_err(|error| format!("{from}: {error}"))
        .and_then(|module| order_functions::ordered(&module).map_err(|error| format!("{from}: {error}")))
        .and_then(|module| std::fs::write(to, module).map_err(|error| format!("{to}: {error}")));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
