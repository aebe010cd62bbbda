//! The rule of a waiting room, as a model: each method is what the store does in one atomic step. What a step cannot do
//! without the books it [wants](Wants): the process does that and asks again, and may die between any two steps.

mod calling;
mod known;

use super::{
    Calls, Deadlines, Flow, Gathering, Given, HEARTBEAT_MAX_MS, Hasty, LEASE_WITHIN_MS, Looked, NUMBERS_MAX,
    Notes, Place, PlaceState, QueueMarks, RECALL_MS, RoomStatus, SETTLE_MS, Session, Speed, Standing,
    StepResult, Unwritten, Wants, poll_after_ms, poll_allowed, wait,
};
use crate::UserId;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The state of a room. A loss of the store takes all of it, except for what the books have: the [`QueueMarks`] and the
/// list of those inside.
#[derive(Debug, Clone, Default)]
pub struct RoomModel {
    issued: u64,
    lease_end: u64,
    serving: u64,
    called_to: u64,
    pool_size: Option<u64>,
    /// The draw is being made: no one may join meanwhile.
    frozen: bool,
    /// How long others wait for a process that is leasing numbers, or calls; by the machine's clock, milliseconds.
    numbers_leasing_until: u64,
    calls_leasing_until: u64,
    /// How far the room's clock is ahead of the machine's, milliseconds.
    offset_ms: i64,
    looked_at: Option<u64>,
    /// After a loss no one is called or let in before this time.
    settled_at: u64,
    refilled_at: Option<u64>,
    speed: Speed,
    members: HashMap<UserId, Member>,
    /// The entries of those who gathered and have no number yet.
    pool: HashMap<UserId, Member>,
    /// The users of the entries that are not in the roster yet, in order.
    block: Vec<UserId>,
    /// Numbers that were given up before they were called.
    given_up: HashSet<u64>,
    calls: Deadlines<u64>,
    recalls: Deadlines<u64>,
    /// The numbers of those who claimed while the room was full.
    door: BTreeSet<u64>,
    knocks: Deadlines<u64>,
    active: Deadlines<UserId>,
    sessions: Deadlines<UserId>,
}

/// An account's number or entry.
#[derive(Debug, Clone, Copy, Default)]
struct Member {
    position: u64,
    has_left: bool,
    /// When their allowance of polls is whole again, by the machine's clock.
    polls_whole_at: u64,
    past: Past,
}

/// What became of an account's other numbers: losses may have given it several.
#[derive(Debug, Clone, Copy, Default)]
struct Past {
    /// Each of its numbers up to this one has ended.
    ended_to: u64,
    /// The highest of its numbers that was given up for an earlier one.
    given_up_to: u64,
}

impl RoomModel {
    /// Take the next number or entry (`true`), or keep the one that is still good (`false`).
    ///
    /// # Errors
    /// What has to be done first.
    pub fn join(
        &mut self,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
        real_ms: u64,
    ) -> StepResult<(Place, bool)> {
        let now = self.time(real_ms);
        if let Some(standing) = self.resolve(user, held, flow, now)? {
            if let Some(gathered) = self.pool.get_mut(&user) {
                gathered.has_left = false;
            }
            let place = self.place_of(user, standing, now);
            if !matches!(place.state, PlaceState::Lapsed | PlaceState::Left) {
                return Ok((place, false));
            }
        }
        self.next_position(flow, real_ms)?;
        self.issued += 1;
        let past = self.members.get(&user).map(Member::when_over).unwrap_or_default();
        let member = Member { position: self.issued, past, ..Member::default() };
        let standing = if self.is_gathering(flow) {
            self.pool.insert(user, member);
            self.block.push(user);
            Standing::Entry(self.issued)
        } else {
            self.pool.remove(&user);
            self.members.insert(user, member);
            Standing::Number(self.issued)
        };
        Ok((self.place_of(user, standing, now), true))
    }

