//! Names and text from the input to what is safe in generated code: `λ`, `lambda`, `class` to identifiers, a source's
//! title to a comment.
//!
//! ```text
//! Python: lambda ↦ lambda_     mu_1 ↦ mu_1     A, a ↦ A, a     inverse-gaussian ↦ inverse_gaussian
//! Rust:   lambda ↦ lambda      type ↦ type_    A, a ↦ a_, a    3-state ↦ family_3_state
//! ```
//!
//! A language is a row of words that are taken in it and of what its comments and strings do not bear. Same names in,
//! same identifiers out; what order the names come in decides only between names that differ in nothing but spelling.

mod escape;
mod words;

pub use escape::{Comments, Strings, visible};
pub use words::{C, JAVASCRIPT, PYTHON, RUST};

use std::collections::BTreeSet;

/// What a language makes of names and text from the input.
#[derive(Debug)]
pub struct Words {
    /// Words that are no identifiers, or that generated code and its readers use with a meaning of their own.
    pub taken: &'static [&'static [&'static str]],
    /// Words that are no names of files or modules, beside those taken.
    pub files: &'static [&'static [&'static str]],
    /// Capital letters in the names of variables.
    pub capitals: Capitals,
    /// What comments do not bear.
    pub comments: Comments,
    /// How strings are escaped.
    pub strings: Strings,
}

/// Whether the names of variables may have capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capitals {
    /// They stay.
    Kept,
    /// They become small ones: a compiler warns of them.
    Lowered,
}

/// Longest identifier made of a typed name: longer lines would be broken by formatters.
const LONGEST: usize = 16;

/// Longest name of a file.
const LONGEST_FILE: usize = 40;

impl Words {
    /// Whether the word means something in the language.
    pub fn is_taken(&self, word: &str) -> bool {
        self.taken.iter().any(|group| group.contains(&word))
    }

    /// Name of a file, module or prefix for a family: `inverse-gaussian` gives `inverse_gaussian`.
    ///
    /// Small ASCII letters, digits and single underscores; no keyword, no module of the language, no name of a device, and
    /// none by which test files are found: `x-test` gives `x_test_family`.
    pub fn stem(&self, family: &str) -> String {
        let clean = cut(&cleaned(family).to_ascii_lowercase(), LONGEST_FILE);
        let is_file = self.files.iter().any(|group| group.contains(&clean.as_str()));
        let is_no_name = is_file || self.is_taken(&clean) || clean.starts_with(|c: char| c.is_ascii_digit());
        let mut stem = match clean.as_str() {
            "" => "family".to_owned(),
            _ if is_no_name || clean.starts_with("test_") => format!("family_{clean}"),
            _ => clean,
        };
        if stem.ends_with("_test") {
            stem += "_family";
        }
        stem
    }
}

/// The identifiers in use in a piece of generated code.
#[derive(Clone, Debug)]
pub struct Scope {
    words: &'static Words,
    used: BTreeSet<String>,
}

impl Scope {
    /// Only what the language itself takes is in use.
    pub fn new(words: &'static Words) -> Scope {
        Scope { words, used: BTreeSet::new() }
    }

    /// Takes a name of ours as it stands: a routine, a helper, an argument.
    pub fn reserve(&mut self, name: &str) {
        self.used.insert(name.into());
    }

    /// Whether the name is free.
    pub fn is_free(&self, name: &str) -> bool {
        !self.words.is_taken(name) && !self.used.contains(name)
    }

    /// Identifiers for typed names, in their order; each is taken. Names that can stay as they are do.
    pub fn identifiers<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
        let names: Vec<&str> = names.into_iter().collect();
        let mut found: Vec<Option<String>> = vec![None; names.len()];
        for (name, place) in names.iter().zip(&mut found) {
            if self.clean(name) == **name && self.is_free(name) {
                self.reserve(name);
                *place = Some((*name).into());
            }
        }
        names.iter().zip(found).map(|(name, place)| place.unwrap_or_else(|| self.identifier(name))).collect()
    }

    /// An identifier as near to the name as is free: `lambda`, else `lambda_`, `lambda_2`, `lambda_3`, …; it is taken.
    pub fn identifier(&mut self, name: &str) -> String {
        let clean = self.clean(name);
        let second = format!("{}_", clean.trim_end_matches('_'));
        let further = (2..).map(|n| format!("{second}{n}"));
        let mut candidates = [clean, second.clone()].into_iter().chain(further);
        let free = candidates.find(|c| self.is_free(c)).expect("there are more numbers than names");
        self.reserve(&free);
        free
    }

    fn clean(&self, name: &str) -> String {
        let mut clean = cleaned(name);
        if self.words.capitals == Capitals::Lowered {
            clean.make_ascii_lowercase();
        }
        clean = cut(&clean, LONGEST);
        match clean.bytes().next() {
            None => "value".into(),
            Some(first) if first.is_ascii_digit() => format!("v{clean}"),
            Some(_) => clean,
        }
    }
}

/// ASCII letters, digits and single underscores between them; every other letter by its code point, `é` is `u00e9`.
fn cleaned(name: &str) -> String {
    let mut clean = String::new();
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => clean.push(c),
            c if c.is_alphanumeric() => clean.push_str(&format!("u{:04x}", c as u32)),
            '\'' => clean.push_str("_prime"),
            _ if clean.ends_with('_') => {}
            _ => clean.push('_'),
        }
    }
    // A mark of ours, `_prime`, may follow an underscore.
    clean.replace("__", "_").trim_matches('_').into()
}

