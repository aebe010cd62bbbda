//! What processes do for a request: step by step, as the adapter of Redis does it, each step in its own moment, so that
//! anything may happen between any two of them.

use crate::{
    check::{Broken, Kept},
    flaw::Flaw,
    rebuild::Rebuild,
    redis::{Trouble, Who, who},
    world::{Event, World},
};
use domain::{
    UserId,
    queue::{Flow, Notes, Place, PlaceState, Session, Standing, WaitingRoom, Wants},
};

/// How often a step is done again because it wanted something of the books.
const ROUNDS_MAX: u32 = 100;
/// How often calls are leased and made for one request.
const CALL_ROUNDS_MAX: u32 = 8;
/// A client that has no answer by then asks again.
const CLIENT_WAITS_MS: u64 = 8_000;
/// A process gives up by then.
const PROCESS_WORKS_MS: u64 = 25_000;

/// Which device of which account asked, and in which of its lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asker {
    pub(crate) who: Who,
    pub(crate) device: u8,
    pub(crate) life: u32,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    Join,
    Place,
    Claim,
    Renew,
    Leave,
    Status,
}

/// What is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Joined(Place),
    Full,
    At(Place),
    Stranger,
    Hasty(u64),
    Inside(Session, bool),
    Renewed(Option<Session>),
    Lapsed,
    Done,
    /// 503: come again.
    Failed,
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) asker: Option<Asker>,
    pub(crate) request: Request,
    pub(crate) ticket: Option<Standing>,
    pub(crate) held: Option<Standing>,
    pub(crate) flow: Flow,
    begun: u64,
    pub(crate) stage: Stage,
    rounds: u32,
    pub(crate) leases: u32,
    pub(crate) notes: Notes,
    pub(crate) asked_at: u64,
    pub(crate) epoch: u64,
    pub(crate) was_rebuilt: bool,
    pub(crate) answer: Answer,
    is_given_up: bool,
}

/// The next step.
#[derive(Debug)]
pub(crate) enum Stage {
    Ask,
    LeaseNumbers(u64, Vec<UserId>),
    NumbersLeased(u64, u64),
    Freeze,
    MakeDraw(u64, u64, Vec<UserId>),
    Drawn(u64),
    NumberOf(u64),
    StrikeOff,
    LeaseCalls,
    CallsLeased(u64),
    Enter(Session),
    Confirm,
    Depart,
    Rebuild(Box<Rebuild>),
    Answered,
}

impl Stage {
    fn is_rebuild(&self) -> bool {
        matches!(self, Self::Rebuild(_))
    }
}

impl Operation {
    pub(crate) fn new(
        asker: Option<Asker>,
        request: Request,
        ticket: Option<Standing>,
        flow: Flow,
        now: u64,
    ) -> Self {
        Self {
            asker,
            request,
            ticket,
            held: ticket,
            flow,
            begun: now,
            stage: Stage::Ask,
            rounds: 0,
            leases: 0,
            notes: Notes::default(),
            asked_at: 0,
            epoch: 0,
            was_rebuilt: false,
            answer: Answer::Done,
            is_given_up: false,
        }
    }

    /// Who still waits for the answer.
    pub(crate) fn waiting_asker(&self) -> Option<Asker> {
        self.asker.filter(|_| !self.is_given_up)
    }

    pub(crate) fn answer(&mut self, answer: Answer) -> Stage {
        self.answer = answer;
        Stage::Answered
    }

    fn again(&mut self) -> Stage {
        self.rounds += 1;
        if self.rounds > ROUNDS_MAX { self.answer(Answer::Failed) } else { Stage::Ask }
    }

    /// Redis was lost in the midst of this stage: once it is rebuilt, the second time that is the answer.
    pub(crate) fn troubled(&mut self, trouble: Trouble, stage: Stage, now: u64) -> Stage {
        if trouble == Trouble::Lost && !self.was_rebuilt {
            self.was_rebuilt = true;
            return Stage::Rebuild(Box::new(Rebuild::new(stage, now)));
        }
        // Without the calls that it wanted the answer is good all the same.
        if matches!(stage, Stage::CallsLeased(_)) {
            self.after_calls(false)
        } else {
            self.answer(Answer::Failed)
        }
    }

    pub(crate) fn wanted(&mut self, wants: Wants) -> Stage {
        match wants {
            Wants::Numbers { first, full } => Stage::LeaseNumbers(first, full),
            Wants::Draw => Stage::Freeze,
            Wants::NumberOf(entry) => Stage::NumberOf(entry),
            Wants::Nothing => self.answer(Answer::Full),
        }
    }

