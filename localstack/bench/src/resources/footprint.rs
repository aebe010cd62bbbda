//! What a process takes: memory, threads, connections and file descriptors.

use crate::{Result, server::Server};
use std::fs;

/// One look at a process.
#[derive(Debug)]
pub(crate) struct Footprint {
    pub(crate) resident_mb: f64,
    pub(crate) private_mb: f64,
    pub(crate) threads: usize,
    /// Sockets, the one that it listens on included.
    pub(crate) sockets: usize,
    /// Open files of any kind, sockets included.
    pub(crate) descriptors: usize,
}

impl Footprint {
    pub(crate) fn of(server: &Server) -> Result<Self> {
        let (resident_kib, private_kib) = server.memory_kib()?;
        let place = |what: &str| fs::read_dir(format!("/proc/{}/{what}", server.id()));
        let open: Vec<_> = place("fd")?.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()).collect();
        Ok(Self {
            resident_mb: resident_kib * 1.024e-3,
            private_mb: private_kib * 1.024e-3,
            threads: place("task")?.count(),
            sockets: open.iter().filter(|file| file.to_string_lossy().starts_with("socket:")).count(),
            descriptors: open.len(),
        })
    }
}
