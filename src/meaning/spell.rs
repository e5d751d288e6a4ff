//! Trees as short text in the plain notation: names of iterates, and the readings of a diagnostic.
//!
//! The superscript of `theta^(k + 1)` is spelled `k+1`, so that the iterate has one name however it was typed.

use crate::syntax::{Binder, Extremum, Kind, Relation, Side, Sign, Tree};

/// Longer texts are cut.
const LIMIT: usize = 400;

/// The tree in the plain notation, without blanks around signs.
pub fn spell(tree: &Tree) -> String {
    let mut text = String::new();
    write(tree, 0, &mut text);
    if text.len() > LIMIT {
        let end = (0..=LIMIT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// How strongly the outermost operator of a tree holds: sums 0, products 1, powers 2, atoms 3.
fn strength(tree: &Tree) -> u8 {
    match &tree.kind {
        Kind::Sum(_) | Kind::Negate(_) => 0,
        Kind::Product(_) => 1,
        Kind::Power(..) => 2,
        Kind::Annotated(body, _) => strength(body),
        Kind::Ambiguous(readings) => readings.first().map_or(3, strength),
        _ => 3,
    }
}

fn list(trees: &[Tree], text: &mut String) {
    for (at, tree) in trees.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write(tree, 0, text);
    }
}

fn call(name: &str, trees: &[&Tree], text: &mut String) {
    text.push_str(name);
    text.push('(');
    for (at, tree) in trees.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write(tree, 0, text);
    }
    text.push(')');
}

fn write(tree: &Tree, least: u8, text: &mut String) {
    if text.len() > LIMIT {
        return;
    }
    if strength(tree) < least {
        text.push('(');
        write(tree, 0, text);
        text.push(')');
        return;
    }
    match &tree.kind {
        Kind::Number(q) => text.push_str(&q.to_string()),
        Kind::Name(name) => text.push_str(name),
        Kind::Call { name, arguments, .. } => call(name, &arguments.iter().collect::<Vec<_>>(), text),
        Kind::Sum(terms) => {
            for (at, (sign, term)) in terms.iter().enumerate() {
                match (at, sign) {
                    (0, Sign::Plus) => {}
                    (_, Sign::Plus) => text.push('+'),
                    (_, Sign::Minus) => text.push('-'),
                }
                write(term, 1, text);
            }
        }
        Kind::Product(factors) => {
            for (at, (side, factor)) in factors.iter().enumerate() {
                match (at, side) {
                    (0, _) => {}
                    (_, Side::Under) => text.push('/'),
                    _ => text.push('*'),
                }
                write(factor, 2, text);
            }
        }
        Kind::Negate(a) => {
            text.push('-');
            write(a, 1, text);
        }
        Kind::Power(a, b) => {
            write(a, 3, text);
            text.push('^');
            write(b, 3, text);
        }
        Kind::Superscript(a, b) => {
            write(a, 3, text);
            text.push_str("^(");
            write(b, 0, text);
            text.push(')');
        }
        Kind::Factorial(a) => {
            write(a, 3, text);
            text.push('!');
        }
        Kind::Transpose(a) => {
            write(a, 3, text);
            text.push('\'');
        }
        Kind::Absolute(a) => call("abs", &[a], text),
        // `theta_(k+1)` is a name; `v[i]` would be an entry.
        Kind::Index(a, indices) if matches!((&a.kind, &indices[..]), (Kind::Name(_), [_])) => {
            write(a, 3, text);
            text.push_str("_(");
            list(indices, text);
            text.push(')');
        }
        Kind::Index(a, indices) => {
            write(a, 3, text);
            text.push('[');
            list(indices, text);
            text.push(']');
        }
        Kind::Conditional { name, outcome, given, .. } => {
            text.push_str(name);
            text.push('(');
            list(outcome, text);
            text.push_str(" | ");
            list(given, text);
            text.push(')');
        }
        Kind::Primed { name, primes, arguments, .. } => {
            let name = format!("{name}{}", "'".repeat((*primes).min(9) as usize));
            call(&name, &arguments.iter().collect::<Vec<_>>(), text);
        }
        Kind::Accent(mark, a) => match &a.kind {
            Kind::Name(name) => text.push_str(&format!("{mark}_{name}")),
            _ => call(mark, &[a], text),
        },
        Kind::Annotated(a, _) => write(a, least, text),
        Kind::Infinity => text.push_str("inf"),
        Kind::Ellipsis => text.push('…'),
        Kind::Ambiguous(readings) => {
            if let Some(first) = readings.first() {
                write(first, least, text);
            }
        }
        Kind::Matrix(rows) => {
            text.push('[');
            for (at, row) in rows.iter().enumerate() {
                if at > 0 {
                    text.push_str("; ");
                }
                list(row, text);
            }
            text.push(']');
        }
        _ => form(tree, text),
    }
}

/// The notations that bind or name something.
fn form(tree: &Tree, text: &mut String) {
    let word = match &tree.kind {
        Kind::Derivative { .. } => "diff",
        Kind::Gradient { .. } => "grad",
        Kind::Hessian { .. } => "hess",
        Kind::Range { binder: Binder::Sum, .. } => "sum",
        Kind::Range { binder: Binder::Product, .. } => "product",
        Kind::Range { binder: Binder::Integral, .. } => "integral",
        Kind::Divergence(..) => "KL",
        Kind::Norm(..) => "norm",
        Kind::Inner(..) => "inner",
        Kind::Remainder { big: true, .. } => "O",
        Kind::Remainder { big: false, .. } => "o",
        Kind::Limit { .. } => "lim",
        Kind::Extremum { extremum, .. } => match extremum {
            Extremum::Min => "min",
            Extremum::Max => "max",
            Extremum::Inf => "inf",
            Extremum::Sup => "sup",
            Extremum::ArgMin => "argmin",
            Extremum::ArgMax => "argmax",
        },
        Kind::Expectation { body, density } => {
            text.push_str("E[");
            write(body, 0, text);
            if let Some(density) = density {
                text.push_str("; ");
                write(density, 0, text);
            }
            return text.push(']');
        }
        _ => "cases",
    };
    call(word, &tree.parts(), text);
    if let Kind::Range { variable, .. } = &tree.kind {
        text.pop();
        text.push_str(&format!(", {variable})"));
    }
}

/// The relation as it is typed.
pub fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessOrEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterOrEqual => ">=",
        Relation::Approximately => "≈",
        Relation::Proportional => "prop",
        Relation::Defined => ":=",
        Relation::Similar => "~",
        Relation::Element => "in",
        Relation::Tends => "→",
        Relation::Implies => "⟹",
        Relation::Equivalent => "⟺",
        Relation::Succeeds => "≻",
        Relation::SucceedsOrEqual => "≽",
    }
}
