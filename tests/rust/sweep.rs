//! A sweep gives the records that its cells give alone, resumes, and refuses what it cannot set.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

fn distillery(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_distillery"));
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("distillery-sweep-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    let tiny = json!({
        "version": 1,
        "data": { "evaluated": 200 },
        "transfer_set": { "digits": 200 },
        "training": { "epochs": 1, "batch_size": 50 },
        "models": {
            "teacher": { "net": { "mlp": { "hidden": [10] } } },
            "student": { "net": { "mlp": { "hidden": [5] } }, "learns_from": [{ "model": "teacher" }] }
        }
    });
    std::fs::write(path.join("tiny.json"), tiny.to_string()).unwrap();
    path
}

fn digests(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let digest = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["record"]["digest"].as_str().unwrap().to_owned()
    };
    let mut digests: Vec<String> = text.lines().map(digest).collect();
    digests.sort();
    digests
}

#[test]
fn a_sweep_gives_the_records_of_its_cells_and_resumes() {
    let folder = folder("cells");
    let at = |name: &str| folder.join(name).display().to_string();
    let tiny = at("tiny.json");
    let grid = ["sweep", &tiny, "--set", "training.batch_size=25,50", "--seeds", "2"];
    let (code, error) = distillery(&[&grid[..], &["--list", &at("cells")]].concat());
    assert_eq!(code, Some(0), "{error}");
    let mut alone: Vec<String> = (0..4)
        .map(|cell| {
            let (config, out) = (at(&format!("cells/cell-{cell:03}.json")), at("record.json"));
            assert_eq!(distillery(&["run", &config, "--quiet", "--out", &out]).0, Some(0));
            let record: Value = serde_json::from_str(&std::fs::read_to_string(out).unwrap()).unwrap();
            record["digest"].as_str().unwrap().to_owned()
        })
        .collect();
    alone.sort();
    for jobs in ["1", "2"] {
        let out = at(&format!("{jobs}.jsonl"));
        assert_eq!(distillery(&[&grid[..], &["--jobs", jobs, "--out", &out]].concat()).0, Some(0));
        assert_eq!(digests(Path::new(&out)), alone);
    }
    // The last line is cut off, as by an interruption.
    let out = at("1.jsonl");
    let text = std::fs::read_to_string(&out).unwrap();
    let kept: String = text.lines().take(3).map(|line| format!("{line}\n")).collect();
    std::fs::write(&out, kept).unwrap();
    let (code, told) = distillery(&[&grid[..], &["--out", &out]].concat());
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("4 cells, 3 of them done before"), "{told}");
    assert_eq!(digests(Path::new(&out)), alone);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_wrong_path_or_value_is_refused() {
    let folder = folder("wrong");
    let (tiny, out) =
        (folder.join("tiny.json").display().to_string(), folder.join("x").display().to_string());
    for (set, told) in
        [("training.batchsize=5", "batch_size"), ("training.batch_size=0", "training.batch_size")]
    {
        let (code, error) = distillery(&["sweep", &tiny, "--set", set, "--out", &out]);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains(told), "{error}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_cell_whose_model_is_stopped_has_its_line_and_fails_the_sweep_each_time() {
    let folder = folder("stopped");
    let (tiny, out) = (folder.join("tiny.json").display().to_string(), folder.join("out.jsonl"));
    // The weights grow beyond all numbers with a decay of 1, by each step ninefold; without one they do not.
    let sets = [
        "training.learning_rate=10",
        "training.weight_decay=0,1",
        "training.batch_size=2",
        "training.optimiser={\"sgd\":{}}",
    ];
    let written = out.display().to_string();
    let sets: Vec<&str> = sets.into_iter().flat_map(|set| ["--set", set]).collect();
    let sweep = [&["sweep", &tiny, "--out", &written], &sets[..]].concat();
    for done in [0, 2] {
        let (code, told) = distillery(&sweep);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains(&format!("2 cells, {done} of them done before")), "{told}");
        assert!(told.contains("was stopped (loss_not_finite)"), "{told}");
        assert_eq!(digests(&out).len(), 2);
    }
    std::fs::remove_dir_all(folder).unwrap();
}
