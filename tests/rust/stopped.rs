//! Models that end before their last epoch: by an error of their own, or by early stop.

use crate::common::{advance, config, digits, finish, session};
use distillery::data::Digits;
use distillery::experiment::{CheckpointStore, Ended, Event, Record, Session, Warning};
use distillery::train::Engine;

/// A student of a teacher that trains well, and a control that diverges in its first epoch.
fn diverging() -> String {
    let diverging = r#""training": {"epochs": 3, "batch_size": 8, "learning_rate": 10, "weight_decay": 1, "optimiser": {"sgd": {}}}"#;
    format!(
        r#"{{"version": 1, "seed": 3, "data": {{"evaluated": 100}}, "transfer_set": {{"digits": 200}},
            "training": {{"epochs": 4, "batch_size": 32, "learning_rate": 0.01}},
            "models": {{
              "teacher": {{"net": {{"mlp": {{"hidden": [24]}}}}}},
              "student": {{"net": {{"mlp": {{"hidden": [16]}}}}, "learns_from": [{{"model": "teacher"}}]}},
              "control": {{"net": {{"same_as": "student"}}, "init": {{"same_as": "student"}}, {diverging}}}}}}}"#
    )
}

/// The same with a student that stops early, as its rate is 0 and its errors never fall.
fn stopping_early() -> String {
    let still = r#""training": {"epochs": 40, "batch_size": 32, "learning_rate": 0, "early_stop": 2}"#;
    format!(
        r#"{{"version": 1, "seed": 3, "data": {{"evaluated": 100, "validation": 20}}, "transfer_set": {{"digits": 100}},
            "training": {{"epochs": 2, "batch_size": 32}},
            "models": {{
              "student": {{"net": {{"mlp": {{"hidden": [16]}}}}, {still}}},
              "control": {{"net": {{"mlp": {{"hidden": [16]}}}}}}}}}}"#
    )
}

fn is_warning(event: &Event) -> bool {
    matches!(event, Event::Warning { warning: Warning::LossNotFinite { .. }, .. })
}

#[test]
fn two_models_one_of_which_diverges_resume_after_the_warning_and_the_other_goes_on() {
    let digits = digits(200, 100);
    let mut whole = session(&diverging(), &digits);
    finish(&mut whole, &digits);
    let mut broken = session(&diverging(), &digits);
    while !advance(&mut broken, &digits, 1).events.iter().any(is_warning) {}
    let bytes = pollster::block_on(broken.snapshot()).unwrap();
    let resumed = Session::resume(
        2,
        config(&diverging()),
        &bytes,
        &digits,
        &Engine::cpu(),
        &CheckpointStore::default(),
    );
    let mut resumed = resumed.unwrap();
    let events = finish(&mut resumed, &digits);
    assert!(!events.iter().any(is_warning), "it was told before");
    assert_eq!(whole.record(), resumed.record_with_times_of(&whole));
    assert_eq!(resumed.record().models["student"].epochs.len(), 4);
}

/// Records that are compared but for the time they took.
trait Timeless {
    fn record_with_times_of(&self, other: &Session) -> Record;
}

impl Timeless for Session {
    fn record_with_times_of(&self, other: &Session) -> Record {
        let (mut record, theirs) = (self.record(), other.record());
        for (own, theirs) in record.models.values_mut().zip(theirs.models.values()) {
            for (own, theirs) in own.epochs.iter_mut().zip(&theirs.epochs) {
                own.elapsed_ms = theirs.elapsed_ms;
            }
        }
        for (own, theirs) in record.costs.values_mut().zip(theirs.costs.values()) {
            assert_eq!(own.microseconds_a_digit.is_some(), theirs.microseconds_a_digit.is_some());
            own.microseconds_a_digit = theirs.microseconds_a_digit;
        }
        record
    }
}

#[test]
fn a_control_that_diverged_is_compared_with_no_model_and_predicts_no_class_0() {
    let digits = digits(200, 100);
    let mut session = session(&diverging(), &digits);
    let events = finish(&mut session, &digits);
    let record = session.record();
    let control = &record.models["control"];
    assert_eq!(control.error(), Some("loss_not_finite"));
    let pairs: Vec<[&str; 2]> = record.comparisons.iter().map(|pair| [&pair.a[..], &pair.b[..]]).collect();
    assert_eq!(pairs, [["teacher", "student"]]);
    let Some(Event::Done { comparisons, .. }) = events.last() else { panic!("a session ends with an event") };
    assert_eq!(*comparisons, record.comparisons);
    // Ten of a hundred digits are zeros: none of them is told.
    let last = control.epochs.last().unwrap();
    assert_eq!((last.errors, last.evaluated, control.wrong.len()), (100, 100, 100));
    assert_eq!(last.calibration_error, None);
    assert_eq!(last.errors_interval[1], 100.0);
}

#[test]
fn a_last_step_that_leaves_no_numbers_stops_its_model_as_an_earlier_one_does() {
    let digits = digits(400, 100);
    // A step more each time, of eight digits, until the last one is the one too many.
    let after = |steps: u32| {
        let text = format!(
            r#"{{"version": 1, "seed": 3, "data": {{"evaluated": 100}}, "transfer_set": {{"digits": {}}},
                "training": {{"epochs": 1, "batch_size": 8, "learning_rate": 10, "weight_decay": 1, "optimiser": {{"sgd": {{}}}}}},
                "models": {{"control": {{"net": {{"mlp": {{"hidden": [16]}}}}}}}}}}"#,
            8 * steps
        );
        let mut session = session(&text, &digits);
        finish(&mut session, &digits);
        session.record().models["control"].clone()
    };
    let control = (1..50).map(after).find(|control| control.error().is_some()).unwrap();
    let epoch = &control.epochs[0];
    let loss = epoch.loss.as_ref().unwrap();
    assert!(loss.hard.is_some() && loss.total.is_some(), "every step's loss was a number: {loss:?}");
    assert_eq!((control.error(), control.weights_digest.as_str()), (Some("loss_not_finite"), ""));
    assert!(epoch.calibration_error.is_none());
}

