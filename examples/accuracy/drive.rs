//! Generated code, compiled and called at many points: floats go to the program in files of raw doubles, results come back
//! the same way, so that no digit is lost in print.
//!
//! Each language is a program written around the generated file that calls every function asked for, in order.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use referee::bundle::Made;
use referee::emit::{Argument, Routine, Shape, SourceFile};

use super::measure::width;
use super::sample::length;

/// The languages that can be driven.
pub const LANGUAGES: [&str; 4] = ["c", "rust", "python", "javascript"];

/// One function at many points.
pub struct Calls<'a> {
    /// The routine's name.
    pub routine: &'a Routine,
    /// Flat inputs.
    pub points: Vec<Vec<f64>>,
}

/// What the generated files of a language compute: row after row for each function.
///
/// # Errors
/// What the compiler or the program said.
pub fn run(
    language: &str,
    files: &[SourceFile],
    made: &Made,
    calls: &[Calls<'_>],
    folder: &Path,
) -> Result<Vec<Vec<f64>>, String> {
    fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    for file in files {
        fs::write(folder.join(&file.name), &file.text).map_err(|e| e.to_string())?;
    }
    for call in calls {
        let bytes: Vec<u8> = call.points.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        fs::write(folder.join(format!("{}.in", call.routine.name)), bytes).map_err(|e| e.to_string())?;
    }
    match language {
        "c" => c(files, calls, made, folder)?,
        "rust" => rust(files, calls, made, folder)?,
        "python" => python(files, calls, made, folder)?,
        "javascript" => javascript(files, calls, made, folder)?,
        _ => return Err(format!("no program drives {language}")),
    }
    calls.iter().map(|call| results(call, made, folder)).collect()
}

fn results(call: &Calls<'_>, made: &Made, folder: &Path) -> Result<Vec<f64>, String> {
    let name = &call.routine.name;
    let bytes = fs::read(folder.join(format!("{name}.out"))).map_err(|e| format!("{name}: {e}"))?;
    let values: Vec<f64> =
        bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().expect("eight bytes"))).collect();
    let expected = call.points.len() * width(made, name);
    match values.len() == expected {
        true => Ok(values),
        false => Err(format!("{name}: {} results of {expected}", values.len())),
    }
}

/// No compiler and no program takes as long.
const LIMIT: Duration = Duration::from_secs(300);

