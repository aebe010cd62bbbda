//! A house with 20 seats behind a waiting room: all functions on real stores, at one address.

use all::FUNCTIONS;
use domain::{
    BookingId, UserId,
    booking::{Booking, BookingState},
    layout::SeatIndex,
    performance::Performance,
    seat::Ownership,
};
use gateway::Gateway;
use shared::app::App;
use std::{collections::HashMap, time::Duration};
use testkit::{Client, Fixture, World, serve};
use tokio::time::sleep;

/// How many seats there are.
pub(crate) const SEATS: usize = 20;
/// How many one person may have.
pub(crate) const SEATS_PER_USER_MAX: usize = 2;
/// What each costs.
pub(crate) const PRICE: u64 = 50_000;

/// After a loss skipped numbers are called in vain: two windows each.
const SETTINGS: [(&str, &str); 3] =
    [("YEMAE_CALL_WINDOW_S", "1"), ("YEMAE_ADMISSION_S", "5"), ("YEMAE_HOLD_TTL_S", "3")];

/// The house, open for sale.
pub(crate) struct House {
    pub(crate) base: String,
    pub(crate) client: reqwest::Client,
    pub(crate) performance_id: String,
    performance: Performance,
    app: App,
    world: World,
}

/// Sums of the sandbox provider.
pub(crate) struct Ledger {
    pub(crate) authorized: u64,
    pub(crate) captured: u64,
    pub(crate) voided: u64,
    pub(crate) refunded: u64,
}

impl House {
    /// Open it, with whatever part of the app exchanged.
    pub(crate) async fn open(exchange: impl FnOnce(&mut App)) -> Self {
        let world = World::start().await;
        let performance = world.performance(on_sale()).await;
        let mut app = world.app_with(&SETTINGS);
        exchange(&mut app);
        let front = FUNCTIONS.iter().fold(Gateway::default(), |front, registered| {
            let service = registered.function.service((registered.routes)(), app.clone());
            front.with_service(registered.function.name, service)
        });
        Self {
            base: format!("http://{}", serve(front.into_router()).await),
            client: reqwest::Client::new(),
            performance_id: performance.performance_id.to_string(),
            performance,
            app,
            world,
        }
    }

    /// The name of a seat, by its index.
    pub(crate) fn seat(index: usize) -> String {
        format!("A-{}-{}", index / 10 + 1, index % 10 + 1)
    }

    /// Lose everything that Redis knows.
    pub(crate) fn flush_redis(&self) {
        self.world.flush_redis();
    }

    /// Until so many seats are reserved or sold.
    pub(crate) async fn wait_for_bookings(&self, seats: usize) {
        while self.taken().await.len() < seats {
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Let the sweep finish what requests left.
    pub(crate) async fn sweep(&self) {
        let sweep = Client::new(sweep::FUNCTION, sweep::routes(), self.app.clone());
        assert_eq!(sweep.post("/").send().await.status, 200);
    }

    /// Every confirmed booking of the performance, found through its seats.
    pub(crate) async fn confirmed_bookings(&self) -> Vec<Booking> {
        let mut users: Vec<UserId> = self.taken().await.into_values().map(|(_, user)| user).collect();
        users.sort_unstable();
        users.dedup();
        let mut confirmed = Vec::new();
        for user in users {
            let (bookings, _) = self.app.books.bookings_of(user, 100, None).await.expect("bookings");
            confirmed.extend(bookings.into_iter().filter(|booking| booking.state == BookingState::Confirmed));
        }
        confirmed
    }

    /// The seat records say the same as the bookings.
    pub(crate) async fn check_seat_records(&self, owners: &HashMap<SeatIndex, BookingId>) {
        let taken = self.taken().await;
        assert_eq!(taken.len(), owners.len());
        for (seat, (booking, _)) in taken {
            assert_eq!(owners.get(&seat), Some(&booking));
        }
    }

    /// What the provider did with the money.
    pub(crate) async fn ledger(&self) -> Ledger {
        let amount = async |done: &str| self.world.money(done).await.amount;
        Ledger {
            authorized: amount("authorized").await,
            captured: amount("captured").await,
            voided: amount("voided").await,
            refunded: amount("refunded").await,
        }
    }

    async fn taken(&self) -> HashMap<SeatIndex, (BookingId, UserId)> {
        let seats = self.world.seat_books().seats(self.performance.performance_id).await.expect("seats");
        let taken = seats.into_iter().filter_map(|(index, record)| match record.ownership {
            Ownership::Reserved { booking, user, .. } | Ownership::Sold { booking, user } => {
                Some((index, (booking, user)))
            }
            Ownership::Available => None,
        });
        taken.collect()
    }
}

fn on_sale() -> Fixture {
    Fixture {
        sections: &[("A", "R", &[10, 10])],
        grades: &[("R", PRICE)],
        max_seats_per_user: u32::try_from(SEATS_PER_USER_MAX).expect("small"),
        cap: 150,
        rate_per_min: 100_000,
        ..Fixture::queue()
    }
}
