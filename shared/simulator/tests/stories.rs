//! A few stories of each kind, a small crowd, and the checker itself: it has to find each mistake that is built in.
#![cfg(test)]

use simulator::{Flaw, fill, naive, tell};
use std::{
    hash::{BuildHasher as _, RandomState},
    process::Command,
};

/// How many events of each story are told: the whole test run takes seconds.
const EVENTS: u64 = 60_000;
/// Each mistake shows in one of this many stories.
const STORIES_MAX: u64 = 300;

#[test]
fn every_promise_is_kept_in_stories_of_all_kinds() {
    for seed in 0..18 {
        tell(seed, EVENTS, None).unwrap_or_else(|failure| panic!("{failure:#?}"));
    }
}

#[test]
fn every_promise_is_kept_in_new_stories() {
    let first = RandomState::new().hash_one(0) >> 1;
    for seed in (first..).take(9) {
        tell(seed, EVENTS / 2, None).unwrap_or_else(|failure| panic!("{failure:#?}"));
    }
}

#[test]
fn the_room_stays_full_though_people_are_silent() {
    let full = fill(1, 2_000, 100).expect("every promise is kept");
    assert!(full.active >= 950_000, "{full:?}");
    let naive = naive(1, 2_000, 100);
    assert!(full.present > naive + 200_000, "{full:?} {naive}");
}

#[test]
fn a_seed_tells_the_same_story_again() {
    let (one, again) = (tell(7, EVENTS, None).expect("kept"), tell(7, EVENTS, None).expect("kept"));
    assert_eq!(format!("{one:?}"), format!("{again:?}"));
    let failed = |events| tell(2, events, Some(Flaw::InsideForgotten)).expect_err("seen");
    let failure = failed(EVENTS);
    assert_eq!(failed(failure.event).broken, failure.broken);
}

#[test]
fn the_checker_finds_each_mistake() {
    let mistakes = [
        (Flaw::DoorWithoutOrder, 1, "order"),
        (Flaw::OneTooMany, 0, "the room's cap"),
        (Flaw::CallsForgotten, 1, "serving never goes back"),
        (Flaw::NumbersForgotten, 1, "numbers never go back"),
        (Flaw::InsideForgotten, 2, "really inside"),
        (Flaw::SecondPlace, 0, "one place per account"),
        (Flaw::NobodyCalled, 1, "the queue goes on after a loss"),
        (Flaw::DrawnAgain, 40, "one number, one account"),
        (Flaw::EntryUnconfirmed, 42, "really inside"),
        (Flaw::MarksReadEarly, 17, "serving never goes back"),
        (Flaw::LaterNumberKept, 2, "the earliest proven number wins"),
        (Flaw::AnotherLoss, 17, "serving never goes back"),
        (Flaw::AnotherServer, 53, "numbers never go back"),
        (Flaw::EntriesForgotten, 4, "the roster is complete"),
        (Flaw::StaffNeverGone, 0, "staff are inside until they leave"),
    ];
    for (flaw, seed, promise) in mistakes {
        // Once the rules have changed, another story may be the first to show it.
        let seen = |seed| {
            let failure = tell(seed, EVENTS, Some(flaw)).err()?;
            (failure.broken.promise == promise).then_some(failure)
        };
        let failure = (seed..seed + STORIES_MAX).find_map(seen);
        let failure = failure.unwrap_or_else(|| panic!("{flaw:?} is not found"));
        assert!(tell(failure.seed, EVENTS, None).is_ok(), "without {flaw:?} the same story is a good one");
    }
}

#[test]
fn the_command_fails_where_a_mistake_is_not_found() {
    let simulate = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_simulate")).args(args).output().expect("it runs");
        (done.status.code(), String::from_utf8(done.stdout).expect("text"))
    };
    let (code, said) = simulate(&["--seed", "4", "--events", "10", "--flaw", "InsideForgotten"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("NOT FOUND: the mistake InsideForgotten"), "{said}");
    assert_eq!(simulate(&["--seed", "4", "--events", "10"]).0, Some(0));
}
