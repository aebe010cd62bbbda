//! What one step in Redis answers to a request, and what the checker is told of it.

use crate::{
    check::{Broken, Kept},
    flaw::Flaw,
    process::{Answer, Operation, Request, Stage},
    redis::{Who, user},
    world::World,
};
use domain::queue::{Asked, Flow, Given, Notes, Place, PlaceState, Standing, WaitingRoom};

impl World {
    pub(crate) fn ask(&mut self, operation: &mut Operation) -> Result<Stage, Broken> {
        let (now, real) = (self.now, self.real());
        operation.asked_at = real;
        let room = match self.redis.room(now) {
            Ok(room) => room,
            Err(trouble) => return Ok(operation.troubled(trouble, Stage::Ask, now)),
        };
        operation.was_rebuilt = false;
        let Some(asker) = operation.asker else {
            let stage = match room.status(&operation.flow, real) {
                Ok((_, notes)) => operation.looked(notes, Answer::Done),
                Err(wants) => operation.wanted(wants),
            };
            self.look()?;
            return Ok(stage);
        };
        let stage = match operation.request {
            Request::Join => self.join(operation, asker.who)?,
            Request::Place | Request::Status => self.place(operation, asker.who)?,
            Request::Claim => self.claim(operation, asker.who)?,
            Request::Renew => {
                let session = room.renew(user(asker.who), &operation.flow, real);
                operation.answer(Answer::Renewed(session))
            }
            Request::Leave => {
                let has_left = room.leave(user(asker.who), operation.held);
                operation.answer = Answer::Done;
                if has_left {
                    self.check.left(asker.who);
                    self.note("left", asker.who.into(), operation.held.map_or(0, Standing::position));
                    Stage::Depart
                } else {
                    Stage::Answered
                }
            }
        };
        operation.epoch = self.redis.epoch();
        self.look()?;
        Ok(stage)
    }

    fn join(&mut self, operation: &mut Operation, who: Who) -> Result<Stage, Broken> {
        let (real, is_flawed) = (self.real(), self.redis.flaw == Some(Flaw::SecondPlace));
        let is_kept = self.redis.flaw == Some(Flaw::LaterNumberKept);
        let twice = is_flawed && self.dice.chance(50);
        let Ok(room) = self.redis.room(self.now) else { return Ok(Stage::Ask) };
        if twice {
            room.leave(user(who), operation.held);
        }
        let held = shown(room, is_kept, who, operation.held);
        Ok(match room.join(user(who), held, &operation.flow, real) {
            Ok((place, is_new)) => {
                self.told(operation, who, &place, is_new)?;
                operation.answer(Answer::Joined(place))
            }
            Err(wants) => operation.wanted(wants),
        })
    }

    fn place(&mut self, operation: &mut Operation, who: Who) -> Result<Stage, Broken> {
        let (real, is_kept) = (self.real(), self.redis.flaw == Some(Flaw::LaterNumberKept));
        let Ok(room) = self.redis.room(self.now) else { return Ok(Stage::Ask) };
        let held = shown(room, is_kept, who, operation.held).unwrap_or(Standing::Number(0));
        Ok(match room.place(user(who), held, &operation.flow, real) {
            Ok((Ok(Some(place)), notes)) => {
                self.told(operation, who, &place, false)?;
                operation.looked(notes, Answer::At(place))
            }
            Ok((Ok(None), notes)) => operation.looked(notes, Answer::Stranger),
            Ok((Err(wait_ms), notes)) => operation.looked(notes, Answer::Hasty(wait_ms)),
            Err(wants) => operation.wanted(wants),
        })
    }

