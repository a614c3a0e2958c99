//! Applies objects, many at once, and waits for definitions to be served.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fleet_agent_plan::apply::{OWNER_LABEL, Owner, Step};
use fleet_agent_plan::health;
use fleet_agent_plan::outcome::{Action, Outcome};
use fleet_agent_plan::payload::payload;
use fleet_core::canonical;
use fleet_core::digest::Digest;
use fleet_core::object::{ObjectRef, Scope};
use fleet_core::problem::{Problem, Reason};
use fleet_core::state::Health;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, ListParams, Patch, PatchParams, PostParams};
use kube::core::metadata::PartialObjectMeta;
use serde_json::{Value, json};

use super::call::{Failure, Patched, api, server_side_apply, timed};
use super::kinds::Served;
use super::{Cluster, Done, Kinds, Seen, lock, side_by_side};

/// Up to this many objects of one kind and namespace are looked at one by one; more are listed.
const ONE_BY_ONE: usize = 5;
/// Objects in one page of a list.
const PAGE: u32 = 500;
/// How long a definition may take to be established, as in Flux.
const ESTABLISH: Duration = Duration::from_secs(60);
/// How long a kind may take to be served after its definition is established.
const SERVE: Duration = Duration::from_secs(10);
/// How often something is looked at while it is waited for.
const STEP: Duration = Duration::from_millis(200);
/// Who sets the labels of namespaces that are not owned.
const NAMESPACE_MANAGER: &str = "fleet-agent-namespace";

/// A live object, as far as it matters before it is applied or deleted.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) uid: String,
    pub(super) resource_version: String,
    pub(super) owner: Owner,
    pub(super) is_going: bool,
    pub(super) is_kept: bool,
}

impl Live {
    pub(super) fn of(object: &PartialObjectMeta, us: &str) -> Self {
        let metadata = &object.metadata;
        let labels = metadata.labels.as_ref();
        let label = labels.and_then(|labels| labels.get(OWNER_LABEL));
        let annotations = metadata.annotations.as_ref();
        let policy = annotations.and_then(|all| all.get("helm.sh/resource-policy"));
        Self {
            uid: metadata.uid.clone().unwrap_or_default(),
            resource_version: metadata.resource_version.clone().unwrap_or_default(),
            owner: Owner::of(label.map(String::as_str), us),
            is_going: metadata.deletion_timestamp.is_some(),
            is_kept: policy.is_some_and(|policy| policy == "keep"),
        }
    }
}

/// Steps of one kind and namespace, with how the kind is addressed.
struct Group<'a> {
    served: Served,
    namespace: String,
    steps: Vec<&'a Step>,
}

impl Cluster {
    /// Applies steps side by side.
    pub(super) async fn apply_steps(&self, steps: &[Step]) -> Done {
        let mut done = Done::default();
        let groups = match self.group(steps, &mut done.outcomes).await {
            Ok(groups) => groups,
            Err(failure) => return Done::stopped(failure.into_problem()),
        };
        let look_ups = groups.iter().map(|group| self.look_up(group));
        let looked_up = side_by_side(self.shared.n_parallel, look_ups).await;
        let live: Vec<_> = match looked_up.into_iter().collect() {
            Ok(live) => live,
            Err(failure) => return Done::stopped(Failure::into_problem(failure)),
        };
        // What comes first in the bundle begins first; once the server is away, nothing begins any more.
        let stop = OnceLock::new();
        let mut work = Vec::with_capacity(steps.len());
        for (group, live) in groups.iter().zip(&live) {
            for step in &group.steps {
                let live = live.get(step.object.name());
                work.push(self.apply_one(&group.served, step, live, &stop));
            }
        }
        let outcomes = side_by_side(self.shared.n_parallel, work.into_iter()).await;
        done.outcomes.extend(outcomes.into_iter().flatten());
        done.stop = stop.into_inner();
        done
    }

