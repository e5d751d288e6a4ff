//! A true formula → all formulas that differ from it by one small slip.
//!
//! `½ d'Fd` becomes `d'Fd`, `⅓ d'Fd`, `½ dFd`, `½ d'Fu`: each slip has a name, works on the source, and knows no more
//! mathematics than a typist in a hurry.

use std::collections::BTreeSet;
use std::ops::Range;

use super::reading::{Kind, Notation, Reading, canonical};

/// A formula with one slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// Which slip.
    pub slip: &'static str,
    /// What was replaced, in the right source.
    pub at: Range<usize>,
    /// By what.
    pub with: String,
}

impl Mutant {
    /// The whole source with the slip.
    pub fn applied(&self, source: &str) -> String {
        format!("{}{}{}", &source[..self.at.start], self.with, &source[self.at.end..])
    }
}

/// Names that are easily taken for each other: those declared together, of the same shape.
pub type Groups = Vec<Vec<String>>;

type Changes = Vec<(Range<usize>, String)>;

type Slip = fn(&Reading, &Groups) -> Changes;

/// All slips, by name.
#[rustfmt::skip]
const SLIPS: &[(&str, Slip)] = &[
    ("flip-sign",         flip_sign),
    ("change-factor",     change_factor),
    ("change-exponent",   change_exponent),
    ("change-index",      change_index),
    ("exchange-variable", exchange_variable),
    ("swap-divergence",   swap_divergence),
    ("drop-transpose",    drop_transpose),
    ("drop-inverse",      drop_inverse),
    ("turn-fraction",     turn_fraction),
    ("turn-relation",     turn_relation),
    ("exchange-digamma",  exchange_digamma),
    ("exchange-gradient", exchange_gradient),
    ("move-density",      move_density),
    ("wrong-measure",     wrong_measure),
    ("drop-term",         drop_term),
    ("drop-entry",        drop_entry),
];

/// Each formula with one slip in it, in the order of the slips and of the source, no formula twice.
pub fn mutants(source: &str, notation: Notation, groups: &Groups) -> Vec<Mutant> {
    let reading = Reading::new(source, notation);
    // Blanks make no difference.
    let read = |source: &str| {
        let reading = Reading::new(source, notation);
        (0..reading.tokens.len()).map(|i| reading.text(i).to_owned()).collect::<Vec<_>>()
    };
    let mut seen = BTreeSet::from([read(source)]);
    let mut found = Vec::new();
    for (slip, changes) in SLIPS {
        for (at, with) in changes(&reading, groups) {
            let mutant = Mutant { slip, at, with };
            if seen.insert(read(&mutant.applied(source))) {
                found.push(mutant);
            }
        }
    }
    found
}

/// A source with its blanks joined.
pub fn joined(source: &str) -> String {
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What separates the sides, cells and arguments in which terms are added up.
const SEPARATORS: &[&str] = &[
    "=", "<", ">", "~", ",", ";", "|", "&", r"\\", r"\|", r"\mid", r"\approx", r"\le", r"\ge", r"\leq",
    r"\geq", r"\to", r"\over",
];

fn symbols<'r>(reading: &'r Reading, texts: &'r [&str]) -> impl Iterator<Item = usize> + 'r {
    (0..reading.tokens.len()).filter(|i| texts.contains(&reading.text(*i)))
}

/// Each of the tokens replaced by its counterpart.
fn replace(reading: &Reading, pairs: &[(&str, &str)]) -> Changes {
    let one = |i: usize| {
        let (_, other) = pairs.iter().find(|(name, _)| *name == reading.text(i))?;
        Some((reading.tokens[i].at.clone(), (*other).to_owned()))
    };
    (0..reading.tokens.len()).filter_map(one).collect()
}

/// `a + b` → `a - b`, `-a` → `a`.
fn flip_sign(reading: &Reading, _: &Groups) -> Changes {
    let flip = |i: usize| {
        let before = reading.before(i);
        let opens = before.is_empty() || "([{^*/_".contains(before) || SEPARATORS.contains(&before);
        let with = match reading.text(i) {
            "+" => "-",
            _ if opens => " ",
            _ => "+",
        };
        (reading.tokens[i].at.clone(), with.to_owned())
    };
    // A remainder has no sign.
    let has_sign = |i: &usize| !reading.is_raised(*i) && !matches!(reading.text(i + 1), "o" | "O");
    symbols(reading, &["+", "-"]).filter(has_sign).map(flip).collect()
}

/// A number one more, and one less where that leaves something.
fn neighbours(reading: &Reading, i: usize) -> Changes {
    let Ok(number) = reading.text(i).parse::<u64>() else { return Vec::new() };
    let less = (number >= 2).then(|| number - 1);
    let with = std::iter::once(number + 1).chain(less);
    with.map(|n| (reading.tokens[i].at.clone(), n.to_string())).collect()
}

fn numbers<'r>(reading: &'r Reading, raised: bool) -> impl Iterator<Item = usize> + 'r {
    (0..reading.tokens.len())
        .filter(move |i| reading.tokens[*i].kind == Kind::Number && reading.is_raised(*i) == raised)
}

