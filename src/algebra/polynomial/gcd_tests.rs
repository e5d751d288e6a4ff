use super::interpolate::Problem;
use super::lift::{self, Answer};
use super::tests::{budget, gcd, mul, n, x};
use super::*;

fn pow(p: &Polynomial, exponent: u32) -> Polynomial {
    p.pow(exponent, &budget()).unwrap()
}

/// The divisor of g·a and g·b is g for coprime a and b.
#[track_caller]
fn check_common(g: &Polynomial, a: &Polynomial, b: &Polynomial) {
    let (left, right) = (mul(g, a), mul(g, b));
    let split = left.cofactors(&right, &budget()).unwrap();
    assert_eq!(split.divisor, g.primitive_part());
    assert_eq!(mul(&split.divisor, &split.left), left);
    assert_eq!(mul(&split.divisor, &split.right), right);
}

/// x0 + x1 + … + x(count − 1) + constant.
fn sum(count: u32, constant: i64) -> Polynomial {
    (0..count).fold(n(constant), |sum, index| &sum + &x(index))
}

#[test]
fn many_variables() {
    let g = &pow(&sum(7, 1), 2) + &x(3);
    check_common(&g, &(&pow(&sum(7, -2), 2) + &x(1)), &(&pow(&sum(7, 2), 2) - &x(0)));
}

#[test]
fn leading_coefficients_that_are_not_constant() {
    let g = &mul(&(&mul(&x(0), &x(1)) + &n(1)), &(&x(2) + &n(2))) + &mul(&pow(&x(0), 2), &x(3));
    let a = &mul(&pow(&x(0), 2), &(&x(1) + &x(2))) + &n(3);
    let b = &mul(&pow(&x(0), 2), &(&x(1) + &x(3))) - &x(2);
    check_common(&g, &a, &b);
    check_common(&mul(&g, &(&x(1) + &n(7))), &mul(&a, &x(1)), &b);
}

#[test]
fn coefficients_of_many_words() {
    // Four 62-bit primes are needed for each coefficient of the divisor.
    let large = n(3).pow(120, &budget()).unwrap();
    let g = &(&mul(&large, &pow(&x(0), 3)) + &mul(&x(0), &x(1))) - &(&large + &n(5));
    check_common(&g, &(&x(0) + &x(1)), &(&mul(&large, &x(0)) + &n(1)));
    let univariate = &pow(&x(0), 4) + &mul(&large, &x(0));
    check_common(&(&univariate + &n(1)), &(&x(0) - &n(1)), &(&x(0) - &n(2)));
}

#[test]
fn the_first_prime_divides_what_matters() {
    // Modulo 2⁶² − 57, the first prime tried, the leading coefficient vanishes or coprime operands coincide.
    let prime = n((1 << 62) - 57);
    let g = &mul(&prime, &pow(&x(0), 2)) + &(&x(1) + &n(1));
    check_common(&g, &(&x(0) + &n(1)), &(&x(0) + &n(2)));
    check_common(&(&x(0) + &x(1)), &(&pow(&x(0), 2) + &x(1)), &(&(&pow(&x(0), 2) + &x(1)) + &prime));
    assert!(gcd(&(&x(0) + &prime), &x(0)).is_one());
}

#[test]
fn knuths_example_has_no_common_divisor() {
    // TAOCP 2, 4.6.1: the remainders grow although the two are coprime.
    let poly =
        |coefficients: &[i64]| coefficients.iter().rev().fold(n(0), |value, &c| &mul(&value, &x(0)) + &n(c));
    let (u, v) = (poly(&[-5, 2, 8, -3, -3, 0, 1, 0, 1]), poly(&[21, -9, -4, 0, 5, 0, 3]));
    assert!(gcd(&u, &v).is_one());
    check_common(&poly(&[7, -3, 0, 11]), &u, &v);
}

#[test]
fn sparse_divisors_of_high_degree() {
    let g = &(&pow(&x(0), 30) + &mul(&pow(&x(1), 20), &pow(&x(2), 10))) - &n(9);
    check_common(&g, &(&pow(&x(0), 5) + &pow(&x(1), 7)), &(&pow(&x(2), 9) - &x(0)));
}

#[test]
fn variables_of_one_operand_only() {
    let g = &x(1) + &x(2);
    check_common(&g, &(&pow(&x(0), 3) + &x(4)), &(&pow(&x(1), 2) + &x(3)));
    check_common(&g, &x(0), &n(4));
    check_common(&mul(&g, &x(9)), &mul(&x(9), &x(1)), &x(2));
}

#[test]
fn remainder_sequence_agrees_with_images() {
    let g = &mul(&x(0), &x(1)) + &n(2);
    let (a, b) = (mul(&g, &(&pow(&x(0), 2) + &x(1))), mul(&g, &(&x(0) - &x(1))));
    let meter = &mut Meter::new(&budget());
    assert_eq!(a.remainder_sequence(&b, Var(0), meter).unwrap(), gcd(&a, &b));
}

#[test]
fn a_small_budget_is_an_error_and_not_one() {
    let g = pow(&sum(5, 1), 3);
    let (a, b) = (mul(&g, &pow(&sum(5, 2), 2)), mul(&g, &pow(&sum(5, 3), 2)));
    let tight = Budget { max_steps: 10_000, ..budget() };
    assert_eq!(a.gcd(&b, &tight).unwrap_err(), Exceeded { resource: Resource::Steps, limit: 10_000 });
    assert_eq!(gcd(&a, &b), g);
}

#[test]
fn images_alone_suffice_for_long_and_negative_coefficients() {
    let large = n(3).pow(120, &budget()).unwrap();
    let tail = &mul(&large, &x(1)) - &mul(&n(7), &x(2));
    let g = &(&pow(&sum(4, -3), 3) - &pow(&x(3), 2)) - &tail;
    let (a, b) = (&pow(&sum(4, 5), 3) - &x(2), &pow(&sum(4, -1), 3) - &mul(&large, &x(0)));
    let others = [Var(1), Var(2), Var(3)];
    let problem = Problem {
        a: &mul(&g, &a),
        b: &mul(&g, &b),
        leading: &Polynomial::one(),
        main: Var(0),
        others: &others,
        bounds: &[3, 3, 3],
        degree: 3,
    };
    match lift::divisor(problem, &mut Meter::new(&budget())).unwrap() {
        Answer::Found(split) => assert_eq!((split.divisor, split.left, split.right), (g, a, b)),
        Answer::Coprime | Answer::Unknown => panic!("the divisor was not found"),
    }
}
