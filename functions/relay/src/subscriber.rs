//! The subscribers, which hear of what was committed.

use async_trait::async_trait;
use axum::extract::FromRef;
use shared::{
    app::App,
    ports::{Event, StoreError},
    services::{oversell_guard::OversellGuard, projector::Projector},
};
use std::sync::Arc;

/// The event of a booking whose seats are sold.
const CONFIRMED: &str = "booking.confirmed";

/// Hears of every event at least once, and of one booking's events in order. So a repeat must be harmless.
#[async_trait]
pub(crate) trait Subscriber: Send + Sync {
    /// Handles an event. After an error it is delivered again, except for `StoreError::Unreadable`, which a repeat cannot
    /// change.
    async fn hear(&self, event: &Event) -> Result<(), StoreError>;
}

/// All who hear.
#[derive(Clone)]
pub(crate) struct Subscribers(pub(crate) Arc<[Box<dyn Subscriber>]>);

impl FromRef<App> for Subscribers {
    fn from_ref(app: &App) -> Self {
        // The map first: nothing that the guard does may hold it up.
        Self(Arc::new([
            Box::new(SeatMap(app.projector.clone())),
            Box::new(Oversells(app.oversell_guard.clone())),
        ]))
    }
}

/// The seat map. It shows a booking as the books have it now, so it does not matter which event caused the look.
struct SeatMap(Projector);

#[async_trait]
impl Subscriber for SeatMap {
    async fn hear(&self, event: &Event) -> Result<(), StoreError> {
        match event.booking {
            Some(booking) => self.0.show_from_books(booking).await,
            None => Ok(()),
        }
    }
}

/// Looks whether a seat was sold twice.
struct Oversells(OversellGuard);

#[async_trait]
impl Subscriber for Oversells {
    async fn hear(&self, event: &Event) -> Result<(), StoreError> {
        match event.booking {
            Some(booking) if event.kind == CONFIRMED => self.0.look_at(booking).await.map(drop),
            _ => Ok(()),
        }
    }
}