    pub(crate) fn looked(&mut self, notes: Notes, answer: Answer) -> Stage {
        (self.notes, self.answer) = (notes, answer);
        Stage::StrikeOff
    }

    fn after_calls(&mut self, leased: bool) -> Stage {
        self.leases += 1;
        let waits = matches!(self.answer, Answer::At(place) if place.state == PlaceState::Waiting);
        let is_worth = self.request == Request::Status || waits;
        if leased && is_worth && self.leases <= CALL_ROUNDS_MAX {
            return self.again();
        }
        match self.answer {
            Answer::Inside(session, _) => Stage::Enter(session),
            _ => Stage::Answered,
        }
    }

    fn struck_off(&mut self) -> Stage {
        match self.notes.calls_to {
            Some(_) => Stage::LeaseCalls,
            None => self.after_calls(false),
        }
    }
}

impl World {
    /// Do what is asked for as far as it goes at once; the rest comes later.
    pub(crate) fn begin(&mut self, operation: Operation) -> Kept {
        let id = self.next_operation;
        self.next_operation += 1;
        self.go_on(id, operation)
    }

    /// The next step of an operation.
    pub(crate) fn step(&mut self, id: u64) -> Kept {
        match self.operations.remove(&id) {
            Some(operation) => self.go_on(id, operation),
            None => Ok(()),
        }
    }

    fn go_on(&mut self, id: u64, mut operation: Operation) -> Kept {
        if self.is_killed() || self.now > operation.begun + PROCESS_WORKS_MS {
            self.stumbles(operation.stage.is_rebuild());
            self.note("killed", operation.asker.map_or(0, |asker| asker.who.into()), id);
            self.troubles(operation.asker);
            if let Some(asker) = operation.waiting_asker() {
                let wait = self.dice.between(2_000, CLIENT_WAITS_MS);
                self.later(wait, Event::Wake(asker));
            }
            return Ok(());
        }
        let stage = std::mem::replace(&mut operation.stage, Stage::Answered);
        operation.stage = self.perform(&mut operation, stage)?;
        let is_answered = matches!(operation.stage, Stage::Answered);
        let wait = self.latency_of(&operation.stage);
        self.stumbles(wait > 100 && operation.stage.is_rebuild());
        if is_answered && operation.is_given_up {
            return Ok(());
        }
        if !operation.is_given_up && self.now + wait > operation.begun + CLIENT_WAITS_MS {
            operation.is_given_up = true;
            self.troubles(operation.asker);
            if let Some(asker) = operation.asker {
                self.later(wait.min(CLIENT_WAITS_MS), Event::Wake(asker));
            }
            if is_answered {
                return Ok(());
            }
        }
        if is_answered {
            let Some(asker) = operation.asker else { return Ok(()) };
            if matches!(operation.answer, Answer::Failed) {
                self.troubles(Some(asker));
            }
            return self.answered(asker, operation.answer, wait);
        }
        self.operations.insert(id, operation);
        self.later(wait, Event::Step(id));
        Ok(())
    }

    fn latency_of(&mut self, stage: &Stage) -> u64 {
        if let Stage::Rebuild(rebuild) = stage
            && let Some(pause) = rebuild.pause()
        {
            return pause;
        }
        if stage.is_rebuild() && self.are_faults_on() && self.dice.chance(self.shape.faults.stall_rebuild) {
            return self.dice.between(100, 3_000);
        }
        self.latency()
    }

    fn perform(&mut self, operation: &mut Operation, stage: Stage) -> Result<Stage, Broken> {
        let now = self.now;
        Ok(match stage {
            Stage::Ask => return self.ask(operation),
            Stage::NumbersLeased(to, written) => {
                self.on_room(operation, stage, |room| room.numbers_leased(to, written), Operation::again)
            }
            Stage::CallsLeased(to) => self.on_room(
                operation,
                stage,
                |room| room.calls_leased(to),
                |operation| operation.after_calls(true),
            ),
            Stage::Drawn(size) => self.on_room(operation, stage, |room| room.drawn(size), Operation::again),
            Stage::Freeze => match self.redis.room(now) {
                Ok(room) => {
                    let (size, first, last) = room.freeze();
                    Stage::MakeDraw(size, first, last)
                }
                Err(trouble) => operation.troubled(trouble, Stage::Freeze, now),
            },
            Stage::LeaseNumbers(first, full) => self.lease_numbers(operation, first, &full),
            Stage::MakeDraw(size, first, last) => self.make_draw(operation, size, first, &last)?,
            Stage::NumberOf(entry) => self.number_of(operation, entry),
            Stage::StrikeOff => self.strike_off(operation),
            Stage::LeaseCalls => self.lease_calls(operation),
            Stage::Enter(session) => self.enter(operation, session),
            Stage::Confirm => self.confirm(operation),
            Stage::Depart => {
                let who = operation.asker.map_or(Who::MAX, |asker| asker.who);
                let at = operation.asked_at;
                if self.write(|books| books.depart(who, at)) {
                    Stage::Answered
                } else {
                    operation.answer(Answer::Failed)
                }
            }
            Stage::Rebuild(rebuild) => match self.rebuild(*rebuild)? {
                Ok(stage) => stage,
                Err(_) => operation.answer(Answer::Failed),
            },
            Stage::Answered => Stage::Answered,
        })
    }

