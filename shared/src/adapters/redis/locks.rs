//! Seat locks and the seat map.

use super::{
    RedisStore, perform, perform_all, read, stepped,
    steps::{self, Script, Step, with_record},
    unavailable,
};
use crate::{
    ports::{
        AdmittedAs, BringBack, ExtendError, FIGURES_PER_TRIP, Held, HoldError, HoldRequest, MapRead,
        Projection, SeatFigures, SeatLocks, StoreError, Tallies, WantedSeats,
    },
    telemetry::metrics::HOLDS_EXPIRED,
};
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    history::{Counted, Tally},
    hold::{Hold, HoldId},
    layout::SeatIndex,
    seat::SeatState,
};
use jiff::Timestamp;
use redis::{FromRedisValue, RedisResult, Value};
use room::whole;
use std::{collections::BTreeSet, ops::Range, sync::Arc};
use uuid::Uuid;

/// The seat locks in a store that may lose them.
pub struct RedisLocks {
    store: Arc<RedisStore>,
    back: Arc<dyn BringBack>,
}

impl RedisLocks {
    /// Locks in this store; `back` rebuilds a performance that it has lost.
    #[must_use]
    pub fn new(store: Arc<RedisStore>, back: Arc<dyn BringBack>) -> Self {
        Self { store, back }
    }

    /// Do a step of a performance; if Redis has lost the performance, it is rebuilt first.
    async fn run_of<T: FromRedisValue>(
        &self,
        performance: PerformanceId,
        step: Step,
    ) -> Result<T, StoreError> {
        let step = || async { stepped(perform(&self.store.connection, &step).await) };
        read(whole(&*self.back, performance, step).await?)
    }

    /// Do steps of one script for different performances, in one round trip; nothing where Redis has lost a
    /// performance.
    async fn run_all<T: FromRedisValue>(&self, steps: &[Step]) -> Result<Vec<Option<T>>, StoreError> {
        let answers = perform_all(&self.store.connection, steps).await.map_err(unavailable)?;
        let answer = |answer: RedisResult<Value>| match answer {
            Err(error) if error.code() == Some("LOST") => Ok(None),
            answer => answer.map_err(unavailable).and_then(read).map(Some),
        };
        answers.into_iter().map(answer).collect()
    }
}

#[async_trait]
impl SeatLocks for RedisLocks {
    async fn hold(&self, wanted: &HoldRequest) -> Result<Held, HoldError> {
        if let WantedSeats::Named(seats) = &wanted.seats
            && seats.len() == 1
            && let Some(outcome) = read_held(wanted, self.hold_by(&steps::HOLD_ONE, wanted).await?)
        {
            return outcome;
        }
        let reply = self.hold_by(&steps::HOLD, wanted).await?;
        read_held(wanted, reply).unwrap_or_else(|| Err(unreadable("a hold", &"no outcome").into()))
    }

    async fn find(&self, hold: HoldId, user: UserId) -> Result<Option<Hold>, StoreError> {
        let step = of_hold(&steps::FIND, hold, user);
        read_found(hold, user, self.run_of(hold.performance, step).await?)
    }

    async fn release(&self, hold: HoldId, user: UserId) -> Result<bool, StoreError> {
        self.run_of(hold.performance, of_hold(&steps::RELEASE, hold, user)).await
    }

    async fn extend(
        &self,
        hold: HoldId,
        user: UserId,
        admitted: AdmittedAs,
        at_least_ms: u64,
    ) -> Result<Option<Hold>, ExtendError> {
        let step = by_admitted(&steps::EXTEND, hold, user, admitted).arg(at_least_ms);
        let found = self.run_inside(hold.performance, step).await?.ok_or(ExtendError::Outside)?;
        Ok(read_found(hold, user, found)?)
    }

    async fn project(&self, performance: PerformanceId, changes: &[Projection]) -> Result<(), StoreError> {
        match perform(&self.store.connection, &projection(performance, changes, true)).await {
            Err(error) if error.code() == Some("LOST") => {
                self.back.bring_back(performance).await?;
                // Not a second time: a fence that no rebuild rises above would have the performance rebuilt for ever.
                self.store.run(projection(performance, changes, false)).await
            }
            answer => answer.map_err(unavailable).and_then(read),
        }
    }

    async fn map(&self, performance: PerformanceId, since: Option<u64>) -> Result<MapRead, StoreError> {
        let step = Step::of(&steps::MAP, performance);
        let step = if let Some(version) = since { step.arg(version) } else { step.arg("") };
        let (is_full, version, changes, sold, reserved, locked, lapsed): MapReply =
            self.run_of(performance, step).await?;
        HOLDS_EXPIRED.add(lapsed, &[]);
        if is_full {
            let held = reserved.into_iter().chain(locked).collect();
            return Ok(MapRead::Full { version, taken: taken(&sold, held) });
        }
        let changes = changes.into_iter().map(change).collect();
        Ok(MapRead::Changes { version, changes })
    }

