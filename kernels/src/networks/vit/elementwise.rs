//! What is done to each value by itself: masks of dropout, ReLU, the residual path.

use crate::relu::relu;

/// Each value times that of its mask, if there is one.
#[inline(never)]
pub(super) fn apply(values: &mut [f32], mask: &[f32]) {
    values.iter_mut().zip(mask).for_each(|(value, mask)| *value *= mask);
}

/// ReLU, and then its mask, if there is one.
pub(super) fn rectify(values: &mut [f32], mask: &[f32]) {
    match mask.is_empty() {
        true => values.iter_mut().for_each(|value| *value = relu(*value)),
        false => values.iter_mut().zip(mask).for_each(|(value, mask)| *value = relu(*value) * mask),
    }
}

/// The gradient in front of [`rectify`], which left `hidden`.
pub(super) fn rectify_backward(grad: &mut [f32], hidden: &[f32], mask: &[f32]) {
    for (grad, hidden) in grad.iter_mut().zip(hidden) {
        *grad = if *hidden <= 0.0 { 0.0 } else { *grad };
    }
    apply(grad, mask);
}

/// Adds a branch to the residual path, each value times that of its mask, if there is one.
#[inline(never)]
pub(super) fn add(tokens: &mut [f32], branch: &[f32], mask: &[f32]) {
    match mask.is_empty() {
        true => tokens.iter_mut().zip(branch).for_each(|(token, value)| *token += value),
        false => {
            let values = branch.iter().zip(mask);
            tokens.iter_mut().zip(values).for_each(|(token, (value, mask))| *token += value * mask);
        }
    }
}

/// `grad`, or where there is a mask `to` with their products.
#[inline(never)]
pub(super) fn masked<'a>(grad: &'a [f32], mask: &[f32], to: &'a mut [f32]) -> &'a [f32] {
    if mask.is_empty() {
        return grad;
    }
    to.iter_mut().zip(grad.iter().zip(mask)).for_each(|(to, (grad, mask))| *to = grad * mask);
    to
}
