//! `bench <folder of the programs>`: `make bench`.

use std::{env, process::ExitCode};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(programs) = env::args_os().nth(1) else {
        eprintln!("bench: name the folder of the programs, or run `make bench`");
        return ExitCode::FAILURE;
    };
    match bench::bench(programs.into()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}
