//! `distillery seeds`: an experiment over several seeds, as a table.

use clap::Args;

use super::input;
use super::report::{Pair, Spread, Table, Verdict, how, last, scientific, seconds, table, tested};
use crate::error::Result;
use crate::experiment::{Record, recipe};

#[derive(Args)]
#[command(
    after_help = "Example: distillery seeds --recipe same-labels --compare student regularised --out docs/first-race.md"
)]
pub struct Seeds {
    /// The recipe to run, or a config's file
    #[arg(long, value_name = "NAME|CONFIG")]
    recipe: String,
    /// How many seeds, from 1 on
    #[arg(long, default_value_t = 5)]
    seeds: u32,
    /// The two models to compare
    #[arg(long, num_args = 2, value_names = ["A", "B"], default_values = ["student", "control"])]
    compare: Vec<String>,
    #[command(flatten)]
    table: Table,
}

impl Seeds {
    pub fn execute(self) -> Result<()> {
        let cells = tested(input::config(&self.recipe)?, self.seeds, &self.compare)?;
        self.table.make(&cells, None, |records, _| Ok(self.document(records)))
    }

    fn document(&self, records: &[Record]) -> String {
        let (a, b) = (&*self.compare[0], &*self.compare[1]);
        let names: Vec<&str> = records[0].models.keys().map(String::as_str).collect();
        let race = |record: &Record| names.iter().map(|name| seconds(record, name)).sum::<f64>();
        let [only_a, only_b] = [a, b].map(|name| format!("only {name} wrong"));
        let heads = [&["seed"], &*names, &[&only_a, &only_b, "p", "seconds"]].concat();
        let heads: Vec<String> = heads.iter().map(|head| format!("{head}:")).collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let rows = records.iter().map(|record| {
            let errors = names.iter().map(|name| {
                last(record, name).map_or_else(|| "stopped".to_owned(), |last| last.errors.to_string())
            });
            let pair = match Pair::of(record, a, b) {
                Some(Pair { only_a_wrong, only_b_wrong, p }) => {
                    [only_a_wrong.to_string(), only_b_wrong.to_string(), scientific(p)]
                }
                None => [(); 3].map(|()| "–".to_owned()),
            };
            let seed = record.config.seed.to_string();
            [seed].into_iter().chain(errors).chain(pair).chain([format!("{:.1}", race(record))]).collect()
        });
        let [of_a, of_b] = [a, b].map(|name| (name, Spread::errors(records, name)));
        format!(
            "# {title}: {seeds} seeds\n\n\
             Errors on the test digits, of {evaluated}, after the last epoch; {a} against {b}. Seconds: training and\n\
             measuring all models.\n\n\
             {how}\n\n\
             {table}\n\
             {sentence} Slowest race: {slowest:.1} s.\n",
            title = recipe(&self.recipe).map_or_else(|_| self.recipe.clone(), |recipe| recipe.title.en),
            seeds = records.len(),
            evaluated =
                names.iter().find_map(|name| last(&records[0], name)).map_or(0, |last| last.evaluated),
            how = how(),
            table = table(&heads, rows),
            sentence = Verdict::of(records, a, b).sentence(of_a, of_b),
            slowest = records.iter().map(race).fold(0.0, f64::max),
        )
    }
}
