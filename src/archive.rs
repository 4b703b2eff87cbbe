//! Structures in a safetensors file: a list of numbers that is marked `#[serde(with = "crate::archive::tensor")]`
//! becomes a tensor named by its path, everything else is JSON in the metadata. A structure's own fields say what is
//! kept: there is no second list of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

pub use safetensors::tensor::Dtype;
use safetensors::tensor::{SafeTensorError, SafeTensors, TensorView};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{CheckpointFault, Error, Result};
use crate::json;

fn refuse(what: &str, fault: CheckpointFault) -> Error {
    Error::Checkpoint { name: what.to_owned(), fault }
}

fn malformed(what: &str, error: impl std::fmt::Display) -> Error {
    refuse(what, CheckpointFault::Format { detail: error.to_string() })
}

/// A list of numbers, little-endian.
type Tensor = (Dtype, Vec<u8>);

thread_local! {
    /// Tensors on their way between fields and an archive, while that adds or reads one structure: serde gives a field
    /// nothing but a writer of JSON, which has no bytes. A field writes the place of its tensor in here.
    static PASSING: RefCell<Vec<Option<Tensor>>> = const { RefCell::new(Vec::new()) };
}

/// The name that a tensor's place has in JSON; no field of any structure is called so.
const MARK: &str = "$tensor";

/// A file that is put together; `what` it is called in errors.
pub struct Archive {
    what: &'static str,
    tensors: BTreeMap<String, Tensor>,
    structures: HashMap<String, String>,
}

impl Archive {
    /// An empty one.
    pub fn new(what: &'static str) -> Self {
        Self { what, tensors: BTreeMap::new(), structures: HashMap::new() }
    }

    /// Adds a structure under a name, which its tensors' names begin with.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for what JSON cannot hold.
    pub fn add(&mut self, name: &str, structure: &impl Serialize) -> Result<()> {
        PASSING.take();
        let mut value = serde_json::to_value(structure).map_err(|error| malformed(self.what, error))?;
        let mut passing = PASSING.take();
        each_tensor(&mut value, name, &mut |path, place| {
            let tensor = place.as_u64().and_then(|place| passing.get_mut(place as usize)?.take());
            self.tensors.extend(tensor.map(|tensor| (path.to_owned(), tensor)));
            Ok(())
        })?;
        self.structures.insert(name.to_owned(), value.to_string());
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] with what safetensors cannot hold.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        let views = self.tensors.iter().map(|(name, (dtype, bytes))| {
            Ok((name, TensorView::new(*dtype, vec![bytes.len() * 8 / dtype.bitsize()], bytes)?))
        });
        let views: std::result::Result<Vec<_>, SafeTensorError> = views.collect();
        let file = views.and_then(|views| safetensors::serialize(views, Some(self.structures)));
        file.map_err(|error| malformed(self.what, error))
    }
}

/// A file that is read.
pub struct Opened<'a> {
    what: &'static str,
    tensors: SafeTensors<'a>,
    structures: HashMap<String, String>,
}

impl<'a> Opened<'a> {
    /// Opens a file; `what` it is called in errors.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for what is not in safetensors' form.
    pub fn new(what: &'static str, bytes: &'a [u8]) -> Result<Self> {
        let refused = |error| malformed(what, error);
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(refused)?;
        let structures = metadata.metadata().clone().unwrap_or_default();
        Ok(Self { what, tensors: SafeTensors::deserialize(bytes).map_err(refused)?, structures })
    }

    /// The structure of a name; `absent` is the fault where there is none.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it or a tensor is missing, or has another form.
    pub fn read<T: DeserializeOwned>(&self, name: &str, absent: CheckpointFault) -> Result<T> {
        let text = self.structures.get(name).ok_or_else(|| refuse(self.what, absent))?;
        let mut value: Value = serde_json::from_str(text).map_err(|error| malformed(self.what, error))?;
        let mut passing = Vec::new();
        each_tensor(&mut value, name, &mut |path, place| {
            let missing = |_| refuse(self.what, CheckpointFault::TensorMissing { tensor: path.to_owned() });
            let tensor = self.tensors.tensor(path).map_err(missing)?;
            *place = passing.len().into();
            passing.push(Some((tensor.dtype(), tensor.data().to_vec())));
            Ok(())
        })?;
        PASSING.set(passing);
        json::from_value(&value).map_err(|problem| malformed(self.what, problem))
    }
}

type Visit<'a> = dyn FnMut(&str, &mut Value) -> Result<()> + 'a;

/// Visits the tensors in a value, each with its path and what stands for its place.
fn each_tensor(value: &mut Value, path: &str, visit: &mut Visit) -> Result<()> {
    match value {
        Value::Object(fields) => fields.iter_mut().try_for_each(|(name, value)| match name.as_str() {
            MARK => visit(path, value),
            name => each_tensor(value, &format!("{path}/{name}"), visit),
        }),
        Value::Array(items) => {
            let mut items = items.iter_mut().enumerate();
            items.try_for_each(|(place, item)| each_tensor(item, &format!("{path}/{place}"), visit))
        }
        _ => Ok(()),
    }
}

