//! The command line: every flag has an environment variable as its twin.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use fleet_core::digest::Digest;
use fleet_core::secret::Secret;
use jiff::SignedDuration;
use url::Url;

use crate::link::Settings;

/// The agent of Fleet: holds a link to the host and applies what the host desires.
#[derive(Debug, Parser)]
#[command(name = "fleet-agent", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How the log looks.
    #[arg(long, global = true, env = "FLEET_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// What is logged, as `tracing` filters: `info`, `fleet_agent=debug`, ….
    #[arg(long = "log", global = true, env = "FLEET_LOG", default_value = "info")]
    pub log_filter: String,
}

/// How the log looks.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turns a registration token into an identity, and ends.
    Enrol(HostArgs),
    /// Enrols if needed, and applies what the host desires until it is told to stop.
    Run(RunArgs),
}

/// How to reach the host, and where the state is.
#[derive(Args, Debug)]
pub struct HostArgs {
    /// Address of the host, `https://…`.
    #[arg(long, env = "FLEET_HOST", value_parser = parse_host)]
    pub host: Url,
    /// Registration token; needed for the first contact only.
    #[arg(long, env = "FLEET_TOKEN", hide_env_values = true, value_parser = parse_token)]
    pub token: Option<Secret<String>>,
    /// `sha256:…` of the host's certificate authority; needed for the first contact only.
    #[arg(long, env = "FLEET_CA_PIN")]
    pub ca_pin: Option<Digest>,
    /// Label that the cluster asks for at the first contact, `key=value`; repeatable.
    #[arg(long = "label", env = "FLEET_LABELS", value_delimiter = ',', value_parser = parse_label)]
    pub labels: Vec<(String, String)>,
    /// Folder for identity, desired state, bundles and inventories.
    #[arg(long, env = "FLEET_STATE", default_value = "/var/lib/fleet-agent")]
    pub state: PathBuf,
    /// The longest wait before the host is dialled again.
    #[arg(long, env = "FLEET_RECONNECT_MOST", default_value = "60s", value_parser = parse_duration)]
    pub reconnect_most: Duration,
}

/// What `run` needs beside the host.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// How to reach the host.
    #[command(flatten)]
    pub host: HostArgs,
    /// Where objects go: `kubernetes`, or `directory:PATH` for a folder of manifests.
    #[arg(long, env = "FLEET_TARGET", default_value = "kubernetes")]
    pub target: TargetArg,
    /// Kubeconfig file of the cluster; without it the pod's service account, else the user's own.
    #[arg(long, env = "FLEET_KUBECONFIG")]
    pub kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig file.
    #[arg(long, env = "FLEET_KUBE_CONTEXT")]
    pub context: Option<String>,
    /// Namespace of the service accounts that deployments may name.
    #[arg(
        long,
        env = "FLEET_SERVICE_ACCOUNT_NAMESPACE",
        default_value = "cattle-fleet-system"
    )]
    pub service_account_namespace: String,
    /// Deployments that are applied at once.
    #[arg(long, env = "FLEET_PARALLEL_DEPLOYMENTS", default_value_t = 8, value_parser = parse_count)]
    pub parallel_deployments: usize,
    /// Objects of one deployment that are applied at once.
    #[arg(long, env = "FLEET_PARALLEL_OBJECTS", default_value_t = 16, value_parser = parse_count)]
    pub parallel_objects: usize,
}

/// Where objects go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetArg {
    /// A Kubernetes API server.
    Kubernetes,
    /// A folder.
    Directory(PathBuf),
}

impl FromStr for TargetArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "kubernetes" => Ok(Self::Kubernetes),
            Some(("directory", path)) if !path.is_empty() => Ok(Self::Directory(path.into())),
            _ => Err("expected `kubernetes` or `directory:PATH`".to_owned()),
        }
    }
}

impl HostArgs {
    /// The link's settings.
    pub fn settings(&self) -> Settings {
        Settings {
            host: self.host.clone(),
            token: self.token.clone(),
            ca_pin: self.ca_pin,
            labels: self.labels.iter().cloned().collect::<BTreeMap<_, _>>(),
            reconnect_most: self.reconnect_most,
        }
    }
}

fn parse_host(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| error.to_string())?;
    if url.scheme() != "https" || url.host().is_none() {
        return Err("expected `https://HOST:PORT`".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a password in it would show up in logs".to_owned());
    }
    if !url.path().ends_with('/') {
        let folder = format!("{}/", url.path());
        url.set_path(&folder);
    }
    Ok(url)
}

fn parse_token(text: &str) -> Result<Secret<String>, String> {
    match text.trim() {
        "" => Err("it is empty".to_owned()),
        token => Ok(Secret::new(token.to_owned())),
    }
}

fn parse_label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected `key=value`".to_owned()),
    }
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let duration: SignedDuration = text.parse().map_err(|_| "expected `15s`, `1m30s`, …")?;
    duration
        .try_into()
        .map_err(|_| "it must not be negative".to_owned())
}

fn parse_count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err("expected a number above zero".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_join_command_is_understood() {
        Cli::command().debug_assert();
        let pin = Digest::of(b"ca").to_string();
        let line = [
            "fleet-agent",
            "run",
            "--host",
            "https://fleet.example:8443",
            "--token",
            "fleet-abc",
            "--ca-pin",
            &pin,
            "--target",
            "directory:/srv/manifests",
            "--label",
            "env=dev",
            "--label",
            "tier=",
            "--reconnect-most",
            "1m30s",
        ];
        let Command::Run(run) = Cli::try_parse_from(line).unwrap().command else {
            panic!("not run")
        };
        let settings = run.host.settings();
        assert_eq!(settings.host.as_str(), "https://fleet.example:8443/");
        assert_eq!(settings.labels.len(), 2);
        assert_eq!(settings.reconnect_most, Duration::from_secs(90));
        assert_eq!(run.target, TargetArg::Directory("/srv/manifests".into()));
        assert!(!format!("{settings:?}").contains("fleet-abc"));
    }

    #[test]
    fn what_cannot_work_is_refused_at_once() {
        let check = |args: &[&str]| {
            let line = ["fleet-agent", "run"].iter().chain(args);
            assert!(Cli::try_parse_from(line).is_err(), "{args:?}");
        };
        let host = "https://h";
        check(&["--host", "http://h"]);
        check(&["--host", "https://user:secret@h"]);
        check(&["--host", host, "--target", "directory:"]);
        check(&["--host", host, "--ca-pin", "sha256:zz"]);
        check(&["--host", host, "--label", "nothing"]);
        check(&["--host", host, "--parallel-objects", "0"]);
        check(&["--host", host, "--reconnect-most", "soon"]);
    }
}
