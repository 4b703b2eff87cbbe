//! Training by kernels of our own against the same training by burn.

use distillery::data::{Batch, Head, PIXELS, SampleId, Split, Task, heads};
use distillery::distill::{
    Combine, Decoupled, HardMix, Imitation, JensenShannon, LayerPair, Likeness, Schedule, SoftMix, SoftTerm,
    combined_targets,
};
use distillery::nets::{Cnn, Dropout, LayerKind, Mlp, Net, Rnn, Vit};
use distillery::random::Stream;
use distillery::train::{
    Adam, Engine, Inputs, LOGITS, Learner, LearnerState, Optimiser, Requirements, Sgd, StepInputs, TermSum,
    Update,
};
use distillery_kernels::parallel;

/// Digits in a batch: no multiple of what kernels work out together.
const DIGITS: usize = 37;
const STEPS: u32 = 4;

#[derive(Clone)]
struct Case {
    name: &'static str,
    net: Net,
    /// Likenesses, each with the layers that are compared with another network's.
    imitates: Vec<(Likeness, &'static [&'static str])>,
    /// The other network, if it is not of the same shape.
    teacher: Option<Net>,
    tasks: Vec<Task>,
    soft: Option<SoftTerm>,
    soft_weight: f64,
    hard: HardMix,
    optimiser: Optimiser,
    weight_decay: f64,
    max_norm: Option<f64>,
    layer_decay: f64,
    unlabelled: f64,
    mixup_alpha: f64,
    /// Whether each batch asks one of the tasks alone.
    is_one_asked: bool,
}

impl Case {
    /// Two hidden layers, taught by soft targets, with Adam.
    fn ordinary() -> Self {
        Self {
            name: "ordinary",
            net: mlp(Mlp { hidden: vec![30, 17], ..Mlp::default() }),
            imitates: Vec::new(),
            teacher: None,
            tasks: vec![Task::Digit],
            soft: Some(SoftTerm::CrossEntropy),
            soft_weight: 0.7,
            hard: HardMix { weight: 0.3, label_smoothing: 0.0 },
            optimiser: Optimiser::Adam(Adam::default()),
            weight_decay: 0.0,
            max_norm: None,
            layer_decay: 1.0,
            unlabelled: 0.0,
            mixup_alpha: 0.0,
            is_one_asked: false,
        }
    }

