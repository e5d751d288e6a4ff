use proptest::prelude::*;

use super::*;

/// A polynomial in x0 … x3 with small rational coefficients.
pub(super) fn small() -> impl Strategy<Value = Polynomial> {
    let term = (prop::collection::vec(0u32..4, 4), -9i64..10, 1i64..4);
    prop::collection::vec(term, 0..6).prop_map(|terms| {
        Polynomial::from_terms(terms.into_iter().map(|(exponents, n, d)| {
            ((0..).map(Var).zip(exponents).collect::<Monomial>(), Rational::new(n, d))
        }))
        .expect("exponents are small")
    })
}

pub(super) fn budget() -> Budget {
    Budget::default()
}

pub(super) fn x(index: u32) -> Polynomial {
    Polynomial::variable(Var(index))
}

pub(super) fn n(value: i64) -> Polynomial {
    Polynomial::constant(value.into())
}

pub(super) fn mul(a: &Polynomial, b: &Polynomial) -> Polynomial {
    a.mul(b, &budget()).expect("small")
}

pub(super) fn gcd(a: &Polynomial, b: &Polynomial) -> Polynomial {
    a.gcd(b, &budget()).expect("small")
}

/// What every polynomial must satisfy for structural equality to be equality.
fn assert_canonical(p: &Polynomial) {
    let again = Polynomial::from_terms(p.terms()).expect("exponents fit");
    assert_eq!(&again, p);
    assert!(p.rows().zip(p.rows().skip(1)).all(|(a, b)| a > b), "terms of {p} out of order");
    assert!(p.coefficients.iter().all(|c| !c.is_zero()));
    assert!(p.degrees().iter().all(|&degree| degree > 0), "an absent variable in {p}");
    assert!(p.is_zero() || content_of(&p.coefficients).is_one(), "content left in {p}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn polynomials_form_a_ring(a in small(), b in small(), c in small()) {
        for p in [&a, &(&a + &b), &(&a - &b), &mul(&a, &b), &-&a, &a.derivative(Var(1))] {
            assert_canonical(p);
        }
        prop_assert_eq!(&(&a + &b) - &b, a.clone());
        prop_assert_eq!(&a + &b, &b + &a);
        prop_assert_eq!(&(&a + &b) + &c, &a + &(&b + &c));
        prop_assert_eq!(mul(&a, &b), mul(&b, &a));
        prop_assert_eq!(mul(&mul(&a, &b), &c), mul(&a, &mul(&b, &c)));
        prop_assert_eq!(mul(&a, &(&b + &c)), &mul(&a, &b) + &mul(&a, &c));
        prop_assert!((&a - &a).is_zero());
    }

    #[test]
    fn derivatives_follow_the_product_rule(a in small(), b in small()) {
        let v = Var(2);
        let expected = &mul(&a.derivative(v), &b) + &mul(&a, &b.derivative(v));
        prop_assert_eq!(mul(&a, &b).derivative(v), expected);
    }

    #[test]
    fn exact_division_undoes_multiplication(a in small(), b in small()) {
        prop_assume!(!b.is_zero());
        let product = mul(&a, &b);
        prop_assert_eq!(product.exact_div(&b, &budget()).unwrap(), Some(a.clone()));
        if b.total_degree() > 0 {
            prop_assert_eq!((&product + &n(1)).exact_div(&b, &budget()).unwrap(), None);
        }
    }

    #[test]
    fn common_factors_are_found_whole(a in small(), b in small(), f in small()) {
        prop_assume!(!f.is_zero());
        prop_assume!(!a.is_zero() || !b.is_zero());
        let divisor = gcd(&a, &b);
        assert_canonical(&divisor);
        prop_assert_eq!(gcd(&mul(&a, &f), &mul(&b, &f)), mul(&divisor, &f).primitive_part());
        prop_assert!(a.exact_div(&divisor, &budget()).unwrap().is_some());
        prop_assert!(b.exact_div(&divisor, &budget()).unwrap().is_some());
    }

    #[test]
    fn powers_are_repeated_products(a in small(), exponent in 0u32..5) {
        let product = (0..exponent).fold(n(1), |product, _| mul(&product, &a));
        let power = a.pow(exponent, &budget()).unwrap();
        assert_canonical(&power);
        prop_assert_eq!(power, product);
    }

    #[test]
    fn high_powers_of_short_sums(a in small(), exponent in 5u32..9) {
        let below = a.pow(exponent - 1, &budget()).unwrap();
        let power = a.pow(exponent, &budget()).unwrap();
        assert_canonical(&power);
        prop_assert_eq!(power, mul(&below, &a));
    }

    #[test]
    fn values_respect_sums_and_products(a in small(), b in small(), n in -5i64..6, d in 1i64..5) {
        let at = |p: &Polynomial| {
            p.evaluate(|v| (v != Var(2)).then(|| Rational::new(n + i64::from(v.0), d)), &budget()).unwrap()
        };
        prop_assert_eq!(at(&(&a + &b)), &at(&a) + &at(&b));
        prop_assert_eq!(at(&mul(&a, &b)), mul(&at(&a), &at(&b)));
        assert_canonical(&at(&a));
    }

    #[test]
    fn coefficients_rebuild_the_polynomial(a in small()) {
        let parts = a.coefficients_in(Var(1), &budget()).unwrap();
        let sum = parts.iter().enumerate().fold(Polynomial::zero(), |sum, (k, part)| {
            assert_canonical(part);
            &sum + &mul(part, &Polynomial::power_of_variable(Var(1), k as u32))
        });
        prop_assert_eq!(sum, a);
    }

    #[test]
    fn pseudo_division_leaves_a_lower_degree(a in small(), b in small()) {
        prop_assume!(b.degree(Var(0)) > 0);
        let division = a.pseudo_div(&b, Var(0), &budget()).unwrap().unwrap();
        let right = &mul(&division.quotient, &b) + &division.remainder;
        prop_assert_eq!(mul(&division.factor, &a), right);
        prop_assert!(division.remainder.degree(Var(0)) < b.degree(Var(0)));
    }
}

