//! The host's memory: a small versioned key-value store, and blobs beside it.
//!
//! State has four operations ([`Store`]): `get`, `range`, `commit` and `changes`. Leases, queues and
//! counters are built from `commit` with an [`Expect`]ation. Values are bytes; what they mean is the
//! caller's business. Blobs are apart ([`blob::Store`]): big, immutable, named by their digest.
//!
//! [`disk::Disk`] keeps state in one redb file, [`memory::Memory`] keeps it in memory for tests and
//! simulation; [`conformance::check`] is what both must do.
//!
//! ```
//! use fleet_store::{Store, Write, memory::Memory};
//!
//! let store = Memory::new([7; 16]);
//! let revision = store.commit(&[Write::create("cluster/edge-1", b"{}".to_vec())])?;
//! let found = store.get("cluster/edge-1")?.expect("it was just written");
//! assert_eq!((found.value.as_slice(), found.revision), (b"{}".as_slice(), revision));
//! # Ok::<(), fleet_store::Error>(())
//! ```

pub mod blob;
pub mod conformance;
pub mod data_dir;
pub mod disk;
pub mod memory;

mod error;
mod state;

pub use error::Error;
pub use state::{
    Change, Changes, Expect, Incarnation, Item, Operation, Revision, Store, Versioned, Write,
};
