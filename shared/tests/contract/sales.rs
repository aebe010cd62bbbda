//! Changes of a performance's sale by its organizer: none is lost, and each is recorded.

use crate::{
    engines::on_every_engine,
    fixtures::{at, listed, sale, user, uuid},
};
use domain::{
    PerformanceId, UserId,
    performance::Performance,
    sale::{BYPASS_MAX, JoinPolicy, Sale, SaleControl, Staff},
    steering::{SaleChange, Steering},
};
use shared::ports::{Programme, ReplaceError};

on_every_engine![
    a_sale_is_replaced_in_both_places,
    a_sale_that_changed_since_it_was_read_is_left_alone,
    of_many_at_once_one_changes_the_sale,
    a_change_is_recorded_and_an_unchanged_sale_is_not,
    two_changes_of_one_moment_are_told_apart,
    changes_come_newest_first_and_bounded,
    a_full_list_of_staff_has_room,
];

async fn a_sale_is_replaced_in_both_places(store: &impl Programme) {
    let (show, performance) = listed(store).await;
    let paused = Sale { control: SaleControl::Paused, cap: 9, ..sale() };
    store.set_sale(&performance, &paused, UserId(uuid()), at(3)).await.expect("set");
    let found = read(store, &performance).await;
    assert_eq!(found, Performance { sale: paused.clone(), ..performance.clone() });
    let found = store.show(show.show_id).await.expect("answers").expect("there");
    assert_eq!(found.performances[&performance.performance_id].sale, paused);
    // A publication of what was read earlier does not undo it.
    store
        .publish(&Performance { published_at: Some(at(4)), ..performance.clone() })
        .await
        .expect("published");
    assert_eq!(read(store, &performance).await.sale, paused);
    let unknown = Performance { performance_id: PerformanceId(uuid()), ..performance };
    let outcome = store.set_sale(&unknown, &paused, UserId(uuid()), at(5)).await;
    assert!(matches!(outcome, Err(ReplaceError::Store(_))), "{outcome:?}");
    assert_eq!(store.sale_changes(unknown.performance_id, 9).await.expect("answers"), []);
}

async fn a_sale_that_changed_since_it_was_read_is_left_alone(store: &impl Programme) {
    let (_, performance) = listed(store).await;
    let (one, other) = (UserId(uuid()), UserId(uuid()));
    let wider = Sale { cap: 9, ..sale() };
    store.set_sale(&performance, &wider, one, at(1)).await.expect("set");
    let paused = Sale { control: SaleControl::Paused, ..sale() };
    let outcome = store.set_sale(&performance, &paused, other, at(2)).await;
    assert!(matches!(outcome, Err(ReplaceError::Changed)), "{outcome:?}");
    let found = read(store, &performance).await;
    assert_eq!(found.sale, wider);
    let both = Sale { control: SaleControl::Paused, ..wider };
    store.set_sale(&found, &both, other, at(3)).await.expect("set");
    assert_eq!(read(store, &performance).await.sale, both);
    let by: Vec<_> = changes(store, &performance).await.iter().map(|change| change.by).collect();
    assert_eq!(by, [other, one], "a refused change is not recorded");
}

async fn of_many_at_once_one_changes_the_sale(store: &impl Programme) {
    let (_, performance) = listed(store).await;
    let sales: Vec<_> = (0..4).map(|more| Sale { cap: 100 + more, ..sale() }).collect();
    let set = |index: usize| {
        let at = at(i64::try_from(index).expect("small"));
        store.set_sale(&performance, &sales[index], UserId(uuid()), at)
    };
    let (a, b, c, d) = tokio::join!(set(0), set(1), set(2), set(3));
    let set = [a, b, c, d].iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(set, 1);
    let written = changes(store, &performance).await;
    assert_eq!((written.len(), written[0].after.cap), (1, Some(read(store, &performance).await.sale.cap)));
}