#[test]
fn too_large_powers_are_refused_at_once() {
    let sum = &(&x(0) + &x(1)) + &(&x(2) + &x(3));
    let refused = sum.pow(1000, &budget()).unwrap_err();
    assert_eq!(refused, Exceeded { resource: Resource::Terms, limit: 200_000 });
    assert_eq!(n(2).pow(1_000_000_000, &budget()).unwrap_err().resource, Resource::CoefficientBits);
    assert_eq!((&x(0) + &n(1)).pow(100_000, &budget()).unwrap_err().resource, Resource::CoefficientBits);
    assert_eq!(x(0).pow(u32::MAX, &budget()).unwrap().degree(Var(0)), u32::MAX);
    assert_eq!(
        mul(&x(0), &x(1)).pow(u32::MAX, &budget()).unwrap().mul(&x(0), &budget()),
        Err(Exceeded::EXPONENT)
    );
}

#[test]
fn coefficients_outgrow_every_machine_word() {
    let large = n(i64::MAX);
    let p = &mul(&large, &x(0)) + &n(1);
    let fourth = p.pow(4, &budget()).unwrap();
    assert_canonical(&fourth);
    assert!(fourth.coefficient_bits() > 250);
    assert_eq!(fourth, mul(&mul(&p, &p), &mul(&p, &p)));
    let third = p.pow(3, &budget()).unwrap();
    assert_eq!(fourth.exact_div(&third, &budget()).unwrap(), Some(p.clone()));
    assert_eq!((&fourth - &fourth.clone()), n(0));
    assert_eq!(fourth.leading_coefficient(), Rational::from(i64::MAX).pow(4).unwrap());
}

#[test]
fn what_was_written_differently_is_equal() {
    let left = &mul(&(&x(0) + &x(1)), &(&x(0) - &x(1))) + &x(2);
    let right = &(&mul(&x(0), &x(0)) + &x(2)) - &mul(&x(1), &x(1));
    assert_eq!(left, right);
    assert_eq!(left.to_string(), "x0^2 - x1^2 + x2");
    let half = x(0).scale(&Rational::new(-1, 2));
    assert_eq!((&half - &n(3)).to_string(), "-1/2*x0 - 3");
    assert_eq!((&left - &x(2)).variables(), [Var(0), Var(1)]);
}

