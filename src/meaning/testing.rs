//! What the tests of this module share: the declarations of the article, and claims as short text.

use crate::claim::{Claim, Inequality};
use crate::expr::Store;
use crate::print::display;
use crate::syntax::{
    Chain, Directive, Kind, Macros, Relation, Tree, parse_chain, parse_expression, read_display, read_plain,
};
use crate::text::{Diagnostic, Span};

use super::{Meaning, Reading, Vocabulary, side, step};

/// A tree of the plain notation.
#[track_caller]
pub(super) fn tree(text: &str) -> Tree {
    let (tree, diagnostics) = parse_expression(text, 0);
    tree.unwrap_or_else(|| panic!("{text}: {diagnostics:?}"))
}

/// A chain of the plain notation.
#[track_caller]
pub(super) fn chain(text: &str) -> Chain {
    parse_chain(text, 0).0.unwrap_or_else(|| panic!("{text}"))
}

pub(super) fn at(kind: Kind) -> Tree {
    Tree::new(kind, Span::new(0, 1))
}

pub(super) fn boxed(kind: Kind) -> Box<Tree> {
    Box::new(at(kind))
}

/// The declarations of the article.
pub(super) const ARTICLE: &str = "vector theta, d, v in R^n
scalar eta > 0, epsilon > 0, lambda > 0, alpha
density p(x | theta) regular
function L(theta) smooth
write p(theta) for p(x | theta)
let F = fisher(p)
small d";

/// What each step of a display claims, with definitions, statements and lints; definitions are made.
pub(super) fn steps(world: &mut World, source: &str) -> Vec<String> {
    world.words.read_latex(true);
    let mut found = Vec::new();
    let mut last: Option<Tree> = None;
    for row in read_display(source, 0, &Macros::default()) {
        let lints = row.diagnostics.iter().map(|d| format!("latex: {}", d.code.name()));
        found.extend(lints);
        if let Some(first) = row.first {
            if row.rest.is_empty() {
                let meaning = world.read(&first).meaning;
                found.push(match meaning {
                    Some(Meaning::Problem { problem, .. }) => format!("problem {}", world.problem(&problem)),
                    _ => world.value_of(&first),
                });
            }
            last = Some(first);
        }
        for link in row.rest {
            let (Some(left), Some(right)) = (last.take(), link.side) else { continue };
            found.push(match world.words.is_definition(&left, link.relation) {
                Some(name) => {
                    let value = world.read(&right);
                    let text = match &value.meaning {
                        Some(Meaning::Problem { problem, .. }) => {
                            format!("the point of {}", world.problem(problem))
                        }
                        _ => world.value_of(&right),
                    };
                    if let Some(meaning) = &value.meaning {
                        assert!(world.words.define_meaning(&mut world.store, &left, meaning));
                    }
                    format!("{name} := {text}")
                }
                None => world.claim_of(&left, link.relation, &right, &row.directives),
            });
            last = Some(right);
        }
    }
    world.words.read_latex(false);
    found
}

/// A store and what is declared.
pub(super) struct World {
    pub store: Store,
    pub words: Vocabulary,
    pub said: Vec<Diagnostic>,
}

impl World {
    pub fn empty() -> World {
        World { store: Store::new(), words: Vocabulary::new(), said: Vec::new() }
    }

    /// What a fence with these lines declares.
    #[track_caller]
    pub fn of(fence: &str) -> World {
        let mut world = World::empty();
        world.fence(fence);
        assert!(world.said.is_empty(), "{:?}", world.said);
        world
    }

    /// The fence of the article, with `small d`.
    pub fn article() -> World {
        World::of(ARTICLE)
    }

    pub fn fence(&mut self, text: &str) {
        let document = read_plain(text);
        assert!(document.diagnostics.is_empty(), "{:?}", document.diagnostics);
        for item in document.fences.iter().flat_map(|fence| &fence.items) {
            self.words.declare_item(&mut self.store, item, &mut self.said);
        }
    }

