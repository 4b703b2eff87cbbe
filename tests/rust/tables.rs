//! The commands that make tables of a sweep's lines: what stands in them, what is run again, and how they end.

use std::path::{Path, PathBuf};
use std::process::Command;

use distillery::experiment::Record;
use serde_json::{Value, json};

/// Runs the program in the repository's root; gives its exit code, output and messages.
fn distillery(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_distillery"));
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let [told, errors] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code(), told, errors)
}

fn folder(name: &str, config: &Value) -> PathBuf {
    let path = std::env::temp_dir().join(format!("distillery-tables-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("config.json"), config.to_string()).unwrap();
    path
}

fn records(path: &Path) -> Vec<Record> {
    let text = std::fs::read_to_string(path).unwrap();
    let record =
        |line: &str| serde_json::from_value(serde_json::from_str::<Value>(line).unwrap()["record"].take());
    text.lines().map(|line| record(line).unwrap()).collect()
}

fn row(document: &str, start: &str) -> Vec<String> {
    let line = document
        .lines()
        .find(|line| line.starts_with(start))
        .unwrap_or_else(|| panic!("{start} in {document}"));
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// A student and a control of a teacher, in a second.
fn tiny() -> Value {
    json!({
        "version": 1,
        "data": { "evaluated": 200 },
        "transfer_set": { "digits": 200 },
        "training": { "epochs": 2, "batch_size": 20 },
        "models": {
            "teacher": { "net": { "mlp": { "hidden": [10] } } },
            "student": { "net": { "mlp": { "hidden": [5] } }, "learns_from": [{ "model": "teacher" }] },
            "control": { "net": { "same_as": "student" } }
        }
    })
}

#[test]
fn seeds_makes_its_table_of_a_sweeps_lines_and_runs_only_what_these_lack() {
    let folder = folder("seeds", &tiny());
    let at = |name: &str| folder.join(name).display().to_string();
    let (config, lines, out) = (at("config.json"), at("lines.jsonl"), at("made/table.md"));
    let seeds = ["seeds", "--recipe", &config, "--seeds", "2", "--lines", &lines, "--out", &out];
    assert_eq!(distillery(&["sweep", &config, "--test", "--out", &lines]).0, Some(0));
    let (code, document, told) = distillery(&seeds);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("2 cells, 1 of them done before\n{\"seed\":2}\n"), "{told}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), document);

    let records = records(Path::new(&lines));
    assert_eq!(records.iter().map(|record| record.config.seed).collect::<Vec<_>>(), [1, 2]);
    let head = "seed teacher student control only student wrong only control wrong p seconds";
    assert_eq!(row(&document, "| seed").join(" "), head);
    for record in &records {
        let errors = |name: &str| record.models[name].epochs[1].errors.to_string();
        let pair =
            record.comparisons.iter().find(|pair| (&*pair.a, &*pair.b) == ("student", "control")).unwrap();
        let row = row(&document, &format!("| {} |", record.config.seed));
        assert_eq!(row[1..4], ["teacher", "student", "control"].map(errors));
        assert_eq!(row[4..6], [pair.only_a_wrong, pair.only_b_wrong].map(|count| count.to_string()));
        let p: f64 = row[6].parse().unwrap();
        assert!((p - pair.p_value).abs() <= 0.05 * pair.p_value, "{row:?}, expected {}", pair.p_value);
    }
    let made = format!("Made by `distillery {}`\n", seeds.join(" "));
    assert!(document.contains(&made), "{document}");

    // The last line is cut off, as by an interruption: its cell is run again.
    let text = std::fs::read_to_string(&lines).unwrap();
    std::fs::write(&lines, &text[..text.len() - 9]).unwrap();
    assert!(distillery(&seeds).2.contains("2 cells, 1 of them done before"));
    let (code, again, told) = distillery(&seeds);
    assert!(code == Some(0) && told == "2 cells, 2 of them done before\n", "{told}");
    assert_eq!(row(&again, "| 2 |")[..7], row(&document, "| 2 |")[..7]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_control_that_diverges_is_stopped_in_the_table_and_ends_it_with_code_1_each_time() {
    let mut config = tiny();
    config["models"]["control"]["training"] = json!({ "epochs": 2, "batch_size": 8, "learning_rate": 10, "weight_decay": 1, "optimiser": { "sgd": {} } });
    let folder = folder("stopped", &config);
    let at = |name: &str| folder.join(name).display().to_string();
    let (config, lines, out) = (at("config.json"), at("lines.jsonl"), at("table.md"));
    let seeds = ["seeds", "--recipe", &config, "--seeds", "2", "--lines", &lines, "--out", &out];
    for done in 0..2 {
        let (code, document, told) = distillery(&seeds);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains(&format!("2 cells, {} of them done before", 2 * done)), "{told}");
        for seed in 1..=2 {
            let failure = format!("{{\"seed\":{seed}}}: engine cpu: control was stopped (loss_not_finite)\n");
            assert!(told.contains(&failure), "{told}");
            assert_eq!(row(&document, &format!("| {seed} |"))[3..7], ["stopped", "–", "–", "–"]);
        }
        assert!(
            document.contains("Not compared: the student makes ")
                && document.contains(" errors, the control stopped."),
            "{document}"
        );
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn methods_leaves_a_record_of_what_its_lines_hold_and_keeps_what_it_has_of_other_recipes() {
    const RECIPE: &str = "permuted-classes";
    let folder = folder("methods", &tiny());
    let at = |name: &str| folder.join(name).display().to_string();
    let (lines, out, record) = (at("lines.jsonl"), at("table.md"), at("made/methods.json"));
    let measure = || {
        let options = ["--seeds", "1", "--lines", &lines, "--out", &out, "--record", &record];
        let (code, document, told) = distillery(&[&["methods", "--recipes", RECIPE][..], &options].concat());
        assert_eq!(code, Some(0), "{told}");
        let text = std::fs::read_to_string(&record).unwrap();
        (document, serde_json::from_str::<Value>(&text).unwrap())
    };
    let (document, first) = measure();
    let run = &records(Path::new(&lines))[0];
    let [measured] = &first.as_array().unwrap()[..] else { panic!("{first}") };
    assert_eq!(measured["model"], "student");
    let cells = row(&document, &format!("| `{RECIPE}`"));
    for (index, name) in ["student", "control", "regularised"].into_iter().enumerate() {
        let errors = run.models[name].epochs.last().unwrap().errors;
        assert_eq!(measured["errors"][name], json!([errors]));
        assert_eq!(cells[1 + index], errors.to_string());
    }
    for other in ["control", "regularised"] {
        let is_meant = |(a, b): (&str, &str)| (a, b) == ("student", other) || (a, b) == (other, "student");
        let pair = run.comparisons.iter().find(|pair| is_meant((&pair.a, &pair.b))).unwrap();
        let counts = if pair.a == "student" {
            [pair.only_a_wrong, pair.only_b_wrong]
        } else {
            [pair.only_b_wrong, pair.only_a_wrong]
        };
        let against = &measured["against"][other];
        assert_eq!(
            [&against["only_model_wrong"][0], &against["only_other_wrong"][0]],
            counts.map(Value::from).each_ref()
        );
        assert_eq!(against["p"], json!([pair.p_value]));
    }
    let teacher = std::fs::read_to_string("assets/teachers/mnist-cnn.json").unwrap();
    let card: Value = serde_json::from_str(&teacher).unwrap();
    assert_eq!(measured["teachers"], json!({ "mnist-cnn": card["weights_digest"] }));

    // Of another recipe, which stands before this one; this one's is made again of its line.
    let mut other = measured.clone();
    other["recipe"] = json!("same-labels");
    let mut old = measured.clone();
    old["version"] = json!("0.0.1");
    std::fs::write(&record, json!([old, other]).to_string()).unwrap();
    let (document, again) = measure();
    assert_eq!(again, json!([other, measured]));
    // What is in the record alone has its row as well.
    assert_eq!(row(&document, "| `same-labels`")[1..], cells[1..]);

    std::fs::write(&record, "[{}]").unwrap();
    let options = ["--seeds", "1", "--lines", &lines, "--out", &out, "--record", &record];
    let (code, _, told) = distillery(&[&["methods", "--recipes", RECIPE][..], &options].concat());
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("methods.json"), "{told}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_there_is_not_is_refused_before_anything_runs() {
    let folder = folder("refused", &tiny());
    let (config, lines) = (folder.join("config.json"), folder.join("lines.jsonl"));
    let (config, kept) = (config.display().to_string(), lines.display().to_string());
    for (arguments, expected) in [
        (
            &["seeds", "--recipe", "first-race", "--compare", "student", "pupil"][..],
            "unknown model `pupil`; expected one of teacher, student, control",
        ),
        (&["seeds", "--recipe", "last-race"], "unknown recipe `last-race`; expected one of same-labels"),
        (
            &["seeds", "--recipe", "first-race", "--seeds", "0"],
            "seeds: 0 is not allowed; allowed: a whole number from 1 to 1000",
        ),
        (
            &["methods", "--recipes", "patient", "last-race"],
            "unknown recipe `last-race`; expected one of same-labels",
        ),
        (&["hinton-2015", &config], "unknown model `no-threes`; expected one of teacher, student, control"),
    ] {
        let (code, _, told) = distillery(&[arguments, &["--lines", &kept, "--out", &kept]].concat());
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
    }
    assert!(!lines.exists(), "nothing was begun");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn hinton_moves_biases_of_what_it_trained_and_makes_its_tables_again_of_its_line() {
    let student = |objective: Value, leave_out: Value| {
        json!({
            "net": { "mlp": { "hidden": [10] } },
            "learns_from": [{ "model": "teacher" }],
            "objective": objective,
            "transfer_set": { "digits": 500, "leave_out": leave_out }
        })
    };
    let config = json!({
        "version": 1,
        "data": { "evaluated": 500, "validation": 0 },
        "transfer_set": { "digits": 500 },
        "training": { "epochs": 2, "batch_size": 50 },
        "models": {
            "teacher": { "net": { "mlp": { "hidden": [20] } } },
            "student": student(json!({}), json!([])),
            "control": { "net": { "same_as": "student" } },
            "no-threes": student(json!({}), json!([3])),
            "raised": {
                "net": { "same_as": "no-threes" },
                "init": { "derive": { "from": "no-threes", "by": { "raise_bias": { "classes": [3], "by": 3.5 } }, "frozen": true } }
            },
            "sevens-and-eights": student(json!({}), json!([0, 1, 2, 3, 4, 5, 6, 9])),
            "units-30-t-2-5": student(json!({ "temperature": 2.5 }), json!([])),
            "units-30-labels": { "net": { "same_as": "student" } }
        }
    });
    let folder = folder("hinton", &config);
    let at = |name: &str| folder.join(name).display().to_string();
    let (config, lines, out) = (at("config.json"), at("lines.jsonl"), at("hinton.md"));
    // A sweep's line lacks what moved biases do.
    assert_eq!(distillery(&["sweep", &config, "--test", "--out", &lines]).0, Some(0));
    let hinton = ["hinton-2015", &config, "--seeds", "1", "--lines", &lines, "--out", &out];
    let (code, document, told) = distillery(&hinton);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("1 cells, 0 of them done before"), "{told}");

    let record = &records(Path::new(&lines))[1];
    let errors = |name: &str| record.models[name].epochs.last().unwrap().errors.to_string();
    // As trained, the shifted student makes the errors of the record; raised as the paper did, those of the model so
    // derived.
    for (name, start, expected) in [
        ("no-threes", "| as trained", "no-threes"),
        ("no-threes", "| the paper's", "raised"),
        ("sevens-and-eights", "| as trained", "sevens-and-eights"),
    ] {
        let table = document.split(&format!("**`{name}`.**")).nth(1).unwrap();
        assert_eq!(row(table, start)[2], errors(expected), "{name}");
    }
    assert_eq!(
        row(&document, "| 30 |")[..4],
        ["30", "2.5", &errors("units-30-t-2-5"), &errors("units-30-labels")]
    );
    assert_eq!(row(&document, "| 2×800, labels alone")[3], errors("control"));

    assert_eq!(distillery(&hinton), (Some(0), document, "1 cells, 1 of them done before\n".to_owned()));
    std::fs::remove_dir_all(folder).unwrap();
}
