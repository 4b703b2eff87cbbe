//! Every soft term and every likeness against numbers worked out in numpy (`tests/fixtures/terms.py`), finite
//! differences, and properties that break when teacher and student, or two digits, are mixed up.

use burn::tensor::{Device, Tensor, TensorData};
use distillery::distill::{
    Combine, Compared, ComparedRows, Decoupled, JensenShannon, Likeness, SoftInputs, SoftRows, SoftTerm,
    combined_targets,
};
use distillery::nets::{Layer, LayerKind};
use distillery_kernels::Isa;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    soft: Vec<SoftCase>,
    likenesses: Vec<LikenessCase>,
}

#[derive(Deserialize, Clone)]
struct SoftCase {
    name: String,
    setting: SoftTerm,
    temperature: f64,
    student: Vec<f32>,
    teacher: Vec<f32>,
    labels: Vec<usize>,
    result: f64,
}

#[derive(Deserialize, Clone)]
struct LikenessCase {
    by: Likeness,
    kind: String,
    student_shape: Vec<usize>,
    teacher_shape: Vec<usize>,
    student: Vec<f32>,
    teacher: Vec<f32>,
    result: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/terms.json")).unwrap()
}

fn matrix(values: &[f32], width: usize) -> Tensor<2> {
    let data = TensorData::new(values.to_vec(), [values.len() / width, width]);
    Tensor::from_data(data, &Device::flex()).autodiff()
}

fn scalar(tensor: &Tensor<1>) -> f64 {
    f64::from(tensor.clone().into_scalar::<f32>())
}

/// What both kinds of terms have in common: a number from a student's and a teacher's values.
trait Case {
    fn name(&self) -> String;
    fn student(&mut self) -> &mut Vec<f32>;
    fn teacher(&mut self) -> &mut Vec<f32>;
    /// Values for one digit of the teacher.
    fn teacher_width(&self) -> usize;
    /// The term, and the tensors of the student's and the teacher's values it was made of.
    fn term(&self) -> (Tensor<1>, Tensor<2>, Tensor<2>);

    /// How far to move the student's value `i` for a finite difference.
    fn step(&self, _i: usize) -> f32 {
        0.01
    }

    fn value(&self) -> f64 {
        scalar(&self.term().0)
    }
}

impl SoftCase {
    fn targets(&self) -> Vec<f32> {
        if self.setting.compares_logits() {
            return self.teacher.clone();
        }
        let teachers = [(self.teacher.clone(), 1.0)];
        let mut targets = combined_targets(&teachers, 10, Combine::default(), self.temperature);
        self.setting.prepare(&mut targets, 10);
        targets
    }

    fn one_hot(&self) -> Vec<f32> {
        self.labels.iter().flat_map(|&label| (0..10).map(move |c| f32::from(c == label))).collect()
    }

    /// The term by its formula, and its gradient in the student's logits.
    fn by_formula(&self) -> (f32, Vec<f32>) {
        let (targets, one_hot) = (self.targets(), self.one_hot());
        let temperature = if self.setting.has_temperature() { self.temperature as f32 } else { 1.0 };
        let rows = SoftRows {
            classes: 10,
            logits: &self.student,
            targets: &targets,
            one_hot: &one_hot,
            temperature,
        };
        let mut gradient = vec![0.0; self.student.len()];
        let term = self.setting.compare_rows(&rows, Some(1.0), &mut gradient);
        let mut untouched = vec![0.0; self.student.len()];
        assert_eq!(self.setting.compare_rows(&rows, None, &mut untouched).to_bits(), term.to_bits());
        assert!(
            untouched.iter().all(|slope| *slope == 0.0),
            "what is told and not minimised has no gradient"
        );
        (term, gradient)
    }
}

impl Case for SoftCase {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn student(&mut self) -> &mut Vec<f32> {
        &mut self.student
    }

    fn teacher(&mut self) -> &mut Vec<f32> {
        &mut self.teacher
    }

    fn teacher_width(&self) -> usize {
        10
    }

