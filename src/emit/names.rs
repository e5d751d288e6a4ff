//! Identifiers from what a user typed.

use std::collections::BTreeSet;

/// An identifier that reads like the typed name, is no keyword and not taken.
pub(super) fn identifier(typed: &str, keywords: &[&str], taken: &BTreeSet<String>) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut plain: String = typed.chars().map(safe).collect();
    if !plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
        plain.insert(0, 'v');
    }
    let free = |n: &String| !taken.contains(n) && !keywords.contains(&n.as_str());
    let numbered = (1..).map(|k| format!("{plain}_{k}"));
    std::iter::once(plain.clone()).chain(numbered).find(free).expect("numbers go on")
}
