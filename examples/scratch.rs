use referee::*;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let stdin = if args.first().is_some_and(|a| a == "-") { std::io::read_to_string(std::io::stdin()).unwrap() } else { String::new() };
    let own = [deck::Embedded { name: "-", text: Box::leak(stdin.into_boxed_str()) }];
    for e in deck::EMBEDDED.iter().chain(&own).filter(|e| args.is_empty() || args[0]=="all" || args.iter().any(|a| a == e.name)) {
        let start = std::time::Instant::now();
        let mut store = expr::Store::new();
        let doc = syntax::read_document(e.text);
        let mut diags = doc.diagnostics.clone();
        let texts: Vec<_> = doc.families().collect();
        let fams = deck::families(&mut store, &texts, e.text, &mut diags);
        if !diags.is_empty() { println!("{}", text::render(&text::Source::new(e.name, e.text), &diags, false)); }
        for f in &fams {
            let names: Vec<String> = if args.len()>1 && args[1]=="-c" { std::iter::once("base".to_string()).chain(f.coordinates.iter().map(|c| c.name.clone())).chain(["natural".into(),"mean".into()]).collect() } else { vec!["base".into()] };
            for c in names {
            let d = stats::coordinates::derive_in(&mut store, f, &c).unwrap();
            let t = start.elapsed();
            let s = |v: &[expr::Expr]| v.iter().map(|e| print::display(&store, *e)).collect::<Vec<_>>().join(", ");
            println!("== {} [{}] {} {} kl {} {:?} norm {:?} equality {} rank {:?} points {:?} {:?}", f.name, c, d.kind.name(), d.status.name(), d.kl_status.name(), d.reason, d.normalized_by, d.information_equality, d.rank, d.points.as_ref().map(|p| p.len()), t);
            if let Some(x) = &d.exponential { println!("  T = {}\n  eta = {}\n  A = {}\n  log h = {}", s(&x.statistics), s(&x.natural), print::display(&store, x.log_partition), print::display(&store, x.log_base_measure)); }
            if let Some(m) = &d.mean { println!("  E[T] = {}", s(m)); }
            println!("  score = {}", s(&d.score));
            if let Some(m) = &d.fisher { println!("  F = {}", print::matrix_text(&store, m)); }
            if let Some(m) = &d.fisher_inverse { println!("  F^-1 = {}", print::matrix_text(&store, m)); }
            if !d.singular_where.is_empty() { println!("  singular where {} = 0", s(&d.singular_where)); }
            for v in &d.null_space { println!("  null {}", s(v)); }
            if let Some(m) = &d.natural_gradient { println!("  nat = {}", s(m)); }
            if let Some(m) = &d.kl { println!("  KL = {}", print::display(&store, *m)); }
            }
        }
    }
}
