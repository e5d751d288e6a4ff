//! Conditions on named variables: after `--where`, in a family's domains and on sample-space lines.
//!
//! `0 < p < 1, n integer >= 1, x in {0, 1}` is a comparison, an integer with a comparison beside it, and a
//! choice. The words `real`, `integer`, `in`, `positive definite` follow their variable.

use rustc_hash::FxHashSet;

use super::expression::Operand;
use super::parser::Parser;
use super::tokens::{Bracket, TokenKind};
use super::{Chain, Condition, ConditionKind, Kind, Tree};
use crate::text::{Code, Diagnostic, Span, suggest};

/// Names with a fixed value: they are never variables.
pub const CONSTANTS: &[&str] = &["pi", "e", "EulerGamma"];

/// Words that may follow a variable.
const WORDS: &[&str] = &["real", "integer", "in", "positive"];

/// Reads `x > 0, n integer, y != 0, x in {0, 1}`; of no text, no conditions.
pub fn parse_conditions(text: &str, base_offset: usize) -> (Option<Vec<Condition>>, Vec<Diagnostic>) {
    let mut parser = Parser::new(text, base_offset);
    let mut conditions = Vec::new();
    if !parser.is_done() {
        parser.parts(&[TokenKind::Comma], &mut |parser, _| parser.condition(&mut conditions));
    }
    (parser.is_clean().then_some(conditions), parser.into_diagnostics())
}

/// The variables of conditions with their first places, in order of first mention.
pub fn names_of(conditions: &[Condition]) -> Vec<(String, Span)> {
    let mut free = FreeNames::default();
    for tree in conditions.iter().flat_map(sides) {
        free.collect(tree);
    }
    free.names
}

