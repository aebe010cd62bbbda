//! Staff: they go in, show that they are there, and go, without a number and without a place.

use crate::{
    check::broken,
    redis::{Who, user},
    visits::{RoomRequest, Visit},
    world::{Simulation, WorldEvent},
};
use domain::queue::STAFF_GONE_MS;
use room::StaffStep;

/// What the room last told a member of staff.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StaffTold {
    is_inside: bool,
    at: u64,
    /// How many losses there had been.
    losses: u64,
}

impl Simulation {
    pub(crate) fn employ(&mut self) {
        for index in 0..self.shape.staff {
            self.staff.push(None);
            self.staff_waits(self.shape.people + index);
        }
    }

    fn staff_waits(&mut self, who: Who) {
        let wait = self.dice.between(500, 30_000);
        self.later(wait, WorldEvent::Staff(who));
    }

    fn staff_told(&mut self, who: Who) -> Option<&mut Option<StaffTold>> {
        let index = who.checked_sub(self.shape.people)?;
        self.staff.get_mut(index as usize)
    }

    /// A member of staff does something.
    pub(crate) fn staff_acts(&mut self, who: Who) {
        let does = self.dice.one_of(StaffStep::Renew, &[StaffStep::Enter, StaffStep::Leave]);
        let flow = self.flow_now();
        self.begin(Visit::new(None, RoomRequest::Staff(who, does), None, flow, self.now));
    }

    /// A request of staff is over: it was answered with whether they are inside, or its process was killed.
    pub(crate) fn staff_hears(&mut self, who: Who, does: StaffStep, answer: Option<bool>) {
        self.staff_waits(who);
        let (now, losses) = (self.now, self.figures.losses);
        let before = self.staff_told(who).and_then(|told| *told);
        let is_known = |told: &StaffTold| {
            // Only departures are kept, for a while by the machine's clock.
            let is_kept = now < told.at + STAFF_GONE_MS && !self.check.jumped_since(told.at);
            told.losses == losses && (told.is_inside || is_kept)
        };
        let wanted = match does {
            StaffStep::Enter => Some(true),
            StaffStep::Leave => Some(false),
            StaffStep::Renew => before.filter(is_known).map(|told| told.is_inside),
        };
        if let (Some(wanted), Some(is_inside)) = (wanted, answer)
            && wanted != is_inside
        {
            let what = format!("account {who} was told {is_inside} after {does:?}, and before {before:?}");
            self.keeps(broken("staff are inside until they leave", what));
        }
        self.staff_take_no_place(who);
        let told = match (does, answer) {
            (_, Some(true)) | (StaffStep::Leave, Some(false)) => {
                Some(StaffTold { is_inside: does != StaffStep::Leave, at: now, losses })
            }
            (StaffStep::Renew, None) => before,
            (StaffStep::Renew, Some(false)) => before.filter(|told| !told.is_inside),
            // It may have been done, or not.
            _ => None,
        };
        if let Some(kept) = self.staff_told(who) {
            *kept = told;
        }
    }

    fn staff_take_no_place(&mut self, who: Who) {
        let is_counted = self.redis.seen().is_some_and(|room| room.counts(user(who)));
        if is_counted || self.books.has_inside(user(who)) {
            self.keeps(broken("staff take no place", format!("account {who} is counted as inside")));
        }
    }
}