    /// Applies definitions, waits until they are established and their kinds are served.
    pub(super) async fn apply_definitions(&self, steps: &[Step]) -> Done {
        for step in steps {
            let spec = &step.object.value()["spec"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let defined = (text(&spec["group"]), text(&spec["names"]["kind"]));
            lock(&self.defined).insert(defined);
        }
        let mut done = self.apply_steps(steps).await;
        if done.stop.is_some() {
            return done;
        }
        let deadline = Instant::now() + ESTABLISH;
        for outcome in &mut done.outcomes {
            let is_there = !matches!(outcome.action, Action::Failed(_) | Action::Skipped(_));
            if is_there && outcome.object.kind == "CustomResourceDefinition" {
                match self
                    .wait_until_current(&outcome.object, &outcome.version, deadline)
                    .await
                {
                    Ok(None) => {}
                    Ok(Some(problem)) => outcome.action = Action::Failed(problem),
                    Err(failure) => {
                        done.stop = Some(failure.into_problem());
                        return done;
                    }
                }
            }
        }
        if let Err(failure) = self.wait_until_served().await {
            done.stop = Some(failure.into_problem());
        }
        done
    }

    /// Makes a namespace if there is none, and adds the labels and annotations of the options. It is not
    /// owned: others may use it.
    pub(super) async fn make_namespace(&self, name: &str) -> Done {
        let namespaces: Api<Namespace> = Api::all(self.client.clone());
        let (labels, annotations) = (
            &self.options.namespace_labels,
            &self.options.namespace_annotations,
        );
        let made = async {
            let live = timed(namespaces.get_metadata_opt(name)).await?;
            if live.is_none() {
                let namespace = Namespace {
                    metadata: ObjectMeta {
                        name: Some(name.to_owned()),
                        labels: Some(labels.clone()).filter(|labels| !labels.is_empty()),
                        annotations: Some(annotations.clone()).filter(|all| !all.is_empty()),
                        ..ObjectMeta::default()
                    },
                    ..Namespace::default()
                };
                let params = PostParams {
                    field_manager: Some(NAMESPACE_MANAGER.to_owned()),
                    ..PostParams::default()
                };
                match timed(namespaces.create(&params, &namespace)).await {
                    // Somebody else was faster.
                    Err(failure) if failure.is_conflict() => {}
                    other => return other.map(drop),
                }
            }
            if labels.is_empty() && annotations.is_empty() {
                return Ok(());
            }
            let patch = json!({"metadata": {"labels": labels, "annotations": annotations}});
            let params = PatchParams {
                field_manager: Some(NAMESPACE_MANAGER.to_owned()),
                ..PatchParams::default()
            };
            timed(namespaces.patch_metadata(name, &params, &Patch::Merge(&patch)))
                .await
                .map(drop)
        };
        let object = ObjectRef {
            group: String::new(),
            kind: "Namespace".to_owned(),
            namespace: String::new(),
            name: name.to_owned(),
        };
        match made
            .await
            .map_err(|f: Failure| f.about(Reason::ApplyFailed, &object))
        {
            Ok(()) => Done::default(),
            // What lives in the namespace will fail by itself; what does not, goes on.
            Err(Ok(problem)) => Done {
                outcomes: vec![Outcome {
                    object,
                    version: "v1".to_owned(),
                    uid: None,
                    action: Action::Failed(problem),
                }],
                stop: None,
            },
            Err(Err(stop)) => Done::stopped(stop),
        }
    }

    /// Sorts steps by kind and namespace, in the order in which they first occur. What is not served at all
    /// becomes an outcome.
    async fn group<'a>(
        &self,
        steps: &'a [Step],
        outcomes: &mut Vec<Outcome>,
    ) -> Result<Vec<Group<'a>>, Failure> {
        let mut kinds = self.kinds();
        let served = |kinds: &Kinds, step: &Step| {
            let object = &step.object;
            kinds
                .get(object.group(), object.version(), object.kind())
                .cloned()
        };
        if steps.iter().any(|step| served(&kinds, step).is_none()) {
            kinds = self.refresh_kinds().await?;
        }
        let mut groups: Vec<Group<'a>> = Vec::new();
        for step in steps {
            let object = &step.object;
            let Some(served) = served(&kinds, step) else {
                outcomes.push(self.not_served(step, &kinds));
                continue;
            };
            let namespace = object.namespace();
            if (served.scope == Scope::Namespaced) == namespace.is_empty() {
                // The kind was not known when the plan was made; the next plan knows it.
                let message = "its kind was not served when the apply began";
                let problem = Problem::new(Reason::KindNotServed, message);
                outcomes.push(failed(step, problem.about(object.reference())));
                continue;
            }
            let known = groups.iter_mut().find(|group| {
                group.served.resource == served.resource && group.namespace == namespace
            });
            match known {
                Some(group) => group.steps.push(step),
                None => groups.push(Group {
                    served,
                    namespace: namespace.to_owned(),
                    steps: vec![step],
                }),
            }
        }
        Ok(groups)
    }

    fn not_served(&self, step: &Step, kinds: &Kinds) -> Outcome {
        let object = &step.object;
        let message = match kinds.any(object.group(), object.kind()) {
            Some(other) => format!(
                "the cluster serves `{}` as `{}`, not as `{}`",
                object.kind(),
                other.resource.api_version,
                object.api_version()
            ),
            None => format!(
                "the cluster does not serve `{}` of `{}`",
                object.kind(),
                object.api_version()
            ),
        };
        let problem = Problem::new(Reason::KindNotServed, message)
            .about(object.reference())
            .hint("apply its definition first, in this bundle or in one that it depends on");
        failed(step, problem)
    }

    /// The live objects that steps of one kind and namespace are about, by name. Objects of nobody may be
    /// missing where many are looked up: they are adopted like new ones.
    async fn look_up(&self, group: &Group<'_>) -> Result<BTreeMap<String, Live>, Failure> {
        let api = api(&self.client, &group.served, &group.namespace);
        let mut found = BTreeMap::new();
        if group.steps.len() <= ONE_BY_ONE {
            for step in &group.steps {
                let name = step.object.name();
                if let Some(object) = timed(api.get_metadata_opt(name)).await? {
                    let live = Live::of(&retyped(object), &self.owner);
                    found.insert(name.to_owned(), live);
                }
            }
            return Ok(found);
        }
        let mut params = ListParams::default().labels(OWNER_LABEL).limit(PAGE);
        loop {
            let page = timed(api.list_metadata(&params)).await?;
            for object in page.items {
                let name = object.metadata.name.clone().unwrap_or_default();
                found.insert(name, Live::of(&retyped(object), &self.owner));
            }
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => return Ok(found),
            }
        }
    }

    /// Applies one object; `None` if nothing is known of what became of it.
    async fn apply_one(
        &self,
        served: &Served,
        step: &Step,
        live: Option<&Live>,
        stop: &OnceLock<Problem>,
    ) -> Option<Outcome> {
        if stop.get().is_some() {
            return None;
        }
        let object = step.object.reference();
        let fail = |problem: Problem| Some(failed(step, problem.about(object.clone())));
        let body = payload(&step.object);
        let digest = Digest::of(&canonical::to_vec(&body));
        if let Some(live) = live {
            if let Owner::Other(other) = &live.owner {
                let message = format!("it belongs to deployment `{other}`");
                return fail(Problem::new(Reason::NotOwned, message));
            }
            if live.is_going {
                let message = "it is being deleted; it is applied again when it is gone";
                return fail(Problem::new(Reason::ApplyFailed, message));
            }
            let now = Seen {
                payload: digest,
                uid: live.uid.clone(),
                resource_version: live.resource_version.clone(),
            };
            if lock(&self.shared.seen).get(&object) == Some(&now) {
                return Some(outcome(step, Action::Unchanged, live.uid.clone()));
            }
        }
        let patched = match self.patch(served, &object, &body).await {
            Err(failure) if failure.is_immutable() && self.options.force => {
                self.make_anew(served, &object, &body).await
            }
            other => other,
        };
        let failure = match patched {
            Ok(patched) => {
                let action = match live {
                    _ if patched.created => Action::Created,
                    Some(live) if live.resource_version == patched.resource_version => {
                        Action::Unchanged
                    }
                    _ => Action::Configured,
                };
                let seen = Seen {
                    payload: digest,
                    uid: patched.uid.clone(),
                    resource_version: patched.resource_version,
                };
                lock(&self.shared.seen).insert(object, seen);
                return Some(outcome(step, action, patched.uid));
            }
            Err(failure) => failure,
        };
        match failure.about(Reason::ApplyFailed, &object) {
            Ok(problem) => fail(problem),
            Err(problem) => {
                // Whoever comes second has nothing to add.
                let _ = stop.set(problem);
                None
            }
        }
    }

    /// Applies on the server side. A kind whose definition is new may take a moment to be there.
    async fn patch(
        &self,
        served: &Served,
        object: &ObjectRef,
        body: &Value,
    ) -> Result<Patched, Failure> {
        let kind = (object.group.clone(), object.kind.clone());
        let is_new = lock(&self.defined).contains(&kind);
        let deadline = Instant::now() + SERVE;
        let force = self.options.force;
        loop {
            match server_side_apply(&self.client, served, object, body, force).await {
                Err(failure) if failure.is_not_found() && is_new && Instant::now() < deadline => {
                    tokio::time::sleep(STEP).await;
                }
                other => return other,
            }
        }
    }

    /// Deletes an object that cannot be changed, and applies it when it is gone.
    async fn make_anew(
        &self,
        served: &Served,
        object: &ObjectRef,
        body: &Value,
    ) -> Result<Patched, Failure> {
        tracing::info!(%object, "cannot be changed: deleted, to be made anew");
        self.delete_and_wait(served, object).await?;
        let patched = self.patch(served, object, body).await?;
        Ok(Patched {
            created: false,
            ..patched
        })
    }

    /// Waits until a live object is current; the problem is its own if it fails or takes too long.
    async fn wait_until_current(
        &self,
        object: &ObjectRef,
        version: &str,
        deadline: Instant,
    ) -> Result<Option<Problem>, Failure> {
        let kinds = self.kinds();
        let Some(served) = kinds.get(&object.group, version, &object.kind) else {
            return Ok(None);
        };
        let api = api(&self.client, served, &object.namespace);
        loop {
            let live = timed(api.get(&object.name)).await?;
            let live = serde_json::to_value(live).unwrap_or_default();
            let assessment = health::assess(&live, Timestamp::now());
            if assessment.health == Health::Current {
                return Ok(None);
            }
            if assessment.health == Health::Failed || Instant::now() >= deadline {
                let message = format!("{}: {}", assessment.reason, assessment.message);
                let problem = Problem::new(Reason::Unhealthy, message).about(object.clone());
                return Ok(Some(problem));
            }
            tokio::time::sleep(STEP).await;
        }
    }

    /// Waits until discovery lists what the definitions define, but not for long: what is missing then
    /// becomes the outcome of the objects of that kind.
    async fn wait_until_served(&self) -> Result<(), Failure> {
        let defined = lock(&self.defined).clone();
        let deadline = Instant::now() + SERVE;
        loop {
            let kinds = self.refresh_kinds().await?;
            let mut missing = defined.iter();
            let all = missing.all(|(group, kind)| kinds.any(group, kind).is_some());
            if all || Instant::now() >= deadline {
                return Ok(());
            }
            tokio::time::sleep(STEP).await;
        }
    }
}

/// The same metadata without the type that it was asked for with.
pub(super) fn retyped<K>(object: PartialObjectMeta<K>) -> PartialObjectMeta {
    PartialObjectMeta {
        types: object.types,
        metadata: object.metadata,
        _phantom: std::marker::PhantomData,
    }
}

pub(super) fn outcome(step: &Step, action: Action, uid: String) -> Outcome {
    Outcome {
        object: step.object.reference(),
        version: step.object.version().to_owned(),
        uid: Some(uid).filter(|uid| !uid.is_empty()),
        action,
    }
}

pub(super) fn failed(step: &Step, problem: Problem) -> Outcome {
    outcome(step, Action::Failed(problem), String::new())
}
