//! Macros of the file: with `\newcommand{\E}[1]{\mathbb{E}[#1]}`, `\E{x}` is read as `\mathbb{E}[x]`.
//!
//! What a macro brings stands at the place where it is used. Macros that need each other are refused, and what an
//! expansion may bring in all is bounded.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::commands::{Meaning, Shape, meaning};
use super::tokens::{Token, TokenKind, tokenize};
use super::typography::braces;
use crate::text::{Code, Diagnostic, Span};

/// Tokens that the macros of one formula may bring.
const MAX_EXPANSION: usize = 200_000;

/// Bytes of one definition.
const MAX_DEFINITION: usize = 1 << 12;

/// The macros that a file defines with `\newcommand`, `\renewcommand`, `\def`, `\DeclareMathOperator` and
/// `\DeclarePairedDelimiter`, wherever they stand in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Macros {
    by_name: BTreeMap<String, Macro>,
}

#[derive(Clone, Debug, PartialEq)]
struct Macro {
    arguments: usize,
    /// What stands for the first argument when it is not written in square brackets.
    default: Option<String>,
    body: String,
    /// `\norm{x}`, `\norm*{x}`, `\norm[\big]{x}`: what stands between name and argument is typography.
    paired: bool,
    span: Span,
    /// It needs itself.
    refused: bool,
}

/// Collects the macros of a file. A macro that is defined twice, in two ways, or that needs itself is reported.
pub fn collect_macros(text: &str) -> (Macros, Vec<Diagnostic>) {
    let (mut macros, mut diagnostics) = (Macros::default(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let command = &rest[at + 1..];
        let length = command.bytes().take_while(u8::is_ascii_alphabetic).count();
        let start = text.len() - command.len() - 1;
        rest = &command[length.max(command.chars().next().map_or(0, char::len_utf8))..];
        if meaning(&command[..length]) != Some(Meaning::Definition) {
            continue;
        }
        let Some((name, mut definition, after)) = define(&command[..length], rest) else { continue };
        definition.span = Span::new(start, text.len() - after.len());
        rest = after;
        let before = macros.by_name.get(&name);
        let differs = before.is_some_and(|before| {
            (&before.body, before.arguments) != (&definition.body, definition.arguments)
        });
        if let (Some(before), true) = (before, differs) {
            let code = Code::ContradictoryDeclaration {
                name: format!("\\{name}"),
                before: format!("`{}`", before.body),
            };
            diagnostics.push(Diagnostic::error(code, definition.span));
        } else {
            macros.by_name.insert(name, definition);
        }
    }
    macros.refuse_circles(&mut diagnostics);
    (macros, diagnostics)
}

/// The name, the macro, and what stands behind its definition.
fn define<'t>(command: &str, text: &'t str) -> Option<(String, Macro, &'t str)> {
    let text = text.strip_prefix('*').map_or((text, false), |rest| (rest, true));
    let (text, starred) = text;
    let mut found = Macro {
        arguments: 0,
        default: None,
        body: String::new(),
        paired: command == "DeclarePairedDelimiter",
        span: Span::default(),
        refused: false,
    };
    let (name, mut text) = match text.trim_start().strip_prefix('\\') {
        Some(word) => macro_name(word)?,
        None => {
            let (name, after) = braced(text)?;
            let (name, behind) = macro_name(name.trim().strip_prefix('\\')?)?;
            behind.is_empty().then_some((name, after))?
        }
    };
    match command {
        "DeclareMathOperator" => {
            let (body, after) = braced(text)?;
            found.body = format!("\\operatorname{}{{{body}}}", if starred { "*" } else { "" });
            text = after;
        }
        "DeclarePairedDelimiter" => {
            let (left, after) = braced(text)?;
            let (right, after) = braced(after)?;
            (found.body, found.arguments) = (format!("{left} #1 {right}"), 1);
            text = after;
        }
        "def" | "gdef" | "edef" => {
            let open = text.bytes().take(40).position(|byte| byte == b'{')?;
            let parameters = text[..open].trim();
            found.arguments = parameters.matches('#').count();
            let expected: String = (1..=found.arguments).map(|n| format!("#{n}")).collect();
            (parameters == expected).then_some(())?;
            (found.body, text) = braced(&text[open..]).map(|(body, after)| (body.into(), after))?;
        }
        _ => {
            if let Some((count, after)) = bracketed(text) {
                (found.arguments, text) = (count.trim().parse().ok().filter(|count| *count <= 9)?, after);
                if let Some((default, after)) = bracketed(text) {
                    (found.default, text) = (Some(default.into()), after);
                }
            }
            (found.body, text) = braced(text).map(|(body, after)| (body.into(), after))?;
        }
    }
    Some((name.into(), found, text))
}

