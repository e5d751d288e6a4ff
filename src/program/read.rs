//! Text → [`Body`]: `r = horner(z, 1, 1/2)` is `Set("r", 1 + z·(1/2))`.
//!
//! The grammar is that of the module's example. The reader knows which names have values where: a name is used after it
//! is set, and what is set in one branch or in a loop alone is gone behind it.

use super::tokens::{Placed, Token, tokenize};
use super::{Body, CONSTANTS, Condition, ELEMENTARY, Operator, Relation, Statement, Term};

const RESERVED: [&str; 8] = ["if", "else", "while", "return", "and", "or", "not", "horner"];

/// Reads a body whose parameters have these names; what is wrong comes with its line.
///
/// ```
/// use referee::program::{read, run};
/// let body = read("y = horner(x, 1, 1/2)\nreturn y, x*y", &["x"]).unwrap();
/// assert_eq!(run(&body, &["x"], &[4.0], &|_, _| vec![]), [3.0, 12.0]);
/// assert_eq!(read("return y", &["x"]).unwrap_err(), "line 1: `y` has no value yet");
/// ```
pub fn read(text: &str, parameters: &[&str]) -> Result<Body, String> {
    let tokens = tokenize(text)?;
    if let Some(name) = parameters.iter().find(|name| is_taken(name)) {
        return Err(format!("line 0: `{name}` has a meaning of its own"));
    }
    let known = parameters.iter().map(|name| (*name).to_owned()).collect();
    Reader { tokens, place: 0, known }.body()
}

/// Is the name a keyword, a constant or an elementary function?
fn is_taken(name: &str) -> bool {
    RESERVED.contains(&name)
        || CONSTANTS.contains(&name)
        || ELEMENTARY.iter().any(|(taken, _)| *taken == name)
}

struct Reader<'t> {
    tokens: Vec<Placed<'t>>,
    place: usize,
    /// Names that have a value here.
    known: Vec<String>,
}