impl Parser<'_> {
    /// One condition; `n integer >= 1` is two.
    pub(super) fn condition(&mut self, conditions: &mut Vec<Condition>) {
        if self.starts_tuple() {
            return self.sphere(conditions);
        }
        let start = self.span();
        let first = self.expression();
        self.condition_on(first, start, conditions);
    }

    /// One condition, of which the first expression is read; it starts at `start`.
    pub(super) fn condition_on(&mut self, first: Operand, start: Span, conditions: &mut Vec<Condition>) {
        let subject = first.tree.span;
        let kind = match self.word() {
            Some("real") => ConditionKind::Real(first.tree.clone()),
            Some("integer") => ConditionKind::Integer(first.tree.clone()),
            Some("in") => match self.membership(first) {
                Some(kind) => return conditions.push(Condition { kind, span: start.to(self.last_span()) }),
                None => return,
            },
            Some("positive") => match self.definite(first) {
                Some(kind) => return conditions.push(Condition { kind, span: start.to(self.last_span()) }),
                None => return,
            },
            _ => return self.comparison(first, start, conditions),
        };
        self.advance();
        self.variable_only(&first.tree, subject);
        conditions.push(Condition { kind, span: start.to(self.last_span()) });
        if self.relation().is_some() {
            self.comparison(first, start, conditions);
        }
    }

    /// The word that follows a variable; `∈` is `in`.
    fn word(&self) -> Option<&'static str> {
        match self.peek() {
            TokenKind::ElementOf => Some("in"),
            TokenKind::Name => WORDS.iter().copied().find(|word| self.at_word(word)),
            _ => None,
        }
    }

    /// `0 < p < 1`, the first side of which is read.
    fn comparison(&mut self, first: Operand, start: Span, conditions: &mut Vec<Condition>) {
        let mut rest = Vec::new();
        while let Some(relation) = self.relation() {
            self.advance();
            rest.push((relation, self.expression().tree));
        }
        let span = start.to(self.last_span());
        if rest.is_empty() {
            return self.bare(&first.tree);
        }
        conditions.push(Condition { kind: ConditionKind::Compare(Chain { first: first.tree, rest }), span });
    }

    /// A variable about which nothing, or nothing known, is said.
    fn bare(&mut self, subject: &Tree) {
        let text = self.slice(subject.span);
        let word = if self.peek() == TokenKind::Name { self.slice(self.span()) } else { "" };
        let is_name = matches!(subject.kind, Kind::Name(_));
        let help = condition_help(text, word).unwrap_or_else(|| match is_name {
            true => {
                format!("write `{text} real`, `{text} > 0`, `{text} integer >= 0` or `{text} in {{0, 1}}`")
            }
            false => format!("compare it with something: `{text} > 0`"),
        });
        if word.is_empty() {
            let found = format!("`{}` alone", text.chars().take(40).collect::<String>());
            let code = Code::Syntax { expected: "a condition".into(), found };
            return self.report(Diagnostic::error(code, subject.span).with_help(help));
        }
        self.expected_with_help("a condition", Some(help));
    }

    /// `x real` speaks of a name or an entry `x[i]`.
    fn variable_only(&mut self, tree: &Tree, span: Span) {
        if !matches!(tree.kind, Kind::Name(_) | Kind::Index(..)) {
            let found = format!("`{}`", self.slice(span).chars().take(40).collect::<String>());
            self.error(Code::Syntax { expected: "a variable".into(), found }, span);
        }
    }

    /// `in {0, 1}`, `in 0..n`
    fn membership(&mut self, subject: Operand) -> Option<ConditionKind> {
        self.advance();
        self.variable_only(&subject.tree, subject.outer);
        if self.peek() == TokenKind::Open(Bracket::Curly) {
            let mut values = Vec::new();
            let group = self.group(&[TokenKind::Comma], |parser, _| values.push(parser.expression().tree));
            if values.is_empty() {
                self.error(Code::Syntax { expected: "a value".into(), found: "`{}`".into() }, group);
            }
            return Some(ConditionKind::OneOf(subject.tree, values));
        }
        let start = self.span();
        let name = self.slice(subject.tree.span);
        let is_interval = matches!(self.peek(), TokenKind::Open(_))
            && self.after_group().is_none_or(|after| after.kind != TokenKind::DotDot);
        if is_interval {
            let interval = self.skip_group();
            let found = format!("`{}`", self.slice(interval).chars().take(40).collect::<String>());
            let code = Code::Syntax { expected: "`{…}` or a range `a..b`".into(), found };
            let help = interval_help(name, self.slice(interval));
            self.report(Diagnostic::error(code, interval).with_help(help));
            return None;
        }
        let from = self.expression();
        if self.take(TokenKind::DotDot) {
            return Some(ConditionKind::Range(subject.tree, from.tree, self.expression().tree));
        }
        let code = Code::Syntax {
            expected: "`{…}` or a range `a..b`".into(),
            found: format!("`{}`", self.slice(start)),
        };
        let help = format!("write `{name} in {{0, 1}}`, `{name} in 0..10` or `{name} integer >= 0`");
        self.report(Diagnostic::error(code, start).with_help(help));
        None
    }

    /// `[x11, x12; x12, x22] positive definite`
    fn definite(&mut self, subject: Operand) -> Option<ConditionKind> {
        let name = self.slice(subject.tree.span);
        if !matches!(subject.tree.kind, Kind::Matrix(_)) {
            self.expected_with_help("a condition", Some(format!("write `{name} > 0`")));
            return None;
        }
        self.advance();
        if !self.take_word("definite") {
            self.expected_with_help("`definite`", Some(format!("write `{name} positive definite`")));
            return None;
        }
        Some(ConditionKind::PositiveDefinite(subject.tree))
    }

    /// `(x1, x2, x3) in …`
    pub(super) fn starts_tuple(&self) -> bool {
        self.peek() == TokenKind::Open(Bracket::Round)
            && self.after_group().is_some_and(|after| {
                after.kind == TokenKind::ElementOf
                    || (after.kind == TokenKind::Name && self.slice(after.span) == "in")
            })
    }

    fn sphere(&mut self, conditions: &mut Vec<Condition>) {
        let mut variables = Vec::new();
        let group = self.group(&[TokenKind::Comma], |parser, _| {
            let variable = parser.expression().tree;
            parser.variable_only(&variable, variable.span);
            variables.push(variable);
        });
        self.advance();
        if !self.take_word("sphere") {
            return self.expected("`sphere`");
        }
        let span = group.to(self.last_span());
        conditions.push(Condition { kind: ConditionKind::Sphere(variables), span });
    }
}

