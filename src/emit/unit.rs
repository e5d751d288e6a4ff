//! A bundle in the words of one language, before anything is printed: identifiers, bodies, the helpers that are called.

use std::collections::BTreeSet;

use super::names::Scope;
use super::schedule::{Lowered, Writing, lower};
use super::target::Target;
use super::{Argument, Bundle, Error, Guard, Options, Quantity, Reference, Routine, Shape, Test, Work};
use crate::function::helper::{self, Helper};
use crate::program::{Body, Condition, ELEMENTARY, Operator, Relation, Statement, Term};
use crate::tape::{Instr, Tape};

/// All that a file of generated code holds.
pub struct Unit<'a> {
    /// What is generated.
    pub bundle: &'a Bundle,
    /// What the names of the file start with: an identifier made of the family's name and its coordinates.
    pub prefix: String,
    /// The command that makes the file again.
    pub command: Option<String>,
    /// Special functions that are called and that the language lacks; those that others call come first.
    pub helpers: Vec<Definition>,
    /// `in_domain`, then the other conditions of the routines.
    pub predicates: Vec<Predicate>,
    /// In the order of the bundle, without `in_domain`.
    pub procedures: Vec<Procedure<'a>>,
}

/// A helper that is printed.
pub struct Definition {
    /// Its row.
    pub helper: &'static Helper,
    /// The names of its parameters in the body.
    pub parameters: Vec<String>,
    /// What it does.
    pub body: Body,
}

/// A condition on the arguments as a function of its own.
pub struct Predicate {
    /// Its name without a prefix: `in_domain`.
    pub name: String,
    /// Is it one of the routines asked for?
    pub routine: Option<usize>,
    /// What holds, in words.
    pub text: String,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// The flat inputs it reads.
    pub inputs: Vec<Input>,
    /// Computed first.
    pub statements: Vec<Statement>,
    /// What is asked.
    pub holds: Condition,
}

/// One routine.
pub struct Procedure<'a> {
    /// What the bundle says of it.
    pub routine: &'a Routine,
    /// The arguments, then the constants.
    pub parameters: Vec<Parameter>,
    /// The flat inputs that the body reads.
    pub inputs: Vec<Input>,
    /// The result is NaN in all places unless all of these hold.
    pub checks: Vec<Check>,
    /// How it is computed.
    pub computation: Computation,
    /// The same for many observations, where that is offered.
    pub batch: Option<Batch>,
}

/// How a procedure is computed.
pub enum Computation {
    /// By its body.
    Closed(Body),
    /// Like [`Work::Solve`], by the procedure `fisher` of so many parameters.
    Solve(usize),
    /// Like [`Work::Invert`].
    Invert(usize),
    /// Like [`Work::LogDeterminant`].
    LogDeterminant(usize),
}

/// A procedure over many observations.
pub struct Batch {
    /// The flat inputs that the body reads.
    pub inputs: Vec<Input>,
    /// So many statements come before the loop over the observations.
    pub still: usize,
    /// What it does.
    pub body: Body,
}

/// What the arguments of a procedure must satisfy.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// A predicate holds for these parameters.
    Predicate {
        /// Its name without a prefix.
        name: String,
        /// The names of the parameters it is given.
        arguments: Vec<String>,
    },
    /// All floats of this parameter are finite.
    Finite(Parameter),
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its identifier.
    pub name: String,
    /// `None` for one float, else how many.
    pub length: Option<usize>,
    /// What it stands for.
    pub role: Role,
}

/// What a parameter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The observation.
    Observation,
    /// θ or other coordinates, of which a function of many rows has one for each row.
    Point,
    /// A vector at θ.
    Gradient,
    /// A known constant.
    Constant,
}

/// A flat input that has a name of its own in a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The name.
    pub name: String,
    /// The parameter it stands in.
    pub parameter: String,
    /// Its place there; `None` when it is the parameter.
    pub component: Option<usize>,
}

