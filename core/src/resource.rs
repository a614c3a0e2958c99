//! The resources that a user writes: GitRepo, Cluster and ClusterGroup.
//!
//! Fields are named as in Rancher Fleet, so that its manifests can be applied unchanged. A field that
//! Rancher Fleet has and that is not here is refused by name, never silently dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::name::{ClusterName, GroupName, RepoName};
use crate::options::CorrectDrift;
use crate::selector::LabelSelector;

/// Group and version of our resources; the one of Rancher Fleet.
pub const API_VERSION: &str = "fleet.cattle.io/v1alpha1";

/// Workspace of a resource that names none: Rancher Fleet's default for downstream clusters.
pub const DEFAULT_NAMESPACE: &str = "fleet-default";

/// Any resource that `fleet apply -f` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[expect(
    clippy::large_enum_variant,
    reason = "one is read at a time, and matched at once"
)]
pub enum Resource {
    /// A repository to watch.
    GitRepo(GitRepo),
    /// A registered cluster.
    Cluster(Cluster),
    /// A selector over clusters.
    ClusterGroup(ClusterGroup),
}

/// Metadata of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata<N> {
    /// Name, unique within kind and namespace.
    pub name: N,
    /// Workspace.
    #[serde(default = "default_namespace")]
    pub namespace: String,
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl<N> Metadata<N> {
    /// Metadata with a name in the default workspace.
    pub fn named(name: N) -> Self {
        Self {
            name,
            namespace: default_namespace(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }
}

/// A repository to watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GitRepo {
    /// [`API_VERSION`].
    #[serde(default = "api_version")]
    pub api_version: String,
    /// Name, workspace, labels.
    pub metadata: Metadata<RepoName>,
    /// What to watch and where to deploy it.
    pub spec: GitRepoSpec,
}

/// What to watch and where to deploy it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GitRepoSpec {
    /// URL of the repository.
    pub repo: String,
    /// Branch to follow; `master` if neither branch nor revision is set, as in Rancher Fleet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Commit or tag; the branch decides where both are set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Folders (shell globs) to look for bundles in; the top of the repository if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Clusters to deploy to; the ClusterGroup `default` if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// How often to look for a new commit, as Go's duration (`15s`, `1m30s`); 15 s if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polling_interval: Option<String>,
    /// Whether polling is off, so that only webhooks and `fleet` wake the source.
    pub disable_polling: bool,
    /// Name of the secret with the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret_name: Option<String>,
    /// Certificate authorities in PEM, base64 as in Kubernetes, or plain PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_bundle: Option<String>,
    /// Whether the server's certificate is not verified; said aloud in the status.
    #[serde(rename = "insecureSkipTLSVerify")]
    pub insecure_skip_tls_verify: bool,
    /// Whether submodules are fetched too; they are left out otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recurse_submodules: bool,
    /// Whose signature a commit must carry before it is rendered; none is asked for without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<Verify>,
    /// Name of the secret that this repository's webhooks are signed with; the host's own if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_secret: Option<String>,
    /// How the state of a commit is told to the forge that holds it; it is told nothing without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_status: Option<CommitStatus>,
    /// Name of the secret for Helm repositories and registries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helm_secret_name: Option<String>,
    /// Name of a secret that holds `secrets-path.yaml`: which credential is for which paths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helm_secret_name_for_paths: Option<String>,
    /// The Helm repositories (regular expression, anchored at the start) that get the credential; none if empty.
    #[serde(rename = "helmRepoURLRegex", skip_serializing_if = "String::is_empty")]
    pub helm_repo_url_regex: String,
    /// What kustomizations may do besides what they do by themselves.
    #[serde(skip_serializing_if = "KustomizePermissions::is_none")]
    pub kustomize: KustomizePermissions,
    /// Whether clusters keep what they run and get nothing new.
    pub paused: bool,
    /// Whether objects stay when a bundle is removed.
    pub keep_resources: bool,
    /// Whether a bundle's namespace is deleted with it.
    pub delete_namespace: bool,
    /// Whether drift is corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_drift: Option<CorrectDrift>,
    /// Namespace forced on all bundles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_namespace: Option<String>,
    /// Service account that agents act as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// Raised to apply everything again.
    pub force_sync_generation: u64,
    /// Policies that every bundle of this repository must pass, besides those of the host.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
}

