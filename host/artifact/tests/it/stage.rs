//! A folder of fetched things, and commits that name them.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use fleet_artifact::{Access, Credential, Limits, Options, Remotes, Scope, UrlRule, View};
use fleet_core::files::{Files as _, MemoryFiles, ReadError};
use fleet_core::secret::Secret;

use crate::server::AUTHORITY;

pub(crate) struct Stage {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) remotes: Arc<Remotes>,
    options: Options,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options {
            limits: Limits {
                first_back_off: Duration::from_millis(200),
                max_back_off: Duration::from_millis(400),
                ..Limits::default()
            },
            ..Options::default()
        };
        change(&mut options);
        let dir = tempfile::tempdir().unwrap();
        let remotes = Arc::new(Remotes::open(dir.path(), options.clone()).unwrap());
        Self {
            dir,
            remotes,
            options,
        }
    }

    /// The same folder, as the next process sees it.
    pub(crate) fn restart(&mut self) {
        self.remotes = Arc::new(Remotes::open(self.dir.path(), self.options.clone()).unwrap());
    }

    pub(crate) fn view(&self, commit: &str, access: &Access) -> View {
        let files = MemoryFiles::new()
            .with("own.yaml", "own")
            .with(".fleet/remote/x/y", "covered");
        self.remotes.view(
            Arc::new(files),
            &Scope::new("ns/repo", commit),
            access.clone(),
        )
    }

    /// The version of the chart that a reference of a commit stands for, or why there is none.
    pub(crate) fn version(&self, commit: &str, access: &Access, reference: &str) -> String {
        let view = self.view(commit, access);
        match view.resolve(reference) {
            Ok(path) => {
                let text = view.read_text(&format!("{path}/Chart.yaml")).unwrap();
                text.lines()
                    .find_map(|line| line.strip_prefix("version: "))
                    .unwrap()
                    .to_owned()
            }
            Err(error) => told(&error),
        }
    }
}

/// An error with its kind.
pub(crate) fn told(error: &ReadError) -> String {
    match error {
        ReadError::Denied(why) => format!("denied: {why}"),
        other => other.to_string(),
    }
}

/// Trust in the servers of the tests, and no login.
pub(crate) fn anonymous() -> Access {
    Access {
        bases: true,
        helm: Some(Credential {
            authorities: Some(AUTHORITY.pem().to_owned()),
            ..Credential::default()
        }),
        ..Access::default()
    }
}

/// The same with a login for the URLs that a rule lets through.
pub(crate) fn login(rule: &str) -> Access {
    let mut access = anonymous();
    access.helm_urls = UrlRule::parse(rule).unwrap();
    if let Some(helm) = &mut access.helm {
        helm.login = Some(("ada".to_owned(), Secret::new("hunter2".to_owned())));
    }
    access
}

/// `ada:hunter2`
pub(crate) const BASIC: &str = "Basic YWRhOmh1bnRlcjI=";

/// A packed chart.
pub(crate) fn chart(name: &str, version: &str) -> Vec<u8> {
    let text = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    pack(&[(&format!("{name}/Chart.yaml"), text.as_bytes())])
}

/// An archive.
pub(crate) fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut plain = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // Names that lead out are what some tests are about.
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        plain.append(&header, *content).unwrap();
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&plain.into_inner().unwrap()).unwrap();
    gzip.finish().unwrap()
}