/// Runs a command in the folder and returns what it said when it failed; one that does not end has failed.
pub fn say(command: &mut Command, folder: &Path) -> Result<(), String> {
    let shown = format!("{command:?}");
    let wrong = |error: std::io::Error| format!("{shown}: {error}");
    let path = folder.join("said.txt");
    let file = fs::File::create(&path).map_err(wrong)?;
    let beside = file.try_clone().map_err(wrong)?;
    let mut child = command.current_dir(folder).stdout(file).stderr(beside).spawn().map_err(wrong)?;
    let start = Instant::now();
    loop {
        match child.try_wait().map_err(wrong)? {
            Some(status) if status.success() => return Ok(()),
            Some(_) => break,
            None if start.elapsed() > LIMIT => {
                child.kill().map_err(wrong)?;
                child.wait().map_err(wrong)?;
                return Err(format!("{shown} does not end"));
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    let said = fs::read(&path).map_err(wrong)?;
    Err(format!("{shown}\n{}", String::from_utf8_lossy(&said)))
}

/// The interpreter of Python, from `REFEREE_PYTHON`.
pub fn interpreter() -> String {
    std::env::var("REFEREE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// The flat inputs of a call: how many each argument takes, the constants one each, and whether it is a lone float.
fn arguments(made: &Made, routine: &Routine) -> Vec<(usize, bool)> {
    let single = |a: &Argument| *a == Argument::Observation && made.bundle.observation.len() == 1;
    let given = routine.arguments.iter().map(|a| (length(&made.bundle, a), single(a)));
    given.chain(made.bundle.constants.iter().map(|_| (1, true))).collect()
}

fn inputs(made: &Made, routine: &Routine) -> usize {
    arguments(made, routine).iter().map(|(count, _)| count).sum()
}

// C.

/// The prototype of a function in a header: its result, and the dimensions of its parameters.
fn prototype(header: &str, function: &str) -> Result<(String, Vec<Vec<usize>>), String> {
    let at = header
        .match_indices(function)
        .find(|(at, _)| {
            header[at + function.len()..].starts_with('(') && header[..*at].ends_with([' ', '\n'])
        })
        .map(|(at, _)| at)
        .ok_or_else(|| format!("no prototype of {function}"))?;
    let before = header[..at].trim_end();
    let result = before[before.rfind([';', '\n', '/', '}']).map_or(0, |p| p + 1)..].trim().to_owned();
    let list = &header[at + function.len() + 1..];
    let list = &list[..list.find(')').ok_or("an open prototype")?];
    let dimensions = |parameter: &str| {
        let sizes = parameter.split('[').skip(1).map(|part| part.trim_end().trim_end_matches(']'));
        sizes
            .map(|size| size.trim_start_matches("static ").parse().map_err(|_| parameter.to_owned()))
            .collect()
    };
    let parameters: Result<Vec<Vec<usize>>, String> = list.split(',').map(dimensions).collect();
    Ok((result, parameters?))
}

fn c(files: &[SourceFile], calls: &[Calls<'_>], made: &Made, folder: &Path) -> Result<(), String> {
    let is_header = |f: &&SourceFile| f.name.ends_with(".h");
    let header = files.iter().find(is_header).ok_or("no header")?;
    let source = files.iter().find(|f| f.name.ends_with(".c")).ok_or("no source")?;
    let stem = header.name.trim_end_matches(".h");
    let mut text = format!("#include <stdio.h>\n#include \"{}\"\n\nint main(void) {{\n", header.name);
    for call in calls {
        let name = &call.routine.name;
        let (result, parameters) = prototype(&header.text, &format!("{stem}_{name}"))?;
        let count = inputs(made, call.routine);
        let is_void = result.ends_with("void");
        let given = if is_void { &parameters[..parameters.len() - 1] } else { &parameters[..] };
        let (mut at, mut arguments) = (0, Vec::new());
        for dimensions in given {
            arguments.push(if dimensions.is_empty() { format!("v[{at}]") } else { format!("v + {at}") });
            at += dimensions.iter().product::<usize>();
        }
        if at != count {
            return Err(format!("{name} takes {at} floats instead of {count}"));
        }
        let function = format!("{stem}_{name}");
        let work = match is_void {
            true => {
                let out = parameters.last().expect("an output");
                let sizes: String = out.iter().map(|n| format!("[{n}]")).collect();
                arguments.push("r".to_owned());
                format!(
                    "double r{sizes};\n    {function}({});\n    fwrite(r, sizeof r, 1, out);",
                    arguments.join(", ")
                )
            }
            false => format!(
                "double r = (double){function}({});\n    fwrite(&r, sizeof r, 1, out);",
                arguments.join(", ")
            ),
        };
        let _ = write!(
            text,
            "  {{\n    FILE *in = fopen(\"{name}.in\", \"rb\"), *out = fopen(\"{name}.out\", \"wb\");\n    double v[{count}];\n    \
             while (fread(v, sizeof v, 1, in) == 1) {{\n    {work}\n    }}\n    fclose(in);\n    fclose(out);\n  }}\n"
        );
    }
    text += "  return 0;\n}\n";
    fs::write(folder.join("drive.c"), text).map_err(|e| e.to_string())?;
    let flags = ["-std=c99", "-O2", "-ffp-contract=off", "-o", "drive"];
    say(Command::new("cc").args(flags).args(["drive.c", &source.name, "-lm"]), folder)?;
    say(&mut Command::new(folder.join("drive")), folder)
}

// Rust.

fn rust(files: &[SourceFile], calls: &[Calls<'_>], made: &Made, folder: &Path) -> Result<(), String> {
    let file = files.first().ok_or("no file")?;
    let mut text = format!("#[allow(dead_code)]\n#[path = \"{}\"]\nmod family;\n{RUST}", file.name);
    text += "\nfn main() {\n";
    for call in calls {
        let name = &call.routine.name;
        let (mut at, mut list) = (0, Vec::new());
        for (count, is_single) in arguments(made, call.routine) {
            let array = || {
                let parts: Vec<String> = (at..at + count).map(|i| format!("v[{i}]")).collect();
                format!("&[{}]", parts.join(", "))
            };
            list.push(if is_single { format!("v[{at}]") } else { array() });
            at += count;
        }
        let _ = writeln!(
            text,
            "    each(\"{name}\", {at}, |v, out| family::{name}({}).put(out));",
            list.join(", ")
        );
    }
    text += "}\n";
    fs::write(folder.join("drive.rs"), text).map_err(|e| e.to_string())?;
    let flags = ["--edition", "2021", "-O", "-o", "drive", "drive.rs"];
    say(Command::new("rustc").args(flags), folder)?;
    say(&mut Command::new(folder.join("drive")), folder)
}

const RUST: &str = r#"
trait Put {
    fn put(self, out: &mut Vec<u8>);
}
impl Put for f64 {
    fn put(self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }
}
impl Put for bool {
    fn put(self, out: &mut Vec<u8>) {
        f64::from(u8::from(self)).put(out);
    }
}
impl<T: Put, const N: usize> Put for [T; N] {
    fn put(self, out: &mut Vec<u8>) {
        self.into_iter().for_each(|part| part.put(out));
    }
}

fn each(name: &str, count: usize, call: impl Fn(&[f64], &mut Vec<u8>)) {
    let bytes = std::fs::read(format!("{name}.in")).unwrap();
    let values: Vec<f64> = bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
    let mut out = Vec::new();
    for v in values.chunks_exact(count) {
        call(v, &mut out);
    }
    std::fs::write(format!("{name}.out"), out).unwrap();
}
"#;

// Python.

fn python(files: &[SourceFile], calls: &[Calls<'_>], made: &Made, folder: &Path) -> Result<(), String> {
    let file = files.first().ok_or("no file")?;
    let stem = file.name.trim_end_matches(".py");
    let mut text = format!("import numpy as np\nimport {stem} as family\n\n");
    for call in calls {
        let name = &call.routine.name;
        let (mut at, mut list) = (0, Vec::new());
        for (count, is_single) in arguments(made, call.routine) {
            list.push(if is_single { format!("v[:, {at}]") } else { format!("v[:, {at}:{}]", at + count) });
            at += count;
        }
        let _ = writeln!(
            text,
            "v = np.fromfile(\"{name}.in\", dtype=\"<f8\").reshape(-1, {at})\n\
             r = np.asarray(family.{name}({}), dtype=\"<f8\")\n\
             assert r.size == len(v) * {}, r.shape\nr.tofile(\"{name}.out\")",
            list.join(", "),
            width(made, name)
        );
    }
    fs::write(folder.join("drive.py"), text).map_err(|e| e.to_string())?;
    say(Command::new(interpreter()).args(["-W", "error", "-B", "drive.py"]), folder)
}

// JavaScript.

fn javascript(files: &[SourceFile], calls: &[Calls<'_>], made: &Made, folder: &Path) -> Result<(), String> {
    let file = files.first().ok_or("no file")?;
    let mut text =
        format!("import fs from \"node:fs\";\nimport * as family from \"./{}\";\n{JAVASCRIPT}", file.name);
    for call in calls {
        let name = &call.routine.name;
        let (mut at, mut list) = (0, Vec::new());
        for (count, is_single) in arguments(made, call.routine) {
            list.push(if is_single { format!("v[{at}]") } else { format!("v.slice({at}, {})", at + count) });
            at += count;
        }
        let is_truth = if call.routine.result == Shape::Truth { "Number" } else { "" };
        let _ = writeln!(
            text,
            "each(\"{name}\", {at}, (v) => {is_truth}(family.{}({})));",
            exported(&file.text, name),
            list.join(", ")
        );
    }
    fs::write(folder.join("drive.mjs"), text).map_err(|e| e.to_string())?;
    say(Command::new("node").arg("drive.mjs"), folder)
}

/// `log_density` as the module spells it: `logDensity` or as it stands.
fn exported(module: &str, name: &str) -> String {
    if module.contains(&format!("function {name}(")) {
        return name.to_owned();
    }
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
}

const JAVASCRIPT: &str = r#"
function each(name, count, call) {
  const bytes = fs.readFileSync(`${name}.in`);
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const out = [];
  for (let at = 0; at + count <= values.length; at += count) {
    const result = call(Array.from(values.subarray(at, at + count)));
    out.push(...[result].flat(2));
  }
  fs.writeFileSync(`${name}.out`, Buffer.from(new Float64Array(out).buffer));
}
"#;
