//! What the store keeps of the fleet: one record for each change, in a form of its own.
//!
//! | key | record |
//! |---|---|
//! | `fleet/repo/<name>` | a GitRepo and the commit that was rendered last |
//! | `fleet/cluster/<name>` | a cluster, what its agent told of it, the number of its desired state |
//! | `fleet/group/<name>` | a ClusterGroup |
//! | `fleet/bundle/<name>` | a bundle: where it comes from and what it waits for |
//! | `fleet/deployment/<cluster>/<bundle>` | what a cluster is to run |
//! | `fleet/removal/<cluster>/<bundle>` | what is to go away and has not been reported gone |
//!
//! A value is JSON, `{"v":1,"record":…}`. Names hold no `/`, so keys are unambiguous and sorted by cluster first.

mod form;

use std::collections::BTreeMap;

use fleet_core::name::{BundleName, ClusterName, GroupName, ParseError, RepoName};
use fleet_host_plan::fleet::{Change, DeploymentKey};
use fleet_store::{Store, Write};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Version of the records' form; another number means that an older host cannot read them.
const VERSION: u32 = 1;

/// How many items are read at once.
const PAGE: usize = 1000;

const REPO: &str = "fleet/repo/";
const CLUSTER: &str = "fleet/cluster/";
const GROUP: &str = "fleet/group/";
const BUNDLE: &str = "fleet/bundle/";
const DEPLOYMENT: &str = "fleet/deployment/";
const REMOVAL: &str = "fleet/removal/";

/// Why the store could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store itself failed.
    #[error("could not read the store")]
    Store(#[from] fleet_store::Error),
    /// A record was written by a newer program.
    #[error(
        "record `{key}` has version {found}, and this program reads version {VERSION}\n  hint: use the newer program that wrote it"
    )]
    Version {
        /// Its key.
        key: String,
        /// Its version.
        found: u32,
    },
    /// A record cannot be understood.
    #[error("record `{key}` cannot be read")]
    Form {
        /// Its key.
        key: String,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// A key is none that this program writes.
    #[error("`{key}` is no key of a record")]
    Key {
        /// The key.
        key: String,
        /// Why not, if a name in it is wrong.
        #[source]
        source: Option<ParseError>,
    },
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    v: u32,
    record: T,
}

/// The writes that keep `changes`; of several changes of one record the last counts.
pub fn writes(changes: &[Change]) -> Vec<Write> {
    let mut writes = BTreeMap::new();
    for change in changes {
        let (key, value) = encode(change);
        writes.insert(key, value);
    }
    writes
        .into_iter()
        .map(|(key, value)| match value {
            Some(value) => Write::put(key, value),
            None => Write::delete(key),
        })
        .collect()
}

/// All records of the fleet.
///
/// # Errors
/// If the store fails, or holds something that this program does not understand: what is not understood could be
/// lost by going on.
pub fn load(store: &dyn Store) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for prefix in [REPO, CLUSTER, GROUP, BUNDLE, DEPLOYMENT, REMOVAL] {
        for_each(store, prefix, |key, value| {
            changes.push(decode(prefix, key, value)?);
            Ok(())
        })?;
    }
    Ok(changes)
}

/// Calls `f` with each key and value below `prefix`, sorted by key.
pub(crate) fn for_each(
    store: &dyn Store,
    prefix: &str,
    mut f: impl FnMut(&str, &[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after: Option<String> = None;
    loop {
        let items = store.range(prefix, after.as_deref(), PAGE)?;
        for item in &items {
            f(&item.key, &item.value)?;
        }
        match items.into_iter().next_back() {
            Some(last) => after = Some(last.key),
            None => return Ok(()),
        }
    }
}

/// A record's value.
pub(crate) fn to_value<T: Serialize>(record: T) -> Vec<u8> {
    let envelope = Envelope { v: VERSION, record };
    serde_json::to_vec(&envelope).expect("a record always has a JSON text")
}

/// A record from its value.
pub(crate) fn from_value<T: DeserializeOwned>(key: &str, value: &[u8]) -> Result<T, Error> {
    #[derive(Deserialize)]
    struct Version {
        v: u32,
    }
    let form = |source| Error::Form {
        key: key.to_owned(),
        source,
    };
    let Version { v } = serde_json::from_slice(value).map_err(form)?;
    if v != VERSION {
        return Err(Error::Version {
            key: key.to_owned(),
            found: v,
        });
    }
    let envelope: Envelope<T> = serde_json::from_slice(value).map_err(form)?;
    Ok(envelope.record)
}

fn encode(change: &Change) -> (String, Option<Vec<u8>>) {
    let pair = |prefix: &str, key: &DeploymentKey| format!("{prefix}{}/{}", key.0, key.1);
    match change {
        Change::Repo(name, record) => (
            format!("{REPO}{name}"),
            record.as_ref().map(|r| to_value(form::Repo::from(r))),
        ),
        Change::Cluster(name, record) => (
            format!("{CLUSTER}{name}"),
            record.as_ref().map(|r| to_value(form::Cluster::from(r))),
        ),
        Change::Group(name, group) => (format!("{GROUP}{name}"), group.as_ref().map(to_value)),
        Change::Bundle(name, bundle) => (
            format!("{BUNDLE}{name}"),
            bundle.as_ref().map(|b| to_value(form::Bundle::from(b))),
        ),
        Change::Deployment(key, deployment) => (
            pair(DEPLOYMENT, key),
            deployment
                .as_ref()
                .map(|d| to_value(form::Deployment::from(d))),
        ),
        Change::Removal(key, removal) => (
            pair(REMOVAL, key),
            removal.as_ref().map(|r| to_value(form::Removal::from(r))),
        ),
    }
}

fn decode(prefix: &str, key: &str, value: &[u8]) -> Result<Change, Error> {
    let rest = key.strip_prefix(prefix).unwrap_or(key);
    let wrong = |source| Error::Key {
        key: key.to_owned(),
        source,
    };
    let bad_name = |source| wrong(Some(source));
    let pair = || -> Result<DeploymentKey, Error> {
        let (cluster, bundle) = rest.split_once('/').ok_or_else(|| wrong(None))?;
        Ok((
            ClusterName::parse(cluster).map_err(bad_name)?,
            BundleName::parse(bundle).map_err(bad_name)?,
        ))
    };
    Ok(match prefix {
        REPO => Change::Repo(
            RepoName::parse(rest).map_err(bad_name)?,
            Some(from_value::<form::Repo>(key, value)?.into()),
        ),
        CLUSTER => Change::Cluster(
            ClusterName::parse(rest).map_err(bad_name)?,
            Some(from_value::<form::Cluster>(key, value)?.into()),
        ),
        GROUP => Change::Group(
            GroupName::parse(rest).map_err(bad_name)?,
            Some(from_value(key, value)?),
        ),
        BUNDLE => Change::Bundle(
            BundleName::parse(rest).map_err(bad_name)?,
            Some(from_value::<form::Bundle>(key, value)?.into()),
        ),
        DEPLOYMENT => Change::Deployment(
            pair()?,
            Some(
                from_value::<form::Deployment>(key, value)?
                    .try_into()
                    .map_err(|why| Error::Form {
                        key: key.to_owned(),
                        source: serde::de::Error::custom(why),
                    })?,
            ),
        ),
        REMOVAL => Change::Removal(
            pair()?,
            Some(from_value::<form::Removal>(key, value)?.into()),
        ),
        _ => return Err(wrong(None)),
    })
}

#[cfg(test)]
mod tests;
