//! The declared world of the corpus, and a small reader of its plain notation, for tests alone.
//!
//! `E[grad(log(p(x,theta)))]` becomes E under p at θ of the gradient of `t ↦ log p(x, t)` at θ: the sample variable is
//! always `x`, a gradient without a name is by θ, and `at(e, name, value)` puts a value for a name.

use rustc_hash::FxHashMap;

use crate::claim::{
    AbstractFunction, Assumption, Claim, Context, Density, Inequality, Limit, Problem, Property,
};
use crate::expr::{DerivativeKind, Dimension, Expr, Images, Node, Shape, Store, Symbol, SymbolId};
use crate::number::Rational;
use crate::syntax::{Kind, Relation, Side, Sign, Tree, parse_chain, parse_expression};

/// A store, the meaning of names, and what is declared.
pub struct World {
    pub store: Store,
    pub context: Context,
    names: FxHashMap<String, Expr>,
    heads: FxHashMap<String, SymbolId>,
}

impl World {
    /// The same names with n = 1: θ, d and φ are scalars.
    pub fn scalar() -> World {
        World::of(Dimension::Fixed(1))
    }

    /// θ, d, φ, u, v, c ∈ ℝⁿ, matrices, positive scalars, a regular p, smooth L, g, A, and data functions of x.
    pub fn new() -> World {
        let mut world = World::empty();
        let n = world.dimension("n");
        world.declared(n)
    }

    fn of(n: Dimension) -> World {
        World::empty().declared(n)
    }

    fn empty() -> World {
        World {
            store: Store::new(),
            context: Context::default(),
            names: FxHashMap::default(),
            heads: FxHashMap::default(),
        }
    }

    fn declared(self, n: Dimension) -> World {
        let mut world = self;
        let vector = Shape::vector(n);
        let square = Shape::matrix(n, n);
        for name in ["theta", "d", "phi", "u", "v", "c", "w"] {
            world.symbol(name, vector);
        }
        for name in ["A", "B", "S", "Q", "J", "G"] {
            world.symbol(name, square);
        }
        for name in ["x", "a", "b", "lambda", "epsilon", "eta", "mu", "tau"] {
            world.symbol(name, Shape::SCALAR);
        }
        for (name, shape) in [
            ("p", Shape::SCALAR),
            ("q", Shape::SCALAR),
            ("r", Shape::SCALAR),
            ("L", Shape::SCALAR),
            ("Psi", Shape::SCALAR),
        ] {
            world.head(name, shape);
        }
        for (name, shape) in [("f", Shape::SCALAR), ("g", Shape::SCALAR), ("h", Shape::SCALAR), ("T", vector)]
        {
            world.head(name, shape);
        }
        let (x, theta) = (world.names["x"], world.names["theta"]);
        let head = |world: &World, name: &str| world.heads[name];
        let density = |symbol, parameter| Density { symbol, parameter, regularity: 3 };
        world.context.densities = vec![
            density(head(&world, "p"), Some(theta)),
            density(head(&world, "q"), None),
            density(head(&world, "r"), None),
        ];
        for (name, argument) in [("L", theta), ("Psi", theta), ("f", x), ("g", x), ("h", x), ("T", x)] {
            let symbol = head(&world, name);
            let arguments = vec![argument];
            world.context.functions.push(AbstractFunction { symbol, arguments, smoothness: 3 });
        }
        let fisher = world.store.fisher(world.heads["p"], theta);
        world.names.insert("F".to_owned(), fisher);
        for name in ["lambda", "epsilon", "eta", "mu", "tau"] {
            let e = world.names[name];
            world.context.assumptions.push(Assumption::Positive(e));
        }
        for (name, property) in [
            ("S", Property::Symmetric),
            ("Q", Property::PositiveDefinite),
            ("J", Property::Nonsingular),
            ("B", Property::Nonsingular),
            ("F", Property::Nonsingular),
        ] {
            let e = world.names[name];
            world.context.assumptions.push(Assumption::Property(e, property));
        }
        world
    }

    fn dimension(&mut self, name: &str) -> Dimension {
        let symbol = Symbol { name: name.to_owned(), shape: Shape::SCALAR, integer: true };
        Dimension::Named(self.store.symbol_id(symbol))
    }

    fn symbol(&mut self, name: &str, shape: Shape) {
        let e = self.store.symbol(Symbol { name: name.to_owned(), shape, integer: false });
        self.names.insert(name.to_owned(), e);
    }

    fn head(&mut self, name: &str, shape: Shape) {
        let id = self.store.symbol_id(Symbol { name: name.to_owned(), shape, integer: false });
        self.heads.insert(name.to_owned(), id);
    }

    /// The expression of a text.
    #[track_caller]
    pub fn read(&mut self, text: &str) -> Expr {
        let (tree, diagnostics) = parse_expression(text, 0);
        self.lower(&tree.unwrap_or_else(|| panic!("{text}: {diagnostics:?}")))
    }

