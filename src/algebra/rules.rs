//! The named rules of the normal form and of the prover, each with the condition under which it holds.
//!
//! `log-product`: log(a·b) = log(a) + log(b) if a > 0, b > 0. A proof cites rules by these names; the tests evaluate
//! every row in enclosures over its condition, and have the prover prove it. A row whose formulas are empty is a method,
//! not an identity.

/// One rule: `left = right` wherever `condition` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name by which proofs cite it; it never changes.
    pub name: &'static str,
    /// The left side in the plain notation; empty for a method.
    pub left: &'static str,
    /// The right side.
    pub right: &'static str,
    /// As after `--where`; empty when the rule holds for all reals.
    pub condition: &'static str,
    /// In a sentence, for the reader.
    pub text: &'static str,
}

/// The rule of that name.
pub fn lookup(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

macro_rules! rules {
    ($($name:literal: $left:literal => $right:literal if $condition:literal, $text:literal;)*) => {
        &[$(Rule { name: $name, left: $left, right: $right, condition: $condition, text: $text }),*]
    };
}

/// All rules, grouped as the normal form is.
#[rustfmt::skip]
pub static RULES: &[Rule] = rules! {
    // Logarithms and exponentials.
    "log-product":        "log(a*b)"             => "log(a) + log(b)"                 if "a > 0, b > 0",            "the logarithm of a product of positive factors is the sum of their logarithms";
    "log-power":          "log(a^r)"             => "r*log(a)"                        if "a > 0",                   "the exponent of a positive base leaves the logarithm";
    "log-even-power":     "log(x^2)"             => "2*log(abs(x))"                   if "x != 0",                  "of an even power the absolute value of the base is left";
    "log-exp":            "log(exp(x))"          => "x"                               if "",                        "the logarithm undoes the exponential";
    "exp-log":            "exp(log(a))"          => "a"                               if "a > 0",                   "the exponential undoes the logarithm";
    "exp-sum":            "exp(x + y)"           => "exp(x)*exp(y)"                   if "",                        "the exponential of a sum is the product of the exponentials";
    "expm1":              "expm1(x)"             => "exp(x) - 1"                      if "",                        "what expm1 means";
    "log1p":              "log1p(x)"             => "log(1 + x)"                      if "x > -1",                  "what log1p means";
    "hyperbolic-exp":     "cosh(x) + sinh(x)"    => "exp(x)"                          if "",                        "hyperbolic functions are written by the exponential";
    // Powers.
    "power-exp-log":      "a^x"                  => "exp(x*log(a))"                   if "a > 0",                   "a power with a variable exponent is an exponential";
    "power-sum":          "x^(n + 2)"            => "x^2*x^n"                         if "x != 0, n integer",       "whole parts of an exponent are split off";
    "power-product":      "(a*b)^(1/2)"          => "a^(1/2)*b^(1/2)"                 if "a > 0, b > 0",            "positive factors are raised one by one";
    "power-even":         "sqrt(x^2)"            => "abs(x)"                          if "",                        "the root of a square is the absolute value";
    // Absolute value and sign.
    "abs-nonnegative":    "abs(x)"               => "x"                               if "x >= 0",                  "the absolute value of what is not negative";
    "abs-nonpositive":    "abs(x)"               => "-x"                              if "x <= 0",                  "the absolute value of what is not positive";
    "abs-square":         "abs(x)^2"             => "x^2"                             if "",                        "the square does not see the sign";
    "abs-product":        "abs(x*y)"             => "abs(x)*abs(y)"                   if "",                        "the absolute value of a product is the product of the absolute values";
    "sign-quotient":      "sign(x)"              => "x/abs(x)"                        if "x != 0",                  "the sign of what is not zero is its quotient by its absolute value";
    "sign-known":         "sign(x)"              => "1"                               if "x > 0",                   "the sign of what is known to be positive; of a negative value it is -1";
    // Angles.
    "pythagoras":         "sin(x)^2"             => "1 - cos(x)^2"                    if "",                        "the squares of sine and cosine add to 1";
    "angle-sum":          "cos(x + y)"           => "cos(x)*cos(y) - sin(x)*sin(y)"   if "",                        "the addition theorem of cosine, and that of sine";
    "angle-multiple":     "sin(2*x)"             => "2*sin(x)*cos(x)"                 if "",                        "multiples of an angle by the addition theorem";
    "angle-pi":           "cos(x + pi)"          => "-cos(x)"                         if "",                        "multiples of π/2 turn sine and cosine by quadrants";
    "tan-quotient":       "tan(x)"               => "sin(x)/cos(x)"                   if "",                        "tangent is sine over cosine";
    "atan-odd":           "atan(-x)"             => "-atan(x)"                        if "",                        "the arctangent is odd";
    // The gamma family, DLMF 5.5.1, 5.5.2, 5.15.5, 5.12.1.
    "factorial-gamma":    "factorial(x)"         => "gamma(x + 1)"                    if "x > -1",                  "the factorial by the gamma function";
    "gamma-lgamma":       "gamma(x)"             => "exp(lgamma(x))"                  if "x > 0",                   "for positive arguments Γ is the exponential of its logarithm";
    "gamma-recurrence":   "gamma(x + 1)"         => "x*gamma(x)"                      if "x > 0",                   "Γ(x + 1) = x·Γ(x), wherever x is no pole";
    "lgamma-recurrence":  "lgamma(x + 1)"        => "lgamma(x) + log(x)"              if "x > 0",                   "log|Γ(x + 1)| = log|Γ(x)| + log|x|";
    "polygamma-recurrence": "digamma(x + 1)"     => "digamma(x) + 1/x"                if "x > 0",                   "ψ⁽ᵐ⁾(x + 1) = ψ⁽ᵐ⁾(x) + (−1)ᵐ·m!/xᵐ⁺¹";
    "gamma-duplication":  "lgamma(2*x)"          => "lgamma(x) + lgamma(x + 1/2) + (2*x - 1)*log(2) - log(pi)/2" if "x > 0", "Γ(2x) = 2²ˣ⁻¹·Γ(x)·Γ(x + ½)/√π";
    "polygamma-duplication": "digamma(2*x)"      => "(digamma(x) + digamma(x + 1/2))/2 + log(2)" if "x > 0",       "ψ⁽ᵐ⁾(2x) = 2⁻ᵐ⁻¹·(ψ⁽ᵐ⁾(x) + ψ⁽ᵐ⁾(x + ½)), and log 2 more for m = 0";
    "lbeta-lgamma":       "lbeta(a, b)"          => "lgamma(a) + lgamma(b) - lgamma(a + b)" if "a > 0, b > 0",      "the beta function by the gamma function";
    "binomial-gamma":     "binomial(n, k)"       => "gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1))" if "k > 0, n > k", "binomial coefficients by the gamma function, away from its poles";
    "binomial-product":   "binomial(n, 2)"       => "n*(n - 1)/2"                     if "n > 0",                   "for a whole lower number the coefficient is a product";
    // Bessel functions, DLMF 10.29.1.
    "bessel-recurrence":  "besseli(2, x)"        => "besseli(0, x) - 2/x*besseli(1, x)" if "x > 0",                 "orders are lowered to 0 and 1";
    // Values and ranges.
    "exact-value":        "digamma(1)"           => "-EulerGamma"                     if "",                        "an exact value from the function's row";
    "finite-range":       "sum(x^k, k = 0..2)"   => "1 + x + x^2"                     if "",                        "a sum or product over a few numbers is written out";
    // Methods of the prover.
    "reflexivity":        "" => "" if "", "both sides have one normal form";
    "exact-arithmetic":   "" => "" if "", "arithmetic of rational functions in lowest terms";
    "induction":          "" => "" if "", "the claim holds at the least n, and with n it holds at n + 1";
    "substitution":       "" => "" if "", "a declared equation is solved for a variable and put in";
    "given-equation":     "" => "" if "", "the difference is a multiple of what a declared equation makes 0";
    "equal-derivatives":  "" => "" if "", "both sides have one derivative on an interval, and agree at one point of it";
    "cases":              "" => "" if "", "a variable with finitely many values is taken value by value";
    "exp-injective":      "" => "" if "", "two numbers are equal when their exponentials are";
    "square-injective":   "" => "" if "", "two numbers, neither negative, are equal when their squares are";
    "sign":               "" => "" if "", "the sign of the difference follows from ranges, squares, or Sturm's theorem";
    "function-bound":     "" => "" if "", "a function is replaced by a bound from its row";
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_the_normal_form_cites_has_one_row() {
        let sources = [
            include_str!("normalize/mod.rs"),
            include_str!("normalize/angle.rs"),
            include_str!("normalize/exponential.rs"),
            include_str!("normalize/gamma.rs"),
            include_str!("normalize/logarithm.rs"),
            include_str!("normalize/power.rs"),
            include_str!("normalize/kernel.rs"),
        ];
        let mut cited = Vec::new();
        for source in sources {
            for (_, after) in source.match_indices("cite(").map(|(i, m)| (i, &source[i + m.len()..])) {
                let argument = &after[..after.find(");").unwrap_or(0)];
                cited.extend(argument.split('"').skip(1).step_by(2));
            }
        }
        assert!(cited.len() > 30, "the sources are searched");
        for name in &cited {
            assert!(lookup(name).is_some(), "`{name}` has no row");
        }
        for rule in RULES {
            assert_eq!(RULES.iter().filter(|other| other.name == rule.name).count(), 1, "{}", rule.name);
            assert!(!rule.text.is_empty());
        }
    }
}
