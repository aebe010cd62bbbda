//! Requests of buyers and staff, and the brake. Each is served by the protocol that production runs, as a future that is dropped when its
//! process is killed.

use crate::{
    ledger::SimulatedLedger,
    redis::{PERFORMANCE, Who, user},
    steps::Steps,
    time::{Shared, VirtualTime},
};
use domain::queue::{Flow, Place, QueueMarks, Session, Standing};
use room::{ClaimError, JoinError, Mistake, PlaceError, Rebuilder, Room, StaffStep, WaitingRoom as _};
use std::{sync::Arc, task::Waker};

/// The account and device that asked, and in which of the account's lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asker {
    pub(crate) who: Who,
    pub(crate) device: u8,
    pub(crate) life: u32,
}

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoomRequest {
    Join,
    Place,
    Claim,
    Renew,
    Leave,
    Status,
    Brake,
    /// Of staff, who are no buyers: the account.
    Staff(Who, StaffStep),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum RoomAnswer {
    Joined(Place),
    Full,
    At(Place),
    Hasty(u64),
    Inside(Session, bool),
    Renewed(Option<Session>),
    Lapsed,
    /// Whether they are inside.
    Staff(bool),
    Done,
    /// 503: come again.
    Failed,
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) asker: Option<Asker>,
    pub(crate) request: RoomRequest,
    pub(crate) ticket: Option<Standing>,
    pub(crate) flow: Flow,
    pub(crate) begun: u64,
    /// Its client no longer waits.
    pub(crate) is_given_up: bool,
    /// The timers that it waits for.
    pub(crate) timers: Vec<VirtualTimer>,
    /// The books' marks when it met the loss.
    pub(crate) marks_then: Option<QueueMarks>,
}

/// A timer that a visit waits for.
#[derive(Debug)]
pub(crate) struct VirtualTimer {
    pub(crate) id: u64,
    pub(crate) due: u64,
    pub(crate) is_of_rebuild: bool,
    pub(crate) waker: Waker,
}

impl Visit {
    pub(crate) fn new(
        asker: Option<Asker>,
        request: RoomRequest,
        ticket: Option<Standing>,
        flow: Flow,
        begun: u64,
    ) -> Self {
        let (timers, marks_then) = (Vec::with_capacity(1), None);
        Self { asker, request, ticket, flow, begun, is_given_up: false, timers, marks_then }
    }

    /// The client, if it still waits for the answer.
    pub(crate) fn waiting_asker(&self) -> Option<Asker> {
        self.asker.filter(|_| !self.is_given_up)
    }
}

/// What one process holds.
pub(crate) type SimulatedProcess = Room<Steps, VirtualTime>;

/// A process that has just started.
pub(crate) fn process(world: &Shared, mistake: Option<Mistake>) -> Arc<SimulatedProcess> {
    let (steps, books) = (Arc::new(Steps(world.clone())), Arc::new(SimulatedLedger(world.clone())));
    let time = VirtualTime(world.clone());
    let rebuilder = Rebuilder::new(
        Arc::clone(&steps),
        Arc::<SimulatedLedger>::clone(&books),
        Arc::<SimulatedLedger>::clone(&books),
        time.clone(),
    );
    let back = Arc::new(rebuilder.mistaken(mistake));
    Arc::new(Room::new(steps, books, back, time).mistaken(mistake))
}

/// Serve a request.
pub(crate) async fn serve(
    room: Arc<SimulatedProcess>,
    asker: Option<Asker>,
    request: RoomRequest,
    ticket: Option<Standing>,
    flow: Flow,
) -> RoomAnswer {
    let Some(user) = asker.map(|asker| user(asker.who)) else {
        return serve_others(&room, request, &flow).await;
    };
    let held = ticket.unwrap_or(Standing::Number(0));
    match request {
        RoomRequest::Join => match room.join(PERFORMANCE, user, ticket, &flow).await {
            Ok((place, _)) => RoomAnswer::Joined(place),
            Err(JoinError::Full) => RoomAnswer::Full,
            Err(JoinError::Store(_)) => RoomAnswer::Failed,
        },
        RoomRequest::Place => match room.place(PERFORMANCE, user, held, &flow).await {
            Ok(place) => RoomAnswer::At(place),
            Err(PlaceError::Hasty { retry_after_ms, .. }) => RoomAnswer::Hasty(retry_after_ms),
            Err(PlaceError::Store(_)) => RoomAnswer::Failed,
        },
        RoomRequest::Claim => match room.claim(PERFORMANCE, user, held, &flow).await {
            Ok((session, is_new)) => RoomAnswer::Inside(session, is_new),
            Err(ClaimError::NotYet(place)) => RoomAnswer::At(place),
            Err(ClaimError::Lapsed) => RoomAnswer::Lapsed,
            Err(ClaimError::Store(_)) => RoomAnswer::Failed,
        },
        RoomRequest::Renew => match room.renew(PERFORMANCE, user, &flow).await {
            Ok(session) => RoomAnswer::Renewed(session),
            Err(_) => RoomAnswer::Failed,
        },
        RoomRequest::Leave => match room.leave(PERFORMANCE, user, ticket).await {
            Ok(()) => RoomAnswer::Done,
            Err(_) => RoomAnswer::Failed,
        },
        RoomRequest::Status | RoomRequest::Brake | RoomRequest::Staff(..) => RoomAnswer::Done,
    }
}

/// Serve a request that is no buyer's.
async fn serve_others(room: &SimulatedProcess, request: RoomRequest, flow: &Flow) -> RoomAnswer {
    let served = match request {
        RoomRequest::Brake => room.brake(PERFORMANCE).await.map(|()| RoomAnswer::Done),
        RoomRequest::Staff(who, does) => {
            room.staff(PERFORMANCE, user(who), does).await.map(RoomAnswer::Staff)
        }
        _ => room.status(PERFORMANCE, flow).await.map(|_| RoomAnswer::Done),
    };
    served.unwrap_or(RoomAnswer::Failed)
}
