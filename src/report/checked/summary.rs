//! Items → counts: `12 claims: 10 proved, 2 refuted (2 as expected)`.

use serde_json::{Map, Value, json};

use super::CheckedFile;
use crate::article::{Displays, ItemOutcome};
use crate::syntax::ItemKind;

/// How many items there are of each kind and verdict, and how much was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// In the order of [`COUNTED`].
    counts: [usize; COUNTED.len()],
    /// Displayed formulas.
    pub displays: Displays,
}

/// The names of the counts.
pub const COUNTED: [&str; 9] = [
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
    /// Of several files.
    pub fn of<'a>(files: impl IntoIterator<Item = &'a CheckedFile>) -> Summary {
        let mut summary = Summary::default();
        for file in files {
            summary.displays.total += file.outcome.displays.total;
            summary.displays.read += file.outcome.displays.read;
            for item in &file.outcome.items {
                summary.add(item);
            }
        }
        summary
    }

    fn add(&mut self, item: &ItemOutcome) {
        for (name, count) in COUNTED.iter().zip(&mut self.counts) {
            *count += usize::from(match *name {
                "definitions" => item.kind == ItemKind::Definition,
                "claims" => item.kind == ItemKind::Claim,
                "as_expected" => item.expected.is_some() && item.passes,
                word => item.verdict.as_ref().is_some_and(|v| v.word() == word),
            });
        }
    }

    /// The count of this name.
    pub fn count(&self, name: &str) -> usize {
        COUNTED.iter().zip(self.counts).find(|(counted, _)| **counted == name).map_or(0, |(_, count)| count)
    }

    /// `12 claims: 10 proved, 2 refuted (2 as expected)`
    pub fn text(&self) -> String {
        let words = COUNTED[2..8].iter().filter(|name| self.count(name) > 0);
        let parts: Vec<String> = words.map(|name| format!("{} {name}", self.count(name))).collect();
        let colon = if parts.is_empty() { "" } else { ": " };
        let expected = match self.count("as_expected") {
            0 => String::new(),
            n => format!(" ({n} as expected)"),
        };
        format!("{}{colon}{}{expected}", number(self.count("claims"), "claim"), parts.join(", "))
    }

    /// `28 of 30 displayed formulas read (93 %)`; nothing where none are displayed.
    pub fn displays_text(&self) -> Option<String> {
        let Displays { total, read } = self.displays;
        match total {
            0 => None,
            _ if read == total => Some(format!("{} read", number(total, "displayed formula"))),
            _ => {
                // Rounded down: 100 % are all.
                let share = 100 * read / total;
                Some(format!("{read} of {} read ({share} %)", number(total, "displayed formula")))
            }
        }
    }

    /// Under the names of the machine output.
    pub fn json(&self) -> Value {
        let counts = COUNTED.iter().zip(self.counts).map(|(name, count)| ((*name).to_owned(), json!(count)));
        let mut object = Map::from_iter(counts);
        object.insert("displays".to_owned(), displays_json(self.displays));
        Value::Object(object)
    }
}

/// `{"total": 30, "read": 28}`
pub fn displays_json(displays: Displays) -> Value {
    json!({ "total": displays.total, "read": displays.read })
}

/// `1 claim`, `2 claims`.
pub fn number(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
