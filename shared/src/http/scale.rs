//! How many instances of a function run and how large they are, on each platform.

/// How a function scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Knative: the requests in flight that one instance should have.
    pub in_flight: u32,
    /// Knative: the most instances.
    pub instances_max: u32,
    /// Knative: whether requests always go through the activator, which spreads a burst over all instances.
    pub spread: bool,
    /// Knative: how long the last instance stays when no request is in flight, in seconds.
    pub kept_idle_s: Option<u32>,
    /// Knative with its HPA extension: the target for CPU, in percent of what the function requests.
    pub cpu_percent: Option<u32>,
    /// Plain Kubernetes: the fewest replicas.
    pub replicas_min: u32,
    /// Plain Kubernetes: the most replicas.
    pub replicas_max: u32,
    /// Lambda: the reserved concurrency. Without it, the function shares what the account has left.
    pub at_once_max: Option<u32>,
    /// The CPU of an instance.
    pub cpu: Cpu,
    /// The memory of an instance.
    pub memory: Memory,
    /// Knative: the instances that are awake before a big sale.
    pub on_sale: Option<Floor>,
}

impl Scale {
    /// For a function that has a few requests at a time.
    pub(crate) const PLAIN: Self = Self {
        // Each takes 15 to 120 µs of CPU (docs/PERFORMANCE.md): most requests in flight are waiting for a store.
        in_flight: 50,
        instances_max: 4,
        spread: false,
        kept_idle_s: None,
        cpu_percent: None,
        // Two, so that a lost node or a rollout never takes all of them.
        replicas_min: 2,
        replicas_max: 4,
        at_once_max: None,
        cpu: Cpu::PLAIN,
        memory: Memory::PLAIN,
        on_sale: None,
    };
}

/// The CPU of an instance on plain Kubernetes, in thousandths of a core. An instance has one thread, so it uses one core at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cpu {
    /// What Kubernetes sets aside for an instance.
    pub requested_m: u32,
    /// The use that the autoscaler aims at.
    pub aim_m: u32,
}

impl Cpu {
    /// An idle instance uses little, and a burst finds half of the core free.
    pub const PLAIN: Self = Self { requested_m: 50, aim_m: 500 };
}

/// The memory of an instance, in MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Knative: the request.
    pub requested_mb: u32,
    /// Plain Kubernetes: the limit, beyond which it is killed.
    pub replica_max_mb: u32,
    /// Lambda: the setting. A share of a core comes with it, a whole one at 1,769.
    pub lambda_mb: u32,
}

impl Memory {
    /// 7 MB are resident after a start; cached layouts and tokens come on top.
    pub const PLAIN: Self = Self { requested_mb: 32, replica_max_mb: 96, lambda_mb: 256 };
}

/// The floor of a function's instances around a big sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    /// The instances that stay awake.
    pub instances: u32,
    /// Whether its load comes in waves: Knative then averages it over two minutes and keeps instances for five more.
    pub waves: bool,
}

impl Floor {
    /// A floor of this many instances.
    #[must_use]
    pub const fn of(instances: u32) -> Self {
        Self { instances, waves: false }
    }

    /// Its load comes in waves.
    #[must_use]
    pub const fn in_waves(self) -> Self {
        Self { waves: true, ..self }
    }
}