    fn all() -> Vec<Self> {
        let ordinary = Self::ordinary();
        let sgd = Optimiser::Sgd(Sgd { momentum: 0.9 });
        let dropout = mlp(Mlp { hidden: vec![30, 17], dropout: 0.4, input_dropout: 0.2, ..Mlp::default() });
        [
            ordinary.clone(),
            Self { name: "labels alone", soft: None, ..ordinary.clone() },
            Self { name: "linear", net: mlp(Mlp { hidden: vec![], ..Mlp::default() }), ..ordinary.clone() },
            Self { name: "momentum", optimiser: sgd, weight_decay: 0.01, ..ordinary.clone() },
            Self { name: "dropout", net: dropout.clone(), ..ordinary.clone() },
            Self { name: "max norm", max_norm: Some(0.5), ..ordinary.clone() },
            Self { name: "layer decay", layer_decay: 0.5, weight_decay: 0.1, ..ordinary.clone() },
            Self {
                name: "smoothing, some labels hidden",
                hard: HardMix { weight: 1.0, label_smoothing: 0.1 },
                unlabelled: 0.5,
                ..ordinary.clone()
            },
            Self {
                name: "mixed digits, smoothing, some labels hidden",
                hard: HardMix { weight: 1.0, label_smoothing: 0.1 },
                unlabelled: 0.5,
                mixup_alpha: 1.0,
                ..ordinary.clone()
            },
            Self { name: "divergence", soft: Some(SoftTerm::Kl), ..ordinary.clone() },
            Self {
                name: "told and not minimised",
                soft: Some(SoftTerm::Kl),
                soft_weight: 0.0,
                hard: HardMix { weight: 1.0, label_smoothing: 0.0 },
                ..ordinary.clone()
            },
            Self { name: "logits", soft: Some(SoftTerm::LogitMse), ..ordinary.clone() },
            Self {
                name: "decoupled",
                soft: Some(SoftTerm::Decoupled(Decoupled::default())),
                ..ordinary.clone()
            },
            Self { name: "reverse divergence", soft: Some(SoftTerm::ReverseKl), ..ordinary.clone() },
            Self {
                name: "generalised divergence, some labels hidden",
                soft: Some(SoftTerm::JensenShannon(JensenShannon { beta: 0.3 })),
                unlabelled: 0.5,
                ..ordinary.clone()
            },
            Self { name: "teacher's labels", soft: Some(SoftTerm::TeacherLabels), ..ordinary.clone() },
            Self { name: "two tasks", tasks: vec![Task::Digit, Task::Parity], ..ordinary.clone() },
            Self {
                name: "two tasks, decoupled, smoothing",
                tasks: vec![Task::Digit, Task::Parity],
                soft: Some(SoftTerm::Decoupled(Decoupled::default())),
                hard: HardMix { weight: 0.3, label_smoothing: 0.1 },
                ..ordinary.clone()
            },
            Self {
                name: "two tasks, logits, some labels hidden",
                tasks: vec![Task::Parity, Task::Digit],
                soft: Some(SoftTerm::LogitMse),
                unlabelled: 0.5,
                ..ordinary.clone()
            },
            Self {
                name: "two tasks of mixed digits",
                tasks: vec![Task::Digit, Task::Parity],
                mixup_alpha: 1.0,
                ..ordinary.clone()
            },
            Self {
                name: "two tasks, one of them asked",
                tasks: vec![Task::Digit, Task::Parity],
                is_one_asked: true,
                ..ordinary.clone()
            },
            Self {
                name: "two tasks of as many classes, one of them asked",
                tasks: vec![Task::Parity, Task::BelowFive],
                is_one_asked: true,
                unlabelled: 0.5,
                ..ordinary.clone()
            },
        ]
        .into_iter()
        .chain(Self::thin(&ordinary))
        .chain(Self::imitating(&ordinary, &dropout))
        .chain(Self::imitating_weights(&ordinary, &dropout))
        .chain(Self::other_networks(&ordinary))
        // By momentum too, whose weights differ no more than their gradients do.
        .flat_map(|case| [Self { optimiser: sgd, ..case.clone() }, case])
        .collect()
    }

    /// Perceptrons whose hidden layers are two factors each.
    fn thin(ordinary: &Self) -> Vec<Self> {
        let thin = |thin: Mlp| mlp(Mlp { hidden: vec![30, 17], rank: Some(5), ..thin });
        vec![
            Self { name: "thin layers", net: thin(Mlp::default()), ..ordinary.clone() },
            Self {
                name: "thin layers with dropout, layer decay, weight decay and max norm",
                net: thin(Mlp { dropout: 0.4, input_dropout: 0.2, ..Mlp::default() }),
                layer_decay: 0.5,
                weight_decay: 0.1,
                max_norm: Some(0.5),
                ..ordinary.clone()
            },
            Self {
                name: "thin layers and auxiliary outputs that imitate, with dropout",
                net: thin(Mlp { dropout: 0.2, auxiliary: 5, ..Mlp::default() }),
                imitates: vec![
                    (Likeness::Hint, &["hidden.0"]),
                    (Likeness::HiddenStates, &["hidden.1"]),
                    (Likeness::AuxiliaryLogits, &["auxiliary"]),
                ],
                ..ordinary.clone()
            },
        ]
    }

    /// Layers of perceptrons imitated in every way.
    fn imitating(ordinary: &Self, dropout: &Net) -> Vec<Self> {
        let auxiliary = mlp(Mlp { hidden: vec![30, 17], auxiliary: 5, ..Mlp::default() });
        vec![
            Self { name: "hint", imitates: vec![(Likeness::Hint, &["hidden.0"])], ..ordinary.clone() },
            Self { name: "patient", imitates: vec![(Likeness::Patient, &["hidden.0"])], ..ordinary.clone() },
            Self {
                name: "distances",
                imitates: vec![(Likeness::Distances, &["hidden.0"])],
                ..ordinary.clone()
            },
            Self { name: "angles", imitates: vec![(Likeness::Angles, &["hidden.1"])], ..ordinary.clone() },
            Self {
                name: "two likenesses of one layer, layer decay, max norm",
                imitates: vec![(Likeness::Hint, &["hidden.1"]), (Likeness::Cosine, &["hidden.1"])],
                layer_decay: 0.5,
                max_norm: Some(0.5),
                ..ordinary.clone()
            },
            Self {
                name: "hidden states behind dropout",
                net: dropout.clone(),
                imitates: vec![(Likeness::HiddenStates, &["hidden.0"])],
                ..ordinary.clone()
            },
            Self {
                name: "auxiliary outputs",
                net: auxiliary,
                imitates: vec![(Likeness::AuxiliaryLogits, &["auxiliary"])],
                ..ordinary.clone()
            },
        ]
    }

