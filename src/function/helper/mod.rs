//! Bodies of special functions in the language of [`program`](crate::program): the one place from which every target
//! language gets what it lacks.

/// A function as a body of floats.
#[derive(Debug)]
pub struct Helper {
    /// The name by which bodies call it; that of the row it computes, where it computes one.
    pub name: &'static str,
    /// The names of its arguments.
    pub parameters: &'static [&'static str],
    /// The rows whose values it returns, in order: one, or several that share their work (`digamma` and `trigamma`).
    /// Empty for a helper of helpers.
    pub gives: &'static [&'static str],
    /// What it computes and how, in one or two sentences for its documentation in the generated code.
    pub summary: &'static str,
    /// The body, in the language of `program`.
    pub text: &'static str,
    /// Where its method can be looked up.
    pub source: &'static str,
}

/// All helpers.
pub fn helpers() -> impl Iterator<Item = &'static Helper> {
    GROUPS.iter().flat_map(|group| group.iter())
}

/// The helper of that name.
pub fn helper(name: &str) -> Option<&'static Helper> {
    helpers().find(|h| h.name == name)
}

/// The groups of the table.
static GROUPS: [&[Helper]; 0] = [];
