//! Logistic regression by stochastic descent, with steps that shrink for each weight (AdaGrad) and a pull to zero (L2).

use std::collections::HashMap;

use inlet_actions::acts::model::{Head, Model, Weights};

use crate::data::Row;

/// How often the data is gone through.
pub(crate) const PASSES: usize = 30;
/// The first step of a weight. Small, so that it stops early: that is most of the regularisation.
pub(crate) const RATE: f64 = 0.01;
/// How much of a weight is taken back at each step.
pub(crate) const PULL: f64 = 1e-3;
/// A feature seen in fewer sentences is noise, and may be somebody's name.
pub(crate) const SEEN: usize = 2;

/// The model of these rows.
pub(crate) fn train(rows: &[&Row], threshold: f32, seed: u64) -> Model {
    let mut count: HashMap<u32, usize> = HashMap::new();
    for hash in rows.iter().flat_map(|row| &row.features) {
        *count.entry(*hash).or_default() += 1;
    }
    let mut kept: Vec<u32> = count.into_iter().filter(|(_, times)| *times >= SEEN).map(|(hash, _)| hash).collect();
    kept.sort_unstable();
    let index: HashMap<u32, usize> = kept.iter().enumerate().map(|(at, hash)| (*hash, at)).collect();
    let head = |head: Head| {
        let taught: Vec<(Vec<usize>, bool)> = rows
            .iter()
            .filter(|row| match head {
                Head::Both | Head::Gate => true,
                Head::First => row.set == 0,
                Head::Second => row.set == 1,
            })
            .map(|row| {
                let features = row.features.iter().filter_map(|hash| index.get(hash).copied()).collect();
                (features, if head == Head::Gate { row.set == 1 } else { row.asks })
            })
            .collect();
        descend(&taught, kept.len(), seed)
    };
    let heads = Head::ALL.map(head);
    Model::new(threshold, kept, &heads)
}

fn descend(rows: &[(Vec<usize>, bool)], features: usize, seed: u64) -> Weights {
    let scale = scale(rows, features);
    let mut weights = vec![0.0_f64; features];
    let mut squares = vec![1e-8_f64; features];
    let (mut bias, mut bias_square) = (0.0_f64, 1e-8_f64);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..PASSES {
        random.shuffle(&mut order);
        for row in &order {
            let (features, yes) = &rows[*row];
            let sum: f64 = bias + features.iter().map(|at| weights[*at] * scale[*at]).sum::<f64>();
            let error = 1.0 / (1.0 + (-sum).exp()) - f64::from(u8::from(*yes));
            for at in features {
                let slope = error * scale[*at] + PULL * weights[*at];
                squares[*at] += slope * slope;
                weights[*at] -= RATE * slope / squares[*at].sqrt();
            }
            bias_square += error * error;
            bias -= RATE * error / bias_square.sqrt();
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "weights are kept as 127 steps")]
    let weights = weights.iter().zip(&scale).map(|(weight, scale)| (weight * scale) as f32).collect();
    #[expect(clippy::cast_possible_truncation, reason = "as above")]
    Weights { bias: bias as f32, weights }
}

/// How far each feature may move: half as its Naive Bayes log-count ratio says (Wang and Manning 2012), half alike.
fn scale(rows: &[(Vec<usize>, bool)], features: usize) -> Vec<f64> {
    let mut count = [vec![1.0_f64; features], vec![1.0_f64; features]];
    for (features, yes) in rows {
        for at in features {
            count[usize::from(*yes)][*at] += 1.0;
        }
    }
    let sums = count.each_ref().map(|counts| counts.iter().sum::<f64>());
    (0..features).map(|at| 0.5 + 0.5 * ((count[1][at] / sums[1]) / (count[0][at] / sums[0])).ln().abs()).collect()
}
