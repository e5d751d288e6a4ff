//! Every code a diagnostic can have, with every word a user reads about it: one row, one code.
//!
//! `Code::UnknownName { name: "sgima", suggestion: Some("sigma") }` has the stable name `unknown-name`, the
//! message "`sgima` is not declared" and the label "did you mean `sigma`?". To add a code, add a
//! row: the enum, the list of names and `referee explain` follow from it.

/// Builds [`Code`] from rows of the form
/// `/// doc` `Variant { field: Type, … } = "name", message: …, label: …, help: …, explanation: "…";`
/// The fields are in scope in message, label and help; label and help are `Option<String>`.
macro_rules! codes {
    ($(
        $(#[$doc:meta])*
        $variant:ident { $($field:ident: $type:ty),* } = $name:literal,
            message: $message:expr,
            label: $label:expr,
            help: $help:expr,
            explanation: $explanation:literal;
    )*) => {
        /// What a diagnostic says, as data; the sentences are made from it in one place.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Code {
            $(
                $(#[$doc])*
                $variant {
                    $(
                        #[doc = concat!("The ", stringify!($field), " named by the message.")]
                        $field: $type,
                    )*
                },
            )*
        }

        #[allow(unused_variables, reason = "not every sentence of a row names every field")]
        impl Code {
            /// The names of all codes, in the order of the table.
            pub const NAMES: &[&str] = &[$($name),*];

            /// The stable name, as in `error[unknown-name]` and `expect: unknown-name`.
            pub fn name(&self) -> &'static str {
                match self { $(Code::$variant { .. } => $name,)* }
            }

            /// One sentence: what is wrong.
            pub fn message(&self) -> String {
                match self { $(Code::$variant { $($field),* } => $message.to_string(),)* }
            }

            /// The words under the caret.
            pub fn label(&self) -> Option<String> {
                match self { $(Code::$variant { $($field),* } => $label,)* }
            }

            /// A line that can be followed, or pasted.
            pub fn help(&self) -> Option<String> {
                match self { $(Code::$variant { $($field),* } => $help,)* }
            }

            /// A few sentences about a code, by its name: what `referee explain` prints.
            pub fn explanation(name: &str) -> Option<&'static str> {
                match name { $($name => Some($explanation),)* _ => None }
            }
        }
    };
}

