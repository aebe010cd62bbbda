//! The draw: what order those get who gathered before a sale opened, so that anybody can check it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt::{self, Write as _};

/// A SHA-256, or 32 bytes that go into one; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// A draw that was made: with what was published before and what everybody knows since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The hash of the seed, published before anybody gathered.
    pub commitment: Digest,
    /// The hash over everybody who had gathered.
    pub roster_root: Digest,
    /// How many entries there are. Numbers 1 to this were drawn.
    pub pool_size: u64,
    /// The secret of which the commitment is the hash.
    pub seed: Digest,
}

/// Entries of the roster that follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The first entry's position, from 1.
    pub first: u64,
    /// What the roster says of each.
    pub leaves: Vec<Digest>,
}

impl Digest {
    /// Read 64 hexadecimal digits.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut hex = String::with_capacity(64);
        write!(hex, "{self}").map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&hex)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        Self::parse(&hex).ok_or_else(|| D::Error::custom("must be 64 hexadecimal digits"))
    }
}
