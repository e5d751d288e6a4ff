//! For a person: each file with its counts, below it the steps that fail, each with its place, its evidence and a help line.
//!
//! ```text
//! FAIL  a/claims.md  4 claims: 2 proved, 2 refuted (1 as expected)
//!
//!       refuted  a/claims.md:8:11
//!         1 = 2
//!         left    1
//!         right   2
//! ```

use super::step::readable;
use super::summary::{Summary, number};
use super::{CheckedFile, Detail, FileRole};
use crate::article::{self, Displays, ExplanationLine, ItemOutcome};
use crate::report::layout::{WIDTH, formula, paragraph};
use crate::report::{Markup, Role, verdict};
use crate::syntax::ItemKind;
use crate::text::{Code, Diagnostic, Severity};

/// Columns before an item, and before what is said of it.
const ITEM: usize = 6;
const BODY: usize = 8;

/// A step is shown in so many lines at most.
const LINES: usize = 4;

/// Everything that was found, with a summary at the end.
pub fn text(files: &[CheckedFile], detail: Detail) -> Markup {
    let mut markup = Markup::new();
    let shown: Vec<&CheckedFile> = files.iter().filter(|f| is_shown(f)).collect();
    for file in &shown {
        heading(&mut markup, file);
        for item in &file.outcome.items {
            let explained = detail.explanations && !item.explanation.is_empty();
            if !item.passes || detail.every_step || explained {
                one(&mut markup, file, item, detail);
            }
        }
    }
    let all = Summary::of(files);
    markup.push(Role::Heading, format!("{}{}", if shown.is_empty() { "" } else { "\n" }, all.text()));
    let is_article = |file: &&CheckedFile| file.role != FileRole::Declarations;
    let (held, checked) =
        (shown.iter().copied().filter(is_article).count(), files.iter().filter(is_article).count());
    markup.line(format!(" in {held} of {}", number(checked, "file")));
    if let Some(displays) = all.displays_text() {
        markup.line(displays);
    }
    if let Some(help) = what_to_do(files) {
        markup.push(Role::Label, "help: ").line(help);
    }
    markup
}

fn is_shown(file: &CheckedFile) -> bool {
    let outcome = &file.outcome;
    !outcome.items.is_empty() || !outcome.diagnostics.is_empty() || outcome.displays.total > 0
}

/// `ok` or `FAIL`, the path, the counts, and how many mistakes are shown beside.
fn heading(markup: &mut Markup, file: &CheckedFile) {
    let good = file.passes();
    markup.push(if good { Role::Good } else { Role::Bad }, if good { "ok    " } else { "FAIL  " });
    markup.push(Role::Heading, &file.path);
    let mut parts = Vec::new();
    match file.role {
        FileRole::Article => {
            let summary = Summary::of([file]);
            parts.push(summary.text());
            let Displays { total, read } = summary.displays;
            parts.extend((read < total).then(|| format!("{read} of {total} formulas read")));
        }
        FileRole::Declarations => parts.push("declarations".to_owned()),
        FileRole::Unreadable => parts.push("not read".to_owned()),
    }
    let mistakes = [(Severity::Error, "error"), (Severity::Warning, "warning")].map(|(severity, noun)| {
        let count = file.count(severity);
        (count > 0).then(|| number(count, noun))
    });
    let mistakes: Vec<String> = mistakes.into_iter().flatten().collect();
    parts.extend((!mistakes.is_empty()).then(|| mistakes.join(", ")));
    markup.line(format!("  {}", parts.join("; ")));
}

/// An item: its verdict and place, its text, the evidence, the proof.
fn one(markup: &mut Markup, file: &CheckedFile, item: &ItemOutcome, detail: Detail) {
    markup.plain(" ".repeat(ITEM));
    match &item.verdict {
        Some(found) => markup.push(verdict::role(found), found.word()),
        None => markup.push(Role::Aside, kind(item.kind)),
    };
    match &item.expected {
        Some(expected) if item.passes => markup.push(Role::Aside, ", as expected"),
        Some(expected) => markup.push(Role::Bad, format!(", expected {expected}")),
        None => markup,
    };
    markup.push(Role::Aside, format!("  {}:{}:{}\n", file.path, item.at.line, item.at.column));
    let lines = paragraph(&readable(file.outcome.source.slice(item.span)), WIDTH - BODY);
    for line in lines.iter().take(LINES) {
        markup.line(format!("{}{line}", " ".repeat(BODY)));
    }
    if lines.len() > LINES {
        markup.line(format!("{}…", " ".repeat(BODY)));
    }
    if let Some(found) = &item.verdict {
        markup.append(verdict::evidence(found, BODY));
    }
    if detail.explanations {
        explanation(markup, &item.explanation);
    }
}

/// The chain of a proof: each formula behind its relation, the rule that leads there below it.
fn explanation(markup: &mut Markup, lines: &[ExplanationLine]) {
    let width = lines.iter().map(|line| line.relation.chars().count()).max().unwrap_or(0);
    for line in lines {
        let gap = width - line.relation.chars().count();
        let margin = format!("{}{}", " ".repeat(BODY + 2 + gap), line.relation);
        for (at, part) in formula(&line.formula, WIDTH - BODY - 4 - width).iter().enumerate() {
            let before = if at == 0 { margin.clone() } else { " ".repeat(BODY + 2 + width) };
            markup.line(format!("{before} {part}"));
        }
        let mut reason = Vec::new();
        reason.extend((!line.rule.is_empty()).then(|| format!("by {}", line.rule)));
        reason.extend((!line.conditions.is_empty()).then(|| format!("given {}", line.conditions.join(", "))));
        for part in paragraph(&reason.join(", "), WIDTH - BODY - 8 - width).iter().filter(|p| !p.is_empty()) {
            markup.push(Role::Label, format!("{}{part}\n", " ".repeat(BODY + 7 + width)));
        }
    }
}

/// The name of a kind of item.
pub fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Definition => "definition",
        ItemKind::Assumption => "assumption",
        ItemKind::Claim => "claim",
        ItemKind::Statement => "statement",
    }
}

/// How there comes to be something to judge, when there is nothing.
pub fn what_to_do(files: &[CheckedFile]) -> Option<&'static str> {
    if files.iter().any(is_undeclared) {
        return Some("`referee check --suggest` prints the fence of declarations that the article needs");
    }
    if Summary::of(files).count("claims") > 0 || !files.iter().all(CheckedFile::passes) {
        return None;
    }
    Some(match files {
        [] => "there is no Markdown file here; name one, or a folder that holds some",
        _ if files.iter().any(|file| file.outcome.displays.total > 0) => {
            "formulas are judged once their names are declared; `referee check --suggest` prints the declarations"
        }
        _ => {
            "write a formula in `$$ … $$`, or `claim log(x^2) = 2*log(x) where x > 0` in a fence that \
             starts with ```referee"
        }
    })
}

/// Are names not known because nothing is declared at all?
fn is_undeclared(file: &CheckedFile) -> bool {
    let is_name = |d: &Diagnostic| {
        matches!(d.code, Code::UnknownName { .. } | Code::NeedsDeclaration { .. } | Code::TwoReadings { .. })
    };
    file.outcome.displays.read < file.outcome.displays.total
        && file.outcome.diagnostics.iter().any(is_name)
        && !article::suggest(&file.outcome.source).is_empty()
}
