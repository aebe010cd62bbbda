//! How an organizer sets staff and challenges, and what the record of a sale keeps.
#![cfg(test)]

use domain::{performance::Performance, user::Role};
use testkit::{Client, Fixture, Person, Value, World, json};

async fn start() -> (World, Client, Performance) {
    let world = World::start().await;
    let client = world.client(manage_sale::FUNCTION, manage_sale::routes());
    let performance = world.performance(Fixture::queue()).await;
    (world, client, performance)
}

fn path(performance: &Performance) -> String {
    format!("/v1/manage/sales/{}", performance.performance_id)
}

async fn patch(client: &Client, by: &Person, performance: &Performance, body: &Value) -> Value {
    client.patch(path(performance)).bearer(&by.token).json(body).send().await.ok(200)
}

fn staff(person: &Person) -> Value {
    json!({"user_id": person.user_id, "email": person.email})
}

#[tokio::test]
async fn staff_are_named_by_address_or_id_and_each_once() {
    let (world, client, performance) = start().await;
    let (one, other) = (world.buyer().await, world.buyer().await);
    let loud = format!(" {} ", one.email.to_uppercase());
    let bypass = json!([loud, other.user_id, one.user_id, other.email]);
    let steered = patch(&client, &world.organizer, &performance, &json!({"bypass": bypass})).await;
    assert_eq!(steered["bypass"], json!([staff(&one), staff(&other)]));
    let kept = world.app.programme.performance(performance.performance_id).await.unwrap().unwrap();
    assert!(kept.sale.lets_bypass(one.user_id) && kept.sale.lets_bypass(other.user_id));
    assert!(!kept.sale.lets_bypass(world.organizer.user_id));

    let unchanged = patch(&client, &world.organizer, &performance, &json!({"cap": 9})).await;
    assert_eq!(unchanged["bypass"], steered["bypass"], "what is not given stays");
    let replaced = patch(&client, &world.organizer, &performance, &json!({"bypass": [other.email]})).await;
    assert_eq!(replaced["bypass"], json!([staff(&other)]));
    let emptied = patch(&client, &world.organizer, &performance, &json!({"bypass": []})).await;
    assert_eq!(emptied["bypass"], json!([]));
}

