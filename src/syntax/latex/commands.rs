//! What each command of LaTeX means: `\theta` is a name, `\log` a function, `\leqslant` a relation, `\Big` a size.
//!
//! One row for each command. A command without a row is refused where it stands, because one that is skipped
//! might change the meaning.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::super::{Binder, Extremum, Relation};

/// Shapes of delimiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// `{`, which groups and is not printed.
    Brace,
    /// `(`
    Round,
    /// `[`
    Square,
    /// `\{`
    Curly,
    /// `\langle`
    Angle,
    /// `\lvert`, `\left|`
    Bar,
    /// `\lVert`, `\left\|`
    Norm,
    /// `\lfloor`
    Floor,
    /// `\lceil`
    Ceiling,
    /// `\left.`
    Null,
    /// `\begin{…}`
    Environment,
}

/// What `\left` and its relatives say of the delimiter after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Size {
    /// `\left`
    Left,
    /// `\right`
    Right,
    /// `\bigl`
    Opening,
    /// `\bigr`
    Closing,
    /// `\big`, `\bigm`: as the delimiter alone.
    Neutral,
    /// `\middle`: a separator.
    Middle,
}

/// What a command means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The canonical name.
    Name(&'static str),
    /// A function that may stand without a bracket, `\log x`.
    Function(&'static str),
    Relation(Relation),
    /// `\cdot`
    Dot,
    /// `\times`
    Times,
    /// `\div`
    Divide,
    /// `\circ`, `\pm`, `\cup`: an operator that has no reading here.
    Unsupported,
    /// `\sum`, `\prod`, `\int`
    Binder(Binder),
    /// `\iint`, `\iiint`
    Integrals(u8),
    Limit,
    Extremum(Extremum),
    /// `\arg`, before `\min` or `\max`.
    Arg,
    Nabla,
    Partial,
    Fraction,
    Binomial,
    Root,
    /// Typography on a name: `\mathbf`, `\vec`.
    Font,
    /// A word: `\mathrm`, `\operatorname`.
    Word,
    /// Words between formulas, or a name: `\text`.
    Text,
    /// The suffix of the name.
    Accent(&'static str),
    /// `\underbrace`, `\overbrace`
    Underbrace,
    /// `\overset`, `\stackrel`, `\underset`; true when the first argument stands above.
    Stack(bool),
    /// `\xrightarrow{…}`
    LongArrow,
    /// `\textcolor{c}{…}`
    TextColor,
    /// `\color{c}`
    Color,
    /// `\boxed{…}`: looked through.
    Look,
    /// `\phantom{…}`: nothing, with its argument.
    Phantom,
    /// Thin blanks and styles: nothing.
    Blank,
    /// `\quad`: a blank that may part a formula from a remark.
    Quad,
    Open(Shape),
    Close(Shape),
    Size(Size),
    /// `\vert`
    Bar,
    /// `\|`, `\Vert`
    DoubleBar,
    /// `\mid`
    Mid,
    Tag,
    Label,
    /// `\eqref`, `\ref`
    Reference,
    /// `\intertext`
    Intertext,
    Dots,
    Infinity,
    /// `\top`, `\intercal`
    Top,
    /// `\ast`, `\star`, `\dagger`: a mark above a name.
    Mark(&'static str),
    Prime,
    Not,
    Forall,
    Begin,
    End,
    /// `\newcommand` and relatives, collected before.
    Definition,
    Substack,
}

use Meaning::*;

#[rustfmt::skip]
static ROWS: &[(Meaning, &str)] = &[
    (Name("ell"), "ell"), (Name("hbar"), "hbar"), (Name("aleph"), "aleph"), (Name("i"), "imath"), (Name("j"), "jmath"),
    (Name("emptyset"), "emptyset varnothing"), (Name("Re"), "Re"), (Name("Im"), "Im"),
    (Name("Reals"), "R Reals reals"), (Name("Naturals"), "N natnums"), (Name("Integers"), "Z"),
    (Name("alpha"), "alpha"), (Name("beta"), "beta"), (Name("gamma"), "gamma"), (Name("delta"), "delta"),
    (Name("epsilon"), "epsilon varepsilon"), (Name("zeta"), "zeta"), (Name("eta"), "eta"), (Name("theta"), "theta vartheta"),
    (Name("iota"), "iota"), (Name("kappa"), "kappa varkappa"), (Name("lambda"), "lambda"), (Name("mu"), "mu"), (Name("nu"), "nu"),
    (Name("xi"), "xi"), (Name("omicron"), "omicron"), (Name("pi"), "pi varpi"), (Name("rho"), "rho varrho"),
    (Name("sigma"), "sigma varsigma"), (Name("tau"), "tau"), (Name("upsilon"), "upsilon"), (Name("phi"), "phi varphi"),
    (Name("chi"), "chi"), (Name("psi"), "psi"), (Name("omega"), "omega"),
    (Name("Alpha"), "Alpha"), (Name("Beta"), "Beta"), (Name("Gamma"), "Gamma varGamma"), (Name("Delta"), "Delta varDelta"),
    (Name("Epsilon"), "Epsilon"), (Name("Zeta"), "Zeta"), (Name("Eta"), "Eta"), (Name("Theta"), "Theta varTheta"),
    (Name("Iota"), "Iota"), (Name("Kappa"), "Kappa"), (Name("Lambda"), "Lambda varLambda"), (Name("Mu"), "Mu"), (Name("Nu"), "Nu"),
    (Name("Xi"), "Xi varXi"), (Name("Omicron"), "Omicron"), (Name("Pi"), "Pi varPi"), (Name("Rho"), "Rho"),
    (Name("Sigma"), "Sigma varSigma"), (Name("Tau"), "Tau"), (Name("Upsilon"), "Upsilon varUpsilon"), (Name("Phi"), "Phi varPhi"),
    (Name("Chi"), "Chi"), (Name("Psi"), "Psi varPsi"), (Name("Omega"), "Omega varOmega"),

    (Function("log"), "log ln"), (Function("log10"), "lg"), (Function("exp"), "exp"), (Function("sin"), "sin"), (Function("cos"), "cos"),
    (Function("tan"), "tan"), (Function("cot"), "cot"), (Function("sec"), "sec"), (Function("csc"), "csc"),
    (Function("asin"), "arcsin"), (Function("acos"), "arccos"), (Function("atan"), "arctan"),
    (Function("sinh"), "sinh"), (Function("cosh"), "cosh"), (Function("tanh"), "tanh"), (Function("coth"), "coth"),
    (Function("det"), "det"), (Function("dim"), "dim"), (Function("ker"), "ker"), (Function("deg"), "deg"),
    (Function("gcd"), "gcd"), (Function("Pr"), "Pr"),

    (Relation(Relation::NotEqual), "ne neq"), (Relation(Relation::Less), "lt"), (Relation(Relation::Greater), "gt"),
    (Relation(Relation::LessOrEqual), "le leq leqslant leqq"), (Relation(Relation::GreaterOrEqual), "ge geq geqslant geqq"),
    (Relation(Relation::Approximately), "approx simeq approxeq"), (Relation(Relation::Proportional), "propto varpropto"),
    (Relation(Relation::Defined), "equiv triangleq coloneqq coloneq doteq defeq"),
    (Relation(Relation::Similar), "sim thicksim"), (Relation(Relation::Element), "in"),
    (Relation(Relation::Tends), "to rightarrow longrightarrow"),
    (Relation(Relation::Implies), "implies Rightarrow Longrightarrow"),
    (Relation(Relation::Equivalent), "iff Leftrightarrow Longleftrightarrow"),
    (Relation(Relation::Succeeds), "succ"), (Relation(Relation::SucceedsOrEqual), "succeq succcurlyeq"),

    (Dot, "cdot bullet"), (Times, "times"), (Divide, "div"),
    (Unsupported, "pm mp circ otimes oplus odot wedge vee cup cap setminus ll gg subset subseteq supset supseteq notin ni \
        mapsto leftarrow gets uparrow downarrow updownarrow hookrightarrow leftrightarrow rightharpoonup cong asymp perp \
        models vdash prec preceq exists nexists neg lnot land lor therefore because bigcup bigcap bigsqcup \
        coprod oint limsup liminf Box square blacksquare qed diamond triangle angle sqcup sqcap amalg ltimes rtimes \
        lesssim gtrsim bmod pmod mod nmid nparallel between bowtie smile frown wr Vdash colon over atop choose"),
    (Binder(Binder::Sum), "sum"), (Binder(Binder::Product), "prod"), (Binder(Binder::Integral), "int intop smallint"),
    (Integrals(2), "iint"), (Integrals(3), "iiint"),
    (Limit, "lim"), (Arg, "arg"),
    (Extremum(Extremum::Min), "min"), (Extremum(Extremum::Max), "max"), (Extremum(Extremum::Inf), "inf"),
    (Extremum(Extremum::Sup), "sup"), (Extremum(Extremum::ArgMin), "argmin"), (Extremum(Extremum::ArgMax), "argmax"),
    (Nabla, "nabla grad"), (Partial, "partial"),
    (Fraction, "frac dfrac tfrac cfrac"), (Binomial, "binom dbinom tbinom"), (Root, "sqrt"),
    (Font, "mathbf boldsymbol bm pmb bf bold mathbb mathcal mathfrak mathscr vec overrightarrow mathit mathnormal cal Bbb"),
    (Word, "mathrm operatorname rm mathsf mathtt mathup sf tt"),
    (Text, "text textrm textbf textit textsf texttt textnormal textup textsc mbox hbox emph"),
    (Accent("hat"), "hat widehat"), (Accent("bar"), "bar overline"), (Accent("tilde"), "tilde widetilde"),
    (Accent("dot"), "dot"), (Accent("ddot"), "ddot"), (Accent("check"), "check widecheck"), (Accent("breve"), "breve"),
    (Accent("ring"), "mathring"), (Accent("acute"), "acute"), (Accent("grave"), "grave"), (Accent("underline"), "underline"),
    (Underbrace, "underbrace overbrace"),
    (Stack(true), "overset stackrel"), (Stack(false), "underset"), (LongArrow, "xrightarrow"),
    (TextColor, "textcolor"), (Color, "color"),
    (Look, "boxed fbox mathop mathrel mathbin mathord mathopen mathclose mathpunct mathinner ensuremath cancel bcancel xcancel \
        smash"),
    (Phantom, "phantom hphantom vphantom hspace vspace mspace raisebox rule"),
    (Blank, ", : ; ! > thinspace medspace thickspace negthinspace negmedspace negthickspace displaystyle textstyle scriptstyle \
        scriptscriptstyle limits nolimits notag nonumber allowdisplaybreaks relax mathstrut strut hfill hfil hline \
        centering noindent nobreak allowbreak small large footnotesize scriptsize normalsize break newline protect toprule \
        midrule bottomrule /"),
    (Quad, "quad qquad enspace enskip"),
    (Open(Shape::Curly), "{ lbrace"), (Close(Shape::Curly), "} rbrace"),
    (Open(Shape::Angle), "langle lang"), (Close(Shape::Angle), "rangle rang"),
    (Open(Shape::Bar), "lvert"), (Close(Shape::Bar), "rvert"), (Open(Shape::Norm), "lVert"), (Close(Shape::Norm), "rVert"),
    (Open(Shape::Floor), "lfloor"), (Close(Shape::Floor), "rfloor"),
    (Open(Shape::Ceiling), "lceil"), (Close(Shape::Ceiling), "rceil"),
    (Open(Shape::Round), "lparen"), (Close(Shape::Round), "rparen"),
    (Open(Shape::Square), "lbrack"), (Close(Shape::Square), "rbrack"),
    (Size(Size::Left), "left"), (Size(Size::Right), "right"), (Size(Size::Middle), "middle"),
    (Size(Size::Opening), "bigl Bigl biggl Biggl"), (Size(Size::Closing), "bigr Bigr biggr Biggr"),
    (Size(Size::Neutral), "big Big bigg Bigg bigm Bigm biggm Biggm"),
    (Bar, "vert"), (DoubleBar, "| Vert parallel"), (Mid, "mid"),
    (Tag, "tag"), (Label, "label"), (Reference, "eqref ref cref Cref autoref"), (Intertext, "intertext shortintertext"),
    (Dots, "dots ldots cdots vdots ddots dotsc dotsb dotsm dotsi dotso"), (Infinity, "infty"),
    (Top, "top intercal"), (Mark("star"), "ast star"), (Mark("dagger"), "dagger dag"), (Mark("ddagger"), "ddagger"),
    (Mark("complement"), "complement"), (Prime, "prime"), (Not, "not"), (Forall, "forall"),
    (Begin, "begin"), (End, "end"), (Substack, "substack"),
    (Definition, "newcommand renewcommand providecommand def gdef edef DeclareMathOperator DeclarePairedDelimiter"),
];

static MEANINGS: LazyLock<FxHashMap<&'static str, Meaning>> = LazyLock::new(|| {
    ROWS.iter().flat_map(|(meaning, names)| names.split_whitespace().map(|name| (name, *meaning))).collect()
});

/// The meaning of a command, by its name without the backslash.
pub(super) fn meaning(command: &str) -> Option<Meaning> {
    MEANINGS.get(command).copied()
}

/// The names of all commands, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|(_, names)| names.split_whitespace())
}

