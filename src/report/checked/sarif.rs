//! For tools that collect findings: SARIF 2.1.0.
//!
//! Each finding names its rule, whose help stands beside, its region in characters, and a fingerprint of its text, so that
//! it is known again after lines have moved.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::CheckedFile;
use super::findings::{Finding, findings};
use crate::report::verdict;
use crate::text::{Code, Severity};

/// Where the schema stands that the document follows.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The whole document.
pub fn sarif(files: &[CheckedFile]) -> Value {
    let found: Vec<(&CheckedFile, Finding)> = files
        .iter()
        .flat_map(|file| findings(file).into_iter().map(move |finding| (file, finding)))
        .collect();
    let mut rules: Vec<&str> = found.iter().map(|(_, finding)| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut seen = HashMap::new();
    let results = found.iter().map(|(file, finding)| result(file, finding, &rules, &mut seen));
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "referee",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|name| rule(name)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn rule(name: &str) -> Value {
    let text = Code::explanation(name).or_else(|| verdict::meaning(name)).unwrap_or(name);
    json!({
        "id": name,
        "shortDescription": { "text": name.replace('-', " ") },
        "fullDescription": { "text": text },
        "help": { "text": text },
        "defaultConfiguration": { "level": "error" },
    })
}

fn result(file: &CheckedFile, finding: &Finding, rules: &[&str], seen: &mut HashMap<u64, usize>) -> Value {
    let region = match finding.place {
        Some((start, end)) => json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
            "snippet": { "text": finding.text },
        }),
        // A file that could not be read as a whole.
        None => json!({ "startLine": 1, "endLine": 1 }),
    };
    let key = fingerprint([finding.rule, &file.path, &words(&finding.text)]);
    let times = seen.entry(key).or_default();
    *times += 1;
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rules.iter().position(|rule| *rule == finding.rule),
        "level": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": { "text": format!("{}{}", lead(finding), finding.message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&file.path) },
            "region": region,
        } }],
        "partialFingerprints": { "text/v1": format!("{key:016x}:{times}") },
    })
}

/// The text with single blanks: a line that is broken anew is the same text.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A step begins with its verdict; a diagnostic speaks for itself.
fn lead(finding: &Finding) -> String {
    if finding.message.starts_with(&finding.title) { String::new() } else { format!("{}: ", finding.title) }
}

/// A path as a relative reference, or a `file` URI when it is absolute.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// FNV-1a (Fowler, Noll, Vo; 64 bits) of several texts: the same number on every machine.
fn fingerprint<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a/b c.md"), "a/b%20c.md");
        assert_eq!(uri("/tmp/μ.md"), "file:///tmp/%CE%BC.md");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }

    #[test]
    fn a_fingerprint_is_fnv_1a() {
        // The published value of "a"; the 0 behind each text keeps "ab", "c" and "a", "bc" apart.
        let plain = |text: &str| {
            text.bytes()
                .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
        };
        assert_eq!(plain("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fingerprint(["a"]), plain("a\0"));
        assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
    }
}