/// `1/2` → `1/3`, `1/1`, `2/2`.
fn change_factor(reading: &Reading, _: &Groups) -> Changes {
    numbers(reading, false).flat_map(|i| neighbours(reading, i)).collect()
}

/// `x^2` → `x^3`, `x^1`; a power of ∇ and an inverse have slips of their own.
fn change_exponent(reading: &Reading, _: &Groups) -> Changes {
    let own = |i: &usize| {
        let start = if reading.before(*i) == "{" { i - 1 } else { *i };
        let is_power = reading.before(start) == "^";
        is_power && reading.before(start - 1) != r"\nabla"
    };
    numbers(reading, true).filter(own).flat_map(|i| neighbours(reading, i)).collect()
}

/// `θ^{(k+1)}` ↔ `θ^{(k)}`, `p1` ↔ `p2`, `mu` ↔ `mu_q`.
fn change_index(reading: &Reading, groups: &Groups) -> Changes {
    let iterate =
        symbols(reading, &["k"]).filter(|i| reading.is_raised(*i)).map(|i| match reading.text(i + 1) {
            "+" => (reading.place(i..i + 3), "k".to_owned()),
            _ => (reading.tokens[i].at.clone(), "k+1".to_owned()),
        });
    let second = reading.source.contains("_q");
    let renamed = (0..reading.tokens.len()).filter_map(|i| {
        let name = reading.text(i);
        let known = |name: &str| groups.iter().flatten().any(|other| other == name);
        let other = match name.strip_suffix("_q") {
            Some(first) => first.to_owned(),
            None if second && known(name) => format!("{name}_q"),
            None => match name.strip_suffix(['1', '2', '3']) {
                Some(stem) if known(name) && !stem.is_empty() => {
                    let digit = if name.ends_with('1') { "2" } else { "1" };
                    format!("{stem}{digit}")
                }
                _ => return None,
            },
        };
        Some((reading.tokens[i].at.clone(), other))
    });
    iterate.chain(renamed).collect()
}

/// A name → the next one declared beside it.
fn exchange_variable(reading: &Reading, groups: &Groups) -> Changes {
    let next = |i: usize| {
        let written = reading.text(i);
        let group =
            groups.iter().find(|group| group.len() > 1 && group.iter().any(|n| n == canonical(written)))?;
        let at = group.iter().position(|name| name == canonical(written))?;
        let other = &group[(at + 1) % group.len()];
        let greek = reading.notation == Notation::Latex && other.chars().count() > 1;
        Some((reading.tokens[i].at.clone(), if greek { format!(r"\{other} ") } else { other.clone() }))
    };
    (0..reading.tokens.len()).filter(|i| !reading.is_raised(*i)).filter_map(next).collect()
}