#[test]
fn values_and_polynomials_replace_variables() {
    let p = &(&mul(&x(0), &x(0)) + &mul(&x(0), &x(1))) + &n(1);
    let at = |v: Var| (v == Var(0)).then(|| Rational::new(1, 2));
    assert_eq!(p.evaluate(at, &budget()).unwrap().to_string(), "1/2*x1 + 5/4");
    let shifted = p.substitute(Var(0), &(&x(0) + &x(1)), &budget()).unwrap();
    assert_eq!(shifted.to_string(), "x0^2 + 3*x0*x1 + 2*x1^2 + 1");
    assert_eq!(shifted.substitute(Var(0), &(&x(0) - &x(1)), &budget()).unwrap(), p);
    assert_eq!(p.map_variables(|_| Var(7)).unwrap().to_string(), "2*x7^2 + 1");
}

#[test]
fn degrees_and_terms_are_read_off() {
    let p = &mul(&x(0).pow(3, &budget()).unwrap(), &x(5)) - &x(2).pow(5, &budget()).unwrap();
    assert_eq!((p.degree(Var(0)), p.degree(Var(1)), p.total_degree()), (3, 0, 5));
    let (monomial, coefficient) = p.leading_term().unwrap();
    assert_eq!((&monomial[..], coefficient), (&[(Var(0), 3), (Var(5), 1)][..], Rational::ONE));
    assert_eq!(p.scale(&Rational::new(4, 3)).content(), &Rational::new(4, 3));
    assert_eq!(x(3).as_variable(), Some(Var(3)));
    assert_eq!(p.as_variable(), None);
    assert_eq!(Polynomial::zero().leading_term(), None);
}

#[test]
fn thirty_kernels_are_no_obstacle() {
    let sum = (0..30).fold(n(1), |sum, index| &sum + &x(index));
    let square = sum.pow(2, &budget()).unwrap();
    assert_eq!(square.term_count(), 31 * 32 / 2);
    assert_eq!(gcd(&mul(&square, &x(3)), &mul(&sum, &x(4))), sum);
}

#[test]
fn towering_exponents_cost_no_memory() {
    let tall = &x(0).pow(1_000_000_000, &budget()).unwrap() - &n(1);
    assert_eq!(tall.coefficients_in(Var(0), &budget()).unwrap_err().resource, Resource::Terms);
    assert_eq!(tall.powers_in(Var(0)), [(0, n(-1)), (1_000_000_000, n(1))]);
    assert_eq!(tall.factor(&budget()).unwrap().factors, [(tall.clone(), 1)]);
    let tight = Budget { max_steps: 100_000, ..budget() };
    let linear = &x(0) - &n(1);
    assert_eq!(tall.gcd(&linear, &tight).unwrap_err().resource, Resource::Terms);
    assert_eq!(tall.exact_div(&linear, &tight).unwrap_err().resource, Resource::Steps);
    assert_eq!(tall.evaluate(|_| Some(2.into()), &tight).unwrap_err().resource, Resource::CoefficientBits);
    assert_eq!(tall.substitute(Var(0), &linear, &tight).unwrap_err().resource, Resource::CoefficientBits);
    assert_eq!(tall.evaluate(|_| Some(1.into()), &tight).unwrap(), n(0));
}

#[test]
fn division_does_not_wrap_around() {
    // The remainder is 2²⁰⁰, which is 0 modulo 2¹²⁸.
    let power = x(0).pow(200, &budget()).unwrap();
    assert_eq!((&power + &mul(&power, &x(0))).exact_div(&(&x(0) - &n(2)), &budget()).unwrap(), None);
    // Coefficients of dividend and quotient alike are long: (x² − 1)⁶⁰ by (x + 1)⁶⁰.
    let plus = (&x(0) + &n(1)).pow(60, &budget()).unwrap();
    let minus = (&x(0) - &n(1)).pow(60, &budget()).unwrap();
    assert_eq!(mul(&plus, &minus).exact_div(&plus, &budget()).unwrap(), Some(minus));
}
