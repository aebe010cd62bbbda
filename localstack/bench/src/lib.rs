//! What Yemae costs, measured in one run against real stores on this machine: [`bench`] (`make bench`) measures a hold, a
//! stream, a crowd and a start side by side, and [`resources`] (`make resources`) each step of a booking and each function.
//! Tables go to standard output as Markdown, progress to standard error.

mod crowd;
mod entries;
mod holds;
mod load;
mod machine;
pub mod resources;
mod server;
mod stage;
mod starts;
mod streams;
mod table;

use stage::Stage;
use std::{error::Error, path::PathBuf};

/// A measurement that fails says why in one line.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Measures the programs in a folder and prints the tables.
///
/// # Errors
/// A program or a store failed.
pub async fn bench(programs: PathBuf) -> Result<()> {
    let mut stage = Stage::set(programs).await?;
    println!("{}\n", machine::describe()?);
    println!("{}", holds::measure(&mut stage).await?);
    println!("{}", entries::measure(&mut stage).await?);
    println!("{}", streams::measure(&mut stage).await?);
    for table in crowd::measure(&mut stage).await? {
        println!("{table}");
    }
    println!("{}", starts::measure(&stage)?);
    Ok(())
}
