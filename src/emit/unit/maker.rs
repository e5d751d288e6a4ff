//! Names: parameters, flat inputs and the bodies that read them.

use super::{Input, Parameter, Role};
use crate::emit::names::Scope;
use crate::emit::schedule::{Lowered, Writing, lower};
use crate::emit::target::Target;
use crate::emit::{Argument, Bundle, Error, Options, Quantity};
use crate::function::helper;
use crate::program::ELEMENTARY;
use crate::tape::Tape;

/// What making a unit needs all the time.
pub(super) struct Maker<'a, 'b> {
    pub(super) bundle: &'a Bundle,
    pub(super) target: &'b dyn Target,
    pub(super) options: &'b Options,
    pub(super) prefix: String,
    /// Names that no local name may have: keywords, functions, parameters.
    pub(super) scope: Scope,
    pub(super) observation: Parameter,
    pub(super) theta: Parameter,
    pub(super) constants: Vec<Parameter>,
}

impl<'a, 'b> Maker<'a, 'b> {
    pub(super) fn new(bundle: &'a Bundle, target: &'b dyn Target, options: &'b Options) -> Maker<'a, 'b> {
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

    pub(super) fn parameter(&self, argument: &Argument) -> Parameter {
        let size = self.bundle.parameters.len();
        let vector = |name: &str, size, role| Parameter { name: name.to_owned(), length: Some(size), role };
        match argument {
            Argument::Observation => self.observation.clone(),
            Argument::Parameters => self.theta.clone(),
            Argument::OtherParameters => vector("theta_q", size, Role::Point),
            Argument::Gradient => vector("gradient", size, Role::Gradient),
            Argument::Coordinates(name, size) => {
                vector(&self.scope.clone().identifier(name), *size, Role::Coordinates)
            }
        }
    }

    /// The flat inputs of these arguments and the constants, with names that do not clash.
    pub(super) fn inputs(&self, arguments: &[Argument]) -> Vec<Input> {
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

    pub(super) fn lowered(
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
}