/// No more than so many bytes, no underscore at the end.
fn cut(clean: &str, longest: usize) -> String {
    clean[..clean.len().min(longest)].trim_end_matches('_').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    static LANGUAGES: [&Words; 4] = [&RUST, &C, &PYTHON, &JAVASCRIPT];

    #[track_caller]
    fn check_identifiers(words: &'static Words, reserved: &str, names: &str, expected: &str) {
        let mut scope = Scope::new(words);
        reserved.split_whitespace().for_each(|name| scope.reserve(name));
        assert_eq!(scope.identifiers(names.split(' ')).join(" "), expected);
    }

    #[test]
    fn good_names_stay() {
        for words in LANGUAGES {
            check_identifiers(
                words,
                "",
                "alpha mu1 g_1 sigma_12 theta_hat",
                "alpha mu1 g_1 sigma_12 theta_hat",
            );
        }
    }

    #[test]
    fn keywords_are_marked_where_they_are_keywords() {
        check_identifiers(&PYTHON, "", "lambda None class double log", "lambda_ None_ class_ double log");
        check_identifiers(&RUST, "", "lambda None class type gen log", "lambda none class type_ gen_ log");
        check_identifiers(&C, "", "lambda None class double log", "lambda None class_ double_ log_");
        check_identifiers(
            &JAVASCRIPT,
            "",
            "lambda None class enum await eval",
            "lambda None class_ enum_ await_ eval_",
        );
    }

    #[test]
    fn names_in_use_are_marked() {
        check_identifiers(&C, "theta out x", "theta out x", "theta_ out_ x_");
        check_identifiers(&PYTHON, "x x_ x_2", "x", "x_3");
        check_identifiers(&JAVASCRIPT, "digamma", "digamma digamma_", "digamma_ digamma_2");
    }

    #[test]
    fn capitals_are_kept_where_they_may_be() {
        check_identifiers(&RUST, "", "A a Sigma", "a_ a sigma");
        check_identifiers(&PYTHON, "", "A a Sigma", "A a Sigma");
    }

    #[test]
    fn names_that_clean_to_the_same_stay_apart() {
        check_identifiers(&PYTHON, "", "a__b a_b a_b_ _a_b", "a_b_ a_b a_b_2 a_b_3");
        check_identifiers(&C, "", "theta' theta_prime __x", "theta_prime_ theta_prime x");
    }

    #[test]
    fn other_letters_are_spelled_by_their_code_points() {
        check_identifiers(&JAVASCRIPT, "", "é 字 x\u{202e}y", "u00e9 u5b57 x_y");
        check_identifiers(&C, "", "1a \u{200b} ٣", "v1a value u0663");
    }

    #[test]
    fn long_names_are_cut() {
        let long = "a".repeat(500);
        check_identifiers(&C, "", &format!("{long} {long}b"), &format!("{} {}_", &long[..16], &long[..16]));
    }

    #[track_caller]
    fn check_stem(words: &Words, family: &str, expected: &str) {
        assert_eq!(words.stem(family), expected);
    }

    #[test]
    fn families_name_files() {
        for words in LANGUAGES {
            check_stem(words, "inverse-gaussian", "inverse_gaussian");
            check_stem(words, "Softmax3", "softmax3");
            check_stem(words, "3-state", "family_3_state");
            check_stem(words, "../../etc/passwd", "etc_passwd");
            check_stem(words, "CON", "family_con");
            check_stem(words, "test-gamma", "family_test_gamma");
            check_stem(words, "--", "family");
            check_stem(words, "x-test", "x_test_family");
            check_stem(words, "test", "family_test_family");
        }
        check_stem(&PYTHON, "lambda", "family_lambda");
        check_stem(&PYTHON, "random", "family_random");
        check_stem(&PYTHON, "numpy", "family_numpy");
        check_stem(&C, "math", "family_math");
        check_stem(&RUST, "core", "family_core");
        check_stem(&JAVASCRIPT, "default", "family_default");
    }

    proptest::proptest! {
        #[test]
        fn identifiers_are_valid_and_differ(names in proptest::collection::vec("\\PC{0,30}|[aA_]{1,4}|class|type", 0..8)) {
            for words in LANGUAGES {
                let mut scope = Scope::new(words);
                scope.reserve("x");
                let found = scope.identifiers(names.iter().map(String::as_str));
                for (place, name) in found.iter().enumerate() {
                    assert!(name.starts_with(|c: char| c.is_ascii_alphabetic()), "{name}");
                    assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
                    assert!(!name.contains("__") && !words.is_taken(name) && name != "x", "{name}");
                    assert!(!found[..place].contains(name), "{name} twice");
                }
            }
        }

        #[test]
        fn names_of_files_are_small_and_plain(family in "\\PC{0,60}") {
            for words in LANGUAGES {
                let stem = words.stem(&family);
                assert!(stem.starts_with(|c: char| c.is_ascii_lowercase()), "{stem}");
                assert!(stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{stem}");
                assert!(!stem.starts_with("test_") && !stem.ends_with("_test"), "{stem}");
                assert!(!words.is_taken(&stem) && stem.len() <= LONGEST_FILE + 14, "{stem}");
            }
        }
    }
}
