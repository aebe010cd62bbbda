//! Every metric of Yemae. Names and units are OpenTelemetry's conventions where they have one; all attributes have few values.
//! docs/OPERATIONS.md lists them with what each is good for.

use super::instrument;
pub use super::instrument::{
    Counter, Definition, Gauge, Histogram, Kind, Occupancy, UpDownCounter, attribute, is_collected,
};

/// Keys of attributes.
pub mod key {
    /// The function, as in its `FUNCTION`.
    pub const FUNCTION: &str = "faas.name";
    pub const METHOD: &str = "http.request.method";
    /// The path with the names of its parameters.
    pub const ROUTE: &str = "http.route";
    pub const STATUS: &str = "http.response.status_code";
    /// What failed: the code of a problem, or the kind of an error.
    pub const ERROR: &str = "error.type";
    /// The host that is called.
    pub const SERVER: &str = "server.address";
    /// `redis` or `aws.dynamodb`.
    pub const STORE: &str = "db.system.name";
    /// A script's name, or an operation of DynamoDB.
    pub const OPERATION: &str = "db.operation.name";
    /// Of a sale's own metrics alone.
    pub const PERFORMANCE: &str = "yemae.performance.id";
    /// `available`, `held`, `reserved` or `sold`.
    pub const SEAT_STATE: &str = "yemae.seat.state";
    /// `confirmed`, `expired` or `cancelled`.
    pub const BOOKING_STATE: &str = "yemae.booking.state";
    /// How an attempt ended: a word for success, or the code of the problem.
    pub const OUTCOME: &str = "yemae.outcome";
}

