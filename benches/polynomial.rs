//! Polynomials and fractions: expansion, equality of sums, greatest common divisors.

use divan::{Bencher, black_box};
use referee::algebra::fraction::Fraction;
use referee::algebra::polynomial::{Budget, Monomial, Polynomial, Var};
use referee::number::Rational;

fn main() {
    divan::main();
}

fn variable(index: u32) -> Polynomial {
    Polynomial::variable(Var(index))
}

fn integer(value: i64) -> Polynomial {
    Polynomial::constant(value.into())
}

/// (x + y + z + w + 1)^15 has 3876 terms.
#[divan::bench]
fn expand_fifteenth_power(bencher: Bencher) {
    let sum = (0..4).fold(integer(1), |sum, index| &sum + &variable(index));
    bencher.bench(|| black_box(&sum).pow(15, &Budget::default()).expect("3876 terms").term_count());
}

/// (x + y + z + w + 1)^7 · ((x + y + z + w + 1)^7 + 1).
#[divan::bench]
fn multiply_dense(bencher: Bencher) {
    let sum = (0..4).fold(integer(1), |sum, index| &sum + &variable(index));
    let a = sum.pow(7, &Budget::default()).expect("330 terms");
    let b = &a + &integer(1);
    bencher.bench(|| black_box(&a).mul(&b, &Budget::default()).expect("3060 terms").term_count());
}

/// Σ 1/(x + i·y + i²), i = 1 … 60, added in two orders and groupings, then compared.
#[divan::bench]
fn compare_sums_of_sixty_fractions(bencher: Bencher) {
    let fraction = |i: i64| {
        let denominator = &(&variable(0) + &variable(1).scale(&i.into())) + &integer(i * i);
        Fraction::from(denominator).recip().expect("not zero")
    };
    let forward: Vec<Fraction> = (1..=60).map(fraction).collect();
    let backward: Vec<Fraction> = (1..=60).map(|i| fraction(1 + i * 37 % 60)).collect();
    bencher.bench(|| {
        let budget = Budget::default();
        let left = Fraction::sum(&forward, &budget).expect("1891 terms");
        let thirds: Vec<Fraction> =
            backward.chunks(20).map(|third| Fraction::sum(third, &budget).expect("231 terms")).collect();
        let right = Fraction::sum(&thirds, &budget).expect("1891 terms");
        assert!(left == right);
    });
}

/// The same two sums, the difference of which is 0.
#[divan::bench]
fn cancel_sums_of_twenty_fractions(bencher: Bencher) {
    let fraction = |i: i64, sign: i64| {
        let denominator = &(&variable(0) + &variable(1).scale(&i.into())) + &integer(i * i);
        Fraction::from(denominator).recip().expect("not zero").scale(&Rational::from(sign))
    };
    let terms: Vec<Fraction> =
        (1..=20).map(|i| fraction(i, 1)).chain((1..=20).map(|i| fraction(1 + i * 7 % 20, -1))).collect();
    bencher.bench(|| assert!(Fraction::sum(&terms, &Budget::default()).expect("small").is_zero()));
}

/// Terms with pseudo-random exponents up to `degree` in four variables.
fn scattered(seed: u64, terms: usize, degree: u64) -> Polynomial {
    let mut state = seed;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let term = |_| {
        let monomial: Monomial = (0..4).map(|index| (Var(index), next(degree + 1) as u32)).collect();
        (monomial, Rational::from(next(199) as i64 - 99))
    };
    let terms: Vec<_> = (0..terms).map(term).collect();
    Polynomial::from_terms(terms).expect("small exponents")
}

/// gcd(g·a, g·b) in four variables, all of 20 terms and degree at most 5 in each variable.
#[divan::bench]
fn common_divisor_of_products(bencher: Bencher) {
    let (g, a, b) = (scattered(1, 20, 5), scattered(2, 20, 5), scattered(3, 20, 5));
    let budget = Budget::default();
    let (left, right) = (g.mul(&a, &budget).expect("400 terms"), g.mul(&b, &budget).expect("400 terms"));
    bencher.bench(|| {
        let divisor = black_box(&left).gcd(&right, &budget).expect("within the budget");
        assert_eq!(divisor.term_count(), g.term_count());
    });
}

/// gcd of coprime polynomials in four variables of 400 terms.
#[divan::bench]
fn coprime_products(bencher: Bencher) {
    let budget = Budget::default();
    let product = |seed| scattered(seed, 20, 5).mul(&scattered(seed + 1, 20, 5), &budget).expect("400 terms");
    let (left, right) = (product(10), product(20));
    bencher.bench(|| assert!(black_box(&left).gcd(&right, &budget).expect("within the budget").is_one()));
}

/// (n/p − (n − x)/(1 − p))² and its derivative by p: what a score and its information look like.
#[divan::bench]
fn square_and_differentiate_a_score(bencher: Bencher) {
    let (n, p, x) = (variable(0), variable(1), variable(2));
    bencher.bench(|| {
        let budget = Budget::default();
        let over =
            |a: &Polynomial, b: &Polynomial| Fraction::new(a, b, &budget).expect("small").expect("not zero");
        let score = over(&n, &p).sub(&over(&(&n - &x), &(&integer(1) - &p)), &budget).expect("small");
        let square = score.mul(&score, &budget).expect("small");
        black_box(square.derivative(Var(1), &budget).expect("small"))
    });
}
