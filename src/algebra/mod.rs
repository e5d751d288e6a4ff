//! (algebra)
