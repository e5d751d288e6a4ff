//! Densities that are standard normal in new variables: log p = C(θ) − ½Σ zᵢ², each zᵢ affine in x and bringing one new x.
//!
//! The normal distribution in its mean and the Cholesky factor L of its covariance is of this shape, with z = L⁻¹(x − μ);
//! so is every chain of linear regressions with normal errors. Expanding it into statistics xᵢxⱼ costs polynomials of
//! degree 2n in the entries; in z nothing is expanded:
//!
//! - p integrates to one exactly when C = −n/2·log 2π + log|∂z/∂x|, where ∂z/∂x is triangular and |∂z/∂x| = Π|∂zᵢ/∂xᵢ|.
//!   Then ζ = z(x) is standard normal. This is checked; a density for which it cannot be shown is not of this shape.
//! - ∂ₐzᵢ is affine in x, hence in ζ: ∂ₐzᵢ = Aₐᵢ + Σⱼ Bₐᵢⱼ ζⱼ. The score is sₐ = ∂ₐC − Σᵢ ζᵢ·∂ₐzᵢ, and Fₐᵦ = Cov(sₐ, sᵦ) by
//!   Cov(ζᵢ, ζⱼ) = δᵢⱼ, Cov(ζᵢ, ζⱼζₖ) = 0 and Cov(ζᵢζⱼ, ζₖζₗ) = δᵢₖδⱼₗ + δᵢₗδⱼₖ is
//!   Fₐᵦ = Σᵢ Aₐᵢ·Aᵦᵢ + Σᵢⱼ Bₐᵢⱼ·(Bᵦᵢⱼ + Bᵦⱼᵢ).
//! - z at θ' is affine in ζ as well, z'ᵢ = αᵢ + Σⱼ βᵢⱼ ζⱼ with βᵢᵢ = (∂z'ᵢ/∂xᵢ)/(∂zᵢ/∂xᵢ), so that E[z'ᵢ²] = αᵢ² + Σⱼ βᵢⱼ², and
//!   KL(θ‖θ') = ½Σᵢ (βᵢᵢ² − 1 − log βᵢᵢ² + αᵢ² + Σ_{j<i} βᵢⱼ²), no term of which is negative.

use super::family::{Family, Space};
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// A density in its standard normal variables.
#[derive(Debug)]
pub struct Standardized {
    /// zᵢ, in the order in which they bring their x.
    z: Vec<Expr>,
    /// The x that zᵢ brings.
    brought: Vec<Expr>,
    /// The sums in zᵢ that hold x, and what they are in ζ.
    sums: Images,
    /// x in ζ.
    solved: Images,
    /// Symbols for ζ.
    zeta: Vec<Expr>,
    known: Assumptions,
    calculus: Differentiator,
}

impl Standardized {
    /// The density in standard normal variables, when it is certainly of this shape.
    pub fn new(store: &mut Store, family: &Family) -> Option<Standardized> {
        let (mut found, log_mass) = Standardized::with_mass(store, family)?;
        found.is_zero(store, log_mass).then_some(found)
    }

    /// Is the expression in the parameters 0?
    pub fn is_zero(&mut self, store: &mut Store, e: Expr) -> bool {
        Normalizer::new(self.known.clone(), Effort::Decide).is_zero(store, e) == Ok(true)
    }

