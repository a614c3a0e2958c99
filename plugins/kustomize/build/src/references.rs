//! References by name, put right after names have changed.
//!
//! An object may be referred to by any name that it had. Which of several objects is meant is decided by kind,
//! namespace, and the prefixes and suffixes that both sides got.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::field::{set_field, set_over, text, untagged};
use crate::fieldspec::{self, Config, Create, FieldSpec, InForce};
use crate::id::{Gvk, NO_NAMESPACE};
use crate::node::Node;
use crate::resmap::ResMap;
use crate::resource::Resource;

mod candidates;

use candidates::Candidates;

/// One field that may hold the name of an object of a kind.
struct Reference<'a> {
    spec: &'a FieldSpec,
    target: Gvk,
}

/// The object whose references are put right, as it was before.
struct Referrer {
    id: String,
    namespace: String,
    cluster_scoped: bool,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    /// Group and kind of `roleRef`.
    role: Option<Gvk>,
    /// The namespaces of the ServiceAccounts that a RoleBinding names.
    account_namespaces: BTreeSet<String>,
}

/// Puts all references right.
///
/// # Errors
/// If a reference could mean several objects, or a field has another form than it should.
pub(crate) fn fix(map: &mut ResMap, config: &InForce) -> Result<()> {
    let located = |error: Error, item: &Resource| error.at(&item.source.file, item.source.line, 1);
    // kustomize asks every binding for the namespaces of its accounts, whether any name has changed or not.
    let bindings = map
        .items()
        .iter()
        .filter(|item| item.kind() == "RoleBinding");
    for item in bindings.filter(|item| item.gvk().group == "rbac.authorization.k8s.io") {
        Referrer::of(item).map_err(|error| located(error, item))?;
    }
    let candidates = Candidates::of(map.items());
    if candidates.is_empty() {
        return Ok(());
    }
    let config = config.get();
    let mut by_kind: HashMap<Gvk, Rc<[Reference<'_>]>> = HashMap::new();
    for item in map.items_mut() {
        let original = item.original_gvk();
        let references = by_kind
            .entry(original)
            .or_insert_with_key(|gvk| references(&config, gvk, &candidates));
        if references.is_empty() {
            continue;
        }
        let referrer = Referrer::of(item).map_err(|error| located(error, item))?;
        for reference in references.iter() {
            let fixer = Fixer {
                candidates: &candidates,
                referrer: &referrer,
                target: &reference.target,
                is_role: reference.spec.path.ends_with("roleRef/name"),
            };
            let mut set = |node: &mut Node| fixer.set(node);
            let fixed =
                fieldspec::apply_path(reference.spec, &mut item.node, &Create::Nothing, &mut set);
            if let Err(error) = fixed {
                let error = Error::new("kustomize/reference", error).context(format!(
                    "updating name reference in '{}' field of '{}'",
                    reference.spec.path, referrer.id
                ));
                return Err(located(error, item));
            }
        }
    }
    Ok(())
}

/// The fields of a kind that may refer to something whose name has changed.
fn references<'a>(config: &'a Config, kind: &Gvk, candidates: &Candidates) -> Rc<[Reference<'a>]> {
    let mut references = Vec::new();
    for reference in &config.name_reference {
        let target = Gvk {
            group: reference.group.clone(),
            version: reference.version.clone(),
            kind: reference.kind.clone(),
        };
        if candidates.has_kind(&target) {
            let specs = reference.field_specs.iter();
            references.extend(
                specs
                    .filter(|spec| spec.selects(kind))
                    .map(|spec| Reference {
                        spec,
                        target: target.clone(),
                    }),
            );
        }
    }
    references.into()
}

impl Referrer {
    fn of(item: &Resource) -> Result<Self> {
        let role = item.node.get("roleRef").and_then(|role| {
            Some(Gvk {
                group: text(role.get("apiGroup")?).to_owned(),
                version: String::new(),
                kind: text(role.get("kind")?).to_owned(),
            })
        });
        let mut account_namespaces = BTreeSet::new();
        let subjects = match item.kind() {
            "RoleBinding" => item.node.get("subjects").and_then(Node::as_sequence),
            _ => None,
        };
        for subject in subjects.into_iter().flatten() {
            if subject.text_at(&["kind"]) != Some("ServiceAccount") {
                continue;
            }
            match subject.get("namespace") {
                None => {}
                Some(Node::Scalar(namespace)) if namespace.is_string() => {
                    account_namespaces.insert(namespace.text.clone());
                }
                Some(_) => {
                    return Err(Error::new(
                        "kustomize/reference",
                        format!(
                            "Invalid Input: namespace is blank for resource {}",
                            item.id()
                        ),
                    ));
                }
            }
        }
        Ok(Self {
            id: item.id().to_string(),
            namespace: item.effective_namespace().to_owned(),
            cluster_scoped: item.is_cluster_scoped(),
            prefixes: item.prefixes.clone(),
            suffixes: item.suffixes.clone(),
            role,
            account_namespaces,
        })
    }
}

