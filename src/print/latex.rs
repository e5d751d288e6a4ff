//! Expressions → LaTeX, as an article prints them.
//!
//! `-x^2/(2*sigma^2) - log(sigma)` becomes `-\frac{x^{2}}{2 \sigma^{2}} - \log(\sigma)`: quotients are fractions, names are
//! letters with subscripts, and calls are written by the template of their row. The walk is that of [`plain`](super::plain).

use rustc_hash::FxHashMap;

use crate::expr::{Binder, DerivativeKind, Dimension, Expr, Node, Store, SymbolId};
use crate::number::Rational;
use crate::syntax::operators::Strength;

pub use super::letters::name;
use super::order::{Factor, Quotient, ordered_terms, parts_before};
use super::plain::{LIMIT, copied, fresh};
pub use super::width::width;

/// The expression in LaTeX, for the mathematics mode.
pub fn display(store: &Store, e: Expr) -> String {
    if store.weight(e) > LIMIT || copied(store, e) > 50 * LIMIT {
        return format!("\\ldots\\text{{ ({} nodes)}}", store.weight(e));
    }
    render(store, e, &mut Vec::new()).0
}

/// The terms of a sum, each with its sign, to be broken into lines between them; one text for anything else.
pub fn terms(store: &Store, e: Expr) -> Vec<String> {
    match &store[e] {
        Node::Sum(list) if list.len() > 1 && store.weight(e) <= LIMIT => {
            signed_terms(store, list, &all_texts(store, e, &mut Vec::new()))
        }
        _ => vec![display(store, e)],
    }
}

/// What stands above and below the bar of a quotient of which neither side is a number; each as the terms of a sum.
pub fn quotient(store: &Store, e: Expr) -> Option<(Vec<String>, Vec<String>)> {
    let (c, term) = match &store[e] {
        Node::Sum(list) if list.len() == 1 && list[0].0.is_positive() => list[0].clone(),
        Node::Product(_) | Node::Power(..) => (Rational::ONE, e),
        _ => return None,
    };
    if store.weight(e) > LIMIT {
        return None;
    }
    let texts = all_texts(store, e, &mut Vec::new());
    let Quotient { over, under } = Quotient::new(store, &c, term);
    let side = |factors: &[Factor]| match factors {
        [Factor::Whole(one)] => terms(store, *one),
        _ => vec![product(store, &factors.iter().collect::<Vec<_>>(), &texts).0],
    };
    let is_number = |factors: &[Factor]| matches!(factors, [] | [Factor::Number(_)]);
    (!is_number(&over) && !is_number(&under)).then(|| (side(&over), side(&under)))
}

/// A matrix by rows in round brackets.
pub fn matrix(store: &Store, rows: &[Vec<Expr>]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|e| display(store, *e)).collect()).collect();
    rows_of_text(&rows)
}

/// Entries by rows in round brackets, each row on a line of its own where there are several.
pub fn rows_of_text(rows: &[Vec<String>]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| row.join(" & ")).collect();
    format!("\\begin{{pmatrix}} {} \\end{{pmatrix}}", rows.join(" \\\\ "))
}

/// A text, and how strongly its outermost operator holds; a fraction and a call hold as a power does.
type Text = (String, Strength);

type Texts = FxHashMap<Expr, Text>;

fn render(store: &Store, root: Expr, names: &mut Vec<String>) -> Text {
    all_texts(store, root, names).remove(&root).expect("the root was rendered last")
}

/// Post-order over one binding level; a binder renders its body at the next level.
fn all_texts(store: &Store, root: Expr, names: &mut Vec<String>) -> Texts {
    let mut texts = Texts::default();
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
    texts
}

