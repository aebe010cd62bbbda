//! `resources <folder of the programs>`: `make resources`.

use std::{env, process::ExitCode};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(programs) = env::args_os().nth(1) else {
        eprintln!("resources: name the folder of the programs, or run `make resources`");
        return ExitCode::FAILURE;
    };
    match Box::pin(bench::resources::measure(programs.as_ref())).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("resources: {why}");
            ExitCode::FAILURE
        }
    }
}