impl<'a> Unit<'a> {
    /// The unit of a bundle in a language.
    pub fn new(bundle: &'a Bundle, target: &dyn Target, options: &Options) -> Result<Unit<'a>, Error> {
        let maker = Maker::new(bundle, target, options);
        let mut procedures = Vec::new();
        let mut predicates = vec![maker.domain()?];
        predicates.extend(maker.support()?);
        for routine in &bundle.routines {
            if !matches!(routine.work, Work::Domain) {
                let (mut procedure, predicate) = maker.procedure(routine)?;
                if let Some(predicate) = predicate {
                    share_predicate(&mut procedure, &mut predicates, predicate);
                }
                procedures.push(procedure);
            }
        }
        let used: BTreeSet<String> = procedures
            .iter()
            .flat_map(|p| &p.checks)
            .filter_map(|c| match c {
                Check::Predicate { name, .. } => Some(name.clone()),
                Check::Finite(_) => None,
            })
            .collect();
        predicates.retain(|p| p.routine.is_some() || used.contains(&p.name));
        let mut called = Vec::new();
        for procedure in &procedures {
            if let Computation::Closed(body) = &procedure.computation {
                calls_of(&body.statements, &body.results, &mut called);
            }
            if let Some(batch) = &procedure.batch {
                calls_of(&batch.body.statements, &batch.body.results, &mut called);
            }
        }
        for predicate in &predicates {
            calls_of(&predicate.statements, &[], &mut called);
            predicate.holds.visit(&mut |term| see_call(term, &mut called));
        }
        let helpers = definitions(&called, target, options)?;
        let command = options.command.clone();
        Ok(Unit { bundle, prefix: maker.prefix.clone(), command, helpers, predicates, procedures })
    }

    /// The reference values of a routine.
    pub fn references<'b>(&'b self, routine: &'b str) -> impl Iterator<Item = &'b Reference> {
        self.bundle.references.iter().filter(move |r| r.routine == routine)
    }
}

/// Adds a predicate, or lets the procedure ask an equal one that is there.
fn share_predicate(procedure: &mut Procedure<'_>, predicates: &mut Vec<Predicate>, predicate: Predicate) {
    let same = |p: &&Predicate| {
        (&p.parameters, &p.inputs, &p.statements, &p.holds)
            == (&predicate.parameters, &predicate.inputs, &predicate.statements, &predicate.holds)
    };
    let Some(known) = predicates.iter().find(same) else { return predicates.push(predicate) };
    for check in &mut procedure.checks {
        if let Check::Predicate { name, .. } = check
            && *name == predicate.name
        {
            name.clone_from(&known.name);
        }
    }
}

impl Shape {
    /// How many floats a result of this shape holds.
    pub fn size(self) -> usize {
        match self {
            Shape::Truth | Shape::Scalar => 1,
            Shape::Vector(n) => n,
            Shape::Matrix(rows, columns) => rows * columns,
            Shape::Packed(n) => n * (n + 1) / 2,
        }
    }
}

/// What making a unit needs all the time.
struct Maker<'a, 'b> {
    bundle: &'a Bundle,
    target: &'b dyn Target,
    options: &'b Options,
    prefix: String,
    /// Names that no local name may have: keywords, functions, parameters.
    scope: Scope,
    observation: Parameter,
    theta: Parameter,
    constants: Vec<Parameter>,
}

impl<'a, 'b> Maker<'a, 'b> {
    fn new(bundle: &'a Bundle, target: &'b dyn Target, options: &'b Options) -> Maker<'a, 'b> {
        let mut scope = Scope::new(target.words());
        let own = [
            "nan",
            "infinity",
            "pi",
            "theta",
            "theta_q",
            "gradient",
            "out",
            "count",
            "in_domain",
            "in_sample_space",
        ];
        let elementary = ELEMENTARY.iter().map(|(name, _)| *name);
        let functions = helper::helpers().map(|h| h.name).chain(crate::function::names()).chain(elementary);
        let routines = bundle.routines.iter().map(|r| r.name.as_str());
        own.into_iter().for_each(|name| scope.reserve(name));
        functions.for_each(|name| scope.reserve(name));
        routines.for_each(|name| scope.reserve(name));
        target.own_names().iter().for_each(|name| scope.reserve(name));
        let whole = match (&options.stem, bundle.coordinates.as_str()) {
            (Some(stem), _) => stem.clone(),
            (None, "base") => bundle.family.clone(),
            (None, coordinates) => format!("{}_{coordinates}", bundle.family),
        };
        let prefix = target.words().stem(&whole);
        let observation = match bundle.observation.as_slice() {
            [x] => Parameter { name: scope.identifier(&x.name), length: None, role: Role::Observation },
            several => {
                let name = scope.identifier("x");
                Parameter { name, length: Some(several.len()), role: Role::Observation }
            }
        };
        let names = scope.identifiers(bundle.constants.iter().map(|c| c.name.as_str()));
        let constants =
            names.into_iter().map(|name| Parameter { name, length: None, role: Role::Constant }).collect();
        let theta =
            Parameter { name: "theta".to_owned(), length: Some(bundle.parameters.len()), role: Role::Point };
        Maker { bundle, target, options, prefix, scope, observation, theta, constants }
    }

