use referee::verify::*;
fn main() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        if line.trim().is_empty() { continue; }
        let (claim, cond) = line.split_once(" where ").unwrap_or((&line, ""));
        let t = std::time::Instant::now();
        match prove_text(claim, cond) {
            Ok(j) => { let s = format!("{:?}", j); println!("{line}  ==> {} [{:?}]", &s.chars().take(330).collect::<String>(), t.elapsed()); }
            Err(e) => println!("{line}  ==> ERR {:?}", e),
        }
    }
}
