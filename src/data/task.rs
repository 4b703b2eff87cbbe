//! Tasks: what a model tells of a digit. Every task is a way to sort the ten digits into classes of its own.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::CLASSES;

/// What is asked about a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Which of the ten it is.
    #[default]
    Digit,
    /// Even (class 0) or odd (class 1).
    Parity,
    /// Below five (class 0) or not (class 1).
    BelowFive,
}

impl Task {
    /// The one list of tasks: the name, and the class of each digit.
    fn named(self) -> (&'static str, &'static [u8; CLASSES]) {
        match self {
            Task::Digit => ("digit", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
            Task::Parity => ("parity", &[0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
            Task::BelowFive => ("below_five", &[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
        }
    }

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        self.named().0
    }

    /// How many classes it has.
    pub fn classes(self) -> usize {
        self.named().1.iter().max().map_or(0, |last| usize::from(*last) + 1)
    }

    /// The classes of digits given by their labels, 0 to 9.
    pub fn classes_of(self, labels: &[u8]) -> Vec<u8> {
        labels.iter().map(|&label| self.named().1[usize::from(label)]).collect()
    }
}

/// One task of a model, and where its classes lie among the model's outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub task: Task,
    pub outputs: Range<usize>,
}

/// The heads of a model with these tasks, side by side.
pub fn heads(tasks: impl IntoIterator<Item = Task>) -> Vec<Head> {
    let mut heads: Vec<Head> = Vec::new();
    for task in tasks {
        let first = heads.last().map_or(0, |head| head.outputs.end);
        heads.push(Head { task, outputs: first..first + task.classes() });
    }
    heads
}

impl Head {
    /// The columns of this head out of rows of `width` logits.
    pub fn of(&self, logits: &[f32], width: usize) -> Vec<f32> {
        match self.outputs.len() == width {
            true => logits.to_vec(),
            false => logits.chunks_exact(width).flat_map(|row| &row[self.outputs.clone()]).copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_sorts_the_digits() {
        let digits: Vec<u8> = (0..10).collect();
        assert_eq!(Task::Digit.classes_of(&digits), digits);
        assert_eq!(Task::Parity.classes_of(&digits), digits.iter().map(|d| d % 2).collect::<Vec<_>>());
        assert_eq!(
            Task::BelowFive.classes_of(&digits),
            digits.iter().map(|d| u8::from(*d >= 5)).collect::<Vec<_>>()
        );
        assert_eq!([Task::Digit, Task::Parity, Task::BelowFive].map(Task::classes), [10, 2, 2]);
    }

    #[test]
    fn heads_lie_side_by_side_and_take_their_columns() {
        let heads = heads([Task::Parity, Task::Digit, Task::BelowFive]);
        let ranges: Vec<Range<usize>> = heads.iter().map(|head| head.outputs.clone()).collect();
        assert_eq!(ranges, [0..2, 2..12, 12..14]);
        let logits: Vec<f32> = (0..28).map(|i| i as f32).collect();
        assert_eq!(heads[2].of(&logits, 14), [12.0, 13.0, 26.0, 27.0]);
        assert_eq!(heads[0].of(&logits[..4], 2), [0.0, 1.0, 2.0, 3.0]);
    }
}
