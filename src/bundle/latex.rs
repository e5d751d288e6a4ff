//! A derivation → a fragment of an article: every closed form, named, in displays that compile under amsmath.
//!
//! A sum that is wider than a line is broken between its terms, the sides of a fraction that is wider get names, and a
//! matrix that is wider is written entry by entry.

use rustc_hash::FxHashSet;

use crate::expr::{Expr, Fact, Node, Store};
use crate::number::Rational;
use crate::print::latex::{display, name, quotient, rows_of_text, terms, width};
use crate::stats::family::Parameter;
use crate::stats::{Derivation, Status};

/// The width of a line of mathematics, in letters.
const LINE: usize = 72;

/// Longer lists of names are written as one letter.
const SHORT: usize = 12;

/// Every closed form of the derivation, as a self-contained fragment.
///
/// ```
/// use referee::{bundle::latex::latex, deck, expr::Store, stats, syntax};
///
/// let text = "family poisson(lambda > 0)\nx integer >= 0\nlog p(x) = x*log(lambda) - lambda - lgamma(x + 1)";
/// let document = syntax::read_document(text);
/// let mut store = Store::new();
/// let texts: Vec<_> = document.families().collect();
/// let family = deck::families(&mut store, &texts, text, &mut Vec::new()).swap_remove(0);
/// let derivation = stats::derive(&mut store, &family);
/// assert!(latex(&mut store, &derivation).contains(r"F(\lambda) &= \frac{1}{\lambda}"));
/// ```
pub fn latex(store: &mut Store, derivation: &Derivation) -> String {
    let mut article = Article { store, derivation, text: String::new(), sides: Vec::new() };
    article.header();
    article.density();
    article.exponential_form();
    article.score();
    article.fisher();
    article.natural_gradient();
    article.divergence();
    article.text
}

struct Article<'a> {
    store: &'a Store,
    derivation: &'a Derivation,
    text: String,
    /// Sides of fractions that have a name: the text with its lines, and the name.
    sides: Vec<(String, String)>,
}

