//! `fleet get`: tables, JSON and YAML, once or as things change.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::{Client, segment};
use super::output::{self, Format};
use super::table::{Cell, Table};
use super::{Failure, kind};
use crate::api::{Bundle, BundleDeployment, Cluster, ClusterGroup, GitRepo, Kind, List, Meta};
use crate::{clock, duration};

/// How often `--watch` looks.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Kind: gitrepos, bundles, clusters, clustergroups or deployments
    #[arg(value_parser = kind)]
    kind: Kind,
    /// Names; a deployment is named CLUSTER/BUNDLE
    names: Vec<String>,
    /// Format, instead of a table
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Format>,
    /// Only deployments on this cluster
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Only deployments of this bundle
    #[arg(long, value_name = "NAME")]
    bundle: Option<String>,
    /// Only bundles and deployments of this GitRepo
    #[arg(long, value_name = "NAME")]
    repo: Option<String>,
    /// Only what has this label; may be repeated
    #[arg(short = 'l', long, value_name = "KEY=VALUE", value_parser = super::pair)]
    label: Vec<(String, String)>,
    /// Go on and print each row that changes
    #[arg(short, long)]
    watch: bool,
}

pub(super) async fn run(args: Args, client: &Client) -> Result<(), Failure> {
    for (flag, given, kinds) in [
        (
            "--cluster",
            args.cluster.is_some(),
            &[Kind::BundleDeployment][..],
        ),
        ("--bundle", args.bundle.is_some(), &[Kind::BundleDeployment]),
        (
            "--repo",
            args.repo.is_some(),
            &[Kind::Bundle, Kind::BundleDeployment],
        ),
    ] {
        if given && !kinds.contains(&args.kind) {
            let plural = args.kind.plural();
            return Err(Failure::usage(format!(
                "`{flag}` has no meaning for {plural}"
            )));
        }
    }
    match args.kind {
        Kind::GitRepo => show::<GitRepo>(&args, client).await,
        Kind::Bundle => show::<Bundle>(&args, client).await,
        Kind::Cluster => show::<Cluster>(&args, client).await,
        Kind::ClusterGroup => show::<ClusterGroup>(&args, client).await,
        Kind::BundleDeployment => show::<BundleDeployment>(&args, client).await,
    }
}

/// A resource that can be a row.
pub(super) trait Row: Serialize + DeserializeOwned {
    /// Heads of the columns; the last ones only in the wide table.
    const HEADS: (&'static [&'static str], &'static [&'static str]);
    /// Its metadata.
    fn meta(&self) -> &Meta;
    /// Its cells, wide ones last.
    fn cells(&self) -> Vec<Cell>;
    /// Its name, unique within its kind.
    fn name(&self) -> String {
        self.meta().name.clone()
    }
}

async fn show<T: Row>(args: &Args, client: &Client) -> Result<(), Failure> {
    let items = fetch::<T>(args, client).await?;
    match args.output {
        Some(Format::Json | Format::Yaml) if args.watch => Err(Failure::usage(
            "`--watch` prints rows; it does not go with `-o json` or `-o yaml`",
        )),
        Some(format @ (Format::Json | Format::Yaml)) => {
            let yaml = format == Format::Yaml;
            // One that is asked for by name is printed alone, as kubectl does.
            let text = match items.as_slice() {
                [item] if args.names.len() == 1 => output::to_text(item, yaml)?,
                items => output::to_text(&list(items)?, yaml)?,
            };
            output::print(&text)
        }
        _ if args.watch => watch(args, client, items).await,
        _ if items.is_empty() => {
            eprintln!("no {} found", args.kind.plural());
            Ok(())
        }
        format => output::print(&table(&items, format == Some(Format::Wide)).text("")),
    }
}

fn list<T: Serialize>(items: &[T]) -> Result<Value, Failure> {
    let items = serde_json::to_value(items)
        .map_err(|error| Failure::new(format!("cannot print this: {error}")))?;
    Ok(json!({ "apiVersion": "v1", "kind": "List", "items": items }))
}

