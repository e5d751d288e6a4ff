//! `referee check`: the claims of files, each with its verdict at its own line.
//!
//! Claims stand in `referee` fences: about what a family implies, or free-standing between two sides. A claim that
//! does not get the verdict it expects fails, in either direction.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Body, Status, Wrong, diagnostics_with_help};
use super::arguments::{Check, Format, Judging};
use super::input;
use crate::deck;
use crate::expr::{Fact, Scope, Store, lower, lower_conditions};
use crate::report::{Markup, Role, json, verdict};
use crate::stats::{self, Family};
use crate::syntax::{ChainClaim, FamilyText, Item, read_document, read_markdown};
use crate::text::{Code, Diagnostic, LineColumn, LineIndex, Severity, Source, Span};
use crate::verify::statistical::claims::{ClaimChecker, ClaimError};
use crate::verify::statistical::normalization::normalization;
use crate::verify::{Misreading, Verdict, prove};

/// Runs the command.
pub fn run(command: &Check, format: Format) -> Result<Answer, Wrong> {
    let mut wrong = Wrong::default();
    let mut paths = Vec::new();
    for path in &command.paths {
        if Path::new(path).is_dir() {
            below(Path::new(path), &mut paths);
        } else {
            paths.push(path.clone());
        }
    }
    let mut files = Vec::new();
    for path in &paths {
        match if path == "-" { input::stdin() } else { input::file(path) } {
            Ok(source) => files.push(File::check(source, &command.judging)),
            Err(fault) => wrong.0.extend(fault.0),
        }
    }
    for file in &files {
        if file.diagnostics.iter().any(|d| d.severity == Severity::Error) {
            wrong.0.push((file.source.clone(), file.diagnostics.clone()));
        }
    }
    let items = || files.iter().flat_map(|file| &file.items);
    let status = match (wrong.0.is_empty(), items().all(|item| item.passes)) {
        (false, _) => Status::WrongInput,
        (_, false) => Status::NotAsClaimed,
        _ => Status::AsClaimed,
    };
    let body = match format {
        Format::Text => Body::Text(text(&files)),
        Format::Json => Body::Json(object(&files, &wrong)),
    };
    Ok(Answer { body, status, wrong })
}

/// The Markdown files below a folder, in the order of their names; hidden folders and build results left out.
fn below(folder: &Path, paths: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !name.starts_with('.') && !matches!(name.as_str(), "target" | "node_modules") {
            below(&path, paths);
        } else if kind.is_file() && path.extension().is_some_and(|e| e == "md" || e == "markdown") {
            let path = path.to_string_lossy().into_owned();
            paths.push(path.strip_prefix("./").unwrap_or(&path).to_owned());
        }
    }
}

/// A file with everything found in it.
struct File {
    source: Source,
    items: Vec<Checked>,
    diagnostics: Vec<Diagnostic>,
}

/// One thing said in a file.
struct Checked {
    at: LineColumn,
    kind: &'static str,
    /// Of a claim.
    verdict: Option<Verdict>,
    /// The word after `expect:`.
    expected: Option<String>,
    passes: bool,
    text: String,
}

/// A file while it is read.
struct Reader<'a> {
    source: &'a Source,
    lines: LineIndex,
    judging: &'a Judging,
    store: Store,
    scope: Scope,
    facts: Vec<Fact>,
    items: Vec<Checked>,
    diagnostics: Vec<Diagnostic>,
}

impl File {
    fn check(source: Source, judging: &Judging) -> File {
        let is_markdown = Path::new(&source.name).extension().is_some_and(|e| e == "md" || e == "markdown");
        let document = if is_markdown { read_markdown(&source.text) } else { read_document(&source.text) };
        let mut reader = Reader {
            source: &source,
            lines: LineIndex::new(&source.text),
            judging,
            store: Store::new(),
            scope: Scope::lenient(),
            facts: Vec::new(),
            items: Vec::new(),
            diagnostics: document.diagnostics,
        };
        for item in document.fences.iter().flat_map(|fence| &fence.items) {
            reader.item(item);
        }
        let (items, diagnostics) = (reader.items, reader.diagnostics);
        File { source, items, diagnostics }
    }
}

