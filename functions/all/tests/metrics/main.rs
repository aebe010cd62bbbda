//! A journey through all functions emits every metric that is documented, and none that is not.
#![cfg(test)]

mod documented;
mod house;
mod scrape;

use house::House;
use scrape::{Scrape, Scraped};
use shared::telemetry::metrics::{self, ALL, Definition, key};
use std::collections::BTreeSet;
use testkit::{prometheus_label, prometheus_name};

/// What a journey within the test's own process cannot show: starts and the process itself are observed where a program begins
/// (`functions/all/tests/telemetry`), and no engine at hand slows its clients down or refuses a connection.
const NOT_OF_A_JOURNEY: &[&str] = &[
    "faas.coldstarts",
    "faas.init_duration",
    "process.memory.usage",
    "process.uptime",
    "process.cpu.utilization",
    "yemae.dynamodb.throttles",
    "yemae.dynamodb.retries",
];

/// The most series of one metric in a sale like this one: a few dozen.
const SERIES_MAX: usize = 400;

#[tokio::test]
async fn a_journey_emits_what_is_documented_and_nothing_else() {
    let scrape = Scrape::start();
    let house = House::open().await;
    assert!(scrape.now().is_empty(), "nothing is recorded before metrics are collected");
    metrics::collect();

    house.accounts().await;
    house.full_line().await;
    house.queue().await;
    let stream = house.watch_seats().await;
    house.sale().await;
    house.unpaid().await;
    house.lapsed_hold().await;
    house.silent_provider().await;
    house.lost_redis().await;
    house.looks().await;
    let seen = scrape.now();
    assert_eq!(seen.value("yemae.streams", &[]), Some(1.0));
    drop(stream);
    assert_eq!(scrape.now().value("yemae.streams", &[]), Some(0.0));
    each_is_counted_once(&seen);
    levels_are_as_they_were_last_seen(&seen, &house.sale_id());

    house.stuck_refund().await;
    let unknown = scrape.now().value("yemae.payments", &[(key::OUTCOME, "unknown")]);
    assert_eq!(unknown, Some(2.0), "a payment that is tried again is the same payment");

    house.plant_an_oversell().await;
    let seen = scrape.now();
    assert_eq!(seen.value("yemae.oversells", &[]), Some(1.0));
    all_are_as_declared(&seen);
}

/// What the journey did, by what it was counted as.
fn each_is_counted_once(seen: &Scraped) {
    let outcome = |of, word| seen.value(of, &[(key::OUTCOME, word)]);
    let state = |word| seen.value("yemae.bookings", &[(key::BOOKING_STATE, word)]);
    for (counted, wanted) in [
        (outcome("yemae.holds", "held"), 5.0),
        (outcome("yemae.holds", "seat_held"), 1.0),
        (outcome("yemae.reservations", "reserved"), 3.0),
        (outcome("yemae.reservations", "hold_expired"), 1.0),
        (state("confirmed"), 1.0),
        (state("cancelled"), 1.0),
        (state("expired"), 1.0),
        (outcome("yemae.payments", "declined"), 1.0),
        (outcome("yemae.payments", "captured"), 1.0),
        (outcome("yemae.payments", "returned"), 1.0),
        (outcome("yemae.payments", "unknown"), 1.0),
        (outcome("yemae.passwords", "hashed"), 2.0),
        (seen.value("yemae.passwords.waiting", &[]), 0.0),
        (seen.value("yemae.holds.expired", &[]), 2.0),
        (seen.value("yemae.queue.rebuilds", &[]), 2.0),
        (seen.value("yemae.outbox.age", &[]), 0.0),
        (outcome("yemae.sweeps", "failed"), 1.0),
        (seen.value("yemae.oversells", &[]), 0.0),
    ] {
        assert_eq!(counted, Some(wanted), "{seen:#?}");
    }
    assert!(outcome("yemae.passwords", "busy").is_some_and(|turned_away| turned_away > 1.0));
    assert!(seen.value("yemae.sweep.delay", &[]).is_some_and(|delay_s| delay_s > 0.0));
    assert!(outcome("yemae.deliveries", "delivered").is_some_and(|events| events > 5.0));
}

/// One seat is reserved in the sale without a queue. In the other the only buyer has gone.
fn levels_are_as_they_were_last_seen(seen: &Scraped, sale: &str) {
    let seats = |state| seen.value("yemae.seats", &[(key::PERFORMANCE, sale), (key::SEAT_STATE, state)]);
    let states = ["available", "held", "reserved", "sold"].map(seats);
    assert_eq!(states, [9.0, 0.0, 1.0, 0.0].map(Some));
    let queue = |figure: &str| seen.value(&format!("yemae.queue.{figure}"), &[]);
    let figures = ["serving", "called", "lapsed", "active", "cap", "claim_rate"].map(queue);
    assert_eq!(figures, [1.0, 0.0, 0.0, 0.0, 100.0, 1.0].map(Some));
    assert!(queue("issued").is_some_and(|issued| issued >= 1.0));
}

fn all_are_as_declared(seen: &Scraped) {
    let mut emitted = BTreeSet::new();
    for (name, family) in seen.families() {
        let of_name = |metric: &&&Definition| prometheus_name(metric) == *name;
        let metric = ALL.iter().find(of_name).unwrap_or_else(|| panic!("{name} is not declared"));
        emitted.insert(metric.name);
        assert_eq!(family.help, metric.description, "{name}");
        assert_eq!(family.kind, documented::prometheus_kind(metric), "{name}");
        assert!(family.series.len() < SERIES_MAX, "{name} has {} series", family.series.len());
        let wanted: BTreeSet<_> = metric.attributes.iter().map(|key| prometheus_label(key)).collect();
        let given: BTreeSet<_> = family.series.keys().flat_map(|labels| labels.keys().cloned()).collect();
        assert!(given.is_subset(&wanted), "{name} is declared with {wanted:?}, and has {given:?}");
        let sometimes = [prometheus_label(key::ERROR), prometheus_label(key::STATUS)];
        let missing: Vec<_> = wanted.difference(&given).filter(|key| !sometimes.contains(key)).collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?}");
        for (label, value) in family.series.keys().flatten() {
            documented::check_value(name, label, value);
        }
    }
    let missing: Vec<_> =
        ALL.iter().map(|metric| metric.name).filter(|name| !emitted.contains(name)).collect();
    let unexplained: Vec<_> = missing.into_iter().filter(|name| !NOT_OF_A_JOURNEY.contains(name)).collect();
    assert_eq!(unexplained, [""; 0], "documented, and never emitted");
}
