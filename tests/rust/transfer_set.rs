//! Transfer sets whose labels are wrong for some digits, and whose digits are mixed with one another.

use crate::common::{digits, finish, session};
use distillery::data::{Batch, BatchOrder, Digits, PIXELS, SampleId, Split, Task, heads};
use distillery::distill::{Combine, combined_targets};
use distillery::experiment::{Config, Session, examples};
use distillery::measure::{predictions, softened, wrong};
use distillery::train::Inputs;

const SEED: u32 = 3;

fn ids(count: u32) -> Vec<SampleId> {
    (0..count).map(|index| SampleId { split: Split::Train, index }).collect()
}

fn gathered(digits: &Digits, ids: &[SampleId]) -> Batch {
    Batch::gather(digits, ids).unwrap()
}

fn run(text: &str, digits: &Digits) -> Session {
    let mut session = session(text, digits);
    finish(&mut session, digits);
    session
}

#[test]
fn about_a_share_of_the_labels_is_wrong_and_every_other_class_is_as_likely() {
    let digits = digits(5_000, 10);
    let truth = gathered(&digits, &ids(5_000));
    let told = |share| {
        let mut batch = truth.clone();
        batch.mislabel(share, SEED);
        batch.labels
    };
    let apart =
        |a: &[u8], b: &[u8]| -> Vec<usize> { (0..a.len()).filter(|&digit| a[digit] != b[digit]).collect() };
    assert_eq!(told(0.0), truth.labels);
    assert_eq!(apart(&told(1.0), &truth.labels).len(), 5_000);
    let some = told(0.3);
    let wrong = apart(&some, &truth.labels);
    // 1,500 expected, standard deviation 32; five of them.
    assert!(wrong.len().abs_diff(1_500) < 162, "{}", wrong.len());
    let mut shifts = [0_usize; 10];
    wrong.iter().for_each(|&digit| shifts[usize::from((some[digit] + 10 - truth.labels[digit]) % 10)] += 1);
    // A ninth of 1,500 each, standard deviation 12; five of them.
    assert!(shifts[1..].iter().all(|count| count.abs_diff(wrong.len() / 9) < 62), "{shifts:?}");
    // Those wrong at a share are wrong in the same way at a larger one.
    let more = told(0.6);
    assert!(wrong.iter().all(|&digit| more[digit] == some[digit]));
}

#[test]
fn a_label_is_wrong_by_the_seed_and_the_digit_and_not_by_the_batch() {
    let digits = digits(200, 10);
    let told = |ids: &[SampleId], seed| {
        let mut batch = gathered(&digits, ids);
        batch.mislabel(0.5, seed);
        batch.labels
    };
    let all = told(&ids(200), SEED);
    let few = [ids(200)[150], ids(200)[7]];
    assert_eq!(told(&few, SEED), [all[150], all[7]]);
    assert_ne!(told(&ids(200), SEED + 1), all);
}

#[test]
fn the_same_wrong_labels_are_learnt_in_every_epoch() {
    let digits = digits(256, 10);
    let text = format!(
        r#"{{"version": 1, "seed": {SEED}, "data": {{"evaluated": 10}},
                "transfer_set": {{"digits": 256, "label_noise": 0.4}},
                "training": {{"epochs": 3, "batch_size": 64, "learning_rate": 0}},
                "models": {{"control": {{"net": {{"mlp": {{"hidden": [16]}}}}}}}}}}"#
    );
    let still = run(&text, &digits);
    let mut batch = gathered(&digits, &ids(256));
    batch.mislabel(0.4, SEED);
    let logits = pollster::block_on(still.logits("control", batch.pixels.clone())).unwrap();
    let expected = mean((0..256).map(|row| {
        let targets = one_hot(batch.labels[row]);
        cross_entropy(&targets, &logits[row * 10..][..10], 1.0)
    }));
    for epoch in &still.record().models["control"].epochs {
        let found = epoch.loss.as_ref().unwrap().hard.unwrap();
        // Sums of some hundred numbers of about 2 in f32.
        assert!((found - expected).abs() < 2e-6 * expected, "{found}, expected {expected}");
    }
}

