//! `POST /v1/reports`: how deployments are doing.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use fleet_core::problem::Problem;
use fleet_core::wire::{MAX_LISTED, Report};
use fleet_host_plan::fleet::Event;

use super::agent::Agent;
use super::{Context, Refusal, body};
use crate::drive::Refused;
use crate::metrics::Outcome;

/// The longest text of a report that is kept, in characters. What is longer was not written for people.
const MAX_TEXT: usize = 4000;

pub(crate) async fn report(
    State(context): State<Arc<Context>>,
    agent: Agent,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let count = |word| {
        context
            .metrics
            .reports
            .get_or_create(&Outcome::word(word))
            .inc()
    };
    let mut report: Report = match body::json(&headers, body).await {
        Ok(report) => report,
        Err(refusal) => {
            count("refused");
            return Err(refusal);
        }
    };
    clip(&mut report);
    match context
        .handle
        .try_tell(Event::Reported(agent.cluster, Box::new(report)))
    {
        Ok(()) => {
            count("ok");
            Ok(StatusCode::NO_CONTENT)
        }
        Err(refused) => {
            count(match refused {
                Refused::Behind => "behind",
                Refused::Stopped => "stopping",
            });
            Err(refused.into())
        }
    }
}

/// Cuts what an agent says to what is kept: lists to their agreed length, texts to a readable one.
fn clip(report: &mut Report) {
    for deployment in &mut report.deployments {
        deployment.not_ready.truncate(MAX_LISTED);
        deployment.problems.truncate(MAX_LISTED);
        for object in &mut deployment.not_ready {
            clip_text(&mut object.message);
        }
        for Problem { message, hint, .. } in &mut deployment.problems {
            clip_text(message);
            hint.iter_mut().for_each(clip_text);
        }
    }
}

fn clip_text(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(at);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_character() {
        let mut text = "ä".repeat(MAX_TEXT);
        clip_text(&mut text);
        assert_eq!(text.chars().count(), MAX_TEXT);
        text.push('x');
        clip_text(&mut text);
        assert!(text.ends_with("ä…"));
    }
}
