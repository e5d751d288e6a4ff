//! Measured errors as Markdown.

use super::measure::{Errors, WELL};

/// What the columns mean.
pub fn legend(language: &str, points: usize) -> String {
    format!(
        "Errors of the generated {language} against rigorous enclosures, in units in the last place, at {points} points of the \
domain of each function:\ndistances from bounds, and absolute values where there is no bound, are log-uniform over 1, 4, 16 and \
100 decades on either side of 1.

| column | means |
|---|---|
| well | largest error where κ ≤ {WELL}, with κ = Σᵢ \\|xᵢ ∂f/∂xᵢ / f\\| |
| /(1+κ) | largest error divided by 1 + κ: the target is 16 |
| raw | largest error anywhere, however ill-conditioned |
| lost | NaN or infinite where the value is an ordinary float: must be 0 |
| open | values that no enclosure of 4096 bits settles, or at a root of the function |
| small | values below 2.2e-308, and how many were computed as larger ones or with the wrong sign |
| large | values above 1.8e308, and how many were computed as finite or with the wrong sign |
| outside | points outside of the domain, and how many did not give NaN: must be 0 |
"
    )
}

/// One row for each family: how many functions and values, the worst of them, and how many functions reach every target.
pub fn summary<'a>(families: impl Iterator<Item = (&'a str, &'a [(String, Errors)])>) -> String {
    let mut text = "| family | functions | values | largest /(1+κ) | in | reach the target |\n|---|--:|--:|--:|---|--:|\n".to_owned();
    for (family, functions) in families {
        let values: usize = functions.iter().map(|(_, e)| e.compared).sum();
        let worst = functions.iter().max_by(|a, b| a.1.scaled.value.total_cmp(&b.1.scaled.value));
        let Some((name, worst)) = worst else { continue };
        let reached = functions.iter().filter(|(_, e)| e.misses().is_empty()).count();
        text += &format!(
            "| {family} | {} | {values} | {} | {name} | {} |\n",
            functions.len(),
            ulps(worst.scaled.value),
            if reached == functions.len() { "all".to_owned() } else { format!("**{reached}**") }
        );
    }
    text
}

/// The heading of a table.
pub fn head() -> String {
    "| family | function | points | well | /(1+κ) | raw | lost | open | small | large | outside |\n\
     |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned()
}

/// One row.
pub fn row(family: &str, function: &str, e: &Errors) -> String {
    format!(
        "| {family} | {function} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        e.points,
        ulps(e.well.value),
        ulps(e.scaled.value),
        ulps(e.raw.value),
        e.lost_count,
        e.unsettled,
        pair(e.small, e.small_wrong),
        pair(e.large, e.large_wrong),
        pair(e.outside, e.outside_wrong),
    )
}

fn ulps(value: f64) -> String {
    match value {
        v if v < 100.0 => format!("{v:.1}"),
        v if v < 1e6 => format!("{v:.0}"),
        v => format!("{v:.0e}"),
    }
}

fn pair(count: usize, wrong: usize) -> String {
    match (count, wrong) {
        (0, _) => "–".to_owned(),
        (count, 0) => format!("{count}"),
        (count, wrong) => format!("{count}, **{wrong}**"),
    }
}
