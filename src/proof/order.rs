//! What a step may neglect, and where: the arithmetic of small quantities.
//!
//! In `λ·KL(θ, θ+d)` under `scale d ~ tau, lambda ~ 1/tau` a remainder o(‖d‖²) becomes o(τ): the hole's order, twice the
//! weight of d, plus the weight −1 of the factor around it. A remainder may stand in sums, transposes, products with
//! bounded factors, and under ∫ or E where it is dominated; nowhere else, for `≈` is not a congruence.

use super::Rejected;
use super::certificate::Step;
use super::condition::{Binding, Condition, Met};
use super::kernel::Neglected;
use super::ring::{Ring, binding, push};
use super::schema::{Meta, Remainder, Schema};
use super::terms::is_hole;
use crate::claim::{Assumption, Context, Limit};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Checks that what a step neglects is small beside the order of the claim, and tells under which conditions.
pub fn check(
    ring: &mut Ring,
    context: &Context,
    row: &Schema,
    step: &Step,
    neglected: Neglected,
) -> Result<Vec<Met>, Rejected> {
    let letter = |meta: Meta| {
        step.with
            .iter()
            .find(|(m, _)| *m == meta)
            .map(|(_, e)| *e)
            .ok_or_else(|| Rejected::because("a letter of the rule is not given"))
    };
    let tied = tied(ring.store, context, neglected.limit);
    let mut walk = Walk { limit: neglected.limit, tied, met: Vec::new() };
    let around = walk.around(ring, step, row.remainder)?;
    let small = match row.remainder {
        Remainder::None => return Ok(Vec::new()),
        Remainder::Powers(power) => {
            let (body, at, d) = (letter(Meta::F)?, letter(Meta::A)?, letter(Meta::D)?);
            if ring.store.free_bound(d) > 0 || ring.store.free_bound(at) > 0 {
                return Err(Rejected::because("the point of Taylor's formula depends on a bound variable"));
            }
            if walk.moves(ring.store, body) || walk.moves(ring.store, at) {
                return Err(Rejected::because("the function of Taylor's formula moves with the limit"));
            }
            let degree = walk.degree(ring, d, &around.under)?;
            if !degree.is_positive() {
                return Err(Rejected::because("the step of Taylor's formula does not tend to 0"));
            }
            for integral in &around.integrals {
                let condition = Condition::Dominated { integral: integral.0, body, at, order: power };
                push(&mut walk.met, Met { condition, under: integral.1.clone() });
            }
            &(&degree * &Rational::from(i64::from(power))) + &around.degree
        }
        Remainder::Whole => {
            let own = walk.degree(ring, letter(Meta::U)?, &around.under)?;
            &own + &around.degree
        }
    };
    let strictly = row.remainder == Remainder::Whole && !neglected.big;
    if small < *neglected.order || (strictly && small == *neglected.order) {
        return Err(Rejected::because("what is neglected is not small enough"));
    }
    Ok(walk.met)
}

/// What stands around the hole.
struct Around {
    /// The weight of the factors.
    degree: Rational,
    /// The binders.
    under: Vec<Binding>,
    /// The integrals, each with the binders above it.
    integrals: Vec<(Expr, Vec<Binding>)>,
}

/// Symbols that an equation of the text makes move with the limit: of `θ₁ = θ + ηv` the symbol θ₁, of any other equation
/// with something that tends to 0 all that is not itself declared to.
fn tied(store: &Store, context: &Context, limit: &Limit) -> Vec<Expr> {
    let small: Vec<Expr> = limit.symbols.iter().map(|(symbol, _)| *symbol).collect();
    let mut tied: Vec<Expr> = Vec::new();
    let symbols = |e: Expr| store.post_order(&[e]).into_iter().filter(|s| store.as_symbol(*s).is_some());
    loop {
        let before = tied.len();
        for assumption in &context.assumptions {
            let Assumption::Equal(a, b) = assumption else { continue };
            let moving: Vec<Expr> = small.iter().chain(&tied).copied().collect();
            if !store.mentions(*a, &moving) && !store.mentions(*b, &moving) {
                continue;
            }
            let defines = |s: Expr, value: Expr| {
                store.as_symbol(s).is_some() && !small.contains(&s) && !store.mentions(value, &[s])
            };
            let new: Vec<Expr> = if defines(*a, *b) {
                vec![*a]
            } else if defines(*b, *a) {
                vec![*b]
            } else {
                symbols(*a).chain(symbols(*b)).collect()
            };
            tied.extend(new.into_iter().filter(|s| !moving.contains(s)));
        }
        if tied.len() == before {
            return tied;
        }
    }
}

struct Walk<'a> {
    limit: &'a Limit,
    tied: Vec<Expr>,
    met: Vec<Met>,
}

