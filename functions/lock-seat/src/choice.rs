//! Places that are chosen for a buyer: the best seats, or standing places. The map, which may be a moment old, says where to
//! look; the places themselves are chosen inside the lock, from what is free then. So each of many simultaneous buyers gets
//! the best of what those before left.

use crate::{Locking, refusal};
use domain::{
    PerformanceId,
    best::{Wanted, stretches},
    entry::FreeEntries,
    layout::{Layout, Row, SeatIndex},
    seat::SeatState,
};
use shared::{
    http::{Code, Problem},
    ports::{Held, HoldError, HoldRequest, WantedSeats},
    services::seat_maps::Snapshot,
};
use std::{fmt, ops::Range};

/// How many seats the script may look at while Redis does nothing else: enough for 250 pairs.
const SEATS_PER_LOOK: u32 = 500;
/// How often other buyers may be faster with all of those. The map is read anew each time.
const LOOKS_MAX: usize = 8;

/// What is to be chosen.
pub(crate) enum Choice {
    /// The best seats of a grade, together.
    Best(BestSeats),
    /// The lowest places of a standing area.
    Entries { section: String, area: Range<u32>, count: u32 },
}

/// The best seats of a grade.
pub(crate) struct BestSeats {
    pub(crate) grade: String,
    pub(crate) count: u32,
    /// Whether wheelchair places are sold like all others.
    pub(crate) with_accessible: bool,
}

impl Locking {
    /// Holds what is chosen, unless there is no room anywhere.
    pub(crate) async fn hold_chosen(
        &self,
        performance: PerformanceId,
        layout: &Layout,
        choice: &Choice,
        request: impl Fn(WantedSeats) -> HoldRequest,
    ) -> Result<Held, Problem> {
        let mut reading = self.maps.reading(performance, layout, None).await?;
        for look in 0..LOOKS_MAX {
            if let Some(wanted) = choice.from(layout, &reading.map) {
                match self.hold_checked(&request(wanted)).await {
                    Err(HoldError::NoneTogether) => {}
                    Err(error) => return Err(refusal(error, layout)),
                    Ok(held) => return Ok(held),
                }
            } else if look > 0 {
                // The map was read after the request arrived. Now and then the books are asked whether it is true.
                let taken = choice.some_taken(&reading.map, layout, self.ids.dice());
                if !self.second_look.finds_free_among(performance, &taken).await {
                    return Err(choice.no_room(&reading.map, layout));
                }
            }
            reading = self.maps.reading(performance, layout, Some(&reading)).await?;
        }
        let detail = format!("Other buyers were faster to take {choice}");
        Err(Problem::new(Code::SeatHeld).detail(detail))
    }
}

impl Choice {
    pub(crate) fn count(&self) -> u32 {
        match self {
            Self::Best(best) => best.count,
            Self::Entries { count, .. } => *count,
        }
    }

    /// Where the lock is to look; nothing if the map has no room.
    fn from(&self, layout: &Layout, map: &Snapshot) -> Option<WantedSeats> {
        let (count, version) = (self.count(), map.version);
        match self {
            Self::Best(best) => {
                let among = stretches(layout, &map.states, best.wanted(), SEATS_PER_LOOK);
                (!among.is_empty()).then_some(WantedSeats::Together { count, among, version })
            }
            Self::Entries { area, .. } => {
                let (area, free) = (area.clone(), FreeEntries::of(&map.states, area.clone(), count));
                (free.count() >= count).then_some(WantedSeats::Entries { count, area, free, version })
            }
        }
    }

    /// Places that the map shows as taken, starting from a different one each time.
    fn some_taken(&self, map: &Snapshot, layout: &Layout, dice: u64) -> Vec<SeatIndex> {
        let is_taken =
            |place: &SeatIndex| matches!(map.states.get(place.0), SeatState::Held | SeatState::Sold);
        let mut taken: Vec<_> = self.places(layout).filter(is_taken).collect();
        let from = usize::try_from(dice).unwrap_or_default() % taken.len().max(1);
        taken.rotate_left(from);
        taken
    }

    fn no_room(&self, map: &Snapshot, layout: &Layout) -> Problem {
        let may_come_back = self.places(layout).any(|place| map.states.get(place.0) == SeatState::Held);
        let code = if may_come_back { Code::SeatHeld } else { Code::SeatSold };
        Problem::new(code).detail(format!("There are no {self}"))
    }

    /// All places that it is chosen from.
    fn places(&self, layout: &Layout) -> impl Iterator<Item = SeatIndex> {
        let belongs = |row: &&Row| match self {
            Self::Best(best) => !row.is_standing() && (row.is_mixed() || row.grade == best.grade),
            Self::Entries { area, .. } => row.indexes() == *area,
        };
        let places = layout.rows().iter().filter(belongs).flat_map(Row::indexes).map(SeatIndex);
        places.filter(|place| match self {
            Self::Best(best) => layout.grade_of(*place) == Some(&best.grade),
            Self::Entries { .. } => true,
        })
    }
}

impl BestSeats {
    fn wanted(&self) -> Wanted<'_> {
        Wanted { grade: &self.grade, count: self.count, with_accessible: self.with_accessible }
    }
}

/// As in "There are no …".
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Best(BestSeats { grade, count, .. }) => {
                write!(f, "{count} free seats together in {grade}")
            }
            Self::Entries { section, count, .. } => write!(f, "{count} free places in {section}"),
        }
    }
}