    /// Weights imitated, through every kind of projection and through none.
    fn imitating_weights(ordinary: &Self, dropout: &Net) -> Vec<Self> {
        let hidden = |hidden: [u32; 2]| mlp(Mlp { hidden: hidden.into(), ..Mlp::default() });
        let convolutional = |hidden| {
            Net::Cnn(Cnn { channels: vec![4, 6], kernel: 5, hidden: vec![hidden], ..Cnn::default() })
        };
        let weights = Likeness::ProjectedWeights;
        vec![
            Self {
                name: "weights through shared projections",
                net: hidden([30, 30]),
                teacher: Some(hidden([40, 40])),
                imitates: vec![(weights, &["layers.1.weight", "layers.2.weight"])],
                ..ordinary.clone()
            },
            Self {
                name: "weights and a layer, dropout, layer decay, max norm, weight decay",
                net: dropout.clone(),
                teacher: Some(hidden([30, 20])),
                imitates: vec![(weights, &["layers.1.weight"]), (Likeness::Patient, &["hidden.1"])],
                layer_decay: 0.5,
                max_norm: Some(0.5),
                weight_decay: 0.01,
                ..ordinary.clone()
            },
            Self {
                name: "the same weights as they are, twice",
                imitates: vec![
                    (weights, &["layers.2.weight"]),
                    (weights, &["layers.2.weight"]),
                    (Likeness::Hint, &["hidden.0"]),
                ],
                ..ordinary.clone()
            },
            Self {
                name: "weights of a cnn",
                net: convolutional(12),
                teacher: Some(convolutional(15)),
                imitates: vec![(weights, &["layers.3.weight"])],
                ..ordinary.clone()
            },
        ]
    }

    /// Networks that are no perceptrons, plain and with what each can do.
    fn other_networks(ordinary: &Self) -> Vec<Self> {
        let cnn = |cnn: Cnn| Net::Cnn(Cnn { channels: vec![4, 6], kernel: 5, hidden: vec![12], ..cnn });
        let vit = |vit: Vit| Net::Vit(Vit { width: 12, heads: 3, mlp_width: 10, ..vit });
        let rnn = |rnn: Rnn| Net::Rnn(Rnn { units: 9, ..rnn });
        let sgd = Optimiser::Sgd(Sgd { momentum: 0.9 });
        vec![
            Self { name: "cnn", net: cnn(Cnn::default()), ..ordinary.clone() },
            Self {
                name: "cnn with dropout, layer decay and max norm",
                net: cnn(Cnn { dropout: 0.3, input_dropout: 0.2, ..Cnn::default() }),
                layer_decay: 0.5,
                max_norm: Some(0.5),
                ..ordinary.clone()
            },
            Self {
                name: "cnn that imitates",
                net: cnn(Cnn::default()),
                imitates: vec![(Likeness::Hint, &["conv.0"]), (Likeness::Patient, &["hidden.0"])],
                optimiser: sgd,
                ..ordinary.clone()
            },
            Self { name: "vit", net: vit(Vit::default()), ..ordinary.clone() },
            Self {
                name: "vit with dropout, layer decay and max norm",
                net: vit(Vit { dropout: 0.3, input_dropout: 0.2, ..Vit::default() }),
                layer_decay: 0.5,
                max_norm: Some(0.5),
                ..ordinary.clone()
            },
            Self {
                name: "vit whose blocks share their weights, with dropout, layer decay and max norm",
                net: vit(Vit { depth: 3, shared: true, dropout: 0.3, ..Vit::default() }),
                layer_decay: 0.5,
                max_norm: Some(0.5),
                ..ordinary.clone()
            },
            Self {
                name: "vit whose blocks are left out in some steps, with dropout",
                net: vit(Vit { depth: 4, layer_drop: 0.5, dropout: 0.2, ..Vit::default() }),
                ..ordinary.clone()
            },
            Self {
                name: "vit with one block for all that is left out in places",
                net: vit(Vit { depth: 4, layer_drop: 0.5, shared: true, ..Vit::default() }),
                ..ordinary.clone()
            },
            Self {
                name: "vit that imitates",
                net: vit(Vit::default()),
                imitates: vec![
                    (Likeness::AttentionScores, &["scores.0"]),
                    (Likeness::AttentionDivergence, &["attention.1"]),
                    (Likeness::ValueRelations, &["values.1"]),
                    (Likeness::HiddenStates, &["block.0"]),
                    (Likeness::Cosine, &["block.1"]),
                ],
                optimiser: sgd,
                ..ordinary.clone()
            },
            Self { name: "rnn", net: rnn(Rnn::default()), ..ordinary.clone() },
            Self {
                name: "rnn with dropout, layer decay and max norm",
                net: rnn(Rnn { dropout: 0.3, input_dropout: 0.2, ..Rnn::default() }),
                layer_decay: 0.5,
                max_norm: Some(0.5),
                ..ordinary.clone()
            },
            Self {
                name: "rnn that imitates",
                net: rnn(Rnn::default()),
                imitates: vec![
                    (Likeness::HiddenStates, &["rows"]),
                    (Likeness::Patient, &["final"]),
                    (Likeness::Hint, &["final"]),
                ],
                optimiser: sgd,
                ..ordinary.clone()
            },
        ]
    }