impl Article<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// `\alpha, \beta`
    fn list(parameters: &[Parameter]) -> String {
        parameters.iter().map(|p| name(&p.name)).collect::<Vec<_>>().join(", ")
    }

    /// θ, or its names where they are few.
    fn theta(&self) -> String {
        self.short("theta", &self.derivation.family.parameters)
    }

    /// x, or its names where they are few.
    fn observation(&self) -> String {
        self.short("x", &self.derivation.family.variables)
    }

    fn short(&self, letter: &str, parameters: &[Parameter]) -> String {
        let list = Self::list(parameters);
        if width(&list) > SHORT && !self.is_name(letter) { name(letter) } else { list }
    }

    /// Is something of the family called so?
    fn is_name(&self, word: &str) -> bool {
        let family = &self.derivation.family;
        let mut all = family.parameters.iter().chain(&family.constants).chain(&family.variables);
        all.any(|p| p.name == word || name(&p.name).starts_with(&format!("{}_", name(word))))
    }

    fn header(&mut self) {
        let family = &self.derivation.family;
        let remark = |text: &str| text.replace(['\n', '\r'], " ");
        let names: Vec<&str> = family.parameters.iter().map(|p| p.name.as_str()).collect();
        let lines = [
            format!("% {}, coordinates {} ({})", remark(&family.name), remark(&self.derivation.coordinates), names.join(", ")),
            "% All quantities are of one observation; the score and the information are in these coordinates.".to_owned(),
            format!("% Derived by Referee {}. Needs \\usepackage{{amsmath}}.", env!("CARGO_PKG_VERSION")),
        ];
        for line in lines {
            self.line(&line);
        }
        let all = family.parameters.iter().chain(&family.constants).chain(&family.variables);
        let all: Vec<&str> = all.map(|p| p.name.as_str()).collect();
        for (at, one) in all.iter().enumerate() {
            for other in all[..at].iter().filter(|other| name(other) == name(one)) {
                self.line(&format!("% The names {other} and {one} are printed alike: rename one of them."));
            }
        }
        if let Some(reason) = &self.derivation.reason {
            self.line(&format!("% Not everything has a closed form: {}", remark(reason)));
        }
    }

    /// A heading, and equations below each other.
    fn section(&mut self, title: &str, equations: &[(String, Expr)]) {
        let known = self.sides.len();
        let equations: Vec<String> =
            equations.iter().map(|(left, right)| self.equation(left, *right)).collect();
        self.section_of_text(title, &equations);
        self.where_sides(known);
    }

    fn section_of_text(&mut self, title: &str, equations: &[String]) {
        if equations.is_empty() {
            return;
        }
        self.line(&format!("\n\\medskip\\noindent\\textbf{{{title}.}}"));
        self.display(equations);
    }

    fn display(&mut self, equations: &[String]) {
        self.line("\\begin{align*}");
        self.text.push_str(&equations.join(" \\\\\n"));
        self.line("\n\\end{align*}");
    }

    fn equation(&mut self, left: &str, right: Expr) -> String {
        let room = LINE.saturating_sub(width(left));
        if let Some((over, under)) = quotient(self.store, right)
            && width(&over.join(" ")).max(width(&under.join(" "))) > room
        {
            let (over, under) = (self.side(&over), self.side(&under));
            return format!("{left} &= \\frac{{{over}}}{{{under}}}");
        }
        format!("{left} &= {}", broken(&terms(self.store, right), room))
    }

    /// A side of a wide fraction, or its name where it is wide itself; the name is explained with [`Self::where_sides`].
    fn side(&mut self, terms: &[String]) -> String {
        let text = broken(terms, LINE);
        if width(&text) <= LINE / 2 {
            return terms.join(" ");
        }
        if let Some((_, known)) = self.sides.iter().find(|(side, _)| *side == text) {
            return known.clone();
        }
        let letter =
            ["D", "N", "Delta", "Lambda"].into_iter().find(|letter| !self.is_name(letter)).unwrap_or("Xi");
        let known = format!("{}_{{{}}}", name(letter), self.sides.len() + 1);
        self.sides.push((text, known.clone()));
        known
    }

    /// What the names of sides of fractions stand for that are new since there were `known` of them.
    fn where_sides(&mut self, known: usize) {
        let equations: Vec<String> =
            self.sides[known..].iter().map(|(side, name)| format!("{name} &= {side}")).collect();
        if !equations.is_empty() {
            self.line("where");
            self.display(&equations);
        }
    }

    fn density(&mut self) {
        let family = &self.derivation.family;
        let left = format!("\\log p({} \\mid {})", self.observation(), self.theta());
        let mut equations = vec![(left, family.log_density)];
        for atom in &family.atoms {
            let point: Vec<String> = atom.point.iter().map(|e| display(self.store, *e)).collect();
            let left = format!("\\log P({} \\mid {})", point.join(", "), self.theta());
            equations.push((left, atom.log_probability));
        }
        self.section("Density", &equations);
        let mut said: Vec<String> = Vec::new();
        for (short, all) in [(self.theta(), &family.parameters), (self.observation(), &family.variables)] {
            let list = Self::list(all);
            said.extend((short != list).then(|| format!("${short} = ({list})$")));
        }
        let facts = family.sample_facts.iter().chain(&family.facts);
        said.extend(facts.filter_map(|fact| condition(self.store, fact)).map(|text| format!("${text}$")));
        let mut seen = FxHashSet::default();
        said.retain(|text| seen.insert(text.clone()));
        if !said.is_empty() {
            self.line(&format!("with {}.", said.join(", ")));
        }
    }

    fn exponential_form(&mut self) {
        let Some(form) = &self.derivation.exponential else { return };
        let (theta, x) = (self.theta(), self.observation());
        let numbered = |list: &[Expr], left: &dyn Fn(&str) -> String| -> Vec<(String, Expr)> {
            let number = |at: usize| if list.len() == 1 { String::new() } else { format!("_{{{}}}", at + 1) };
            list.iter().enumerate().map(|(at, e)| (left(&number(at)), *e)).collect()
        };
        let natural = numbered(&form.natural, &|number| format!("\\eta{number}({theta})"));
        self.section("Natural parameters", &natural);
        let statistics = numbered(&form.statistics, &|number| format!("T{number}({x})"));
        self.section("Sufficient statistics", &statistics);
        let partition = (format!("A({theta})"), form.log_partition);
        let measure = (format!("\\log h({x})"), form.log_base_measure);
        self.section("Log-partition and base measure", &[partition, measure]);
        if let Some(mean) = &self.derivation.mean {
            let mean = numbered(mean, &|number| format!("\\mathbb{{E}}[T{number}({x})]"));
            self.section("Mean parameters", &mean);
        }
    }

    fn score(&mut self) {
        let density = format!("\\log p({} \\mid {})", self.observation(), self.theta());
        let left = |p: &Parameter| format!("\\frac{{\\partial}}{{\\partial {}}} {density}", name(&p.name));
        let equations = self.by_parameter(&left, &self.derivation.score);
        self.section("Score", &equations);
    }

    fn by_parameter(&self, left: &dyn Fn(&Parameter) -> String, values: &[Expr]) -> Vec<(String, Expr)> {
        self.derivation.family.parameters.iter().zip(values).map(|(p, e)| (left(p), *e)).collect()
    }

    fn fisher(&mut self) {
        let derivation = self.derivation;
        let theta = self.theta();
        if let Some(fisher) = &derivation.fisher {
            self.matrix("Fisher information", (&format!("F({theta})"), "F"), fisher);
        } else if derivation.status == Status::Partial {
            let entries = self.entries("F", &derivation.fisher_entries);
            self.section("Fisher information, as far as it has closed forms", &entries);
        }
        if let Some(inverse) = &derivation.fisher_inverse {
            let names = (format!("F({theta})^{{-1}}"), "(F^{-1})");
            self.matrix("Inverse of the Fisher information", (&names.0, names.1), inverse);
        }
        if let Some(determinant) = derivation.determinant {
            let equation = (format!("\\det F({theta})"), determinant);
            self.section("Determinant of the Fisher information", &[equation]);
        }
    }

    /// A matrix as a whole, or by its entries where it is too wide.
    fn matrix(&mut self, title: &str, (left, letter): (&str, &str), rows: &[Vec<Expr>]) {
        if let [row] = rows
            && let [entry] = row.as_slice()
        {
            return self.section(title, &[(left.to_owned(), *entry)]);
        }
        let texts: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|e| display(self.store, *e)).collect()).collect();
        let column = |at: usize| 2 + texts.iter().map(|row| width(&row[at])).max().unwrap_or(0);
        let widest: usize = (0..rows.len()).map(column).sum();
        // Matrices of amsmath have ten columns at most.
        if widest + width(left) <= LINE && rows.len() <= 10 {
            return self.section_of_text(title, &[format!("{left} &= {}", rows_of_text(&texts))]);
        }
        let entries: Vec<Vec<Option<Expr>>> =
            rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect();
        let entries = self.entries(letter, &entries);
        self.section(&format!("{title}, symmetric, by its entries that are not 0"), &entries);
    }

    /// The known entries of a symmetric matrix on and below its diagonal, those that are 0 left out.
    fn entries(&self, letter: &str, rows: &[Vec<Option<Expr>>]) -> Vec<(String, Expr)> {
        let names: Vec<String> = self.derivation.family.parameters.iter().map(|p| name(&p.name)).collect();
        let mut entries = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            for (j, entry) in row.iter().enumerate().take(i + 1) {
                let entry = entry.filter(|e| *e != Store::ZERO);
                entries.extend(entry.map(|e| (format!("{letter}_{{{}, {}}}", names[i], names[j]), e)));
            }
        }
        entries
    }

    fn natural_gradient(&mut self) {
        let derivation = self.derivation;
        let Some(natural) = &derivation.natural_gradient else { return };
        let left = |p: &Parameter| format!("(F^{{-1}} g)_{{{}}}", name(&p.name));
        let equations = self.by_parameter(&left, natural);
        self.section("Natural gradient", &equations);
        let gradient: Vec<String> = derivation.gradient.iter().map(|e| display(self.store, *e)).collect();
        self.line(&format!("for a gradient $g = ({})^{{\\top}}$.", gradient.join(", ")));
    }

    fn divergence(&mut self) {
        let Some(kl) = self.derivation.kl else { return };
        let (theta, others) = (self.theta(), Self::list(&self.derivation.kl_parameters));
        let is_short = theta == Self::list(&self.derivation.family.parameters);
        let others = if is_short { others } else { format!("{theta}_{{q}}") };
        let left = format!("\\mathrm{{KL}}(p_{{{theta}}} \\,\\|\\, p_{{{others}}})");
        self.section("Kullback--Leibler divergence", &[(left, kl)]);
    }
}

