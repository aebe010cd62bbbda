//! `yemae sweep`: calls `sweep` and `relay`, which cannot be reached from outside. A timer of the cluster runs it.

use clap::Args;
use futures_util::future::join_all;
use jiff::SignedDuration;
use reqwest::Client;
use std::{error::Error, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// A sweep that starts from zero and finds much to do takes less.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// What to call, and how often.
#[derive(Args)]
pub(crate) struct Broom {
    /// The address of one of them: `http://sweep.yemae.svc.cluster.local`. May be given more than once.
    #[arg(long = "url", required = true)]
    urls: Vec<String>,
    /// Repeat at this interval, such as `10s`, until told to stop. Without it, call once.
    #[arg(long)]
    every: Option<SignedDuration>,
}

/// Calls them once, or until told to stop. In the second case a failed call is reported and the next one tries again.
pub(crate) async fn sweep(broom: &Broom) -> Result<(), Box<dyn Error>> {
    let client = Client::builder().timeout(ANSWER_WITHIN).no_proxy().build()?;
    let Some(every) = broom.every else { return once(&client, &broom.urls).await };
    let mut terminate = signal(SignalKind::terminate())?;
    let mut ticks = tokio::time::interval(Duration::try_from(every)?.max(Duration::from_secs(1)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = terminate.recv() => return Ok(()),
            _ = ticks.tick() => {}
        }
        if let Err(error) = once(&client, &broom.urls).await {
            eprintln!("yemae: {}", super::chain(&*error));
        }
    }
}

/// Calls all at once: none waits for another, and none is skipped because another fails.
async fn once(client: &Client, urls: &[String]) -> Result<(), Box<dyn Error>> {
    let outcomes = join_all(urls.iter().map(|url| call(client, url))).await;
    outcomes.into_iter().collect()
}

async fn call(client: &Client, url: &str) -> Result<(), Box<dyn Error>> {
    let answer = client.post(url).send().await?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(format!("{url} answered {}: {}", answer.status(), answer.text().await?).into())
}
