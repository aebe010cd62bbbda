//! `make drill`: holds the recovery exercise on this machine. `drill --list` names the faults, `drill NAME…` chooses some,
//! `--report FILE` also writes the table to a file, `--factor N` says what the durations of the alerts are divided by.

use drill::{DrillResult, Plan, PlannedFault};
use shared::error::chain;
use std::{env, fs, path::PathBuf, process::ExitCode, time::Duration};

/// The six hours of the longest window become 90 seconds. [`drill::rules`] keeps short ones long enough for their samples.
const FACTOR: f64 = 240.0;
const QUIET: Duration = Duration::from_secs(4);
/// Twenty buyers a minute.
const BUYER_EVERY: Duration = Duration::from_secs(3);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let held = tokio::select! {
        held = hold() => held,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
    };
    match held {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("drill: {}", chain(&*why));
            ExitCode::FAILURE
        }
    }
}

async fn hold() -> DrillResult<bool> {
    let mut plan = Plan { faults: Vec::new(), factor: FACTOR, quiet: QUIET, buyer_every: BUYER_EVERY };
    let mut file: Option<PathBuf> = None;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--list" => {
                for fault in PlannedFault::ALL {
                    println!("{:18} {}", fault.name(), fault.what());
                }
                return Ok(true);
            }
            "--report" => file = Some(arguments.next().ok_or("--report needs a file")?.into()),
            "--factor" => plan.factor = arguments.next().ok_or("--factor needs a number")?.parse()?,
            name => {
                let unknown = || format!("{name} is no fault: `drill --list` names them");
                plan.faults.push(PlannedFault::named(name).ok_or_else(unknown)?);
            }
        }
    }
    if plan.faults.is_empty() {
        plan.faults = PlannedFault::ALL.to_vec();
    }
    let report = drill::run(&plan).await?;
    let text = report.markdown();
    println!("{text}");
    if let Some(file) = file {
        fs::write(file, &text)?;
    }
    Ok(report.is_clean())
}
