//! Generated code against what an expert would write by hand, in the same run: `cargo bench --bench hand`.
//!
//! The Fisher information of the 5-dimensional normal distribution in (μ, Cholesky factor) and of the Dirichlet distribution
//! with ten components in C, `gcc -O2`, medians of alternating rounds; NumPy on a million rows of the gamma distribution, and on
//! many observations of gamma and beta distributions at one θ, in a new process and where memory is reused.
//! `REFEREE_PYTHON` names an interpreter with NumPy and SciPy. The hand-written versions stand beside this file.

use std::path::Path;
use std::process::Command;

use referee::bundle::{Wanted, bundle};
use referee::emit::{self, Bundle, Options};
use referee::expr::Store;
use referee::{deck, syntax};

/// Families written out, as text.
fn normal(size: usize) -> String {
    let names = |letter: &str| (1..=size).map(|i| format!("{letter}{i} real")).collect::<Vec<_>>().join(", ");
    let entry = |i: usize, j: usize| format!("l{i}{j}");
    let mut factors = Vec::new();
    let mut residuals: Vec<String> = Vec::new();
    for i in 1..=size {
        let before: Vec<String> =
            (1..i).map(|j| format!(" - {}*{}", entry(i, j), residuals[j - 1])).collect();
        factors.extend((1..=i).map(|j| format!("{} {}", entry(i, j), if i == j { "> 0" } else { "real" })));
        residuals.push(format!("((x{i} - mu{i}{})/{})", before.concat(), entry(i, i)));
    }
    let logs: String = (1..=size).map(|i| format!(" - log({})", entry(i, i))).collect();
    let squares: String = residuals.iter().map(|r| format!(" - {r}^2/2")).collect();
    let xs: Vec<String> = (1..=size).map(|i| format!("x{i}")).collect();
    format!(
        "family normal{size}({}, {})\n{}\nlog p({}) = -{size}/2*log(2*pi){logs}{squares}",
        names("mu"),
        factors.join(", "),
        names("x"),
        xs.join(", ")
    )
}

fn dirichlet(size: usize) -> String {
    let list = |letter: &str, upto: usize, with: &str| {
        (1..=upto).map(|i| format!("{letter}{i}{with}")).collect::<Vec<_>>()
    };
    let rest = format!("1 - {}", list("x", size - 1, "").join(" - "));
    let terms: String = (1..=size)
        .map(|i| {
            let x = if i == size { rest.clone() } else { format!("x{i}") };
            format!(" - lgamma(a{i}) + (a{i} - 1)*log({x})")
        })
        .collect();
    let xs = list("x", size - 1, "");
    format!(
        "family dirichlet{size}({})\n{}, {} < 1\nlog p({}) = lgamma({}){terms}",
        list("a", size, " > 0").join(", "),
        list("x", size - 1, " > 0").join(", "),
        xs.join(" + "),
        xs.join(", "),
        list("a", size, "").join(" + "),
    )
}

fn generated(text: &str, functions: &[&str]) -> Bundle {
    let document = syntax::read_document(text);
    let mut store = Store::new();
    let texts: Vec<_> = document.families().collect();
    let mut diagnostics = document.diagnostics.clone();
    let families = deck::families(&mut store, &texts, text, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
    let wanted = Wanted::Named(functions.iter().map(|f| (*f).to_owned()).collect());
    bundle(&mut store, &families[0], "base", &wanted, None).expect("the functions exist").bundle
}

fn write(bundle: &Bundle, language: &str, folder: &Path) {
    let language = emit::language(language).expect("a language");
    for file in emit::generate(bundle, language, &Options::default()).expect("a file") {
        std::fs::write(folder.join(file.name), file.text).expect("the folder is ours");
    }
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    if !output.status.success() {
        eprintln!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Nanoseconds for one matrix, generated and by hand.
fn c(text: &str, name: &str, inputs: usize, folder: &Path) {
    write(&generated(text, &["fisher"]), "c", folder);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/hand");
    let program = folder.join(format!("time-{name}"));
    let mut compile = Command::new("gcc");
    compile.args(["-std=c99", "-O2", "-I"]).arg(folder).arg("-o").arg(&program);
    compile.args([
        format!("-DHEADER=\"{name}.h\""),
        format!("-DGENERATED={name}_fisher"),
        format!("-DHAND=hand_{name}_fisher"),
        format!("-DINPUTS={inputs}"),
        format!("-DROWS={inputs}"),
    ]);
    let sources = [here.join("time.c"), here.join(format!("{name}.c")), folder.join(format!("{name}.c"))];
    if output(compile.args(sources).arg("-lm")).is_none() {
        return println!("{name}: not compared");
    }
    let found = output(&mut Command::new(program)).unwrap_or_default();
    let numbers: Vec<f64> = found.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [own, hand, difference, _] = numbers[..] else { return println!("{name}: {found}") };
    println!(
        "{name}: generated {own:.1} ns, by hand {hand:.1} ns, ratio {:.3}; entries differ by at most {difference:.1e}",
        own / hand
    );
}

fn numpy(folder: &Path) {
    for (family, functions) in
        [("gamma", &["in_domain", "log_density", "score", "fisher"][..]), ("beta", &["log_density"][..])]
    {
        let text = deck::find(family).expect("an embedded family").text;
        write(&generated(text, functions), "python", folder);
    }
    let python = std::env::var("REFEREE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/hand/batch.py");
    for part in [&["rows"][..], &["one"][..], &["one", "reused"][..]] {
        match output(Command::new(&python).arg(&script).arg(folder).args(part)) {
            Some(found) => found.lines().for_each(compared),
            None => println!("NumPy, {}: not compared", part.join(", ")),
        }
    }
}

/// Prints what a line of the script says: a name, seconds of either version, the largest difference.
fn compared(line: &str) {
    let words: Vec<&str> = line.split('\t').collect();
    let [name, own, hand, difference] = words[..] else { return };
    let (own, hand): (f64, f64) = (own.parse().unwrap_or(f64::NAN), hand.parse().unwrap_or(f64::NAN));
    println!(
        "NumPy, {name}: generated {:.2} ms, by hand {:.2} ms, ratio {:.3}; entries differ by at most {difference}",
        1e3 * own,
        1e3 * hand,
        own / hand
    );
}

fn main() {
    // `cargo test --benches` runs this without measuring.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let folder = std::env::temp_dir().join(format!("referee-hand-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the measurement");
    c(&normal(5), "normal5", 20, &folder);
    c(&dirichlet(10), "dirichlet10", 10, &folder);
    numpy(&folder);
    let _ = std::fs::remove_dir_all(&folder);
}
