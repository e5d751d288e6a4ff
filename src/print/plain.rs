//! Expressions → the plain notation.
//!
//! `-x^2/(2*sigma^2) - log(sigma)`: terms by falling degree, a positive one first where there is one.
//! The walk keeps its own stack; a text longer than [`LIMIT`] is cut with `…`.

use rustc_hash::FxHashMap;

use crate::expr::{Binder, DerivativeKind, Expr, Node, Store, SymbolId};
use crate::number::Rational;
use crate::syntax::operators::Strength;

use super::order::{Factor, Quotient, ordered_terms, parts_before};

/// Expressions of more tree nodes than this are not written out.
pub const LIMIT: u64 = 200_000;

/// How much text is copied from parts into wholes: each shared node once, with all that is below it. Deep
/// nesting makes it the square of the length.
pub(super) fn copied(store: &Store, e: Expr) -> u64 {
    store.post_order(&[e]).into_iter().map(|node| store.weight(node)).fold(0, u64::saturating_add)
}

/// The expression in the plain notation.
pub fn display(store: &Store, e: Expr) -> String {
    if store.weight(e) > LIMIT || copied(store, e) > 50 * LIMIT {
        return format!("… ({} nodes)", store.weight(e));
    }
    render(store, e, &mut Vec::new()).0
}

/// A matrix by rows, `[a, b; c, d]`; a column has rows of one entry.
pub fn matrix_text(store: &Store, rows: &[Vec<Expr>]) -> String {
    let texts: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|e| display(store, *e)).collect()).collect();
    matrix_of_texts(texts.iter().map(Vec::as_slice))
}

/// The same of entries that are written already.
pub fn matrix_of_texts<'a>(rows: impl Iterator<Item = &'a [String]>) -> String {
    let rows: Vec<String> = rows.map(|row| row.join(", ")).collect();
    let column = rows.len() > 1 && !rows.iter().any(|row| row.contains(", "));
    format!("[{}]", rows.join(if column { ", " } else { "; " }))
}

/// A text, and how strongly its outermost operator holds.
type Text = (String, Strength);

/// Post-order over one binding level; a binder renders its body at the next level.
fn render(store: &Store, root: Expr, names: &mut Vec<String>) -> Text {
    let mut texts: FxHashMap<Expr, Text> = FxHashMap::default();
    let mut stack = vec![(root, false)];
    while let Some((e, ready)) = stack.pop() {
        if texts.contains_key(&e) {
            continue;
        }
        if ready {
            let text = node_text(store, e, &texts, names);
            texts.insert(e, text);
        } else {
            stack.push((e, true));
            stack.extend(parts_before(store, e).into_iter().map(|part| (part, false)));
        }
    }
    texts.remove(&root).expect("the root was rendered last")
}

fn node_text(store: &Store, e: Expr, texts: &FxHashMap<Expr, Text>, names: &mut Vec<String>) -> Text {
    let inner = |e: Expr| texts[&e].0.clone();
    let list = |list: &[Expr]| list.iter().map(|a| texts[a].0.clone()).collect::<Vec<_>>().join(", ");
    let atom = |text: String| (text, Strength::Atom);
    match &store[e] {
        Node::Number(q) => number_text(q),
        Node::Symbol(id) => atom(store.symbol_of(*id).name.clone()),
        Node::Bound(index, ..) => {
            let position = names.len().checked_sub(1 + *index as usize);
            atom(position.map_or_else(|| format!("#{index}"), |p| names[p].clone()))
        }
        Node::Sum(terms) => sum_text(store, terms, texts),
        Node::Product(_) | Node::Power(..) => term_text(store, &Rational::ONE, e, texts),
        Node::Call(function, arguments) if arguments.is_empty() => atom(function.row().name.to_owned()),
        Node::Call(function, arguments) => atom(format!("{}({})", function.row().name, list(arguments))),
        Node::Apply(symbol, arguments) => {
            atom(format!("{}({})", store.symbol_of(*symbol).name, list(arguments)))
        }
        Node::Matrix(shape, entries) => {
            let columns = match shape.columns {
                crate::expr::Dimension::Fixed(n) => n as usize,
                crate::expr::Dimension::Named(_) => 1,
            };
            let rows: Vec<String> = entries.chunks(columns.max(1)).map(list).collect();
            atom(format!("[{}]", rows.join(if columns == 1 { ", " } else { "; " })))
        }
        Node::Chain(factors) => {
            let parts: Vec<String> = factors.iter().map(|f| bracket(&texts[f], Strength::Power)).collect();
            (parts.join("*"), Strength::Product)
        }
        Node::Transpose(a) => (format!("{}'", bracket(&texts[a], Strength::Postfix)), Strength::Postfix),
        Node::Inverse(a) => (format!("{}^(-1)", bracket(&texts[a], Strength::Postfix)), Strength::Power),
        Node::Zero(_) => atom("0".to_owned()),
        Node::Identity(_) => atom("I".to_owned()),
        Node::Index(a, indices) => {
            (format!("{}[{}]", bracket(&texts[a], Strength::Postfix), list(indices)), Strength::Postfix)
        }
        Node::Range { binder, from, to, body } => {
            let (word, name) = match binder {
                Binder::Sum => ("sum", fresh(store, e, names, "k")),
                Binder::Product => ("product", fresh(store, e, names, "k")),
                Binder::Integral => ("integral", fresh(store, e, names, "t")),
            };
            let (from, to) = (inner(*from), inner(*to));
            names.push(name);
            let body = render(store, *body, names).0;
            let name = names.pop().expect("the name was pushed above");
            atom(format!("{word}({body}, {name} = {from}..{to})"))
        }
        Node::Expectation { density, parameter, body } => {
            names.push(fresh(store, e, names, "x"));
            let body = render(store, *body, names).0;
            names.pop();
            atom(format!("E[{body}; {}({})]", store.symbol_of(*density).name, inner(*parameter)))
        }
        Node::SampleIntegral { density, body } => {
            names.push(fresh(store, e, names, "x"));
            let body = render(store, *body, names).0;
            let name = names.pop().expect("the name was pushed above");
            let _ = density;
            atom(format!("integral({body}, {name})"))
        }
        Node::Divergence { first, from, second, to } => {
            let at = |density: &SymbolId, parameter: &Expr| {
                let name = &store.symbol_of(*density).name;
                if *parameter == Store::ZERO {
                    name.clone()
                } else {
                    format!("{name}({})", inner(*parameter))
                }
            };
            atom(format!("KL({}, {})", at(first, from), at(second, to)))
        }
        Node::Fisher { density, at } => {
            atom(format!("fisher({})({})", store.symbol_of(*density).name, inner(*at)))
        }
        Node::Derivative { kind, body, at } => {
            let word = match kind {
                DerivativeKind::Gradient if store.shape(*at).is_scalar() => "diff",
                DerivativeKind::Gradient => "grad",
                DerivativeKind::Hessian => "hess",
            };
            // The variable may have the name of its own point, which it hides within the body.
            let at_symbol = match store[*at] {
                Node::Symbol(_) => !store.mentions(*body, &[*at]),
                Node::Bound(index, ..) => !store.mentions_bound(*body, index + 1),
                _ => false,
            };
            let name = if at_symbol { inner(*at) } else { fresh(store, e, names, "t") };
            names.push(name);
            let body = render(store, *body, names).0;
            let name = names.pop().expect("the name was pushed above");
            let place = if at_symbol { String::new() } else { format!(" @ {}", inner(*at)) };
            atom(format!("{word}({body}, {name}){place}"))
        }
    }
}

