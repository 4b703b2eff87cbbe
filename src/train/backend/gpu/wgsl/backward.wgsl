// grad_in [digits, inputs] = grad_out [digits, outputs] · weightsᵀ where the unit below is above 0 or no number, else 0.

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> layer: Layer;
@group(0) @binding(2) var<storage, read> parameters: array<f32>;
@group(0) @binding(3) var<storage, read> grad_out: array<f32>;
@group(0) @binding(4) var<storage, read> units: array<f32>;
@group(0) @binding(5) var<storage, read_write> grad_in: array<f32>;

fn dims() -> vec3<u32> {
    return vec3<u32>(step.digits, layer.outputs, layer.inputs);
}

fn a(row: u32, k: u32) -> f32 {
    return grad_out[row * layer.outputs + k];
}

fn b(k: u32, column: u32) -> f32 {
    return parameters[layer.start + column * layer.outputs + k];
}

fn epilogue(row: u32, column: u32, sum: f32) {
    let at = row * layer.inputs + column;
    grad_in[at] = select(sum * step.keep_scale, 0.0, units[at] <= 0.0);
}
