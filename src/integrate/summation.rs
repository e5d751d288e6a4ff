//! Sums over integers, from the mode outwards.
