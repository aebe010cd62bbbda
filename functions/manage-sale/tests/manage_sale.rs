//! What watching and controlling a sale promise.
#![cfg(test)]

use domain::{performance::Performance, queue::Standing, user::Role};
use testkit::{Answer, Client, Fixture, Value, World, json};

async fn start(fixture: Fixture) -> (World, Client, Performance) {
    let world = World::start().await;
    let client = world.client(manage_sale::FUNCTION, manage_sale::routes());
    let performance = world.performance(fixture).await;
    (world, client, performance)
}

fn path(performance: &Performance) -> String {
    format!("/v1/manage/sales/{}", performance.performance_id)
}

async fn patch(world: &World, client: &Client, performance: &Performance, body: &Value) -> Answer {
    client.patch(path(performance)).bearer(&world.organizer.token).json(body).send().await
}

#[tokio::test]
async fn an_organizer_sees_the_live_figures() {
    let (world, client, performance) = start(Fixture { cap: 2, ..Fixture::queue() }).await;
    let flow = world.app.catalog.flow(&performance).unwrap();
    for number in 1..=4 {
        let person = world.buyer().await;
        let id = performance.performance_id;
        world.app.room.join(id, person.user_id, None, &flow).await.unwrap();
        if number == 1 {
            world.app.room.claim(id, person.user_id, Standing::Number(1), &flow).await.unwrap();
        }
    }
    world.hold(&world.buyer().await, &performance, &["A-1-1"]).await;
    world.reserved(&world.buyer().await, &performance, &["A-1-2", "A-1-3"]).await;
    world.confirmed(&world.buyer().await, &performance, &["A-1-4", "A-1-5", "A-1-6"]).await;
    let live = client.get(path(&performance)).bearer(&world.organizer.token).send().await.ok(200);
    assert_eq!(
        live,
        json!({
            "performance_id": performance.performance_id, "show_id": performance.show_id,
            "opens_at": performance.sale.opens_at, "closes_at": performance.sale.closes_at, "prequeue_at": null,
            "mode": "queue", "state": "open", "cap": 2, "rate_per_min": 6_000,
            "issued": 4, "serving": 2, "active": 1,
            "seat_count": 10, "held": 1, "reserved": 2, "sold": 3,
            "bypass": [], "challenge_bits": 0, "changes": [], "late_entry": false, "version": live["version"],
            "accessible_release_at": null,
        })
    );
}

#[tokio::test]
async fn given_fields_change_and_the_rest_stays() {
    let (world, client, performance) = start(Fixture::queue()).await;
    let steered = patch(&world, &client, &performance, &json!({"cap": 7})).await.ok(200);
    assert_eq!(
        (&steered["cap"], &steered["rate_per_min"], &steered["state"]),
        (&json!(7), &json!(6_000), &json!("open"))
    );
    let steered =
        patch(&world, &client, &performance, &json!({"rate_per_min": 9, "state": "paused"})).await.ok(200);
    assert_eq!(
        (&steered["cap"], &steered["rate_per_min"], &steered["state"]),
        (&json!(7), &json!(9), &json!("paused"))
    );
    assert_eq!(patch(&world, &client, &performance, &json!({})).await.ok(200), steered);
    let elsewhere = world.client(manage_sale::FUNCTION, manage_sale::routes());
    assert_eq!(
        elsewhere.get(path(&performance)).bearer(&world.organizer.token).send().await.ok(200),
        steered
    );
    for state in ["closed", "open"] {
        let steered = patch(&world, &client, &performance, &json!({"state": state})).await.ok(200);
        assert_eq!(steered["state"], state);
    }
    let show = world.app.programme.show(performance.show_id).await.unwrap().unwrap();
    assert_eq!(show.performances[&performance.performance_id].sale.cap, 7, "lists know it, too");
}

#[tokio::test]
async fn the_release_of_wheelchair_places_is_moved_and_taken_back() {
    let (world, client, performance) = start(Fixture::queue()).await;
    let at = json!(world.now());
    let released = patch(&world, &client, &performance, &json!({"accessible_release_at": at})).await.ok(200);
    assert_eq!(released["accessible_release_at"], at);
    assert_eq!(released["changes"][0]["before"], json!({"accessible_release_at": null}));
    assert_eq!(released["changes"][0]["after"], json!({"accessible_release_at": at}));
    let wider = patch(&world, &client, &performance, &json!({"cap": 7})).await.ok(200);
    assert_eq!(wider["accessible_release_at"], at, "absent: as it was");
    let never = patch(&world, &client, &performance, &json!({"accessible_release_at": null})).await.ok(200);
    assert_eq!(never["accessible_release_at"], Value::Null);
    for wrong in [json!(performance.sale.closes_at), json!("soon"), json!(7)] {
        let answer = patch(&world, &client, &performance, &json!({"accessible_release_at": wrong})).await;
        assert_eq!(answer.invalid(), ["accessible_release_at"], "{wrong}");
    }
}

