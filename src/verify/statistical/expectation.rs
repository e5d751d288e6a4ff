//! Expectations at one exact parameter point, as estimates.
//!
//! E\[x\] under gamma(2, 3) is ∫ x·p dx over the half-line: 0.6666666666666667 with an estimated error near 10⁻¹⁵. The
//! sample space decides how: finite grids are added up, counts are summed, intervals and regions integrated.

use crate::algebra::{Effort, Normalizer};
use crate::expr::{Expr, Fact, Images, Node, Store};
use crate::integrate::axis::{Abscissa, Interval};
use crate::integrate::quadrature::Quadrature;
use crate::integrate::region::{self, Region, integrate_sphere};
use crate::integrate::summation::Summation;
use crate::integrate::{Failure, Integral};
use crate::number::Rational;
use crate::stats::derive::substitute_fact;
use crate::stats::points::{parameter_points, sample_points};
use crate::stats::{Family, Space};

use super::values::{Assignment, Partial};

/// Finite sample spaces up to this many points are added point by point.
pub const FINITE_LIMIT: usize = 20_000;

/// How an expectation was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A finite sum, in floats.
    FiniteSum,
    /// A sum over the integers.
    Summation,
    /// An integral over an interval.
    Quadrature,
    /// An integral over a region of several variables.
    Cubature,
}

impl Method {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Method::FiniteSum => "finite sum",
            Method::Summation => "summation",
            Method::Quadrature => "quadrature",
            Method::Cubature => "cubature",
        }
    }
}

/// Several expectations with estimated absolute errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// The values.
    pub values: Vec<f64>,
    /// Their estimated errors.
    pub errors: Vec<f64>,
    /// How they were taken.
    pub method: Method,
    /// At how many points of the sample space.
    pub evaluations: usize,
}

/// The sample space at one value of the constants.
pub struct Place {
    x: Vec<Expr>,
    /// What tapes over this space read: x, then distances to the ends of intervals.
    pub inputs: Vec<Expr>,
    shape: Shape,
}

enum Shape {
    Finite(Vec<Vec<f64>>),
    /// Values of the finite axes (`None` for the last kind), the summed axis, its range, and joint conditions.
    Counts {
        slices: Vec<Vec<f64>>,
        axis: usize,
        interval: Interval,
    },
    Line {
        interval: Interval,
        breaks: Vec<f64>,
    },
    Region(Solid),
    Sphere(usize),
    /// Positions of the first diagonal entry, the second, and the one beside the diagonal.
    PositiveDefinite([usize; 3]),
}

/// Several reals, beside finitely many values of other axes, under joint linear conditions.
struct Solid {
    /// Values of the finite axes.
    slices: Vec<Vec<f64>>,
    /// Positions of the others.
    free: Vec<usize>,
    /// Their own intervals.
    bounds: Vec<Interval>,
    joint: Vec<Linear>,
    /// Is it x₁ > 0, …, Σ xᵢ < 1? Then the last distance is known without cancellation.
    simplex: bool,
}

/// Σ cᵢxᵢ + r > 0.
struct Linear {
    coefficients: Vec<f64>,
    rest: f64,
}

/// An integrand on a place: log-weight first, then everything else, from the place's inputs.
pub type Integrand<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]);

impl Place {
    /// The sample space of a family at a point; `kinks` are expressions in one x where the integrand is not smooth.
    ///
    /// # Errors
    /// Says which spaces cannot be integrated over.
    pub fn new(store: &mut Store, family: &Family, at: &Assignment, kinks: &[Expr]) -> Result<Place, String> {
        let images = at.images(store);
        let mut here = family.clone();
        here.sample_facts = family.sample_facts.iter().map(|f| substitute_fact(store, f, &images)).collect();
        let x = family.x();
        let shape = shape(store, &here, &x, kinks, at)?;
        let mut inputs = x.clone();
        inputs.extend(distances(store, family, &shape));
        Ok(Place { x, inputs, shape })
    }

    /// A tape of outputs over this space.
    pub fn tape(&self, store: &Store, at: &Assignment, outputs: &[Expr]) -> Partial {
        Partial::new(store, at, &self.x, &self.inputs, outputs)
    }

    /// Are there three or more variables to integrate over?
    pub fn is_costly(&self) -> bool {
        match &self.shape {
            Shape::Region(solid) => solid.free.len() > 2,
            Shape::PositiveDefinite(_) => true,
            _ => false,
        }
    }

