//! The operator's command: tables, accounts that nobody can sign up for, what timers of a cluster run, and the proof of a
//! draw.

mod account;
mod on_sale;
mod roster;
mod sweep;
mod tables;
mod verify_draw;

use clap::{Parser, Subcommand};
use shared::{
    adapters::dynamodb::DynamoStore,
    app::App,
    config::{Config, ConfigError},
};
use std::{error::Error, process::ExitCode};

/// Prepare a store for Yemae. Where the store is, the environment says (`AWS_ENDPOINT_URL_DYNAMODB`, `AWS_REGION`,
/// `YEMAE_TABLE_PREFIX`). Doing anything twice changes nothing.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the tables that are missing.
    Tables {
        /// Print what they are as JSON instead, and ask no store.
        #[arg(long)]
        print: bool,
    },
    /// Make an account. Its password is `YEMAE_PASSWORD`, or else a line of standard input.
    Account(account::Wanted),
    /// Raise the floors of the hot functions while a sale opens, and see that Redis knows it; called once a minute.
    OnSale(on_sale::Schedule),
    /// Call `sweep` and `relay`, which cannot be reached from outside.
    Sweep(sweep::Broom),
    /// Print the roster of a draw, which may be published.
    Roster(roster::Wanted),
    /// Check from public data alone that a number was drawn as was promised; asks no store.
    VerifyDraw(Box<verify_draw::Claim>),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yemae: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Tables { print: true } => tables::print(),
        Command::Tables { print: false } => tables::create(&store()?).await,
        Command::Account(wanted) => account::create(&store()?, &wanted).await,
        Command::OnSale(schedule) => {
            let app = App::new(&Config::from_env()?)?;
            on_sale::keep(&*app.programme, &*app.locks, &schedule, app.clock.now()).await
        }
        Command::Sweep(broom) => sweep::sweep(&broom).await,
        Command::Roster(wanted) => roster::print(&store()?, &wanted).await,
        Command::VerifyDraw(claim) => verify_draw::verify(&claim).await,
    }
}

fn store() -> Result<DynamoStore, ConfigError> {
    Ok(DynamoStore::new(Config::from_env()?.dynamodb))
}

/// An error and its causes on one line: here the operator is the log.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
