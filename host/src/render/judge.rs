//! Asks policies what they think of a bundle.

use std::collections::HashMap;
use std::sync::Arc;

use fleet_core::diagnostic::{Diagnostic, Severity};
use fleet_core::digest::Digest;
use fleet_core::object::ObjectRef;
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::Policy;
use fleet_plugin::{Cached, Checked, Context, Judged, Prepared};
use fleet_render::collect::Collected;

use super::Shared;

/// The policies of one bundle, and what is prepared of them.
#[derive(Debug)]
pub(super) struct Judge {
    policies: Vec<Policy>,
    prepared: HashMap<(usize, Digest), Prepared<Judged>>,
}

/// What the policies found.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    /// What blocks the bundle.
    pub(super) errors: Vec<Problem>,
    /// What does not.
    pub(super) warnings: Vec<Problem>,
}

impl Judge {
    /// The policies of the host, the GitRepo and the recipe, each once.
    pub(super) fn new<'a>(policies: impl Iterator<Item = &'a Policy>) -> Self {
        let mut once: Vec<Policy> = Vec::new();
        for policy in policies {
            if !once.contains(policy) {
                once.push(policy.clone());
            }
        }
        Self {
            policies: once,
            prepared: HashMap::new(),
        }
    }

    /// Judges the objects of one bundle. A policy that fails blocks it as well: nobody knows what it would have found.
    pub(super) async fn check(
        &mut self,
        shared: &Shared,
        collected: &Collected,
        objects: &Arc<Vec<Checked>>,
        context: &Context,
    ) -> Findings {
        let mut findings = Findings::default();
        for n in 0..self.policies.len() {
            let name = self.policies[n].plugin.clone();
            match self.one(n, shared, collected, objects, context).await {
                Ok(diagnostics) => diagnostics
                    .iter()
                    .for_each(|found| findings.take(&name, found, collected)),
                Err(problems) => findings.errors.extend(problems),
            }
        }
        findings
    }

    async fn one(
        &mut self,
        n: usize,
        shared: &Shared,
        collected: &Collected,
        objects: &Arc<Vec<Checked>>,
        context: &Context,
    ) -> Result<Arc<Vec<Diagnostic>>, Vec<Problem>> {
        let policy = &self.policies[n];
        let key = (n, collected.bundle.id());
        let prepared = match self.prepared.get(&key) {
            Some(prepared) => prepared.clone(),
            None => {
                let plugin = shared.plugins.get(&policy.plugin).await;
                let plugin = plugin.map_err(|problem| vec![problem])?;
                let judged = Judged {
                    objects: Arc::clone(objects),
                    settings: policy.settings.clone(),
                };
                let prepared = Prepared::check(plugin, judged);
                self.prepared.insert(key, prepared.clone());
                prepared
            }
        };
        let Cached { result, .. } = match shared.checks.known(&prepared, context).await {
            Some(known) => known,
            None => {
                // The semaphore is never closed; if it were, judging would still be right.
                let _permit = shared.permits.acquire().await;
                shared.checks.check(&prepared, context).await
            }
        };
        result.map_err(|error| {
            let mut problems = error.problems();
            for problem in &mut problems {
                if problem.reason == Reason::RenderFailed {
                    problem.reason = Reason::PolicyDenied;
                }
                problem.message = format!(
                    "policy `{}` could not judge: {}",
                    policy.plugin, problem.message
                );
            }
            problems
        })
    }
}

impl Findings {
    fn take(&mut self, policy: &str, found: &Diagnostic, collected: &Collected) {
        let (reason, list) = match found.severity {
            Severity::Error => (Reason::PolicyDenied, &mut self.errors),
            Severity::Warning => (Reason::PolicyWarning, &mut self.warnings),
            Severity::Info => return,
        };
        let mut problem = Problem::from_diagnostic(reason, found.clone());
        problem.message = format!("policy `{policy}`: {}", problem.message);
        let file = |object: &ObjectRef| collected.files.get(&object.to_string()).cloned();
        let place = problem
            .location
            .clone()
            .or_else(|| file(problem.object.as_ref()?));
        list.push(problem.at(place));
    }
}

/// The objects of a bundle as policies see them.
pub(super) fn checked(collected: &Collected) -> Vec<Checked> {
    let objects = collected.bundle.objects().iter();
    objects
        .map(|object| Checked {
            json: fleet_core::canonical::to_string(object.value()),
            origin: collected
                .files
                .get(&object.reference().to_string())
                .cloned(),
        })
        .collect()
}
