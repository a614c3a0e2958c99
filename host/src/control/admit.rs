//! Judges a resource before it is taken: what would only fail later is refused now, with the reason.

use std::collections::BTreeMap;

use fleet_core::resource::{API_VERSION, GitRepo, Resource};
use fleet_host_plan::fleet::Fleet;

use crate::api::{ApplyOutcome, ErrorBody};
use crate::commit_status;
use crate::duration;
use crate::watch;

/// What taking `resource` would come to.
///
/// # Errors
/// With what is wrong with it, for people.
pub fn admit(fleet: &Fleet, resource: &Resource) -> Result<ApplyOutcome, ErrorBody> {
    let (api_version, namespace, label_map) = match resource {
        Resource::GitRepo(r) => (&r.api_version, &r.metadata.namespace, &r.metadata.labels),
        Resource::Cluster(r) => (&r.api_version, &r.metadata.namespace, &r.metadata.labels),
        Resource::ClusterGroup(r) => (&r.api_version, &r.metadata.namespace, &r.metadata.labels),
    };
    if api_version != API_VERSION {
        let error = format!("`apiVersion` is `{api_version}`, and only `{API_VERSION}` is known");
        return Err(refuse(error));
    }
    labels("metadata.labels", label_map)?;
    let known = match resource {
        Resource::GitRepo(repo) => {
            git_repo(repo)?;
            fleet
                .repo(&repo.metadata.name)
                .map(|known| (known == repo, &known.metadata.namespace))
        }
        Resource::Cluster(cluster) => fleet.cluster(&cluster.metadata.name).map(|known| {
            let known = &known.resource;
            (known == cluster, &known.metadata.namespace)
        }),
        Resource::ClusterGroup(group) => fleet
            .group(&group.metadata.name)
            .map(|known| (known == group, &known.metadata.namespace)),
    };
    match known {
        None => Ok(ApplyOutcome::Created),
        Some((_, other)) if other != namespace => Err(refuse(format!(
            "the name is taken in the workspace `{other}`: names are unique over all workspaces"
        ))),
        Some((true, _)) => Ok(ApplyOutcome::Unchanged),
        Some((false, _)) => Ok(ApplyOutcome::Configured),
    }
}

fn git_repo(repo: &GitRepo) -> Result<(), ErrorBody> {
    let spec = &repo.spec;
    if spec.repo.trim().is_empty() {
        return Err(refuse("`spec.repo` is missing: it is the repository's URL"));
    }
    watch::check(repo).map_err(|error| ErrorBody {
        error: error.to_string(),
        hint: error.hint().map(str::to_owned),
    })?;
    commit_status::Target::parse(repo).map_err(refuse)?;
    if let Some(interval) = &spec.polling_interval {
        duration::parse(interval)
            .map_err(|why| refuse(format!("`spec.pollingInterval`: {why}")))?;
    }
    for path in &spec.paths {
        fleet_core::files::join("", path)
            .map_err(|why| refuse(format!("`spec.paths`: `{path}`: {why}")))?;
    }
    Ok(())
}

/// Checks labels as Kubernetes does (`apimachinery` `validation.IsQualifiedName` and `IsValidLabelValue`).
///
/// # Errors
/// With the first one that no Kubernetes object could have.
pub(super) fn labels(field: &str, labels: &BTreeMap<String, String>) -> Result<(), ErrorBody> {
    let word = |text: &str| {
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        text.len() <= 63
            && ends(text.chars().next())
            && ends(text.chars().next_back())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    for (key, value) in labels {
        let (prefix, name) = key.split_once('/').unwrap_or(("x", key));
        let prefix_is_good = !prefix.is_empty()
            && prefix.len() <= 253
            && prefix
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c));
        if !prefix_is_good || !word(name) {
            return Err(refuse(format!("`{field}`: `{key}` is not a label's name")));
        }
        if !value.is_empty() && !word(value) {
            return Err(refuse(format!(
                "`{field}`: `{value}` is not a value that the label `{key}` can have"
            )));
        }
    }
    Ok(())
}

fn refuse(error: impl Into<String>) -> ErrorBody {
    ErrorBody {
        error: error.into(),
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::wire::Incarnation;
    use fleet_host_plan::fleet::Event;

    use super::*;

    fn resource(json: &str) -> Resource {
        serde_json::from_str(json).unwrap()
    }

    fn fleet() -> Fleet {
        Fleet::new(Incarnation("i".to_owned()), Vec::new()).0
    }

    #[test]
    fn what_would_fail_later_is_refused_now() {
        let check = |spec: &str, expected: &str| {
            let json = format!(r#"{{"kind":"GitRepo","metadata":{{"name":"a"}},"spec":{spec}}}"#);
            let error = admit(&fleet(), &resource(&json)).unwrap_err().error;
            assert!(error.contains(expected), "{spec}: {error}");
        };
        check("{}", "`spec.repo` is missing");
        check(r#"{"repo":"ftp://x/y"}"#, "ftp://x/y");
        check(
            r#"{"repo":"/x","pollingInterval":"often"}"#,
            "pollingInterval",
        );
        check(r#"{"repo":"/x","paths":["../y"]}"#, "../y");
        check(r#"{"repo":"/x","branch":"a..b"}"#, "a..b");
        check(r#"{"repo":"/x","caBundle":"zzz"}"#, "caBundle");
        check(
            r#"{"repo":"/x","commitStatus":{"provider":"github"}}"#,
            "commitStatus",
        );
        check(
            r#"{"repo":"/x","verify":{"keys":["nonsense"]}}"#,
            "verify.keys[0]",
        );
        check(r#"{"repo":"/x","verify":{}}"#, "there is none");
        check(
            r#"{"repo":"/x","branch":"m","verify":{"mode":"Tag","secretName":"s"}}"#,
            "asks for the signature of a tag",
        );
        check(
            r#"{"repo":"/x","commitStatus":{"provider":"github"}}"#,
            "commitStatus",
        );
        let group = r#"{"apiVersion":"v1","kind":"ClusterGroup","metadata":{"name":"a"}}"#;
        assert!(
            admit(&fleet(), &resource(group))
                .unwrap_err()
                .error
                .contains("fleet.cattle.io")
        );
        let labelled = r#"{"kind":"Cluster","metadata":{"name":"a","labels":{"env":"a b"}}}"#;
        assert!(
            admit(&fleet(), &resource(labelled))
                .unwrap_err()
                .error
                .contains("a b")
        );
    }

    #[test]
    fn the_outcome_says_what_changes() {
        let mut fleet = fleet();
        let one = resource(r#"{"kind":"Cluster","metadata":{"name":"a"}}"#);
        assert_eq!(admit(&fleet, &one), Ok(ApplyOutcome::Created));
        let Resource::Cluster(cluster) = one.clone() else {
            unreachable!()
        };
        fleet.step(Event::ClusterSet(Box::new(cluster)), 0);
        assert_eq!(admit(&fleet, &one), Ok(ApplyOutcome::Unchanged));
        let other = r#"{"kind":"Cluster","metadata":{"name":"a","labels":{"env":"dev"}}}"#;
        assert_eq!(
            admit(&fleet, &resource(other)),
            Ok(ApplyOutcome::Configured)
        );
        let elsewhere = r#"{"kind":"Cluster","metadata":{"name":"a","namespace":"team-b"}}"#;
        assert!(admit(&fleet, &resource(elsewhere)).is_err());
    }
}