#[tokio::test]
async fn the_record_names_who_changed_what_and_when() {
    let (world, client, performance) = start().await;
    let (admin, guest) = (world.person(Role::Admin).await, world.buyer().await);
    let _ = patch(&client, &world.organizer, &performance, &json!({"cap": 7, "rate_per_min": 6_000})).await;
    let again = patch(&client, &world.organizer, &performance, &json!({"cap": 7, "bypass": []})).await;
    assert_eq!(again["changes"].as_array().unwrap().len(), 1, "saying the same again writes nothing");
    let steering = json!({"state": "paused", "bypass": [guest.email], "challenge_bits": 12});
    let steered = patch(&client, &admin, &performance, &steering).await;
    assert_eq!((&steered["challenge_bits"], &steered["state"]), (&json!(12), &json!("paused")));
    let changes = steered["changes"].as_array().unwrap();
    let at = |change: &Value| change["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(at(&changes[0]) > at(&changes[1]) && at(&changes[0]) <= world.now());
    let without_time = |change: &Value| {
        let mut change = change.clone();
        change.as_object_mut().unwrap().remove("at");
        change
    };
    assert_eq!(
        changes.iter().map(without_time).collect::<Vec<_>>(),
        [
            json!({
                "by": admin.user_id,
                "before": {"state": "open", "bypass": [], "challenge_bits": 0},
                "after": {"state": "paused", "bypass": [staff(&guest)], "challenge_bits": 12},
            }),
            json!({"by": world.organizer.user_id, "before": {"cap": 100}, "after": {"cap": 7}}),
        ]
    );
    let seen = client.get(path(&performance)).bearer(&world.organizer.token).send().await.ok(200);
    assert_eq!(seen["changes"], steered["changes"]);
}

#[tokio::test]
async fn the_last_twenty_changes_are_shown_and_all_are_kept() {
    let (world, client, performance) = start().await;
    for cap in 1..=21 {
        let _ = patch(&client, &world.organizer, &performance, &json!({"cap": cap})).await;
    }
    let live = client.get(path(&performance)).bearer(&world.organizer.token).send().await.ok(200);
    let caps: Vec<_> =
        live["changes"].as_array().unwrap().iter().map(|one| one["after"]["cap"].clone()).collect();
    assert_eq!(caps, (2..=21).rev().map(Value::from).collect::<Vec<_>>());
    let kept = world.app.programme.sale_changes(performance.performance_id, 100).await.unwrap();
    assert_eq!(kept.len(), 21);
}

#[tokio::test]
async fn simultaneous_changes_do_not_undo_each_other() {
    let (world, client, performance) = start().await;
    let other = world.client(manage_sale::FUNCTION, manage_sale::routes());
    for round in 1..=5 {
        let (cap, rate) = (json!({"cap": round}), json!({"rate_per_min": round}));
        let (_, _) = tokio::join!(
            patch(&client, &world.organizer, &performance, &cap),
            patch(&other, &world.organizer, &performance, &rate),
        );
        let kept = world.app.programme.performance(performance.performance_id).await.unwrap().unwrap();
        assert_eq!((kept.sale.cap, kept.sale.rate_per_min), (round, round));
    }
    let kept = world.app.programme.sale_changes(performance.performance_id, 100).await.unwrap();
    assert_eq!(kept.len(), 10);
}

#[tokio::test]
async fn a_gathering_before_the_sale_is_shown() {
    let (world, client, _) = start().await;
    let fixture = Fixture { prequeue_in_s: Some(-60), opens_in_s: 60, ..Fixture::queue() };
    let performance = world.performance(fixture).await;
    let live = patch(&client, &world.organizer, &performance, &json!({"challenge_bits": 3})).await;
    let prequeue = performance.sale.door.prequeue.as_ref().unwrap();
    assert_eq!((&live["prequeue_at"], &live["state"]), (&json!(prequeue.opens_at), &json!("prequeue")));
    let kept = world.app.programme.performance(performance.performance_id).await.unwrap().unwrap();
    assert_eq!(kept.sale.door.prequeue.as_ref(), Some(prequeue), "steering leaves it as it is");
}

#[tokio::test]
async fn an_id_does_not_reveal_its_accounts_address() {
    let (world, client, performance) = start().await;
    let (known, stranger) = (world.buyer().await, world.buyer().await);
    let nameless = json!({"user_id": stranger.user_id, "email": null});
    let steering = json!({"bypass": [known.email, stranger.user_id]});
    let steered = patch(&client, &world.organizer, &performance, &steering).await;
    assert_eq!(steered["bypass"], json!([staff(&known), nameless]));
    assert_eq!(steered["changes"][0]["after"]["bypass"], steered["bypass"], "nor does the record");
    let ids = json!({"bypass": [stranger.user_id, known.user_id]});
    let again = patch(&client, &world.organizer, &performance, &ids).await;
    assert_eq!(again["bypass"], json!([nameless, staff(&known)]), "who was named by address keeps it");
    let kept = world.app.programme.performance(performance.performance_id).await.unwrap().unwrap();
    assert!(kept.sale.lets_bypass(stranger.user_id));
}

#[tokio::test]
async fn a_list_made_from_an_older_one_does_not_replace_a_newer_one() {
    let (world, client, performance) = start().await;
    let (one, other) = (world.buyer().await, world.buyer().await);
    let read = client.get(path(&performance)).bearer(&world.organizer.token).send().await;
    assert_eq!(read.etag(), format!("\"{}\"", read.json()["version"].as_str().unwrap()));
    let add = |person: &Person, etag: &str| {
        let request = client.patch(path(&performance)).bearer(&world.organizer.token);
        request.header("if-match", etag).json(&json!({"bypass": [person.email]})).send()
    };
    let added = add(&one, read.etag()).await;
    assert_eq!(added.ok(200)["bypass"], json!([staff(&one)]));
    let _ = add(&other, read.etag()).await.problem("changed_meanwhile", 412);
    assert_eq!(add(&one, read.etag()).await.ok(200)["version"], added.json()["version"], "a repeat");
    assert_eq!(add(&other, added.etag()).await.ok(200)["bypass"], json!([staff(&other)]));
    let other = world.client(manage_sale::FUNCTION, manage_sale::routes());
    let read = client.get(path(&performance)).bearer(&world.organizer.token).send().await;
    world.hold(&one, &performance, &["A-1-1"]).await;
    let later = other.get(path(&performance)).bearer(&world.organizer.token).send().await;
    assert_eq!(later.etag(), read.etag(), "figures are not part of it");
}
