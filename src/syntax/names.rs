//! One name for every way to write a symbol: `μ` is `mu`, `x₁` is `x_1`.

use std::borrow::Cow;

/// Greek letters and their spelled names; the first letter of a name is the one to print.
#[rustfmt::skip]
pub static GREEK: &[(char, &str)] = &[
    ('α', "alpha"), ('β', "beta"), ('γ', "gamma"), ('δ', "delta"), ('ε', "epsilon"), ('ϵ', "epsilon"),
    ('ζ', "zeta"), ('η', "eta"), ('θ', "theta"), ('ϑ', "theta"), ('ι', "iota"), ('κ', "kappa"), ('ϰ', "kappa"),
    ('λ', "lambda"), ('μ', "mu"), ('µ', "mu"), ('ν', "nu"), ('ξ', "xi"), ('ο', "omicron"), ('π', "pi"), ('ϖ', "pi"),
    ('ρ', "rho"), ('ϱ', "rho"), ('σ', "sigma"), ('ς', "sigma"), ('τ', "tau"), ('υ', "upsilon"), ('φ', "phi"),
    ('ϕ', "phi"), ('χ', "chi"), ('ψ', "psi"), ('ω', "omega"),
    ('Α', "Alpha"), ('Β', "Beta"), ('Γ', "Gamma"), ('Δ', "Delta"), ('Ε', "Epsilon"), ('Ζ', "Zeta"), ('Η', "Eta"),
    ('Θ', "Theta"), ('ϴ', "Theta"), ('Ι', "Iota"), ('Κ', "Kappa"), ('Λ', "Lambda"), ('Μ', "Mu"), ('Ν', "Nu"),
    ('Ξ', "Xi"), ('Ο', "Omicron"), ('Π', "Pi"), ('Ρ', "Rho"), ('Σ', "Sigma"), ('Τ', "Tau"), ('Υ', "Upsilon"),
    ('Φ', "Phi"), ('Χ', "Chi"), ('Ψ', "Psi"), ('Ω', "Omega"), ('Ω', "Omega"),
];

/// Small letters below the line; what they stand for follows an underscore.
#[rustfmt::skip]
static SUBSCRIPTS: &[(char, char)] = &[
    ('₀', '0'), ('₁', '1'), ('₂', '2'), ('₃', '3'), ('₄', '4'), ('₅', '5'), ('₆', '6'), ('₇', '7'), ('₈', '8'), ('₉', '9'),
    ('ₐ', 'a'), ('ₑ', 'e'), ('ₕ', 'h'), ('ᵢ', 'i'), ('ⱼ', 'j'), ('ₖ', 'k'), ('ₗ', 'l'), ('ₘ', 'm'), ('ₙ', 'n'),
    ('ₒ', 'o'), ('ₚ', 'p'), ('ᵣ', 'r'), ('ₛ', 's'), ('ₜ', 't'), ('ᵤ', 'u'), ('ᵥ', 'v'), ('ₓ', 'x'),
];

/// Small digits above the line and their minus sign.
static SUPERSCRIPTS: &[(char, char)] = &[
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁻', '-'),
];

/// The spelled name of a Greek letter.
pub fn greek(letter: char) -> Option<&'static str> {
    GREEK.iter().find(|row| row.0 == letter).map(|row| row.1)
}

/// What a small letter below the line stands for.
pub fn subscript(letter: char) -> Option<char> {
    SUBSCRIPTS.iter().find(|row| row.0 == letter).map(|row| row.1)
}

/// The digit or sign that a small one above the line stands for.
pub fn superscript(letter: char) -> Option<char> {
    SUPERSCRIPTS.iter().find(|row| row.0 == letter).map(|row| row.1)
}

/// The canonical form of a name: Greek letters spelled, subscripts after an underscore.
///
/// ```
/// use referee::syntax::names::canonical;
/// assert_eq!(canonical("σ₁₂"), "sigma_12");
/// assert_eq!(canonical("sigma2"), "sigma2");
/// ```
pub fn canonical(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    let mut spelled = String::with_capacity(name.len() + 4);
    let mut below = false;
    for letter in name.chars() {
        if let Some(plain) = subscript(letter) {
            if !below && !spelled.ends_with('_') {
                spelled.push('_');
            }
            spelled.push(plain);
            below = true;
            continue;
        }
        below = false;
        match greek(letter) {
            Some(word) => spelled.push_str(word),
            None => spelled.push(letter),
        }
    }
    Cow::Owned(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_symbol_is_one_name() {
        for (written, name) in
            [("μ", "mu"), ("µ", "mu"), ("ε", "epsilon"), ("ϵ", "epsilon"), ("Γ", "Gamma"), ("ψ", "psi")]
        {
            assert_eq!(canonical(written), name);
            assert_eq!(canonical(name), name);
        }
        assert_eq!(canonical("x₁"), "x_1");
        assert_eq!(canonical("xᵢⱼ"), "x_ij");
        assert_eq!(canonical("x_₁"), "x_1");
        assert_eq!(canonical("x_μ"), "x_mu");
        assert_eq!(canonical("größe"), "größe");
    }
}
