//! The grammar is the specification: every example line of `grammar/*.ebnf` goes through its parser.

use referee::syntax::{
    Condition, FORMS, collect_macros, parse_assignments, parse_chain, parse_conditions, parse_expression,
    read_display, read_plain,
};
use referee::text::{Diagnostic, Severity};

const EXPRESSION: &str = include_str!("../../grammar/expression.ebnf");
const DERIVATION: &str = include_str!("../../grammar/derivation.ebnf");
const LATEX: &str = include_str!("../../grammar/latex.ebnf");

/// A production with its example lines.
struct Production {
    name: String,
    /// Its right side, without literals and words.
    symbols: Vec<String>,
    examples: Vec<Example>,
}

struct Example {
    accepted: bool,
    text: String,
    /// What stands behind `=>`.
    expected: Option<String>,
}

fn productions(grammar: &str) -> Vec<Production> {
    let mut productions: Vec<Production> = Vec::new();
    let mut in_comment = false;
    for line in grammar.lines() {
        in_comment |= line.starts_with("(*");
        if in_comment || line.is_empty() {
            in_comment &= !line.ends_with("*)");
        } else if let Some(text) = line.strip_prefix("  + ") {
            productions.last_mut().expect("a production").examples.push(example(true, text));
        } else if let Some(text) = line.strip_prefix("  - ") {
            productions.last_mut().expect("a production").examples.push(example(false, text));
        } else if line.starts_with(' ') {
            productions.last_mut().expect("a production").symbols.extend(symbols(line));
        } else {
            let (name, right) = line.split_once(" = ").unwrap_or_else(|| panic!("not a production: {line}"));
            let (name, symbols) = (name.to_string(), symbols(right));
            productions.push(Production { name, symbols, examples: Vec::new() });
        }
    }
    productions
}

fn example(accepted: bool, text: &str) -> Example {
    let (text, expected) = match text.split_once("=> ") {
        Some((text, expected)) => (text.trim_end(), Some(expected.to_string())),
        None => (text, None),
    };
    let lines: Vec<_> = text.split('⏎').map(str::trim).collect();
    Example { accepted, text: lines.join("\n"), expected }
}

/// The names of productions on a right side: what is neither quoted nor said in words.
fn symbols(right: &str) -> Vec<String> {
    let mut bare = String::new();
    let mut within = None;
    for character in right.chars() {
        match within {
            Some(mark) => within = (character != mark).then_some(mark),
            None if matches!(character, '"' | '\'' | '?') => within = Some(character),
            None => bare.push(character),
        }
    }
    let names = bare.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|name| !name.is_empty());
    names.map(String::from).collect()
}

/// What a line is read as, without its places, and the codes of its mistakes.
fn read(production: &str, text: &str) -> (Option<String>, Vec<String>) {
    fn shown<T: std::fmt::Debug>(read: (Option<T>, Vec<Diagnostic>)) -> (Option<String>, Vec<String>) {
        let codes = read.1.iter().map(|diagnostic| diagnostic.code.name().to_string()).collect();
        (read.0.map(|read| without_places(&format!("{read:?}"))), codes)
    }
    match production {
        "chain" | "relation" => shown(parse_chain(text, 0)),
        "conditions" | "condition" | "comparison" | "kind" | "choice" | "sphere" | "definite" => {
            let (conditions, diagnostics) = parse_conditions(text, 0);
            let kinds =
                |conditions: Vec<Condition>| conditions.into_iter().map(|c| c.kind).collect::<Vec<_>>();
            shown((conditions.map(kinds), diagnostics))
        }
        "assignments" | "assignment" => shown(parse_assignments(text, 0)),
        _ => shown(parse_expression(text, 0)),
    }
}

/// A family or fence: what it says when nothing is wrong with it.
fn read_lines(text: &str) -> (Option<String>, Vec<String>) {
    let document = read_plain(text);
    let codes: Vec<_> = document.diagnostics.iter().map(|d| d.code.name().to_string()).collect();
    (codes.is_empty().then(|| without_places(&format!("{:?}", document.fences))), codes)
}

