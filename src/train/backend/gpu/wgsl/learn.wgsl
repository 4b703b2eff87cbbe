// The gradient inputsᵀ · grad_out of weights and, as one row more, of biases; and the optimiser's step with each value of it.

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> layer: Layer;
@group(0) @binding(2) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(3) var<storage, read> inputs: array<f32>;
@group(0) @binding(4) var<storage, read> grad_out: array<f32>;
@group(0) @binding(5) var<storage, read_write> first: array<f32>;
@group(0) @binding(6) var<storage, read_write> second: array<f32>;

fn dims() -> vec3<u32> {
    return vec3<u32>(layer.inputs + 1u, step.digits, layer.outputs);
}

fn a(row: u32, k: u32) -> f32 {
    if (row == layer.inputs) {
        return 1.0;
    }
    return inputs[k * layer.inputs + row];
}

fn b(k: u32, column: u32) -> f32 {
    return grad_out[k * layer.outputs + column];
}

fn epilogue(row: u32, column: u32, sum: f32) {
    let at = layer.start + row * layer.outputs + column;
    let gradient = sum + step.decay * parameters[at];
    var change = 0.0;
    if (step.is_adam == 1u) {
        let mean = step.beta1 * first[at] + step.one_minus_beta1 * gradient;
        let square = step.beta2 * second[at] + step.one_minus_beta2 * (gradient * gradient);
        first[at] = mean;
        second[at] = square;
        change = mean * step.rate * layer.rate / (sqrt(square) * step.root_scale + step.epsilon);
    } else {
        let velocity = step.beta1 * first[at] + gradient;
        first[at] = velocity;
        // Nothing is kept in `second`; naming it keeps the binding.
        change = velocity * step.rate * layer.rate + 0.0 * second[at];
    }
    parameters[at] -= change;
}