    async fn figures(&self, performance: PerformanceId) -> Result<SeatFigures, StoreError> {
        let figures: FiguresReply = self.run_of(performance, Step::of(&steps::FIGURES, performance)).await?;
        Ok(read_figures(figures))
    }

    async fn figures_of(
        &self,
        performances: &[PerformanceId],
    ) -> Result<Vec<Option<SeatFigures>>, StoreError> {
        let mut figures = Vec::with_capacity(performances.len());
        for some in performances.chunks(FIGURES_PER_TRIP) {
            let steps: Vec<_> = some.iter().map(|one| Step::of(&steps::FIGURES, *one)).collect();
            let found = self.run_all::<FiguresReply>(&steps).await?;
            figures.extend(found.into_iter().map(|found| found.map(read_figures)));
        }
        Ok(figures)
    }
}

#[async_trait]
impl Tallies for RedisLocks {
    async fn tally(&self, performance: PerformanceId) -> Result<Tally, StoreError> {
        let numbers: [u64; 14] = self.run_of(performance, Step::of(&steps::TALLY, performance)).await?;
        let [life, held_seats, reserved, sold, room @ .., held, booked, paid] = numbers;
        let [waiting, inside, issued, serving, skipped_to, joined, entered] = room;
        let seats = SeatFigures { held: held_seats, reserved, sold };
        let counted = Counted { life, joined, entered, held, booked, paid };
        Ok(Tally { seats, waiting, inside, issued, serving, skipped_to, counted })
    }
}

fn projection(performance: PerformanceId, changes: &[Projection], notices_a_loss: bool) -> Step {
    let step = Step::of(&steps::PROJECT, performance).arg(if notices_a_loss { "1" } else { "" });
    let with =
        |step, change: &Projection| with_record(step, change.index, &change.record, change.given_back_by);
    changes.iter().fold(step, with)
}

impl RedisLocks {
    async fn hold_by(&self, script: &'static Script, wanted: &HoldRequest) -> Result<HoldReply, HoldError> {
        let step = by_admitted(script, wanted.hold_id, wanted.user, wanted.admitted)
            .arg(wanted.ttl_ms)
            .arg(wanted.max_seats_per_user);
        let step = match &wanted.seats {
            WantedSeats::Named(seats) => step.arg(seat_list(seats)),
            WantedSeats::Together { count, among, version } => {
                let step = step.arg("best").arg(*count).arg(*version);
                among.iter().fold(step, |step, stretch| {
                    step.arg(stretch.first.0).arg(stretch.twice_middle).arg(free_list(&stretch.free))
                })
            }
            WantedSeats::Entries { count, area, free, version } => {
                let step = step.arg("entries").arg(*count).arg(*version);
                let step = step.arg(area.start).arg(area.end.saturating_sub(1));
                step.arg(if free.is_whole { "1" } else { "" }).arg(run_list(&free.runs))
            }
        };
        self.run_inside(wanted.hold_id.performance, step).await?.ok_or(HoldError::Outside)
    }

    /// Do a step that needs an admission; nothing where the user is not inside.
    async fn run_inside<T: FromRedisValue>(
        &self,
        performance: PerformanceId,
        step: Step,
    ) -> Result<Option<T>, StoreError> {
        match self.run_of(performance, step).await? {
            Value::SimpleString(status) if status == "OUTSIDE" => Ok(None),
            answer => super::read(answer).map(Some),
        }
    }
}

/// What happened, hold, fence, when it expires, seats.
type HoldReply = (String, String, u64, i64, String);
/// Whether it is complete, version, changes, bitmap of sold seats, reserved seats, locked seats, how many locks had lapsed.
type MapReply = (bool, u64, Vec<u32>, Vec<u8>, Vec<u32>, Vec<u32>, u64);
/// How many seats are locked, reserved and sold, and how many locks had lapsed.
type FiguresReply = (u64, u64, u64, u64);

fn of_hold(script: &'static Script, hold: HoldId, user: UserId) -> Step {
    with_hold(Step::of(script, hold.performance), hold, user)
}

/// A step that begins with `inside.lua`.
fn by_admitted(script: &'static Script, hold: HoldId, user: UserId, admitted: AdmittedAs) -> Step {
    let door = match admitted {
        AdmittedAs::Anyone => "all",
        AdmittedAs::Counted => "counted",
        AdmittedAs::Staff => "staff",
    };
    with_hold(Step::of(script, hold.performance).arg(door), hold, user)
}

