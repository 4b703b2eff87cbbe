//! Fully connected and convolutional layers, one number at a time.

use distillery::nets::Net;

/// Shapes and values of parameters, where those of a layer that is two factors are their product.
fn whole(parts: Vec<(Vec<usize>, Vec<f64>)>) -> Vec<(Vec<usize>, Vec<f64>)> {
    let mut whole: Vec<(Vec<usize>, Vec<f64>)> = Vec::new();
    for (shape, values) in parts {
        match whole.last_mut() {
            Some((first, left)) if first.len() == 2 && shape.len() == 2 => {
                let (from, rank, to) = (first[0], first[1], shape[1]);
                let at = |i: usize, o: usize| {
                    (0..rank).map(|inner| left[i * rank + inner] * values[inner * to + o]).sum()
                };
                let product = (0..from * to).map(|place| at(place / to, place % to)).collect();
                (first[1], *left) = (to, product);
            }
            _ => whole.push((shape, values)),
        }
    }
    whole
}

/// Logits of a perceptron or a convolutional network.
pub fn logits(net: &Net, weights: &[f32], pixels: &[f32]) -> Vec<f64> {
    let layout = net.layout();
    let part: Vec<(Vec<usize>, Vec<f64>)> = layout
        .iter()
        .map(|(p, range)| (p.shape.clone(), weights[range].iter().map(|&w| f64::from(w)).collect()))
        .collect();
    let part = whole(part);
    let mut values: Vec<f64> = pixels.iter().map(|&v| f64::from(v)).collect();
    let (mut side, mut channels) = (28, 1);
    let last = part.len() / 2 - 1;
    for (layer, pair) in part.chunks(2).enumerate() {
        let (shape, w, b) = (&pair[0].0, &pair[0].1, &pair[1].1);
        if shape.len() == 4 {
            let (to, k) = (shape[0], shape[2]);
            let wide = side - k + 1;
            let mut next = Vec::new();
            for o in 0..to {
                for (y, x) in (0..wide / 2).flat_map(|y| (0..wide / 2).map(move |x| (y, x))) {
                    let at = |dy: usize, dx: usize| {
                        let mut sum = b[o];
                        for c in 0..channels {
                            for (ky, kx) in (0..k).flat_map(|ky| (0..k).map(move |kx| (ky, kx))) {
                                let pixel = values[(c * side + 2 * y + dy + ky) * side + 2 * x + dx + kx];
                                sum += w[((o * channels + c) * k + ky) * k + kx] * pixel;
                            }
                        }
                        sum.max(0.0)
                    };
                    next.push(at(0, 0).max(at(0, 1)).max(at(1, 0)).max(at(1, 1)));
                }
            }
            (values, side, channels) = (next, wide / 2, to);
        } else {
            let to = shape[1];
            values = (0..to)
                .map(|o| b[o] + values.iter().enumerate().map(|(i, v)| v * w[i * to + o]).sum::<f64>())
                .map(|v| if layer < last { v.max(0.0) } else { v })
                .collect();
        }
    }
    values.truncate(net.outputs());
    values
}