#[tokio::test]
async fn a_smaller_cap_lets_no_buyer_in_until_there_is_room() {
    let (world, client, performance) = start(Fixture { cap: 2, ..Fixture::queue() }).await;
    let id = performance.performance_id;
    let flow = world.app.catalog.flow(&performance).unwrap();
    let people = [world.buyer().await, world.buyer().await, world.buyer().await];
    for (number, person) in (1..).zip(&people) {
        world.app.room.join(id, person.user_id, None, &flow).await.unwrap();
        let _ = world.app.room.claim(id, person.user_id, Standing::Number(number), &flow).await;
    }
    let steered = patch(&world, &client, &performance, &json!({"cap": 1})).await.ok(200);
    assert_eq!((&steered["active"], &steered["serving"]), (&json!(2), &json!(2)));
    world.app.room.leave(id, people[0].user_id, None).await.unwrap();
    let live = client.get(path(&performance)).bearer(&world.organizer.token).send().await.ok(200);
    assert_eq!((&live["active"], &live["serving"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn the_times_cannot_be_changed() {
    let (world, client, performance) = start(Fixture { opens_in_s: 60, ..Fixture::queue() }).await;
    let steered = patch(&world, &client, &performance, &json!({"state": "open"})).await.ok(200);
    assert_eq!(steered["state"], "scheduled");
}

#[tokio::test]
async fn a_sale_without_a_queue_has_no_figures_of_one() {
    let fixture = Fixture { sections: &[("A", "R", &[1])], ..Fixture::default() };
    let (world, client, performance) = start(fixture).await;
    world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    let live = client.get(path(&performance)).bearer(&world.organizer.token).send().await.ok(200);
    assert_eq!((&live["issued"], &live["serving"], &live["active"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!((&live["state"], &live["sold"]), (&json!("sold_out"), &json!(1)));
}

#[tokio::test]
async fn orders_that_make_no_sense_change_nothing() {
    let (world, client, performance) = start(Fixture::queue()).await;
    for (body, field) in [
        (json!({"cap": 0}), "cap"),
        (json!({"cap": 100_001}), "cap"),
        (json!({"cap": -1}), "cap"),
        (json!({"rate_per_min": 0}), "rate_per_min"),
        (json!({"rate_per_min": 1_000_001}), "rate_per_min"),
        (json!({"state": "sold_out"}), "state"),
        (json!({"challenge_bits": 25}), "challenge_bits"),
        (json!({"challenge_bits": 256}), "challenge_bits"),
        (json!({"bypass": "all"}), "bypass"),
        (json!({"bypass": vec!["person"; 101]}), "bypass"),
        (json!({"cap": 3, "bypass": [world.organizer.email, "unknown@yemae.test"]}), "bypass[1]"),
        (json!({"bypass": [world.app.ids.uuid()]}), "bypass[0]"),
        (json!({"bypass": [""]}), "bypass[0]"),
    ] {
        assert_eq!(patch(&world, &client, &performance, &body).await.invalid(), [field]);
    }
    let kept = world.app.programme.performance(performance.performance_id).await.unwrap().unwrap();
    assert_eq!(kept.sale, performance.sale);
    let live = client.get(path(&performance)).bearer(&world.organizer.token).send().await.ok(200);
    assert_eq!(live["changes"], json!([]), "and nothing is recorded");
}

#[tokio::test]
async fn a_sale_belongs_to_its_organizer() {
    let (world, client, performance) = start(Fixture::queue()).await;
    let (buyer, stranger) = (world.buyer().await, world.person(Role::Organizer).await);
    for person in [&buyer, &stranger] {
        let get = client.get(path(&performance)).bearer(&person.token);
        let _ = get.send().await.problem("forbidden", 403);
        let patch = client.patch(path(&performance)).bearer(&person.token).json(&json!({"state": "closed"}));
        let _ = patch.send().await.problem("forbidden", 403);
    }
    let _ = client.get(path(&performance)).send().await.problem("unauthenticated", 401);
    let admin = world.person(Role::Admin).await;
    let closed = client.patch(path(&performance)).bearer(&admin.token).json(&json!({"state": "closed"}));
    assert_eq!(closed.send().await.ok(200)["state"], "closed");
    for id in [world.app.ids.uuid().to_string(), "x".into()] {
        let get = client.get(format!("/v1/manage/sales/{id}")).bearer(&world.organizer.token);
        let _ = get.send().await.problem("not_found", 404);
    }
}
