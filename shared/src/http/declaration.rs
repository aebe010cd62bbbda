//! What a function is: all that others must know to build, start, reach and scale it, declared once. `infra/render` makes
//! the files of every platform from it.

use super::scale::{Cpu, Floor, Memory, Scale};

/// What a function is, beside its routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and none excludes another")]
pub struct Function {
    /// Its folder, crate, service and tag.
    pub name: &'static str,
    /// Whether it verifies tokens: the public keys must be set.
    pub verifies: bool,
    /// Whether it signs tokens: the private key must be set, and no other function sees it.
    pub signs: bool,
    /// Which stores it cannot work without.
    pub stores: Needed,
    /// Whether it asks the payment provider, and so needs a way out of the network.
    pub pays: bool,
    /// Whether it changes the books, and so wakes `relay`.
    pub wakes_relay: bool,
    /// Whether its answers are streams, which a front passes on as they come.
    pub streams: bool,
    /// Who reaches it.
    pub reach: Reach,
    /// How long an answer may take, seconds.
    pub deadline_s: u64,
    /// How many instances of it there are, and how large they are.
    pub scale: Scale,
}

/// Stores that a function cannot work without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// None: it knows no store at all.
    Nothing,
    /// `DynamoDB`, and it never asks Redis.
    BooksAlone,
    /// `DynamoDB`; what Redis adds may be away for a while.
    Books,
    /// Both.
    BooksAndRedis,
}

impl Needed {
    /// Whether Redis is asked at all.
    #[must_use]
    pub const fn asks_redis(self) -> bool {
        matches!(self, Self::Books | Self::BooksAndRedis)
    }
}

/// Who reaches a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Clients, through a front.
    Public,
    /// What runs beside it: no front knows it.
    Inside,
    /// The same, and a timer calls it every minute.
    EveryMinute,
}

impl Function {
    /// A public function that knows no keys, can do without Redis and answers within 10 s, at a plain size.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            verifies: false,
            signs: false,
            stores: Needed::Books,
            pays: false,
            wakes_relay: false,
            streams: false,
            reach: Reach::Public,
            deadline_s: 10,
            scale: Scale::PLAIN,
        }
    }

    /// It verifies tokens.
    #[must_use]
    pub const fn verifies(self) -> Self {
        Self { verifies: true, ..self }
    }

    /// It signs tokens.
    #[must_use]
    pub const fn signs(self) -> Self {
        Self { signs: true, ..self }
    }

    /// It has no store, and is to be served as such.
    #[must_use]
    pub const fn without_stores(self) -> Self {
        Self { stores: Needed::Nothing, ..self }
    }

    /// It never asks Redis: it only reads, and keeps nothing there.
    #[must_use]
    pub const fn without_redis(self) -> Self {
        Self { stores: Needed::BooksAlone, ..self }
    }

    /// It cannot work without Redis.
    #[must_use]
    pub const fn needs_redis(self) -> Self {
        Self { stores: Needed::BooksAndRedis, ..self }
    }

    /// It asks the payment provider.
    #[must_use]
    pub const fn pays(self) -> Self {
        Self { pays: true, ..self }
    }

    /// It changes the books and wakes `relay`.
    #[must_use]
    pub const fn wakes_relay(self) -> Self {
        Self { wakes_relay: true, ..self }
    }

    /// Its answers are streams.
    #[must_use]
    pub const fn streams(self) -> Self {
        Self { streams: true, ..self }
    }

    /// No front knows it.
    #[must_use]
    pub const fn inside(self) -> Self {
        Self { reach: Reach::Inside, ..self }
    }

    /// No front knows it, and a timer calls it every minute.
    #[must_use]
    pub const fn every_minute(self) -> Self {
        Self { reach: Reach::EveryMinute, ..self }
    }

    /// It may take longer.
    #[must_use]
    pub const fn deadline_s(self, deadline_s: u64) -> Self {
        Self { deadline_s, ..self }
    }

    /// Requests in flight that are right for an instance on Knative: it starts more at 70 % of that.
    #[must_use]
    pub const fn in_flight(self, in_flight: u32) -> Self {
        Self { scale: Scale { in_flight, ..self.scale }, ..self }
    }

    /// The most instances on Knative.
    #[must_use]
    pub const fn instances_max(self, instances_max: u32) -> Self {
        Self { scale: Scale { instances_max, ..self.scale }, ..self }
    }

    /// A burst on Knative is held until an instance has started, and is spread over all of them.
    #[must_use]
    pub const fn spread(self) -> Self {
        Self { scale: Scale { spread: true, ..self.scale }, ..self }
    }

    /// How long the last instance on Knative is kept when no request is in flight, seconds.
    #[must_use]
    pub const fn kept_idle_s(self, seconds: u32) -> Self {
        Self { scale: Scale { kept_idle_s: Some(seconds), ..self.scale }, ..self }
    }

    /// With Knative's HPA extension CPU scales it: percent of what it requests.
    #[must_use]
    pub const fn scaled_by_cpu_percent(self, percent: u32) -> Self {
        Self { scale: Scale { cpu_percent: Some(percent), ..self.scale }, ..self }
    }

    /// The least and the most replicas on plain Kubernetes.
    #[must_use]
    pub const fn replicas(self, min: u32, max: u32) -> Self {
        Self { scale: Scale { replicas_min: min, replicas_max: max, ..self.scale }, ..self }
    }

    /// Requests at a time on Lambda, which are then kept for it.
    #[must_use]
    pub const fn at_once_max(self, requests: u32) -> Self {
        Self { scale: Scale { at_once_max: Some(requests), ..self.scale }, ..self }
    }

    /// It hashes passwords, each at a core and 19 MiB.
    #[must_use]
    pub const fn hashes_passwords(self) -> Self {
        let scale = Scale {
            // Two hash at once while two more ask the stores. What comes beyond that waits in the function's own line,
            // which knows its pace and turns the newest away: no hard limit, or it would wait before that line.
            in_flight: 4,
            // A burst is held while the first instance starts, or that one would turn it away.
            spread: true,
            cpu: Cpu { requested_m: 250, aim_m: 1_000 },
            // What it hashes in stays resident (docs/PERFORMANCE.md). On Lambda a whole core comes with that.
            memory: Memory { requested_mb: 64, replica_max_mb: 160, lambda_mb: 1_769 },
            ..self.scale
        };
        Self { scale, ..self }
    }

    /// Memory of an instance.
    #[must_use]
    pub const fn memory(self, memory: Memory) -> Self {
        Self { scale: Scale { memory, ..self.scale }, ..self }
    }

    /// It is awake when a big sale opens, and a drained machine takes one instance of it at a time.
    #[must_use]
    pub const fn on_sale(self, floor: Floor) -> Self {
        Self { scale: Scale { on_sale: Some(floor), ..self.scale }, ..self }
    }
}
