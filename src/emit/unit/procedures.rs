//! Routines as procedures: checks, bodies, the cases of atoms, batches of observations.

use std::collections::BTreeSet;

use super::conditions::{all, literal};
use super::maker::Maker;
use super::{Batch, Check, Computation, Input, Parameter, Predicate, Procedure};
use crate::emit::flow::{reads, term_reads};
use crate::emit::{Argument, Error, Routine, Work};
use crate::program::{Body, Condition, Relation, Statement, Term};
use crate::tape::Tape;

impl<'a> Maker<'a, '_> {
    pub(super) fn procedure(
        &self,
        routine: &'a Routine,
    ) -> Result<(Procedure<'a>, Option<Predicate>), Error> {
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
    body.statements.iter().for_each(|s| reads(s, &mut read));
    body.results.iter().for_each(|r| term_reads(r, &mut read));
    inputs.retain(|i| read.contains(&i.name));
    inputs
}
