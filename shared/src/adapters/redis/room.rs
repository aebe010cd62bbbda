//! The waiting room of each performance.

use super::{
    RedisStore,
    steps::{self, Script, Step},
};
use crate::ports::{ClaimError, JoinError, PlaceError, StaffStep, StoreError, WaitingRoom};
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::{Block, Draw, leaf},
    queue::{self, Flow, Gathering, Place, PlaceState, RoomStatus, Session, Standing, numbers_per_lease},
};
use futures_util::{StreamExt as _, stream};
use redis::FromRedisValue;
use std::time::Duration;
use tokio::time::sleep;
use uuid::Uuid;

/// How often a join looks whether another's lease has arrived.
const LEASE_LOOK_EVERY: Duration = Duration::from_millis(20);
/// How often a step is done again because it wanted something of the books.
const ROUNDS_MAX: u32 = 100;
/// How often calls are leased and made for one request: enough to fill the largest room in a few requests.
const CALL_ROUNDS_MAX: u32 = 8;
/// How often somebody is let in again because Redis was lost in between.
const CLAIM_ROUNDS_MAX: u32 = 5;
/// People whom one request strikes off the list of those inside, at the same time.
const DEPARTURES_AT_ONCE: usize = 16;
/// A user's bytes.
const USER_LEN: usize = 16;

#[async_trait]
impl WaitingRoom for RedisStore {
    async fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> Result<(Place, bool), JoinError> {
        let mut held = held;
        for _ in 0..ROUNDS_MAX {
            let step = of_person(&steps::JOIN, performance, flow, user, held);
            let (what, kind, position, serving, called_per_min, is_new, full): JoinAnswer =
                self.run_of(performance, step).await?;
            match what.as_str() {
                "wait" => sleep(LEASE_LOOK_EVERY).await,
                "numbers" => self.lease_numbers(performance, position, &full).await?,
                "draw" => drop(self.make_draw(performance).await?),
                "number_of" => held = Some(self.number_of(performance, position).await?),
                "nothing" => return Err(JoinError::Full),
                state => return Ok((place(state, &kind, position, serving, called_per_min)?, is_new)),
            }
        }
        Err(StoreError::unavailable("redis", "no queue number was got in time").into())
    }

    async fn status(&self, performance: PerformanceId, flow: &Flow) -> Result<RoomStatus, StoreError> {
        let ask = || with_flow(&steps::STATUS, performance, flow);
        let (looked, (active,)): (Looked, (u64,)) = self.look(performance, |_| ask(), |_| true).await?;
        let Looked { position: issued, serving, called_per_min, .. } = looked;
        Ok(RoomStatus { serving, issued, active, called_per_min })
    }

    async fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<Place, PlaceError> {
        let ask = |number: Option<Standing>| {
            of_person(&steps::PLACE, performance, flow, user, number.or(Some(held)))
        };
        let (looked, ()) = self.look(performance, ask, |state| state == "waiting").await?;
        match looked.what.as_str() {
            "hasty" => {
                Err(PlaceError::Hasty { retry_after_ms: looked.position, interval_ms: looked.called_per_min })
            }
            _ => Ok(looked.place()?),
        }
    }

    async fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<(Session, bool), ClaimError> {
        let ask = |number: Option<Standing>| {
            of_person(&steps::CLAIM, performance, flow, user, number.or(Some(held)))
        };
        for _ in 0..CLAIM_ROUNDS_MAX {
            let (looked, (is_new, expires_at_ms, ends_at_ms, epoch)): (Looked, (bool, u64, u64, u64)) =
                self.look(performance, ask, |state| state == "waiting").await?;
            let place = looked.place()?;
            match place.state {
                PlaceState::Admitted => {
                    let session = Session { expires_at_ms, ends_at_ms };
                    if self.write_down(performance, user, looked.at_ms, session, epoch).await? {
                        return Ok((session, is_new));
                    }
                }
                PlaceState::Prequeue | PlaceState::Waiting | PlaceState::Called => {
                    return Err(ClaimError::NotYet(place));
                }
                PlaceState::Lapsed | PlaceState::Left => return Err(ClaimError::Lapsed),
            }
        }
        Err(StoreError::unavailable("redis", "it was lost again and again").into())
    }

    async fn renew(
        &self,
        performance: PerformanceId,
        user: UserId,
        flow: &Flow,
    ) -> Result<Option<Session>, StoreError> {
        let step = of_person(&steps::RENEW, performance, flow, user, None);
        let (goes_on, expires_at_ms, ends_at_ms): (bool, u64, u64) = self.run_of(performance, step).await?;
        Ok(goes_on.then_some(Session { expires_at_ms, ends_at_ms }))
    }

    async fn leave(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
    ) -> Result<(), StoreError> {
        let (number, entry) = match held {
            Some(Standing::Number(number)) => (number, 0),
            Some(Standing::Entry(entry)) => (0, entry),
            None => (0, 0),
        };
        let step = Step::of(&steps::LEAVE, performance);
        let step = step.arg(user.0.as_bytes().as_slice()).arg(number).arg(entry);
        let (may_be_inside, at_ms): (bool, u64) = self.run_of(performance, step).await?;
        if may_be_inside || held.is_none() {
            self.queue_books().depart(performance, user, at_ms).await?;
        }
        Ok(())
    }

