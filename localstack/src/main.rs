//! `yemae-local`, the runner behind `make run`: every function in one process on `127.0.0.1:$PORT`, with its stores, a
//! stand-in for the payment provider, and demo shows. Ctrl-C stops all of it.

mod data;
mod guide;
mod keys;
mod relay;
mod settings;
mod signals;
mod state;
mod timer;
mod yemae;

use shared::error::chain;
use signals::Stop;
use std::process::ExitCode;
use yemae::Yemae;

/// Why it does not run, in one line for people.
type RunError = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("yemae-local: {}", chain(&*why));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), RunError> {
    let mut stop = Stop::listen()?;
    let yemae = tokio::select! {
        started = Yemae::start() => started?,
        () = stop.asked() => return Ok(()),
    };
    print!("{}", yemae.guide());
    yemae.serve(stop.asked()).await;
    Ok(())
}
