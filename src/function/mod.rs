//! (function)
