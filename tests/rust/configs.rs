//! Validation, layer by layer: every problem of the first that fails, each with its path, its value and what is
//! allowed.

use distillery::data::Split;
use distillery::experiment::{Config, recipe};
use proptest::prelude::*;

/// Paths, values and what is allowed, of everything that the first failing layer refuses.
fn refused(text: &str) -> Vec<(String, String, String)> {
    let problems = Config::from_json(text).unwrap().problems();
    problems.into_iter().map(|p| (p.path, p.value, p.allowed.to_string())).collect()
}

/// Checks that these problems are told and no others; of what is allowed, a part of the sentence.
#[track_caller]
fn refuses(text: &str, expected: &[(&str, &str, &str)]) {
    let found = refused(text);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((path, value, allowed), expected) in found.iter().zip(expected) {
        assert_eq!((path.as_str(), value.as_str()), (expected.0, expected.1), "{allowed}");
        assert!(allowed.contains(expected.2), "{path}: {allowed}");
    }
}

/// A config of these models and, before them, other fields.
fn of(fields: &str, models: &str) -> String {
    format!(r#"{{"version": 1, {fields} "models": {{{models}}}}}"#)
}

#[test]
fn every_number_and_name_out_of_range_is_told_at_once() {
    refuses(
        r#"{"version": 2, "transfer_set": {"digits": 0, "jitter_px": 3, "leave_out": [10]},
            "training": {"epochs": 0, "batch_size": 4000, "learning_rate": {"linear": {"from": 11, "to": 0}}},
            "models": {
              "A b": {"net": {"mlp": {"hidden": [0], "dropout": 1.0}}},
              "b": {"net": {"cnn": {"channels": [4, 4, 4], "kernel": 7}}, "learns_from": [{"model": "nobody", "weight": 0}]},
              "f": {"net": {"mlp": {"hidden": [4]}}, "init": {"pretrained": "x"}, "learns_from": [{"model": "g"}],
                    "objective": {"hard_weight": 2, "temperature": 0, "imitates": [{"by": "hint", "layers": []}]}},
              "g": {"net": {"mlp": {"hidden": [1, 1, 1, 1, 1, 1, 1]}}, "tasks": []},
              "h": {"net": {"mlp": {}}, "tasks": [{"task": "parity", "digits": 0}, {"task": "parity"}],
                    "training": {"learning_rate": {"points": [{"at": 0.5, "value": 0}, {"at": 0.2, "value": 0}]}}}}}"#,
        &[
            ("version", "2", "1, the version"),
            ("transfer_set.digits", "0", "a whole number from 1 to 60000"),
            ("transfer_set.jitter_px", "3", "0 to 2"),
            ("transfer_set.leave_out[0]", "10", "0 to 9"),
            ("training.epochs", "0", "1 to 500"),
            ("training.batch_size", "4000", "1 to 2048"),
            ("training.learning_rate.linear.from", "11", "0 to 10"),
            ("models", "\"A b\"", "a letter first"),
            ("models.A b.net.mlp.hidden[0]", "0", "1 to 2048"),
            ("models.A b.net.mlp.dropout", "1", "0 to 0.95"),
            ("models.b.net.cnn.kernel", "7", "leaves a picture"),
            ("models.b.learns_from[0].weight", "0", "0.001 to 1000"),
            ("models.f.objective.hard_weight", "2", "0 to 1"),
            ("models.f.objective.temperature", "0", "0.1 to 100"),
            ("models.f.objective.imitates[0].layers", "[]", "at least 1 entry"),
            ("models.g.net.mlp.hidden", "[1,1,1,1,1,1,1]", "0 to 6 entries; there are 7"),
            ("models.g.tasks", "[]", "at least 1 entry"),
            ("models.h.tasks[0].digits", "0", "1 to 60000"),
            ("models.h.tasks[1].task", "\"parity\"", "not there already"),
            ("models.h.training.learning_rate.points[1].at", "0.2", "0.5 or later"),
        ],
    );
    let none = r#"{"version": 1, "models": {}}"#;
    refuses(none, &[("models", "{}", "1 to 64 entries; there are 0")]);
}

