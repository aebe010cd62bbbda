//! The best seats together. The map, which may be a moment old, says where to look; which seats it will be is chosen in
//! the lock, from what is free then. So of a crowd that asks at once, each gets the best that those before left.

use crate::{Locking, refusal};
use domain::{
    PerformanceId,
    best::stretches,
    layout::{Layout, SeatIndex},
    seat::SeatState,
};
use shared::{
    http::{Code, Problem},
    ports::{Held, HoldError, HoldRequest, WantedSeats},
    services::seat_maps::Snapshot,
};

/// Seats that are looked at in one lock, while Redis does nothing else: room for 250 pairs.
const SEATS_PER_LOOK: u32 = 500;
/// How often others may be faster with all of those. Each time the map is read anew.
const LOOKS_MAX: usize = 8;

impl Locking {
    /// Hold so many seats together, unless there are none in the whole grade.
    pub(crate) async fn hold_best(
        &self,
        performance: PerformanceId,
        layout: &Layout,
        (count, grade): (u32, &str),
        request: impl Fn(WantedSeats) -> HoldRequest,
    ) -> Result<Held, Problem> {
        let mut reading = self.maps.reading(performance, layout, None).await?;
        for look in 0..LOOKS_MAX {
            let among = stretches(layout, &reading.map.states, grade, count, SEATS_PER_LOOK);
            if !among.is_empty() {
                let version = reading.map.version;
                let wanted = request(WantedSeats::Together { count, among, version });
                match self.hold_checked(&wanted).await {
                    Err(HoldError::NoneTogether) => {}
                    Err(error) => return Err(refusal(error, layout)),
                    Ok(held) => return Ok(held),
                }
            } else if look > 0 {
                // Read after the request had come. Now and then the books are asked whether it is true.
                let taken = some_taken(&reading.map, grade, layout, self.ids.dice());
                if !self.second_look.finds_free_among(performance, &taken).await {
                    return Err(none_together(&reading.map, count, grade, layout));
                }
            }
            reading = self.maps.reading(performance, layout, Some(&reading)).await?;
        }
        let detail = format!("Others were faster with {count} seats together in {grade}, again and again");
        Err(Problem::new(Code::SeatHeld).detail(detail))
    }
}

/// Seats of a grade that the map shows as taken, from a place in it on that is another each time.
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