impl Walk<'_> {
    fn moves(&self, store: &Store, e: Expr) -> bool {
        self.limit.symbols.iter().any(|(symbol, _)| store.mentions(e, &[*symbol]))
            || store.mentions(e, &self.tied)
    }

    /// Do the symbols only scale, d = τu and λ = μ/τ with u and μ ≠ 0 fixed?
    fn scales(&self) -> bool {
        self.limit.symbols.iter().any(|(_, weight)| !weight.is_one())
    }

    fn around(&mut self, ring: &mut Ring, step: &Step, remainder: Remainder) -> Result<Around, Rejected> {
        let mut around = Around { degree: Rational::ZERO, under: Vec::new(), integrals: Vec::new() };
        let mut e = step.context;
        while !is_hole(ring.store, e) {
            let node = ring.store[e].clone();
            let children: Vec<Expr> = node.children().collect();
            let holds = |c: &Expr| super::terms::has_hole(ring.store, *c);
            let position = children.iter().position(holds).ok_or_else(|| Rejected::because("no hole"))?;
            match &node {
                Node::Sum(_) | Node::Transpose(_) => {}
                Node::Product(_) | Node::Chain(_) => {
                    for (at, factor) in children.iter().enumerate() {
                        if at != position {
                            let degree = self.degree(ring, *factor, &around.under)?;
                            around.degree = &around.degree + &degree;
                        }
                    }
                }
                Node::Expectation { parameter, .. }
                    if position == 1 && !self.moves(ring.store, *parameter) =>
                {
                    around.integrals.push((e, around.under.clone()));
                }
                Node::SampleIntegral { .. } => around.integrals.push((e, around.under.clone())),
                _ => return Err(Rejected::because("nothing may be neglected there")),
            }
            if remainder == Remainder::Whole && !around.integrals.is_empty() {
                return Err(Rejected::because("a term under an integral is dropped with its integral"));
            }
            around.under.extend(binding(&node, position));
            e = children[position];
        }
        Ok(around)
    }

    /// The least total weight of the monomials of an expression, its other factors bounded.
    fn degree(&mut self, ring: &mut Ring, e: Expr, under: &[Binding]) -> Result<Rational, Rejected> {
        let normal = ring.normal(e)?;
        let mut least: Option<Rational> = None;
        for (_, scalars, chain) in ring.monomials(normal.expr)? {
            let mut degree = Rational::ZERO;
            for (atom, exponent) in scalars {
                let own = self.atom(ring, atom, &exponent, under)?;
                degree = &degree + &own;
            }
            for factor in chain {
                let own = self.atom(ring, factor, &Rational::ONE, under)?;
                degree = &degree + &own;
            }
            least = Some(least.map_or(degree.clone(), |l| if degree < l { degree } else { l }));
        }
        // Zero is smaller than everything; it has no monomial, and is not worth a rule.
        least.ok_or_else(|| Rejected::because("nothing to neglect"))
    }

    /// The weight of one factor.
    fn atom(
        &mut self,
        ring: &mut Ring,
        atom: Expr,
        exponent: &Rational,
        under: &[Binding],
    ) -> Result<Rational, Rejected> {
        if !self.moves(ring.store, atom) {
            return Ok(Rational::ZERO);
        }
        if ring.store.mentions(atom, &self.tied) {
            return Err(Rejected::because(
                "a symbol is defined by what tends to 0: it is to be unfolded first",
            ));
        }
        if let Some((_, weight)) = self.limit.symbols.iter().find(|(symbol, _)| *symbol == atom) {
            let alone = self.limit.symbols.len() == 1 || self.scales();
            let invertible = ring.store.shape(atom).is_scalar() && alone;
            if exponent.is_negative() && !invertible {
                return Err(Rejected::because("what tends to 0 stands in a denominator"));
            }
            return Ok(weight * exponent);
        }
        let inner = match ring.store[atom].clone() {
            Node::Transpose(a) => Some(self.atom(ring, a, &Rational::ONE, under)?),
            Node::Chain(list) => {
                let mut sum = Rational::ZERO;
                for factor in list.iter() {
                    let own = self.atom(ring, *factor, &Rational::ONE, under)?;
                    sum = &sum + &own;
                }
                Some(sum)
            }
            Node::Sum(_) | Node::Product(_) | Node::Power(..) if !exponent.is_negative() => {
                Some(self.degree(ring, atom, under)?)
            }
            Node::Expectation { density, parameter, body } if !self.moves(ring.store, parameter) => {
                Some(self.integral(ring, density, body, under)?)
            }
            Node::SampleIntegral { density, body } => Some(self.integral(ring, density, body, under)?),
            _ => None,
        };
        match inner {
            // ‖d‖ = (dᵀd)^½ is exactly of its weight; another form may be smaller than its weight tells.
            Some(degree) if exponent.is_negative() => {
                if self.limit.symbols.len() == 1 && self.is_square_of_limit(ring.store, atom) {
                    Ok(&degree * exponent)
                } else {
                    Err(Rejected::because("what tends to 0 stands in a denominator"))
                }
            }
            Some(degree) => Ok(&degree * exponent),
            None => {
                let power = ring.store.number(exponent.clone());
                let factor = if exponent.is_one() { atom } else { ring.store.pow(atom, power) };
                push(&mut self.met, Met { condition: Condition::Bounded(factor), under: under.to_vec() });
                Ok(Rational::ZERO)
            }
        }
    }

    /// dᵀd of the symbol that tends to 0.
    fn is_square_of_limit(&self, store: &Store, atom: Expr) -> bool {
        let Node::Chain(list) = &store[atom] else { return false };
        let d = self.limit.symbols[0].0;
        matches!(list.as_ref(), [row, column] if *column == d && matches!(store[*row], Node::Transpose(inner) if inner == d))
    }

    /// The factors that are explicit under an integral; the rest must be free of the limit, so that the integral is a
    /// polynomial in what tends to 0.
    fn integral(
        &mut self,
        ring: &mut Ring,
        density: crate::expr::SymbolId,
        body: Expr,
        under: &[Binding],
    ) -> Result<Rational, Rejected> {
        let mut below = under.to_vec();
        below.push(Binding::Sample(density));
        let before = self.met.len();
        let degree = self.degree(ring, body, &below)?;
        if self.met.len() > before {
            return Err(Rejected::because("a factor under an integral moves with the limit"));
        }
        Ok(degree)
    }
}
