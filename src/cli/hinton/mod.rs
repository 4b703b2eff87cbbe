//! `distillery hinton-2015`: Hinton et al. (2015), section 3, as published against a full-size run of it.

mod shift;

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Args;

use self::shift::{Errors, Shiftable, of_tenths};
use super::input::{self, DataFolder, EngineName};
use super::report::{comparison, last, probability, table_line};
use super::{failed, print, write};
use crate::data::{Batch, Digits, SampleId, Split};
use crate::error::{CheckpointFault, Error, Result};
use crate::experiment::{Model, Record, Training};
use crate::nets::{Checkpoint, weights_digest};
use crate::train::{Engine, Learner};

/// The experiment in full, from the source's root.
const EXPERIMENT: &str = "assets/experiments/hinton-2015.json";
/// Digits whose logits are worked out in one go.
const AT_ONCE: usize = 1_000;
/// Shifts that are tried for the bias of the 3, and for those of 7 and 8, in tenths.
const THREES: RangeInclusive<i32> = -100..=100;
const SEVENS_AND_EIGHTS: RangeInclusive<i32> = -300..=100;
/// The shifts that the paper found best on the test digits, in tenths.
const PAPER_THREES: i32 = 35;
const PAPER_SEVENS_AND_EIGHTS: i32 = -76;

#[derive(Args)]
#[command(after_help = "\
Example:
  distillery run assets/experiments/hinton-2015.json --out build/hinton-2015/record.json \
--weights build/hinton-2015/weights
  distillery hinton-2015 --out docs/hinton-2015.md")]
pub struct Hinton {
    /// The run's record
    #[arg(long, value_name = "FILE", default_value = "build/hinton-2015/record.json")]
    record: PathBuf,
    /// The folder of the run's weights
    #[arg(long, value_name = "DIR", default_value = "build/hinton-2015/weights")]
    weights: PathBuf,
    /// Write the comparison to this file, as Markdown
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    data: DataFolder,
}

impl Hinton {
    pub fn execute(self) -> Result<()> {
        let record = input::record(&self.record)?;
        // Before anything is worked out: what the record lacks is told at once.
        let results = results(&record)?;
        let temperatures = temperatures(&record)?;
        let (digits, engine) = (self.data.read([&record.config])?, EngineName::Cpu.create()?);
        let threes = self.shifted(&record, "no-threes", &[3], THREES, PAPER_THREES, &digits, &engine)?;
        let few = self.shifted(
            &record,
            "sevens-and-eights",
            &[7, 8],
            SEVENS_AND_EIGHTS,
            PAPER_SEVENS_AND_EIGHTS,
            &digits,
            &engine,
        )?;
        let document = format!(
            "# Hinton, Vinyals and Dean 2015, section 3: paper against measured\n\n\
             One run, seed {seed}. Errors on the 10,000 test digits after the last epoch.\n\n\
             {results}\n\
             ## Without a single 3, and with 7s and 8s alone\n\
             Both students learn from soft targets alone. Afterwards the bias of the classes in question is moved: by what\n\
             makes the fewest errors on the {train} training digits (their labels serve for this one number), by what does on\n\
             the test digits, as the paper did, and by the paper's own number. Tried in tenths, from {threes_from} to {threes_to} for\n\
             the 3 and from {few_from} to {few_to} for 7 and 8.\n\n\
             {threes}\n{few}\n\
             ## Smaller students over temperatures\n\
             The paper: with 300 or more units in each hidden layer all temperatures above 8 gave fairly similar results; with\n\
             30 units, 2.5 to 4 worked significantly better than higher or lower. p: McNemar's exact test against labels alone.\n\n\
             {temperatures}\n\
             {settings}\n\
             ## Made by\n```sh\n\
             distillery run {EXPERIMENT} --out {record} --weights {weights}\n\
             distillery hinton-2015 --record {record} --weights {weights} --out {out}\n```\n\
             Time of every model, training and measuring, with other programs running beside it: {minutes}.\n",
            seed = record.config.seed,
            train = record.config.transfer_set.digits,
            threes_from = of_tenths(*THREES.start()),
            threes_to = of_tenths(*THREES.end()),
            few_from = of_tenths(*SEVENS_AND_EIGHTS.start()),
            few_to = of_tenths(*SEVENS_AND_EIGHTS.end()),
            settings = settings(&record),
            record = self.record.display(),
            weights = self.weights.display(),
            out = self.out.display(),
            minutes = minutes(&record),
        );
        write(&self.out, document.as_bytes())?;
        print(&document)
    }