/// `(0, 1]` as a condition: `0 < x <= 1`; `(0, inf)` is `x > 0`.
fn interval_help(name: &str, interval: &str) -> String {
    let inner = interval.get(1..interval.len().saturating_sub(1)).unwrap_or("");
    let Some((from, to)) = inner.split_once(',') else {
        return format!("write `{name} in {{0, 1}}` or `{name} in 0..10`");
    };
    let (from, to) = (from.trim(), to.trim());
    let closed = |bracket: char| if interval.contains(bracket) { "=" } else { "" };
    let (low, high) = (closed('['), closed(']'));
    let endless = |end: &str| end.contains("inf") || end.contains('∞');
    match (endless(from), endless(to)) {
        (true, true) => format!("write `{name} real`"),
        (false, true) => format!("write `{name} >{low} {from}`"),
        (true, false) => format!("write `{name} <{high} {to}`"),
        (false, false) => format!("write `{from} <{low} {name} <{high} {to}`"),
    }
}

/// What was meant by a variable and a word that is none of the words for conditions.
pub(super) fn condition_help(variable: &str, word: &str) -> Option<String> {
    Some(match word {
        "nonnegative" => format!("write `{variable} >= 0`"),
        "negative" => format!("write `{variable} < 0`"),
        "and" => "conditions are separated by commas: `x > 0, y > 0`".into(),
        "natural" => format!("write `{variable} integer >= 0`"),
        "small" => format!("write `small {variable}` on a line of its own"),
        "regular" => format!("write `density {variable}(x | theta) regular` on a line of its own"),
        "smooth" => format!("write `function {variable}(theta) smooth` on a line of its own"),
        "symmetric" | "nonsingular" => format!("write `assume {variable} {word}` on a line of its own"),
        _ if word.len() < 4 => return None,
        _ => {
            let known = WORDS.iter().chain(&["symmetric", "nonsingular"]).copied();
            let meant = suggest(word, known.filter(|known| known.len() >= 4))?;
            format!("did you mean `{variable} {meant}`?")
        }
    })
}

/// The trees a condition speaks of.
fn sides(condition: &Condition) -> Vec<&Tree> {
    match &condition.kind {
        ConditionKind::Compare(chain) => {
            std::iter::once(&chain.first).chain(chain.rest.iter().map(|(_, side)| side)).collect()
        }
        ConditionKind::Real(tree) | ConditionKind::Integer(tree) | ConditionKind::PositiveDefinite(tree) => {
            vec![tree]
        }
        ConditionKind::OneOf(tree, values) => std::iter::once(tree).chain(values).collect(),
        ConditionKind::Range(tree, from, to) => vec![tree, from, to],
        ConditionKind::Sphere(trees) => trees.iter().collect(),
    }
}

/// Names that are neither functions nor constants nor bound.
#[derive(Default)]
struct FreeNames<'t> {
    names: Vec<(String, Span)>,
    seen: FxHashSet<&'t str>,
    bound: Vec<&'t str>,
}

impl<'t> FreeNames<'t> {
    fn collect(&mut self, tree: &'t Tree) {
        match &tree.kind {
            Kind::Name(name) => self.name(name, tree.span),
            Kind::Range { body, variable, from, to, .. } => {
                self.bound.push(variable);
                self.collect(body);
                self.bound.pop();
                from.iter().chain(to).for_each(|end| self.collect(end));
            }
            _ => tree.parts().into_iter().for_each(|part| self.collect(part)),
        }
    }