    fn next_position(&mut self, flow: &Flow, real_ms: u64) -> StepResult<()> {
        if self.frozen || (self.pool_size.is_none() && flow.gathering == Gathering::Over) {
            Err(Wants::Draw)
        } else if self.issued >= NUMBERS_MAX {
            Err(Wants::Nothing)
        } else if self.issued < self.lease_end {
            Ok(())
        } else if is_leasing(self.numbers_leasing_until, real_ms) {
            Err(Wants::Wait)
        } else {
            self.numbers_leasing_until = real_ms + LEASE_WITHIN_MS;
            Err(Wants::Numbers(self.unwritten()))
        }
    }

    fn is_gathering(&self, flow: &Flow) -> bool {
        flow.gathering != Gathering::Never && self.pool_size.is_none()
    }

    /// Numbers up to `leased_to` were leased; an older lease changes nothing. The same write put the entries up to
    /// `written_to` into the roster (0: none). Entries that were given since, because another lease arrived first, are
    /// not among them.
    pub fn numbers_leased(&mut self, leased_to: u64, written_to: u64) {
        self.lease_end = self.lease_end.max(leased_to);
        let written = written_to.saturating_sub(self.issued - self.block.len() as u64);
        self.block.drain(..self.block.len().min(usize::try_from(written).unwrap_or(usize::MAX)));
        self.numbers_leasing_until = 0;
    }

    /// Calls up to this number were leased.
    pub fn calls_leased(&mut self, called_to: u64) {
        self.called_to = self.called_to.max(called_to);
        self.calls_leasing_until = 0;
    }

    /// The entries that are not in the roster yet.
    #[must_use]
    pub fn unwritten(&self) -> Unwritten {
        Unwritten { first: self.issued + 1 - self.block.len() as u64, users: self.block.clone() }
    }

    /// Stop giving entries: the draw is about to be made. Returns how many there are, and those not yet in the roster.
    pub fn freeze(&mut self) -> (u64, Unwritten) {
        self.frozen = self.pool_size.is_none();
        (self.issued, self.unwritten())
    }

    /// The draw was made among `pool_size` entries.
    pub fn drawn(&mut self, pool_size: u64) {
        if self.pool_size.is_none() {
            self.pool_size = Some(pool_size);
            self.frozen = false;
            self.block.clear();
            self.issued = self.issued.max(pool_size);
        }
    }

    /// The public figures; makes the due tick.
    pub fn status(&mut self, flow: &Flow, real_ms: u64) -> Looked<RoomStatus> {
        match self.tick(flow, real_ms) {
            Ok((_, notes)) => Looked { answer: Ok(self.figures()), notes },
            Err(wants) => Looked { answer: Err(wants), notes: Notes::at(real_ms) },
        }
    }

    /// The public figures as they stand, without a tick.
    #[must_use]
    pub fn figures(&self) -> RoomStatus {
        RoomStatus {
            serving: self.serving,
            issued: self.issued,
            active: self.active.len(),
            called_per_min: self.speed.called_per_min,
            called: self.calls.len() + self.recalls.len(),
            called_again: self.recalls.len(),
            claim_rate: self.speed.claim_rate,
        }
    }

    /// Where an account stands; makes the due tick, unless they are far from the front and others do. Nothing for an
    /// account that the room does not know.
    pub fn place(
        &mut self,
        user: UserId,
        held: Standing,
        flow: &Flow,
        real_ms: u64,
    ) -> Looked<Result<Option<Place>, Hasty>> {
        let is_draw_due = self.is_draw_due(flow);
        let (now, notes) = match self.time(real_ms) {
            now if !is_draw_due && self.leaves_tick_to_others(user, now) => (now, Notes::at(real_ms)),
            _ => match self.tick(flow, real_ms) {
                Ok(ticked) => ticked,
                Err(wants) => return Looked { answer: Err(wants), notes: Notes::at(real_ms) },
            },
        };
        let answer = self.resolve(user, Some(held), flow, now);
        let answer = answer.map(|standing| match standing {
            Some(standing) => self.tell_place(user, standing, notes.calls, now, real_ms),
            None => Ok(None),
        });
        Looked { answer, notes }
    }