/// `KL(a ‖ b)` → `KL(b ‖ a)`; where the second density shows by names in `_q`, all of them at once.
fn swap_divergence(reading: &Reading, groups: &Groups) -> Changes {
    let swap = |i: usize| {
        let open = (i + 1..i + 4).find(|j| reading.text(*j) == "(")?;
        let inside = reading.inside(open)?;
        let end = inside.end;
        let middle = inside
            .clone()
            .find(|j| [r"\|", ",", "‖"].contains(&reading.text(*j)) && reading.around(*j) == Some(open))?;
        let (first, second) = (reading.slice(open + 1..middle), reading.slice(middle + 1..end));
        let with = format!("{second} {} {first}", reading.text(middle));
        Some((reading.place(open + 1..end), with))
    };
    let mut changes: Changes = symbols(reading, &["KL"]).filter_map(swap).collect();
    if reading.source.contains("_q") {
        let known = |name: &str| groups.iter().flatten().any(|other| other == name);
        let (mut with, mut at) = (String::new(), 0);
        for token in &reading.tokens {
            let name = &reading.source[token.at.clone()];
            with.push_str(&reading.source[at..token.at.start]);
            match name.strip_suffix("_q") {
                Some(first) => with.push_str(first),
                None => with.push_str(name),
            }
            if known(name) {
                with.push_str("_q");
            }
            at = token.at.end;
        }
        with.push_str(&reading.source[at..]);
        changes.push((0..reading.source.len(), with));
    }
    changes
}

/// `d^T F d` → `d F d`.
fn drop_transpose(reading: &Reading, _: &Groups) -> Changes {
    let end = |i: usize| match (reading.text(i), reading.text(i + 1)) {
        ("'", _) => Some(i + 1),
        ("^", "T" | r"\top" | "'") => Some(i + 2),
        ("^", "{") => {
            let close = reading.tokens[i + 1].partner?;
            matches!(reading.before(close), "T" | r"\top").then_some(close + 1)
        }
        _ => None,
    };
    let one = |i: usize| Some((reading.place(i..end(i)?), String::new()));
    (0..reading.tokens.len()).filter_map(one).collect()
}

/// `F^{-1} g` → `F g`.
fn drop_inverse(reading: &Reading, _: &Groups) -> Changes {
    let one = |i: usize| {
        let close = reading.tokens.get(i + 1).and_then(|open| open.partner)?;
        (reading.slice(i + 2..close) == "-1").then(|| (reading.place(i..close + 1), String::new()))
    };
    symbols(reading, &["^"]).filter_map(one).collect()
}

/// `a/b` → `a*b`, `\frac{a}{b}` → `\frac{b}{a}`.
fn turn_fraction(reading: &Reading, _: &Groups) -> Changes {
    let plain = symbols(reading, &["/"]).map(|i| (reading.tokens[i].at.clone(), "*".to_owned()));
    let turned = symbols(reading, &[r"\frac", r"\dfrac", r"\tfrac"]).filter_map(|i| {
        let first = reading.tokens.get(i + 1)?.partner?;
        let second = reading.tokens.get(first + 1)?.partner?;
        let with = format!("{}{}", reading.slice(first + 1..second + 1), reading.slice(i + 1..first + 1));
        Some((reading.place(i + 1..second + 1), with))
    });
    plain.chain(turned).collect()
}

/// `≥` ↔ `≤`.
fn turn_relation(reading: &Reading, _: &Groups) -> Changes {
    replace(
        reading,
        &[(r"\ge", r"\le"), (r"\le", r"\ge"), (r"\geq", r"\leq"), (r"\leq", r"\geq"), ("<", ">"), (">", "<")],
    )
}

/// `trigamma` ↔ `digamma`, and what else has the same argument.
fn exchange_digamma(reading: &Reading, _: &Groups) -> Changes {
    replace(
        reading,
        &[
            ("digamma", "trigamma"),
            ("trigamma", "digamma"),
            ("lgamma", "digamma"),
            ("besseli", "bessel_ratio"),
        ],
    )
}

/// `∇` ↔ `∇²`.
fn exchange_gradient(reading: &Reading, _: &Groups) -> Changes {
    let nabla = symbols(reading, &[r"\nabla"]).map(|i| match (reading.text(i + 1), reading.text(i + 2)) {
        ("^", "2") => (reading.place(i + 1..i + 3), String::new()),
        _ => (reading.tokens[i].at.clone(), r"\nabla^2".to_owned()),
    });
    nabla.chain(replace(reading, &[("grad", "hess"), ("hess", "grad")])).collect()
}

