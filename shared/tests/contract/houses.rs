//! The library of houses.

use crate::{
    engines::on_every_engine,
    fixtures::{at, layout, uuid},
};
use domain::{
    HouseId, LayoutId, UserId,
    house::{House, HouseVersion},
    layout::{LayoutPlan, PlacePlan},
};
use shared::ports::{Houses, Programme, ReplaceError};

on_every_engine![
    what_is_absent_is_absent,
    a_house_is_made_once,
    a_version_is_added_once_and_never_changes,
    of_many_at_once_one_makes_the_next_version,
    an_organizers_houses_are_listed_page_by_page,
    a_plan_of_several_items_is_stored_whole,
];

fn house() -> House {
    House {
        house_id: HouseId(uuid()),
        organizer_id: UserId(uuid()),
        name: "콘서트홀".to_owned(),
        version: 1,
        layout_id: LayoutId(uuid()),
        seat_count: 1_200,
        for_sale_count: 1_199,
        section_count: 1,
        digest: "a".to_owned(),
        created_at: at(0),
        updated_at: at(0),
    }
}

fn after(house: &House) -> House {
    House { version: house.version + 1, layout_id: LayoutId(uuid()), updated_at: at(9), ..house.clone() }
}

fn noted(note: &str) -> LayoutPlan {
    let mut plan = layout();
    let place = PlacePlan { note: Some(note.to_owned()), ..PlacePlan::default() };
    plan.places.insert("1층-가-1".to_owned(), place);
    plan
}

async fn what_is_absent_is_absent(store: &(impl Houses + Programme)) {
    let house_id = HouseId(uuid());
    assert_eq!(store.house(house_id).await.expect("answers"), None);
    assert_eq!(store.house_version(HouseVersion { house_id, version: 1 }).await.expect("answers"), None);
    assert_eq!(store.houses_of(UserId(uuid()), 2, None).await.expect("answers"), (vec![], false));
}

async fn a_house_is_made_once(store: &(impl Houses + Programme)) {
    let first = house();
    store.create_house(&first, &layout()).await.expect("a new house");
    assert_eq!(store.house(first.house_id).await.expect("answers"), Some(first.clone()));
    assert_eq!(store.layout(first.layout_id).await.expect("answers"), Some(layout()));
    let twin = House { name: "other".to_owned(), layout_id: LayoutId(uuid()), ..first.clone() };
    assert!(store.create_house(&twin, &noted("twin")).await.is_err());
    assert_eq!(store.house(first.house_id).await.expect("answers"), Some(first));
    assert_eq!(store.layout(twin.layout_id).await.expect("answers"), None);
}

async fn a_version_is_added_once_and_never_changes(store: &(impl Houses + Programme)) {
    let first = house();
    store.create_house(&first, &layout()).await.expect("a new house");
    let second = after(&first);
    store.add_version(&second, &noted("second")).await.expect("the second");
    for again in
        [second.clone(), House { layout_id: LayoutId(uuid()), name: "x".to_owned(), ..second.clone() }]
    {
        let refused = store.add_version(&again, &noted("again")).await;
        assert!(matches!(refused, Err(ReplaceError::Changed)), "{refused:?}");
    }
    assert_eq!(store.house(first.house_id).await.expect("answers"), Some(second.clone()), "the newest");
    for version in [&first, &second] {
        assert_eq!(store.house_version(version.named()).await.expect("answers").as_ref(), Some(version));
    }
    assert_eq!(store.layout(first.layout_id).await.expect("answers"), Some(layout()));
    assert_eq!(store.layout(second.layout_id).await.expect("answers"), Some(noted("second")));
    let eleventh = (2..11).fold(second, |house, _| after(&house));
    store.add_version(&eleventh, &layout()).await.expect("the eleventh");
    assert_eq!(store.house(first.house_id).await.expect("answers").map(|house| house.version), Some(11));
}

async fn of_many_at_once_one_makes_the_next_version(store: &(impl Houses + Programme)) {
    let first = house();
    store.create_house(&first, &layout()).await.expect("a new house");
    let drawn: Vec<_> = (0..4).map(|_| after(&first)).collect();
    let plan = layout();
    let add = |index: usize| store.add_version(&drawn[index], &plan);
    let (a, b, c, d) = tokio::join!(add(0), add(1), add(2), add(3));
    let outcomes = [a, b, c, d];
    let winner = outcomes.iter().position(Result::is_ok).expect("one");
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(store.house(first.house_id).await.expect("answers").as_ref(), drawn.get(winner));
}

async fn an_organizers_houses_are_listed_page_by_page(store: &(impl Houses + Programme)) {
    let organizer = UserId(uuid());
    let mut made = Vec::new();
    for _ in 0..3 {
        let first = House { organizer_id: organizer, ..house() };
        store.create_house(&first, &layout()).await.expect("a new house");
        made.push(first);
    }
    made.reverse();
    let second = after(&made[2]);
    store.add_version(&second, &layout()).await.expect("the second");
    made[2] = second;
    let (first, more) = store.houses_of(organizer, 2, None).await.expect("answers");
    assert_eq!((first.as_slice(), more), (&made[..2], true));
    let (rest, more) = store.houses_of(organizer, 2, Some(first[1].house_id)).await.expect("answers");
    assert_eq!((rest.as_slice(), more), (&made[2..], false));
}

/// Its notes say nothing about each other, so that it takes several items.
async fn a_plan_of_several_items_is_stored_whole(store: &(impl Houses + Programme)) {
    let mut plan = layout();
    let mut state = 1_u64;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_u32(0x100 + u32::try_from((state >> 33) % 0x700).expect("small")).expect("a letter")
    };
    for place in 0..6_000 {
        let place = format!("1층-가-{place}");
        let note = Some((0..100).map(|_| letter()).collect());
        plan.places.insert(place, PlacePlan { note, ..PlacePlan::default() });
    }
    let size = serde_json::to_vec(&plan).expect("JSON").len();
    assert!(size > 3 * 400_000, "more than some items hold: {size}");
    let first = house();
    store.create_house(&first, &plan).await.expect("a new house");
    assert!(store.layout(first.layout_id).await.expect("answers").expect("there") == plan);
}
