// The loss of a batch and its gradient in the logits, by formulas, where `distill::loss` has tensors. One workgroup, whose
// threads take the digits in turn. Of a digit z are the logits, p the soft targets, T the temperature, q = softmax(z / T),
// n the digits of the batch.

// What a digit is asked: which of the outputs are those of its task, and its labels among them.
struct Asked {
    first: u32,
    classes: u32,
    // Its own in the lower half, in the upper that of the digit mixed into it; `NO_LABEL` where they are not to be seen.
    labels: u32,
    // Of its hard loss in what is minimised: its task's share of the batch's digits, over the task's labelled ones.
    weight: f32,
}

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> asked: array<Asked>;
// Soft targets, each where its logit lies: probabilities at T, for `LOGIT_MSE` logits.
@group(0) @binding(3) var<storage, read> targets: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;
// Sums over digits of hard, soft and total loss, and in how many steps each was finite.
@group(0) @binding(5) var<storage, read_write> sums: array<f32, 6>;

const THREADS = 64u;
const NO_LABEL = 0xffffu;
const LOWEST = -3.4e38;
// Keeps the logarithm of a probability that is zero in f32 finite, as `distill::soft` does.
const SMALLEST = 1e-30;

// Kinds of soft term, as `Step::comparing` numbers them; 0 is none, 1 the cross-entropy, also with a teacher's labels.
const KL = 2u;
const LOGIT_MSE = 3u;
const DECOUPLED = 4u;
const REVERSE_KL = 5u;
const JENSEN_SHANNON = 6u;

// The hard loss as it is told and as it is minimised, and the soft loss.
var<workgroup> parts: array<vec3<f32>, 64>;

// The largest z / T, and the sum of exp(z / T) below it; of all classes but one, or of all with `NO_LABEL`.
fn scale(start: u32, classes: u32, temperature: f32, left_out: u32) -> vec2<f32> {
    var largest = LOWEST;
    for (var class_index = 0u; class_index < classes; class_index += 1u) {
        if (class_index != left_out) {
            largest = max(largest, logits[start + class_index] / temperature);
        }
    }
    var sum = 0.0;
    for (var class_index = 0u; class_index < classes; class_index += 1u) {
        if (class_index != left_out) {
            sum += exp(logits[start + class_index] / temperature - largest);
        }
    }
    return vec2<f32>(largest, sum);
}

// The digit's own label.
fn label_of(own: Asked) -> u32 {
    return own.labels & 0xffffu;
}

// log p, finite for a probability of zero. What is no number stays so, told by its bits as in `relu`: it lies above infinity
// there, and a GPU may make a number of its logarithm.
fn log_of(p: f32) -> f32 {
    return select(log(max(p, SMALLEST)), p, bitcast<u32>(p) > 0x7f800000u);
}

// Without a weight the soft term is told and not minimised.
fn minimise(at: u32, slope: f32) {
    if (step.soft_factor != 0.0) {
        gradient[at] += step.soft_factor / f32(step.digits) * slope;
    }
}

// −Σ yᵢ log qᵢ at T = 1 with a smoothed label y = (1 − s) · one-hot + s / classes (Szegedy et al. 2016, section 7), 0
// without a label; of mixed digits the one-hot rows of both labels by their shares (Zhang et al. 2018, section 2). Its
// gradient is q Σ y − y.
fn hard_loss(start: u32, own: Asked) -> f32 {
    let label = label_of(own);
    let other = own.labels >> 16u;
    let is_labelled = select(1.0, 0.0, label == NO_LABEL);
    let weight = step.hard_weight * own.weight;
    let whole = scale(start, own.classes, 1.0, NO_LABEL);
    let log_sum = log(whole.y);
    var loss = 0.0;
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        let at = start + class_index;
        let one_hot = select(0.0, step.own_share, class_index == label)
            + select(0.0, 1.0 - step.own_share, class_index == other);
        let y = one_hot * (1.0 - step.smoothing) + is_labelled * step.smoothing / f32(own.classes);
        let below = logits[at] - whole.x;
        loss -= y * (below - log_sum);
        gradient[at] = weight * (exp(below) / whole.y * is_labelled - y);
    }
    return loss;
}

// ½ Σ (zᵢ − vᵢ)² with the teacher's logits v (Ba and Caruana 2014, eq. 1). Its gradient is z − v.
fn logit_mse(start: u32, own: Asked) -> f32 {
    var loss = 0.0;
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        let at = start + class_index;
        let apart = logits[at] - targets[at];
        loss += 0.5 * apart * apart;
        minimise(at, apart);
    }
    return loss;
}

// −Σ pᵢ log qᵢ (Hinton et al. 2015, section 2), and Σ pᵢ (log pᵢ − log qᵢ) (Kullback and Leibler 1951), which differs by
// what no weight changes. The gradient of both is (q Σ p − p) / T (Hinton et al. 2015, eq. 2).
fn cross_entropy(start: u32, own: Asked) -> f32 {
    let whole = scale(start, own.classes, step.temperature, NO_LABEL);
    let log_sum = log(whole.y);
    var all = 0.0;
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        all += targets[start + class_index];
    }
    var loss = 0.0;
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        let at = start + class_index;
        let p = targets[at];
        let below = logits[at] / step.temperature - whole.x;
        loss -= p * (below - log_sum - select(0.0, log_of(p), step.soft_term == KL));
        minimise(at, (exp(below) / whole.y * all - p) / step.temperature);
    }
    return loss;
}

