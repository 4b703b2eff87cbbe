//! The loss against its closed form, finite differences and its published limits.

use burn::tensor::{Device, Tensor, TensorData};
use distillery::distill::{Combine, HardMix, SoftMix, SoftTerm, TaskTensors, combined_targets, loss};
use distillery::measure::softened;
use distillery::random::Stream;
use proptest::prelude::*;

const DIGITS: usize = 3;
const VALUES: usize = DIGITS * 10;

fn numbers(seed: u32, low: f32, high: f32) -> Vec<f32> {
    let mut stream = Stream::new(seed, "test-logits", &[]);
    (0..VALUES).map(|_| stream.uniform(low, high)).collect()
}

fn one_hot() -> Vec<f32> {
    (0..VALUES).map(|i| if i % 10 == (3 * (i / 10) + 1) % 10 { 1.0 } else { 0.0 }).collect()
}

fn matrix(values: &[f32]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [DIGITS, 10]), &Device::flex())
}

type Mix = (HardMix, SoftMix);

/// A model's only task.
fn only(logits: Tensor<2>, one_hot: Tensor<2>, targets: Tensor<2>) -> Vec<TaskTensors> {
    vec![TaskTensors { logits, one_hot, targets: Some(targets), share: 1.0, labelled: DIGITS }]
}

fn mix(hard_weight: f64, temperature: f64, t_squared: bool) -> Mix {
    let soft = SoftMix { term: SoftTerm::CrossEntropy, weight: 1.0 - hard_weight, temperature, t_squared };
    (HardMix { weight: hard_weight, label_smoothing: 0.0 }, soft)
}

fn scalar(tensor: Tensor<1>) -> f64 {
    f64::from(tensor.into_scalar::<f32>())
}

/// Hard, soft and total loss as burn computes them.
fn terms(student: &[f32], teacher: &[f32], mix: Mix) -> (f64, f64, f64) {
    let targets = combined_targets(&[(teacher.to_vec(), 1.0)], 10, Combine::default(), mix.1.temperature);
    let task = only(matrix(student), matrix(&one_hot()), matrix(&targets));
    let terms = loss(task, mix.0, Some(mix.1), Vec::new());
    (scalar(terms.hard), scalar(terms.soft.unwrap()), scalar(terms.total))
}

/// Gradient of the total with respect to the student's logits.
fn gradient(student: &[f32], teacher: &[f32], mix: Mix) -> Vec<f32> {
    let targets = combined_targets(&[(teacher.to_vec(), 1.0)], 10, Combine::default(), mix.1.temperature);
    let logits = matrix(student).autodiff().require_grad();
    let task = only(logits.clone(), matrix(&one_hot()).autodiff(), matrix(&targets).autodiff());
    let terms = loss(task, mix.0, Some(mix.1), Vec::new());
    logits.grad(&terms.total.backward()).unwrap().into_data().try_into_vec().unwrap()
}

/// −Σ p ln softmax(z/T), mean over digits, in f64.
fn cross_entropy(targets: &[f64], logits: &[f32], temperature: f64) -> f64 {
    let rows = targets.chunks(10).zip(logits.chunks(10));
    let sum: f64 = rows
        .map(|(p, z)| -p.iter().zip(softened(z, temperature)).map(|(p, q)| p * q.ln()).sum::<f64>())
        .sum();
    sum / DIGITS as f64
}

fn softened_all(logits: &[f32], temperature: f64) -> Vec<f64> {
    logits.chunks(10).flat_map(|row| softened(row, temperature)).collect()
}