    fn term(&self) -> (Tensor<1>, Tensor<2>, Tensor<2>) {
        let (targets, one_hot) = (self.targets(), self.one_hot());
        let (logits, targets) =
            (matrix(&self.student, 10).require_grad(), matrix(&targets, 10).require_grad());
        let term = self.setting.term(SoftInputs {
            logits: logits.clone(),
            targets: targets.clone(),
            one_hot: matrix(&one_hot, 10),
            temperature: self.temperature,
        });
        (term, logits, targets)
    }
}

impl LikenessCase {
    fn layer(&self, shape: &[usize]) -> Layer {
        let kind = match self.kind.as_str() {
            "hidden" => LayerKind::Hidden,
            "scores" => LayerKind::Scores,
            "attention" => LayerKind::Attention,
            "values" => LayerKind::Values,
            "auxiliary" => LayerKind::Auxiliary,
            "weights" => LayerKind::Weights,
            other => panic!("the fixture names a kind of layer that is none: {other}"),
        };
        Layer { name: "test".to_owned(), kind, shape: shape.to_vec() }
    }
}

impl Case for LikenessCase {
    fn name(&self) -> String {
        format!("{:?}", self.by)
    }

    fn student(&mut self) -> &mut Vec<f32> {
        &mut self.student
    }

    fn teacher(&mut self) -> &mut Vec<f32> {
        &mut self.teacher
    }

    fn teacher_width(&self) -> usize {
        self.teacher_shape.iter().product()
    }

    fn step(&self, i: usize) -> f32 {
        // The logarithm of a small probability bends within 0.01 of it.
        if self.kind == "attention" { 0.02 * self.student[i] } else { 0.01 }
    }

    fn term(&self) -> (Tensor<1>, Tensor<2>, Tensor<2>) {
        let (student_layer, teacher_layer) =
            (&self.layer(&self.student_shape), &self.layer(&self.teacher_shape));
        let student = matrix(&self.student, student_layer.width()).require_grad();
        let teacher = matrix(&self.teacher, teacher_layer.width()).require_grad();
        let compared =
            Compared { student: student.clone(), teacher: teacher.clone(), student_layer, teacher_layer };
        (self.by.compare(compared), student, teacher)
    }
}

/// Runs a check over every case of the fixture.
fn for_each_case(mut check: impl FnMut(&mut dyn Case)) {
    let mut fixture = fixture();
    fixture.soft.iter_mut().for_each(|case| check(case));
    fixture.likenesses.iter_mut().for_each(|case| check(case));
}

/// The fixture's case of a likeness.
fn likeness(by: Likeness) -> LikenessCase {
    fixture().likenesses.into_iter().find(|case| case.by == by).unwrap()
}

#[test]
fn every_term_equals_the_number_worked_out_in_numpy() {
    let fixture = fixture();
    let soft = fixture.soft.iter().map(|case| (case.name(), case.value(), case.result));
    let likenesses = fixture.likenesses.iter().map(|case| (case.name(), case.value(), case.result));
    let mut count = 0;
    for (name, found, expected) in soft.chain(likenesses) {
        // f32 against f64: sums of at most a hundred products of size 1, so about ten roundings of 6e-8.
        assert!((found - expected).abs() < 2e-6 * (1.0 + expected), "{name}: {found} against {expected}");
        count += 1;
    }
    // Nine soft terms at two temperatures and eleven likenesses: a fixture that lost some proves nothing.
    assert_eq!(count, 29);
}

#[test]
fn every_gradient_equals_finite_differences() {
    for_each_case(|case| {
        let (term, student, _) = case.term();
        let found: Vec<f32> = student.grad(&term.backward()).unwrap().into_data().try_into_vec().unwrap();
        assert!(found.iter().any(|slope| slope.abs() > 1e-3), "{} has no slope", case.name());
        for (i, &slope) in found.iter().enumerate() {
            let h = case.step(i);
            let mut at = |shift: f32| {
                let kept = case.student()[i];
                case.student()[i] = kept + shift;
                let value = case.value();
                case.student()[i] = kept;
                value
            };
            let expected = (at(h) - at(-h)) / f64::from(2.0 * h);
            // Terms of up to 60 in f32 (±4e-6) over 0.02: ±2e-4; and h² times third derivatives of up to a hundred.
            let tolerance = 1e-3 + 1e-2 * expected.abs();
            assert!(
                (f64::from(slope) - expected).abs() < tolerance,
                "{} at {i}: {slope} against {expected}",
                case.name()
            );
        }
    });
}

