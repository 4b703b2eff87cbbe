//! The bidirectional LSTM, one unit at a time.

use distillery::nets::Rnn;

use super::{Layers, Parameters};

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The state after each row, in the order in which a direction reads them.
fn states(units: usize, parameters: &Parameters, direction: usize, rows: &[&[f64]]) -> Vec<Vec<f64>> {
    let inputs = 28 + units;
    let weight = |input: usize, column: usize| {
        parameters.get("layers.0.weight")[(direction * inputs + input) * 4 * units + column]
    };
    let (mut state, mut cell, mut all) = (vec![0.0; units], vec![0.0; units], Vec::new());
    for row in rows {
        let mut next = Vec::new();
        for (unit, cell) in cell.iter_mut().enumerate() {
            // Columns: forget gates, input gates, output gates, candidates.
            let sum = |group: usize| {
                let column = group * units + unit;
                let bias = match group {
                    0 => parameters.get("layers.0.forget_bias")[direction * units + unit],
                    _ => parameters.get("layers.0.bias")[direction * 3 * units + column - units],
                };
                let seen: f64 = row.iter().enumerate().map(|(i, x)| x * weight(i, column)).sum();
                let kept: f64 = state.iter().enumerate().map(|(i, h)| h * weight(28 + i, column)).sum();
                bias + seen + kept
            };
            *cell = sigmoid(sum(0)) * *cell + sigmoid(sum(1)) * sum(3).tanh();
            next.push(sigmoid(sum(2)) * cell.tanh());
        }
        state = next;
        all.push(state.clone());
    }
    all
}

pub fn layers(rnn: &Rnn, parameters: &Parameters, pixels: &[f64]) -> Layers {
    let units = rnn.units as usize;
    let mut rows: Vec<&[f64]> = pixels.chunks(28).collect();
    let down = states(units, parameters, 0, &rows);
    rows.reverse();
    let up = states(units, parameters, 1, &rows);
    let by_row = (0..28).flat_map(|row| [down[row].clone(), up[27 - row].clone()].concat());
    let last = [down[27].clone(), up[27].clone()].concat();
    Layers::from([
        ("rows".to_owned(), by_row.collect()),
        ("logits".to_owned(), parameters.linear("layers.1", &last)),
        ("final".to_owned(), last),
    ])
}
