//! The reference values of a unit as a test file for `node --test`.

use super::JavaScript;
use super::documentation::comment;
use super::layout::Item;
use crate::emit::document::{self, Paragraph};
use crate::emit::lower::digits;
use crate::emit::names::JAVASCRIPT;
use crate::emit::print::Printer;
use crate::emit::unit::{Parameter, Unit};
use crate::emit::{Options, Reference};

/// The text of the test file.
pub(super) fn tests(unit: &Unit<'_>, ending: &str) -> String {
    let module = format!("{}.{ending}", unit.prefix);
    let options = Options::default();
    let mut introduction = Printer::new(&JavaScript, &options, &unit.prefix);
    let text = format!("Tests of `{module}` against values from enclosures: `node --test`.");
    let origin = document::of_origin(unit, &JAVASCRIPT);
    comment(&mut introduction, &[vec![Paragraph::Text(text)], origin].concat(), &[]);
    let head = introduction.finish() + &HEAD.replace("MODULE", &module);
    let mut lines: Vec<String> = head.lines().map(str::to_owned).collect();
    let predicates = unit.predicates.iter().filter(|p| p.routine.is_some());
    let predicates = predicates.map(|p| (p.name.clone(), p.parameters.as_slice(), true, false));
    let procedures = unit.procedures.iter();
    let procedures =
        procedures.map(|p| (p.routine.name.clone(), p.parameters.as_slice(), false, p.batch.is_some()));
    for (name, parameters, truth, batch) in predicates.chain(procedures) {
        let rows: Vec<Item> = unit.references(&name).map(|row| reference(row, parameters, truth)).collect();
        if rows.is_empty() {
            continue;
        }
        lines.extend([String::new(), format!("test(\"{name}\", () => {{")]);
        let rows = Item::Array(rows).lines(2, "const rows = ", ";");
        lines.extend(rows.into_iter().map(|line| format!("  {line}")));
        lines.push(format!("  check(generated.{name}, rows);"));
        lines.push(format!("  checkOddities(generated.{name}, rows);"));
        if batch {
            lines.push(format!("  checkBatch(generated.{name}_batch, rows);"));
        }
        lines.push("});".into());
    }
    lines.join("\n") + "\n"
}

/// Arguments, values, units.
fn reference(row: &Reference, parameters: &[Parameter], truth: bool) -> Item {
    let mut rest = row.inputs.as_slice();
    let mut arguments = Vec::new();
    for parameter in parameters {
        let (own, others) = rest.split_at(parameter.length.unwrap_or(1));
        rest = others;
        arguments.push(match parameter.length {
            Some(_) => Item::Array(own.iter().map(|v| float(*v)).collect()),
            None => float(own[0]),
        });
    }
    let value = |v: &f64| if truth { Item::Text((*v == 1.0).to_string()) } else { float(*v) };
    let values = row.outputs.iter().map(value).collect();
    Item::Array(vec![Item::Array(arguments), Item::Array(values), float(row.ulps)])
}

fn float(value: f64) -> Item {
    let sign = if value.is_sign_negative() && !value.is_nan() { "-" } else { "" };
    if value.is_nan() {
        Item::Text("NaN".into())
    } else if value.is_infinite() {
        Item::Text(format!("{sign}Infinity"))
    } else {
        Item::Number(format!("{sign}{}", digits(value.abs())))
    }
}

const HEAD: &str = r#"
import assert from "node:assert/strict";
import { test } from "node:test";

import * as generated from "./MODULE";

const words = new BigInt64Array(1);
const floats = new Float64Array(words.buffer);

/** Floats in the order of their size as integers: neighbours are one apart. */
function position(value) {
  floats[0] = value;
  return words[0] >= 0n ? words[0] : -(2n ** 63n) - words[0];
}

/** How many floats lie between the two. */
function distance(found, expected) {
  if (typeof expected === "boolean" || Number.isNaN(expected)) {
    return Object.is(found, expected) ? 0 : Infinity;
  }
  const apart = Number(position(found) - position(expected));
  return Number.isNaN(found) ? Infinity : Math.abs(apart);
}

function compare(result, expected, ulps, place) {
  const found = [result].flat(2);
  assert.equal(found.length, expected.length);
  for (let k = 0; k < found.length; k += 1) {
    const message = `${found[k]} is not ${expected[k]} at ${place}`;
    assert.ok(distance(found[k], expected[k]) <= ulps, message);
  }
}

/** One call for each row: arguments, values, units in the last place. */
function check(routine, rows) {
  for (const [inputs, expected, ulps] of rows) {
    compare(routine(...inputs), expected, ulps, JSON.stringify(inputs));
    const typed = inputs.map((input) =>
      Array.isArray(input) ? Float64Array.from(input) : input,
    );
    compare(routine(...typed), expected, ulps, JSON.stringify(inputs));
  }
}

/** What is no number, and no array of as many, is outside every domain. */
function checkOddities(routine, [[inputs, expected]]) {
  const nothing = expected.map((value) => typeof value !== "boolean" && NaN);
  inputs.forEach((input, place) => {
    const oddities = [null, undefined, "12", 12n, true, Symbol("12"), {}, []];
    if (Array.isArray(input)) {
      oddities.push([...input, 1], input.slice(1), 1, Array(input.length));
      oddities.push(input.map(String), Array(input.length).fill(null));
    }
    for (const oddity of oddities) {
      const strange = inputs.map((given, k) => (k === place ? oddity : given));
      compare(routine(...strange), nothing, 0, String(typeof oddity));
    }
  });
}

/** The same by the function of many observations, which come first. */
function checkBatch(routine, rows) {
  for (const [[observation, ...rest], expected, ulps] of rows) {
    const results = routine([observation, observation], ...rest);
    assert.equal(results.length, 2);
    for (const result of results) {
      compare(result, expected, ulps, JSON.stringify([observation, ...rest]));
    }
  }
  for (const nothing of [null, undefined, 12, {}, []]) {
    assert.deepEqual(routine(nothing, ...rows[0][0].slice(1)), []);
  }
}
"#;