#[test]
fn names_of_nobody_circles_and_splits_that_do_not_agree_are_told_at_once() {
    let models = r#"
        "b": {"net": {"mlp": {}}, "learns_from": [{"model": "nobody"}], "training": {"early_stop": 3}},
        "c": {"net": {"same_as": "d"}}, "d": {"net": {"same_as": "c"}},
        "x": {"net": {"mlp": {}}, "init": {"derive": {"from": "y", "by": {"copy_layers": {"layers": []}}}}},
        "y": {"net": {"mlp": {}}, "learns_from": [{"model": "x"}]}"#;
    let fields =
        r#""data": {"validation": 0, "evaluate_on": "validation"}, "transfer_set": {"digits": 60001},"#;
    refuses(&of(fields, models), &[("transfer_set.digits", "60001", "1 to 60000")]);
    refuses(
        &of(&fields.replace("60001", "60000"), models),
        &[
            ("data.evaluate_on", "\"validation\"", "data.validation of 1 or more"),
            ("models.b.learns_from[0].model", "\"nobody\"", "one of b, c, d, x, y"),
            ("models.b.training.early_stop", "3", "absent, as data.validation"),
            ("models.c", "[\"d\"]", "cycle"),
            ("models.d", "[\"c\"]", "cycle"),
            ("models.x", "[\"y\"]", "cycle"),
            ("models.y", "[\"x\"]", "cycle"),
        ],
    );
    let held_out = r#""data": {"validation": 30000}, "transfer_set": {"digits": 30001},"#;
    let alone = r#""a": {"net": {"mlp": {}}}"#;
    refuses(&of(held_out, alone), &[("transfer_set.digits", "30001", "1 to 30000")]);
}

#[test]
fn networks_and_tasks_that_do_not_fit_are_told_at_once() {
    let models = r#"
        "t": {"net": {"mlp": {"hidden": [8, 6]}}}, "u": {"net": {"mlp": {"hidden": [6]}}},
        "e": {"net": {"mlp": {"hidden": [3]}}, "init": {"same_as": "t"}},
        "f": {"net": {"mlp": {"hidden": [4]}}, "init": {"pretrained": "x"}, "learns_from": [{"model": "t"}]},
        "copy": {"net": {"mlp": {"hidden": [6]}}, "init": {"derive": {"from": "t", "by": {"copy_layers": {"layers": [0]}}}}},
        "odd": {"net": {"mlp": {}}, "tasks": [{"task": "parity"}]},
        "classes": {"net": {"mlp": {}}, "learns_from": [{"model": "odd"}]},
        "heads": {"net": {"mlp": {}}, "tasks": [{"task": "parity"}, {"task": "below_five"}],
            "learns_from": [{"model": "odd"}]},
        "none": {"net": {"mlp": {"outputs": 3}}},
        "still": {"net": {"same_as": "t"}, "learns_from": [{"model": "t"}],
            "init": {"derive": {"from": "t", "by": {"copy_layers": {"layers": []}}, "frozen": true}}}"#;
    refuses(
        &of("", models),
        &[
            ("models.e.init.same_as", "\"t\"", "the same network"),
            ("models.f.init.pretrained", "\"x\"", "absent"),
            ("models.copy.init.derive.by.copy_layers.layers[0]", "0", "there is none"),
            (
                "models.classes.learns_from[0].model",
                "\"odd\"",
                "a model that tells digit: t, u, e, f, copy, none",
            ),
            ("models.heads.tasks[1].task", "\"below_five\"", "tells: parity"),
            ("models.none.net.mlp.outputs", "3", "absent: 10 follow"),
            ("models.still.init.derive.frozen", "true", "false"),
        ],
    );
}