    fn claim(&mut self, operation: &mut Operation, who: Who) -> Result<Stage, Broken> {
        let (real, at) = (self.real(), self.moment());
        let held = operation.held.unwrap_or(Standing::Number(0));
        let answer = match self.claimed(who, held, &operation.flow, real) {
            Ok((answer, notes)) => {
                operation.notes = notes;
                answer
            }
            Err(wants) => return Ok(operation.wanted(wants)),
        };
        operation.answer = match answer {
            Given::Inside(session, is_new) => {
                if is_new {
                    let active = self.redis.seen().map_or(0, |room| room.figures().active);
                    let free = (u64::from(operation.flow.cap) + 1).saturating_sub(active);
                    let ends_at = at.now + session.ends_at_ms.saturating_sub(real);
                    self.note("goes in", who.into(), active);
                    // Whoever is inside may ask which number it was, and nothing is changed by it.
                    let asked = self
                        .redis
                        .room(at.now)
                        .map(|room| room.join(user(who), operation.held, &operation.flow, real));
                    if let Ok(Ok((place, _))) = asked {
                        self.check.entered(who, place.standing, free, ends_at, &self.books, at)?;
                    }
                    self.figures.entries += 1;
                    self.last_entry = at.now;
                }
                Answer::Inside(session, is_new)
            }
            Given::NotYet(place) => {
                self.told(operation, who, &place, false)?;
                self.check.knocked(who, &place, &self.books, at);
                Answer::At(place)
            }
            Given::Lapsed => {
                self.note("told lapsed by claim", who.into(), held.position());
                Answer::Lapsed
            }
        };
        Ok(Stage::StrikeOff)
    }

    fn claimed(&mut self, who: Who, held: Standing, flow: &Flow, real: u64) -> Asked<(Given, Notes)> {
        let mistake = self.redis.flaw;
        let Ok(room) = self.redis.room(self.now) else { return Ok((Given::Lapsed, Notes::default())) };
        let more = Flow { cap: flow.cap + 1, ..*flow };
        let flow = if mistake == Some(Flaw::OneTooMany) { &more } else { flow };
        let held = shown(room, mistake == Some(Flaw::LaterNumberKept), who, Some(held)).unwrap_or(held);
        let answer = room.claim(user(who), held, flow, real);
        match &answer {
            Ok((Given::NotYet(place), _))
                if mistake == Some(Flaw::DoorWithoutOrder)
                    && place.state == PlaceState::Called
                    && room.figures().active < flow.cap.into() =>
            {
                room.claim(user(who), held, &Flow { cap: u32::MAX, calling: false, ..*flow }, real)
            }
            _ => answer,
        }
    }

    fn told(&mut self, operation: &Operation, who: Who, place: &Place, is_new: bool) -> Kept {
        self.note_place(who, place);
        let at = self.moment();
        self.check.told(who, operation.ticket, place, is_new, &self.books, at)
    }

    /// After each step of the room.
    pub(crate) fn look(&mut self) -> Kept {
        let at = self.moment();
        let Some(room) = self.redis.seen() else { return Ok(()) };
        let figures = room.figures();
        self.check.figures(figures, &self.books, self.flow.cap, at)?;
        if !self.check.has_free_place(self.flow.cap) || figures.issued <= figures.serving {
            self.busy_at = at.now;
        }
        if let Some((since, serving)) = self.stands_since {
            let has_gone_on = self.last_entry >= since || self.check.is_anybodys(serving, figures.serving);
            if has_gone_on || self.busy_at >= since || !self.is_open() {
                self.stands_since = None;
            } else {
                let stood = at.now.saturating_sub(since);
                self.figures.longest_standstill_ms = self.figures.longest_standstill_ms.max(stood);
            }
        }
        Ok(())
    }
}

/// What a step sees of a ticket: with the mistake built in, not that it is earlier than what is known.
fn shown(room: &WaitingRoom, is_known_kept: bool, who: Who, held: Option<Standing>) -> Option<Standing> {
    let known = room.standing_of(user(who)).filter(|known| {
        let same_kind = held.is_some_and(|held| held.number().is_some() == known.number().is_some());
        same_kind && held.is_some_and(|held| held.position() < known.position())
    });
    known.filter(|_| is_known_kept).or(held)
}
