//! Looks at what a deployment owns.

use std::collections::BTreeMap;

use fleet_agent_plan::apply::{FIELD_MANAGER, OWNER_LABEL};
use fleet_agent_plan::health::{self, Assessment};
use fleet_core::inventory::Entry;
use fleet_core::object::ObjectRef;
use fleet_core::state::Health;
use fleet_core::wire::ObjectHealth;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, DynamicObject, ListParams, TypeMeta};
use serde_json::Value;

use super::call::{Failure, api, timed};
use super::kinds::Served;
use super::{Cluster, side_by_side};
use crate::apply::Observed;

/// Objects in one page of a list.
const PAGE: u32 = 500;
/// The most pods that are looked at for one workload.
const PODS: u32 = 50;

impl Cluster {
    /// Looks at entries; one list for each kind and namespace.
    pub(super) async fn look(&self, entries: &[Entry]) -> Result<Observed, Failure> {
        let mut groups: BTreeMap<(&str, &str, &str), Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            let ObjectRef {
                group,
                kind,
                namespace,
                ..
            } = &entry.object;
            groups
                .entry((group, kind, namespace))
                .or_default()
                .push(entry);
        }
        let looks = groups
            .into_values()
            .map(|entries| self.look_at_kind(entries));
        let looked = side_by_side(self.shared.n_parallel, looks).await;
        let mut observed = Observed::default();
        for part in looked {
            let part = part?;
            observed.n_modified += part.n_modified;
            observed.not_ready.extend(part.not_ready);
        }
        // The worst first: not all of them may be reported.
        observed
            .not_ready
            .sort_by(|a, b| (b.health, &a.object).cmp(&(a.health, &b.object)));
        Ok(observed)
    }

    /// Everything with our label, of every kind that is served.
    pub(super) async fn all_owned(&self) -> Result<Vec<Entry>, Failure> {
        let kinds = self.refresh_kinds().await?;
        let lists = kinds.stored().map(|served| self.owned_of(served));
        let lists = side_by_side(self.shared.n_parallel, lists).await;
        let lists: Vec<Vec<Entry>> = lists.into_iter().collect::<Result<_, _>>()?;
        Ok(lists.into_iter().flatten().collect())
    }

    async fn owned_of(&self, served: &Served) -> Result<Vec<Entry>, Failure> {
        let resource = &served.resource;
        let api: Api<DynamicObject> = Api::all_with(self.client.clone(), resource);
        let ours = format!("{OWNER_LABEL}={}", self.owner);
        let mut params = ListParams::default().labels(&ours).limit(PAGE);
        let mut owned = Vec::new();
        loop {
            let page = match timed(api.list_metadata(&params)).await {
                Ok(page) => page,
                // An extension that is broken, or that we may not look at, holds nothing that we applied.
                Err(Failure::Refused(status)) => {
                    tracing::warn!(kind = resource.kind, error = %status, "could not be looked through");
                    return Ok(owned);
                }
                Err(failure) => return Err(failure),
            };
            // Controllers copy labels: an EndpointSlice has those of its Service. What we applied has our mark.
            let applied = page.items.into_iter().filter(|object| {
                let mut managers = object.metadata.managed_fields.iter().flatten();
                managers.any(|entry| entry.manager.as_deref() == Some(FIELD_MANAGER))
            });
            owned.extend(applied.map(|object| Entry {
                object: ObjectRef {
                    group: resource.group.clone(),
                    kind: resource.kind.clone(),
                    namespace: object.metadata.namespace.unwrap_or_default(),
                    name: object.metadata.name.unwrap_or_default(),
                },
                version: resource.version.clone(),
                uid: object.metadata.uid,
            }));
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => return Ok(owned),
            }
        }
    }

    async fn look_at_kind(&self, entries: Vec<&Entry>) -> Result<Observed, Failure> {
        let first = entries[0];
        let ObjectRef {
            group,
            kind,
            namespace,
            ..
        } = &first.object;
        let kinds = self.kinds();
        let served = kinds
            .get(group, &first.version, kind)
            .or_else(|| kinds.any(group, kind));
        let found = match served {
            None => BTreeMap::new(),
            Some(served) => self.find(served, namespace, &entries).await?,
        };
        let mut observed = Observed::default();
        for entry in entries {
            let assessment = match found.get(&entry.object.name) {
                Some(assessment) => assessment.clone(),
                // A job that has ended may be cleaned up at any time.
                None if kind == "Job" => continue,
                None => {
                    observed.n_modified += 1;
                    Assessment {
                        health: Health::Unknown,
                        reason: "NotFound".to_owned(),
                        message: "somebody has deleted it".to_owned(),
                    }
                }
            };
            if assessment.health != Health::Current {
                let message = match assessment.message.is_empty() {
                    true => assessment.reason,
                    false => format!("{}: {}", assessment.reason, assessment.message),
                };
                observed.not_ready.push(ObjectHealth {
                    object: entry.object.clone(),
                    health: assessment.health,
                    message,
                });
            }
        }
        Ok(observed)
    }

    /// The live objects of one kind that entries name, judged, by name.
    async fn find(
        &self,
        served: &Served,
        namespace: &str,
        entries: &[&Entry],
    ) -> Result<BTreeMap<String, Assessment>, Failure> {
        let api = api(&self.client, served, namespace);
        let ours = format!("{OWNER_LABEL}={}", self.owner);
        let mut params = ListParams::default().labels(&ours).limit(PAGE);
        let resource = &served.resource;
        let needs_content = !health::is_always_current(&resource.group, &resource.kind);
        let mut found = BTreeMap::new();
        loop {
            let next = if needs_content {
                let page = timed(api.list(&params)).await?;
                for mut object in page.items {
                    // Objects in a list have no type of their own.
                    object.types = Some(TypeMeta {
                        api_version: resource.api_version.clone(),
                        kind: resource.kind.clone(),
                    });
                    let name = object.metadata.name.clone().unwrap_or_default();
                    let live = serde_json::to_value(object).unwrap_or_default();
                    found.insert(name, self.judge(&live).await?);
                }
                page.metadata.continue_
            } else {
                let page = timed(api.list_metadata(&params)).await?;
                for object in page.items {
                    let name = object.metadata.name.clone().unwrap_or_default();
                    let live = serde_json::to_value(&object).unwrap_or_default();
                    found.insert(name, health::assess(&live, Timestamp::now()));
                }
                page.metadata.continue_
            };
            match next.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => break,
            }
        }
        // Whoever took the label away has not deleted the object.
        for entry in entries {
            let name = &entry.object.name;
            if !found.contains_key(name)
                && let Some(object) = timed(api.get_opt(name)).await?
            {
                let live = serde_json::to_value(object).unwrap_or_default();
                found.insert(name.clone(), self.judge(&live).await?);
            }
        }
        Ok(found)
    }

    /// Judges an object, and its pods if it is a workload that waits for them.
    async fn judge(&self, live: &Value) -> Result<Assessment, Failure> {
        let now = Timestamp::now();
        let own = health::assess(live, now);
        let Some(selector) = health::pod_selector(live) else {
            return Ok(own);
        };
        if own.health != Health::InProgress {
            return Ok(own);
        }
        let namespace = live["metadata"]["namespace"].as_str().unwrap_or_default();
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), namespace);
        let params = ListParams::default().labels(&selector).limit(PODS);
        let pods: Vec<Value> = timed(pods.list(&params))
            .await?
            .items
            .into_iter()
            .map(|pod| {
                let mut pod = serde_json::to_value(pod).unwrap_or_default();
                pod["apiVersion"] = Value::String("v1".to_owned());
                pod["kind"] = Value::String("Pod".to_owned());
                pod
            })
            .collect();
        Ok(health::with_pods(own, &pods, now))
    }
}