/// The terms of a sum in lines of at most `room` letters, as far as the terms allow.
fn broken(terms: &[String], room: usize) -> String {
    let mut text = String::new();
    let mut filled = 0;
    for (position, term) in terms.iter().enumerate() {
        let more = width(term) + 2;
        if position > 0 && filled + more > room {
            text.push_str(" \\\\\n&\\quad ");
            filled = 2;
        } else if position > 0 {
            text.push(' ');
        }
        text.push_str(term);
        filled += more;
    }
    text
}

/// A fact as a condition, `0 < p` for p > 0; nothing where every real number is meant.
fn condition(store: &Store, fact: &Fact) -> Option<String> {
    let list = |list: &[Expr]| list.iter().map(|e| display(store, *e)).collect::<Vec<_>>();
    Some(match fact {
        Fact::Positive(e) => compared(store, *e, (">", "<")),
        Fact::NonNegative(e) => compared(store, *e, ("\\geq", "\\leq")),
        Fact::NonZero(e) => format!("{} \\neq 0", display(store, *e)),
        Fact::Zero(e) => format!("{} = 0", display(store, *e)),
        Fact::Real(_) => return None,
        Fact::Integer(e) => format!("{} \\in \\mathbb{{Z}}", display(store, *e)),
        Fact::OneOf(e, values) => format!("{} \\in \\{{{}\\}}", display(store, *e), list(values).join(", ")),
        Fact::Sphere(e) => {
            let squares: Vec<String> = list(e).iter().map(|x| format!("{x}^{{2}}")).collect();
            format!("{} = 1", squares.join(" + "))
        }
        Fact::PositiveDefinite(rows) => {
            let rows: Vec<Vec<String>> = rows.iter().map(|row| list(row)).collect();
            format!("{} \\succ 0", rows_of_text(&rows))
        }
    })
}

/// `e > 0` with its negative terms and its number on the other side; the number on the right where it is alone.
fn compared(store: &Store, e: Expr, (relation, reversed): (&str, &str)) -> String {
    let Node::Sum(list) = &store[e] else { return format!("{} {relation} 0", display(store, e)) };
    let side = |negative: bool| -> Vec<String> {
        let terms = list.iter().filter(|(c, term)| c.is_negative() == negative && *term != Store::ONE);
        terms.map(|(c, term)| times(&c.abs(), &display(store, *term))).collect()
    };
    let number = list.iter().find(|(_, term)| *term == Store::ONE).map(|(c, _)| c.clone());
    let number = number.unwrap_or(Rational::ZERO);
    let (left, mut right) = (side(false), side(true));
    if left.is_empty() {
        return format!("{} {reversed} {number}", right.join(" + "));
    }
    if right.is_empty() || number != Rational::ZERO {
        right.push((-&number).to_string());
    }
    format!("{} {relation} {}", left.join(" + "), right.join(" + "))
}

fn times(c: &Rational, term: &str) -> String {
    if *c == Rational::ONE { term.to_owned() } else { format!("{c} {term}") }
}
