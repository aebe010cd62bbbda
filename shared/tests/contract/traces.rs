//! What a change of the books leaves on DynamoDB besides itself: one event, and each line of the ledger once.

use crate::{
    engines::{run, store},
    fixtures::{at, booking, claimed, details, listed, uuid},
};
use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Builder, Credentials, Region},
    types::AttributeValue,
};
use domain::{
    PerformanceId, UserId,
    id::SessionId,
    performance::Performance,
    sale::{Sale, SaleControl},
};
use shared::{
    adapters::dynamodb::{Http, TableOutcome},
    ports::{BookingChange, Books, FamilyKey, Health, NewSession, Programme, ReplaceError, Sessions},
};
use std::collections::HashMap;
use stores::Engine;

type Item = HashMap<String, AttributeValue>;

#[test]
fn every_change_leaves_one_event_and_the_money_is_written_once() {
    let engine = Engine::start(None).expect("dynoxide starts");
    run(async {
        let store = store(engine.endpoint());
        store.create_tables().await.expect("tables are made");
        let user = UserId(uuid());
        let reserved = booking(PerformanceId(uuid()), user, &[0, 1], 1);
        let completion = claimed(&store, user).await;
        store.reserve(&reserved, 4, at(0), &completion).await.expect("free seats");
        let paid = reserved.confirm(Some("reference".to_owned()), at(1)).expect("reserved");
        let cancelled = paid.cancel(300, at(2)).expect("before it starts");
        for (before, after, now) in [(&reserved, &paid, at(1)), (&paid, &cancelled, at(2))] {
            let step = BookingChange { before, after, payment: None, completion: None, now };
            store.change(&step).await.expect("mine");
            store.change(&step).await.expect_err("once");
        }

        let mut events = items(engine.endpoint(), "outbox").await;
        events.sort_by_key(|event| number(event, "at_us"));
        let told: Vec<_> = events.iter().map(|event| text(event, "type")).collect();
        assert_eq!(told, ["booking.reserved", "booking.confirmed", "booking.cancelled"]);
        assert!(events.iter().all(|event| text(event, "booking_id") == reserved.booking_id.to_string()));

        let ledger: HashMap<_, _> = items(engine.endpoint(), "main")
            .await
            .into_iter()
            .filter(|item| text(item, "sk").starts_with("LEDGER#"))
            .map(|item| (text(&item, "sk").to_owned(), number(&item, "amount")))
            .collect();
        assert_eq!(ledger, [("LEDGER#charge".to_owned(), 2_000), ("LEDGER#refund".to_owned(), 1_700)].into());
    });
}

#[test]
fn a_publication_and_a_new_sale_are_told_once() {
    let engine = Engine::start(None).expect("dynoxide starts");
    run(async {
        let store = store(engine.endpoint());
        store.create_tables().await.expect("tables are made");
        let (_, performance) = listed(&store).await;
        let published = Performance { published_at: Some(at(1)), ..performance.clone() };
        store.publish(&published).await.expect("published");
        store.publish(&published).await.expect("changes nothing");
        let paused = Sale { control: SaleControl::Paused, ..performance.sale.clone() };
        store.set_sale(&performance, &paused, UserId(uuid()), at(2)).await.expect("set");
        store.set_sale(&performance, &paused, UserId(uuid()), at(3)).await.expect_err("it was read before");
        let events = items(engine.endpoint(), "outbox").await;
        let mut told: Vec<_> = events.iter().map(|event| text(event, "type")).collect();
        told.sort_unstable();
        assert_eq!(told, ["performance.published", "performance.sale_changed"]);
    });
}

#[test]
fn a_sale_that_an_older_version_wrote_can_be_changed() {
    let engine = Engine::start(None).expect("dynoxide starts");
    run(async {
        let store = store(engine.endpoint());
        store.create_tables().await.expect("tables are made");
        let (_, performance) = listed(&store).await;
        let key = |name: &str| AttributeValue::S(format!("{name}#{}", performance.performance_id));
        let update = client(engine.endpoint()).update_item().table_name("yemae-contract-main");
        let update =
            update.key("pk", key("PERFORMANCE")).key("sk", AttributeValue::S("PERFORMANCE".to_owned()));
        let update = update
            .update_expression("REMOVE sale.door, sale.late_entry")
            .condition_expression("attribute_exists(sale.door)");
        update.send().await.expect("written as before there was a door");
        let id = performance.performance_id;
        assert_eq!(store.performance(id).await.expect("answers"), Some(performance.clone()));
        let paused = Sale { control: SaleControl::Paused, ..performance.sale.clone() };
        store.set_sale(&performance, &paused, UserId(uuid()), at(1)).await.expect("set");
        let open = performance.sale.clone();
        let refused = store.set_sale(&performance, &Sale { cap: 9, ..open }, UserId(uuid()), at(2)).await;
        assert!(matches!(refused, Err(ReplaceError::Changed)), "{refused:?}");
    });
}

