//! A Redis with one room. It may lose everything at any moment, or the last second.

use crate::flaw::Flaw;
use domain::{
    PerformanceId, UserId,
    queue::{QueueMarks, RoomModel, STAFF_GONE_MS, Unwritten},
};
use room::{Loss, StaffStep};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The only performance of a story.
pub(crate) const PERFORMANCE: PerformanceId = PerformanceId(Uuid::from_u128(1));

/// An account, counted from 0.
pub(crate) type Who = u32;

pub(crate) fn user(who: Who) -> UserId {
    UserId(Uuid::from_u128(u128::from(who) + 1))
}

/// The account with this id.
pub(crate) fn who(user: UserId) -> Who {
    Who::try_from(user.0.as_u128().saturating_sub(1)).unwrap_or(Who::MAX)
}

/// Why a step was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The room has to be rebuilt first.
    Lost,
    /// The loss that is being rebuilt is over, or another server has taken over.
    Outrun,
    /// Redis does not answer.
    Away,
}

/// All that Redis holds. A replica has a copy of it.
#[derive(Debug, Clone, Default)]
struct RedisMemory {
    room: RoomModel,
    /// The server in which the room is known to be whole.
    whole_in: Option<u64>,
    epoch: u64,
    /// The loss that is being rebuilt: its name, and the server in which the rebuild began.
    loss: Option<(u64, u64)>,
    restored: BTreeMap<UserId, u64>,
    gone: Gone,
}

/// Staff who have left, and until when that is kept, by the machine's clock.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gone(BTreeMap<UserId, u64>);

impl Gone {
    /// Returns whether they are inside now.
    pub(crate) fn does(&mut self, user: UserId, does: StaffStep, real_ms: u64) -> bool {
        self.0.retain(|_, until| *until > real_ms);
        match does {
            StaffStep::Enter => drop(self.0.remove(&user)),
            StaffStep::Leave => drop(self.0.insert(user, real_ms + STAFF_GONE_MS)),
            StaffStep::Renew => {}
        }
        !self.0.contains_key(&user)
    }
}

#[derive(Debug, Default)]
pub(crate) struct SimulatedRedis {
    memory: RedisMemory,
    server: u64,
    losses: u64,
    away_until: u64,
    copy: Option<RedisMemory>,
    pub(crate) flaw: Option<Flaw>,
}

impl SimulatedRedis {
    pub(crate) fn new(flaw: Option<Flaw>) -> Self {
        Self { flaw, ..Self::default() }
    }

    fn answers(&self, now: u64) -> Result<(), Trouble> {
        if now < self.away_until { Err(Trouble::Away) } else { Ok(()) }
    }

    fn is_whole(&self) -> bool {
        self.memory.whole_in == Some(self.server)
    }

    /// Why no step of the room can be done now, if none can.
    pub(crate) fn trouble(&self, now: u64) -> Option<Trouble> {
        self.is_lost(now).map_or_else(Some, |is_lost| is_lost.then_some(Trouble::Lost))
    }

    pub(crate) fn is_lost(&self, now: u64) -> Result<bool, Trouble> {
        self.answers(now).map(|()| !self.is_whole())
    }

    /// The room, for a step; there must be no [`Trouble`].
    pub(crate) fn room(&mut self) -> &mut RoomModel {
        &mut self.memory.room
    }

    pub(crate) fn gone(&mut self) -> &mut Gone {
        &mut self.memory.gone
    }

    /// The room, for the checker, which only reads; nothing while it is lost.
    pub(crate) fn seen(&self) -> Option<&RoomModel> {
        self.is_whole().then_some(&self.memory.room)
    }

    /// The epoch of the last rebuild.
    pub(crate) fn epoch(&self) -> u64 {
        self.memory.epoch
    }

    /// The loss; nothing once the room is back. Several processes may rebuild after one loss.
    pub(crate) fn begin_rebuild(&mut self, now: u64) -> Result<Option<Loss>, Trouble> {
        if !self.is_lost(now)? {
            return Ok(None);
        }
        let loss = match self.memory.loss {
            Some((loss, server)) if server == self.server => loss,
            _ => {
                self.losses += 1;
                self.memory.loss = Some((self.losses, self.server));
                self.memory.restored.clear();
                self.losses
            }
        };
        Ok(Some(Loss { name: loss.to_string(), unwritten: self.memory.room.unwritten() }))
    }

    fn goes_on(&self, loss: &str, now: u64) -> Result<bool, Trouble> {
        if !self.is_lost(now)? {
            return Ok(false);
        }
        let is_there = self.flaw == Some(Flaw::AnotherServer);
        let is_the_same = |now_lost: u64| loss.parse() == Ok(now_lost);
        match self.memory.loss {
            Some((now_lost, server)) if is_the_same(now_lost) && (server == self.server || is_there) => {
                Ok(true)
            }
            Some(_) if self.flaw == Some(Flaw::AnotherLoss) => Ok(true),
            _ => Err(Trouble::Outrun),
        }
    }

    /// Returns whether there was something to restore.
    pub(crate) fn restore(
        &mut self,
        loss: &str,
        inside: &[(UserId, u64)],
        now: u64,
    ) -> Result<bool, Trouble> {
        let goes_on = self.goes_on(loss, now)?;
        if goes_on {
            self.memory.restored.extend(inside.iter().copied());
        }
        Ok(goes_on)
    }

    /// Returns how many were restored; nothing if the room was back already.
    pub(crate) fn reopen(
        &mut self,
        loss: &str,
        marks: &QueueMarks,
        now: u64,
        real_ms: u64,
    ) -> Result<Option<u64>, Trouble> {
        if !self.goes_on(loss, now)? {
            return Ok(None);
        }
        let memory = &mut self.memory;
        let restored: Vec<_> = std::mem::take(&mut memory.restored).into_iter().collect();
        memory.room.rebuild(marks, &restored, real_ms);
        (memory.whole_in, memory.epoch, memory.loss) = (Some(self.server), marks.epoch, None);
        Ok(Some(restored.len() as u64))
    }

    /// The entries that are not in the roster yet, as far as they are still known.
    pub(crate) fn unwritten(&self) -> Unwritten {
        self.memory.room.unwritten()
    }

    /// Redis forgets everything.
    pub(crate) fn flush(&mut self) {
        self.memory = RedisMemory::default();
    }

    /// Redis restarts. It has forgotten nothing, but cannot know that.
    pub(crate) fn restart(&mut self, back_at: u64) {
        self.server += 1;
        self.away_until = back_at;
    }

    /// A replica copies what Redis has now.
    pub(crate) fn copy(&mut self) {
        self.copy = Some(self.memory.clone());
    }

    /// The replica takes over, with what it copied.
    pub(crate) fn promote(&mut self, back_at: u64) {
        if let Some(copy) = self.copy.take() {
            self.memory = copy;
        }
        self.restart(back_at);
    }
}