// α (pₜ log (pₜ / qₜ) + pₒ log (pₒ / qₒ)) + β Σ p̂ᵢ log (p̂ᵢ / q̂ᵢ) with the label t, all others o, and p̂ and q̂ among the others
// alone (Zhao et al. 2022, eq. 7, by eq. 5). With log qₒ = log Σ_others exp(z / T) − log Σ exp(z / T), and q̂ₜ = p̂ₜ = 0, its
// gradient is (α (q (pₜ + pₒ) − pₒ q̂ − pₜ · one-hot) + β (q̂ Σ p̂ − p̂)) / T. Without a label all are others.
fn decoupled(start: u32, own: Asked) -> f32 {
    let whole = scale(start, own.classes, step.temperature, NO_LABEL);
    let label = label_of(own);
    let others = scale(start, own.classes, step.temperature, label);
    let log_sum = log(whole.y);
    let log_others = log(others.y);
    let log_q_others = others.x - whole.x + log_others - log_sum;
    var p_label = 0.0;
    var log_q_label = 0.0;
    var p_others = 0.0;
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        let at = start + class_index;
        if (class_index == label) {
            p_label = targets[at];
            log_q_label = logits[at] / step.temperature - whole.x - log_sum;
        } else {
            p_others += targets[at];
        }
    }
    let floored = max(p_others, SMALLEST);
    let all_hat = p_others / floored;
    var loss = step.target_part
        * (p_label * (log_of(p_label) - log_q_label) + p_others * (log_of(p_others) - log_q_others));
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        let at = start + class_index;
        let softened = logits[at] / step.temperature;
        let q = exp(softened - whole.x) / whole.y;
        if (class_index == label) {
            minimise(at, step.target_part * (q * (p_label + p_others) - p_label) / step.temperature);
        } else {
            let p_hat = targets[at] / floored;
            let below = softened - others.x;
            let q_hat = exp(below) / others.y;
            loss += step.non_target_part * p_hat * (log_of(p_hat) - below + log_others);
            let by_target = q * (p_label + p_others) - p_others * q_hat;
            let by_others = q_hat * all_hat - p_hat;
            let slope = step.target_part * by_target + step.non_target_part * by_others;
            minimise(at, slope / step.temperature);
        }
    }
    return loss;
}

// Σ qᵢ log (qᵢ / pᵢ), and β Σ pᵢ log (pᵢ / mᵢ) + (1 − β) Σ qᵢ log (qᵢ / mᵢ) with m = β p + (1 − β) q (Agarwal et al. 2024,
// section 2). With s = log (q / p) and s = (1 − β) log (q / m) the gradients are qᵢ (sᵢ − Σ q s) / T.
fn divergence_of_student(start: u32, own: Asked) -> f32 {
    let whole = scale(start, own.classes, step.temperature, NO_LABEL);
    let log_sum = log(whole.y);
    var loss = 0.0;
    var mean = 0.0;
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        let at = start + class_index;
        let below = logits[at] / step.temperature - whole.x;
        let q = exp(below) / whole.y;
        let p = targets[at];
        let s = slope_of_student(p, q, below - log_sum);
        mean += q * s;
        if (step.soft_term == JENSEN_SHANNON) {
            let mixed = step.beta * p + (1.0 - step.beta) * q;
            loss += step.beta * p * (log_of(p) - log_of(mixed));
        }
    }
    for (var class_index = 0u; class_index < own.classes; class_index += 1u) {
        let at = start + class_index;
        let below = logits[at] / step.temperature - whole.x;
        let q = exp(below) / whole.y;
        let s = slope_of_student(targets[at], q, below - log_sum);
        minimise(at, q * (s - mean) / step.temperature);
    }
    return loss + mean;
}

fn slope_of_student(p: f32, q: f32, log_q: f32) -> f32 {
    if (step.soft_term == REVERSE_KL) {
        return log_q - log_of(p);
    }
    return (1.0 - step.beta) * (log_q - log_of(step.beta * p + (1.0 - step.beta) * q));
}

fn soft_loss(start: u32, own: Asked) -> f32 {
    switch step.soft_term {
        case 0u: { return 0.0; }
        case LOGIT_MSE: { return logit_mse(start, own); }
        case DECOUPLED: { return decoupled(start, own); }
        case REVERSE_KL, JENSEN_SHANNON: { return divergence_of_student(start, own); }
        default: { return cross_entropy(start, own); }
    }
}

fn is_finite(value: f32) -> f32 {
    return select(1.0, 0.0, (bitcast<u32>(value) & 0x7f800000u) == 0x7f800000u);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var sum = vec3<f32>(0.0);
    for (var digit = thread; digit < step.digits; digit += THREADS) {
        let own = asked[digit];
        let row = digit * step.outputs;
        // Those of tasks that it is not asked stay so.
        for (var column = 0u; column < step.outputs; column += 1u) {
            gradient[row + column] = 0.0;
        }
        let start = row + own.first;
        let hard = hard_loss(start, own);
        sum += vec3<f32>(hard, own.weight * hard, soft_loss(start, own));
    }
    parts[thread] = sum;
    workgroupBarrier();
    if (thread == 0u) {
        var whole = vec3<f32>(0.0);
        for (var part = 0u; part < THREADS; part += 1u) {
            whole += parts[part];
        }
        let hard = whole.x / step.labelled;
        // Tasks count by their shares of the batch, so that their soft losses come to the mean over all digits (Clark et
        // al. 2019, section 3.1).
        let soft = whole.z / f32(step.digits);
        var total = step.hard_weight * whole.y;
        if (step.soft_factor != 0.0) {
            total += step.soft_factor * soft;
        }
        // The total is a mean over the batch, to whose digits it belongs.
        sums[0] += whole.x;
        sums[1] += whole.z;
        sums[2] += total * f32(step.digits);
        sums[3] += is_finite(hard);
        sums[4] += is_finite(soft);
        sums[5] += is_finite(total);
    }
}
