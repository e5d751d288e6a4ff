//! Claims → verdicts: proved, supported, refuted, open, unread.
//!
//! `x/x = 1` is refuted at x = 0 and proved for x ≠ 0. A proof rests on the normal form and on conditions that the
//! declarations imply, and is confirmed by enclosures and residues that share no code with it; a refutation is one
//! exact point at which enclosures are disjoint, or exactly one side is undefined.

pub mod statistical;

mod cases;
mod domain;
mod evaluate;
mod induction;
mod inequality;
mod knowledge;
mod points;
mod prove;
mod refute;
mod residues;
mod sign;
mod special;
mod squares;
mod sturm;
mod text;
mod verdict;

pub use domain::{Atom, AtomKind, Bound, necessary};
pub use prove::prove;
pub use text::{Judgement, Misread, Part, Step, prove_text};
pub use verdict::{Attempts, Evidence, Misreading, Proof, Report, Requirement, Verdict, Witness};
