//! The nearest known name to an unknown one, for "did you mean".
//!
//! `digama` → `digamma`: letters inserted, deleted, replaced or swapped, at most a third of the name.

/// The candidate nearest to `name`; nothing when every one differs in more than a third of its letters.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > 64 {
        return None;
    }
    candidates
        .into_iter()
        .map(|known| (edit_distance(name, known), known))
        .filter(|&(distance, known)| 3 * distance <= length.max(known.chars().count()))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, known)| known)
}

fn edit_distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) =
        (from.to_lowercase().chars().collect(), to.to_lowercase().chars().collect());
    let mut rows = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            rows[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
                    let best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                    if swapped { best.min(rows[i - 2][j - 2] + 1) } else { best }
                }
            };
        }
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_a_letter_is_named_and_a_stranger_is_not() {
        assert_eq!(nearest("digama", ["gamma", "digamma", "log"]), Some("digamma"));
        assert_eq!(nearest("simga", ["mu", "sigma"]), Some("sigma"));
        assert_eq!(nearest("frobnicate", ["mu", "sigma"]), None);
    }
}
