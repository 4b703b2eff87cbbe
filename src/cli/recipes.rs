//! `distillery recipes`: what is prepared.

use clap::Args;

use super::{pretty, print};
use crate::error::Result;
use crate::experiment::{recipe, recipes};

#[derive(Args)]
#[command(after_help = "Example: distillery recipes first-race > mine.json")]
pub struct Recipes {
    /// Print this recipe's config as JSON, with every default filled in
    name: Option<String>,
}

impl Recipes {
    pub fn execute(self) -> Result<()> {
        match self.name {
            Some(name) => print(&pretty(&recipe(&name)?.config)?),
            None => print(&recipes().iter().fold(String::new(), |list, recipe| {
                let (title, text) = (&recipe.title.en, &recipe.explanation.en);
                format!("{list}{}: {title}\n  {text}\n  {}\n", recipe.name, recipe.reference)
            })),
        }
    }
}
