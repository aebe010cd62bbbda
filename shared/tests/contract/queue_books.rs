//! What the books know about a queue: leases, the roster and its draw, and the people inside.

use crate::{
    engines::{on_every_engine, on_simulated_books},
    fixtures::{SECRET, at, layout, listed, performance_of, show, uuid},
};
use domain::{
    PerformanceId, UserId,
    draw::{Block, Digest, Draw, Secret, extend_root, leaf},
    performance::Performance,
};
use futures_util::future::join_all;
use shared::{
    adapters::dynamodb::DynamoStore,
    ports::{Programme, QueueBooks},
};
use std::collections::HashSet;

on_every_engine![
    a_number_is_leased_once,
    a_block_is_written_with_the_lease_that_follows_it,
    of_many_who_write_the_same_block_one_leases,
    calls_never_go_back,
    a_person_inside_is_found_until_the_session_ends,
    a_person_who_came_back_is_not_sent_away_by_an_earlier_departure,
    a_draw_that_was_not_made_is_absent,
    a_draw_is_made_once_of_the_whole_roster,
    simultaneous_draws_agree,
    an_empty_draw_and_one_without_its_last_block_stand,
    no_entry_of_the_roster_is_left_out_of_the_draw,
    the_roster_may_have_gaps_but_no_entry_twice,
    after_the_draw_the_roster_is_closed,
    a_secret_comes_with_its_performance_or_not_at_all,
];

// The stories know no performance without a secret, so two cases are for real engines alone.
on_simulated_books![
    a_number_is_leased_once,
    a_block_is_written_with_the_lease_that_follows_it,
    of_many_who_write_the_same_block_one_leases,
    calls_never_go_back,
    a_person_inside_is_found_until_the_session_ends,
    a_person_who_came_back_is_not_sent_away_by_an_earlier_departure,
    a_draw_is_made_once_of_the_whole_roster,
    simultaneous_draws_agree,
    an_empty_draw_and_one_without_its_last_block_stand,
    no_entry_of_the_roster_is_left_out_of_the_draw,
    the_roster_may_have_gaps_but_no_entry_twice,
    after_the_draw_the_roster_is_closed,
];

/// Books in which a performance's draw can be made.
trait WithLots: QueueBooks {
    /// A new performance whose queue has the [`SECRET`].
    async fn drawn_by_lot(&self) -> PerformanceId;
}

impl WithLots for DynamoStore {
    async fn drawn_by_lot(&self) -> PerformanceId {
        let show = show();
        let performance = performance_of(&show, at(100_000));
        self.create_show(&show).await.expect("a new show");
        self.add_performance(&performance, &layout(), Some(&SECRET)).await.expect("its performance");
        performance.performance_id
    }
}

impl WithLots for simulator::StandInBooks {
    async fn drawn_by_lot(&self) -> PerformanceId {
        PerformanceId(uuid())
    }
}

fn block(performance: PerformanceId, first: u64, count: u64) -> Block {
    let leaves = (first..first + count).map(|entry| leaf(performance, entry, UserId(uuid()))).collect();
    Block { first, leaves }
}

fn root(blocks: &[&Block]) -> Digest {
    blocks.iter().fold(Digest::NOTHING, |root, block| extend_root(root, block))
}

fn ms(s: i64) -> u64 {
    u64::try_from(at(s).as_millisecond()).expect("after 1970")
}

async fn lease(store: &impl QueueBooks, performance: PerformanceId, full: Option<&Block>) -> u64 {
    store.lease_numbers(performance, 10, full).await.expect("answers")
}

async fn a_number_is_leased_once(store: &impl QueueBooks) {
    let performance = PerformanceId(uuid());
    let leases = join_all((0..16).map(|_| lease(store, performance, None))).await;
    assert_eq!(HashSet::from_iter(leases), (1..=16).map(|block| block * 10).collect::<HashSet<_>>());
}

async fn a_block_is_written_with_the_lease_that_follows_it(store: &impl QueueBooks) {
    let performance = PerformanceId(uuid());
    assert_eq!(store.roster(performance).await.expect("answers"), []);
    assert_eq!(lease(store, performance, None).await, 10);
    let blocks: Vec<_> = (0..12).map(|number| block(performance, number * 10 + 1, 10)).collect();
    for (full, leased_to) in blocks.iter().zip((20..).step_by(10)) {
        assert_eq!(lease(store, performance, Some(full)).await, leased_to);
        assert_eq!(lease(store, performance, Some(full)).await, leased_to, "again: nothing");
    }
    assert_eq!(lease(store, performance, blocks.first()).await, 130, "an old one: nothing");
    assert_eq!(store.roster(performance).await.expect("answers"), blocks);
}

