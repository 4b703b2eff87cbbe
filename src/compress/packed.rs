//! A model's weights as a file of the fewest bytes: whole multiples in as many bits as they take, zeros as a mask or as
//! the gaps between what is left. A safetensors file, from which the very weights come back.
//!
//! For a parameter `NAME` of n weights the file has
//! - `NAME`, f32, where nothing is smaller; else
//! - `NAME.codes`, bytes: multiples of the scales, each plus 2^(bits − 1) − 1, in `bits` bits, the lowest bits of a byte
//!   first; and `NAME.scales`, f32, one for each group; or `NAME.values`, f32, where weights are not rounded;
//! - where zeros are left out, `NAME.mask`, a bit for each weight, 1 for what is there; or `NAME.gaps`, a byte for each
//!   weight that is there, how many zeros lie before it: 255 are as many zeros and no weight yet.
//!
//! The metadata has the network under `net`, and under `packed` what each parameter's tensors are.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::compression::{Codes, Compression, Groups, Per, is_held};
use crate::error::{CheckpointFault, Error, Result};
use crate::nets::{Checkpoint, Net, Parameter};

/// What a model takes once its weights are held small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Stored {
    /// Bytes of its checkpoint, packed: the file itself.
    pub file_bytes: u64,
    /// Weights that are not zero, biases among them.
    pub nonzero: u64,
    /// Multiplications that are not with a weight of zero, as in the cost of its network; an engine that takes every
    /// weight, as ours do, does all the others as well.
    pub effective_multiply_adds: u64,
}

/// How a parameter is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Form {
    /// Bits of a code; none for f32.
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zeros: Option<Zeros>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Zeros {
    Mask,
    Gaps,
}

const NET: &str = "net";
const PACKED: &str = "packed";

/// Numbers of `bits` bits, the lowest bits of a byte first.
fn pack_bits(numbers: impl Iterator<Item = u32>, bits: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut held, mut count) = (0_u32, 0);
    for number in numbers {
        held |= number << count;
        count += bits;
        while count >= 8 {
            bytes.push(held as u8);
            held >>= 8;
            count -= 8;
        }
    }
    if count > 0 {
        bytes.push(held as u8);
    }
    bytes
}

/// The first `n` of them again; zeros where bytes are missing.
fn unpack_bits(bytes: &[u8], bits: u8, n: usize) -> Vec<u32> {
    let (mut held, mut count, mut bytes) = (0_u32, 0, bytes.iter());
    let mut next = || {
        while count < bits {
            held |= u32::from(bytes.next().copied().unwrap_or(0)) << count;
            count += 8;
        }
        let number = held & ((1 << bits) - 1);
        held >>= bits;
        count -= bits;
        number
    };
    (0..n).map(|_| next()).collect()
}

/// The gaps before each weight that is there.
fn gaps_of(weights: &[f32]) -> Vec<u8> {
    let (mut gaps, mut zeros) = (Vec::new(), 0_u8);
    for weight in weights {
        if *weight != 0.0 {
            gaps.push(zeros);
            zeros = 0;
        } else if zeros == u8::MAX - 1 {
            // With this one 255 zeros.
            gaps.push(u8::MAX);
            zeros = 0;
        } else {
            zeros += 1;
        }
    }
    gaps
}