impl Reader<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Family(text) => self.family(text),
            Item::Assume(conditions) => {
                let Reader { store, scope, diagnostics, .. } = self;
                let facts = lower_conditions(store, scope, conditions, true, diagnostics);
                self.facts.extend(facts);
                if let (Some(first), Some(last)) = (conditions.first(), conditions.last()) {
                    self.said("assumption", first.span.to(last.span));
                }
            }
            Item::Definition((name, span, tree)) => {
                let value = lower(&mut self.store, &mut self.scope, tree, &mut self.diagnostics);
                if let Some(value) = value {
                    self.scope.declare(name, value);
                }
                self.said("definition", span.to(tree.span));
            }
            Item::Claim(claim) => self.chain(claim),
            Item::Declaration(declaration) => self.said("declaration", declaration.span),
        }
    }

    /// Something without a verdict.
    fn said(&mut self, kind: &'static str, span: Span) {
        self.push(kind, span, None, None, true);
    }

    fn push(
        &mut self,
        kind: &'static str,
        span: Span,
        verdict: Option<Verdict>,
        expected: Option<String>,
        passes: bool,
    ) {
        let at = self.lines.line_column(&self.source.text, span.start as usize);
        let text = self.source.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
        self.items.push(Checked { at, kind, verdict, expected, passes, text });
    }

    /// A verdict, against what the claim expects.
    fn judged(&mut self, span: Span, verdict: Verdict, expect: Option<&str>) {
        let expected = expect.map(expected_word);
        let word = verdict::word(&verdict);
        let passes = match &expected {
            Some(expected) => *expected == word || code(&verdict) == Some(expected),
            None => self.judging.accepts(word),
        };
        self.push("claim", span, Some(verdict), expected, passes);
    }

    /// Each relation of a chain is judged alone; what the claim expects, it expects of the worst.
    fn chain(&mut self, claim: &ChainClaim) {
        let before = self.diagnostics.len();
        let mut scope = self.scope.clone();
        let Reader { store, diagnostics, .. } = self;
        let mut facts = self.facts.clone();
        facts.extend(lower_conditions(store, &mut scope, &claim.conditions, true, diagnostics));
        let trees: Vec<_> = std::iter::once(&claim.chain.first)
            .chain(claim.chain.rest.iter().map(|(_, tree)| tree))
            .collect();
        let sides: Vec<_> = trees.iter().map(|tree| lower(store, &mut scope, tree, diagnostics)).collect();
        let expect = claim.expect.as_ref().map(|(text, _)| text.as_str());
        let Some(sides) =
            sides.into_iter().collect::<Option<Vec<_>>>().filter(|_| self.diagnostics.len() == before)
        else {
            return self.misread(claim.span, expect, before);
        };
        let verdicts: Vec<Verdict> = (claim.chain.rest.iter().enumerate())
            .map(|(i, (relation, _))| prove(&mut self.store, sides[i], *relation, sides[i + 1], &facts))
            .collect();
        let worst = (0..verdicts.len()).rev().max_by_key(|i| verdicts[*i].severity());
        let single = verdicts.len() == 1;
        for (i, verdict) in verdicts.into_iter().enumerate() {
            let span = if single { claim.span } else { trees[i].span.to(trees[i + 1].span) };
            self.judged(span, verdict, expect.filter(|_| Some(i) == worst));
        }
    }

    /// A claim in which something was reported. What is expected is no error of the file.
    fn misread(&mut self, span: Span, expect: Option<&str>, before: usize) {
        let mine = self.diagnostics.split_off(before);
        let reason = mine.first().map_or_else(String::new, |d| d.code.message());
        let wanted = expect.map(expected_word);
        let (expected, other): (Vec<_>, Vec<_>) = mine
            .into_iter()
            .partition(|d| wanted.as_deref().is_some_and(|w| w == d.code.name() || w == "unread"));
        let diagnostics = expected.iter().chain(&other).cloned().collect();
        self.diagnostics.extend(other);
        self.judged(span, Verdict::Unread(Misreading { diagnostics, reason, help: None }), expect);
    }

    fn family(&mut self, text: &FamilyText) {
        let mut found = Vec::new();
        let family = deck::family(&mut self.store, text, &self.source.text, &mut found);
        let in_claim = |d: &Diagnostic| {
            text.claims.iter().position(|c| c.span.start <= d.span.start && d.span.end <= c.span.end)
        };
        let (of_claims, own): (Vec<_>, Vec<_>) = found.into_iter().partition(|d| in_claim(d).is_some());
        self.diagnostics.extend(own);
        self.said("definition", text.name_span);
        let Some(family) = family else { return self.diagnostics.extend(of_claims) };
        let base = stats::derive(&mut self.store, &family);
        if let Err(wrong) = normalization(&mut self.store, &base) {
            return self.diagnostics.push(input::mass(text.density.body.span, &wrong));
        }
        self.claims(text, &family, &of_claims);
    }

    fn claims(&mut self, text: &FamilyText, family: &Family, faults: &[Diagnostic]) {
        let mut checker = ClaimChecker::new(family);
        for written in &text.claims {
            let expect = written.expect.as_ref().map(|(text, _)| text.as_str());
            let Some(claim) = family.claims.iter().find(|c| c.span == written.span) else {
                let before = self.diagnostics.len();
                let inside =
                    |d: &&Diagnostic| written.span.start <= d.span.start && d.span.end <= written.span.end;
                self.diagnostics.extend(faults.iter().filter(inside).cloned());
                self.misread(written.span, expect, before);
                continue;
            };
            match checker.check(&mut self.store, claim) {
                Ok(verdict) => self.judged(written.span, verdict, expect),
                Err(error) => {
                    let before = self.diagnostics.len();
                    self.diagnostics.push(Diagnostic::error(claim_code(&error), written.value.span));
                    self.misread(written.span, expect, before);
                }
            }
        }
    }
}