#[test]
fn lessons_that_cannot_be_learnt_are_told_at_once_with_the_choices() {
    let models = r#"
        "t": {"net": {"mlp": {"hidden": [8, 6]}}}, "u": {"net": {"mlp": {"hidden": [6]}}},
        "hint": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}], "objective": {"imitates": [
            {"by": "hint", "layers": [{"teacher": "hidden.2", "student": "hidden.0"}]},
            {"by": "attention_scores", "layers": [{"teacher": "hidden.0", "student": "hidden.0"}]},
            {"by": "hint", "of": "u", "layers": [{"teacher": "hidden.0", "student": "hidden.0"}]}]}},
        "alone": {"net": {"mlp": {"hidden": [4]}}, "objective": {"imitates": [
            {"by": "hint", "layers": [{"teacher": "hidden.0", "student": "hidden.0"}]}]}},
        "hidden": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}],
            "transfer_set": {"unlabelled": 0.5}, "objective": {"soft": {"decoupled": {}}, "ablation": "confidence_only"}},
        "logits": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}, {"model": "u"}],
            "objective": {"soft": "logit_mse", "ablation": "permute_wrong_classes"}},
        "weights": {"net": {"mlp": {}}, "learns_from": [{"model": "t"}], "objective": {"imitates": [
            {"by": "projected_weights", "layers": [{"teacher": "hidden.0", "student": "layers.0.weight"}]}]}}"#;
    let by = |model: &str, path: &str| format!("models.{model}.objective.{path}");
    refuses(
        &of("", models),
        &[
            (
                &by("hint", "imitates[0].layers[0].teacher"),
                "\"hidden.2\"",
                "one of hidden.0 [8], hidden.1 [6]",
            ),
            (&by("hint", "imitates[1].layers[0].teacher"), "\"hidden.0\"", "no layer that attention_scores"),
            (&by("hint", "imitates[1].layers[0].student"), "\"hidden.0\"", "another network"),
            (&by("hint", "imitates[2].of"), "\"u\"", "one of its teachers: t"),
            (&by("alone", "imitates[0].of"), "null", "learns from nobody"),
            (&by("hidden", "soft"), "{\"decoupled\":{\"target\":1,\"non_target\":8}}", "hides some"),
            (&by("hidden", "ablation"), "\"confidence_only\"", "needs no labels"),
            (&by("logits", "ablation"), "\"permute_wrong_classes\"", "absent"),
            ("models.logits.combine", "\"mean_of_probabilities\"", "mean_of_logits"),
            (
                &by("weights", "imitates[0].layers[0].teacher"),
                "\"hidden.0\"",
                "one of layers.0.weight [784, 8], layers.1.weight [8, 6], layers.2.weight [6, 10]",
            ),
        ],
    );
}

#[test]
fn validation_runs_on_nothing_that_an_earlier_check_refused_heads_0() {
    let text = r#"{"version":1,"models":{"teacher":{"net":{"vit":{"heads":0}}},"student":{"net":{"vit":{}},
        "learns_from":[{"model":"teacher"}],"objective":{"imitates":[{"by":"value_relations",
        "layers":[{"teacher":"values.1","student":"values.0"}]}]}}}}"#;
    refuses(text, &[("models.teacher.net.vit.heads", "0", "a whole number from 1 to 16")]);
}

#[test]
fn a_depth_of_4294967295_is_refused_in_milliseconds() {
    let model = |net: &str| {
        format!(
            r#""t": {{"net": {net}}}, "s": {{"net": {{"same_as": "t"}}, "learns_from": [{{"model": "t"}}],
            "init": {{"same_as": "t"}}, "objective": {{"imitates": [{{"by": "hint", "layers": [
            {{"teacher": "block.0", "student": "block.0"}}]}}]}}}}"#
        )
    };
    let most = u32::MAX.to_string();
    for (kind, field) in
        [("vit", "depth"), ("vit", "width"), ("vit", "mlp_width"), ("vit", "heads"), ("rnn", "units")]
    {
        let start = std::time::Instant::now();
        let text = of("", &model(&format!(r#"{{"{kind}": {{"{field}": {most}}}}}"#)));
        let found = refused(&text);
        let path = format!("models.t.net.{kind}.{field}");
        assert_eq!((&found[0].0, &found[0].1), (&path, &most), "{found:?}");
        assert!(found[0].2.starts_with("a whole number from"), "{found:?}");
        // Reading and checking take microseconds; the rest is room for a busy machine.
        assert!(start.elapsed().as_millis() < 50, "{field}: {:?}", start.elapsed());
    }
    let huge = model(r#"{"mlp": {"hidden": [4294967295], "auxiliary": 4294967295, "outputs": 4294967295}}"#);
    let paths: Vec<String> = refused(&of("", &huge)).into_iter().map(|(path, ..)| path).collect();
    assert_eq!(paths, ["models.t.net.mlp.hidden[0]", "models.t.net.mlp.auxiliary"]);
}

#[test]
fn a_layer_that_is_left_out_of_some_steps_cannot_be_imitated() {
    let models = |layer_drop: f64| {
        format!(
            r#""t": {{"net": {{"vit": {{}}}}}}, "s": {{"net": {{"vit": {{"layer_drop": {layer_drop}}}}},
            "learns_from": [{{"model": "t"}}], "objective": {{"imitates": [
            {{"by": "hint", "layers": [{{"teacher": "block.1", "student": "block.0"}}]}},
            {{"by": "projected_weights", "layers": [{{"teacher": "layers.1.mlp.hidden.weight",
                "student": "layers.1.mlp.hidden.weight"}}]}}]}}}}"#
        )
    };
    let told = "weights, or a network whose layer_drop is 0";
    let path = "models.s.objective.imitates[0].layers[0].student";
    refuses(&of("", &models(0.1)), &[(path, "\"block.0\"", told)]);
    refuses(&of("", &models(0.0)), &[]);
}

#[test]
fn a_thin_perceptron_is_made_of_one_without_a_rank_and_of_no_other() {
    let models = |hidden: &str| {
        format!(
            r#""whole": {{"net": {{"mlp": {{"hidden": {hidden}}}}}}}, "thin": {{"net": {{"mlp": {{"hidden": [8, 6],
            "rank": 6}}}}, "init": {{"derive": {{"from": "whole", "by": "factorise"}}}}}}"#
        )
    };
    let thin = r#"{"mlp":{"hidden":[8,6],"rank":6,"dropout":0,"input_dropout":0}}"#;
    let told = "a perceptron with a rank, made of one of the same hidden widths without a rank";
    refuses(&of("", &models("[8, 7]")), &[("models.thin.init.derive.by", thin, told)]);
    refuses(&of("", &models("[8, 6]")), &[]);
}

