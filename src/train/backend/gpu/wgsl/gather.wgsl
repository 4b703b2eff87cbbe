// A batch of digits out of those that are kept, as shares of ink; a thread for four pixels of a digit.

// Grey values of kept digits, four to a word.
@group(0) @binding(0) var<storage, read> kept: array<u32>;
// How many digits the batch has, and behind that the place of each among the kept ones.
@group(0) @binding(1) var<storage, read> places: array<u32>;
// Shares of ink as the host divides them: a GPU may round a division otherwise.
@group(0) @binding(2) var<storage, read> shares: array<f32, 256>;
@group(0) @binding(3) var<storage, read_write> digits: array<f32>;

const WORDS = 196u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
    let digit = thread.x / WORDS;
    if (digit >= places[0]) {
        return;
    }
    let word = kept[places[digit + 1u] * WORDS + thread.x % WORDS];
    for (var part = 0u; part < 4u; part += 1u) {
        digits[thread.x * 4u + part] = shares[(word >> (8u * part)) & 255u];
    }
}
