// A matrix product in tiles of 32 × 32, each thread with 2 × 2 of it. `size()`, `left(row, place)`, `right(place, column)`
// and `finish(row, column, sum)` are the kernel's own.

var<workgroup> left_tile: array<f32, 512>;
var<workgroup> right_tile: array<f32, 512>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
    // Rows, depth, columns.
    let all = size();
    let row = group.y * 32u;
    let column = group.x * 32u;
    let index = thread.y * 16u + thread.x;
    var sums = vec4<f32>(0.0);
    for (var start = 0u; start < all.y; start += 16u) {
        for (var part = index; part < 512u; part += 256u) {
            let left_row = row + part / 16u;
            let left_place = start + part % 16u;
            var value = 0.0;
            if (left_row < all.x && left_place < all.y) {
                value = left(left_row, left_place);
            }
            left_tile[part] = value;
            let right_place = start + part / 32u;
            let right_column = column + part % 32u;
            value = 0.0;
            if (right_place < all.y && right_column < all.z) {
                value = right(right_place, right_column);
            }
            right_tile[part] = value;
        }
        workgroupBarrier();
        for (var place = 0u; place < 16u; place += 1u) {
            let upper = left_tile[thread.y * 32u + place];
            let lower = left_tile[thread.y * 32u + 16u + place];
            let before = right_tile[place * 32u + thread.x * 2u];
            let behind = right_tile[place * 32u + thread.x * 2u + 1u];
            sums += vec4<f32>(upper * before, upper * behind, lower * before, lower * behind);
        }
        workgroupBarrier();
    }
    for (var part = 0u; part < 4u; part += 1u) {
        let own_row = row + thread.y * 2u + part / 2u;
        let own_column = column + thread.x * 2u + part % 2u;
        if (own_row < all.x && own_column < all.z) {
            finish(own_row, own_column, sums[part]);
        }
    }
}