#[test]
fn a_thin_perceptron_is_neither_asked_in_whole_numbers_nor_cut_to_its_strongest_units() {
    let models = |rank: &str| {
        format!(
            r#""t": {{"net": {{"mlp": {{"hidden": [8]{rank}}}}}, "compress": [{{"quantise": {{"activations": true}}}}]}},
            "s": {{"net": {{"mlp": {{"hidden": [6]{rank}}}}}, "init": {{"derive": {{"from": "t", "by": "strongest_units"}}}}}}"#
        )
    };
    refuses(&of("", &models("")), &[]);
    let thin =
        |hidden: u32| format!(r#"{{"mlp":{{"hidden":[{hidden}],"rank":4,"dropout":0,"input_dropout":0}}}}"#);
    let (path, told) =
        ("models.t.compress[0].quantise.activations", "only CNNs, and perceptrons without rank");
    refuses(
        &of("", &models(r#", "rank": 4"#)),
        &[(path, "true", told), ("models.s.init.derive.by", &thin(6), "a perceptron without a rank")],
    );
}

#[test]
fn validation_0_with_evaluate_on_validation_is_refused() {
    let text = r#"{"version":1,"data":{"validation":0,"evaluate_on":"validation"},"transfer_set":{"digits":64},
        "training":{"epochs":1},"models":{"control":{"net":{"vit":{}}}}}"#;
    let right = "test, or data.validation of 1 or more";
    refuses(text, &[("data.evaluate_on", "\"validation\"", right)]);
    refuses(&text.replace("\"validation\":0", "\"validation\":1"), &[]);
}

#[test]
fn unlabelled_1_is_refused_for_a_model_nobody_teaches() {
    let models = r#""t": {"net": {"mlp": {}}, "transfer_set": {}},
        "student": {"net": {"mlp": {}}, "learns_from": [{"model": "t"}]}, "control": {"net": {"mlp": {}}},
        "other": {"net": {"mlp": {}}, "transfer_set": {"unlabelled": 1}}, "still": {"net": {"mlp": {}},
        "init": {"derive": {"from": "t", "by": {"copy_layers": {"layers": []}}, "frozen": true}}}"#;
    let right = "below 1 for a model that learns from labels alone";
    refuses(
        &of(r#""transfer_set": {"unlabelled": 1},"#, models),
        &[("transfer_set.unlabelled", "1", right), ("models.other.transfer_set.unlabelled", "1", right)],
    );
    refuses(&of(r#""transfer_set": {"unlabelled": 0.99},"#, &models.replace("\"unlabelled\": 1", "")), &[]);
}

#[test]
fn a_model_with_nothing_to_learn_from_is_refused() {
    let taught = |objective: &str| {
        of(
            "",
            &format!(
                r#""t": {{"net": {{"mlp": {{}}}}}}, "s": {{"net": {{"mlp": {{}}}}, "learns_from": [{{"model": "t"}}], "objective": {objective}}}"#
            ),
        )
    };
    let imitates = |weight: &str| {
        format!(
            r#"{{"hard_weight": 0, "soft_weight": 0, "imitates": [{{"by": "hint", "weight": {weight}, "layers": [{{"teacher": "hidden.0", "student": "hidden.0"}}]}}]}}"#
        )
    };
    let path = "models.s.objective.hard_weight";
    for objective in [
        r#"{"hard_weight": 0, "soft_weight": 0}"#,
        r#"{"hard_weight": 0, "soft_weight": {"linear": {"from": 0, "to": 0}}}"#,
        r#"{"hard_weight": 0, "soft": {"decoupled": {"target": 0, "non_target": 0}}}"#,
        &imitates("0"),
    ] {
        refuses(&taught(objective), &[(path, "0", "nothing to learn from")]);
    }
    let never = r#"{"hard_weight": {"step": {"from": 1, "to": 0, "at": 0}}, "soft_weight": 0}"#;
    assert_eq!(refused(&taught(never))[0].0, path);
    for objective in [
        r#"{"hard_weight": 0}"#,
        r#"{"hard_weight": 0, "soft_weight": {"step": {"from": 0, "to": 1, "at": 0.5}}}"#,
        r#"{"hard_weight": {"linear": {"from": 0, "to": 1}}, "soft_weight": 0}"#,
        &imitates("0.5"),
    ] {
        refuses(&taught(objective), &[]);
    }
}

#[test]
fn pictures_without_a_digits_label_teach_by_soft_targets_alone() {
    let text = r#"{"version": 1, "transfer_set": {"pictures": "fashion"}, "models": {
        "t": {"net": {"mlp": {"hidden": [4]}}, "init": {"pretrained": "x"}},
        "labels": {"net": {"mlp": {"hidden": [4]}}},
        "own-labels": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "fashion", "digits": 20001}},
        "less": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}],
            "transfer_set": {"pictures": "fashion", "leave_out": [3]}},
        "apart": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}],
            "objective": {"soft": {"decoupled": {}}, "ablation": "confidence_only"}},
        "soft": {"net": {"mlp": {"hidden": [4]}}, "learns_from": [{"model": "t"}]},
        "own": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "own", "digits": 60000, "leave_out": [3]}},
        "many": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "own", "digits": 60001}}}}"#;
    refuses(text, &[("models.many.transfer_set.digits", "60001", "1 to 60000")]);
    let text = text.replace("60001", "60000");
    refuses(
        &text,
        &[
            ("models.own-labels.transfer_set.digits", "20001", "1 to 20000"),
            ("models.less.transfer_set.leave_out", "[3]", "empty"),
        ],
    );
    let text = text
        .replace("20001", "20000")
        .replace("\"leave_out\": [3]}},\n        \"apart", "\"leave_out\": []}},\n        \"apart");
    refuses(
        &text,
        &[
            ("transfer_set.pictures", "\"fashion\"", "mnist or own"),
            ("models.own-labels.transfer_set.pictures", "\"fashion\"", "mnist or own"),
            (
                "models.apart.objective.soft",
                "{\"decoupled\":{\"target\":1,\"non_target\":8}}",
                "are no digits",
            ),
            ("models.apart.objective.ablation", "\"confidence_only\"", "are no digits"),
        ],
    );
}

