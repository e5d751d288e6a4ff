//! `referee check` on articles as their authors write them, with the slips of a first attempt.

use super::{Folder, Ran};

/// Checks one article.
#[track_caller]
fn checked(name: &str, text: &str, arguments: &[&str], status: i32) -> Ran {
    let folder = Folder::new(name, &[("a.md", text)]);
    let ran = folder.run(&[&["check", "a.md"], arguments].concat());
    assert_eq!(ran.status, status, "{}{}", ran.out, ran.err);
    ran
}

#[test]
fn a_formula_that_cannot_be_read_is_a_step_and_no_wrong_input() {
    for formula in [
        r"\sqrt = 1",
        r"x^ = 1",
        r"\begin{aligned} 1 &= 1 \end{split}",
        r"\frac{1}\log x = 1",
        r"\frac{1}{x = 1",
    ] {
        let text = format!("# Title\n\n$$ {formula} $$\n\n$$ 1 = 1 $$\n");
        checked("unread", &text, &[], 1).says(&["2 claims: 1 proved, 1 unread", "error[", "a.md:3:"]);
    }
}
