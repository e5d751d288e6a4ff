//! The text of a family, and of fences with assumptions, definitions and claims.
//!
//! ```text
//! family exponential(lambda > 0)
//! x > 0
//! log p(x) = log(lambda) - lambda*x
//! claim fisher = [1/lambda^2]     source "textbook"     expect: proved
//! ```
//! Each line is read alone, so every mistake of a file is reported at once; what a whole family lacks is
//! said when it ends. The grammar with examples is `grammar/derivation.ebnf`.

use super::assumptions::assumptions;
use super::claims::{ChainClaim, chain_claim};
use super::declare::{DECLARATIONS, declaration, is_declaration};
use super::family::FamilyBuilder;
use super::latex::Macros;
use super::lines::{KEYWORDS, Line, first_word, logical_lines};
use super::parser::limited;
use super::{Condition, Declaration, Definition, Display, FamilyText, Formula};
use crate::text::{Code, Diagnostic, Span, suggest};

/// Everything a text says, and everything wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Fences of a Markdown file; a plain text is a single one.
    pub fences: Vec<Fence>,
    /// Displayed formulas of a Markdown file, in the order of the text.
    pub displays: Vec<Display>,
    /// Where its inline formulas stand, in the order of the text; they are read where it is asked for.
    pub inline: Vec<Formula>,
    /// What the file defines with `\newcommand`, for the formulas that are read later.
    pub macros: Macros,
    /// Whether the text was read as Markdown.
    pub is_markdown: bool,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// What stands in one fence.
#[derive(Clone, Debug, PartialEq)]
pub struct Fence {
    /// The fence with its marks, or the whole plain text.
    pub span: Span,
    /// What it says, in order; lines with mistakes are left out.
    pub items: Vec<Item>,
}

/// One thing said in a fence.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `family …` with all its lines.
    Family(Box<FamilyText>),
    /// `assume x > 0, n integer`: what is said in the words of scalars; `assume F nonsingular` and
    /// `assume norm(v) = 1` are declarations.
    Assume(Vec<Condition>),
    /// `let a = …`, outside a family; the value may be abstract, `let F = fisher(p)`.
    Definition(Definition),
    /// `claim a = b where …`, outside a family.
    Claim(Box<ChainClaim>),
    /// `density p(x | theta)` and whatever else an article speaks of.
    Declaration(Declaration),
}

impl Document {
    /// The families of all fences.
    pub fn families(&self) -> impl Iterator<Item = &FamilyText> {
        self.fences.iter().flat_map(|fence| &fence.items).filter_map(|item| match item {
            Item::Family(family) => Some(&**family),
            _ => None,
        })
    }
}

/// Reads plain text, such as a family from standard input.
pub fn read_plain(text: &str) -> Document {
    let mut diagnostics = Vec::new();
    let fence = read_fence(text, 0, &mut diagnostics);
    if fence.items.is_empty() && diagnostics.is_empty() {
        let code = Code::EmptyInput { what: "a family".into() };
        let help = "a family is three lines, such as `family exponential(lambda > 0)`, `x > 0` and \
                    `log p(x) = log(lambda) - lambda*x`";
        diagnostics.push(Diagnostic::error(code, Span::new(0, 0)).with_help(help));
    }
    let (displays, inline, macros) = (Vec::new(), Vec::new(), Macros::default());
    Document {
        fences: vec![fence],
        displays,
        inline,
        macros,
        is_markdown: false,
        diagnostics: limited(diagnostics),
    }
}

/// Reads a file of declarations that stands beside an article: one fence, without its marks.
pub fn read_declarations(text: &str) -> Document {
    let mut document = read_plain(text);
    for diagnostic in &mut document.diagnostics {
        if matches!(diagnostic.code, Code::EmptyInput { .. }) {
            let code = Code::EmptyInput { what: "declarations".into() };
            let help = "declare what the article speaks of, such as `density p(x | theta)` and `vector theta in R^n`";
            *diagnostic = Diagnostic::error(code, diagnostic.span).with_help(help);
        }
    }
    document
}

