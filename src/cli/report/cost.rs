//! What models take, as a table to read.

use indexmap::IndexMap;

use crate::experiment::ModelCost;

/// A line for each model: weights, bytes, multiply-adds and microseconds a digit. The last is left out where none was
/// timed.
pub fn costs(models: &IndexMap<String, ModelCost>) -> String {
    let heads = ["", "weights", "bytes", "multiply-adds a digit", "µs a digit"].map(str::to_owned);
    let rows = models.iter().map(|(name, ModelCost { net, microseconds_a_digit })| {
        let figures = [net.weights, net.bytes, net.multiply_adds].map(|figure| figure.to_string());
        let microseconds = microseconds_a_digit.map_or_else(|| "–".to_owned(), |us| format!("{us:.1}"));
        let [weights, bytes, multiply_adds] = figures;
        [name.clone(), weights, bytes, multiply_adds, microseconds]
    });
    let rows: Vec<[String; 5]> = [heads].into_iter().chain(rows).collect();
    let is_timed = models.values().any(|cost| cost.microseconds_a_digit.is_some());
    let columns = if is_timed { 5 } else { 4 };
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default())
        .collect();
    let line = |row: &[String; 5]| {
        let figures = (1..columns).map(|column| format!("  {:>1$}", row[column], widths[column]));
        format!("{:<1$}{2}\n", row[0], widths[0], figures.collect::<String>())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Cost;

    #[test]
    fn columns_stand_above_one_another_and_times_only_where_there_are_any() {
        let cost = |weights, microseconds_a_digit| ModelCost {
            net: Cost { weights, bytes: 4 * weights, multiply_adds: weights },
            microseconds_a_digit,
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
    }
}
