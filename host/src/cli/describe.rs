//! `fleet describe`: one resource, what is wrong with it, where, and what to do next.

use std::fmt::Write as _;

use fleet_core::resource::{Verify, VerifyMode};
use owo_colors::OwoColorize as _;

use super::client::{Client, segment};
use super::get::{self, labels, last_seen, reference, short, without_userinfo};
use super::{Failure, kind, output};
use crate::api::{
    Bundle, BundleDeployment, Cluster, ClusterGroup, GitRepo, Kind, List, Meta, ObjectStatus,
    Problem,
};

/// The most deployments that are listed below something else.
const MAX_LISTED: usize = 50;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Kind: gitrepo, bundle, cluster, clustergroup or deployment
    #[arg(value_parser = kind)]
    kind: Kind,
    /// Name; a deployment is named CLUSTER/BUNDLE
    name: String,
}

pub(super) async fn run(args: Args, client: &Client) -> Result<(), Failure> {
    let path = get::path(args.kind, &args.name)?;
    let text = match args.kind {
        Kind::GitRepo => {
            let repo: GitRepo = client.get(&path).await?;
            let query = format!("repo={}", segment(&args.name));
            let bundles: List<Bundle> = client.get(&format!("/v1/bundles?{query}")).await?;
            git_repo(&repo, &bundles.items)
        }
        Kind::Bundle => {
            let bundle: Bundle = client.get(&path).await?;
            let query = format!("bundle={}", segment(&args.name));
            bundle_text(&bundle, &deployments(client, &query).await?)
        }
        Kind::Cluster => {
            let cluster: Cluster = client.get(&path).await?;
            let query = format!("cluster={}", segment(&args.name));
            cluster_text(&cluster, &deployments(client, &query).await?)
        }
        Kind::ClusterGroup => group_text(&client.get(&path).await?),
        Kind::BundleDeployment => deployment_text(&client.get(&path).await?),
    };
    output::print(&text)
}

async fn deployments(client: &Client, query: &str) -> Result<Vec<BundleDeployment>, Failure> {
    let list: List<BundleDeployment> = client.get(&format!("/v1/deployments?{query}")).await?;
    Ok(list.items)
}

/// A text that grows line by line.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, name: &str, value: impl AsRef<str>) {
        let value = value.as_ref();
        if !value.is_empty() {
            // Writing to a string does not fail.
            let _ = writeln!(self.0, "{:13} {value}", format!("{name}:"));
        }
    }

    fn meta(&mut self, meta: &Meta) {
        self.line("Name", &meta.name);
        self.line("Workspace", &meta.namespace);
        self.line("Labels", labels(&meta.labels));
        self.line("Annotations", labels(&meta.annotations));
    }

    fn section(&mut self, title: &str) {
        let _ = writeln!(self.0, "\n{}", format!("{title}:").bold());
    }

    fn table<T: get::Row>(&mut self, title: &str, items: &[T]) {
        if items.is_empty() {
            return;
        }
        self.section(title);
        let shown = &items[..items.len().min(MAX_LISTED)];
        self.0 += &get::table(shown, false).text("  ");
        if items.len() > MAX_LISTED {
            let _ = writeln!(self.0, "  and {} more", items.len() - MAX_LISTED);
        }
    }

    fn problems(&mut self, title: &str, problems: &[Problem]) {
        if problems.is_empty() {
            return;
        }
        self.section(title);
        for problem in problems {
            self.problem("  ", problem);
        }
    }

    fn problem(&mut self, indent: &str, problem: &Problem) {
        let _ = write!(self.0, "{indent}{}", problem.reason.red());
        if let Some(place) = place(problem) {
            let _ = write!(self.0, "  {}", place.bold());
        }
        if let Some(object) = &problem.object {
            let _ = write!(self.0, "  {object}");
        }
        self.0.push('\n');
        for line in problem.message.lines() {
            let _ = writeln!(self.0, "{indent}    {line}");
        }
        if let Some(hint) = &problem.hint {
            for (n, line) in hint.lines().enumerate() {
                let head = if n == 0 { "hint: " } else { "      " };
                let _ = writeln!(self.0, "{indent}    {}{line}", head.cyan());
            }
        }
    }

    fn not_ready(&mut self, objects: &[ObjectStatus]) {
        if objects.is_empty() {
            return;
        }
        self.section("Objects that are not ready");
        for object in objects {
            let health = output::state(&object.health);
            let _ = writeln!(self.0, "  {}  {health}", object.object);
            for line in object.message.lines() {
                let _ = writeln!(self.0, "      {line}");
            }
        }
    }

    /// What is wrong with deployments, below the name that `title` gives each.
    fn troubles(
        &mut self,
        deployments: &[BundleDeployment],
        title: impl Fn(&BundleDeployment) -> &str,
    ) {
        let wrong: Vec<&BundleDeployment> = deployments
            .iter()
            .filter(|deployment| !deployment.status.problems.is_empty())
            .take(MAX_LISTED)
            .collect();
        if wrong.is_empty() {
            return;
        }
        self.section("Problems");
        for deployment in wrong {
            let _ = writeln!(self.0, "  {}", title(deployment).bold());
            for problem in &deployment.status.problems {
                self.problem("    ", problem);
            }
        }
    }
}

