//! Texts with several readings: declared names decide, then shapes, then what stands around them.
//!
//! With `scalar lambda`, `\lambda(a - b)^2` is λ·(a − b)². `F(θ + d)` may be F at another point or a product: in
//! `F(θ + d) + F` only the first has a meaning.

use crate::expr::Expr;
use crate::syntax::{Kind, Side, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::lower::Lowering;
use super::spell::spell;
use super::vocabulary::Entry;

/// A place with readings that are equally good: their numbers and texts.
pub(super) type Tie = (Span, Vec<(usize, String)>);

/// Which reading is taken at each place.
pub(super) type Choice = Vec<(Span, usize)>;

/// Choices that are tried for one side.
const MAX_CHOICES: usize = 32;

/// Every way to choose, the first ones first; bounded.
fn choices(ties: &[Tie]) -> Vec<Choice> {
    let mut all: Vec<Choice> = vec![Vec::new()];
    for (span, readings) in ties {
        let longer = |choice: &Choice| {
            let mut more = Vec::new();
            for (at, _) in readings {
                let mut choice = choice.clone();
                choice.push((*span, *at));
                more.push(choice);
            }
            more
        };
        all = all.iter().flat_map(longer).collect();
        if all.len() > MAX_CHOICES {
            break;
        }
    }
    all
}

impl Lowering<'_> {
    /// The only reading that lowers wins; of several the one with the fewest lints and doubts. Where these agree as
    /// well, what stands around them may decide: [`Lowering::settled`] tries each.
    pub(super) fn ambiguous(&mut self, readings: &[Tree], span: Span) -> Option<Expr> {
        if let Some((_, at)) = self.chosen.iter().find(|(place, _)| *place == span) {
            return self.tree(&readings[*at]);
        }
        let texts: Vec<String> = readings.iter().map(spell).collect();
        let prefers = |lowering: &Self, at: usize, e: Expr| lowering.is_at_its_parameter(&readings[at], e);
        match self.choose(&texts, span, &prefers, &mut |lowering, at| lowering.tree(&readings[at])) {
            Ok(e) => e,
            Err(said) => self.no_reading(readings, said, span),
        }
    }

    /// The only reading with a value; of several the cheapest. What each of them lacks, when there is none.
    pub(super) fn choose(
        &mut self,
        texts: &[String],
        span: Span,
        prefers: &dyn Fn(&Self, usize, Expr) -> bool,
        read: &mut dyn FnMut(&mut Self, usize) -> Option<Expr>,
    ) -> Result<Option<Expr>, Vec<Vec<Diagnostic>>> {
        if let Some((_, at)) = self.chosen.iter().find(|(place, _)| *place == span) {
            let at = *at;
            return Ok(read(self, at));
        }
        let mut tried: Vec<(usize, Option<Expr>)> = Vec::new();
        let mut all_said = Vec::new();
        let before = self.mark();
        for at in 0..texts.len() {
            let e = read(self, at);
            let doubts = self.doubts - before.doubts;
            let said = self.rewind(&before);
            tried.push((doubts + said.len(), e));
            all_said.push(said);
        }
        let Some(best) = tried.iter().filter(|t| t.1.is_some()).map(|t| t.0).min() else {
            return Err(all_said);
        };
        let mut winners: Vec<(usize, Expr)> = Vec::new();
        for (at, (cost, e)) in tried.iter().enumerate() {
            if let Some(e) = e.filter(|e| *cost == best && winners.iter().all(|w| w.1 != *e)) {
                winners.push((at, e));
            }
        }
        if let Some(preferred) = winners.iter().find(|(at, e)| prefers(self, *at, *e)) {
            winners = vec![*preferred];
        }
        if winners.len() > 1 {
            self.ties.push((span, winners.iter().map(|(at, _)| (*at, texts[*at].clone())).collect()));
        }
        Ok(read(self, winners[0].0))
    }

    /// `F(theta)`, of a defined F that depends on θ, is F itself.
    fn is_at_its_parameter(&self, reading: &Tree, value: Expr) -> bool {
        match &reading.kind {
            Kind::Call { name, .. } => self.vocabulary.entries.get(name) == Some(&Entry::Value(value)),
            _ => false,
        }
    }

    /// In LaTeX a value before a bracket is a product: `\lambda(a - b)^2` is λ·(a − b)². The plain notation has a sign
    /// for it.
    pub(super) fn as_product(&self, tree: &Tree) -> Option<Tree> {
        if !self.vocabulary.latex {
            return None;
        }
        let call = match &tree.kind {
            Kind::Call { .. } => tree,
            Kind::Power(base, _) | Kind::Transpose(base) => base,
            _ => return None,
        };
        let Kind::Call { name, name_span, arguments } = &call.kind else { return None };
        let [argument] = &arguments[..] else { return None };
        if !self.is_plain_value(name) {
            return None;
        }
        let factor = match &tree.kind {
            Kind::Power(_, exponent) => {
                let power = Kind::Power(Box::new(argument.clone()), exponent.clone());
                Tree::new(power, argument.span.to(exponent.span))
            }
            Kind::Transpose(_) => Tree::new(Kind::Transpose(Box::new(argument.clone())), argument.span),
            _ => argument.clone(),
        };
        let name = Tree::new(Kind::Name(name.clone()), *name_span);
        Some(Tree::new(Kind::Product(vec![(Side::Over, name), (Side::Over, factor)]), tree.span))
    }

    /// `1/\lambda(a + b)`: the bracket may stand below the bar or beside it. A fraction says which.
    pub(super) fn slash_before_bracket(&mut self, factors: &[(Side, Tree)], span: Span) -> Option<()> {
        if factors.first()?.1.span.start != span.start {
            return Some(());
        }
        let below =
            |(side, factor): &&(Side, Tree)| *side == Side::Under && self.as_product(factor).is_some();
        let Some((_, factor)) = factors.iter().find(below) else { return Some(()) };
        let text = spell(factor);
        let (name, bracket) = text.split_at(text.find('(').unwrap_or(text.len()));
        let (first, second) = (format!("1/({name}*{bracket})"), format!("(1/{name})*{bracket}"));
        let help = r"write a fraction: `\frac{1}{…}`";
        self.lints.push(Diagnostic::error(Code::TwoReadings { first, second }, factor.span).with_help(help));
        None
    }

    /// A name that stands for a value and can be no function.
    fn is_plain_value(&self, name: &str) -> bool {
        if self.vocabulary.has_applied(name) {
            return false;
        }
        let is_local = self.local.iter().any(|(local, _)| local == name);
        match self.vocabulary.entries.get(name) {
            _ if is_local => true,
            Some(Entry::Symbol(_) | Entry::Sample(_) | Entry::Dimension(_)) => true,
            Some(Entry::Value(e)) => self.only_parameter(*e).is_none(),
            _ => false,
        }
    }

    /// What a part of the text means where readings of it are equally good by themselves: the choice under which the
    /// whole has a meaning, with the fewest lints.
    pub(super) fn settled<T: PartialEq>(
        &mut self,
        read: &mut dyn FnMut(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let before = self.mark();
        let first = read(self);
        let ties = std::mem::take(&mut self.ties);
        if ties.is_empty() {
            return first;
        }
        self.rewind(&before);
        let mut best: Vec<(usize, T, Choice)> = Vec::new();
        for choice in choices(&ties) {
            self.chosen = choice.clone();
            self.visits = 0;
            let meaning = read(self);
            let doubts = self.doubts - before.doubts;
            let cost = self.rewind(&before).len() + doubts;
            self.ties.clear();
            let Some(meaning) = meaning else { continue };
            let least = best.first().map_or(usize::MAX, |b| b.0);
            if cost < least {
                best.clear();
            }
            if cost <= least {
                best.push((cost, meaning, choice));
            }
        }
        self.chosen = best.first().map_or_else(Vec::new, |b| b.2.clone());
        if let Some(other) = best.iter().find(|b| b.1 != best[0].1) {
            let differs = self.chosen.iter().zip(&other.2).position(|(a, b)| a != b).unwrap_or(0);
            let (span, readings) = &ties[differs];
            let text = |choice: &Choice| {
                let reading = readings.iter().find(|(at, _)| *at == choice[differs].1);
                reading.map_or_else(String::new, |(_, text)| text.clone())
            };
            let (first, second) = (text(&self.chosen), text(&other.2));
            self.chosen.clear();
            return self.report(Code::TwoReadings { first, second }, *span);
        }
        let meaning = read(self);
        self.chosen.clear();
        self.ties.clear();
        meaning
    }

    /// No reading has a meaning: what all of them lack, or else both of them.
    pub(super) fn no_reading(
        &mut self,
        readings: &[Tree],
        said: Vec<Vec<Diagnostic>>,
        span: Span,
    ) -> Option<Expr> {
        let common: Vec<Diagnostic> =
            said[0].iter().filter(|d| said.iter().all(|other| other.contains(d))).cloned().collect();
        if !common.is_empty() {
            self.lints.extend(common);
            return None;
        }
        let code = Code::TwoReadings { first: spell(&readings[0]), second: spell(&readings[1]) };
        let help = said.iter().flatten().find_map(|d| d.help.clone());
        let diagnostic = Diagnostic::error(code, span);
        self.lints.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
        None
    }
}