    /// All points, when they are added one by one.
    pub fn points(&self) -> Option<&[Vec<f64>]> {
        match &self.shape {
            Shape::Finite(points) => Some(points),
            _ => None,
        }
    }

    /// ∫ or Σ of the outputs; `log_density` shows where the mass lies.
    ///
    /// # Errors
    /// Says why there is no value to rely on.
    pub fn integrate(
        &self,
        outputs: usize,
        log_density: &dyn Fn(&[f64]) -> f64,
        integrand: Integrand,
    ) -> Result<Estimates, String> {
        self.integrate_with(&[], outputs, log_density, integrand)
    }

    /// [`Place::integrate`] with more points where an integrand in one variable is not smooth.
    ///
    /// # Errors
    /// Says why there is no value to rely on.
    pub fn integrate_with(
        &self,
        more_breaks: &[f64],
        outputs: usize,
        log_density: &dyn Fn(&[f64]) -> f64,
        integrand: Integrand,
    ) -> Result<Estimates, String> {
        match &self.shape {
            Shape::Finite(points) => Ok(finite(points, outputs, integrand)),
            Shape::Counts { slices, axis, interval } => {
                let parts = slices.iter().map(|slice| {
                    let place = |k: f64| {
                        let mut point = slice.clone();
                        point.insert(*axis, k);
                        point
                    };
                    let log_mass = |k: f64| log_density(&place(k));
                    Summation::over(*interval)
                        .smooth()
                        .sum(outputs, &log_mass, &mut |k, out| integrand(&place(k), out))
                });
                collected(parts.collect(), outputs, Method::Summation)
            }
            Shape::Line { interval, breaks } => {
                let inputs = |p: Abscissa| [p.x, p.from_lower, p.to_upper];
                let integral = Quadrature::over(*interval)
                    .break_points(&[breaks.as_slice(), more_breaks].concat())
                    .integrate_to_the_ends(outputs, &|p| log_density(&inputs(p)), &mut |p, out| {
                        integrand(&inputs(p), out)
                    });
                collected(vec![integral], outputs, Method::Quadrature)
            }
            Shape::Region(solid) => {
                let parts =
                    solid.slices.iter().map(|slice| solid.integrate(slice, outputs, log_density, integrand));
                collected(parts.collect(), outputs, Method::Cubature)
            }
            Shape::Sphere(dimension) => {
                let integral = integrate_sphere(*dimension, outputs, log_density, integrand)
                    .ok_or_else(|| format!("no cubature on the sphere in {dimension} dimensions"))?;
                collected(vec![integral], outputs, Method::Cubature)
            }
            Shape::PositiveDefinite(order) => {
                let place = |p: &[f64]| {
                    let mut point = vec![0.0; 3];
                    (0..3).for_each(|k| point[order[k]] = p[k]);
                    point
                };
                let integral = Region::new(3, &region::positive_definite)
                    .tolerance(1e-5)
                    .max_evaluations(400_000)
                    .integrate(outputs, &|p| log_density(&place(p)), &mut |p, out| integrand(&place(p), out));
                collected(vec![integral], outputs, Method::Cubature)
            }
        }
    }
}

fn finite(points: &[Vec<f64>], outputs: usize, integrand: Integrand) -> Estimates {
    let (mut values, mut sizes) = (vec![0.0; outputs], vec![0.0; outputs]);
    let mut out = vec![0.0; outputs];
    for point in points {
        integrand(point, &mut out);
        for k in 0..outputs {
            values[k] += out[k];
            sizes[k] += out[k].abs();
        }
    }
    let errors = sizes.iter().map(|s| 1e-14 * s).collect();
    Estimates { values, errors, method: Method::FiniteSum, evaluations: points.len() }
}

/// The sum of several integrals; the first failure when one is not to be relied on.
fn collected(parts: Vec<Integral>, outputs: usize, method: Method) -> Result<Estimates, String> {
    let mut total =
        Estimates { values: vec![0.0; outputs], errors: vec![0.0; outputs], method, evaluations: 0 };
    for part in parts {
        // Outputs that vanish by symmetry never meet a tolerance relative to themselves; their errors are judged later.
        let readable = part.values.iter().chain(&part.errors).all(|v| v.is_finite());
        if !part.converged
            && (!readable || !matches!(part.failure, Some(Failure::Rounding | Failure::Budget)))
        {
            return Err(format!("the {} did not converge: {}", method.name(), words(part.failure)));
        }
        total.evaluations += part.evaluations;
        for k in 0..outputs {
            total.values[k] += part.values[k];
            total.errors[k] += part.errors[k];
        }
    }
    Ok(total)
}

