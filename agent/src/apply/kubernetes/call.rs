//! Single requests to the API server, and what their failures mean.

use std::time::Duration;

use fleet_agent_plan::apply::FIELD_MANAGER;
use fleet_core::object::{ObjectRef, Scope};
use fleet_core::problem::{Problem, Reason};
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::client::Body;
use kube::core::metadata::PartialObjectMeta;
use kube::core::{Request, Status};
use kube::{Client, Resource};
use serde_json::Value;

use super::kinds::Served;
use fleet_core::error::chain;

/// How long a request may take: admission webhooks may take 30 s of it.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most conflicting fields that a message names.
const MAX_CONFLICTS: usize = 5;

/// Why a request did not do what it should.
#[derive(Debug)]
pub(super) enum Failure {
    /// The API server did not answer, or does not know us: nothing else will work either.
    Away(String),
    /// The API server said no.
    Refused(Box<Status>),
    /// The answer made no sense.
    Nonsense(String),
}

impl Failure {
    /// What `error` means.
    pub(super) fn of(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) if status.code == 401 => Self::Away(status.message),
            kube::Error::Api(status) => Self::Refused(status),
            kube::Error::SerdeError(_) | kube::Error::BuildRequest(_) => {
                Self::Nonsense(chain(&error))
            }
            error => Self::Away(chain(&error)),
        }
    }

    /// The problem when there is no object to name.
    pub(super) fn into_problem(self) -> Problem {
        match self {
            Self::Away(why) => Problem::new(Reason::ClusterUnreachable, why),
            Self::Refused(status) => Problem::new(Reason::ApplyFailed, status.message),
            Self::Nonsense(why) => Problem::new(Reason::ApplyFailed, why),
        }
    }

    /// The problem of one object; `Err` if it is not about this object.
    pub(super) fn about(self, reason: Reason, object: &ObjectRef) -> Result<Problem, Problem> {
        match self {
            Self::Away(_) => Err(self.into_problem()),
            Self::Nonsense(why) => Ok(Problem::new(reason, why).about(object.clone())),
            Self::Refused(status) => {
                let problem = match () {
                    () if is_conflict(&status) => {
                        Problem::new(Reason::FieldConflict, conflicts(&status))
                            .hint("set `force: true` to take the fields over, or stop setting them")
                    }
                    () if is_immutable(&status) => {
                        Problem::new(Reason::FieldImmutable, status.message)
                            .hint("set `force: true` to delete the object and make it anew")
                    }
                    () => Problem::new(reason, status.message),
                };
                Ok(problem.about(object.clone()))
            }
        }
    }

    /// Whether the object, its kind or its namespace does not exist.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(status) if status.code == 404)
    }

    /// Whether the object is there already, or is not the one that was meant.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused(status) if status.code == 409)
    }

    /// Whether a field cannot be changed.
    pub(super) fn is_immutable(&self) -> bool {
        matches!(self, Self::Refused(status) if is_immutable(status))
    }
}

/// Waits for an answer, but not for ever.
pub(super) async fn timed<T>(
    answer: impl Future<Output = Result<T, kube::Error>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(result) => result.map_err(Failure::of),
        Err(_) => Err(Failure::Away(format!("no answer within {PATIENCE:?}"))),
    }
}

/// The metadata of an object after a patch.
pub(super) struct Patched {
    /// Whether it did not exist before.
    pub(super) created: bool,
    pub(super) uid: String,
    pub(super) resource_version: String,
}

/// Applies `payload` on the server side; only metadata comes back.
pub(super) async fn server_side_apply(
    client: &Client,
    served: &Served,
    object: &ObjectRef,
    payload: &Value,
    force: bool,
) -> Result<Patched, Failure> {
    let params = PatchParams {
        force,
        field_manager: Some(FIELD_MANAGER.to_owned()),
        ..PatchParams::default()
    };
    let path = DynamicObject::url_path(&served.resource, namespace_of(served, object));
    let request = Request::new(path)
        .patch_metadata(&object.name, &params, &Patch::Apply(payload))
        .map_err(|error| Failure::Nonsense(chain(&error)))?;
    timed(async {
        let response = client.send(request.map(Body::from)).await?;
        let status = response.status();
        let bytes = response.into_body().collect_bytes().await?;
        if !status.is_success() {
            let parsed = serde_json::from_slice::<Status>(&bytes).ok();
            let parsed = parsed.filter(|parsed| parsed.code != 0);
            let refused = parsed.unwrap_or_else(|| Status {
                code: status.as_u16(),
                message: String::from_utf8_lossy(&bytes).chars().take(500).collect(),
                ..Status::default()
            });
            return Err(kube::Error::Api(refused.boxed()));
        }
        let object: PartialObjectMeta =
            serde_json::from_slice(&bytes).map_err(kube::Error::SerdeError)?;
        Ok(Patched {
            created: status.as_u16() == 201,
            uid: object.metadata.uid.unwrap_or_default(),
            resource_version: object.metadata.resource_version.unwrap_or_default(),
        })
    })
    .await
}

