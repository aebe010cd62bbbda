//! One line about the machine that the figures come from.

use crate::Result;
use std::{fs, process::Command, thread};

/// Returns processor, cores and Redis version.
pub(crate) fn describe() -> Result<String> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo")?;
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let redis = Command::new("redis-server").arg("--version").output()?;
    let redis = String::from_utf8_lossy(&redis.stdout);
    let redis = redis.split_whitespace().find_map(|word| word.strip_prefix("v=")).unwrap_or("unknown");
    Ok(format!("{} × {model}, Redis {redis}, loopback.", thread::available_parallelism()?))
}
