//! The four kinds of instruments. Each is a constant that is made when something is first recorded, and records nothing while
//! no metrics are collected: the cost is then one load of a flag.

use opentelemetry::{
    KeyValue, Value, global,
    metrics::{self, AsyncInstrument},
};
use std::{
    collections::HashMap,
    sync::{
        Mutex, Once, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// What OpenTelemetry calls the part of the program that records.
const METER: &str = "yemae";
/// How many series a level has at most. Further ones are not shown.
const SERIES_MAX: usize = 1_000;
/// How long a level is shown after it was last seen: what a process no longer looks at, it does not know.
const SEEN_FOR: Duration = Duration::from_secs(90);
/// How often old levels are looked for where there are too many.
const CLEARED_EVERY: Duration = Duration::from_secs(1);

/// Whether metrics are collected.
static COLLECTED: AtomicBool = AtomicBool::new(false);

/// Records from now on.
pub(super) fn collect() {
    COLLECTED.store(true, Ordering::Relaxed);
}

/// Whether metrics are collected. Ask before work that serves them alone.
#[must_use]
pub fn is_collected() -> bool {
    COLLECTED.load(Ordering::Relaxed)
}

/// What a metric is, in OpenTelemetry's words.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    pub name: &'static str,
    pub kind: Kind,
    /// In UCUM; what is counted stands in braces.
    pub unit: &'static str,
    pub description: &'static str,
    /// The keys of its attributes.
    pub attributes: &'static [&'static str],
}

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number that only grows.
    Counter,
    /// A distribution.
    Histogram,
    /// A level as it was last seen.
    Gauge,
    /// How many are inside right now.
    UpDownCounter,
}

/// Counts what happens.
pub struct Counter {
    pub(super) definition: Definition,
    made: OnceLock<metrics::Counter<u64>>,
}

impl Counter {
    pub(super) const fn new(definition: Definition) -> Self {
        Self { definition, made: OnceLock::new() }
    }

    /// It happened so many times.
    pub fn add(&self, count: u64, attributes: &[KeyValue]) {
        if !is_collected() {
            return;
        }
        let Definition { name, unit, description, .. } = self.definition;
        let make =
            || global::meter(METER).u64_counter(name).with_unit(unit).with_description(description).build();
        self.made.get_or_init(make).add(count, attributes);
    }
}

/// Measures how long something takes, in seconds.
pub struct Histogram {
    pub(super) definition: Definition,
    /// The upper bounds of its buckets, in seconds.
    bounds: &'static [f64],
    made: OnceLock<metrics::Histogram<f64>>,
}

impl Histogram {
    pub(super) const fn new(definition: Definition, bounds: &'static [f64]) -> Self {
        Self { definition, bounds, made: OnceLock::new() }
    }

    /// It took so long.
    pub fn record(&self, took: Duration, attributes: &[KeyValue]) {
        if !is_collected() {
            return;
        }
        let Definition { name, unit, description, .. } = self.definition;
        let make = || {
            global::meter(METER)
                .f64_histogram(name)
                .with_unit(unit)
                .with_description(description)
                .with_boundaries(self.bounds.to_vec())
                .build()
        };
        self.made.get_or_init(make).record(took.as_secs_f64(), attributes);
    }
}

/// Shows a level as this process last saw it, and for a while only.
pub struct Gauge {
    pub(super) definition: Definition,
    made: Once,
    levels: Mutex<Option<Levels>>,
}

/// The levels that are shown.
#[derive(Default)]
struct Levels {
    seen: HashMap<Series, LastSeen>,
    /// When old ones were last looked for to make room.
    cleared_at: Option<Instant>,
}

