//! Concrete functions in the place of abstract ones.
//!
//! `L(θ)` becomes `a^4 + a^2*b + a + b` in the coordinates of θ: cross terms, third and fourth derivatives, and at
//! (1/5, 3/10) a gradient of rational length 194/125 beside an indefinite Hessian.

use super::failure::Failure;
use super::formula::Formula;
use super::jet::{Jet, Ring};

/// The coordinates in the rows below.
const COORDINATES: [&str; 3] = ["a", "b", "c"];

/// Scalar functions of one, two and three coordinates.
#[rustfmt::skip]
static ROWS: [&[&str]; 3] = [
    &["a^4 + a^2 + a", "a^3 - 2*a^2 + 3*a + 1", "2*a^4 - a^3 - a", "a^3 + 2*a"],
    // At (1/5, 3/10) the first has the gradient (144/125, 26/25) of length 194/125, at (1, 2) the second has (4, −3).
    &["a^4 + a^2*b + a + b", "a^4 + a^2*b - a*b^2", "a*b^3 + a^2 - 2*b", "a^3 - a*b^2 + b + 2"],
    &["a^4 + a^2*b + b*c^2 + a + b - c", "a^3 + a*b*c - c^2 + 2*b", "b^4 - a*c^2 + a*b + c", "a^2*c - b^3 + 2*a - b + c"],
];

/// A concrete function: one formula for each entry of its value.
#[derive(Debug)]
pub(super) struct Function {
    formulas: Vec<Formula>,
    coordinates: usize,
}

impl Function {
    /// A function of so many coordinates with so many values; different numbers give different functions.
    pub(super) fn new(coordinates: usize, values: usize, number: usize) -> Function {
        let names: Vec<String> = match coordinates {
            0..=3 => COORDINATES[..coordinates].iter().map(|name| (*name).to_owned()).collect(),
            _ => (1..=coordinates).map(|i| format!("a_{i}")).collect(),
        };
        let formulas = (0..values).map(|k| Formula::new(&text(coordinates, number + k), &names)).collect();
        Function { formulas, coordinates }
    }

    /// A function with given formulas in `a`, `b`, `c`; at most three coordinates.
    pub(super) fn from_texts(texts: &[&str], coordinates: usize) -> Option<Function> {
        let names: Vec<String> =
            COORDINATES.get(..coordinates)?.iter().map(|name| (*name).to_owned()).collect();
        let formulas = texts.iter().map(|text| Formula::new(text, &names)).collect();
        Some(Function { formulas, coordinates })
    }

    /// How many entries the value has.
    pub(super) fn values(&self) -> usize {
        self.formulas.len()
    }

    /// The entries of the value.
    pub(super) fn eval(&self, arguments: &[Jet], ring: &Ring) -> Result<Vec<Jet>, Failure> {
        if arguments.len() != self.coordinates {
            return Err(Failure::unknown("a function at arguments of another dimension"));
        }
        self.formulas.iter().map(|formula| formula.eval(arguments, ring)).collect()
    }

    /// The formula, in the names of the coordinates.
    pub(super) fn text(&self, names: &[String]) -> String {
        let parts: Vec<String> = self.formulas.iter().map(|formula| named(&formula.text, names)).collect();
        if parts.len() == 1 { parts[0].clone() } else { format!("({})", parts.join(", ")) }
    }
}

/// The text of a row; for more than three coordinates a cubic with a quartic term, made up.
fn text(coordinates: usize, number: usize) -> String {
    match coordinates {
        0 => (number + 2).to_string(),
        1..=3 => {
            let rows = ROWS[coordinates - 1];
            let (row, round) = (rows[number % rows.len()], number / rows.len());
            if round == 0 { row.to_owned() } else { format!("{row} + {}*a", round + 1) }
        }
        _ => {
            let term = |i: usize| {
                let (next, factor) = (i % coordinates + 1, (i + number) % 3 + 1);
                format!("{factor}*a_{i}^2*a_{next} - {}*a_{i}", (i * 2 + number) % 5 + 1)
            };
            let terms: Vec<String> = (1..=coordinates).map(term).collect();
            format!("a_1^4 + {}", terms.join(" + "))
        }
    }
}

/// The formula with its coordinates `a`, `b`, `a_4` replaced by names.
fn named(formula: &str, names: &[String]) -> String {
    let mut text = String::new();
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length.max(first.len_utf8()));
        let position = match word.strip_prefix("a_") {
            Some(number) => number.parse::<usize>().ok().map(|i| i - 1),
            None => COORDINATES.iter().position(|name| *name == word),
        };
        text.push_str(position.and_then(|i| names.get(i)).map_or(word, String::as_str));
        rest = after;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coordinates_take_the_names_of_the_arguments() {
        let names = ["theta_1".to_owned(), "theta_2".to_owned()];
        assert_eq!(Function::new(2, 1, 1).text(&names), "theta_1^4 + theta_1^2*theta_2 - theta_1*theta_2^2");
        for coordinates in 0..10 {
            let names: Vec<String> = (1..=coordinates).map(|i| format!("y_{i}")).collect();
            let text = Function::new(coordinates, 1, 3).text(&names);
            assert_eq!(text.contains("y_"), coordinates > 0, "{text}");
        }
    }
}
