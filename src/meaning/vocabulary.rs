//! What the names of a text mean: declared symbols, densities, functions, abbreviations.
//!
//! After `vector theta in R^n` and `density p(x | theta) regular` the name θ is a column of n entries, x is a sample
//! variable, and p is a density whose application `p(x | theta)` has two slots.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::claim::{AbstractFunction, Assumption, Context, Density, Limit, Problem};
use crate::expr::{Expr, Shape, Store, Symbol, SymbolId};
use crate::function;
use crate::function::FunctionId;
use crate::number::Rational;
use crate::syntax::{Extremum, Kind, Relation, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::side::Meaning;
use super::spell::spell;

/// Names and their meanings, at one place of a text.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub(super) entries: FxHashMap<String, Entry>,
    pub(super) densities: Vec<DensityEntry>,
    pub(super) functions: Vec<AbstractFunction>,
    pub(super) families: Vec<FamilyEntry>,
    pub(super) macros: Vec<Macro>,
    pub(super) applied: Vec<Applied>,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) limit: Limit,
    pub(super) gradient_row: bool,
    /// Formulas come from LaTeX, where γ is never the gamma function.
    pub(super) latex: bool,
    /// The last `arg min` that was read.
    pub(super) problem: Option<Problem>,
    /// `d^* = arg min_d …`: symbols that stand for the minimizer of a problem.
    pub(super) points: Vec<(Expr, Problem)>,
    /// Names of matrices.
    pub(super) matrices: FxHashSet<String>,
    pub(super) declared: Vec<(String, Span)>,
    pub(super) used: FxHashSet<String>,
}

/// Operators that an article uses and does not define.
pub(super) const OPERATORS: &[&str] =
    &["tr", "trace", "det", "rank", "diag", "Var", "var", "Cov", "cov", "vec", "span", "dim", "ker"];

/// What one name means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry {
    /// A declared symbol.
    Symbol(Expr),
    /// A defined name: its value stands in its place.
    Value(Expr),
    /// The sample variable of a density.
    Sample(Expr),
    /// A symbolic dimension, an integer.
    Dimension(Expr),
    /// Into `densities`.
    Density(usize),
    /// Into `functions`.
    Function(usize),
    /// Into `families`.
    Family(usize),
}

/// An abstract density.
#[derive(Clone, Debug)]
pub(super) struct DensityEntry {
    pub name: String,
    pub symbol: SymbolId,
    pub variable: Expr,
    pub parameter: Option<Expr>,
    pub regularity: u32,
}

/// A concrete family under the name of its density.
#[derive(Clone, Debug)]
pub(super) struct FamilyEntry {
    pub parameters: Vec<Expr>,
    pub variables: Vec<Expr>,
    pub log_density: Expr,
}

/// `write p(theta) for p(x | theta)`.
#[derive(Clone, Debug)]
pub(super) struct Macro {
    pub head: String,
    pub parameters: Vec<String>,
    pub long: Tree,
}

/// `f(x) = x²`, found in the text: what `f` means for any argument.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub head: String,
    pub arguments: Vec<Expr>,
    pub value: Expr,
}

impl Vocabulary {
    /// A vocabulary in which nothing is declared.
    pub fn new() -> Vocabulary {
        Vocabulary::default()
    }

    /// Whether the formulas that follow are written in LaTeX: there `\gamma` is a letter, and a name without a meaning
    /// before a bracket has two readings.
    pub fn read_latex(&mut self, latex: bool) {
        self.latex = latex;
    }

    /// Are the formulas written in LaTeX?
    pub fn is_latex(&self) -> bool {
        self.latex
    }

    /// Is there a meaning for this name?
    pub fn is_declared(&self, name: &str) -> bool {
        self.entries.contains_key(name)
            || self.macros.iter().any(|m| m.head == name)
            || self.applied.iter().any(|a| a.head == name)
    }

    /// Gives a name its value, which stands in its place from here on.
    pub fn define(&mut self, name: &str, value: Expr) {
        self.entries.insert(name.to_owned(), Entry::Value(value));
    }

    /// Gives what stands on the left of a definition its value: a name, or a name applied to declared symbols.
    /// Returns whether the left side can be given one.
    pub fn define_side(&mut self, store: &Store, left: &Tree, value: Expr) -> bool {
        if let Kind::Call { name, arguments, .. } = &left.kind {
            let symbols: Option<Vec<Expr>> = arguments
                .iter()
                .map(|argument| match &argument.kind {
                    Kind::Name(name) => self.value(name).filter(|e| store.as_symbol(*e).is_some()),
                    _ => None,
                })
                .collect();
            match symbols {
                Some(arguments) if !self.is_declared(name) => {
                    self.applied.push(Applied { head: name.clone(), arguments, value });
                }
                _ => self.define(&spell(left), value),
            }
            return true;
        }
        let defines =
            matches!(left.kind, Kind::Name(_) | Kind::Superscript(..) | Kind::Accent(..) | Kind::Index(..));
        if defines {
            let name = spell(left);
            self.note_matrix(store, &name, value);
            self.define(&name, value);
        }
        defines
    }

