//! The table of signals and classes, row by row.