#[test]
fn examples_are_the_first_digits_of_the_set_as_they_are_learnt_from() {
    let digits = digits(200, 10);
    let text = format!(
        r#"{{"version": 1, "seed": {SEED}, "transfer_set": {{"digits": 200, "leave_out": [3], "jitter_px": 2,
                "unlabelled": 0.3, "label_noise": 0.4, "mixup_alpha": 1}},
             "models": {{"control": {{"net": {{"mlp": {{"hidden": [16]}}}}}},
                "plain": {{"net": {{"mlp": {{"hidden": [16]}}}}, "transfer_set": {{"digits": 100}}}}}}}}"#
    );
    let config = Config::from_json(&text).unwrap();
    let kept: Vec<SampleId> =
        ids(200).into_iter().filter(|id| digits.label(*id) != Some(3)).take(30).collect();
    let truth = gathered(&digits, &kept);
    let mut learnt = truth.clone();
    learnt.hide_labels(0.3, SEED);
    learnt.mislabel(0.4, SEED);
    learnt.jitter(2, SEED, 1);
    learnt.mix_up(1.0, SEED, 1, 0);
    let mix = learnt.mix.clone().unwrap();
    let found = examples(&config, "control", 30, &digits).unwrap();
    assert_eq!(found.len(), 30);
    for (row, example) in found.iter().enumerate() {
        assert_eq!(example.pixels, learnt.pixels[row * PIXELS..(row + 1) * PIXELS]);
        assert_eq!(example.class, truth.labels[row]);
        assert_eq!(example.label, learnt.labelled[row].then_some(learnt.labels[row]));
        assert_eq!(example.mixed, Some((learnt.labels[mix.others[row]], 1.0 - mix.share)));
    }
    assert!(found.iter().any(|example| example.label.is_none()));
    assert!(found.iter().any(|example| example.label.is_some_and(|label| label != example.class)));
    // A set of its own, of which nothing is changed.
    let plain = examples(&config, "plain", 500, &digits).unwrap();
    assert_eq!(plain.len(), 100);
    assert!(plain.iter().all(|example| example.label == Some(example.class) && example.mixed.is_none()));
    assert_eq!(examples(&config, "nobody", 1, &digits).unwrap_err().code(), "unknown_name");
    let missing = Config::from_json(&text.replace("\"digits\": 200", "\"digits\": 201")).unwrap();
    assert_eq!(examples(&missing, "control", 1, &digits).unwrap_err().code(), "digits_missing");
}

#[test]
fn errors_on_validation_digits_which_are_training_digits_too_are_counted_by_true_labels() {
    let mut digits = digits(256, 10);
    let (images, labels) = crate::common::pictures(100, |class| class);
    digits.insert(Split::Train, 59_900, images, labels).unwrap();
    let text = format!(
        r#"{{"version": 1, "seed": {SEED}, "data": {{"evaluate_on": "validation", "validation": 100}},
            "transfer_set": {{"digits": 256, "label_noise": 0.5}},
            "training": {{"epochs": 4, "batch_size": 64, "learning_rate": 0.01, "early_stop": 4}},
            "models": {{"control": {{"net": {{"mlp": {{"hidden": [16]}}}}}}}}}}"#
    );
    let session = run(&text, &digits);
    let held_out: Vec<SampleId> =
        (59_900..60_000).map(|index| SampleId { split: Split::Train, index }).collect();
    let mut batch = gathered(&digits, &held_out);
    let logits = pollster::block_on(session.logits("control", batch.pixels.clone())).unwrap();
    let chosen = predictions(&logits, 10);
    let by_truth = wrong(&chosen, &batch.labels);
    batch.mislabel(0.5, SEED);
    assert_ne!(wrong(&chosen, &batch.labels), by_truth);
    let record = session.record();
    let measured = record.models["control"].epochs.last().unwrap();
    assert_eq!(record.models["control"].wrong, by_truth);
    assert_eq!((measured.errors, measured.validation_errors), (by_truth.len() as u32, Some(measured.errors)));
}

