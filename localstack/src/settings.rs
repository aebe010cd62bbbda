//! The settings of a run: those of the environment, completed by what the runner itself starts and makes.

use crate::{RunError, data::Data, keys::Keys};
use shared::config::{Config, ConfigError};
use std::{collections::HashMap, env, net::Ipv4Addr};

const PRIVATE_KEY: &str = "YEMAE_JWT_PRIVATE_KEY";
const PUBLIC_KEYS: &str = "YEMAE_JWT_PUBLIC_KEYS";

/// What the runner adds. A variable already set in the environment wins.
#[derive(Default)]
pub(crate) struct RunSettings(HashMap<&'static str, String>);

impl RunSettings {
    /// Functions log only warnings and errors, because the terminal is for people. The engine warns of every condition that
    /// does not hold, which is how two buyers of one seat are told apart. Metrics are served to this machine alone, unless the
    /// environment sends them elsewhere.
    pub(crate) fn new() -> Self {
        let mut settings = Self::default();
        if given("YEMAE_LOG").is_none() {
            settings.add("YEMAE_LOG", "warn,dynoxide=error");
        }
        if given("OTEL_METRICS_EXPORTER").is_none() && given("OTEL_EXPORTER_OTLP_ENDPOINT").is_none() {
            settings.add("OTEL_METRICS_EXPORTER", "prometheus");
        }
        if given("OTEL_EXPORTER_PROMETHEUS_HOST").is_none() {
            settings.add("OTEL_EXPORTER_PROMETHEUS_HOST", Ipv4Addr::LOCALHOST.to_string());
        }
        settings
    }

    pub(crate) fn add(&mut self, variable: &'static str, value: impl Into<String>) {
        self.0.insert(variable, value.into());
    }

    /// Adds the checkout's own keys, unless a pair is given.
    pub(crate) fn add_keys(&mut self, data: &Data) -> Result<(), RunError> {
        let without = |variable, other| Err(ConfigError::new(variable, format!("is missing beside {other}")));
        match (given(PRIVATE_KEY), given(PUBLIC_KEYS)) {
            (Some(_), Some(_)) => {}
            (Some(_), None) => without(PUBLIC_KEYS, PRIVATE_KEY)?,
            (None, Some(_)) => without(PRIVATE_KEY, PUBLIC_KEYS)?,
            (None, None) => {
                let keys = Keys::kept(data)?;
                self.add(PRIVATE_KEY, keys.private_pem);
                self.add(PUBLIC_KEYS, keys.public_pem);
            }
        }
        Ok(())
    }

    /// All settings, as every function reads them.
    pub(crate) fn read(&self) -> Result<Config, ConfigError> {
        Config::from_lookup(&|variable| self.0.get(variable).cloned().or_else(|| given(variable)))
    }
}

/// The value in the environment; an empty one counts as absent.
pub(crate) fn given(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}
