//! Publications that are taken back.
#![cfg(test)]

use domain::{
    performance::Performance,
    sale::{Sale, SaleControl},
    user::Role,
};
use std::time::Duration;
use testkit::{Answer, Client, Fixture, Person, Value, World, json};
use tokio::time::sleep;

const DAY_S: i64 = 86_400;

struct Desk {
    world: World,
    client: Client,
}

impl Desk {
    async fn open() -> Self {
        let world = World::start().await;
        let client = world.client(manage_shows::FUNCTION, manage_shows::routes());
        Self { world, client }
    }

    async fn post(&self, performance: &Performance, what: &str) -> Answer {
        let path = format!("/v1/manage/performances/{}/{what}", performance.performance_id);
        self.client.post(path).bearer(&self.world.organizer.token).send().await
    }

    async fn remove(&self, performance: &Performance, person: &Person) -> Answer {
        let path = format!("/v1/manage/performances/{}", performance.performance_id);
        self.client.delete(path).bearer(&person.token).send().await
    }

    async fn public(&self, opens_in_s: i64) -> Performance {
        self.world
            .performance(Fixture {
                opens_in_s,
                closes_in_s: 30 * DAY_S,
                starts_in_s: 31 * DAY_S,
                ..Fixture::default()
            })
            .await
    }

    async fn steer(&self, performance: &Performance, control: SaleControl) -> Performance {
        let sale = Sale { control, ..performance.sale.clone() };
        let by = self.world.organizer.user_id;
        let set = self.world.app.programme.set_sale(performance, &sale, by, self.world.now());
        set.await.expect("the sale");
        Performance { sale, ..performance.clone() }
    }

    /// Whether buyers of another process see it, a second later: its page, and its show in the list.
    async fn is_seen(&self, performance: &Performance) -> bool {
        sleep(Duration::from_millis(1_050)).await;
        let app = &self.world.app;
        let found = app.catalog.performance(performance.performance_id).await.is_ok();
        let shows = app.programme.published_shows(1_000).await.expect("the shows");
        assert_eq!(found, shows.iter().any(|show| show.show_id == performance.show_id));
        found
    }
}

#[tokio::test]
async fn a_mistake_is_taken_back_before_its_sale_opens_and_removed() {
    let desk = Desk::open().await;
    let public = desk.public(DAY_S).await;
    assert!(desk.is_seen(&public).await);
    let _ = desk.remove(&public, &desk.world.organizer).await.problem("not_withdrawable", 409);
    let other = desk.world.person(Role::Organizer).await;
    let path = format!("/v1/manage/performances/{}/withdraw", public.performance_id);
    let _ = desk.client.post(path).bearer(&other.token).send().await.problem("forbidden", 403);

    let withdrawn = desk.post(&public, "withdraw").await.ok(200);
    assert_eq!(withdrawn["published_at"], Value::Null);
    assert!(!desk.is_seen(&public).await, "buyers see it no more");
    assert_eq!(desk.post(&public, "withdraw").await.ok(200), withdrawn, "again changes nothing");
    assert!(desk.post(&public, "publish").await.ok(200)["published_at"].is_string());
    assert!(desk.is_seen(&public).await);
    let _ = desk.post(&public, "withdraw").await.ok(200);

    let _ = desk.remove(&public, &other).await.problem("forbidden", 403);
    desk.remove(&public, &desk.world.organizer).await.empty(204);
    let _ = desk.remove(&public, &desk.world.organizer).await.problem("not_found", 404);
    let _ = desk.post(&public, "publish").await.problem("not_found", 404);
    let show = format!("/v1/manage/shows/{}", public.show_id);
    let show = desk.client.get(show).bearer(&desk.world.organizer.token).send().await.ok(200);
    assert_eq!(show["performances"], json!([]));
}

#[tokio::test]
async fn once_buyers_may_come_a_publication_stays() {
    let desk = Desk::open().await;
    for opens_in_s in [-60, 60, 119] {
        let public = desk.public(opens_in_s).await;
        let _ = desk.post(&public, "withdraw").await.problem("not_withdrawable", 409);
        assert!(desk.is_seen(&public).await);
    }
    let gathers = Fixture {
        prequeue_in_s: Some(60),
        opens_in_s: DAY_S,
        closes_in_s: 30 * DAY_S,
        starts_in_s: 31 * DAY_S,
        ..Fixture::queue()
    };
    let gathers = desk.world.performance(gathers).await;
    let _ = desk.post(&gathers, "withdraw").await.problem("not_withdrawable", 409);
}

#[tokio::test]
async fn a_sale_that_was_closed_for_longer_than_a_hold_lasts_is_taken_back_if_nothing_was_reserved() {
    let desk = Desk::open().await;
    let buyer = desk.world.person(Role::Buyer).await;
    let (untouched, touched) = (desk.public(-60).await, desk.public(-60).await);
    let _ = desk.world.reserved(&buyer, &touched, &["A-1-1"]).await;
    for public in [&untouched, &touched] {
        let closed = desk.steer(public, SaleControl::Closed).await;
        let _ = desk.post(&closed, "withdraw").await.problem("not_withdrawable", 409);
    }
    desk.world.set_forward(i64::from(desk.world.app.limits.hold_ttl_s) + 119);
    let _ = desk.post(&untouched, "withdraw").await.problem("not_withdrawable", 409);
    desk.world.set_forward(2);
    let _ = desk.post(&touched, "withdraw").await.problem("not_withdrawable", 409);
    assert_eq!(desk.post(&untouched, "withdraw").await.ok(200)["published_at"], Value::Null);
}
