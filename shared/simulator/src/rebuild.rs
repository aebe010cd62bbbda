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
/// How often a process looks whether another's rebuild is done.
const LOOKS_MAX: u32 = 6;

/// A rebuild on its way, and what is to be done after it.
#[derive(Debug)]
pub(crate) struct Rebuild {
    then: Stage,
    begun: u64,
    next: Next,
    looks: u32,
    marks: Marks,
    inside: Vec<(Who, u64)>,
}

#[derive(Debug, Clone, Copy)]
enum Next {
    IsBack,
    Begin,
    IsStillLost,
    Mark,
    Read,
    Restore,
    Reopen,
    Finish,
    Wait,
}

impl Rebuild {
    pub(crate) fn new(then: Stage, now: u64) -> Self {
        let (marks, inside) = (Marks::default(), Vec::new());
        Self { then, begun: now, next: Next::IsBack, looks: 0, marks, inside }
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
        let epoch = rebuild.marks.epoch;
        if self.now > rebuild.begun + REBUILD_MAX_MS {
            self.stumbles(true);
            return Ok(Err(Trouble::Away));
        }
        let step = match rebuild.next {
            Next::IsBack => {
                let is_back = self.redis.is_back(self.now);
                is_back.map(|is_back| if is_back { rebuild.then } else { rebuild.with(Next::Begin) })
            }
            Next::Begin => self.begin_rebuild(rebuild),
            Next::IsStillLost => {
                let is_back = self.redis.is_back(self.now);
                is_back.map(|is_back| rebuild.with(if is_back { Next::Finish } else { Next::Mark }))
            }
            Next::Mark => self.redis.begin_rebuild(epoch, self.now).map(|()| rebuild.with(Next::Read)),
            Next::Read => self.read_books(rebuild),
            Next::Restore => {
                let count = rebuild.inside.len().min(1_000);
                let some: Vec<_> = rebuild.inside.drain(..count).collect();
                let next = if rebuild.inside.is_empty() { Next::Reopen } else { Next::Restore };
                self.redis.restore(epoch, &some, self.now).map(|()| rebuild.with(next))
            }
            Next::Reopen => {
                let reopened = self.redis.reopen(&rebuild.marks, self.now, self.real());
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
            Next::Wait => {
                rebuild.looks += 1;
                match self.redis.is_back(self.now) {
                    Ok(true) => Ok(rebuild.then),
                    Ok(false) if rebuild.looks >= LOOKS_MAX => Err(Trouble::Lost),
                    Ok(false) => Ok(rebuild.with(Next::Wait)),
                    Err(trouble) => Err(trouble),
                }
            }
        };
        // So that the next may begin at once.
        if matches!(step, Err(Trouble::Outrun)) {
            let is_finished = self.write(|books| books.finish(epoch));
            self.stumbles(!is_finished);
        }
        Ok(step)
    }

    fn begin_rebuild(&mut self, mut rebuild: Rebuild) -> Result<Stage, Trouble> {
        let (real, mut begun) = (self.real(), None);
        if !self.write(|books| begun = books.begin(real)) {
            self.stumbles(true);
            return Err(Trouble::Away);
        }
        match begun {
            Some(marks) => {
                rebuild.marks = marks;
                Ok(rebuild.with(Next::IsStillLost))
            }
            None => Ok(rebuild.with(Next::Wait)),
        }
    }

    /// Once Redis knows of the rebuild, nothing can be given until it is done: only what the books say then is all.
    fn read_books(&mut self, mut rebuild: Rebuild) -> Result<Stage, Trouble> {
        if self.books_fail() {
            self.stumbles(true);
            return Err(Trouble::Away);
        }
        if self.redis.flaw != Some(Flaw::MarksReadEarly) {
            let marks = self.books.marks();
            if marks.epoch != rebuild.marks.epoch {
                return Err(Trouble::Outrun);
            }
            rebuild.marks = marks;
        }
        match self.redis.flaw {
            Some(Flaw::CallsForgotten) => rebuild.marks.called_to = 0,
            Some(Flaw::NumbersForgotten) => rebuild.marks.leased_to = rebuild.marks.called_to,
            _ => {}
        }
        if self.redis.flaw != Some(Flaw::InsideForgotten) {
            rebuild.inside = self.books.inside(self.real());
        }
        Ok(rebuild.with(Next::Restore))
    }
}
