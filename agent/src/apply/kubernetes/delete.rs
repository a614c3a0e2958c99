//! Deletes objects that are ours, and lets others be.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fleet_agent_plan::apply::{OWNER_LABEL, Owner};
use fleet_agent_plan::deletion::Rank;
use fleet_agent_plan::outcome::Action;
use fleet_core::inventory::Entry;
use fleet_core::object::ObjectRef;
use fleet_core::problem::Reason;
use kube::Api;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams, Preconditions};
use kube::core::params::PropagationPolicy;
use serde_json::json;

use super::apply::{Live, retyped};
use super::call::{Failure, api, timed};
use super::kinds::Served;
use super::{Cluster, Done, Kinds, lock, side_by_side};
use crate::apply::outcome_of;

/// How long custom resources may take to be finalized, before their controllers are deleted.
const FINALIZE: Duration = Duration::from_secs(30);
/// How long an object may take to go before it is made anew.
const GO: Duration = Duration::from_secs(60);
/// How often something is looked at while it is waited for.
const STEP: Duration = Duration::from_millis(200);

/// What one deletion came to.
enum Deleted {
    /// The request was taken, or there was nothing to delete.
    Yes,
    /// It is not ours, and why.
    NotOurs(String),
}

impl Cluster {
    /// Deletes entries of one rank side by side.
    pub(super) async fn delete_batch(&self, rank: Rank, entries: &[Entry]) -> Done {
        let mut done = self.each(entries, |entry| self.delete_entry(entry)).await;
        if rank == Rank::CustomResources && done.stop.is_none() {
            // Their controllers go next, and without them finalizers would stay for ever.
            let deadline = Instant::now() + FINALIZE;
            for entry in entries {
                if let Err(failure) = self.wait_until_gone(entry, deadline).await {
                    done.stop = Some(failure.into_problem());
                    break;
                }
            }
        }
        done
    }

    /// Takes our label from entries that stay.
    pub(super) async fn release_all(&self, entries: &[Entry]) -> Done {
        self.each(entries, |entry| self.release_entry(entry)).await
    }

    /// Deletes the deployment's own namespace.
    pub(super) async fn delete_release_namespace(&self, name: &str) -> Done {
        let entry = Entry {
            object: ObjectRef {
                group: String::new(),
                kind: "Namespace".to_owned(),
                namespace: String::new(),
                name: name.to_owned(),
            },
            version: "v1".to_owned(),
            uid: None,
        };
        let delete = |entry| async move {
            if let Some(served) = self.served(entry).await? {
                let api = api(&self.client, &served, "");
                let name = &entry.object.name;
                match timed(api.delete(name, &DeleteParams::background())).await {
                    Err(failure) if !failure.is_not_found() => return Err(failure),
                    _ => {}
                }
            }
            Ok(Action::Deleted)
        };
        self.each(std::slice::from_ref(&entry), delete).await
    }

    /// Deletes what is at the place of `object`, if it is ours, and waits until it is gone.
    pub(super) async fn delete_and_wait(
        &self,
        served: &Served,
        object: &ObjectRef,
    ) -> Result<(), Failure> {
        let api = api(&self.client, served, &object.namespace);
        if let Deleted::NotOurs(why) = self.delete_live(&api, object, None).await? {
            return Err(Failure::Nonsense(why));
        }
        let deadline = Instant::now() + GO;
        while timed(api.get_metadata_opt(&object.name)).await?.is_some() {
            if Instant::now() >= deadline {
                let message = format!("deleted, and still there after {GO:?}");
                return Err(Failure::Nonsense(message));
            }
            tokio::time::sleep(STEP).await;
        }
        Ok(())
    }

    async fn delete_entry(&self, entry: &Entry) -> Result<Action, Failure> {
        let Some(served) = self.served(entry).await? else {
            // No kind, no objects.
            return Ok(Action::Deleted);
        };
        let api = api(&self.client, &served, &entry.object.namespace);
        lock(&self.shared.seen).remove(&entry.object);
        match self
            .delete_live(&api, &entry.object, entry.uid.as_deref())
            .await?
        {
            Deleted::Yes => Ok(Action::Deleted),
            Deleted::NotOurs(why) => Ok(Action::Skipped(why)),
        }
    }

