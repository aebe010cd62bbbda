//! How many instances of a function there are and how large they are, on each platform that counts them.

/// How a function is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Knative: requests in flight that are right for an instance.
    pub in_flight: u32,
    /// Knative: the most instances.
    pub instances_max: u32,
    /// Knative: whether requests always go through the activator, which spreads a burst over all instances.
    pub spread: bool,
    /// Knative: how long the last instance is kept when no request is in flight, seconds.
    pub kept_idle_s: Option<u32>,
    /// Knative with its HPA extension: CPU scales it, percent of what it requests.
    pub cpu_percent: Option<u32>,
    /// Plain Kubernetes: the least replicas.
    pub replicas_min: u32,
    /// Plain Kubernetes: the most replicas.
    pub replicas_max: u32,
    /// Lambda: requests at a time that are kept for it. Without, it shares what an account has left for all.
    pub at_once_max: Option<u32>,
    /// CPU of an instance.
    pub cpu: Cpu,
    /// Memory of an instance.
    pub memory: Memory,
    /// Knative: what wakes it before a big sale.
    pub on_sale: Option<Floor>,
}

impl Scale {
    /// A function with a few requests at a time.
    pub(crate) const PLAIN: Self = Self {
        // Of 15 to 120 µs of CPU each, so what is in flight waits for a store (docs/PERFORMANCE.md).
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

/// CPU of an instance on plain Kubernetes, thousandths of a core. An instance has one thread, so never more than a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cpu {
    /// What is kept for it.
    pub requested_m: u32,
    /// What its autoscaler aims at.
    pub aim_m: u32,
}

impl Cpu {
    /// Little is used at rest, and a burst finds half of the core free.
    pub const PLAIN: Self = Self { requested_m: 50, aim_m: 500 };
}

/// Memory of an instance, MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Knative: what is kept for it.
    pub requested_mb: u32,
    /// Plain Kubernetes: where it is killed.
    pub replica_max_mb: u32,
    /// Lambda, which gives a share of a core with it: a whole one at 1,769.
    pub lambda_mb: u32,
}

impl Memory {
    /// 7 MB are resident after a start; layouts and tokens are remembered on top.
    pub const PLAIN: Self = Self { requested_mb: 32, replica_max_mb: 96, lambda_mb: 256 };
}

/// What a function is raised to before a big sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    /// Instances that are awake.
    pub instances: u32,
    /// Whether its load comes in waves: it is judged over two minutes, and what was started is kept for five more.
    pub waves: bool,
}

impl Floor {
    /// So many instances are awake.
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
