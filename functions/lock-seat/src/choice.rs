//! Places that are chosen for a buyer: the best seats, or standing places. The map, which may be a moment old, says where to
//! look; the places themselves are chosen inside the lock, from what is free then. So each of many simultaneous buyers gets
//! the best of what those before left.

use crate::{Locking, refusal};
use domain::{
    PerformanceId,
    best::{Wanted, choose, stretches},
    entry::FreeEntries,
    layout::{Layout, PlaceKind, Row, SeatIndex},
    seat::{SeatState, SeatStates},
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
const LOOKS_MAX: u32 = 8;
/// What is to be chosen.
pub(crate) enum Choice {
    /// The best seats of a grade, together.
    Best(BestSeats),
    /// The lowest places of a standing area.
    Entries { section: String, area: Range<u32>, count: u32 },
}

/// The best seats of a grade: see [`Wanted`].
pub(crate) struct BestSeats {
    pub(crate) grade: String,
    pub(crate) count: u32,
    pub(crate) wheelchair: u32,
    pub(crate) split: bool,
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
            if let Some(wanted) = choice.from(layout, &reading.map, look, self.ids.dice()) {
                match self.hold_checked(&request(wanted)).await {
                    Err(HoldError::NoneTogether | HoldError::Held(_) | HoldError::Sold(_)) => {}
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

    /// Where the lock is to look; nothing if the map has no room. `look` counts how often others were faster.
    fn from(&self, layout: &Layout, map: &Snapshot, look: u32, dice: u64) -> Option<WantedSeats> {
        let (count, version) = (self.count(), map.version);
        match self {
            Self::Best(best) => {
                let wanted = best.wanted();
                if wanted.wheelchair == 0 {
                    let among = stretches(layout, &map.states, wanted, SEATS_PER_LOOK);
                    if !among.is_empty() || !wanted.split {
                        return (!among.is_empty()).then_some(WantedSeats::Together {
                            count,
                            among,
                            version,
                        });
                    }
                }
                best.named(layout, map, look, dice).map(WantedSeats::Named)
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
    fn places<'a>(&'a self, layout: &'a Layout) -> Box<dyn Iterator<Item = SeatIndex> + 'a> {
        match self {
            Self::Best(best) => Box::new(layout.seats_of(&best.grade)),
            Self::Entries { area, .. } => Box::new(area.clone().map(SeatIndex)),
        }
    }
}

impl BestSeats {
    fn wanted(&self) -> Wanted<'_> {
        let Self { ref grade, count, wheelchair, split, with_accessible } = *self;
        Wanted { grade, count, wheelchair, split, with_accessible }
    }

    /// Seats as the map has them free. The fastest buyer alone gets what all of them see, so those who were slower disperse.
    fn named(&self, layout: &Layout, map: &Snapshot, look: u32, dice: u64) -> Option<Vec<SeatIndex>> {
        let elsewhere = (look > 0).then(|| self.dispersed(layout, &map.states, look, dice));
        let elsewhere = elsewhere.and_then(|states| choose(layout, &states, self.wanted()));
        elsewhere.or_else(|| choose(layout, &map.states, self.wanted()))
    }

    /// A map in which some of what others will choose seems taken: half of the wheelchair places, or some of the best rows, four
    /// times as many at each look.
    fn dispersed(&self, layout: &Layout, states: &SeatStates, look: u32, dice: u64) -> SeatStates {
        let mut states = states.clone();
        if self.wheelchair > 0 {
            let places = layout.special().map(|(place, _)| place);
            let places = places.filter(|place| layout.kind_of(*place) == Some(PlaceKind::Wheelchair));
            let half = places.filter(|place| mixed(dice ^ u64::from(place.0)).is_multiple_of(2));
            half.for_each(|place| states.set(place.0, SeatState::Held));
        } else {
            let rows = mixed(dice) % 4_u64.pow(look.min(4));
            let best = layout.ranked().take(usize::try_from(rows).unwrap_or_default());
            best.flat_map(Row::indexes).for_each(|seat| states.set(seat, SeatState::Held));
        }
        states
    }
}

/// A number whose every bit depends on all of the other's (by multiplying with 2⁶⁴ divided by the golden ratio).
fn mixed(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}

/// As in "There are no …".
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Best(BestSeats { grade, count, wheelchair: 0, split: false, .. }) => {
                write!(f, "{count} free seats together in {grade}")
            }
            Self::Best(BestSeats { grade, count, wheelchair: 0, .. }) => {
                write!(f, "{count} free seats in {grade}, in one row or in two behind each other")
            }
            Self::Best(BestSeats { grade, count, wheelchair, .. }) => {
                write!(f, "{count} free seats in {grade} with {wheelchair} of them for wheelchairs")
            }
            Self::Entries { section, count, .. } => write!(f, "{count} free places in {section}"),
        }
    }
}