/// On the host soft terms go by formulas: the same numbers and the same gradients as by tensors.
#[test]
fn every_formula_of_a_soft_term_equals_its_tensors() {
    let cases = fixture().soft;
    let sure = |case: &SoftCase| {
        let student = case.student.iter().map(|logit| 20.0 * logit).collect();
        SoftCase { name: format!("{}, sure of it", case.name), student, ..case.clone() }
    };
    for case in cases.iter().flat_map(|case| [case.clone(), sure(case)]) {
        let (found, gradient) = case.by_formula();
        let (term, student, _) = case.term();
        let slopes: Vec<f32> = student.grad(&term.backward()).unwrap().into_data().try_into_vec().unwrap();
        let (expected, name) = (scalar(&term), case.name());
        assert!((f64::from(found) - expected).abs() < 1e-5 * (1.0 + expected), "{name}: {found}, {expected}");
        for (place, (found, expected)) in gradient.iter().zip(&slopes).enumerate() {
            let difference = (found - expected).abs();
            assert!(difference < 2e-5 * (1.0 + expected.abs()), "{name} at {place}: {found}, {expected}");
        }
    }
    assert_eq!(cases.len(), 18);
}

#[test]
fn by_every_formula_of_a_soft_term_what_is_no_number_stays_none() {
    for case in fixture().soft {
        // The first digit's label, and another class.
        for place in [case.labels[0], (case.labels[0] + 1) % 10] {
            let (mut student, mut teacher) = (case.clone(), case.clone());
            (student.student[place], teacher.teacher[place]) = (f32::NAN, f32::NAN);
            for lost in [student, teacher] {
                let (term, gradient) = lost.by_formula();
                assert!(term.is_nan(), "{} at {place}: {term}", case.name);
                assert!(gradient.iter().any(|slope| slope.is_nan()), "{} at {place}", case.name);
            }
        }
    }
}

/// On the host likenesses go by formulas: the same numbers and the same gradients as by tensors, with every instruction
/// set, also of more digits than a vector has lanes.
#[test]
fn every_formula_of_a_likeness_equals_its_tensors() {
    let mut count = 0;
    let cases = fixture().likenesses;
    for (case, repeats) in cases.iter().flat_map(|case| [(case, 1), (case, 5)]) {
        let more = |values: &[f32]| -> Vec<f32> {
            let repeat = |repeat: usize| values.iter().map(move |value| value * (1.0 - 0.13 * repeat as f32));
            (0..repeats).flat_map(repeat).collect()
        };
        let case =
            LikenessCase { student: more(&case.student), teacher: more(&case.teacher), ..case.clone() };
        let (term, student, _) = case.term();
        let slopes: Vec<f32> = student.grad(&term.backward()).unwrap().into_data().try_into_vec().unwrap();
        for isa in Isa::available() {
            let (student_layer, teacher_layer) =
                (&case.layer(&case.student_shape), &case.layer(&case.teacher_shape));
            let n = case.student.len() / student_layer.width();
            let (student, teacher) = (&case.student[..], &case.teacher[..]);
            let rows = ComparedRows { student, teacher, n, student_layer, teacher_layer, isa };
            let mut gradient = vec![f32::NAN; student.len()];
            let found = case.by.compare_rows(&rows, &mut gradient);
            count += 1;
            let expected = scalar(&term);
            assert!(
                (f64::from(found) - expected).abs() < 1e-5 * (1.0 + expected),
                "{}: {found}, {expected}",
                case.name()
            );
            for (place, (found, expected)) in gradient.iter().zip(&slopes).enumerate() {
                let difference = (found - expected).abs();
                assert!(
                    difference < 2e-5 * (1.0 + expected.abs()),
                    "{} at {place}: {found}, {expected}",
                    case.name()
                );
            }
        }
    }
    assert_eq!(count, 11 * 2 * Isa::available().len());
}

