//! `fleet host`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fleet_core::error::chain;
use fleet_core::resource::Policy;
use fleet_core::secret::Secret;
use fleet_secrets::Place;
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};
use tracing::info;

use super::Failure;
use crate::host::{Host, Settings};
use crate::{duration, logs, webhook};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address on which agents are listened for
    #[arg(
        long,
        env = "FLEET_AGENTS",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8443"
    )]
    agents: SocketAddr,
    /// URL under which agents reach that address, `https://host:port` [default: the address itself]
    #[arg(long, env = "FLEET_AGENTS_URL", value_name = "URL")]
    agents_url: Option<String>,
    /// Address of /metrics, /healthz and /readyz; `off` for none
    #[arg(
        long,
        env = "FLEET_METRICS",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081",
        value_parser = address_or_off
    )]
    metrics: Listen,
    /// Address on which webhooks of Git forges are taken [default: none are]
    #[arg(long, env = "FLEET_WEBHOOKS", value_name = "ADDRESS")]
    webhooks: Option<SocketAddr>,
    /// File of the certificate chain for webhooks, PEM; plain HTTP without, for use behind an ingress
    #[arg(
        long,
        env = "FLEET_WEBHOOK_TLS_CERT",
        value_name = "FILE",
        requires = "webhook_tls_key"
    )]
    webhook_tls_cert: Option<PathBuf>,
    /// File of its key, PEM
    #[arg(
        long,
        env = "FLEET_WEBHOOK_TLS_KEY",
        value_name = "FILE",
        requires = "webhook_tls_cert"
    )]
    webhook_tls_key: Option<PathBuf>,
    /// Secret that webhooks are signed with, for GitRepos that set no `webhookSecret`
    #[arg(long, env = "FLEET_WEBHOOK_SECRET", value_name = "NAME")]
    webhook_secret: Option<String>,
    /// Believe unsigned webhooks for GitRepos that no secret is for: anybody can then make the host look at them
    #[arg(long, env = "FLEET_WEBHOOK_ALLOW_UNSIGNED")]
    webhook_allow_unsigned: bool,
    /// Folder of plugins, NAME.wasm each [default: `plugins` beside the program, or above it]
    #[arg(long, env = "FLEET_PLUGINS", value_name = "DIR")]
    plugins: Option<PathBuf>,
    /// Folder for compiled plugins [default: `cache` in the data directory]
    #[arg(long, env = "FLEET_PLUGIN_CACHE", value_name = "DIR")]
    plugin_cache: Option<PathBuf>,
    /// Policy plugin that every bundle must pass, with a YAML file of its settings; may be repeated
    #[arg(
        long = "policy",
        env = "FLEET_POLICY",
        value_name = "NAME[=FILE]",
        value_delimiter = ','
    )]
    policies: Vec<String>,
    /// Folder of secrets, one folder each, in the layout of mounted Kubernetes secrets
    #[arg(long, env = "FLEET_SECRETS_DIR", value_name = "DIR")]
    secrets_dir: Option<PathBuf>,
    /// Namespace whose Kubernetes Secrets are the secrets, instead of a folder
    #[arg(
        long,
        env = "FLEET_SECRETS_NAMESPACE",
        value_name = "NAMESPACE",
        conflicts_with = "secrets_dir"
    )]
    secrets_namespace: Option<String>,
    /// Kubeconfig file of the cluster with that namespace [default: the user's own, else the pod's service account]
    #[arg(
        long,
        env = "FLEET_KUBECONFIG",
        value_name = "FILE",
        requires = "secrets_namespace"
    )]
    kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig file
    #[arg(
        long,
        env = "FLEET_KUBE_CONTEXT",
        value_name = "NAME",
        requires = "secrets_namespace"
    )]
    context: Option<String>,
    /// Folder of the certificate authority [default: `identity` in the data directory]
    #[arg(long, env = "FLEET_IDENTITY_DIR", value_name = "DIR")]
    identity_dir: Option<PathBuf>,
    /// Trust domain of the agents' identities; changing it makes every agent join again
    #[arg(
        long,
        env = "FLEET_TRUST_DOMAIN",
        value_name = "NAME",
        default_value = "fleet.local"
    )]
    trust_domain: String,
    /// How often repositories are polled that set no `pollingInterval`
    #[arg(
        long,
        env = "FLEET_POLLING_INTERVAL",
        value_name = "DURATION",
        default_value = "15s",
        value_parser = duration::parse
    )]
    polling_interval: Duration,
    /// How many repositories are looked at at the same time
    #[arg(long, env = "FLEET_MAX_POLLS", value_name = "N", default_value_t = 8)]
    max_polls: usize,
    /// How many commits are rendered at the same time [default: one for each processor]
    #[arg(long, env = "FLEET_MAX_RENDERS", value_name = "N")]
    max_renders: Option<usize>,
    /// How many connections of agents are held
    #[arg(
        long,
        env = "FLEET_MAX_AGENTS",
        value_name = "N",
        default_value_t = 20_000
    )]
    max_agents: usize,
    /// Proxy for Git over HTTP and HTTPS, `http://user:password@host:port`
    #[arg(
        long,
        env = "FLEET_GIT_PROXY",
        value_name = "URL",
        hide_env_values = true
    )]
    git_proxy: Option<String>,
    /// Hosts that are reached without that proxy, as in NO_PROXY
    #[arg(long, env = "FLEET_GIT_NO_PROXY", value_name = "HOSTS")]
    git_no_proxy: Option<String>,
    /// File of SSH host keys for repositories whose secret has no `known_hosts`, as OpenSSH writes it
    #[arg(long, env = "FLEET_GIT_KNOWN_HOSTS", value_name = "FILE")]
    git_known_hosts: Option<PathBuf>,
    /// Refuse repositories on the host's own disk
    #[arg(long, env = "FLEET_NO_LOCAL_REPOS")]
    no_local_repos: bool,
    /// Host (`name` or `name:port`) of charts that is spoken to without TLS, and gets no credential; may be repeated
    #[arg(
        long = "plain-http-host",
        env = "FLEET_PLAIN_HTTP_HOSTS",
        value_name = "HOST",
        value_delimiter = ','
    )]
    plain_http_hosts: Vec<String>,
    /// Which log lines are written: `info`, or `info,fleet_host=debug`
    #[arg(long, env = "FLEET_LOG", value_name = "FILTER", default_value = "info")]
    log: String,
    /// How log lines are written
    #[arg(
        long,
        env = "FLEET_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    log_format: logs::Format,
}

