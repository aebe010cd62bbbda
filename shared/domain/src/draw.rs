//! The draw: what order those get who gathered before a sale opened, so that anybody can check it.

use crate::{PerformanceId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};

/// How often each entry meets its partner: as many times as Ethereum's validators do, whose shuffle this is.
const ROUNDS: u8 = 90;
/// How many entries one hash decides about: it has a bit for each.
const ENTRIES_A_HASH: u64 = 256;

/// What the organizer's system keeps to itself until the draw. It is published then, as [`Draw::seed`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

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

/// What the roster says of an entry: whose it is, in which sale. Who knows their own ids finds their own leaf; of
/// others it tells nothing.
#[must_use]
pub fn leaf(performance: PerformanceId, entry: u64, user: UserId) -> Digest {
    sha256(&[b"yemae:entry", performance.0.as_bytes(), &entry.to_be_bytes(), user.0.as_bytes()])
}

/// The hash over a roster to which a block was added. A block that is changed, left out or moved changes it.
#[must_use]
pub fn extend_root(root: Digest, block: &Block) -> Digest {
    let leaves = block.leaves.iter().fold(Sha256::new(), |hash, leaf| hash.chain_update(leaf.0));
    sha256(&[&root.0, &block.first.to_be_bytes(), &leaves.finalize()])
}

impl Secret {
    /// What is published before anybody gathers: it binds the secret and does not tell it.
    #[must_use]
    pub fn commitment(&self) -> Digest {
        sha256(&[&self.0])
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Draw {
    /// The number that an entry of the roster drew, both from 1. Whoever came after the roster was closed has the
    /// number that they came with.
    #[must_use]
    pub fn number_of(&self, entry: u64) -> u64 {
        match entry.checked_sub(1) {
            Some(index) if entry <= self.pool_size => shuffled(index, self.pool_size, self.key()) + 1,
            _ => entry,
        }
    }

    /// Whether the seed is the one that was committed to.
    #[must_use]
    pub fn keeps_its_word(&self) -> bool {
        Secret(self.seed.0).commitment() == self.commitment
    }

    /// What decides the order. Neither the secret alone nor the roster alone tells anything of it.
    fn key(&self) -> Digest {
        sha256(&[&self.seed.0, &self.roster_root.0])
    }
}

impl Block {
    /// The last entry's position; that before the first, where there is none.
    #[must_use]
    pub fn last(&self) -> u64 {
        let count = u64::try_from(self.leaves.len()).unwrap_or(u64::MAX);
        self.first.saturating_add(count).saturating_sub(1)
    }

    /// What of it comes after an entry.
    #[must_use]
    pub fn after(&self, entry: u64) -> Option<Self> {
        let first = self.first.max(entry.saturating_add(1));
        let skipped = usize::try_from(first - self.first).unwrap_or(usize::MAX);
        let leaves = self.leaves.get(skipped..).filter(|leaves| !leaves.is_empty())?;
        Some(Self { first, leaves: leaves.to_vec() })
    }
}

/// Where the shuffle puts a position, both from 0 and below `count`: Ethereum's `compute_shuffled_index`. In each
/// round everybody has one partner, the same as seen from both sides, and a bit that both compute alike says whether
/// they change places. So every round is a permutation, and nobody's place needs anybody else's.
fn shuffled(index: u64, count: u64, key: Digest) -> u64 {
    (0..ROUNDS).fold(index, |index, round| {
        let pivot = pivot(key, round) % count;
        let partner = if index <= pivot { pivot - index } else { count - (index - pivot) };
        if changes_places(key, round, index.max(partner)) { partner } else { index }
    })
}

fn pivot(key: Digest, round: u8) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = sha256(&[&key.0, &[round]]).0;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn changes_places(key: Digest, round: u8, position: u64) -> bool {
    // Four bytes reach a million million positions; further ones would share their bits, which harms nothing.
    let [a, b, c, d, ..] = (position / ENTRIES_A_HASH).to_le_bytes();
    let bits = sha256(&[&key.0, &[round], &[a, b, c, d]]).0;
    let in_hash = position % ENTRIES_A_HASH;
    let byte = usize::try_from(in_hash / 8).ok().and_then(|byte| bits.get(byte)).copied().unwrap_or_default();
    byte >> (in_hash % 8) & 1 == 1
}

fn sha256(parts: &[&[u8]]) -> Digest {
    let hash = parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part));
    Digest(hash.finalize().into())
}

impl Digest {
    /// The hash of no roster.
    pub const NOTHING: Self = Self([0; 32]);

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
