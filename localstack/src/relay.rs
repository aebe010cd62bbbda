//! `relay` in this process, woken by a call instead of a request.

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use serde_json::json;
use shared::{
    ports::{Relay, Shard, StoreError},
    telemetry::context::name_trace,
};
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;
use tower::ServiceExt as _;

/// The service is set once every function exists. Until then no function commits anything.
#[derive(Default)]
pub(crate) struct OwnRelay {
    service: OnceLock<Router>,
    /// Notified when the books are about to change.
    pub(crate) changed: Arc<Notify>,
}

impl OwnRelay {
    /// Sets the service that is woken from now on.
    pub(crate) fn is(&self, service: Router) {
        // Set only once, when the functions are made.
        let _ = self.service.set(service);
    }
}

#[async_trait]
impl Relay for OwnRelay {
    async fn poke(&self, shards: Vec<Shard>) -> Result<(), StoreError> {
        self.changed.notify_one();
        let Some(service) = self.service.get() else { return Ok(()) };
        let shards: Vec<_> = shards.into_iter().map(Shard::number).collect();
        let poke = Request::post("/pokes").header(header::CONTENT_TYPE, "application/json");
        let poke = poke.body(Body::from(json!({ "shards": shards }).to_string()));
        let mut poke = poke.map_err(|error| StoreError::unavailable("relay", error))?;
        name_trace(poke.headers_mut());
        let Ok(answer) = service.clone().oneshot(poke).await;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(StoreError::unavailable("relay", answer.status().to_string()))
    }
}
