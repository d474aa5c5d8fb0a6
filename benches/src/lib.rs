//! Holds the benchmarks.