codes! {
    // ---- the text itself
    /// The text does not follow the grammar.
    Syntax { expected: String, found: String } = "syntax",
        message: format!("expected {expected}, found {}", short(found)),
        label: Some(format!("expected {expected}")),
        help: None,
        explanation: "The text does not follow the grammar at this place. `grammar/expression.ebnf` and \
            `grammar/derivation.ebnf` list every form with examples. Reading goes on behind the next comma, \
            bracket or line, so every other mistake is reported too.";
    /// Brackets, signs or powers are nested too deeply.
    TooDeep { limit: usize } = "too-deep",
        message: format!("this is nested more than {limit} levels deep"),
        label: Some("the innermost level that is read".into()),
        help: Some("name inner parts and use the names: `let a = …`".into()),
        explanation: "Nesting is bounded so that no text, however it was made, can exhaust the machine. \
            Long sums and products are flat and do not count as nested. Name the inner parts with `let`.";
    /// A bracket is never closed.
    UnclosedBracket { bracket: char } = "unclosed-bracket",
        message: format!("the bracket `{bracket}` is never closed"),
        label: Some("opened here".into()),
        help: Some(format!("close it with `{}`", partner(*bracket))),
        explanation: "An opening bracket or bar has no partner before the end of its formula. A formula goes \
            on over several lines while a bracket is open, up to the next line that starts with a keyword.";
    /// A closing bracket has no opening one.
    UnopenedBracket { bracket: char } = "unopened-bracket",
        message: format!("the bracket `{bracket}` closes nothing"),
        label: Some(format!("no `{}` is open here", partner(*bracket))),
        help: None,
        explanation: "A closing bracket stands where no bracket of its kind is open. Remove it, or open one \
            before it.";
    /// A product without its sign can be read in two ways.
    AmbiguousProduct { text: String, first: String, second: String } = "ambiguous-product",
        message: format!("{} can be read in two ways", quote(text)),
        label: Some(format!("{} or {}?", quote(first), quote(second))),
        help: Some(format!("write {} or {}", quote(first), quote(second))),
        explanation: "A number directly before a name or a bracket is a product: `2 mu`, `3(x + 1)`. After a \
            division or a power the same text has two readings (`1/2 x` may be `(1/2)*x` or `1/(2*x)`), and \
            nothing is guessed: write the sign or the brackets.";
    /// The rows of a matrix have different lengths.
    RaggedMatrix { expected: usize, found: usize } = "ragged-matrix",
        message: format!("this row has {}, the first has {}", entries(*found), entries(*expected)),
        label: Some(format!("expected {}", entries(*expected))),
        help: None,
        explanation: "A matrix is written by rows: commas between entries, semicolons between rows, as in \
            `[a, b; c, d]`. All rows have the same length. `[a, b]` is a column.";
    /// The file is not UTF-8.
    NotUtf8 { valid_up_to: usize } = "not-utf8",
        message: format!("the text is not valid UTF-8 after byte {valid_up_to}"),
        label: Some("the last readable line".into()),
        help: Some("save the file as UTF-8".into()),
        explanation: "Files are read as UTF-8 and nothing is replaced or guessed. Convert the file, for \
            example with `iconv -f latin1 -t utf-8`.";
    /// There is nothing to read.
    EmptyInput { what: String } = "empty-input",
        message: format!("expected {what}, found nothing"),
        label: None,
        help: None,
        explanation: "The input is empty, or holds nothing but blanks and comments.";
    /// The text, or a part of it, is too long to be read.
    TooLong { what: String, limit: String } = "too-long",
        message: format!("the {what} is longer than {limit}"),
        label: None,
        help: None,
        explanation: "Sizes of texts, numbers and results are bounded so that every answer comes in bounded \
            time and memory. The message names the limit.";
    /// A computation was given up.
    Budget { what: String, limit: String } = "budget",
        message: format!("{what} would exceed the limit of {limit}"),
        label: None,
        help: None,
        explanation: "Expansion, powers, sums over ranges and search have budgets counted in steps and bits, \
            the same on every machine. What exceeds one is left as it is and said to be open.";
    /// More errors were found than are shown.
    MoreErrors { count: usize } = "more-errors",
        message: format!("{count} more {} not shown", if *count == 1 { "error is" } else { "errors are" }),
        label: None,
        help: None,
        explanation: "After the first hundred errors of a text the rest are counted only.";
    /// A file does not exist or cannot be read.
    FileNotFound { path: String, reason: String } = "file-not-found",
        message: format!("cannot read {}: {reason}", quote(path)),
        label: None,
        help: None,
        explanation: "The path on the command line does not lead to a readable file. A family is named \
            without its ending (`gamma`), a file with it (`gamma.md`), and `-` is the standard input.";
    /// A file cannot be written.
    FileNotWritten { path: String, reason: String } = "file-not-written",
        message: format!("cannot write {}: {reason}", quote(path)),
        label: None,
        help: Some("name another file with `-o`, or `-o -` for standard output".into()),
        explanation: "The result could not be written to the file that was named, so nothing is pinned there.";
    /// Code, or a part of it, is not generated.
    NotGenerated { reason: String } = "not-generated",
        message: reason.clone(),
        label: None,
        help: None,
        explanation: "What has a closed form is written as code, and what has none is left out and named, in the file as \
            well: no Fisher information where the sample space depends on a parameter, no inverse where it is singular. \
            `--functions` chooses among the functions there are. A self-test holds values that enclosures settle, and a \
            function without any is named.";
    /// The command line cannot be understood.
    CommandLine { message: String } = "command-line",
        message: message.clone(),
        label: None,
        help: None,
        explanation: "The command line has a word that is not known where it stands, or lacks one that is needed. \
            `referee --help` and `referee COMMAND --help` list what there is.";

    // ---- names, calls, shapes
    /// A name that nothing declares.
    UnknownName { name: String, suggestion: Option<String> } = "unknown-name",
        message: format!("nothing is called {}", quote(name)),
        label: did_you_mean(suggestion),
        help: None,
        explanation: "Every name is a parameter, a constant, a variable of the sample space, a `let` \
            definition or one of `pi`, `e`, `EulerGamma`. Greek letters and their spelled names are one \
            symbol: `μ` is `mu`.";
    /// A function that is not in the table.
    UnknownFunction { name: String, suggestion: Option<String> } = "unknown-function",
        message: format!("no function is called {}", quote(name)),
        label: did_you_mean(suggestion),
        help: None,
        explanation: "A name directly before a bracket is a call, unless the name is declared as a value: \
            then it is a product. The functions are those of the table, such as `log`, `lgamma`, `digamma`.";
    /// A function with the wrong number of arguments.
    WrongArity { function: String, expected: String, found: usize } = "wrong-arity",
        message: format!("{} takes {expected}, found {found}", quote(function)),
        label: Some(format!("expected {expected}")),
        help: None,
        explanation: "The call has more or fewer arguments than the function takes. Arguments are separated \
            by commas.";
    /// Operands whose shapes do not fit.
    ShapeMismatch { operation: String, left: String, right: String } = "shape-mismatch",
        message: format!("{operation} does not fit: the left side is {left}, the right side is {right}"),
        label: Some(format!("{left} and {right}")),
        help: None,
        explanation: "Scalars, vectors and matrices are checked. `[a, b]` is a column and `x'` its transpose: \
            the inner product of two columns is `x'*y`, the outer one `x*y'`.";
    /// A vector or matrix where a number is needed.
    NotAScalar { subject: String, shape: String } = "not-a-scalar",
        message: format!("{subject} needs a scalar, found a {shape}"),
        label: Some(format!("a {shape}")),
        help: Some("take one entry, such as `v[1]`, or an inner product, such as `v'*v`".into()),
        explanation: "A density, a bound, a condition and the argument of a function are single numbers. Entries of a \
            vector are written `v[i]`, those of a matrix `m[i, j]`.";
    /// A variable stands where a function is called.
    NotAFunction { name: String } = "not-a-function",
        message: format!("{} is a variable, not a function", quote(name)),
        label: Some("called here".into()),
        help: Some(format!("write the product as `{name}*(…)`")),
        explanation: "A name directly followed by a bracket is a call. A declared variable is not a function; \
            a product of a variable and a bracket is written with its sign.";
    /// An expectation or divergence stands where no density is declared.
    NeedsDensity { } = "needs-density",
        message: "no density is declared here",
        label: Some("over which density?".into()),
        help: None,
        explanation: "`E[f]`, `KL(p, q)` and an integral without ends are about a density. They are read where a \
            family declares one.";
    // ---- mathematics of articles: what a compiler would say of it
    /// A notation has no meaning until something is declared.
    NeedsDeclaration { what: String } = "needs-declaration",
        message: format!("{what} has no meaning here without a declaration"),
        label: None,
        help: None,
        explanation: "The formula uses a notation whose meaning depends on what its names are. Declare them in a \
            `referee` fence before it: `density p(x | theta)`, `function L(theta)`, `vector d in R^n`, `small d`. \
            `referee check --suggest` prints the fence an article needs.";
    /// A text has two readings, and the declared names do not decide.
    TwoReadings { first: String, second: String } = "two-readings",
        message: format!("this can be read in two ways: {} or {}", quote(first), quote(second)),
        label: Some("which of the two?".into()),
        help: None,
        explanation: "Nothing is guessed. Write the bracket that settles it, or declare the names: whether `f(x+1)` is \
            a call or a product follows from what `f` is.";
    /// A command of LaTeX that is not known.
    UnknownCommand { name: String, suggestion: Option<String> } = "unknown-command",
        message: format!("the command {} is not known", quote(name)),
        label: suggestion.as_ref().map(|s| format!("did you mean {}?", quote(s))),
        help: Some(format!("if it is a macro of yours, define it in the file: `\\newcommand{{{name}}}{{…}}`")),
        explanation: "Every command of a formula must be known, because one that is skipped might change the meaning. \
            `grammar/latex.ebnf` lists what is read; macros defined in the file with `\\newcommand` are expanded.";
    /// LaTeX that is read nowhere, or not here.
    Latex { expected: String, found: String } = "latex",
        message: format!("expected {expected}, found {}", short(found)),
        label: Some(format!("expected {expected}")),
        help: None,
        explanation: "The formula does not follow the LaTeX subset of `grammar/latex.ebnf` at this place. The row is \
            unread; the rows around it are still checked.";
    /// A letter of another alphabet that looks like a Latin one.
    LookAlike { letter: String, name: String, like: String } = "look-alike",
        message: format!("{} is the {name}, not the Latin letter {}", quote(letter), quote(like)),
        label: Some(format!("{name}; looks like {}", quote(like))),
        help: Some(format!("if {} is meant, type it anew", quote(like))),
        explanation: "Some Greek and Cyrillic letters look exactly like Latin ones and are other names: `Α` is `Alpha`. \
            A formula that uses both has two names where a reader sees one.";
    /// Two columns side by side.
    MissingTranspose { left: String, right: String } = "missing-transpose",
        message: format!("{} times {} has no value: a transpose is missing", left, right),
        label: Some("transpose the first, or write `\\cdot` between them".into()),
        help: None,
        explanation: "Two columns side by side have no product. The inner product of u and v is written `u^T v` or \
            `u \\cdot v`; where gradients are rows by convention, declare `gradient row`.";
    /// An integral or derivative over a variable that is not the one it should be.
    WrongVariable { found: String, expected: String } = "wrong-variable",
        message: format!("the variable is {}, and should be {}", quote(found), quote(expected)),
        label: Some(format!("expected {}", quote(expected))),
        help: None,
        explanation: "The normalization of a density, its expectations and divergences are integrals over the sample \
            variable. An integral of a density over its parameter is another number, and no longer depends on the parameter.";
    /// A bound variable stands outside its binder.
    EscapingVariable { name: String } = "escaping-variable",
        message: format!("{} stands outside the integral or sum that binds it", quote(name)),
        label: None,
        help: None,
        explanation: "The variable of an integral, sum or expectation has no meaning outside of it.";
    /// A derivative whose parts do not fit.
    MalformedDerivative { found: String, expected: String } = "malformed-derivative",
        message: format!("{} is not how a derivative is written", quote(found)),
        label: Some(format!("expected {}", quote(expected))),
        help: Some(format!("write {}", quote(expected))),
        explanation: "A partial derivative has `\\partial` and the variable side by side below the bar, once for each \
            order: `\\frac{\\partial^2}{\\partial\\theta\\,\\partial\\theta^T}`.";
    /// A remainder o(g) where g does not tend to 0.
    RemainderNotSmall { of: String } = "remainder-not-small",
        message: format!("{} does not tend to 0, so a remainder of its order says nothing", quote(of)),
        label: Some("nothing declared makes this small".into()),
        help: None,
        explanation: "`o(g)` is small beside g when g tends to 0: `small d` declares d → 0. A remainder of a quantity that \
            stays fixed may be of any size.";
    /// A remainder of the left side that the right side does not have.
    LostRemainder {} = "lost-remainder",
        message: "the left side has a remainder for which the right side has no room",
        label: None,
        help: Some("write the remainder on the right as well: `a + o(g) = b + o(g)`".into()),
        explanation: "`a + o(g)` stands for any function that differs from a by less than every multiple of g. It is equal \
            to `b + o(g)` when a is; it is equal to `b`, or to `b` up to a smaller remainder, only when that one function is. \
            In `f = a + o(g) = b` the last step would make f equal to b.";
    /// A claim that holds only under a condition the text never states.
    UnstatedCondition { condition: String } = "unstated-condition",
        message: format!("this is proved only where {condition}, and that is stated nowhere"),
        label: None,
        help: None,
        explanation: "The step is right under a condition. State it, in the text and as a declaration: \
            `assume F nonsingular`, `assume lambda > 0`, `assume norm(v) = 1`.";
    /// The step holds, and the reasons named do not suffice for it.
    OtherReason { named: String } = "other-reason",
        message: format!("this holds, but not by {} alone", quote(named)),
        label: Some("other rules are needed".into()),
        help: None,
        explanation: "The text names reasons for a step. The step follows, but a proof needs rules that the reasons do not \
            name; the verdict lists them.";
    /// A side of a proportionality differs by more than a positive factor.
    LostFactor { factor: String } = "lost-factor",
        message: format!("the two sides differ by the factor {}", quote(factor)),
        label: Some("not one positive constant".into()),
        help: None,
        explanation: "`\\propto` allows one positive factor that does not depend on the variables named and is the same \
            for all components. A sign, or a factor that varies, is lost here.";
    /// A name means two things in one text.
    OverloadedName { name: String, first: String, second: String } = "overloaded-name",
        message: format!("{} is {first} and {second}", quote(name)),
        label: Some(format!("used as {second}")),
        help: None,
        explanation: "One name has two meanings in the same text. Both readings are kept apart by how the name is used, \
            and the reader should not have to do that: rename one of them.";
    /// A declaration that nothing uses.
    UnusedDeclaration { name: String } = "unused-declaration",
        message: format!("{} is declared and never used", quote(name)),
        label: None,
        help: None,
        explanation: "Nothing in the text uses what is declared. It may be a slip in a name, or a declaration that can go.";
    /// Two declarations that cannot both hold.
    ContradictoryDeclaration { name: String, before: String } = "contradictory-declaration",
        message: format!("{} is already declared as {before}", quote(name)),
        label: None,
        help: None,
        explanation: "A name is declared once. Two declarations that differ cannot both hold, and the first is kept.";
    /// A formula that a declaration quotes does not occur.
    NoSuchFormula { quote: String } = "no-such-formula",
        message: format!("no formula contains {}", short(quote)),
        label: None,
        help: None,
        explanation: "`at \"…\"` names a formula of the article by a piece of its source, blanks apart. The piece must \
            stand in a formula as it is written there.";
    /// ∞ stands where a number is needed.
    MisplacedInfinity { } = "misplaced-infinity",
        message: "infinity is not a number",
        label: Some("only an end of a range or of a domain".into()),
        help: None,
        explanation: "`inf` may stand at an end of a sum, an integral or a domain, and nowhere else.";
    /// A variable that no sample space or condition declares.
    UndeclaredVariable { name: String } = "undeclared-variable",
        message: format!("the variable {} is not declared", quote(name)),
        label: Some("not declared".into()),
        help: Some(format!("declare it on a line of its own: `{name} real` or `{name} > 0`")),
        explanation: "Every variable of a density has a line that says where it lives, such as `x > 0`, \
            `x real` or `x in 0..n`. Without it neither a sum nor an integral over it means anything.";
    /// One name declared twice.
    DuplicateName { name: String } = "duplicate-name",
        message: format!("{} is declared twice", quote(name)),
        label: Some("declared again here".into()),
        help: None,
        explanation: "A name means one thing. Parameters, constants, variables, coordinates and definitions \
            of one family have different names.";
    /// A name that cannot be declared.
    ReservedName { name: String } = "reserved-name",
        message: format!("{} has a fixed meaning and cannot be declared", quote(name)),
        label: Some("reserved".into()),
        help: Some(format!("choose another name, such as `{name}_1`")),
        explanation: "`pi`, `e`, `EulerGamma`, `inf` and the words of the notation (`diff`, `sum`, `integral`, \
            `E`, `KL` and so on) always mean the same.";
    /// Definitions that need each other.
    CyclicDefinition { names: Vec<String> } = "cyclic-definition",
        message: format!("the definitions need each other: {}", cycle(names)),
        label: Some("the circle closes here".into()),
        help: Some("define one of them without the others".into()),
        explanation: "Definitions may stand in any order, and one may use another. Here following them comes \
            back to where it started.";

    // ---- families
    /// A family lacks a part.
    MissingPart { family: String, part: String } = "missing-part",
        message: format!("the family {} has no {part}", quote(family)),
        label: None,
        help: None,
        explanation: "A family is its first line with the parameters and their domains, its sample space \
            (`x > 0`) and its density (`log p(x) = …` or `p(x) = …`).";
    /// A family that does not exist.
    UnknownFamily { name: String, suggestion: Option<String> } = "unknown-family",
        message: format!("no family is called {}", quote(name)),
        label: did_you_mean(suggestion),
        help: Some(match suggestion {
            Some(suggestion) => format!("did you mean {}? `referee families` lists all", quote(suggestion)),
            None => "`referee families` lists all; a file is named with its ending, `-` is the standard input".into(),
        }),
        explanation: "The name on the command line is neither an embedded family nor a file. \
            `referee families` lists the embedded ones.";
    /// Coordinates that the family does not name.
    UnknownCoordinates { name: String, suggestion: Option<String> } = "unknown-coordinates",
        message: format!("no coordinates are called {}", quote(name)),
        label: did_you_mean(suggestion),
        help: None,
        explanation: "Coordinates are `natural`, `mean`, or named in the family: \
            `coordinates logit(t real): p = 1/(1 + exp(-t))`.";
    /// A claim about a quantity that is not derived.
    UnknownQuantity { name: String, suggestion: Option<String> } = "unknown-quantity",
        message: format!("{} is not a quantity of a family", quote(name)),
        label: did_you_mean(suggestion),
        help: Some("the quantities are `fisher`, `fisher_inverse`, `score`, `kl`, `mean`, `log_partition` and \
            `log_density`".into()),
        explanation: "A claim in a family names one of the quantities derived from the density: `fisher`, \
            `fisher_inverse`, `score`, `kl`, `mean`, `log_partition` or `log_density`.";
    /// A line that starts with nothing known.
    UnknownLine { word: String, suggestion: Option<String> } = "unknown-line",
        message: format!("no line starts with {}", quote(word)),
        label: did_you_mean(suggestion),
        help: suggestion.is_none().then(|| "a line is `family …`, a sample space such as `x > 0`, `log p(x) = …`, \
            `coordinates …`, `let …`, `claim …`, `assume …` or a declaration such as `density p(x | theta)`".into()),
        explanation: "Each line of a family or fence starts with a keyword or is a sample space or a density. \
            A formula goes on in the next line when a bracket is open or an operator stands at the break.";
    /// A parameter value outside its domain.
    OutsideDomain { parameter: String, value: String, condition: String } = "outside-domain",
        message: format!("{} does not satisfy {}", quote(&format!("{parameter} = {value}")), quote(condition)),
        label: Some(format!("expected {}", quote(condition))),
        help: None,
        explanation: "The value given for a parameter lies outside the domain the family declares for it.";
    /// A parameter without a value.
    MissingValue { name: String } = "missing-value",
        message: format!("no value is given for {}", quote(name)),
        label: None,
        help: Some(format!("add `{name}=…`")),
        explanation: "A point gives every parameter and every known constant a value, such as \
            `--at \"mu=0, sigma=1\"`.";
    /// A value for something that is not a parameter.
    UnexpectedValue { name: String, suggestion: Option<String> } = "unexpected-value",
        message: format!("{} is not a parameter here", quote(name)),
        label: did_you_mean(suggestion),
        help: None,
        explanation: "A point gives values to the parameters of the coordinates asked for and to the known \
            constants, and to nothing else.";
    /// A density whose total is not one.
    NotNormalized { value: String, at: String } = "not-normalized",
        message: format!("the density integrates to {value} at {at}, not to 1"),
        label: Some("not a density".into()),
        help: None,
        explanation: "The integral or sum of the density over its sample space was enclosed at an exact point \
            and the enclosure does not contain 1. A factor is missing or wrong, or the sample space is.";
    /// The density has no value somewhere in the declared domain.
    UndefinedDensity { at: String } = "undefined-density",
        message: format!("the density is undefined at {at}, which the declared domain allows"),
        label: Some(format!("no value at {at}")),
        help: Some("declare the domain it needs, such as `sigma > 0` in place of `sigma real`".into()),
        explanation: "At an exact point of the declared parameters the log-density has no value at any observation \
            that was tried: a logarithm of a negative number, say. The domain of the parameters is too large.";
    /// The inverse of a singular Fisher information.
    SingularFisher { rank: usize, size: usize } = "singular-fisher",
        message: format!("the Fisher information is singular: rank {rank} of {size}"),
        label: None,
        help: Some("remove redundant parameters, or use coordinates in which the family is minimal".into()),
        explanation: "The family has more parameters than directions in which its distributions change, so \
            the Fisher information has no inverse and the natural gradient is not unique.";
    /// A derivation that is refused.
    Refused { reason: String } = "refused",
        message: format!("refused: {reason}"),
        label: None,
        help: None,
        explanation: "What was asked for does not exist, or the theorem that would give it does not hold \
            here; a support that depends on a parameter is the usual case.";
}

