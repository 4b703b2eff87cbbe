// The loss of a batch and its gradient in the logits, by the formulas of `distill::closed_form`; one workgroup.

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
// Labels as one-hot rows, and behind them soft targets.
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;
// Sums over digits of hard, soft and total loss, and in how many steps each was finite.
@group(0) @binding(4) var<storage, read_write> sums: array<f32, 6>;

const THREADS = 64u;
var<workgroup> parts: array<vec2<f32>, 64>;

// The largest logit over T, and the sum of exp(z / T) below it.
fn scale(start: u32, temperature: f32) -> vec2<f32> {
    var largest = logits[start] / temperature;
    for (var class_index = 1u; class_index < step.classes; class_index += 1u) {
        largest = max(largest, logits[start + class_index] / temperature);
    }
    var sum = 0.0;
    for (var class_index = 0u; class_index < step.classes; class_index += 1u) {
        sum += exp(logits[start + class_index] / temperature - largest);
    }
    return vec2<f32>(largest, sum);
}

fn is_finite(value: f32) -> f32 {
    return select(1.0, 0.0, (bitcast<u32>(value) & 0x7f800000u) == 0x7f800000u);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var sum = vec2<f32>(0.0);
    let behind = step.digits * step.classes;
    for (var digit = thread; digit < step.digits; digit += THREADS) {
        let start = digit * step.classes;
        var is_labelled = 0.0;
        var all = 0.0;
        for (var class_index = 0u; class_index < step.classes; class_index += 1u) {
            is_labelled += targets[start + class_index];
            all += targets[behind + start + class_index];
        }
        let plain = scale(start, 1.0);
        let soft = scale(start, step.temperature);
        let weight = step.hard_weight / step.labelled;
        let soft_weight = step.soft_factor / (f32(step.digits) * step.temperature);
        for (var class_index = 0u; class_index < step.classes; class_index += 1u) {
            let at = start + class_index;
            let target_value = targets[at] * (1.0 - step.smoothing) + is_labelled * step.smoothing / f32(step.classes);
            let below = logits[at] - plain.x;
            sum.x -= target_value * (below - log(plain.y));
            var slope = weight * (exp(below) / plain.y * is_labelled - target_value);
            if (step.has_soft == 1u) {
                let soft_target = targets[behind + at];
                let soft_below = logits[at] / step.temperature - soft.x;
                sum.y -= soft_target * (soft_below - log(soft.y));
                // Without a weight it is told and not minimised.
                if (step.soft_factor != 0.0) {
                    slope += soft_weight * (exp(soft_below) / soft.y * all - soft_target);
                }
            }
            gradient[at] = slope;
        }
    }
    parts[thread] = sum;
    workgroupBarrier();
    if (thread == 0u) {
        var whole = vec2<f32>(0.0);
        for (var part = 0u; part < THREADS; part += 1u) {
            whole += parts[part];
        }
        let hard = whole.x / step.labelled;
        let soft = whole.y / f32(step.digits);
        var total = step.hard_weight * hard;
        if (step.soft_factor != 0.0) {
            total += step.soft_factor * soft;
        }
        // The total is a mean over the batch, to whose digits it belongs.
        sums[0] += whole.x;
        sums[1] += whole.y;
        sums[2] += total * f32(step.digits);
        sums[3] += is_finite(hard);
        sums[4] += is_finite(soft);
        sums[5] += is_finite(total);
    }
}
