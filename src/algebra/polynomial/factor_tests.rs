use super::tests::{budget, mul, n, small, x};
use super::*;

use proptest::prelude::*;

#[track_caller]
fn check_factors(polynomial: &Polynomial, expected: &str) {
    let factored = polynomial.factor(&budget()).unwrap();
    assert_eq!(factored.expand(&budget()).unwrap(), *polynomial);
    let factors: Vec<String> =
        factored.factors.iter().map(|(factor, exponent)| format!("({factor})^{exponent}")).collect();
    assert_eq!(format!("{} {}", factored.content, factors.join(" ")), expected);
}

fn pow(p: &Polynomial, exponent: u32) -> Polynomial {
    p.pow(exponent, &budget()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn factors_multiply_to_the_polynomial(a in small(), b in small(), exponent in 1u32..3) {
        let product = mul(&a, &pow(&b, exponent));
        let factored = product.factor(&budget()).unwrap();
        prop_assert_eq!(factored.expand(&budget()).unwrap(), product.clone());
        prop_assert!(factored.factors.iter().all(|(f, _)| !f.is_constant() && f.content().is_one()));
        for (i, (f, _)) in factored.factors.iter().enumerate() {
            for (g, _) in &factored.factors[..i] {
                prop_assert!(f.gcd(g, &budget()).unwrap().is_one());
            }
        }
    }

    #[test]
    fn roots_of_powers_are_found(a in small(), degree in 2u32..4) {
        let root = pow(&a, degree).root(degree, &budget()).unwrap().unwrap();
        prop_assert!(root == a || (degree == 2 && root == -&a));
        if !a.is_constant() {
            prop_assert_eq!(mul(&pow(&a, degree), &a).root(degree, &budget()).unwrap().is_some(), a.root(degree, &budget()).unwrap().is_some());
        }
    }
}

#[test]
fn cheap_factors_are_found() {
    let (a, b, c) = (x(0), x(1), x(2));
    check_factors(&n(0), "0 ");
    check_factors(&n(-6), "-6 ");
    check_factors(&mul(&n(-6), &mul(&a, &pow(&b, 3))), "-6 (x0)^1 (x1)^3");
    check_factors(&(&pow(&a, 2) - &pow(&b, 2)), "1 (x0 - x1)^1 (x0 + x1)^1");
    check_factors(&(&pow(&a, 4) - &pow(&b, 4)), "1 (x0 - x1)^1 (x0 + x1)^1 (x0^2 + x1^2)^1");
    check_factors(&pow(&(&(&a + &b) + &c), 3), "1 (x0 + x1 + x2)^3");
    check_factors(&(&mul(&a, &b) + &mul(&a, &c)), "1 (x0)^1 (x1 + x2)^1");
    // 6·x³ + 7·x² − 1 = (x + 1)·(2·x + 1)·(3·x − 1)
    let cubic = &(&pow(&a, 3).scale(&6.into()) + &pow(&a, 2).scale(&7.into())) - &n(1);
    let factored = cubic.factor(&budget()).unwrap();
    assert_eq!(factored.factors.len(), 3);
    assert_eq!(factored.expand(&budget()).unwrap(), cubic);
    // (x + y + z)·(x + y − z): a quadratic whose discriminant is 4·z².
    let shifted = &pow(&(&a + &b), 2) - &pow(&c, 2);
    assert_eq!(shifted.factor(&budget()).unwrap().factors.len(), 2);
    check_factors(&(&pow(&a, 2) + &n(1)), "1 (x0^2 + 1)^1");
    check_factors(&(&pow(&a, 2) - &n(2)), "1 (x0^2 - 2)^1");
}

#[test]
fn square_roots_need_a_square() {
    let sum = &x(0) + &x(1);
    let square = pow(&sum, 2);
    assert_eq!(square.root(2, &budget()).unwrap(), Some(sum.clone()));
    assert_eq!(
        square.scale(&Rational::new(9, 4)).root(2, &budget()).unwrap(),
        Some(sum.scale(&Rational::new(3, 2)))
    );
    assert_eq!(square.scale(&2.into()).root(2, &budget()).unwrap(), None);
    assert_eq!((-&square).root(2, &budget()).unwrap(), None);
    assert_eq!((&square + &n(1)).root(2, &budget()).unwrap(), None);
    assert_eq!((-&pow(&sum, 3)).root(3, &budget()).unwrap(), Some(-&sum));
    assert_eq!(sum.root(0, &budget()).unwrap(), None);
}

#[test]
fn a_monomial_in_front_joins_the_factors_in_their_order() {
    let (a, b) = (x(0), x(1));
    let rest = pow(&(&a + &b), 2);
    let whole = mul(&mul(&pow(&a, 3), &b), &rest).scale(&Rational::new(-2, 3));
    let (monomial, left) = whole.without_monomial(&budget()).unwrap();
    assert_eq!((monomial.to_string().as_str(), &left), ("x0^3*x1", &rest));
    let joined = left.factor(&budget()).unwrap().times(whole.content(), &monomial);
    assert_eq!(joined, whole.factor(&budget()).unwrap());
}