    fn on_room(
        &mut self,
        operation: &mut Operation,
        stage: Stage,
        does: impl FnOnce(&mut WaitingRoom),
        then: impl FnOnce(&mut Operation) -> Stage,
    ) -> Stage {
        match self.redis.room(self.now) {
            Ok(room) => {
                does(room);
                operation.was_rebuilt = false;
                then(operation)
            }
            Err(trouble) => operation.troubled(trouble, stage, self.now),
        }
    }

    fn lease_numbers(&mut self, operation: &mut Operation, first: u64, full: &[UserId]) -> Stage {
        let full: Vec<_> = full.iter().map(|user| who(*user)).collect();
        let mut leased_to = 0;
        if self.write(|books| leased_to = books.lease_numbers(first, &full)) {
            Stage::NumbersLeased(leased_to, first + full.len() as u64 - 1)
        } else {
            operation.answer(Answer::Failed)
        }
    }

    fn make_draw(
        &mut self,
        operation: &mut Operation,
        size: u64,
        first: u64,
        last: &[UserId],
    ) -> Result<Stage, Broken> {
        let last: Vec<_> = last.iter().map(|user| who(*user)).collect();
        let mut made = 0;
        let written = self.write(|books| made = books.make_draw(size, first, &last));
        if self.books.marks().pool_size.is_some() {
            self.check.draw_made(&self.books, operation.flow.gathering)?;
        }
        Ok(if written { Stage::Drawn(made) } else { operation.answer(Answer::Failed) })
    }

    fn number_of(&mut self, operation: &mut Operation, entry: u64) -> Stage {
        match self.books.number_of(entry) {
            Some(number) => {
                operation.held = Some(Standing::Number(number));
                operation.again()
            }
            None => Stage::Freeze,
        }
    }

    fn strike_off(&mut self, operation: &mut Operation) -> Stage {
        let at = operation.asked_at;
        if let Some(departed) = operation.notes.departed.pop() {
            self.write(|books| books.depart(who(departed), at));
        }
        if operation.notes.departed.is_empty() { operation.struck_off() } else { Stage::StrikeOff }
    }

    fn lease_calls(&mut self, operation: &mut Operation) -> Stage {
        let wanted = operation.notes.calls_to.take().unwrap_or_default();
        let mut called_to = 0;
        let is_willing = self.redis.flaw != Some(Flaw::NobodyCalled);
        if is_willing && self.write(|books| called_to = books.lease_calls(wanted)) {
            Stage::CallsLeased(called_to)
        } else {
            operation.after_calls(false)
        }
    }

    /// Written down before anybody is told.
    fn enter(&mut self, operation: &mut Operation, session: Session) -> Stage {
        let (at, who) = (operation.asked_at, operation.asker.map_or(Who::MAX, |asker| asker.who));
        if !self.write(|books| books.enter(who, at, session.ends_at_ms)) {
            return operation.answer(Answer::Failed);
        }
        if self.redis.flaw == Some(Flaw::EntryUnconfirmed) { Stage::Answered } else { Stage::Confirm }
    }

    /// A rebuild that began before the books knew does not count them: they have to claim again.
    fn confirm(&mut self, operation: &mut Operation) -> Stage {
        match self.redis.is_back(self.now) {
            Ok(true) if self.redis.epoch() == operation.epoch => Stage::Answered,
            Ok(true) => operation.again(),
            Ok(false) => operation.troubled(Trouble::Lost, Stage::Confirm, self.now),
            Err(trouble) => operation.troubled(trouble, Stage::Confirm, self.now),
        }
    }
}
