//! Two texts → the lines in which they differ, as `diff -u` shows them.

use similar::{ChangeTag, TextDiff};

use super::{Markup, Role};

/// What changed from `old` to `new`. The header of each hunk ends with what `section` says of its first line.
pub fn diff(old: &str, new: &str, name: &str, section: impl Fn(usize) -> String) -> Markup {
    let mut markup = Markup::new();
    markup.push(Role::Heading, format!("--- {name}\n+++ as it is now\n"));
    let difference = TextDiff::from_lines(old, new);
    for hunk in difference.unified_diff().context_radius(3).iter_hunks() {
        let first = hunk.ops().first().map_or(0, |op| op.old_range().start);
        let header = format!("{} {}", hunk.header(), section(first));
        markup.push(Role::Label, header.trim_end()).line("");
        for change in hunk.iter_changes() {
            let (sign, role) = match change.tag() {
                ChangeTag::Equal => (' ', Role::Plain),
                ChangeTag::Delete => ('-', Role::Bad),
                ChangeTag::Insert => ('+', Role::Good),
            };
            markup.push(role, format!("{}\n", format!("{sign}{}", change.value()).trim_end()));
        }
    }
    markup
}