/// The objects of a kind, in a namespace if the kind has namespaces.
pub(super) fn api(client: &Client, served: &Served, namespace: &str) -> Api<DynamicObject> {
    match served.scope {
        Scope::Namespaced => Api::namespaced_with(client.clone(), namespace, &served.resource),
        Scope::Cluster => Api::all_with(client.clone(), &served.resource),
    }
}

fn namespace_of<'a>(served: &Served, object: &'a ObjectRef) -> Option<&'a str> {
    (served.scope == Scope::Namespaced).then_some(object.namespace.as_str())
}

/// Whether somebody else manages a field that we want to be different (and not: the object is another one).
fn is_conflict(status: &Status) -> bool {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    status.code == 409
        && causes
            .into_iter()
            .any(|cause| cause.reason == "FieldManagerConflict")
}

/// Names the fields and who manages them.
fn conflicts(status: &Status) -> String {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let named: Vec<_> = causes
        .map(|cause| format!("`{}`: {}", cause.field, cause.message))
        .collect();
    let more = match named.len().saturating_sub(MAX_CONFLICTS) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let first = &named[..named.len().min(MAX_CONFLICTS)];
    format!("fields belong to others: {}{more}", first.join(", "))
}

/// There is no reason of its own for this: it is an invalid value whose text says so.
fn is_immutable(status: &Status) -> bool {
    let says_so = |text: &str| {
        let text = text.to_lowercase();
        text.contains("immutable") || text.contains("forbidden: updates to")
    };
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let texts = causes.map(|cause| cause.message.as_str());
    matches!(status.code, 422 | 400) && (says_so(&status.message) || texts.into_iter().any(says_so))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn status(value: Value) -> Box<Status> {
        Box::new(serde_json::from_value(value).unwrap())
    }

    fn object() -> ObjectRef {
        ObjectRef {
            group: "apps".to_owned(),
            kind: "Deployment".to_owned(),
            namespace: "n".to_owned(),
            name: "d".to_owned(),
        }
    }

    #[track_caller]
    fn check(value: Value, reason: Reason, text: &str) {
        let failure = Failure::of(kube::Error::Api(status(value)));
        let problem = failure.about(Reason::ApplyFailed, &object()).unwrap();
        assert_eq!(problem.reason, reason);
        assert!(problem.message.contains(text), "{}", problem.message);
    }

    #[test]
    fn refusals_are_told_apart_by_their_causes() {
        let causes = json!([{"reason": "FieldManagerConflict", "field": ".spec.replicas", "message": "conflict with \"kubectl\" using apps/v1"}]);
        check(
            json!({"code": 409, "reason": "Conflict", "message": "Apply failed with 1 conflict", "details": {"causes": causes}}),
            Reason::FieldConflict,
            "`.spec.replicas`: conflict with \"kubectl\"",
        );
        check(
            json!({"code": 409, "reason": "Conflict", "message": "the object has been modified"}),
            Reason::ApplyFailed,
            "modified",
        );
        check(
            json!({"code": 422, "reason": "Invalid", "message": "spec.selector: Invalid value: field is immutable"}),
            Reason::FieldImmutable,
            "immutable",
        );
        check(
            json!({"code": 422, "reason": "Invalid", "message": "spec.replicas: Invalid value: -1"}),
            Reason::ApplyFailed,
            "-1",
        );
    }

    #[test]
    fn a_server_that_does_not_know_us_counts_as_away() {
        let unknown = kube::Error::Api(status(json!({"code": 401, "message": "Unauthorized"})));
        let problem = Failure::of(unknown).about(Reason::ApplyFailed, &object());
        assert_eq!(problem.unwrap_err().reason, Reason::ClusterUnreachable);
    }
}