async fn fetch<T: Row>(args: &Args, client: &Client) -> Result<Vec<T>, Failure> {
    let plural = args.kind.plural();
    let mut items: Vec<T> = Vec::new();
    if args.names.is_empty() {
        let query: Vec<String> = [
            ("cluster", &args.cluster),
            ("bundle", &args.bundle),
            ("repo", &args.repo),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", segment(value.as_ref()?))))
        .collect();
        let list: List<T> = client
            .get(&format!("/v1/{plural}?{}", query.join("&")))
            .await?;
        items = list.items;
    }
    for name in &args.names {
        items.push(client.get(&path(args.kind, name)?).await?);
    }
    items.retain(|item| {
        let labels = &item.meta().labels;
        args.label
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
    });
    Ok(items)
}

/// The route of one resource.
///
/// # Errors
/// If the name of a deployment has not two parts.
pub(super) fn path(kind: Kind, name: &str) -> Result<String, Failure> {
    let plural = kind.plural();
    if kind != Kind::BundleDeployment {
        return Ok(format!("/v1/{plural}/{}", segment(name)));
    }
    let (cluster, bundle) = name.split_once('/').ok_or_else(|| {
        Failure::usage(format!(
            "`{name}` does not name a deployment: write CLUSTER/BUNDLE"
        ))
        .hint(format!(
            "`fleet get deployments --bundle {name}` shows a bundle on all its clusters"
        ))
    })?;
    Ok(format!(
        "/v1/{plural}/{}/{}",
        segment(cluster),
        segment(bundle)
    ))
}

/// A table of resources.
pub(super) fn table<T: Row>(items: &[T], wide: bool) -> Table {
    let (narrow, more) = T::HEADS;
    let more = if wide { more } else { &[] };
    let mut table = Table::new(narrow.iter().chain(more).copied());
    for item in items {
        let mut cells = item.cells();
        cells.truncate(narrow.len() + more.len());
        table.row(cells);
    }
    table
}

/// Prints the table, then each row that is new or has changed, and each name that is gone, until interrupted.
async fn watch<T: Row>(args: &Args, client: &Client, first: Vec<T>) -> Result<(), Failure> {
    let wide = args.output == Some(Format::Wide);
    let mut items = first;
    let mut known: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    let mut printed = false;
    loop {
        let table = table(&items, wide);
        let now: BTreeMap<String, Vec<Cell>> = items
            .iter()
            .map(T::name)
            .zip(table.rows().iter().cloned())
            .collect();
        if printed {
            let changed: Vec<Vec<Cell>> = now
                .iter()
                .filter(|(name, row)| known.get(*name) != Some(*row))
                .map(|(_, row)| row.clone())
                .collect();
            output::print(&table.only(&changed))?;
            for name in known.keys().filter(|name| !now.contains_key(*name)) {
                output::print(&format!("{name} is gone\n"))?;
            }
        } else if !items.is_empty() {
            output::print(&table.text(""))?;
            printed = true;
        }
        known = now;
        tokio::time::sleep(PAUSE).await;
        items = match fetch(args, client).await {
            Err(failure) if failure.error.starts_with("there is no") => Vec::new(),
            items => items?,
        };
    }
}

impl Row for GitRepo {
    const HEADS: (&'static [&'static str], &'static [&'static str]) = (
        &["NAME", "REPO", "COMMIT", "READY", "STATE", "MESSAGE"],
        &["BRANCH", "BUNDLES", "CLUSTERS-READY"],
    );

    fn meta(&self) -> &Meta {
        &self.metadata
    }

    fn cells(&self) -> Vec<Cell> {
        let status = &self.status;
        let commit = status.commit.as_deref().unwrap_or_default();
        vec![
            self.metadata.name.as_str().into(),
            without_userinfo(&self.spec.repo).into(),
            short(commit).into(),
            status.display.ready.as_str().into(),
            Cell::state(&status.display.state),
            status.display.message.as_str().into(),
            reference(self).into(),
            status.bundles.to_string().into(),
            format!(
                "{}/{}",
                status.ready_clusters, status.desired_ready_clusters
            )
            .into(),
        ]
    }
}

impl Row for Bundle {
    const HEADS: (&'static [&'static str], &'static [&'static str]) = (
        &["NAME", "REPO", "PATH", "READY", "STATE", "MESSAGE"],
        &["COMMIT"],
    );

    fn meta(&self) -> &Meta {
        &self.metadata
    }

    fn cells(&self) -> Vec<Cell> {
        let status = &self.status;
        vec![
            self.metadata.name.as_str().into(),
            self.spec.repo.as_str().into(),
            self.spec.path.as_str().into(),
            status.display.ready.as_str().into(),
            Cell::state(&status.display.state),
            status.display.message.as_str().into(),
            short(&status.commit).into(),
        ]
    }
}

impl Row for Cluster {
    const HEADS: (&'static [&'static str], &'static [&'static str]) = (
        &[
            "NAME",
            "READY",
            "STATE",
            "LAST-SEEN",
            "KUBERNETES",
            "MESSAGE",
        ],
        &["AGENT", "LABELS"],
    );

    fn meta(&self) -> &Meta {
        &self.metadata
    }

    fn cells(&self) -> Vec<Cell> {
        let status = &self.status;
        let kubernetes = match status.agent.kube_version.as_str() {
            "" => "-",
            version => version,
        };
        vec![
            self.metadata.name.as_str().into(),
            status.display.ready.as_str().into(),
            Cell::state(&status.display.state),
            last_seen(self).into(),
            kubernetes.into(),
            status.display.message.as_str().into(),
            status.agent.version.as_str().into(),
            labels(&self.metadata.labels).into(),
        ]
    }
}

