//! Horner's form → a call with its coefficients: `1/3 + w*(1/5 + w*(1/7 + …))` as `_polynomial(w, …, 1/7, 1/5, 1/3)`.
//!
//! The same operations on the same floats, so that every bit of the value stays; but no array lives longer than the next
//! step needs it, so that more of them stay in the cache.

use super::arrays::{Region, Step};
use crate::program::{CONSTANTS, Operator, Term};

/// The name of the function.
pub(super) const POLYNOMIAL: &str = "polynomial";

/// Polynomials with fewer coefficients stay formulas.
const FEWEST: usize = 5;

/// Every polynomial in the values of the steps as a call.
pub(super) fn in_steps(steps: &mut [Step]) {
    for step in steps {
        match step {
            Step::Set { value, .. } | Step::SetMany { value, .. } => in_term(value),
            Step::If { branches, .. } => branches.iter_mut().for_each(|branch| in_steps(branch)),
            Step::While { body, .. } => in_steps(body),
            Step::Within { region, .. } | Step::Repeat { region, .. } => in_region(region),
            Step::Comment(_) | Step::Fill { .. } | Step::Overwrite { .. } | Step::Decide { .. } => {}
        }
    }
}

fn in_region(region: &mut Region) {
    in_steps(&mut region.steps);
    region.scattered.iter_mut().for_each(|(_, value)| in_term(value));
}

/// Every polynomial in the term as a call.
pub(super) fn in_term(term: &mut Term) {
    if let Some((name, mut coefficients)) = horner(term)
        && coefficients.len() >= FEWEST
    {
        coefficients.push(Term::Name(name));
        coefficients.reverse();
        *term = Term::Call(POLYNOMIAL.to_owned(), coefficients);
        return;
    }
    match term {
        Term::Number(_) | Term::Name(_) => {}
        Term::Negative(a) => in_term(a),
        Term::Binary(_, a, b) => {
            in_term(a);
            in_term(b);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(in_term),
    }
}

/// The variable and the coefficients, the constant one first, of c₀ ± x·(c₁ ± x·(…)), turned around or not.
fn horner(term: &Term) -> Option<(String, Vec<Term>)> {
    let Term::Binary(operator @ (Operator::Add | Operator::Subtract), a, b) = term else { return None };
    let (constant, product, constant_first) = match (is_constant(a), is_constant(b)) {
        (true, false) => (a, b, true),
        (false, true) => (b, a, false),
        _ => return None,
    };
    let Term::Binary(Operator::Multiply, left, right) = &**product else { return None };
    let (name, factor) = match (&**left, &**right) {
        (Term::Name(name), factor) | (factor, Term::Name(name)) => (name, factor),
        _ => return None,
    };
    if CONSTANTS.contains(&name.as_str()) {
        return None;
    }
    let mut rest = match horner(factor) {
        Some((other, coefficients)) if other == *name => coefficients,
        None if is_constant(factor) => vec![factor.clone()],
        _ => return None,
    };
    let mut constant = (**constant).clone();
    match (operator, constant_first) {
        (Operator::Subtract, true) => rest.iter_mut().for_each(|c| *c = negative(c)),
        (Operator::Subtract, false) => constant = negative(&constant),
        _ => {}
    }
    rest.insert(0, constant);
    Some((name.clone(), rest))
}

/// A literal, a quotient of two, or the opposite of one.
fn is_constant(term: &Term) -> bool {
    match term {
        Term::Number(_) => true,
        Term::Negative(a) => is_constant(a),
        Term::Binary(Operator::Divide, a, b) => is_constant(a) && is_constant(b),
        _ => false,
    }
}

fn negative(term: &Term) -> Term {
    match term {
        Term::Negative(a) => (**a).clone(),
        other => Term::Negative(Box::new(other.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::Options;
    use crate::emit::print::Printer;
    use crate::program::read;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut term = read(&format!("return {text}"), &["x", "y"]).expect("a body").results.remove(0);
        in_term(&mut term);
        let options = Options::default();
        assert_eq!(Printer::new(&super::super::Python, &options, "").term(&term), expected);
    }

    #[test]
    fn horners_form_is_a_call() {
        check("1 + x*(2 + x*(3 + x*(4 + x*5)))", "_polynomial(x, 5.0, 4.0, 3.0, 2.0, 1.0)");
        check("x*(1 + x*(2 + (3 + (4 + 5*x)*x)*x))", "x * _polynomial(x, 5.0, 4.0, 3.0, 2.0, 1.0)");
        check("1/2 - x*(2 - x*(x*(4 - x*5) - 3))", "_polynomial(x, -5.0, 4.0, -3.0, -2.0, 1.0 / 2.0)");
    }

    #[test]
    fn a_short_polynomial_and_one_of_two_variables_stay() {
        check("1 + x*(2 + x*(3 + x*4))", "1.0 + x * (2.0 + x * (3.0 + x * 4.0))");
        check("1 + y*(2 + x*(3 + x*(4 + x*5)))", "1.0 + y * (2.0 + x * (3.0 + x * (4.0 + x * 5.0)))");
    }
}