/// The letters of a command, and what follows.
fn macro_name(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    (length > 0).then(|| text.split_at(length))
}

/// What stands between braces, and what follows.
fn braced(text: &str) -> Option<(&str, &str)> {
    group(text, b'{', b'}')
}

fn bracketed(text: &str) -> Option<(&str, &str)> {
    group(text, b'[', b']')
}

fn group(text: &str, open: u8, close: u8) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, &byte) in text.as_bytes().iter().enumerate().take(MAX_DEFINITION) {
        if at == 0 && byte != open {
            return None;
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == open => depth += 1,
            _ if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[1..at], &text[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

impl Macros {
    /// Reports macros that need themselves, once for each circle.
    fn refuse_circles(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let needs: BTreeMap<&String, Vec<&String>> = self
            .by_name
            .iter()
            .map(|(name, found)| {
                let words = tokenize(&found.body, 0).into_iter();
                let needed = words.filter_map(|token| {
                    is_command(&token)
                        .then(|| self.by_name.get_key_value(token.text).map(|(key, _)| key))
                        .flatten()
                });
                (name, needed.collect())
            })
            .collect();
        let (mut done, mut circles) = (FxHashMap::<&String, bool>::default(), Vec::new());
        for start in needs.keys() {
            let mut path: Vec<(&String, usize)> = vec![(start, 0)];
            if done.contains_key(*start) {
                continue;
            }
            done.insert(start, false);
            while let Some((name, next)) = path.last_mut() {
                let Some(needed) = needs[*name].get(*next) else {
                    done.insert(name, true);
                    path.pop();
                    continue;
                };
                *next += 1;
                match done.get(needed) {
                    None => {
                        done.insert(needed, false);
                        path.push((needed, 0));
                    }
                    Some(false) => {
                        let from = path.iter().position(|(name, _)| name == needed).unwrap_or(0);
                        circles
                            .push(path[from..].iter().map(|(name, _)| (*name).clone()).collect::<Vec<_>>());
                    }
                    Some(true) => {}
                }
            }
        }
        for names in circles {
            let span = self.by_name[&names[0]].span;
            for name in &names {
                if let Some(found) = self.by_name.get_mut(name) {
                    found.refused = true;
                }
            }
            let names = names.iter().map(|name| format!("\\{name}")).collect();
            diagnostics.push(Diagnostic::error(Code::CyclicDefinition { names }, span));
        }
    }

    /// The names of all macros, for suggestions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

fn is_command(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Known(_) | TokenKind::Command)
        && token.text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Where a definition that stands within a formula ends; it was collected before.
fn definition_end(tokens: &[Token], partners: &[usize], at: usize) -> usize {
    let groups = match tokens[at].text {
        "DeclareMathOperator" => 2,
        "DeclarePairedDelimiter" => 3,
        "def" | "gdef" | "edef" => 1,
        _ => 2,
    };
    let (mut at, mut found) = (at + 1, 0);
    while at < tokens.len() && found < groups {
        match tokens[at].kind {
            TokenKind::Open(Shape::Brace) if partners[at] < tokens.len() => {
                (at, found) = (partners[at] + 1, found + 1);
            }
            _ => {
                found += usize::from(is_command(&tokens[at]) && groups > 1);
                at += 1;
            }
        }
    }
    at
}

/// The tokens with every macro replaced by what it stands for.
pub(super) fn expand<'t>(
    tokens: Vec<Token<'t>>,
    macros: &'t Macros,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Token<'t>> {
    if macros.by_name.is_empty() {
        return tokens;
    }
    let mut expansion = Expansion { bodies: FxHashMap::default(), left: tokens, brought: 0, diagnostics };
    expansion.left = without_definitions(std::mem::take(&mut expansion.left));
    expansion.left.reverse();
    let mut expanded = Vec::with_capacity(expansion.left.len());
    while let Some(token) = expansion.left.pop() {
        match macros.by_name.get(token.text) {
            Some(found) if is_command(&token) => expansion.replace(token, found),
            _ => expanded.push(token),
        }
    }
    expanded
}

fn without_definitions(tokens: Vec<Token>) -> Vec<Token> {
    if !tokens.iter().any(|token| token.is_known(Meaning::Definition)) {
        return tokens;
    }
    let partners = braces(&tokens);
    let (mut kept, mut at) = (Vec::with_capacity(tokens.len()), 0);
    while at < tokens.len() {
        if tokens[at].is_known(Meaning::Definition) {
            at = definition_end(&tokens, &partners, at);
        } else {
            kept.push(tokens[at]);
            at += 1;
        }
    }
    kept
}

struct Expansion<'t, 'd> {
    bodies: FxHashMap<&'t str, Vec<Token<'t>>>,
    /// What is still to be read, the next token last.
    left: Vec<Token<'t>>,
    brought: usize,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'t> Expansion<'t, '_> {
    fn replace(&mut self, command: Token<'t>, found: &'t Macro) {
        let mut span = command.span;
        if found.refused || self.brought > MAX_EXPANSION {
            let what = format!("the macro `\\{}`", command.text);
            let code = Code::Budget { what, limit: format!("{MAX_EXPANSION} tokens") };
            self.diagnostics.push(Diagnostic::error(code, span));
            self.left.extend(found.refused.then_some(Token { kind: TokenKind::Symbol, ..command }));
            if !found.refused {
                self.left.clear();
            }
            return;
        }
        let mut arguments = Vec::new();
        if found.paired {
            self.pass_typography();
        }
        for index in 0..found.arguments {
            let argument = match (&found.default, index) {
                (Some(default), 0) => {
                    self.optional(&mut span).unwrap_or_else(|| placed(tokenize(default, 0), span))
                }
                _ => match self.argument(&mut span) {
                    Some(argument) => argument,
                    None => return self.missing(command),
                },
            };
            arguments.push(argument);
        }
        let body = self.bodies.entry(found.body.as_str()).or_insert_with(|| tokenize(&found.body, 0)).clone();
        let before = self.left.len();
        for token in placed(body, span).iter().rev() {
            match token.kind {
                TokenKind::Parameter => {
                    let index = token.text.bytes().next().map_or(0, |digit| usize::from(digit - b'1'));
                    self.left.extend(arguments.get(index).into_iter().flatten().rev().copied());
                }
                _ => self.left.push(*token),
            }
        }
        if let Some(first) = self.left[before..].last_mut() {
            (first.spaced, first.breaks) = (command.spaced, command.breaks);
        }
        self.brought += self.left.len() - before + 1;
    }

    fn missing(&mut self, command: Token<'t>) {
        let expected = format!("an argument of the macro `\\{}`", command.text);
        let code = Code::Latex { expected, found: "the end".into() };
        self.diagnostics.push(Diagnostic::error(code, command.span));
    }

    /// `{…}` without its braces, or one token.
    fn argument(&mut self, span: &mut Span) -> Option<Vec<Token<'t>>> {
        let first = self.left.pop()?;
        *span = span.to(first.span);
        if first.kind != TokenKind::Open(Shape::Brace) {
            return Some(vec![first]);
        }
        let (mut argument, mut depth) = (Vec::new(), 1);
        while let Some(token) = self.left.pop() {
            *span = span.to(token.span);
            match token.kind {
                TokenKind::Open(Shape::Brace) => depth += 1,
                TokenKind::Close(Shape::Brace) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(argument);
            }
            argument.push(token);
        }
        None
    }

    /// `[…]`, when it is there.
    fn optional(&mut self, span: &mut Span) -> Option<Vec<Token<'t>>> {
        if self.left.last()?.kind != TokenKind::Open(Shape::Square) {
            return None;
        }
        let close = self
            .left
            .iter()
            .rev()
            .take(200)
            .position(|token| token.kind == TokenKind::Close(Shape::Square))?;
        let taken = self.left.split_off(self.left.len() - close - 1);
        *span = span.to(taken[0].span);
        Some(taken[1..close].iter().rev().copied().collect())
    }

    /// `*` or `[\big]` between `\norm` and its argument.
    fn pass_typography(&mut self) {
        if self.left.last().is_some_and(|token| token.is_symbol("*")) {
            self.left.pop();
        }
        self.optional(&mut Span::default());
    }
}

fn placed(tokens: Vec<Token>, span: Span) -> Vec<Token> {
    tokens.into_iter().map(|token| Token { span, ..token }).collect()
}
