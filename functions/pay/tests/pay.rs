//! What paying promises: no buyer is charged without a seat, nor twice.
#![cfg(test)]

use async_trait::async_trait;
use domain::{
    BookingId,
    booking::{Booking, BookingState, Payment, PaymentGoal},
};
use shared::{
    app::App,
    ports::{AuthorizeError, Due, PaymentProvider, ProviderState, ProviderUnavailable},
    services::settlement::{PAYMENT_ABANDONED_S, Settlement},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use testkit::{Answer, Client, Fixture, Money, Person, World, json};
use tokio::sync::Notify;

const PRICE: u64 = 50_000;

struct Shop {
    world: World,
    client: Client,
    buyer: Person,
    booking: Booking,
}

/// A buyer with one seat to pay.
async fn start() -> Shop {
    let world = World::start().await;
    let client = world.client(pay::FUNCTION, pay::routes());
    let buyer = world.buyer().await;
    let performance = world.performance(Fixture::default()).await;
    let booking = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    Shop { world, client, buyer, booking }
}

impl Shop {
    async fn pay(&self, key: &str, token: &str) -> Answer {
        self.pay_at(&self.client, key, token).await
    }

    async fn pay_at(&self, client: &Client, key: &str, token: &str) -> Answer {
        let order = json!({"booking_id": self.booking.booking_id, "method": "card", "token": token});
        client.post("/v1/payments").bearer(&self.buyer.token).key(key).json(&order).send().await
    }

    async fn news(&self, reference: &str) -> Answer {
        self.client.post("/v1/payments/webhook").json(&json!({"reference": reference})).send().await
    }

    async fn booking(&self) -> Booking {
        self.world.booking(self.booking.booking_id).await
    }

    /// Expires the booking in the books, as if it had not been paid in time.
    async fn expire(&self) {
        let much_later = self.world.now() + Duration::from_hours(1);
        let expired = self.booking.expire(much_later).unwrap();
        self.world.change(&self.booking, &expired, None).await;
    }

    /// What a sweep does for payments.
    async fn sweep(&self) {
        for (_, due) in self.world.app.books.due(self.world.now(), 100).await.unwrap() {
            if let Due::Payment(booking, reference) = due {
                let payment = self.world.app.books.payment(booking, &reference).await.unwrap().unwrap();
                self.world.app.settlement.settle(&payment).await.unwrap();
            }
        }
    }

    /// A client of a process whose provider does not answer.
    fn cut_off(&self) -> Client {
        self.world.client_with(&[("YEMAE_PAYMENT_URL", "http://127.0.0.1:1")], pay::FUNCTION, pay::routes())
    }

    /// A moody provider, and a client of a process that uses it.
    fn moody(&self) -> (Arc<Moody>, Client) {
        let provider = self.world.app.provider.clone();
        let [is_down, thinks] = [AtomicBool::new(false), AtomicBool::new(false)];
        let [asked, decides] = [Notify::new(), Notify::new()];
        let moody = Arc::new(Moody { provider, is_down, thinks, asked, decides });
        let (app, provider) = (self.world.app_with(&[]), Arc::clone(&moody) as Arc<dyn PaymentProvider>);
        let settlement = Settlement::new(app.books.clone(), provider.clone(), app.clock.clone());
        let app = App { provider, settlement, ..app };
        (moody, Client::new(pay::FUNCTION, pay::routes(), app))
    }

    async fn goal(&self, payment: &Payment) -> PaymentGoal {
        let books = &self.world.app.books;
        books.payment(payment.booking_id, &payment.reference).await.unwrap().unwrap().goal
    }

    /// How much was authorised, captured, voided and refunded.
    async fn money(&self) -> [u64; 4] {
        let mut sums = [0; 4];
        for (sum, done) in sums.iter_mut().zip(["authorized", "captured", "voided", "refunded"]) {
            *sum = self.world.money(done).await.amount;
        }
        sums
    }
}

#[tokio::test]
async fn money_is_taken_once_for_a_seat_that_is_sold() {
    let shop = start().await;
    let first = shop.pay("k", "ok").await;
    let paid = first.ok(200);
    let id = shop.booking.booking_id;
    assert_eq!(
        (&paid["booking_id"], &paid["state"], &paid["amount"]),
        (&json!(id), &json!("confirmed"), &json!(PRICE))
    );
    assert_eq!((&paid["seats"], &paid["currency"]), (&json!(["A-1-1"]), &json!("KRW")));
    assert_eq!(shop.pay("k", "ok").await.body, first.body);
    assert_eq!(shop.pay("another", "ok").await.ok(200)["state"], "confirmed", "paying again changes nothing");
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
    let _ = shop.pay("k", "decline").await.problem("idempotency_key_reused", 422);
    let figures = shop.world.app.locks.figures(shop.booking.performance_id).await.unwrap();
    assert_eq!((figures.reserved, figures.sold), (0, 1));
}

#[tokio::test]
async fn a_declined_card_keeps_the_seat_for_another_try() {
    let shop = start().await;
    let first = shop.pay("k", "decline").await;
    let _ = first.problem("payment_declined", 402);
    assert_eq!(shop.pay("k", "decline").await.body, first.body);
    assert_eq!(shop.booking().await.state, BookingState::Reserved);
    let _ = shop.pay("again", "ok").await.ok(200);
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again() {
    let shop = start().await;
    let _ = shop.pay("k", "lost").await.ok(200);
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn while_a_slow_payment_runs_its_repeat_is_told_so() {
    let shop = start().await;
    let repeat = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        shop.pay("k", "slow").await
    };
    let (first, repeat) = tokio::join!(shop.pay("k", "slow"), repeat);
    let _ = first.ok(200);
    let _ = repeat.problem("idempotency_in_progress", 409);
    assert_eq!(repeat.header("retry-after"), "1");
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn a_client_that_hangs_up_has_paid_all_the_same() {
    let shop = start().await;
    let hung_up = tokio::time::timeout(Duration::from_millis(200), shop.pay("k", "slow")).await;
    assert!(hung_up.is_err());
    let all_the_same = async {
        while shop.money().await != [PRICE, PRICE, 0, 0] {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), all_the_same).await.unwrap();
    assert_eq!(shop.booking().await.state, BookingState::Confirmed);
    assert_eq!(shop.pay("k", "slow").await.ok(200)["state"], "confirmed");
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn a_provider_that_is_down_charges_nothing_and_the_same_key_pays_later() {
    let shop = start().await;
    let cut_off = shop.cut_off();
    for _ in 0..2 {
        let down = shop.pay_at(&cut_off, "k", "ok").await;
        let _ = down.problem("payment_provider_unavailable", 502);
    }
    assert_eq!(shop.booking().await.state, BookingState::Reserved);
    let _ = shop.pay("k", "ok").await.ok(200);
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn a_provider_that_took_the_order_and_fell_silent_is_not_asked_for_more() {
    let shop = start().await;
    let (provider, client) = shop.moody();
    provider.is_down.store(true, Ordering::SeqCst);
    let _ = shop.pay_at(&client, "k", "ok").await.problem("payment_provider_unavailable", 502);
    assert_eq!(shop.money().await, [PRICE, 0, 0, 0]);
    provider.is_down.store(false, Ordering::SeqCst);
    let _ = shop.pay_at(&client, "k", "ok").await.ok(200);
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn two_simultaneous_payments_charge_once() {
    let shop = start().await;
    let (one, other) = tokio::join!(shop.pay("a", "slow"), shop.pay("b", "slow"));
    for answer in [one, other] {
        assert_eq!(answer.ok(200)["state"], "confirmed");
    }
    assert_eq!(shop.money().await, [2 * PRICE, PRICE, PRICE, 0]);
}

#[tokio::test]
async fn after_the_window_the_provider_is_not_even_asked() {
    let shop = start().await;
    shop.world.set_forward(601);
    let _ = shop.pay("k", "ok").await.problem("payment_window_over", 410);
    assert_eq!(shop.money().await, [0; 4]);
}

#[tokio::test]
async fn a_repeat_of_a_payment_begun_in_time_goes_on_while_the_seats_are_kept() {
    let shop = start().await;
    shop.world.set_forward(595);
    let _ = shop.pay_at(&shop.cut_off(), "k", "ok").await.problem("payment_provider_unavailable", 502);
    shop.world.set_forward(30);
    let _ = shop.pay("another", "ok").await.problem("payment_window_over", 410);
    let _ = shop.pay("k", "ok").await.ok(200);
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn after_the_grace_a_repeat_is_over_too() {
    let shop = start().await;
    shop.world.set_forward(595);
    let _ = shop.pay_at(&shop.cut_off(), "k", "ok").await.problem("payment_provider_unavailable", 502);
    shop.world.set_forward(66);
    let _ = shop.pay("k", "ok").await.problem("payment_window_over", 410);
    assert_eq!(shop.money().await, [0; 4]);
}

#[tokio::test]
async fn a_payment_that_its_client_repeats_is_not_undone_by_the_sweep() {
    let shop = start().await;
    let cut_off = shop.cut_off();
    for _ in 0..3 {
        let _ = shop.pay_at(&cut_off, "k", "ok").await.problem("payment_provider_unavailable", 502);
        shop.world.set_forward(PAYMENT_ABANDONED_S - 5);
        shop.sweep().await;
    }
    let _ = shop.pay("k", "ok").await.ok(200);
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn money_that_comes_after_the_expiry_goes_back_and_the_answer_says_so() {
    let shop = start().await;
    let (bank, client) = shop.moody();
    let late = bank.while_it_decides(shop.expire(), shop.pay_at(&client, "k", "ok")).await;
    let problem = late.problem("payment_window_over", 410);
    assert!(problem["detail"].as_str().unwrap().contains("nothing is charged"));
    assert_eq!(shop.money().await, [PRICE, 0, PRICE, 0]);
    assert_eq!(shop.pay("k", "ok").await.body, late.body);
    assert_eq!(shop.booking().await.state, BookingState::Expired);
}

#[tokio::test]
async fn an_ended_booking_takes_no_money() {
    let shop = start().await;
    let cancelled = shop.booking.cancel(0, shop.world.now()).unwrap();
    shop.world.change(&shop.booking, &cancelled, None).await;
    let _ = shop.pay("k", "ok").await.problem("payment_window_over", 410);
    assert_eq!(shop.money().await, [0; 4]);
}

#[tokio::test]
async fn another_buyers_booking_is_not_found() {
    let shop = start().await;
    let other = shop.world.buyer().await;
    for (key, id) in [("a", shop.booking.booking_id), ("b", BookingId(shop.world.app.ids.uuid()))] {
        let order = json!({"booking_id": id, "method": "card", "token": "ok"});
        let request = shop.client.post("/v1/payments").bearer(&other.token).key(key).json(&order);
        let _ = request.send().await.problem("not_found", 404);
    }
    assert_eq!(shop.money().await, [0; 4]);
}

#[tokio::test]
async fn a_request_needs_an_account_a_key_and_an_order() {
    let shop = start().await;
    let order = json!({"booking_id": shop.booking.booking_id, "method": "card", "token": "ok"});
    let post = || shop.client.post("/v1/payments");
    let _ = post().key("k").json(&order).send().await.problem("unauthenticated", 401);
    let _ =
        post().bearer(&shop.buyer.token).json(&order).send().await.problem("idempotency_key_required", 400);
    let empty = json!({"booking_id": shop.booking.booking_id, "method": "", "token": "t".repeat(513)});
    let answer = post().bearer(&shop.buyer.token).key("k").json(&empty).send().await;
    assert_eq!(answer.invalid(), ["method", "token"]);
    let answer = post().bearer(&shop.buyer.token).key("k").json(&json!({"booking_id": 1})).send().await;
    assert_eq!(answer.invalid(), ["booking_id"]);
}

#[tokio::test]
async fn a_notification_finishes_what_a_dead_request_began() {
    let shop = start().await;
    let payment = shop.world.authorized(&shop.booking).await;
    for _ in 0..2 {
        shop.news(&payment.reference).await.empty(204);
    }
    assert_eq!(shop.booking().await.paid_with, Some(payment.reference.clone()));
    assert_eq!(shop.goal(&payment).await, PaymentGoal::Taken);
    assert_eq!(shop.money().await, [PRICE, PRICE, 0, 0]);
}

#[tokio::test]
async fn a_notification_of_money_that_came_too_late_returns_it() {
    let shop = start().await;
    let payment = shop.world.authorized(&shop.booking).await;
    shop.expire().await;
    shop.news(&payment.reference).await.empty(204);
    assert_eq!(shop.goal(&payment).await, PaymentGoal::GivenBack);
    assert_eq!(shop.money().await, [PRICE, 0, PRICE, 0]);
}

#[tokio::test]
async fn a_notification_of_written_off_money_returns_it_at_once() {
    let shop = start().await;
    let payment = shop.world.opened(&shop.booking).await;
    shop.world.set_forward(PAYMENT_ABANDONED_S + 1);
    shop.sweep().await;
    let written_off = PaymentGoal::WrittenOff { refund: PRICE, looks: 0 };
    for _ in 0..5 {
        shop.news(&payment.reference).await.empty(204);
    }
    assert_eq!(shop.goal(&payment).await, written_off, "a notification without money ends nothing sooner");
    shop.world.app.provider.authorize(&payment, "card", "ok").await.unwrap();
    for _ in 0..2 {
        shop.news(&payment.reference).await.empty(204);
        assert_eq!(shop.goal(&payment).await, PaymentGoal::GivenBack);
    }
    assert_eq!(shop.money().await, [PRICE, 0, PRICE, 0]);
    assert_eq!(shop.booking().await.state, BookingState::Reserved, "the seat can still be paid");
    let _ = shop.pay("again", "ok").await.ok(200);
    assert_eq!(shop.money().await, [2 * PRICE, PRICE, PRICE, 0]);
}

#[tokio::test]
async fn a_notification_of_money_for_an_ended_payment_returns_it_whatever_the_end() {
    for over in [PaymentGoal::GivenBack, PaymentGoal::Declined] {
        for captured in [false, true] {
            let shop = start().await;
            let payment = shop.world.opened(&shop.booking).await;
            shop.world.app.books.move_payment(&payment, over, shop.world.now()).await.unwrap();
            shop.news(&payment.reference).await.empty(204);
            assert_eq!(shop.goal(&payment).await, over);
            shop.world.app.provider.authorize(&payment, "card", "ok").await.unwrap();
            if captured {
                shop.world.app.provider.capture(&payment.reference).await.unwrap();
            }
            for _ in 0..2 {
                shop.news(&payment.reference).await.empty(204);
                assert_eq!(shop.goal(&payment).await, PaymentGoal::GivenBack);
            }
            let back = if captured { [PRICE, PRICE, 0, PRICE] } else { [PRICE, 0, PRICE, 0] };
            assert_eq!(shop.money().await, back);
        }
    }
}

#[tokio::test]
async fn a_notification_that_the_provider_cannot_confirm_must_be_repeated() {
    let shop = start().await;
    let payment = shop.world.opened(&shop.booking).await;
    for goal in [PaymentGoal::Authorize, PaymentGoal::Declined] {
        let news = json!({"reference": payment.reference});
        let told = shop.cut_off().post("/v1/payments/webhook").json(&news).send().await;
        let _ = told.problem("payment_provider_unavailable", 502);
        assert_eq!(shop.goal(&payment).await, goal);
        shop.world.app.books.move_payment(&payment, PaymentGoal::Declined, shop.world.now()).await.unwrap();
    }
}

#[tokio::test]
async fn a_request_that_authorises_a_payment_written_off_meanwhile_returns_the_money_at_once() {
    let shop = start().await;
    let (bank, client) = shop.moody();
    let given_up = async {
        shop.world.set_forward(PAYMENT_ABANDONED_S + 1);
        shop.sweep().await;
    };
    let late = bank.while_it_decides(given_up, shop.pay_at(&client, "k", "ok")).await;
    let problem = late.problem("payment_declined", 402);
    assert!(problem["detail"].as_str().unwrap().contains("new Idempotency-Key"));
    assert_eq!(shop.money().await, [PRICE, 0, PRICE, 0]);
    let _ = shop.pay("new", "ok").await.ok(200);
}

#[tokio::test]
async fn notifications_are_verified_with_the_provider() {
    let shop = start().await;
    let invented = format!("{}.{}", shop.booking.booking_id, "0".repeat(24));
    for reference in [invented.as_str(), "x", "", &format!("{}.x", shop.booking.booking_id)] {
        let _ = shop.news(reference).await.problem("not_found", 404);
    }
    let answer = shop.client.post("/v1/payments/webhook").json(&json!({})).send().await;
    assert_eq!(answer.invalid(), ["reference"]);
    // A payment opened here that the provider has never heard of.
    let payment = Payment {
        reference: invented.clone(),
        booking_id: shop.booking.booking_id,
        amount: PRICE,
        currency: shop.booking.currency.clone(),
        goal: PaymentGoal::Authorize,
    };
    shop.world.app.books.open_payment(&payment, shop.world.now()).await.unwrap();
    shop.news(&invented).await.empty(204);
    assert_eq!(shop.booking().await.state, BookingState::Reserved);
    assert_eq!(shop.world.money("captured").await, Money::default());
}

/// A provider that takes an order and then falls silent while it is down, or thinks until it is told to decide.
struct Moody {
    provider: Arc<dyn PaymentProvider>,
    is_down: AtomicBool,
    thinks: AtomicBool,
    asked: Notify,
    decides: Notify,
}

impl Moody {
    fn check(&self) -> Result<(), ProviderUnavailable> {
        if self.is_down.load(Ordering::SeqCst) { Err(ProviderUnavailable("silence".into())) } else { Ok(()) }
    }

    /// Lets another event happen between the question to the provider and its answer.
    async fn while_it_decides(
        &self,
        something: impl Future<Output = ()>,
        pay: impl Future<Output = Answer>,
    ) -> Answer {
        self.thinks.store(true, Ordering::SeqCst);
        let meanwhile = async {
            self.asked.notified().await;
            something.await;
            self.decides.notify_one();
        };
        tokio::join!(pay, meanwhile).0
    }
}

#[async_trait]
impl PaymentProvider for Moody {
    async fn authorize(&self, payment: &Payment, method: &str, token: &str) -> Result<(), AuthorizeError> {
        if self.thinks.load(Ordering::SeqCst) {
            self.asked.notify_one();
            self.decides.notified().await;
        }
        self.provider.authorize(payment, method, token).await?;
        self.check().map_err(AuthorizeError::Unknown)
    }
    async fn find(&self, reference: &str) -> Result<Option<ProviderState>, ProviderUnavailable> {
        self.check()?;
        self.provider.find(reference).await
    }
    async fn capture(&self, reference: &str) -> Result<(), ProviderUnavailable> {
        self.check()?;
        self.provider.capture(reference).await
    }
    async fn void(&self, reference: &str) -> Result<(), ProviderUnavailable> {
        self.check()?;
        self.provider.void(reference).await
    }
    async fn refund(&self, reference: &str, amount: u64) -> Result<(), ProviderUnavailable> {
        self.check()?;
        self.provider.refund(reference, amount).await
    }
}
