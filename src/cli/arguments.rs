//! The command line as data: what `referee --help` shows. The comments on the fields are its words.

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::answer::Status;
use super::generate::Lang;
use crate::verify::Verdict;

/// Checks the mathematics of an article the way a compiler checks code.
///
/// From the text of a density it derives score, Fisher information, KL divergence and natural gradient in
/// closed form, and says how each is known.
#[derive(Debug, Parser)]
#[command(
    name = "referee",
    version,
    propagate_version = true,
    subcommand_required = true,
    max_term_width = 100
)]
#[command(after_help = "Start with:  referee derive gamma\n\n\
    Exit status: 0 all as claimed, 1 something refuted, open, unread, refused or not as expected,\n\
    2 the command line or an input file is wrong.")]
pub struct Arguments {
    #[command(flatten)]
    pub(super) output: Output,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// How results are written.
#[derive(Args, Clone, Copy, Debug)]
pub struct Output {
    /// Text for people, JSON for programs; `check` also writes what build servers read
    #[arg(long, global = true, value_enum, default_value_t = FormatName::Text)]
    pub format: FormatName,
    /// When to use colors
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Print errors only; the exit status is the result
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// A way of writing results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    Text,
    Json,
    /// Test results of a build server
    Junit,
    /// Results of static analysis, SARIF 2.1.0
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

/// The ways in which every command writes results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

impl FormatName {
    /// The format, where it is one of every command.
    pub fn common(self) -> Option<Format> {
        match self {
            FormatName::Text => Some(Format::Text),
            FormatName::Json => Some(Format::Json),
            FormatName::Junit | FormatName::Sarif | FormatName::Github => None,
        }
    }

