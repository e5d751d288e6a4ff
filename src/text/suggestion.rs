//! The known word nearest to a mistyped one: `digama` → `digamma`.

/// Longer words are not compared.
const LONGEST: usize = 64;

/// The nearest of the known words, when it is near enough to be what was meant; of equally near ones
/// the first. A word of n letters may differ by n/3 changes, at least one: a letter changed, added
/// or left out, or two neighbours exchanged.
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let letters: Vec<char> = word.chars().take(LONGEST + 1).collect();
    if letters.len() > LONGEST || letters.len() < 2 {
        return None;
    }
    let allowed = (letters.len() / 3).max(1);
    let near = known.into_iter().filter_map(|candidate| {
        let changes = changes(&letters, &candidate.chars().take(2 * LONGEST).collect::<Vec<_>>());
        (candidate != word && changes <= allowed).then_some((changes, candidate))
    });
    near.min_by_key(|&(changes, _)| changes).map(|(_, candidate)| candidate.to_string())
}

/// Optimal string alignment: the fewest changes that turn one word into the other, case not counted,
/// so that `kl` finds `KL`.
fn changes(from: &[char], to: &[char]) -> usize {
    let same = |a: char, b: char| a.to_lowercase().eq(b.to_lowercase());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for i in 1..=from.len() {
        let mut row = vec![i];
        for j in 1..=to.len() {
            let replaced = last[j - 1] + usize::from(!same(from[i - 1], to[j - 1]));
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && same(from[i - 1], to[j - 2]) && same(from[i - 2], to[j - 1]) {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["sigma", "digamma", "trigamma", "mu", "KL"];
        let check =
            |word: &str, expected: Option<&str>| assert_eq!(suggest(word, known).as_deref(), expected);
        check("sgima", Some("sigma"));
        check("digama", Some("digamma"));
        check("kl", Some("KL"));
        check("nu", Some("mu"));
        check("omega", None);
        check("x", None);
        check("sigma", None);
        check(&"x".repeat(1 << 20), None);
    }
}
