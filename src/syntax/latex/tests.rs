//! Displays as they are printed, and the trees they are read as.

use super::super::Row;
use super::super::show::show;
use super::*;

/// A row as text: sides, relations, and what is said beside it.
fn shown(row: &Row) -> String {
    let mut text = row.first.as_ref().map_or("…".to_string(), show);
    for link in &row.rest {
        let above = link.above.as_ref().map_or(String::new(), |(above, _)| format!("[{above}]"));
        let side = link.side.as_ref().map_or("?".to_string(), show);
        text += &format!(" {:?}{above} {side}", link.relation);
    }
    if row.constraint {
        text = format!("st: {text}");
    }
    text
}

/// Every row is read without complaint, as expected.
#[track_caller]
pub(super) fn check(source: &str, expected: &[&str]) {
    let rows = read_display(source, 0, &Macros::default());
    let diagnostics: Vec<_> = rows.iter().flat_map(|row| &row.diagnostics).collect();
    assert!(diagnostics.is_empty(), "{source}: {}", render(source, &rows));
    assert_eq!(rows.iter().map(shown).collect::<Vec<_>>(), expected, "{source}");
}

fn render(source: &str, rows: &[Row]) -> String {
    let diagnostics: Vec<_> = rows.iter().flat_map(|row| row.diagnostics.clone()).collect();
    crate::text::render(&crate::text::Source::new("article.md", source), &diagnostics, false)
}

#[test]
fn the_article() {
    check(r"\min_\theta L(\theta)", &["(min theta (L theta))"]);
    check(
        r"\theta^{(k+1)} = \theta^{(k)} + \eta \vec{v} \tag{1}",
        &["(super theta (+ k +1)) Equal (+ (super theta k) +(* eta v))"],
    );
}
