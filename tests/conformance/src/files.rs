//! Files that answer otherwise than they should.

use fleet_core::files::{Entry, Files, MemoryFiles, ReadError};

/// What is changed about some files.
#[derive(Clone, Debug)]
pub enum Change {
    /// Listings come in another order.
    ReversedListings,
    /// This file or folder cannot be read.
    Failing(String),
    /// This file has another content.
    Replaced(String, Vec<u8>),
}

/// Files with a change.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The files.
    pub files: MemoryFiles,
    /// What is changed about them.
    pub change: Change,
}

impl Changed {
    fn check(&self, path: &str) -> Result<(), ReadError> {
        match &self.change {
            Change::Failing(failing) if failing == path => {
                Err(ReadError::Other("made to fail".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

impl Files for Changed {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.check(path)?;
        match &self.change {
            Change::Replaced(replaced, content) if replaced == path => Ok(content.clone()),
            _ => self.files.read(path),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        self.check(path)?;
        let mut entries = self.files.list(path)?;
        if matches!(self.change, Change::ReversedListings) {
            entries.reverse();
        }
        Ok(entries)
    }
}
