//! What the looks prove, case by case.