    /// A density of this shape up to its constant C, and log ∫p = C + n/2·log 2π − Σ log|∂zᵢ/∂xᵢ|.
    pub fn with_mass(store: &mut Store, family: &Family) -> Option<(Standardized, Expr)> {
        let x = family.x();
        let space = family.sample_space(store);
        let whole_line =
            |axis: &Space| matches!(axis, Space::Reals(i) if i.lower.is_none() && i.upper.is_none());
        if !family.atoms.is_empty() || !space.joint.is_empty() || !space.axes.iter().all(whole_line) {
            return None;
        }
        let mut known = family.parameter_assumptions(store);
        let (constant, mut open) = squares(store, family, &mut known)?;
        if open.len() != x.len() {
            return None;
        }
        let zeta: Vec<Expr> = (1..=x.len()).map(|i| store.scalar(&format!("#zeta{i}"))).collect();
        let mut found = Standardized {
            z: Vec::new(),
            brought: Vec::new(),
            sums: Images::default(),
            solved: Images::default(),
            zeta,
            known,
            calculus: Differentiator::new(),
        };
        let mut slopes = Vec::new();
        while !open.is_empty() {
            let new = |z: Expr| {
                let held =
                    x.iter().copied().filter(|s| !found.brought.contains(s) && store.mentions(z, &[*s]));
                held.collect::<Vec<Expr>>()
            };
            let at = open.iter().position(|z| new(*z).len() == 1)?;
            let brought = new(open[at])[0];
            let z = open.remove(at);
            slopes.push(found.bring(store, &x, z, brought)?);
        }
        let log_mass = found.log_mass(store, constant, &slopes);
        Some((found, log_mass))
    }

    /// Solves zᵢ = ζᵢ for its x; its slope ∂zᵢ/∂xᵢ.
    fn bring(&mut self, store: &mut Store, x: &[Expr], z: Expr, brought: Expr) -> Option<Expr> {
        // Affine in every x: a polynomial in them whose slopes hold none. A slope alone says nothing of sign(x).
        if !is_polynomial(store, z, x) {
            return None;
        }
        for s in x {
            let slope = self.calculus.derivative(store, z, *s);
            if store.mentions(slope, x) {
                return None;
            }
        }
        let zeta = self.zeta[self.z.len()];
        let (scale, sum) = scaled_sum(store, x, z);
        let slope = self.calculus.derivative(store, sum, brought);
        let whole_slope = store.mul(scale, slope);
        if !self.known.is_nonzero(store, whole_slope) {
            return None;
        }
        // The sum is ζ/scale, and x = (sum − the sum at x = 0)/slope.
        let value = store.div(zeta, scale);
        let value = cancelled(store, &mut self.known, value);
        let at_zero = store.substitute(sum, &Images::from_iter([(brought, Store::ZERO)]));
        let at_zero = self.in_zeta(store, at_zero);
        let difference = store.sub(value, at_zero);
        let solution = store.div(difference, slope);
        let solution = cancelled(store, &mut self.known, solution);
        self.sums.insert(sum, value);
        self.solved.insert(brought, solution);
        self.z.push(z);
        self.brought.push(brought);
        Some(whole_slope)
    }

    /// C + n/2·log 2π − Σ log|∂zᵢ/∂xᵢ|.
    fn log_mass(&mut self, store: &mut Store, constant: Expr, slopes: &[Expr]) -> Expr {
        let pi = store.call_named("pi", []);
        let two_pi = store.scale(&Rational::from(2), pi);
        let log = store.call_named("log", [two_pi]);
        let mut terms = vec![(Rational::ONE, constant), (Rational::new(self.z.len() as i64, 2), log)];
        for slope in slopes {
            let size = self.absolute(store, *slope);
            terms.push((Rational::MINUS_ONE, store.call_named("log", [size])));
        }
        store.linear(terms)
    }

    /// The expression with ζ in the place of x: known sums first, what x is left after that.
    fn in_zeta(&self, store: &mut Store, e: Expr) -> Expr {
        let e = store.substitute(e, &self.sums);
        store.substitute(e, &self.solved)
    }

    /// e = a + Σ bⱼ·ζⱼ for an affine e.
    fn affine(&mut self, store: &mut Store, e: Expr) -> (Expr, Vec<Expr>) {
        let e = self.in_zeta(store, e);
        let e = cancelled(store, &mut self.known, e);
        let slopes: Vec<Expr> = self
            .zeta
            .clone()
            .into_iter()
            .map(|zeta| {
                let slope = self.calculus.derivative(store, e, zeta);
                cancelled(store, &mut self.known, slope)
            })
            .collect();
        let at_zero: Images = self.zeta.iter().map(|zeta| (*zeta, Store::ZERO)).collect();
        let constant = store.substitute(e, &at_zero);
        let constant = store.without_zero_terms(constant);
        (cancelled(store, &mut self.known, constant), slopes)
    }

