//! What models take, as a table to read.

use indexmap::IndexMap;

use crate::experiment::ModelCost;

/// What is told of a model, none where it is not known.
type Column = (&'static str, fn(&ModelCost) -> Option<String>);

const COLUMNS: [Column; 7] = [
    ("weights", |cost| Some(cost.net.weights.to_string())),
    ("not zero", |cost| cost.stored.map(|stored| stored.nonzero.to_string())),
    ("bytes", |cost| Some(cost.net.bytes.to_string())),
    ("bytes packed", |cost| cost.stored.map(|stored| stored.file_bytes.to_string())),
    ("multiply-adds a digit", |cost| Some(cost.net.multiply_adds.to_string())),
    ("but for zeros", |cost| cost.stored.map(|stored| stored.effective_multiply_adds.to_string())),
    ("µs a digit", |cost| cost.microseconds_a_digit.map(|us| format!("{us:.1}"))),
];

/// A line for each model. What is known of none is left out.
pub fn costs(models: &IndexMap<String, ModelCost>) -> String {
    let names = std::iter::once("").chain(models.keys().map(String::as_str));
    let mut lines: Vec<String> =
        aligned(names.map(str::to_owned).collect(), |name, width| format!("{name:<width$}"));
    for (head, figure) in COLUMNS {
        let figures: Vec<Option<String>> = models.values().map(figure).collect();
        if figures.iter().all(Option::is_none) {
            continue;
        }
        let told = figures.into_iter().map(|figure| figure.unwrap_or_else(|| "–".to_owned()));
        let column = std::iter::once(head.to_owned()).chain(told).collect();
        let column = aligned(column, |figure, width| format!("  {figure:>width$}"));
        lines.iter_mut().zip(column).for_each(|(line, figure)| line.push_str(&figure));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Texts of one column, each as wide as the widest.
fn aligned(texts: Vec<String>, write: impl Fn(&str, usize) -> String) -> Vec<String> {
    let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or_default();
    texts.iter().map(|text| write(text, width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::Stored;
    use crate::nets::Cost;

    #[test]
    fn columns_stand_above_one_another_and_times_only_where_there_are_any() {
        let cost = |weights, microseconds_a_digit| ModelCost {
            net: Cost { weights, bytes: 4 * weights, multiply_adds: weights },
            microseconds_a_digit,
            stored: None,
        };
        let named =
            |costs: [ModelCost; 2]| ["teacher".to_owned(), "b".to_owned()].into_iter().zip(costs).collect();
        assert_eq!(
            costs(&named([cost(1200, Some(2.34)), cost(5, None)])),
            "         weights  bytes  multiply-adds a digit  µs a digit\n\
             teacher     1200   4800                   1200         2.3\n\
             b              5     20                      5           –\n"
        );
        assert!(!costs(&named([cost(1200, None), cost(5, None)])).contains("µs"));
        let stored = Stored { file_bytes: 7, nonzero: 2, effective_multiply_adds: 1 };
        let small = ModelCost { stored: Some(stored), ..cost(5, None) };
        assert_eq!(
            costs(&named([cost(1200, None), small])),
            "         weights  not zero  bytes  bytes packed  multiply-adds a digit  but for zeros\n\
             teacher     1200         –   4800             –                   1200              –\n\
             b              5         2     20             7                      5              1\n"
        );
    }
}