fn claim_code(error: &ClaimError) -> Code {
    match error {
        ClaimError::UnknownCoordinates(name) => {
            Code::UnknownCoordinates { name: name.clone(), suggestion: None }
        }
        ClaimError::UnknownQuantity(name) => Code::UnknownQuantity { name: name.clone(), suggestion: None },
        ClaimError::ShapeMismatch { claimed, derived } => {
            let shape = |(rows, columns): &(usize, usize)| format!("{rows} by {columns}");
            Code::ShapeMismatch { operation: "the claim".into(), left: shape(derived), right: shape(claimed) }
        }
    }
}

/// `refuted`, of `refuted, the sign is wrong`.
fn expected_word(text: &str) -> String {
    text.split(',').next().unwrap_or(text).trim().to_owned()
}

/// The code by which a claim could not be read.
fn code(verdict: &Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Unread(misreading) => misreading.diagnostics.first().map(|d| d.code.name()),
        _ => None,
    }
}

/// What a number of items came to.
#[derive(Default)]
struct Summary {
    counts: Map<String, Value>,
}

const COUNTED: [&str; 9] = [
    "definitions",
    "claims",
    "proved",
    "conditional",
    "supported",
    "refuted",
    "open",
    "unread",
    "as_expected",
];

impl Summary {
    fn of<'a>(items: impl Iterator<Item = &'a Checked> + Clone) -> Summary {
        let count = |name: &str| {
            let is_counted = |item: &&Checked| match name {
                "definitions" => item.kind == "definition",
                "claims" => item.kind == "claim",
                "as_expected" => item.expected.is_some() && item.passes,
                word => item.verdict.as_ref().is_some_and(|v| verdict::word(v) == word),
            };
            items.clone().filter(is_counted).count()
        };
        Summary {
            counts: Map::from_iter(COUNTED.iter().map(|name| ((*name).to_owned(), json!(count(name))))),
        }
    }

    fn number(&self, name: &str) -> u64 {
        self.counts[name].as_u64().unwrap_or(0)
    }

    /// `12 claims: 10 proved, 2 refuted (2 as expected)`
    fn text(&self) -> String {
        let claims = self.number("claims");
        let words = COUNTED[2..8].iter().filter(|name| self.number(name) > 0);
        let parts: Vec<String> = words.map(|name| format!("{} {name}", self.number(name))).collect();
        let colon = if parts.is_empty() { "" } else { ": " };
        let expected = match self.number("as_expected") {
            0 => String::new(),
            n => format!(" ({n} as expected)"),
        };
        format!("{claims} claim{}{colon}{}{expected}", if claims == 1 { "" } else { "s" }, parts.join(", "))
    }
}

