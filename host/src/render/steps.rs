//! Calls renderers one after the other, each stacked on the output of the one before.

use std::collections::HashMap;
use std::sync::Arc;

use fleet_core::diagnostic::Location;
use fleet_core::digest::Digest;
use fleet_core::problem::{Problem, Reason};
use fleet_core::remote;
use fleet_core::rendered::Output;
use fleet_plugin::{Answer, Cached, Context, Observation, Prepared, Question, Request, Trace};
use fleet_render::variant::RenderStep;
use serde_json::json;

use super::Shared;

/// A step with its name, by which clusters share it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    digest: Digest,
    step: RenderStep,
}

impl Step {
    pub(super) fn new(step: RenderStep) -> Self {
        let RenderStep {
            plugin,
            path,
            settings,
            values,
        } = &step;
        let name = json!([plugin, path, settings, values]);
        Self {
            digest: Digest::of(&fleet_core::canonical::to_vec(&name)),
            step,
        }
    }
}

/// The renders of one bundle: what is the same for several clusters is prepared once.
#[derive(Debug, Default)]
pub(super) struct Chain {
    prepared: HashMap<(Digest, usize), Prepared<Request>>,
    /// Every output whose address is a key above or in a caller's table, so that no other one gets that address.
    outputs: HashMap<usize, Arc<Output>>,
}

/// What the last step gave, and what all of them had to say.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// The output; the same address for every cluster that shares it.
    pub(super) output: Arc<Output>,
    /// What somebody should look at.
    pub(super) warnings: Vec<Problem>,
    /// When it must be rendered again.
    pub(super) renew_at: Option<u64>,
}

impl Chain {
    /// Runs the steps, or finds what they would give.
    ///
    /// # Errors
    /// With what the first step that fails has to say.
    pub(super) async fn run(
        &mut self,
        shared: &Shared,
        steps: &[Step],
        context: &Context,
    ) -> Result<Made, Vec<Problem>> {
        let mut made = Made {
            output: Arc::default(),
            warnings: Vec::new(),
            renew_at: None,
        };
        let mut input = 0;
        for step in steps {
            let prepared = match self.prepared.get(&(step.digest, input)) {
                Some(prepared) => prepared.clone(),
                None => {
                    let prepared = prepare(shared, step, &made.output).await?;
                    self.prepared.insert((step.digest, input), prepared.clone());
                    prepared
                }
            };
            let Cached { result, trace } = call(shared, &prepared, context).await;
            let output = result.map_err(|error| {
                tracing::debug!(plugin = step.step.plugin, %error, "a plugin gave nothing");
                let outside = refused_outside(&trace, context);
                let problems = error.problems().into_iter();
                problems
                    .map(|mut problem| {
                        if problem.reason == Reason::RenderFailed {
                            problem.reason = outside.unwrap_or(problem.reason);
                        }
                        located(problem, &step.step)
                    })
                    .collect::<Vec<_>>()
            })?;
            let warnings = output
                .warnings
                .iter()
                .map(|warning| Problem::from_diagnostic(Reason::RenderWarning, warning.clone()));
            made.warnings.extend(warnings);
            made.renew_at = made.renew_at.into_iter().chain(trace.renew_at()).min();
            input = Arc::as_ptr(&output).addr();
            self.outputs.insert(input, Arc::clone(&output));
            made.output = output;
        }
        Ok(made)
    }
}

async fn prepare(
    shared: &Shared,
    Step { step, .. }: &Step,
    input: &Output,
) -> Result<Prepared<Request>, Vec<Problem>> {
    let plugin = shared
        .plugins
        .get(&step.plugin)
        .await
        .map_err(|problem| vec![located(problem, step)])?;
    Ok(Prepared::render(
        plugin,
        Request {
            path: step.path.clone(),
            settings: step.settings.clone(),
            values: step.values.clone(),
            inputs: input.manifests.clone(),
        },
    ))
}

async fn call(shared: &Shared, prepared: &Prepared<Request>, context: &Context) -> Cached<Output> {
    if let Some(known) = shared.renders.known(prepared, context).await {
        return known;
    }
    // The semaphore is never closed; if it were, running would still be right.
    let _permit = shared.permits.acquire().await;
    shared.renders.render(prepared, context).await
}

/// The word for why something outside was not to be had, if a call asked for some and got none: it is why it failed.
///
/// The files answer a question that they have answered before as they did then, without asking anybody.
fn refused_outside(trace: &Trace, context: &Context) -> Option<Reason> {
    let refused = trace
        .observations()
        .iter()
        .rev()
        .find_map(|seen| match seen {
            Observation {
                question: Question::Resolve(reference),
                answer: Answer::Refused(_),
            } => Some(reference),
            _ => None,
        })?;
    let error = context.files.files().resolve(refused).err()?;
    Some(remote::reason(&error))
}

/// The same problem, at least at the folder that was rendered.
fn located(problem: Problem, step: &RenderStep) -> Problem {
    let place = problem.location.clone().unwrap_or_else(|| Location {
        file: step.path.clone(),
        line: 0,
        column: 0,
    });
    problem.at(Some(place))
}
