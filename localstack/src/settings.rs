//! The settings of a run: the environment's, completed by what the runner itself starts and makes.

use crate::{Failure, data::Data, keys::Keys};
use shared::config::{Config, ConfigError};
use std::{collections::HashMap, env};

const PRIVATE_KEY: &str = "YEMAE_JWT_PRIVATE_KEY";
const PUBLIC_KEYS: &str = "YEMAE_JWT_PUBLIC_KEYS";

/// What the runner adds. What somebody set in the environment stands.
#[derive(Default)]
pub(crate) struct Settings(HashMap<&'static str, String>);

impl Settings {
    /// Functions say warnings and errors alone: the terminal is for people. The engine warns of every condition that
    /// does not hold, which is how two buyers of one seat are told apart.
    pub(crate) fn new() -> Self {
        let mut settings = Self::default();
        if given("YEMAE_LOG").is_none() {
            settings.add("YEMAE_LOG", "warn,dynoxide=error");
        }
        settings
    }

    pub(crate) fn add(&mut self, variable: &'static str, value: impl Into<String>) {
        self.0.insert(variable, value.into());
    }

    /// The checkout's own keys, unless a pair is given.
    pub(crate) fn add_keys(&mut self, data: &Data) -> Result<(), Failure> {
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

    /// All of them, as every function reads them.
    pub(crate) fn read(&self) -> Result<Config, ConfigError> {
        Config::from_lookup(&|variable| self.0.get(variable).cloned().or_else(|| given(variable)))
    }
}

/// What the environment says; an empty value counts as absent.
pub(crate) fn given(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}
