//! The same experiment in small: few digits, few steps, few units, so that hundreds of them run in seconds.

use distillery::experiment::{Config, Init, Model, NetChoice, Training, TransferSet};
use distillery::nets::Net;

/// Digits to learn on, held out, and measured on.
pub const LEARNT: u32 = 20;
pub const HELD_OUT: u32 = 10;
pub const MEASURED: u32 = 10;

pub fn shrunk(config: &Config) -> Config {
    let mut config = config.clone();
    config.data.validation = config.data.validation.min(HELD_OUT);
    config.data.evaluated = config.data.evaluated.min(MEASURED);
    shrink_set(&mut config.transfer_set);
    shrink_training(&mut config.training);
    config.models.values_mut().for_each(shrink_model);
    config
}

fn shrink_model(model: &mut Model) {
    // A checkpoint has the network it has.
    if let NetChoice::Own(net) = &mut model.net
        && !matches!(model.init, Some(Init::Pretrained(_)))
    {
        shrink_net(net);
    }
    model.transfer_set.iter_mut().for_each(shrink_set);
    model.training.iter_mut().for_each(shrink_training);
    for digits in model.tasks.iter_mut().filter_map(|set| set.digits.as_mut()) {
        *digits = (*digits).min(LEARNT);
    }
}

fn shrink_set(set: &mut TransferSet) {
    set.digits = set.digits.min(LEARNT);
}

fn shrink_training(training: &mut Training) {
    training.epochs = training.epochs.min(2);
    // Small batches, of which the last is shorter, are where faults lie.
    training.batch_size = 1 + training.batch_size % 7;
}

fn shrink_net(net: &mut Net) {
    let all = |numbers: &mut Vec<u32>, most: u32| numbers.iter_mut().for_each(|n| *n = (*n).min(most));
    match net {
        Net::Mlp(mlp) => {
            all(&mut mlp.hidden, 8);
            let narrowest = mlp.hidden.iter().copied().min();
            mlp.rank = mlp.rank.zip(narrowest).map(|(rank, narrowest)| rank.min(narrowest));
        }
        Net::Cnn(cnn) => {
            all(&mut cnn.channels, 3);
            all(&mut cnn.hidden, 8);
        }
        Net::Vit(vit) => {
            (vit.heads, vit.depth) = (vit.heads.min(2), vit.depth.min(2));
            (vit.width, vit.mlp_width) = (vit.width.min(4 * vit.heads), vit.mlp_width.min(8));
        }
        Net::Rnn(rnn) => rnn.units = rnn.units.min(4),
    }
}
