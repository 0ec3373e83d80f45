//! What benches share: measures of a process.

use std::fs;

pub mod sets;

/// What this process has used of a processor in seconds, all its threads together; 0 where the system does not tell.
pub fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: f64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    // The same to the nanosecond, but of the threads that still run alone.
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds: f64 = threads
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|times| times.split_whitespace().next()?.parse::<f64>().ok())
        .sum();
    (nanoseconds / 1e9).max(ticks / 100.0 - 0.02)
}

/// The most memory that this process has held in MB; 0 where the system does not tell.
pub fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
        .map_or(0.0, |kilobytes| kilobytes / 1024.0)
}

/// The most memory in use while `work` runs beyond what was in use before, in kilobytes, where the system tells and lets
/// its mark be set back.
pub fn peak_kilobytes(work: impl FnOnce()) -> Option<u64> {
    let read = |name| -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = read("VmRSS:")?;
    work();
    Some(read("VmHWM:")?.saturating_sub(before))
}