    /// The names of what was said of the declarations.
    pub fn codes(&self) -> Vec<&'static str> {
        self.said.iter().map(|d| d.code.name()).collect()
    }

    pub fn read(&mut self, tree: &Tree) -> Reading {
        side(&mut self.store, &mut self.words, tree)
    }

    /// The value of a tree in the plain notation, or the codes of what is wrong with it; lints stand behind.
    pub fn value_of(&mut self, tree: &Tree) -> String {
        let reading = self.read(tree);
        let value = reading.value().map(|e| display(&self.store, e));
        let codes: Vec<&str> = reading.lints.iter().map(|d| d.code.name()).collect();
        match (value, codes.join(" ")) {
            (Some(value), codes) if codes.is_empty() => value,
            (Some(value), codes) => format!("{value} ! {codes}"),
            (None, codes) => format!("! {codes}"),
        }
    }

    #[track_caller]
    pub fn value(&mut self, text: &str) -> String {
        self.value_of(&tree(text))
    }

    /// The claim of a step as text, with lints behind it.
    pub fn claim_of(&mut self, left: &Tree, relation: Relation, right: &Tree, said: &[Directive]) -> String {
        let (left, right) = (self.read(left), self.read(right));
        let mut lints: Vec<&str> = left.lints.iter().chain(&right.lints).map(|d| d.code.name()).collect();
        let result = step(&mut self.store, &self.words, &left, relation, &right, said, Span::new(0, 1));
        let text = match &result {
            Ok(step) => {
                lints.extend(step.lints.iter().map(|d| d.code.name()));
                step.claims.iter().for_each(|(claim, _)| self.check_sides(claim));
                step.claims.iter().map(|(claim, _)| self.show(claim)).collect::<Vec<_>>().join("; ")
            }
            Err(diagnostic) => format!("! {}", diagnostic.code.name()),
        };
        if lints.is_empty() { text } else { format!("{text} ! {}", lints.join(" ")) }
    }

    /// The sides of a claim have one shape, and nothing in them is bound outside.
    #[track_caller]
    fn check_sides(&self, claim: &Claim) {
        let (left, right) = match claim {
            Claim::Equal { left, right }
            | Claim::Order { left, right, .. }
            | Claim::Compare { left, right, .. }
            | Claim::Proportional { left, right, .. }
            | Claim::Stationary { left, right, .. }
            | Claim::Differs { left, right } => (*left, *right),
            Claim::Minimizer { point, problem } | Claim::MinimizerLimit { point, problem, .. } => {
                (*point, problem.variable)
            }
            Claim::LimitValue { body, value, .. } => (*body, *value),
            _ => return,
        };
        assert_eq!(self.store.shape(left), self.store.shape(right), "{}", self.show(claim));
        assert_eq!(self.store.free_bound(left).max(self.store.free_bound(right)), 0, "{}", self.show(claim));
    }

    /// The claim of `a = b`.
    #[track_caller]
    pub fn claim(&mut self, text: &str) -> String {
        let chain = chain(text);
        let (relation, right) = &chain.rest[0];
        self.claim_of(&chain.first, *relation, right, &[])
    }

    pub fn show(&self, claim: &Claim) -> String {
        let text = |e| display(&self.store, e);
        match claim {
            Claim::Equal { left, right } => format!("{} = {}", text(*left), text(*right)),
            Claim::Order { left, right, order, big, .. } => {
                let letter = if *big { "O" } else { "o" };
                format!("{} = {} + {letter}({order})", text(*left), text(*right))
            }
            Claim::Compare { left, relation, right } => {
                let sign = match relation {
                    Inequality::Less => "<",
                    Inequality::LessOrEqual => "<=",
                    Inequality::Greater => ">",
                    Inequality::GreaterOrEqual => ">=",
                };
                format!("{} {sign} {}", text(*left), text(*right))
            }
            Claim::Proportional { left, right, .. } => format!("{} prop {}", text(*left), text(*right)),
            Claim::Differs { left, right } => format!("{} != {}", text(*left), text(*right)),
            Claim::Stationary { problem, left, right } => {
                format!("{} = {} at the minimum of {}", text(*left), text(*right), self.problem(problem))
            }
            Claim::Minimizer { point, problem } => {
                format!("{} minimizes {}", text(*point), self.problem(problem))
            }
            Claim::SameMinimizer { first, second, .. } => {
                format!("argmin {} ~ argmin {}", self.problem(first), self.problem(second))
            }
            Claim::MinimizerLimit { point, scale, problem, .. } => {
                format!("{} = lim {} argmin {}", text(*point), text(*scale), self.problem(problem))
            }
            Claim::LimitValue { body, variable, to, value } => {
                format!("lim {} → {} of {} = {}", text(*variable), text(*to), text(*body), text(*value))
            }
            other => format!("{other:?}"),
        }
    }

    fn problem(&self, problem: &crate::claim::Problem) -> String {
        let limits: Vec<String> =
            problem.constraints.iter().map(|e| format!(" st {} <= 0", display(&self.store, *e))).collect();
        format!(
            "[{} over {}{}]",
            display(&self.store, problem.objective),
            display(&self.store, problem.variable),
            limits.concat()
        )
    }
}