/// Reads the lines of one fence, whose text starts at `base` in its file.
pub(super) fn read_fence(text: &str, base: usize, diagnostics: &mut Vec<Diagnostic>) -> Fence {
    let before = diagnostics.len();
    let mut reader = Reader { items: Vec::new(), family: None, has_keyword: false, diagnostics };
    for range in logical_lines(text) {
        reader.line(Line { text: &text[range.clone()], base: base + range.start });
    }
    reader.end_family();
    if !reader.has_keyword {
        // Something else altogether, such as an article: one complaint says so.
        reader.diagnostics.truncate(before + 1);
    }
    Fence { span: Span::new(base, base + text.len()), items: reader.items }
}

struct Reader<'d> {
    items: Vec<Item>,
    family: Option<FamilyBuilder>,
    /// Some line starts with a keyword, or nearly.
    has_keyword: bool,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn line(&mut self, line: Line) {
        let word = first_word(line.text);
        let rest = line.after(word.len());
        self.has_keyword |= KEYWORDS.contains(&word);
        match word {
            "family" => {
                self.end_family();
                self.family = Some(FamilyBuilder::new(line, rest, self.diagnostics));
            }
            "assume" => {
                self.end_family();
                self.items.extend(assumptions(line, rest, self.diagnostics));
            }
            _ if is_declaration(word, rest) => {
                self.end_family();
                let declaration = declaration(line, word, rest, self.diagnostics);
                self.items.extend(declaration.map(Item::Declaration));
            }
            _ if self.unknown_keyword(line, word, rest) => {}
            _ => match &mut self.family {
                Some(family) => family.line(line, word, rest, self.diagnostics),
                None => self.outside(line, word, rest),
            },
        }
    }

    fn end_family(&mut self) {
        if let Some(family) = self.family.take() {
            self.items.extend(family.finish(self.diagnostics).map(|family| Item::Family(Box::new(family))));
        }
    }

    /// A line that starts with two names, the first of them nearly a keyword or followed by prose.
    fn unknown_keyword(&mut self, line: Line, word: &str, rest: Line) -> bool {
        let next = first_word(rest.text);
        let two_names = next.starts_with(char::is_alphabetic) && rest.base > line.base + word.len();
        let says_something = ["real", "integer", "in", "positive", "prop"].contains(&next)
            || super::conditions::condition_help(word, next).is_some();
        if !two_names || word.is_empty() || says_something || KEYWORDS.contains(&word) {
            return false;
        }
        let suggestion = suggest(word, KEYWORDS.iter().copied());
        self.has_keyword |= suggestion.is_some();
        let code = Code::UnknownLine { word: word.into(), suggestion };
        self.diagnostics.push(Diagnostic::error(code, line.before(word.len()).span()));
        true
    }

    fn outside(&mut self, line: Line, word: &str, rest: Line) {
        match word {
            "let" => self.items.extend(definition(rest, self.diagnostics).map(Item::Definition)),
            "claim" => {
                let claim = chain_claim(line, rest, self.diagnostics);
                self.items.extend(claim.map(|claim| Item::Claim(Box::new(claim))));
            }
            _ if DECLARATIONS.contains(&word) && !is_density(line.text) => {
                let declaration = declaration(line, word, rest, self.diagnostics);
                self.items.extend(declaration.map(Item::Declaration));
            }
            _ => self.no_family(line, word),
        }
    }

    /// A line that belongs to a family, where there is none.
    fn no_family(&mut self, line: Line, word: &str) {
        let belongs = KEYWORDS.contains(&word) || is_density(line.text);
        let short: String = line.text.chars().take_while(|&c| c != '\n').take(40).collect();
        let (expected, help) = match belongs {
            true => (
                "a family before this line",
                "begin with `family NAME(…)` and the parameters' domains".to_string(),
            ),
            false => (
                "`family`, `assume`, `let`, `claim` or a declaration",
                format!("outside a family, say `assume {short}` or `claim {short}`"),
            ),
        };
        let code = Code::Syntax { expected: expected.into(), found: format!("`{short}`") };
        self.diagnostics.push(Diagnostic::error(code, line.span()).with_help(help));
    }
}

