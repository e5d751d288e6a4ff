//! The command line: the only place that reads files and prints.
//!
//! `referee derive gamma` finds the family, derives, and writes the result to standard output; whatever is
//! wrong with the input goes to standard error, with its line and a caret. With `--format json` and wrong
//! input, standard output holds `{"diagnostics": […]}` as well, so that a program need not read the other.

mod answer;
mod arguments;
mod check;
mod derive;
mod explain;
mod families;
mod files;
mod generate;
mod input;
mod parallel;
mod point;
mod prove;
mod repeated;
mod snapshot;
mod suggest;
mod usage;
mod verify;

use std::collections::HashSet;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{CommandFactory, Parser};

pub use arguments::Arguments;

use crate::report::derivation::Letters;
use crate::text::{Code, Diagnostic, Severity, Source, Span, render};
use answer::{Answer, Body, Status, Wrong, diagnostics_with_help, says_more};
use arguments::{Color, Command, Format, FormatName, Output};

/// So many diagnostics of one file are shown on a terminal; the others are counted.
const MOST: usize = 100;

/// What `sysexits.h` calls an internal software error.
const BUG: u8 = 70;

/// Reads the process's arguments, runs the command and returns the exit status.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // The last resort: no input may lead here, and if one does, whoever wrote it is not to blame.
        let place = panic.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
        let _ = writeln!(
            io::stderr(),
            "error: this is a bug in referee{place}\nhelp: please report it together with the input"
        );
    }));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            if error.use_stderr() && usage::wants_json(std::env::args().skip(1)) {
                print(&Body::Json(usage::wrong(&error, std::env::args().skip(1)).json()));
            }
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    std::panic::catch_unwind(|| ExitCode::from(run(arguments))).unwrap_or(ExitCode::from(BUG))
}

fn run(arguments: Arguments) -> u8 {
    let output = arguments.output;
    match output.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
    match answer(arguments.command, &output) {
        Ok(answer) => {
            complain(&answer.wrong, output.quiet);
            match output.quiet || print(&answer.body) {
                true => answer.status as u8,
                false => Status::WrongInput as u8,
            }
        }
        Err(wrong) => {
            complain(&wrong, output.quiet);
            if output.format == FormatName::Json && !output.quiet {
                print(&Body::Json(wrong.json()));
            }
            Status::WrongInput as u8
        }
    }
}

fn answer(command: Command, output: &Output) -> Result<Answer, Wrong> {
    if let Command::Check(command) = &command {
        return check::run(command, output);
    }
    let format = common(output.format)?;
    match command {
        Command::Derive(command) => derive::run(&command, format),
        Command::Generate(command) => generate::run(&command, format),
        Command::Verify(command) => verify::run(&command, format),
        Command::Check(_) => unreachable!("answered above"),
        Command::Snapshot(command) => snapshot::run(&command, format, output.quiet),
        Command::Prove(command) => prove::run(&command, format),
        Command::Families => families::run(format),
        Command::Explain { name } => explain::run(name.as_deref(), format),
        Command::Completions { shell } => Ok(completions(shell)),
    }
}

/// The format, where every command writes it.
fn common(format: FormatName) -> Result<Format, Wrong> {
    format.common().ok_or_else(|| {
        let word = format.word();
        let code = Code::Syntax { expected: "`text` or `json`".into(), found: format!("`{word}`") };
        let help = format!("`{word}` is a format of `referee check`");
        let diagnostic = Diagnostic::error(code, Span::new(0, word.len())).with_help(help);
        Wrong::one(Source::new("<format>", word), diagnostic)
    })
}

/// Writes a result, and says whether it arrived. A reader that has gone away, such as `head`, is no error; a
/// full disk is one.
fn print(body: &Body) -> bool {
    let text = match body {
        Body::Text(markup) => markup.styled(),
        Body::Json(value) => format!("{value:#}\n"),
        Body::Written(text) => text.clone(),
    };
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let reason = input::reason(&error);
            let _ = writeln!(
                io::stderr(),
                "error: cannot write to standard output: {reason}\nhelp: the result is not complete; write it elsewhere"
            );
            false
        }
        _ => true,
    }
}

/// Says on standard error what is wrong; quietly, the errors alone.
fn complain(wrong: &Wrong, quiet: bool) {
    let color = anstream::stderr().current_choice() != ColorChoice::Never;
    let mut err = anstream::stderr().lock();
    let (mut gap, mut explained) = ("", HashSet::new());
    for (source, diagnostics) in &wrong.0 {
        let mut said = repeated::said_once(source, diagnostics_with_help(diagnostics));
        said.retain(|diagnostic| !quiet || diagnostic.severity == Severity::Error);
        for diagnostic in &mut said {
            // Where a code is explained is said once, however often it occurs.
            let general = says_more(diagnostic);
            let Some(places) = diagnostic.help.as_ref().and_then(|help| help.strip_prefix(&general)) else {
                continue;
            };
            if !explained.insert(diagnostic.code.name()) {
                let places = places.trim_start_matches("; ");
                diagnostic.help = (!places.is_empty()).then(|| places.to_owned());
            }
        }
        let is_cut = said.last().is_some_and(|last| matches!(last.code, Code::MoreErrors { .. }));
        if said.len() > MOST && !is_cut {
            let span = said[MOST].span;
            let more = Diagnostic::note(Code::MoreErrors { count: said.len() - MOST }, span);
            said.truncate(MOST);
            said.push(more.with_help("`--format json` lists them all"));
        }
        if !said.is_empty() {
            let _ = write!(err, "{gap}{}", render(source, &said, color));
            gap = "\n";
        }
    }
}

fn completions(shell: clap_complete::Shell) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "referee", &mut script);
    Answer::text(String::from_utf8_lossy(&script))
}

/// Greek letters, unless the locale says that the terminal has none.
fn letters() -> Letters {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    match named.map(|locale| locale.to_lowercase()) {
        Some(locale) if !locale.contains("utf-8") && !locale.contains("utf8") => Letters::Latin,
        _ => Letters::Greek,
    }
}
