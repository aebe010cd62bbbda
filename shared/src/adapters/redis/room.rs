//! The steps of a waiting room as scripts: this file encodes their arguments and decodes their answers.

use super::{
    RedisStore, perform, read,
    reply::ScriptReply,
    stepped,
    steps::{self, Script, Step, with_record},
    unavailable,
};
use crate::{
    ports::StoreError,
    telemetry::metrics::{QUEUE_CALLING, attribute, is_collected, key},
};
use domain::{
    PerformanceId, UserId,
    layout::SeatIndex,
    queue::{
        Flow, Gathering, Given, Hasty, Looked, Place, QueueMarks, RoomStatus, Session, Standing, StepResult,
        Wants,
    },
    seat::SeatRecord,
};
use jiff::Timestamp;
use redis::{FromRedisValue, Value};
use room::{Claimed, Departure, Frozen, Loss, Restored, RoomSteps, StaffStep, Stepped};

impl RoomSteps for RedisStore {
    async fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> Stepped<StepResult<(Place, bool)>> {
        let mut reply = self.reply(of_person(&steps::JOIN, performance, flow, user, held)).await?;
        let what: String = reply.take()?;
        Ok(match what.as_str() {
            "wait" => Err(Wants::Wait),
            "draw" => Err(Wants::Draw),
            "nothing" => Err(Wants::Nothing),
            "number_of" => Err(Wants::NumberOf(reply.take()?)),
            "numbers" => Err(Wants::Numbers(reply.unwritten()?)),
            state => Ok((reply.place(state)?, reply.take()?)),
        })
    }

    async fn status(&self, performance: PerformanceId, flow: &Flow) -> Stepped<Looked<RoomStatus>> {
        see_calling(performance, flow);
        self.look(with_flow(&steps::STATUS, performance, flow), |_, reply| {
            let (issued, serving, active) = (reply.take()?, reply.take()?, reply.take()?);
            let called_per_min = reply.take()?;
            let (first, called_again): (u64, u64) = (reply.take()?, reply.take()?);
            let (called, claim_rate) = (first + called_again, reply.take()?);
            Ok(RoomStatus { issued, serving, active, called_per_min, called, called_again, claim_rate })
        })
        .await
    }

    async fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Stepped<Looked<Result<Place, Hasty>>> {
        self.look(of_person(&steps::PLACE, performance, flow, user, Some(held)), |what, reply| {
            Ok(match what {
                "hasty" => Err(Hasty { retry_after_ms: reply.take()?, interval_ms: reply.take()? }),
                state => Ok(reply.place(state)?),
            })
        })
        .await
    }

    async fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Stepped<Looked<Claimed>> {
        self.look(of_person(&steps::CLAIM, performance, flow, user, Some(held)), |what, reply| {
            let given = match what {
                "admitted" => {
                    let is_new = reply.take()?;
                    let session = Session { expires_at_ms: reply.take()?, ends_at_ms: reply.take()? };
                    return Ok(Claimed { given: Given::Inside(session, is_new), epoch: reply.take()? });
                }
                "lapsed" => Given::Lapsed,
                state => Given::NotYet(reply.place(state)?),
            };
            Ok(Claimed { given, epoch: 0 })
        })
        .await
    }

    async fn confirm(&self, performance: PerformanceId, user: UserId, epoch: u64) -> Stepped<bool> {
        self.step(of_user(&steps::CONFIRM, performance, user).arg(epoch)).await
    }

    async fn renew(&self, performance: PerformanceId, user: UserId, flow: &Flow) -> Stepped<Option<Session>> {
        let step = of_person(&steps::RENEW, performance, flow, user, None);
        let (goes_on, expires_at_ms, ends_at_ms): (bool, u64, u64) = self.step(step).await?;
        Ok(goes_on.then_some(Session { expires_at_ms, ends_at_ms }))
    }

    async fn leave(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
    ) -> Stepped<Departure> {
        let (number, entry) = match held {
            Some(Standing::Number(number)) => (number, 0),
            Some(Standing::Entry(entry)) => (0, entry),
            None => (0, 0),
        };
        let step = of_user(&steps::LEAVE, performance, user).arg(number).arg(entry);
        let (may_be_inside, at_ms) = self.step(step).await?;
        Ok(Departure { may_be_inside, at_ms })
    }

    async fn staff(&self, performance: PerformanceId, user: UserId, does: StaffStep) -> Stepped<bool> {
        let does = match does {
            StaffStep::Enter => "enter",
            StaffStep::Renew => "renew",
            StaffStep::Leave => "leave",
        };
        self.step(of_user(&steps::STAFF, performance, user).arg(does)).await
    }

    async fn brake(&self, performance: PerformanceId) -> Stepped<()> {
        self.step(Step::of(&steps::BRAKE, performance)).await
    }

    async fn numbers_leased(
        &self,
        performance: PerformanceId,
        leased_to: u64,
        written_to: u64,
    ) -> Stepped<()> {
        self.step(Step::of(&steps::NUMBERS, performance).arg(leased_to).arg(written_to)).await
    }

    async fn calls_leased(&self, performance: PerformanceId, called_to: u64) -> Stepped<()> {
        self.step(Step::of(&steps::CALLS, performance).arg(called_to)).await
    }

