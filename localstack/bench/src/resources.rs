//! What a booking costs: every store call and byte of each step of a buyer's journey, what each process spends on it, and
//! what each takes.

mod buyer;
mod dynamodb;
mod footprint;
mod house;
mod line;
mod overdue;
mod report;
mod traffic;

pub use buyer::{Buyer, JourneyStep, STEPS};
pub use house::{CountedHouse, Usage};
pub use traffic::StoreTraffic;

use crate::{Result, machine};
use buyer::ask_once;
use report::{FunctionsReport, StepReport};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tokio::time::sleep;

/// How many buyers follow the first. They come in groups, which take each step together, one after another: so every step
/// is measured many times in a row, and no group stays inside longer than buyers may.
const GROUPS: u32 = 10;
const GROUP: u32 = 20;
/// What each of them has told: the booking is reserved, confirmed and cancelled.
const EVENTS: u32 = 3;
/// How many reservations run out unpaid.
const OVERDUE: u32 = 20;
/// Longer than `relay` watches the outbox after it was woken.
const WATCHED: Duration = Duration::from_secs(15);

/// Measures the programs in a folder and prints the tables.
///
/// # Errors
/// A program or a store failed.
pub async fn measure(programs: &Path) -> Result<()> {
    let house = CountedHouse::of_programs(programs).await?;
    println!("{}\n", machine::describe()?);

    let mut told = ToldEvents::default();
    println!("{}", journeys(&house, &mut told, "The first buyer", 0, (1, 1)).await?);
    println!("{}", journeys(&house, &mut told, "Each of the next 200 buyers", 1, (GROUPS, GROUP)).await?);
    eprintln!("resources: what follows a booking");
    println!("{}", afterwards(&house, told).await?);
    println!("{}", FunctionsReport::of(&house)?);
    Ok(())
}

/// Takes groups of buyers, the first of whom has this number, through all steps. After each group `relay` tells what they
/// did.
async fn journeys(
    house: &CountedHouse,
    told: &mut ToldEvents,
    title: &'static str,
    first: u32,
    (groups, group): (u32, u32),
) -> Result<StepReport> {
    let mut spent = vec![Usage::default(); STEPS.len()];
    for done in 0..groups {
        eprintln!("resources: {} of {} buyers", done * group, groups * group);
        let mut buyers = Buyer::some(first + done * group, group);
        for (step, sum) in STEPS.iter().zip(&mut spent) {
            step.take_all(house, &mut buyers).await?.iter().for_each(|usage| sum.add(usage));
        }
        told.tell(house, group * EVENTS).await?;
    }
    let mut report = StepReport::new(title);
    for (step, sum) in STEPS.iter().zip(spent) {
        report.row(step.name, step.function, &sum, groups * group);
    }
    Ok(report.with_sum())
}

/// Events that `relay` has delivered, and what it spent on them.
#[derive(Default)]
struct ToldEvents {
    spent: Usage,
    events: u32,
}

impl ToldEvents {
    /// Has `relay` deliver so many events. It counts none of those of a pass that it cut short, so its answers only say when
    /// it is done.
    async fn tell(&mut self, house: &CountedHouse, events: u32) -> Result<()> {
        loop {
            let (spent, answer) = timer_calls(house, "relay").await?;
            self.spent.add(&spent);
            if answer.get("waiting").and_then(Value::as_u64) == Some(0) {
                self.events += events;
                return Ok(());
            }
        }
    }
}

/// What `relay` and `sweep` do for bookings, and while there is nothing to do.
async fn afterwards(house: &CountedHouse, told: ToldEvents) -> Result<StepReport> {
    let mut report = StepReport::new("Behind the requests");
    report.row("an event", "relay", &told.spent, told.events);
    let (spent, _) = timer_calls(house, "relay").await?;
    report.row("nothing waits", "relay", &spent, 1);
    // Woken for the first time it watches all shards of the outbox, and then those that it is told of.
    report.row("woken first", "relay", &woken(house).await?, 1);
    report.row("woken again", "relay", &woken(house).await?, 1);

    overdue::reserve(house, OVERDUE).await?;
    let (spent, answer) = timer_calls(house, "sweep").await?;
    report.row("a reservation runs out", "sweep", &spent, count(&answer, "expired")?);
    let (spent, _) = timer_calls(house, "sweep").await?;
    report.row("nothing is due", "sweep", &spent, 1);
    Ok(report)
}

/// What a function spends on one call of the timer, and what it answers.
///
/// # Errors
/// It did not answer 200.
pub async fn timer_calls(house: &CountedHouse, function: &str) -> Result<(Usage, Value)> {
    let before = house.usage(function)?;
    let answer = ask_once(house, function, ("POST /", None), 200).await?.body;
    Ok((house.usage(function)?.since(&before), answer))
}

/// What `relay` spends on watching after it was woken for a shard in which nothing is written.
async fn woken(house: &CountedHouse) -> Result<Usage> {
    let before = house.usage("relay")?;
    ask_once(house, "relay", ("POST /pokes", Some(json!({ "shards": [0] }))), 202).await?;
    sleep(WATCHED).await;
    Ok(house.usage("relay")?.since(&before))
}

fn count(answer: &Value, field: &str) -> Result<u32> {
    let count = answer.get(field).and_then(Value::as_u64).filter(|count| *count > 0);
    Ok(u32::try_from(count.ok_or_else(|| format!("no {field} in {answer}"))?)?)
}