proptest! {
    // f32 sums of 30 products of size up to 20: 1e-5 relative is ten times their rounding.
    #[test]
    fn terms_equal_their_closed_forms(seed in 0u32..1000, w in 0.0f64..=1.0, t in 0.5f64..30.0, squared: bool) {
        let (student, teacher) = (numbers(seed, -6.0, 6.0), numbers(seed + 1000, -6.0, 6.0));
        let (hard, soft, total) = terms(&student, &teacher, mix(w, t, squared));
        let labels: Vec<f64> = one_hot().into_iter().map(f64::from).collect();
        let hard_expected = cross_entropy(&labels, &student, 1.0);
        let soft_expected = cross_entropy(&softened_all(&teacher, t), &student, t);
        let factor = if squared { t * t } else { 1.0 };
        let total_expected = w * hard_expected + (1.0 - w) * factor * soft_expected;
        prop_assert!((hard - hard_expected).abs() <= 1e-5 * (1.0 + hard_expected));
        prop_assert!((soft - soft_expected).abs() <= 1e-5 * (1.0 + soft_expected));
        prop_assert!((total - total_expected).abs() <= 1e-5 * (1.0 + total_expected));
    }

    #[test]
    fn gradient_equals_its_closed_form(seed in 0u32..1000, w in 0.0f64..=1.0, t in 0.5f64..30.0) {
        // dC/dz = w (softmax(z) − y) + (1 − w) T (softmax(z/T) − p), Hinton et al. 2015, eq. 2 times T².
        let (student, teacher) = (numbers(seed, -6.0, 6.0), numbers(seed + 1000, -6.0, 6.0));
        let found = gradient(&student, &teacher, mix(w, t, true));
        let (q1, qt, p) = (softened_all(&student, 1.0), softened_all(&student, t), softened_all(&teacher, t));
        for (i, y) in one_hot().into_iter().enumerate() {
            let expected = (w * (q1[i] - f64::from(y)) + (1.0 - w) * t * (qt[i] - p[i])) / DIGITS as f64;
            prop_assert!((f64::from(found[i]) - expected).abs() < 1e-4, "{} against {expected}", found[i]);
        }
    }
}

#[test]
fn gradient_equals_finite_differences() {
    let (student, teacher) = (numbers(1, -3.0, 3.0), numbers(2, -3.0, 3.0));
    let mix = mix(0.3, 4.0, true);
    let found = gradient(&student, &teacher, mix);
    let h = 0.02;
    for i in 0..VALUES {
        let at = |shift: f32| {
            let mut moved = student.clone();
            moved[i] += shift;
            terms(&moved, &teacher, mix).2
        };
        let expected = (at(h) - at(-h)) / f64::from(2.0 * h);
        // The loss is about 40 in f32 (±4e-6), divided by 0.04: ±2e-4, and h² more.
        assert!((f64::from(found[i]) - expected).abs() < 1e-3, "{} against {expected}", found[i]);
    }
}

#[test]
fn at_high_temperature_the_gradient_is_that_of_matching_logits() {
    // Hinton et al. 2015, eq. 4: T² dC/dz → (z − v) / 10 for logits with zero mean.
    let centred = |values: Vec<f32>| -> Vec<f32> {
        values.chunks(10).flat_map(|row| row.iter().map(|z| z - row.iter().sum::<f32>() / 10.0)).collect()
    };
    let (student, teacher) = (centred(numbers(3, -1.0, 1.0)), centred(numbers(4, -1.0, 1.0)));
    let temperature = 50.0;
    let found = gradient(&student, &teacher, mix(0.0, temperature, true));
    for i in 0..VALUES {
        let expected = (student[i] - teacher[i]) / 10.0 / DIGITS as f32;
        // The next term of the series is smaller by max|z|/T = 1/50.
        assert!((found[i] - expected).abs() < 0.02 * 0.1 + 1e-4, "{} against {expected}", found[i]);
    }
}

#[test]
fn swapping_teacher_and_student_changes_the_loss() {
    let (student, teacher) = (numbers(5, -4.0, 4.0), numbers(6, -4.0, 4.0));
    let there = terms(&student, &teacher, mix(0.0, 2.0, true)).1;
    let back = terms(&teacher, &student, mix(0.0, 2.0, true)).1;
    assert!((there - back).abs() > 0.01, "{there} and {back}");
}

#[test]
fn no_gradient_reaches_the_targets() {
    let targets =
        matrix(&softened_all(&numbers(8, -4.0, 4.0), 2.0).iter().map(|&p| p as f32).collect::<Vec<_>>())
            .autodiff()
            .require_grad();
    let logits = matrix(&numbers(7, -4.0, 4.0)).autodiff().require_grad();
    let (hard, soft) = mix(0.1, 2.0, true);
    let task = only(logits.clone(), matrix(&one_hot()).autodiff(), targets.clone());
    let terms = loss(task, hard, Some(soft), Vec::new());
    let gradients = terms.total.backward();
    assert!(targets.grad(&gradients).is_none());
    assert!(logits.grad(&gradients).is_some());
}