/// Characters that stand for a command.
#[rustfmt::skip]
static CHARACTERS: &[(char, &str)] = &[
    ('∇', "nabla"), ('∂', "partial"), ('∫', "int"), ('∬', "iint"), ('∭', "iiint"), ('∑', "sum"), ('∏', "prod"), ('∞', "infty"),
    ('≤', "leq"), ('⩽', "leq"), ('≥', "geq"), ('⩾', "geq"), ('≠', "neq"), ('≈', "approx"), ('≃', "approx"), ('∝', "propto"),
    ('∈', "in"), ('→', "to"), ('⟶', "to"), ('⟹', "implies"), ('⇒', "implies"), ('⟺', "iff"), ('⇔', "iff"), ('≡', "equiv"),
    ('≜', "triangleq"), ('≔', "coloneqq"), ('∼', "sim"), ('·', "cdot"), ('⋅', "cdot"), ('∙', "cdot"), ('×', "times"), ('÷', "div"),
    ('‖', "|"), ('∥', "|"), ('∣', "mid"), ('⟨', "langle"), ('⟩', "rangle"), ('〈', "langle"), ('〉', "rangle"), ('⌊', "lfloor"),
    ('⌋', "rfloor"), ('⌈', "lceil"), ('⌉', "rceil"), ('√', "sqrt"), ('…', "dots"), ('⋯', "cdots"), ('⊤', "top"), ('∗', "ast"),
    ('⋆', "star"), ('†', "dagger"), ('∀', "forall"), ('±', "pm"), ('∘', "circ"), ('ℓ', "ell"), ('ℝ', "R"), ('ℕ', "N"), ('ℤ', "Z"),
    ('′', "prime"), ('\u{a0}', ","), ('\u{2009}', ","), ('\u{200b}', ","), ('\u{2061}', ","), ('\u{2062}', ","),
];

