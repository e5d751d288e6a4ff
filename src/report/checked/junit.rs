//! For build servers: JUnit XML, a suite for each file and a test for each claim.
//!
//! A refuted claim, or one that is not as expected, is a failure; an unread one is an error; one that is open and may be
//! is skipped. What is wrong with a file beside its claims is a test of its own that has an error. A test is named by the
//! text of its claim, not by its line, so that a server knows it again when lines have moved.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::CheckedFile;
use super::findings::{evidence, rule, title};
use crate::article::ItemOutcome;
use crate::syntax::ItemKind;
use crate::text::{Diagnostic, LineIndex, Severity};
use crate::verify::Verdict;

/// Longer names are cut.
const NAME: usize = 160;

/// What became of a test.
struct Test {
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// The element in which a server looks for the reason: its name, type, message and text.
    Not {
        element: &'static str,
        kind: String,
        message: String,
        text: String,
    },
}

/// The whole document.
pub fn junit(files: &[CheckedFile]) -> String {
    let suites: Vec<(&CheckedFile, Vec<Test>)> = files.iter().map(|file| (file, tests(file))).collect();
    let all = || suites.iter().flat_map(|(_, tests)| tests);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\"",
        all().count(),
        count(all(), "failure"),
        count(all(), "error")
    );
    writeln!(xml, "<testsuites name=\"referee\" {counts}>").expect("a string grows");
    for (file, tests) in &suites {
        suite(&mut xml, file, tests);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn count<'a>(tests: impl Iterator<Item = &'a Test>, wanted: &str) -> usize {
    let is_wanted =
        |test: &&Test| matches!(&test.outcome, Outcome::Not { element, .. } if *element == wanted);
    tests.filter(is_wanted).count()
}

fn suite(xml: &mut String, file: &CheckedFile, tests: &[Test]) {
    let (failures, errors) = (count(tests.iter(), "failure"), count(tests.iter(), "error"));
    let (skipped, path) = (count(tests.iter(), "skipped"), escape(&file.path));
    writeln!(
        xml,
        "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">",
        tests.len()
    )
    .expect("a string grows");
    for Test { name, outcome } in tests {
        let head = format!("    <testcase name=\"{}\" classname=\"{path}\"", escape(name));
        match outcome {
            Outcome::Passed => writeln!(xml, "{head}/>"),
            Outcome::Not { element, kind, message, text } => writeln!(
                xml,
                "{head}>\n      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n    </testcase>",
                escape(kind),
                escape(message),
                content(text)
            ),
        }
        .expect("a string grows");
    }
    xml.push_str("  </testsuite>\n");
}

fn tests(file: &CheckedFile) -> Vec<Test> {
    let mut tests: Vec<Test> = own(file).into_iter().collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for item in file.outcome.items.iter().filter(|item| item.kind == ItemKind::Claim) {
        let mut name: String = item.text.chars().take(NAME).collect();
        if name.len() < item.text.len() {
            name.push('…');
        }
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            write!(name, " ({times})").expect("a string grows");
        }
        tests.push(Test { name, outcome: outcome(file, item) });
    }
    tests
}

/// The errors of a file that belong to none of its claims.
fn own(file: &CheckedFile) -> Option<Test> {
    let of_claim = |d: &&Diagnostic| {
        file.outcome.items.iter().any(|item| match &item.verdict {
            Some(Verdict::Unread(misreading)) => misreading.diagnostics.iter().any(|m| m.span == d.span),
            _ => item.lints.iter().any(|lint| lint.span == d.span && lint.code == d.code),
        })
    };
    let errors: Vec<&Diagnostic> =
        (file.outcome.diagnostics.iter()).filter(|d| d.severity == Severity::Error && !of_claim(d)).collect();
    let first = errors.first()?;
    let lines = LineIndex::new(&file.outcome.source.text);
    let one = |diagnostic: &&Diagnostic| {
        let at = lines.line_column(&file.outcome.source.text, diagnostic.span.start as usize);
        let place = if file.outcome.source.name == file.path {
            format!("{}:{}:{}: ", file.path, at.line, at.column)
        } else {
            String::new()
        };
        format!("{place}{}", diagnostic.code.message())
    };
    let text = errors.iter().map(one).collect::<Vec<_>>().join("\n");
    let (kind, message) = (first.code.name().to_owned(), first.code.message());
    let outcome = Outcome::Not { element: "error", kind, message, text };
    Some(Test { name: "the file can be read".to_owned(), outcome })
}

fn outcome(file: &CheckedFile, item: &ItemOutcome) -> Outcome {
    let (Some(found), Some(rule), Some(title)) = (&item.verdict, rule(item), title(item)) else {
        return Outcome::Passed;
    };
    let place = format!("{}:{}:{}", file.path, item.at.line, item.at.column);
    let text = format!("{place}\n{}", evidence(found));
    let kind = rule.to_owned();
    let is_unknown = matches!(found, Verdict::Open(_) | Verdict::Unread(_)) && item.expected.is_none();
    match found {
        Verdict::Unread(_) if !item.passes => Outcome::Not { element: "error", kind, message: title, text },
        _ if !item.passes => Outcome::Not { element: "failure", kind, message: title, text },
        _ if is_unknown => Outcome::Not { element: "skipped", kind, message: title, text },
        _ => match item.lints.iter().find(|lint| lint.severity == Severity::Error) {
            Some(lint) => {
                let message = lint.code.message();
                let kind = lint.code.name().to_owned();
                Outcome::Not { element: "failure", kind, text: format!("{place}\n{message}"), message }
            }
            None => Outcome::Passed,
        },
    }
}

/// Text as the content of an element: line ends stay.
fn content(text: &str) -> String {
    text.split('\n').map(escape).collect::<Vec<_>>().join("\n")
}

/// Text as the value of an attribute. What XML 1.0 cannot hold becomes `�`.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' | '\t' | '\r' => write!(escaped, "&#{};", character as u32).expect("a string grows"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_ends_an_attribute_or_an_element() {
        assert_eq!(
            escape("a<b & \"c\" > 'd'\n]]>\u{1b}μ"),
            "a&lt;b &amp; &quot;c&quot; &gt; &apos;d&apos;&#10;]]&gt;\u{fffd}μ"
        );
    }
}
