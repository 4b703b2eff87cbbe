//! Whole experiments on made-up digits: what is learnt, what is equal, what goes on after an interruption.

use crate::common::{advance, config, digits, finish, pictures, resumed_after, session, weights};
use distillery::data::{Digits, IdxImages, IdxLabels, SampleId, Split};
use distillery::experiment::{
    CheckpointStore, Config, DataSet, EpochMeasures, EvaluateOn, Event, ModelRecord, Session, TestResults,
};
use distillery::nets::Layout;
use distillery::train::Engine;

/// A teacher, a student with the given objective, and the control; seconds in all.
fn race(objective: &str) -> String {
    format!(
        r#"{{"version": 1, "seed": 3, "data": {{"evaluated": 100}},
            "transfer_set": {{"digits": 200}},
            "training": {{"epochs": 8, "batch_size": 32, "learning_rate": {{"cosine": {{"from": 0.005, "to": 0.0005}}}}}},
            "models": {{
              "teacher": {{"net": {{"mlp": {{"hidden": [24], "dropout": 0.2}}}}}},
              "student": {{"net": {{"mlp": {{"hidden": [16]}}}}, "learns_from": [{{"model": "teacher"}}], "objective": {objective}}},
              "control": {{"net": {{"same_as": "student"}}, "init": {{"same_as": "student"}}}}}}}}"#
    )
}

fn session_layout(session: &Session, model: &str) -> Layout {
    pollster::block_on(session.checkpoint(model)).unwrap().net.layout()
}

