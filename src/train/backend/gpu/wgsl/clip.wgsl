// Scales the weights into each unit down to at most a length; a thread for each unit.

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> layer: Layer;
@group(0) @binding(2) var<storage, read_write> parameters: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
    let unit = thread.x;
    if (unit >= layer.outputs) {
        return;
    }
    var square = 0.0;
    for (var row = 0u; row < layer.inputs; row += 1u) {
        let weight = parameters[layer.start + row * layer.outputs + unit];
        square += weight * weight;
    }
    let factor = step.max_norm / max(sqrt(square), step.max_norm);
    for (var row = 0u; row < layer.inputs; row += 1u) {
        parameters[layer.start + row * layer.outputs + unit] *= factor;
    }
}
