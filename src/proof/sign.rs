//! Why an expression is not negative: sums and products of squares, forms, slacks and known inequalities.
//!
//! `½‖g‖·(v + g/‖g‖)ᵀ(v + g/‖g‖)` is a product of a positive number, a norm and a square; it vanishes where v = −g/‖g‖ alone,
//! once ‖g‖ > 0.

use super::Rejected;
use super::condition::{Binding, Condition, Met};
use super::ring::push;
use super::terms::{domain, has_reserved};
use crate::claim::{Assumption, Context, Property};
use crate::expr::{Dimension, Expr, Node, Store, SymbolId};
use crate::number::Rational;

/// The deepest nesting of a sign.
const DEEPEST: u32 = 40;

/// A reason why an expression is not negative.
#[derive(Clone, PartialEq, Debug)]
pub enum Sign {
    /// A number above 0.
    Number(Rational),
    /// u² of a scalar, uᵀu of a column.
    Square(Expr),
    /// The norm √(uᵀu) of a column.
    Norm(Expr),
    /// The norm of a column that is not 0, which is a condition where it is not declared.
    PositiveNorm(Expr),
    /// A scalar that the declarations make positive; a lone symbol may also be positive by a condition.
    Positive(Expr),
    /// A scalar that the declarations make nonnegative.
    NonNegative(Expr),
    /// vᵀMv ≥ 0 of a Fisher matrix or one declared semidefinite.
    Form {
        /// M.
        matrix: Expr,
        /// v.
        vector: Expr,
    },
    /// vᵀMv ≥ 0, and 0 only at v = 0, of a positive definite matrix (a condition where it is not declared).
    Definite {
        /// M.
        matrix: Expr,
        /// v.
        vector: Expr,
    },
    /// Π of nonnegative factors.
    Product(Vec<Sign>),
    /// Σ of nonnegative terms.
    Sum(Vec<Sign>),
    /// E of what is nonnegative for all x.
    Expectation {
        /// The density.
        density: SymbolId,
        /// The parameter of the measure.
        parameter: Expr,
        /// As seen under the binder of x.
        body: Box<Sign>,
    },
    /// t − 1 − log t ≥ 0 for t > 0.
    LogBound(Expr),
    /// ‖u‖‖v‖ − uᵀv ≥ 0 of two columns (Cauchy and Schwarz).
    CauchySchwarz(Expr, Expr),
    /// Minus a constraint of the problem.
    Slack(usize),
}

/// The reasons that stand for inequalities, as they are cited beside the rules: name, statement, source.
#[rustfmt::skip]
pub const SIGNS: &[(&str, &str, &str)] = &[
    ("square",         "u² ≥ 0, uᵀu ≥ 0, 0 at u = 0 only",                                        "order of the reals"),
    ("norm",           "‖u‖ ≥ 0, 0 at u = 0 only",                                                "definition of the norm"),
    ("form",           "vᵀMv ≥ 0 of a Fisher information or a matrix declared semidefinite",      "a mean of squares, or a declaration"),
    ("definite",       "vᵀMv > 0 for v ≠ 0 of a positive definite matrix",                        "definition"),
    ("e-nonnegative",  "E[f] ≥ 0 when f ≥ 0 for all x",                                           "monotonicity of the integral"),
    ("log-bound",      "log t ≤ t − 1, equality at t = 1 only",                                   "concavity of the logarithm"),
    ("cauchy-schwarz", "uᵀv ≤ ‖u‖‖v‖",                                                            "Cauchy and Schwarz"),
];

