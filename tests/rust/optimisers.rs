//! The optimisers against their published rules, step by step in f64.

use burn::tensor::{Tensor, TensorData};
use distillery::train::{Adam, Engine, Optimiser, OptimiserState, Sgd, Update};

const START: [f32; 3] = [1.0, -2.0, 0.5];
const GRADIENTS: [[f32; 3]; 3] = [[0.5, -0.25, 1.0], [0.1, 0.3, -0.2], [-0.4, 0.0, 0.05]];

fn vector(values: [f32; 3]) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), &Engine::cpu().device)
}

fn run(optimiser: Optimiser, learning_rate: f64, weight_decay: f64) -> Vec<f32> {
    let mut state = OptimiserState::default();
    let update = Update { learning_rate, weight_decay, max_norm: None };
    let after = GRADIENTS.iter().fold(vector(START), |weights, gradient| {
        optimiser.update(&mut state, weights, vector(*gradient), update, None)
    });
    assert_eq!(state.steps, 3);
    after.into_data().try_into_vec().unwrap()
}

fn assert_close(found: &[f32], expected: &[f64]) {
    for (found, expected) in found.iter().zip(expected) {
        // Three steps of a few f32 operations on numbers near 1.
        assert!((f64::from(*found) - expected).abs() < 1e-6, "{found} against {expected}");
    }
}

#[test]
fn sgd_follows_its_rule() {
    for (momentum, rate, decay) in [(0.0, 0.1, 0.0), (0.9, 0.1, 0.0), (0.9, 0.05, 0.01)] {
        let expected: Vec<f64> = (0..3)
            .map(|i| {
                let (mut w, mut v) = (f64::from(START[i]), 0.0);
                for gradient in GRADIENTS {
                    v = momentum * v + f64::from(gradient[i]) + decay * w;
                    w -= rate * v;
                }
                w
            })
            .collect();
        assert_close(&run(Optimiser::Sgd(Sgd { momentum }), rate, decay), &expected);
    }
}

#[test]
fn adam_follows_algorithm_1() {
    let (b1, b2) = (0.9_f64, 0.999_f64);
    for (rate, decay) in [(0.001, 0.0), (0.1, 0.02)] {
        let expected: Vec<f64> = (0..3)
            .map(|i| {
                let (mut w, mut m, mut v) = (f64::from(START[i]), 0.0, 0.0);
                for (t, gradient) in (1..).zip(GRADIENTS) {
                    let g = f64::from(gradient[i]) + decay * w;
                    m = b1 * m + (1.0 - b1) * g;
                    v = b2 * v + (1.0 - b2) * g * g;
                    w -= rate * (m / (1.0 - b1.powi(t))) / ((v / (1.0 - b2.powi(t))).sqrt() + 1e-8);
                }
                w
            })
            .collect();
        assert_close(&run(Optimiser::Adam(Adam::default()), rate, decay), &expected);
    }
}

/// One step of plain descent with rate 1 on weights `[3]` all of whose gradients are 1.
#[test]
fn rates_multiply_the_change_of_each_weight() {
    let mut state = OptimiserState::default();
    let update = Update { learning_rate: 1.0, weight_decay: 0.0, max_norm: None };
    let sgd = Optimiser::Sgd(Sgd { momentum: 0.0 });
    let after =
        sgd.update(&mut state, vector(START), vector([1.0; 3]), update, Some(&vector([1.0, 0.5, 0.0])));
    let after: Vec<f32> = after.into_data().try_into_vec().unwrap();
    assert_close(&after, &[0.0, -2.5, 0.5]);
}

#[test]
fn weights_into_a_unit_are_no_longer_than_allowed() {
    use distillery::nets::{Layout, Parameter, ParameterKind};
    let of = |kind| Parameter::new(0, "weight", kind, &[2, 2]);
    let parameters = vec![
        of(ParameterKind::Dense),
        Parameter::bias(0, "bias", 2),
        // Of the same rank, and no weights into units.
        of(ParameterKind::Positions),
    ];
    // Columns (3, 4) and (0.3, 0.4): lengths 5 and 0.5; the rest is left alone.
    let values = [3.0_f32, 0.3, 4.0, 0.4, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0];
    let values = Tensor::<1>::from_data(TensorData::from(values), &Engine::cpu().device);
    let clipped: Vec<f32> = Layout::new(parameters).clipped(&values, 2.5).into_data().try_into_vec().unwrap();
    assert_close(&clipped, &[1.5, 0.3, 2.0, 0.4, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0]);
}
