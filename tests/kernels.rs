//! Training by kernels of our own against the same training by burn.

use distillery::data::{Batch, Head, PIXELS, SampleId, Split, Task, heads};
use distillery::distill::{Combine, Decoupled, HardMix, SoftMix, SoftTerm, combined_targets};
use distillery::nets::{Cnn, Dropout, Mlp, Net};
use distillery::random::Stream;
use distillery::train::{
    Adam, Engine, Inputs, Learner, LearnerState, Optimiser, Sgd, StepInputs, TermSum, Update,
};
use distillery_kernels::parallel;

/// Digits in a batch: no multiple of what kernels work out together.
const DIGITS: usize = 37;
const STEPS: u32 = 4;

#[derive(Clone)]
struct Case {
    name: &'static str,
    mlp: Mlp,
    tasks: Vec<Task>,
    soft: Option<SoftTerm>,
    hard: HardMix,
    optimiser: Optimiser,
    weight_decay: f64,
    max_norm: Option<f64>,
    layer_decay: f64,
    unlabelled: f64,
    /// Whether each batch asks one of the tasks alone.
    is_one_asked: bool,
}

impl Case {
    /// Two hidden layers, taught by soft targets, with Adam.
    fn ordinary() -> Self {
        Self {
            name: "ordinary",
            mlp: Mlp { hidden: vec![30, 17], ..Mlp::default() },
            tasks: vec![Task::Digit],
            soft: Some(SoftTerm::CrossEntropy),
            hard: HardMix { weight: 0.3, label_smoothing: 0.0 },
            optimiser: Optimiser::Adam(Adam::default()),
            weight_decay: 0.0,
            max_norm: None,
            layer_decay: 1.0,
            unlabelled: 0.0,
            is_one_asked: false,
        }
    }