/// Which of `n` weights are there; none where the gaps lead beyond them.
fn places_of(gaps: &[u8], n: usize) -> Option<Vec<usize>> {
    let (mut places, mut place) = (Vec::new(), 0_usize);
    for gap in gaps {
        place += usize::from(*gap);
        if *gap < u8::MAX {
            places.push(place);
            place += 1;
        }
    }
    places.last().is_none_or(|last| *last < n).then_some(places)
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn floats_of(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// Tensors by the ends of their names.
type Parts = Vec<(&'static str, Dtype, Vec<u8>)>;

/// Each weight as a multiple of its group's scale; none where they are something else.
fn multiples(codes: &Codes, weights: &[f32]) -> Option<Vec<u32>> {
    let most = codes.most();
    let multiples = codes.multiples(weights);
    let mut again = multiples.clone();
    codes.groups.map(&mut again, &codes.scales, |scale, multiple| multiple * scale);
    let is_exact = again.iter().zip(weights).all(|(again, weight)| again == weight);
    let in_range = multiples.iter().all(|multiple| multiple.abs() <= most as f32);
    (is_exact && in_range)
        .then(|| multiples.iter().map(|multiple| (*multiple as i32 + most) as u32).collect())
}

/// The smallest way to write a parameter's weights.
fn smallest(parameter: &Parameter, weights: &[f32], ways: &[Compression]) -> (Form, Parts) {
    let codes = ways.iter().rev().find_map(|way| way.codes(parameter, weights));
    let codes = codes.and_then(|codes| multiples(&codes, weights).map(|multiples| (codes, multiples)));
    let there = |place: &usize| weights[*place] != 0.0;
    let written = |places: &[usize]| -> Parts {
        match &codes {
            Some((codes, multiples)) => {
                let numbers = places.iter().map(|place| multiples[*place]);
                vec![
                    ("codes", Dtype::U8, pack_bits(numbers, codes.bits)),
                    ("scales", Dtype::F32, bytes_of(&codes.scales)),
                ]
            }
            None => {
                let values: Vec<f32> = places.iter().map(|place| weights[*place]).collect();
                vec![("values", Dtype::F32, bytes_of(&values))]
            }
        }
    };
    let bits = codes.as_ref().map(|(codes, _)| codes.bits);
    let all: Vec<usize> = (0..weights.len()).collect();
    let left: Vec<usize> = all.iter().copied().filter(there).collect();
    let mask = || ("mask", Dtype::U8, pack_bits(weights.iter().map(|weight| u32::from(*weight != 0.0)), 1));
    let gaps = || ("gaps", Dtype::U8, gaps_of(weights));
    let mut forms = vec![(Form { bits, zeros: None }, written(&all))];
    for (zeros, marks) in [(Zeros::Mask, mask()), (Zeros::Gaps, gaps())] {
        let mut parts = written(&left);
        parts.push(marks);
        forms.push((Form { bits, zeros: Some(zeros) }, parts));
    }
    let bytes = |parts: &Parts| parts.iter().map(|(_, _, bytes)| bytes.len()).sum::<usize>();
    forms.into_iter().min_by_key(|(_, parts)| bytes(parts)).expect("there are three")
}

fn refuse(name: &str, fault: CheckpointFault) -> Error {
    Error::Checkpoint { name: name.to_owned(), fault }
}

fn malformed(name: &str, error: impl ToString) -> Error {
    refuse(name, CheckpointFault::Format { detail: error.to_string() })
}

/// The file of a model whose weights are held to these; `name` it is called in errors.
///
/// # Errors
/// [`Error::Checkpoint`] when it cannot be written.
pub fn pack(name: &str, checkpoint: &Checkpoint, ways: &[Compression]) -> Result<Vec<u8>> {
    let layout = checkpoint.net.layout();
    let (mut forms, mut tensors) = (BTreeMap::new(), Vec::new());
    for (parameter, range) in layout.iter() {
        let weights = &checkpoint.weights[range];
        if !is_held(parameter) {
            tensors.push((parameter.name.clone(), Dtype::F32, parameter.shape.clone(), bytes_of(weights)));
            continue;
        }
        let (form, parts) = smallest(parameter, weights, ways);
        if form == (Form { bits: None, zeros: None }) {
            tensors.push((parameter.name.clone(), Dtype::F32, parameter.shape.clone(), bytes_of(weights)));
            continue;
        }
        forms.insert(parameter.name.clone(), form);
        for (part, dtype, bytes) in parts {
            let length = bytes.len() * 8 / dtype.bitsize();
            tensors.push((format!("{}.{part}", parameter.name), dtype, vec![length], bytes));
        }
    }
    let net = serde_json::to_string(&checkpoint.net).map_err(|error| malformed(name, error))?;
    let mut metadata = HashMap::from([(NET.to_owned(), net)]);
    if !forms.is_empty() {
        let forms = serde_json::to_string(&forms).map_err(|error| malformed(name, error))?;
        metadata.insert(PACKED.to_owned(), forms);
    }
    let views: std::result::Result<Vec<_>, _> = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| {
            TensorView::new(*dtype, shape.clone(), bytes).map(|view| (name.as_str(), view))
        })
        .collect();
    views
        .and_then(|views| safetensors::serialize(views, Some(metadata)))
        .map_err(|error| malformed(name, error))
}

/// The network and its weights of a file that [`pack`] wrote.
///
/// # Errors
/// [`Error::Checkpoint`] naming what is missing, too short or no number.
pub fn unpack(name: &str, bytes: &[u8]) -> Result<Checkpoint> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| malformed(name, error))?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let file = SafeTensors::deserialize(bytes).map_err(|error| malformed(name, error))?;
    let net = metadata.get(NET).map_or("", String::as_str);
    let net: Net = serde_json::from_str(net).map_err(|error| malformed(name, error))?;
    let forms = metadata.get(PACKED).map_or("{}", String::as_str);
    let forms: BTreeMap<String, Form> =
        serde_json::from_str(forms).map_err(|error| malformed(name, error))?;
    let layout = net.layout();
    let mut weights = Vec::with_capacity(layout.len());
    for (parameter, _) in layout.iter() {
        let part = |end: &str| {
            let tensor = format!("{}{end}", parameter.name);
            let missing = || refuse(name, CheckpointFault::TensorMissing { tensor: tensor.clone() });
            file.tensor(&tensor).map(|tensor| tensor.data().to_vec()).map_err(|_| missing())
        };
        let read = match forms.get(&parameter.name) {
            Some(form) => unpacked(parameter, form, part)?,
            None => Some(floats_of(&part("")?)),
        };
        let expected = parameter.len() as u64;
        let found = read.as_ref().map_or(0, Vec::len) as u64;
        match read.filter(|_| found == expected) {
            Some(read) => weights.extend(read),
            None => return Err(refuse(name, CheckpointFault::Weights { found, expected })),
        }
    }
    match weights.iter().position(|weight| !weight.is_finite()) {
        Some(index) => Err(refuse(name, CheckpointFault::NotFinite { index: index as u64 })),
        None => Ok(Checkpoint { net, weights }),
    }
}

