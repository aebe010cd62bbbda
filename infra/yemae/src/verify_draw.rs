//! `yemae verify-draw`: proves from public data alone that a number was not tampered with. It asks no store and needs no
//! permission, so everyone can run it.

mod checks;

use crate::roster;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use checks::{Evidence, Finding, Published};
use clap::Args;
use domain::{PerformanceId, UserId, draw::Digest};
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use std::{error::Error, fs, path::PathBuf, time::Duration};

/// A function that starts from zero answers within this time.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What is known of the draw and of one's own number.
#[derive(Args)]
pub(crate) struct VerifyDrawArgs {
    /// The address of Yemae, to read what it publishes about the draw.
    #[arg(long, required_unless_present = "draw", conflicts_with = "draw")]
    url: Option<String>,
    /// A file with what was published instead: the answer of `GET /v1/queues/{performance_id}`, or its member `draw`.
    #[arg(long)]
    draw: Option<PathBuf>,
    /// The performance's id; by default that of the ticket.
    #[arg(long)]
    performance: Option<PerformanceId>,
    /// One's own Queue-Ticket from the gathering, which names the account and the entry.
    #[arg(long)]
    ticket: Option<String>,
    /// The entry; by default that of the ticket.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    entry: Option<u64>,
    /// The number; by default that of the ticket.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    number: Option<u64>,
    /// The commitment as noted before people gathered.
    #[arg(long, value_parser = digest)]
    commitment: Option<Digest>,
    /// A file with the roster, as `yemae roster` prints it.
    #[arg(long)]
    roster: Option<PathBuf>,
    /// The `user_id` of the account that owns the entry; by default that of the ticket.
    #[arg(long)]
    user: Option<UserId>,
}

/// The content of a ticket. Its signature is not checked, since it is the user's own.
#[derive(Deserialize)]
struct TicketClaims {
    sub: UserId,
    performance: PerformanceId,
    #[serde(default)]
    entry: Option<u64>,
    #[serde(default)]
    number: Option<u64>,
}

/// Prints the finding of each check on a line. Returns an error if any is wrong.
pub(crate) async fn verify(claim: &VerifyDrawArgs) -> Result<(), Box<dyn Error>> {
    let findings = gather(claim).await?.check();
    for finding in &findings {
        println!("{finding}");
    }
    let wrong = findings.iter().filter(|finding| matches!(finding, Finding::Wrong(_))).count();
    if wrong > 0 { Err(format!("{wrong} of {} lines say WRONG", findings.len()).into()) } else { Ok(()) }
}

async fn gather(claim: &VerifyDrawArgs) -> Result<Evidence, Box<dyn Error>> {
    let ticket = claim.ticket.as_deref().map(read_ticket).transpose()?;
    let performance = agreed("performance", claim.performance, ticket.as_ref().map(|it| it.performance))?;
    let roster = match &claim.roster {
        Some(file) => Some(roster::parse(&read(file)?).map_err(|error| named(file, &error))?),
        None => None,
    };
    Ok(Evidence {
        published: published(claim, performance).await?,
        noted: claim.commitment,
        roster,
        performance,
        user: agreed("user", claim.user, ticket.as_ref().map(|it| it.sub))?,
        entry: agreed("entry", claim.entry, ticket.as_ref().and_then(|it| it.entry))?,
        number: agreed("number", claim.number, ticket.as_ref().and_then(|it| it.number))?,
    })
}

/// The value from the arguments or the ticket, which must not differ.
fn agreed<T: PartialEq>(what: &str, said: Option<T>, in_ticket: Option<T>) -> Result<Option<T>, String> {
    match (&said, &in_ticket) {
        (Some(said), Some(in_ticket)) if said != in_ticket => Err(format!("the ticket has another {what}")),
        _ => Ok(said.or(in_ticket)),
    }
}

async fn published(
    claim: &VerifyDrawArgs,
    performance: Option<PerformanceId>,
) -> Result<Published, Box<dyn Error>> {
    let answer = match (&claim.draw, &claim.url) {
        (Some(file), _) => serde_json::from_str(&read(file)?).map_err(|error| named(file, &error))?,
        (None, Some(url)) => {
            fetch(url, performance.ok_or("--performance or --ticket must say which")?).await?
        }
        (None, None) => return Err("--url or --draw must say where the draw is published".into()),
    };
    read_draw(answer)
}

async fn fetch(url: &str, performance: PerformanceId) -> Result<Value, Box<dyn Error>> {
    let client = Client::builder().timeout(ANSWER_WITHIN).build()?;
    let url = format!("{}/v1/queues/{performance}", url.trim_end_matches('/'));
    let answer = client.get(&url).send().await?;
    if !answer.status().is_success() {
        return Err(format!("{url} answered {}: {}", answer.status(), answer.text().await?).into());
    }
    Ok(answer.json().await?)
}

fn read_draw(mut answer: Value) -> Result<Published, Box<dyn Error>> {
    let draw = answer.get_mut("draw").map_or(Value::Null, Value::take);
    let draw = if draw.is_null() { answer } else { draw };
    if draw.get("commitment").is_none() {
        return Err("there is no draw for this performance".into());
    }
    serde_json::from_value(draw).map_err(|error| format!("the draw cannot be read: {error}").into())
}

fn read_ticket(ticket: &str) -> Result<TicketClaims, Box<dyn Error>> {
    let payload = ticket.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let claims = payload.and_then(|payload| serde_json::from_slice(&payload).ok());
    claims.ok_or_else(|| "the ticket is not a Queue-Ticket".into())
}

fn read(file: &PathBuf) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| named(file, &error))
}

fn named(file: &std::path::Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", file.display())
}

fn digest(digits: &str) -> Result<Digest, &'static str> {
    Digest::parse(digits).ok_or("must be 64 hexadecimal digits")
}
