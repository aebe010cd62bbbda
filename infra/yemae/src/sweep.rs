//! `yemae sweep`: calls the function `sweep`, which nobody outside can reach. What a timer of the cluster runs.

use clap::Args;
use jiff::SignedDuration;
use reqwest::Client;
use std::{error::Error, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// A sweep that starts from zero and finds much to do takes less.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// Which, and how often.
#[derive(Args)]
pub(crate) struct Broom {
    /// Where `sweep` answers: `http://sweep.yemae.svc.cluster.local`.
    #[arg(long)]
    url: String,
    /// Again and again until told to stop: `10s`. Else once.
    #[arg(long)]
    every: Option<SignedDuration>,
}

/// Sweep once, or until told to stop; then a sweep that fails is said, and the next one tries again.
pub(crate) async fn sweep(broom: &Broom) -> Result<(), Box<dyn Error>> {
    let client = Client::builder().timeout(ANSWER_WITHIN).no_proxy().build()?;
    let Some(every) = broom.every else { return once(&client, &broom.url).await };
    let mut terminate = signal(SignalKind::terminate())?;
    let mut ticks = tokio::time::interval(Duration::try_from(every)?.max(Duration::from_secs(1)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = terminate.recv() => return Ok(()),
            _ = ticks.tick() => {}
        }
        if let Err(error) = once(&client, &broom.url).await {
            eprintln!("yemae: {}", super::chain(&*error));
        }
    }
}

async fn once(client: &Client, url: &str) -> Result<(), Box<dyn Error>> {
    let answer = client.post(url).send().await?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(format!("sweep answered {}: {}", answer.status(), answer.text().await?).into())
}