async fn of_many_who_write_the_same_block_one_leases(store: &impl QueueBooks) {
    let performance = PerformanceId(uuid());
    lease(store, performance, None).await;
    let full = block(performance, 1, 10);
    let leases = join_all((0..8).map(|_| lease(store, performance, Some(&full)))).await;
    assert_eq!(leases, [20; 8]);
    assert_eq!(store.roster(performance).await.expect("answers"), [full]);
}

async fn calls_never_go_back(store: &impl QueueBooks) {
    let performance = PerformanceId(uuid());
    for (wanted, may) in [(5, 5), (9, 9), (3, 9), (9, 9), (10, 10)] {
        assert_eq!(store.lease_calls(performance, wanted).await.expect("answers"), may);
    }
    assert_eq!(lease(store, performance, None).await, 10, "numbers are counted apart");
}

async fn a_person_inside_is_found_until_the_session_ends(store: &impl QueueBooks) {
    let (performance, other) = (PerformanceId(uuid()), PerformanceId(uuid()));
    let users: Vec<_> = (0..40).map(|_| UserId(uuid())).collect();
    for (user, ends) in users.iter().zip(10..) {
        store.enter(performance, *user, ms(0), ms(ends)).await.expect("answers");
        store.enter(performance, *user, ms(0), ms(ends)).await.expect("again: the same");
    }
    store.enter(other, users[0], ms(0), ms(99)).await.expect("answers");
    let mut inside = store.inside(performance, at(20)).await.expect("answers");
    inside.sort_unstable_by_key(|(_, ends_at_ms)| *ends_at_ms);
    let wanted: Vec<_> = users.iter().copied().zip((10..).map(ms)).skip(11).collect();
    assert_eq!(inside, wanted, "a session that ends now is over");
    assert_eq!(store.inside(other, at(0)).await.expect("answers"), [(users[0], ms(99))]);
}

async fn a_person_who_came_back_is_not_sent_away_by_an_earlier_departure(store: &impl QueueBooks) {
    let (performance, user) = (PerformanceId(uuid()), UserId(uuid()));
    let inside = async || store.inside(performance, at(0)).await.expect("answers");
    store.depart(performance, user, ms(0)).await.expect("a departure of a stranger changes nothing");
    store.enter(performance, user, ms(5), ms(50)).await.expect("answers");
    store.enter(performance, user, ms(3), ms(90)).await.expect("an earlier one, heard later");
    store.depart(performance, user, ms(4)).await.expect("an earlier one, heard later");
    assert_eq!(inside().await, [(user, ms(50))]);
    store.enter(performance, user, ms(6), ms(40)).await.expect("a later one counts");
    assert_eq!(inside().await, [(user, ms(40))]);
    for _ in 0..2 {
        store.depart(performance, user, ms(6)).await.expect("answers, and again");
        assert_eq!(inside().await, []);
    }
}

async fn a_draw_that_was_not_made_is_absent(store: &(impl WithLots + Programme)) {
    let performance = store.drawn_by_lot().await;
    assert_eq!(store.draw(performance).await.expect("answers"), None);
    let (_, without) = listed(store).await;
    let without = without.performance_id;
    assert!(store.make_draw(without, 3, None).await.is_err(), "there is no secret to draw by");
    assert_eq!(store.draw(without).await.expect("answers"), None);
    assert_eq!(store.draw(PerformanceId(uuid())).await.expect("answers"), None);
}

async fn a_draw_is_made_once_of_the_whole_roster(store: &impl WithLots) {
    let performance = store.drawn_by_lot().await;
    let (full, last) = (block(performance, 1, 10), block(performance, 11, 3));
    lease(store, performance, None).await;
    lease(store, performance, Some(&full)).await;
    let drawn = store.make_draw(performance, 13, Some(&last)).await.expect("answers");
    let wanted = Draw {
        commitment: SECRET.commitment(),
        roster_root: root(&[&full, &last]),
        pool_size: 13,
        seed: Digest(SECRET.0),
    };
    assert_eq!(drawn, wanted);
    let later = block(performance, 14, 2);
    for again in [None, Some(&last), Some(&later)] {
        assert_eq!(store.make_draw(performance, 15, again).await.expect("answers"), wanted);
    }
    assert_eq!(store.draw(performance).await.expect("answers"), Some(wanted));
    assert_eq!(store.roster(performance).await.expect("answers"), [full, last]);
    assert_eq!(lease(store, performance, None).await, 30, "leased and unused numbers go to latecomers");
}