#[test]
fn an_experiment_on_clothes_has_its_own_counts_and_no_shipped_teacher() {
    let text = r#"{"version": 1, "data": {"set": "fashion", "validation": 20000}, "transfer_set": {"digits": 15001},
        "models": {
        "t": {"net": {"mlp": {"hidden": [4]}}, "init": {"pretrained": "x"}},
        "labels": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "fashion", "digits": 100, "leave_out": [3],
            "label_noise": 0.1}},
        "digits": {"net": {"mlp": {"hidden": [4]}}, "transfer_set": {"pictures": "mnist", "digits": 60000}}}}"#;
    let init = ("models.t.init", "{\"pretrained\":\"x\"}", "shipped teacher: those have learnt digits");
    refuses(
        text,
        &[
            ("data.validation", "20000", "0 to 19999"),
            ("transfer_set.digits", "15001", "1 to 1"),
            init,
            ("models.labels.transfer_set.digits", "100", "1 to 1"),
        ],
    );
    let text = text.replace("20000", "5000");
    refuses(&text, &[("transfer_set.digits", "15001", "1 to 15000"), init]);
    let text = text.replace("15001", "15000").replace(r#", "init": {"pretrained": "x"}"#, "");
    refuses(&text, &[]);
    let config = Config::from_json(&text).unwrap();
    assert!(config.learns_on(Split::FashionTrain) && config.learns_on(Split::Train));
    assert!(!config.learns_on(Split::Fashion));
}