    /// [`Vocabulary::define_side`] with any meaning: `d^* = arg min_d …` makes d* a symbol of the shape of d, of which
    /// no more is known than that it minimizes.
    pub fn define_meaning(&mut self, store: &mut Store, left: &Tree, meaning: &Meaning) -> bool {
        match meaning {
            Meaning::Value { expr, .. } => self.define_side(store, left, *expr),
            Meaning::Problem { extremum: Extremum::ArgMin | Extremum::ArgMax, problem } => {
                let shape = store.shape(problem.variable);
                let point = symbol(store, &spell(left), shape);
                self.points.push((point, problem.clone()));
                self.define_side(store, left, point)
            }
            _ => false,
        }
    }

    /// The name that an equation with this left side defines: one that has no meaning yet, perhaps applied.
    pub fn is_definition(&self, left: &Tree, relation: Relation) -> Option<String> {
        if !matches!(relation, Relation::Equal | Relation::Defined) {
            return None;
        }
        match &left.kind {
            Kind::Name(name) => {
                (!self.is_known(name) && !self.is_entry_of_matrix(name)).then(|| name.clone())
            }
            Kind::Index(base, _) => match &base.kind {
                Kind::Name(base) if !self.entries.contains_key(base) => {
                    let name = spell(left);
                    (!self.entries.contains_key(&name)).then_some(name)
                }
                _ => None,
            },
            Kind::Superscript(..) | Kind::Accent(..) => {
                let name = spell(left);
                (!self.entries.contains_key(&name) && !self.reads_as_operation(left)).then_some(name)
            }
            Kind::Call { name, arguments, .. } => {
                let is_symbol = |a: &Tree| match &a.kind {
                    Kind::Name(name) => {
                        matches!(self.entries.get(name), None | Some(Entry::Symbol(_) | Entry::Sample(_)))
                    }
                    _ => false,
                };
                let plain = arguments.iter().all(is_symbol) && !OPERATORS.contains(&name.as_str());
                let whole = spell(left);
                match self.entries.get(name) {
                    // `L(gamma)` beside `function L(theta)`: a function is no point, so this is another thing.
                    Some(Entry::Function(_)) => (self.is_about_a_function(arguments)
                        && !self.entries.contains_key(&whole))
                    .then_some(whole),
                    _ => (plain && !self.is_known(name)).then(|| name.clone()),
                }
            }
            Kind::Annotated(body, _) => self.is_definition(body, relation),
            _ => None,
        }
    }

    /// What is declared, for those who prove and refute.
    pub fn context(&self) -> Context {
        let density =
            |d: &DensityEntry| Density { symbol: d.symbol, parameter: d.parameter, regularity: d.regularity };
        Context {
            densities: self.densities.iter().map(density).collect(),
            functions: self.functions.clone(),
            assumptions: self.assumptions.clone(),
            limit: self.limit.clone(),
        }
    }

    /// A warning for each declaration that nothing read so far has used.
    pub fn unused(&self) -> Vec<Diagnostic> {
        let idle = self.declared.iter().filter(|(name, _)| !self.used.contains(name));
        idle.map(|(name, span)| Diagnostic::warning(Code::UnusedDeclaration { name: name.clone() }, *span))
            .collect()
    }

    /// Takes the meaning of a name away, so that it can be declared as something else.
    pub fn forget(&mut self, name: &str) {
        match self.entries.remove(name) {
            Some(Entry::Density(at)) => {
                self.densities.remove(at);
                self.entries.values_mut().for_each(|entry| match entry {
                    Entry::Density(later) if *later > at => *later -= 1,
                    _ => {}
                });
            }
            Some(Entry::Function(at)) => {
                self.functions.remove(at);
                self.entries.values_mut().for_each(|entry| match entry {
                    Entry::Function(later) if *later > at => *later -= 1,
                    _ => {}
                });
            }
            _ => {}
        }
        self.macros.retain(|m| m.head != name);
        self.applied.retain(|a| a.head != name);
    }

    /// This vocabulary again, with what was used meanwhile.
    pub fn restored(self, later: &Vocabulary) -> Vocabulary {
        Vocabulary { used: later.used.clone(), problem: later.problem.clone(), ..self }
    }

    /// The names that have a meaning, in alphabetical order.
    pub fn names(&self) -> Vec<&str> {
        let heads = self.macros.iter().map(|m| &m.head).chain(self.applied.iter().map(|a| &a.head));
        let mut names: Vec<&str> = self.entries.keys().chain(heads).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        self.is_declared(name)
            || name == "e"
            || self.table(name).is_some()
            || self.subscripted(name).is_some()
    }

    /// The expression a name stands for, where it stands for one.
    pub(super) fn value(&self, name: &str) -> Option<Expr> {
        match self.entries.get(name)? {
            Entry::Symbol(e) | Entry::Value(e) | Entry::Sample(e) | Entry::Dimension(e) => Some(*e),
            _ => None,
        }
    }

