//! The domain, the sample space and other guards as functions that say whether they hold.

use std::collections::BTreeSet;

use super::conditions::{all, conjunction, finite, is_bounded, literal};
use super::maker::Maker;
use super::{Input, Parameter, Predicate, Role};
use crate::emit::flow::{condition_reads, reads};
use crate::emit::{Argument, Error, Guard, Test, Work};
use crate::program::{Condition, Relation, Statement, Term};
use crate::tape::Instr;

impl Maker<'_, '_> {
    /// θ and the constants are in the domain.
    pub(super) fn domain(&self) -> Result<Predicate, Error> {
        let routine = self.bundle.routines.iter().position(|r| matches!(r.work, Work::Domain));
        let inputs = self.inputs(&[Argument::Parameters]);
        let must_be_finite: Vec<String> = inputs.iter().map(|i| i.name.clone()).collect();
        let mut predicate = self.predicate("in_domain", &self.bundle.domain, inputs, &must_be_finite)?;
        predicate.routine = routine;
        predicate.parameters = std::iter::once(&self.theta).chain(&self.constants).cloned().collect();
        Ok(predicate)
    }

    /// x is in the sample space.
    pub(super) fn support(&self) -> Result<Option<Predicate>, Error> {
        let inputs = self.inputs(&[Argument::Observation, Argument::Parameters]);
        let of_x = |i: &&Input| i.parameter == self.observation.name;
        let must_be_finite: Vec<String> = inputs.iter().filter(of_x).map(|i| i.name.clone()).collect();
        Ok(Some(self.predicate("in_sample_space", &self.bundle.support, inputs, &must_be_finite)?))
    }

    /// Drops inputs and parameters that are not read.
    fn keep_used(&self, predicate: &mut Predicate) {
        let mut read = BTreeSet::new();
        predicate.statements.iter().for_each(|s| reads(s, &mut read));
        condition_reads(&predicate.holds, &mut read);
        predicate.inputs.retain(|i| read.contains(&i.name));
        let holds = |p: &Parameter| predicate.inputs.iter().any(|i| i.parameter == p.name);
        predicate.parameters.retain(holds);
    }

    /// A guard as a predicate over the inputs, some of which must be finite besides.
    pub(super) fn predicate(
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
            tests.push(test_of(test, term, direct, &inputs, &mut statements));
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
                let other = Parameter { name: input.parameter.clone(), length, role: Role::Coordinates };
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
}

/// A name for what is tested that is none of the inputs.
fn tested(inputs: &[Input], statements: &[Statement]) -> String {
    let names = (statements.len() + 1..).map(|number| format!("tested_{number}"));
    let is_set =
        |name: &str| statements.iter().any(|s| matches!(s, Statement::Set(known, _) if known == name));
    let is_input = |name: &str| inputs.iter().any(|input| input.name == name || input.parameter == name);
    let mut names = names;
    names.find(|name| !is_input(name) && !is_set(name)).expect("numbers do not end")
}

/// One test of one float; `direct` names the input it is.
fn test_of(
    test: &Test,
    term: Term,
    direct: Option<String>,
    inputs: &[Input],
    statements: &mut Vec<Statement>,
) -> Condition {
    let number = |digits: &str| Term::Number(digits.to_owned());
    let compare = |relation, a, b| Condition::Compare(relation, a, b);
    let mut named = |term: Term| match term {
        Term::Name(n) => Term::Name(n),
        other => {
            let name = tested(inputs, statements);
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
            compare(Relation::LessOrEqual, size, number(&crate::emit::lower::digits(*most)))
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