/// `log p(x) = …`, `p(x) = …`
pub(super) fn is_density(text: &str) -> bool {
    let text = text.strip_prefix("log").filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(text);
    let text = text.trim_start();
    let after_name = &text[first_word(text).len()..];
    let equation = after_name
        .split_once('=')
        .is_some_and(|(left, _)| !left.ends_with(['<', '>', '!']) && !left.contains(['<', '>']));
    text.starts_with(char::is_alphabetic) && after_name.starts_with('(') && equation
}

/// `a = …`, the line of a `let` after its keyword.
pub(super) fn definition(line: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<Definition> {
    let mut definition = None;
    line.read(diagnostics, |parser| parser.parts(&[], &mut |parser, _| definition = parser.assignment()))?;
    definition
}

#[cfg(test)]
mod tests {
    use super::super::show::show;
    use super::super::{ConditionKind, read_document};
    use super::*;
    use crate::text::{Source, render};

    const BINOMIAL: &str = "\
family binomial(0 < p < 1; n integer >= 1)      # parameters with their domains; known constants
x in 0..n                                       # sample space
log p(x) = log(binomial(n, x)) + x*log(p) + (n - x)*log(1 - p)       # or p(x) = …
coordinates logit(t real): p = 1/(1 + exp(-t))  # any number
claim fisher = [n/(p*(1 - p))]     source \"a #1 book\"
claim fisher in logit = [n*exp(t)/(1 + exp(t))^2]     source \"…\"     expect: proved
";

    fn names(names: &[(String, Span)]) -> Vec<&str> {
        names.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[track_caller]
    fn family(text: &str) -> FamilyText {
        let document = read_plain(text);
        assert_eq!(
            document.diagnostics,
            [],
            "{}",
            render(&Source::new("t", text), &document.diagnostics, false)
        );
        document.families().next().expect("a family").clone()
    }

    #[track_caller]
    fn check_errors(text: &str, expected: &[(&str, &str)]) {
        let document = read_plain(text);
        let source = Source::new("t", text);
        let found: Vec<_> =
            document.diagnostics.iter().map(|d| (d.code.name(), source.slice(d.span))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_family_is_its_first_line_its_sample_space_and_its_density() {
        let family = family(BINOMIAL);
        assert_eq!(family.name, "binomial");
        assert_eq!(names(&family.parameter_names), ["p"]);
        assert_eq!(names(&family.constant_names), ["n"]);
        assert_eq!(names(&family.variable_names), ["x"]);
        assert_eq!(family.constants.len(), 2);
        assert!(matches!(&family.sample_space[0].kind, ConditionKind::Range(..)));
        assert!(family.density.is_log);
        assert_eq!(family.coordinates[0].name, "logit");
        assert_eq!(names(&family.coordinates[0].names), ["t"]);
        assert_eq!(show(&family.coordinates[0].definitions[0].2), "(* 1 /(+ 1 +(exp (neg t))))");
        let [first, second] = family.claims.as_slice() else { panic!("two claims") };
        assert_eq!(
            (first.quantity.as_str(), first.source.as_deref(), &first.expect),
            ("fisher", Some("a #1 book"), &None)
        );
        assert_eq!(second.coordinates.as_ref().map(|c| c.0.as_str()), Some("logit"));
        assert_eq!(second.expect.as_ref().map(|e| e.0.as_str()), Some("proved"));
        let source = Source::new("t", BINOMIAL);
        assert_eq!(source.slice(family.name_span), "binomial");
        assert_eq!(source.slice(second.value.span), "[n*exp(t)/(1 + exp(t))^2]");
        assert_eq!(source.slice(second.coordinates.as_ref().expect("logit").1), "logit");
        assert!(
            source.slice(family.span).starts_with("family") && source.slice(family.span).ends_with("proved")
        );
    }

    #[test]
    fn all_sample_spaces_and_joint_domains_are_read() {
        let header = "family f(a real)\n";
        let spaces = [
            ("x real", "p(x)"),
            ("x > 0", "p(x)"),
            ("x >= a", "p(x)"),
            ("0 < x < 1", "p(x)"),
            ("-pi <= x < pi", "p(x)"),
            ("x in {0, 1}", "p(x)"),
            ("x integer >= 0", "p(x)"),
            ("x integer", "p(x)"),
            ("x1 > 0, x2 > 0, x1 + x2 < 1", "p(x1, x2)"),
            ("x1 in {0, 1}, x2 in {0, 1}, x1 + x2 <= 1", "log p(x1, x2)"),
            ("(x1, x2, x3) in sphere", "p(x1, x2, x3)"),
            ("[x11, x12; x12, x22] positive definite", "p(x11, x12, x22)"),
        ];
        for (space, density) in spaces {
            let family = family(&format!("{header}{space}\n{density} = a"));
            let arguments = density.split(['(', ')']).nth(1).expect("arguments");
            assert_eq!(names(&family.variable_names).join(", "), arguments);
        }
        let joint =
            family("family zero-inflated-f(p1 > 0, p2 > 0, p1 + p2 < 1, theta > a; a > 0)\nx > a\np(x) = 1");
        assert_eq!(joint.name, "zero-inflated-f");
        assert_eq!(names(&joint.parameter_names), ["p1", "p2", "theta"]);
        assert_eq!(names(&joint.constant_names), ["a"]);
    }

    #[test]
    fn atoms_definitions_and_long_formulas_are_read() {
        let family = family(
            "family f(λ > 0, 0 < w < 1)\r\nx integer >= 0\r\nlet r = exp(-λ)\r\n\
             log p(x) = log(1 - w)\r\n  + x*log(λ) # more\r\n  - lgamma(x +\r\n1)\r\n\
             log p(0) = log(w + (1 - w)*r)",
        );
        assert_eq!(names(&family.parameter_names), ["lambda", "w"]);
        assert_eq!(show(&family.density.body), "(+ (log (+ 1 -w)) +(* x (log lambda)) -(lgamma (+ x +1)))");
        assert_eq!(family.atoms.len(), 1);
        assert_eq!(show(&family.atoms[0].point[0]), "0");
        assert_eq!(family.definitions[0].0, "r");
    }

    #[test]
    fn fences_hold_assumptions_definitions_and_claims() {
        let text = "assume x > 0, n integer\nlet a = x^2\n\
            claim log(a) = 2*log(x) where x > 1, n >= 2 source \"s\" expect: refuted, (why\n\
            claim a <= b < c";
        let document = read_plain(text);
        assert_eq!(document.diagnostics, []);
        let [Item::Assume(conditions), Item::Definition(definition), Item::Claim(first), Item::Claim(second)] =
            document.fences[0].items.as_slice()
        else {
            panic!("{:?}", document.fences)
        };
        assert_eq!((conditions.len(), definition.0.as_str()), (2, "a"));
        assert_eq!((first.conditions.len(), first.source.as_deref()), (2, Some("s")));
        assert_eq!(first.expect.as_ref().map(|e| e.0.as_str()), Some("refuted, (why"));
        assert_eq!(second.chain.rest.len(), 2);
    }

    #[test]
    fn every_line_reports_its_own_mistake() {
        check_errors(
            "family f(mu reel, sigma > 0)\nx real\nlog p(x) = a b\ncoordinates c(t real) p = t\n\
             claim fihser = [1]\nlet a = (1",
            &[
                ("syntax", "reel"),
                ("syntax", "b"),
                ("syntax", "p"),
                ("unknown-quantity", "fihser"),
                ("unclosed-bracket", "("),
            ],
        );
        check_errors("family f(mu real)", &[("missing-part", "f"), ("missing-part", "f")]);
        check_errors("x > 0\nlog p(x) = x", &[("syntax", "x > 0"), ("syntax", "log p(x) = x")]);
        check_errors("family f(m real)\nx real\nlogg p(x) = x\np(x) = m", &[("unknown-line", "logg")]);
        check_errors("family f(m real)\nx real\np(x) = m\np(x) = 2", &[("duplicate-name", "p")]);
        check_errors("family f(m real)\nx > k\np(x) = m", &[("unknown-name", "k")]);
        check_errors("family f(m real)\nx real\np(x, y) = m", &[("undeclared-variable", "y")]);
        check_errors("family f(0 < pi < 1)\nx real\np(x) = 1", &[("reserved-name", "0 < pi < 1")]);
        check_errors(
            "family f(m real)\nx real\np(x) = m\nclaim kl in logi = 1\ncoordinates logit(t real): m = t",
            &[("unknown-coordinates", "logi")],
        );
        check_errors(
            "family f(m real)\nx real\np(x) = m\ncoordinates c(t real): n = t",
            &[("unexpected-value", "n")],
        );
        check_errors("family f(m real)\nx real\np(x) = m\nlet m = 2", &[("duplicate-name", "m")]);
        check_errors(
            "claim a = b source \"x\" y\nclaim a\nclaim a = b expect:",
            &[("syntax", "y"), ("syntax", ""), ("syntax", "")],
        );
        check_errors("", &[("empty-input", "")]);
    }

    #[test]
    fn diagnostics_of_a_family_read_well() {
        let text = "family gama(alpha > 0, beta positive)\nx in (0, inf)\n\
            log p(x) = alpha*log(beta) - lgamma(alpha) + (alpha - 1) log(x) - 1/2 beta*x\n\
            claim fisher in scael = [trigamma(alpha), -1/beta; alpha/beta^2]\n";
        insta::assert_snapshot!(render(&Source::new("gamma.md", text), &read_document(text).diagnostics, false), @r"
        error[syntax]: expected a condition, found `positive`
         --> gamma.md:1:29
          |
        1 | family gama(alpha > 0, beta positive)
          |                             ^^^^^^^^ expected a condition
          |
          = help: write `beta > 0`

        error[syntax]: expected `{…}` or a range `a..b`, found `(0, inf)`
         --> gamma.md:2:6
          |
        2 | x in (0, inf)
          |      ^^^^^^^^ expected `{…}` or a range `a..b`
          |
          = help: write `x > 0`

        error[syntax]: expected an operator, found `log`
         --> gamma.md:3:58
          |
        3 | log p(x) = alpha*log(beta) - lgamma(alpha) + (alpha - 1) log(x) - 1/2 beta*x
          |                                                          ^^^ expected an operator
          |
          = help: a product of two names or brackets needs its sign: `(alpha - 1)*log(x)`

        error[ragged-matrix]: this row has 1 entry, the first has 2 entries
         --> gamma.md:4:52
          |
        4 | claim fisher in scael = [trigamma(alpha), -1/beta; alpha/beta^2]
          |                                                    ^^^^^^^^^^^^ expected 2 entries
        ");
    }

    proptest::proptest! {
        #[test]
        fn no_document_is_too_strange(words in proptest::collection::vec(proptest::sample::select(SOUP), 0..40)) {
            let text = words.concat();
            for document in [read_document(&text), read_plain(&text)] {
                for diagnostic in &document.diagnostics {
                    let (start, end) = (diagnostic.span.start as usize, diagnostic.span.end as usize);
                    proptest::prop_assert!(text.get(start..end).is_some(), "{:?} in {:?}", diagnostic, text);
                }
                render(&Source::new("t", text.clone()), &document.diagnostics, true);
            }
        }
    }

    #[rustfmt::skip]
    const SOUP: &[&str] = &[
        "family f(", "m real", "; ", "\n", "\n", "\r\n", "x > 0", "log p(x) = ", "p(", "μ", "claim ", "fisher",
        " in ", " = ", "[1, 2]", "source \"", "\"", "expect: ", "where ", "let a", "assume ", "coordinates ",
        "density p(x | θ) ", "vector d in R^", "scale d ~ ", "at \"", "by ", "; ", "$$", "assume F ", "write p for ", "scalar a",
        "c(t real): ", "# ", "(", ")", "\n```referee\n", "\n```\n", "> ", "- ", "\t", "|", ",", "log", "é", "in sphere",
    ];
}
