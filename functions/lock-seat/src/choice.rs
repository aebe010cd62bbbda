//! The best seats together. The map, which may be a moment old, says where to look; the seats themselves are chosen inside
//! the lock, from what is free then. So each of many simultaneous buyers gets the best of what those before left.

use crate::{Locking, refusal};
use domain::{
    PerformanceId,
    best::{Wanted, stretches},
    layout::{Layout, SeatIndex},
    seat::SeatState,
};
use shared::{
    http::{Code, Problem},
    ports::{Held, HoldError, HoldRequest, WantedSeats},
    services::seat_maps::Snapshot,
};

/// How many seats the script may look at while Redis does nothing else: enough for 250 pairs.
const SEATS_PER_LOOK: u32 = 500;
/// How often other buyers may be faster with all of those. The map is read anew each time.
const LOOKS_MAX: usize = 8;

impl Locking {
    /// Holds this many seats together, unless the whole grade has none.
    pub(crate) async fn hold_best(
        &self,
        performance: PerformanceId,
        layout: &Layout,
        (count, grade): (u32, &str),
        request: impl Fn(WantedSeats) -> HoldRequest,
    ) -> Result<Held, Problem> {
        let mut reading = self.maps.reading(performance, layout, None).await?;
        for look in 0..LOOKS_MAX {
            let looked_for = Wanted { grade, count, with_accessible: false };
            let among = stretches(layout, &reading.map.states, looked_for, SEATS_PER_LOOK);
            if !among.is_empty() {
                let version = reading.map.version;
                let wanted = request(WantedSeats::Together { count, among, version });
                match self.hold_checked(&wanted).await {
                    Err(HoldError::NoneTogether) => {}
                    Err(error) => return Err(refusal(error, layout)),
                    Ok(held) => return Ok(held),
                }
            } else if look > 0 {
                // The map was read after the request arrived. Now and then the books are asked whether it is true.
                let taken = some_taken(&reading.map, grade, layout, self.ids.dice());
                if !self.second_look.finds_free_among(performance, &taken).await {
                    return Err(none_together(&reading.map, count, grade, layout));
                }
            }
            reading = self.maps.reading(performance, layout, Some(&reading)).await?;
        }
        let detail = format!("Other buyers were faster to take {count} seats together in {grade}");
        Err(Problem::new(Code::SeatHeld).detail(detail))
    }
}

/// Seats of a grade that the map shows as taken, starting from a different place in it each time.
fn some_taken(map: &Snapshot, grade: &str, layout: &Layout, dice: u64) -> Vec<SeatIndex> {
    let is_taken = |seat: &u32| matches!(map.states.get(*seat), SeatState::Held | SeatState::Sold);
    let mut taken: Vec<_> = seats_of(grade, layout).filter(is_taken).map(SeatIndex).collect();
    let from = usize::try_from(dice).unwrap_or_default() % taken.len().max(1);
    taken.rotate_left(from);
    taken
}

fn seats_of(grade: &str, layout: &Layout) -> impl Iterator<Item = u32> {
    let rows = layout.rows().iter().filter(move |row| row.grade == grade);
    rows.flat_map(|row| row.first_index..row.first_index + row.seats)
}

fn none_together(map: &Snapshot, count: u32, grade: &str, layout: &Layout) -> Problem {
    let may_come_back = seats_of(grade, layout).any(|seat| map.states.get(seat) == SeatState::Held);
    let code = if may_come_back { Code::SeatHeld } else { Code::SeatSold };
    Problem::new(code).detail(format!("There are no {count} free seats together in {grade}"))
}
