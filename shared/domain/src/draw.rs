//! The draw: in what order the people who gathered before a sale opened are served, so that everyone can verify it.

use crate::{PerformanceId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// How often each entry meets a partner: as often as in Ethereum's shuffle of validators, which this is.
const ROUNDS: u8 = 90;
/// How many entries one hash decides for: one bit each.
const ENTRIES_A_HASH: u64 = 256;

/// What the organizer's system keeps secret until the draw. It is then published as [`Draw::seed`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

/// A SHA-256, or 32 bytes that are hashed. It is written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// A completed draw: what was published before it, and what is public since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The hash of the seed, published before the first person gathered.
    pub commitment: Digest,
    /// The hash of all entries that had gathered.
    pub roster_root: Digest,
    /// The number of entries. They drew the numbers from 1 to this.
    pub pool_size: u64,
    /// The secret that the commitment is the hash of.
    pub seed: Digest,
}

/// Consecutive entries of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The first entry's position, from 1.
    pub first: u64,
    /// The leaf of each entry.
    pub leaves: Vec<Digest>,
}

/// What the roster says of an entry. People who know their own ids find their own leaf; it tells nothing about the
/// others.
#[must_use]
pub fn leaf(performance: PerformanceId, entry: u64, user: UserId) -> Digest {
    sha256(&[b"yemae:entry", performance.0.as_bytes(), &entry.to_be_bytes(), user.0.as_bytes()])
}

/// Returns the hash of a roster after a block is appended. Changing, omitting or moving a block changes it.
#[must_use]
pub fn extend_root(root: Digest, block: &Block) -> Digest {
    let leaves = block.leaves.iter().fold(Sha256::new(), |hash, leaf| hash.chain_update(leaf.0));
    sha256(&[&root.0, &block.first.to_be_bytes(), &leaves.finalize()])
}

impl Secret {
    /// What is published before the first person gathers: it binds the secret without revealing it.
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
    /// Returns the number that an entry of the roster drew; both count from 1. Entries that came after the roster was
    /// closed keep the number that they came with.
    #[must_use]
    pub fn number_of(&self, entry: u64) -> u64 {
        match entry.checked_sub(1) {
            Some(index) if entry <= self.pool_size => shuffled(index, self.pool_size, self.key()) + 1,
            _ => entry,
        }
    }

    /// Whether the seed matches the commitment.
    #[must_use]
    pub fn keeps_its_word(&self) -> bool {
        Secret(self.seed.0).commitment() == self.commitment
    }

    /// The key that decides the order. Neither the secret alone nor the roster alone reveals anything of it.
    fn key(&self) -> Digest {
        sha256(&[&self.seed.0, &self.roster_root.0])
    }
}

impl Block {
    /// The last entry's position; for an empty block, the position before its first.
    #[must_use]
    pub fn last(&self) -> u64 {
        let count = u64::try_from(self.leaves.len()).unwrap_or(u64::MAX);
        self.first.saturating_add(count).saturating_sub(1)
    }

    /// The part of the block after an entry.
    #[must_use]
    pub fn after(&self, entry: u64) -> Option<Self> {
        let first = self.first.max(entry.saturating_add(1));
        let skipped = usize::try_from(first - self.first).unwrap_or(usize::MAX);
        let leaves = self.leaves.get(skipped..).filter(|leaves| !leaves.is_empty())?;
        Some(Self { first, leaves: leaves.to_vec() })
    }
}

/// Where the shuffle puts a position, both from 0 and below `count`: Ethereum's `compute_shuffled_index`. In each round
/// every entry has one partner, the same seen from both sides, and a bit that both compute alike says whether they
/// change places. So every round is a permutation, and no entry's place depends on another's.
fn shuffled(index: u64, count: u64, key: Digest) -> u64 {
    (0..ROUNDS).fold(index, |index, round| {
        let pivot = pivot(key, round) % count;
        let partner = if index <= pivot { pivot - index } else { count - (index - pivot) };
        if changes_places(key, round, index.max(partner)) { partner } else { index }
    })
}