/// A parameter's weights from the tensors of its form, `part` giving each by the end of its name; none where they do not
/// fit together.
fn unpacked(
    parameter: &Parameter,
    form: &Form,
    part: impl Fn(&str) -> Result<Vec<u8>>,
) -> Result<Option<Vec<f32>>> {
    let n = parameter.len();
    let places = match form.zeros {
        None => Some((0..n).collect()),
        Some(Zeros::Mask) => {
            let mask = unpack_bits(&part(".mask")?, 1, n);
            Some((0..n).filter(|place| mask[*place] == 1).collect())
        }
        Some(Zeros::Gaps) => places_of(&part(".gaps")?, n),
    };
    let Some(places) = places else { return Ok(None) };
    let mut weights = vec![0.0; n];
    let Some(bits) = form.bits else {
        let values = floats_of(&part(".values")?);
        places.iter().zip(&values).for_each(|(place, value)| weights[*place] = *value);
        return Ok((values.len() == places.len()).then_some(weights));
    };
    let scales = floats_of(&part(".scales")?);
    let per = if scales.len() == 1 { Per::Tensor } else { Per::Channel };
    let groups = Groups::of(parameter, per);
    if groups.count() != scales.len() || !(2..=8).contains(&bits) {
        return Ok(None);
    }
    let most = (1 << (bits - 1)) - 1;
    let codes = unpack_bits(&part(".codes")?, bits, places.len());
    for (place, code) in places.iter().zip(codes) {
        weights[*place] = (code as i32 - most) as f32;
    }
    groups.map(&mut weights, &scales, |scale, multiple| multiple * scale);
    Ok(Some(weights))
}