#[test]
fn a_mixed_digit_is_a_share_of_itself_and_the_rest_another_like_it() {
    let digits = digits(60, 10);
    let mut before = gathered(&digits, &ids(60));
    before.hide_labels(0.5, SEED);
    before.tasks.iter_mut().enumerate().for_each(|(row, task)| *task = (row % 3 == 0).into());
    let mut after = before.clone();
    after.mix_up(1.0, SEED, 2, 5);
    let mix = after.mix.clone().unwrap();
    assert!((0.0..=1.0).contains(&mix.share) && !after.as_loaded);
    let mut sorted = mix.others.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..60).collect::<Vec<_>>(), "everyone is mixed into one other");
    let apart = mix.others.iter().enumerate().filter(|(row, other)| row != *other).count();
    assert!(apart > 40, "{apart}");
    for (row, &other) in mix.others.iter().enumerate() {
        let kind = |row: usize| (before.tasks[row], before.labelled[row]);
        assert_eq!(kind(row), kind(other));
        let pixels = |row: usize| &before.pixels[row * PIXELS..(row + 1) * PIXELS];
        for (pixel, found) in after.pixels[row * PIXELS..(row + 1) * PIXELS].iter().enumerate() {
            let share = f64::from(mix.share);
            let [own, mixed] = [row, other].map(|row| f64::from(pixels(row)[pixel]));
            assert!((f64::from(*found) - (share * own + (1.0 - share) * mixed)).abs() < 1e-6);
        }
    }
    // Nothing else of the batch is touched.
    assert_eq!(Batch { pixels: before.pixels.clone(), mix: None, as_loaded: true, ..after.clone() }, before);
    // Targets are the labels by the same shares, those of parity too; a row of zeros where no label is to be seen.
    for task in Inputs::new(after.clone(), &heads([Task::Digit, Task::Parity])).tasks {
        let classes = task.head.outputs.len();
        let class_of = task.head.task.classes_of(&before.labels);
        for (&row, found) in task.rows.iter().zip(task.one_hot.chunks(classes)) {
            let mut expected = vec![0.0; classes];
            if before.labelled[row] {
                expected[usize::from(class_of[row])] += mix.share;
                expected[usize::from(class_of[mix.others[row]])] += 1.0 - mix.share;
            }
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn mixtures_are_a_function_of_the_seed_the_epoch_and_the_step() {
    let digits = digits(60, 10);
    let mixed = |alpha, seed, epoch, step| {
        let mut batch = gathered(&digits, &ids(60));
        batch.mix_up(alpha, seed, epoch, step);
        batch
    };
    let first = mixed(0.4, 1, 0, 0);
    assert_eq!(mixed(0.4, 1, 0, 0), first);
    for (seed, epoch, step) in [(2, 0, 0), (1, 1, 0), (1, 0, 1)] {
        assert_ne!(mixed(0.4, seed, epoch, step).mix, first.mix);
    }
    assert_eq!(mixed(0.0, 1, 0, 0), gathered(&digits, &ids(60)));
}

#[test]
fn teacher_and_student_see_the_same_mixed_digits_anew_each_epoch_and_labels_count_by_their_shares() {
    let digits = digits(200, 10);
    let (alpha, smoothing, temperature, batch_size) = (0.8, 0.1, 3.0, 48);
    let text = format!(
        r#"{{"version": 1, "seed": {SEED}, "data": {{"evaluated": 10}},
            "transfer_set": {{"digits": 200, "mixup_alpha": {alpha}, "unlabelled": 0.3, "label_noise": 0.2}},
            "training": {{"epochs": 2, "batch_size": {batch_size}, "learning_rate": 0}},
            "models": {{
              "teacher": {{"net": {{"mlp": {{"hidden": [12]}}}}, "transfer_set": {{"digits": 100}},
                           "training": {{"epochs": 4, "batch_size": 20, "learning_rate": 0.01}}}},
              "student": {{"net": {{"mlp": {{"hidden": [16]}}}}, "learns_from": [{{"model": "teacher"}}],
                           "objective": {{"hard_weight": 0.5, "temperature": {temperature},
                                          "label_smoothing": {smoothing}}}}}}}}}"#
    );
    let session = run(&text, &digits);
    let logits = |model: &str, batch: &Batch| -> Vec<f32> {
        pollster::block_on(session.logits(model, batch.pixels.clone())).unwrap()
    };
    let mut order = BatchOrder::new(vec![ids(200)], batch_size);
    let record = session.record();
    for epoch in 0..2 {
        order.shuffle(SEED, epoch);
        let (mut hard, mut soft) = (Vec::new(), Vec::new());
        for step in 0..order.steps() {
            let mut batch = gathered(&digits, order.batch(step));
            batch.hide_labels(0.3, SEED);
            batch.mislabel(0.2, SEED);
            batch.mix_up(alpha, SEED, epoch, step as u32);
            let mix = batch.mix.clone().unwrap();
            let (student, teacher) = (logits("student", &batch), logits("teacher", &batch));
            let targets = combined_targets(&[(teacher, 1.0)], 10, Combine::default(), temperature);
            for (row, z) in student.chunks(10).enumerate() {
                let p: Vec<f64> = targets[row * 10..][..10].iter().map(|p| f64::from(*p)).collect();
                soft.push(cross_entropy(&p, z, temperature));
                if batch.labelled[row] {
                    // λ · CE(y₁) + (1 − λ) · CE(y₂), each of a smoothed label.
                    let of = |row: usize| {
                        let smoothed: Vec<f64> = one_hot(batch.labels[row])
                            .iter()
                            .map(|y| y * (1.0 - smoothing) + smoothing / 10.0)
                            .collect();
                        cross_entropy(&smoothed, z, 1.0)
                    };
                    let share = f64::from(mix.share);
                    hard.push(share * of(row) + (1.0 - share) * of(mix.others[row]));
                }
            }
        }
        let loss = record.models["student"].epochs[epoch as usize].loss.clone().unwrap();
        for (found, expected) in [(loss.hard, mean(hard.into_iter())), (loss.soft, mean(soft.into_iter()))] {
            // As above.
            let found = found.unwrap();
            assert!((found - expected).abs() < 2e-6 * expected, "{found}, expected {expected}");
        }
    }
}

fn one_hot(label: u8) -> [f64; 10] {
    std::array::from_fn(|class| f64::from(u8::from(class == usize::from(label))))
}

fn cross_entropy(targets: &[f64], logits: &[f32], temperature: f64) -> f64 {
    -targets.iter().zip(softened(logits, temperature)).map(|(p, q)| p * q.ln()).sum::<f64>()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
