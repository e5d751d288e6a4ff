//! A sum read as Σ cᵢ·log uᵢ + Σ kⱼ·lgamma(aⱼ) + Σ dⱼ·digamma(aⱼ) + rest, all coefficients exact fractions.
//!
//! `alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x` has the logarithms of beta (coefficient alpha) and of x
//! (alpha − 1), one log-gamma and the rest −beta·x. An exponent counts as the logarithm of its exponential where both occur:
//! `exp(t)` and `t`. A logarithm inside another's argument counts as an unknown like any other.

use rustc_hash::FxHashMap;

use crate::algebra::normalize::{Kernel, Normal};
use crate::algebra::polynomial::{Budget, Monomial, Polynomial, Var};
use crate::algebra::{Assumptions, Effort, Fraction, Normalizer};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Logarithms, log-gammas and digammas in one sum, at most.
const MOST_CALLS: usize = 64;

/// coefficient·log(value), value > 0.
#[derive(Clone, Debug)]
pub(super) struct Log {
    pub value: Fraction,
    pub coefficient: Fraction,
    /// What the logarithm itself is, where it is no kernel: the exponent of an exponential.
    pub exponent: Option<Fraction>,
}

/// coefficient·f(argument) of the gamma family.
#[derive(Clone, Debug)]
pub(super) struct GammaCall {
    pub argument: Expr,
    pub value: Fraction,
    pub coefficient: Fraction,
}

/// The sum, by kinds of terms.
#[derive(Clone, Debug)]
pub(super) struct LogSum {
    pub logs: Vec<Log>,
    pub log_gammas: Vec<GammaCall>,
    pub digammas: Vec<GammaCall>,
    pub rest: Fraction,
}

/// Reads sums and does their arithmetic.
pub(super) struct Reader<'a> {
    pub store: &'a mut Store,
    pub normalizer: Normalizer,
    pub budget: Budget,
    /// Normal forms of arguments.
    values: FxHashMap<Expr, Fraction>,
    nonnegative: FxHashMap<Fraction, bool>,
}

/// Which kernels of a sum count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Log,
    LogGamma,
    Digamma,
    Other,
}