type Series = Vec<(&'static str, String)>;

struct LastSeen {
    level: f64,
    at: Instant,
    attributes: Vec<KeyValue>,
}

impl Gauge {
    pub(super) const fn new(definition: Definition) -> Self {
        Self { definition, made: Once::new(), levels: Mutex::new(None) }
    }

    /// This is the level now.
    pub fn see(&'static self, level: f64, attributes: &[KeyValue]) {
        if !is_collected() {
            return;
        }
        self.made.call_once(|| self.make(|observer| self.show(observer)));
        let now = Instant::now();
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        let levels = levels.get_or_insert_default();
        let series = series(&self.definition, attributes);
        if let Some(seen) = levels.seen.get_mut(&series) {
            (seen.level, seen.at) = (level, now);
        } else if levels.have_room(now) {
            levels.seen.insert(series, LastSeen { level, at: now, attributes: attributes.to_vec() });
        }
    }

    /// The level is asked for whenever metrics are collected. To be called once.
    pub(super) fn observe(&'static self, level: impl Fn() -> Option<f64> + Send + Sync + 'static) {
        self.make(move |observer| {
            if let Some(level) = level() {
                observer.observe(level, &[]);
            }
        });
    }

    /// Shows what was seen lately.
    fn show(&self, observer: &dyn AsyncInstrument<f64>) {
        let now = Instant::now();
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        let levels = levels.get_or_insert_default();
        levels.clear(now);
        for LastSeen { level, attributes, .. } in levels.seen.values() {
            observer.observe(*level, attributes);
        }
    }

    fn make(&self, look: impl Fn(&dyn AsyncInstrument<f64>) + Send + Sync + 'static) {
        let Definition { name, unit, description, .. } = self.definition;
        // The provider keeps what observes; the handle itself is not needed.
        let _ = global::meter(METER)
            .f64_observable_gauge(name)
            .with_unit(unit)
            .with_description(description)
            .with_callback(look)
            .build();
    }
}

impl Levels {
    /// Whether one more may be shown. If there are many, old ones go first; they are looked for once a second.
    fn have_room(&mut self, now: Instant) -> bool {
        if self.seen.len() >= SERIES_MAX && self.cleared_at.is_none_or(|then| then + CLEARED_EVERY <= now) {
            self.clear(now);
        }
        self.seen.len() < SERIES_MAX
    }

    fn clear(&mut self, now: Instant) {
        self.seen.retain(|_, seen| seen.at + SEEN_FOR > now);
        self.cleared_at = Some(now);
    }
}

/// The values of a definition's attributes, which tell one series from another.
fn series(definition: &Definition, attributes: &[KeyValue]) -> Series {
    let value = |key: &str| attributes.iter().find(|given| given.key.as_str() == key);
    definition
        .attributes
        .iter()
        .filter_map(|key| value(key).map(|given| (*key, given.value.as_str().into_owned())))
        .collect()
}

/// Counts what is inside right now.
#[derive(Debug)]
pub struct UpDownCounter {
    pub(super) definition: Definition,
    made: OnceLock<metrics::UpDownCounter<i64>>,
}

impl UpDownCounter {
    pub(super) const fn new(definition: Definition) -> Self {
        Self { definition, made: OnceLock::new() }
    }

    /// One more is inside until the answer is dropped.
    pub fn enter(&'static self, attributes: &[KeyValue]) -> Occupancy {
        if !is_collected() {
            return Occupancy(None);
        }
        let inside = (self, attributes.to_vec());
        self.made().add(1, attributes);
        Occupancy(Some(inside))
    }

    fn made(&self) -> &metrics::UpDownCounter<i64> {
        let Definition { name, unit, description, .. } = self.definition;
        self.made.get_or_init(|| {
            global::meter(METER)
                .i64_up_down_counter(name)
                .with_unit(unit)
                .with_description(description)
                .build()
        })
    }
}

/// One that is inside.
#[derive(Debug)]
#[must_use]
pub struct Occupancy(Option<(&'static UpDownCounter, Vec<KeyValue>)>);

impl Drop for Occupancy {
    fn drop(&mut self) {
        if let Some((counter, attributes)) = &self.0 {
            counter.made().add(-1, attributes);
        }
    }
}

/// An attribute.
pub fn attribute(key: &'static str, value: impl Into<Value>) -> KeyValue {
    KeyValue::new(key, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_levels_are_shown_and_those_that_are_no_longer_seen_make_room() {
        let (mut levels, now) = (Levels::default(), Instant::now());
        for number in 0..SERIES_MAX {
            assert!(levels.have_room(now));
            let seen = LastSeen { level: 1.0, at: now, attributes: Vec::new() };
            levels.seen.insert(vec![("number", number.to_string())], seen);
        }
        assert!(!levels.have_room(now + SEEN_FOR - CLEARED_EVERY));
        assert!(levels.have_room(now + SEEN_FOR));
        assert!(levels.seen.is_empty());
    }
}