#[test]
fn what_cannot_be_mixed_or_mislabelled_is_refused() {
    let clothes = r#""t": {"net": {"mlp": {}}}, "s": {"net": {"mlp": {}}, "learns_from": [{"model": "t"}],
        "transfer_set": {"pictures": "fashion", "label_noise": 0.1}}"#;
    let right = "0, as the labels of these pictures are no digits";
    refuses(&of("", clothes), &[("models.s.transfer_set.label_noise", "0.1", right)]);
    let mixed = |student: &str| {
        let teacher = r#""t": {"net": {"mlp": {}}, "transfer_set": {}}"#;
        let student =
            format!(r#""s": {{"net": {{"mlp": {{}}}}, "learns_from": [{{"model": "t"}}], {student}}}"#);
        of(r#""transfer_set": {"mixup_alpha": 0.4, "label_noise": 0.2},"#, &format!("{teacher}, {student}"))
    };
    let path = |field: &str| format!("models.s.{field}");
    refuses(
        &mixed(r#""objective": {"soft": {"decoupled": {}}, "ablation": "confidence_only"}"#),
        &[
            (&path("objective.soft"), "{\"decoupled\":{\"target\":1,\"non_target\":8}}", "mixes two of them"),
            (&path("objective.ablation"), "\"confidence_only\"", "mixes two of them"),
        ],
    );
    let alone = "as training.batch_size is 1";
    refuses(&mixed(r#""training": {"batch_size": 1}"#), &[("transfer_set.mixup_alpha", "0.4", alone)]);
    refuses(&mixed(r#""objective": {"soft": "kl", "ablation": "permute_wrong_classes"}"#), &[]);
    let far =
        of(r#""transfer_set": {"mixup_alpha": 33, "label_noise": 1.1},"#, r#""a": {"net": {"mlp": {}}}"#);
    refuses(
        &far,
        &[("transfer_set.label_noise", "1.1", "0 to 1"), ("transfer_set.mixup_alpha", "33", "0 to 32")],
    );
}

#[test]
fn no_ablation_is_of_a_first_choice_and_no_mixture_is_of_one_side_alone() {
    let student = |soft: &str| {
        of(
            "",
            &format!(
                r#""t": {{"net": {{"mlp": {{}}}}}}, "s": {{"net": {{"mlp": {{}}}}, "learns_from": [{{"model": "t"}}],
                    "objective": {{"soft": {soft}, "ablation": "permute_wrong_classes"}}}}"#
            ),
        )
    };
    let first_choice = "absent, as teacher_labels";
    refuses(
        &student(r#""teacher_labels""#),
        &[("models.s.objective.ablation", "\"permute_wrong_classes\"", first_choice)],
    );
    for beta in ["0", "1"] {
        refuses(
            &student(&format!(r#"{{"jensen_shannon": {{"beta": {beta}}}}}"#)),
            &[("models.s.objective.soft.jensen_shannon.beta", beta, "0.01 to 0.99")],
        );
    }
    refuses(&student(r#"{"jensen_shannon": {}}"#), &[]);
}

#[test]
fn a_config_that_learns_on_mnist_is_written_as_it_always_was() {
    let text = r#"{"version": 1, "models": {"a": {"net": {"mlp": {}}}}}"#;
    let written = serde_json::to_string(&Config::from_json(text).unwrap()).unwrap();
    assert!(!written.contains("pictures"), "{written}");
    let fashion = recipe("fashion").unwrap().config;
    assert!(fashion.learns_on(Split::Fashion) && fashion.learns_on(Split::Train));
    assert!(!fashion.learns_on(Split::Own));
    assert!(!recipe("first-race").unwrap().config.learns_on(Split::Fashion));
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
        prop_assert_eq!(refused(&text).is_empty(), fits);
    }
}