    /// The slopes Aₐᵢ and Bₐᵢⱼ of each parameter.
    fn slopes(&mut self, store: &mut Store, theta: &[Expr]) -> Vec<Slopes> {
        let z = self.z.clone();
        let mut all = Vec::new();
        for parameter in theta {
            let mut slopes = Slopes { a: Vec::new(), b: Vec::new() };
            for z in &z {
                let derivative = self.calculus.derivative(store, *z, *parameter);
                let (a, b) = self.affine(store, derivative);
                slopes.a.push(a);
                slopes.b.push(b);
            }
            all.push(slopes);
        }
        all
    }

    /// F, with shared parts and nothing expanded.
    pub fn fisher(&mut self, store: &mut Store, theta: &[Expr]) -> Vec<Vec<Expr>> {
        let slopes = self.slopes(store, theta);
        let size = theta.len();
        let mut fisher = vec![vec![Store::ZERO; size]; size];
        for i in 0..size {
            for j in 0..=i {
                let entry = slopes[i].covariance(store, &slopes[j]);
                let entry = cancelled(store, &mut self.known, entry);
                (fisher[i][j], fisher[j][i]) = (entry, entry);
            }
        }
        fisher
    }

    /// F⁻¹, F⁻¹g and det F by two triangular solves, where F = GᵀG has a root G whose rows and columns can be put in
    /// triangular order: the rows are Aᵢ, √2·Bᵢᵢ and Bᵢⱼ + Bⱼᵢ, since
    /// Σᵢⱼ Bₐᵢⱼ(Bᵦᵢⱼ + Bᵦⱼᵢ) = Σᵢ 2BₐᵢᵢBᵦᵢᵢ + Σ_{i<j} (Bₐᵢⱼ + Bₐⱼᵢ)(Bᵦᵢⱼ + Bᵦⱼᵢ).
    pub fn inverse(&mut self, store: &mut Store, theta: &[Expr], g: &[Expr]) -> Option<Inverse> {
        let slopes = self.slopes(store, theta);
        let (count, size) = (self.z.len(), theta.len());
        // √2 is left out of the rows of Bᵢᵢ: F = Σ wᵣ·GᵣᵀGᵣ with the weight 2 there.
        let mut rows: Vec<(i64, Vec<Expr>)> = Vec::new();
        for i in 0..count {
            rows.push((1, slopes.iter().map(|s| s.a[i]).collect()));
            rows.push((2, slopes.iter().map(|s| s.b[i][i]).collect()));
            for j in 0..i {
                rows.push((1, slopes.iter().map(|s| store.add(s.b[i][j], s.b[j][i])).collect()));
            }
        }
        rows.retain(|(_, row)| row.iter().any(|e| *e != Store::ZERO));
        let order = triangular_order(&rows, size)?;
        let root = Root {
            rows: order.iter().map(|(row, _)| rows[*row].1.clone()).collect(),
            weights: order.iter().map(|(row, _)| rows[*row].0).collect(),
            columns: order.iter().map(|(_, column)| *column).collect(),
        };
        if !(0..size).all(|k| self.known.is_nonzero(store, root.entry(k, k))) {
            return None;
        }
        Some(Inverse {
            inverse: self.inverse_by_root(store, &root),
            gradient: self.solved_by_root(store, &root, g),
            log_determinant: self.log_determinant(store, &root),
        })
    }

