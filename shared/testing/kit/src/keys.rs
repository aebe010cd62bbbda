//! Keys for tests and test clusters only: they are public.

/// Signs every token of a [`World`](crate::World).
pub const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAzbYdf5GITgUtLnhMw3GuMlsr2pmyA0BzzZhqVhMz7X
-----END PRIVATE KEY-----
";

/// Verifies those tokens.
pub const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEATNWEpFIwrdDkj/vcboWc4l5GhA3bN2eth6yAXMwXUcQ=
-----END PUBLIC KEY-----
";

/// Signs tokens that no function accepts.
pub const STRANGERS_PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINblUDlHle0eU1Y+IUMzTOzqwu/O/I8p1KkO+oehmiOe
-----END PRIVATE KEY-----
";