    fn batch(&self, seed: u32) -> Batch {
        let mut stream = Stream::new(seed, "pixels", &[]);
        let mut batch = Batch {
            ids: (0..DIGITS as u32).map(|index| SampleId { split: Split::Train, index }).collect(),
            pixels: (0..DIGITS * PIXELS).map(|_| stream.uniform(-1.0, 1.0).max(0.0)).collect(),
            labels: (0..DIGITS).map(|i| (i * 7 % 10) as u8).collect(),
            labelled: vec![true; DIGITS],
            tasks: (0..DIGITS)
                .map(|i| (if self.is_one_asked { seed as usize } else { i } % self.tasks.len()) as u8)
                .collect(),
            as_loaded: false,
            mix: None,
        };
        batch.hide_labels(self.unlabelled, 1);
        batch.mix_up(self.mixup_alpha, 1, 0, seed);
        batch
    }

    fn heads(&self) -> Vec<Head> {
        heads(self.tasks.iter().copied())
    }

    fn learner(&self, engine: &Engine) -> Learner {
        let outputs = self.heads().iter().map(|head| head.outputs.len()).sum();
        let net = self.net.clone().with_outputs(outputs);
        let weights = net.layout().initial_weights(&mut Stream::new(1, "weights", &[]));
        let teacher = self.teacher.as_ref().unwrap_or(&net);
        let plans = self.imitates.iter().map(|(by, layers)| {
            let pair = |layer: &&str| LayerPair { teacher: (*layer).into(), student: (*layer).into() };
            let layers = layers.iter().map(pair).collect();
            let imitation = Imitation { by: *by, of: None, layers, weight: Schedule::Constant(1.0) };
            imitation.plan(&net, teacher)
        });
        let requirements = Requirements { imitates: !self.imitates.is_empty(), held: None, replaces: None };
        let (plans, mut stream) = (plans.collect(), Stream::new(1, "projections", &[]));
        Learner::imitating(plans, &mut stream, requirements, net, weights, engine)
            .with_layer_decay(self.layer_decay)
    }

    /// What a teacher shows of the layers in a step, and with what weight: the last term is told and not minimised.
    fn told(&self, step: u32) -> Vec<(f64, Vec<Vec<f32>>)> {
        let teacher = self.teacher.as_ref().unwrap_or(&self.net);
        let told = self.imitates.iter().enumerate().map(|(index, (_, layers))| {
            let mut stream = Stream::new(step, "layer", &[index as u64]);
            let weight = if index > 0 && index + 1 == self.imitates.len() { 0.0 } else { 0.3 };
            let mut shown = |name: &&str| -> Vec<f32> {
                let layer = teacher.layer(name).expect("a layer");
                // Weights are the same for every digit, and small.
                let (rows, largest) = if layer.kind == LayerKind::Weights { (1, 0.1) } else { (DIGITS, 1.0) };
                (0..rows * layer.width()).map(|_| stream.uniform(0.0, largest)).collect()
            };
            (weight, layers.iter().map(&mut shown).collect())
        });
        told.collect()
    }

