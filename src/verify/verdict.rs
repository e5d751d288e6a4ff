//! Verdicts: what is known of a claim, and how it is known.
//!
//! `x/x = 1` over the reals is *refuted* at x = 0 (left: undefined, right: 1); for x ≠ 0 it is *proved*. "Could not
//! tell" is *open*, never yes.

use crate::expr::Expr;
use crate::number::Rational;
use crate::text::Diagnostic;

/// The answer to a claim, with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Follows by named rules on the whole declared domain, given the listed conditions.
    Proved(Proof),
    /// The enclosures overlap at every sampled point. Evidence, never proof.
    Supported(Evidence),
    /// At one exact point of the declared domain the claim fails.
    Refuted(Witness),
    /// None of these within the budget.
    Open(Attempts),
    /// The text could not be understood.
    Unread(Misreading),
}

/// How a claim was proved.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Proof {
    /// Names of the rules that were used, sorted.
    pub rules: Vec<String>,
    /// What the declarations leave undecided; a proof with conditions is *conditional*.
    pub conditions: Vec<Requirement>,
    /// Of an existence: where it holds.
    pub example: Option<Witness>,
}

/// Something that must hold, in words and, where it is one, as the expression it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// `x != 0`, in the plain notation.
    pub text: String,
    /// The expression whose sign, or being defined, is in question.
    pub about: Option<Expr>,
}

/// Numbers that agree.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Evidence {
    /// At how many points.
    pub points: usize,
    /// To how many significant digits, at least.
    pub digits: u32,
    /// The instances looked at, where the claim is about an abstract object.
    pub instances: Vec<String>,
    /// Both sides agree exactly, not only to so many digits.
    pub exact: bool,
    /// The claim is no equation: it holds at these points, and there is nothing that agrees to digits.
    pub holds: bool,
    /// What kept this from being proved.
    pub reason: String,
}

/// A point at which a claim fails, and both values there.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Witness {
    /// The concrete object, where the claim is about an abstract one.
    pub instance: Option<String>,
    /// Each variable with its exact value.
    pub point: Vec<(String, Rational)>,
    /// What stands for abstract names, and vectors and matrices by their entries: `L(theta) = theta^2`, `d = [t, -2*t]`.
    pub objects: Vec<(String, String)>,
    /// The left side there: a number to the digits shown, or `undefined`.
    pub left: String,
    /// The right side there.
    pub right: String,
    /// What is wrong, in a sentence.
    pub reason: String,
    /// What would make the claim true, ready to paste.
    pub help: Option<String>,
}

/// What was tried, and what stopped it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Attempts {
    /// Each method with its outcome.
    pub tried: Vec<String>,
    /// What stands in the way, in a sentence.
    pub reason: String,
    /// What would settle it.
    pub help: Option<String>,
}

/// A text that could not be understood.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Misreading {
    /// Each mistake at its place.
    pub diagnostics: Vec<Diagnostic>,
    /// Why, in a sentence.
    pub reason: String,
    /// What would be accepted.
    pub help: Option<String>,
}

impl Verdict {
    /// `proved`, `supported`, `refuted`, `open`, `unread`.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Proved(_) => "proved",
            Verdict::Supported(_) => "supported",
            Verdict::Refuted(_) => "refuted",
            Verdict::Open(_) => "open",
            Verdict::Unread(_) => "unread",
        }
    }

    /// The name, where a proof with conditions is `conditional`.
    pub fn word(&self) -> &'static str {
        if self.is_conditional() { "conditional" } else { self.name() }
    }

    /// Proved without conditions?
    pub fn is_proved(&self) -> bool {
        matches!(self, Verdict::Proved(proof) if proof.conditions.is_empty())
    }

    /// Proved with conditions?
    pub fn is_conditional(&self) -> bool {
        matches!(self, Verdict::Proved(proof) if !proof.conditions.is_empty())
    }

    /// Refuted?
    pub fn is_refuted(&self) -> bool {
        matches!(self, Verdict::Refuted(_))
    }

    /// How bad the verdict is, for the worst of several: refuted, unread, open, supported, conditional, proved.
    pub fn severity(&self) -> u8 {
        match self {
            Verdict::Proved(proof) => u8::from(!proof.conditions.is_empty()),
            Verdict::Supported(_) => 2,
            Verdict::Open(_) => 3,
            Verdict::Unread(_) => 4,
            Verdict::Refuted(_) => 5,
        }
    }

    /// An open verdict with nothing but its reason.
    pub fn open(reason: impl Into<String>) -> Verdict {
        Verdict::Open(Attempts { reason: reason.into(), ..Attempts::default() })
    }

    /// The verdict under the names of the machine output.
    pub fn report(&self) -> Report {
        let mut report = Report { verdict: self.name(), ..Report::default() };
        match self {
            Verdict::Proved(proof) => {
                report.rules = proof.rules.clone();
                report.conditions = proof.conditions.iter().map(|c| c.text.clone()).collect();
                if let Some(example) = &proof.example {
                    report.witness = example.objects.clone();
                    report.left = Some(example.left.clone());
                    report.right = Some(example.right.clone());
                    report.reason = example.instance.clone();
                }
            }
            Verdict::Supported(evidence) => {
                let Evidence { points, digits, reason, .. } = evidence;
                let why = if reason.is_empty() { String::new() } else { format!("; {reason}") };
                let said = match evidence {
                    Evidence { holds: true, .. } => "it holds".to_owned(),
                    Evidence { exact: true, .. } => "both sides agree exactly".to_owned(),
                    _ => format!("both sides agree to {digits} digits"),
                };
                let at = if *points == 1 { "1 point".to_owned() } else { format!("{points} points") };
                let on = match evidence.instances.as_slice() {
                    [] => String::new(),
                    few if few.len() <= 3 => format!(" ({})", few.join("; ")),
                    many => format!(" ({}; and {} more)", many[..2].join("; "), many.len() - 2),
                };
                report.reason = Some(format!("{said} at {at}{on}{why}"));
            }
            Verdict::Refuted(witness) => {
                let exact = witness.point.iter().map(|(name, value)| (name.clone(), value.to_string()));
                report.witness = exact.chain(witness.objects.iter().cloned()).collect();
                report.left = Some(witness.left.clone());
                report.right = Some(witness.right.clone());
                report.reason = Some(witness.reason.clone());
                report.help = witness.help.clone();
            }
            Verdict::Open(attempts) => {
                report.reason = Some(attempts.reason.clone());
                report.help = attempts.help.clone();
            }
            Verdict::Unread(misreading) => {
                report.reason = Some(misreading.reason.clone());
                report.help = misreading.help.clone();
            }
        }
        report
    }
}

/// A verdict as text: what does not exist is `None` or empty.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Report {
    /// The verdict's name.
    pub verdict: &'static str,
    /// What a proof leaves to be shown.
    pub conditions: Vec<String>,
    /// Each variable of a refuting point with its exact value, `3/10`.
    pub witness: Vec<(String, String)>,
    /// The left side at that point.
    pub left: Option<String>,
    /// The right side at that point.
    pub right: Option<String>,
    /// The rules of a proof.
    pub rules: Vec<String>,
    /// Why, where there is something to say.
    pub reason: Option<String>,
    /// A line that can be pasted.
    pub help: Option<String>,
}