    /// G⁻¹W⁻¹G⁻ᵀg: from the last row up, then from the first row down.
    fn solved_by_root(&mut self, store: &mut Store, root: &Root, g: &[Expr]) -> Vec<Expr> {
        let size = g.len();
        let mut v = vec![Store::ZERO; size];
        for k in (0..size).rev() {
            let mut terms = vec![(Rational::ONE, g[root.columns[k]])];
            for (later, known) in v.iter().enumerate().skip(k + 1) {
                let product = store.mul(root.entry(later, k), *known);
                terms.push((Rational::MINUS_ONE, product));
            }
            v[k] = self.quotient(store, terms, root.entry(k, k));
        }
        let mut gradient = vec![Store::ZERO; size];
        for k in 0..size {
            let mut terms = vec![(Rational::new(1, root.weights[k]), v[k])];
            for earlier in 0..k {
                let product = store.mul(root.entry(k, earlier), gradient[root.columns[earlier]]);
                terms.push((Rational::MINUS_ONE, product));
            }
            gradient[root.columns[k]] = self.quotient(store, terms, root.entry(k, k));
        }
        gradient
    }

    /// H·W⁻¹·Hᵀ for H = G⁻¹.
    fn inverse_by_root(&mut self, store: &mut Store, root: &Root) -> Vec<Vec<Expr>> {
        let size = root.columns.len();
        // H by columns.
        let mut h: Vec<Vec<Expr>> = Vec::with_capacity(size);
        for right in 0..size {
            let mut column = vec![Store::ZERO; size];
            for k in right..size {
                let mut terms = if k == right { vec![(Rational::ONE, Store::ONE)] } else { Vec::new() };
                for (middle, known) in column[..k].iter().enumerate().skip(right) {
                    let product = store.mul(root.entry(k, middle), *known);
                    terms.push((Rational::MINUS_ONE, product));
                }
                column[k] = self.quotient(store, terms, root.entry(k, k));
            }
            h.push(column);
        }
        let mut inverse = vec![vec![Store::ZERO; size]; size];
        for i in 0..size {
            for j in 0..=i {
                let products: Vec<(Rational, Expr)> = (0..=j)
                    .map(|k| (Rational::new(1, root.weights[k]), store.mul(h[k][i], h[k][j])))
                    .collect();
                let entry = store.linear(products);
                let entry = store.without_zero_terms(entry);
                let (a, b) = (root.columns[i], root.columns[j]);
                (inverse[a][b], inverse[b][a]) = (entry, entry);
            }
        }
        inverse
    }

    /// log det F = Σ log wₖ + 2·log|Gₖₖ|.
    fn log_determinant(&mut self, store: &mut Store, root: &Root) -> Expr {
        let mut logs = Vec::new();
        for (k, weight) in root.weights.iter().enumerate() {
            let size = self.absolute(store, root.entry(k, k));
            logs.push((Rational::from(2), store.call_named("log", [size])));
            if *weight != 1 {
                let weight = store.integer(*weight);
                logs.push((Rational::ONE, store.call_named("log", [weight])));
            }
        }
        store.linear(logs)
    }

    /// |e|, without the bars where the sign of e is known.
    fn absolute(&mut self, store: &mut Store, e: Expr) -> Expr {
        if self.known.is_positive(store, e) {
            e
        } else if self.known.is_negative(store, e) {
            store.neg(e)
        } else {
            store.call_named("abs", [e])
        }
    }

    /// Σ terms over a pivot.
    fn quotient(&mut self, store: &mut Store, terms: Vec<(Rational, Expr)>, pivot: Expr) -> Expr {
        let sum = store.linear(terms);
        let quotient = store.div(sum, pivot);
        cancelled(store, &mut self.known, quotient)
    }