    /// What `steps` more of them leave of a learner that has taken `before`.
    fn train(&self, learner: &mut Learner, before: u32, steps: u32) -> LearnerState {
        for step in before..before + steps {
            let inputs = Inputs::new(self.batch(step), &self.heads());
            let mix = self.soft.map(|term| SoftMix {
                term,
                weight: self.soft_weight,
                temperature: 3.0,
                t_squared: true,
            });
            let soft = mix.map(|mix| {
                let targets = inputs.tasks.iter().map(|task| {
                    let classes = task.head.outputs.len();
                    let mut stream = Stream::new(step, "teacher", &[]);
                    let logits: Vec<f32> =
                        (0..task.rows.len() * classes).map(|_| stream.uniform(-4.0, 4.0)).collect();
                    match mix.term.compares_logits() {
                        true => logits,
                        false => {
                            let teachers = [(logits, 1.0)];
                            let mut targets = combined_targets(&teachers, classes, Combine::default(), 3.0);
                            mix.term.prepare(&mut targets, classes);
                            targets
                        }
                    }
                });
                (targets.collect(), mix)
            });
            let step_inputs = StepInputs {
                hard: self.hard,
                soft,
                imitated: self.told(step),
                optimiser: self.optimiser,
                update: Update {
                    learning_rate: 0.01,
                    weight_decay: self.weight_decay,
                    max_norm: self.max_norm,
                },
                dropout: Dropout::training(1, step),
                progress: 1.0,
            };
            learner.step(&inputs, step_inputs);
        }
        pollster::block_on(learner.state()).unwrap()
    }
}