fn words(failure: Option<Failure>) -> String {
    match failure {
        Some(Failure::NotFinite { at }) => format!("the integrand is not finite near {at}"),
        Some(Failure::NoMass) => "no point carries mass".to_owned(),
        Some(Failure::Truncated) => "the tails are not negligible, it may diverge".to_owned(),
        Some(Failure::Rounding) => "the rounding of the points is too coarse".to_owned(),
        Some(Failure::Budget) | None => "the budget of evaluations ended".to_owned(),
    }
}

/// Expressions that intervals give the values of, beside x itself: x − lower and upper − x.
fn distances(store: &mut Store, family: &Family, shape: &Shape) -> Vec<Expr> {
    let x = family.x();
    match shape {
        Shape::Line { .. } => {
            let Some(Space::Reals(interval)) = family.sample_space(store).axes.into_iter().next() else {
                return vec![x[0], x[0]];
            };
            let lower = interval.lower.map_or(x[0], |(end, _)| store.sub(x[0], end));
            let upper = interval.upper.map_or(x[0], |(end, _)| store.sub(end, x[0]));
            vec![lower, upper]
        }
        Shape::Region(Solid { simplex: true, .. }) => {
            let total = store.sum(x);
            vec![store.sub(Store::ONE, total)]
        }
        _ => Vec::new(),
    }
}