    fn parameter(&self, argument: &Argument) -> Parameter {
        let size = self.bundle.parameters.len();
        let vector = |name: &str, size, role| Parameter { name: name.to_owned(), length: Some(size), role };
        match argument {
            Argument::Observation => self.observation.clone(),
            Argument::Parameters => self.theta.clone(),
            Argument::OtherParameters => vector("theta_q", size, Role::Point),
            Argument::Gradient => vector("gradient", size, Role::Gradient),
            // `theta` is no clash: a routine has either the parameters or other coordinates.
            Argument::Coordinates(name, size) if name == "theta" => vector(name, *size, Role::Point),
            Argument::Coordinates(name, size) => {
                vector(&self.scope.clone().identifier(name), *size, Role::Point)
            }
        }
    }

    /// The flat inputs of these arguments and the constants, with names that do not clash.
    fn inputs(&self, arguments: &[Argument]) -> Vec<Input> {
        let mut scope = self.scope.clone();
        arguments.iter().for_each(|a| scope.reserve(&self.parameter(a).name));
        let mut inputs = Vec::new();
        for argument in arguments {
            let parameter = self.parameter(argument);
            let Some(length) = parameter.length else {
                let name = parameter.name.clone();
                inputs.push(Input { name, parameter: parameter.name, component: None });
                continue;
            };
            let typed: Vec<String> = (0..length).map(|component| self.typed(argument, component)).collect();
            for (component, name) in
                scope.identifiers(typed.iter().map(String::as_str)).into_iter().enumerate()
            {
                inputs.push(Input { name, parameter: parameter.name.clone(), component: Some(component) });
            }
        }
        let constant =
            |p: &Parameter| Input { name: p.name.clone(), parameter: p.name.clone(), component: None };
        inputs.extend(self.constants.iter().map(constant));
        inputs
    }

    fn typed(&self, argument: &Argument, component: usize) -> String {
        let of = |list: &[Quantity]| list[component].name.clone();
        match argument {
            Argument::Observation => of(&self.bundle.observation),
            Argument::Parameters => of(&self.bundle.parameters),
            Argument::OtherParameters => format!("{}_q", of(&self.bundle.parameters)),
            Argument::Gradient => format!("g_{}", component + 1),
            Argument::Coordinates(name, _) => format!("{name}_{}", component + 1),
        }
    }

    fn lowered(
        &self,
        tape: &Tape,
        inputs: &[Input],
        varying: &str,
        hoist: bool,
        routine: &str,
    ) -> Result<Lowered, Error> {
        let names: Vec<String> = inputs.iter().map(|i| i.name.clone()).collect();
        let mut scope = self.scope.clone();
        inputs.iter().for_each(|i| scope.reserve(&i.parameter));
        let writing = Writing {
            inputs: &names,
            varying: inputs.iter().map(|i| i.parameter == varying).collect(),
            scope,
            native: &|name| self.target.call(name, self.options).is_some(),
            hoist,
        };
        lower(tape, &writing).map_err(|obstacle| Error::Tape { routine: routine.to_owned(), obstacle })
    }

    /// θ and the constants are in the domain.
    fn domain(&self) -> Result<Predicate, Error> {
        let routine = self.bundle.routines.iter().position(|r| matches!(r.work, Work::Domain));
        let inputs = self.inputs(&[Argument::Parameters]);
        let must_be_finite: Vec<String> = inputs.iter().map(|i| i.name.clone()).collect();
        let mut predicate = self.predicate("in_domain", &self.bundle.domain, inputs, &must_be_finite)?;
        predicate.routine = routine;
        predicate.parameters = std::iter::once(&self.theta).chain(&self.constants).cloned().collect();
        Ok(predicate)
    }

    /// x is in the sample space.
    fn support(&self) -> Result<Option<Predicate>, Error> {
        let inputs = self.inputs(&[Argument::Observation, Argument::Parameters]);
        let of_x = |i: &&Input| i.parameter == self.observation.name;
        let must_be_finite: Vec<String> = inputs.iter().filter(of_x).map(|i| i.name.clone()).collect();
        Ok(Some(self.predicate("in_sample_space", &self.bundle.support, inputs, &must_be_finite)?))
    }

