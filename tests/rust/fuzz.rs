//! Any config is read or refused at once, and what is not refused runs to its end.
//!
//! In the suite a fixed seed and a few seconds; `make fuzz MINUTES=30` goes on with fresh seeds and tells what it
//! found.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::common::pictures;
use crate::fuzzing::mutate::{KINDS, Mutation, mutated};
use crate::fuzzing::shrink::{HELD_OUT, LEARNT, MEASURED, shrunk};
use distillery::data::{Digits, Split};
use distillery::error::{Allowed, Error, Problem};
use distillery::experiment::{Budget, CheckpointStore, Config, DataSet, Record, Session};
use distillery::json::read;
use distillery::train::Engine;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseError, TestError, TestRunner};

/// Reading and validating takes less.
const AT_ONCE: Duration = Duration::from_millis(50);
/// Whatever takes longer hangs: a run in small takes milliseconds.
const HANGS: Duration = Duration::from_secs(60);
/// Words of the libraries that read JSON; nobody is to meet them.
const FOREIGN: [&str; 5] = ["invalid type", "expected struct", "untagged", "variant", "deserialize"];

type Case = (usize, Vec<Mutation>);
type Outcome = Result<(), TestCaseError>;

fn cases() -> impl Strategy<Value = Case> {
    (any::<prop::sample::Index>(), prop::collection::vec((0..KINDS, any::<u16>(), any::<u16>()), 0..5))
        .prop_map(|(recipe, mutations)| (recipe.index(64), mutations))
}

/// Digits, pictures in their place and the shipped teacher: what any small experiment needs.
fn digits() -> Digits {
    let mut digits = crate::common::digits(LEARNT, MEASURED);
    let (images, labels) = pictures(HELD_OUT, |class| class);
    for (split, count) in [DataSet::Mnist, DataSet::Fashion].map(|set| (set.learnt(), set.learnt_count())) {
        digits.insert(split, count - HELD_OUT, images.clone(), labels.clone()).unwrap();
    }
    let (images, labels) = pictures(LEARNT, |class| class);
    for split in [Split::Fashion, Split::FashionTest] {
        digits.insert(split, 0, images.clone(), labels.clone()).unwrap();
    }
    digits.replace_own(Split::Own, images.clone(), labels.clone()).unwrap();
    digits.replace_own(Split::OwnTest, images, labels).unwrap();
    digits
}

fn checkpoint_store() -> CheckpointStore {
    let mut store = CheckpointStore::default();
    let file = |ending: &str| std::fs::read(format!("assets/teachers/mnist-cnn.{ending}")).unwrap();
    let card = read("card", &String::from_utf8(file("json")).unwrap()).unwrap();
    store.add(card, &file("safetensors")).unwrap();
    store
}

/// A config that is read and valid, or what it was refused with.
fn checked(text: &str) -> Result<Config, Error> {
    let config = Config::from_json(text)?;
    config.validate()?;
    Ok(config)
}

/// The fastest of some attempts, since the machine has more to do.
fn seconds_to_check(text: &str) -> Duration {
    let attempt = || {
        let start = Instant::now();
        let _ = checked(text);
        start.elapsed()
    };
    let first = attempt();
    if first < AT_ONCE { first } else { (0..3).map(|_| attempt()).min().unwrap_or(first) }
}

fn is_told_well(problem: &Problem) -> bool {
    let has_value = problem.value.is_empty() == (problem.allowed == Allowed::Present);
    let told = problem.allowed.to_string();
    has_value && !told.is_empty() && problem.allowed != Allowed::Readable
}

fn is_refused_well(error: &Error) -> Outcome {
    let problems = error.problems();
    prop_assert!(problems.iter().all(is_told_well), "{}", error);
    // A text too deep to be read has no field that could be named.
    prop_assert!(!problems.is_empty() || error.code() == "parse_failed", "{}", error);
    let told: Vec<String> = problems.iter().map(|problem| problem.allowed.to_string()).collect();
    prop_assert!(!FOREIGN.iter().any(|word| told.concat().contains(word)), "{}", error);
    Ok(())
}