/// `file:line:column`, as editors and terminals take it.
fn place(problem: &Problem) -> Option<String> {
    let mut place = problem.file.clone()?;
    if let Some(line) = problem.line {
        let _ = write!(place, ":{line}");
        if let Some(column) = problem.column {
            let _ = write!(place, ":{column}");
        }
    }
    Some(place)
}

fn git_repo(repo: &GitRepo, bundles: &[Bundle]) -> String {
    let (spec, status) = (&repo.spec, &repo.status);
    let mut text = Text::default();
    text.meta(&repo.metadata);
    text.line("Repo", without_userinfo(&spec.repo));
    text.line("Revision", reference(repo));
    if let Some(verify) = &spec.verify {
        text.line("Verify", verified_by(verify));
    }
    let submodules = if spec.recurse_submodules {
        "fetched too"
    } else {
        ""
    };
    text.line("Submodules", submodules);
    text.line("Paths", spec.paths.join(", "));
    let commit = match (&status.commit, &status.fetched_commit) {
        (Some(commit), Some(newer)) if commit != newer => {
            format!("{commit} ({} is fetched, and not taken)", short(newer))
        }
        (Some(commit), _) => commit.clone(),
        (None, Some(newer)) => format!("none yet ({} is fetched)", short(newer)),
        (None, None) => "none yet".to_owned(),
    };
    text.line("Commit", commit);
    text.line("Rendering", if status.rendering { "now" } else { "" });
    if spec.insecure_skip_tls_verify {
        text.line(
            "TLS",
            "the server's certificate is NOT verified".red().to_string(),
        );
    }
    text.line("State", output::state(&status.display.state));
    text.line("Ready", format!("{} deployments", status.display.ready));
    let clusters = format!(
        "{}/{}",
        status.ready_clusters, status.desired_ready_clusters
    );
    text.line("Clusters", format!("{clusters} ready"));
    text.line("Message", &status.display.message);
    text.table("Bundles", bundles);
    text.problems("Problems", &status.problems);
    text.problems("Warnings", &status.warnings);
    text.0
}

/// Whose signature a commit must carry.
fn verified_by(verify: &Verify) -> String {
    let what = match verify.mode {
        VerifyMode::Head => "the commit",
        VerifyMode::Tag => "the tag",
        VerifyMode::TagAndHEAD => "the tag and the commit",
    };
    let mut by = Vec::new();
    match verify.keys.len() {
        0 => {}
        1 => by.push("one key".to_owned()),
        n => by.push(format!("one of {n} keys")),
    }
    by.extend(
        verify
            .secret_name
            .iter()
            .map(|name| format!("a key of the secret `{name}`")),
    );
    format!("{what} must be signed with {}", by.join(" or "))
}

fn bundle_text(bundle: &Bundle, deployments: &[BundleDeployment]) -> String {
    let status = &bundle.status;
    let mut text = Text::default();
    text.meta(&bundle.metadata);
    text.line("GitRepo", &bundle.spec.repo);
    text.line("Path", &bundle.spec.path);
    text.line("Commit", &status.commit);
    text.line("State", output::state(&status.display.state));
    text.line("Ready", format!("{} deployments", status.display.ready));
    text.line("Message", &status.display.message);
    text.table("Deployments", deployments);
    text.troubles(deployments, |deployment| &deployment.spec.cluster);
    text.0
}

