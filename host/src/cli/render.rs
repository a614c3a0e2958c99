//! `fleet render`: prints what the controller would make of a folder.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use fleet_artifact::Remotes;
use fleet_core::problem::Problem;
use fleet_plugin::{Engine, Options};

use crate::render::dir::{self, As, Format, LoadRestrictor, Renderer};
use crate::render::{Outside, PluginSet, find_plugin_dir};

/// Arguments of `fleet render`.
///
/// Ends with 0 if it rendered, with 1 if something refused (reasons on standard error), and with 2 if it was called
/// wrongly.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Args {
    /// Folder to render.
    dir: PathBuf,
    /// Top of the tree that may be read; by default the enclosing Git work tree, else the folder itself.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// What the folder is taken for.
    #[arg(long = "as", value_enum, default_value_t, value_name = "KIND")]
    kind: As,
    /// How the result is printed.
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
    /// Folder with the plugins; by default `plugins/` beside this program or one folder up.
    #[arg(long, env = "FLEET_PLUGINS", value_name = "DIR")]
    plugins: Option<PathBuf>,
    /// Fetches charts, their dependencies and bases of kustomizations that lie elsewhere.
    #[arg(long)]
    remote: bool,
    /// Host (`name` or `name:port`) that is spoken to without TLS; may be repeated.
    #[arg(
        long = "plain-http-host",
        env = "FLEET_PLAIN_HTTP_HOSTS",
        value_name = "HOST",
        value_delimiter = ',',
        requires = "remote"
    )]
    plain_http_hosts: Vec<String>,
    /// Label of the cluster that is meant; may be repeated.
    #[arg(long = "cluster-label", value_name = "KEY=VALUE", value_parser = label)]
    cluster_labels: Vec<(String, String)>,

    /// Name of the release [default: that of `fleet.yaml`, else `release-name`].
    #[arg(long, value_name = "NAME", help_heading = "Charts")]
    release: Option<String>,
    /// Namespace of the release [default: that of `fleet.yaml`, else `default`].
    #[arg(short, long, help_heading = "Charts")]
    namespace: Option<String>,
    /// File of values; may be repeated, later ones win.
    #[arg(short = 'f', long, value_name = "FILE", help_heading = "Charts")]
    values: Vec<PathBuf>,
    /// Sets values (`a.b=1,c=x`); may be repeated.
    #[arg(long, value_name = "VALUES", help_heading = "Charts")]
    set: Vec<String>,
    /// Sets values that are texts; may be repeated.
    #[arg(long, value_name = "VALUES", help_heading = "Charts")]
    set_string: Vec<String>,
    /// Renders the definitions in `crds/` as well.
    #[arg(long, help_heading = "Charts")]
    include_crds: bool,
    /// Sets `.Release.IsUpgrade` in place of `.Release.IsInstall`.
    #[arg(long, help_heading = "Charts")]
    is_upgrade: bool,
    /// Does not check values against `values.schema.json`.
    #[arg(long, help_heading = "Charts")]
    skip_schema_validation: bool,
    /// Kubernetes version of the cluster that is meant.
    #[arg(
        long,
        value_name = "VERSION",
        default_value = "v1.35.0",
        help_heading = "Charts"
    )]
    kube_version: String,
    /// API that the cluster serves besides Helm's built-in set; may be repeated.
    #[arg(
        long,
        value_name = "API",
        value_delimiter = ',',
        help_heading = "Charts"
    )]
    api_versions: Vec<String>,

    /// Where a kustomization may read from; never from above the top.
    #[arg(long, value_name = "KIND", value_enum, help_heading = "Kustomizations")]
    load_restrictor: Option<LoadRestrictor>,
    /// Renders the charts that kustomizations name in `helmCharts`.
    #[arg(long, help_heading = "Kustomizations")]
    enable_helm: bool,
    /// Accepted, without effect: there are no plugins of kustomize's own kind here.
    #[arg(long, help_heading = "Kustomizations")]
    enable_alpha_plugins: bool,
}

