//! A key pair made for tests: it signs nothing else.

pub(crate) const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAzbYdf5GITgUtLnhMw3GuMlsr2pmyA0BzzZhqVhMz7X\n-----END PRIVATE KEY-----";
pub(crate) const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEATNWEpFIwrdDkj/vcboWc4l5GhA3bN2eth6yAXMwXUcQ=\n-----END PUBLIC KEY-----";