async fn simultaneous_draws_agree(store: &impl WithLots) {
    let performance = store.drawn_by_lot().await;
    lease(store, performance, None).await;
    // Each knows a different number of entries: a second is a long time before a sale.
    let all = block(performance, 1, 8);
    let known = |count| Block { first: 1, leaves: all.leaves[..count].to_vec() };
    let blocks: Vec<_> = (1..=8).map(known).collect();
    let draws =
        join_all(blocks.iter().map(|last| store.make_draw(performance, last.last(), Some(last)))).await;
    let draws: HashSet<_> = draws.into_iter().map(|draw| draw.expect("answers").roster_root).collect();
    assert_eq!(draws.len(), 1);
    let made = store.draw(performance).await.expect("answers").expect("made");
    let roster = store.roster(performance).await.expect("answers");
    assert_eq!(made.roster_root, root(&[&roster[0]]));
    assert_eq!((roster.len(), roster[0].last()), (1, made.pool_size));
}

async fn an_empty_draw_and_one_without_its_last_block_stand(store: &impl WithLots) {
    let performance = store.drawn_by_lot().await;
    let drawn = store.make_draw(performance, 0, None).await.expect("answers");
    assert_eq!((drawn.pool_size, drawn.roster_root), (0, Digest::NOTHING));
    assert_eq!(store.draw(performance).await.expect("answers"), Some(drawn));
    // Redis forgot the owners of the last entries. They still have numbers, and no other entry gets one of those.
    let performance = store.drawn_by_lot().await;
    let drawn = store.make_draw(performance, 12, None).await.expect("answers");
    assert_eq!((drawn.pool_size, drawn.roster_root), (12, Digest::NOTHING));
    assert_eq!(lease(store, performance, None).await, 22);
}

async fn no_entry_of_the_roster_is_left_out_of_the_draw(store: &impl WithLots) {
    let performance = store.drawn_by_lot().await;
    let full = block(performance, 1, 10);
    lease(store, performance, None).await;
    lease(store, performance, Some(&full)).await;
    let drawn = store.make_draw(performance, 4, None).await.expect("answers");
    assert_eq!((drawn.pool_size, drawn.roster_root), (10, root(&[&full])));
}

async fn the_roster_may_have_gaps_but_no_entry_twice(store: &impl WithLots) {
    let performance = store.drawn_by_lot().await;
    lease(store, performance, None).await;
    let (first, overlapping, later) =
        (block(performance, 1, 10), block(performance, 6, 10), block(performance, 31, 10));
    assert_eq!(lease(store, performance, Some(&first)).await, 20);
    assert_eq!(lease(store, performance, Some(&overlapping)).await, 30);
    assert_eq!(lease(store, performance, Some(&later)).await, 40);
    let rest = overlapping.after(10).expect("five");
    let roster = store.roster(performance).await.expect("answers");
    assert_eq!(roster, [first.clone(), rest.clone(), later.clone()]);
    let drawn = store.make_draw(performance, 40, None).await.expect("answers");
    assert_eq!(drawn.roster_root, root(&[&first, &rest, &later]));
}

async fn after_the_draw_the_roster_is_closed(store: &impl WithLots) {
    let performance = store.drawn_by_lot().await;
    lease(store, performance, None).await;
    let last = block(performance, 1, 4);
    let drawn = store.make_draw(performance, 4, Some(&last)).await.expect("answers");
    let late = block(performance, 5, 6);
    assert_eq!(lease(store, performance, Some(&late)).await, 10, "nothing is leased for it");
    assert_eq!(store.roster(performance).await.expect("answers"), [last]);
    assert_eq!(store.draw(performance).await.expect("answers"), Some(drawn));
}

async fn a_secret_comes_with_its_performance_or_not_at_all(store: &(impl WithLots + Programme)) {
    let orphan = performance_of(&show(), at(10));
    assert!(store.add_performance(&orphan, &layout(), Some(&SECRET)).await.is_err());
    assert!(store.make_draw(orphan.performance_id, 1, None).await.is_err(), "no secret was kept");
    let performance = store.drawn_by_lot().await;
    let known: Performance = store.performance(performance).await.expect("answers").expect("there");
    assert!(store.add_performance(&known, &layout(), Some(&Secret([8; 32]))).await.is_err());
    let drawn = store.make_draw(performance, 1, None).await.expect("answers");
    assert_eq!(drawn.seed, Digest(SECRET.0), "the first secret stays");
}