/// Numbers that can be a tensor.
pub trait Array: Sized {
    const DTYPE: Dtype;

    /// Little-endian; none where there are no numbers at all.
    fn to_bytes(&self) -> Option<Vec<u8>>;

    /// The numbers again; none where bytes are missing.
    fn from_bytes(bytes: Option<Vec<u8>>) -> Option<Self>;
}

impl Array for Vec<u8> {
    const DTYPE: Dtype = Dtype::U8;

    fn to_bytes(&self) -> Option<Vec<u8>> {
        Some(self.clone())
    }

    fn from_bytes(bytes: Option<Vec<u8>>) -> Option<Self> {
        bytes
    }
}

impl Array for Vec<f32> {
    const DTYPE: Dtype = Dtype::F32;

    fn to_bytes(&self) -> Option<Vec<u8>> {
        Some(self.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    fn from_bytes(bytes: Option<Vec<u8>>) -> Option<Self> {
        Some(bytes?.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }
}

impl<A: Array> Array for Option<A> {
    const DTYPE: Dtype = A::DTYPE;

    fn to_bytes(&self) -> Option<Vec<u8>> {
        self.as_ref().and_then(A::to_bytes)
    }

    fn from_bytes(bytes: Option<Vec<u8>>) -> Option<Self> {
        Some(A::from_bytes(bytes))
    }
}

/// How serde takes a field that becomes a tensor.
pub mod tensor {
    use serde::de::{Deserialize, Deserializer, Error as _};
    use serde::ser::{Serialize, Serializer};

    use super::{Array, BTreeMap, MARK, PASSING};

    /// As its place among those passing under a mark, or null.
    pub fn serialize<A: Array, S: Serializer>(array: &A, writer: S) -> Result<S::Ok, S::Error> {
        let place = array.to_bytes().map(|bytes| {
            PASSING.with_borrow_mut(|passing| {
                passing.push(Some((A::DTYPE, bytes)));
                BTreeMap::from([(MARK, passing.len() - 1)])
            })
        });
        place.serialize(writer)
    }

    /// From that.
    pub fn deserialize<'de, A: Array, D: Deserializer<'de>>(reader: D) -> Result<A, D::Error> {
        let place = Option::<BTreeMap<String, usize>>::deserialize(reader)?;
        let take = |place: usize| PASSING.with_borrow_mut(|passing| passing.get_mut(place)?.take());
        let tensor = place.and_then(|place| take(*place.get(MARK)?));
        let bytes = tensor.filter(|(dtype, _)| *dtype == A::DTYPE).map(|(_, bytes)| bytes);
        A::from_bytes(bytes).ok_or_else(|| D::Error::custom("a tensor is missing, or of another type"))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Kept {
        name: String,
        lists: Vec<Listed>,
        #[serde(with = "tensor")]
        absent: Option<Vec<f32>>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Listed {
        #[serde(with = "tensor")]
        floats: Vec<f32>,
        #[serde(with = "tensor")]
        bytes: Vec<u8>,
    }

    #[test]
    fn numbers_are_tensors_of_their_type_bit_for_bit_and_the_rest_is_text() {
        let floats = vec![1.5, -0.0, f32::from_bits(0x7fc0_1234), f32::NEG_INFINITY];
        let lists =
            vec![Listed { floats, bytes: (0..=255).collect() }, Listed { floats: vec![], bytes: vec![] }];
        let kept = Kept { name: "a name".to_owned(), lists, absent: None };
        let mut archive = Archive::new("test");
        archive.add("one", &kept).unwrap();
        let file = archive.into_bytes().unwrap();

        let tensors = SafeTensors::deserialize(&file).unwrap();
        let floats = tensors.tensor("one/lists/0/floats").unwrap();
        assert_eq!((floats.dtype(), floats.shape()), (Dtype::F32, &[4_usize][..]));
        assert_eq!(tensors.tensor("one/lists/0/bytes").unwrap().data(), (0..=255).collect::<Vec<u8>>());
        assert_eq!(tensors.len(), 4);

        let opened = Opened::new("test", &file).unwrap();
        let read: Kept = opened.read("one", CheckpointFault::NoHeader).unwrap();
        let bits = |kept: &Kept| kept.lists[0].floats.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&kept));
        assert_eq!(
            (&read.name, &read.lists[0].bytes, &read.absent),
            (&kept.name, &kept.lists[0].bytes, &None)
        );
        assert_eq!(read.lists[1], kept.lists[1]);
        let absent = opened.read::<Kept>("two", CheckpointFault::NoHeader).unwrap_err();
        assert_eq!(absent.to_string(), "checkpoint `test`: its metadata holds no session");
    }
}