fn cluster_text(cluster: &Cluster, deployments: &[BundleDeployment]) -> String {
    let status = &cluster.status;
    let mut text = Text::default();
    text.meta(&cluster.metadata);
    text.line("Kubernetes", &status.agent.kube_version);
    text.line("Agent", &status.agent.version);
    text.line("Last seen", last_seen(cluster));
    text.line("State", output::state(&status.display.state));
    text.line("Ready", format!("{} deployments", status.display.ready));
    text.line("Message", &status.display.message);
    text.table("Deployments", deployments);
    text.troubles(deployments, |deployment| &deployment.spec.bundle);
    if !status.orphaned.is_empty() {
        text.section("Orphaned (the cluster runs them, and this host knows nothing of them)");
        for name in &status.orphaned {
            let _ = writeln!(text.0, "  {name}");
        }
    }
    text.0
}

fn group_text(group: &ClusterGroup) -> String {
    let status = &group.status;
    let mut text = Text::default();
    text.meta(&group.metadata);
    let selector = group.spec.selector.as_ref();
    let selector = selector.and_then(|selector| serde_json::to_string(selector).ok());
    text.line(
        "Selector",
        selector.as_deref().unwrap_or("none: it selects nothing"),
    );
    text.line("Clusters", status.cluster_count.to_string());
    text.line("Not ready", status.non_ready_clusters.join(", "));
    text.line("State", output::state(&status.display.state));
    text.line("Ready", format!("{} deployments", status.display.ready));
    text.line("Message", &status.display.message);
    text.0
}

fn deployment_text(deployment: &BundleDeployment) -> String {
    let (spec, status) = (&deployment.spec, &deployment.status);
    let mut text = Text::default();
    text.line("Bundle", &spec.bundle);
    text.line("Cluster", &spec.cluster);
    text.line("State", output::state(&status.display.state));
    text.line("Waiting", status.waiting.as_deref().unwrap_or_default());
    text.line("Health", status.health.as_deref().unwrap_or_default());
    text.line("Objects", spec.objects.to_string());
    if let Some(changes) = &status.changes {
        let counts = [
            (changes.created, "created"),
            (changes.configured, "configured"),
            (changes.unchanged, "unchanged"),
            (changes.deleted, "deleted"),
            (changes.skipped, "skipped"),
            (changes.failed, "failed"),
        ];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        text.line("Last apply", counts.join(", "));
    }
    text.line("Generation", spec.generation.to_string());
    text.line("Content", spec.content.as_deref().unwrap_or_default());
    text.line("Reported", status.reported.as_deref().unwrap_or("never"));
    text.not_ready(&status.not_ready);
    text.problems("Problems", &status.problems);
    text.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{DeploymentSpec, DeploymentStatus, Display};

    #[test]
    fn a_failure_is_shown_with_its_place_and_a_way_out() {
        let deployment = BundleDeployment {
            api_version: fleet_core::resource::API_VERSION.to_owned(),
            kind: Kind::BundleDeployment,
            metadata: Meta::default(),
            spec: DeploymentSpec {
                cluster: "edge-1".to_owned(),
                bundle: "shop-web".to_owned(),
                generation: 3,
                objects: 2,
                ..DeploymentSpec::default()
            },
            status: DeploymentStatus {
                display: Display {
                    state: "NotReady".to_owned(),
                    ..Display::default()
                },
                not_ready: vec![ObjectStatus {
                    object: "Deployment.apps/shop/web".to_owned(),
                    health: "InProgress".to_owned(),
                    message: "1 of 2 updated".to_owned(),
                }],
                problems: vec![Problem {
                    reason: "RenderFailed".to_owned(),
                    message: "could not render:\n`.Values.tag` is not set".to_owned(),
                    object: None,
                    file: Some("apps/web/templates/d.yaml".to_owned()),
                    line: Some(14),
                    column: Some(3),
                    hint: Some("set `helm.values.tag`".to_owned()),
                }],
                ..DeploymentStatus::default()
            },
        };
        let text = deployment_text(&deployment);
        let text = anstream::adapter::strip_str(&text).to_string();
        insta::assert_snapshot!(text, @r"
        Bundle:       shop-web
        Cluster:      edge-1
        State:        NotReady
        Objects:      2
        Generation:   3
        Reported:     never

        Objects that are not ready:
          Deployment.apps/shop/web  InProgress
              1 of 2 updated

        Problems:
          RenderFailed  apps/web/templates/d.yaml:14:3
              could not render:
              `.Values.tag` is not set
              hint: set `helm.values.tag`
        ");
    }
}
