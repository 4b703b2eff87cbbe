//! Losses that are told are means over digits, however those are cut into batches, and of terms that were worked out.

use crate::common::{config, digits, finish, pictures, session, weights};
use distillery::data::{Batch, Digits, SampleId, Split};
use distillery::distill::{Combine, combined_targets};
use distillery::experiment::{Config, Event, LossTerms, Record, Session};
use distillery::measure::softened;

const SEED: u32 = 1;

/// One epoch of a trained teacher's student, or of a model without a teacher, whose learning rate is 0: every step sees
/// the same weights.
fn still(digits: u32, batch_size: u32, unlabelled: f64, objective: &str) -> String {
    format!(
        r#"{{"version": 1, "seed": {SEED}, "data": {{"evaluated": 10}},
            "transfer_set": {{"digits": {digits}, "unlabelled": {unlabelled}}},
            "training": {{"epochs": 1, "batch_size": {batch_size}, "learning_rate": 0}},
            "models": {{
              "teacher": {{"net": {{"mlp": {{"hidden": [12]}}}}, "transfer_set": {{"digits": 100}},
                           "training": {{"epochs": 4, "batch_size": 20, "learning_rate": 0.01}}}},
              "student": {{"net": {{"mlp": {{"hidden": [16]}}}}, "learns_from": [{{"model": "teacher"}}],
                           "objective": {objective}}},
              "control": {{"net": {{"same_as": "student"}}, "init": {{"same_as": "student"}}}}}}}}"#
    )
}

fn run(text: &str, digits: &Digits) -> Session {
    let mut session = session(text, digits);
    finish(&mut session, digits);
    session
}

fn loss_of(record: &Record, model: &str) -> LossTerms {
    record.models[model].epochs[0].loss.clone().unwrap()
}

/// The digits of a transfer set.
fn batch(digits: &Digits, count: u32, unlabelled: f64) -> Batch {
    let ids: Vec<SampleId> = (0..count).map(|index| SampleId { split: Split::Train, index }).collect();
    let mut batch = Batch::gather(digits, &ids).unwrap();
    batch.hide_labels(unlabelled, SEED);
    batch
}

fn logits(session: &Session, model: &str, batch: &Batch) -> Vec<f32> {
    pollster::block_on(session.logits(model, batch.pixels.clone())).unwrap()
}

/// The mean over labelled digits of −ln of the label's probability, in f64.
fn hard_by_definition(logits: &[f32], batch: &Batch) -> f64 {
    let rows = logits.chunks(10).zip(&batch.labels).zip(&batch.labelled).filter(|(_, is_seen)| **is_seen);
    let losses: Vec<f64> =
        rows.map(|((logits, label), _)| -softened(logits, 1.0)[usize::from(*label)].ln()).collect();
    losses.iter().sum::<f64>() / losses.len() as f64
}

// Sums of some hundred numbers of about 2 in f32.
#[track_caller]
fn assert_near(found: Option<f64>, expected: f64, what: &str) {
    let found = found.unwrap_or_else(|| panic!("{what}: none"));
    assert!((found - expected).abs() < 2e-6 * expected, "{what}: {found}, expected {expected}");
}