#[test]
fn no_gradient_reaches_what_the_teacher_says() {
    for_each_case(|case| {
        let (term, student, teacher) = case.term();
        let gradients = term.backward();
        assert!(teacher.grad(&gradients).is_none(), "{} would train its teacher", case.name());
        assert!(student.grad(&gradients).is_some(), "{}", case.name());
    });
}

#[test]
fn a_target_that_meets_the_wrong_digit_changes_every_term() {
    for_each_case(|case| {
        let (before, width) = (case.value(), case.teacher_width());
        // The first two digits change places: a rotation of all would leave relations among four nearly alike.
        let (first, rest) = case.teacher().split_at_mut(width);
        first.swap_with_slice(&mut rest[..width]);
        let after = case.value();
        // A hundred times the rounding of the largest term, and far below what digits that differ bring.
        assert!((before - after).abs() > 1e-4 * before.abs(), "{}: {before} and {after}", case.name());
    });
}

#[test]
fn divergences_tell_teacher_from_student_and_distances_do_not() {
    for_each_case(|case| {
        let before = case.value();
        if case.student().len() != case.teacher().len() {
            return;
        }
        let student = std::mem::take(case.student());
        let teacher = std::mem::replace(case.teacher(), student);
        *case.student() = teacher;
        let (after, name) = (case.value(), case.name());
        let directed = [
            "cross_entropy",
            "kl",
            "decoupled",
            "reverse_kl",
            "jensen_shannon, another",
            "teacher_labels",
            "AttentionDivergence",
        ];
        let is_symmetric = !directed.iter().any(|directed| name.starts_with(directed));
        // As above: rounding is below 1e-5 of any term here.
        assert_eq!((before - after).abs() < 1e-5 * before, is_symmetric, "{name}: {before} and {after}");
    });
}

#[test]
fn a_likeness_of_equal_layers_is_zero_and_of_others_is_above() {
    for mut case in fixture().likenesses {
        assert!(case.value() > 0.01, "{}", case.name());
        (case.student, case.student_shape) = (case.teacher.clone(), case.teacher_shape.clone());
        // 1 − cos and p ln(p / q) leave a rounding of 1 and of ln p.
        assert!(case.value().abs() < 1e-6, "{}: {}", case.name(), case.value());
    }
}

#[test]
fn directions_are_blind_to_scale() {
    for by in [Likeness::Patient, Likeness::Cosine, Likeness::Angles, Likeness::Distances] {
        let mut case = likeness(by);
        let before = case.value();
        case.student.iter_mut().for_each(|value| *value *= 3.0);
        assert!((case.value() - before).abs() < 1e-5, "{}", case.name());
    }
    let mut case = likeness(Likeness::Hint);
    case.student.iter_mut().for_each(|value| *value *= 3.0);
    assert!((case.value() - case.result).abs() > 1.0);
}

#[test]
fn relations_are_blind_to_rotation_shift_and_scale() {
    for by in [Likeness::Distances, Likeness::Angles] {
        let mut case = likeness(by);
        let before = case.value();
        for row in case.student.chunks_exact_mut(3) {
            // A turn by 0.7 in the plane of the first two axes, then scaled by 2 and moved.
            let (sin, cos) = 0.7_f32.sin_cos();
            let [x, y, z] = [row[0], row[1], row[2]];
            row.copy_from_slice(&[2.0 * (cos * x - sin * y) + 1.0, 2.0 * (sin * x + cos * y) - 3.0, 2.0 * z]);
        }
        // Squares of up to 40 lose 4e-6 before their differences of about 5 are taken.
        assert!((case.value() - before).abs() < 1e-5, "{}: {before} and {}", case.name(), case.value());
    }
}

