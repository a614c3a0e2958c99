//! The reading routes: lists, and one by name.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use fleet_core::name::{BundleName, ClusterName, GroupName, RepoName};
use fleet_host_plan::fleet::{DeploymentKey, Fleet, Now};
use serde::Deserialize;

use super::{Context, Refusal};
use crate::api::{
    Bundle, BundleDeployment, Cluster, ClusterGroup, GitRepo, Host, Kind, List, Summary,
};

type Shown<T> = Result<Json<T>, Refusal>;

/// Runs a question on the loop and turns what it gives into what operators see, off the loop.
async fn show<V, T>(
    context: &Context,
    question: impl FnOnce(&Fleet, Now) -> V + Send + 'static,
    convert: impl FnOnce(V) -> T,
) -> Result<T, Refusal>
where
    V: Send + 'static,
{
    Ok(convert(context.handle.ask(question).await?))
}

fn list<'a, V: 'a, T: From<&'a V>>(views: &'a [V]) -> Json<List<T>> {
    Json(List {
        items: views.iter().map(T::from).collect(),
    })
}

pub(super) async fn host(State(context): State<Arc<Context>>) -> Shown<Host> {
    let counts = context.handle.ask(|fleet, _| fleet.counts()).await?;
    let state = |state| counts.deployments.states.get(&state).copied().unwrap_or(0);
    use fleet_core::state::State as S;
    let summary = Summary {
        desired_ready: counts.deployments.desired(),
        ready: state(S::Ready),
        not_ready: state(S::NotReady),
        pending: state(S::Pending),
        out_of_sync: state(S::OutOfSync),
        modified: state(S::Modified),
        wait_applied: state(S::WaitApplied),
        err_applied: state(S::ErrApplied),
        offline: 0,
    };
    let about = context.about.clone();
    Ok(Json(Host {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        incarnation: about.incarnation,
        agents_url: about.agents_url,
        ca_pin: about.ca_pin,
        metrics_url: about.metrics_url,
        webhooks_url: about.webhooks_url,
        data_dir: about.data_dir.display().to_string(),
        plugins: about.plugins.map(|path| path.display().to_string()),
        clusters: counts.clusters,
        connected: counts.connected,
        summary,
    }))
}

pub(super) async fn git_repos(State(context): State<Arc<Context>>) -> Shown<List<GitRepo>> {
    show(&context, Fleet::view_repos, |views| list(&views)).await
}

pub(super) async fn git_repo(
    State(context): State<Arc<Context>>,
    Path(name): Path<String>,
) -> Shown<GitRepo> {
    let wanted = RepoName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let question = move |fleet: &Fleet, now| fleet.view_repo(&wanted, now);
    let found = show(&context, question, |view| view.as_ref().map(GitRepo::from)).await?;
    found
        .map(Json)
        .ok_or_else(|| Refusal::not_found(Kind::GitRepo, &name))
}

#[derive(Deserialize)]
pub(super) struct BundleQuery {
    repo: Option<RepoName>,
}

pub(super) async fn bundles(
    State(context): State<Arc<Context>>,
    Query(query): Query<BundleQuery>,
) -> Shown<List<Bundle>> {
    let question = move |fleet: &Fleet, now| fleet.view_bundles_of(query.repo.as_ref(), now);
    show(&context, question, |views| list(&views)).await
}

pub(super) async fn bundle(
    State(context): State<Arc<Context>>,
    Path(name): Path<String>,
) -> Shown<Bundle> {
    let wanted = BundleName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let question = move |fleet: &Fleet, now| fleet.view_bundle(&wanted, now);
    let found = show(&context, question, |view| view.as_ref().map(Bundle::from)).await?;
    found
        .map(Json)
        .ok_or_else(|| Refusal::not_found(Kind::Bundle, &name))
}

pub(super) async fn clusters(State(context): State<Arc<Context>>) -> Shown<List<Cluster>> {
    show(&context, Fleet::view_clusters, |views| list(&views)).await
}

pub(super) async fn cluster(
    State(context): State<Arc<Context>>,
    Path(name): Path<String>,
) -> Shown<Cluster> {
    let wanted = ClusterName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let question = move |fleet: &Fleet, now| fleet.view_cluster(&wanted, now);
    let found = show(&context, question, |view| view.as_ref().map(Cluster::from)).await?;
    found
        .map(Json)
        .ok_or_else(|| Refusal::not_found(Kind::Cluster, &name))
}

pub(super) async fn cluster_groups(
    State(context): State<Arc<Context>>,
) -> Shown<List<ClusterGroup>> {
    let question = |fleet: &Fleet, now| {
        let groups: Vec<_> = fleet.groups().cloned().collect();
        (groups, fleet.view_clusters(now))
    };
    show(&context, question, |(groups, clusters)| {
        Json(List {
            items: groups
                .iter()
                .map(|group| ClusterGroup::new(group, &clusters))
                .collect(),
        })
    })
    .await
}

pub(super) async fn cluster_group(
    State(context): State<Arc<Context>>,
    Path(name): Path<String>,
) -> Shown<ClusterGroup> {
    let wanted = GroupName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let question = move |fleet: &Fleet, now| {
        let group = fleet.group(&wanted)?.clone();
        Some((group, fleet.view_clusters(now)))
    };
    let found = show(&context, question, |found| {
        found.map(|(group, clusters)| ClusterGroup::new(&group, &clusters))
    })
    .await?;
    found
        .map(Json)
        .ok_or_else(|| Refusal::not_found(Kind::ClusterGroup, &name))
}

#[derive(Deserialize)]
pub(super) struct DeploymentQuery {
    cluster: Option<ClusterName>,
    bundle: Option<BundleName>,
    repo: Option<RepoName>,
}

pub(super) async fn deployments(
    State(context): State<Arc<Context>>,
    Query(query): Query<DeploymentQuery>,
) -> Shown<List<BundleDeployment>> {
    let question = move |fleet: &Fleet, now| {
        let of_repo: Option<Vec<BundleName>> = query.repo.as_ref().map(|repo| {
            let bundles = fleet.view_bundles_of(Some(repo), now).into_iter();
            bundles.map(|bundle| bundle.name).collect()
        });
        let meant = |key: &DeploymentKey| {
            query
                .cluster
                .as_ref()
                .is_none_or(|cluster| *cluster == key.0)
                && query.bundle.as_ref().is_none_or(|bundle| *bundle == key.1)
                && of_repo.as_ref().is_none_or(|names| names.contains(&key.1))
        };
        fleet.view_deployments(meant, now)
    };
    show(&context, question, |views| list(&views)).await
}

pub(super) async fn deployment(
    State(context): State<Arc<Context>>,
    Path((cluster, bundle)): Path<(String, String)>,
) -> Shown<BundleDeployment> {
    let name = format!("{cluster}/{bundle}");
    let key: DeploymentKey = (
        ClusterName::parse(cluster).map_err(|error| Refusal::bad_name(&error))?,
        BundleName::parse(bundle).map_err(|error| Refusal::bad_name(&error))?,
    );
    let question = move |fleet: &Fleet, now| {
        let views = fleet.view_deployments(|other| *other == key, now);
        views.into_iter().next()
    };
    let found = show(&context, question, |view| {
        view.as_ref().map(BundleDeployment::from)
    })
    .await?;
    found
        .map(Json)
        .ok_or_else(|| Refusal::not_found(Kind::BundleDeployment, &name))
}
