//! Tells a forge one thing: the credential, the request, and the note that it was told.

use fleet_core::name::RepoName;
use fleet_forge::{Credential, Status, Told};
use tracing::warn;

use super::outbox::Ended;
use super::{Letter, Settings, record};
use crate::watch::ForgeKey;

/// Why a letter did not arrive.
pub(super) struct Failure {
    pub(super) ended: Ended,
    /// The metric's word.
    pub(super) outcome: &'static str,
    pub(super) why: String,
}

/// Tells the forge, and keeps that it was told.
pub(super) async fn deliver(
    settings: Settings,
    name: RepoName,
    letter: Letter,
    n_marks: u32,
) -> Result<Told, Failure> {
    let Letter {
        resource,
        target,
        mark,
    } = &letter;
    let admit = {
        let (settings, resource) = (settings.clone(), resource.clone());
        let project = target.project.clone();
        move || {
            let access = settings.credentials.forge(&resource, &project)?;
            let client = settings.source.web_client(&access.remote, project.api())?;
            Ok::<_, fleet_source::Error>((access.key, client))
        }
    };
    let (key, client) = match tokio::task::spawn_blocking(admit).await {
        Ok(Ok(admitted)) => admitted,
        Ok(Err(error)) => return Err(unusable(error.to_string())),
        Err(error) => return Err(unusable(error.to_string())),
    };
    let status = Status {
        state: mark.state,
        context: target.context.clone(),
        description: mark.description.clone(),
        target_url: target.link.clone(),
    };
    let tell = async |credential: &Credential| {
        let told = status.tell(&client, &target.project, &mark.commit, credential);
        told.await
    };
    let told = match key {
        ForgeKey::Fixed(credential) => tell(&credential).await,
        ForgeKey::App(app) => {
            let Some(apps) = settings.credentials.apps() else {
                return Err(unusable("this host takes no GitHub Apps".to_owned()));
            };
            let own = app.api(&target.host).map_err(failed)?;
            if own.host_str() != target.project.api().host_str() {
                return Err(unusable(format!("the GitHub App is for `{own}` only")));
            }
            let token = async || {
                let token = apps.for_statuses(&client, &app, &target.host, &target.project);
                token.await.map(Credential::Token)
            };
            match tell(&token().await.map_err(failed)?).await {
                Err(error)
                    if error.is_unauthorized()
                        && apps.refused_for_statuses(&app, &target.project) =>
                {
                    tell(&token().await.map_err(failed)?).await
                }
                told => told,
            }
        }
    };
    let told = told.map_err(failed)?;
    let record = letter.record(n_marks);
    let keep = move || record::keep(&*settings.store, &name, Some(&record));
    if let Err(error) = tokio::task::spawn_blocking(keep).await {
        warn!(%error, "could not keep what the forge was told");
    }
    Ok(told)
}

fn unusable(why: String) -> Failure {
    Failure {
        ended: Ended::Refused,
        outcome: "credential",
        why,
    }
}

fn failed(error: fleet_forge::Error) -> Failure {
    let (ended, outcome) = match &error {
        fleet_forge::Error::RateLimited { retry_after, .. } => {
            (Ended::Limited(*retry_after), "limited")
        }
        error if error.is_of_the_forge() => (Ended::Unwell, "unreachable"),
        _ => (Ended::Refused, "refused"),
    };
    Failure {
        ended,
        outcome,
        why: error.to_string(),
    }
}
