//! `bench-houses`: what it takes to read a house of 100,000 seats, and to find the best seats in it, as a Markdown table.

use bench_houses::stadium;
use domain::{
    best::{Wanted, choose},
    layout::{Layout, LayoutPlan, PlacePlan, SeatIndex},
    seat::{SeatState, SeatStates},
};
use std::{
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};

const SEATS: u32 = 100_000;
const ROUNDS: usize = 201;

/// How full the house is.
type Sold = fn(&Layout, &mut SeatStates);

fn main() -> Result<(), Box<dyn Error>> {
    let plan = stadium(SEATS);
    let uniform = Layout::parse(plan.clone())?;
    let mixed = Layout::parse(mixed(&uniform, plan.clone()))?;
    println!("| of a house of {SEATS} seats | ms, or memory | found |\n|---|---:|---|");
    in_memory("its layout", &plan)?;
    in_memory("its layout, where every third seat is special", mixed.plan())?;
    row("to read its plan", None, || Layout::parse(plan.clone()).is_ok());
    row("to check that no two seats stand in the same place", None, || uniform.check_apart().is_ok());

    let wanted = Wanted { grade: "S", count: 2, wheelchair: 0, split: false, with_accessible: false };
    let four = Wanted { count: 4, split: true, ..wanted };
    let wheelchair = Wanted { grade: "VIP", wheelchair: 1, ..wanted };
    let cases: [(&str, &Layout, Sold, Wanted<'_>); 10] = [
        ("two, nothing sold", &uniform, |_, _| (), wanted),
        ("two, the last two seats of the worst row", &uniform, all_but_the_last_two, wanted),
        ("two, the same where every row is mixed", &mixed, all_but_the_last_two, wanted),
        ("two, of a grade that is gone", &uniform, sell_all, wanted),
        ("two, every second seat sold", &uniform, every_second, wanted),
        ("four in one row or two, every second seat sold", &uniform, every_second, four),
        ("four, of each three seats one sold", &uniform, every_third, four),
        ("a wheelchair and a companion, nothing sold", &uniform, |_, _| (), wheelchair),
        ("the same, all companions' places sold", &uniform, companions, wheelchair),
        (
            "two wheelchairs and four more, all sold but these",
            &uniform,
            all_but_wheelchairs,
            Wanted { wheelchair: 2, count: 6, ..wheelchair },
        ),
    ];
    for (name, layout, sell, wanted) in cases {
        let mut states = SeatStates::available(SEATS);
        sell(layout, &mut states);
        let found = choose(layout, &states, wanted);
        row(name, found.as_deref().map(|seats| names(layout, seats)), || choose(layout, &states, wanted));
    }
    Ok(())
}

/// Prints what a layout takes as it is remembered, by the kernel's account and by its own.
fn in_memory(name: &str, plan: &LayoutPlan) -> Result<(), Box<dyn Error>> {
    const COPIES: u64 = 4;
    let before = resident_kib()?;
    let kept: Vec<_> = (0..COPIES)
        .map(|_| Layout::parse(plan.clone()).map(Layout::without_plans))
        .collect::<Result<_, _>>()?;
    let kib = resident_kib()?.saturating_sub(before) / COPIES;
    let weight = kept.first().map_or(0, Layout::weight) / 1_024;
    println!("| {name} | {kib} KiB | weighed as {weight} KiB |");
    Ok(())
}

fn resident_kib() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Prints the median time, with the least and the most.
fn row<T>(name: &str, found: Option<String>, work: impl Fn() -> T) {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| time_of(&work)).collect();
    times.sort();
    let ms = |at: usize| times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0);
    let found = found.unwrap_or_else(|| "–".into());
    println!("| {name} | {:.2} ({:.2}–{:.2}) | {found} |", ms(ROUNDS / 2), ms(0), ms(ROUNDS - 1));
}

fn time_of<T>(work: impl Fn() -> T) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}

fn names(layout: &Layout, seats: &[SeatIndex]) -> String {
    seats.iter().filter_map(|seat| layout.name_of(*seat)).map(String::from).collect::<Vec<_>>().join(" ")
}

/// Every third seat of each row has another grade.
fn mixed(layout: &Layout, mut plan: LayoutPlan) -> LayoutPlan {
    let thirds = (0..layout.seat_count()).step_by(3).map(SeatIndex);
    let other = |seat| {
        let grade = if layout.grade_of(seat) == Some("S") { "R" } else { "S" };
        Some((
            String::from(layout.name_of(seat)?),
            PlacePlan { grade: Some(grade.into()), ..PlacePlan::default() },
        ))
    };
    for (name, place) in thirds.filter_map(other) {
        plan.places.entry(name).or_insert(place);
    }
    plan
}

fn sell(states: &mut SeatStates, seats: impl Iterator<Item = u32>) {
    seats.for_each(|seat| states.set(seat, SeatState::Sold));
}

fn sell_all(layout: &Layout, states: &mut SeatStates) {
    sell(states, 0..layout.seat_count());
}

fn all_but_the_last_two(layout: &Layout, states: &mut SeatStates) {
    sell_all(layout, states);
    let rows = layout.ranked().filter(|row| row.grade == "S");
    let pair = |row: &domain::layout::Row| {
        let mut seats = row.indexes().rev().map(SeatIndex);
        seats.find(|seat| {
            [*seat, SeatIndex(seat.0 - 1)].iter().all(|seat| layout.grade_of(*seat) == Some("S"))
        })
    };
    if let Some(seat) = rows.filter_map(pair).last() {
        states.set(seat.0 - 1, SeatState::Available);
        states.set(seat.0, SeatState::Available);
    }
}

fn every_second(layout: &Layout, states: &mut SeatStates) {
    sell(states, (0..layout.seat_count()).step_by(2));
}

fn every_third(layout: &Layout, states: &mut SeatStates) {
    sell(states, (0..layout.seat_count()).step_by(3));
}

fn companions(layout: &Layout, states: &mut SeatStates) {
    sell(states, (0..layout.seat_count()).filter(|seat| layout.companion_of(SeatIndex(*seat)).is_some()));
}

fn all_but_wheelchairs(layout: &Layout, states: &mut SeatStates) {
    let is_wheelchair =
        |seat: &u32| layout.kind_of(SeatIndex(*seat)) == Some(domain::layout::PlaceKind::Wheelchair);
    sell(states, (0..layout.seat_count()).filter(|seat| !is_wheelchair(seat)));
}
