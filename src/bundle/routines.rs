//! What is known of a family to the routines of its bundle, in the order in which they are printed.

use rustc_hash::FxHashMap;

use super::enclosure::is_positive_definite;
use super::guards::Conditions;
use super::inverse::Inverted;
use super::material::{Known, Material};
use super::points::axes;
use super::texts::{density_lines, formulas, quantity};
use super::wanted::{Asked, BY_COFACTORS, Other, Wanted, routines};
use super::{Exact, Made, Refusal, conversions, words};
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::calculus::Differentiator;
use crate::emit::{Argument, Bundle, Routine, Shape, Work};
use crate::expr::{Expr, Fact, Images, Store};
use crate::number::{Ball, Rational};
use crate::print::display;
use crate::stable::stable;
use crate::stats::derive::substitute_fact;
use crate::stats::exponential::tidy;
use crate::stats::points::parameter_points;
use crate::stats::{Family, Parameter};
use crate::tape::{Instr, Tape};

pub(super) fn make(
    store: &mut Store,
    family: &Family,
    coordinates: &str,
    wanted: &Wanted,
    place: Option<String>,
    material: Material,
) -> Result<Made, Refusal> {
    let mut maker = Maker::new(store, family, coordinates, material, place)?;
    let numeric = matches!(maker.material.inverse, Some(Inverted::Numeric));
    // What is solved with F calls the function that computes it.
    let wants = |name: &str| wanted.wants(name) || numeric && name == "fisher";
    for asked in routines(coordinates).iter().filter(|asked| wants(&asked.name)) {
        maker.add(store, asked);
    }
    Ok(maker.made)
}

/// Collects routines.
pub(super) struct Maker {
    pub made: Made,
    pub material: Material,
    /// The family in its own parameters.
    pub base: Family,
    pub coordinates: String,
    /// x, θ, θ', the constants.
    x: Vec<Expr>,
    pub theta: Vec<Expr>,
    other: Vec<Expr>,
    constants: Vec<Expr>,
    /// The domain of θ', for the second argument of the divergence.
    other_facts: Vec<Fact>,
    /// Is F known to be positive definite somewhere?
    certified: bool,
    conditions: Conditions,
    /// Stable forms under each list of facts.
    forms: Vec<(Vec<Fact>, Images)>,
    /// θ(η) and θ(m), as far as they were asked for.
    pub solutions: FxHashMap<Other, Option<conversions::Solution>>,
}

/// A routine before it has a tape.
pub(super) struct Plan {
    pub arguments: Vec<Argument>,
    /// Symbols of arguments that are other coordinates or a gradient.
    pub symbols: Vec<Expr>,
    pub result: Shape,
    pub outputs: Vec<Expr>,
    /// Equal to the outputs, of fewer operations; the outputs themselves where there is nothing better.
    pub form: Option<Vec<Expr>>,
    /// Conditions on the symbols.
    pub facts: Vec<Fact>,
    pub details: Vec<String>,
}

impl Plan {
    pub fn new(arguments: &[Argument], result: Shape, outputs: Vec<Expr>) -> Plan {
        Plan {
            arguments: arguments.to_vec(),
            symbols: Vec::new(),
            result,
            outputs,
            form: None,
            facts: Vec::new(),
            details: Vec::new(),
        }
    }
}