impl Stored {
    /// What a model takes whose weights are held to these; `name` it is called in errors.
    ///
    /// # Errors
    /// As [`pack`].
    pub fn of(name: &str, checkpoint: &Checkpoint, ways: &[Compression]) -> Result<Self> {
        let Checkpoint { net, weights } = checkpoint;
        let zeros = |weights: &[f32]| weights.iter().filter(|weight| **weight == 0.0).count() as u64;
        let layout = net.layout();
        let held = layout.iter().filter(|(parameter, _)| is_held(parameter));
        let saved = held.map(|(parameter, range)| zeros(&weights[range]) * net.network().uses(parameter));
        Ok(Self {
            file_bytes: pack(name, checkpoint, ways)?.len() as u64,
            nonzero: weights.len() as u64 - zeros(weights),
            effective_multiply_adds: net.network().multiply_adds().saturating_sub(saved.sum()),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::compress::{Held, Prune, Quantise, Scope, Ternarise};
    use crate::distill::Schedule;
    use crate::nets::{Cnn, Mlp, Rnn, Vit};
    use crate::random::Stream;

    fn nets() -> Vec<Net> {
        vec![
            Net::Mlp(Mlp { hidden: vec![16, 8], ..Mlp::default() }),
            Net::Cnn(Cnn { channels: vec![3, 4], hidden: vec![5], ..Cnn::default() }),
            Net::Vit(Vit { width: 8, heads: 2, mlp_width: 6, depth: 1, ..Vit::default() }),
            Net::Rnn(Rnn { units: 5, ..Rnn::default() }),
        ]
    }

    fn held(net: &Net, ways: &[Compression], seed: u32) -> Checkpoint {
        let mut learnt = net.layout().initial_weights(&mut Stream::new(seed, "packed", &[]));
        let weights = match Held::new(ways, net, 1, false) {
            Some(held) => {
                held.begin(&mut learnt);
                held.computed(&learnt)
            }
            None => learnt,
        };
        Checkpoint { net: net.clone(), weights }
    }

    fn prune(kept: f64) -> Compression {
        Compression::Prune(Prune { kept: Schedule::Constant(kept), scope: Scope::Layer, ..Prune::default() })
    }

    fn bits(bits: u8, per: Per) -> Compression {
        Compression::Quantise(Quantise { bits, per, ..Quantise::default() })
    }

    #[test]
    fn a_file_takes_the_bytes_of_its_codes_and_zeros() {
        let net = Net::Mlp(Mlp { hidden: vec![100], ..Mlp::default() });
        let (weights, others) = (784 * 100 + 100 * 10, 4 * 110);
        let bytes = |ways: &[Compression]| pack("x", &held(&net, ways, 1), ways).unwrap().len();
        // A safetensors header of four to eight tensors.
        let near = |bytes: usize, expected: usize| {
            assert!((expected..expected + 900).contains(&bytes), "{bytes} {expected}");
        };
        near(bytes(&[]), 4 * weights + others);
        near(bytes(&[bits(8, Per::Tensor)]), weights + others);
        near(bytes(&[bits(4, Per::Tensor)]), weights / 2 + others);
        near(bytes(&[bits(4, Per::Channel)]), weights / 2 + others + 4 * 110);
        near(bytes(&[prune(0.5)]), weights / 8 + 4 * weights / 2 + others);
        // A byte for each gap, and now and then one more.
        near(bytes(&[prune(0.02), bits(8, Per::Tensor)]), 2 * weights / 50 + others);
    }

    #[test]
    fn what_cannot_be_a_packed_checkpoint_is_refused() {
        let net = &nets()[0];
        let ways = [prune(0.02), bits(4, Per::Channel)];
        let file = pack("x", &held(net, &ways, 1), &ways).unwrap();
        assert!(unpack("x", &file[..file.len() - 1]).unwrap_err().to_string().contains("safetensors"));
        // Gaps that lead beyond the last weight.
        let (length, header) = (u64::from_le_bytes(file[..8].try_into().unwrap()) as usize, &file[8..]);
        let told: serde_json::Value = serde_json::from_slice(&header[..length]).unwrap();
        let at = told["layers.0.weight.gaps"]["data_offsets"][0].as_u64().unwrap() as usize;
        let mut broken = file.clone();
        broken[8 + length + at..8 + length + at + 40].fill(254);
        let refused = unpack("x", &broken).unwrap_err().to_string();
        assert!(refused.contains("12544 weights, not 0"), "{refused}");
    }

    proptest! {
        #[test]
        fn the_very_weights_come_back(seed: u32, kept in 0.005_f64..1.0, rounded in 0_usize..6, channel: bool) {
            let per = if channel { Per::Channel } else { Per::Tensor };
            let mut ways = vec![prune(kept)];
            match rounded {
                0 => {}
                1 => ways.push(Compression::Ternarise(Ternarise { per })),
                few => ways.push(bits([8, 5, 4, 2][few - 2], per)),
            }
            for net in nets() {
                let checkpoint = held(&net, &ways, seed);
                let file = pack("x", &checkpoint, &ways).unwrap();
                prop_assert_eq!(Stored::of("x", &checkpoint, &ways).unwrap().file_bytes, file.len() as u64);
                let again = unpack("x", &file).unwrap();
                // A zero has no sign in a file.
                let digits = |weights: &[f32]| weights.iter().map(|w| (w + 0.0).to_bits()).collect::<Vec<_>>();
                prop_assert_eq!(digits(&again.weights), digits(&checkpoint.weights));
                prop_assert_eq!(again.net, net);
            }
        }

        #[test]
        fn numbers_of_few_bits_come_back(numbers in prop::collection::vec(0_u32..256, 0..70), bits in 1_u8..9) {
            let numbers: Vec<u32> = numbers.into_iter().map(|number| number & ((1 << bits) - 1)).collect();
            let bytes = pack_bits(numbers.iter().copied(), bits);
            prop_assert_eq!(bytes.len(), (numbers.len() * usize::from(bits)).div_ceil(8));
            prop_assert_eq!(unpack_bits(&bytes, bits, numbers.len()), numbers);
        }

        #[test]
        fn gaps_lead_to_what_is_there(there in prop::collection::vec(prop::bool::weighted(0.01), 0..3000)) {
            let weights: Vec<f32> = there.iter().map(|there| if *there { 1.0 } else { 0.0 }).collect();
            let places: Vec<usize> = (0..there.len()).filter(|place| there[*place]).collect();
            prop_assert_eq!(places_of(&gaps_of(&weights), weights.len()), Some(places));
        }
    }
}
