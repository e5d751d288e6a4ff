//! Names → LaTeX: `mu1` is `\mu_{1}`, `theta_hat_q` is `\hat{\theta}_{q}`, `rate` is `\mathrm{rate}`.
//!
//! A name consists of letters and digits of any alphabet and of `_`; nothing else reaches the output, so that no name
//! can end a group or begin a command.

use crate::syntax::names::GREEK;

/// Greek letters that LaTeX has no command for, because they look Latin.
#[rustfmt::skip]
const LATIN_LOOKING: &[&str] = &[
    "omicron", "Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Omicron", "Rho", "Tau", "Chi",
];

/// Marks that stand above a letter.
const ACCENTS: &[&str] = &["hat", "bar", "tilde"];

/// A name in LaTeX.
///
/// ```
/// use referee::print::latex::name;
/// assert_eq!(name("mu1"), r"\mu_{1}");
/// assert_eq!(name("sigma2_q"), r"\sigma_{2,q}");
/// assert_eq!(name("theta_hat"), r"\hat{\theta}");
/// assert_eq!(name("rate"), r"\mathrm{rate}");
/// ```
pub fn name(name: &str) -> String {
    let mut parts = name.split('_').filter(|part| !part.is_empty());
    let head = parts.next().unwrap_or("x");
    let (letters, digits) = head.split_at(head.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    let mut below: Vec<String> = Vec::new();
    let mut above = match letter(letters) {
        Some(letter) => {
            below.extend((!digits.is_empty()).then(|| digits.to_owned()));
            letter
        }
        None => word(head),
    };
    for part in parts {
        match ACCENTS.contains(&part) && below.is_empty() {
            true => above = format!("\\{part}{{{above}}}"),
            false => below.push(subscript(part)),
        }
    }
    if below.is_empty() { above } else { format!("{above}_{{{}}}", below.join(",")) }
}

/// A single letter, Latin or Greek.
fn letter(text: &str) -> Option<String> {
    let greek = GREEK.iter().any(|row| row.1 == text) && !LATIN_LOOKING.contains(&text);
    if greek {
        return Some(format!("\\{text}"));
    }
    match text {
        "ell" => Some("\\ell".to_owned()),
        _ => (text.len() == 1 && text.chars().all(|c| c.is_ascii_alphabetic())).then(|| text.to_owned()),
    }
}

fn subscript(part: &str) -> String {
    let digits = part.chars().all(|c| c.is_ascii_digit());
    letter(part).or_else(|| digits.then(|| part.to_owned())).unwrap_or_else(|| word(part))
}

/// A word, upright; as text where its letters are not those of formulas.
fn word(text: &str) -> String {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let font = if letters.is_ascii() { "mathrm" } else { "textrm" };
    format!("\\{font}{{{letters}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_letters_with_subscripts_or_words() {
        for (plain, latex) in [
            ("x", "x"),
            ("x12", "x_{12}"),
            ("alpha", r"\alpha"),
            ("Sigma", r"\Sigma"),
            ("Beta", r"\mathrm{Beta}"),
            ("mu_q", r"\mu_{q}"),
            ("mu1_q", r"\mu_{1,q}"),
            ("x_alpha", r"x_{\alpha}"),
            ("x_ij", r"x_{\mathrm{ij}}"),
            ("x_bar_n", r"\bar{x}_{n}"),
            ("df", r"\mathrm{df}"),
            ("df2", r"\mathrm{df2}"),
            ("größe", r"\textrm{größe}"),
        ] {
            assert_eq!(name(plain), latex, "{plain}");
        }
    }

    #[test]
    fn nothing_but_letters_and_digits_of_a_name_reaches_the_output() {
        for typed in [r"a}\input{x", "%", "a$b", "x^2", "#1", "a&b", r"\"] {
            let written = name(typed).replace(r"\mathrm", "");
            assert!(
                !written.contains(['\\', '%', '$', '^', '#', '&'])
                    && written.matches('{').count() == written.matches('}').count(),
                "{typed}: {written}"
            );
        }
    }
}