impl Maker {
    fn new(
        store: &mut Store,
        base: &Family,
        coordinates: &str,
        material: Material,
        place: Option<String>,
    ) -> Result<Maker, Refusal> {
        let family = &material.family;
        let symbols = |list: &[Parameter]| list.iter().map(|p| p.symbol).collect::<Vec<Expr>>();
        let (x, theta, constants) = (family.x(), family.theta(), symbols(&family.constants));
        let other = symbols(&material.other);
        let images: Images = theta.iter().copied().zip(other.iter().copied()).collect();
        let other_facts = family.facts.iter().map(|f| substitute_fact(store, f, &images)).collect();
        let flat = [theta.as_slice(), &constants].concat();
        let all = [x.as_slice(), &flat].concat();
        let untestable = || Refusal::Unusable("a condition of the domain has no test in floats".to_owned());
        let mut conditions = Conditions::default();
        let domain = conditions.guard(store, &family.facts, &flat, &flat).ok_or_else(untestable)?;
        let support = conditions.guard(store, &family.sample_facts, &all, &x).ok_or_else(untestable)?;
        let quantities = |store: &mut Store, list: &[Parameter], facts: &[Fact], among: &[Expr]| {
            list.iter().map(|p| quantity(store, p, facts, among)).collect::<Vec<_>>()
        };
        let bundle = Bundle {
            family: family.name.clone(),
            coordinates: coordinates.to_owned(),
            density: density_lines(store, base, coordinates, family, &support.text),
            source: place,
            observation: quantities(store, &family.variables, &family.sample_facts, &x),
            parameters: quantities(store, &family.parameters, &family.facts, &theta),
            constants: quantities(store, &family.constants, &family.facts, &flat),
            domain,
            support,
            routines: Vec::new(),
            omitted: Vec::new(),
            references: Vec::new(),
        };
        let made = Made { bundle, exact: Vec::new() };
        Ok(Maker {
            made,
            material,
            base: base.clone(),
            coordinates: coordinates.to_owned(),
            x,
            theta,
            other,
            constants,
            other_facts,
            certified: false,
            conditions,
            forms: Vec::new(),
            solutions: FxHashMap::default(),
        })
    }

    pub fn omit(&mut self, name: &str, reason: impl Into<String>) {
        self.made.bundle.omitted.push((name.to_owned(), reason.into()));
    }

    fn add(&mut self, store: &mut Store, asked: &Asked) {
        match self.plan(store, asked) {
            Ok(plan) => self.finish(store, asked, plan),
            Err(reason) => self.omit(&asked.name, reason),
        }
    }

    fn plan(&mut self, store: &mut Store, asked: &Asked) -> Known<Plan> {
        use Argument::{Observation, OtherParameters, Parameters};
        if let Some(conversion) = asked.conversion {
            return conversions::plan(store, self, conversion);
        }
        let size = self.theta.len();
        match asked.name.as_str() {
            "in_domain" => Ok(Plan::new(&[Parameters], Shape::Truth, Vec::new())),
            "log_density" => {
                let log = self.material.family.log_density;
                Ok(Plan::new(&[Observation, Parameters], Shape::Scalar, vec![log]))
            }
            "score" => {
                let score = self.material.score.clone()?;
                let mut plan = Plan::new(&[Observation, Parameters], Shape::Vector(size), score);
                plan.details.extend(self.material.remark.clone());
                Ok(plan)
            }
            "fisher" => {
                let fisher = self.material.fisher.clone()?;
                Ok(Plan::new(&[Parameters], Shape::Matrix(size, size), fisher.concat()))
            }
            "fisher_packed" => {
                let fisher = self.material.fisher.clone()?;
                let lower = fisher.iter().enumerate().flat_map(|(i, row)| row[..=i].to_vec()).collect();
                Ok(Plan::new(&[Parameters], Shape::Packed(size), lower))
            }
            "kl" => {
                let kl = self.material.kl.clone()?;
                Ok(Plan::new(&[Parameters, OtherParameters], Shape::Scalar, vec![kl]))
            }
            name => self.linear_algebra(store, name),
        }
    }

    fn linear_algebra(&mut self, store: &mut Store, name: &str) -> Known<Plan> {
        let fisher = self.material.fisher.clone()?;
        if let Some(reason) = &self.material.singular {
            return Err(reason.clone());
        }
        let inverted = self.material.inverse.clone().ok_or_else(|| "F has no inverse".to_owned())?;
        let size = self.theta.len();
        let (arguments, result) = match name {
            "fisher_inverse" => (vec![Argument::Parameters], Shape::Matrix(size, size)),
            "natural_gradient" => (vec![Argument::Parameters, Argument::Gradient], Shape::Vector(size)),
            _ => (vec![Argument::Parameters], Shape::Scalar),
        };
        // Up to three parameters the rank is known; of more, the shape of F alone.
        if matches!(inverted, Inverted::Numeric) || size > BY_COFACTORS {
            self.certify(store, &fisher)?;
        }
        let (outputs, form) = match &inverted {
            Inverted::Closed(closed) => match name {
                "fisher_inverse" => (closed.inverse.concat(), None),
                "natural_gradient" => (closed.gradient.clone(), None),
                _ => (vec![closed.determinant], Some(vec![closed.log_determinant])),
            },
            // Solved with F itself.
            Inverted::Numeric => (fisher.concat(), None),
        };
        let mut plan = Plan::new(&arguments, result, outputs);
        if matches!(inverted, Inverted::Numeric) {
            plan.details.push(
                "By a Cholesky decomposition of F: the error grows with the condition number of F, and the result is NaN where F is singular up to roundings.".to_owned(),
            );
        }
        if name == "log_det_fisher" && form.is_some() {
            plan.outputs = vec![store.call_named("log", [plan.outputs[0]])];
        }
        plan.form = form;
        if name == "natural_gradient" {
            plan.symbols = self.material.gradient.clone();
        }
        if !self.material.singular_where.is_empty() {
            let list: Vec<String> =
                self.material.singular_where.iter().map(|e| format!("`{}`", display(store, *e))).collect();
            plan.details.push(format!(
                "F is singular where {} is 0: NaN there, and ill-conditioned near there.",
                list.join(" or ")
            ));
            plan.facts.extend(self.material.singular_where.iter().copied().map(Fact::NonZero));
        }
        Ok(plan)
    }

