//! `journey http://host:port`: takes the journey through a running Yemae and exits with success if it got through. The
//! organizer is the demo's, or the one that `YEMAE_ORGANIZER` and `YEMAE_PASSWORD` name.

use journey::RunningYemae;
use shared::{adapters::system::RandomIds, ports::Ids as _};
use std::{env, process::ExitCode};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(base) = env::args().nth(1) else {
        eprintln!("journey: say where Yemae answers: journey http://127.0.0.1:8080");
        return ExitCode::FAILURE;
    };
    let given = |variable: &str, demo: &str| env::var(variable).unwrap_or_else(|_| demo.to_owned());
    let house = RunningYemae {
        base,
        organizer_email: given("YEMAE_ORGANIZER", demo::ORGANIZER),
        organizer_password: given("YEMAE_PASSWORD", demo::PASSWORD),
    };
    journey::take(&house, RandomIds::default().uuid()).await;
    println!("the journey is complete: a seat was sold and given back");
    ExitCode::SUCCESS
}