/// Renders and prints.
pub(super) async fn run(args: Args) -> ExitCode {
    match render(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn render(args: Args) -> Result<(), Vec<Problem>> {
    let fail = |message: String| {
        vec![Problem::new(
            fleet_core::problem::Reason::PluginNotFound,
            message,
        )]
    };
    let dir = find_plugin_dir(args.plugins.clone()).ok_or_else(|| {
        fail("there is no folder `plugins` beside this program: name one by `--plugins`".to_owned())
    })?;
    let engine = engine().map_err(|error| fail(error.to_string()))?;
    let renderer = Renderer::new(PluginSet::open(engine, dir), 1);
    // Removed at the end; what else is fetched is kept for the next time.
    let mirrors = args.remote.then(tempfile::tempdir).transpose();
    let mirrors = mirrors.map_err(|error| fail(error.to_string()))?;
    let outside = mirrors
        .as_ref()
        .map(|mirrors| outside(&args, mirrors.path()));
    let outside = outside
        .transpose()
        .map_err(|error| fail(error.to_string()))?;
    let printed = renderer.render(&options(args, outside)).await?;
    for warning in printed.warnings {
        eprintln!("warning: {warning}");
    }
    let mut stdout = std::io::stdout().lock();
    // Whoever reads us may have read enough.
    let written = stdout
        .write_all(&printed.stdout)
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(fail(format!("could not print: {error}")))
        }
        _ => Ok(()),
    }
}

/// What `--remote` lets be fetched.
fn outside(args: &Args, mirrors: &Path) -> Result<Outside, fleet_artifact::Error> {
    let options = fleet_artifact::Options {
        plain_http_hosts: args.plain_http_hosts.iter().cloned().collect(),
        mirrors: Some(mirrors.to_owned()),
        ..fleet_artifact::Options::default()
    };
    let dir = cache_dir("artifacts").unwrap_or_else(|| mirrors.join("artifacts"));
    let remotes = Remotes::open(&dir, options)?;
    Ok(Outside::of_folder(Arc::new(remotes)))
}

/// An engine that finds what an earlier start has compiled; without such a folder it compiles again.
fn engine() -> Result<Engine, fleet_plugin::EngineError> {
    let cache_dir = cache_dir("plugins");
    let kept = cache_dir.clone().map(|dir| {
        Engine::new(Options {
            cache_dir: Some(dir),
            ..Options::default()
        })
    });
    match kept {
        Some(Ok(engine)) => Ok(engine),
        Some(Err(error)) => {
            tracing::warn!(%error, "compiled plugins are not kept");
            Engine::new(Options::default())
        }
        None => Engine::new(Options::default()),
    }
}

/// A folder below `$XDG_CACHE_HOME/fleet`, else below `~/.cache/fleet`.
fn cache_dir(name: &str) -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))?;
    Some(cache.join("fleet").join(name))
}

fn options(args: Args, outside: Option<Outside>) -> dir::Options {
    dir::Options {
        dir: args.dir,
        root: args.root,
        kind: args.kind,
        format: args.output,
        release: args.release,
        namespace: args.namespace,
        values: args.values,
        set: args.set,
        set_string: args.set_string,
        include_crds: args.include_crds,
        is_upgrade: args.is_upgrade,
        skip_schema_validation: args.skip_schema_validation,
        kube_version: Some(args.kube_version),
        api_versions: args.api_versions,
        load_restrictor: args.load_restrictor,
        enable_helm: args.enable_helm,
        cluster_labels: args.cluster_labels,
        outside,
        time: time(),
    }
}

/// Now, or what `SOURCE_DATE_EPOCH` says.
fn time() -> u64 {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok();
    given
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(crate::clock::now)
}

fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("a label is KEY=VALUE".to_owned()),
    }
}
