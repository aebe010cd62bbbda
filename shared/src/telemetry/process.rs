//! What the process itself is asked for when metrics are collected: its memory, its age and the cores that it keeps busy.

use super::metrics::{CPU, MEMORY, UPTIME};
use std::{
    fs,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Linux counts the time of processes in hundredths of a second, for programs that read it, on every architecture.
const TICK: Duration = Duration::from_millis(10);

/// Shows them from now on, which is where a program begins.
pub(super) fn observe() {
    MEMORY.observe(resident_bytes);
    let begun = Instant::now();
    UPTIME.observe(move || Some(begun.elapsed().as_secs_f64()));
    let last = Mutex::new((cpu_time().unwrap_or_default(), Instant::now()));
    CPU.observe(move || {
        let (spent, now) = (cpu_time()?, Instant::now());
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        let (spent_before, before) = std::mem::replace(&mut *last, (spent, now));
        let took = now.duration_since(before).as_secs_f64();
        (took > 0.0).then(|| spent.saturating_sub(spent_before).as_secs_f64() / took)
    });
}

fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = resident.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024.0)
}

/// The time that all threads have spent on a processor.
fn cpu_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // After the name, which may contain spaces, the times in user and in kernel mode are the 12th and 13th fields.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u32>);
    Some(TICK * (ticks.next()?.ok()? + ticks.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_has_memory_and_spends_time() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1e6));
        assert!(cpu_time().is_some());
    }
}
