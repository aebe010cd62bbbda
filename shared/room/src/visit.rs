//! A visit: join · look · claim · renew · leave. Each is a few steps of the store, with writes to the books in between.

use crate::{
    BringBack, ClaimError, Claimed, Departure, JoinError, Mistake, PlaceError, QueueBooks, RoomSteps,
    StaffStep, StepError, StoreError, Time, WaitingRoom, whole,
};
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::Draw,
    queue::{Flow, Given, Looked, Place, PlaceState, RoomStatus, Session, Standing, Wants},
};
use quick_cache::sync::Cache;
use std::sync::Arc;

/// How often a step is repeated because it wanted something of the books first.
const ROUNDS_MAX: u32 = 100;
/// How often one request leases and makes calls: enough for a few requests to fill the largest room.
const CALL_ROUNDS_MAX: u32 = 8;
/// How often a claim is repeated because the room was rebuilt before the admission was confirmed.
const CLAIM_ROUNDS_MAX: u32 = 5;
/// How many draws a process remembers.
const DRAWS_MAX: usize = 1_000;

/// The waiting rooms of all performances.
pub struct Room<S, T> {
    pub(crate) steps: Arc<S>,
    pub(crate) books: Arc<dyn QueueBooks>,
    back: Arc<dyn BringBack>,
    pub(crate) time: T,
    /// Draws that have been made: they never change.
    pub(crate) draws: Cache<PerformanceId, Draw>,
    pub(crate) mistake: Option<Mistake>,
}

impl<S: RoomSteps, T: Time> Room<S, T> {
    /// Runs on these steps, and on books that are never lost.
    #[must_use]
    pub fn new(steps: Arc<S>, books: Arc<dyn QueueBooks>, back: Arc<dyn BringBack>, time: T) -> Self {
        Self { steps, books, back, time, draws: Cache::new(DRAWS_MAX), mistake: None }
    }

    /// With a mistake built in, to test the simulator's checker.
    #[must_use]
    pub fn mistaken(self, mistake: Option<Mistake>) -> Self {
        Self { mistake, ..self }
    }

    /// Do a step; if the store has lost the performance, it is rebuilt first.
    pub(crate) async fn done<A, F>(
        &self,
        performance: PerformanceId,
        step: impl Fn() -> F + Send,
    ) -> Result<A, StoreError>
    where
        F: Future<Output = Result<A, StepError>> + Send,
    {
        whole(&*self.back, performance, step).await
    }

    /// Do a step that makes the due tick, and repeat it while it wants something of the books first. It is also
    /// repeated after calls were leased, if `is_worth` says that they may change the answer. Returns the answer and
    /// when the step was made, milliseconds.
    async fn look<A, F>(
        &self,
        performance: PerformanceId,
        ask: impl Fn(Option<Standing>) -> F + Send + Sync,
        is_worth: impl Fn(&A) -> bool + Send,
    ) -> Result<(A, u64), StoreError>
    where
        A: Send,
        F: Future<Output = Result<Looked<A>, StepError>> + Send,
    {
        let (mut number, mut calls_leased) = (None, 0);
        for _ in 0..ROUNDS_MAX {
            let Looked { answer, notes } = self.done(performance, || ask(number)).await?;
            self.strike_off(performance, &notes).await;
            match answer {
                Ok(answer) => {
                    let more = self.lease_calls(performance, notes.calls, is_worth(&answer)).await;
                    calls_leased += 1;
                    if !more || calls_leased > CALL_ROUNDS_MAX {
                        return Ok((answer, notes.at_ms));
                    }
                }
                Err(wants) => {
                    // This process was told to lease, so it does: the others wait for it.
                    self.lease_calls(performance, notes.calls, false).await;
                    number = self.satisfy(performance, wants).await?.or(number);
                }
            }
        }
        Err(StoreError::unavailable("redis", "a step wanted something of the books again and again"))
    }

    /// Do what a step wants first. Returns the number that an entry drew, if the step asked for it.
    async fn satisfy(
        &self,
        performance: PerformanceId,
        wants: Wants,
    ) -> Result<Option<Standing>, StoreError> {
        match wants {
            Wants::Wait => self.wait_for_lease().await,
            Wants::Numbers(full) => self.lease_numbers(performance, &full).await?,
            Wants::Draw => drop(self.make_draw(performance).await?),
            Wants::NumberOf(entry) => return self.number_of(performance, entry).await.map(Some),
            Wants::Nothing => return Err(StoreError::unavailable("redis", "all numbers are given")),
        }
        Ok(None)
    }
}

#[async_trait]
impl<S: RoomSteps, T: Time> WaitingRoom for Room<S, T> {
    async fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> Result<(Place, bool), JoinError> {
        let mut held = held;
        for _ in 0..ROUNDS_MAX {
            match self.done(performance, || self.steps.join(performance, user, held, flow)).await? {
                Ok(joined) => return Ok(joined),
                Err(Wants::Nothing) => return Err(JoinError::Full),
                Err(wants) => held = self.satisfy(performance, wants).await?.or(held),
            }
        }
        Err(StoreError::unavailable("redis", "no queue number was leased in time").into())
    }

    async fn status(&self, performance: PerformanceId, flow: &Flow) -> Result<RoomStatus, StoreError> {
        let ask = |_| self.steps.status(performance, flow);
        self.look(performance, ask, |_| true).await.map(|(status, _)| status)
    }

    async fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<Place, PlaceError> {
        let ask =
            |number: Option<Standing>| self.steps.place(performance, user, number.unwrap_or(held), flow);
        let is_worth = |told: &Result<Place, _>| told.is_ok_and(is_waiting);
        let (told, _) = self.look(performance, ask, is_worth).await?;
        Ok(told?)
    }

    async fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<(Session, bool), ClaimError> {
        let ask =
            |number: Option<Standing>| self.steps.claim(performance, user, number.unwrap_or(held), flow);
        let is_worth = |claimed: &Claimed| matches!(claimed.given, Given::NotYet(place) if is_waiting(place));
        for _ in 0..CLAIM_ROUNDS_MAX {
            let (Claimed { given, epoch }, at_ms) = self.look(performance, ask, is_worth).await?;
            match given {
                Given::Inside(session, is_new) => {
                    if self.write_down(performance, user, at_ms, session, epoch).await? {
                        return Ok((session, is_new));
                    }
                }
                Given::NotYet(place) => return Err(ClaimError::NotYet(place)),
                Given::Lapsed => return Err(ClaimError::Lapsed),
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
        self.done(performance, || self.steps.renew(performance, user, flow)).await
    }

    async fn leave(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
    ) -> Result<(), StoreError> {
        let left = self.done(performance, || self.steps.leave(performance, user, held)).await?;
        let Departure { may_be_inside, at_ms } = left;
        if may_be_inside || held.is_none() {
            self.books.depart(performance, user, at_ms).await?;
        }
        Ok(())
    }

    async fn staff(
        &self,
        performance: PerformanceId,
        user: UserId,
        does: StaffStep,
    ) -> Result<bool, StoreError> {
        self.done(performance, || self.steps.staff(performance, user, does)).await
    }

    async fn brake(&self, performance: PerformanceId) -> Result<(), StoreError> {
        match self.steps.brake(performance).await {
            Ok(()) | Err(StepError::Lost) => Ok(()),
            Err(StepError::Store(error)) => Err(error),
        }
    }

    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError> {
        self.find_draw(performance).await
    }
}

fn is_waiting(place: Place) -> bool {
    place.state == PlaceState::Waiting
}
