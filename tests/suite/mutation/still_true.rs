//! Slips after which a step still holds, each read and argued: the only mutants that may be proved.

/// A reason, and the steps it is about: the file and the step as it stands after the slip.
pub type Argued = (&'static str, &'static [(&'static str, &'static str)]);

#[rustfmt::skip]
pub const STILL_TRUE: &[Argued] = &[
];