/// A start takes milliseconds; from zero, with the platform's part, seconds.
const START_S: &[f64] = &[0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
/// OpenTelemetry's buckets for requests, one for the quickest, and some for those that wait long: for a line, or for the provider.
const REQUEST_S: &[f64] = &[
    0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0,
];
/// Redis answers within a tenth of a millisecond, DynamoDB within ten.
const STORE_S: &[f64] =
    &[0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

macro_rules! metrics {
    ($($kind:ident $constant:ident($name:literal, $unit:literal, $attributes:expr $(, $bounds:ident)?) $description:literal;)+) => {
        $(
            #[doc = $description]
            pub static $constant: $kind = $kind::new(
                Definition {
                    name: $name,
                    kind: Kind::$kind,
                    unit: $unit,
                    description: $description,
                    attributes: $attributes,
                }
                $(, $bounds)?
            );
        )+

        /// All of them, for the list in the documentation.
        pub static ALL: &[&Definition] = &[$(&$constant.definition),+];
    };
}

metrics! {
    // Functions
    Counter COLD_STARTS("faas.coldstarts", "{coldstart}", &[key::FUNCTION]) "Processes that have answered a request";
    Histogram START("faas.init_duration", "s", &[key::FUNCTION], START_S) "From the start of a process to its first answer";
    Histogram REQUESTS("http.server.request.duration", "s", &[key::FUNCTION, key::METHOD, key::ROUTE, key::STATUS, key::ERROR], REQUEST_S) "Requests answered";
    UpDownCounter IN_FLIGHT("http.server.active_requests", "{request}", &[key::FUNCTION]) "Requests in flight";
    UpDownCounter STREAMS("yemae.streams", "{stream}", &[]) "Open streams of seat maps";
    Gauge MEMORY("process.memory.usage", "By", &[]) "Resident memory of the process";
    Gauge UPTIME("process.uptime", "s", &[]) "How long the process has run";
    Gauge CPU("process.cpu.utilization", "1", &[]) "Cores that the process kept busy since the last look";

    // Passwords
    UpDownCounter HASHES_WAITING("yemae.passwords.waiting", "{password}", &[]) "Passwords in line to be hashed, and being hashed";
    Counter HASHES("yemae.passwords", "{password}", &[key::OUTCOME]) "Passwords hashed, or turned away because the line was full (busy)";

    // The queue
    Gauge QUEUE_ISSUED("yemae.queue.issued", "{number}", &[key::PERFORMANCE]) "The highest number issued";
    Gauge QUEUE_SERVING("yemae.queue.serving", "{number}", &[key::PERFORMANCE]) "The highest number called";
    Gauge QUEUE_CALLED("yemae.queue.called", "{person}", &[key::PERFORMANCE]) "Buyers who were called and have not come yet";
    Gauge QUEUE_ACTIVE("yemae.queue.active", "{person}", &[key::PERFORMANCE]) "Buyers inside";
    Gauge QUEUE_CAP("yemae.queue.cap", "{person}", &[key::PERFORMANCE]) "How many may be inside";
    Gauge QUEUE_CALLING("yemae.queue.calling", "{room}", &[key::PERFORMANCE]) "1 while the room may call buyers, 0 before the opening, in a pause and after the end";
    Gauge QUEUE_CLAIM_RATE("yemae.queue.claim_rate", "1", &[key::PERFORMANCE]) "The share of calls that buyers come for";
    Gauge QUEUE_LAPSED("yemae.queue.lapsed", "{person}", &[key::PERFORMANCE]) "Buyers who missed a call, were called once more, and have not come yet";
    Counter REBUILDS("yemae.queue.rebuilds", "{rebuild}", &[]) "Performances that were rebuilt because Redis had lost them";

    // Seats and bookings
    Gauge SEATS("yemae.seats", "{seat}", &[key::PERFORMANCE, key::SEAT_STATE]) "Seats by state, as the seat map has them";
    Counter HOLDS("yemae.holds", "{hold}", &[key::OUTCOME]) "Attempts to hold seats: held, or the code of the refusal";
    Counter HOLDS_EXPIRED("yemae.holds.expired", "{seat}", &[]) "Seats whose hold ran out, as looks at the map find them";
    Counter RESERVATIONS("yemae.reservations", "{booking}", &[key::OUTCOME]) "Attempts to book: reserved, or the code of the refusal";
    Counter BOOKINGS("yemae.bookings", "{booking}", &[key::BOOKING_STATE]) "Bookings that came to a state";
    Counter PAYMENTS("yemae.payments", "{payment}", &[key::OUTCOME]) "Payments: captured, declined, returned; and unknown, at the provider's first silence about one";
    Counter OVERSELLS("yemae.oversells", "{seat}", &[]) "Seats of a confirmed booking that are another booking's, too, or no booking's: must stay 0";

    // Background work
    Gauge OUTBOX_AGE("yemae.outbox.age", "s", &[]) "Age of the oldest event that waits for its delivery";
    Counter DELIVERIES("yemae.deliveries", "{event}", &[key::OUTCOME]) "Deliveries of events: delivered, waiting (tried again), unreadable";
    Counter SWEEPS("yemae.sweeps", "{sweep}", &[key::OUTCOME]) "Sweeps: done, or failed where something was left to the next";
    Gauge SWEEP_DELAY("yemae.sweep.delay", "s", &[]) "How long the oldest thing had been due when it was swept";

    // Stores and services
    Histogram STORE_CALLS("db.client.operation.duration", "s", &[key::STORE, key::OPERATION, key::ERROR], STORE_S) "Calls to Redis and DynamoDB, each with its retries";
    Counter THROTTLES("yemae.dynamodb.throttles", "{throttle}", &[key::OPERATION]) "Answers of DynamoDB that asked to slow down";
    Counter RETRIES("yemae.dynamodb.retries", "{retry}", &[key::OPERATION, key::ERROR]) "Calls to DynamoDB that were sent again";
    Histogram CALLS("http.client.request.duration", "s", &[key::SERVER, key::METHOD, key::STATUS, key::ERROR], REQUEST_S) "Calls to the payment provider and to relay";
}

/// Records from now on, with the global meter provider, which has to be set before.
pub fn collect() {
    instrument::collect();
    // They are rare, and an alert sees an increase only from a value that was there before.
    for counter in [&REBUILDS, &HOLDS_EXPIRED, &OVERSELLS] {
        counter.add(0, &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_what_is_counted_stands_in_the_unit() {
        let names: HashSet<_> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), ALL.len());
        for Definition { name, unit, .. } in ALL {
            let is_counted = unit.starts_with('{') && unit.ends_with('}');
            assert!(is_counted || ["s", "1", "By"].contains(unit), "{name}: {unit}");
        }
    }

    #[test]
    fn only_metrics_of_a_sale_name_a_performance() {
        for metric in ALL.iter().filter(|metric| metric.attributes.contains(&key::PERFORMANCE)) {
            assert!(
                metric.name.starts_with("yemae.queue.") || metric.name == "yemae.seats",
                "{}",
                metric.name
            );
        }
    }
}