impl Sign {
    /// Adds the names of the reasons within, each once.
    pub fn cite(&self, names: &mut Vec<&'static str>) {
        let mut stack = vec![self];
        while let Some(sign) = stack.pop() {
            let name = match sign {
                Sign::Square(_) => "square",
                Sign::Norm(_) | Sign::PositiveNorm(_) => "norm",
                Sign::Form { .. } => "form",
                Sign::Definite { .. } => "definite",
                Sign::LogBound(_) => "log-bound",
                Sign::CauchySchwarz(..) => "cauchy-schwarz",
                Sign::Expectation { body, .. } => {
                    stack.push(body);
                    "e-nonnegative"
                }
                Sign::Product(parts) | Sign::Sum(parts) => {
                    stack.extend(parts.iter().rev());
                    continue;
                }
                Sign::Number(_) | Sign::Positive(_) | Sign::NonNegative(_) | Sign::Slack(_) => continue,
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
}

/// An expression that is not negative.
pub struct Evaluated {
    /// The expression.
    pub expr: Expr,
    /// Is it positive?
    pub strict: bool,
    /// Each of these is 0 wherever the expression is.
    pub zeros: Vec<Expr>,
    /// The conditions.
    pub met: Vec<Met>,
    /// The conditions among them that must follow from the declarations.
    pub demanded: Vec<Met>,
}

impl Evaluated {
    fn of(expr: Expr) -> Evaluated {
        Evaluated { expr, strict: false, zeros: Vec::new(), met: Vec::new(), demanded: Vec::new() }
    }

    fn requiring(mut self, condition: Condition) -> Evaluated {
        push(&mut self.met, Met::outside(condition));
        self
    }

    fn absorb(&mut self, other: Evaluated) {
        other.met.into_iter().for_each(|met| push(&mut self.met, met));
        other.demanded.into_iter().for_each(|met| push(&mut self.demanded, met));
    }
}

/// The expression of a sign.
pub fn evaluate(
    store: &mut Store,
    context: &Context,
    sign: &Sign,
    slacks: &[Expr],
) -> Result<Evaluated, Rejected> {
    evaluate_at(store, context, sign, slacks, 0)
}

fn evaluate_at(
    store: &mut Store,
    context: &Context,
    sign: &Sign,
    slacks: &[Expr],
    depth: u32,
) -> Result<Evaluated, Rejected> {
    if depth > DEEPEST {
        return Err(Rejected::because("the sign is nested too deeply"));
    }
    let below = |store: &mut Store, list: &[Sign]| -> Result<Vec<Evaluated>, Rejected> {
        list.iter().map(|sign| evaluate_at(store, context, sign, slacks, depth + 1)).collect()
    };
    Ok(match sign {
        Sign::Number(q) if q.is_positive() => {
            Evaluated { strict: true, ..Evaluated::of(store.number(q.clone())) }
        }
        Sign::Number(_) => return Err(Rejected::because("the number is not positive")),
        Sign::Square(u) => {
            let square = square(store, *u)?;
            Evaluated { zeros: vec![*u], ..total(store, square, &[*u])? }
        }
        Sign::Norm(u) => {
            let norm = norm(store, *u)?;
            Evaluated { zeros: vec![*u], ..total(store, norm, &[*u])? }
        }
        Sign::PositiveNorm(u) => {
            let norm = norm(store, *u)?;
            Evaluated { strict: true, ..total(store, norm, &[*u])? }.requiring(Condition::NonZero(*u))
        }
        Sign::Positive(e) => scalar(store, *e, true)?,
        Sign::NonNegative(e) => scalar(store, *e, false)?,
        Sign::Form { matrix, vector } => {
            let form = form(store, *matrix, *vector)?;
            if !is_semidefinite(store, context, *matrix) {
                return Err(Rejected::because("the matrix is not semidefinite"));
            }
            total(store, form, &[*matrix, *vector])?
        }
        Sign::Definite { matrix, vector } => {
            let form = form(store, *matrix, *vector)?;
            let evaluated = Evaluated { zeros: vec![*vector], ..total(store, form, &[*matrix, *vector])? };
            evaluated.requiring(definite(store, context, *matrix))
        }
        Sign::Product(list) => {
            let factors = below(store, list)?;
            let expr = store.chain(factors.iter().map(|f| f.expr).collect::<Vec<_>>());
            let mut all = Evaluated::of(expr);
            all.strict = factors.iter().all(|f| f.strict);
            let weak: Vec<&Evaluated> = factors.iter().filter(|f| !f.strict).collect();
            if let [only] = weak.as_slice() {
                all.zeros = only.zeros.clone();
            }
            factors.into_iter().for_each(|f| all.absorb(f));
            all
        }
        Sign::Sum(list) => {
            let terms = below(store, list)?;
            let expr = store.sum(terms.iter().map(|t| t.expr).collect::<Vec<_>>());
            let mut all = Evaluated::of(expr);
            all.strict = terms.iter().any(|t| t.strict);
            all.zeros = terms.iter().flat_map(|t| t.zeros.clone()).collect();
            terms.into_iter().for_each(|t| all.absorb(t));
            all
        }
        Sign::Expectation { density, parameter, body } => {
            let slacks: Vec<Expr> = slacks.iter().map(|s| store.shift(*s, 1)).collect();
            let inner = evaluate_at(store, context, body, &slacks, depth + 1)?;
            let expr = store.expectation(*density, *parameter, inner.expr);
            let binding = Binding::Sample(*density);
            let seen = |list: Vec<Met>| list.into_iter().map(|met| met.below(&binding)).collect();
            let all = Evaluated {
                strict: inner.strict,
                met: seen(inner.met),
                demanded: seen(inner.demanded),
                ..Evaluated::of(expr)
            };
            all.requiring(Condition::Integrable(expr))
        }
        Sign::LogBound(t) => {
            if !store.shape(*t).is_scalar() {
                return Err(Rejected::because("shapes do not agree"));
            }
            let log = store.call_named("log", vec![*t]);
            let difference = store.sub(*t, Store::ONE);
            let expr = store.sub(difference, log);
            let gap = store.sub(*t, Store::ONE);
            let all = Evaluated { zeros: vec![gap], ..total(store, expr, &[*t])? };
            all.requiring(Condition::Positive(*t))
        }
        Sign::CauchySchwarz(u, v) => {
            let (nu, nv) = (norm(store, *u)?, norm(store, *v)?);
            let row = store.transpose(*u);
            let (product, inner) = (store.mul(nu, nv), store.chain([row, *v]));
            if !store.shape(inner).is_scalar() || store.shape(*u) != store.shape(*v) {
                return Err(Rejected::because("shapes do not agree"));
            }
            let expr = store.sub(product, inner);
            total(store, expr, &[*u, *v])?
        }
        Sign::Slack(at) => {
            let slack = slacks.get(*at).ok_or_else(|| Rejected::because("no such constraint"))?;
            total(store, *slack, &[*slack])?
        }
    })
}

/// An expression with the domains of its parts as conditions.
fn total(store: &mut Store, expr: Expr, parts: &[Expr]) -> Result<Evaluated, Rejected> {
    let mut evaluated = Evaluated::of(expr);
    for part in parts {
        if has_reserved(store, *part) {
            return Err(Rejected::because("a sign holds a reserved symbol"));
        }
        domain(store, *part)?.into_iter().for_each(|met| push(&mut evaluated.met, met));
    }
    Ok(evaluated)
}

fn scalar(store: &mut Store, e: Expr, strict: bool) -> Result<Evaluated, Rejected> {
    if !store.shape(e).is_scalar() {
        return Err(Rejected::because("shapes do not agree"));
    }
    let condition = if strict { Condition::Positive(e) } else { Condition::NonNegative(e) };
    let mut evaluated = Evaluated { strict, ..total(store, e, &[e])? }.requiring(condition.clone());
    evaluated.demanded.push(Met::outside(condition));
    Ok(evaluated)
}

/// u² or uᵀu.
fn square(store: &mut Store, u: Expr) -> Result<Expr, Rejected> {
    if store.shape(u).columns != Dimension::Fixed(1) {
        return Err(Rejected::because("shapes do not agree"));
    }
    let row = store.transpose(u);
    Ok(store.chain([row, u]))
}

/// √(uᵀu).
fn norm(store: &mut Store, u: Expr) -> Result<Expr, Rejected> {
    let square = square(store, u)?;
    Ok(store.call_named("sqrt", vec![square]))
}

/// vᵀMv.
fn form(store: &mut Store, matrix: Expr, vector: Expr) -> Result<Expr, Rejected> {
    let (shape, point) = (store.shape(matrix), store.shape(vector));
    if point.columns != Dimension::Fixed(1) || shape.rows != point.rows || shape.columns != point.rows {
        return Err(Rejected::because("shapes do not agree"));
    }
    let row = store.transpose(vector);
    Ok(store.chain([row, matrix, vector]))
}

/// What makes a matrix definite: of a Fisher matrix, which is semidefinite, that it is nonsingular.
pub fn definite(store: &Store, context: &Context, matrix: Expr) -> Condition {
    if is_fisher(store, context, matrix) {
        Condition::Nonsingular(matrix)
    } else {
        Condition::PositiveDefinite(matrix)
    }
}

/// A Fisher matrix, or a name for one.
fn is_fisher(store: &Store, context: &Context, matrix: Expr) -> bool {
    let named = |a: Expr, b: Expr| a == matrix && matches!(store[b], Node::Fisher { .. });
    matches!(store[matrix], Node::Fisher { .. })
        || context.assumptions.iter().any(|assumption| match assumption {
            Assumption::Equal(a, b) => named(*a, *b) || named(*b, *a),
            _ => false,
        })
}

/// Fisher matrices, and what is declared.
pub fn is_semidefinite(store: &Store, context: &Context, matrix: Expr) -> bool {
    let matrix = match store[matrix] {
        // vᵀM⁻¹v = wᵀMw with w = M⁻¹v, and Mᵀ has the form of M.
        Node::Inverse(inner) => inner,
        _ => matrix,
    };
    let semidefinite = [Property::PositiveSemidefinite, Property::PositiveDefinite];
    is_fisher(store, context, matrix)
        || context.assumptions.iter().any(|assumption| match assumption {
            Assumption::Property(of, property) => *of == matrix && semidefinite.contains(property),
            _ => false,
        })
}
