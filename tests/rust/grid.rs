//! A grid gives every combination in its order, and says what is wrong with it before anything runs.

use distillery::error::{Allowed, Error};
use distillery::experiment::{Cell, EvaluateOn, Grid, recipe};
use distillery::json::read_config;
use serde_json::{Value, json};

fn grid(fields: Value, seeds: u32) -> Result<Vec<Cell>, Error> {
    let config = recipe("first-race").unwrap().config;
    let text = json!({ "config": config, "fields": fields, "seeds": seeds }).to_string();
    read_config::<Grid>("grid", &text)?.cells()
}

#[test]
fn every_combination_comes_once_and_in_order() {
    let fields =
        json!({ "training.epochs": [1, 2], "models.student.objective.temperature": [2.0, 4.0, 8.0] });
    let cells = grid(fields, 2).unwrap();
    let told: Vec<_> = cells
        .iter()
        .map(|Cell { name, config, .. }| {
            assert_eq!(name["training.epochs"], config.training.epochs);
            assert_eq!(name["seed"], config.seed);
            let student = serde_json::to_value(&config.models["student"]).unwrap();
            let temperature = &name["models.student.objective.temperature"];
            assert_eq!(&student["objective"]["temperature"], temperature);
            (config.training.epochs, temperature.as_f64().unwrap() as u32, config.seed)
        })
        .collect();
    let expected: Vec<_> = [1, 2]
        .into_iter()
        .flat_map(|epochs| [2, 4, 8].into_iter().flat_map(move |t| [1, 2].map(|seed| (epochs, t, seed))))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn the_work_of_a_cell_tells_how_long_it_takes_beside_others() {
    let work = |fields| grid(fields, 1).unwrap().iter().map(|cell| cell.work).collect::<Vec<_>>();
    let epochs = work(json!({ "training.epochs": [1, 10] }));
    assert_eq!(epochs[1], 10.0 * epochs[0]);
    let digits = work(json!({ "transfer_set.digits": [100, 8000], "data.evaluated": [100] }));
    assert_eq!(digits[1], digits[0] * (3.0 * 8000.0 + 100.0) / (3.0 * 100.0 + 100.0));
    let widths = work(json!({ "models.student.net.mlp.hidden": [[10], [1000]] }));
    assert!(widths[1] > widths[0]);
}

#[test]
fn without_fields_it_is_the_config_under_each_seed() {
    let cells = grid(json!({}), 3).unwrap();
    assert_eq!(cells.iter().map(|cell| cell.config.seed).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn what_no_grid_can_be_is_refused_with_what_can() {
    let many: Vec<u32> = (1..=101).collect();
    for (fields, seeds, path, told) in [
        (json!({ "training.epoch": [1] }), 1, "training.epoch", "epochs"),
        (json!({ "training.epochs.more": [1] }), 1, "training.epochs.more", "no field below"),
        (json!({ "training.epochs": [] }), 1, "training.epochs", "at least 1 entry"),
        (json!({ "training.epochs": [1, 0] }), 1, "training.epochs", "from 1 to 500"),
        (json!({ "seed": [1] }), 1, "seed", "set apart"),
        (json!({ "data.evaluate_on": ["test"] }), 1, "data.evaluate_on", "set apart"),
        (json!({}), 0, "seeds", "1 to 1000"),
        (json!({}), u32::MAX, "seeds", "1 to 1000"),
        (json!({ "training.epochs": many }), 100, "fields", "at most 10000 cells; 10100 were asked for"),
    ] {
        let Err(Error::Config { problems }) = grid(fields.clone(), seeds) else {
            panic!("{fields} was taken")
        };
        assert_eq!(problems[0].path, path);
        assert!(problems[0].allowed.to_string().contains(told), "{fields}: {}", problems[0]);
    }
    let Err(Error::Config { problems }) = grid(json!({ "training.epochs": ["many"] }), 1) else {
        panic!("a text was taken for a number")
    };
    assert_eq!(
        problems[0].to_string(),
        "training.epochs: \"many\" is not allowed; allowed: a whole number from 1 to 500"
    );
}

#[test]
fn a_cell_that_would_be_measured_on_nothing_is_refused() {
    let mut config = recipe("first-race").unwrap().config;
    config.data.evaluate_on = EvaluateOn::Validation;
    let fields = [("data.validation".to_owned(), vec![json!(5000), json!(0)])].into_iter().collect();
    let refused = Grid { config, fields, seeds: 2 }.cells().unwrap_err();
    assert_eq!(refused.problems()[0].path, "data.evaluate_on");
    assert_eq!(refused.problems()[0].allowed, Allowed::HeldOut);
}