    /// The table of one student whose biases are moved.
    #[expect(clippy::too_many_arguments, reason = "what is moved, where and on what; used twice")]
    fn shifted(
        &self,
        record: &Record,
        name: &str,
        classes: &[u8],
        tenths: RangeInclusive<i32>,
        papers: i32,
        digits: &Digits,
        engine: &Engine,
    ) -> Result<String> {
        last(record, name)?;
        let path = self.weights.join(format!("{name}.safetensors"));
        let bytes = std::fs::read(&path).map_err(failed(&path))?;
        let net = record.config.nets()[name].clone();
        let checkpoint = Checkpoint::from_safetensors(&path.display().to_string(), net, &bytes)?;
        let (found, recorded) = (weights_digest(&checkpoint.weights), &record.models[name].weights_digest);
        if found != *recorded {
            let fault = CheckpointFault::Digest { found, expected: recorded.clone() };
            return Err(Error::Checkpoint { name: path.display().to_string(), fault });
        }
        let learner = Learner::new(checkpoint.net, checkpoint.weights, engine);
        let seen = |split, count| shiftable(&learner, split, count, classes, digits);
        let train = seen(Split::Train, record.config.transfer_set.digits)?;
        let test = seen(Split::Test, record.config.data.evaluated)?;
        let (on_train, on_test) = (train.best(tenths.clone()), test.best(tenths));
        let papers = of_tenths(papers);
        let line = |how: &str, shift: f64| {
            let (Errors { all, on_moved }, learnt) = (test.errors(shift), train.errors(shift).all);
            let cells = [how.to_owned(), format!("{shift:+.1}"), all.to_string(), percent(all, test.count())];
            let cells =
                cells.into_iter().chain([format!("{on_moved} of {}", test.of_moved()), learnt.to_string()]);
            table_line(&cells.collect::<Vec<_>>()) + "\n"
        };
        let published = match classes {
            [3] => ["206 (133 of 1010 threes)", "109 (14 of 1010 threes) at +3.5"],
            _ => ["47.3 %", "13.2 % at −7.6"],
        };
        let moved: Vec<String> = classes.iter().map(u8::to_string).collect();
        Ok(format!(
            "**`{name}`.** Published: {} errors as trained, {}.\n\n\
             | bias of {moved} | shift | test errors | share | of them on {moved} | training errors |\n\
             | --- | ---: | ---: | ---: | ---: | ---: |\n{}{}{}{}",
            published[0],
            published[1],
            line("as trained", 0.0),
            line("set on the training digits", on_train),
            line("tuned on the test digits", on_test),
            line("the paper's", papers),
            moved = moved.join(" and "),
        ))
    }
}

/// What a model says of the first digits of a split.
fn shiftable(
    learner: &Learner,
    split: Split,
    count: u32,
    classes: &[u8],
    digits: &Digits,
) -> Result<Shiftable> {
    let ids: Vec<SampleId> = (0..count).map(|index| SampleId { split, index }).collect();
    let (mut logits, mut labels) = (Vec::new(), Vec::new());
    for ids in ids.chunks(AT_ONCE) {
        let batch = Batch::gather(digits, ids)?;
        logits.extend(pollster::block_on(learner.logits(batch.pixels))?);
        labels.extend(batch.labels);
    }
    Ok(Shiftable::new(&logits, &labels, classes))
}