fn shape(
    store: &mut Store,
    here: &Family,
    x: &[Expr],
    kinks: &[Expr],
    at: &Assignment,
) -> Result<Shape, String> {
    for fact in &here.sample_facts {
        match fact {
            Fact::Sphere(list) if here.sample_facts.len() == 1 || list.len() == x.len() => {
                return Ok(Shape::Sphere(list.len()));
            }
            Fact::PositiveDefinite(rows) => return positive_definite(rows, x),
            _ => {}
        }
    }
    let space = here.sample_space(store);
    if let Some(points) = space.points(store, x, FINITE_LIMIT) {
        let value = |e: &Expr| Assignment::new(Vec::new(), Vec::new()).float(store, *e);
        return Ok(Shape::Finite(points.iter().map(|p| p.iter().map(value).collect()).collect()));
    }
    let number = |store: &Store, e: Expr| Assignment::new(Vec::new(), Vec::new()).float(store, e);
    let interval = |store: &Store, i: &crate::stats::Interval| Interval {
        lower: i.lower.as_ref().map_or(f64::NEG_INFINITY, |(e, _)| number(store, *e)),
        upper: i.upper.as_ref().map_or(f64::INFINITY, |(e, _)| number(store, *e)),
    };
    let mut slices: Vec<Vec<f64>> = vec![Vec::new()];
    let (mut counted, mut free, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
    for (position, axis) in space.axes.iter().enumerate() {
        let values: Vec<f64> = match axis {
            Space::Finite(values) => values.iter().map(|v| number(store, *v)).collect(),
            Space::Integers(i) => {
                let mut ends = interval(store, i);
                // Excluded ends of a range of integers.
                if matches!(i.lower, Some((_, true))) && ends.lower == libm::floor(ends.lower) {
                    ends.lower += 1.0;
                }
                if matches!(i.upper, Some((_, true))) && ends.upper == libm::floor(ends.upper) {
                    ends.upper -= 1.0;
                }
                counted.push((position, Interval::new(libm::ceil(ends.lower), libm::floor(ends.upper))));
                continue;
            }
            Space::Reals(i) => {
                free.push(position);
                bounds.push(interval(store, i));
                continue;
            }
        };
        slices = slices.iter().flat_map(|s| values.iter().map(|v| [s.as_slice(), &[*v]].concat())).collect();
    }
    let joint: Option<Vec<Linear>> = space.joint.iter().map(|f| linear(store, f, x)).collect();
    match (counted.as_slice(), free.as_slice()) {
        ([(axis, interval)], []) if space.joint.is_empty() => {
            Ok(Shape::Counts { slices, axis: *axis, interval: *interval })
        }
        ([], [_]) if x.len() == 1 && space.joint.is_empty() => {
            let breaks = kinks.iter().filter_map(|u| root(store, *u, x[0], at)).collect();
            Ok(Shape::Line { interval: bounds[0], breaks })
        }
        ([], [_, ..]) => {
            let joint = joint.ok_or("the sample space is bounded by more than linear conditions")?;
            if free.len() > 3 {
                return Err(format!("no cubature in {} dimensions", free.len()));
            }
            let simplex = x.len() == free.len()
                && bounds.iter().all(|b| b.lower == 0.0)
                && joint.len() == 1
                && joint[0].rest == 1.0
                && joint[0].coefficients.iter().all(|c| *c == -1.0);
            Ok(Shape::Region(Solid { slices, free: free.to_vec(), bounds, joint, simplex }))
        }
        _ => {
            Err("no summation over this sample space: more than one unbounded count, or counts beside reals"
                .to_owned())
        }
    }
}

fn positive_definite(rows: &[Vec<Expr>], x: &[Expr]) -> Result<Shape, String> {
    let position = |e: Expr| x.iter().position(|s| *s == e);
    let found = match rows {
        [a, b] if a.len() == 2 && b.len() == 2 && x.len() == 3 => {
            position(a[0]).zip(position(b[1])).zip(position(a[1])).map(|((p, q), r)| [p, q, r])
        }
        _ => None,
    };
    found
        .map(Shape::PositiveDefinite)
        .ok_or_else(|| "no cubature over positive definite matrices beyond 2×2".to_owned())
}

/// Reads Σ cᵢxᵢ + r > 0 with numbers.
fn linear(store: &mut Store, fact: &Fact, x: &[Expr]) -> Option<Linear> {
    let (Fact::Positive(e) | Fact::NonNegative(e)) = fact else { return None };
    let terms: Vec<(Rational, Expr)> = match &store[*e] {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![(Rational::ONE, *e)],
    };
    let mut result = Linear { coefficients: vec![0.0; x.len()], rest: 0.0 };
    for (c, t) in terms {
        match x.iter().position(|s| *s == t) {
            Some(i) => result.coefficients[i] += c.to_f64(),
            None if store.mentions(t, x) => return None,
            None => result.rest += c.to_f64() * Assignment::new(Vec::new(), Vec::new()).float(store, t),
        }
    }
    Some(result)
}

/// Where an expression linear in x vanishes.
fn root(store: &mut Store, u: Expr, x: Expr, at: &Assignment) -> Option<f64> {
    let mut value = |n: i64| {
        let image = store.integer(n);
        let e = store.substitute(u, &Images::from_iter([(x, image)]));
        at.float(store, e)
    };
    let (zero, one, two) = (value(0), value(1), value(2));
    let slope = one - zero;
    ((two - one - slope).abs() <= 1e-12 * slope.abs()).then(|| -zero / slope)
}

impl Solid {
    /// The integral over one slice: the finite axes hold these values.
    fn integrate(
        &self,
        slice: &[f64],
        outputs: usize,
        log_density: &dyn Fn(&[f64]) -> f64,
        integrand: Integrand,
    ) -> Integral {
        // The whole point: values of the finite axes with those of the free ones between them.
        let place = |p: &[Abscissa]| {
            let mut point = slice.to_vec();
            for (axis, value) in self.free.iter().zip(p) {
                point.insert(*axis, value.x);
            }
            if self.simplex {
                point.extend(p.last().map(|last| last.to_upper));
            }
            point
        };
        let general = |axis: usize, earlier: &[Abscissa]| self.interval(slice, axis, earlier);
        let bounds: &dyn Fn(usize, &[Abscissa]) -> Interval =
            if self.simplex { &region::simplex } else { &general };
        let (tolerance, most) = if self.free.len() > 2 { (1e-5, 400_000) } else { (1e-6, 1_000_000) };
        Region::new(self.free.len(), bounds).tolerance(tolerance).max_evaluations(most).integrate_to_the_ends(
            outputs,
            &|p| log_density(&place(p)),
            &mut |p, out| integrand(&place(p), out),
        )
    }

    /// The interval of a free axis, the finite axes and the earlier free ones being fixed.
    fn interval(&self, slice: &[f64], axis: usize, earlier: &[Abscissa]) -> Interval {
        let mut interval = self.bounds[axis];
        for condition in &self.joint {
            let mut rest = condition.rest;
            let mut finite = 0;
            for (position, c) in condition.coefficients.iter().enumerate() {
                match self.free.iter().position(|f| *f == position) {
                    None => {
                        rest += c * slice[finite];
                        finite += 1;
                    }
                    Some(k) if k < axis => rest += c * earlier[k].x,
                    // Later variables may help as far as their own intervals let them.
                    Some(k) if k > axis && *c != 0.0 => {
                        rest += c * if *c > 0.0 { self.bounds[k].upper } else { self.bounds[k].lower };
                    }
                    Some(_) => {}
                }
            }
            let c = condition.coefficients[self.free[axis]];
            if c > 0.0 {
                interval.lower = interval.lower.max(-rest / c);
            } else if c < 0.0 {
                interval.upper = interval.upper.min(-rest / c);
            }
        }
        interval
    }
}

/// What is averaged over the density, and over each atom beside it.
pub struct Averages {
    /// log p of the density, then the functions to be averaged.
    pub density: Vec<Expr>,
    /// For each atom: the logarithm of its probability, then the functions there.
    pub atoms: Vec<Vec<Expr>>,
}

impl Averages {
    /// The same functions of the log-probability on every branch.
    pub fn of(
        store: &mut Store,
        family: &Family,
        functions: &mut dyn FnMut(&mut Store, Expr) -> Vec<Expr>,
    ) -> Averages {
        let mut branch = |store: &mut Store, log_p: Expr| {
            let mut list = vec![log_p];
            list.extend(functions(store, log_p));
            list
        };
        let density = branch(store, family.log_density);
        let atoms = family.atoms.iter().map(|a| branch(store, a.log_probability)).collect();
        Averages { density, atoms }
    }
}

/// E of each function at a point.
///
/// # Errors
/// Says why there is no value to rely on.
pub fn expectations(
    store: &mut Store,
    family: &Family,
    at: &Assignment,
    kinks: &[Expr],
    averages: &Averages,
) -> Result<Estimates, String> {
    let place = Place::new(store, family, at, kinks)?;
    let outputs = averages.density.len() - 1;
    let all = place.tape(store, at, &averages.density);
    let weight = place.tape(store, at, &averages.density[..1]);
    let mut buffer = vec![0.0; outputs + 1];
    let mut result = place.integrate(outputs, &|p| weight.first(p), &mut |p, out| {
        all.eval(p, &mut buffer);
        let mass = libm::exp(buffer[0]);
        for (value, f) in out.iter_mut().zip(&buffer[1..]) {
            *value = mass * f;
            // Where p itself underflows, quotients by it are not numbers; nothing there counts.
            if mass < 1e-290 && !value.is_finite() {
                *value = 0.0;
            }
        }
    })?;
    for atom in &averages.atoms {
        let mass = libm::exp(at.float(store, atom[0]));
        for (k, f) in atom[1..].iter().enumerate() {
            let term = mass * at.float(store, *f);
            result.values[k] += term;
            result.errors[k] += 1e-15 * term.abs();
        }
    }
    if result.values.iter().any(|v| !v.is_finite()) {
        return Err("the expectation is not a finite number".to_owned());
    }
    Ok(result)
}

/// The family with the logarithm of a density that was typed as `p(x) = …` taken apart, so that floats neither
/// overflow nor divide by what underflows. Used only where it agrees with the text in enclosures.
pub fn opened(store: &mut Store, family: &Family) -> Family {
    let mut result = family.clone();
    let is_log = matches!(&store[family.log_density], Node::Call(f, _) if f.row().name == "log");
    let Some(at) = parameter_points(store, family, 1).into_iter().next().filter(|_| is_log) else {
        return result;
    };
    let assumptions = family.assumptions(store);
    let mut normalizer = Normalizer::new(assumptions, Effort::Present);
    let Ok(split) = normalizer.expand(store, family.log_density) else { return result };
    let space = family.sample_space(store);
    let points = sample_points(store, family, &space, &at, 6);
    let symbols: Vec<Expr> =
        family.parameters.iter().chain(&family.constants).map(|p| p.symbol).chain(family.x()).collect();
    let agrees = points.iter().all(|x| {
        let here = Assignment::new(symbols.clone(), [at.as_slice(), x].concat());
        let (typed, opened) = (here.narrow(store, family.log_density, 30), here.narrow(store, split, 30));
        typed.is_narrow(20) && opened.is_narrow(20) && typed.overlaps(&opened)
    });
    if agrees && !points.is_empty() {
        result.log_density = split;
    }
    result
}

/// Expressions inside `|…|` or `sign(…)` that hold both x and θ, or x alone: where the density is not smooth.
pub fn kinks(store: &Store, family: &Family) -> Vec<Expr> {
    let x = family.x();
    let calls = store.post_order(&[family.log_density]).into_iter().filter_map(|e| match &store[e] {
        Node::Call(f, arguments) if matches!(f.row().name, "abs" | "sign") => Some(arguments[0]),
        _ => None,
    });
    calls.filter(|u| store.mentions(*u, &x)).collect()
}
