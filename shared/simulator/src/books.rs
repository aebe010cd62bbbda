//! What is never lost: marks, the list of those inside, the roster and the draw. Each write keeps the conditions of the
//! port `QueueBooks`.

use crate::redis::{PERFORMANCE, Who, user};
use domain::{
    UserId,
    draw::{Block, Digest, Draw, Secret, extend_root, leaf},
    queue::QueueMarks,
};
use std::collections::BTreeMap;

/// The books of one performance.
#[derive(Debug)]
pub(crate) struct SimulatedBooks {
    marks: QueueMarks,
    rebuild_until: u64,
    /// User → when they were let in, and the session's end.
    inside: BTreeMap<UserId, (u64, u64)>,
    /// In the order of their entries.
    roster: Vec<Block>,
    secret: Secret,
    draw: Option<Draw>,
    /// The number that each entry drew.
    numbers: Vec<u64>,
}

impl SimulatedBooks {
    /// Empty, and draw by this secret.
    pub(crate) fn new(secret: Secret) -> Self {
        Self {
            marks: QueueMarks::default(),
            rebuild_until: 0,
            inside: BTreeMap::new(),
            roster: Vec::new(),
            secret,
            draw: None,
            numbers: Vec::new(),
        }
    }

    /// Lease more numbers, and write the entries of a full block. A block that was written before leases nothing.
    pub(crate) fn lease_numbers(&mut self, count: u64, full: Option<&Block>) -> u64 {
        if full.is_some_and(|full| self.marks.pool_size.is_some() || !self.write(full)) {
            return self.marks.leased_to;
        }
        self.marks.leased_to += count;
        self.marks.leased_to
    }

    /// Returns whether any entry of the block was new.
    fn write(&mut self, block: &Block) -> bool {
        let unwritten = block.after(self.roster_to());
        let is_new = unwritten.is_some();
        self.roster.extend(unwritten);
        is_new
    }

    fn roster_to(&self) -> u64 {
        self.roster.last().map_or(0, Block::last)
    }

    pub(crate) fn lease_calls(&mut self, called_to: u64) -> u64 {
        self.marks.called_to = self.marks.called_to.max(called_to);
        self.marks.called_to
    }

    /// Of two admissions in a row the later one counts, whichever is written first.
    pub(crate) fn enter(&mut self, user: UserId, at_ms: u64, ends_at_ms: u64) {
        if self.inside.get(&user).is_none_or(|(entered_at, _)| *entered_at < at_ms) {
            self.inside.insert(user, (at_ms, ends_at_ms));
        }
    }

    /// A user who was let in again after `at_ms` stays.
    pub(crate) fn depart(&mut self, user: UserId, at_ms: u64) {
        if self.inside.get(&user).is_some_and(|(entered_at, _)| *entered_at <= at_ms) {
            self.inside.remove(&user);
        }
    }

    pub(crate) fn inside(&self, real_ms: u64) -> Vec<(UserId, u64)> {
        let running = self.inside.iter().filter(|(_, (_, ends_at_ms))| *ends_at_ms > real_ms);
        running.map(|(user, (_, ends_at_ms))| (*user, *ends_at_ms)).collect()
    }

    pub(crate) fn has_inside(&self, user: UserId) -> bool {
        self.inside.contains_key(&user)
    }

    /// Make the draw; the first one stands. It leaves out no entry of the roster.
    pub(crate) fn make_draw(&mut self, pool_size: u64, last: Option<&Block>) -> Draw {
        if let Some(made) = self.draw {
            return made;
        }
        last.map(|last| self.write(last));
        let pool_size = pool_size.max(self.roster_to());
        self.marks.pool_size = Some(pool_size);
        self.marks.leased_to = self.marks.leased_to.max(pool_size);
        self.draw_by(self.secret)
    }

    pub(crate) fn draw(&self) -> Option<Draw> {
        self.draw
    }

    pub(crate) fn roster(&self) -> Vec<Block> {
        self.roster.clone()
    }

    /// The number that an entry drew.
    pub(crate) fn number_of(&self, entry: u64) -> Option<u64> {
        self.marks.pool_size?;
        let index = usize::try_from(entry.saturating_sub(1)).unwrap_or(usize::MAX);
        Some(self.numbers.get(index).copied().unwrap_or(entry))
    }

    /// Make the draw by this secret.
    fn draw_by(&mut self, secret: Secret) -> Draw {
        let roster_root = self.roster.iter().fold(Digest::NOTHING, extend_root);
        let pool_size = self.marks.pool_size.unwrap_or_default();
        let draw = Draw { commitment: secret.commitment(), roster_root, pool_size, seed: Digest(secret.0) };
        self.numbers = (1..=pool_size).map(|entry| draw.number_of(entry)).collect();
        *self.draw.insert(draw)
    }

    /// A mistake that can be built in: draw again by another secret.
    pub(crate) fn draw_again(&mut self, secret: Secret) {
        self.secret = secret;
        if self.draw.is_some() {
            self.draw_by(secret);
        }
    }

    pub(crate) fn has_in_roster(&self, entry: u64, who: Who) -> bool {
        let before = self.roster.partition_point(|block| block.first <= entry);
        let block = before.checked_sub(1).and_then(|index| self.roster.get(index));
        let at = |block: &Block| block.leaves.get(usize::try_from(entry - block.first).ok()?).copied();
        block.and_then(at) == Some(leaf(PERFORMANCE, entry, user(who)))
    }

    pub(crate) fn marks(&self) -> QueueMarks {
        self.marks
    }

    /// Begin a rebuild, unless another process holds the lease. A lease that ends later than a new one comes from a
    /// clock that has since been set back.
    pub(crate) fn begin(&mut self, real_ms: u64, lease_ms: u64) -> Option<QueueMarks> {
        if self.rebuild_until > real_ms && self.rebuild_until <= real_ms + lease_ms {
            return None;
        }
        self.rebuild_until = real_ms + lease_ms;
        self.marks.epoch += 1;
        Some(self.marks)
    }

    pub(crate) fn finish(&mut self, epoch: u64) {
        if self.marks.epoch == epoch {
            self.rebuild_until = 0;
        }
    }
}

/// The secret that a story draws by.
pub(crate) fn secret(seed: u64) -> Secret {
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(seed.to_le_bytes()).for_each(|(byte, of_seed)| *byte = of_seed);
    Secret(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_a_permutation() {
        for size in [1, 2, 3, 10, 200, 1_000] {
            let mut books = SimulatedBooks::new(secret(0x1234_5678_9abc_def0 + size));
            assert_eq!(books.make_draw(size, None).pool_size, size);
            let mut numbers: Vec<_> = (1..=size).filter_map(|entry| books.number_of(entry)).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=size).collect::<Vec<_>>());
            assert_eq!(books.number_of(size + 1), Some(size + 1));
        }
    }
}