#[test]
fn the_record_of_a_control_that_diverged_keeps_to_its_own_schema() {
    let digits = digits(200, 100);
    let mut session = session(&diverging(), &digits);
    finish(&mut session, &digits);
    let record = session.record();
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let loss = &value["models"]["control"]["epochs"][0]["loss"];
    assert!(loss["hard"].is_null() && loss["total"].is_null(), "{loss}");
    // Whatever is null may be, by the schema that the page's types are made of.
    let schema = schemars::schema_for!(Record).to_value();
    assert_eq!(outside(&schema, &schema, &value, "record"), Vec::<String>::new());
    // And a null where a number is promised is found.
    let mut wrong = value.clone();
    wrong["models"]["control"]["epochs"][0]["errors_interval"][0] = serde_json::Value::Null;
    assert_eq!(outside(&schema, &schema, &wrong, "record").len(), 1);
}

/// Where a value has a null that its schema has not.
fn outside(
    root: &serde_json::Value,
    schema: &serde_json::Value,
    value: &serde_json::Value,
    path: &str,
) -> Vec<String> {
    use serde_json::Value;
    if let Some(reference) = schema["$ref"].as_str() {
        let found = root.pointer(reference.trim_start_matches('#'));
        return outside(root, found.expect("schemas refer to what they have"), value, path);
    }
    for choices in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[choices].as_array() {
            let all = choices.iter().map(|choice| outside(root, choice, value, path));
            return all.min_by_key(Vec::len).unwrap_or_default();
        }
    }
    match value {
        Value::Null => {
            let kinds = &schema["type"];
            let is_allowed =
                kinds == "null" || kinds.as_array().is_some_and(|kinds| kinds.contains(&"null".into()));
            if is_allowed { Vec::new() } else { vec![path.to_owned()] }
        }
        Value::Array(values) => {
            let items =
                if schema["items"].is_object() { &schema["items"] } else { &schema["prefixItems"][0] };
            let parts = values.iter().enumerate();
            parts.flat_map(|(at, value)| outside(root, items, value, &format!("{path}[{at}]"))).collect()
        }
        Value::Object(values) => {
            let of = |name: &str| match &schema["properties"][name] {
                Value::Null => &schema["additionalProperties"],
                property => property,
            };
            values
                .iter()
                .flat_map(|(name, value)| outside(root, of(name), value, &format!("{path}.{name}")))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Digits with the last ones held out for validation, as the whole set has them.
fn with_validation() -> Digits {
    let mut digits = digits(100, 100);
    let (images, labels) = crate::common::pictures(60_000 - 100, |class| class);
    digits.insert(distillery::data::Split::Train, 100, images, labels).unwrap();
    digits
}

#[test]
fn an_early_stop_is_told_with_the_epoch_and_its_bar_is_full() {
    let digits = with_validation();
    let mut session = session(&stopping_early(), &digits);
    let mut ended = Vec::new();
    let last = loop {
        let advance = advance(&mut session, &digits, 0);
        ended.extend(advance.events.iter().filter_map(|event| match event {
            Event::ModelDone { model, ended, .. } => Some((model.clone(), *ended)),
            _ => None,
        }));
        if advance.finished {
            break advance;
        }
    };
    ended.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [("control", Ended::AllEpochs), ("student", Ended::PatienceSpent)];
    assert_eq!(ended, expected.map(|(model, ended)| (model.to_owned(), ended)));
    // Three epochs, the first with the fewest errors, and two of the control, of four steps each.
    assert_eq!((last.steps_done, last.steps_total), (5 * 4, 5 * 4));
    let record = session.record();
    assert_eq!(record.models["student"].stopped.as_deref(), Some("patience_spent"));
    assert_eq!(record.models["student"].epochs.last().unwrap().epoch, 3);
    // It is trained: it is compared, as every model that no error stopped.
    assert_eq!((record.models["student"].error(), record.comparisons.len()), (None, 1));
}

#[test]
fn the_bar_is_full_after_an_error_too() {
    let digits = digits(200, 100);
    let text = diverging().replace(r#""student": {"net""#, r#""student": {"training": {"epochs": 9}, "net""#);
    // The student waits for a teacher that diverges: it takes no step at all.
    let text =
        text.replace(r#""learns_from": [{"model": "teacher"}]"#, r#""learns_from": [{"model": "control"}]"#);
    let text = text
        .replace(r#""net": {"same_as": "student"}, "init": {"same_as": "student"}"#, r#""net": {"mlp": {}}"#);
    let mut session = session(&text, &digits);
    let first = advance(&mut session, &digits, 1);
    let last = loop {
        let advance = advance(&mut session, &digits, 0);
        if advance.finished {
            break advance;
        }
    };
    assert!(first.steps_total > last.steps_total);
    // Four epochs of seven steps of the teacher, one of twenty-five of the control.
    assert_eq!((last.steps_done, last.steps_total), (4 * 7 + 25, 4 * 7 + 25));
}
