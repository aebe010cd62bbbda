//! Writes every generated file of the fronts below the folder that it is run in, which is the checkout.

use std::{fs, process::ExitCode};

fn main() -> ExitCode {
    for (path, text) in render::files() {
        if let Err(error) = fs::write(path, text) {
            eprintln!("render: {path}: {error}");
            return ExitCode::FAILURE;
        }
        println!("{path}");
    }
    ExitCode::SUCCESS
}
