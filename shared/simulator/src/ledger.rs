//! How a process brings a lost room back from the books: step by step, as `adapters::redis::rebuild` does it.

use crate::{
    check::Broken,
    flaw::Flaw,
    process::Stage,
    redis::{Trouble, Who},
    world::World,
};
use domain::queue::Marks;

/// A rebuild that takes longer gives up.
const REBUILD_MAX_MS: u64 = 12_000;
/// How long a request waits for another's rebuild.
const WAIT_MAX_MS: u64 = 7_000;
/// How soon a process looks for the first time whether it is done; each pause is twice the one before.
const LOOK_FIRST_MS: u64 = 5;
/// The longest of those pauses.
const LOOK_MOST_MS: u64 = 200;

/// A rebuild on its way, and what is to be done after it.
#[derive(Debug)]
pub(crate) struct Rebuild {
    then: Stage,
    begun: u64,
    leased: u64,
    next: Next,
    pause: u64,
    loss: u64,
    marks: Marks,
    /// With a mistake built in: what the books said before Redis knew of the rebuild.
    early: Option<Marks>,
    inside: Vec<(Who, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Next {
    Begin,
    Lease,
    Read,
    Restore,
    Reopen,
    Finish,
    Wait,
}

impl Rebuild {
    pub(crate) fn new(then: Stage, now: u64) -> Self {
        Self {
            then,
            begun: now,
            leased: now,
            next: Next::Begin,
            pause: LOOK_FIRST_MS,
            loss: 0,
            marks: Marks::default(),
            early: None,
            inside: Vec::new(),
        }
    }

    /// How long nothing is done but to wait for another's rebuild.
    pub(crate) fn pause(&self) -> Option<u64> {
        (self.next == Next::Wait).then_some(self.pause)
    }

    fn with(mut self, next: Next) -> Stage {
        self.next = next;
        Stage::Rebuild(Box::new(self))
    }
}

impl World {
    /// Something went wrong with a rebuild: its lease may run on.
    pub(crate) fn stumbles(&mut self, does: bool) {
        if does {
            self.stumbled_at = self.now;
        }
    }

    /// The next step of a rebuild, or what comes after it, or why it was not possible.
    pub(crate) fn rebuild(&mut self, mut rebuild: Rebuild) -> Result<Result<Stage, Trouble>, Broken> {
        let (epoch, loss) = (rebuild.marks.epoch, rebuild.loss);
        let has_lease = matches!(rebuild.next, Next::Read | Next::Restore | Next::Reopen);
        if has_lease && self.now > rebuild.leased + REBUILD_MAX_MS {
            self.stumbles(true);
            return Ok(Err(Trouble::Away));
        }
        let step = match rebuild.next {
            Next::Begin => self.begin_rebuild(rebuild),
            Next::Lease => self.lease_rebuild(rebuild),
            Next::Read => self.read_books(rebuild),
            Next::Restore => {
                let count = rebuild.inside.len().min(1_000);
                let some: Vec<_> = rebuild.inside.drain(..count).collect();
                let next = if rebuild.inside.is_empty() { Next::Reopen } else { Next::Restore };
                self.redis.restore(loss, &some, self.now).map(|()| rebuild.with(next))
            }
            Next::Reopen => {
                let reopened = self.redis.reopen(loss, &rebuild.marks, self.now, self.real());
                if let Ok(Some(restored)) = reopened {
                    self.note("rebuilt", restored, epoch);
                    self.check.rebuilt(restored);
                    self.look()?;
                }
                reopened.map(|_| rebuild.with(Next::Finish))
            }
            Next::Finish => {
                let is_finished = self.write(|books| books.finish(epoch));
                self.stumbles(!is_finished);
                Ok(rebuild.then)
            }
            Next::Wait if self.now > rebuild.begun + WAIT_MAX_MS => Err(Trouble::Lost),
            Next::Wait => {
                rebuild.pause = (rebuild.pause * 2).min(LOOK_MOST_MS);
                self.begin_rebuild(rebuild)
            }
        };
        // So that the next may begin at once.
        if matches!(step, Err(Trouble::Outrun)) {
            let is_finished = self.write(|books| books.finish(epoch));
            self.stumbles(!is_finished);
        }
        Ok(step)
    }

    /// From here on nothing is given before this loss is over.
    fn begin_rebuild(&mut self, mut rebuild: Rebuild) -> Result<Stage, Trouble> {
        if self.redis.flaw == Some(Flaw::MarksReadEarly) && rebuild.early.is_none() {
            rebuild.early = Some(self.books.marks());
            return Ok(rebuild.with(Next::Begin));
        }
        let Some(loss) = self.redis.begin_rebuild(self.now)? else { return Ok(rebuild.then) };
        rebuild.loss = loss;
        Ok(rebuild.with(Next::Lease))
    }

    fn lease_rebuild(&mut self, mut rebuild: Rebuild) -> Result<Stage, Trouble> {
        let (real, mut begun) = (self.real(), None);
        if !self.write(|books| begun = books.begin(real)) {
            self.stumbles(true);
            return Err(Trouble::Away);
        }
        let Some(marks) = begun else { return Ok(rebuild.with(Next::Wait)) };
        rebuild.leased = self.now;
        rebuild.marks = Marks { epoch: marks.epoch, ..rebuild.early.unwrap_or(marks) };
        match self.redis.flaw {
            Some(Flaw::CallsForgotten) => rebuild.marks.called_to = 0,
            Some(Flaw::NumbersForgotten) => rebuild.marks.leased_to = rebuild.marks.called_to,
            _ => {}
        }
        // Before the first rebuild nothing was given.
        Ok(rebuild.with(if marks.is_first() { Next::Reopen } else { Next::Read }))
    }

    fn read_books(&mut self, mut rebuild: Rebuild) -> Result<Stage, Trouble> {
        if self.books_fail() {
            self.stumbles(true);
            return Err(Trouble::Away);
        }
        if self.redis.flaw != Some(Flaw::InsideForgotten) {
            rebuild.inside = self.books.inside(self.real());
        }
        Ok(rebuild.with(Next::Restore))
    }
}
