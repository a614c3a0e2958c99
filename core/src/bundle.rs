//! Bundles: immutable, content-addressed sets of ordered objects.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::diagnostic::Location;
use crate::digest::Digest;
use crate::object::{self, Object, ObjectRef};

/// First bytes of every encoded bundle; the number is the version of the encoding.
const MAGIC: &[u8] = b"fleet-bundle/1\n";

/// The most bytes that an encoded bundle may have, checked before decoding.
///
/// 256 MiB: twice the largest output that a plugin may return (64 MiB) with room for JSON being larger
/// than YAML.
pub const MAX_BYTES: usize = 256 << 20;

/// An ordered set of objects with the digest of its encoding.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    objects: Vec<Object>,
    id: Digest,
    bytes: Vec<u8>,
}

/// Why bytes are not a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes do not begin as a bundle does.
    #[error("not a bundle, or one of a newer version")]
    NotABundle,
    /// The bytes end within an object.
    #[error("truncated at byte {0}")]
    Truncated(usize),
    /// The bytes have another digest than the one asked for.
    #[error("digest mismatch: wanted {wanted}, got {got}")]
    DigestMismatch {
        /// What was asked for.
        wanted: Digest,
        /// What came.
        got: Digest,
    },
    /// There are more bytes than any bundle may have.
    #[error("too large: {0} bytes, limit {MAX_BYTES}")]
    TooLarge(usize),
    /// An object is not JSON.
    #[error("object {0} is not JSON")]
    NotJson(usize),
    /// An object lacks what every manifest has.
    #[error("object {0} is not a manifest")]
    NotAnObject(usize, #[source] object::Error),
}

impl Bundle {
    /// Puts `objects` into one bundle, in this order.
    ///
    /// The encoding is: the magic line, then for each object its length in bytes as 64-bit
    /// little-endian and its [canonical] JSON.
    pub fn new(objects: Vec<Object>) -> Self {
        let mut bytes = MAGIC.to_vec();
        for object in &objects {
            let json = canonical::to_vec(object.value());
            bytes.extend((json.len() as u64).to_le_bytes());
            bytes.extend(json);
        }
        Self {
            id: Digest::of(&bytes),
            objects,
            bytes,
        }
    }

    /// Reads what [`Bundle::bytes`] gave and verifies that its digest is `wanted`.
    ///
    /// # Errors
    /// If the digest differs or the bytes are no bundle.
    pub fn decode(bytes: Vec<u8>, wanted: &Digest) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge(bytes.len()));
        }
        let got = Digest::of(&bytes);
        if got != *wanted {
            return Err(Error::DigestMismatch {
                wanted: *wanted,
                got,
            });
        }
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(Error::NotABundle)?;
        let mut objects = Vec::new();
        while !rest.is_empty() {
            let truncated = || Error::Truncated(bytes.len());
            let (length, tail) = rest.split_first_chunk::<8>().ok_or_else(truncated)?;
            let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| truncated())?;
            if tail.len() < length {
                return Err(truncated());
            }
            let (json, tail) = tail.split_at(length);
            let n = objects.len();
            let value = serde_json::from_slice(json).map_err(|_| Error::NotJson(n))?;
            objects.push(Object::parse(value).map_err(|source| Error::NotAnObject(n, source))?);
            rest = tail;
        }
        Ok(Self {
            id: got,
            objects,
            bytes,
        })
    }

    /// The digest of the encoding: the bundle's id.
    pub fn id(&self) -> Digest {
        self.id
    }

    /// The objects, in the order in which they are to be installed.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The encoding.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Where the objects of a bundle come from; recorded beside the bundle and not part of its digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Commit that was rendered.
    pub commit: String,
    /// Path in the repository.
    pub path: String,
    /// The file of each object that has one.
    pub files: BTreeMap<String, Location>,
}

impl Origin {
    /// The file that `object` came from.
    pub fn of(&self, object: &ObjectRef) -> Option<&Location> {
        self.files.get(&object.to_string())
    }

    /// The same for an object that an agent names: there it has a namespace, even where its manifest has none.
    pub fn of_any_namespace(&self, object: &ObjectRef) -> Option<&Location> {
        let plain = ObjectRef {
            namespace: String::new(),
            ..object.clone()
        };
        self.of(object).or_else(|| self.of(&plain))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(name: &str) -> Object {
        Object::parse(json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": name}}))
            .unwrap()
    }

    #[test]
    fn a_bundle_reads_back_what_it_wrote() {
        let bundle = Bundle::new(vec![object("a"), object("b")]);
        let again = Bundle::decode(bundle.bytes().to_vec(), &bundle.id()).unwrap();
        assert_eq!(again, bundle);
        assert_eq!(again.objects().len(), 2);
    }

    #[test]
    fn the_order_of_objects_is_part_of_the_id() {
        let one = Bundle::new(vec![object("a"), object("b")]);
        let two = Bundle::new(vec![object("b"), object("a")]);
        assert_ne!(one.id(), two.id());
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let bundle = Bundle::new(vec![object("a")]);
        let mut bytes = bundle.bytes().to_vec();
        bytes.pop();
        assert!(matches!(
            Bundle::decode(bytes.clone(), &bundle.id()),
            Err(Error::DigestMismatch { .. })
        ));
        let digest = Digest::of(&bytes);
        assert!(matches!(
            Bundle::decode(bytes, &digest),
            Err(Error::Truncated(_))
        ));
        assert_eq!(
            Bundle::decode(b"x".to_vec(), &Digest::of(b"x")),
            Err(Error::NotABundle)
        );
    }
}
