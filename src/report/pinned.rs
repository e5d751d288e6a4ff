//! Verdicts and closed forms → a text to keep beside the files, and how a later one differs from it.
//!
//! ```text
//! ## families/exponential.md
//!
//! family exponential
//!   fisher            [1/lambda^2]
//!
//! claim fisher = [1/lambda^2]
//!   proved
//!   by power-of-power
//! ```
//! A paragraph for each family and each step, without line numbers: prose may move and grow, what is said here may not
//! change unseen. A proof that became merely supported is a difference.

use std::fmt::Write as _;

use super::Markup;
use super::checked::{CheckedFile, readable};
use super::diff::diff;
use super::layout::{WIDTH, formula};
use crate::expr::{Expr, Store};
use crate::print::{display, matrix_text};
use crate::stats::Derivation;
use crate::syntax::ItemKind;

/// The closed forms of one family in one parametrization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedFamily {
    /// `gamma`, `binomial in logit`.
    title: String,
    /// Each quantity with its formula in the plain notation, or how far it is known.
    forms: Vec<(&'static str, String)>,
}

impl PinnedFamily {
    /// What a derivation comes to.
    pub fn new(store: &Store, derivation: &Derivation) -> PinnedFamily {
        let family = &derivation.family.name;
        let title = match derivation.coordinates.as_str() {
            "base" => family.clone(),
            coordinates => format!("{family} in {coordinates}"),
        };
        let matrix = |rows: &Option<Vec<Vec<Expr>>>| rows.as_ref().map(|rows| matrix_text(store, rows));
        let column = |list: &[Expr]| {
            let entries: Vec<String> = list.iter().map(|e| display(store, *e)).collect();
            format!("[{}]", entries.join(", "))
        };
        let or = |form: Option<String>, status: &str| form.unwrap_or_else(|| format!("none ({status})"));
        let (status, kl) = (derivation.status.name(), derivation.kl_status.name());
        let forms = vec![
            ("fisher", or(matrix(&derivation.fisher), status)),
            ("fisher_inverse", or(matrix(&derivation.fisher_inverse), status)),
            ("natural_gradient", or(derivation.natural_gradient.as_deref().map(column), status)),
            ("kl", or(derivation.kl.map(|e| display(store, e)), kl)),
        ];
        PinnedFamily { title, forms }
    }
}

/// The first lines of every such text.
const HEAD: &str = "# What `referee snapshot` pinned: closed forms and verdicts. `referee snapshot --check` fails when one of them\n\
    # changes. Write it anew when a change is meant, and read the difference.\n";

/// The whole text, file by file; files in which nothing is said are left out.
pub fn text(files: &[(&CheckedFile, Vec<PinnedFamily>)]) -> String {
    let mut text = String::from(HEAD);
    for (file, families) in files {
        let mut claims = file.outcome.items.iter().filter(|item| item.kind == ItemKind::Claim).peekable();
        if families.is_empty() && claims.peek().is_none() {
            continue;
        }
        write!(text, "\n## {}\n", file.path.replace('\\', "/")).expect("a string grows");
        for family in families {
            write!(text, "\nfamily {}\n", family.title).expect("a string grows");
            for (name, form) in &family.forms {
                for (at, line) in formula(form, WIDTH).iter().enumerate() {
                    let name = if at == 0 { name } else { "" };
                    writeln!(text, "  {name:<16}  {line}").expect("a string grows");
                }
            }
        }
        for item in claims {
            let Some(verdict) = &item.verdict else { continue };
            let report = verdict.report();
            let step = readable(file.outcome.source.slice(item.span));
            write!(text, "\n{step}\n  {}\n", verdict.word()).expect("a string grows");
            for (label, list) in [("by", &report.rules), ("given", &report.conditions)] {
                if !list.is_empty() {
                    writeln!(text, "  {label} {}", list.join(", ")).expect("a string grows");
                }
            }
        }
    }
    text
}

/// How a text differs from the one that was pinned, as a unified difference; `None` when it says the same, in whatever
/// order.
pub fn drift(pinned: &str, now: &str, name: &str) -> Option<Markup> {
    let pinned = pinned.replace("\r\n", "\n");
    if paragraphs(&pinned) == paragraphs(now) {
        return None;
    }
    Some(diff(&pinned, now, name, |line| section(&pinned, line).to_owned()))
}

/// What a text says: each paragraph below the file it belongs to, sorted.
fn paragraphs(text: &str) -> Vec<(&str, &str)> {
    let mut file = "";
    let mut found = Vec::new();
    for paragraph in text.split("\n\n").map(|paragraph| paragraph.trim_matches('\n')) {
        match paragraph.strip_prefix("## ") {
            Some(path) => file = path,
            None if paragraph.starts_with("# ") || paragraph.is_empty() => {}
            None => found.push((file, paragraph)),
        }
    }
    found.sort_unstable();
    found
}

/// The file to which a line of the text belongs.
fn section(text: &str, line: usize) -> &str {
    let before = text.lines().take(line + 1);
    before.filter_map(|line| line.strip_prefix("## ")).last().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PINNED: &str = "# head\n\n## a.md\n\nclaim a = b\n  proved\n  by cancel\n\nclaim c = d\n  proved\n";

    #[test]
    fn order_and_line_ends_are_no_drift() {
        let moved = "# head\n\n## a.md\n\nclaim c = d\n  proved\n\nclaim a = b\n  proved\n  by cancel\n";
        assert_eq!(drift(PINNED, moved, "s"), None);
        assert_eq!(drift(&PINNED.replace('\n', "\r\n"), PINNED, "s"), None);
    }

    #[test]
    fn a_lost_proof_is_shown_with_its_file() {
        let now = PINNED.replace("  proved\n  by cancel", "  supported");
        let shown = drift(PINNED, &now, "referee.snapshot").expect("a difference").unstyled();
        insta::assert_snapshot!(shown, @r"
        --- referee.snapshot
        +++ as it is now
        @@ -3,8 +3,7 @@ a.md
         ## a.md

         claim a = b
        -  proved
        -  by cancel
        +  supported

         claim c = d
           proved
        ");
        // A claim that moves to another file is another claim.
        assert!(drift(PINNED, &PINNED.replace("a.md", "b.md"), "s").is_some());
        assert!(drift(PINNED, &format!("{PINNED}\nclaim c = d\n  proved\n"), "s").is_some());
    }
}
