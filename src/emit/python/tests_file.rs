//! The reference values of a unit as a test file for `unittest`, which `pytest` runs too.

use super::layout::Item;
use super::{Python, documentation, stem};
use crate::emit::print::Printer;
use crate::emit::unit::{Parameter, Unit};
use crate::emit::{Options, Reference};

/// The text of the test file.
pub(super) fn tests(unit: &Unit<'_>) -> String {
    let module = stem(unit);
    let options = Options::default();
    let mut introduction = Printer::new(&Python, &options, &unit.prefix);
    documentation::of_tests(&mut introduction, unit, &module);
    let mut lines: Vec<String> = introduction.finish().lines().map(str::to_owned).collect();
    lines.extend([
        String::new(),
        "import unittest".into(),
        String::new(),
        "import numpy as np".into(),
        String::new(),
        format!("import {module}"),
    ]);
    lines.extend(CHECK.lines().map(str::to_owned));
    for (name, parameters) in tested(unit) {
        let rows: Vec<&Reference> = unit.references(&name).collect();
        if rows.is_empty() {
            continue;
        }
        let truth = unit.predicates.iter().any(|p| p.routine.is_some() && p.name == name);
        lines.extend([String::new(), format!("    def test_{name}(self):")]);
        let group = |row: &&Reference| {
            let arguments = arguments(parameters, &row.inputs);
            let expected = row.outputs.iter().map(|v| if truth { truth_value(*v) } else { float(*v) });
            Item::group(
                "(",
                [Item::group("(", arguments, ")"), Item::list("[", expected), Item::Text(float(row.ulps))],
                ")",
            )
        };
        let rows = Item::group("rows = [", rows.iter().map(group), "]");
        lines.extend(rows.lines(2, "").into_iter().map(|line| format!("        {line}")));
        for check in ["check", "check_arrays"] {
            let arguments = format!("self, {module}.{name}, rows");
            let line = format!("        {check}({arguments})");
            // Black's line is 88 wide.
            if line.chars().count() <= 88 {
                lines.push(line);
            } else {
                lines.extend([
                    format!("        {check}("),
                    format!("            {arguments}"),
                    "        )".to_owned(),
                ]);
            }
        }
    }
    lines.extend(["", "", "if __name__ == \"__main__\":", "    unittest.main()", ""].map(str::to_owned));
    lines.join("\n")
}

/// The public functions and what they take.
fn tested<'u>(unit: &'u Unit<'_>) -> Vec<(String, &'u [Parameter])> {
    let predicates = unit.predicates.iter().filter(|p| p.routine.is_some());
    let predicates = predicates.map(|p| (p.name.clone(), p.parameters.as_slice()));
    let procedures = unit.procedures.iter().map(|p| (p.routine.name.clone(), p.parameters.as_slice()));
    predicates.chain(procedures).collect()
}

/// Flat inputs as arguments: floats, and lists for what has components.
fn arguments(parameters: &[Parameter], inputs: &[f64]) -> Vec<Item> {
    let mut rest = inputs;
    let mut items = Vec::new();
    for parameter in parameters {
        let (own, others) = rest.split_at(parameter.length.unwrap_or(1));
        rest = others;
        items.push(match parameter.length {
            Some(_) => Item::list("[", own.iter().map(|v| float(*v))),
            None => Item::Text(float(own[0])),
        });
    }
    items
}

fn truth_value(value: f64) -> String {
    if value == 1.0 { "True".into() } else { "False".into() }
}

/// The shortest digits of a float.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "np.nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "np.inf".into() } else { "-np.inf".into() };
    }
    format!("{value:?}")
}

const CHECK: &str = r#"

def differs(found, expected, ulps):
    """Whether a float is further from the expected one than so many units."""
    if np.isnan(expected) or np.isnan(found) or np.isinf(expected):
        return not np.array_equal(found, expected, equal_nan=True)
    return abs(found - expected) > ulps * np.spacing(abs(expected))


def check(case, function, rows):
    """Calls for each row alone, and for all rows at once."""
    columns = [np.array(column) for column in zip(*(row[0] for row in rows))]
    batch = np.asarray(function(*columns), dtype=np.float64)
    for place, (arguments, expected, ulps) in enumerate(rows):
        alone = np.asarray(function(*arguments), dtype=np.float64)
        for found in (alone, batch[place]):
            case.assertEqual(found.size, len(expected), arguments)
            for one, other in zip(found.ravel(), expected):
                if differs(one, other, ulps):
                    case.fail(f"{arguments}: {one} is not {other}")


def check_arrays(case, function, rows):
    """Arrays of other shapes and kinds: broadcast, empty, masked, refused."""
    columns = [np.array(column) for column in zip(*(row[0] for row in rows))]
    if len(columns) > 1:
        outer = np.asarray(function(columns[0][:, None], *columns[1:]), dtype=float)
        for place, (arguments, expected, ulps) in enumerate(rows):
            for one, other in zip(outer[place, place].ravel(), expected):
                case.assertFalse(differs(one, other, ulps), arguments)
    case.assertEqual(np.size(function(*(column[:0] for column in columns))), 0)
    points = [column[0] for column in columns]
    shape = np.shape(function(*points))
    for place, point in enumerate(points):
        before, after = points[:place], points[place + 1 :]
        masked = function(*before, np.ma.masked_all(np.shape(point)), *after)
        case.assertEqual(np.shape(masked), shape)
        nothing = np.isnan(masked) if masked.dtype.kind == "f" else ~masked
        case.assertTrue(nothing.all(), masked)
        with case.assertRaises(TypeError):
            function(*before, np.asarray(point, dtype=np.complex128), *after)
        if np.ndim(point):
            with case.assertRaises(ValueError):
                function(*before, np.append(point, point[-1]), *after)
            with case.assertRaises(ValueError):
                function(*before, point[1:], *after)


class ReferenceValues(unittest.TestCase):
    """Every function at exact points, outside its domain among them."""
"#;

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn floats_keep_their_digits() {
        for (value, expected) in
            [(0.1, "0.1"), (1e300, "1e300"), (-2.0, "-2.0"), (1e-7, "1e-7"), (1e16, "1e16")]
        {
            assert_eq!(float(value), expected);
        }
    }
}
