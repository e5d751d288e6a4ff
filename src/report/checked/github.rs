//! For GitHub workflows: one annotation in a line, and a summary in the log.
//!
//! `::error file=a/claims.md,line=8,col=11,title=refuted::1 = 2%0Aleft    1%0Aright   2`

use std::fmt::Write as _;

use super::findings::{Finding, findings};
use super::{CheckedFile, Summary};
use crate::text::Severity;

/// The lines of a log.
pub fn github(files: &[CheckedFile]) -> String {
    let mut log = String::new();
    for file in files {
        for finding in findings(file) {
            annotate(&mut log, &file.path, &finding);
        }
    }
    let summary = Summary::of(files);
    log.push_str(&summary.text());
    log.extend(summary.displays_text().map(|displays| format!("; {displays}")));
    log.push('\n');
    log
}

fn annotate(log: &mut String, path: &str, finding: &Finding) {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let title = if finding.title.starts_with(finding.rule) || finding.rule == "unexpected" {
        finding.title.as_str()
    } else {
        finding.rule
    };
    write!(log, "::{level} file={}", property(path)).expect("a string grows");
    if let Some((start, _)) = finding.place {
        write!(log, ",line={},col={}", start.line, start.column).expect("a string grows");
    }
    writeln!(log, ",title={}::{}", property(title), data(&finding.message)).expect("a string grows");
}

/// Text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_annotation_or_begins_another() {
        assert_eq!(data("50 %\r\n::error::x"), "50 %25%0D%0A::error::x");
        assert_eq!(property("a:b,c\n"), "a%3Ab%2Cc%0A");
    }
}