    async fn freeze(&self, performance: PerformanceId) -> Stepped<Frozen> {
        let mut reply = self.reply(Step::of(&steps::FREEZE, performance)).await?;
        Ok(Frozen { pool_size: reply.take()?, unwritten: reply.unwritten()? })
    }

    async fn drawn(&self, performance: PerformanceId, pool_size: u64) -> Stepped<()> {
        self.step(Step::of(&steps::DRAWN, performance).arg(pool_size)).await
    }

    async fn begin_rebuild(&self, performance: PerformanceId) -> Result<Option<Loss>, StoreError> {
        let step = Step::of(&steps::BEGIN_REBUILD, performance);
        let begun = perform(&self.connection, &step).await.map_err(unavailable)?;
        // Any other answer says that the performance is back.
        let Value::Array(_) = begun else { return Ok(None) };
        let mut reply = ScriptReply::of(begun)?;
        Ok(Some(Loss { name: reply.take()?, unwritten: reply.unwritten()? }))
    }

    async fn restore_seats(
        &self,
        performance: PerformanceId,
        seats: &[(SeatIndex, SeatRecord)],
    ) -> Result<Restored, StoreError> {
        let step = Step::of(&steps::RESTORE_SEATS, performance);
        let with_seat = |step, (index, record): &(_, _)| with_record(step, *index, record, None);
        self.restore(seats.iter().fold(step, with_seat)).await
    }

    async fn restore_inside(
        &self,
        performance: PerformanceId,
        loss: &str,
        inside: &[(UserId, u64)],
    ) -> Result<Restored, StoreError> {
        let step = Step::of(&steps::RESTORE_INSIDE, performance).arg(loss);
        let with_person = |step: Step, (user, ends_at_ms): &(UserId, u64)| {
            step.arg(user.0.as_bytes().as_slice()).arg(*ends_at_ms)
        };
        self.restore(inside.iter().fold(step, with_person)).await
    }

    async fn reopen(
        &self,
        performance: PerformanceId,
        loss: &str,
        marks: &QueueMarks,
        expires_at: Timestamp,
    ) -> Result<Restored, StoreError> {
        let pool_size = marks.pool_size.map_or(-1, u64::cast_signed);
        let step = Step::of(&steps::REOPEN, performance)
            .arg(loss)
            .arg(marks.epoch)
            .arg(marks.leased_to)
            .arg(marks.called_to)
            .arg(pool_size)
            .arg(expires_at.as_millisecond());
        self.restore(step).await
    }
}

impl RedisStore {
    async fn step<T: FromRedisValue>(&self, step: Step) -> Stepped<T> {
        Ok(read(stepped(perform(&self.connection, &step).await)?)?)
    }

    async fn reply(&self, step: Step) -> Stepped<ScriptReply> {
        Ok(ScriptReply::of(stepped(perform(&self.connection, &step).await)?)?)
    }

    /// Do a step that makes the due tick; `read` reads what follows the notes.
    async fn look<T>(
        &self,
        step: Step,
        read: impl FnOnce(&str, &mut ScriptReply) -> Result<T, StoreError> + Send,
    ) -> Stepped<Looked<T>> {
        let mut reply = self.reply(step).await?;
        let what: String = reply.take()?;
        let notes = reply.notes()?;
        let answer = match what.as_str() {
            "draw" => Err(Wants::Draw),
            "number_of" => Err(Wants::NumberOf(reply.take()?)),
            what => Ok(read(what, &mut reply)?),
        };
        Ok(Looked { answer, notes })
    }

    /// Do a step of a rebuild.
    async fn restore(&self, step: Step) -> Result<Restored, StoreError> {
        match perform(&self.connection, &step).await {
            Err(error) if error.code() == Some("OUTRUN") => Ok(Restored::Outrun),
            Ok(Value::SimpleString(status)) if status == "BACK" => Ok(Restored::Back),
            answer => answer.map(|_| Restored::Done).map_err(unavailable),
        }
    }
}

/// Whether the room calls, for the alert that its queue stands still.
fn see_calling(performance: PerformanceId, flow: &Flow) {
    if is_collected() {
        let of_sale = attribute(key::PERFORMANCE, performance.to_string());
        QUEUE_CALLING.see(f64::from(u8::from(flow.calling)), &[of_sale]);
    }
}

fn of_user(script: &'static Script, performance: PerformanceId, user: UserId) -> Step {
    Step::of(script, performance).arg(user.0.as_bytes().as_slice())
}

fn with_flow(script: &'static Script, performance: PerformanceId, flow: &Flow) -> Step {
    let gathering: u8 = match flow.gathering {
        Gathering::Never => 0,
        Gathering::Now => 1,
        Gathering::Over => 2,
    };
    Step::of(script, performance)
        .arg(flow.cap)
        .arg(flow.rate_per_min)
        .arg(u8::from(flow.calling))
        .arg(u8::from(flow.paused))
        .arg(gathering)
        .arg(flow.call_window_ms)
        .arg(flow.session_ms)
        .arg(flow.heartbeat_ms)
}

fn of_person(
    script: &'static Script,
    performance: PerformanceId,
    flow: &Flow,
    user: UserId,
    held: Option<Standing>,
) -> Step {
    let (kind, position) = match held {
        Some(Standing::Number(number)) => ("n", number),
        Some(Standing::Entry(entry)) => ("e", entry),
        None => ("", 0),
    };
    with_flow(script, performance, flow).arg(user.0.as_bytes().as_slice()).arg(kind).arg(position)
}
