//! Sessions on made-up digits that use the terms, starts and transfer sets beside Hinton's loss.

mod common;

use common::{advance, config, digits, finish, session, weights};
use distillery::data::Digits;
use distillery::experiment::{Event, Library, Session};
use distillery::train::Engine;

/// A teacher 784-12-10 and its student 784-8-10 with the given objective, further fields of the student, and the
/// student's transfer set beyond its 200 digits; 4 epochs of 7 steps.
fn pair(objective: &str, student: &str, set: &str) -> String {
    format!(
        r#"{{"version": 1, "seed": 5, "data": {{"evaluated": 100}}, "transfer_set": {{"digits": 200}},
            "training": {{"epochs": 4, "batch_size": 32, "learning_rate": 0.005}},
            "models": {{
              "teacher": {{"net": {{"mlp": {{"hidden": [12]}}}}}},
              "student": {{"net": {{"mlp": {{"hidden": [8]}}}}, "learns_from": [{{"model": "teacher"}}],
                           "objective": {objective}, "transfer_set": {{"digits": 200 {set}}} {student}}},
              "control": {{"net": {{"same_as": "student"}}, "init": {{"same_as": "student"}}}}}}}}"#
    )
}

const HINT: &str =
    r#"{"by": "hint", "layers": [{"teacher": "hidden.0", "student": "hidden.0"}], "weight": 1}"#;

fn run(text: &str, digits: &Digits) -> Session {
    let mut session = session(text, digits);
    finish(&mut session, digits);
    session
}

fn student_after(objective: &str) -> Vec<f32> {
    let digits = digits(200, 100);
    weights(&run(&pair(objective, "", ""), &digits), "student")
}

