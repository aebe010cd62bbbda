//! The demo in a real store: seeded twice, and on top of what an earlier version left.
#![cfg(test)]

use demo::{ORGANIZER, STADIUM_NIGHT};
use domain::{
    LayoutId, UserId,
    house::House,
    layout::{Layout, LayoutPlan, RowPlan, SectionPlan},
    performance::Performance,
    show::Show,
    user::Email,
};
use shared::{adapters::dynamodb::DynamoStore, app::App, config::Config};
use std::collections::BTreeMap;
use stores::Engine;
use uuid::Uuid;

/// More than the demo has.
const ALL: usize = 100;

#[tokio::test]
async fn a_second_start_changes_nothing() {
    let (_engine, app) = empty().await;
    demo::seed(&app).await.unwrap();
    let first = Seeded::of(&app).await;
    demo::seed(&app).await.unwrap();
    assert_eq!(Seeded::of(&app).await, first);

    let mut seats: Vec<_> = first.houses.iter().map(|house| (house.version, house.seat_count)).collect();
    seats.sort_unstable();
    assert_eq!(seats, [300, 1_000, 2_600, 15_000, 66_000].map(|seats| (1, seats)));
    assert_eq!(first.performances.len(), 6);
    for performance in &first.performances {
        let house = first.houses.iter().find(|house| Some(house.named()) == performance.house);
        assert_eq!(house.is_none(), performance.seat_count == 12, "the club has a plan of its own");
        assert!(house.is_none_or(|house| house.layout_id == performance.layout_id), "it shares the plan");
    }
}

#[tokio::test]
async fn a_store_of_an_earlier_version_keeps_what_it_has() {
    let (_engine, model) = empty().await;
    demo::seed(&model).await.unwrap();
    let stadium = model.programme.performance(STADIUM_NIGHT).await.unwrap().unwrap();
    let show = model.programme.show(stadium.show_id).await.unwrap().unwrap();

    let (_engine, app) = empty().await;
    let earlier = earlier(stadium);
    app.programme.create_show(&Show { performances: BTreeMap::new(), version: 0, ..show }).await.unwrap();
    app.programme.add_performance(&earlier, &plan(), None).await.unwrap();
    let earlier = app.programme.publish(&earlier).await.unwrap();
    demo::seed(&app).await.unwrap();
    assert_eq!(app.programme.performance(STADIUM_NIGHT).await.unwrap(), Some(earlier));
    let seeded = Seeded::of(&app).await;
    assert_eq!((seeded.houses.len(), seeded.performances.len()), (5, 6));
}

#[tokio::test]
async fn a_show_that_its_organizer_has_changed_is_left_to_them() {
    let (_engine, app) = empty().await;
    demo::seed(&app).await.unwrap();
    let stadium = app.programme.performance(STADIUM_NIGHT).await.unwrap().unwrap();
    let show = app.programme.show(stadium.show_id).await.unwrap().unwrap();
    app.programme.withdraw(&stadium, &show, app.clock.now()).await.unwrap();
    let show = app.programme.show(stadium.show_id).await.unwrap().unwrap();
    let mut details = show.details.clone();
    details.max_seats_per_user = 2;
    app.programme.update_show(&show, &details).await.unwrap();

    demo::seed(&app).await.unwrap();
    let withdrawn = app.programme.performance(STADIUM_NIGHT).await.unwrap().unwrap();
    assert_eq!(withdrawn.published_at, None);
    app.programme.remove_performance(&withdrawn).await.unwrap();
    demo::seed(&app).await.unwrap();
    assert_eq!(app.programme.performance(STADIUM_NIGHT).await.unwrap(), None);
}

/// What the demo's organizer has.
#[derive(Debug, PartialEq)]
struct Seeded {
    houses: Vec<House>,
    shows: Vec<Show>,
    performances: Vec<Performance>,
}

impl Seeded {
    async fn of(app: &App) -> Self {
        let organizer = organizer(app).await;
        let (houses, _) = app.houses.houses_of(organizer, ALL, None).await.unwrap();
        let (shows, _) = app.programme.shows_of(organizer, ALL, None).await.unwrap();
        let mut performances = Vec::new();
        for performance in shows.iter().flat_map(|show| show.performances.keys()) {
            performances.push(app.programme.performance(*performance).await.unwrap().unwrap());
        }
        Self { houses, shows, performances }
    }
}

async fn organizer(app: &App) -> UserId {
    let email = Email::parse(ORGANIZER).unwrap();
    app.users.credentials(&email).await.unwrap().expect("an account").0.user_id
}

async fn empty() -> (Engine, App) {
    let engine = Engine::start(None).unwrap();
    let endpoint = engine.endpoint().to_owned();
    let config =
        Config::from_lookup(&|name| (name == "AWS_ENDPOINT_URL_DYNAMODB").then(|| endpoint.clone())).unwrap();
    DynamoStore::new(config.dynamodb.clone()).create_tables().await.unwrap();
    (engine, App::new(&config).unwrap())
}

/// The stadium as it was before there were houses: its plan was the performance's own.
fn earlier(stadium: Performance) -> Performance {
    let layout = Layout::parse(plan()).unwrap();
    Performance {
        layout_id: LayoutId(Uuid::from_u128(STADIUM_NIGHT.0.as_u128() + 1)),
        house: None,
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        ..stadium
    }
}

fn plan() -> LayoutPlan {
    let section = |(name, grade): (&str, &str)| SectionPlan {
        section: name.to_owned(),
        grade: grade.to_owned(),
        rows: vec![RowPlan { row: "1".to_owned(), seats: 25, ..RowPlan::default() }],
        ..SectionPlan::default()
    };
    LayoutPlan::of([("1", "VIP"), ("101", "R"), ("201", "S"), ("301", "A")].map(section).to_vec())
}