#[test]
fn teachers_are_averaged_by_their_weights() {
    let (a, b) = (numbers(9, -4.0, 4.0), numbers(10, -4.0, 4.0));
    let teachers = [(a.clone(), 3.0), (b.clone(), 1.0)];
    let t = 2.5;
    let probabilities = combined_targets(&teachers, 10, Combine::MeanOfProbabilities, t);
    let logits = combined_targets(&teachers, 10, Combine::MeanOfLogits, t);
    let mean: Vec<f32> = a.iter().zip(&b).map(|(a, b)| 0.75 * a + 0.25 * b).collect();
    let (pa, pb, pm) = (softened_all(&a, t), softened_all(&b, t), softened_all(&mean, t));
    for i in 0..VALUES {
        assert!((f64::from(probabilities[i]) - (0.75 * pa[i] + 0.25 * pb[i])).abs() < 1e-6);
        assert!((f64::from(logits[i]) - pm[i]).abs() < 1e-6);
    }
}

#[test]
fn of_several_tasks_each_digit_counts_once_by_its_own() {
    // Two tasks, of one digit and of three out of four, and the mean worked out by hand: every digit weighs the same.
    let rows = |values: [f32; 2], n: usize| {
        Tensor::<2>::from_data(TensorData::new(values.repeat(n), [n, 2]), &Device::flex())
    };
    let task = |logits, one_hot, targets, n: usize| TaskTensors {
        logits: rows(logits, n),
        one_hot: rows(one_hot, n),
        targets: Some(rows(targets, n)),
        share: n as f64 / 4.0,
        labelled: n,
    };
    let (hard, soft) = mix(0.5, 1.0, true);
    let terms = loss(
        vec![task([1.0, 0.0], [1.0, 0.0], [0.75, 0.25], 1), task([0.0, 2.0], [1.0, 0.0], [0.5, 0.5], 3)],
        hard,
        Some(soft),
        Vec::new(),
    );
    // ln(1 + e^-1) = 0.313262, and one more for the other class; ln(1 + e^2) = 2.126928, 0.126928 for the other.
    let expected_hard = 0.25 * 0.313_262 + 0.75 * 2.126_928;
    let expected_soft =
        0.25 * (0.75 * 0.313_262 + 0.25 * 1.313_262) + 0.75 * (0.5 * 2.126_928 + 0.5 * 0.126_928);
    assert!((scalar(terms.hard) - expected_hard).abs() < 1e-5);
    assert!((scalar(terms.soft.unwrap()) - expected_soft).abs() < 1e-5);
    assert!((scalar(terms.total) - 0.5 * (expected_hard + expected_soft)).abs() < 1e-5);
}

#[test]
fn of_several_tasks_the_hard_loss_is_told_over_labelled_digits_and_minimised_by_shares() {
    // The first task's digit has a label; of the second's three one has, the others' rows are zeros.
    let rows = |values: &[f32]| {
        Tensor::<2>::from_data(TensorData::new(values.to_vec(), [values.len() / 2, 2]), &Device::flex())
    };
    let task = |logits: [f32; 2], one_hot: &[f32], share| TaskTensors {
        logits: rows(&logits.repeat(one_hot.len() / 2)),
        one_hot: rows(one_hot),
        targets: None,
        share,
        labelled: 1,
    };
    let tasks =
        vec![task([1.0, 0.0], &[1.0, 0.0], 0.25), task([0.0, 2.0], &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], 0.75)];
    let terms = loss(tasks, HardMix { weight: 1.0, label_smoothing: 0.0 }, None, Vec::new());
    // ln(1 + e^-1) and ln(1 + e^2).
    let (first, second) = (0.313_262, 2.126_928);
    assert!((scalar(terms.hard) - 0.5 * (first + second)).abs() < 1e-5);
    assert!((scalar(terms.total) - (0.25 * first + 0.75 * second)).abs() < 1e-5);
}
