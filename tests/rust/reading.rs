//! Reading JSON: what cannot be read is told with its path, its value and what is allowed, never in a library's words.

use distillery::data::Manifest;
use distillery::error::{Error, ParseFault};
use distillery::experiment::{Card, Config, Grid, Recipe, Record};
use distillery::json::{read, read_config};
use serde::de::DeserializeOwned;

/// A config of one model, with these fields before it and these in it.
fn config(fields: &str, model: &str) -> String {
    format!(r#"{{"version": 1, {fields} "models": {{"student": {{{model}}}}}}}"#)
}

const MLP: &str = r#""net": {"mlp": {}}"#;

/// Checks the one problem that a config is refused with, as it is told on the command line.
#[track_caller]
fn refuses(text: &str, right: &str) {
    let error = Config::from_json(text).unwrap_err();
    assert_eq!(error.code(), "config_invalid", "{error}");
    let [problem] = error.problems() else { panic!("{error}") };
    assert_eq!(problem.to_string(), right);
}

#[test]
fn a_number_of_a_wrong_kind_is_told_with_its_range_training_epochs_2_5() {
    let training = |field: &str| config(&format!(r#""training": {{{field}}},"#), MLP);
    refuses(
        &training(r#""epochs": 2.5"#),
        "training.epochs: 2.5 is not allowed; allowed: a whole number from 1 to 500",
    );
    refuses(
        &config(r#""seed": -1,"#, MLP),
        "seed: -1 is not allowed; allowed: a whole number from 0 to 4294967295",
    );
    for value in [r#""abc""#, "null", "true", "[1]"] {
        refuses(
            &training(&format!(r#""learning_rate": {value}"#)),
            &format!(
                "training.learning_rate: {value} is not allowed; allowed: a number from 0 to 10, or a schedule of such numbers"
            ),
        );
    }
    refuses(
        &training(r#""learning_rate": {"linear": {"from": "a", "to": 1}}"#),
        "training.learning_rate.linear.from: \"a\" is not allowed; allowed: 0 to 10",
    );
    refuses(
        &training(r#""learning_rate": {"step": {"from": 0, "to": 1, "at": []}}"#),
        "training.learning_rate.step.at: [] is not allowed; allowed: 0 to 1",
    );
    refuses(
        &training(r#""learning_rate": {"lineer": {}}"#),
        "training.learning_rate: {\"lineer\":{}} is not allowed; allowed: one of linear, cosine, step, points",
    );
    refuses(
        &training(r#""learning_rate": {"linear": {"from": 0}}"#),
        "training.learning_rate.linear.to is missing; allowed: a value, as this field has no default",
    );
    refuses(
        &training(r#""learning_rate": {"linear": {"from": 0, "to": 1}, "cosine": {"from": 0, "to": 1}}"#),
        "training.learning_rate: {\"linear\":{\"from\":0,\"to\":1},\"cosine\":{\"from\":0,\"to\":1}} is not allowed; \
         allowed: 1 entry; there are 2",
    );
    refuses(
        &training(r#""weight_decay": "x""#),
        "training.weight_decay: \"x\" is not allowed; allowed: 0 to 1",
    );
}

#[test]
fn a_wrong_value_inside_a_network_is_told_models_student_net_mlp_hidden_0_minus_1() {
    let net = |net: &str| config("", &format!(r#""net": {net}"#));
    refuses(
        &net(r#"{"mlp": {"hidden": [0, -1]}}"#),
        "models.student.net.mlp.hidden[1]: -1 is not allowed; allowed: a whole number from 1 to 2048",
    );
    refuses(
        &net(r#"{"mlp": {"hiden": [3]}}"#),
        "models.student.net.mlp.hiden: [3] is not allowed; \
         allowed: no field of this name, but one of hidden, rank, dropout, input_dropout, outputs, auxiliary",
    );
    refuses(
        &net(r#"{"mpl": {}}"#),
        "models.student.net: {\"mpl\":{}} is not allowed; allowed: one of mlp, cnn, vit, rnn, same_as",
    );
    refuses(&net(r#"{"same_as": 3}"#), "models.student.net.same_as: 3 is not allowed; allowed: a text");
    refuses(&net(r#""mlp""#), "models.student.net: \"mlp\" is not allowed; allowed: an object");
    refuses(&net("{}"), "models.student.net: {} is not allowed; allowed: 1 entry; there are 0");
    refuses(
        &net(r#"{"same_as": "a", "mlp": {}}"#),
        "models.student.net: {\"same_as\":\"a\",\"mlp\":{}} is not allowed; allowed: 1 entry; there are 2",
    );
    refuses(&net(r#"{"mlp": 3}"#), "models.student.net.mlp: 3 is not allowed; allowed: an object");
}

#[test]
fn other_wrong_kinds_names_and_missing_fields_are_told() {
    let student = |fields: &str| config("", &format!("{MLP}, {fields}"));
    refuses(
        &student(r#""objective": {"soft": "kl_divergence"}"#),
        "models.student.objective.soft: \"kl_divergence\" is not allowed; \
         allowed: one of cross_entropy, kl, logit_mse, decoupled, reverse_kl, jensen_shannon, teacher_labels",
    );
    refuses(
        &student(r#""objective": {"soft": "decoupled"}"#),
        "models.student.objective.soft: \"decoupled\" is not allowed; \
         allowed: the name with its settings, as in {\"decoupled\": {}}",
    );
    refuses(
        &student(r#""objective": {"soft": {"kl": {}}}"#),
        "models.student.objective.soft.kl: {} is not allowed; allowed: the name alone, \"kl\"",
    );
    refuses(
        &student(r#""objective": {"t_squared": 1}"#),
        "models.student.objective.t_squared: 1 is not allowed; allowed: true or false",
    );
    refuses(
        &student(r#""learns_from": {"model": "t"}"#),
        "models.student.learns_from: {\"model\":\"t\"} is not allowed; allowed: a list",
    );
    refuses(
        &student(r#""learns_from": [{}]"#),
        "models.student.learns_from[0].model is missing; allowed: a value, as this field has no default",
    );
    refuses(r#"{"version": 1}"#, "models is missing; allowed: a value, as this field has no default");
    refuses("[]", "the whole text: [] is not allowed; allowed: an object");
    let told = Config::from_json(&config(r#""sed": 3,"#, MLP)).unwrap_err().problems()[0].to_string();
    assert!(
        told.starts_with("sed: 3 is not allowed; allowed: no field of this name, but one of version"),
        "{told}"
    );
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    let text = config(r#""training": {"epochs": 2.0},"#, MLP);
    assert_eq!(Config::from_json(&text).unwrap().training.epochs, 2);
}

#[test]
fn the_same_model_name_twice_is_refused_with_its_path() {
    let twice = r#"{"version": 1, "models": {"a": {"net": {"mlp": {}}}, "a": {"net": {"cnn": {}}}}}"#;
    refuses(
        twice,
        "models.a: {\"net\":{\"cnn\":{}}} is not allowed; allowed: each name once; this is the second of the same name",
    );
    refuses(
        r#"{"version": 1, "version": 1, "models": {}}"#,
        "version: 1 is not allowed; allowed: each name once; this is the second of the same name",
    );
}

/// Reads a text and gives the fault.
fn fault<T: DeserializeOwned>(text: &str) -> ParseFault {
    match read::<T>("it", text) {
        Err(Error::Parse { what, fault }) if what == "it" => fault,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was read: {text}"),
    }
}

#[test]
fn garbage_behind_is_refused_by_every_reader_and_what_is_no_json_by_its_place() {
    fn check<T: DeserializeOwned>(good: &str) {
        assert!(read::<T>("it", good).is_ok(), "{good}");
        let line = good.lines().count() as u64 + 1;
        assert_eq!(
            fault::<T>(&format!("{}\n  x", good.trim_end())),
            ParseFault::Trailing { line, column: 3 }
        );
        assert_eq!(fault::<T>("{\n\"a\": }"), ParseFault::NotJson { line: 2, column: 6 });
        assert!(matches!(fault::<T>(""), ParseFault::NotJson { .. }));
        assert!(matches!(fault::<T>(&"[".repeat(100_000)), ParseFault::NotJson { .. }));
    }
    let good = config("", MLP);
    check::<Config>(&good);
    check::<Grid>(&format!(r#"{{"config": {good}}}"#));
    check::<Manifest>(r#"{"set": "mnist", "sheets": []}"#);
    check::<Card>(&std::fs::read_to_string("assets/teachers/mnist-cnn.json").unwrap());
    check::<Recipe>(include_str!("../../src/experiment/recipes/first-race.json"));
    assert!(matches!(fault::<Record>("{}"), ParseFault::Fields { .. }));
    let error = Config::from_json(&format!("{good} garbage")).unwrap_err();
    assert_eq!(error.code(), "parse_failed");
    assert_eq!(Manifest::parse("[]").unwrap_err().code(), "parse_failed");
}

#[test]
fn a_config_within_a_grid_is_told_by_its_path() {
    let text = format!(r#"{{"config": {}, "seeds": "many"}}"#, config("", MLP));
    let error = read_config::<Grid>("grid", &text).unwrap_err();
    let right = "seeds: \"many\" is not allowed; allowed: a whole number from 1 to 1000";
    assert_eq!(error.problems()[0].to_string(), right);
    let text = text.replace("\"version\": 1", "\"version\": 1, \"training\": {\"epochs\": null}");
    let error = read_config::<Grid>("grid", &text).unwrap_err();
    let right = "config.training.epochs: null is not allowed; allowed: a whole number from 1 to 500";
    assert_eq!(error.problems()[0].to_string(), right);
}

#[test]
fn a_long_value_is_cut() {
    let hidden = vec!["1"; 1000].join(",");
    let text = config("", &format!(r#""net": {{"mlp": {{"hidden": [{hidden}]}}}}"#));
    let problems = Config::from_json(&text).unwrap().problems();
    assert_eq!(problems[0].value.chars().count(), 121);
    assert!(problems[0].value.ends_with('…'), "{}", problems[0].value);
}