    /// Declares an equation or an inequality `a >= 0`, `a > 0`, `a != 0`.
    #[track_caller]
    pub fn assume(&mut self, text: &str) {
        let (tree, diagnostics) = parse_chain(text, 0);
        let chain = tree.unwrap_or_else(|| panic!("{text}: {diagnostics:?}"));
        let left = self.lower(&chain.first);
        let right = self.lower(&chain.rest[0].1);
        let difference = if right == Store::ZERO { left } else { self.store.sub(left, right) };
        self.context.assumptions.push(match chain.rest[0].0 {
            Relation::Equal => Assumption::Equal(left, right),
            Relation::GreaterOrEqual => Assumption::NonNegative(difference),
            Relation::LessOrEqual => Assumption::NonNegative(self.store.neg(difference)),
            Relation::Greater => Assumption::Positive(difference),
            Relation::NotEqual => Assumption::NonZero(difference),
            other => panic!("{other:?} is not assumed"),
        });
    }

    /// The claim of a text; see the corpus for its forms.
    #[track_caller]
    pub fn claim(&mut self, text: &str) -> Claim {
        if let Some(rest) = text.strip_prefix("minimizer ") {
            let (point, problem) = rest.split_once(" of ").expect("a problem");
            let problem = self.problem(problem);
            return Claim::Minimizer { point: self.read(point), problem };
        }
        if let Some(rest) = text.strip_prefix("stationary ") {
            let (sides, problem) = rest.split_once(" of ").expect("a problem");
            let (left, right) = self.sides(sides);
            let problem = self.problem(problem);
            return Claim::Stationary { problem, left, right };
        }
        if let Some(rest) = text.strip_prefix("limit ") {
            let (point, problem) = rest.split_once(" of ").expect("a problem");
            let problem = self.problem(problem);
            let (scale, limit) = (self.read("1/epsilon"), self.limit("epsilon"));
            return Claim::MinimizerLimit { point: self.read(point), scale, problem, limit };
        }
        if let Some(rest) = text.strip_prefix("same ") {
            let (problems, limit) = rest.split_once(" in ").expect("a limit");
            let (objectives, variable) = problems.split_once(" over ").expect("a variable");
            let (first, second) = objectives.split_once(" and ").expect("two objectives");
            let (first, second) = (format!("{first} over {variable}"), format!("{second} over {variable}"));
            let (first, second) = (self.problem(&first), self.problem(&second));
            return Claim::SameMinimizer { first, second, limit: self.limit(limit) };
        }
        if let Some((given, claim)) = text.split_once(" => ") {
            let given = given.split(" and ").map(|sides| self.sides(sides)).collect();
            let (left, right) = self.sides(claim);
            return Claim::Conclusion { given, left, right };
        }
        if let Some((claim, order)) = text.split_once(" order ") {
            let (power, small) = order.split_once(" in ").expect("what is small");
            let (left, right) = self.sides(claim);
            let order = Rational::from(power.parse::<i64>().expect("an order"));
            return Claim::Order { left, right, limit: self.limit(small), order, big: false };
        }
        if let Some((of, word)) = text.split_once(" is ") {
            let property = match word {
                "symmetric" => Property::Symmetric,
                "semidefinite" => Property::PositiveSemidefinite,
                "definite" => Property::PositiveDefinite,
                _ => Property::Nonsingular,
            };
            return Claim::Property { of: self.read(of), property };
        }
        let (chain, diagnostics) = parse_chain(text, 0);
        let chain = chain.unwrap_or_else(|| panic!("{text}: {diagnostics:?}"));
        let (left, right) = (self.lower(&chain.first), self.lower(&chain.rest[0].1));
        let compare = |relation| Claim::Compare { left, relation, right };
        match chain.rest[0].0 {
            Relation::GreaterOrEqual => compare(Inequality::GreaterOrEqual),
            Relation::LessOrEqual => compare(Inequality::LessOrEqual),
            Relation::Greater => compare(Inequality::Greater),
            Relation::Less => compare(Inequality::Less),
            Relation::Proportional => Claim::Proportional { left, right, varying: Vec::new() },
            _ => Claim::Equal { left, right },
        }
    }

    fn sides(&mut self, text: &str) -> (Expr, Expr) {
        let (chain, diagnostics) = parse_chain(text, 0);
        let chain = chain.unwrap_or_else(|| panic!("{text}: {diagnostics:?}"));
        (self.lower(&chain.first), self.lower(&chain.rest[0].1))
    }

    /// `objective over v where constraint`, the constraint at most 0.
    fn problem(&mut self, text: &str) -> Problem {
        let (objective, rest) = text.split_once(" over ").expect("a variable");
        let (variable, constraint) = rest.split_once(" where ").map_or((rest, None), |(v, c)| (v, Some(c)));
        let constraints =
            constraint.into_iter().flat_map(|list| list.split(", ")).map(|c| self.read(c)).collect();
        Problem { variable: self.read(variable), objective: self.read(objective), constraints }
    }

