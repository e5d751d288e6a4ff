//! Every helper against the balls of the row it gives.

use super::*;

#[test]
fn every_helper_is_read_and_needs_only_what_exists() {
    for helper in helpers() {
        let names: Vec<&str> = needs([helper.name]).iter().map(|needed| needed.name).collect();
        assert_eq!(names.last(), Some(&helper.name));
        let results = helper.body().results.len();
        assert!(
            helper.gives.is_empty() || helper.gives.len() == results,
            "{} has {results} results",
            helper.name
        );
        for row in helper.gives {
            assert!(crate::function::lookup(row).is_some_and(|f| f.name == *row), "{row} is a row");
        }
    }
    assert_eq!(needs_beside(["exp", "sign"], &|name| name == "sign").len(), 0);
}