    fn tell_place(
        &mut self,
        user: UserId,
        standing: Standing,
        calls: Calls,
        now: u64,
        real_ms: u64,
    ) -> Result<Option<Place>, Hasty> {
        let place = self.place_of(user, standing, now);
        let (told_ms, kept) = match standing {
            Standing::Entry(_) => (wait::POLL_FAR_MS, self.pool.get_mut(&user)),
            Standing::Number(_) => (poll_after_ms(place.ahead), self.members.get_mut(&user)),
        };
        let Some(member) = kept else { return Ok(None) };
        // By the machine's clock: the room's clock stands still while the sale is paused.
        let whole_at = poll_allowed(member.polls_whole_at, real_ms, told_ms)?;
        // Otherwise the process leases calls, or waits for them, and may ask again for the same request.
        if calls == Calls::Enough {
            member.polls_whole_at = whole_at;
        }
        Ok(Some(place))
    }

    /// Go in if called; makes the due tick. A user who is inside gets the running session again. One whose admission
    /// lapsed in the middle of a session goes on with it. At a full room's door lower numbers go first.
    pub fn claim(&mut self, user: UserId, held: Standing, flow: &Flow, real_ms: u64) -> Looked<Given> {
        match self.tick(flow, real_ms) {
            Ok((now, notes)) => Looked { answer: self.let_in(user, held, flow, now), notes },
            Err(wants) => Looked { answer: Err(wants), notes: Notes::at(real_ms) },
        }
    }

    fn let_in(&mut self, user: UserId, held: Standing, flow: &Flow, now: u64) -> StepResult<Given> {
        let Some(standing) = self.resolve(user, Some(held), flow, now)? else { return Ok(Given::Lapsed) };
        let place = self.place_of(user, standing, now);
        Ok(match place.state {
            PlaceState::Admitted => Given::Inside(self.session_of(user, now), false),
            PlaceState::Called if self.knock(standing.position(), flow, now) => {
                Given::Inside(self.enter(user, standing.position(), flow, now), true)
            }
            PlaceState::Called | PlaceState::Waiting | PlaceState::Prequeue => Given::NotYet(place),
            PlaceState::Lapsed | PlaceState::Left => Given::Lapsed,
        })
    }

    /// A called number claims. Whether there is room for it: lower numbers that are at the door go first.
    fn knock(&mut self, number: u64, flow: &Flow, now: u64) -> bool {
        if let Some(deadline) = self.calls.remove(number) {
            self.speed.learn_answer(flow, deadline, now);
        }
        self.recalls.remove(number);
        self.door.insert(number);
        self.knocks.set(number, now + flow.call_window_ms);
        let free = u64::from(flow.cap).saturating_sub(self.active.len());
        now >= self.settled_at && (self.door.range(..number).count() as u64) < free
    }

    fn enter(&mut self, user: UserId, number: u64, flow: &Flow, now: u64) -> Session {
        self.forget_call(number);
        let ends_at =
            self.sessions.get(user).filter(|ends_at| *ends_at > now).unwrap_or(now + flow.session_ms);
        self.sessions.set(user, ends_at);
        self.active.set(user, (now + flow.heartbeat_ms).min(ends_at));
        self.session_of(user, now)
    }

    fn session_of(&self, user: UserId, now: u64) -> Session {
        let real = |room_ms: Option<u64>| room_ms.unwrap_or(now).saturating_add_signed(-self.offset_ms);
        Session { expires_at_ms: real(self.active.get(user)), ends_at_ms: real(self.sessions.get(user)) }
    }

    /// A sign of life from inside. Returns nothing if the session is over.
    pub fn renew(&mut self, user: UserId, flow: &Flow, real_ms: u64) -> Option<Session> {
        let now = self.look(flow, real_ms);
        let ends_at = self.sessions.get(user)?;
        self.active.get(user).filter(|expires_at| *expires_at > now)?;
        self.active.set(user, (now + flow.heartbeat_ms).min(ends_at));
        Some(self.session_of(user, now))
    }