fn with_hold(step: Step, hold: HoldId, user: UserId) -> Step {
    step.arg(user.0.as_bytes().as_slice()).arg(name(hold))
}

/// What a hold's step answered; nothing where `hold_one.lua` left it to `hold.lua`.
fn read_held(
    wanted: &HoldRequest,
    (outcome, token, fence, expires_ms, seats): HoldReply,
) -> Option<Result<Held, HoldError>> {
    let hold = |fresh| {
        let token = Uuid::parse_str(&token).map_err(|error| unreadable("a hold's name", &error))?;
        let hold_id = HoldId { token, ..wanted.hold_id };
        let hold = read_hold(hold_id, wanted.user, fence, expires_ms, &seats)?;
        Ok(Held { hold, fresh })
    };
    let in_the_way = || parse_seats(&seats).map_err(HoldError::from);
    match outcome.as_str() {
        "fresh" => Some(hold(true)),
        "same" => Some(hold(false)),
        "held" => Some(in_the_way().and_then(|seats| Err(HoldError::Held(seats)))),
        "sold" => Some(in_the_way().and_then(|seats| Err(HoldError::Sold(seats)))),
        "none" => Some(Err(HoldError::NoneTogether)),
        "limit" => Some(Err(HoldError::LimitExceeded)),
        _ => None,
    }
}

fn read_figures((held, reserved, sold, lapsed): FiguresReply) -> SeatFigures {
    HOLDS_EXPIRED.add(lapsed, &[]);
    SeatFigures { held, reserved, sold }
}

fn read_found(
    hold_id: HoldId,
    user: UserId,
    (is_live, fence, expires_ms, seats): (bool, u64, i64, String),
) -> Result<Option<Hold>, StoreError> {
    is_live.then(|| read_hold(hold_id, user, fence, expires_ms, &seats)).transpose()
}

fn read_hold(
    hold_id: HoldId,
    user: UserId,
    fence: u64,
    expires_ms: i64,
    seats: &str,
) -> Result<Hold, StoreError> {
    Ok(Hold { hold_id, user, seats: parse_seats(seats)?, expires_at: timestamp(expires_ms)?, fence })
}

fn name(hold: HoldId) -> String {
    hold.token.simple().to_string()
}

fn seat_list(seats: &[SeatIndex]) -> String {
    let mut list = String::with_capacity(seats.len() * 6);
    for seat in seats {
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&seat.0.to_string());
    }
    list
}

fn free_list(free: &[bool]) -> String {
    free.iter().map(|is_free| if *is_free { '1' } else { '0' }).collect()
}

fn run_list(runs: &[Range<u32>]) -> String {
    runs.iter().fold(String::new(), |list, run| list + &format!("{}-{},", run.start, run.end - 1))
}

fn parse_seats(list: &str) -> Result<Vec<SeatIndex>, StoreError> {
    let seats = list.split(',').filter(|seat| !seat.is_empty());
    seats
        .map(|seat| seat.parse().map(SeatIndex).map_err(|error| unreadable("a hold's seats", &error)))
        .collect()
}

fn timestamp(ms: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|error| unreadable("a time", &error))
}

fn unreadable(record: &str, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unreadable { store: "redis", what: format!("{record}: {why}") }
}

/// An entry of the log: the seat's digits, then the state's.
fn change(entry: u32) -> (SeatIndex, SeatState) {
    let state = match entry % 10 {
        0 => SeatState::Available,
        1 => SeatState::Held,
        _ => SeatState::Sold,
    };
    (SeatIndex(entry / 10), state)
}

/// All seats that are not available. Sold wins where a lock has outlived its sale.
fn taken(sold: &[u8], mut held: BTreeSet<u32>) -> Vec<(SeatIndex, SeatState)> {
    let sold: Vec<u32> = set_bits(sold).collect();
    for seat in &sold {
        held.remove(seat);
    }
    let held = held.into_iter().map(|seat| (SeatIndex(seat), SeatState::Held));
    held.chain(sold.into_iter().map(|seat| (SeatIndex(seat), SeatState::Sold))).collect()
}

/// The indexes of the bits that are set. Redis counts bits from the highest of each byte.
fn set_bits(bitmap: &[u8]) -> impl Iterator<Item = u32> {
    (0..).zip(bitmap).flat_map(|(byte, bits)| {
        (0..8).filter(move |bit| bits & (0x80 >> bit) != 0).map(move |bit| byte * 8 + bit)
    })
}