    /// Shows that F is positive definite at a point of the domain, and so nonsingular almost everywhere.
    fn certify(&mut self, store: &mut Store, fisher: &[Vec<Expr>]) -> Known<()> {
        if self.certified {
            return Ok(());
        }
        let family = &self.material.family;
        let inputs = [self.theta.as_slice(), &self.constants].concat();
        let tape = Tape::new(store, &inputs, &fisher.concat());
        self.certified = parameter_points(store, family, 3).iter().any(|point| {
            let balls: Vec<Ball> = point.iter().map(|q| Ball::from_rational(q, 256)).collect();
            is_positive_definite(tape.eval(&balls, 256))
        });
        let unknown = || "the Fisher information could not be shown to have an inverse".to_owned();
        self.certified.then_some(()).ok_or_else(unknown)
    }

    /// The flat inputs of a routine.
    fn inputs(&self, plan: &Plan) -> Vec<Expr> {
        let mut inputs = Vec::new();
        for argument in &plan.arguments {
            inputs.extend(match argument {
                Argument::Observation => &self.x,
                Argument::Parameters => &self.theta,
                Argument::OtherParameters => &self.other,
                Argument::Gradient | Argument::Coordinates(..) => &plan.symbols,
            });
        }
        inputs.extend(&self.constants);
        inputs
    }

    /// The conditions on the arguments.
    fn facts(&self, plan: &Plan) -> Vec<Fact> {
        let mut facts = plan.facts.clone();
        let family = &self.material.family;
        if plan.arguments.contains(&Argument::Parameters) {
            facts.extend(family.facts.iter().cloned());
        }
        if plan.arguments.contains(&Argument::OtherParameters) {
            facts.extend(self.other_facts.iter().cloned());
        }
        facts
    }

    fn finish(&mut self, store: &mut Store, asked: &Asked, plan: Plan) {
        let name = asked.name.as_str();
        let inputs = self.inputs(&plan);
        let facts = self.facts(&plan);
        let Some(conditions) = self.conditions.guard(store, &facts, &inputs, &inputs) else {
            return self.omit(name, "a condition of its domain has no test in floats");
        };
        let mut guards = vec![conditions];
        let observed = plan.arguments.contains(&Argument::Observation);
        let mut known = facts;
        if observed {
            let family = &self.material.family;
            known.extend(family.sample_facts.iter().cloned());
            let facts = family.sample_facts.clone();
            guards.extend(self.conditions.guard(store, &facts, &inputs, &self.x));
        }
        let axes = axes(store, &inputs, &known);
        let assumptions = Assumptions::new(store, &known);
        let numeric = matches!(self.material.inverse, Some(Inverted::Numeric));
        let work = match name {
            "in_domain" => Work::Domain,
            "fisher_inverse" if numeric => Work::Invert,
            "natural_gradient" if numeric => Work::Solve,
            "log_det_fisher" if numeric => Work::LogDeterminant,
            _ => match self.closed(store, name, &plan, &inputs, &assumptions) {
                Ok(work) => work,
                Err(reason) => return self.omit(name, reason),
            },
        };
        let exact_tape = Tape::new(store, &inputs, &plan.outputs);
        let atoms = match self.atoms(store, name, &inputs, observed, None) {
            Ok(atoms) => atoms,
            Err(reason) => return self.omit(name, reason),
        };
        let mut details = words::details(asked, plan.result);
        details.extend(plan.details);
        let formulas = if matches!(work, Work::Closed { .. } | Work::Cases { .. }) {
            let mut all = formulas(store, name, plan.result, &plan.outputs);
            if name == "log_density" && observed {
                for atom in &self.material.family.atoms {
                    let point: Vec<String> = atom.point.iter().map(|e| display(store, *e)).collect();
                    let left = format!("log_density({})", point.join(", "));
                    all.push((left, display(store, atom.log_probability)));
                }
            }
            all
        } else {
            Vec::new()
        };
        self.made.bundle.routines.push(Routine {
            name: name.to_owned(),
            summary: words::summary(asked, &self.coordinates),
            details,
            formulas,
            arguments: plan.arguments,
            result: plan.result,
            work,
        });
        self.made.exact.push(Exact {
            routine: name.to_owned(),
            inputs,
            outputs: plan.outputs,
            tape: exact_tape,
            atoms,
            guards,
            axes,
        });
    }