type Read<T> = Result<T, String>;

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.place).map(|(_, token)| *token)
    }

    /// Goes on behind the token if it stands here.
    fn accept(&mut self, wanted: Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.place += usize::from(found);
        found
    }

    fn accept_symbol(&mut self, symbol: &str) -> bool {
        self.accept(Token::Symbol(symbol))
    }

    fn accept_word(&mut self, word: &str) -> bool {
        self.accept(Token::Word(word))
    }

    fn expect(&mut self, symbol: &str) -> Read<()> {
        if self.accept_symbol(symbol) { Ok(()) } else { self.expected(&format!("`{symbol}`")) }
    }

    fn line(&self) -> usize {
        self.tokens.get(self.place).or(self.tokens.last()).map_or(1, |(line, _)| *line)
    }

    fn fail<T>(&self, message: &str) -> Read<T> {
        Err(format!("line {}: {message}", self.line()))
    }

    fn expected<T>(&self, what: &str) -> Read<T> {
        let found = match self.peek() {
            Some(Token::Number(text) | Token::Word(text) | Token::Symbol(text)) => format!("`{text}`"),
            Some(Token::Comment(_)) => "a remark".to_owned(),
            Some(Token::LineEnd) => "the end of the line".to_owned(),
            None => "the end".to_owned(),
        };
        self.fail(&format!("expected {what}, found {found}"))
    }

    fn body(mut self) -> Read<Body> {
        let mut statements = Vec::new();
        loop {
            if self.accept_word("return") {
                let results = self.list_of_terms()?;
                self.line_end(&mut statements)?;
                let body = Body { statements, results };
                return if self.peek().is_none() {
                    Ok(body)
                } else {
                    self.expected("nothing behind `return`")
                };
            }
            self.statement(&mut statements)?;
        }
    }

    /// `{ … }`
    fn block(&mut self) -> Read<Vec<Statement>> {
        self.expect("{")?;
        let mut statements = Vec::new();
        self.line_end(&mut statements)?;
        while !self.accept_symbol("}") {
            self.statement(&mut statements)?;
        }
        Ok(statements)
    }

    /// The end of a line, or a remark before it, which goes before the last statement.
    fn line_end(&mut self, statements: &mut Vec<Statement>) -> Read<()> {
        if let Some(Token::Comment(remark)) = self.peek() {
            self.place += 1;
            let before = statements.len().saturating_sub(1);
            statements.insert(before, Statement::Comment(remark.to_owned()));
        }
        if self.accept(Token::LineEnd) { Ok(()) } else { self.expected("the end of the line") }
    }

    fn statement(&mut self, statements: &mut Vec<Statement>) -> Read<()> {
        match self.peek() {
            Some(Token::Comment(remark)) => {
                self.place += 1;
                statements.push(Statement::Comment(remark.to_owned()));
                return if self.accept(Token::LineEnd) {
                    Ok(())
                } else {
                    self.expected("the end of the line")
                };
            }
            Some(Token::Word("if")) => {
                self.place += 1;
                let statement = self.branches()?;
                statements.push(statement);
            }
            Some(Token::Word("while")) => {
                self.place += 1;
                let condition = self.condition()?;
                let before = self.known.clone();
                let body = self.block()?;
                self.known = before;
                statements.push(Statement::While(condition, body));
            }
            Some(Token::Word(_)) => {
                let statement = self.assignment()?;
                statements.push(statement);
            }
            _ => return self.expected("a statement or `return`"),
        }
        self.line_end(statements)
    }

    /// What follows `if`. Behind it those names are known that have a value in both branches.
    fn branches(&mut self) -> Read<Statement> {
        let condition = self.condition()?;
        let before = self.known.clone();
        let first = self.block()?;
        let known_in_first = std::mem::replace(&mut self.known, before);
        let second = if !self.accept_word("else") {
            Vec::new()
        } else if self.accept_word("if") {
            vec![self.branches()?]
        } else {
            self.block()?
        };
        self.known.retain(|name| known_in_first.contains(name));
        Ok(Statement::If(condition, first, second))
    }

    /// `a = …`, `a, b = f(…)`
    fn assignment(&mut self) -> Read<Statement> {
        let mut names = Vec::new();
        loop {
            match self.peek() {
                Some(Token::Word(name)) if is_taken(name) => {
                    return self.fail(&format!("`{name}` has a meaning of its own"));
                }
                Some(Token::Word(name)) => names.push(name.to_owned()),
                _ => return self.expected("a name"),
            }
            self.place += 1;
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect("=")?;
        let value = self.term()?;
        if names.len() > 1 && !matches!(value, Term::Call(..)) {
            return self.fail("only a call has several results");
        }
        for name in &names {
            if !self.known.contains(name) {
                self.known.push(name.clone());
            }
        }
        Ok(if names.len() == 1 {
            Statement::Set(names.remove(0), value)
        } else {
            Statement::SetMany(names, value)
        })
    }

    fn condition(&mut self) -> Read<Condition> {
        let mut left = self.conjunction()?;
        while self.accept_word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.conjunction()?));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Read<Condition> {
        let mut left = self.negation()?;
        while self.accept_word("and") {
            left = Condition::And(Box::new(left), Box::new(self.negation()?));
        }
        Ok(left)
    }

    /// `not …`, `a < b`, or a condition in brackets.
    fn negation(&mut self) -> Read<Condition> {
        if self.accept_word("not") {
            return Ok(Condition::Not(Box::new(self.negation()?)));
        }
        let start = self.place;
        let comparison = self.comparison();
        if comparison.is_ok() {
            return comparison;
        }
        let reached = std::mem::replace(&mut self.place, start);
        if !self.accept_symbol("(") {
            self.place = reached;
            return comparison;
        }
        let inner = self.condition();
        if inner.is_ok() && self.accept_symbol(")") {
            return inner;
        }
        // The reading that came farther is the one that was meant.
        if inner.is_err() && self.place > reached { inner } else { comparison }
    }

    fn comparison(&mut self) -> Read<Condition> {
        let left = self.term()?;
        let relation = match self.peek() {
            Some(Token::Symbol("<")) => Relation::Less,
            Some(Token::Symbol("<=")) => Relation::LessOrEqual,
            Some(Token::Symbol(">")) => Relation::Greater,
            Some(Token::Symbol(">=")) => Relation::GreaterOrEqual,
            Some(Token::Symbol("==")) => Relation::Equal,
            Some(Token::Symbol("!=")) => Relation::NotEqual,
            _ => return self.expected("a comparison"),
        };
        self.place += 1;
        Ok(Condition::Compare(relation, left, self.term()?))
    }

    fn list_of_terms(&mut self) -> Read<Vec<Term>> {
        let mut terms = vec![self.term()?];
        while self.accept_symbol(",") {
            terms.push(self.term()?);
        }
        Ok(terms)
    }

    /// Sums, from the left.
    fn term(&mut self) -> Read<Term> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some(Token::Symbol("+")) => Operator::Add,
                Some(Token::Symbol("-")) => Operator::Subtract,
                _ => return Ok(left),
            };
            self.place += 1;
            left = Term::Binary(operator, Box::new(left), Box::new(self.product()?));
        }
    }

    /// Products and quotients, from the left.
    fn product(&mut self) -> Read<Term> {
        let mut left = self.factor()?;
        loop {
            let operator = match self.peek() {
                Some(Token::Symbol("*")) => Operator::Multiply,
                Some(Token::Symbol("/")) => Operator::Divide,
                _ => return Ok(left),
            };
            self.place += 1;
            left = Term::Binary(operator, Box::new(left), Box::new(self.factor()?));
        }
    }

    fn factor(&mut self) -> Read<Term> {
        if self.accept_symbol("-") {
            return Ok(Term::Negative(Box::new(self.factor()?)));
        }
        if self.accept_symbol("(") {
            let inner = self.term()?;
            self.expect(")")?;
            return Ok(inner);
        }
        match self.peek() {
            Some(Token::Number(digits)) => {
                self.place += 1;
                Ok(Term::Number(digits.to_owned()))
            }
            Some(Token::Word(name)) => {
                self.place += 1;
                if self.accept_symbol("(") { self.call(name) } else { self.name(name) }
            }
            _ => self.expected("a term"),
        }
    }

    fn name(&mut self, name: &str) -> Read<Term> {
        if CONSTANTS.contains(&name) || self.known.iter().any(|known| known == name) {
            return Ok(Term::Name(name.to_owned()));
        }
        self.place -= 1;
        self.fail(&format!("`{name}` has no value yet"))
    }

    /// What follows `name(`.
    fn call(&mut self, name: &str) -> Read<Term> {
        let arguments = self.list_of_terms()?;
        self.expect(")")?;
        let arity = ELEMENTARY.iter().find(|(known, _)| *known == name).map(|(_, arity)| *arity);
        match arity {
            Some(arity) if arity != arguments.len() => {
                self.fail(&format!("`{name}` takes {arity} arguments"))
            }
            None if name == "horner" => self.horner(arguments),
            None if is_taken(name) => self.fail(&format!("`{name}` is no function")),
            _ => Ok(Term::Call(name.to_owned(), arguments)),
        }
    }

    /// c₀ + z·(c₁ + z·(c₂ + …)).
    fn horner(&mut self, mut coefficients: Vec<Term>) -> Read<Term> {
        let variable = coefficients.remove(0);
        if !matches!(variable, Term::Name(_)) {
            return self.fail("the first argument of `horner` is a name");
        }
        let Some(mut sum) = coefficients.pop() else {
            return self.fail("`horner` has no coefficients");
        };
        while let Some(next) = coefficients.pop() {
            let product = Term::Binary(Operator::Multiply, Box::new(variable.clone()), Box::new(sum));
            sum = Term::Binary(Operator::Add, Box::new(next), Box::new(product));
        }
        Ok(sum)
    }
}