/// Puts one field of one object right.
struct Fixer<'a> {
    candidates: &'a Candidates,
    referrer: &'a Referrer,
    target: &'a Gvk,
    is_role: bool,
}

type FieldResult = std::result::Result<(), fieldspec::Error>;

fn other(message: impl Into<String>) -> fieldspec::Error {
    fieldspec::Error::Other(message.into())
}

impl Fixer<'_> {
    fn set(&self, node: &mut Node) -> FieldResult {
        match node {
            _ if node.is_null() => Ok(()),
            Node::Scalar(_) => self.set_scalar(node),
            Node::Mapping(_) => self.set_mapping(node),
            Node::Sequence(items) => items.iter_mut().try_for_each(|item| match item {
                _ if item.is_null() => Ok(()),
                Node::Scalar(_) => self.set_scalar(item),
                Node::Mapping(_) => self.set_mapping(item),
                Node::Sequence(_) => Err(other(
                    "an item is expected to be either a string or a map of string",
                )),
            }),
        }
    }

    fn set_scalar(&self, node: &mut Node) -> FieldResult {
        let old = text(node);
        let found = self.select(old, None, |a, b| a.name == b.name)?;
        if let Some(found) = found
            && found.name != old
        {
            set_over(node, untagged(found.name.clone()));
        }
        Ok(())
    }

    fn set_mapping(&self, node: &mut Node) -> FieldResult {
        let Some(name) = node.get("name") else {
            return Err(other("path config error; no 'name' field in node"));
        };
        let old = text(name);
        let namespace = node.get("namespace").map(text);
        let same = |a: &candidates::Candidate, b: &candidates::Candidate| {
            a.name == b.name && a.namespace == b.namespace
        };
        let Some(found) = self.select(old, namespace, same)? else {
            return Ok(());
        };
        if found.name == old && found.namespace.is_empty() {
            return Ok(());
        }
        if let Some(mapping) = node.as_mapping_mut() {
            set_field(mapping, "name", untagged(found.name.clone()));
            // No namespace stands for any, not for `default`.
            if !found.namespace.is_empty() {
                set_field(mapping, "namespace", untagged(found.namespace.clone()));
            }
        }
        Ok(())
    }

    /// The object that a name means, if its name has changed.
    fn select(
        &self,
        name: &str,
        namespace: Option<&str>,
        same: impl Fn(&candidates::Candidate, &candidates::Candidate) -> bool,
    ) -> std::result::Result<Option<&candidates::Candidate>, fieldspec::Error> {
        let mut found: Vec<&candidates::Candidate> = self
            .candidates
            .named(name)
            .filter(|candidate| candidate.had_kind(self.target))
            .filter(|candidate| match (&self.referrer.role, self.is_role) {
                (Some(role), true) => candidate.had_kind(role),
                _ => true,
            })
            .filter(|candidate| self.can_refer_to(candidate) && self.shares_namespace(candidate))
            .collect();
        if found.is_empty() {
            return Ok(None);
        }
        if let Some(namespace) = namespace {
            self.keep_namespace(&mut found, namespace);
        }
        if let [one] = found.as_slice() {
            return Ok(Some(one));
        }
        found.retain(|candidate| candidate.affixes_fit(self.referrer, true));
        if found.len() > 1 {
            found.retain(|candidate| candidate.affixes_fit(self.referrer, false));
        }
        match found.as_slice() {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|candidate| same(first, candidate)) => {
                Ok(Some(first))
            }
            several => {
                let ids: Vec<&str> = several
                    .iter()
                    .map(|candidate| candidate.id.as_str())
                    .collect();
                Err(other(format!(
                    "found multiple possible referrals: {}",
                    ids.join(", ")
                )))
            }
        }
    }

    /// Whether the candidate is among what the referrer could refer to at all.
    fn can_refer_to(&self, candidate: &candidates::Candidate) -> bool {
        self.referrer.cluster_scoped
            || candidate.cluster_scoped
            || candidate.effective_namespace == self.referrer.namespace
            || self
                .referrer
                .account_namespaces
                .contains(&candidate.namespace)
    }

    /// Whether the two share a namespace, where that counts.
    fn shares_namespace(&self, candidate: &candidates::Candidate) -> bool {
        self.referrer.cluster_scoped
            || candidate.cluster_scoped
            || candidate.is_service_account
            || candidate.effective_namespace == self.referrer.namespace
    }

    /// Keeps those that were in a namespace at first; if nothing at all was, those that are in it now.
    fn keep_namespace(&self, found: &mut Vec<&candidates::Candidate>, namespace: &str) {
        let was_there = namespace != NO_NAMESPACE
            && self.candidates.places_of(namespace).any(|place| {
                self.referrer.cluster_scoped
                    || place.cluster_scoped
                    || place.effective_namespace == self.referrer.namespace
                    || self.referrer.account_namespaces.contains(&place.namespace)
            });
        found.retain(|candidate| {
            let is = if was_there {
                &candidate.original_namespace
            } else {
                &candidate.effective_namespace
            };
            is == namespace && namespace != NO_NAMESPACE
        });
    }
}
