//! What one step in Redis answers to a request, and what the checker is told of it.

use crate::{
    check::{Broken, Kept},
    flaw::Flaw,
    process::{Answer, Operation, Request, Stage},
    redis::{Who, user},
    world::World,
};
use domain::queue::{Asked, Flow, Given, Notes, Place, PlaceState, Standing};

impl World {
    pub(crate) fn ask(&mut self, op: &mut Operation) -> Result<Stage, Broken> {
        let (now, real) = (self.now, self.real());
        op.asked_at = real;
        let room = match self.redis.room(now) {
            Ok(room) => room,
            Err(trouble) => return Ok(op.troubled(trouble, Stage::Ask, now)),
        };
        op.was_rebuilt = false;
        let Some(asker) = op.asker else {
            let stage = match room.status(&op.flow, real) {
                Ok((_, notes)) => op.looked(notes, Answer::Done),
                Err(wants) => op.wanted(wants),
            };
            self.look()?;
            return Ok(stage);
        };
        let stage = match op.request {
            Request::Join => self.join(op, asker.who)?,
            Request::Place | Request::Status => self.place(op, asker.who)?,
            Request::Claim => self.claim(op, asker.who)?,
            Request::Renew => {
                let session = room.renew(user(asker.who), &op.flow, real);
                op.answer(Answer::Renewed(session))
            }
            Request::Leave => {
                room.leave(user(asker.who), op.held);
                self.check.left(asker.who);
                self.note("left", asker.who.into(), op.held.map_or(0, Standing::position));
                op.answer = Answer::Done;
                Stage::Depart
            }
        };
        op.epoch = self.redis.epoch();
        self.look()?;
        Ok(stage)
    }

    fn join(&mut self, op: &mut Operation, who: Who) -> Result<Stage, Broken> {
        let (real, is_flawed) = (self.real(), self.redis.flaw == Some(Flaw::SecondPlace));
        let twice = is_flawed && self.dice.chance(50);
        let Ok(room) = self.redis.room(self.now) else { return Ok(Stage::Ask) };
        if twice {
            room.leave(user(who), op.held);
        }
        Ok(match room.join(user(who), op.held, &op.flow, real) {
            Ok((place, is_new)) => {
                self.told(op, who, &place, is_new)?;
                op.answer(Answer::Joined(place))
            }
            Err(wants) => op.wanted(wants),
        })
    }

    fn place(&mut self, op: &mut Operation, who: Who) -> Result<Stage, Broken> {
        let real = self.real();
        let Ok(room) = self.redis.room(self.now) else { return Ok(Stage::Ask) };
        let held = op.held.unwrap_or(Standing::Number(0));
        Ok(match room.place(user(who), held, &op.flow, real) {
            Ok((Ok(Some(place)), notes)) => {
                self.told(op, who, &place, false)?;
                op.looked(notes, Answer::At(place))
            }
            Ok((Ok(None), notes)) => op.looked(notes, Answer::Stranger),
            Ok((Err(wait_ms), notes)) => op.looked(notes, Answer::Hasty(wait_ms)),
            Err(wants) => op.wanted(wants),
        })
    }

    fn claim(&mut self, op: &mut Operation, who: Who) -> Result<Stage, Broken> {
        let (real, at) = (self.real(), self.moment());
        let held = op.held.unwrap_or(Standing::Number(0));
        let answer = match self.claimed(who, held, &op.flow, real) {
            Ok((answer, notes)) => {
                op.notes = notes;
                answer
            }
            Err(wants) => return Ok(op.wanted(wants)),
        };
        op.answer = match answer {
            Given::Inside(session, is_new) => {
                if is_new {
                    let active = self.redis.seen().map_or(0, |room| room.figures().active);
                    let free = (u64::from(op.flow.cap) + 1).saturating_sub(active);
                    let ends_at = at.now + session.ends_at_ms.saturating_sub(real);
                    self.note("goes in", who.into(), active);
                    // Whoever is inside may ask which number it was, and nothing is changed by it.
                    let asked =
                        self.redis.room(at.now).map(|room| room.join(user(who), op.held, &op.flow, real));
                    if let Ok(Ok((place, _))) = asked {
                        self.check.entered(who, place.standing, free, ends_at, &self.books, at)?;
                    }
                    self.figures.entries += 1;
                    self.last_entry = at.now;
                }
                Answer::Inside(session, is_new)
            }
            Given::NotYet(place) => {
                self.told(op, who, &place, false)?;
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

    fn told(&mut self, op: &Operation, who: Who, place: &Place, is_new: bool) -> Kept {
        self.note_place(who, place);
        let at = self.moment();
        self.check.told(who, op.ticket, place, is_new, &self.books, at)
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
