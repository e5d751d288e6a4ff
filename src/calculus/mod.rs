//! (calculus)