    fn all() -> Vec<Self> {
        let ordinary = Self::ordinary();
        let sgd = Optimiser::Sgd(Sgd { momentum: 0.9 });
        let dropout = Mlp { hidden: vec![30, 17], dropout: 0.4, input_dropout: 0.2, ..Mlp::default() };
        [
            ordinary.clone(),
            Self { name: "labels alone", soft: None, ..ordinary.clone() },
            Self { name: "linear", mlp: Mlp { hidden: vec![], ..Mlp::default() }, ..ordinary.clone() },
            Self { name: "momentum", optimiser: sgd, weight_decay: 0.01, ..ordinary.clone() },
            Self { name: "dropout", mlp: dropout, ..ordinary.clone() },
            Self { name: "max norm", max_norm: Some(0.5), ..ordinary.clone() },
            Self { name: "layer decay", layer_decay: 0.5, weight_decay: 0.1, ..ordinary.clone() },
            Self {
                name: "smoothing, some labels hidden",
                hard: HardMix { weight: 1.0, label_smoothing: 0.1 },
                unlabelled: 0.5,
                ..ordinary.clone()
            },
            Self { name: "logits", soft: Some(SoftTerm::LogitMse), ..ordinary.clone() },
            Self {
                name: "decoupled",
                soft: Some(SoftTerm::Decoupled(Decoupled::default())),
                ..ordinary.clone()
            },
            Self { name: "two tasks", tasks: vec![Task::Digit, Task::Parity], ..ordinary.clone() },
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
                ..ordinary
            },
        ]
        .into_iter()
        // By momentum too, whose weights differ no more than their gradients do.
        .flat_map(|case| [Self { optimiser: sgd, ..case.clone() }, case])
        .collect()
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
        };
        batch.hide_labels(self.unlabelled, 1);
        batch
    }

    fn heads(&self) -> Vec<Head> {
        heads(self.tasks.iter().copied())
    }

    fn learner(&self, engine: &Engine) -> Learner {
        let outputs = self.heads().iter().map(|head| head.outputs.len()).sum();
        let net = Net::Mlp(self.mlp.clone()).with_outputs(outputs);
        let weights = net.layout().initial_weights(&mut Stream::new(1, "weights", &[]));
        Learner::new(net, weights, engine).with_layer_decay(self.layer_decay)
    }

    /// What `steps` more of them leave of a learner that has taken `before`.
    fn train(&self, learner: &mut Learner, engine: &Engine, before: u32, steps: u32) -> LearnerState {
        for step in before..before + steps {
            let inputs = Inputs::new(self.batch(step), &self.heads(), engine);
            let mix = self.soft.map(|term| SoftMix { term, weight: 0.7, temperature: 3.0, t_squared: true });
            let soft = mix.map(|mix| {
                let targets = inputs.tasks.iter().map(|task| {
                    let classes = task.head.outputs.len();
                    let mut stream = Stream::new(step, "teacher", &[]);
                    let logits: Vec<f32> =
                        (0..task.rows.len() * classes).map(|_| stream.uniform(-4.0, 4.0)).collect();
                    match mix.term.compares_logits() {
                        true => logits,
                        false => combined_targets(&[(logits, 1.0)], classes, Combine::default(), 3.0),
                    }
                });
                (targets.collect(), mix)
            });
            let step_inputs = StepInputs {
                hard: self.hard,
                soft,
                imitated: Vec::new(),
                optimiser: self.optimiser,
                update: Update {
                    learning_rate: 0.01,
                    weight_decay: self.weight_decay,
                    max_norm: self.max_norm,
                },
                dropout: Dropout::training(1, step),
            };
            learner.step(&inputs, step_inputs);
        }
        pollster::block_on(learner.state()).unwrap()
    }
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
        let found = case.train(&mut by_kernels, &fast, 0, STEPS);
        let expected = case.train(&mut by_burn, &plain, 0, STEPS);
        // A step of Adam is 0.01 for each weight however small its gradient, so that a gradient of nothing but rounding
        // shows: a few weights in a thousand may differ.
        let apart =
            found.weights.iter().zip(&expected.weights).filter(|(a, b)| (**a - **b).abs() > 2e-5).count();
        let allowed = match case.optimiser {
            Optimiser::Adam(_) => found.weights.len() / 200,
            Optimiser::Sgd(_) => 0,
        };
        assert!(apart <= allowed, "{}: {apart} weights differ", case.name);
        assert!(largest_difference(&found.weights, &first) > 5e-4, "{}: nothing was learned", case.name);
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
        let half = case.train(&mut whole, &engine, 0, 2);
        let expected = case.train(&mut whole, &engine, 2, 2);
        let mut restored = case.learner(&engine);
        restored.restore(half);
        assert_eq!(case.train(&mut restored, &engine, 2, 2), expected, "{}", case.name);
    }
}

#[test]
fn threads_change_no_bit_of_what_is_learnt() {
    // Wide enough for its products to be split.
    let mlp = Mlp { hidden: vec![500, 300], ..Mlp::default() };
    let case = Case { mlp, ..Case::ordinary() };
    let learnt = |threads| {
        parallel::with_threads(threads, || {
            let engine = Engine::cpu();
            case.train(&mut case.learner(&engine), &engine, 0, STEPS)
        })
    };
    let alone = learnt(1);
    for threads in [2, 3] {
        assert!(learnt(threads) == alone, "{threads} threads");
    }
}

#[test]
fn hidden_layers_are_shown_as_burn_shows_them() {
    let case = Case::ordinary();
    let layer = |engine: &Engine, name: &str| {
        pollster::block_on(case.learner(engine).layer(case.batch(1).pixels, name))
    };
    for name in ["hidden.0", "hidden.1"] {
        let found = layer(&Engine::cpu(), name).unwrap();
        assert!(largest_difference(&found, &layer(&Engine::cpu().plain(), name).unwrap()) < 1e-5, "{name}");
        assert!(found.iter().any(|value| *value > 0.0), "{name}");
    }
    assert!(layer(&Engine::cpu(), "hidden.2").unwrap_err().to_string().contains("hidden.1"));
}

#[test]
fn a_weight_that_is_no_number_is_found_in_the_logits() {
    let case = Case::ordinary();
    let mlp = Mlp { hidden: vec![30, 17], ..Mlp::default() };
    let cnn = Cnn { channels: vec![4, 6], hidden: vec![12], ..Cnn::default() };
    for net in [Net::Mlp(mlp), Net::Cnn(cnn)] {
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