#[test]
fn a_tiny_race_learns() {
    let digits = digits(200, 100);
    let mut session = session(&race(r#"{"hard_weight": 0.1, "temperature": 4}"#), &digits);
    let first = weights(&session, "student");
    let events = finish(&mut session, &digits);
    let record = session.record();
    for (name, model) in &record.models {
        let errors = model.epochs.last().unwrap().errors;
        // Chance is 90 errors of 100, with a standard deviation of 3.
        assert!(errors < 60, "{name} makes {errors} errors of 100");
        assert_eq!(model.wrong.len() as u32, errors);
        // The hard term: the soft one stays above the entropy of its targets, however much is learnt.
        let losses: Vec<f64> = model.epochs.iter().map(|e| e.loss.as_ref().unwrap().hard.unwrap()).collect();
        assert!(losses[7] < 0.9 * losses[0], "{name}: {losses:?}");
    }
    let last = weights(&session, "student");
    for (parameter, range) in session_layout(&session, "student").iter() {
        // Not every weight: a unit that is never lit keeps its own.
        assert_ne!(first[range.clone()], last[range], "{} did not move", parameter.name);
    }
    assert!(matches!(events[0], Event::Started { .. }));
    assert!(matches!(events.last().unwrap(), Event::Done { .. }));
    let epochs = events.iter().filter(|event| matches!(event, Event::Epoch { .. })).count();
    assert_eq!(epochs, 24);
    assert_eq!(record.comparisons.len(), 3);
    assert!(record.models["student"].epochs.iter().all(|e| e.agreement.is_some()));
}

#[test]
fn a_student_that_only_hears_labels_is_the_control() {
    let digits = digits(200, 100);
    let mut session = session(&race(r#"{"hard_weight": 1}"#), &digits);
    finish(&mut session, &digits);
    // Same network, start, batches and loss: equal to the last bit.
    assert_eq!(weights(&session, "student"), weights(&session, "control"));
    assert_ne!(weights(&session, "student")[..10], weights(&session, "teacher")[..10]);
}

#[test]
fn a_teacher_is_never_changed_by_teaching() {
    let digits = digits(200, 100);
    let mut session = session(&race("{}"), &digits);
    let mut taught = Vec::new();
    loop {
        let advance = advance(&mut session, &digits, 1);
        let is_done = |e: &Event| matches!(e, Event::ModelDone { model, .. } if model == "teacher");
        if advance.events.iter().any(is_done) {
            taught = weights(&session, "teacher");
        }
        if advance.finished {
            break;
        }
    }
    assert!(!taught.is_empty());
    assert_eq!(taught, weights(&session, "teacher"));
}

#[test]
fn equal_seeds_give_equal_records_and_others_do_not() {
    let digits = digits(200, 100);
    let run = |text: &str| {
        let mut session = session(text, &digits);
        finish(&mut session, &digits);
        session.record()
    };
    let text = race("{}").replace("\"digits\": 200", "\"digits\": 200, \"jitter_px\": 1");
    let (once, again) = (run(&text), run(&text));
    assert_eq!(once.digest, again.digest);
    let other = run(&text.replace("\"seed\": 3", "\"seed\": 4"));
    assert_ne!(once.models["student"].weights_digest, other.models["student"].weights_digest);
}

#[test]
fn pausing_at_every_step_changes_nothing() {
    let digits = digits(200, 100);
    let mut whole = session(&race("{}"), &digits);
    finish(&mut whole, &digits);
    let mut stepped = session(&race("{}"), &digits);
    while !advance(&mut stepped, &digits, 1).finished {}
    assert_eq!(whole.record().digest, stepped.record().digest);
}

#[test]
fn a_session_goes_on_from_a_snapshot_as_if_nothing_had_happened() {
    let digits = digits(200, 100);
    let text = race(r#"{"temperature": {"linear": {"from": 8, "to": 1}}}"#);
    let mut whole = session(&text, &digits);
    finish(&mut whole, &digits);
    // 10 steps: within the teacher's second epoch; 80: within the student's fourth.
    for steps in [1, 10, 80] {
        let resumed = resumed_after(steps, &text, &digits);
        assert_eq!(whole.record().digest, resumed.record().digest, "after {steps} steps");
    }
    let mut other = session(&race("{}"), &digits);
    let bytes = pollster::block_on(other.snapshot()).unwrap();
    finish(&mut other, &digits);
    let refused =
        Session::resume(2, config(&text), &bytes, &digits, &Engine::cpu(), &CheckpointStore::default());
    assert_eq!(refused.err().unwrap().code(), "checkpoint_invalid");
}

#[test]
fn an_ensemble_teaches_and_generations_follow_each_other() {
    let digits = digits(200, 100);
    let text = r#"{"version": 1, "data": {"evaluated": 100}, "transfer_set": {"digits": 200},
        "training": {"epochs": 2, "batch_size": 32, "learning_rate": 0.01},
        "models": {
          "grandchild": {"net": {"same_as": "child"}, "learns_from": [{"model": "child"}]},
          "child": {"net": {"mlp": {"hidden": [8]}}, "combine": "mean_of_logits",
                    "learns_from": [{"model": "one"}, {"model": "two", "weight": 2}]},
          "one": {"net": {"mlp": {"hidden": [12]}}},
          "two": {"net": {"mlp": {"hidden": [12]}}}}}"#;
    let mut session = session(text, &digits);
    let events = finish(&mut session, &digits);
    let done: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            Event::ModelDone { model, .. } => Some(model.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(done, ["one", "two", "child", "grandchild"]);
    assert_ne!(weights(&session, "one"), weights(&session, "two"));
}

#[test]
fn a_loss_that_is_no_number_stops_its_model_and_its_students_alone() {
    let digits = digits(200, 100);
    let text = race("{}").replace(
        r#""teacher": {"#,
        r#""teacher": {"training": {"epochs": 3, "batch_size": 8, "optimiser": {"sgd": {}}, "learning_rate": 10, "weight_decay": 1}, "#,
    );
    let mut session = session(&text, &digits);
    let events = finish(&mut session, &digits);
    let stopped: Vec<(&str, &str)> = events
        .iter()
        .filter_map(|event| match event {
            Event::Warning { model: Some(model), warning, .. } => Some((model.as_str(), warning.code())),
            _ => None,
        })
        .collect();
    assert_eq!(stopped, [("teacher", "loss_not_finite"), ("student", "teacher_stopped")]);
    // Step by step, the first whose loss is none.
    let mut again = crate::common::session(&text, &digits);
    let first = (0..100).flat_map(|_| advance(&mut again, &digits, 1).events).find_map(|event| match event {
        Event::Step { model, step, loss, .. } if model == "teacher" && loss.total.is_none() => Some(step),
        _ => None,
    });
    let told = format!("hard loss is not finite since step {};", first.unwrap());
    assert!(
        events.iter().any(|event| match event {
            Event::Warning { warning, .. } => warning.to_string().starts_with(&told),
            _ => false,
        }),
        "{told}: {events:?}"
    );
    assert_eq!(session.record().models["control"].epochs.len(), 8);
}

#[test]
fn digits_that_are_not_loaded_are_asked_for_by_name() {
    let digits = digits(200, 100);
    let start = |text: &str| {
        Session::new(1, config(text), &digits, &Engine::cpu(), &CheckpointStore::default())
            .err()
            .unwrap()
            .to_string()
    };
    let error = start(&race("{}").replace("\"digits\": 200", "\"digits\": 300"));
    assert!(error.contains("first 300 training digits") && error.contains("200"), "{error}");
    let mut session = session(&race("{}").replace("\"evaluated\": 100", "\"evaluated\": 101"), &digits);
    let error = session.know_labels(&digits).unwrap_err().to_string();
    assert!(error.contains("first 101 test digits"), "{error}");
}

/// The race, its student on pictures of another set.
fn race_on(set: &str, objective: &str) -> String {
    let student = "\"hidden\": [16]}}, \"learns_from\"";
    assert!(race("{}").contains(student));
    let own = format!(
        "\"hidden\": [16]}}}}, \"transfer_set\": {{\"pictures\": \"{set}\", \"digits\": 150}}, \"learns_from\""
    );
    race(objective).replace("\"hidden\": [16]}}, \"learns_from\"", &own)
}

fn student_on(set: &str, objective: &str, digits: &Digits) -> Vec<f32> {
    let mut session = session(&race_on(set, objective), digits);
    finish(&mut session, digits);
    weights(&session, "student")
}

#[test]
fn labels_of_clothes_never_count_and_labels_of_own_pictures_do() {
    let with_labels = |label: fn(u8) -> u8| {
        let mut digits = digits(200, 100);
        let (images, labels) = pictures(150, label);
        digits.insert(Split::Fashion, 0, images.clone(), labels.clone()).unwrap();
        digits.replace_own(Split::Own, images, labels).unwrap();
        digits
    };
    let (as_they_are, turned) = (with_labels(|class| class), with_labels(|class| 9 - class));
    // A weight on labels, so that one that is seen would count.
    let objective = r#"{"hard_weight": 0.5}"#;
    let clothes = student_on("fashion", objective, &as_they_are);
    assert_eq!(clothes, student_on("fashion", objective, &turned));
    assert_ne!(student_on("own", objective, &as_they_are), student_on("own", objective, &turned));
    // Soft targets alone are what a student of clothes hears; the pictures are the same.
    let soft = r#"{"hard_weight": 0}"#;
    assert_eq!(student_on("fashion", soft, &turned), student_on("own", soft, &turned));
    let mut session = session(&race_on("fashion", soft), &turned);
    finish(&mut session, &turned);
    let errors = session.record().models["student"].epochs.last().unwrap().errors;
    // Chance is 90 errors of 100, with a standard deviation of 3; four of them.
    assert!(errors < 78, "{errors} errors of 100");
}

/// Digits, and clothes to learn on, to hold out and to report on, these with their labels as `label` changes them.
fn with_clothes(label: fn(u8) -> u8) -> Digits {
    let mut digits = digits(200, 100);
    for (split, first, count) in
        [(Split::Fashion, 0, 150), (Split::Fashion, 19_950, 50), (Split::FashionTest, 0, 100)]
    {
        let (images, labels) = pictures(count, label);
        digits.insert(split, first, images, labels).unwrap();
    }
    digits
}

/// A ticket that is found on digits and learns clothes, beside a network that learns nothing but clothes.
const TICKET_TO_CLOTHES: &str = r#"{"version": 1, "data": {"set": "fashion", "evaluated": 100, "validation": 50},
    "transfer_set": {"digits": 150}, "training": {"epochs": 16, "batch_size": 10, "learning_rate": 0.003}, "models": {
    "digits": {"net": {"mlp": {"hidden": [32]}}, "transfer_set": {"pictures": "mnist", "digits": 200}},
    "ticket": {"net": {"same_as": "digits"}, "init": {"same_as": "digits"},
        "compress": [{"prune": {"kept": 0.2, "by": {"magnitude_of": "digits"}}}]},
    "dense": {"net": {"same_as": "digits"}, "init": {"same_as": "digits"}, "transfer_set": {"pictures": "fashion", "digits": 150}}}}"#;

#[test]
fn an_experiment_on_clothes_learns_their_labels_and_is_measured_on_theirs() {
    let run = |digits: &Digits, text: &str| {
        let mut session = session(text, digits);
        finish(&mut session, digits);
        session
    };
    let (as_they_are, turned) = (with_clothes(|class| class), with_clothes(|class| 9 - class));
    let told = run(&as_they_are, TICKET_TO_CLOTHES);
    let of_turned = run(&turned, TICKET_TO_CLOTHES);
    let errors =
        |session: &Session, model: &str| session.record().models[model].epochs.last().unwrap().errors;
    for model in ["ticket", "dense"] {
        // Chance is 90 errors of 100, with a standard deviation of 3; four of them.
        let wrong = [&told, &of_turned].map(|session| errors(session, model));
        assert!(wrong.iter().all(|errors| *errors < 78), "{model}: {wrong:?} errors of 100");
        assert_ne!(weights(&told, model), weights(&of_turned, model), "{model}");
    }
    // What learns digits is told nothing of clothes, and is measured on them like all others.
    assert_eq!(weights(&told, "digits"), weights(&of_turned, "digits"));
    assert_eq!(errors(&told, "digits") + errors(&of_turned, "digits"), 100 + both_wrong(&told, &of_turned));
    let validated = TICKET_TO_CLOTHES.replace("\"set\"", "\"evaluate_on\": \"validation\", \"set\"");
    assert_eq!(run(&as_they_are, &validated).record().models["dense"].epochs[0].evaluated, 50);
}

/// Test pictures of which the digits' network says neither the label nor what stands in its place.
fn both_wrong(told: &Session, of_turned: &Session) -> u32 {
    let wrong = |session: &Session| session.record().models["digits"].wrong.clone();
    let others = wrong(of_turned);
    wrong(told).iter().filter(|index| others.contains(index)).count() as u32
}

#[test]
fn a_ticket_takes_its_mask_to_another_set_and_its_first_weights_with_it() {
    let digits = with_clothes(|class| class);
    let mut session = session(TICKET_TO_CLOTHES, &digits);
    let first = weights(&session, "digits");
    finish(&mut session, &digits);
    let (found, ticket) = (weights(&session, "digits"), weights(&session, "ticket"));
    let layout = session_layout(&session, "digits");
    let matrices = layout.iter().filter(|(parameter, _)| parameter.shape.len() == 2);
    let places: Vec<usize> = matrices.flat_map(|(_, range)| range).collect();
    let (kept, left): (Vec<usize>, Vec<usize>) = places.iter().partition(|&&at| ticket[at] != 0.0);
    assert_eq!(kept.len(), places.len().div_ceil(5));
    let size = |at: &usize| found[*at].abs();
    let smallest_kept = kept.iter().map(size).fold(f32::MAX, f32::min);
    let largest_left = left.iter().map(size).fold(0.0, f32::max);
    assert!(largest_left <= smallest_kept, "{largest_left} was left out, {smallest_kept} was kept");
    // A pixel that is paper in every picture leaves its weights where they began.
    assert!(kept.iter().any(|&at| ticket[at] == first[at]), "it begins with the first weights");
}

#[test]
fn pictures_that_are_not_there_are_asked_for_with_the_way_to_give_them() {
    let mut digits = digits(200, 100);
    let start = |set: &str, digits: &Digits| {
        let config = config(&race_on(set, "{}"));
        Session::new(1, config, digits, &Engine::cpu(), &CheckpointStore::default()).err().unwrap()
    };
    let error = start("fashion", &digits);
    assert_eq!(error.code(), "digits_missing");
    assert!(error.to_string().contains("the first 150 pictures of Fashion-MNIST"), "{error}");
    let (images, labels) = pictures(149, |class| class);
    digits.replace_own(Split::Own, images, labels).unwrap();
    let error = start("own", &digits).to_string();
    for part in ["first 150 pictures of your own", "149 are loaded", "--own-images FILE --own-labels FILE"] {
        assert!(error.contains(part), "{error}");
    }
}

/// A race that is measured on the user's own test pictures.
fn race_tested_on_own(evaluated: u32) -> Config {
    let mut config = config(&race("{}"));
    config.data.set = DataSet::Own;
    config.data.evaluated = evaluated;
    config
}

#[test]
fn own_test_pictures_are_measured_and_compared_as_mnist_s_are() {
    // The same pictures as own and as MNIST's test digits: every figure is the same, and the weights are.
    let mut digits = digits(200, 100);
    let test: Vec<SampleId> = (0..100).map(|index| SampleId { split: Split::Test, index }).collect();
    let pixels = test.iter().flat_map(|id| digits.pixels(*id).unwrap().to_vec()).collect();
    let images = IdxImages::from_pixels("test", pixels).unwrap();
    let labels = test.iter().map(|id| digits.label(*id).unwrap()).collect();
    let labels = IdxLabels::from_labels("test", labels).unwrap();
    digits.replace_own(Split::OwnTest, images, labels).unwrap();
    let run = |config: Config| {
        let mut session =
            Session::new(1, config, &digits, &Engine::cpu(), &CheckpointStore::default()).unwrap();
        finish(&mut session, &digits);
        session.record()
    };
    let (on_test, on_own) = (run(config(&race("{}"))), run(race_tested_on_own(100)));
    assert_eq!(on_own.config.data.set, DataSet::Own);
    assert_eq!(on_own.comparisons, on_test.comparisons);
    for (name, model) in &on_own.models {
        let expected = &on_test.models[name];
        assert_eq!((&model.wrong, &model.weights_digest), (&expected.wrong, &expected.weights_digest));
        let timeless = |model: &ModelRecord| {
            model.epochs.iter().map(|e| EpochMeasures { elapsed_ms: 0.0, ..e.clone() }).collect::<Vec<_>>()
        };
        assert_eq!(timeless(model), timeless(expected));
    }
    // More than there are means all; fewer are the first ones.
    for (evaluated, measured) in [(10_000, 100), (40, 40)] {
        let record = run(race_tested_on_own(evaluated));
        assert!(record.models.values().all(|model| model.epochs.iter().all(|e| e.evaluated == measured)));
        assert!(record.models.values().flat_map(|model| &model.wrong).all(|index| *index < measured));
    }
}

#[test]
fn own_test_pictures_that_are_not_there_are_asked_for_and_validation_needs_none() {
    let mut digits = digits(200, 1);
    let (images, labels) = pictures(100, |class| class);
    digits.insert(Split::Train, 59_900, images, labels).unwrap();
    let start =
        |config: Config| Session::new(1, config, &digits, &Engine::cpu(), &CheckpointStore::default());
    let error = start(race_tested_on_own(100)).err().unwrap();
    assert_eq!(error.code(), "digits_missing");
    let told = error.to_string();
    for part in ["the first 100 test pictures of your own", "--own-test-images FILE", "0 are loaded"] {
        assert!(told.contains(part), "{told}");
    }
    let mut tuned = race_tested_on_own(100);
    tuned.data.evaluate_on = EvaluateOn::Validation;
    tuned.data.validation = 100;
    let mut session = start(tuned).unwrap();
    finish(&mut session, &digits);
    assert_eq!(session.record().models["student"].epochs.last().unwrap().evaluated, 100);
}

#[test]
fn recipes_can_be_timed() {
    // A few: each model is timed for a tenth of a second.
    for recipe in distillery::experiment::recipes().into_iter().step_by(8) {
        let ms =
            pollster::block_on(distillery::experiment::time_steps(&recipe.config, &Engine::cpu())).unwrap();
        assert!(ms > 0.0 && ms.is_finite(), "{}: {ms} ms", recipe.name);
    }
}

#[test]
fn an_epoch_is_measured_when_its_digits_have_come() {
    let all = digits(200, 100);
    let config = config(&race("{}"));
    let mut expected =
        Session::new(1, config.clone(), &all, &Engine::cpu(), &CheckpointStore::default()).unwrap();
    finish(&mut expected, &all);

    let without_test = digits(200, 1);
    let mut late =
        Session::new(1, config, &without_test, &Engine::cpu(), &CheckpointStore::default()).unwrap();
    let error = loop {
        match pollster::block_on(
            late.advance(&without_test, distillery::experiment::Budget { ms: 1e9, steps: 0 }),
        ) {
            Ok(advance) => assert!(!advance.finished, "nothing to measure on"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), "digits_missing");
    assert!(error.to_string().contains("the first 100"), "{error}");
    finish(&mut late, &all);
    assert_eq!(late.record().digest, expected.record().digest);
}

/// What a session of one model is refused with, on 200 digits whose classes come in turn.
fn refused(transfer_set: &str, model: &str) -> String {
    let text = format!(
        r#"{{"version": 1, "seed": 1, "data": {{"evaluated": 100}}, "transfer_set": {transfer_set}, "training": {{"epochs": 1}},
            "models": {{"teacher": {{"net": {{"mlp": {{"hidden": [4]}}}}, "transfer_set": {{"digits": 20}}}}, {model}}}}}"#
    );
    match Session::new(1, config(&text), &digits(200, 100), &Engine::cpu(), &CheckpointStore::default()) {
        Ok(_) => String::new(),
        Err(error) => {
            assert_eq!(error.code(), "config_invalid", "{error}");
            let told: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
            told.join("; ")
        }
    }
}

#[test]
fn transfer_set_digits_1_with_leave_out_5_is_refused_nothing_to_learn_on() {
    let alone = r#""control": {"net": {"mlp": {"hidden": [4]}}}"#;
    // The first digit is a 0 here.
    assert_eq!(
        refused(r#"{"digits": 1, "leave_out": [0]}"#, alone),
        "transfer_set.leave_out: [0] is not allowed; \
         allowed: classes that leave some of the first 1 pictures to learn on: none is left"
    );
    assert_eq!(refused(r#"{"digits": 1, "leave_out": [5]}"#, alone), "");
    let own =
        r#""control": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"digits": 2, "leave_out": [0, 1]}}"#;
    assert!(refused(r#"{"digits": 20}"#, own).starts_with("models.control.transfer_set.leave_out: [0,1]"));
    // Told once, though two models share it.
    let two = format!(r#"{alone}, "other": {{"net": {{"mlp": {{"hidden": [4]}}}}}}"#);
    assert_eq!(refused(r#"{"digits": 1, "leave_out": [0]}"#, &two).matches("leave_out").count(), 1);
}

#[test]
fn a_model_nobody_teaches_whose_seeded_labels_are_all_hidden_is_refused() {
    let alone = r#""control": {"net": {"mlp": {"hidden": [4]}}}"#;
    let taught = |objective: &str| {
        format!(
            r#""student": {{"net": {{"mlp": {{"hidden": [4]}}}}, "learns_from": [{{"model": "teacher"}}], "objective": {objective}}}"#
        )
    };
    let set = r#"{"digits": 3, "unlabelled": 0.99999}"#;
    let told = "transfer_set.unlabelled: 0.99999 is not allowed; \
                allowed: a share that leaves some of the 3 labels to learn from: by this seed all are hidden";
    assert_eq!(refused(set, alone), told);
    assert_eq!(refused(set, &taught(r#"{"hard_weight": 1}"#)), told);
    assert_eq!(refused(set, &taught(r#"{"hard_weight": 0.5}"#)), "");
    assert_eq!(refused(r#"{"digits": 200, "unlabelled": 0.5}"#, alone), "");
}

/// The race on held-out digits; the last 50 training digits are those.
fn watched_on_validation() -> String {
    race("{}")
        .replace(r#""evaluated": 100"#, r#""evaluate_on": "validation", "validation": 50, "evaluated": 100"#)
}

/// Digits with held-out ones at the end of the training digits, where they are looked for.
fn digits_with_held_out() -> Digits {
    let mut digits = digits(200, 100);
    let (images, labels) = pictures(50, |class| class);
    digits.insert(Split::Train, 59_950, images, labels).unwrap();
    digits
}

fn open_test(session: &mut Session, digits: &Digits, before: u32) -> (u32, TestResults) {
    match pollster::block_on(session.open_test(digits, before)).unwrap() {
        Event::TestOpened { opened, results, .. } => (opened, results),
        other => panic!("{other:?}"),
    }
}

#[test]
fn test_digits_are_seen_when_they_are_opened_and_how_often_is_told() {
    let digits = digits_with_held_out();
    let mut session = session(&watched_on_validation(), &digits);
    finish(&mut session, &digits);
    let shut = session.record();
    assert_eq!((shut.test_opened, &shut.test), (0, &None));
    assert!(shut.models.values().all(|model| model.epochs.iter().all(|epoch| epoch.evaluated == 50)));

    // Twice before in this visit, by other races.
    let (opened, results) = open_test(&mut session, &digits, 2);
    let record = session.record();
    assert_eq!((opened, record.test_opened, record.test.as_ref()), (3, 3, Some(&results)));
    assert_eq!(record.digest, shut.digest, "nothing that was trained or measured before has changed");
    // What a race sees that is measured on the test digits all along.
    let mut seen = crate::common::session(
        &race("{}").replace(r#""evaluated""#, r#""validation": 50, "evaluated""#),
        &digits,
    );
    finish(&mut seen, &digits);
    let seen = seen.record();
    assert_eq!(results.comparisons, seen.comparisons);
    for (name, measures) in &results.models {
        let last = seen.models[name].epochs.last().unwrap();
        assert_eq!((measures.errors, measures.evaluated), (last.errors, 100), "{name}");
        assert_eq!(measures.errors_interval, last.errors_interval);
        assert_eq!(measures.calibration_error, last.calibration_error);
        assert_eq!(measures.wrong, seen.models[name].wrong);
    }
    assert_eq!((seen.test_opened, seen.test), (8, None), "seen after each of eight epochs");

    // Another look at the same models is none.
    assert_eq!(open_test(&mut session, &digits, 7), (3, results));
}

#[test]
fn only_trained_models_are_tested_and_a_snapshot_remembers_that_they_were() {
    let digits = digits_with_held_out();
    let text = watched_on_validation();
    let mut session = session(&text, &digits);
    while session.record().models["teacher"].weights_digest.is_empty() {
        advance(&mut session, &digits, 1);
    }
    let (opened, results) = open_test(&mut session, &digits, 0);
    assert_eq!(opened, 1);
    assert!(results.models.keys().eq(["teacher"]), "{results:?}");
    let bytes = pollster::block_on(session.snapshot()).unwrap();
    let mut resumed =
        Session::resume(2, config(&text), &bytes, &digits, &Engine::cpu(), &CheckpointStore::default())
            .unwrap();
    assert_eq!((resumed.record().test_opened, resumed.record().test), (1, Some(results)));
    finish(&mut resumed, &digits);
    let (opened, results) = open_test(&mut resumed, &digits, 0);
    assert_eq!((opened, results.models.len(), results.comparisons.len()), (2, 3, 3));
}

#[test]
fn test_digits_that_are_still_to_come_are_asked_for_by_name() {
    let digits = digits_with_held_out();
    let text = watched_on_validation().replace(r#""evaluated": 100"#, r#""evaluated": 200"#);
    let mut session = session(&text, &digits);
    finish(&mut session, &digits);
    let error = pollster::block_on(session.open_test(&digits, 0)).unwrap_err();
    assert_eq!(
        error,
        distillery::error::Error::DigitsMissing { split: Split::Test, needed: 200, loaded: 100 }
    );
    assert_eq!(session.record().test_opened, 0);
}

/// Errors and mean cross-entropy of a model on digits, from its logits and their labels by the definition.
fn measured(session: &Session, model: &str, digits: &Digits, ids: &[SampleId]) -> (u32, f64) {
    let logits = pollster::block_on(session.logits_of(model, digits, ids)).unwrap();
    let rows = logits.chunks(10).zip(ids).map(|(row, id)| (row, usize::from(digits.label(*id).unwrap())));
    let (mut errors, mut loss) = (0, 0.0);
    for (row, label) in rows {
        let first = (0..10).rev().max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap();
        errors += u32::from(first != label);
        let sum: f64 = row.iter().map(|&logit| f64::from(logit - row[label]).exp()).sum();
        loss += sum.ln();
    }
    (errors, loss / ids.len() as f64)
}

#[test]
fn training_digits_are_measured_when_asked_and_nothing_else_changes() {
    let digits = digits(200, 100);
    let run = |config: Config| {
        let mut session =
            Session::new(1, config, &digits, &Engine::cpu(), &CheckpointStore::default()).unwrap();
        finish(&mut session, &digits);
        session
    };
    let mut asked = config(&race("{}"));
    let plain = run(asked.clone()).record();
    asked.data.training_evaluated = Some(60);
    asked.transfer_set.leave_out = vec![3];
    let mut left_out = asked.clone();
    left_out.data.training_evaluated = None;
    let left_out = run(left_out).record();
    let session = run(asked);
    let record = session.record();
    assert!(plain.models.values().flat_map(|model| &model.epochs).all(|epoch| epoch.training.is_none()));
    let train = (0..200).map(|index| SampleId { split: Split::Train, index });
    let kept: Vec<SampleId> = train.filter(|id| digits.label(*id) != Some(3)).take(60).collect();
    let test: Vec<SampleId> = (0..100).map(|index| SampleId { split: Split::Test, index }).collect();
    for (name, model) in &record.models {
        assert_eq!(model.weights_digest, left_out.models[name].weights_digest);
        assert_eq!(model.wrong, left_out.models[name].wrong);
        let last = model.epochs.last().unwrap();
        let training = last.training.unwrap();
        let (errors, loss) = measured(&session, name, &digits, &kept);
        assert_eq!((training.errors, training.evaluated), (errors, 60), "{name}");
        // Means of doubles from the same logits; those of a batch of another size may round otherwise.
        assert!((training.loss.unwrap() - loss).abs() < 1e-5, "{name}: {:?} {loss}", training.loss);
        let (errors, loss) = measured(&session, name, &digits, &test);
        assert_eq!(last.errors, errors);
        assert!(
            (last.evaluated_loss.unwrap() - loss).abs() < 1e-5,
            "{name}: {:?} {loss}",
            last.evaluated_loss
        );
        // Who has learned nothing is at ln 10.
        assert!(training.loss.unwrap() < 0.9 * f64::ln(10.0), "{name}: {:?}", training.loss);
    }
}