fn node_text(store: &Store, e: Expr, texts: &Texts, names: &mut Vec<String>) -> Text {
    let inner = |e: Expr| texts[&e].0.clone();
    let list = |list: &[Expr]| list.iter().map(|a| texts[a].0.clone()).collect::<Vec<_>>().join(", ");
    let atom = |text: String| (text, Strength::Atom);
    let power = |text: String| (text, Strength::Power);
    match &store[e] {
        Node::Number(q) => number_text(q),
        Node::Symbol(id) => atom(symbol(store, *id)),
        Node::Bound(index, ..) => {
            let position = names.len().checked_sub(1 + *index as usize);
            atom(position.map_or_else(|| format!("\\#{index}"), |p| name(&names[p])))
        }
        Node::Sum(terms) => sum_text(store, terms, texts),
        Node::Product(_) | Node::Power(..) => term_text(store, &Rational::ONE, e, texts),
        Node::Call(function, arguments) => {
            let arguments: Vec<&Text> = arguments.iter().map(|a| &texts[a]).collect();
            call_text(function.row().latex, &arguments)
        }
        Node::Apply(head, arguments) => power(format!("{}{}", symbol(store, *head), round(&list(arguments)))),
        Node::Matrix(shape, entries) => {
            let columns = match shape.columns {
                Dimension::Fixed(n) => n as usize,
                Dimension::Named(_) => 1,
            };
            let rows: Vec<Vec<String>> = entries
                .chunks(columns.max(1))
                .map(|row| row.iter().map(|entry| inner(*entry)).collect())
                .collect();
            power(rows_of_text(&rows))
        }
        Node::Chain(factors) => {
            let parts: Vec<String> = factors.iter().map(|f| bracket(&texts[f], Strength::Power)).collect();
            (parts.join(" "), Strength::Product)
        }
        Node::Transpose(a) => power(format!("{}^{{\\top}}", bracket(&texts[a], Strength::Postfix))),
        Node::Inverse(a) => power(format!("{}^{{-1}}", bracket(&texts[a], Strength::Postfix))),
        Node::Zero(_) => atom("0".to_owned()),
        Node::Identity(_) => atom("I".to_owned()),
        Node::Index(a, indices) => {
            power(format!("{}_{{{}}}", bracket(&texts[a], Strength::Postfix), list(indices)))
        }
        Node::Range { binder, from, to, body } => {
            let (sign, wish) = match binder {
                Binder::Sum => ("\\sum", "k"),
                Binder::Product => ("\\prod", "k"),
                Binder::Integral => ("\\int", "t"),
            };
            let (variable, body) = bound(store, e, *body, names, wish);
            let (from, to) = (inner(*from), inner(*to));
            let text = match binder {
                Binder::Integral => format!("{sign}_{{{from}}}^{{{to}}} {} \\, d{variable}", body.0),
                _ => format!("{sign}_{{{variable} = {from}}}^{{{to}}} {}", bracket(&body, Strength::Product)),
            };
            // What follows a sum would belong to it.
            (text, Strength::Sum)
        }
        Node::Expectation { density, parameter, body } => {
            let (variable, body) = bound(store, e, *body, names, "x");
            let density = symbol(store, *density);
            power(format!(
                "\\mathbb{{E}}_{{{density}({variable} \\mid {})}}\\left[{}\\right]",
                inner(*parameter),
                body.0
            ))
        }
        Node::SampleIntegral { body, .. } => {
            let (variable, body) = bound(store, e, *body, names, "x");
            (format!("\\int {} \\, d{variable}", body.0), Strength::Sum)
        }
        Node::Divergence { first, from, second, to } => {
            let at = |density: &SymbolId, parameter: &Expr| match *parameter == Store::ZERO {
                true => symbol(store, *density),
                false => format!("{}{}", symbol(store, *density), round(&inner(*parameter))),
            };
            power(format!("\\mathrm{{KL}}\\left({} \\,\\|\\, {}\\right)", at(first, from), at(second, to)))
        }
        Node::Fisher { density, at } => {
            power(format!("F_{{{}}}{}", symbol(store, *density), round(&inner(*at))))
        }
        Node::Derivative { kind, body, at } => derivative_text(store, e, (*kind, *body, *at), texts, names),
    }
}

/// The variable of a binder and its body.
fn bound(store: &Store, e: Expr, body: Expr, names: &mut Vec<String>, wish: &str) -> (String, Text) {
    names.push(fresh(store, e, names, wish));
    let body = render(store, body, names);
    (name(&names.pop().expect("the name was pushed above")), body)
}

/// The derivative of a function of a bound variable, at a point.
fn derivative_text(
    store: &Store,
    e: Expr,
    (kind, body, at): (DerivativeKind, Expr, Expr),
    texts: &Texts,
    names: &mut Vec<String>,
) -> Text {
    let (variable, body) = bound(store, e, body, names, "t");
    let body = bracket(&body, Strength::Power);
    let sign = match kind {
        DerivativeKind::Gradient if store.shape(at).is_scalar() => {
            format!("\\frac{{\\partial}}{{\\partial {variable}}}")
        }
        DerivativeKind::Gradient => format!("\\nabla_{{{variable}}}"),
        DerivativeKind::Hessian => format!("\\nabla_{{{variable}}}^2"),
    };
    (format!("\\left. {sign} {body} \\right|_{{{variable} = {}}}", texts[&at].0), Strength::Power)
}