/// Runs a valid config in small; gives whether it ran, for one may lose its sense in small.
fn runs(config: &Config) -> Result<bool, TestCaseError> {
    let config = shrunk(config);
    if config.validate().is_err() {
        return Ok(false);
    }
    let (digits, store) = (digits(), checkpoint_store());
    let mut session = match Session::new(1, config, &digits, &Engine::cpu(), &store) {
        Ok(session) => session,
        // What only labels tell, and checkpoints that are not there or have another network.
        Err(Error::Config { .. } | Error::Unknown { .. } | Error::Checkpoint { .. }) => return Ok(false),
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    let budget = Budget { ms: f64::INFINITY, steps: 0 };
    while !pollster::block_on(session.advance(&digits, budget))
        .map_err(|error| TestCaseError::fail(error.to_string()))?
        .finished
    {}
    let record = session.record();
    let text = serde_json::to_string(&record).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let back: Record = read("record", &text).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&back.digest, &record.digest);
    prop_assert_eq!(serde_json::to_string(&back).unwrap_or_default(), text);
    Ok(true)
}

/// The same, in a thread of its own, which is given up when it hangs.
fn runs_in_time(config: Config) -> Result<bool, TestCaseError> {
    let (tell, told) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let outcome = runs(&config);
        let _ = tell.send(());
        outcome
    });
    match told.recv_timeout(HANGS) {
        Err(mpsc::RecvTimeoutError::Timeout) => Err(TestCaseError::fail("it hangs")),
        _ => thread.join().map_err(|_| TestCaseError::fail("it panics"))?,
    }
}

/// How many configs were tried, how many were valid, and how many of these ran.
#[derive(Debug, Default)]
struct Counts {
    tried: u32,
    valid: u32,
    ran: u32,
}

fn check((recipe, mutations): &Case, counts: &mut Counts) -> Outcome {
    let text = mutated(*recipe, mutations).to_string();
    counts.tried += 1;
    let seconds = seconds_to_check(&text);
    prop_assert!(seconds < AT_ONCE, "{:?} for {}", seconds, text);
    match checked(&text) {
        Err(error) => is_refused_well(&error),
        Ok(config) => {
            counts.valid += 1;
            counts.ran += u32::from(runs_in_time(config)?);
            Ok(())
        }
    }
}

/// Tries so many configs of a seed; what fails is made as simple as it can be, and told.
fn try_all(seed: u64, cases_tried: u32, counts: &mut Counts) -> Result<(), String> {
    let config = ProptestConfig {
        cases: cases_tried,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let counts = std::cell::RefCell::new(counts);
    TestRunner::new(config).run(&cases(), |case| check(&case, &mut counts.borrow_mut())).map_err(|error| {
        match error {
            TestError::Fail(reason, (recipe, mutations)) => {
                format!("{reason}\n{}", mutated(recipe, &mutations))
            }
            TestError::Abort(reason) => reason.to_string(),
        }
    })
}

#[test]
fn any_config_is_refused_at_once_with_path_value_and_what_is_allowed_or_runs_to_its_end() {
    let minutes: Option<f64> = std::env::var("FUZZ_MINUTES").ok().and_then(|minutes| minutes.parse().ok());
    let (start, mut counts) = (Instant::now(), Counts::default());
    let Some(minutes) = minutes else {
        try_all(1, 300, &mut counts).unwrap_or_else(|found| panic!("{found}"));
        // A fuzzer whose configs are all refused would prove little.
        assert!(counts.ran >= 50, "{counts:?}");
        return;
    };
    let first = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let mut findings = Vec::new();
    for seed in first.. {
        if start.elapsed().as_secs_f64() >= minutes * 60.0 {
            break;
        }
        if let Err(found) = try_all(seed, 100, &mut counts) {
            eprintln!("seed {seed}: {found}\n");
            findings.push(seed);
        }
    }
    let Counts { tried, valid, ran } = counts;
    let seconds = start.elapsed().as_secs();
    eprintln!(
        "{tried} configs, {valid} valid, {ran} run, in {seconds} s: {} findings {findings:?}",
        findings.len()
    );
    assert!(findings.is_empty());
}