    /// Drops inputs and parameters that are not read.
    fn keep_used(&self, predicate: &mut Predicate) {
        let mut read = BTreeSet::new();
        predicate.statements.iter().for_each(|s| super::flow::reads(s, &mut read));
        super::flow::condition_reads(&predicate.holds, &mut read);
        predicate.inputs.retain(|i| read.contains(&i.name));
        let holds = |p: &Parameter| predicate.inputs.iter().any(|i| i.parameter == p.name);
        predicate.parameters.retain(holds);
    }

    /// A guard as a predicate over the inputs, some of which must be finite besides.
    fn predicate(
        &self,
        name: &str,
        guard: &Guard,
        inputs: Vec<Input>,
        must_be_finite: &[String],
    ) -> Result<Predicate, Error> {
        let lowered = self.lowered(&guard.tape, &inputs, "", false, name)?;
        let mut statements = lowered.statements;
        let mut tests = Vec::new();
        for (position, (test, term)) in guard.tests.iter().zip(lowered.results).enumerate() {
            let direct = match guard.tape.instructions()[guard.tape.outputs()[position].0 as usize] {
                Instr::Input(i) => Some(inputs[i as usize].name.clone()),
                _ => None,
            };
            tests.push(self.test(test, term, direct, &mut statements));
        }
        let holds = all(tests);
        let open = must_be_finite.iter().filter(|name| !is_bounded(&holds, name));
        let finite: Vec<Condition> = open.map(|name| finite(name)).collect();
        let holds = all(finite.into_iter().chain(conjunction(holds)));
        Ok(self.made(name, guard, inputs, statements, holds))
    }

    fn made(
        &self,
        name: &str,
        guard: &Guard,
        inputs: Vec<Input>,
        statements: Vec<Statement>,
        holds: Condition,
    ) -> Predicate {
        let mut parameters: Vec<Parameter> = Vec::new();
        for input in &inputs {
            if !parameters.iter().any(|p| p.name == input.parameter) {
                let size = inputs.iter().filter(|i| i.parameter == input.parameter).count();
                let known = std::iter::once(&self.observation).chain([&self.theta]).chain(&self.constants);
                let found = known.clone().find(|p| p.name == input.parameter).cloned();
                let length = input.component.map(|_| size);
                let other = Parameter { name: input.parameter.clone(), length, role: Role::Point };
                parameters.push(found.unwrap_or(other));
            }
        }
        let mut predicate = Predicate {
            name: name.to_owned(),
            routine: None,
            text: guard.text.clone(),
            parameters,
            inputs,
            statements,
            holds,
        };
        self.keep_used(&mut predicate);
        predicate
    }

    /// One test of one float; `direct` names the input it is.
    fn test(
        &self,
        test: &Test,
        term: Term,
        direct: Option<String>,
        statements: &mut Vec<Statement>,
    ) -> Condition {
        let number = |digits: &str| Term::Number(digits.to_owned());
        let compare = |relation, a, b| Condition::Compare(relation, a, b);
        let mut named = |term: Term| match term {
            Term::Name(n) => Term::Name(n),
            other => {
                let name = format!("tested_{}", statements.len() + 1);
                statements.push(Statement::Set(name.clone(), other));
                Term::Name(name)
            }
        };
        let bounded = |relation, term: Term| {
            let below = direct.as_deref().map(finite);
            all(std::iter::once(compare(relation, term, number("0"))).chain(below))
        };
        match test {
            Test::Positive => bounded(Relation::Greater, term),
            Test::NonNegative => bounded(Relation::GreaterOrEqual, term),
            Test::NonZero => {
                let term = named(term);
                let other = compare(Relation::NotEqual, term.clone(), number("0"));
                let number = compare(Relation::Equal, term.clone(), term);
                all([number, other])
            }
            Test::Zero(most) => {
                let size = Term::Call("abs".to_owned(), vec![term]);
                compare(Relation::LessOrEqual, size, number(&super::lower::digits(*most)))
            }
            Test::Integer => {
                let term = named(term);
                compare(Relation::Equal, term.clone(), Term::Call("floor".to_owned(), vec![term]))
            }
            Test::OneOf(values) => {
                let term = named(term);
                let is = |v: &f64| compare(Relation::Equal, term.clone(), literal(*v));
                let cases = values.iter().map(is);
                let any = cases.reduce(|a, b| Condition::Or(Box::new(a), Box::new(b)));
                any.unwrap_or_else(|| compare(Relation::NotEqual, number("0"), number("0")))
            }
        }
    }