    /// KL(θ‖θ'), for the images θ' of θ.
    pub fn divergence(&mut self, store: &mut Store, other: &Images, other_known: &Assumptions) -> Expr {
        let own = std::mem::replace(&mut self.known, other_known.clone());
        let mut terms = Vec::new();
        for (i, z) in self.z.clone().into_iter().enumerate() {
            let moved = store.substitute(z, other);
            let (alpha, beta) = self.affine(store, moved);
            for (j, b) in beta.iter().enumerate() {
                let square = store.powi(*b, 2);
                terms.push((Rational::new(1, 2), square));
                if i == j {
                    let size = self.absolute(store, *b);
                    terms.push((Rational::MINUS_ONE, store.call_named("log", [size])));
                    terms.push((Rational::new(-1, 2), Store::ONE));
                }
            }
            terms.push((Rational::new(1, 2), store.powi(alpha, 2)));
        }
        self.known = own;
        store.linear(terms)
    }

    /// ∂ₐC − Σ zᵢ·∂ₐzᵢ, the score as it is typed, nothing expanded.
    pub fn score(&mut self, store: &mut Store, family: &Family) -> Vec<Expr> {
        let raw = self.calculus.gradient(store, family.log_density, &family.theta());
        raw.into_iter().map(|e| cancelled(store, &mut self.known, e)).collect()
    }
}

/// ∂ₐzᵢ = aᵢ + Σⱼ bᵢⱼ·ζⱼ for one parameter.
struct Slopes {
    a: Vec<Expr>,
    b: Vec<Vec<Expr>>,
}

impl Slopes {
    /// Σᵢ aᵢ·a'ᵢ + Σᵢⱼ bᵢⱼ·(b'ᵢⱼ + b'ⱼᵢ).
    fn covariance(&self, store: &mut Store, other: &Slopes) -> Expr {
        let mut terms: Vec<Expr> = self.a.iter().zip(&other.a).map(|(a, b)| store.mul(*a, *b)).collect();
        for (i, row) in self.b.iter().enumerate() {
            for (j, own) in row.iter().enumerate().filter(|(_, own)| **own != Store::ZERO) {
                let both = store.add(other.b[i][j], other.b[j][i]);
                terms.push(store.mul(*own, both));
            }
        }
        store.sum(terms)
    }
}

/// What follows from a triangular root of F.
#[derive(Debug)]
pub struct Inverse {
    /// F⁻¹.
    pub inverse: Vec<Vec<Expr>>,
    /// F⁻¹g.
    pub gradient: Vec<Expr>,
    /// log det F.
    pub log_determinant: Expr,
}

/// G with F = GᵀWG: rows and columns in an order in which it is lower triangular.
struct Root {
    rows: Vec<Vec<Expr>>,
    /// The diagonal of W.
    weights: Vec<i64>,
    /// The parameter of each column.
    columns: Vec<usize>,
}

impl Root {
    /// Gᵢⱼ in triangular order.
    fn entry(&self, i: usize, j: usize) -> Expr {
        self.rows[i][self.columns[j]]
    }
}

/// As many rows as columns in an order in which each row ends at its own column; `None` where there is none.
fn triangular_order(rows: &[(i64, Vec<Expr>)], size: usize) -> Option<Vec<(usize, usize)>> {
    if rows.len() != size {
        return None;
    }
    let mut order: Vec<(usize, usize)> = Vec::new();
    while order.len() < size {
        let next = (0..size).filter(|r| order.iter().all(|(row, _)| row != r)).find_map(|r| {
            let mut open = (0..size)
                .filter(|c| rows[r].1[*c] != Store::ZERO && order.iter().all(|(_, column)| column != c));
            let column = open.next()?;
            open.next().is_none().then_some((r, column))
        })?;
        order.push(next);
    }
    Some(order)
}

/// C and the zᵢ of log p = C(θ) − ½Σ zᵢ².
fn squares(store: &mut Store, family: &Family, known: &mut Assumptions) -> Option<(Expr, Vec<Expr>)> {
    let Node::Sum(terms) = store[family.log_density].clone() else { return None };
    let x = family.x();
    let (with, without): (Vec<_>, Vec<_>) = terms.iter().cloned().partition(|(_, t)| store.mentions(*t, &x));
    let mut z = Vec::new();
    for (c, t) in with {
        z.push(square_root(store, known, &x, &(&c * &Rational::from(-2)), t)?);
    }
    Some((store.linear(without), z))
}