    /// `d`, or `d 1, lambda -1, epsilon 2`.
    fn limit(&mut self, text: &str) -> Limit {
        let symbols = text.split(", ").map(|part| {
            let (name, weight) = part.split_once(' ').unwrap_or((part, "1"));
            (self.names[name], Rational::from(weight.parse::<i64>().expect("a weight")))
        });
        Limit { symbols: symbols.collect() }
    }

    fn lower(&mut self, tree: &Tree) -> Expr {
        match &tree.kind {
            Kind::Number(q) => self.store.number(q.clone()),
            Kind::Name(name) => *self.names.get(name).unwrap_or_else(|| panic!("no name {name}")),
            Kind::Negate(a) => {
                let a = self.lower(a);
                self.store.neg(a)
            }
            Kind::Sum(terms) => {
                let signed: Vec<_> = terms.iter().map(|(sign, term)| (*sign, self.lower(term))).collect();
                let coefficient = |sign| if sign == Sign::Plus { Rational::ONE } else { Rational::MINUS_ONE };
                self.store.linear(signed.into_iter().map(|(sign, e)| (coefficient(sign), e)))
            }
            Kind::Product(factors) => {
                let lowered: Vec<Expr> =
                    factors.iter().map(|(side, factor)| self.factor(*side, factor)).collect();
                self.store.chain(lowered)
            }
            Kind::Power(base, exponent) => {
                let (base, exponent) = (self.lower(base), self.lower(exponent));
                if self.store.shape(base).is_scalar() {
                    self.store.pow(base, exponent)
                } else {
                    self.store.inverse(base)
                }
            }
            Kind::Transpose(a) => {
                let a = self.lower(a);
                self.store.transpose(a)
            }
            Kind::Gradient { body, by } => self.derivative(DerivativeKind::Gradient, body, by.as_deref()),
            Kind::Hessian { body, by } => self.derivative(DerivativeKind::Hessian, body, by.as_deref()),
            Kind::Range { body, .. } => {
                let body = self.sample_body(body);
                // Over the sample space of the density that stands inside, p where it is among several.
                let inside = |name: &&str| {
                    let head = self.heads[*name];
                    self.store
                        .post_order(&[body])
                        .iter()
                        .any(|e| matches!(self.store[*e], Node::Apply(h, _) if h == head))
                };
                let name = ["p", "q", "r"].into_iter().find(inside).unwrap_or("p");
                self.store.sample_integral(self.heads[name], body)
            }
            Kind::Expectation { body, density } => {
                let body = self.sample_body(body);
                let (head, at) = match density {
                    Some(tree) => self.measure(tree),
                    None => (self.heads["p"], self.names["theta"]),
                };
                self.store.expectation(head, at, body)
            }
            Kind::Divergence(p, q) => {
                let (p, q) = (self.measure(p), self.measure(q));
                self.store.divergence(p, q)
            }
            Kind::Call { name, arguments, .. } => self.call(name, arguments),
            Kind::Norm(v, None) => self.call("norm", std::slice::from_ref(v)),
            other => panic!("the corpus has no {other:?}"),
        }
    }

    fn factor(&mut self, side: Side, tree: &Tree) -> Expr {
        let e = self.lower(tree);
        if side == Side::Under { self.store.powi(e, -1) } else { e }
    }

    fn sample_body(&mut self, body: &Tree) -> Expr {
        let body = self.lower(body);
        self.store.abstract_over(body, self.names["x"], false)
    }

    /// The head and parameter of `p(theta + d)`, or of `q`.
    fn measure(&mut self, tree: &Tree) -> (SymbolId, Expr) {
        match &tree.kind {
            Kind::Call { name, arguments, .. } => (self.heads[name], self.lower(&arguments[0])),
            Kind::Name(name) => (self.heads[name], Store::ZERO),
            other => panic!("{other:?} is no density"),
        }
    }

    fn derivative(&mut self, kind: DerivativeKind, body: &Tree, by: Option<&Tree>) -> Expr {
        let variable = by.map_or(self.names["theta"], |by| self.lower(by));
        let body = self.lower(body);
        let body = self.store.abstract_over(body, variable, false);
        self.store.derivative(kind, body, variable)
    }

    fn call(&mut self, name: &str, trees: &[Tree]) -> Expr {
        let arguments: Vec<Expr> = trees.iter().map(|tree| self.lower(tree)).collect();
        match (name, arguments.as_slice()) {
            ("at", [e, name, value]) => {
                let images: Images = [(*name, *value)].into_iter().collect();
                self.store.substitute(*e, &images)
            }
            ("norm", [v]) => {
                let transposed = self.store.transpose(*v);
                let square = self.store.chain([transposed, *v]);
                self.store.call_named("sqrt", [square])
            }
            ("Fisher", [at]) => self.store.fisher(self.heads["p"], *at),
            _ if self.heads.contains_key(name) => self.store.apply(self.heads[name], arguments),
            _ => self.store.call_named(name, arguments),
        }
    }
}
