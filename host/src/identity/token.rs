//! Registration tokens: random, kept as a hash, bound to one cluster, used once.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fleet_core::digest::Digest;
use fleet_core::name::ClusterName;
use fleet_core::secret::Secret;
use fleet_host_plan::fleet::Now;
use fleet_store::{Revision, Store, Write};
use serde::{Deserialize, Serialize};

use crate::records;

const PREFIX: &str = "identity/token/";

/// What every token begins with, so that scanners for leaked secrets can find it.
const MARK: &str = "fleet-";

/// How long a token holds if nothing else is asked for: one hour.
pub const DEFAULT_LIFE: Duration = Duration::from_secs(3600);

/// The longest that a token may hold: 30 days.
pub const MAX_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// The cluster that it registers.
    pub cluster: ClusterName,
    /// Workspace of the cluster, if it is not there yet.
    pub namespace: String,
    /// Labels that the cluster gets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Whether the cluster also gets the labels that the agent asks for; those above win.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accept_labels: bool,
    /// When it ends.
    pub expires: Now,
}

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    grant: Grant,
    /// Digest of its secret part. The secret has 256 random bits, so that a plain hash is enough.
    secret: Digest,
}

/// A token that was found good, to be used up together with what it brings about.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is good for.
    pub grant: Grant,
    key: String,
    revision: Revision,
}

impl Found {
    /// The write that uses it up; it fails if somebody else was faster.
    pub fn use_up(&self) -> Write {
        Write::delete(self.key.clone()).expecting(fleet_store::Expect::Revision(self.revision))
    }
}

/// Makes a token and keeps its hash.
///
/// # Errors
/// If the store fails.
pub fn create(store: &dyn Store, grant: Grant) -> Result<Secret<String>, fleet_store::Error> {
    let id: String = crate::random::bytes::<8>()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let secret = crate::random::bytes::<32>();
    let kept = Kept {
        grant,
        secret: Digest::of(&secret),
    };
    store.commit(&[Write::create(
        format!("{PREFIX}{id}"),
        records::to_value(kept),
    )])?;
    Ok(Secret::new(format!(
        "{MARK}{id}.{}",
        URL_SAFE_NO_PAD.encode(secret)
    )))
}

/// Looks a token up; none if there is no such token, its secret is wrong, it was used, or it has ended.
///
/// # Errors
/// If the store fails.
pub fn find(store: &dyn Store, text: &str, now: Now) -> Result<Option<Found>, records::Error> {
    let Some((id, secret)) = parse(text) else {
        return Ok(None);
    };
    let key = format!("{PREFIX}{id}");
    let Some(item) = store.get(&key)? else {
        return Ok(None);
    };
    let kept: Kept = records::from_value(&key, &item.value)?;
    let same = aws_lc_rs::constant_time::verify_slices_are_equal(
        kept.secret.as_bytes(),
        Digest::of(&secret).as_bytes(),
    );
    if same.is_err() || kept.grant.expires <= now {
        return Ok(None);
    }
    Ok(Some(Found {
        grant: kept.grant,
        key,
        revision: item.revision,
    }))
}

/// The writes that remove tokens: those that have ended, and all for `cluster` if one is named.
///
/// # Errors
/// If the store fails.
pub fn removals(
    store: &dyn Store,
    now: Now,
    cluster: Option<&ClusterName>,
) -> Result<Vec<Write>, records::Error> {
    let mut writes = Vec::new();
    records::for_each(store, PREFIX, |key, value| {
        let kept: Kept = records::from_value(key, value)?;
        if kept.grant.expires <= now || cluster == Some(&kept.grant.cluster) {
            writes.push(Write::delete(key));
        }
        Ok(())
    })?;
    Ok(writes)
}

fn parse(text: &str) -> Option<(&str, Vec<u8>)> {
    let (id, secret) = text.strip_prefix(MARK)?.split_once('.')?;
    let hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    if id.len() != 16 || !id.chars().all(hex) {
        return None;
    }
    Some((id, URL_SAFE_NO_PAD.decode(secret).ok()?))
}

#[cfg(test)]
mod tests {
    use fleet_store::memory::Memory;

    use super::*;

    fn grant(cluster: &str) -> Grant {
        Grant {
            cluster: ClusterName::parse(cluster).unwrap(),
            namespace: "fleet-default".to_owned(),
            labels: BTreeMap::from([("env".to_owned(), "dev".to_owned())]),
            accept_labels: false,
            expires: 100,
        }
    }

    #[test]
    fn a_token_is_good_once_and_until_it_ends() {
        let store = Memory::new([1; 16]);
        let token = create(&store, grant("edge-1")).unwrap();
        let found = find(&store, token.reveal(), 99).unwrap().unwrap();
        assert_eq!(found.grant, grant("edge-1"));
        assert!(find(&store, token.reveal(), 100).unwrap().is_none());
        store.commit(&[found.use_up()]).unwrap();
        assert!(find(&store, token.reveal(), 0).unwrap().is_none());
        // Two agents with one token: the second is refused, also if it looked before the first was done.
        assert!(store.commit(&[found.use_up()]).is_err());
    }

    #[test]
    fn a_wrong_token_says_nothing() {
        let store = Memory::new([1; 16]);
        let token = create(&store, grant("edge-1")).unwrap();
        let text = token.reveal();
        let other = create(&store, grant("edge-2")).unwrap();
        let mixed = format!("{}{}", &text[..22], &other.reveal()[22..]);
        for wrong in ["", "fleet-", &text[1..], &text[..text.len() - 1], &mixed] {
            assert!(find(&store, wrong, 0).unwrap().is_none(), "{wrong}");
        }
    }

    /// Whoever reads the store, a backup for example, must not be able to register a cluster.
    #[test]
    fn the_secret_is_not_in_the_store() {
        let store = Memory::new([1; 16]);
        let token = create(&store, grant("edge-1")).unwrap();
        let (id, secret) = token.reveal()[MARK.len()..].split_once('.').unwrap();
        let kept = store.get(&format!("{PREFIX}{id}")).unwrap().unwrap().value;
        assert!(!String::from_utf8(kept).unwrap().contains(secret));
    }

    #[test]
    fn tokens_of_a_deleted_cluster_and_old_ones_are_removed() {
        let store = Memory::new([1; 16]);
        for cluster in ["edge-1", "edge-2"] {
            create(&store, grant(cluster)).unwrap();
        }
        assert_eq!(removals(&store, 0, None).unwrap().len(), 0);
        let edge_1 = ClusterName::parse("edge-1").unwrap();
        assert_eq!(removals(&store, 0, Some(&edge_1)).unwrap().len(), 1);
        assert_eq!(removals(&store, 100, None).unwrap().len(), 2);
    }
}