    fn procedure(&self, routine: &'a Routine) -> Result<(Procedure<'a>, Option<Predicate>), Error> {
        let arguments = routine.arguments.iter().map(|a| self.parameter(a));
        let parameters: Vec<Parameter> = arguments.chain(self.constants.iter().cloned()).collect();
        let mut checks = Vec::new();
        let constants: Vec<String> = self.constants.iter().map(|p| p.name.clone()).collect();
        let domain = |theta: &str| {
            let arguments = std::iter::once(theta.to_owned()).chain(constants.iter().cloned()).collect();
            Check::Predicate { name: "in_domain".to_owned(), arguments }
        };
        for argument in &routine.arguments {
            let parameter = self.parameter(argument);
            match argument {
                Argument::Parameters | Argument::OtherParameters => checks.push(domain(&parameter.name)),
                Argument::Gradient | Argument::Coordinates(..) => checks.push(Check::Finite(parameter)),
                Argument::Observation => {}
            }
        }
        if routine.arguments.contains(&Argument::Observation)
            && let Some(support) = self.support()?
        {
            let arguments = support.parameters.iter().map(|p| p.name.clone()).collect();
            checks.push(Check::Predicate { name: support.name, arguments });
        }
        for constant in &self.constants {
            let asked = |c: &Check| matches!(c, Check::Predicate { arguments, .. } if arguments.contains(&constant.name));
            if !checks.iter().any(asked) {
                checks.push(Check::Finite(constant.clone()));
            }
        }
        let size = self.bundle.parameters.len();
        let (mut predicate, mut batch) = (None, None);
        let mut inputs = self.inputs(&routine.arguments);
        let computation = match &routine.work {
            Work::Closed { tape, guards } => {
                if let Some(guard) = guards {
                    let name = format!("in_range_of_{}", routine.name);
                    let made = self.predicate(&name, guard, inputs.clone(), &[])?;
                    let arguments = made.parameters.iter().map(|p| p.name.clone()).collect();
                    checks.push(Check::Predicate { name, arguments });
                    predicate = Some(made);
                }
                batch = self.batch(routine, tape, &inputs)?;
                let lowered = self.lowered(tape, &inputs, &self.observation.name, false, &routine.name)?;
                let body = Body { statements: lowered.statements, results: lowered.results };
                inputs = read_inputs(inputs, &body);
                Computation::Closed(body)
            }
            Work::Cases { tape, atoms } => {
                // The sample space is asked in the body, beside the atoms.
                checks.retain(|c| !matches!(c, Check::Predicate { name, .. } if name == "in_sample_space"));
                let body = self.cases(routine, tape, atoms, &inputs)?;
                inputs = read_inputs(inputs, &body);
                batch = Some(Batch { inputs: inputs.clone(), still: 0, body: body.clone() });
                Computation::Closed(body)
            }
            Work::Domain => unreachable!("the domain is a predicate"),
            Work::Solve => Computation::Solve(size),
            Work::Invert => Computation::Invert(size),
            Work::LogDeterminant => Computation::LogDeterminant(size),
        };
        let needs_fisher = !matches!(computation, Computation::Closed(_));
        if needs_fisher && !self.bundle.routines.iter().any(|r| r.name == "fisher") {
            return Err(Error::NoFisher { routine: routine.name.clone() });
        }
        Ok((Procedure { routine, parameters, inputs, checks, computation, batch }, predicate))
    }

