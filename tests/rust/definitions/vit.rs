//! The vision transformer, one token at a time.

use distillery::nets::Vit;

use super::{Layers, Parameters};

const TOKENS: usize = 16;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(parameters: &Parameters, path: &str, x: &[f64]) -> Vec<f64> {
    let (gain, bias) = (parameters.get(&format!("{path}.gain")), parameters.get(&format!("{path}.bias")));
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    (0..x.len()).map(|i| (x[i] - mean) / (variance + 1e-5).sqrt() * gain[i] + bias[i]).collect()
}

fn add(to: &mut [f64], by: &[f64]) {
    to.iter_mut().zip(by).for_each(|(to, by)| *to += by);
}

/// The token of patch (row, column) of the 4×4 grid, with its position.
fn embedded(parameters: &Parameters, pixels: &[f64], token: usize) -> Vec<f64> {
    let (top, left) = (token / 4 * 7, token % 4 * 7);
    let patch: Vec<f64> = (0..49).map(|i| pixels[(top + i / 7) * 28 + left + i % 7]).collect();
    let mut values = parameters.linear("layers.0", &patch);
    let width = values.len();
    add(&mut values, &parameters.get("layers.0.positions")[token * width..(token + 1) * width]);
    values
}

/// One head: its scores and its attention `[tokens, tokens]`, and its values `[tokens, width / heads]`.
fn head(qkv: &[Vec<f64>], width: usize, from: usize, size: usize) -> [Vec<Vec<f64>>; 3] {
    let part = |token: usize, which: usize| &qkv[token][which * width + from..which * width + from + size];
    let scores: Vec<Vec<f64>> = (0..TOKENS)
        .map(|query| {
            (0..TOKENS).map(|key| dot(part(query, 0), part(key, 1)) / (size as f64).sqrt()).collect()
        })
        .collect();
    let attention = |scores: &Vec<f64>| {
        let sum: f64 = scores.iter().map(|score| score.exp()).sum();
        scores.iter().map(|score| score.exp() / sum).collect()
    };
    let attention = scores.iter().map(attention).collect();
    [scores, attention, (0..TOKENS).map(|token| part(token, 2).to_vec()).collect()]
}

pub fn layers(vit: &Vit, parameters: &Parameters, pixels: &[f64]) -> Layers {
    let (width, heads) = (vit.width as usize, vit.heads as usize);
    let size = width / heads;
    let mut shown = Layers::new();
    let mut tokens: Vec<Vec<f64>> = (0..TOKENS).map(|token| embedded(parameters, pixels, token)).collect();
    for block in 0..vit.depth {
        let layer = if vit.shared { 1 } else { block + 1 };
        let path = |rest: &str| format!("layers.{layer}.{rest}");
        let qkv: Vec<Vec<f64>> = tokens
            .iter()
            .map(|x| norm(parameters, &path("attention.norm"), x))
            .map(|x| parameters.linear(&path("attention.queries_keys_values"), &x))
            .collect();
        let all: Vec<_> = (0..heads).map(|index| head(&qkv, width, index * size, size)).collect();
        let flat = |rows: &[Vec<f64>]| rows.concat();
        for (part, name) in ["scores", "attention", "values"].iter().enumerate() {
            shown.insert(format!("{name}.{block}"), all.iter().flat_map(|head| flat(&head[part])).collect());
        }
        for (token, x) in tokens.iter_mut().enumerate() {
            let mut seen = Vec::new();
            for [_, attention, values] in &all {
                let weighted = |i: usize| -> f64 {
                    attention[token].iter().zip(values).map(|(weight, value)| weight * value[i]).sum()
                };
                seen.extend((0..size).map(weighted));
            }
            add(x, &parameters.linear(&path("attention.output"), &seen));
            let normed = norm(parameters, &path("mlp.norm"), x);
            let hidden = parameters.linear(&path("mlp.hidden"), &normed);
            let hidden: Vec<f64> = hidden.into_iter().map(|v| v.max(0.0)).collect();
            add(x, &parameters.linear(&path("mlp.output"), &hidden));
        }
        shown.insert(format!("block.{block}"), tokens.concat());
    }
    let last = format!("layers.{}", if vit.shared { 2 } else { vit.depth + 1 });
    let mut mean = vec![0.0; width];
    for x in &tokens {
        let share: Vec<f64> =
            norm(parameters, &format!("{last}.norm"), x).iter().map(|v| v / TOKENS as f64).collect();
        add(&mut mean, &share);
    }
    shown.insert("logits".to_owned(), parameters.linear(&last, &mean));
    shown
}