    async fn staff(
        &self,
        performance: PerformanceId,
        user: UserId,
        does: StaffStep,
    ) -> Result<bool, StoreError> {
        let does = match does {
            StaffStep::Enter => "enter",
            StaffStep::Renew => "renew",
            StaffStep::Leave => "leave",
        };
        let step = Step::of(&steps::STAFF, performance).arg(user.0.as_bytes().as_slice()).arg(does);
        self.run_of(performance, step).await
    }

    async fn brake(&self, performance: PerformanceId) -> Result<(), StoreError> {
        match super::perform(self.connection(), &Step::of(&steps::BRAKE, performance)).await {
            Err(error) if error.code() == Some("LOST") => Ok(()),
            answer => answer.map(drop).map_err(super::unavailable),
        }
    }

    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError> {
        if let Some(draw) = self.draws.get(&performance) {
            return Ok(Some(draw));
        }
        let draw = self.queue_books().draw(performance).await?;
        if let Some(draw) = draw {
            self.draws.insert(performance, draw);
        }
        Ok(draw)
    }
}

/// State or wish, kind, position, serving, calls a minute, whether it is new, users.
type JoinAnswer = (String, String, u64, u64, u64, bool, Vec<u8>);
/// State or wish, kind, position, serving, calls a minute, how far to lease calls, departed users, when.
type LookAnswer = (String, String, u64, u64, u64, i64, Vec<u8>, u64);

/// What every step says that looks at the room.
struct Looked {
    what: String,
    kind: String,
    position: u64,
    serving: u64,
    called_per_min: u64,
    /// 0: far enough; -1: somebody else leases them.
    calls_to: i64,
    departed: Vec<u8>,
    at_ms: u64,
}

impl Looked {
    fn place(&self) -> Result<Place, StoreError> {
        place(&self.what, &self.kind, self.position, self.serving, self.called_per_min)
    }
}

impl RedisStore {
    /// Do a step that makes the due tick, as often as it wants something of the books first. Where calls were leased
    /// and `is_worth` says of the answer's state that they may change it, it is done again.
    async fn look<T: FromRedisValue>(
        &self,
        performance: PerformanceId,
        ask: impl Fn(Option<Standing>) -> Step + Send,
        is_worth: impl Fn(&str) -> bool + Send,
    ) -> Result<(Looked, T), StoreError> {
        let (mut number, mut calls_leased) = (None, 0);
        for _ in 0..ROUNDS_MAX {
            let (looked, rest): (Looked, T) = self.run_look(performance, ask(number)).await?;
            self.strike_off(performance, &looked).await;
            match looked.what.as_str() {
                "draw" => drop(self.make_draw(performance).await?),
                "number_of" => number = Some(self.number_of(performance, looked.position).await?),
                state => {
                    let more = self.lease_calls(performance, looked.calls_to, is_worth(state)).await;
                    calls_leased += 1;
                    if !more || calls_leased > CALL_ROUNDS_MAX {
                        return Ok((looked, rest));
                    }
                }
            }
        }
        Err(StoreError::unavailable("redis", "the queue did not come to rest"))
    }

    async fn run_look<T: FromRedisValue>(
        &self,
        performance: PerformanceId,
        step: Step,
    ) -> Result<(Looked, T), StoreError> {
        let mut answer: Vec<redis::Value> = self.run_of(performance, step).await?;
        let rest = redis::Value::Array(answer.split_off(answer.len().min(8)));
        let (what, kind, position, serving, called_per_min, calls_to, departed, at_ms): LookAnswer =
            super::read(redis::Value::Array(answer))?;
        let looked = Looked { what, kind, position, serving, called_per_min, calls_to, departed, at_ms };
        Ok((looked, super::read(rest)?))
    }

    /// The users of the block that begins with the entry `first` go into the roster.
    async fn lease_numbers(
        &self,
        performance: PerformanceId,
        first: u64,
        full: &[u8],
    ) -> Result<(), StoreError> {
        let full = block(performance, first, full);
        let leased_to =
            self.queue_books().lease_numbers(performance, numbers_per_lease(first), full.as_ref()).await?;
        let written_to = full.map_or(0, |full| full.first + full.leaves.len() as u64 - 1);
        self.run_of(performance, Step::of(&steps::NUMBERS, performance).arg(leased_to).arg(written_to)).await
    }

