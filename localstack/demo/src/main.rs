//! `yemae-demo`: creates missing tables, adds the demo to the books that the settings name, and exits. It waits a minute
//! for a store that is still starting. Running it twice changes nothing. `yemae-demo --houses DIR` writes the demo's houses
//! as JSON files instead, and needs no store.

use demo::{BUYER, ORGANIZER, PASSWORD, houses};
use shared::{adapters::dynamodb::DynamoStore, app::App, config::Config, error::chain};
use std::{env, ffi::OsString, path::Path, process::ExitCode, time::Duration};
use tokio::time::{Instant, sleep};

/// A store that was started together with this may be starting for the first time.
const STORE_WITHIN: Duration = Duration::from_mins(1);
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("yemae-demo: {}", chain(&*why));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<String, demo::DemoError> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [] => seed().await,
        [option, folder] if option == "--houses" => {
            houses::write_all(Path::new(folder))?;
            Ok(format!("{} has the houses", folder.display()))
        }
        _ => Err("it takes no argument, or --houses and a folder".into()),
    }
}

async fn seed() -> Result<String, demo::DemoError> {
    let config = Config::from_env()?;
    make_tables(&DynamoStore::new(config.dynamodb.clone())).await?;
    demo::seed(&App::new(&config)?).await?;
    Ok(format!("{BUYER} buys and {ORGANIZER} manages shows, each with the password {PASSWORD}"))
}

async fn make_tables(books: &DynamoStore) -> Result<(), demo::DemoError> {
    let deadline = Instant::now() + STORE_WITHIN;
    loop {
        match books.create_tables().await {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > deadline => return Err(error.into()),
            Err(error) => eprintln!("yemae-demo: waiting for the books: {}", chain(&error)),
        }
        sleep(LOOK_AGAIN_AFTER).await;
    }
}