fn symbol(store: &Store, id: SymbolId) -> String {
    name(&store.symbol_of(id).name)
}

// Calls.

/// A template with its arguments, its brackets as tall as what stands between them.
fn call_text(template: &str, arguments: &[&Text]) -> Text {
    let tall = arguments.iter().any(|(argument, _)| is_tall(argument));
    let text = match tall {
        true => filled(&with_tall_brackets(template), arguments),
        false => filled(template, arguments),
    };
    let is_letter = is_named_by_letter(template) || arguments.is_empty();
    (text, if is_letter { Strength::Atom } else { Strength::Power })
}

/// The template with its arguments; one that no bracket or comma delimits is bracketed itself.
fn filled(template: &str, arguments: &[&Text]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('#') {
        text.push_str(&rest[..at]);
        let number = usize::from(rest.as_bytes()[at + 1] - b'1');
        rest = &rest[at + 2..];
        let argument = arguments[number];
        if let (Some(before), Some(behind)) = (text.strip_suffix("\\left("), rest.strip_prefix("\\right)"))
            && argument.1 == Strength::Atom
        {
            (text, rest) = (before.to_owned() + &argument.0, behind);
            continue;
        }
        // The order after 0 is 1.
        if let (Ok(order), Some(behind)) = (argument.0.parse::<u64>(), rest.strip_prefix("+1")) {
            text.push_str(&order.saturating_add(1).to_string());
            rest = behind;
            continue;
        }
        let delimited = opens(&text) && closes(rest);
        text.push_str(&if delimited { argument.0.clone() } else { bracket(argument, Strength::Power) });
    }
    text + rest
}

fn opens(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with(['(', '{', ',', '[']) || before.ends_with("\\lvert")
}

fn closes(behind: &str) -> bool {
    let behind = behind.trim_start();
    behind.starts_with([')', '}', ',', ']'])
        || behind.starts_with("\\rvert")
        || behind.starts_with("\\right)")
        || behind.is_empty()
}