/// z with z² = c·t; the factor of t that holds x is a square as it stands.
fn square_root(
    store: &mut Store,
    known: &mut Assumptions,
    x: &[Expr],
    c: &Rational,
    t: Expr,
) -> Option<Expr> {
    if !c.is_positive() {
        return None;
    }
    let factors = match &store[t] {
        Node::Product(list) => list.to_vec(),
        _ => vec![t],
    };
    let number = store.number(c.clone());
    let mut roots = vec![match c.root(2) {
        Some(root) => store.number(root),
        None => store.call_named("sqrt", [number]),
    }];
    for factor in factors {
        let (base, power) = store.base_and_power(factor);
        let is_base = store.mentions(base, x);
        roots.push(if power % 2 == 0 {
            store.powi(base, power / 2)
        } else if !is_base && known.is_positive(store, factor) {
            store.call_named("sqrt", [factor])
        } else {
            return None;
        });
    }
    Some(store.product(roots))
}

/// Do these symbols stand in sums, products and powers of natural numbers alone?
fn is_polynomial(store: &Store, e: Expr, symbols: &[Expr]) -> bool {
    store.post_order(&[e]).into_iter().filter(|node| store.mentions(*node, symbols)).all(|node| {
        match store[node] {
            Node::Symbol(_) | Node::Sum(_) | Node::Product(_) => true,
            Node::Power(_, exponent) => {
                store.as_number(exponent).and_then(Rational::as_i64).is_some_and(|n| n > 0)
            }
            _ => false,
        }
    })
}

/// z = scale·sum, where the sum holds the x and the scale does not.
fn scaled_sum(store: &mut Store, x: &[Expr], z: Expr) -> (Expr, Expr) {
    let (c, t) = store.coefficient_and_term(z);
    let Node::Product(list) = store[t].clone() else {
        return (store.number(c), t);
    };
    let (with, without): (Vec<Expr>, Vec<Expr>) = list.iter().partition(|f| store.mentions(**f, x));
    let [sum] = with.as_slice() else { return (Store::ONE, z) };
    let scale = store.product(without);
    (store.scale(&c, scale), *sum)
}

/// The expression with powers of one base joined in each product, where the base is certainly not 0: `l*z/l` is `z`.
pub fn cancelled(store: &mut Store, known: &mut Assumptions, e: Expr) -> Expr {
    let mut images = Images::default();
    for node in store.post_order(&[e]) {
        let rebuilt = store.rebuild(node, &mut |_, child| images[&child]);
        let image = match store[rebuilt].clone() {
            Node::Product(factors) => joined(store, known, &factors),
            Node::Power(..) => joined(store, known, &[rebuilt]),
            Node::Sum(_) => store.without_zero_terms(rebuilt),
            _ => rebuilt,
        };
        images.insert(node, image);
    }
    images[&e]
}

fn joined(store: &mut Store, known: &mut Assumptions, factors: &[Expr]) -> Expr {
    let mut powers: Vec<(Expr, i64)> = Vec::new();
    for factor in factors {
        let (mut base, mut power) = store.base_and_power(*factor);
        // (b⁻¹)⁻¹ = b.
        while let (inner, n) = store.base_and_power(base)
            && n != 1
            && known.is_nonzero(store, inner)
        {
            (base, power) = (inner, n * power);
        }
        match powers.iter_mut().find(|(b, p)| *b == base && (*p > 0) != (power > 0)) {
            Some((_, sum)) if known.is_nonzero(store, base) => *sum += power,
            _ => powers.push((base, power)),
        }
    }
    let factors: Vec<Expr> = powers
        .into_iter()
        .map(|(base, power)| if power == 0 { Store::ONE } else { store.powi(base, power) })
        .collect();
    store.product(factors)
}
