//! Arrays as prettier lays them out: on one line where they fit, numbers filled into lines, everything else an element to a
//! line; arrays of arrays always an element to a line.

/// A piece of text, or an array.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// It is not broken.
    Text(String),
    /// A number literal.
    Number(String),
    /// `[`, elements, `]`.
    Array(Vec<Item>),
}

const WIDTH: usize = 80;

impl Item {
    fn flat(&self) -> String {
        match self {
            Item::Text(text) | Item::Number(text) => text.clone(),
            Item::Array(elements) => {
                format!("[{}]", elements.iter().map(Item::flat).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// Whether it takes several lines whatever its length.
    fn is_tall(&self) -> bool {
        let Item::Array(elements) = self else { return false };
        let long = |element: &Item| matches!(element, Item::Array(inner) if inner.len() > 1);
        elements.len() > 1 && elements.iter().all(long) || elements.iter().any(Item::is_tall)
    }

    /// The lines at this many columns of indentation, which they do not contain, between what stands before and after.
    pub(super) fn lines(&self, columns: usize, before: &str, after: &str) -> Vec<String> {
        let flat = format!("{before}{}{after}", self.flat());
        let fits = |text: &str, columns: usize| columns + text.chars().count() <= WIDTH;
        let Item::Array(elements) = self else { return vec![flat] };
        if !self.is_tall() && fits(&flat, columns) {
            return vec![flat];
        }
        let mut lines = vec![format!("{before}[")];
        if elements.len() > 1 && elements.iter().all(|element| matches!(element, Item::Number(_))) {
            let mut line = String::new();
            for element in elements {
                let element = format!("{},", element.flat());
                if !line.is_empty() && !fits(&format!("  {line} {element}"), columns) {
                    lines.push(format!("  {line}"));
                    line.clear();
                }
                line += if line.is_empty() { "" } else { " " };
                line += &element;
            }
            lines.push(format!("  {line}"));
        } else {
            for element in elements {
                lines.extend(element.lines(columns + 2, "", ",").into_iter().map(|line| format!("  {line}")));
            }
        }
        lines.push(format!("]{after}"));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Item;

    #[track_caller]
    fn check_lines(item: &Item, expected: &str) {
        assert_eq!(item.lines(0, "x = ", ";").join("\n"), expected);
    }

    #[test]
    fn arrays_are_broken_where_they_must_be() {
        let names = |count: usize| Item::Array((0..count).map(|n| Item::Text(format!("name_{n}"))).collect());
        let numbers = |count: usize| Item::Array((0..count).map(|n| Item::Number(n.to_string())).collect());
        check_lines(&names(2), "x = [name_0, name_1];");
        check_lines(
            &names(12),
            &format!("x = [\n{}];", (0..12).map(|n| format!("  name_{n},\n")).collect::<String>()),
        );
        check_lines(
            &Item::Array(vec![names(2), names(2)]),
            "x = [\n  [name_0, name_1],\n  [name_0, name_1],\n];",
        );
        check_lines(&Item::Array(vec![names(1), names(1)]), "x = [[name_0], [name_0]];");
        let filled = numbers(40).lines(0, "x = ", ";");
        assert_eq!(filled.len(), 4);
        assert!(filled[1].ends_with("19, 20, 21,"), "{}", filled[1]);
    }
}
