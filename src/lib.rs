//! Referee checks the mathematics of an article the way a compiler checks code.
//!
//! It reads Markdown with LaTeX and gives every step of a derivation a verdict that says how it is known: proved,
//! supported, refuted, open or unread. From the text of a density it derives score, Fisher information, KL divergence
//! and natural gradient in closed form.
//!
//! Text enters on the left, reports leave on the right, and no arrow points back; `tests/suite/layers.rs` holds the
//! sources to it.
//!
//! ```text
//!  Markdown, LaTeX ─→ syntax::Tree ─→ Expr ─────→ tape::Tape ─→ f64, Complex64, Ball
//!                          ↑            │              │
//!                       grammar/        ├─→ print      ├─→ numeric, integrate
//!                                       ↓              ↓
//!                   calculus ─→ algebra ─→ stats ─→ verify ────────────────┐
//!                                            ↑                             ↓
//!                                     deck ← derivations/               article ─→ report ─→ cli
//!                                                                          ↑
//!   syntax::Tree ─→ meaning ─→ claim::Claim ─→ search ─→ proof (kernel) ───┤
//!                                          └─→ instance ───────────────────┘
//!
//!   stats ─→ stable ─→ tape::Tape ─→ bundle ─→ emit ─→ program::Body ─→ Rust, C, Python, JavaScript ─→ cli
//!                                                             ↑
//!                                            function::helper: digamma, log I, …
//! ```
//!
//! A claim about an abstract density or function is attacked from both sides: [`search`] looks for a certificate that the
//! kernel, [`proof`], checks without trusting it, and [`instance`] puts concrete families in its place. The three meet in
//! [`claim`] and share no rule.
//!
//! Code is generated along the last line: [`stable`] rewrites what was derived into forms that keep their digits in floats,
//! [`bundle`] puts their tapes together with domains and reference values, and [`emit`] prints them in every language. The
//! special functions that a language lacks are written once, in the language of [`program`].
//!
//! Three meeting points carry the design. In a [`syntax::Tree`] nobody knows any more how a formula was typed. In an
//! [`expr::Expr`], a handle into an [`expr::Store`], everything symbolic meets, and equal handles are equal expressions.
//! On a [`tape::Tape`] everything numeric meets, and one program is evaluated in every kind of number. Beside them
//! stands one table, [`function`]: a name, its domain, derivative and evaluators in one row.
//!
//! # An example
//!
//! The Fisher information of the gamma family, from nothing but its density:
//!
//! ```
//! use referee::{deck, expr::Store, print, stats, syntax};
//!
//! let text = "family gamma(alpha > 0, beta > 0)
//! x > 0
//! log p(x) = alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x";
//!
//! let document = syntax::read_document(text);
//! let mut diagnostics = document.diagnostics.clone();
//! let mut store = Store::new();
//! let texts: Vec<_> = document.families().collect();
//! let families = deck::families(&mut store, &texts, text, &mut diagnostics);
//! assert!(diagnostics.is_empty());
//!
//! let derivation = stats::derive(&mut store, &families[0]);
//! let fisher = derivation.fisher.expect("the gamma family is regular");
//! assert_eq!(print::matrix_text(&store, &fisher), "[trigamma(alpha), -1/beta; -1/beta, alpha/beta^2]");
//! ```
#![warn(missing_docs)]

// Places in text and what is said about them.
pub mod text;

// Rationals, floats, complex numbers and balls.
pub mod number;

// Text in the plain notation to spanned trees.
pub mod syntax;

// A small language of floats: what helpers are written in, and tapes are lowered to.
pub mod program;

// The table: one row, one function.
pub mod function;

// Interned expressions: equal handles are equal expressions.
pub mod expr;

// Expressions back to text.
pub mod print;

// What one step of a derivation claims, and under which declarations.
pub mod claim;

// Certificates of abstract calculus to theorems.
pub mod proof;

// Claims to certificates.
pub mod search;

// Abstract claims to counterexamples by concrete families and functions.
pub mod instance;

// Expressions to flat programs for every kind of number.
pub mod tape;

// Derivatives and Taylor series.
pub mod calculus;

// Normal forms, rules, assumptions: when two expressions are equal.
pub mod algebra;

// A density to its exponential form, Fisher information and divergence.
pub mod stats;

// The families embedded from `derivations/families/`, and those users type.
pub mod deck;

// Quadrature and summation, the witness beside the closed forms.
pub mod integrate;

// Small matrices, roots, descent, in floats.
pub mod numeric;

// Claims to verdicts, derivations to evidence.
pub mod verify;

// Trees and declared names to claims.
pub mod meaning;

// Files to items with verdicts.
pub mod article;

// Expressions to forms that keep their digits in floats.
pub mod stable;

// Tapes to source code.
pub mod emit;

// Derivations to what is generated from them.
pub mod bundle;

// Results to text and JSON.
pub mod report;

// The commands: the only place that reads files and prints.
pub mod cli;
