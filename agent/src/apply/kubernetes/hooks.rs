//! Runs Helm hooks: made, waited for, and deleted as their policies say.

use std::time::{Duration, Instant};

use fleet_agent_plan::apply::Step;
use fleet_agent_plan::outcome::{Action, Outcome};
use fleet_core::problem::{Problem, Reason};
use kube::api::DynamicObject;
use serde_json::Value;

use super::call::{Failure, api, timed};
use super::{Cluster, Done};

/// How long a hook may run: Helm's own default.
const RUN: Duration = Duration::from_secs(300);
/// How often a running hook is looked at.
const STEP: Duration = Duration::from_millis(500);

/// How a hook ended.
enum Ended {
    Well,
    Badly(String),
}

impl Cluster {
    /// Runs hooks of one weight: what runs refers to what does not, so that comes first; then one after the
    /// other, as in Helm. A hook that fails ends the apply.
    pub(super) async fn run_hooks(&self, steps: &[Step]) -> Done {
        let (running, plain): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|step| runs(step));
        let mut done = Done::default();
        for step in plain.into_iter().chain(running) {
            let ran = self.run_hook(step).await;
            let failed = ran
                .outcomes
                .iter()
                .find_map(|outcome| match &outcome.action {
                    Action::Failed(problem) => Some(problem.message.clone()),
                    _ => None,
                });
            done.and(ran);
            if done.stop.is_none()
                && let Some(why) = failed
            {
                let message = format!("nothing after it was applied: {why}");
                let problem = Problem::new(Reason::ApplyFailed, message);
                done.stop = Some(problem.about(step.object.reference()));
            }
            if done.stop.is_some() {
                break;
            }
        }
        done
    }

    async fn run_hook(&self, step: &Step) -> Done {
        let has = |policy: &str| {
            let mut policies = step.hook.iter().flat_map(|hook| &hook.delete_policies);
            policies.any(|known| known == policy)
        };
        if has("before-hook-creation")
            && let Err(failure) = self.clear(step).await
        {
            return self.hook_failed(step, failure);
        }
        let mut done = self.apply_steps(std::slice::from_ref(step)).await;
        let was_applied = done
            .outcomes
            .iter()
            .all(|outcome| !matches!(outcome.action, Action::Failed(_)));
        if done.stop.is_some() || !was_applied {
            return done;
        }
        let ended = match runs(step) {
            true => self.wait_for_end(step).await,
            false => Ok(Ended::Well),
        };
        let (policy, why) = match ended {
            Ok(Ended::Well) => ("hook-succeeded", None),
            Ok(Ended::Badly(why)) => ("hook-failed", Some(why)),
            Err(failure) => {
                done.stop = Some(failure.into_problem());
                return done;
            }
        };
        if has(policy) {
            match self.clear(step).await {
                Ok(()) => done.outcomes.push(gone(step)),
                Err(failure) => done.and(self.hook_failed(step, failure)),
            }
        }
        if let Some(why) = why {
            let object = step.object.reference();
            let problem = Problem::new(Reason::ApplyFailed, format!("the hook failed: {why}"));
            let outcome = super::apply::failed(step, problem.about(object));
            done.outcomes.push(outcome);
        }
        done
    }

    /// Deletes what an earlier run of the hook left.
    async fn clear(&self, step: &Step) -> Result<(), Failure> {
        let object = step.object.reference();
        let kinds = self.kinds();
        match kinds.get(&object.group, step.object.version(), &object.kind) {
            Some(served) => self.delete_and_wait(served, &object).await,
            // What is not served is reported when it is applied.
            None => Ok(()),
        }
    }

    async fn wait_for_end(&self, step: &Step) -> Result<Ended, Failure> {
        let object = step.object.reference();
        let kinds = self.kinds();
        let Some(served) = kinds.get(&object.group, step.object.version(), &object.kind) else {
            return Ok(Ended::Well);
        };
        let api = api(&self.client, served, &object.namespace);
        let deadline = Instant::now() + RUN;
        loop {
            let live: Option<DynamicObject> = timed(api.get_opt(&object.name)).await?;
            let Some(live) = live else {
                // Its time to live is over: it has ended, and nobody can tell how.
                return Ok(Ended::Well);
            };
            if let Some(ended) = how_it_ended(&live.data) {
                return Ok(ended);
            }
            if Instant::now() >= deadline {
                return Ok(Ended::Badly(format!("it still runs after {RUN:?}")));
            }
            tokio::time::sleep(STEP).await;
        }
    }

    fn hook_failed(&self, step: &Step, failure: Failure) -> Done {
        match failure.about(Reason::ApplyFailed, &step.object.reference()) {
            Ok(problem) => Done {
                outcomes: vec![super::apply::failed(step, problem)],
                stop: None,
            },
            Err(stop) => Done::stopped(stop),
        }
    }
}

/// Whether a hook is something that runs to an end.
fn runs(step: &Step) -> bool {
    matches!(
        (step.object.group(), step.object.kind()),
        ("batch", "Job") | ("", "Pod")
    )
}

/// How a Job or a Pod ended, if it has.
fn how_it_ended(object: &Value) -> Option<Ended> {
    let status = &object["status"];
    match status["phase"].as_str() {
        Some("Succeeded") => return Some(Ended::Well),
        Some("Failed") => {
            let why = status["message"].as_str().unwrap_or("its pod failed");
            return Some(Ended::Badly(why.to_owned()));
        }
        _ => {}
    }
    let conditions = status["conditions"].as_array()?;
    let is_true = |condition: &&Value| condition["status"].as_str() == Some("True");
    conditions
        .iter()
        .filter(is_true)
        .find_map(|condition| match condition["type"].as_str() {
            Some("Complete") => Some(Ended::Well),
            Some("Failed") => {
                let why = condition["message"].as_str().unwrap_or("the job failed");
                Some(Ended::Badly(why.to_owned()))
            }
            _ => None,
        })
}

fn gone(step: &Step) -> Outcome {
    super::apply::outcome(step, Action::Deleted, String::new())
}