fn pivot(key: Digest, round: u8) -> u64 {
    let hash = sha256(&[&key.0, &[round]]).0;
    u64::from_le_bytes(hash.first_chunk().copied().unwrap_or_default())
}

fn changes_places(key: Digest, round: u8, position: u64) -> bool {
    // Four bytes reach a million million positions. Positions beyond would share their bits: a worse order, but still an
    // order.
    let part = u32::try_from(position / ENTRIES_A_HASH).unwrap_or(u32::MAX);
    let bits = sha256(&[&key.0, &[round], &part.to_le_bytes()]).0;
    let in_hash = position % ENTRIES_A_HASH;
    let byte = usize::try_from(in_hash / 8).ok().and_then(|byte| bits.get(byte)).copied().unwrap_or_default();
    byte >> (in_hash % 8) & 1 == 1
}

fn sha256(parts: &[&[u8]]) -> Digest {
    let hash = parts.iter().fold(Sha256::new(), Sha256::chain_update);
    Digest(hash.finalize().into())
}

impl Digest {
    /// The root of an empty roster.
    pub const NOTHING: Self = Self([0; 32]);

    /// Parses 64 hexadecimal digits.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(hex, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        Self::parse(&hex).ok_or_else(|| D::Error::custom("must be 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;
    use uuid::Uuid;

    fn performance() -> PerformanceId {
        PerformanceId(Uuid::from_bytes([1; 16]))
    }

    fn user() -> UserId {
        UserId(Uuid::from_bytes([2; 16]))
    }

    fn seed() -> Digest {
        Digest(std::array::from_fn(|position| u8::try_from(position).expect("below 32")))
    }

    fn roster() -> [Block; 2] {
        let leaf = |entry| leaf(performance(), entry, user());
        [Block { first: 1, leaves: vec![leaf(1), leaf(2)] }, Block { first: 3, leaves: vec![leaf(3)] }]
    }

    fn draw(pool_size: u64, seed: Digest) -> Draw {
        let roster_root = roster().iter().fold(Digest::NOTHING, extend_root);
        Draw { commitment: Secret(seed.0).commitment(), roster_root, pool_size, seed }
    }

    fn hex(digits: &str) -> Digest {
        Digest::parse(digits).expect("hexadecimal")
    }

    /// From the test vectors that github.com/protolambda/eth2-shuffle generated with the specification's own code.
    #[test]
    fn the_shuffle_is_that_of_ethereum() {
        let of = |key: &str, count, positions: [u64; 10]| {
            positions.map(|index| if index < count { shuffled(index, count, hex(key)) } else { index })
        };
        let first = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        let key = "df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119";
        assert_eq!(of(key, 1, first), first);
        assert_eq!(of(key, 10, first), [7, 4, 3, 2, 0, 5, 1, 8, 6, 9]);
        let last = [0, 1, 2, 3, 4, 5, 6, 997, 998, 999];
        assert_eq!(of(key, 1_000, last), [634, 880, 166, 510, 909, 366, 490, 246, 679, 929]);
        let key = "67abdd721024f0ff4e0b3f4c2fc13bc5bad42d0b7851d456d88d203d15aaa450";
        assert_eq!(of(key, 5, first), [4, 3, 2, 1, 0, 5, 6, 7, 8, 9]);
    }

    /// Computed by a few lines of Python, as a person who verifies a draw might do it.
    #[test]
    fn every_hash_is_as_documented() {
        let drawn = draw(7, seed());
        assert_eq!(
            roster()[0].leaves[0],
            hex("fa8009486d24fcc81eedef0f57d581f8dd56311b2e1d8bb2f92687012239e418")
        );
        assert_eq!(
            drawn.roster_root,
            hex("8066ea55181f2a4a522859bfee0fe4ead9fe70fab5b74acca8277f60729e8844")
        );
        assert_eq!(drawn.commitment, hex("630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"));
        assert_eq!([1, 2, 3, 4, 5, 6, 7, 8].map(|entry| drawn.number_of(entry)), [2, 7, 6, 5, 3, 4, 1, 8]);
    }

