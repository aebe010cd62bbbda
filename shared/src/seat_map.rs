//! The seat maps of a process: each at most 100 ms old and read once for everybody who looks at it.

use crate::{
    fresh::Fresh,
    ports::{MapRead, SeatLocks, StoreError},
};
use domain::{
    PerformanceId,
    layout::{Layout, SeatIndex},
    seat::{SeatState, SeatStates},
};
use std::{collections::VecDeque, sync::Arc, time::Duration};

const MAX_AGE: Duration = Duration::from_millis(100);
const REMEMBERED_MAX: usize = 200;
/// Changes kept for clients that ask for what is new.
const CHANGES_MAX: usize = 4_096;

/// One reading of a map.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Grows with every change.
    pub version: u64,
    /// Every seat.
    pub states: SeatStates,
    changes: VecDeque<(SeatIndex, SeatState)>,
}

impl Snapshot {
    /// What changed after a version, oldest first; nothing when that is too long ago (or not a version of this map).
    #[must_use]
    pub fn since(&self, version: u64) -> Option<impl Iterator<Item = (SeatIndex, SeatState)>> {
        let missed = usize::try_from(self.version.checked_sub(version)?).ok()?;
        let skip = self.changes.len().checked_sub(missed)?;
        Some(self.changes.iter().skip(skip).copied())
    }
}

/// The maps.
pub struct SeatMaps {
    locks: Arc<dyn SeatLocks>,
    maps: Fresh<PerformanceId, Arc<Snapshot>>,
}

impl SeatMaps {
    /// Nothing read yet.
    #[must_use]
    pub fn new(locks: Arc<dyn SeatLocks>) -> Self {
        Self { locks, maps: Fresh::new(REMEMBERED_MAX, MAX_AGE) }
    }

    /// The map of a performance.
    pub async fn snapshot(
        &self,
        performance: PerformanceId,
        layout: &Layout,
    ) -> Result<Arc<Snapshot>, StoreError> {
        let read = |old: Option<Arc<Snapshot>>| async move {
            let since = old.as_ref().map(|old| old.version);
            match (self.locks.map(performance, since).await?, old) {
                (MapRead::Changes { version, .. }, Some(old)) if version == old.version => Ok(old),
                (MapRead::Changes { version, changes }, Some(old)) => {
                    Ok(Arc::new(advance(&old, version, &changes)))
                }
                (MapRead::Full { version, taken }, _) => Ok(Arc::new(whole(version, &taken, layout))),
                (MapRead::Changes { .. }, None) => {
                    Err(StoreError::Unreadable { store: "redis", what: "changes to a map never read".into() })
                }
            }
        };
        self.maps.get(&performance, read).await
    }
}

fn whole(version: u64, taken: &[(SeatIndex, SeatState)], layout: &Layout) -> Snapshot {
    let mut states = SeatStates::available(layout.seat_count());
    for (index, state) in taken {
        states.set(index.0, *state);
    }
    for index in layout.not_for_sale() {
        states.set(index.0, SeatState::NotForSale);
    }
    Snapshot { version, states, changes: VecDeque::new() }
}

fn advance(old: &Snapshot, version: u64, changes: &[(SeatIndex, SeatState)]) -> Snapshot {
    let mut next = Snapshot { version, ..old.clone() };
    for (index, state) in changes {
        next.states.set(index.0, *state);
        next.changes.push_back((*index, *state));
    }
    let excess = next.changes.len().saturating_sub(CHANGES_MAX);
    next.changes.drain(..excess);
    next
}