async fn a_change_is_recorded_and_an_unchanged_sale_is_not(store: &impl Programme) {
    let (show, performance) = listed(store).await;
    let by = UserId(uuid());
    store.set_sale(&performance, &sale(), by, at(1)).await.expect("nothing to do");
    assert_eq!(changes(store, &performance).await, []);
    let staff = Staff { user_id: UserId(uuid()), email: Some(user().email) };
    let door = JoinPolicy { bypass: vec![staff.clone()], challenge_bits: 12, ..JoinPolicy::default() };
    let steered = Sale { door, rate_per_min: 7, ..sale() };
    store.set_sale(&performance, &steered, by, at(2)).await.expect("set");
    let before = Steering {
        rate_per_min: Some(60),
        bypass: Some(vec![]),
        challenge_bits: Some(0),
        ..Steering::default()
    };
    let after = Steering {
        rate_per_min: Some(7),
        bypass: Some(vec![staff]),
        challenge_bits: Some(12),
        ..Steering::default()
    };
    assert_eq!(changes(store, &performance).await, [SaleChange { at: at(2), by, before, after }]);
    let show = store.show(show.show_id).await.expect("answers").expect("there");
    let listed = &show.performances[&performance.performance_id].sale;
    assert_eq!((listed.door.bypass.len(), listed.rate_per_min), (0, 7), "lists do not name the staff");
}

async fn two_changes_of_one_moment_are_told_apart(store: &impl Programme) {
    let (_, performance) = listed(store).await;
    let by = UserId(uuid());
    store.set_sale(&performance, &Sale { cap: 6, ..sale() }, by, at(1)).await.expect("set");
    let found = read(store, &performance).await;
    let outcome = store.set_sale(&found, &Sale { cap: 7, ..sale() }, by, at(1)).await;
    assert!(matches!(outcome, Err(ReplaceError::Changed)), "{outcome:?}");
    assert_eq!(read(store, &performance).await.sale.cap, 6);
    assert_eq!(changes(store, &performance).await.len(), 1);
}

async fn changes_come_newest_first_and_bounded(store: &impl Programme) {
    let (_, performance) = listed(store).await;
    for (second, cap) in (1..).zip([10, 20, 30]) {
        let found = read(store, &performance).await;
        store.set_sale(&found, &Sale { cap, ..sale() }, UserId(uuid()), at(second)).await.expect("set");
    }
    let newest = store.sale_changes(performance.performance_id, 2).await.expect("answers");
    let caps: Vec<_> = newest.iter().map(|change| (change.before.cap, change.after.cap)).collect();
    assert_eq!(caps, [(Some(20), Some(30)), (Some(10), Some(20))]);
}

async fn a_full_list_of_staff_has_room(store: &impl Programme) {
    let (_, performance) = listed(store).await;
    let bypass: Vec<_> =
        (0..BYPASS_MAX).map(|_| Staff { user_id: UserId(uuid()), email: Some(user().email) }).collect();
    let with = |bypass: &[Staff]| Sale {
        door: JoinPolicy { bypass: bypass.to_vec(), ..JoinPolicy::default() },
        ..sale()
    };
    store.set_sale(&performance, &with(&bypass), UserId(uuid()), at(1)).await.expect("set");
    let found = read(store, &performance).await;
    assert_eq!(found.sale.door.bypass, bypass);
    store.set_sale(&found, &with(&bypass[1..]), UserId(uuid()), at(2)).await.expect("set");
    assert_eq!(read(store, &performance).await.sale.door.bypass.len(), BYPASS_MAX - 1);
}

async fn read(store: &impl Programme, performance: &Performance) -> Performance {
    store.performance(performance.performance_id).await.expect("answers").expect("there")
}

async fn changes(store: &impl Programme, performance: &Performance) -> Vec<SaleChange> {
    store.sale_changes(performance.performance_id, 100).await.expect("answers")
}