    /// One branch for each atom, one for the sample space, NaN elsewhere.
    fn cases(
        &self,
        routine: &Routine,
        tape: &Tape,
        atoms: &[(Vec<f64>, Tape)],
        inputs: &[Input],
    ) -> Result<Body, Error> {
        let mut scope = self.scope.clone();
        inputs.iter().for_each(|i| scope.reserve(&i.name));
        let results: Vec<String> = tape.outputs().iter().map(|_| scope.identifier("result")).collect();
        let taken = |tape: &Tape| -> Result<Vec<Statement>, Error> {
            let lowered = self.lowered(tape, inputs, &self.observation.name, false, &routine.name)?;
            let mut statements = lowered.statements;
            statements.extend(
                results.iter().cloned().zip(lowered.results).map(|(n, value)| Statement::Set(n, value)),
            );
            Ok(statements)
        };
        let nothing =
            results.iter().map(|n| Statement::Set(n.clone(), Term::Name("nan".to_owned()))).collect();
        let of_x = |i: &&Input| i.parameter == self.observation.name;
        let must_be_finite: Vec<String> = inputs.iter().filter(of_x).map(|i| i.name.clone()).collect();
        let space =
            self.predicate("in_sample_space", &self.bundle.support, inputs.to_vec(), &must_be_finite)?;
        let mut statements = space.statements;
        statements.push(Statement::If(space.holds, taken(tape)?, nothing));
        for (point, tape) in atoms.iter().rev() {
            let x = inputs.iter().filter(|i| i.parameter == self.observation.name);
            let here = x
                .zip(point)
                .map(|(i, v)| Condition::Compare(Relation::Equal, Term::Name(i.name.clone()), literal(*v)));
            statements = vec![Statement::If(all(here), taken(tape)?, statements)];
        }
        let results = results.into_iter().map(Term::Name).collect();
        Ok(Body { statements, results })
    }

    /// Functions of x are offered for many observations at once.
    fn batch(&self, routine: &Routine, tape: &Tape, inputs: &[Input]) -> Result<Option<Batch>, Error> {
        if !routine.arguments.contains(&Argument::Observation) {
            return Ok(None);
        }
        let lowered = self.lowered(tape, inputs, &self.observation.name, true, &routine.name)?;
        let body = Body { statements: lowered.statements, results: lowered.results };
        let inputs = read_inputs(inputs.to_vec(), &body);
        Ok(Some(Batch { inputs, still: lowered.still, body }))
    }
}

fn read_inputs(mut inputs: Vec<Input>, body: &Body) -> Vec<Input> {
    let mut read = BTreeSet::new();
    body.statements.iter().for_each(|s| super::flow::reads(s, &mut read));
    body.results.iter().for_each(|r| super::flow::term_reads(r, &mut read));
    inputs.retain(|i| read.contains(&i.name));
    inputs
}

/// The parameters that none of the checks looks at.
pub fn unasked<'p>(checks: &[Check], parameters: &'p [Parameter]) -> impl Iterator<Item = &'p Parameter> {
    let asked = |name: &String| {
        checks.iter().any(|check| match check {
            Check::Predicate { arguments, .. } => arguments.contains(name),
            Check::Finite(parameter) => parameter.name == *name,
        })
    };
    parameters.iter().filter(move |p| !asked(&p.name)).collect::<Vec<_>>().into_iter()
}

/// |x| < ∞.
pub fn finite(name: &str) -> Condition {
    let size = Term::Call("abs".to_owned(), vec![Term::Name(name.to_owned())]);
    Condition::Compare(Relation::Less, size, Term::Name("infinity".to_owned()))
}

/// The term that a comparison asks to be finite, when it is `|x| < ∞`.
pub fn asks_for_finite<'t>(relation: Relation, left: &'t Term, right: &Term) -> Option<&'t Term> {
    match (relation, left, right) {
        (Relation::Less, Term::Call(abs, arguments), Term::Name(infinity))
            if abs == "abs" && infinity == "infinity" =>
        {
            arguments.first()
        }
        _ => None,
    }
}

/// Does the condition imply that the name is finite?
fn is_bounded(condition: &Condition, name: &str) -> bool {
    match condition {
        stated if *stated == finite(name) => true,
        Condition::And(a, b) => is_bounded(a, name) || is_bounded(b, name),
        // A value that is one of a few is finite.
        Condition::Compare(Relation::Equal, Term::Name(n), value) => n == name && is_literal(value),
        Condition::Or(a, b) => is_bounded(a, name) && is_bounded(b, name),
        _ => false,
    }
}

/// A float as a literal.
fn literal(value: f64) -> Term {
    let digits = Term::Number(super::lower::digits(value.abs()));
    if value < 0.0 { Term::Negative(Box::new(digits)) } else { digits }
}

fn is_literal(term: &Term) -> bool {
    match term {
        Term::Number(_) => true,
        Term::Negative(a) => is_literal(a),
        _ => false,
    }
}

/// All of the conditions; `0 = 0` when there are none.
fn all(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    let joined = conditions.into_iter().reduce(|a, b| Condition::And(Box::new(a), Box::new(b)));
    joined.unwrap_or_else(truth)
}