fn text(files: &[File]) -> Markup {
    let mut markup = Markup::new();
    let with_items: Vec<&File> =
        files.iter().filter(|f| !f.items.is_empty() || !f.diagnostics.is_empty()).collect();
    for file in &with_items {
        let good = file.diagnostics.is_empty() && file.items.iter().all(|item| item.passes);
        markup.push(if good { Role::Good } else { Role::Bad }, if good { "ok    " } else { "FAIL  " });
        markup.line(format!("{}  {}", file.source.name, Summary::of(file.items.iter()).text()));
        for item in file.items.iter().filter(|item| !item.passes) {
            failure(&mut markup, file, item);
        }
    }
    let all = Summary::of(files.iter().flat_map(|file| &file.items));
    let (read, held) = (files.len(), with_items.len());
    let gap = if with_items.is_empty() { "" } else { "\n" };
    markup.push(Role::Heading, format!("{gap}{}", all.text()));
    markup.line(format!(" in {held} of {read} file{}", if read == 1 { "" } else { "s" }));
    markup
}

fn failure(markup: &mut Markup, file: &File, item: &Checked) {
    let Some(found) = &item.verdict else { return };
    markup.plain("      ").push(verdict::role(found), verdict::word(found));
    if let Some(expected) = &item.expected {
        markup.plain(format!(", expected {expected}"));
    }
    markup.line(format!("  {}:{}:{}", file.source.name, item.at.line, item.at.column));
    markup.line(format!("        {}", item.text));
    markup.append(verdict::evidence(found, 8));
}

fn object(files: &[File], wrong: &Wrong) -> Value {
    let items = |file: &File| {
        Value::from_iter(file.items.iter().map(|item| {
            let mut object = json!({
                "line": item.at.line,
                "column": item.at.column,
                "kind": item.kind,
                "verdict": null,
                "expected": item.expected,
                "conditions": [],
                "rules": [],
                "witness": null,
                "reason": null,
                "text": item.text,
            });
            if let Some(found) = &item.verdict {
                let Value::Object(judged) = verdict::json(found) else { return object };
                for (name, value) in judged {
                    object[name] = value;
                }
            }
            object["passes"] = json!(item.passes);
            object
        }))
    };
    let unreadable = wrong.0.iter().filter(|(source, _)| !files.iter().any(|f| f.source.name == source.name));
    let files_read = files.iter().map(|file| {
        json!({
            "path": file.source.name,
            "items": items(file),
            "diagnostics": json::diagnostics(&file.source, &diagnostics_with_help(&file.diagnostics)),
        })
    });
    let missing = unreadable.map(|(source, diagnostics)| {
        let diagnostics = json::diagnostics(source, &diagnostics_with_help(diagnostics));
        json!({ "path": source.text, "items": [], "diagnostics": diagnostics })
    });
    json!({
        "files": files_read.chain(missing).collect::<Vec<_>>(),
        "summary": Summary::of(files.iter().flat_map(|file| &file.items)).counts,
    })
}
