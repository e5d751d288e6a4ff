//! Statements that nearly hold: equal to many digits, on a part of the domain, for some families, to a lower order. None is proved.

use std::fs;
use std::path::Path;

use referee::article::check;
use referee::syntax::ItemKind;
use referee::text::Source;
use referee::verify::Verdict;

#[test]
fn no_near_miss_is_proved() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("derivations/faulty");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name.starts_with("near-misses"));
    names.sort();
    let (mut refuted, mut others) = (0, Vec::new());
    for name in names {
        let outcome = check(&Source::new(&name, fs::read_to_string(folder.join(&name)).unwrap()), None);
        let claims: Vec<_> = outcome.items.iter().filter(|item| item.kind == ItemKind::Claim).collect();
        // A claim that is not read as one would be missed here.
        let written = outcome.source.text.lines().filter(|line| line.starts_with("claim ")).count();
        assert_eq!(claims.len(), written, "{name}");
        for item in claims {
            let verdict = item.verdict.as_ref().expect("a claim has a verdict");
            assert!(!matches!(verdict, Verdict::Proved(_)), "{name}:{}: {}", item.at.line, item.text);
            assert!(item.passes, "{name}:{}: {} is {}", item.at.line, item.text, verdict.word());
            if verdict.is_refuted() {
                refuted += 1;
            } else {
                others.push(format!("{name}:{} {}", item.at.line, verdict.word()));
            }
        }
    }
    assert!(refuted >= 160 && others.len() <= 20, "{refuted} refuted; {others:?}");
}
