//! Validation: every problem at once, each with its path, its value and what is allowed.

use distillery::error::Error;
use distillery::experiment::{Config, Pictures, recipe};
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
        ("training.learning_rate.linear.from", "11"),
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
fn what_cannot_be_combined_is_refused_with_the_choices() {
    let text = r#"{"version": 1, "models": {
        "t": {"net": {"mlp": {"hidden": [8, 6]}}}, "u": {"net": {"mlp": {"hidden": [6]}}},
        "hint": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}], "objective": {"imitates": [
            {"by": "hint", "layers": [{"teacher": "hidden.2", "student": "hidden.0"}]},
            {"by": "attention_scores", "layers": [{"teacher": "hidden.0", "student": "hidden.0"}]},
            {"by": "hint", "of": "u", "layers": [{"teacher": "hidden.0", "student": "hidden.0"}]},
            {"by": "hint", "layers": []}]}},
        "alone": {"net": {"mlp": {"hidden": [4]}}, "objective": {"imitates": [
            {"by": "hint", "layers": [{"teacher": "hidden.0", "student": "hidden.0"}]}]}},
        "hidden": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}],
            "transfer_set": {"unlabelled": 0.5}, "objective": {"soft": {"decoupled": {}}, "ablation": "confidence_only"}},
        "logits": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}, {"model": "u"}],
            "objective": {"soft": "logit_mse", "ablation": "permute_wrong_classes"}},
        "copy": {"net": {"mlp": {"hidden": [6]}}, "init": {"derive": {"from": "t", "by": {"copy_layers": {"layers": [0]}}}}},
        "late": {"net": {"mlp": {}}, "training": {"learning_rate": {"points": [{"at": 0.5, "value": 0}, {"at": 0.2, "value": 0}]}}},
        "odd": {"net": {"mlp": {}}, "tasks": [{"task": "parity"}]},
        "classes": {"net": {"mlp": {}}, "learns_from": [{"model": "odd"}]},
        "heads": {"net": {"mlp": {}}, "tasks": [{"task": "parity"}, {"task": "below_five", "digits": 0}, {"task": "parity"}],
            "learns_from": [{"model": "odd"}]},
        "none": {"net": {"mlp": {"outputs": 3}}, "tasks": []},
        "weights": {"net": {"mlp": {}}, "learns_from": [{"model": "t"}], "objective": {"imitates": [
            {"by": "projected_weights", "layers": [{"teacher": "hidden.0", "student": "layers.0.weight"}]}]}},
        "still": {"net": {"same_as": "t"}, "learns_from": [{"model": "t"}],
            "init": {"derive": {"from": "t", "by": {"copy_layers": {"layers": []}}, "frozen": true}}},
        "x": {"net": {"mlp": {}}, "init": {"derive": {"from": "y", "by": {"copy_layers": {"layers": []}}}}},
        "y": {"net": {"mlp": {}}, "learns_from": [{"model": "x"}]}}}"#;
    let problems = Config::from_json(text).unwrap().problems();
    let expected = [
        ("hint.objective.imitates[0].layers[0].teacher", "\"hidden.2\"", "one of hidden.0, hidden.1"),
        ("hint.objective.imitates[1].layers[0].teacher", "\"hidden.0\"", "another network"),
        ("hint.objective.imitates[1].layers[0].student", "\"hidden.0\"", "another network"),
        ("hint.objective.imitates[2].of", "\"u\"", "one of its teachers: t"),
        ("hint.objective.imitates[3].layers", "[]", "at least one pair"),
        ("alone.objective.imitates[0].of", "null", "learns from nobody"),
        ("hidden.objective.soft", "{\"decoupled\":{\"target\":1.0,\"non_target\":8.0}}", "without labels"),
        ("hidden.objective.ablation", "\"confidence_only\"", "without labels"),
        ("logits.objective.ablation", "\"permute_wrong_classes\"", "absent"),
        ("logits.combine", "\"mean_of_probabilities\"", "mean_of_logits"),
        ("copy.init.derive.by.copy_layers.layers[0]", "0", "there is none"),
        ("late.training.learning_rate.points[1].at", "0.2", "0.5 or later"),
        ("classes.learns_from[0].model", "\"odd\"", "a model that tells digit: t, u"),
        ("heads.tasks[1].digits", "0", "1 to 60000"),
        ("heads.tasks[2].task", "\"parity\"", "not there already"),
        ("heads.tasks[1].task", "\"below_five\"", "tells: parity"),
        ("none.tasks", "[]", "at least one task"),
        ("none.net (its outputs)", "3", "absent"),
        (
            "weights.objective.imitates[0].layers[0].teacher",
            "\"hidden.0\"",
            "one of layers.0.weight, layers.1.weight, layers.2.weight",
        ),
        ("still.init.derive.frozen", "true", "false"),
        ("x", "[\"y\"]", "cycle"),
        ("y", "[\"x\"]", "cycle"),
    ];
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), expected.len(), "{found:#?}");
    for (problem, (path, value, allowed)) in problems.iter().zip(expected) {
        assert_eq!((problem.path.as_str(), problem.value.as_str()), (&*format!("models.{path}"), value));
        assert!(problem.allowed.contains(allowed), "{problem}");
    }
}

#[test]
fn pictures_without_a_digits_label_teach_by_soft_targets_alone() {
    let text = r#"{"version": 1, "transfer_set": {"pictures": "fashion"}, "models": {
        "t": {"net": {"mlp": {"hidden": [4]}}, "init": {"pretrained": "x"}},
        "labels": {"net": {"mlp": {"hidden": [4]}}},
        "own-labels": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "fashion", "digits": 10001}},
        "less": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}],
            "transfer_set": {"pictures": "fashion", "leave_out": [3]}},
        "apart": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}],
            "objective": {"soft": {"decoupled": {}}, "ablation": "confidence_only"}},
        "soft": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}]},
        "own": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "own", "digits": 60000, "leave_out": [3]}},
        "many": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "own", "digits": 60001}}}}"#;
    let problems = Config::from_json(text).unwrap().problems();
    let expected = [
        ("transfer_set.pictures", "\"fashion\"", "mnist or own"),
        ("models.own-labels.transfer_set.pictures", "\"fashion\"", "mnist or own"),
        ("models.own-labels.transfer_set.digits", "10001", "1 to 10000"),
        ("models.less.transfer_set.leave_out", "[3]", "empty"),
        (
            "models.apart.objective.soft",
            "{\"decoupled\":{\"target\":1.0,\"non_target\":8.0}}",
            "are no digits",
        ),
        ("models.apart.objective.ablation", "\"confidence_only\"", "are no digits"),
        ("models.many.transfer_set.digits", "60001", "1 to 60000"),
    ];
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), expected.len(), "{found:#?}");
    for (problem, (path, value, allowed)) in problems.iter().zip(expected) {
        assert_eq!((problem.path.as_str(), problem.value.as_str()), (path, value));
        assert!(problem.allowed.contains(allowed), "{problem}");
    }
}

#[test]
fn a_config_that_learns_on_mnist_is_written_as_it_always_was() {
    let text = r#"{"version": 1, "models": {"a": {"net": {"mlp": {}}}}}"#;
    let written = serde_json::to_string(&Config::from_json(text).unwrap()).unwrap();
    assert!(!written.contains("pictures"), "{written}");
    let fashion = recipe("fashion").unwrap().config;
    assert!(fashion.learns_on(Pictures::Fashion) && fashion.learns_on(Pictures::Mnist));
    assert!(!fashion.learns_on(Pictures::Own));
    assert!(!recipe("first-race").unwrap().config.learns_on(Pictures::Fashion));
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