/// `\log(#1)` becomes `\log\left(#1\right)`.
fn with_tall_brackets(template: &str) -> String {
    const TALLER: &[(&str, &str)] = &[
        ("\\left(", "("),
        ("\\right)", ")"),
        ("(", "\\left("),
        (")", "\\right)"),
        ("\\lvert", "\\left\\lvert"),
        ("\\rvert", "\\right\\rvert"),
    ];
    TALLER.iter().fold(template.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// `\psi(x)` and `I_\nu(x)` are raised to a power as they stand, `\log(x)` in brackets.
fn is_named_by_letter(template: &str) -> bool {
    let head = template.trim_start_matches('\\');
    let head = &head[..head.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(head.len())];
    name(head).trim_start_matches('\\') == head
        || template.starts_with("\\sqrt")
        || template.starts_with("\\lvert")
}

// Brackets.

/// Is the text taller than a line?
fn is_tall(text: &str) -> bool {
    ["\\frac", "\\binom", "\\begin", "\\left", "\\sum", "\\prod", "\\int"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// Within round brackets as tall as it needs.
fn round(text: &str) -> String {
    if is_tall(text) { format!("\\left({text}\\right)") } else { format!("({text})") }
}

fn bracket((text, strength): &Text, needed: Strength) -> String {
    if *strength < needed { round(text) } else { text.clone() }
}

// Numbers, sums, products.

fn number_text(q: &Rational) -> Text {
    let (numerator, denominator) = (q.abs().numerator().to_string(), q.denominator().to_string());
    let sign = if q.is_negative() { "-" } else { "" };
    match (q.is_negative(), q.is_integer()) {
        (false, true) => (numerator, Strength::Atom),
        (true, true) => (format!("-{numerator}"), Strength::Sum),
        (negative, false) => (
            format!("{sign}\\frac{{{numerator}}}{{{denominator}}}"),
            if negative { Strength::Sum } else { Strength::Power },
        ),
    }
}

fn sum_text(store: &Store, terms: &[(Rational, Expr)], texts: &Texts) -> Text {
    let lone_product = terms.len() == 1 && !terms[0].0.is_negative();
    let text = signed_terms(store, terms, texts).join(" ");
    (text, if lone_product { Strength::Product } else { Strength::Sum })
}

/// `-a`, `+ b`, `- c`.
fn signed_terms(store: &Store, terms: &[(Rational, Expr)], texts: &Texts) -> Vec<String> {
    let one = |(position, (c, term)): (usize, &&(Rational, Expr))| {
        let body = term_text(store, &c.abs(), *term, texts);
        // A lone multiple of a sum is a product; every other term is at least one.
        let body = bracket(&body, Strength::Product);
        match (position, c.is_negative()) {
            (0, false) => body,
            (0, true) => format!("-{body}"),
            (_, false) => format!("+ {body}"),
            (_, true) => format!("- {body}"),
        }
    };
    ordered_terms(store, terms).iter().enumerate().map(one).collect()
}

/// `c·term` for c ≥ 0, as a fraction; where only a number stands below, calls stand behind it, as other fractions do.
fn term_text(store: &Store, c: &Rational, term: Expr, texts: &Texts) -> Text {
    if let Node::Number(q) = &store[term] {
        return number_text(&(c * q));
    }
    let Quotient { over, under } = Quotient::new(store, c, term);
    let (over, under): (Vec<&Factor>, Vec<&Factor>) = (over.iter().collect(), under.iter().collect());
    if under.is_empty() {
        return product(store, &over, texts);
    }
    let parts = matches!(under.as_slice(), [Factor::Number(_)]);
    let is_behind =
        |f: &&&Factor| is_call(store, f) && (parts || factor_text(store, f, texts).0.starts_with("\\frac"));
    let (behind, above): (Vec<&Factor>, Vec<&Factor>) = over.iter().partition(|f| is_behind(f));
    let above = if above.is_empty() { "1".to_owned() } else { product(store, &above, texts).0 };
    let below = product(store, &under, texts).0;
    let mut factors = vec![((format!("\\frac{{{above}}}{{{below}}}"), Strength::Power), false)];
    factors.extend(behind.into_iter().map(|f| (factor_text(store, f, texts), false)));
    joined(factors)
}

fn factor_text(store: &Store, factor: &Factor, texts: &Texts) -> Text {
    match factor {
        Factor::Number(digits) => (digits.clone(), Strength::Atom),
        Factor::Whole(e) => texts[e].clone(),
        Factor::Power(base, exponent) => power_text(store, (*base, *exponent), texts),
        Factor::Repeated(base, times) => raised(&texts[base], &times.to_string()),
    }
}

fn product(store: &Store, factors: &[&Factor], texts: &Texts) -> Text {
    joined(factors.iter().map(|f| (factor_text(store, f, texts), is_function_like(store, f))).collect())
}

fn is_call(store: &Store, factor: &Factor) -> bool {
    let Factor::Whole(e) = factor else { return false };
    matches!(&store[store.base_and_power(*e).0], Node::Call(_, arguments) if !arguments.is_empty())
}

/// Would a bracket behind the factor be read as its argument, as in π(a + b), E(a + b) and O(a)?
fn is_function_like(store: &Store, factor: &Factor) -> bool {
    let Factor::Whole(e) = factor else { return false };
    match &store[*e] {
        Node::Call(_, arguments) => arguments.is_empty(),
        Node::Symbol(id) => matches!(store.symbol_of(*id).name.as_str(), "E" | "o" | "O"),
        _ => false,
    }
}

/// Factors side by side, with a dot where digits or a bracket would be read with what stands before them; beside each
/// factor stands whether it looks like a function.
fn joined(factors: Vec<(Text, bool)>) -> Text {
    if let [(one, _)] = factors.as_slice() {
        return one.clone();
    }
    let mut text = String::new();
    let mut before_is_function = false;
    for (factor, is_function) in factors {
        let factor = bracket(&factor, Strength::Power);
        let is_bracket = factor.starts_with('(') || factor.starts_with("\\left(");
        let dotted = factor.starts_with(|c: char| c.is_ascii_digit()) || (is_bracket && before_is_function);
        text.push_str(if text.is_empty() {
            ""
        } else if dotted {
            " \\cdot "
        } else {
            " "
        });
        text.push_str(&factor);
        before_is_function = is_function;
    }
    (text, Strength::Product)
}

/// base ^ exponent; an exponent that is a fraction of numbers stays on its line.
fn power_text(store: &Store, (base, exponent): (Expr, Expr), texts: &Texts) -> Text {
    match store.as_number(exponent) {
        Some(q) => raised(&texts[&base], &q.to_string()),
        None => raised(&texts[&base], &texts[&exponent].0),
    }
}

fn raised(base: &Text, exponent: &str) -> Text {
    (format!("{}^{{{exponent}}}", bracket(base, Strength::Postfix)), Strength::Power)
}
