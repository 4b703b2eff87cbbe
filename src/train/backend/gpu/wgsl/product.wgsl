// A matrix product a [m, k] · b [k, n] in tiles of 32 × 32, each thread with 2 × 2 of it. `dims()`, which is (m, k, n),
// `a(row, k)`, `b(k, column)` and `epilogue(row, column, sum)`, which takes each value of it, are the kernel's own.

var<workgroup> a_tile: array<f32, 512>;
var<workgroup> b_tile: array<f32, 512>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
    let size = dims();
    let m = size.x;
    let depth = size.y;
    let n = size.z;
    let row = group.y * 32u;
    let column = group.x * 32u;
    let index = thread.y * 16u + thread.x;
    var sums = vec4<f32>(0.0);
    for (var start = 0u; start < depth; start += 16u) {
        for (var part = index; part < 512u; part += 256u) {
            let a_row = row + part / 16u;
            let a_k = start + part % 16u;
            var value = 0.0;
            if (a_row < m && a_k < depth) {
                value = a(a_row, a_k);
            }
            a_tile[part] = value;
            let b_k = start + part / 32u;
            let b_column = column + part % 32u;
            value = 0.0;
            if (b_k < depth && b_column < n) {
                value = b(b_k, b_column);
            }
            b_tile[part] = value;
        }
        workgroupBarrier();
        for (var k = 0u; k < 16u; k += 1u) {
            let upper = a_tile[thread.y * 32u + k];
            let lower = a_tile[thread.y * 32u + 16u + k];
            let before = b_tile[k * 32u + thread.x * 2u];
            let behind = b_tile[k * 32u + thread.x * 2u + 1u];
            sums += vec4<f32>(upper * before, upper * behind, lower * before, lower * behind);
        }
        workgroupBarrier();
    }
    for (var part = 0u; part < 4u; part += 1u) {
        let own_row = row + thread.y * 2u + part / 2u;
        let own_column = column + thread.x * 2u + part % 2u;
        if (own_row < m && own_column < n) {
            epilogue(own_row, own_column, sums[part]);
        }
    }
}
