//! Who hears of what was committed.

use async_trait::async_trait;
use axum::extract::FromRef;
use shared::{
    app::App,
    ports::{Event, StoreError},
    services::projector::Projector,
};
use std::sync::Arc;

/// Hears of every event at least once, of one booking's in their order. So a repeat must be harmless.
#[async_trait]
pub(crate) trait Subscriber: Send + Sync {
    /// Hear of an event. After an error it is told again, but for `StoreError::Unreadable`, which no repeat would mend.
    async fn hear(&self, event: &Event) -> Result<(), StoreError>;
}

/// All who hear.
#[derive(Clone)]
pub(crate) struct Subscribers(pub(crate) Arc<[Box<dyn Subscriber>]>);

impl FromRef<App> for Subscribers {
    fn from_ref(app: &App) -> Self {
        Self(Arc::new([Box::new(SeatMap(app.projector.clone()))]))
    }
}

/// The seat map. It shows a booking as the books have it now, so it does not matter which event made it look.
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