#[test]
fn a_hint_alone_is_learnt_through_a_projection_that_is_no_part_of_the_network() {
    let digits = digits(200, 100);
    let objective = format!(r#"{{"hard_weight": 0, "soft_weight": 0, "imitates": [{HINT}]}}"#);
    let text = pair(&objective, "", "");
    let mut session = session(&text, &digits);
    let mut taught = Vec::new();
    let first = weights(&session, "student");
    loop {
        let advance = advance(&mut session, &digits, 1);
        if advance.events.iter().any(|e| matches!(e, Event::ModelDone { model, .. } if model == "teacher")) {
            taught = weights(&session, "teacher");
        }
        if advance.finished {
            break;
        }
    }
    let last = weights(&session, "student");
    assert_eq!(last.len(), 784 * 8 + 8 + 8 * 10 + 10);
    assert_eq!(taught, weights(&session, "teacher"));
    // Only what lies below the hint moves: no term asks for the output layer.
    assert_ne!(first[..784 * 8], last[..784 * 8]);
    assert_eq!(first[784 * 8 + 8..], last[784 * 8 + 8..]);
    let record = session.record();
    let imitated: Vec<f64> =
        record.models["student"].epochs.iter().map(|e| e.loss.as_ref().unwrap().imitated[0]).collect();
    // Noise from batch to batch is a few per cent.
    assert!(imitated[3] < 0.8 * imitated[0], "{imitated:?}");
}

#[test]
fn every_choice_goes_on_from_a_snapshot_as_if_nothing_had_happened() {
    let digits = digits(200, 100);
    let training = r#", "training": {"epochs": 4, "batch_size": 32, "learning_rate": 0.005, "layer_decay": 0.5, "max_norm": 1.5}"#;
    let set = r#", "unlabelled": 0.3, "augment": [{"by": "mask_patch", "share": 0.5}, {"by": "swap_patch"},
        {"by": "crop", "share": 0.2}, {"by": "noise", "share": 0.1}]"#;
    let text = pair(&format!(r#"{{"soft": "kl", "imitates": [{HINT}]}}"#), training, set);
    let whole = run(&text, &digits);
    // 10 steps: within the teacher's second epoch; 40: within the student's second, after the teacher's 28.
    for steps in [10, 40] {
        let mut broken = session(&text, &digits);
        advance(&mut broken, &digits, steps);
        let bytes = pollster::block_on(broken.snapshot()).unwrap();
        let resumed = Session::resume(2, config(&text), &bytes, &digits, &Engine::cpu(), &Library::default());
        let mut resumed = resumed.unwrap();
        // What the two tell of the next step is the same, means since the last report included.
        let losses = |session: &mut Session| {
            let events = advance(session, &digits, 1).events.into_iter();
            let step = events.filter_map(|event| match event {
                Event::Step { model, step, loss, .. } => Some((model, step, loss)),
                _ => None,
            });
            step.collect::<Vec<_>>()
        };
        assert_eq!(losses(&mut broken), losses(&mut resumed), "after {steps} steps");
        finish(&mut resumed, &digits);
        assert_eq!(whole.record().digest, resumed.record().digest, "after {steps} steps");
    }
}

#[test]
fn labels_that_are_all_hidden_teach_nothing() {
    let digits = digits(200, 100);
    let mut session = session(&pair(r#"{"hard_weight": 1}"#, "", r#", "unlabelled": 1"#), &digits);
    let first = weights(&session, "student");
    finish(&mut session, &digits);
    assert_eq!(first, weights(&session, "student"));
    assert_ne!(first, weights(&session, "control"));
}

#[test]
fn copied_layers_are_the_trained_teachers_and_the_control_starts_from_them_too() {
    let digits = digits(200, 100);
    let still = r#""training": {"epochs": 1, "batch_size": 32, "learning_rate": 0}"#;
    let student = format!(
        r#", "init": {{"derive": {{"from": "teacher", "by": {{"copy_layers": {{"layers": [0, null]}}}}}}}}, {still}"#
    );
    let text = pair("{}", &student, "").replace("[8]", "[12]").replace(
        r#""init": {"same_as": "student"}"#,
        &format!(r#""init": {{"same_as": "student"}}, {still}"#),
    );
    let session = run(&text, &digits);
    let [teacher, student, control] = ["teacher", "student", "control"].map(|name| weights(&session, name));
    let copied = 784 * 12 + 12;
    assert_eq!(student[..copied], teacher[..copied]);
    assert_ne!(student[copied..], teacher[copied..]);
    assert_eq!(student, control);
}

#[test]
fn a_raised_bias_is_all_that_tells_a_model_from_the_one_it_is_made_of() {
    let digits = digits(200, 100);
    let raised = r#", "init": {"derive": {"from": "teacher", "by": {"raise_bias": {"classes": [3], "by": 3.5}}}},
        "training": {"epochs": 1, "batch_size": 32, "learning_rate": 0}"#;
    let session = run(&pair("{}", raised, "").replace("[8]", "[12]"), &digits);
    let [teacher, student] = ["teacher", "student"].map(|name| weights(&session, name));
    let bias_of_3 = teacher.len() - 10 + 3;
    let mut expected = teacher;
    expected[bias_of_3] += 3.5;
    assert_eq!(student, expected);
}

#[test]
fn each_part_of_the_objective_counts_as_it_says() {
    let plain = student_after("{}");
    for changed in [
        r#"{"soft": {"decoupled": {}}}"#,
        r#"{"ablation": "permute_wrong_classes"}"#,
        r#"{"ablation": "confidence_only"}"#,
        r#"{"label_smoothing": 0.1}"#,
        r#"{"soft_weight": 0.5}"#,
        r#"{"soft": "logit_mse"}"#,
    ] {
        assert_ne!(plain, student_after(changed), "{changed} changes nothing");
    }
    let mse = |t: &str| student_after(&format!(r#"{{"soft": "logit_mse", "temperature": {t}}}"#));
    assert_eq!(mse("1"), mse("20"), "logits have no temperature");
    // KL differs from the cross-entropy by the teacher's entropy, which has no gradient: rounding alone.
    let kl = student_after(r#"{"soft": "kl"}"#);
    let apart = plain.iter().zip(&kl).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    // Adam takes a step of 0.005 on a gradient of any size, so rounding near zero can show; 28 steps could make 0.14.
    assert!(apart < 0.02, "{apart}");
}

#[test]
fn schedules_are_followed_step_by_step() {
    let digits = digits(200, 100);
    let objective = r#"{"temperature": {"step": {"from": 8, "to": 2, "at": 0.5}},
        "hard_weight": {"points": [{"at": 0, "value": 0}, {"at": 0.5, "value": 1}]}}"#;
    let mut session = session(&pair(objective, "", ""), &digits);
    let mut told = Vec::new();
    loop {
        let advance = advance(&mut session, &digits, 1);
        told.extend(advance.events.into_iter().filter_map(|event| match event {
            Event::Step { model, step, temperature, hard_weight, .. } if model == "student" => {
                Some((step, temperature.unwrap(), hard_weight.unwrap()))
            }
            _ => None,
        }));
        if advance.finished {
            break;
        }
    }
    assert_eq!(told.len(), 28);
    for (step, temperature, weight) in told {
        let progress = f64::from(step - 1) / 28.0;
        assert_eq!(temperature, if progress < 0.5 { 8.0 } else { 2.0 });
        assert!((weight - (2.0 * progress).min(1.0)).abs() < 1e-12, "step {step}: {weight}");
    }
}