    fn name(&mut self, name: &'t str, span: Span) {
        let is_free = !CONSTANTS.contains(&name) && !self.bound.contains(&name);
        if is_free && self.seen.insert(name) {
            self.names.push((name.into(), span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::show::show;
    use super::*;

    fn words(condition: &Condition) -> String {
        let trees = sides(condition).into_iter().map(show).collect::<Vec<_>>().join(" ");
        match &condition.kind {
            ConditionKind::Compare(chain) => {
                let rest = chain.rest.iter().map(|(relation, side)| format!(" {relation:?} {}", show(side)));
                show(&chain.first) + &rest.collect::<String>()
            }
            ConditionKind::Real(_) => format!("{trees} real"),
            ConditionKind::Integer(_) => format!("{trees} integer"),
            ConditionKind::OneOf(..) => format!("one of {trees}"),
            ConditionKind::Range(..) => format!("range {trees}"),
            ConditionKind::Sphere(_) => format!("sphere {trees}"),
            ConditionKind::PositiveDefinite(_) => format!("definite {trees}"),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (conditions, diagnostics) = parse_conditions(text, 0);
        let conditions = conditions.unwrap_or_else(|| panic!("{diagnostics:?}"));
        assert_eq!(conditions.iter().map(words).collect::<Vec<_>>(), expected);
    }

    #[track_caller]
    fn check_errors(text: &str, expected: &[(&str, u32)]) {
        let (conditions, diagnostics) = parse_conditions(text, 0);
        assert!(conditions.is_none());
        let found: Vec<_> = diagnostics.iter().map(|d| (d.code.name(), d.span.start)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn conditions_say_where_variables_live() {
        check("x > 0, n integer, y != 0", &["x Greater 0", "n integer", "y NotEqual 0"]);
        check("0 < p < 1, t real", &["0 Less p Less 1", "t real"]);
        check("x in {0, 1}, k in 0..n", &["one of x 0 1", "range k 0 n"]);
        check("n integer >= 1", &["n integer", "n GreaterOrEqual 1"]);
        check("x ∈ {0,1}", &["one of x 0 1"]);
        check("(x1, x2, x3) in sphere", &["sphere x1 x2 x3"]);
        check("[x11, x12; x12, x22] positive definite", &["definite [x11, x12; x12, x22]"]);
        check("(a + b) > 0", &["(+ a +b) Greater 0"]);
        check("-pi <= x < pi", &["(neg pi) LessOrEqual x Less pi"]);
        check("", &[]);
    }

    #[test]
    fn spans_hold_whole_conditions() {
        let text = "x > 0, n integer >= 1, k in {0, 1}";
        let conditions = parse_conditions(text, 0).0.expect("conditions");
        let pieces: Vec<_> =
            conditions.iter().map(|c| &text[c.span.start as usize..c.span.end as usize]).collect();
        assert_eq!(pieces, ["x > 0", "n integer", "n integer >= 1", "k in {0, 1}"]);
    }

    #[test]
    fn each_condition_reports_its_own_mistake() {
        check_errors("x, y rael, z > 0", &[("syntax", 0), ("syntax", 5)]);
        check_errors("x in (0, 1)", &[("syntax", 5)]);
        check_errors("x positive", &[("syntax", 2)]);
        check_errors("x in {}", &[("syntax", 5)]);
        check_errors("x + 1 real", &[("syntax", 0)]);
        check_errors("(x, y) in circle", &[("syntax", 10)]);
        check_errors("x > 0,", &[("syntax", 6)]);
        check_errors("x > , y <", &[("syntax", 4), ("syntax", 9)]);
        let help = |text| parse_conditions(text, 0).1[0].help().expect("help");
        assert_eq!(help("y rael"), "did you mean `y real`?");
        assert_eq!(help("x positive"), "write `x > 0`");
        assert_eq!(help("x in (0, inf)"), "write `x > 0`");
        assert_eq!(help("x in [0, 1)"), "write `0 <= x < 1`");
        assert_eq!(help("x in 1"), "write `x in {0, 1}`, `x in 0..10` or `x integer >= 0`");
    }

    #[test]
    fn names_are_collected_in_order_without_constants_and_bound_ones() {
        let names = |text| {
            names_of(&parse_conditions(text, 0).0.expect("conditions"))
                .into_iter()
                .map(|n| n.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("p2 > 0, p1 > 0, p1 + p2 < 1"), ["p2", "p1"]);
        assert_eq!(names("-pi <= x < f(pi, y)"), ["x", "y"]);
        assert_eq!(names("x > sum(k*a, k = 1..n)"), ["x", "a", "n"]);
    }
}