/// A display: its rows when none has an error.
fn read_latex(text: &str) -> (Option<String>, Vec<String>) {
    let rows = read_display(text, 0, &collect_macros(text).0);
    let diagnostics = rows.iter().flat_map(|row| &row.diagnostics);
    let errors = diagnostics.filter(|diagnostic| diagnostic.severity == Severity::Error);
    let codes: Vec<_> = errors.map(|diagnostic| diagnostic.code.name().to_string()).collect();
    (codes.is_empty().then(|| without_places(&format!("{rows:?}"))), codes)
}

/// The debug form of a tree with every `Span { … }` cut out.
fn without_places(debug: &str) -> String {
    let mut pieces = debug.split("Span {");
    let first = pieces.next().expect("split gives a first piece").to_string();
    pieces.fold(first, |text, piece| text + piece.split_once('}').map_or(piece, |(_, rest)| rest))
}

#[track_caller]
fn check(grammar: &str, reader: impl Fn(&str, &str) -> (Option<String>, Vec<String>)) {
    let mut wrong = Vec::new();
    for production in productions(grammar) {
        for Example { accepted, text, expected } in &production.examples {
            let (tree, codes) = reader(&production.name, text);
            let mut complain = |what: String| wrong.push(format!("{}: `{text}`: {what}", production.name));
            match (accepted, &tree) {
                (true, None) => complain(format!("refused: {codes:?}")),
                (false, Some(tree)) => complain(format!("accepted as {tree}")),
                (false, None) => match expected {
                    None => complain("has no code".into()),
                    Some(expected) if *expected != codes.join(" ") => complain(format!("found {codes:?}")),
                    Some(_) => {}
                },
                (true, Some(tree)) => {
                    let Some(other) = expected else { continue };
                    let other = reader(&production.name, other).0;
                    if other.as_ref() != Some(tree) {
                        complain(format!("\n  {tree}\n  is not\n  {other:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_line_of_the_expression_grammar_is_read_as_it_says() {
    check(EXPRESSION, read);
}

#[test]
fn every_line_of_the_derivation_grammar_is_read_as_it_says() {
    check(DERIVATION, |_, text| read_lines(text));
}

#[test]
fn every_line_of_the_latex_grammar_is_read_as_it_says() {
    check(LATEX, |_, text| read_latex(text));
}

#[test]
fn every_production_accepts_and_rejects_something() {
    let grammars = [EXPRESSION, DERIVATION, LATEX];
    for production in grammars.into_iter().flat_map(productions) {
        let count =
            |accepted| production.examples.iter().filter(|example| example.accepted == accepted).count();
        assert!(count(true) > 0, "{} accepts nothing", production.name);
        assert!(count(false) > 0, "{} rejects nothing", production.name);
    }
}

#[test]
fn every_production_is_defined_once_and_used() {
    let plain: Vec<_> = productions(EXPRESSION).into_iter().chain(productions(DERIVATION)).collect();
    check_uses(&plain, &["chain", "document", "conditions", "assignments"]);
    check_uses(&productions(LATEX), &["display"]);
}

#[track_caller]
fn check_uses(all: &[Production], roots: &[&str]) {
    for production in all {
        for symbol in &production.symbols {
            assert!(all.iter().any(|other| other.name == *symbol), "`{symbol}` is not defined");
        }
        let used =
            |other: &Production| other.name != production.name && other.symbols.contains(&production.name);
        let name = production.name.as_str();
        assert!(roots.contains(&name) || all.iter().any(used), "{name} is not used");
    }
}

#[test]
fn every_form_stands_in_the_grammar() {
    for form in FORMS {
        assert!(
            EXPRESSION.contains(&format!("\"{form}(")) || EXPRESSION.contains(&format!("\"{form}[")),
            "{form}"
        );
    }
}
