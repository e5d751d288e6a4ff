//! Lists, tuples and signatures as `black` lays them out: on one line, else each element on its own line with a comma after
//! it; those of a signature on a line of their own between the two.

/// A piece of text, or elements between brackets.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// It is not broken.
    Text(String),
    /// `[`, elements, `]`.
    Group { open: String, elements: Vec<Item>, close: &'static str },
}

const WIDTH: usize = 88;

impl Item {
    /// Elements between brackets; the opening one may have text before it.
    pub(super) fn group(
        open: impl Into<String>,
        elements: impl IntoIterator<Item = Item>,
        close: &'static str,
    ) -> Item {
        Item::Group { open: open.into(), elements: elements.into_iter().collect(), close }
    }

    /// A list of texts.
    pub(super) fn list(open: impl Into<String>, texts: impl IntoIterator<Item = String>) -> Item {
        Item::group(open, texts.into_iter().map(Item::Text), "]")
    }

    fn flat(&self) -> String {
        match self {
            Item::Text(text) => text.clone(),
            Item::Group { open, elements, close } => {
                let elements: Vec<String> = elements.iter().map(Item::flat).collect();
                // A tuple of one element keeps its comma.
                let comma = if open == "(" && elements.len() == 1 { "," } else { "" };
                format!("{open}{}{comma}{close}", elements.join(", "))
            }
        }
    }

    /// The lines at this depth of indentation, which they do not contain; `after` follows the last bracket.
    pub(super) fn lines(&self, depth: usize, after: &str) -> Vec<String> {
        let flat = self.flat();
        let fits = |text: &str, depth: usize| text.chars().count() + 4 * depth <= WIDTH;
        let Item::Group { open, elements, close } = self else { return vec![flat + after] };
        if fits(&format!("{flat}{after}"), depth) || elements.is_empty() {
            return vec![flat + after];
        }
        let mut lines = vec![open.clone()];
        let body = elements.iter().map(Item::flat).collect::<Vec<_>>().join(", ");
        let literal = open.ends_with('[') || open.ends_with(" (") || open == "(";
        if elements.len() == 1 || !literal && fits(&body, depth + 1) {
            lines.push(format!("    {body}"));
        } else {
            for element in elements {
                lines.extend(element.lines(depth + 1, ",").into_iter().map(|line| format!("    {line}")));
            }
        }
        lines.push(format!("{close}{after}"));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Item;

    #[track_caller]
    fn check_lines(count: usize, depth: usize, expected: &str) {
        let names = (0..count).map(|n| format!("name_{n}"));
        assert_eq!(Item::list("found = [", names).lines(depth, "").join("\n"), expected);
    }

    #[test]
    fn lists_are_broken_only_where_they_must_be() {
        check_lines(2, 0, "found = [name_0, name_1]");
        let long = (0..12).map(|n| format!("    name_{n},\n")).collect::<String>();
        check_lines(12, 0, &format!("found = [\n{long}]"));
        let names = || (0..9).map(|n| Item::Text(format!("name_{n}")));
        let signature = Item::group("def some_function(", names(), ")").lines(0, ":");
        assert_eq!(
            signature[1],
            "    name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7, name_8"
        );
    }
}
