//! Text in pieces, each with a role; a renderer decides what a role looks like.
//!
//! `Markup::new().heading("Score").plain(" of one observation")` is two pieces. The terminal shows the first
//! in bold; without colors both are plain.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::text::{is_visible, visible};

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Words and mathematics.
    Plain,
    /// The first words of a section.
    Heading,
    /// The name of what follows.
    Label,
    /// What may be skipped.
    Aside,
    /// Something holds.
    Good,
    /// Something is not known.
    Doubtful,
    /// Something does not hold.
    Bad,
}

impl Role {
    fn style(self) -> Style {
        match self {
            Role::Plain => Style::new(),
            Role::Heading => Style::new().bold(),
            Role::Label => AnsiColor::Cyan.on_default(),
            Role::Aside => Style::new().dimmed(),
            Role::Good => AnsiColor::Green.on_default(),
            Role::Doubtful => AnsiColor::Yellow.on_default(),
            Role::Bad => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// A text in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markup {
    pieces: Vec<(Role, String)>,
}

impl Markup {
    /// No text yet.
    pub fn new() -> Markup {
        Markup::default()
    }

    /// Appends a piece. What would repaint the terminal, from whatever text it comes, becomes a picture of itself.
    pub fn push(&mut self, role: Role, text: impl Into<String>) -> &mut Markup {
        let text: String = text.into();
        let text = if is_visible(&text) {
            text
        } else {
            text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
        };
        self.pieces.push((role, text));
        self
    }

    /// Appends words.
    pub fn plain(&mut self, text: impl Into<String>) -> &mut Markup {
        self.push(Role::Plain, text)
    }

    /// Appends words and ends the line.
    pub fn line(&mut self, text: impl AsRef<str>) -> &mut Markup {
        self.push(Role::Plain, format!("{}\n", text.as_ref()))
    }

    /// An empty line, the heading, and what it says beside its first words.
    pub fn section(&mut self, heading: &str, beside: &str) -> &mut Markup {
        self.plain(if self.pieces.is_empty() { "" } else { "\n" }).push(Role::Heading, heading);
        self.line(if beside.is_empty() { String::new() } else { format!("  {beside}") })
    }

    /// A line `  label  value`, the label filled up to `width`.
    pub fn field(&mut self, label: &str, width: usize, value: &str) -> &mut Markup {
        self.labelled(label, width).line(value)
    }

    /// The beginning of such a line.
    pub fn labelled(&mut self, label: &str, width: usize) -> &mut Markup {
        self.plain("  ").push(Role::Label, label);
        self.plain(" ".repeat(width.saturating_sub(label.chars().count()) + 2))
    }

    /// Everything after everything before.
    pub fn append(&mut self, mut other: Markup) -> &mut Markup {
        self.pieces.append(&mut other.pieces);
        self
    }

    /// With ANSI codes for every role; `anstream` takes them away where they are not wanted.
    pub fn styled(&self) -> String {
        let mut text = String::new();
        for (role, piece) in &self.pieces {
            let style = role.style();
            write!(text, "{style}{piece}{style:#}").expect("a string grows");
        }
        text
    }

    /// The words alone.
    pub fn unstyled(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_repaints_the_terminal() {
        let mut markup = Markup::new();
        markup.line("a\u{1b}[2Jb\u{202e}").push(Role::Bad, "\tc\nd");
        assert_eq!(markup.unstyled(), "a\u{241b}[2Jb\u{fffd}\n\tc\nd");
    }

    #[test]
    fn styles_add_codes_and_change_no_words() {
        let mut markup = Markup::new();
        markup.section("Score", "of one observation").field("mu", 5, "x - mu");
        assert_eq!(markup.unstyled(), "Score  of one observation\n  mu     x - mu\n");
        assert!(markup.styled().contains("\u{1b}[1mScore\u{1b}[0m"));
    }
}