#[test]
fn a_show_that_an_older_version_wrote_can_be_changed_and_published() {
    let engine = Engine::start(None).expect("dynoxide starts");
    run(async {
        let store = store(engine.endpoint());
        store.create_tables().await.expect("tables are made");
        let (show, performance) = listed(&store).await;
        let update = client(engine.endpoint()).update_item().table_name("yemae-contract-main");
        let update = update
            .key("pk", AttributeValue::S(format!("SHOW#{}", show.show_id)))
            .key("sk", AttributeValue::S("SHOW".to_owned()))
            .update_expression("REMOVE version, performances.#this.price_range")
            .condition_expression("attribute_exists(version)")
            .expression_attribute_names("#this", performance.performance_id.to_string());
        update.send().await.expect("written as before there were versions");
        let read = store.show(show.show_id).await.expect("answers").expect("there");
        assert_eq!((read.version, read.performances[&performance.performance_id].price_range), (0, None));
        assert_eq!(store.update_show(&read, &details("new title")).await.expect("as it was read"), 1);
        let outcome = store.update_show(&read, &details("newer title")).await;
        assert!(matches!(outcome, Err(ReplaceError::Changed)), "{outcome:?}");
        let published = Performance { published_at: Some(at(1)), ..performance };
        store.publish(&published).await.expect("published");
        let read = store.show(show.show_id).await.expect("answers").expect("there");
        assert_eq!((read.version, read.details.title.as_str()), (2, "new title"));
        assert_eq!(read.price_range(), published.price_range);
    });
}

#[test]
fn a_session_of_an_older_version_gets_a_key_once_and_for_all() {
    let engine = Engine::start(None).expect("dynoxide starts");
    run(async {
        let store = store(engine.endpoint());
        store.create_tables().await.expect("tables are made");
        let (session, user) = (SessionId(uuid()), UserId(uuid()));
        let key = FamilyKey([9; 32]);
        let new = NewSession { session, user, key, token_hash: [1; 32], expires_at: at(100) };
        store.start(&new).await.expect("a new family");
        let family = items(engine.endpoint(), "main").await.pop().expect("the family");
        let without = client(engine.endpoint())
            .update_item()
            .table_name("yemae-contract-main")
            .key("pk", family["pk"].clone())
            .key("sk", family["sk"].clone())
            .update_expression("REMOVE family_key");
        without.send().await.expect("as it was written once");

        let keys = [FamilyKey([1; 32]), FamilyKey([2; 32])];
        let (one, other) =
            tokio::join!(store.find(session, keys[0], at(0)), store.find(session, keys[1], at(0)));
        let (one, other) = (one.expect("answers").expect("a family"), other.expect("answers"));
        assert_eq!(other.as_ref(), Some(&one));
        assert!(keys.contains(&one.key) && (one.user, one.token_hash) == (user, [1; 32]));
        let later = store.find(session, FamilyKey([3; 32]), at(0)).await.expect("answers");
        assert_eq!(later, Some(one));
    });
}

#[test]
fn tables_are_made_once_and_the_store_says_whether_they_are_there() {
    let engine = Engine::start(None).expect("dynoxide starts");
    run(async {
        let store = store(engine.endpoint());
        assert!(store.check().await.is_err());
        for expected in [TableOutcome::Created, TableOutcome::Existed] {
            let made = store.create_tables().await.expect("tables are made");
            assert!(made.len() == 3 && made.iter().all(|(_, outcome)| *outcome == expected));
            store.check().await.expect("tables answer");
        }
    });
}

async fn items(endpoint: &str, table: &str) -> Vec<Item> {
    let scan = client(endpoint).scan().table_name(format!("yemae-contract-{table}")).send().await;
    scan.expect("answers").items.expect("items")
}

fn client(endpoint: &str) -> Client {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("ap-northeast-2"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(endpoint)
        .http_client(Http::default())
        .build();
    Client::from_conf(config)
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

fn number(item: &Item, name: &str) -> i64 {
    item[name].as_n().expect("a number").parse().expect("a whole number")
}
