//! The command `simulate`: tells random stories until there are enough events, then how full the room is.

use simulator::{Failure, Figures, Flaw, Shape, fill, naive, tell, tell_of};
use std::{
    collections::BTreeMap,
    process::ExitCode,
    time::{Duration, Instant},
};

const HELP: &str = "\
Drive the waiting room's protocol through random crowds, losses and kills, and check what it promises.

Usage: simulate [--from SEED] [--events COUNT] [--no-fill]      stories from this seed on (0), until so many events (10000000)
       simulate --seed SEED [--events COUNT] [--watch ACCOUNT]  one story, or its beginning, and all about one account
       simulate --flaw NAME [--seed SEED]                       the same with a mistake built in, which must be found

If a promise is broken, its seed, the event and the last events before it are printed, and the status is 1. A mistake
that breaks none was not found, and the status is 1 as well.
Mistakes:";

/// The crowds of the documentation.
const CROWD_SEEDS: [u64; 3] = [1, 2, 3];
const CROWD: u32 = 20_000;
const CROWD_CAP: u32 = 1_000;
/// Of a million places, how many have to be in use.
const FILL_LEAST: u64 = 950_000;

#[derive(Debug)]
struct SimulateArgs {
    from: u64,
    seed: Option<u64>,
    events: Option<u64>,
    watched: Option<u32>,
    flaw: Option<Flaw>,
    with_fill: bool,
}

fn main() -> ExitCode {
    let asks_for_help = std::env::args().any(|arg| arg == "--help");
    let Some(wanted) = wanted(std::env::args().skip(1)).filter(|_| !asks_for_help) else {
        println!("{HELP} {:?}", Flaw::ALL);
        return if asks_for_help { ExitCode::SUCCESS } else { ExitCode::from(2) };
    };
    let told = match wanted.seed {
        Some(seed) => one(seed, &wanted),
        None => many(&wanted),
    };
    match told.and_then(|()| wanted.flaw.map_or(Ok(()), |flaw| Err(not_found(flaw)))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn wanted(mut args: impl Iterator<Item = String>) -> Option<SimulateArgs> {
    let mut wanted =
        SimulateArgs { from: 0, seed: None, events: None, watched: None, flaw: None, with_fill: true };
    while let Some(name) = args.next() {
        if name == "--no-fill" {
            wanted.with_fill = false;
            continue;
        }
        let value = args.next()?;
        match name.as_str() {
            "--from" => wanted.from = value.parse().ok()?,
            "--seed" => wanted.seed = Some(value.parse().ok()?),
            "--events" => wanted.events = Some(value.parse().ok()?),
            "--watch" => wanted.watched = Some(value.parse().ok()?),
            "--flaw" => wanted.flaw = Some(Flaw::named(&value)?),
            _ => return None,
        }
    }
    Some(wanted)
}

fn one(seed: u64, wanted: &SimulateArgs) -> Result<(), String> {
    let events = wanted.events.unwrap_or(u64::MAX);
    let figures = tell_of(seed, Shape::of(seed), events, wanted.flaw, wanted.watched)
        .map_err(|failure| tells(&failure))?;
    println!(
        "seed {seed}, a story of the kind {}: every promise was kept\n{figures:#?}",
        Shape::of(seed).name
    );
    Ok(())
}

fn not_found(flaw: Flaw) -> String {
    format!("NOT FOUND: the mistake {flaw:?} is built in, and every promise was kept")
}

fn tells(failure: &Failure) -> String {
    let Failure { seed, event, story, broken, trail } = failure;
    format!(
        "{trail}\nBROKEN: {}\n  {}\n  seed {seed}, event {event}, a story of the kind {story}; again: simulate --seed {seed} --events {event}",
        broken.promise, broken.what
    )
}

fn many(wanted: &SimulateArgs) -> Result<(), String> {
    let events_max = wanted.events.unwrap_or(10_000_000);
    let (mut table, mut all) = (BTreeMap::<_, (u64, Figures)>::new(), Figures::default());
    let (mut stories, begun_at, mut said_at) = (0_u64, Instant::now(), Instant::now());
    for seed in wanted.from.. {
        if all.events >= events_max {
            break;
        }
        let figures = tell(seed, u64::MAX, wanted.flaw).map_err(|failure| tells(&failure))?;
        let row = table.entry(Shape::of(seed).name).or_default();
        row.0 += 1;
        row.1.add(&figures);
        all.add(&figures);
        stories += 1;
        if said_at.elapsed() >= Duration::from_secs(1) {
            said_at = Instant::now();
            println!("{:>12} of {events_max} events, {stories} stories, {} losses", all.events, all.losses);
        }
    }
    let took_ms = begun_at.elapsed().as_millis().max(1);
    println!("{} events in {took_ms} ms: {} a second", all.events, u128::from(all.events) * 1_000 / took_ms);
    table.insert("all", (stories, all));
    println!(
        "\n{:8} {:>7} {:>12} {:>8} {:>8} {:>9} {:>12} {:>14} {:>8}",
        "stories", "", "events", "losses", "kills", "went in", "longest wait", "stood at most", "in use"
    );
    for (name, (stories, figures)) in &table {
        println!(
            "{name:8} {stories:>7} {:>12} {:>8} {:>8} {:>9} {:>10} s {:>12} s {:>8}",
            figures.events,
            figures.losses,
            figures.kills,
            figures.entries,
            figures.longest_wait_ms / 1_000,
            figures.longest_standstill_ms / 1_000,
            percent(figures.places_used * 1_000_000 / figures.places.max(1))
        );
    }
    if wanted.with_fill && wanted.flaw.is_none() { fills() } else { Ok(()) }
}

/// How full the room is, beside a naive one.
fn fills() -> Result<(), String> {
    println!(
        "\n{CROWD} people before the opening, {CROWD_CAP} places, 30 % never answer, 4 minutes inside on average, 30 % go without a word:\n\
         {:>4} {:>17} {:>14} {:>15} {:>14} {:>12} {:>10}",
        "seed",
        "counted as inside",
        "emptiest second",
        "really present",
        "naive: present",
        "longest wait",
        "events"
    );
    for seed in CROWD_SEEDS {
        let fill =
            fill(seed, CROWD, CROWD_CAP).map_err(|(broken, trail)| format!("{trail}\nBROKEN: {broken:?}"))?;
        println!(
            "{seed:>4} {:>17} {:>15} {:>14} {:>14} {:>10} s {:>10}",
            percent(fill.active),
            percent(fill.active_least),
            percent(fill.present),
            percent(naive(seed, CROWD, CROWD_CAP)),
            fill.figures.longest_wait_ms / 1_000,
            fill.figures.events
        );
        if fill.active < FILL_LEAST {
            return Err(format!("BROKEN: the room stays full: {} in use", percent(fill.active)));
        }
    }
    Ok(())
}

/// A part of a million as a percentage.
fn percent(part: u64) -> String {
    format!("{}.{} %", part / 10_000, part / 1_000 % 10)
}
