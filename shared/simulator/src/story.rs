//! A deterministic executor on virtual time: it polls a visit when what the visit waits for is due, and drops it when
//! its process is killed.

use crate::{
    check::Broken,
    flaw::Flaw,
    shape::Shape,
    time::Shared,
    visits::{RoomAnswer, SimulatedProcess, process, serve},
    world::{Next, Simulation},
};
use room::Mistake;
use std::{
    collections::HashMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// How many processes share the requests.
const PROCESSES: u64 = 4;

/// A story that is being told.
pub(crate) struct Story {
    pub(crate) world: Shared,
    mistake: Option<Mistake>,
    processes: Vec<Arc<SimulatedProcess>>,
    visits: HashMap<u64, Pin<Box<dyn Future<Output = RoomAnswer> + Send>>>,
}

impl Story {
    pub(crate) fn new(seed: u64, shape: Shape, flaw: Option<Flaw>) -> Self {
        let mistake = flaw.and_then(Flaw::of_protocol);
        let world = Shared::new(Simulation::new(seed, shape, flaw));
        let mut story = Self { world, mistake, processes: Vec::new(), visits: HashMap::new() };
        story.start_processes();
        story
    }

    fn start_processes(&mut self) {
        self.visits.clear();
        self.processes = (0..PROCESSES).map(|_| process(&self.world, self.mistake)).collect();
    }

    /// Let the story happen, at most `events_max` events of it.
    pub(crate) fn run(&mut self, events_max: u64) -> Result<(), (Broken, String)> {
        loop {
            let next = self.world.lock().next(events_max);
            match next {
                Next::Over => return Ok(()),
                Next::Broken(broken) => return Err(*broken),
                Next::Happened => {}
                Next::Begun => self.begin_visits(),
                Next::Due(visit) => self.go_on(visit),
                Next::Killed(visit) => drop(self.visits.remove(&visit)),
                Next::AllKilled => self.start_processes(),
            }
        }
    }

    fn begin_visits(&mut self) {
        loop {
            let mut world = self.world.lock();
            let Some(id) = world.begun.pop() else { return };
            let Some(visit) = world.visits.get(&id) else { continue };
            let (asker, request, ticket, flow) = (visit.asker, visit.request, visit.ticket, visit.flow);
            drop(world);
            let index = usize::try_from(id % PROCESSES).unwrap_or_default();
            let Some(process) = self.processes.get(index).map(Arc::clone) else { return };
            self.visits.insert(id, Box::pin(serve(process, asker, request, ticket, flow)));
            self.go_on(id);
        }
    }

    fn go_on(&mut self, id: u64) {
        let Some(visit) = self.visits.get_mut(&id) else { return };
        self.world.lock().current = id;
        match visit.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => self.world.lock().is_patient(id),
            Poll::Ready(answer) => {
                self.visits.remove(&id);
                self.world.lock().answers_visit(id, answer);
            }
        }
    }
}
