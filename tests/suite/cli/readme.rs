//! The tour of the README, run.

use super::run;

/// Whether the lines are as shown, where a line `…` stands for any number of lines.
fn is_shown(shown: &[&str], lines: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((&"…", rest)) => (0..=lines.len()).any(|skipped| is_shown(rest, &lines[skipped..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, left)| line == first && is_shown(rest, left))
        }
    }
}

/// The words of a command, as a shell divides them.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn the_tour_of_the_readme_is_real() {
    let readme = include_str!("../../../README.md");
    let mut commands = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("a block ends");
        for part in block.split("$ referee ").skip(1) {
            let (command, shown) = part.split_once('\n').expect("a command and its output");
            let arguments = words(command);
            let ran = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            let out = format!("{}{}", ran.out, ran.err);
            let (shown, lines): (Vec<&str>, Vec<&str>) = (shown.lines().collect(), out.lines().collect());
            assert!(is_shown(&shown, &lines), "{command}\n{out}");
            commands += 1;
        }
    }
    assert!(commands >= 6);
}
