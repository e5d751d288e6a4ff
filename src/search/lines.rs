//! A found chain as lines to read: a formula, and the rules that lead to it.
//!
//! `= E[log p(x, θ)] − E[log p(x, θ + d)]  [def-e, log-product, e-sum]`: moves of one kind in a row are one line, and a line
//! that says the same as the one before it is left out.

use crate::claim::Context;
use crate::expr::{DerivativeKind, Expr, Node, Shape, Store, Symbol};
use crate::number::Rational;
use crate::print::display;
use crate::proof::schema::{Instance, rule};
use crate::proof::{Binding, Condition, Met, Multiplier, RuleId, Theorem};

use super::Line;
use super::chain::Link;

/// The lines of a chain beside a common part of both sides.
pub fn lines(
    store: &mut Store,
    context: &Context,
    (links, common): (&[Link], Expr),
    (left, right): (Expr, Expr),
    (order, theorem): (Option<&Rational>, &Theorem),
) -> Vec<Line> {
    let first = Line { relation: String::new(), rule: String::new(), formula: left, conditions: Vec::new() };
    let mut list = vec![first];
    let mut names: Vec<&'static str> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    let mut asymptotic = false;
    for (at, link) in links.iter().enumerate() {
        for micro in &link.step.steps {
            if !names.contains(&micro.rule) {
                names.push(micro.rule);
            }
            asymptotic |= is_asymptotic(micro.rule);
            for text in open_conditions(store, context, theorem, micro.rule, &micro.with) {
                if !conditions.contains(&text) {
                    conditions.push(text);
                }
            }
        }
        let last = at + 1 == links.len();
        if !last && same_kind(link, &links[at + 1]) {
            continue;
        }
        let reached = if link.backwards { link.before } else { link.after };
        let formula = if last { right } else { store.add(common, reached) };
        let relation = relation(asymptotic, order);
        let rule = grouped(&names);
        list.push(Line { relation, rule, formula, conditions: std::mem::take(&mut conditions) });
        (names, asymptotic) = (Vec::new(), false);
    }
    if links.is_empty() && left != right {
        let relation = "=".to_owned();
        list.push(Line { relation, rule: "algebra".to_owned(), formula: right, conditions: Vec::new() });
    }
    list
}

/// The multiples of the given equations that are a conclusion, in words.
pub fn multiples(store: &Store, multipliers: &[Multiplier]) -> String {
    let several = multipliers.iter().any(|multiplier| multiplier.equation > 0);
    let text = multipliers.iter().map(|multiplier| {
        let which = if several {
            format!("given equation {}", multiplier.equation + 1)
        } else {
            "the given equation".to_owned()
        };
        let sides = [("", multiplier.left, " times "), (" times ", multiplier.right, "")];
        let [front, behind] = sides.map(|(before, factor, after)| match factor == Store::ONE {
            true => String::new(),
            false => format!("{before}{}{after}", display(store, factor)),
        });
        format!("{front}{which}{behind}")
    });
    text.collect::<Vec<_>>().join(", plus ")
}