    #[test]
    fn a_hash_is_64_hexadecimal_digits_and_nothing_else() {
        let digits = "00ff".repeat(16);
        assert_eq!(Digest::parse(&digits).map(|hash| hash.to_string()), Some(digits.clone()));
        assert_eq!(Digest::parse(&digits.to_uppercase()), Digest::parse(&digits));
        for other in
            [&digits[1..], &format!("{digits}00"), &format!("+f{}", &digits[2..]), &"g".repeat(64), ""]
        {
            assert_eq!(Digest::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_seed_that_was_not_committed_to_shows() {
        let kept = draw(3, seed());
        assert!(kept.keeps_its_word());
        assert!(!Draw { seed: Digest([9; 32]), ..kept }.keeps_its_word());
        assert_eq!(format!("{:?}", Secret(seed().0)), "Secret(…)", "the log does not reveal it");
    }

    #[test]
    fn a_roster_that_was_changed_has_another_root() {
        let [one, two] = roster();
        let root =
            |blocks: &[&Block]| blocks.iter().fold(Digest::NOTHING, |root, block| extend_root(root, block));
        let mut other = one.clone();
        other.leaves.swap(0, 1);
        let whole = Block { first: 1, leaves: [one.leaves.clone(), two.leaves.clone()].concat() };
        let moved = Block { first: 4, ..two.clone() };
        let rosters: [&[&Block]; 7] =
            [&[], &[&one], &[&two], &[&one, &two], &[&other, &two], &[&whole], &[&one, &moved]];
        let roots: HashSet<_> = rosters.map(root).into();
        assert_eq!((roots.len(), root(&[])), (7, Digest::NOTHING));
    }

    #[test]
    fn a_block_can_be_cut_where_another_ended() {
        let [block, _] = roster();
        assert_eq!((block.last(), block.after(0)), (2, Some(block.clone())));
        let rest = Block { first: 2, leaves: vec![block.leaves[1]] };
        assert_eq!((block.after(1), block.after(2), block.after(u64::MAX)), (Some(rest), None, None));
    }

    #[test]
    fn latecomers_keep_the_number_that_they_came_with() {
        for pool_size in [0, 1, 5] {
            let drawn = draw(pool_size, seed());
            for entry in [0, pool_size + 1, pool_size + 2, u64::MAX] {
                assert_eq!(drawn.number_of(entry), entry);
            }
        }
    }

    #[test]
    fn no_entry_is_favoured() {
        let (pool_size, rounds) = (6_u64, 1_800_u32);
        let mut counts = [[0_i64; 6]; 6];
        for round in 0..rounds {
            let made = draw(pool_size, sha256(&[&round.to_be_bytes()]));
            for entry in 1..=pool_size {
                counts[usize::try_from(entry - 1).expect("small")]
                    [usize::try_from(made.number_of(entry) - 1).expect("small")] += 1;
            }
        }
        // 300 each are expected; five standard deviations of a count are 79.
        assert!(counts.iter().flatten().all(|count| (count - 300).abs() < 80), "{counts:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_entry_gets_a_number_of_its_own(seed: [u8; 32], pool_size in 1_u64..400) {
            let drawn = draw(pool_size, Digest(seed));
            let numbers: HashSet<_> = (1..=pool_size).map(|entry| drawn.number_of(entry)).collect();
            prop_assert_eq!(numbers, (1..=pool_size).collect());
        }

        #[test]
        fn a_pool_has_no_largest_size(seed: [u8; 32], pool_size in 1_u64.., entry in 1_u64..) {
            let drawn = draw(pool_size, Digest(seed));
            let entry = entry.min(pool_size);
            prop_assert!((1..=pool_size).contains(&drawn.number_of(entry)));
        }
    }
}
