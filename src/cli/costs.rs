//! `distillery costs`: what an experiment's models take, before any is trained.

use clap::Args;

use super::{input, pretty, print, report};
use crate::error::Result;
use crate::experiment::ModelCost;

#[derive(Args)]
#[command(after_help = "Example: distillery costs first-race")]
pub struct Costs {
    /// A config's file, a recipe's name, or - for a config on standard input
    #[arg(value_name = "CONFIG|RECIPE")]
    config: String,
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

impl Costs {
    pub fn execute(self) -> Result<()> {
        let config = input::config(&self.config)?;
        config.validate()?;
        let costs = config.costs();
        if self.json {
            return print(&pretty(&costs)?);
        }
        let untimed = |net| ModelCost { net, microseconds_a_digit: None, stored: None };
        print(&report::costs(&costs.into_iter().map(|(name, net)| (name, untimed(net))).collect()))
    }
}
