//! How long an article takes from its text to the verdicts on its steps.

use divan::{Bencher, black_box};
use referee::article;
use referee::syntax::read_markdown;
use referee::text::Source;

/// Articles of the library that are mostly formulas.
const ARTICLES: [(&str, &str); 5] = [
    ("fisher-information", include_str!("../derivations/natural-gradient/fisher-information.md")),
    ("gradient-descent", include_str!("../derivations/natural-gradient/gradient-descent.md")),
    ("kl-and-fisher", include_str!("../derivations/natural-gradient/kl-and-fisher.md")),
    ("natural-gradient", include_str!("../derivations/natural-gradient/natural-gradient.md")),
    ("riemannian-metric", include_str!("../derivations/natural-gradient/riemannian-metric.md")),
];

fn main() {
    divan::main();
}

fn text(name: &str) -> &'static str {
    ARTICLES.iter().find(|(known, _)| *known == name).expect("the name is that of an article").1
}

/// The articles' text again and again, up to a length.
fn long(bytes: usize) -> String {
    let mut long = String::with_capacity(bytes + 4096);
    for (_, text) in ARTICLES.iter().cycle() {
        if long.len() >= bytes {
            break;
        }
        long.push_str(text);
        long.push('\n');
    }
    long
}

/// Steps that differ in the names of their variables, four in each display.
fn steps(count: usize) -> String {
    let mut text = String::from("# Steps\n");
    for at in 0..count.div_ceil(4) {
        text.push_str(&format!(
            "\n```referee\nscalar x_{at} > 0, y_{at} > 0\n```\n\n$$\n\\begin{{aligned}}\n\
            (x_{{{at}}} + y_{{{at}}})^2 - x_{{{at}}}^2 &= 2 x_{{{at}}} y_{{{at}}} + y_{{{at}}}^2 \\\\\n\
            &= y_{{{at}}} (2 x_{{{at}}} + y_{{{at}}}) \\\\\n\
            &= y_{{{at}}}^2 \\left(1 + \\frac{{2 x_{{{at}}}}}{{y_{{{at}}}}}\\right) \\\\\n\
            &= e^{{2 \\log y_{{{at}}}}} + 2 x_{{{at}}} y_{{{at}}}\n\\end{{aligned}}\n$$\n"
        ));
    }
    text
}

/// All steps of an article.
#[divan::bench(args = ARTICLES.map(|(name, _)| name), sample_count = 20)]
fn one_article(bencher: Bencher, name: &str) {
    let source = Source::new(format!("{name}.md"), text(name));
    bencher.bench(|| black_box(article::check(&source, None)).items.len());
}

/// Linear in the number of steps, or not.
#[divan::bench(args = [250, 500, 1000], sample_count = 3, sample_size = 1)]
fn many_steps(bencher: Bencher, count: usize) {
    let source = Source::new("steps.md", steps(count));
    let proved = article::check(&source, None).items.iter().filter(|item| item.passes).count();
    assert!(proved >= count, "every step is read and proved");
    bencher.bench(|| black_box(article::check(&source, None)).items.len());
}

/// Markdown and LaTeX alone: no name is resolved and no step judged.
#[divan::bench(args = [1 << 18, 1 << 20], sample_count = 5, sample_size = 1)]
fn reading(bencher: Bencher, bytes: usize) {
    let text = long(bytes);
    bencher.bench(|| black_box(read_markdown(&text)).displays.len());
}
