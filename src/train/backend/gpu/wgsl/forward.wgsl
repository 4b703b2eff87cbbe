// outputs [digits, outputs] = inputs [digits, inputs] · weights + biases; ReLU and mask where the layer is hidden.

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> layer: Layer;
@group(0) @binding(2) var<storage, read> parameters: array<f32>;
@group(0) @binding(3) var<storage, read> inputs: array<f32>;
@group(0) @binding(4) var<storage, read> mask: array<f32>;
@group(0) @binding(5) var<storage, read_write> outputs: array<f32>;

fn dims() -> vec3<u32> {
    return vec3<u32>(step.digits, layer.inputs, layer.outputs);
}

fn a(row: u32, k: u32) -> f32 {
    return inputs[row * layer.inputs + k];
}

fn b(k: u32, column: u32) -> f32 {
    return parameters[layer.start + k * layer.outputs + column];
}

fn epilogue(row: u32, column: u32, sum: f32) {
    let at = row * layer.outputs + column;
    var value = sum + parameters[layer.start + layer.inputs * layer.outputs + column];
    if (layer.is_hidden == 1u) {
        value = relu(value);
        if (step.has_mask == 1u) {
            value *= mask[layer.mask_start * step.digits + at];
        }
    }
    outputs[at] = value;
}
