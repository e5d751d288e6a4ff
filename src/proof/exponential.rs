//! What an assumed form of a density says beside the equation itself.
//!
//! `log p(x | θ) = T(x)ᵀθ − A(θ) + log h(x)` for all x and θ has a left side everywhere, hence h > 0; its gradient in θ says that
//! T(x) is the score plus ∇A(θ), so T has the moments of the score; and log h(x) has those of log p.

use super::condition::{Binding, Condition};
use super::discharge::{Answer, Discharge, Reason};
use super::moments::Moment;
use super::terms::domain;
use crate::claim::Assumption;
use crate::expr::{Expr, Images, Node, SymbolId};
use crate::number::Rational;

/// `log p(x, θ) = value` or `p(x, θ) = value`, for all x and θ.
struct Form {
    assumption: usize,
    density: SymbolId,
    x: Expr,
    parameter: Option<Expr>,
    logarithm: bool,
    value: Expr,
}

impl Discharge<'_, '_> {
    fn forms(&self) -> Vec<Form> {
        let mut forms = Vec::new();
        for (assumption, given) in self.context.assumptions.iter().enumerate() {
            let Assumption::Equal(left, value) = given else { continue };
            let (head, logarithm) = match &self.ring.store[*left] {
                Node::Call(function, list) if function.row().name == "log" => (list[0], true),
                _ => (*left, false),
            };
            let Node::Apply(density, list) = &self.ring.store[head] else { continue };
            let declared = self.context.densities.iter().find(|d| d.symbol == *density);
            let (Some(declared), Some((x, parameters))) = (declared, list.split_first()) else { continue };
            let own: Vec<Expr> = declared.parameter.into_iter().collect();
            if parameters == own && self.ring.store.as_symbol(*x).is_some() && !own.contains(x) {
                let (x, parameter) = (*x, declared.parameter);
                forms.push(Form { assumption, density: *density, x, parameter, logarithm, value: *value });
            }
        }
        forms
    }

    /// Is e > 0, for a sample variable of the density, because the value of a form would not exist otherwise?
    pub(super) fn positive_in_a_form(&mut self, e: Expr, under: &[Binding]) -> Answer {
        for form in self.forms() {
            let facts = domain(self.ring.store, form.value)?;
            for z in self.ring.store.post_order(&[e]) {
                if !(z == form.x || self.is_sample_variable(form.density, z, under)) {
                    continue;
                }
                let images: Images = [(form.x, z)].into_iter().collect();
                for fact in facts.iter().filter(|fact| fact.under.is_empty()) {
                    let Condition::Positive(positive) = fact.condition else { continue };
                    let there = self.ring.store.substitute(positive, &images);
                    if self.normal(there)? == e {
                        return Ok(self.because(Reason::Assumed(form.assumption)));
                    }
                }
            }
        }
        Ok(false)
    }

    /// A variable bound over the sample space of the density, or one that was opened from there.
    fn is_sample_variable(&self, density: SymbolId, z: Expr, under: &[Binding]) -> bool {
        match self.ring.store[z] {
            Node::Symbol(_) => self.samples.contains(&(z, density)),
            Node::Bound(..) => self.in_sample_space(density, Some(z), under),
            _ => false,
        }
    }

    /// Counts a factor T(x) as a score, and log h(x) as log p, of a form of log p that is linear in θ.
    pub(super) fn count_in_a_form(
        &mut self,
        factor: Expr,
        exponent: &Rational,
        moment: &mut Moment,
    ) -> Answer {
        let times = exponent.as_i64().filter(|n| (1..=2).contains(n)).unwrap_or(0) as u32;
        for form in self.forms() {
            let Some(parameter) = form.parameter.filter(|_| form.logarithm && form.density == moment.density)
            else {
                continue;
            };
            let Some((statistic, carriers)) = self.parts(&form, parameter)? else { continue };
            let images: Images = [(form.x, moment.x)].into_iter().collect();
            let statistic = self.ring.store.substitute(statistic, &images);
            let carrier = match carriers.as_slice() {
                [one] => Some(self.ring.store.substitute(*one, &images)),
                _ => None,
            };
            if times > 0 && self.normal(statistic)? == self.normal(factor)? {
                moment.derivatives += times;
                moment.factors += times;
            } else if let Some(carrier) = carrier
                && times == 1
                && self.normal(carrier)? == self.normal(factor)?
            {
                moment.logs += 1;
                moment.factors += 1;
            } else {
                continue;
            }
            return Ok(self.because(Reason::Assumed(form.assumption)));
        }
        Ok(false)
    }

    /// T(x) and the terms in x alone, where the value is c·T(x)ᵀθ + terms in x alone + terms in θ alone.
    fn parts(&mut self, form: &Form, parameter: Expr) -> Result<Option<(Expr, Vec<Expr>)>, super::Rejected> {
        let value = self.normal(form.value)?;
        let (mut statistics, mut carriers) = (Vec::new(), Vec::new());
        for (_, scalars, chain) in self.ring.monomials(value)? {
            let factors: Vec<Expr> = scalars.iter().map(|(atom, _)| *atom).chain(chain).collect();
            let mentions = |symbol| factors.iter().any(|f| self.ring.store.mentions(*f, &[symbol]));
            let plain = scalars.iter().all(|(_, exponent)| exponent.is_one());
            match (mentions(form.x), mentions(parameter)) {
                (true, true) if plain => statistics.push(factors),
                (true, true) => return Ok(None),
                (true, false) if plain && factors.len() == 1 => carriers.push(factors[0]),
                // Anything else in x alone is no single carrier.
                (true, false) => carriers.extend([form.value, form.value]),
                _ => {}
            }
        }
        let [factors] = statistics.as_slice() else { return Ok(None) };
        let pair = match factors.as_slice() {
            [only] => match &self.ring.store[*only] {
                Node::Chain(list) => list.to_vec(),
                _ => return Ok(None),
            },
            several => several.to_vec(),
        };
        let untransposed = |e: Expr| match self.ring.store[e] {
            Node::Transpose(inner) => inner,
            _ => e,
        };
        let pair: Vec<Expr> = pair.into_iter().map(untransposed).collect();
        let statistic = match pair.as_slice() {
            [a, b] if *a == parameter => *b,
            [a, b] if *b == parameter => *a,
            _ => return Ok(None),
        };
        Ok((!self.ring.store.mentions(statistic, &[parameter])).then_some((statistic, carriers)))
    }
}