/// Whose signature a commit must carry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Verify {
    /// What must be signed.
    pub mode: VerifyMode,
    /// Public keys, one each: a line of OpenSSH's (`ssh-ed25519 AAAA… name`), or an armoured OpenPGP key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Name of a secret each of whose files holds public keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_name: Option<String>,
}

/// What of a revision must be signed; the words are Flux's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerifyMode {
    /// The commit.
    #[default]
    #[serde(rename = "HEAD")]
    Head,
    /// The annotated tag that named the commit.
    Tag,
    /// Both.
    TagAndHEAD,
}

/// How the state of a commit is told to a forge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommitStatus {
    /// Whose API it is.
    pub provider: ForgeKind,
    /// Where the API is, if not where the repository's URL says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_url: Option<String>,
    /// Name of the secret with the token; the repository's own credential if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_name: Option<String>,
    /// Under which name the state is shown; `fleet/<name of the GitRepo>` if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Link to show beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
}

/// The forges whose API for commit status is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForgeKind {
    /// GitHub and GitHub Enterprise.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitea and Forgejo.
    Gitea,
}

/// What kustomizations may do besides what they do by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KustomizePermissions {
    /// Whether `helmCharts` are rendered, as with `kustomize build --enable-helm`.
    pub enable_helm: bool,
    /// Whether resources may lie in other Git repositories or behind URLs, which the host then fetches.
    pub remote_bases: bool,
}

impl KustomizePermissions {
    /// Whether nothing is permitted.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// A policy plugin with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Name of the plugin.
    pub plugin: String,
    /// The plugin's settings.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub settings: Value,
}

/// Which clusters are meant; all criteria that are given must hold, and none given means none meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Target {
    /// Name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of one cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_name: Option<String>,
    /// Labels of clusters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_selector: Option<LabelSelector>,
    /// Name of one ClusterGroup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_group: Option<String>,
    /// Labels of ClusterGroups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_group_selector: Option<LabelSelector>,
    /// Whether nothing is deployed to these clusters.
    pub do_not_deploy: bool,
}

/// A registered cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cluster {
    /// [`API_VERSION`].
    #[serde(default = "api_version")]
    pub api_version: String,
    /// Name, workspace, labels, annotations.
    pub metadata: Metadata<ClusterName>,
    /// Settings.
    #[serde(default)]
    pub spec: ClusterSpec,
}

/// Settings of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ClusterSpec {
    /// Whether the cluster keeps what it runs and gets nothing new.
    pub paused: bool,
    /// Values that templates can use.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub template_values: BTreeMap<String, Value>,
}

/// A selector over clusters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterGroup {
    /// [`API_VERSION`].
    #[serde(default = "api_version")]
    pub api_version: String,
    /// Name, workspace, labels.
    pub metadata: Metadata<GroupName>,
    /// What it selects.
    #[serde(default)]
    pub spec: ClusterGroupSpec,
}

/// What a ClusterGroup selects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClusterGroupSpec {
    /// Labels of clusters; no selector selects nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<LabelSelector>,
}

fn default_namespace() -> String {
    DEFAULT_NAMESPACE.to_owned()
}

fn api_version() -> String {
    API_VERSION.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gitrepo_of_rancher_fleet_reads_unchanged() {
        let json = r#"{
            "apiVersion": "fleet.cattle.io/v1alpha1", "kind": "GitRepo",
            "metadata": {"name": "shop", "namespace": "fleet-default"},
            "spec": {"repo": "https://git.example/shop", "branch": "main", "paths": ["apps/*"],
                     "pollingInterval": "1m", "clientSecretName": "git",
                     "targets": [{"name": "dev", "clusterSelector": {"matchLabels": {"env": "dev"}}}]}}"#;
        let Resource::GitRepo(repo) = serde_json::from_str(json).unwrap() else {
            panic!("not a GitRepo")
        };
        assert_eq!(repo.spec.paths, ["apps/*"]);
        assert!(repo.spec.targets[0].cluster_selector.is_some());
        let again: Resource =
            serde_json::from_value(serde_json::to_value(Resource::GitRepo(repo.clone())).unwrap())
                .unwrap();
        assert_eq!(again, Resource::GitRepo(repo));
    }

    #[test]
    fn a_misspelt_field_is_refused_by_name() {
        let json = r#"{"kind": "GitRepo", "metadata": {"name": "a"}, "spec": {"repo": "x", "brunch": "main"}}"#;
        let error = serde_json::from_str::<Resource>(json)
            .unwrap_err()
            .to_string();
        assert!(error.contains("brunch"), "{error}");
    }
}
