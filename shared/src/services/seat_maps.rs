//! The seat maps of a process: each is at most 100 ms old, and read once for all who look at it.

use crate::{
    ports::{MapRead, SeatLocks, StoreError},
    services::fresh::Fresh,
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
    /// The version of the map.
    pub version: u64,
    /// The state of every seat, in layout order.
    pub states: SeatStates,
    changes: VecDeque<(SeatIndex, SeatState)>,
}

impl Snapshot {
    /// What changed after a version, oldest first; nothing if that is too long ago, or not a version of this map.
    #[must_use]
    pub fn since(&self, version: u64) -> Option<impl Iterator<Item = (SeatIndex, SeatState)>> {
        let missed = usize::try_from(self.version.checked_sub(version)?).ok()?;
        let skip = self.changes.len().checked_sub(missed)?;
        Some(self.changes.iter().skip(skip).copied())
    }
}

/// One reading, and its place among the readings of this process.
#[derive(Debug, Clone)]
pub struct MapReading {
    /// The map that was read.
    pub map: Arc<Snapshot>,
    number: u64,
}

pub struct SeatMaps {
    locks: Arc<dyn SeatLocks>,
    maps: Fresh<PerformanceId, MapReading>,
}

impl SeatMaps {
    #[must_use]
    pub fn new(locks: Arc<dyn SeatLocks>) -> Self {
        Self { locks, maps: Fresh::new(REMEMBERED_MAX, MAX_AGE) }
    }

    pub async fn snapshot(
        &self,
        performance: PerformanceId,
        layout: &Layout,
    ) -> Result<Arc<Snapshot>, StoreError> {
        Ok(self.reading(performance, layout, None).await?.map)
    }

    /// The map of a performance; if `seen` is given, one that was read later. Many requests that have seen the same
    /// reading share the next.
    pub async fn reading(
        &self,
        performance: PerformanceId,
        layout: &Layout,
        seen: Option<&MapReading>,
    ) -> Result<MapReading, StoreError> {
        let is_newer = |known: &MapReading| seen.is_none_or(|seen| known.number > seen.number);
        self.maps.get_if(&performance, is_newer, |old| self.read(performance, layout, old)).await
    }

    async fn read(
        &self,
        performance: PerformanceId,
        layout: &Layout,
        old: Option<MapReading>,
    ) -> Result<MapReading, StoreError> {
        let (old, number) = old.map_or((None, 0), |old| (Some(old.map), old.number + 1));
        let since = old.as_ref().map(|old| old.version);
        let map = match (self.locks.map(performance, since).await?, old) {
            (MapRead::Changes { version, .. }, Some(old)) if version == old.version => old,
            (MapRead::Changes { version, changes }, Some(old)) => Arc::new(advance(&old, version, &changes)),
            (MapRead::Full { version, taken }, _) => Arc::new(whole(version, &taken, layout)),
            (MapRead::Changes { .. }, None) => {
                let what = "changes to a map never read".into();
                return Err(StoreError::Unreadable { store: "redis", what });
            }
        };
        Ok(MapReading { map, number })
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
