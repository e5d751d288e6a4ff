//! (integrate)
