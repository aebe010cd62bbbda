//! What a function is: all that a platform must know to build, start, reach and scale it. Each function declares it once,
//! and `infra/render` makes every platform's files from it.

use super::scale::{Cpu, Floor, Memory, Scale};

/// A function's declaration: everything about it except its routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the facts are independent of each other")]
pub struct Function {
    /// The name of its folder, crate, service and tag.
    pub name: &'static str,
    /// Whether it verifies tokens, and so needs the public keys.
    pub verifies: bool,
    /// Whether it signs tokens, and so needs the private key. Functions that do not sign never see that key.
    pub signs: bool,
    /// The stores that it uses.
    pub stores: Needed,
    /// Whether it calls the payment provider, and so needs a way out of the network.
    pub pays: bool,
    /// Whether it changes the books, and so wakes `relay`.
    pub wakes_relay: bool,
    /// Whether its answers are streams, which a front must not buffer.
    pub streams: bool,
    /// Where it is called from.
    pub reach: Reach,
    /// How long an answer may take, in seconds.
    pub deadline_s: u64,
    /// How many instances run, and how large they are.
    pub scale: Scale,
}

/// The stores that a function uses, and whether it can work without Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// No store.
    Nothing,
    /// `DynamoDB` alone; it never asks Redis.
    BooksAlone,
    /// `DynamoDB`, and Redis while it answers: requests are served without it.
    Books,
    /// `DynamoDB` and Redis; it cannot work without either.
    BooksAndRedis,
}

impl Needed {
    /// Whether the function ever asks Redis.
    #[must_use]
    pub const fn asks_redis(self) -> bool {
        matches!(self, Self::Books | Self::BooksAndRedis)
    }
}

/// Where a function is called from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By clients, through a front.
    Public,
    /// From inside the cluster only: no front has a route to it.
    Inside,
    /// From inside only, and by a timer every minute.
    EveryMinute,
}

impl Function {
    /// A public function of plain size that needs no keys, can do without Redis and answers within 10 s.
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

    /// It uses no store. Serve it with [`Function::service_without_stores`].
    #[must_use]
    pub const fn without_stores(self) -> Self {
        Self { stores: Needed::Nothing, ..self }
    }

    /// It never asks Redis. Only a function that just reads can do so: requests that change something are counted there.
    #[must_use]
    pub const fn without_redis(self) -> Self {
        Self { stores: Needed::BooksAlone, ..self }
    }

    /// It cannot work without Redis.
    #[must_use]
    pub const fn needs_redis(self) -> Self {
        Self { stores: Needed::BooksAndRedis, ..self }
    }

    /// It calls the payment provider.
    #[must_use]
    pub const fn pays(self) -> Self {
        Self { pays: true, ..self }
    }

    /// It changes the books, and so wakes `relay`.
    #[must_use]
    pub const fn wakes_relay(self) -> Self {
        Self { wakes_relay: true, ..self }
    }

    /// Its answers are streams.
    #[must_use]
    pub const fn streams(self) -> Self {
        Self { streams: true, ..self }
    }

    /// It is called from inside the cluster only.
    #[must_use]
    pub const fn inside(self) -> Self {
        Self { reach: Reach::Inside, ..self }
    }

    /// It is called from inside the cluster only, and by a timer every minute.
    #[must_use]
    pub const fn every_minute(self) -> Self {
        Self { reach: Reach::EveryMinute, ..self }
    }

    /// The longest that an answer may take, in seconds.
    #[must_use]
    pub const fn deadline_s(self, deadline_s: u64) -> Self {
        Self { deadline_s, ..self }
    }

    /// On Knative, the requests in flight that one instance should have. Knative starts another at 70 % of that.
    #[must_use]
    pub const fn in_flight(self, in_flight: u32) -> Self {
        Self { scale: Scale { in_flight, ..self.scale }, ..self }
    }

    /// On Knative, the most instances.
    #[must_use]
    pub const fn instances_max(self, instances_max: u32) -> Self {
        Self { scale: Scale { instances_max, ..self.scale }, ..self }
    }

    /// On Knative, a burst is held until an instance has started, and is then spread over all instances.
    #[must_use]
    pub const fn spread(self) -> Self {
        Self { scale: Scale { spread: true, ..self.scale }, ..self }
    }

    /// On Knative, how long the last instance stays when no request is in flight, in seconds.
    #[must_use]
    pub const fn kept_idle_s(self, seconds: u32) -> Self {
        Self { scale: Scale { kept_idle_s: Some(seconds), ..self.scale }, ..self }
    }

    /// With Knative's HPA extension, CPU scales it. The target is a percentage of the CPU that it requests.
    #[must_use]
    pub const fn scaled_by_cpu_percent(self, percent: u32) -> Self {
        Self { scale: Scale { cpu_percent: Some(percent), ..self.scale }, ..self }
    }

    /// On plain Kubernetes, the fewest and the most replicas.
    #[must_use]
    pub const fn replicas(self, min: u32, max: u32) -> Self {
        Self { scale: Scale { replicas_min: min, replicas_max: max, ..self.scale }, ..self }
    }

    /// On Lambda, the requests that it handles at a time; this concurrency is reserved for it.
    #[must_use]
    pub const fn at_once_max(self, requests: u32) -> Self {
        Self { scale: Scale { at_once_max: Some(requests), ..self.scale }, ..self }
    }

    /// It hashes passwords. Each hash takes a whole core and 19 MiB while it runs.
    #[must_use]
    pub const fn hashes_passwords(self) -> Self {
        let scale = Scale {
            // Two requests hash while two more ask the stores. Further ones wait in the function's own line, which knows
            // its pace and turns the newest away. A hard limit would make them wait before that line instead.
            in_flight: 4,
            // Without this the first instance would turn a burst away.
            spread: true,
            cpu: Cpu { requested_m: 250, aim_m: 1_000 },
            // The memory of hashes stays resident (docs/PERFORMANCE.md). On Lambda 1,769 MB come with a whole core.
            memory: Memory { requested_mb: 64, replica_max_mb: 160, lambda_mb: 1_769 },
            ..self.scale
        };
        Self { scale, ..self }
    }

    /// The memory of an instance.
    #[must_use]
    pub const fn memory(self, memory: Memory) -> Self {
        Self { scale: Scale { memory, ..self.scale }, ..self }
    }

    /// It is awake when a big sale opens, and draining a node evicts one instance of it at a time.
    #[must_use]
    pub const fn on_sale(self, floor: Floor) -> Self {
        Self { scale: Scale { on_sale: Some(floor), ..self.scale }, ..self }
    }
}