/// An address, or none.
#[derive(Clone, Copy, Debug)]
struct Listen(Option<SocketAddr>);

fn address_or_off(text: &str) -> Result<Listen, String> {
    if text == "off" {
        return Ok(Listen(None));
    }
    text.parse()
        .map(|address| Listen(Some(address)))
        .map_err(|_| "write it like `127.0.0.1:8081`, or `off`".to_owned())
}

pub(super) async fn run(args: Args, data_dir: PathBuf) -> Result<(), Failure> {
    logs::init(&args.log, args.log_format)
        .map_err(|error| Failure::usage(format!("cannot use `--log {}`: {error}", args.log)))?;
    let settings = settings(args, data_dir)?;
    info!(settings = ?settings, "host starts");
    let cannot_listen = |error| Failure::new(format!("cannot listen for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot_listen)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot_listen)?;
    let host = Host::start(settings)
        .await
        .map_err(|error| Failure::new(chain(&error)))?;
    let mut stopping = false;
    loop {
        let signal = tokio::select! {
            stopped = host.stopped() => {
                return stopped.map_err(|error| Failure::new(chain(&error)));
            }
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        if stopping {
            return Err(Failure::new("stopped at once, by a second signal"));
        }
        info!(signal, "host stops");
        stopping = true;
        host.stop();
    }
}

fn settings(args: Args, data_dir: PathBuf) -> Result<Settings, Failure> {
    let defaults = Settings::new(data_dir);
    let policies = args
        .policies
        .iter()
        .map(|text| policy(text))
        .collect::<Result<_, _>>()?;
    let webhooks = args.webhooks.map(|address| webhook::Settings {
        address,
        tls: args.webhook_tls_cert.zip(args.webhook_tls_key),
        secret: args.webhook_secret,
        allow_unsigned: args.webhook_allow_unsigned,
    });
    let secrets = match (args.secrets_namespace, args.secrets_dir) {
        (Some(name), _) => Place::Namespace {
            name,
            kubeconfig: args.kubeconfig,
            context: args.context,
        },
        (None, Some(folder)) => Place::Folder(folder),
        (None, None) => Place::Nowhere,
    };
    Ok(Settings {
        identity_dir: args.identity_dir,
        agents: args.agents,
        agents_url: args.agents_url,
        metrics: args.metrics.0,
        webhooks,
        plugins: args.plugins,
        plugin_cache: args.plugin_cache,
        policies,
        secrets,
        trust_domain: args.trust_domain,
        polling_interval: args.polling_interval,
        max_polls: args.max_polls,
        max_renders: args.max_renders.unwrap_or(defaults.max_renders),
        max_agents: args.max_agents,
        git: fleet_source::Options {
            proxy: args.git_proxy.map(Secret::new),
            no_proxy: args.git_no_proxy,
            known_hosts: args.git_known_hosts,
            local: !args.no_local_repos,
            ..defaults.git.clone()
        },
        artifacts: fleet_artifact::Options {
            plain_http_hosts: args.plain_http_hosts.into_iter().collect(),
            ..defaults.artifacts.clone()
        },
        ..defaults
    })
}

/// `NAME`, or `NAME=FILE` with the settings.
fn policy(text: &str) -> Result<Policy, Failure> {
    let Some((plugin, file)) = text.split_once('=') else {
        return Ok(Policy {
            plugin: text.to_owned(),
            settings: Value::Null,
        });
    };
    let refuse = |why: String| {
        Failure::usage(format!(
            "cannot read the settings of policy `{plugin}` from `{file}`: {why}"
        ))
    };
    let content =
        std::fs::read_to_string(Path::new(file)).map_err(|error| refuse(error.to_string()))?;
    let settings = fleet_yaml::from_str(&content, fleet_yaml::Duplicates::Refuse)
        .map_err(|error| refuse(error.to_string()))?;
    Ok(Policy {
        plugin: plugin.to_owned(),
        settings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_has_a_name_and_perhaps_settings() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("p.yaml");
        std::fs::write(&file, "severity: {latest: error}\n").unwrap();
        assert_eq!(policy("baseline").unwrap().settings, Value::Null);
        let with = policy(&format!("baseline={}", file.display())).unwrap();
        assert_eq!(with.plugin, "baseline");
        assert_eq!(with.settings["severity"]["latest"], "error");
        assert!(policy("baseline=/nonexistent").is_err());
    }

    /// The effective settings are logged.
    #[test]
    fn a_proxy_with_a_password_is_not_shown() {
        let mut settings = Settings::new("/x");
        settings.git.proxy = Some(Secret::new("http://u:hunter2@proxy".to_owned()));
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
