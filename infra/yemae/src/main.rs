//! The operator's command: tables, privileged accounts, what a cluster's timers run, and the verification of a draw.

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
    telemetry,
};
use std::{env, error::Error, process::ExitCode};

/// Prepare and operate Yemae. The environment says where its store is (`AWS_ENDPOINT_URL_DYNAMODB`, `AWS_REGION`,
/// `YEMAE_TABLE_PREFIX`). Running a command twice changes nothing.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create the missing tables.
    Tables {
        /// Print their definitions as JSON instead, without asking a store.
        #[arg(long)]
        print: bool,
    },
    /// Create an account. Its password is `YEMAE_PASSWORD`, or else a line of standard input.
    Account(account::AccountArgs),
    /// Raise the floors of the hot functions while a sale opens, and load the sale into Redis. Run it once a minute.
    OnSale(on_sale::Schedule),
    /// Call `sweep` and `relay`, which cannot be reached from outside.
    Sweep(sweep::Broom),
    /// Print the roster of a draw, which may be published.
    Roster(roster::RosterArgs),
    /// Verify from public data alone that a number was drawn as promised. Asks no store.
    VerifyDraw(Box<verify_draw::VerifyDrawArgs>),
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
            let app = App::new(&config()?)?;
            on_sale::keep(&*app.programme, &*app.locks, &schedule, app.clock.now()).await
        }
        Command::Sweep(broom) => sweep::sweep(&broom).await,
        Command::Roster(wanted) => roster::print(&store()?, &wanted).await,
        Command::VerifyDraw(claim) => verify_draw::verify(&claim).await,
    }
}

fn store() -> Result<DynamoStore, ConfigError> {
    Ok(DynamoStore::new(config()?.dynamodb))
}

/// The settings of a command that asks a store. What the store's adapters log goes to standard error from now on; without
/// `YEMAE_LOG` only what goes wrong, since a timer mails what a command says.
fn config() -> Result<Config, ConfigError> {
    let config = Config::from_env()?;
    let is_asked = env::var_os("YEMAE_LOG").is_some_and(|filter| !filter.is_empty());
    telemetry::init_on_stderr(if is_asked { &config.log } else { "warn" })?;
    Ok(config)
}

/// An error and its causes on one line: the operator reads them here instead of in a log.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