/// The command that a character stands for.
pub(super) fn character(character: char) -> Option<&'static str> {
    CHARACTERS.iter().find(|row| row.0 == character).map(|row| row.1)
}

/// Letters of other alphabets that look like Latin ones, with their names.
#[rustfmt::skip]
static LOOK_ALIKES: &[(char, char, &str)] = &[
    ('Α', 'A', "Greek capital Alpha"), ('Β', 'B', "Greek capital Beta"), ('Ε', 'E', "Greek capital Epsilon"),
    ('Ζ', 'Z', "Greek capital Zeta"), ('Η', 'H', "Greek capital Eta"), ('Ι', 'I', "Greek capital Iota"),
    ('Κ', 'K', "Greek capital Kappa"), ('Μ', 'M', "Greek capital Mu"), ('Ν', 'N', "Greek capital Nu"),
    ('Ο', 'O', "Greek capital Omicron"), ('Ρ', 'P', "Greek capital Rho"), ('Τ', 'T', "Greek capital Tau"),
    ('Υ', 'Y', "Greek capital Upsilon"), ('Χ', 'X', "Greek capital Chi"), ('ο', 'o', "Greek letter omicron"),
    ('а', 'a', "Cyrillic letter a"), ('е', 'e', "Cyrillic letter ie"), ('о', 'o', "Cyrillic letter o"),
    ('р', 'p', "Cyrillic letter er"), ('с', 'c', "Cyrillic letter es"), ('х', 'x', "Cyrillic letter ha"),
    ('у', 'y', "Cyrillic letter u"), ('і', 'i', "Cyrillic letter i"), ('А', 'A', "Cyrillic capital A"),
    ('В', 'B', "Cyrillic capital Ve"), ('Е', 'E', "Cyrillic capital Ie"), ('К', 'K', "Cyrillic capital Ka"),
    ('М', 'M', "Cyrillic capital Em"), ('Н', 'H', "Cyrillic capital En"), ('О', 'O', "Cyrillic capital O"),
    ('Р', 'P', "Cyrillic capital Er"), ('С', 'C', "Cyrillic capital Es"), ('Т', 'T', "Cyrillic capital Te"),
    ('Х', 'X', "Cyrillic capital Ha"),
];

/// The Latin letter that this one looks like, and the name of this one.
pub(super) fn look_alike(letter: char) -> Option<(char, &'static str)> {
    LOOK_ALIKES.iter().find(|row| row.0 == letter).map(|row| (row.1, row.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_one_row_and_every_character_a_command() {
        let mut seen = rustc_hash::FxHashSet::default();
        for name in names() {
            assert!(seen.insert(name), "{name} has two rows");
        }
        for (character, command) in CHARACTERS {
            assert!(meaning(command).is_some(), "{character} stands for {command}");
        }
    }
}