/// `p(θ)` ↔ `p(θ + d)`, below an expectation as well.
fn move_density(reading: &Reading, _: &Groups) -> Changes {
    if !reading.tokens.iter().any(|token| &reading.source[token.at.clone()] == "d") {
        return Vec::new();
    }
    let one = |i: usize| match (reading.text(i + 1), reading.text(i + 2), reading.text(i + 3)) {
        (")", ..) => Some((reading.tokens[i].at.clone(), format!("{} + d", reading.text(i)))),
        ("+", "d", ")") => Some((reading.place(i..i + 3), reading.text(i).to_owned())),
        _ => None,
    };
    symbols(reading, &["theta", r"\theta"]).filter_map(one).collect()
}

/// `∫ … dx` → `∫ … dθ`.
fn wrong_measure(reading: &Reading, _: &Groups) -> Changes {
    replace(reading, &[("dx", r"d\theta")])
}

/// `a + b - c` → `b - c`, `a - c`, `a + b`, on each side, in each bracket and in each cell.
fn drop_term(reading: &Reading, _: &Groups) -> Changes {
    let mut changes = Vec::new();
    let mut groups: Vec<_> = std::iter::once(0..reading.tokens.len()).collect();
    let is_index = |i: usize| matches!(reading.before(i), "^" | "_") && reading.text(i) == "{";
    groups.extend((0..reading.tokens.len()).filter(|i| !is_index(*i)).filter_map(|i| reading.inside(i)));
    for group in groups {
        for cell in cells(reading, group) {
            let terms = terms(reading, cell);
            for (k, term) in terms.iter().enumerate().filter(|_| terms.len() > 1) {
                // Without its first term a sum begins with the second one, and with its sign only when that is negative.
                let plus = k == 0 && reading.text(terms[1].start) == "+";
                let end = if plus { terms[1].start + 1 } else { term.end };
                changes.push((reading.place(term.start..end), String::new()));
            }
        }
    }
    changes
}

/// The sides of a formula, and the cells of its rows.
pub fn sides(reading: &Reading) -> Vec<Range<usize>> {
    cells(reading, 0..reading.tokens.len())
}

/// The parts of a bracket between separators, brackets inside of it passed over.
fn cells(reading: &Reading, group: Range<usize>) -> Vec<Range<usize>> {
    let (mut found, mut start, mut i) = (Vec::new(), group.start, group.start);
    while i < group.end {
        if SEPARATORS.contains(&reading.text(i)) {
            found.push(start..i);
            start = i + 1;
        }
        i = reading.tokens[i].partner.filter(|close| *close > i).map_or(i + 1, |close| close + 1);
    }
    found.push(start..group.end);
    found
}

/// The terms of a sum, each with its sign.
fn terms(reading: &Reading, cell: Range<usize>) -> Vec<Range<usize>> {
    let (mut found, mut start, mut i) = (Vec::new(), cell.start, cell.start);
    while i < cell.end {
        if i > start && matches!(reading.text(i), "+" | "-") && !matches!(reading.before(i), "*" | "/" | "^")
        {
            found.push(start..i);
            start = i;
        }
        i = reading.tokens[i].partner.filter(|close| *close > i).map_or(i + 1, |close| close + 1);
    }
    if start < cell.end {
        found.push(start..cell.end);
    }
    found
}

/// `[a, b; b, c]` → `[0, b; b, c]`, …
fn drop_entry(reading: &Reading, _: &Groups) -> Changes {
    if reading.notation == Notation::Latex {
        return Vec::new();
    }
    let entries = symbols(reading, &["["]).filter(|i| !matches!(reading.before(*i), "E"));
    let cells = entries.filter_map(|i| Some(cells(reading, i + 1..reading.tokens[i].partner?))).flatten();
    cells.filter(|cell| !cell.is_empty()).map(|cell| (reading.place(cell), "0".to_owned())).collect()
}