impl<'a> Reader<'a> {
    pub fn new(store: &'a mut Store, assumptions: &Assumptions) -> Reader<'a> {
        Reader {
            store,
            normalizer: Normalizer::new(assumptions.clone(), Effort::Present),
            budget: Budget { max_terms: 4000, max_bits: 1 << 12, max_steps: 5_000_000 },
            values: FxHashMap::default(),
            nonnegative: FxHashMap::default(),
        }
    }

    /// Σ of the terms; `None` when there is no normal form or too much of it.
    pub fn read(&mut self, terms: &[Expr]) -> Option<LogSum> {
        // Arguments first met in one round are part of the next, so that all forms have one set of kernels.
        let mut arguments: Vec<Expr> = Vec::new();
        for _ in 0..4 {
            let list: Vec<Expr> = terms.iter().chain(&arguments).copied().collect();
            let forms = self.normalizer.normal_all(self.store, &list).ok()?;
            let found = self.arguments();
            if found.len() > MOST_CALLS {
                return None;
            }
            if found.iter().all(|a| arguments.contains(a)) {
                let (sum, values) = forms.split_at(terms.len());
                self.values = arguments.iter().copied().zip(values.iter().cloned()).collect();
                let total = Fraction::sum(sum.iter(), &self.budget).ok()?;
                return self.split(&total);
            }
            arguments = found;
        }
        None
    }

    /// The normal form of an argument.
    pub fn value(&self, argument: Expr) -> Option<&Fraction> {
        self.values.get(&argument)
    }

    /// log(argument) of an argument of lgamma, by its logarithms.
    pub fn logarithm(&mut self, argument: Expr) -> Option<LogSum> {
        let call = self.store.call_named("log", [argument]);
        let form = match self.values.get(&call) {
            Some(form) => form.clone(),
            None => self.normalizer.normal(self.store, call).ok()?,
        };
        self.split(&form)
    }

    /// a − 1 of an argument of lgamma that is known to be at least 1.
    pub fn factorial_of(&mut self, argument: Expr) -> Option<Expr> {
        let below = self.store.sub(argument, Store::ONE);
        self.normalizer.assumptions.is_nonnegative(self.store, below).then_some(below)
    }

    /// What the kernels met so far are calls of, with the logarithms that the log-gammas bring along.
    fn arguments(&mut self) -> Vec<Expr> {
        let mut found = Vec::new();
        for kernel in self.normalizer.kernels().to_vec() {
            match kernel {
                Kernel::Exponential(exponent, _) => found.push(exponent),
                Kernel::Root(..) => {}
                Kernel::Atom(e) => {
                    let Node::Call(f, list) = self.store[e].clone() else { continue };
                    match f.row().name {
                        "log" | "digamma" => found.push(list[0]),
                        "lgamma" => {
                            found.push(list[0]);
                            let of = self.factorial_of(list[0]).unwrap_or(list[0]);
                            found.push(of);
                            for of in [list[0], of] {
                                if self.store.as_number(of).is_none_or(Rational::is_positive) {
                                    found.push(self.store.call_named("log", [of]));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        let mut seen = Vec::new();
        found.retain(|e| {
            let new = !seen.contains(e);
            seen.push(*e);
            new
        });
        found
    }

    fn kind(&self, variable: Var) -> (Kind, Option<Expr>) {
        let Kernel::Atom(e) = self.normalizer.kernels()[variable.0 as usize] else {
            return (Kind::Other, None);
        };
        let Node::Call(f, list) = &self.store[e] else { return (Kind::Other, None) };
        let kind = match f.row().name {
            "log" => Kind::Log,
            "lgamma" => Kind::LogGamma,
            "digamma" => Kind::Digamma,
            _ => return (Kind::Other, None),
        };
        (kind, Some(list[0]))
    }

    /// The kinds of all kernels; what stands inside an argument of a call is no longer a logarithm of its own.
    fn kinds(&self) -> Vec<(Kind, Option<Expr>)> {
        let count = self.normalizer.kernels().len();
        let mut kinds: Vec<_> = (0..count as u32).map(|v| self.kind(Var(v))).collect();
        let inner: Vec<Var> = kinds
            .iter()
            .filter_map(|(_, argument)| self.values.get(argument.as_ref()?))
            .flat_map(|form| form.numerator().variables().iter().chain(form.denominator().variables()))
            .copied()
            .collect();
        for variable in inner {
            kinds[variable.0 as usize] = (Kind::Other, None);
        }
        kinds
    }

    /// Splits a normal form by its terms that have exactly one logarithm or call of the gamma family.
    fn split(&mut self, total: &Fraction) -> Option<LogSum> {
        let kinds = self.kinds();
        let mut parts: Vec<(Var, Vec<(Monomial, Rational)>)> = Vec::new();
        let mut rest = Vec::new();
        for (mut monomial, c) in total.numerator().terms() {
            let calls: Vec<(Var, u32)> =
                monomial.iter().copied().filter(|(v, _)| kinds[v.0 as usize].0 != Kind::Other).collect();
            let [(variable, 1)] = calls[..] else {
                rest.push((monomial, c));
                continue;
            };
            monomial.retain(|(v, _)| *v != variable);
            match parts.iter_mut().find(|(v, _)| *v == variable) {
                Some((_, list)) => list.push((monomial, c)),
                None => parts.push((variable, vec![(monomial, c)])),
            }
        }
        let over = |terms: Vec<(Monomial, Rational)>, budget: &Budget| -> Option<Fraction> {
            let polynomial = Polynomial::from_terms(terms).ok()?;
            Fraction::new(&polynomial, total.denominator(), budget).ok()?
        };
        let mut sum = LogSum {
            logs: Vec::new(),
            log_gammas: Vec::new(),
            digammas: Vec::new(),
            rest: over(rest, &self.budget)?,
        };
        parts.sort_by_key(|(v, _)| *v);
        for (variable, terms) in parts {
            let (kind, argument) = kinds[variable.0 as usize];
            let argument = argument?;
            let coefficient = over(terms, &self.budget)?;
            let value = self.values.get(&argument)?.clone();
            match kind {
                Kind::Log => sum.logs.push(Log { value, coefficient, exponent: None }),
                Kind::LogGamma => sum.log_gammas.push(GammaCall { argument, value, coefficient }),
                _ => sum.digammas.push(GammaCall { argument, value, coefficient }),
            }
        }
        self.exponents(&mut sum, &kinds)?;
        Some(sum)
    }

    /// Moves c·u from the rest to the logarithms where exp(u) occurs.
    fn exponents(&mut self, sum: &mut LogSum, kinds: &[(Kind, Option<Expr>)]) -> Option<()> {
        for (at, kernel) in self.normalizer.kernels().to_vec().into_iter().enumerate() {
            let Kernel::Exponential(exponent, degree) = kernel else { continue };
            let variable = Fraction::from(Polynomial::variable(Var(at as u32)));
            let form = self.values.get(&exponent)?.scale(&Rational::new(1, i64::from(degree)));
            let [(monomial, unit)] = &form.numerator().terms().collect::<Vec<_>>()[..] else { continue };
            let logs: Vec<Expr> = monomial.iter().filter_map(|(v, _)| kinds[v.0 as usize].1).collect();
            let coefficient = match logs[..] {
                [] => self.exponent_in_rest(sum, &form, monomial, unit)?,
                // exp(k·log λ): its logarithm is there where log λ has a rational multiple of k.
                [argument] => self.exponent_in_logs(sum, argument, &form)?,
                _ => None,
            };
            if let Some(coefficient) = coefficient {
                sum.logs.push(Log { value: variable, coefficient, exponent: Some(form) });
            }
        }
        sum.logs.retain(|log| !log.coefficient.is_zero());
        Some(())
    }

    fn exponent_in_rest(
        &mut self,
        sum: &mut LogSum,
        form: &Fraction,
        monomial: &Monomial,
        unit: &Rational,
    ) -> Option<Option<Fraction>> {
        if monomial.is_empty() || !form.denominator().is_constant() {
            return Some(None);
        }
        let (mut kept, mut taken) = (Vec::new(), Vec::new());
        let inverse = unit.recip()?;
        for (mut term, c) in sum.rest.numerator().terms() {
            let exponent = |v: Var| term.iter().find(|(w, _)| *w == v).map_or(0, |(_, n)| *n);
            // Exactly once: t·exp(t), not t².
            if monomial.iter().all(|(v, n)| exponent(*v) == *n) {
                term.retain(|(v, _)| monomial.iter().all(|(w, _)| w != v));
                taken.push((term, &c * &inverse));
            } else {
                kept.push((term, c));
            }
        }
        if taken.is_empty() {
            return Some(None);
        }
        let denominator = sum.rest.denominator().clone();
        let over = |terms: Vec<(Monomial, Rational)>| -> Option<Fraction> {
            Fraction::new(&Polynomial::from_terms(terms).ok()?, &denominator, &self.budget).ok()?
        };
        let (kept, taken) = (over(kept)?, over(taken)?);
        sum.rest = kept;
        Some(Some(taken))
    }

    fn exponent_in_logs(
        &mut self,
        sum: &mut LogSum,
        argument: Expr,
        form: &Fraction,
    ) -> Option<Option<Fraction>> {
        let value = self.values.get(&argument)?;
        let Some(log) = sum.logs.iter_mut().find(|log| log.value == *value && log.exponent.is_none()) else {
            return Some(None);
        };
        // form = k·log λ; c·log λ = (c/k)·form.
        let call = self.store.call_named("log", [argument]);
        let kernel = self.normalizer.normal(self.store, call).ok()?;
        let k = form.div(&kernel, &self.budget).ok()??;
        let multiple = log.coefficient.div(&k, &self.budget).ok()??;
        if multiple.as_constant().is_none() {
            return Some(None);
        }
        log.coefficient = Fraction::zero();
        Some(Some(multiple))
    }
}

/// The arithmetic of forms.
impl Reader<'_> {
    pub fn add(&self, a: &Fraction, b: &Fraction) -> Normal {
        Ok(a.add(b, &self.budget)?)
    }

    pub fn mul(&self, a: &Fraction, b: &Fraction) -> Normal {
        Ok(a.mul(b, &self.budget)?)
    }

    /// The expression of a form, as short as it can be.
    pub fn expr(&mut self, form: &Fraction) -> Expr {
        self.normalizer.present(self.store, form)
    }

    /// The expression of a polynomial, expanded.
    pub fn polynomial(&mut self, polynomial: &Polynomial) -> Expr {
        let terms: Vec<(Monomial, Rational)> = polynomial.terms().collect();
        let terms: Vec<(Rational, Expr)> = terms
            .into_iter()
            .map(|(monomial, c)| {
                let unit =
                    Polynomial::from_terms([(monomial, Rational::ONE)]).expect("a monomial of a polynomial");
                (c, self.normalizer.present(self.store, &Fraction::from(unit)))
            })
            .collect();
        self.store.linear(terms)
    }

    /// The expression of a form, term by term over the denominator.
    pub fn terms(&mut self, form: &Fraction) -> Option<Expr> {
        let mut parts = Vec::new();
        for (monomial, c) in form.numerator().terms().collect::<Vec<_>>() {
            let term = Polynomial::from_terms([(monomial, c)]).ok()?;
            let term = Fraction::new(&term, form.denominator(), &self.budget).ok()??;
            parts.push(super::square::product(self, &term)?);
        }
        Some(self.store.sum(parts))
    }

    /// Is a form ≥ 0 wherever it is defined?
    pub fn is_nonnegative(&mut self, form: &Fraction) -> bool {
        if let Some(known) = self.nonnegative.get(form) {
            return *known;
        }
        let e = self.expr(form);
        let answer = self.normalizer.assumptions.is_nonnegative(self.store, e);
        self.nonnegative.insert(form.clone(), answer);
        answer
    }

    /// Is a form > 0 wherever it is defined?
    pub fn is_positive(&mut self, form: &Fraction) -> bool {
        let e = self.expr(form);
        self.normalizer.assumptions.is_positive(self.store, e)
    }
}