    /// The word on the command line.
    pub fn word(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// When colors are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Derive Fisher information, KL divergence and natural gradient from a density
    Derive(Derive),
    /// Check what was derived: witnesses, KL against its quadratic, steepest descent
    Verify(Verify),
    /// Write source code for the closed forms of a family, or check that it is not stale
    Generate(Generate),
    /// Judge the claims in Markdown files, and in all files below folders
    Check(Check),
    /// Pin verdicts and closed forms to a file, or check that they are as pinned
    Snapshot(Snapshot),
    /// Judge one claim: proved, supported, refuted or open
    Prove(Prove),
    /// List the families that are known by name
    Families,
    /// Explain the code of a diagnostic, or a rule that a proof cites
    Explain {
        /// A code such as `unknown-name`, or a rule [default: list them all]
        #[arg(value_name = "CODE|RULE")]
        name: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    referee derive gamma\n  \
    referee derive binomial/logit --at \"t=0, n=10\"\n  \
    referee derive normal --at \"mu=0, sigma=1\" --to \"mu=1, sigma=2\" --x \"x=1/2\" --digits 30\n  \
    referee derive mine.md --coordinates natural --format json")]
pub struct Derive {
    /// An embedded family (`gamma`, `binomial/logit`), a file with families, or `-` for standard input
    #[arg(value_name = "FAMILY|FILE|-")]
    pub family: String,
    /// Coordinates: `natural`, `mean`, or a name from the family
    #[arg(short, long, value_name = "NAME")]
    pub coordinates: Option<String>,
    /// Numbers at this point, in the coordinates asked for: "mu=0, sigma=1"
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// The second point of the divergence
    #[arg(long, value_name = "POINT", requires = "at", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// The observation at which the score is taken: "x=1/2"
    #[arg(long, value_name = "POINT", requires = "at", allow_hyphen_values = true)]
    pub x: Option<String>,
    /// Correct digits of numbers
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub digits: u32,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    referee verify gamma --at \"alpha=2, beta=3\"\n  \
    referee verify normal --direction \"sigma=1\" --loss \"mu^2 + sigma\"")]
pub struct Verify {
    /// An embedded family (`gamma`, `binomial/logit`), a file with families, or `-` for standard input
    #[arg(value_name = "FAMILY|FILE|-")]
    pub family: String,
    /// Coordinates: `natural`, `mean`, or a name from the family
    #[arg(short, long, value_name = "NAME")]
    pub coordinates: Option<String>,
    /// Where to look: "mu=0, sigma=1" [default: a point of the domain, stated]
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// The direction d of the divergence: "mu=1, sigma=-1"
    #[arg(long, value_name = "STEP", allow_hyphen_values = true)]
    pub direction: Option<String>,
    /// The loss whose steepest descent is looked for: "mu^2 + sigma"
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub loss: Option<String>,
    #[command(flatten)]
    pub judging: Judging,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    referee generate gamma --lang rust -o src\n  \
    referee generate gamma --lang c --coordinates scale --functions fisher,natural_gradient\n  \
    referee generate mine.md --lang python --with-tests -o generated\n  \
    referee generate --check generated\n\n\
    A file that was generated says by which command; `--check` runs it again and shows what would change.")]
pub struct Generate {
    /// An embedded family (`gamma`, `gamma/scale`), a file with families, or `-`; with `--check` alone, generated files
    /// and folders of them
    #[arg(value_name = "FAMILY|FILE|-", required_unless_present = "check")]
    pub families: Vec<String>,
    /// The language to write
    #[arg(short, long, value_enum, value_name = "LANGUAGE", required_unless_present = "check")]
    pub lang: Option<Lang>,
    /// Coordinates: `natural`, `mean`, or a name from the family
    #[arg(short, long, value_name = "NAME")]
    pub coordinates: Option<String>,
    /// Only these functions, and what they need: score,fisher
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub functions: Vec<String>,
    /// A test file beside it, with reference values from enclosures
    #[arg(long)]
    pub with_tests: bool,
    /// Rust that calls the crate `libm` in place of the standard library
    #[arg(long)]
    pub no_std: bool,
    /// A folder, or a file whose name replaces the family's [default: standard output]
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<String>,
    /// Write nothing; fail when a generated file is stale, and show the difference
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub judging: Judging,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    referee check article.md\n  \
    referee check article.md --suggest\n  \
    referee check article.md --with article.referee --explain\n  \
    referee check derivations --format sarif > referee.sarif\n\n\
    An article of one's own: `check --suggest` prints the fence of declarations that it needs; put it before the first\n\
    formula, look at the guesses, and check again.\n\n\
    Formulas stand in `$$ … $$`, declarations and claims in ```referee fences. A claim that is wrong on purpose says so:\n  \
    claim fisher = [1/beta]     expect: refuted, the square is missing\n\n\
    Exit status: 0 all proved, conditional, supported or as expected; 1 a step is refuted, open, unread or not as\n\
    expected; 2 a file, a declaration or the command line is wrong.")]
pub struct Check {
    #[command(flatten)]
    pub files: Files,
    /// Print the fence of declarations that each article needs, and judge nothing
    #[arg(long, conflicts_with_all = ["explain", "verbose", "with"])]
    pub suggest: bool,
    /// Print the whole chain of each proof, with its rules and conditions
    #[arg(long)]
    pub explain: bool,
    /// List every step, also those that are as claimed
    #[arg(short, long)]
    pub verbose: bool,
    #[command(flatten)]
    pub judging: Judging,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    referee snapshot derivations\n  \
    referee snapshot derivations --check\n\n\
    A verdict, its rules and conditions, and a closed form may not change unseen; lines may move.")]
pub struct Snapshot {
    #[command(flatten)]
    pub files: Files,
    /// Where the snapshot is kept; `-` for standard output
    #[arg(short, long, value_name = "FILE", default_value = "referee.snapshot")]
    pub output: String,
    /// Write nothing; fail when anything is not as pinned
    #[arg(long)]
    pub check: bool,
}

/// Which files are checked, and how many at once.
#[derive(Args, Debug)]
pub struct Files {
    /// Files, folders, or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<String>,
    /// Declarations for articles that may not be touched; may be given several times
    #[arg(long, value_name = "FILE")]
    pub with: Vec<String>,
    /// Files checked at once [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    referee prove \"log(a*b) = log(a) + log(b)\" --where \"a > 0, b > 0\"\n  \
    referee prove \"sqrt(x^2) = x\"\n\n\
    Names are real variables unless `--where` says more.")]
pub struct Prove {
    /// The claim, such as "x^2 - 1 = (x - 1)*(x + 1)"; a chain `a = b = c` is judged step by step
    #[arg(value_name = "LHS = RHS", allow_hyphen_values = true)]
    pub claim: String,
    /// What is assumed: "x > 0, n integer"
    #[arg(short = 'w', long = "where", value_name = "CONDITIONS", allow_hyphen_values = true)]
    pub conditions: Option<String>,
    /// Correct digits of both sides at a refuting point
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub digits: Option<u32>,
    #[command(flatten)]
    pub judging: Judging,
}

/// Which verdicts fail.
#[derive(Args, Clone, Debug, Default)]
pub struct Judging {
    /// Verdicts that do not fail: open, unread
    #[arg(long, value_enum, value_delimiter = ',', value_name = "VERDICT")]
    pub allow: Vec<Word>,
    /// Verdicts that fail: supported, conditional
    #[arg(long, value_enum, value_delimiter = ',', value_name = "VERDICT")]
    pub deny: Vec<Word>,
}

/// The verdicts by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Word {
    Proved,
    Conditional,
    Supported,
    Open,
    Unread,
    Refuted,
}

impl Judging {
    /// Whether a verdict of this name is good enough.
    pub fn accepts(&self, word: &str) -> bool {
        let named = |list: &[Word]| {
            list.iter().any(|w| w.to_possible_value().is_some_and(|value| value.get_name() == word))
        };
        let good = matches!(word, "proved" | "conditional" | "supported");
        !named(&self.deny) && (good || named(&self.allow))
    }

    /// The status of several verdicts.
    pub fn status<'a>(&self, verdicts: impl IntoIterator<Item = &'a Verdict>) -> Status {
        match verdicts.into_iter().all(|v| self.accepts(v.word())) {
            true => Status::AsClaimed,
            false => Status::NotAsClaimed,
        }
    }
}
