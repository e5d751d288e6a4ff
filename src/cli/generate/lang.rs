//! What can be generated: the languages of `emit`, and LaTeX.

use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::emit::{self, Language};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Source code.
    Code(Language),
    /// A fragment of an article.
    Latex,
}

static ALL: LazyLock<Vec<Lang>> =
    LazyLock::new(|| emit::languages().map(Lang::Code).chain([Lang::Latex]).collect());

impl Lang {
    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Lang::Code(language) => language.name(),
            Lang::Latex => "latex",
        }
    }

    /// Its name in prose.
    pub fn title(self) -> &'static str {
        match self {
            Lang::Code(language) => language.title(),
            Lang::Latex => "LaTeX",
        }
    }

    /// The endings of its files, the first that of the code itself.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Lang::Code(language) => language.endings(),
            Lang::Latex => &["tex"],
        }
    }

    /// The name of a file without its ending, as near to this one as the language bears: its identifiers start with it.
    pub fn stem(self, name: &str) -> String {
        match self {
            Lang::Code(language) => language.stem(name),
            Lang::Latex => name.to_owned(),
        }
    }
}

/// The endings of all files that are generated.
pub fn all_endings() -> impl Iterator<Item = &'static str> {
    ALL.iter().flat_map(|lang| lang.endings()).copied()
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Lang] {
        &ALL
    }

    /// An ending stands for its language: `--lang py`.
    fn to_possible_value(&self) -> Option<PossibleValue> {
        let others = self.endings().iter().filter(|ending| **ending != self.word());
        Some(PossibleValue::new(self.word()).aliases(others))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_languages_share_a_word_or_an_ending() {
        let words = ALL.iter().map(|lang| lang.word());
        let mut all: Vec<&str> = words.chain(all_endings().filter(|ending| *ending != "c")).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn an_ending_stands_for_its_language() {
        for (word, lang) in [("py", "python"), ("js", "javascript"), ("tex", "latex"), ("c", "c")] {
            assert_eq!(Lang::from_str(word, false).map(Lang::word), Ok(lang));
        }
    }
}
