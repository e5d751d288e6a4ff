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

const INEQUALITY: &str =
    "# Title\n\n```referee\nvector a, b in R^n\n```\n\n$$ (a^\\top b)^2 \\le (a^\\top a)(b^\\top b) $$\n";

#[test]
fn an_inequality_holds_at_points_and_agrees_nowhere() {
    for (text, evidence) in [
        (INEQUALITY, "it holds at "),
        ("# T\n\n```referee\nclaim exp(x) >= x^(68/25) where x > 0\n```\n", "it holds at 30 points"),
    ] {
        let ran = checked("holds", text, &["-v", "--allow", "open"], 0);
        ran.says(&[evidence]);
        assert!(!ran.out.contains("agree"), "{}", ran.out);
        let item = &checked("holds-json", text, &["--format", "json"], 0).json()["files"][0]["items"];
        let evidence = &item.as_array().expect("items").last().expect("a claim")["evidence"];
        assert!(evidence["digits"].is_null() && evidence["points"].as_u64() > Some(5), "{evidence}");
    }
}

#[test]
fn a_statement_that_is_not_understood_is_not_counted_as_read() {
    let text = "# Title\n\n$$\n\\begin{aligned}\na \\\\ b\n\\end{aligned}\n$$\n\n$$ 1 = 1 $$\n";
    checked("statement", text, &[], 1).says(&["nothing is called `a`", "1 of 2 displayed formulas read"]);
}

#[test]
fn a_name_that_is_not_known_is_said_once() {
    let text = "# Title\n\n$$ x + x = 2 x $$\n\n$$ x = x $$\n";
    let ran = checked("once", text, &[], 1);
    assert_eq!(ran.err.matches("nothing is called `x`").count(), 1, "{}", ran.err);
    ran.says(&["the same in line 5", "help: `referee check --suggest` prints the fence"]);
    let object = checked("each", text, &["--format", "json"], 1).json();
    assert_eq!(object["files"][0]["diagnostics"].as_array().map(Vec::len), Some(4), "{object}");
}

#[test]
fn a_fence_below_its_formulas_is_told_to_move() {
    let text = "# Title\n\n$$ x + x = 2 x $$\n\n```referee\nscalar x\n```\n";
    let ran = checked("below", text, &[], 1);
    ran.says(&["`x` is declared in line 6, below this: move the fence"]);
    assert!(!ran.err.contains("never used"), "{}", ran.err);
}

#[test]
fn what_is_suggested_does_not_contradict_itself() {
    let text = "# Title\n\n$$ d^T F d = F(\\theta) $$\n\n$$ \\theta^T d = d^T \\theta $$\n\n$$ q(\\theta) = E_{q}[x] $$\n";
    let fence = checked("suggested", text, &["--suggest"], 0).out;
    assert!(
        fence.starts_with("```referee\n# Before the first formula") && fence.contains("# or: "),
        "{fence}"
    );
    let ran = checked("pasted", &format!("{fence}\n{text}"), &["--allow", "open,unread,refuted"], 1);
    assert!(!ran.err.contains("contradictory"), "{}", ran.err);
}

#[test]
fn nothing_is_said_to_need_no_declaration_that_was_not_read() {
    let folder = Folder::new("no-suggestion", &[]);
    let ran = folder.run(&["check", "--suggest", "none.md"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{}", ran.err);
}

#[test]
fn a_file_of_declarations_holds_no_fence() {
    let fence = "# Mine\n\n```referee\nscalar x\n```\n";
    let folder =
        Folder::new("fenced", &[("a.md", "$$ x = x $$\n"), ("b.md", fence), ("b.referee", "scalar x\n")]);
    let ran = folder.run(&["check", "a.md", "--with", "b.md"]);
    assert_eq!((ran.status, ran.err.matches("error[").count()), (2, 1), "{}", ran.err);
    ran.says(&["expected a declaration, found a fence", "b.md:3:1", "the lines between the fences alone"]);
    assert_eq!(folder.run(&["check", "a.md", "--with", "b.referee"]).status, 0);
}

#[test]
fn a_path_that_leads_nowhere_says_where_to_look() {
    let folder = Folder::new("nowhere", &[("a.md", "$$ 1 = 1 $$\n"), ("b/c.md", "")]);
    for (arguments, help) in [
        (&["check", "a.md", "--with", "declared.referee"][..], "name a file of this folder"),
        (&["check", "b/article.md"], "name a file of the folder `b`"),
        (&["check", "z/article.md"], "the folder `z` does not exist either"),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.status, 2, "{}", ran.err);
        ran.says(&["file-not-found", help]);
    }
}