/// Several rules of one kind are named by their kind.
fn grouped(names: &[&'static str]) -> String {
    let kind = |name: &'static str| match name {
        "e-sum" | "e-constant" | "e-one" | "int-sum" | "int-constant" => "linearity",
        "root-product" | "root-square" => "square roots",
        "exchange" | "exchange-2" => name,
        "grad-log" | "hess-log" | "grad-shift" | "hess-shift" | "grad-chain" => name,
        _ if name.starts_with("grad-") || name.starts_with("hess-") || name.starts_with("jacobian-") => {
            "differentiation"
        }
        _ => name,
    };
    let mut words: Vec<&'static str> = Vec::new();
    for name in names {
        let together = names.iter().filter(|other| kind(other) == kind(name)).count() > 1;
        let word = if together { kind(name) } else { name };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(", ")
}

fn relation(asymptotic: bool, order: Option<&Rational>) -> String {
    let digits = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    match order.filter(|_| asymptotic) {
        None => "=".to_owned(),
        Some(order) => match order.as_i64().and_then(|n| usize::try_from(n).ok()).and_then(|n| digits.get(n))
        {
            Some(digit) => format!("≡{digit}"),
            None => "≡".to_owned(),
        },
    }
}

fn is_asymptotic(rule: &str) -> bool {
    rule.starts_with("taylor-") || rule == "drop"
}

/// Two moves by the same rules in the same direction.
fn same_kind(a: &Link, b: &Link) -> bool {
    let names = |link: &Link| {
        let mut list: Vec<&str> = link.step.steps.iter().map(|micro| micro.rule).collect();
        list.sort_unstable();
        list.dedup();
        list
    };
    a.backwards == b.backwards && names(a) == names(b)
}

/// What a rule needs at its place and the declarations do not give.
fn open_conditions(
    store: &mut Store,
    context: &Context,
    theorem: &Theorem,
    name: &'static str,
    with: &[(crate::proof::Meta, Expr)],
) -> Vec<String> {
    let open: Vec<Condition> = theorem.open_conditions().map(|met| met.condition.clone()).collect();
    let Some(row) = rule(RuleId(name)).filter(|_| !open.is_empty()) else { return Vec::new() };
    let Ok(mut instance) = Instance::new(store, context, with) else { return Vec::new() };
    if (row.build)(&mut instance).is_err() {
        return Vec::new();
    }
    let needed: Vec<Met> = instance.met.into_iter().filter(|met| open.contains(&met.condition)).collect();
    needed.iter().map(|met| condition_text(store, met)).collect()
}

/// The conditions of a theorem that are left to the reader, in words, each once.
pub fn open_condition_texts(store: &mut Store, theorem: &Theorem) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for met in theorem.open_conditions().cloned().collect::<Vec<_>>() {
        let text = condition_text(store, &met);
        if !list.contains(&text) {
            list.push(text);
        }
    }
    list
}

/// A condition with the variables of its binders named, and over which of them it is for all: `p(x, theta) > 0` and ` for all x`.
pub fn named_condition(store: &mut Store, met: &Met) -> (Condition, String) {
    let mut condition = met.condition.clone();
    let mut suffix = String::new();
    for (level, binding) in met.under.iter().rev().enumerate() {
        let (wish, shape) = match binding {
            Binding::Sample(_) => ("x", Shape::SCALAR),
            Binding::Near(at) => ("t", store.shape(*at)),
            Binding::Between { .. } => ("t", Shape::SCALAR),
        };
        let name = if level == 0 { wish.to_owned() } else { format!("{wish}_{level}") };
        let variable = store.symbol(Symbol { name: name.clone(), shape, integer: false });
        let before = condition.clone();
        condition = opened(store, &before, variable);
        if condition != before && matches!(binding, Binding::Sample(_)) {
            suffix = format!(" for all {name}{suffix}");
        }
    }
    (condition, suffix)
}

/// A condition in words: `p(x, theta) > 0 for all x`.
pub fn condition_text(store: &mut Store, met: &Met) -> String {
    let (mut condition, suffix) = named_condition(store, met);
    // The function's own variable is printed as the point around which it is smooth.
    if let Condition::Smooth { body, at, order } = condition {
        condition = Condition::Smooth { body: store.instantiate(body, at), at, order };
    }
    let name = |id| store.symbol_of(id).name.clone();
    let text = |e| display(store, e);
    condition.sentence(&name, &text) + &suffix
}

/// The condition with its innermost free variable named.
fn opened(store: &mut Store, condition: &Condition, variable: Expr) -> Condition {
    if let Condition::Smooth { body, at, order } = *condition {
        // The body stands below a binder of its own, as that of a derivative does.
        let whole = store.derivative(DerivativeKind::Gradient, body, at);
        let whole = store.instantiate(whole, variable);
        let Node::Derivative { body, at, .. } = store[whole] else { return condition.clone() };
        return Condition::Smooth { body, at, order };
    }
    let mut open = |e: Expr| store.instantiate(e, variable);
    match condition.clone() {
        Condition::Positive(e) => Condition::Positive(open(e)),
        Condition::NonNegative(e) => Condition::NonNegative(open(e)),
        Condition::NonZero(e) => Condition::NonZero(open(e)),
        Condition::Nonsingular(e) => Condition::Nonsingular(open(e)),
        Condition::PositiveDefinite(e) => Condition::PositiveDefinite(open(e)),
        Condition::Defined(e) => Condition::Defined(open(e)),
        Condition::Integrable(e) => Condition::Integrable(open(e)),
        Condition::Exchange(e) => Condition::Exchange(open(e)),
        Condition::Bounded(e) => Condition::Bounded(open(e)),
        other => other,
    }
}
