//! (algebra)

pub mod fraction;
pub mod modular;
pub mod polynomial;
