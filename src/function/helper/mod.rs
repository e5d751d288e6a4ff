//! Bodies of special functions in the language of [`program`](crate::program): the one place from which every target
//! language gets what it lacks.

use std::sync::{LazyLock, OnceLock};

use crate::program::{Body, ELEMENTARY, Endless, read, run_within};

mod bessel;
mod difference;
mod divergence;
mod elementary;
mod gamma;
mod polygamma;
#[cfg(test)]
mod tests;
mod tilted;

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
#[rustfmt::skip]
static GROUPS: [&[Helper]; 7] = [
    elementary::HELPERS, gamma::HELPERS, polygamma::HELPERS, difference::HELPERS, bessel::HELPERS, divergence::HELPERS,
    tilted::HELPERS,
];

/// Helpers of a difference f(a) − f(a + b) that know the value of f(a + b).
pub struct Given {
    /// The row of the difference.
    pub difference: &'static str,
    /// The function f.
    pub of: &'static str,
    /// The helper that takes a, b and f(a + b).
    pub helper: &'static str,
}

/// The differences that may be given a value that is there.
pub static GIVEN: &[Given] =
    &[Given { difference: "trigamma_difference", of: "trigamma", helper: "trigamma_difference_given" }];

/// Helpers that are as good as others where an argument is rounded, and shorter: the other one and this one.
pub static ROUNDED: &[(&str, &str)] = &[("kl_term", "kl_term_rounded")];

/// The bodies, each read when it is first asked for.
static BODIES: LazyLock<Vec<OnceLock<Body>>> = LazyLock::new(|| helpers().map(|_| OnceLock::new()).collect());

impl Helper {
    /// What it does.
    ///
    /// # Panics
    ///
    /// Where the text is no body.
    pub fn body(&self) -> &'static Body {
        let place = helpers().position(|h| h.name == self.name).expect("a helper of the table");
        BODIES[place].get_or_init(|| {
            read(self.text, self.parameters).unwrap_or_else(|error| panic!("helper {}: {error}", self.name))
        })
    }

    /// Its results in floats; helpers it calls are evaluated likewise.
    ///
    /// # Panics
    ///
    /// Where a loop does not end or a function is called that does not exist.
    pub fn evaluate(&self, arguments: &[f64]) -> Vec<f64> {
        run_within(self.body(), self.parameters, arguments, &evaluate)
            .unwrap_or_else(|Endless| panic!("a loop of {} does not end for {arguments:?}", self.name))
    }
}

/// The results in floats of the helper of that name.
///
/// # Panics
///
/// Where no helper has that name.
pub fn evaluate(name: &str, arguments: &[f64]) -> Vec<f64> {
    helper(name).unwrap_or_else(|| panic!("a helper is called {name}")).evaluate(arguments)
}

/// The value of a row by the helper of its name.
pub(super) fn value(name: &str, arguments: &[f64]) -> f64 {
    evaluate(name, arguments)[0]
}

/// The helpers of these names and those they call, callees first, for a language that has the functions of which `knows` is
/// true. Elementary functions need none.
///
/// # Panics
///
/// Where a name that the language does not know is neither elementary nor a helper's.
pub fn needs<'n>(
    names: impl IntoIterator<Item = &'n str>,
    knows: &dyn Fn(&str) -> bool,
) -> Vec<&'static Helper> {
    let mut found = Vec::new();
    for name in names {
        collect(name, knows, &mut found);
    }
    found
}

fn collect(name: &str, knows: &dyn Fn(&str) -> bool, found: &mut Vec<&'static Helper>) {
    let is_there = found.iter().any(|helper| helper.name == name);
    if is_there || knows(name) || ELEMENTARY.iter().any(|(elementary, _)| *elementary == name) {
        return;
    }
    let helper = helper(name).unwrap_or_else(|| panic!("a helper is called {name}"));
    for callee in helper.body().calls() {
        collect(callee, knows, found);
    }
    found.push(helper);
}
