//! Maximum likelihood by Fisher scoring with generated code: θ ← θ + F(θ)⁻¹·(mean score).

use super::gamma;

/// A fitted gamma distribution.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// Shape and rate.
    pub theta: [f64; 2],
    /// Standard errors of both, from the inverse of the information of all observations.
    pub errors: [f64; 2],
    /// Steps that were taken.
    pub steps: usize,
}

/// The observations of the file: a year and a flow on each line.
pub fn read(text: &str) -> Vec<(u32, f64)> {
    let rows = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    rows.map(|row| {
        let (year, flow) = row.split_once(',').expect("two columns");
        (year.parse().expect("a year"), flow.parse().expect("a flow"))
    })
    .collect()
}

/// The gamma distribution of largest likelihood.
pub fn fit(flows: &[f64]) -> Fit {
    let count = flows.len() as f64;
    let mean = flows.iter().sum::<f64>() / count;
    let variance = flows.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    // By moments first: mean = α/β, variance = α/β².
    let mut theta = [mean * mean / variance, mean / variance];
    let mut steps = 0;
    loop {
        let step = gamma::natural_gradient(&theta, &mean_score(flows, &theta));
        // Without observations, or where all are equal, there is no such distribution.
        assert!(step.iter().all(|s| s.is_finite()), "a step by {step:?}");
        let mut moved = added(theta, step, 1.0);
        let mut share = 1.0;
        while !gamma::in_domain(&moved) {
            share /= 2.0;
            moved = added(theta, step, share);
        }
        let change = (0..2).map(|i| ((moved[i] - theta[i]) / theta[i]).abs()).fold(0.0, f64::max);
        theta = moved;
        steps += 1;
        if change < 1e-13 || steps == 50 {
            break;
        }
    }
    let inverse = gamma::fisher_inverse(&theta);
    Fit { theta, errors: [(inverse[0][0] / count).sqrt(), (inverse[1][1] / count).sqrt()], steps }
}

/// The score of all observations, divided by their number: 0 at the fit.
pub fn mean_score(flows: &[f64], theta: &[f64; 2]) -> [f64; 2] {
    let mut scores = vec![[0.0; 2]; flows.len()];
    gamma::score_batch(flows, theta, &mut scores);
    let count = flows.len() as f64;
    [0, 1].map(|i| scores.iter().map(|score| score[i]).sum::<f64>() / count)
}

fn added(theta: [f64; 2], step: [f64; 2], share: f64) -> [f64; 2] {
    [theta[0] + share * step[0], theta[1] + share * step[1]]
}
