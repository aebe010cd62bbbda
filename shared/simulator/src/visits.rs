//! Requests of buyers, each served by the protocol that production runs: a future that is dropped when its process is
//! killed.

use crate::{
    ledger::Ledger,
    redis::{PERFORMANCE, Who, user},
    steps::Steps,
    time::{Shared, VirtualTime},
};
use domain::queue::{Flow, Marks, Place, Session, Standing};
use room::{ClaimError, JoinError, Mistake, PlaceError, Rebuilder, Room, WaitingRoom as _};
use std::{sync::Arc, task::Waker};

/// Which device of which account asked, and in which of its lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asker {
    pub(crate) who: Who,
    pub(crate) device: u8,
    pub(crate) life: u32,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    Join,
    Place,
    Claim,
    Renew,
    Leave,
    Status,
}

/// What is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Joined(Place),
    Full,
    At(Place),
    Hasty(u64),
    Inside(Session, bool),
    Renewed(Option<Session>),
    Lapsed,
    Done,
    /// 503: come again.
    Failed,
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) asker: Option<Asker>,
    pub(crate) request: Request,
    pub(crate) ticket: Option<Standing>,
    pub(crate) flow: Flow,
    pub(crate) begun: u64,
    /// Its client waits no longer.
    pub(crate) is_given_up: bool,
    /// What it waits for.
    pub(crate) timers: Vec<Timer>,
    /// What the books said when it met the loss.
    pub(crate) marks_then: Option<Marks>,
}

/// One thing that a visit waits for.
#[derive(Debug)]
pub(crate) struct Timer {
    pub(crate) id: u64,
    pub(crate) due: u64,
    pub(crate) is_of_rebuild: bool,
    pub(crate) waker: Waker,
}

impl Visit {
    pub(crate) fn new(
        asker: Option<Asker>,
        request: Request,
        ticket: Option<Standing>,
        flow: Flow,
        begun: u64,
    ) -> Self {
        let (timers, marks_then) = (Vec::with_capacity(1), None);
        Self { asker, request, ticket, flow, begun, is_given_up: false, timers, marks_then }
    }

    /// Who still waits for the answer.
    pub(crate) fn waiting_asker(&self) -> Option<Asker> {
        self.asker.filter(|_| !self.is_given_up)
    }
}

/// What one process has.
pub(crate) type Process = Room<Steps, VirtualTime>;

/// A process that has just started.
pub(crate) fn process(world: &Shared, mistake: Option<Mistake>) -> Arc<Process> {
    let (steps, books) = (Arc::new(Steps(world.clone())), Arc::new(Ledger(world.clone())));
    let time = VirtualTime(world.clone());
    let rebuilder = Rebuilder::new(
        Arc::clone(&steps),
        Arc::<Ledger>::clone(&books),
        Arc::<Ledger>::clone(&books),
        time.clone(),
    );
    let back = Arc::new(rebuilder.mistaken(mistake));
    Arc::new(Room::new(steps, books, back, time).mistaken(mistake))
}

/// Do what is asked for.
pub(crate) async fn serve(
    room: Arc<Process>,
    asker: Option<Asker>,
    request: Request,
    ticket: Option<Standing>,
    flow: Flow,
) -> Answer {
    let Some(user) = asker.map(|asker| user(asker.who)) else {
        return room.status(PERFORMANCE, &flow).await.map_or(Answer::Failed, |_| Answer::Done);
    };
    let held = ticket.unwrap_or(Standing::Number(0));
    match request {
        Request::Join => match room.join(PERFORMANCE, user, ticket, &flow).await {
            Ok((place, _)) => Answer::Joined(place),
            Err(JoinError::Full) => Answer::Full,
            Err(JoinError::Store(_)) => Answer::Failed,
        },
        Request::Place => match room.place(PERFORMANCE, user, held, &flow).await {
            Ok(place) => Answer::At(place),
            Err(PlaceError::Hasty { retry_after_ms, .. }) => Answer::Hasty(retry_after_ms),
            Err(PlaceError::Store(_)) => Answer::Failed,
        },
        Request::Claim => match room.claim(PERFORMANCE, user, held, &flow).await {
            Ok((session, is_new)) => Answer::Inside(session, is_new),
            Err(ClaimError::NotYet(place)) => Answer::At(place),
            Err(ClaimError::Lapsed) => Answer::Lapsed,
            Err(ClaimError::Store(_)) => Answer::Failed,
        },
        Request::Renew => match room.renew(PERFORMANCE, user, &flow).await {
            Ok(session) => Answer::Renewed(session),
            Err(_) => Answer::Failed,
        },
        Request::Leave => match room.leave(PERFORMANCE, user, ticket).await {
            Ok(()) => Answer::Done,
            Err(_) => Answer::Failed,
        },
        Request::Status => Answer::Done,
    }
}