#[test]
fn soft_loss_with_learning_rate_0_is_one_number_for_hard_weight_0_5_and_a_step_1_to_0_1_and_null_for_1() {
    let digits = digits(256, 10);
    let step = r#"{"step": {"from": 1, "to": 0.1, "at": 0.5}}"#;
    for soft_term in ["cross_entropy", "kl"] {
        let told = |hard_weight: &str| {
            let objective =
                format!(r#"{{"hard_weight": {hard_weight}, "temperature": 4, "soft": "{soft_term}"}}"#);
            let session = run(&still(256, 128, 0.0, &objective), &digits);
            let batch = batch(&digits, 256, 0.0);
            let [teacher, student] = ["teacher", "student"].map(|name| logits(&session, name, &batch));
            let targets = combined_targets(&[(teacher, 1.0)], 10, Combine::default(), 4.0);
            let rows = targets.chunks(10).zip(student.chunks(10));
            let sum: f64 = rows
                .flat_map(|(p, z)| p.iter().map(|p| f64::from(*p)).zip(softened(z, 4.0)))
                .map(|(p, q)| if soft_term == "kl" { p * (p.ln() - q.ln()) } else { -p * q.ln() })
                .sum();
            (loss_of(&session.record(), "student"), sum / 256.0)
        };
        for hard_weight in ["0.5", "0.1", step] {
            let (loss, expected) = told(hard_weight);
            // Of the divergence, a difference of logarithms, more is lost to rounding.
            let allowed = if soft_term == "kl" { 1e-4 } else { 2e-6 };
            let soft = loss.soft.unwrap();
            assert!(
                (soft - expected).abs() < allowed * expected,
                "{soft_term} {hard_weight}: {soft}, {expected}"
            );
        }
        assert_eq!(told("1").0.soft, None, "it was not worked out");
    }
}

#[test]
fn a_soft_term_that_is_only_told_changes_nothing_that_is_learnt() {
    // The second has soft targets with a weight too, after the last step.
    let digits = digits(256, 10);
    let after = |soft: &str, hard_weight: &str| {
        let objective = format!(r#"{{"hard_weight": {hard_weight}, "soft": "{soft}"}}"#);
        let text =
            still(256, 100, 0.0, &objective).replace(r#""learning_rate": 0}"#, r#""learning_rate": 0.01}"#);
        weights(&run(&text, &digits), "student")
    };
    let late = r#"{"step": {"from": 1, "to": 0, "at": 1}}"#;
    for soft in ["cross_entropy", "kl", "logit_mse", "reverse_kl", "teacher_labels"] {
        assert_eq!(after(soft, "1"), after(soft, late), "{soft}");
    }
}

#[test]
fn unlabelled_0_95_batch_1_the_hard_loss_is_the_mean_over_labelled_digits() {
    let digits = digits(400, 10);
    for batch_size in [1, 7, 400] {
        let session = run(&still(400, batch_size, 0.95, "{}"), &digits);
        let batch = batch(&digits, 400, 0.95);
        let labelled = batch.labelled.iter().filter(|is_seen| **is_seen).count();
        assert!((5..50).contains(&labelled), "{labelled}");
        for model in ["student", "control"] {
            let expected = hard_by_definition(&logits(&session, model, &batch), &batch);
            let loss = loss_of(&session.record(), model);
            assert_near(loss.hard, expected, &format!("{model}, batches of {batch_size}"));
            if (model, batch_size) == ("control", 1) {
                assert_near(loss.total, expected, "steps that minimise nothing do not count");
            }
        }
    }
}

#[test]
fn a_model_without_any_label_has_no_hard_loss_and_is_told_no_zero() {
    let digits = digits(200, 10);
    let hidden = r#""transfer_set": {"digits": 100, "unlabelled": 1}, "learns_from""#;
    let text = still(100, 32, 0.0, r#"{"hard_weight": 0}"#).replace(r#""learns_from""#, hidden);
    let loss = loss_of(&run(&text, &digits).record(), "student");
    assert_eq!(loss.hard, None);
    assert!(loss.soft.unwrap() > 0.0 && loss.total.unwrap() > 0.0);
}

#[test]
fn losses_of_129_digits_are_the_same_in_batches_of_128_and_of_129() {
    let digits = digits(129, 10);
    let of = |batch_size: u32| {
        let session = run(&still(129, batch_size, 0.0, r#"{"hard_weight": 0.3}"#), &digits);
        let record = session.record();
        ["student", "control"].map(|model| loss_of(&record, model))
    };
    let [whole, cut, single] = [129, 128, 1].map(of);
    let expected = {
        let session = run(&still(129, 129, 0.0, "{}"), &digits);
        let batch = batch(&digits, 129, 0.0);
        hard_by_definition(&logits(&session, "control", &batch), &batch)
    };
    for (model, ((whole, cut), single)) in whole.iter().zip(&cut).zip(&single).enumerate() {
        assert_near(whole.hard, expected, "hard");
        for other in [cut, single] {
            for (name, term) in
                [("hard", |l: &LossTerms| l.hard), ("soft", |l| l.soft), ("total", |l| l.total)]
                    as [(&str, fn(&LossTerms) -> Option<f64>); 3]
            {
                match term(whole) {
                    Some(expected) => assert_near(term(other), expected, &format!("{name} of model {model}")),
                    None => assert_eq!(term(other), None, "{name} of model {model}"),
                }
            }
        }
    }
}

#[test]
fn steps_tell_means_over_the_digits_since_the_last_report() {
    let digits = digits(200, 10);
    let mut session = session(&still(150, 64, 0.5, "{}"), &digits);
    let mut told = Vec::new();
    loop {
        let advance = crate::common::advance(&mut session, &digits, 1);
        told.extend(advance.events.into_iter().filter_map(|event| match event {
            Event::Step { model, loss, .. } if model == "student" => Some(loss),
            _ => None,
        }));
        if advance.finished {
            break;
        }
    }
    // Batches of 64, 64 and 22 digits: their means by their digits are the epoch's.
    let epoch = loss_of(&session.record(), "student");
    let soft: f64 =
        told.iter().zip([64.0, 64.0, 22.0]).map(|(loss, digits)| loss.soft.unwrap() * digits).sum();
    assert_eq!(told.len(), 3);
    assert_near(epoch.soft, soft / 150.0, "soft");
    assert!(told.iter().all(|loss| loss.hard != epoch.hard), "a step's is of its own digits");
}

#[test]
fn several_tasks_and_a_batch_in_which_not_every_task_is_asked_train() {
    let digits = digits(60, 10);
    for (tasks, first) in [
        (r#"[{"task": "parity"}, {"task": "below_five"}]"#, "parity"),
        (r#"[{"task": "digit"}, {"task": "parity"}, {"task": "below_five"}]"#, "digit"),
    ] {
        for batch_size in [1, 3] {
            let text = format!(
                r#"{{"version": 1, "data": {{"evaluated": 10}}, "transfer_set": {{"digits": 60, "unlabelled": 0.3}},
                    "training": {{"batch_size": {batch_size}, "epochs": 2}},
                    "models": {{"teacher": {{"net": {{"mlp": {{"hidden": [8]}}}}, "tasks": {tasks}}},
                      "student": {{"net": {{"mlp": {{"hidden": [8]}}}}, "tasks": {tasks},
                                   "learns_from": [{{"model": "teacher"}}]}}}}}}"#
            );
            let session = run(&text, &digits);
            let loss = loss_of(&session.record(), "student");
            // ln 2 = 0.69 for two classes, ln 10 = 2.3 for ten, at first.
            assert!(loss.hard.unwrap() < 3.0 && loss.soft.unwrap() > 0.0, "{first}: {loss:?}");
        }
    }
}

fn steps_of(config: Config, digits: &Digits) -> u32 {
    let text = serde_json::to_string(&config).unwrap();
    let events = crate::common::advance(&mut session(&text, digits), digits, 1).events;
    let Some(Event::Started { models, .. }) = events.first() else {
        panic!("a session begins with its models")
    };
    models[0].steps
}

#[test]
fn a_tasks_digits_with_leave_out_are_a_count_of_kept_digits() {
    let digits = digits(200, 10);
    let with = |leave_out: &str| {
        config(&format!(
            r#"{{"version": 1, "data": {{"evaluated": 10}},
                "transfer_set": {{"digits": 200, "leave_out": {leave_out}}}, "training": {{"epochs": 1, "batch_size": 1}},
                "models": {{"m": {{"net": {{"mlp": {{"hidden": [8]}}}},
                  "tasks": [{{"task": "digit", "digits": 50}}, {{"task": "parity", "digits": 30}}]}}}}}}"#
        ))
    };
    assert_eq!(steps_of(with("[]"), &digits), 80);
    assert_eq!(steps_of(with("[5, 7]"), &digits), 80);
    // Of 200 digits 20 are left: a task of more has those.
    assert_eq!(steps_of(with("[0, 1, 2, 3, 4, 5, 6, 7, 8]"), &digits), 40);
}

#[test]
fn swap_patch_leaves_the_same_digest_whatever_hidden_labels_are() {
    let (count, unlabelled) = (400, 0.9);
    let hidden: Vec<bool> = {
        let mut digits = Digits::empty();
        let (images, labels) = pictures(count, |class| class);
        digits.replace_own(Split::Own, images, labels).unwrap();
        let ids: Vec<SampleId> = (0..count).map(|index| SampleId { split: Split::Own, index }).collect();
        let mut batch = Batch::gather(&digits, &ids).unwrap();
        batch.hide_labels(unlabelled, SEED);
        batch.labelled.iter().map(|is_seen| !is_seen).collect()
    };
    // Other labels on the first 60 of those that are hidden, or on as many that are not.
    let weights_with = |changed: Option<bool>| {
        let mut digits = digits(100, 10);
        let (images, labels) = pictures(count, |class| class);
        let mut left = 60;
        let labels = labels.labels().iter().zip(&hidden).map(|(label, is_hidden)| {
            let is_changed = changed == Some(*is_hidden) && left > 0;
            left -= i32::from(is_changed);
            if is_changed { 9 - label } else { *label }
        });
        let labels = distillery::data::IdxLabels::from_labels("test", labels.collect()).unwrap();
        digits.replace_own(Split::Own, images, labels).unwrap();
        let own = format!(r#""pictures": "own", "augment": [{{"by": "swap_patch"}}], "digits": {count}"#);
        let text = still(count, 100, unlabelled, "{}")
            .replace(&format!(r#""digits": {count}"#), &own)
            .replace(r#""learning_rate": 0}"#, r#""learning_rate": 0.01}"#);
        let session = run(&text, &digits);
        let record = session.record();
        ["student", "control"].map(|model| record.models[model].weights_digest.clone())
    };
    let as_they_are = weights_with(None);
    assert_eq!(as_they_are, weights_with(Some(true)));
    assert_ne!(as_they_are, weights_with(Some(false)), "labels that are seen count");
}
