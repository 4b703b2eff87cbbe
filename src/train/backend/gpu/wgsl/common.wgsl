// What every kernel is told, and the rectifier.

struct Step {
    // Digits in the batch.
    digits: u32,
    // Outputs of the network, of all its tasks.
    outputs: u32,
    // 1: Adam, 0: momentum.
    is_adam: u32,
    // How soft targets are compared, by the numbers of `loss.wgsl`.
    soft_term: u32,
    // 1: units are dropped by the mask.
    has_mask: u32,
    rate: f32,
    decay: f32,
    // Adam's first decay, or momentum.
    beta1: f32,
    beta2: f32,
    one_minus_beta1: f32,
    one_minus_beta2: f32,
    root_scale: f32,
    epsilon: f32,
    hard_weight: f32,
    smoothing: f32,
    // Digits with a label, at least 1.
    labelled: f32,
    soft_factor: f32,
    temperature: f32,
    max_norm: f32,
    keep_scale: f32,
    // Weights of the two parts of a decoupled term.
    target_part: f32,
    non_target_part: f32,
    // Of mixed digits the share of the digit itself; 1 where none are mixed.
    own_share: f32,
    padding: u32,
}

struct Layer {
    inputs: u32,
    outputs: u32,
    // Where its weights lie in the network's vector; its biases lie behind them.
    start: u32,
    // Where its units lie in the mask, for one digit before and one digit more: times the digits of a batch.
    mask_start: u32,
    // 1: its outputs go through a ReLU.
    is_hidden: u32,
    // Its learning rate against the output layer's.
    rate: f32,
    padding_0: u32,
    padding_1: u32,
}

// The value where it is above 0, 0 where it is not; what is no number stays none, so that it is found. On its bits, as whole
// numbers: read so, −0, every number below it and −∞ are at most −∞, and NaN of either sign is above it. Of `max`, and of
// comparisons, a GPU may make what it likes where a value is no number.
fn relu(value: f32) -> f32 {
    return select(value, 0.0, bitcast<i32>(value) <= -8388608);
}