#[test]
fn decoupled_is_the_divergence_with_the_teachers_own_weight() {
    // Zhao et al. 2022, eq. 6: KL = TCKD + (1 − p of the label) NCKD, digit by digit.
    let all = fixture().soft.into_iter().find(|case| case.name == "kl at T = 4.0").unwrap();
    for digit in 0..all.labels.len() {
        let range = 10 * digit..10 * (digit + 1);
        let one = SoftCase {
            student: all.student[range.clone()].to_vec(),
            teacher: all.teacher[range].to_vec(),
            labels: vec![all.labels[digit]],
            ..all.clone()
        };
        let targets =
            combined_targets(&[(one.teacher.clone(), 1.0)], 10, Combine::default(), one.temperature);
        let non_target = 1.0 - f64::from(targets[one.labels[0]]);
        let setting = SoftTerm::Decoupled(Decoupled { target: 1.0, non_target });
        let decoupled = SoftCase { setting, ..one.clone() };
        assert!((decoupled.value() - one.value()).abs() < 1e-6 * (1.0 + one.value()), "digit {digit}");
    }
}

#[test]
fn decoupled_keeps_its_slope_when_a_student_is_sure_and_wrong() {
    // Logits 0.1 · 120 apart: at T = 0.1 the label's probability, e^-120, is zero in f32.
    let mut student = vec![0.0; 10];
    student[3] = 12.0;
    let case = SoftCase {
        name: "sure and wrong".to_owned(),
        setting: SoftTerm::Decoupled(Decoupled { target: 1.0, non_target: 0.0 }),
        temperature: 0.1,
        student,
        teacher: vec![0.0; 10],
        labels: vec![5],
        result: 0.0,
    };
    let (term, logits, _) = case.term();
    let slopes: Vec<f32> = logits.grad(&term.backward()).unwrap().into_data().try_into_vec().unwrap();
    let (_, by_formula) = case.by_formula();
    // Of KL(b‖b') by the label's logit: (q − p) / T with q = 0 and p = 1/10.
    for slopes in [slopes, by_formula] {
        assert!((slopes[5] + 1.0).abs() < 1e-4, "{slopes:?}");
    }
}

/// The fixture's case of a soft term.
fn soft(name: &str) -> SoftCase {
    fixture().soft.into_iter().find(|case| case.name == name).unwrap()
}

#[test]
fn the_reverse_divergence_is_the_divergence_with_its_sides_exchanged() {
    for t in ["1.0", "4.0"] {
        let reverse = soft(&format!("reverse_kl at T = {t}"));
        let (student, teacher) = (reverse.teacher.clone(), reverse.student.clone());
        let exchanged = SoftCase { setting: SoftTerm::Kl, student, teacher, ..reverse.clone() };
        assert!((reverse.value() - exchanged.value()).abs() < 1e-6 * (1.0 + exchanged.value()));
    }
}

#[test]
fn the_generalised_divergence_lies_between_both_directions_and_below_ln_2() {
    let (mut undecided, case) = (soft("jensen_shannon at T = 1.0"), soft("jensen_shannon at T = 1.0"));
    undecided.student.fill(0.0);
    undecided.teacher = (0..50).map(|i| if i % 10 == 2 { 3.0 } else { 0.0 }).collect();
    let at = |setting: SoftTerm| SoftCase { setting, ..undecided.clone() }.value();
    let by = |beta: f64| at(SoftTerm::JensenShannon(JensenShannon { beta }));
    // Agarwal et al. 2024, section 2: JSD(β) / β → KL(P‖Q) as β → 0 (Huszár 2015), and with 1 − β → KL(Q‖P) as β → 1. What is
    // missing at 0.01 from the end is of that order, times squares of ratios of probabilities: 2 % here, worked out in f64.
    let (forward, reverse) = (at(SoftTerm::Kl), at(SoftTerm::ReverseKl));
    assert!(forward > 1.2 * reverse, "a case that tells both apart: {forward}, {reverse}");
    for (limit, expected) in [(by(0.01) / 0.01, forward), (by(0.99) / 0.01, reverse)] {
        assert!((limit - expected).abs() < 0.05 * expected, "{limit} to {expected}");
    }
    let mut sure = SoftCase { temperature: 0.1, ..case.clone() };
    sure.student.iter_mut().for_each(|z| *z *= 10.0);
    for beta in [0.01, 0.5, 0.99] {
        sure.setting = SoftTerm::JensenShannon(JensenShannon { beta });
        // Bounded by the entropy of a coin that falls β : 1 − β, at ½ by ln 2.
        let most = -beta * beta.ln() - (1.0 - beta) * (1.0 - beta).ln();
        assert!(sure.value() > 0.0 && sure.value() < most + 1e-6, "{beta}: {}", sure.value());
    }
}