    /// `p_theta`: the density p and the value that stands below it.
    pub(super) fn subscripted(&self, name: &str) -> Option<(usize, Expr)> {
        let (head, below) = name.split_once('_')?;
        match self.entries.get(head)? {
            Entry::Density(d) if self.densities[*d].parameter.is_some() => Some((*d, self.value(below)?)),
            _ => None,
        }
    }

    /// The row of the table that a name calls.
    pub(super) fn table(&self, name: &str) -> Option<FunctionId> {
        // `\gamma` and `\beta` are small letters; the functions are called `\Gamma` and `\mathrm{B}`.
        let is_letter = self.latex && matches!(name, "gamma" | "beta");
        if is_letter { None } else { function::lookup(name) }
    }

    /// Is there an abbreviation or definition of this name with arguments?
    pub(super) fn has_applied(&self, name: &str) -> bool {
        self.macros.iter().any(|m| m.head == name && !m.parameters.is_empty())
            || self.applied.iter().any(|a| a.head == name)
    }

    /// How many arguments a declared function takes.
    pub(super) fn arity(&self, name: &str) -> Option<usize> {
        match self.entries.get(name)? {
            Entry::Function(at) => Some(self.functions[*at].arguments.len()),
            _ => None,
        }
    }

    /// `g_x` before `count` arguments, with `function g(x, u, v)`.
    pub(super) fn subscripted_function(&self, name: &str, count: usize) -> Option<(usize, Expr)> {
        let (head, below) = name.split_once('_')?;
        match self.entries.get(head)? {
            Entry::Function(at) if self.functions[*at].arguments.len() == count + 1 => {
                Some((*at, self.value(below)?))
            }
            _ => None,
        }
    }

    /// The declared `theta_k` of which `theta_{k+1}` is an iterate, with its shape.
    pub(super) fn subscript_iterate(
        &self,
        store: &Store,
        base: &str,
        index: &Tree,
    ) -> Option<(String, Shape)> {
        let mut stack = vec![index];
        while let Some(tree) = stack.pop() {
            if let Kind::Name(k) = &tree.kind {
                let declared = format!("{base}_{k}");
                if let Some(Entry::Symbol(e)) = self.entries.get(&declared) {
                    return Some((declared, store.shape(*e)));
                }
            }
            stack.extend(tree.parts());
        }
        None
    }

    /// Is this expression the sample variable of a density?
    pub(super) fn is_sample(&self, e: Expr) -> bool {
        self.densities.iter().any(|d| d.variable == e)
            || self.families.iter().any(|f| f.variables.contains(&e))
    }

    pub(super) fn density_of(&self, symbol: SymbolId) -> Option<&DensityEntry> {
        self.densities.iter().find(|d| d.symbol == symbol)
    }

    pub(super) fn function_of(&self, symbol: SymbolId) -> Option<&AbstractFunction> {
        self.functions.iter().find(|f| f.symbol == symbol)
    }

    /// The weight of a symbol that tends to 0.
    pub(super) fn weight(&self, e: Expr) -> Option<&Rational> {
        self.limit.symbols.iter().find(|(symbol, _)| *symbol == e).map(|(_, weight)| weight)
    }

    /// The declared symbol whose iterate `theta^(k)` this would be.
    pub(super) fn iterate_shape(&self, store: &Store, base: &str) -> Option<Shape> {
        match self.entries.get(base)? {
            Entry::Symbol(e) => Some(store.shape(*e)),
            _ => None,
        }
    }

    /// `F_ij` with a matrix F.
    fn is_entry_of_matrix(&self, name: &str) -> bool {
        name.split_once('_').is_some_and(|(base, _)| self.matrices.contains(base))
    }

    pub(super) fn note_matrix(&mut self, store: &Store, name: &str, value: Expr) {
        if store.shape(value).columns != Shape::SCALAR.columns {
            self.matrices.insert(name.to_owned());
        }
    }

    fn reads_as_operation(&self, left: &Tree) -> bool {
        match &left.kind {
            Kind::Accent(mark, _) => is_typographic(mark),
            Kind::Superscript(base, _) => match &base.kind {
                Kind::Name(name) => !matches!(self.entries.get(name), None | Some(Entry::Symbol(_))),
                _ => true,
            },
            _ => true,
        }
    }

    fn is_about_a_function(&self, arguments: &[Tree]) -> bool {
        let function = |tree: &Tree| match &tree.kind {
            Kind::Name(name) => matches!(self.entries.get(name), Some(Entry::Function(_))),
            _ => false,
        };
        arguments.len() == 1 && function(&arguments[0])
    }
}

/// A mark that changes how a symbol looks and not what it is: `\vec v` is v.
pub(super) fn is_typographic(mark: &str) -> bool {
    matches!(mark, "vec" | "boldsymbol" | "bm" | "mathbf" | "overrightarrow")
}

/// The symbol of a name.
pub(super) fn symbol(store: &mut Store, name: &str, shape: Shape) -> Expr {
    store.symbol(Symbol { name: name.to_owned(), shape, integer: false })
}