/// A name for a bound variable that nothing free in `e` and nothing bound around it has.
pub(super) fn fresh(store: &Store, e: Expr, names: &[String], wish: &str) -> String {
    let taken = store.free_symbols(&[e]);
    let free = |name: &str| {
        !names.iter().any(|n| n == name) && !taken.iter().any(|id| store.symbol_of(*id).name == name)
    };
    std::iter::once(wish.to_owned())
        .chain((1..).map(|n| format!("{wish}_{n}")))
        .find(|name| free(name))
        .expect("some number is not taken")
}

fn number_text(q: &Rational) -> Text {
    let strength = match (q.is_negative(), q.is_integer()) {
        (false, true) => Strength::Atom,
        (true, true) => Strength::Sum,
        (false, false) => Strength::Product,
        (true, false) => Strength::Sum,
    };
    (q.to_string(), strength)
}

fn bracket((text, strength): &Text, needed: Strength) -> String {
    if *strength < needed { format!("({text})") } else { text.clone() }
}

fn sum_text(store: &Store, terms: &[(Rational, Expr)], texts: &FxHashMap<Expr, Text>) -> Text {
    let ordered = ordered_terms(store, terms);
    let mut text = String::new();
    for (position, (c, term)) in ordered.iter().enumerate() {
        let (body, strength) = term_text(store, &c.abs(), *term, texts);
        // A lone multiple of a sum is a product; every other term is at least one.
        let body = bracket(&(body, strength), Strength::Product);
        match (position, c.is_negative()) {
            (0, false) => {}
            (0, true) => text.push('-'),
            (_, false) => text.push_str(" + "),
            (_, true) => text.push_str(" - "),
        }
        text.push_str(&body);
    }
    let lone_product = terms.len() == 1 && !terms[0].0.is_negative();
    (text, if lone_product { Strength::Product } else { Strength::Sum })
}

/// `c·term` for c ≥ 0, as one fraction: factors with negative integer exponents stand below the bar.
fn term_text(store: &Store, c: &Rational, term: Expr, texts: &FxHashMap<Expr, Text>) -> Text {
    if let Node::Number(q) = &store[term] {
        return number_text(&(c * q));
    }
    let Quotient { over, under } = Quotient::new(store, c, term);
    let text = |factor: &Factor| match factor {
        Factor::Number(digits) => (digits.clone(), Strength::Atom),
        Factor::Whole(e) => texts[e].clone(),
        Factor::Power(base, exponent) => power_text(&texts[base], &texts[exponent]),
        Factor::Repeated(base, times) => power_text(&texts[base], &(times.to_string(), Strength::Atom)),
    };
    let (over, under): (Vec<Text>, Vec<Text>) =
        (over.iter().map(text).collect(), under.iter().map(text).collect());
    let join =
        |parts: &[Text]| parts.iter().map(|p| bracket(p, Strength::Power)).collect::<Vec<_>>().join("*");
    match (over.as_slice(), under.as_slice()) {
        ([one], []) => one.clone(),
        (over, []) => (join(over), Strength::Product),
        // x/y^2, but x/(2*y) and x/(y/z).
        (over, [one]) => (format!("{}/{}", join(over), bracket(one, Strength::Power)), Strength::Product),
        (over, under) => (format!("{}/({})", join(over), join(under)), Strength::Product),
    }
}

fn power_text(base: &Text, exponent: &Text) -> Text {
    let exponent = bracket(exponent, Strength::Postfix);
    (format!("{}^{exponent}", bracket(base, Strength::Postfix)), Strength::Power)
}