    /// Says whether it is worth looking again. It fails quietly: the queue stands still until the next look, and polls
    /// are answered.
    async fn lease_calls(&self, performance: PerformanceId, calls_to: i64, is_worth: bool) -> bool {
        let Ok(calls_to) = u64::try_from(calls_to) else {
            if is_worth {
                sleep(LEASE_LOOK_EVERY).await;
            }
            return is_worth;
        };
        if calls_to == 0 {
            return false;
        }
        let lease = async {
            let called_to = self.queue_books().lease_calls(performance, calls_to).await?;
            let step = Step::of(&steps::CALLS, performance).arg(called_to);
            self.run_of::<()>(performance, step).await
        };
        match lease.await {
            Ok(()) => is_worth,
            Err(error) => {
                tracing::warn!(%performance, error = &error as &dyn std::error::Error, "no calls were leased");
                false
            }
        }
    }

    /// Those whose admission has lapsed are inside no more. Where that fails they count after a loss, for as long as a
    /// sign of life is waited for.
    async fn strike_off(&self, performance: PerformanceId, looked: &Looked) {
        let departures = stream::iter(users(&looked.departed))
            .map(|user| self.queue_books().depart(performance, user, looked.at_ms))
            .buffer_unordered(DEPARTURES_AT_ONCE);
        departures
            .for_each(async |departed| {
                if let Err(error) = departed {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(%performance, error, "somebody who is gone counts as inside");
                }
            })
            .await;
    }

    /// Before anybody is told that they are inside the books know it: what they do not know, a rebuild would not count.
    /// Also when the session is not new: whoever began it may have died before this. Says whether no rebuild came in
    /// between, which may not have heard of it.
    async fn write_down(
        &self,
        performance: PerformanceId,
        user: UserId,
        at_ms: u64,
        session: Session,
        epoch: u64,
    ) -> Result<bool, StoreError> {
        self.queue_books().enter(performance, user, at_ms, session.ends_at_ms).await?;
        let step = Step::of(&steps::CONFIRM, performance).arg(user.0.as_bytes().as_slice()).arg(epoch);
        self.run_of(performance, step).await
    }

    /// Make the draw, or find it made.
    async fn make_draw(&self, performance: PerformanceId) -> Result<Draw, StoreError> {
        let (pool_size, first, last): (u64, u64, Vec<u8>) =
            self.run_of(performance, Step::of(&steps::FREEZE, performance)).await?;
        let last = block(performance, first, &last);
        let draw = self.queue_books().make_draw(performance, pool_size, last.as_ref()).await?;
        self.draws.insert(performance, draw);
        self.run_of::<()>(performance, Step::of(&steps::DRAWN, performance).arg(draw.pool_size)).await?;
        Ok(draw)
    }

    async fn number_of(&self, performance: PerformanceId, entry: u64) -> Result<Standing, StoreError> {
        let draw = match self.draw(performance).await? {
            Some(draw) => draw,
            None => self.make_draw(performance).await?,
        };
        Ok(Standing::Number(draw.number_of(entry)))
    }
}

fn users(bytes: &[u8]) -> impl Iterator<Item = UserId> {
    bytes.chunks_exact(USER_LEN).filter_map(|user| Uuid::from_slice(user).ok()).map(UserId)
}

/// Nothing where there are no users.
pub(super) fn block(performance: PerformanceId, first: u64, bytes: &[u8]) -> Option<Block> {
    let leaves: Vec<_> =
        (first..).zip(users(bytes)).map(|(entry, user)| leaf(performance, entry, user)).collect();
    (!leaves.is_empty()).then_some(Block { first, leaves })
}

fn with_flow(script: &'static Script, performance: PerformanceId, flow: &Flow) -> Step {
    let gathering: u8 = match flow.gathering {
        Gathering::Never => 0,
        Gathering::Now => 1,
        Gathering::Over => 2,
    };
    Step::of(script, performance)
        .arg(flow.cap)
        .arg(flow.rate_per_min)
        .arg(u8::from(flow.calling))
        .arg(u8::from(flow.paused))
        .arg(gathering)
        .arg(flow.call_window_ms)
        .arg(flow.session_ms)
        .arg(flow.heartbeat_ms)
}

fn of_person(
    script: &'static Script,
    performance: PerformanceId,
    flow: &Flow,
    user: UserId,
    held: Option<Standing>,
) -> Step {
    let (kind, position) = match held {
        Some(Standing::Number(number)) => ("n", number),
        Some(Standing::Entry(entry)) => ("e", entry),
        None => ("", 0),
    };
    with_flow(script, performance, flow).arg(user.0.as_bytes().as_slice()).arg(kind).arg(position)
}

fn place(
    state: &str,
    kind: &str,
    position: u64,
    serving: u64,
    called_per_min: u64,
) -> Result<Place, StoreError> {
    let state = match state {
        "prequeue" => PlaceState::Prequeue,
        "waiting" => PlaceState::Waiting,
        "called" => PlaceState::Called,
        "admitted" => PlaceState::Admitted,
        "lapsed" => PlaceState::Lapsed,
        "left" => PlaceState::Left,
        other => {
            return Err(StoreError::Unreadable { store: "redis", what: format!("a place: {other}") });
        }
    };
    let (standing, ahead) = match kind {
        "e" => (Standing::Entry(position), 0),
        _ => (Standing::Number(position), queue::ahead(position, serving)),
    };
    Ok(Place { standing, state, ahead, called_per_min })
}
