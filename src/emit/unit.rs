//! A bundle in the words of one language, before anything is printed: identifiers, bodies, the helpers that are called.

mod conditions;
mod guards;
mod helpers;
mod maker;
mod procedures;

use std::collections::BTreeSet;

use super::target::Target;
use super::{Bundle, Error, Options, Reference, Routine, Work};
use crate::function::helper::Helper;
use crate::program::{Body, Condition, Statement};

pub use conditions::{asks_for_finite, conjunction, finite};
use helpers::{calls_of, definitions, see_call};
use maker::Maker;

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

impl Procedure<'_> {
    /// The names of θ and of the constants, with which `fisher` is called there.
    pub fn place(&self) -> Vec<&str> {
        let is_place = |p: &&Parameter| matches!(p.role, Role::Point | Role::Constant);
        self.parameters.iter().filter(is_place).map(|p| p.name.as_str()).collect()
    }
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
    /// θ, of which a function of many rows has one for each row.
    Point,
    /// Other coordinates of the density, one for each row like θ.
    Coordinates,
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
    /// Is a procedure computed in this way?
    pub fn computes(&self, way: fn(&Computation) -> bool) -> bool {
        self.procedures.iter().any(|procedure| way(&procedure.computation))
    }

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

/// The parameters that none of the checks looks at.
pub fn unasked<'p>(checks: &'p [Check], parameters: &'p [Parameter]) -> impl Iterator<Item = &'p Parameter> {
    let is_asked = move |name: &String| {
        checks.iter().any(|check| match check {
            Check::Predicate { arguments, .. } => arguments.contains(name),
            Check::Finite(parameter) => parameter.name == *name,
        })
    };
    parameters.iter().filter(move |p| !is_asked(&p.name))
}