fn truth() -> Condition {
    let zero = || Term::Number("0".to_owned());
    Condition::Compare(Relation::Equal, zero(), zero())
}

/// The parts of a conjunction, without those that always hold.
pub fn conjunction(condition: Condition) -> Vec<Condition> {
    match condition {
        Condition::And(a, b) => conjunction(*a).into_iter().chain(conjunction(*b)).collect(),
        always if always == truth() => Vec::new(),
        other => vec![other],
    }
}

/// The helpers that these calls need, callees first.
fn definitions(called: &[String], target: &dyn Target, options: &Options) -> Result<Vec<Definition>, Error> {
    let knows = |name: &str| target.call(name, options).is_some();
    if let Some(function) = called.iter().find(|name| !knows(name) && helper::helper(name).is_none()) {
        return Err(Error::NoHelper { function: function.clone() });
    }
    let needed = helper::needs_beside(called.iter().map(String::as_str), &knows);
    Ok(needed.into_iter().map(|helper| definition(helper, target)).collect())
}

/// A helper with names that the language allows.
fn definition(helper: &'static Helper, target: &dyn Target) -> Definition {
    let mut body = helper.body().clone();
    let allowed = |name: &str| {
        let constant = target.constant(name).is_some();
        if target.words().is_taken(name) && !constant { format!("{name}_") } else { name.to_owned() }
    };
    rename_statements(&mut body.statements, &allowed);
    body.results.iter_mut().for_each(|r| rename(r, &allowed));
    let parameters = helper.parameters.iter().map(|name| allowed(name)).collect();
    Definition { helper, parameters, body }
}

fn rename_statements(statements: &mut [Statement], allowed: &dyn Fn(&str) -> String) {
    for statement in statements {
        match statement {
            Statement::Comment(_) => {}
            Statement::Set(name, value) => {
                *name = allowed(name);
                rename(value, allowed);
            }
            Statement::SetMany(names, value) => {
                names.iter_mut().for_each(|name| *name = allowed(name));
                rename(value, allowed);
            }
            Statement::If(condition, then, otherwise) => {
                rename_condition(condition, allowed);
                rename_statements(then, allowed);
                rename_statements(otherwise, allowed);
            }
            Statement::While(condition, body) => {
                rename_condition(condition, allowed);
                rename_statements(body, allowed);
            }
        }
    }
}

fn rename_condition(condition: &mut Condition, allowed: &dyn Fn(&str) -> String) {
    match condition {
        Condition::Compare(_, a, b) => {
            rename(a, allowed);
            rename(b, allowed);
        }
        Condition::And(a, b) | Condition::Or(a, b) => {
            rename_condition(a, allowed);
            rename_condition(b, allowed);
        }
        Condition::Not(a) => rename_condition(a, allowed),
    }
}

fn rename(term: &mut Term, allowed: &dyn Fn(&str) -> String) {
    match term {
        Term::Number(_) => {}
        Term::Name(name) => *name = allowed(name),
        Term::Negative(a) => rename(a, allowed),
        Term::Binary(_, a, b) => {
            rename(a, allowed);
            rename(b, allowed);
            lift_sign(term);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(|a| rename(a, allowed)),
    }
}

/// a·(−c) = −(a·c) and a + (−b) = a − b, to the last bit.
fn lift_sign(term: &mut Term) {
    let Term::Binary(operator, a, b) = term else { return };
    let Term::Negative(c) = &**b else { return };
    match operator {
        Operator::Multiply if **c == Term::Number("1".to_owned()) => *term = Term::Negative(a.clone()),
        Operator::Multiply | Operator::Divide => {
            *term = Term::Negative(Box::new(Term::Binary(*operator, a.clone(), c.clone())));
        }
        Operator::Add => *term = Term::Binary(Operator::Subtract, a.clone(), c.clone()),
        Operator::Subtract => *term = Term::Binary(Operator::Add, a.clone(), c.clone()),
    }
}

/// Adds the names of what is called.
fn calls_of(statements: &[Statement], results: &[Term], found: &mut Vec<String>) {
    let mut see = |term: &Term| see_call(term, found);
    statements.iter().for_each(|s| s.visit(&mut see));
    results.iter().for_each(|r| r.visit(&mut see));
}

fn see_call(term: &Term, found: &mut Vec<String>) {
    if let Term::Call(name, _) = term
        && !found.contains(name)
    {
        found.push(name.clone());
    }
}
