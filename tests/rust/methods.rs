//! Sessions on made-up digits that use the terms, starts and transfer sets beside Hinton's loss.

use crate::common::{advance, config, digits, finish, resumed_after, session, weights};
use distillery::data::{Digits, SampleId, Split};
use distillery::experiment::{CheckpointStore, Event, Session};
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
    let imitated: Vec<f64> = record.models["student"]
        .epochs
        .iter()
        .map(|e| e.loss.as_ref().unwrap().imitated[0].unwrap())
        .collect();
    // Noise from batch to batch is a few per cent.
    assert!(imitated[3] < 0.8 * imitated[0], "{imitated:?}");
}

#[test]
fn every_choice_goes_on_from_a_snapshot_as_if_nothing_had_happened() {
    let digits = digits(200, 100);
    let training = r#", "training": {"epochs": 4, "batch_size": 32, "learning_rate": 0.005, "layer_decay": 0.5, "max_norm": 1.5}"#;
    let set = r#", "unlabelled": 0.3, "label_noise": 0.2, "mixup_alpha": 0.4, "augment": [{"by": "mask_patch", "share": 0.5}, {"by": "swap_patch"},
        {"by": "crop", "share": 0.2}, {"by": "noise", "share": 0.1}]"#;
    let text = pair(&format!(r#"{{"soft": "kl", "imitates": [{HINT}]}}"#), training, set);
    let whole = run(&text, &digits);
    // 10 steps: within the teacher's second epoch; 40: within the student's second, after the teacher's 28.
    for steps in [10, 40] {
        let mut broken = session(&text, &digits);
        advance(&mut broken, &digits, steps);
        let bytes = pollster::block_on(broken.snapshot()).unwrap();
        let resumed =
            Session::resume(2, config(&text), &bytes, &digits, &Engine::cpu(), &CheckpointStore::default());
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
    let student = |hard_weight: u32, set: &str| {
        let objective = format!(r#"{{"hard_weight": {hard_weight}, "soft_weight": 1}}"#);
        weights(&run(&pair(&objective, "", set), &digits), "student")
    };
    let hidden = r#", "unlabelled": 1"#;
    assert_eq!(student(0, hidden), student(1, hidden));
    assert_ne!(student(0, ""), student(1, ""));
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
        r#"{"soft": "reverse_kl"}"#,
        r#"{"soft": {"jensen_shannon": {}}}"#,
        r#"{"soft": {"jensen_shannon": {"beta": 0.9}}}"#,
        r#"{"soft": "teacher_labels"}"#,
    ] {
        assert_ne!(plain, student_after(changed), "{changed} changes nothing");
    }
    for soft in ["logit_mse", "teacher_labels"] {
        let at = |t: &str| student_after(&format!(r#"{{"soft": "{soft}", "temperature": {t}}}"#));
        assert_eq!(at("1"), at("20"), "{soft} has no temperature");
    }
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

/// Single-task teachers of 3 epochs and a student of all three tasks, as in BAM; `more` are fields of the student.
fn three_tasks(more: &str) -> String {
    let teacher =
        |name: &str, tasks: &str| format!(r#""{name}": {{"net": {{"mlp": {{"hidden": [12]}}}} {tasks}}}"#);
    format!(
        r#"{{"version": 1, "seed": 5, "data": {{"evaluated": 100}}, "transfer_set": {{"digits": 200}},
            "training": {{"epochs": 8, "batch_size": 16, "learning_rate": 0.01}},
            "models": {{ {}, {}, {},
              "student": {{"net": {{"mlp": {{"hidden": [16]}}}},
                "tasks": [{{"task": "digit"}}, {{"task": "parity"}}, {{"task": "below_five"}}],
                "learns_from": [{{"model": "digits"}}, {{"model": "odd"}}, {{"model": "low"}}] {more}}},
              "control": {{"net": {{"same_as": "student"}}, "init": {{"same_as": "student"}},
                "tasks": [{{"task": "digit"}}, {{"task": "parity"}}, {{"task": "below_five"}}]}}}}}}"#,
        teacher("digits", ""),
        teacher("odd", r#", "tasks": [{"task": "parity"}]"#),
        teacher("low", r#", "tasks": [{"task": "below_five"}]"#),
    )
}

#[test]
fn a_student_of_three_tasks_learns_each_from_its_own_teacher() {
    let digits = digits(200, 100);
    let session = run(&three_tasks(""), &digits);
    let record = session.record();
    let outputs = |model: &str| {
        let checkpoint = pollster::block_on(session.checkpoint(model)).unwrap();
        checkpoint.net.outputs()
    };
    assert_eq!(["digits", "odd", "low", "student"].map(outputs), [10, 2, 2, 14]);
    let last = record.models["student"].epochs.last().unwrap();
    assert!(last.agreement.is_some() && last.teachers_errors.is_none());
    // The bands are easy: chance is 50 of 100 for two classes, and no batch of labels says which task is which.
    assert_eq!(last.other_tasks.len(), 2);
    assert!(last.other_tasks.iter().all(|task| task.errors < 30), "{:?}", last.other_tasks);
    assert!(last.errors < 40, "{}", last.errors);
    // Three times 200 rows of 16: an epoch asks as much as all tasks have.
    assert_eq!(last.step, 8 * 38);
    // What is asked of the digits alone is compared with nobody who tells something else.
    assert!(record.comparisons.iter().all(|pair| ![&pair.a, &pair.b].iter().any(|name| *name == "odd")));
    let logits = pollster::block_on(session.logits("odd", vec![0.0; 784]));
    assert!(logits.unwrap_err().to_string().contains("digits, student, control"));
}

#[test]
fn who_teaches_which_task_follows_from_the_tasks() {
    let digits = digits(200, 100);
    let after = |text: &str| weights(&run(text, &digits), "student");
    let swapped = three_tasks("")
        .replace(r#"{"model": "odd"}, {"model": "low"}"#, r#"{"model": "low"}, {"model": "odd"}"#);
    assert_eq!(after(&three_tasks("")), after(&swapped), "the order of the teachers plays no part");
    let other = three_tasks("").replace(r#""low": {"net""#, r#""low": {"init": {"seed": 9}, "net""#);
    assert_ne!(after(&three_tasks("")), after(&other), "the teacher of below five is not heard");
}

#[test]
fn several_tasks_go_on_from_a_snapshot() {
    let digits = digits(200, 100);
    let text = three_tasks(
        r#", "objective": {"soft": "kl", "label_smoothing": 0.1, "ablation": "confidence_only"}"#,
    );
    let whole = run(&text, &digits);
    // Within the second, third and fourth epoch of the student: a digit that is asked again is no news to a whole run.
    for steps in [7, 50, 85, 111] {
        let resumed = resumed_after(steps, &text, &digits);
        assert_eq!(whole.record().digest, resumed.record().digest, "after {steps} steps");
    }
}

#[test]
fn several_teachers_are_measured_as_an_ensemble() {
    let digits = digits(200, 100);
    let text = pair("{}", "", "").replace(
        r#""student": {"net": {"mlp""#,
        r#""other": {"net": {"mlp": {"hidden": [12]}}}, "student": {"net": {"mlp""#,
    );
    let text = text.replace(
        r#""learns_from": [{"model": "teacher"}]"#,
        r#""learns_from": [{"model": "teacher"}, {"model": "other"}], "combine": "mean_of_logits""#,
    );
    let session = run(&text, &digits);
    let all: Vec<f32> = (0..100)
        .flat_map(|index| digits.pixels(SampleId { split: Split::Test, index }).unwrap().to_vec())
        .map(|grey| f32::from(grey) / 255.0)
        .collect();
    let logits = |model: &str| pollster::block_on(session.logits(model, all.clone())).unwrap();
    let sum: Vec<f32> = logits("teacher").iter().zip(logits("other")).map(|(a, b)| a + b).collect();
    let wrong = sum.chunks(10).enumerate().filter(|(index, row)| {
        let best = (0..10).fold(0, |best, class| if row[class] > row[best] { class } else { best });
        best != index % 10
    });
    let told = session.record().models["student"].epochs.last().unwrap().teachers_errors;
    assert_eq!(told, Some(wrong.count() as u32));
}

#[test]
fn projected_weights_are_the_squared_distance_and_equal_sizes_need_no_projection() {
    let digits = digits(200, 100);
    let objective = r#"{"hard_weight": 0, "soft_weight": 0, "imitates": [{"by": "projected_weights",
        "layers": [{"teacher": "layers.0.weight", "student": "layers.0.weight"},
                   {"teacher": "layers.1.weight", "student": "layers.1.weight"}], "weight": 0.01}]}"#;
    // The same size: nothing lies between the two, so the first step's term is the distance of the exported weights.
    let same = pair(objective, "", "").replace("[8]", "[12]");
    let mut session = session(&same, &digits);
    let first = weights(&session, "student");
    let mut told = None;
    while told.is_none() {
        told = advance(&mut session, &digits, 1).events.into_iter().find_map(|event| match event {
            Event::Step { model, loss, .. } if model == "student" => loss.imitated[0],
            _ => None,
        });
    }
    let teacher = weights(&session, "teacher");
    let distance = |range: std::ops::Range<usize>| {
        first[range.clone()].iter().zip(&teacher[range]).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
    };
    let expected = distance(0..784 * 12) + distance(784 * 12 + 12..784 * 12 + 12 + 120);
    // Sums of ten thousand squares in f32.
    assert!((told.unwrap() - expected).abs() < 1e-4 * expected, "{told:?} against {expected}");
    // Other sizes meet through projections, and come nearer.
    let other = run(&pair(objective, "", ""), &digits);
    let epochs = &other.record().models["student"].epochs;
    let term = |epoch: usize| epochs[epoch].loss.as_ref().unwrap().imitated[0].unwrap();
    assert!(term(3) < 0.9 * term(0), "{} to {}", term(0), term(3));
    assert_eq!(weights(&other, "student").len(), 784 * 8 + 8 + 8 * 10 + 10);
}

#[test]
fn a_frozen_model_is_what_the_transform_made_of_it_and_is_measured_once() {
    let digits = digits(200, 100);
    let frozen = r#", "init": {"derive": {"from": "teacher", "by": {"copy_layers": {"layers": [0, 1]}}, "frozen": true}}"#;
    let text = format!(
        r#"{{"version": 1, "seed": 5, "data": {{"evaluated": 100}}, "transfer_set": {{"digits": 200}},
            "training": {{"epochs": 4, "batch_size": 32, "learning_rate": 0.005}},
            "models": {{"teacher": {{"net": {{"mlp": {{"hidden": [12]}}}}}},
                        "copy": {{"net": {{"same_as": "teacher"}} {frozen}}},
                        "pupil": {{"net": {{"mlp": {{"hidden": [8]}}}}, "learns_from": [{{"model": "copy"}}]}}}}}}"#
    );
    let session = run(&text, &digits);
    assert_eq!(weights(&session, "teacher"), weights(&session, "copy"));
    let record = session.record();
    let copy = &record.models["copy"];
    assert_eq!((copy.epochs.len(), copy.epochs[0].epoch, copy.stopped.as_deref()), (1, 0, None));
    assert_eq!(copy.wrong, record.models["teacher"].wrong);
    assert_eq!(record.models["pupil"].epochs.len(), 4);
}

#[test]
fn a_hint_is_the_teachers_layer_against_the_students_through_the_projection() {
    // One batch of all digits, so that the first step's term can be worked out in f64 from what the snapshot holds.
    let digits = digits(200, 100);
    let objective = format!(r#"{{"hard_weight": 0, "soft_weight": 0, "imitates": [{HINT}]}}"#);
    let text = pair(&objective, "", "").replace(r#""batch_size": 32"#, r#""batch_size": 200"#);
    let mut session = session(&text, &digits);
    let projection = {
        let bytes = pollster::block_on(session.snapshot()).unwrap();
        let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let tensor = file.tensor("student/learner/weights").unwrap();
        let values = tensor.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        values.skip(weights(&session, "student").len()).collect::<Vec<f32>>()
    };
    assert_eq!(projection.len(), 8 * 12);
    let student = weights(&session, "student");
    let mut told = None;
    while told.is_none() {
        told = advance(&mut session, &digits, 1).events.into_iter().find_map(|event| match event {
            Event::Step { model, loss, .. } if model == "student" => loss.imitated[0],
            _ => None,
        });
    }
    let teacher = weights(&session, "teacher");
    let hidden = |weights: &[f32], units: usize, pixels: &[u8]| -> Vec<f64> {
        let sum = |unit: usize| {
            let inputs = pixels.iter().enumerate();
            let sum: f64 =
                inputs.map(|(i, p)| f64::from(*p) / 255.0 * f64::from(weights[i * units + unit])).sum();
            (sum + f64::from(weights[784 * units + unit])).max(0.0)
        };
        (0..units).map(sum).collect()
    };
    let mut expected = 0.0;
    for index in 0..200 {
        let pixels = digits.pixels(SampleId { split: Split::Train, index }).unwrap();
        let (ours, theirs) = (hidden(&student, 8, pixels), hidden(&teacher, 12, pixels));
        for (unit, value) in theirs.iter().enumerate() {
            let regressed: f64 =
                ours.iter().enumerate().map(|(i, x)| x * f64::from(projection[i * 12 + unit])).sum();
            expected += (value - regressed).powi(2) / 400.0;
        }
    }
    assert!((told.unwrap() - expected).abs() < 1e-4 * expected, "{told:?} against {expected}");
}

#[test]
fn layer_decay_slows_the_first_layer_and_max_norm_binds_every_unit() {
    let digits = digits(200, 100);
    let rates = r#""training": {"epochs": 4, "batch_size": 32, "learning_rate": 0.005"#;
    let moved = |training: &str| {
        let mut session = session(&pair("{}", training, ""), &digits);
        let first = weights(&session, "student");
        finish(&mut session, &digits);
        let last = weights(&session, "student");
        let apart = |range: std::ops::Range<usize>| {
            let length = range.len() as f64;
            range.map(|i| f64::from((last[i] - first[i]).abs())).sum::<f64>() / length
        };
        let output = 784 * 8 + 8;
        (apart(0..784 * 8) / apart(output..output + 80), last)
    };
    let (plain, _) = moved(&format!(", {rates}}}"));
    let (decayed, _) = moved(&format!(r#", {rates}, "layer_decay": 0.1}}"#));
    // Adam's steps are of one size, so the ratio falls by about the decay.
    assert!(decayed < 0.3 * plain, "{decayed} against {plain}");
    let (_, bound) = moved(&format!(r#", {rates}, "max_norm": 0.8}}"#));
    let length = |unit: usize| (0..784).map(|i| bound[i * 8 + unit].powi(2)).sum::<f32>().sqrt();
    let lengths: Vec<f32> = (0..8).map(length).collect();
    // Drawn weights begin at about √2, so every unit meets the bound.
    assert!(lengths.iter().all(|length| (0.5..0.8 + 1e-4).contains(length)), "{lengths:?}");
}
