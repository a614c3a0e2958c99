//! What was told of each GitRepo last, kept so that a restart does not tell it again.
//!
//! Kept in the store at `commit-status/<GitRepo>` rather than read back from the forge: that would take one more
//! request for each GitRepo at each start, and a credential that may read marks besides writing them.
//! What is lost here costs one repeated mark.

use std::collections::BTreeMap;

use fleet_core::error::chain;
use fleet_core::name::RepoName;
use fleet_forge::State;
use fleet_store::{Store, Write};
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::mark::Mark;

const PREFIX: &str = "commit-status/";

/// Version of the form; what another version wrote is forgotten.
const VERSION: u32 = 1;

/// How many records are read at once.
const PAGE: usize = 1000;

/// What was told last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Where it was told, and under which name.
    pub(super) target: String,
    pub(super) mark: Mark,
    /// How many marks that commit has.
    pub(super) n_marks: u32,
}

#[derive(Serialize, Deserialize)]
struct Form {
    v: u32,
    target: String,
    commit: String,
    state: Word,
    description: String,
    marks: u32,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Pending,
    Running,
    Success,
    Failure,
    Error,
}

/// All records; what cannot be understood is left out.
///
/// # Errors
/// If the store cannot be read.
pub(super) fn load(store: &dyn Store) -> Result<BTreeMap<RepoName, Record>, fleet_store::Error> {
    let mut records = BTreeMap::new();
    let mut after: Option<String> = None;
    loop {
        let items = store.range(PREFIX, after.as_deref(), PAGE)?;
        for item in &items {
            let name = item.key.strip_prefix(PREFIX);
            let name = name.and_then(|name| RepoName::parse(name).ok());
            if let (Some(name), Some(record)) = (name, decode(&item.value)) {
                records.insert(name, record);
            }
        }
        match items.last() {
            Some(last) if items.len() == PAGE => after = Some(last.key.clone()),
            _ => return Ok(records),
        }
    }
}

/// Keeps what was told of a GitRepo, or forgets it; a failure is said and costs a repeated mark at most.
pub(super) fn keep(store: &dyn Store, name: &RepoName, record: Option<&Record>) {
    let key = format!("{PREFIX}{name}");
    let write = match record {
        Some(record) => Write::put(key, encode(record)),
        None => Write::delete(key),
    };
    if let Err(error) = store.commit(&[write]) {
        warn!(repo = %name, error = chain(&error), "could not keep what the forge was told");
    }
}

fn encode(record: &Record) -> Vec<u8> {
    let form = Form {
        v: VERSION,
        target: record.target.clone(),
        commit: record.mark.commit.clone(),
        state: match record.mark.state {
            State::Pending => Word::Pending,
            State::Running => Word::Running,
            State::Success => Word::Success,
            State::Failure => Word::Failure,
            State::Error => Word::Error,
        },
        description: record.mark.description.clone(),
        marks: record.n_marks,
    };
    serde_json::to_vec(&form).expect("a form of strings and numbers can be written")
}

fn decode(value: &[u8]) -> Option<Record> {
    let form: Form = serde_json::from_slice(value).ok()?;
    (form.v == VERSION).then_some(Record {
        target: form.target,
        mark: Mark {
            commit: form.commit,
            state: match form.state {
                Word::Pending => State::Pending,
                Word::Running => State::Running,
                Word::Success => State::Success,
                Word::Failure => State::Failure,
                Word::Error => State::Error,
            },
            description: form.description,
        },
        n_marks: form.marks,
    })
}

#[cfg(test)]
mod tests {
    use fleet_store::memory::Memory;

    use super::*;

    #[test]
    fn what_was_told_is_known_again_and_nonsense_is_left_out() {
        let store = Memory::new([1; 16]);
        let name = |text: &str| RepoName::parse(text).unwrap();
        let record = |state| Record {
            target: "GitHub team/app".to_owned(),
            mark: Mark {
                commit: "c".to_owned(),
                state,
                description: "Applied on 1/2 clusters".to_owned(),
            },
            n_marks: 3,
        };
        let states = [
            State::Pending,
            State::Running,
            State::Success,
            State::Failure,
            State::Error,
        ];
        let mut expected = BTreeMap::new();
        for (n, state) in states.into_iter().enumerate() {
            let (name, record) = (name(&format!("repo-{n}")), record(state));
            keep(&store, &name, Some(&record));
            expected.insert(name, record);
        }
        for (key, value) in [("old", r#"{"v":0}"#), ("odd", "nonsense"), ("UP", "{}")] {
            let write = Write::put(format!("{PREFIX}{key}"), value.into());
            store.commit(&[write]).unwrap();
        }
        assert_eq!(load(&store).unwrap(), expected);
        keep(&store, &name("repo-0"), None);
        assert_eq!(load(&store).unwrap().len(), 4);
    }
}
