//! What the room knows of a person, and what it believes of their ticket.

use super::{Asked, Member, WaitingRoom, Wants};
use crate::{
    UserId,
    queue::{Deadlines, FAR_FROM_FRONT, Flow, LOOKED_LATELY_MS, Place, PlaceState, Standing, ahead},
};

impl WaitingRoom {
    /// What somebody holds as far as the room knows. What was signed is believed when they are forgotten; a number
    /// that was called already is called again.
    pub(super) fn resolve(
        &mut self,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
        now: u64,
    ) -> Asked<Option<Standing>> {
        if let Some(member) = self.members.get(&user).copied() {
            // Who left when they were forgotten has no number here, but a ticket may say it.
            let ticket = held.and_then(Standing::number);
            let number = Some(member.position).filter(|number| *number > 0).or(ticket).unwrap_or_default();
            let standing = Standing::Number(number);
            let Some(later) = ticket.filter(|ticket| (number + 1..=self.lease_end).contains(ticket)) else {
                return Ok(Some(standing));
            };
            // They joined anew in a moment that was lost.
            let state = self.place_of(user, standing, now).state;
            if !matches!(state, PlaceState::Lapsed | PlaceState::Left) {
                return Ok(Some(standing));
            }
            self.restore(user, later, flow, now);
            return Ok(Some(Standing::Number(later)));
        }
        let gathered = self.pool.get(&user).map(|gathered| gathered.position);
        if self.is_gathering(flow) {
            let Some(entry) = gathered.or_else(|| self.believed_entry(held)) else { return Ok(None) };
            let member = Member { position: entry, has_left: false, polls_whole_at: 0 };
            self.pool.entry(user).or_insert(member);
            return Ok(Some(Standing::Entry(entry)));
        }
        match (gathered, held) {
            (Some(entry), None | Some(Standing::Entry(_))) | (None, Some(Standing::Entry(entry))) => {
                Err(Wants::NumberOf(entry))
            }
            (_, Some(Standing::Number(number))) if number <= self.lease_end => {
                self.restore(user, number, flow, now);
                Ok(Some(Standing::Number(number)))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn leaves_tick_to_others(&self, user: UserId, now: u64) -> bool {
        let is_far = |member: &Member| member.position > self.serving + FAR_FROM_FRONT;
        self.members.get(&user).is_some_and(is_far)
            && self.looked_at.is_some_and(|then| now < then + LOOKED_LATELY_MS)
    }

    fn believed_entry(&self, held: Option<Standing>) -> Option<u64> {
        match held {
            Some(Standing::Entry(entry)) if entry <= self.lease_end => Some(entry),
            _ => None,
        }
    }

    fn restore(&mut self, user: UserId, number: u64, flow: &Flow, now: u64) {
        let gathered = self.pool.remove(&user);
        let was_forgotten = gathered.is_none();
        let member = gathered.unwrap_or(Member { position: 0, has_left: false, polls_whole_at: 0 });
        self.members.insert(user, Member { position: number, ..member });
        self.issued = self.issued.max(number);
        let is_inside = self.active.get(user).is_some();
        if was_forgotten && number <= self.serving && !is_inside && !self.is_called(number) {
            self.calls.set(number, now + flow.call_window_ms);
        }
    }

    pub(super) fn place_of(&self, user: UserId, standing: Standing, now: u64) -> Place {
        let kept = self.members.get(&user).or_else(|| self.pool.get(&user));
        let has_left = kept.is_none_or(|member| member.has_left);
        let number = standing.number();
        let ends_later = |deadlines: &Deadlines<UserId>| deadlines.get(user).is_some_and(|at| at > now);
        let state = match number {
            _ if ends_later(&self.active) => PlaceState::Admitted,
            _ if has_left => PlaceState::Left,
            None => PlaceState::Prequeue,
            Some(number) if number > self.serving => PlaceState::Waiting,
            Some(number) if self.is_called(number) || ends_later(&self.sessions) => PlaceState::Called,
            Some(_) => PlaceState::Lapsed,
        };
        let ahead = number.map_or(0, |number| ahead(number, self.serving));
        Place { standing, state, ahead, called_per_min: self.speed.called_per_min }
    }
}
