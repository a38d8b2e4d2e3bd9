//! Positions and policies to outcomes.
