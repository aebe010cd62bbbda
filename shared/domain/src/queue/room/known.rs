//! What the room knows of an account, and what it believes of a ticket.

use super::{Member, Past, RoomModel};
use crate::{
    UserId,
    queue::{
        Deadlines, FAR_FROM_FRONT, Flow, LOOKED_LATELY_MS, Place, PlaceState, Standing, StepResult, Wants,
        ahead,
    },
};

impl RoomModel {
    /// What an account holds as far as the room knows. A signed ticket is believed if the account was forgotten; a
    /// number that was called already is called again.
    pub(super) fn resolve(
        &mut self,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
        now: u64,
    ) -> StepResult<Option<Standing>> {
        if let Some(member) = self.members.get(&user).copied() {
            return self.weigh(user, member, held, flow, now).map(Some);
        }
        let gathered = self.pool.get(&user).map(|gathered| gathered.position);
        if self.is_gathering(flow) {
            // The earliest entry counts. After the draw what the room knew then stands, without a choice.
            let Some(entry) = gathered.into_iter().chain(self.believed_entry(held)).min() else {
                return Ok(None);
            };
            self.pool.entry(user).or_default().position = entry;
            return Ok(Some(Standing::Entry(entry)));
        }
        match (gathered, held) {
            (Some(entry), None | Some(Standing::Entry(_))) | (None, Some(Standing::Entry(entry))) => {
                Err(Wants::NumberOf(entry))
            }
            (_, Some(Standing::Number(number))) if number <= self.lease_end => {
                let gathered = self.pool.remove(&user);
                let is_known = gathered.is_some();
                self.members.insert(user, Member { position: number, ..gathered.unwrap_or_default() });
                self.believe(user, number, is_known, flow, now);
                Ok(Some(Standing::Number(number)))
            }
            _ => Ok(None),
        }
    }

    /// Weigh the known number against the signed one. Losses can give one account several numbers: the earliest shown
    /// counts, and the other is given up; between two drawn numbers there is no choice. Once the number that counted
    /// has ended, so have all up to it. A later one that the room never gave up was joined for anew in a moment that
    /// was lost.
    fn weigh(
        &mut self,
        user: UserId,
        member: Member,
        held: Option<Standing>,
        flow: &Flow,
        now: u64,
    ) -> StepResult<Standing> {
        // An account that left while it was forgotten has no number here, but a ticket may show it.
        let ticket = held.and_then(Standing::number);
        let number = Some(member.position).filter(|number| *number > 0).or(ticket).unwrap_or_default();
        let place = self.place_of(user, Standing::Number(number), now);
        let is_over = matches!(place.state, PlaceState::Lapsed | PlaceState::Left);
        let drawn = self.pool_size.filter(|size| !is_over && number > *size && member.past.ended_to < *size);
        let Some(ticket) = ticket else {
            return match (held, drawn) {
                (Some(Standing::Entry(entry)), Some(size)) if entry <= size => Err(Wants::NumberOf(entry)),
                _ => Ok(place.standing),
            };
        };
        let Past { ended_to, given_up_to } = member.past;
        let counts = if is_over {
            ticket > number.max(given_up_to) && ticket <= self.lease_end
        } else {
            ticket > ended_to && ticket < number && number > self.pool_size.unwrap_or_default()
        };
        if !counts {
            return Ok(place.standing);
        }
        let instead = if is_over {
            Member { position: ticket, past: member.when_over(), ..Member::default() }
        } else {
            self.give_up(number);
            let past = Past { ended_to, given_up_to: given_up_to.max(number) };
            Member { position: ticket, past, ..member }
        };
        self.members.insert(user, instead);
        self.believe(user, ticket, false, flow, now);
        Ok(Standing::Number(ticket))
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

    fn believe(&mut self, user: UserId, number: u64, is_known: bool, flow: &Flow, now: u64) {
        self.issued = self.issued.max(number);
        let is_inside = self.active.get(user).is_some_and(|at| at > now);
        if !is_known && number <= self.serving && !is_inside && !self.is_called(number) {
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

impl Member {
    /// What became of an account's numbers once the one that counts has ended.
    pub(super) fn when_over(&self) -> Past {
        let Past { ended_to, given_up_to } = self.past;
        Past { ended_to: ended_to.max(given_up_to).max(self.position), given_up_to: 0 }
    }
}