fn mlp(mlp: Mlp) -> Net {
    Net::Mlp(mlp)
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// What a learner tells of the loss after some steps: of each term the mean over digits and how many those are, and in
/// how many steps it was finite.
fn told(state: &LearnerState) -> Vec<f32> {
    let sums = &state.loss_sums;
    let term = |term: TermSum| [term.mean().unwrap_or(-1.0) as f32, term.digits, term.finite_steps];
    [sums.hard, sums.soft, sums.total]
        .into_iter()
        .chain(sums.imitated.iter().copied())
        .flat_map(term)
        .collect()
}

#[test]
fn kernels_train_as_burn_does() {
    let (fast, plain) = (Engine::cpu(), Engine::cpu().plain());
    for case in Case::all() {
        let (mut by_kernels, mut by_burn) = (case.learner(&fast), case.learner(&plain));
        let first = pollster::block_on(by_kernels.weights()).unwrap();
        let found = case.train(&mut by_kernels, 0, STEPS);
        let expected = case.train(&mut by_burn, 0, STEPS);
        // A step of Adam is 0.01 for each weight however small its gradient, so that a gradient of nothing but rounding
        // shows: a few weights in a thousand may differ.
        let apart =
            found.weights.iter().zip(&expected.weights).filter(|(a, b)| (**a - **b).abs() > 2e-5).count();
        let allowed = match (case.optimiser, &case.net) {
            // What is added to all keys changes no attention: its gradient is nothing but rounding.
            (Optimiser::Adam(_), Net::Vit(vit)) => {
                found.weights.len() / 200 + (vit.depth * vit.width) as usize
            }
            (Optimiser::Adam(_), _) => found.weights.len() / 200,
            (Optimiser::Sgd(_), _) => 0,
        };
        assert!(apart <= allowed, "{}: {apart} weights differ", case.name);
        assert!(
            largest_difference(&found.weights[..first.len()], &first) > 5e-4,
            "{}: nothing was learned",
            case.name
        );
        let difference = largest_difference(&told(&found), &told(&expected));
        assert!(difference < 2.5e-5, "{}: losses differ by {difference}", case.name);
        let pixels = case.batch(99).pixels;
        let logits = |learner: &Learner| pollster::block_on(learner.logits(pixels.clone())).unwrap();
        let difference = largest_difference(&logits(&by_kernels), &logits(&by_burn));
        assert!(difference < 1e-4, "{}: logits differ by {difference}", case.name);
    }
}

#[test]
fn a_restored_learner_goes_on_to_the_same_bits() {
    for case in Case::all() {
        let engine = Engine::cpu();
        let mut whole = case.learner(&engine);
        let half = case.train(&mut whole, 0, 2);
        let expected = case.train(&mut whole, 2, 2);
        let mut restored = case.learner(&engine);
        restored.restore(half);
        assert_eq!(case.train(&mut restored, 2, 2), expected, "{}", case.name);
    }
}

#[test]
fn threads_change_no_bit_of_what_is_learnt() {
    // Wide enough for their work to be split.
    let nets = [
        mlp(Mlp { hidden: vec![500, 300], ..Mlp::default() }),
        Net::Cnn(Cnn::default()),
        Net::Vit(Vit::default()),
        Net::Rnn(Rnn::default()),
    ];
    for net in nets {
        let case = Case { net, ..Case::ordinary() };
        let learnt = |threads| {
            parallel::with_threads(threads, || {
                let engine = Engine::cpu();
                case.train(&mut case.learner(&engine), 0, STEPS)
            })
        };
        let alone = learnt(1);
        for threads in [2, 3] {
            assert!(learnt(threads) == alone, "{}, {threads} threads", case.net.kind());
        }
    }
}

#[test]
fn layers_are_shown_as_burn_shows_them() {
    let (fast, plain) = (Engine::cpu(), Engine::cpu().plain());
    for case in Case::all() {
        let layer = |engine: &Engine, name: &str| {
            pollster::block_on(case.learner(engine).layer(case.batch(1).pixels, name))
        };
        for name in case.net.network().layers().into_iter().map(|layer| layer.name) {
            let found = layer(&fast, &name).unwrap();
            let difference = largest_difference(&found, &layer(&plain, &name).unwrap());
            assert!(difference < 1e-5, "{}, {name}: {difference}", case.name);
            assert!(found.iter().any(|value| *value > 0.0), "{}, {name}", case.name);
        }
    }
    let unknown = pollster::block_on(
        Case::ordinary().learner(&fast).layer(Case::ordinary().batch(1).pixels, "hidden.2"),
    );
    assert!(unknown.unwrap_err().to_string().contains("hidden.1"));
}

/// A teacher is asked once for its logits and all layers that are imitated.
#[test]
fn what_is_shown_in_one_pass_is_what_passes_of_their_own_show() {
    for case in Case::all() {
        for engine in [Engine::cpu(), Engine::cpu().plain()] {
            let learner = case.learner(&engine);
            let layers = case.net.network().layers();
            let names: Vec<&str> = layers.iter().map(|layer| &layer.name[..]).chain([LOGITS]).rev().collect();
            let pixels = case.batch(1).pixels;
            let together = pollster::block_on(learner.show(pixels.clone(), &names)).unwrap();
            assert_eq!(together.len(), names.len());
            for (name, together) in names.iter().zip(together) {
                let alone = pollster::block_on(learner.layer(pixels.clone(), name)).unwrap();
                assert!(together == alone, "{}, {name}", case.name);
            }
        }
    }
}

#[test]
fn a_weight_that_is_no_number_is_found_in_the_logits() {
    let case = Case::ordinary();
    let mlp = Mlp { hidden: vec![30, 17], ..Mlp::default() };
    let cnn = Cnn { channels: vec![4, 6], hidden: vec![12], ..Cnn::default() };
    for net in [Net::Mlp(mlp), Net::Cnn(cnn), Net::Vit(Vit::default()), Net::Rnn(Rnn::default())] {
        for engine in [Engine::cpu(), Engine::cpu().plain()] {
            let mut weights = net.layout().initial_weights(&mut Stream::new(1, "weights", &[]));
            // Of the first layer: through every other one it has to come.
            weights[0] = f32::NAN;
            let logits =
                pollster::block_on(Learner::new(net.clone(), weights, &engine).logits(case.batch(1).pixels));
            assert!(logits.unwrap().iter().all(|logit| logit.is_nan()), "{net:?}");
        }
    }
}