/// The paper's three networks.
fn results(record: &Record) -> Result<String> {
    let line = |what: &str, name: &str, published: u32| -> Result<String> {
        let measures = last(record, name)?;
        let [low, high] = measures.errors_interval;
        let cells = [
            what.to_owned(),
            published.to_string(),
            measures.errors.to_string(),
            format!("{low:.0} to {high:.0}"),
        ];
        Ok(table_line(&cells) + "\n")
    };
    let pair = comparison(record, "student", "control")?;
    Ok(format!(
        "| network | published | measured | 95 % interval |\n| --- | ---: | ---: | ---: |\n{}{}{}\n\
         Student against labels alone: {} digits only the student gets wrong, {} only the other; McNemar's exact test, {}.\n",
        line("teacher, 2×1200, dropout, max-norm, jitter of 2 px", "teacher", 67)?,
        line("2×800, labels alone", "control", 146)?,
        line("2×800, soft targets at T = 20", "student", 74)?,
        pair.only_a_wrong,
        pair.only_b_wrong,
        probability(pair.p_value),
    ))
}

/// The small students, by units and temperature: a line for every taught model whose network is no other's.
fn temperatures(record: &Record) -> Result<String> {
    let mut table =
        "| units per layer | T | errors | labels alone | p |\n| ---: | ---: | ---: | ---: | ---: |\n"
            .to_owned();
    let mut best = Vec::new();
    for units in [300, 30] {
        let mut fewest: Option<(u32, f64)> = None;
        let labels = format!("units-{units}-labels");
        let prefix = format!("units-{units}-t-");
        for (name, model) in record.config.models.iter().filter(|(name, _)| name.starts_with(&prefix)) {
            let p = probability(comparison(record, name, &labels)?.p_value);
            let found = last(record, name)?.errors;
            fewest = fewest.filter(|(errors, _)| *errors <= found).or(Some((found, temperature(model))));
            let errors = [found, last(record, &labels)?.errors].map(|n| n.to_string());
            let [errors, alone] = errors;
            let cells = [units.to_string(), temperature(model).to_string(), errors, alone, p];
            table += &(table_line(&cells) + "\n");
        }
        if let Some((errors, temperature)) = fewest {
            best.push(format!("{units} units at T = {temperature} ({errors})"));
        }
    }
    Ok(format!("{table}\nFewest errors here: {}.\n", best.join(", ")))
}

fn temperature(model: &Model) -> f64 {
    model.objective.temperature.at(0.0)
}

/// What differs from the paper, as far as the config tells it.
fn settings(record: &Record) -> String {
    let config = &record.config;
    let training = |name: &str| -> &Training {
        config.models.get(name).and_then(|model| model.training.as_ref()).unwrap_or(&config.training)
    };
    let student = config.models.get("student");
    let jitter = config.transfer_set.jitter_px;
    let max_norm = training("teacher").max_norm.unwrap_or(f64::INFINITY);
    format!(
        "## What differs from the paper\n\
         - Adam with a falling learning rate for {} epochs (teacher) and {} (students), batches of {}; the paper names neither\n  \
         its optimiser nor its epochs.\n\
         - Max-norm: the weights into a unit have length {max_norm} at most, {:.1} squared (Hinton et al. 2012, appendix A.1).\n\
         - The teacher alone sees jittered digits; the students' jitter is {jitter} px.\n\
         - The student weighs labels by {} and soft targets by {}; the paper does not tell its weights.\n\
         - {} training digits; {} held out. Nothing was tuned for this run.\n",
        training("teacher").epochs,
        config.training.epochs,
        config.training.batch_size,
        max_norm * max_norm,
        student.map_or(0.0, |model| model.objective.hard_weight.at(0.0)),
        student.map_or(0.0, |model| 1.0 - model.objective.hard_weight.at(0.0)),
        config.transfer_set.digits,
        config.data.validation,
    )
}

fn minutes(record: &Record) -> String {
    let of = |(name, model): (&String, &crate::experiment::ModelRecord)| {
        let ms: f64 = model.epochs.iter().map(|epoch| epoch.elapsed_ms).sum();
        format!("{name} {:.1} min", ms / 60_000.0)
    };
    record.models.iter().map(of).collect::<Vec<_>>().join(", ")
}

fn percent(part: u32, all: usize) -> String {
    format!("{:.2} %", 100.0 * f64::from(part) / all as f64)
}
