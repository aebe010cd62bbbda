//! Pokes the function `relay` over HTTP.

use crate::{
    ports::{Relay, Shard, StoreError},
    telemetry::calls::ServiceCall,
};
use async_trait::async_trait;
use reqwest::{Client, redirect::Policy};
use serde_json::json;
use std::{sync::OnceLock, time::Duration};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// `relay` at an address inside the cluster.
pub struct HttpRelay {
    url: String,
    client: OnceLock<Client>,
}

impl HttpRelay {
    /// Opens nothing yet.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self { url: format!("{base}/pokes"), client: OnceLock::new() }
    }

    /// Built on first use; for plain HTTP without root certificates, which take longer to load than the change takes
    /// that a poke has to outrun.
    fn client(&self) -> reqwest::Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let builder = Client::builder().connect_timeout(CONNECT_TIMEOUT).redirect(Policy::none()).no_proxy();
        let is_plain = self.url.starts_with("http://");
        let client = if is_plain { builder.tls_certs_only([]).build()? } else { builder.build()? };
        Ok(self.client.get_or_init(|| client))
    }
}

#[async_trait]
impl Relay for HttpRelay {
    async fn poke(&self, shards: Vec<Shard>) -> Result<(), StoreError> {
        let shards: Vec<_> = shards.into_iter().map(Shard::number).collect();
        let poked = async {
            let request = self.client()?.post(&self.url).json(&json!({ "shards": shards }));
            ServiceCall::begin(&self.url, "POST", "/pokes").send(request).await?.error_for_status()
        };
        // The address may contain a secret.
        poked.await.map(drop).map_err(|error| StoreError::unavailable("relay", error.without_url()))
    }
}
