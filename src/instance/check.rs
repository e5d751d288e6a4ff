//! What one instance says about a claim.

use super::world::World;

/// The answer of one instance.
#[derive(Clone, Debug)]
pub(super) enum Check {
    /// The claim holds there; `exact` when no ball was needed.
    Holds {
        /// Were all comparisons exact?
        exact: bool,
    },
    /// The claim fails there.
    Fails(Fails),
    /// The instance says nothing, because of this.
    Skip(String),
}

/// How a claim fails.
#[derive(Clone, Debug, Default)]
pub(super) struct Fails {
    /// The left side.
    pub left: String,
    /// The right side.
    pub right: String,
    /// In words.
    pub reason: String,
    /// Was the difference exact, rather than of balls?
    pub exact: bool,
    /// The instance with other values than it was given: solutions of equations.
    pub world: Option<Box<World>>,
}