fn did_you_mean(suggestion: &Option<String>) -> Option<String> {
    Some(suggestion.as_ref().map_or("not known".into(), |name| format!("did you mean {}?", quote(name))))
}

fn entries(count: usize) -> String {
    format!("{count} {}", if count == 1 { "entry" } else { "entries" })
}

fn cycle(names: &[String]) -> String {
    let around = names.iter().chain(names.first());
    around.map(|name| quote(name)).collect::<Vec<_>>().join(" → ")
}

fn partner(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        ')' => '(',
        ']' => '[',
        '}' => '{',
        other => other,
    }
}

/// The text in backticks, cut when it is long.
fn quote(text: &str) -> String {
    format!("`{}`", short(text))
}

/// The text, cut after forty characters.
fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) if text[at..].chars().nth(1).is_some() => format!("{}…", &text[..at]),
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_every_one_is_explained() {
        for (at, name) in Code::NAMES.iter().enumerate() {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'8'), "{name}");
            assert!(!Code::NAMES[..at].contains(name), "{name} twice");
            assert!(Code::explanation(name).is_some_and(|text| text.len() > 40), "{name}");
        }
        assert_eq!(Code::explanation("no-such-code"), None);
    }

    #[test]
    fn messages_quote_names_and_cut_long_ones() {
        let code = Code::UnknownName { name: "sgima".into(), suggestion: Some("sigma".into()) };
        assert_eq!(code.name(), "unknown-name");
        assert_eq!(code.message(), "nothing is called `sgima`");
        assert_eq!(code.label().as_deref(), Some("did you mean `sigma`?"));
        let long = Code::UnknownName { name: "x".repeat(1 << 20), suggestion: None };
        assert!(long.message().len() < 80);
    }

    #[test]
    fn a_cycle_returns_to_its_first_name() {
        let code = Code::CyclicDefinition { names: vec!["a".into(), "b".into()] };
        assert_eq!(code.message(), "the definitions need each other: `a` → `b` → `a`");
    }
}