    /// Deletes a live object, if it has our label and the UID that we know. The request is for exactly the
    /// object that was looked at.
    async fn delete_live(
        &self,
        api: &Api<DynamicObject>,
        object: &ObjectRef,
        uid: Option<&str>,
    ) -> Result<Deleted, Failure> {
        loop {
            let Some(found) = timed(api.get_metadata_opt(&object.name)).await? else {
                return Ok(Deleted::Yes);
            };
            let live = Live::of(&retyped(found), &self.owner);
            let not_ours = |why: &str| Ok(Deleted::NotOurs(why.to_owned()));
            match &live.owner {
                Owner::Us => {}
                Owner::Nobody => return not_ours("it has no owner label any more"),
                Owner::Other(_) => return not_ours("its owner label names another deployment"),
            }
            if uid.is_some_and(|uid| uid != live.uid) {
                return not_ours("somebody else has deleted it and made it anew");
            }
            if live.is_kept {
                return not_ours("its annotation `helm.sh/resource-policy` keeps it");
            }
            if live.is_going {
                return Ok(Deleted::Yes);
            }
            let params = DeleteParams {
                propagation_policy: Some(PropagationPolicy::Background),
                preconditions: Some(Preconditions {
                    uid: Some(live.uid.clone()),
                    resource_version: None,
                }),
                ..DeleteParams::default()
            };
            match timed(api.delete(&object.name, &params)).await {
                Ok(_) => return Ok(Deleted::Yes),
                Err(failure) if failure.is_not_found() => return Ok(Deleted::Yes),
                // It was made anew in between: look again.
                Err(failure) if failure.is_conflict() => tokio::time::sleep(STEP).await,
                Err(failure) => return Err(failure),
            }
        }
    }

    async fn release_entry(&self, entry: &Entry) -> Result<Action, Failure> {
        let released = Action::Skipped("it stays, and is no longer ours".to_owned());
        let Some(served) = self.served(entry).await? else {
            return Ok(released);
        };
        let api = api(&self.client, &served, &entry.object.namespace);
        let name = &entry.object.name;
        let Some(found) = timed(api.get_metadata_opt(name)).await? else {
            return Ok(released);
        };
        if Live::of(&retyped(found), &self.owner).owner == Owner::Us {
            let patch = json!({"metadata": {"labels": {OWNER_LABEL: null}}});
            let patch = Patch::Merge(&patch);
            match timed(api.patch_metadata(name, &PatchParams::default(), &patch)).await {
                Err(failure) if !failure.is_not_found() => return Err(failure),
                _ => {}
            }
        }
        Ok(released)
    }

    async fn wait_until_gone(&self, entry: &Entry, deadline: Instant) -> Result<(), Failure> {
        let Some(served) = self.served(entry).await? else {
            return Ok(());
        };
        let api = api(&self.client, &served, &entry.object.namespace);
        let is_there = async || {
            let found = timed(api.get_metadata_opt(&entry.object.name)).await?;
            // Only what is on its way out is worth waiting for.
            Ok::<_, Failure>(found.is_some_and(|found| found.metadata.deletion_timestamp.is_some()))
        };
        while is_there().await? && Instant::now() < deadline {
            tokio::time::sleep(STEP).await;
        }
        Ok(())
    }

    /// How the kind of an entry is addressed: in its own version, else in any; `None` if it is not served.
    async fn served(&self, entry: &Entry) -> Result<Option<Served>, Failure> {
        let ObjectRef { group, kind, .. } = &entry.object;
        let find = |kinds: &Kinds| {
            kinds
                .get(group, &entry.version, kind)
                .or_else(|| kinds.any(group, kind))
                .cloned()
        };
        match find(&self.kinds()) {
            Some(served) => Ok(Some(served)),
            // Old knowledge is no reason to forget an object.
            None => Ok(find(&*self.refresh_kinds().await?)),
        }
    }

    /// Does the same with each entry, many at once, until the server is away.
    async fn each<'a, F>(&self, entries: &'a [Entry], act: impl Fn(&'a Entry) -> F) -> Done
    where
        F: Future<Output = Result<Action, Failure>>,
    {
        let stop = OnceLock::new();
        let work = entries.iter().map(|entry| {
            let acted = act(entry);
            let stop = &stop;
            async move {
                if stop.get().is_some() {
                    return None;
                }
                let action = match acted.await {
                    Ok(action) => action,
                    Err(failure) => match failure.about(Reason::PruneFailed, &entry.object) {
                        Ok(problem) => Action::Failed(problem),
                        Err(problem) => {
                            // Whoever comes second has nothing to add.
                            let _ = stop.set(problem);
                            return None;
                        }
                    },
                };
                Some(outcome_of(entry, action))
            }
        });
        let outcomes = side_by_side(self.shared.n_parallel, work).await;
        Done {
            outcomes: outcomes.into_iter().flatten().collect(),
            stop: stop.into_inner(),
        }
    }
}