#[test]
fn near_the_teacher_every_direction_pulls_alike() {
    // By how much the gradient of KL is scaled where the student is near its teacher: as the docstrings say.
    for (setting, scale) in [
        (SoftTerm::Kl, 1.0),
        (SoftTerm::ReverseKl, 1.0),
        (SoftTerm::JensenShannon(JensenShannon { beta: 0.5 }), 0.25),
        (SoftTerm::JensenShannon(JensenShannon { beta: 0.2 }), 0.16),
    ] {
        let mut case = SoftCase { setting, ..soft("kl at T = 4.0") };
        case.student = case.teacher.iter().zip(&case.student).map(|(v, z)| v + 0.02 * z).collect();
        let (term, logits, _) = case.term();
        let found: Vec<f32> = logits.grad(&term.backward()).unwrap().into_data().try_into_vec().unwrap();
        let digits = case.labels.len();
        for digit in 0..digits {
            let row = 10 * digit..10 * (digit + 1);
            let soften = |logits: &[f32]| distillery::measure::softened(&logits[row.clone()], 4.0);
            let (p, q) = (soften(&case.teacher), soften(&case.student));
            for (class, found) in found[row.clone()].iter().enumerate() {
                let expected = scale * (q[class] - p[class]) / 4.0 / digits as f64;
                // The next order is smaller by how far logits are apart, 0.08 / 4; rounding of the terms is 1e-7.
                let off = (f64::from(*found) - expected).abs();
                assert!(
                    off < 0.03 * scale * q[class] * 0.08 / 4.0 / digits as f64 + 3e-7,
                    "{setting:?}: {off}"
                );
            }
        }
    }
}

#[test]
fn by_tensors_too_probabilities_that_vanish_leave_numbers_and_no_number_stays_none() {
    let mut student = vec![0.0; 10];
    (student[0], student[9]) = (40.0, -40.0);
    let teacher: Vec<f32> = student.iter().rev().copied().collect();
    for setting in
        [SoftTerm::ReverseKl, SoftTerm::JensenShannon(JensenShannon::default()), SoftTerm::TeacherLabels]
    {
        let case = |student: &[f32], teacher: &[f32]| SoftCase {
            name: "sure and wrong".to_owned(),
            setting,
            temperature: 0.5,
            student: student.to_vec(),
            teacher: teacher.to_vec(),
            labels: vec![0],
            result: 0.0,
        };
        // q is 1 where p is e^-160, counted as 1e-30; nothing in common: ln 2; T = 1: logits 80 apart.
        let expected = match setting {
            SoftTerm::ReverseKl => 30.0 * 10_f64.ln(),
            SoftTerm::TeacherLabels => 80.0,
            _ => 2_f64.ln(),
        };
        let (term, logits, _) = case(&student, &teacher).term();
        assert!((scalar(&term) - expected).abs() < 1e-5 * expected, "{setting:?}: {}", scalar(&term));
        let slopes: Vec<f32> = logits.grad(&term.backward()).unwrap().into_data().try_into_vec().unwrap();
        assert!(slopes.iter().all(|slope| slope.is_finite()), "{setting:?}: {slopes:?}");
        let mut lost = student.clone();
        lost[3] = f32::NAN;
        assert!(
            case(&lost, &teacher).value().is_nan() && case(&student, &lost).value().is_nan(),
            "{setting:?}"
        );
    }
}
