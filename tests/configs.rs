//! Validation: every problem at once, each with its path, its value and what is allowed.

use distillery::error::Error;
use distillery::experiment::{Config, recipe};
use proptest::prelude::*;

fn problems(text: &str) -> Vec<(String, String)> {
    let problems = Config::from_json(text).unwrap().problems();
    assert!(problems.iter().all(|problem| !problem.allowed.is_empty()));
    problems.into_iter().map(|problem| (problem.path, problem.value)).collect()
}

#[test]
fn every_problem_is_told_at_once() {
    let found = problems(
        r#"{"version": 2, "transfer_set": {"digits": 0, "jitter_px": 3, "leave_out": [10]},
            "training": {"epochs": 0, "batch_size": 4000, "learning_rate": {"linear": {"from": 11, "to": 0}}},
            "models": {
              "A b": {"net": {"mlp": {"hidden": [0], "dropout": 1.0}}},
              "b": {"net": {"cnn": {"channels": [4, 4, 4], "kernel": 7}}, "learns_from": [{"model": "nobody", "weight": 0}]},
              "c": {"net": {"same_as": "d"}}, "d": {"net": {"same_as": "c"}},
              "e": {"net": {"mlp": {"hidden": [3]}}, "init": {"same_as": "f"}},
              "f": {"net": {"mlp": {"hidden": [4]}}, "init": {"pretrained": "x"}, "learns_from": [{"model": "g"}],
                    "objective": {"hard_weight": 2, "temperature": 0}},
              "g": {"net": {"mlp": {}}}}}"#,
    );
    let expected = [
        ("version", "2"),
        ("transfer_set.digits", "0"),
        ("transfer_set.jitter_px", "3"),
        ("transfer_set.leave_out[0]", "10"),
        ("training.epochs", "0"),
        ("training.batch_size", "4000"),
        ("training.learning_rate (from)", "11"),
        ("models (a name)", "\"A b\""),
        ("models.A b.net.mlp.hidden[0]", "0"),
        ("models.A b.net.mlp.dropout", "1"),
        ("models.b.learns_from[0].model", "\"nobody\""),
        ("models.b.net.cnn.kernel", "7"),
        ("models.b.learns_from[0].weight", "0"),
        ("models.e.init.same_as", "\"f\""),
        ("models.f.init.pretrained", "\"x\""),
        ("models.f.objective.hard_weight", "2"),
        ("models.f.objective.temperature", "0"),
        ("models.c", "[\"d\"]"),
        ("models.d", "[\"c\"]"),
    ];
    let found: Vec<(&str, &str)> =
        found.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_unknown_or_mistyped_field_is_named() {
    for (text, path) in [
        (r#"{"version": 1, "models": {}, "sed": 3}"#, "sed"),
        (r#"{"version": 1, "models": {}, "training": {"epochs": "ten"}}"#, "training.epochs"),
        (
            r#"{"version": 1, "models": {"a": {"net": {"mlp": {}}, "objective": {"temperatur": 3}}}}"#,
            "models.a.objective",
        ),
    ] {
        let error = Config::from_json(text).unwrap_err();
        assert!(matches!(&error, Error::Parse { path: found, .. } if found.starts_with(path)), "{error}");
    }
}

#[test]
fn a_config_survives_being_written_and_read() {
    let config = recipe("first-race").unwrap().config;
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(Config::from_json(&text).unwrap(), config);
    assert_eq!(recipe("nothing").unwrap_err().code(), "unknown_name");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in ".{0,200}") {
        let _ = Config::from_json(&text);
    }

    #[test]
    fn numbers_out_of_range_are_always_found(temperature in -1e6f64..1e6, weight in -10.0f64..10.0, epochs in 0u32..2000) {
        let text = format!(
            r#"{{"version": 1, "training": {{"epochs": {epochs}}}, "models": {{"a": {{"net": {{"mlp": {{}}}},
                "objective": {{"temperature": {temperature}, "hard_weight": {weight}}}}}}}}}"#
        );
        let fits = (0.1..=100.0).contains(&temperature) && (0.0..=1.0).contains(&weight) && (1..=500).contains(&epochs);
        prop_assert_eq!(problems(&text).is_empty(), fits);
    }
}
