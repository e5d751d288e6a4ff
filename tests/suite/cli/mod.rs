//! The binary as a user meets it: every command, every kind of wrong input, and the exit status of each.

mod article;
mod check;
mod derive;
mod formats;
mod generate;
mod others;
mod prove;
mod readme;
mod snapshot;
mod verify;
mod wrong_input;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What came back.
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.out, self.err))
    }

    #[track_caller]
    fn says(&self, words: &[&str]) -> &Ran {
        for word in words {
            assert!(
                self.out.contains(word) || self.err.contains(word),
                "no `{word}` in\n{}{}",
                self.out,
                self.err
            );
        }
        self
    }
}

fn referee() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_referee"));
    command.env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

#[track_caller]
fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    ran(referee().args(arguments), input)
}

/// Runs a command, within bounds.
#[track_caller]
fn ran(command: &mut Command, input: &[u8]) -> Ran {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that does not read its input closes the pipe.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the input is written");
    // Generous: the machine may be busy. Without a bound these inputs take hours, or all memory.
    assert!(start.elapsed() < Duration::from_secs(30), "{command:?} took {:?}", start.elapsed());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!err.contains("panicked") && !err.contains("bug in referee"), "{command:?}: {err}");
    Ran { status: output.status.code().expect("the binary was not killed"), out, err }
}

#[track_caller]
fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, b"")
}

/// Runs, and expects a status and words on either stream.
#[track_caller]
fn check(arguments: &[&str], status: i32, words: &[&str]) -> Ran {
    let ran = run(arguments);
    assert_eq!(ran.status, status, "{arguments:?}\n{}{}", ran.out, ran.err);
    ran.says(words);
    ran
}

/// `derive -` on this text is wrong input: status 2, a code with its place, a help line or a suggestion, and
/// nothing on standard output.
#[track_caller]
fn check_wrong(text: impl AsRef<[u8]>, code: &str, place: &str, words: &[&str]) {
    let ran = run_with(&["derive", "-"], text.as_ref());
    assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{}", ran.err);
    ran.says(&[&format!("error[{code}]"), &format!("<stdin>:{place}")]).says(words);
    assert!(ran.err.contains("help: ") || ran.err.contains("did you mean"), "no help in\n{}", ran.err);
    let ran = run_with(&["derive", "-", "--format", "json"], text.as_ref());
    let diagnostics = ran.json()["diagnostics"].as_array().expect("a list").clone();
    assert!(diagnostics.iter().any(|d| d["code"] == code && d["help"].is_string()), "{diagnostics:?}");
}

const GAMMA: &str = "family gamma(alpha > 0, beta > 0)\nx > 0\n\
    log p(x) = alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x\n";

/// A file of its own below the folder for temporary files, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    /// Runs in the folder, so that paths are the same on every machine.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Ran {
        ran(referee().args(arguments).current_dir(&self.0), b"")
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