    /// Give the place up, outside or inside. An account that was forgotten is remembered as having left. Returns false
    /// if what they hold has ended. Then nothing changes: they may have joined anew since, and this may be a repeat.
    pub fn leave(&mut self, user: UserId, held: Option<Standing>) -> bool {
        if self.has_ended(user, held) {
            return false;
        }
        self.active.remove(user);
        self.sessions.remove(user);
        if let Some(gathered) = self.pool.get_mut(&user) {
            gathered.has_left = true;
            return true;
        }
        if let Some(Standing::Entry(position)) = held
            && !self.members.contains_key(&user)
        {
            self.pool.insert(user, Member { position, has_left: true, ..Member::default() });
            return true;
        }
        let position = held.and_then(Standing::number).unwrap_or_default();
        // If their number is not known, it is one of those given so far.
        let ended_to = if position > 0 { 0 } else { self.issued };
        let past = Past { ended_to, ..Past::default() };
        let member = self.members.entry(user).or_insert(Member { position, past, ..Member::default() });
        member.has_left = true;
        let number = member.position;
        self.give_up(number);
        true
    }

    /// Whether what an account holds had ended when it joined for what it has now.
    fn has_ended(&self, user: UserId, held: Option<Standing>) -> bool {
        let Some(member) = self.members.get(&user) else { return false };
        let ended_to = member.past.ended_to;
        match held {
            Some(Standing::Number(number)) => number != member.position && number <= ended_to,
            Some(Standing::Entry(_)) => {
                self.pool_size.is_some_and(|size| member.position > size) && ended_to > 0
            }
            None => false,
        }
    }

    /// A number will not be used: if it has not been called yet, it need not be.
    fn give_up(&mut self, number: u64) {
        if number > self.serving {
            self.given_up.insert(number);
        }
        self.forget_call(number);
    }

    /// What the room knows that an account holds.
    #[must_use]
    pub fn standing_of(&self, user: UserId) -> Option<Standing> {
        let number = self.members.get(&user).map(|member| Standing::Number(member.position));
        number.or_else(|| self.pool.get(&user).map(|gathered| Standing::Entry(gathered.position)))
    }

    /// Holds or bookings are failing: call half as fast.
    pub fn brake(&mut self, real_ms: u64) {
        let now = self.time(real_ms);
        self.speed.brake(now);
    }

    /// Go on from what the books say, after a loss of everything or of the last moment. `inside` lists those who were
    /// let in, each with the end of their session, milliseconds.
    pub fn rebuild(&mut self, marks: &QueueMarks, inside: &[(UserId, u64)], real_ms: u64) {
        let now = self.time(real_ms);
        // Sessions stay: the books no longer list a user whose admission had merely lapsed.
        self.active = Deadlines::default();
        for (user, ends_at_ms) in inside {
            let ends_at = ends_at_ms.saturating_add_signed(self.offset_ms);
            self.sessions.set(*user, ends_at);
            self.active.set(*user, (now + HEARTBEAT_MAX_MS).min(ends_at));
        }
        // A number that the room remembers may have been called in the moment that was lost: it is called again, and
        // not counted on. An account that the room forgot shows its ticket, and is called then.
        if self.issued > 0 {
            for number in self.serving + 1..=marks.called_to {
                self.recalls.set(number, now + RECALL_MS);
            }
        }
        for (user, _) in inside {
            if let Some(member) = self.members.get(user) {
                self.forget_call(member.position);
            }
        }
        self.serving = self.serving.max(marks.called_to);
        self.called_to = self.serving;
        self.issued = self.issued.max(marks.leased_to);
        self.lease_end = self.issued;
        self.pool_size = self.pool_size.or(marks.pool_size);
        self.settled_at = if marks.leased_to > 0 { now + SETTLE_MS } else { 0 };
        self.frozen = false;
        self.block.clear();
        (self.numbers_leasing_until, self.calls_leasing_until) = (0, 0);
    }

    /// Whether the room counts a user as inside.
    #[must_use]
    pub fn counts(&self, user: UserId) -> bool {
        self.active.get(user).is_some()
    }

    fn is_called(&self, number: u64) -> bool {
        self.calls.get(number).or_else(|| self.recalls.get(number)).is_some() || self.door.contains(&number)
    }

    fn forget_call(&mut self, number: u64) {
        self.calls.remove(number);
        self.recalls.remove(number);
        self.knocks.remove(number);
        self.door.remove(&number);
    }
}

/// Whether a lease is under way. A time further ahead than any lease takes comes from a clock that has since been set
/// back.
fn is_leasing(until_ms: u64, real_ms: u64) -> bool {
    until_ms > real_ms && until_ms <= real_ms + LEASE_WITHIN_MS
}
