//! Medians: the machines are noisy.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one call takes; what it returns is dropped after the clock has stopped.
pub fn time<T>(call: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = black_box(call());
    let took = start.elapsed();
    drop(result);
    took
}

pub fn median(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    let mut took: Vec<Duration> = (0..runs).map(|_| run()).collect();
    took.sort_unstable();
    took.get(took.len() / 2).copied().unwrap_or_default()
}

pub fn micros(took: Duration) -> f64 {
    took.as_secs_f64() * 1e6
}