impl Row for ClusterGroup {
    const HEADS: (&'static [&'static str], &'static [&'static str]) = (
        &["NAME", "CLUSTERS-READY", "READY", "STATE", "MESSAGE"],
        &["NOT-READY"],
    );

    fn meta(&self) -> &Meta {
        &self.metadata
    }

    fn cells(&self) -> Vec<Cell> {
        let status = &self.status;
        let n_ready = status.cluster_count - count(status.non_ready_clusters.len());
        vec![
            self.metadata.name.as_str().into(),
            format!("{n_ready}/{}", status.cluster_count).into(),
            status.display.ready.as_str().into(),
            Cell::state(&status.display.state),
            status.display.message.as_str().into(),
            status.non_ready_clusters.join(",").into(),
        ]
    }
}

impl Row for BundleDeployment {
    const HEADS: (&'static [&'static str], &'static [&'static str]) = (
        &["CLUSTER", "BUNDLE", "STATE", "OBJECTS", "MESSAGE"],
        &["GENERATION", "CONTENT", "REPORTED"],
    );

    fn meta(&self) -> &Meta {
        &self.metadata
    }

    fn name(&self) -> String {
        format!("{}/{}", self.spec.cluster, self.spec.bundle)
    }

    fn cells(&self) -> Vec<Cell> {
        let (spec, status) = (&self.spec, &self.status);
        let content = spec.content.as_deref().unwrap_or_default();
        vec![
            spec.cluster.as_str().into(),
            spec.bundle.as_str().into(),
            Cell::state(&status.display.state),
            spec.objects.to_string().into(),
            status.display.message.as_str().into(),
            spec.generation.to_string().into(),
            short(content.strip_prefix("sha256:").unwrap_or(content)).into(),
            status.reported.as_deref().unwrap_or("never").into(),
        ]
    }
}

/// The branch or revision that a GitRepo follows.
pub(super) fn reference(repo: &GitRepo) -> &str {
    let given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    match (&repo.spec.branch, &repo.spec.revision) {
        (Some(branch), _) if given(&repo.spec.branch) => branch,
        (_, Some(revision)) if given(&repo.spec.revision) => revision,
        _ => "master",
    }
}

/// A commit or digest as people write it.
pub(super) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

/// When a cluster was heard of last.
pub(super) fn last_seen(cluster: &Cluster) -> String {
    let agent = &cluster.status.agent;
    match agent.last_seen_seconds {
        _ if agent.connected => "now".to_owned(),
        Some(at) => format!("{} ago", duration::age(clock::now().saturating_sub(at))),
        None => "never".to_owned(),
    }
}

/// Labels as `key=value,…`.
pub(super) fn labels(labels: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    pairs.join(",")
}

/// A URL without user and password.
pub(super) fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match (scheme, authority.rsplit_once('@')) {
        ("http" | "https", Some((_, host))) => format!("{scheme}://{host}{path}"),
        _ => url.to_owned(),
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Display, GitRepoStatus};

    fn repo(name: &str, state: &str, message: &str) -> GitRepo {
        GitRepo {
            api_version: fleet_core::resource::API_VERSION.to_owned(),
            kind: Kind::GitRepo,
            metadata: Meta {
                name: name.to_owned(),
                ..Meta::default()
            },
            spec: fleet_core::resource::GitRepoSpec {
                repo: "https://me:hunter2@git.example.org/shop".to_owned(),
                ..Default::default()
            },
            status: GitRepoStatus {
                commit: Some("c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00".to_owned()),
                display: Display {
                    state: state.to_owned(),
                    ready: "1/2".to_owned(),
                    message: message.to_owned(),
                },
                ..Default::default()
            },
        }
    }

    #[test]
    fn gitrepos_are_a_table() {
        let items = [
            repo("shop", "Ready", ""),
            repo("web", "ErrApplied", "RenderFailed"),
        ];
        let text = table(&items, false).text("");
        let text = anstream::adapter::strip_str(&text).to_string();
        insta::assert_snapshot!(text, @r"
        NAME   REPO                           COMMIT         READY   STATE        MESSAGE
        shop   https://git.example.org/shop   c0ffee00c0ff   1/2     Ready
        web    https://git.example.org/shop   c0ffee00c0ff   1/2     ErrApplied   RenderFailed
        ");
    }

    #[test]
    fn a_deployment_is_named_by_cluster_and_bundle() {
        let found = path(Kind::BundleDeployment, "edge-1/shop").unwrap();
        assert_eq!(found, "/v1/deployments/edge-1/shop");
        assert!(path(Kind::BundleDeployment, "shop").unwrap_err().usage);
    }
}
