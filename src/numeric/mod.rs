//! Small dense numerics in `f64`: matrices up to some 8×8, roots, constrained and plain descent.
//!
//! From `F = [4, 0; 0, 1]` and `g = (2, 1)` comes the steepest step within KL ≤ ε, `d = −√(2ε/(gᵀF⁻¹g)) F⁻¹g`, found
//! without inverting F: the independent check of the natural gradient. Everything takes closures and slices and
//! knows no expression; matrices are row-major slices whose order is given beside them.

pub mod descent;
pub mod matrix;
pub mod root;
pub mod steepest;
