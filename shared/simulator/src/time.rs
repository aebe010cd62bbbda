//! Virtual time: each request to a store takes a while, in which anything may happen.

use crate::world::Simulation;
use jiff::Timestamp;
use room::Time;
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

/// The world, as the stores of all processes see it.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Simulation>>);

/// How long something takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Takes {
    /// As long as a step.
    Step,
    /// As long as a step of a rebuild.
    RebuildStep,
    /// This many milliseconds.
    Exactly(u64),
}

impl Shared {
    pub(crate) fn new(world: Simulation) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Simulation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Do something atomic, after the time that the way to the store takes.
    pub(crate) async fn after<T>(&self, takes: Takes, does: impl FnOnce(&mut Simulation) -> T) -> T {
        self.pause(takes).await;
        does(&mut self.lock())
    }

    /// The same for a request to the books; nothing where no answer came. Then it may have been done, or not.
    pub(crate) async fn write<T>(&self, takes: Takes, does: impl FnOnce(&mut Simulation) -> T) -> Option<T> {
        self.after(takes, |world| {
            let fails = world.books_fail();
            let done = (!fails || world.dice.chance(500)).then(|| does(world));
            if matches!(takes, Takes::RebuildStep) {
                world.stumbles(fails);
            }
            done.filter(|_| !fails)
        })
        .await
    }

    fn pause(&self, takes: Takes) -> Pause<'_> {
        Pause { world: self, takes, timer: None }
    }
}

/// A wait. Dropped before it is over, it takes its timer back.
struct Pause<'a> {
    world: &'a Shared,
    takes: Takes,
    /// The visit that waits, and its timer.
    timer: Option<(u64, u64)>,
}

impl Future for Pause<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut world = self.world.lock();
        let Some((visit, timer)) = self.timer else {
            let timer = world.wait(self.takes, context.waker());
            drop(world);
            self.timer = Some(timer);
            return Poll::Pending;
        };
        let waits =
            world.timer_of(visit, timer).map(|timer| timer.waker.clone_from(context.waker())).is_some();
        drop(world);
        if waits {
            return Poll::Pending;
        }
        self.timer = None;
        Poll::Ready(())
    }
}

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        if let Some((visit, timer)) = self.timer {
            self.world.lock().forget_timer(visit, timer);
        }
    }
}

/// The port `Time` on virtual time.
#[derive(Clone)]
pub(crate) struct VirtualTime(pub(crate) Shared);

impl Time for VirtualTime {
    fn now(&self) -> Timestamp {
        let real = i64::try_from(self.0.lock().real()).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(real).unwrap_or(Timestamp::MAX)
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.lock().now)
    }

    async fn sleep(&self, duration: Duration) {
        let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.0.pause(Takes::Exactly(ms)).await;
    }
}
