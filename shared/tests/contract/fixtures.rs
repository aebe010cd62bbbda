//! Fixtures of the suites: shows, buyers, bookings and times.

use domain::{
    BookingId, LayoutId, PerformanceId, ShowId, UserId,
    booking::{BookedSeat, Booking, BookingState, StateChange},
    draw::Secret,
    layout::{Layout, LayoutPlan, RowPlan, SeatIndex, SectionPlan},
    money::Currency,
    performance::Performance,
    sale::{JoinPolicy, Sale, SaleControl, SaleMode},
    seat::SeatId,
    show::{Grade, Show, ShowDetails},
    user::{Email, Role, User},
};
use jiff::Timestamp;
use shared::{
    adapters::system::RandomIds,
    ports::{Begun, Completion, Ids, Programme, Replies, Reply, ReplyKey},
};
use std::{collections::BTreeMap, sync::LazyLock};
use uuid::Uuid;

/// A new id, later than all before it.
pub(crate) fn uuid() -> Uuid {
    static IDS: LazyLock<RandomIds> = LazyLock::new(RandomIds::default);
    IDS.uuid()
}

/// The secret that draws are made by.
pub(crate) const SECRET: Secret = Secret([7; 32]);

/// A time this many seconds after the start, with some microseconds, which no store may lose.
pub(crate) fn at(s: i64) -> Timestamp {
    Timestamp::from_microsecond(1_800_000_000_123_456 + s * 1_000_000).expect("in range")
}

pub(crate) fn krw() -> Currency {
    Currency::parse("KRW").expect("valid")
}

pub(crate) fn user() -> User {
    let user_id = UserId(uuid());
    let email = Email::parse(&format!("{user_id}@yemae.test")).expect("valid");
    User { user_id, email, name: "김 예매".to_owned(), role: Role::Buyer }
}

pub(crate) fn details(title: &str) -> ShowDetails {
    ShowDetails {
        title: title.to_owned(),
        genre: "concert".to_owned(),
        venue: "Hall".to_owned(),
        description: String::new(),
        age_limit: 8,
        runtime_min: 90,
        poster_url: None,
        grades: vec![
            Grade { grade: "R".to_owned(), price: 110_000 },
            Grade { grade: "S".to_owned(), price: 0 },
        ],
        currency: krw(),
        max_seats_per_user: 4,
    }
}

pub(crate) fn show() -> Show {
    Show {
        show_id: ShowId(uuid()),
        organizer_id: UserId(uuid()),
        details: details("봄의 제전"),
        performances: BTreeMap::new(),
        created_at: at(0),
        version: 0,
    }
}

pub(crate) fn sale() -> Sale {
    Sale {
        opens_at: at(0),
        closes_at: at(1_000),
        late_entry: false,
        accessible_release_at: None,
        mode: SaleMode::Queue,
        cap: 5,
        rate_per_min: 60,
        control: SaleControl::Open,
        door: JoinPolicy::default(),
    }
}

pub(crate) fn performance_of(show: &Show, starts_at: Timestamp) -> Performance {
    Performance {
        performance_id: PerformanceId(uuid()),
        show_id: show.show_id,
        organizer_id: show.organizer_id,
        starts_at,
        layout_id: LayoutId(uuid()),
        house: None,
        seat_count: 1_200,
        for_sale_count: 1_199,
        sale: sale(),
        grades: show.details.grades.clone(),
        price_range: show.details.price_range_in(&Layout::parse(layout()).expect("valid")),
        currency: krw(),
        max_seats_per_user: 4,
        published_at: None,
    }
}

pub(crate) fn layout() -> LayoutPlan {
    let row = RowPlan { row: "가".to_owned(), seats: 1_000, not_for_sale: vec![7], ..RowPlan::default() };
    let other = RowPlan { row: "나".to_owned(), seats: 200, ..RowPlan::default() };
    LayoutPlan::of(vec![SectionPlan {
        section: "1층".to_owned(),
        grade: "R".to_owned(),
        rows: vec![row, other],
        ..SectionPlan::default()
    }])
}

/// A show with one performance of 1,200 seats, in the store.
pub(crate) async fn listed(store: &impl Programme) -> (Show, Performance) {
    let show = show();
    let performance = performance_of(&show, at(100_000));
    store.create_show(&show).await.expect("a new show");
    store.add_performance(&performance, &layout(), None).await.expect("its performance");
    (show, performance)
}

/// A new reservation of these seats: to be paid within 100 s, kept for 60 s more.
pub(crate) fn booking(performance: PerformanceId, user: UserId, seats: &[u32], fence: u64) -> Booking {
    reservation(performance, user, seats, fence, at(0))
}

pub(crate) fn reservation(
    performance: PerformanceId,
    user: UserId,
    seats: &[u32],
    fence: u64,
    now: Timestamp,
) -> Booking {
    let seat = |index: &u32| BookedSeat {
        seat: SeatId::parse(&format!("A-1-{}", index + 1)).expect("valid"),
        index: SeatIndex(*index),
        grade: "R".to_owned(),
        price: 1_000,
    };
    Booking {
        booking_id: BookingId(uuid()),
        user_id: user,
        performance_id: performance,
        show_id: ShowId(Uuid::nil()),
        title: "봄의 제전".to_owned(),
        venue: "Hall".to_owned(),
        starts_at: at(100_000),
        seats: seats.iter().map(seat).collect(),
        amount: 1_000 * seats.len() as u64,
        currency: krw(),
        state: BookingState::Reserved,
        fence,
        pay_by: now + jiff::SignedDuration::from_secs(100),
        paid_with: None,
        refund: 0,
        fee: 0,
        history: vec![StateChange { state: BookingState::Reserved, at: now }],
    }
}

pub(crate) fn reply_key(user: UserId) -> ReplyKey {
    ReplyKey { user, operation: "book", key: format!("열쇠 #{}", uuid()) }
}

pub(crate) fn completion(key: ReplyKey, claim: Uuid) -> Completion {
    let body = "{\"state\":\"reserved\", \"좌석\": []}\n".to_owned();
    let reply = Reply { status: 201, content_type: "application/json".to_owned(), body };
    Completion { key, claim, reply, expires_at: at(86_400) }
}

/// A new claim, and the answer that completes it.
pub(crate) async fn claimed(store: &impl Replies, user: UserId) -> Completion {
    let (key, claim) = (reply_key(user), uuid());
    let begun = Replies::begin(store, &key, &[1; 32], claim, at(0), at(60)).await.expect("a claim");
    assert_eq!(begun, Begun::Started);
    completion(key, claim)
}
