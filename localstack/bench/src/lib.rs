//! `make bench`: what a hold, a stream, a crowd and a start cost, measured side by side in one run against real stores on
//! this machine. Tables go to standard output as Markdown, progress to standard error.

mod crowd;
mod holds;
mod load;
mod machine;
mod server;
mod stage;
mod starts;
mod streams;
mod table;

use stage::Stage;
use std::{env, error::Error, process::ExitCode};

/// A measurement that fails says why in one line.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let programs = env::args_os().nth(1).ok_or("name the folder of the programs, or run `make bench`")?;
    let mut stage = Stage::set(programs.into()).await?;
    println!("{}\n", machine::describe()?);
    println!("{}", holds::measure(&mut stage).await?);
    println!("{}", streams::measure(&mut stage).await?);
    for table in crowd::measure(&mut stage).await? {
        println!("{table}");
    }
    println!("{}", starts::measure(&stage)?);
    Ok(())
}
