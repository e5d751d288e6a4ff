//! Reading a megabyte of expression text.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use referee::expr::{Scope, Store, lower};
use referee::syntax::parse_expression;

fn main() {
    divan::main();
}

/// A text of at least this many bytes: `(…) + (…) + …`, terms of the kind that densities have.
fn long_text(bytes: usize) -> String {
    let mut text = String::new();
    for k in 1.. {
        let term = format!(
            "{k}*x_{}^2*exp(-(y_{} - mu)^2/(2*sigma^2)) - log(1 + {k}/3*z_{})/sqrt(2*pi) + ",
            k % 97,
            k % 89,
            k % 83
        );
        text.push_str(&term);
        if text.len() >= bytes {
            break;
        }
    }
    text.push('1');
    text
}

/// The largest expression the parser takes in one piece, again and again, until it is a megabyte.
fn pieces() -> Vec<String> {
    let size = referee::syntax::MAX_FORMULA.min(1 << 20);
    let count = (1usize << 20).div_ceil(size);
    (0..count).map(|_| long_text(size - 200)).collect()
}

/// Text → trees.
#[divan::bench]
fn parse_a_megabyte(bencher: Bencher) {
    let pieces = pieces();
    bencher.counter(BytesCount::new(pieces.iter().map(String::len).sum::<usize>())).bench(|| {
        for piece in &pieces {
            let (tree, diagnostics) = parse_expression(black_box(piece), 0);
            assert!(tree.is_some() && diagnostics.is_empty(), "{diagnostics:?}");
        }
    });
}

/// Text → trees → interned expressions.
#[divan::bench]
fn parse_and_intern_a_megabyte(bencher: Bencher) {
    let pieces = pieces();
    bencher.counter(BytesCount::new(pieces.iter().map(String::len).sum::<usize>())).bench(|| {
        let (mut store, mut scope) = (Store::new(), Scope::lenient());
        for piece in &pieces {
            let (tree, mut diagnostics) = parse_expression(black_box(piece), 0);
            let tree = tree.expect("the text reads");
            lower(&mut store, &mut scope, &tree, &mut diagnostics).expect("every name is a scalar");
        }
        store.len()
    });
}
