//! The command line; everything it does is in [`distillery::cli`].

fn main() -> std::process::ExitCode {
    distillery::cli::main()
}