#[track_caller]
fn check(slip: &str, notation: Notation, source: &str, expected: &[&str]) {
    let groups = vec![
        ["theta", "d", "u"].map(String::from).to_vec(),
        ["mu", "sigma", "p1", "p2"].map(String::from).to_vec(),
    ];
    let found: Vec<String> = mutants(source, notation, &groups)
        .iter()
        .filter(|mutant| mutant.slip == slip)
        .map(|mutant| joined(&mutant.applied(source)))
        .collect();
    assert_eq!(found, expected, "{slip} of {source}");
}

#[test]
fn each_slip_makes_what_it_says() {
    use Notation::{Latex, Plain};
    check("flip-sign", Plain, "-a + b*(c - d)", &["a + b*(c - d)", "-a - b*(c - d)", "-a + b*(c + d)"]);
    check("flip-sign", Latex, r"F^{-1} &= - g", &[r"F^{-1} &= g"]);
    check("change-factor", Plain, "x^2/2", &["x^2/3", "x^2/1"]);
    check("change-factor", Latex, r"\frac{1}{2}", &[r"\frac{2}{2}", r"\frac{1}{3}", r"\frac{1}{1}"]);
    check(
        "change-exponent",
        Latex,
        r"\nabla^2 a^2 b^{2}",
        &[r"\nabla^2 a^3 b^{2}", r"\nabla^2 a^1 b^{2}", r"\nabla^2 a^2 b^{3}", r"\nabla^2 a^2 b^{1}"],
    );
    check(
        "change-index",
        Latex,
        r"\theta^{(k+1)} = \theta^{(k)}",
        &[r"\theta^{(k)} = \theta^{(k)}", r"\theta^{(k+1)} = \theta^{(k+1)}"],
    );
    check("change-index", Plain, "mu - mu_q", &["mu_q - mu_q", "mu - mu"]);
    check("change-index", Plain, "1/p1", &["1/p2"]);
    check("exchange-variable", Latex, r"u^T F d", &[r"\theta ^T F d", r"u^T F u"]);
    check(
        "swap-divergence",
        Latex,
        r"KL \big( p(\theta) \| p(\theta + d) \big)",
        &[r"KL \big( p(\theta + d) \| p(\theta) \big)"],
    );
    check("swap-divergence", Plain, "log(sigma_q/sigma)", &["log(sigma/sigma_q)"]);
    check("drop-transpose", Latex, r"d^T F u^{\mathsf T}", &[r"d F u^{\mathsf T}", "d^T F u"]);
    check("drop-transpose", Plain, "u'*F*u", &["u*F*u"]);
    check("drop-inverse", Latex, r"(J^T F J)^{-1} J^T", &[r"(J^T F J) J^T"]);
    check("turn-fraction", Latex, r"\frac{a + b}{c}", &[r"\frac{c}{a + b}"]);
    check("turn-relation", Latex, r"a \ge b", &[r"a \le b"]);
    check("exchange-digamma", Plain, "trigamma(a)", &["digamma(a)"]);
    check(
        "exchange-gradient",
        Latex,
        r"\nabla^2 f + \nabla f",
        &[r"\nabla f + \nabla f", r"\nabla^2 f + \nabla^2 f"],
    );
    check(
        "move-density",
        Latex,
        r"p(x \mid \theta) - p(\theta + d)",
        &[r"p(x \mid \theta + d) - p(\theta + d)", r"p(x \mid \theta) - p(\theta)"],
    );
    check("wrong-measure", Latex, r"\int p \, dx", &[r"\int p \, d\theta"]);
    check(
        "drop-term",
        Latex,
        r"a &= b + [ c - d ]",
        &[r"a &= [ c - d ]", "a &= b", r"a &= b + [ - d ]", "a &= b + [ c ]"],
    );
    check("drop-entry", Plain, "[a, 0; 0, b]", &["[0, 0; 0, b]", "[a, 0; 0, 0]"]);
}

#[test]
fn remarks_and_comments_stay_as_they_are() {
    let source = r"a \text{s.t. } b \begin{aligned} % expect: refuted, 2 - 1";
    assert_eq!(mutants(source, Notation::Latex, &Vec::new()), []);
}
