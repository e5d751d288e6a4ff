//! Every true step of the library with one small slip in it: no mutant is proved, and nearly all of them are refuted.

mod mutators;
mod reading;