    /// The tape of the stable forms.
    fn closed(
        &mut self,
        store: &mut Store,
        name: &str,
        plan: &Plan,
        inputs: &[Expr],
        assumptions: &Assumptions,
    ) -> Known<Work> {
        let form = plan.form.as_ref().unwrap_or(&plan.outputs);
        let form = self.stable(store, form, assumptions);
        let tape = Tape::new(store, inputs, &form);
        if tape.instructions().contains(&Instr::Opaque) {
            return Err("a derivative in it has no closed form".to_owned());
        }
        let tape = Box::new(tape);
        let observed = plan.arguments.contains(&Argument::Observation);
        if observed && !self.material.family.atoms.is_empty() {
            let atoms = self.atoms(store, name, inputs, observed, Some(assumptions))?;
            return Ok(Work::Cases { tape, atoms });
        }
        let guards = match plan.facts.is_empty() {
            true => None,
            false => {
                let has_coordinates = plan.arguments.iter().any(|a| matches!(a, Argument::Coordinates(..)));
                let about = if has_coordinates { plan.symbols.as_slice() } else { &[] };
                self.conditions.guard(store, &plan.facts, inputs, about).filter(|g| !g.tests.is_empty())
            }
        };
        Ok(Work::Closed { tape, guards: guards.map(Box::new) })
    }

    /// The stable forms, each found once: F and its lower triangle have the same entries.
    fn stable(&mut self, store: &mut Store, list: &[Expr], assumptions: &Assumptions) -> Vec<Expr> {
        let facts = assumptions.facts();
        let at = match self.forms.iter().position(|(known, _)| known == facts) {
            Some(at) => at,
            None => {
                self.forms.push((facts.to_vec(), Images::default()));
                self.forms.len() - 1
            }
        };
        let known = &mut self.forms[at].1;
        let new: Vec<Expr> = list.iter().copied().filter(|e| !known.contains_key(e)).collect();
        let found = stable(store, &new, assumptions);
        known.extend(new.into_iter().zip(found));
        list.iter().map(|e| known[e]).collect()
    }

    /// The tapes at the atoms, of stable forms where assumptions are given.
    fn atoms(
        &self,
        store: &mut Store,
        name: &str,
        inputs: &[Expr],
        observed: bool,
        rewritten: Option<&Assumptions>,
    ) -> Known<Vec<(Vec<f64>, Tape)>> {
        if !observed {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for atom in &self.material.family.atoms {
            let point: Option<Vec<f64>> =
                atom.point.iter().map(|e| store.as_number(*e).map(Rational::to_f64)).collect();
            let point = point.ok_or_else(|| "an atom stands where a parameter says".to_owned())?;
            let mut outputs = match name {
                "log_density" => vec![atom.log_probability],
                _ => {
                    let raw = Differentiator::new().gradient(store, atom.log_probability, &self.theta);
                    let known = self.material.family.parameter_assumptions(store);
                    let mut present = Normalizer::new(known, Effort::Present);
                    raw.into_iter().map(|e| tidy(store, &mut present, e)).collect()
                }
            };
            if let Some(assumptions) = rewritten {
                outputs = stable(store, &outputs, assumptions);
            }
            all.push((point, Tape::new(store, inputs, &outputs)));
        }
        Ok(all)
    }
}
