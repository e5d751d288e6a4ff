//! Lists the families of `derivations/families/`, so that adding a family is adding one file.

use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() {
    let folder = Path::new("derivations/families");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder of families is part of the crate")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|file| file.strip_suffix(".md").map(str::to_owned))
        .collect();
    names.sort();
    let mut text = String::from("&[\n");
    for name in &names {
        let path = fs::canonicalize(folder.join(format!("{name}.md"))).expect("a listed file exists");
        println!("cargo::rerun-if-changed={}", folder.join(format!("{name}.md")).display());
        writeln!(text, "    Embedded {{ name: {name:?}, text: include_str!({path:?}) }},")
            .expect("a string grows");
    }
    text.push(']');
    let out = env::var("OUT_DIR").expect("cargo names the folder for generated files");
    fs::write(Path::new(&out).join("families.rs"), text).expect("the generated list is written");
}
