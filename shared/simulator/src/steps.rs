//! The port `RoomSteps` on the model `RoomModel`. The checker is told of each step.

use crate::{
    check::broken,
    flaw::Flaw,
    redis::{Trouble, Who, who},
    time::{Shared, Takes},
    visits::RoomRequest,
    world::Simulation,
};
use domain::{
    PerformanceId, UserId,
    layout::SeatIndex,
    queue::{
        Flow, Given, Hasty, Looked, Place, PlaceState, QueueMarks, RoomModel, RoomStatus, Session, Standing,
        StepResult, ahead,
    },
    seat::SeatRecord,
};
use jiff::Timestamp;
use room::{
    Claimed, Departure, Frozen, Loss, Restored, RoomSteps, StaffStep, StepError, Stepped, StoreError,
};

/// The Redis of the story, as a process reaches it.
pub(crate) struct Steps(pub(crate) Shared);

impl RoomSteps for Steps {
    async fn join(
        &self,
        _: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> Stepped<StepResult<(Place, bool)>> {
        self.0.after(Takes::Step, |world| world.join(user, held, flow)).await
    }

    async fn status(&self, _: PerformanceId, flow: &Flow) -> Stepped<Looked<RoomStatus>> {
        let looks = |world: &mut Simulation| {
            let real = world.real();
            let looked = world.room()?.status(flow, real);
            world.look();
            Ok(looked)
        };
        self.0.after(Takes::Step, looks).await
    }

    async fn place(
        &self,
        _: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Stepped<Looked<Result<Place, Hasty>>> {
        self.0.after(Takes::Step, |world| world.place(user, held, flow)).await
    }

    async fn claim(
        &self,
        _: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Stepped<Looked<Claimed>> {
        self.0.after(Takes::Step, |world| world.claim(user, held, flow)).await
    }

    async fn confirm(&self, _: PerformanceId, user: UserId, epoch: u64) -> Stepped<bool> {
        let confirms = |world: &mut Simulation| {
            let now_epoch = world.redis.epoch();
            Ok(world.room()?.counts(user) && now_epoch == epoch)
        };
        self.0.after(Takes::Step, confirms).await
    }

    async fn renew(&self, _: PerformanceId, user: UserId, flow: &Flow) -> Stepped<Option<Session>> {
        let renews = |world: &mut Simulation| {
            let real = world.real();
            let session = world.room()?.renew(user, flow, real);
            world.look();
            Ok(session)
        };
        self.0.after(Takes::Step, renews).await
    }

    async fn leave(&self, _: PerformanceId, user: UserId, held: Option<Standing>) -> Stepped<Departure> {
        self.0.after(Takes::Step, |world| world.leave(user, held)).await
    }

    async fn staff(&self, _: PerformanceId, user: UserId, does: StaffStep) -> Stepped<bool> {
        let acts = |world: &mut Simulation| {
            let (real, mistake) = (world.real(), world.redis.flaw);
            let does = match does {
                StaffStep::Renew if mistake == Some(Flaw::StaffNeverGone) => StaffStep::Enter,
                does => does,
            };
            Ok(world.gone()?.does(user, does, real))
        };
        self.0.after(Takes::Step, acts).await
    }

    async fn brake(&self, _: PerformanceId) -> Stepped<()> {
        let brakes = |world: &mut Simulation| {
            let real = world.real();
            world.room()?.brake(real);
            world.is_braked();
            Ok(())
        };
        self.0.after(Takes::Step, brakes).await
    }

    async fn numbers_leased(&self, _: PerformanceId, leased_to: u64, written_to: u64) -> Stepped<()> {
        let hears = |room: &mut RoomModel| room.numbers_leased(leased_to, written_to);
        self.0.after(Takes::Step, |world| world.room().map(hears)).await
    }

    async fn calls_leased(&self, _: PerformanceId, called_to: u64) -> Stepped<()> {
        self.0.after(Takes::Step, |world| world.room().map(|room| room.calls_leased(called_to))).await
    }

    async fn freeze(&self, _: PerformanceId) -> Stepped<Frozen> {
        let freezes = |world: &mut Simulation| {
            let (pool_size, unwritten) = world.room()?.freeze();
            Ok(Frozen { pool_size, unwritten })
        };
        self.0.after(Takes::Step, freezes).await
    }

    async fn drawn(&self, _: PerformanceId, pool_size: u64) -> Stepped<()> {
        self.0.after(Takes::Step, |world| world.room().map(|room| room.drawn(pool_size))).await
    }

    async fn begin_rebuild(&self, _: PerformanceId) -> Result<Option<Loss>, StoreError> {
        let begins = |world: &mut Simulation| {
            if world.visit().is_some_and(|visit| visit.request == RoomRequest::Brake) {
                world.keeps(broken("the brake rebuilds nothing", "it began a rebuild".to_owned()));
            }
            world.redis.begin_rebuild(world.now).map_err(|_| away())
        };
        self.0.after(Takes::RebuildStep, begins).await
    }

    async fn restore_seats(
        &self,
        _: PerformanceId,
        _: &[(SeatIndex, SeatRecord)],
    ) -> Result<Restored, StoreError> {
        // The story has no seats: this only says whether there is something to restore.
        let restores = |world: &mut Simulation| restored(world.redis.is_lost(world.now));
        self.0.after(Takes::RebuildStep, restores).await
    }

    async fn restore_inside(
        &self,
        _: PerformanceId,
        loss: &str,
        inside: &[(UserId, u64)],
    ) -> Result<Restored, StoreError> {
        let restores = |world: &mut Simulation| restored(world.redis.restore(loss, inside, world.now));
        self.0.after(Takes::RebuildStep, restores).await
    }

    async fn reopen(
        &self,
        _: PerformanceId,
        loss: &str,
        marks: &QueueMarks,
        _: Timestamp,
    ) -> Result<Restored, StoreError> {
        self.0.after(Takes::RebuildStep, |world| world.reopen(loss, marks)).await
    }
}

fn away() -> StoreError {
    StoreError::unavailable("redis", "it does not answer")
}

/// What a step of a rebuild answers: whether there was something to do.
fn restored(outcome: Result<bool, Trouble>) -> Result<Restored, StoreError> {
    match outcome {
        Ok(true) => Ok(Restored::Done),
        Ok(false) => Ok(Restored::Back),
        Err(Trouble::Outrun) => Ok(Restored::Outrun),
        Err(Trouble::Away | Trouble::Lost) => Err(away()),
    }
}

impl Simulation {
    /// The room, for a step that finds it whole.
    fn room(&mut self) -> Stepped<&mut RoomModel> {
        let marks = self.books.marks();
        if let Some(trouble) = self.redis.trouble(self.now) {
            if let Some(visit) = self.visits.get_mut(&self.current) {
                visit.marks_then = Some(marks);
            }
            return Err(if trouble == Trouble::Lost { StepError::Lost } else { away().into() });
        }
        Ok(self.redis.room())
    }

    fn gone(&mut self) -> Stepped<&mut crate::redis::Gone> {
        self.room()?;
        Ok(self.redis.gone())
    }

    fn join(
        &mut self,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> Stepped<StepResult<(Place, bool)>> {
        let (real, mistake) = (self.real(), self.redis.flaw);
        let twice = mistake == Some(Flaw::SecondPlace) && self.dice.chance(50);
        let room = self.room()?;
        if twice {
            room.leave(user, held);
        }
        let shown = shown(room, mistake, user, held);
        let asked = room.join(user, shown, flow, real);
        if let Ok((place, is_new)) = &asked {
            self.told(who(user), place, *is_new);
        }
        self.look();
        Ok(asked)
    }

    fn place(&mut self, user: UserId, held: Standing, flow: &Flow) -> Stepped<Looked<Result<Place, Hasty>>> {
        let (real, mistake) = (self.real(), self.redis.flaw);
        let room = self.room()?;
        let shown = shown(room, mistake, user, Some(held)).unwrap_or(held);
        let Looked { answer, notes } = room.place(user, shown, flow, real);
        let figures = room.figures();
        let answer = answer.map(|told| {
            if let Some(place) = told? {
                self.told(who(user), &place, false);
                return Ok(place);
            }
            self.is_stranger();
            let (serving, called_per_min) = (figures.serving, figures.called_per_min);
            let ahead = ahead(held.position(), serving);
            Ok(Place { standing: held, state: PlaceState::Lapsed, ahead, called_per_min })
        });
        self.look();
        Ok(Looked { answer, notes })
    }

    fn is_stranger(&mut self) {
        let asker = self.visit().and_then(|visit| visit.asker);
        if let Some(asker) = asker.filter(|asker| self.lives(*asker)) {
            let what = format!("account {} with a good ticket", asker.who);
            self.keeps(broken("a ticket is always known", what));
        }
    }

    fn claim(&mut self, user: UserId, held: Standing, flow: &Flow) -> Stepped<Looked<Claimed>> {
        let Looked { answer, notes } = self.let_in(user, held, flow)?;
        let epoch = self.redis.epoch();
        if let Ok(given) = &answer {
            self.check_claim(user, held, given, flow);
        }
        self.look();
        Ok(Looked { answer: answer.map(|given| Claimed { given, epoch }), notes })
    }

    fn check_claim(&mut self, user: UserId, held: Standing, given: &Given, flow: &Flow) {
        let (real, at, who) = (self.real(), self.moment(), who(user));
        match given {
            Given::Inside(session, true) => {
                let active = self.redis.room().figures().active;
                let free = (u64::from(flow.cap) + 1).saturating_sub(active);
                let ends_at = at.now + session.ends_at_ms.saturating_sub(real);
                self.note("goes in", who.into(), active);
                // For a user who is inside, joining changes nothing and tells the number that counts.
                if let Ok((place, _)) = self.redis.room().join(user, Some(held), flow, real) {
                    let kept = self.check.entered(who, place.standing, free, ends_at, &self.books, at);
                    self.keeps(kept);
                }
                self.figures.entries += 1;
                self.last_entry = at.now;
            }
            Given::Inside(..) => {}
            Given::NotYet(place) => {
                self.told(who, place, false);
                self.check.knocked(who, place, &self.books, at);
            }
            Given::Lapsed => self.note("told lapsed by claim", who.into(), held.position()),
        }
    }

    fn let_in(&mut self, user: UserId, held: Standing, flow: &Flow) -> Stepped<Looked<Given>> {
        let (real, mistake) = (self.real(), self.redis.flaw);
        let room = self.room()?;
        let more = Flow { cap: flow.cap + 1, ..*flow };
        let flow = if mistake == Some(Flaw::OneTooMany) { &more } else { flow };
        let held = shown(room, mistake, user, Some(held)).unwrap_or(held);
        let looked = room.claim(user, held, flow, real);
        Ok(match &looked.answer {
            Ok(Given::NotYet(place))
                if mistake == Some(Flaw::DoorWithoutOrder)
                    && place.state == PlaceState::Called
                    && room.figures().active < flow.cap.into() =>
            {
                room.claim(user, held, &Flow { cap: u32::MAX, calling: false, ..*flow }, real)
            }
            _ => looked,
        })
    }

    fn leave(&mut self, user: UserId, held: Option<Standing>) -> Stepped<Departure> {
        let at_ms = self.real();
        let room = self.room()?;
        let was_inside = room.counts(user);
        let has_left = room.leave(user, held);
        let number = room.standing_of(user).and_then(Standing::number);
        let was_called = number.is_some_and(|number| number <= room.figures().serving);
        if has_left {
            self.check.left(who(user));
            self.note("left", who(user).into(), held.map_or(0, Standing::position));
        }
        self.look();
        Ok(Departure { may_be_inside: has_left && (was_inside || was_called), at_ms })
    }

    fn reopen(&mut self, loss: &str, marks: &QueueMarks) -> Result<Restored, StoreError> {
        let reopened = self.redis.reopen(loss, marks, self.now, self.real());
        if let Ok(Some(inside)) = reopened {
            self.note("rebuilt", inside, marks.epoch);
            self.check.rebuilt(inside);
            self.look();
        }
        restored(reopened.map(|done| done.is_some()))
    }

    fn told(&mut self, who: Who, place: &Place, is_new: bool) {
        self.note_place(who, place);
        let (at, ticket) = (self.moment(), self.visit().and_then(|visit| visit.ticket));
        let kept = self.check.told(who, ticket, place, is_new, &self.books, at);
        self.keeps(kept);
    }

    /// Look at the room's figures after each of its steps.
    fn look(&mut self) {
        let at = self.moment();
        let Some(room) = self.redis.seen() else { return };
        let figures = room.figures();
        let kept = self.check.figures(figures, &self.books, self.flow.cap, at);
        self.keeps(kept);
        if !self.check.has_free_place(self.flow.cap) || figures.issued <= figures.serving {
            self.busy_at = at.now;
        }
        if let Some((since, serving)) = self.stands_since {
            let has_gone_on =
                self.last_entry >= since || self.check.has_owner_between(serving, figures.serving);
            if has_gone_on || self.busy_at >= since || !self.is_open() {
                self.stands_since = None;
            } else {
                let stood = at.now.saturating_sub(since);
                self.figures.longest_standstill_ms = self.figures.longest_standstill_ms.max(stood);
            }
        }
    }
}

/// The ticket as a step sees it. With the mistake built in, one that is earlier than the known standing is not seen.
fn shown(room: &RoomModel, mistake: Option<Flaw>, user: UserId, held: Option<Standing>) -> Option<Standing> {
    if mistake != Some(Flaw::LaterNumberKept) {
        return held;
    }
    let known = room.standing_of(user).filter(|known| {
        let same_kind = held.is_some_and(|held| held.number().is_some() == known.number().is_some());
        same_kind && held.is_some_and(|held| held.position() < known.position())
    });
    known.or(held)
}
