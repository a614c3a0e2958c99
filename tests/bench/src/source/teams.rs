//! Repositories as teams have them: a folder for each application, a few objects in each.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fleet_test_git::objects::Objects;

/// Many small repositories in one folder.
#[derive(Debug)]
pub(super) struct Teams {
    root: PathBuf,
}

impl Teams {
    /// Makes `n` repositories below `root` with `n_apps` applications each.
    pub(super) fn make(root: &Path, n: usize, n_apps: usize) -> Result<Self> {
        let teams = Self {
            root: root.to_owned(),
        };
        for team in 0..n {
            let folder = root.join(name(team));
            fs::create_dir_all(&folder)?;
            let git = Objects::of(&folder);
            git.git(&["init", "--quiet", "--bare", "--initial-branch=main"])?;
            import(&git, |stream| {
                begin(stream, "first", None)?;
                for app in 0..n_apps {
                    let kinds = [
                        ("config.yaml", config(app, 0)),
                        ("deployment.yaml", deployment(app)),
                        ("service.yaml", service(app)),
                    ];
                    for (file, text) in kinds {
                        inline(stream, &format!("{}/{file}", self::app(app)), &text)?;
                    }
                }
                Ok(())
            })?;
        }
        Ok(teams)
    }

    /// Changes one application of a team; the full id of the commit.
    pub(super) fn push(&self, team: usize, app: usize, version: u32) -> Result<String> {
        let git = Objects::of(&self.root.join(name(team)));
        import(&git, |stream| {
            begin(stream, "more", Some("refs/heads/main^0"))?;
            inline(
                stream,
                &format!("{}/config.yaml", self::app(app)),
                &config(app, version),
            )
        })?;
        git.git(&["rev-parse", "refs/heads/main"])
    }
}

/// The repository of a team, as it is named in its URL.
pub(super) fn name(team: usize) -> String {
    format!("team-{team:04}.git")
}

/// The folder of an application.
pub(super) fn app(app: usize) -> String {
    format!("app-{app:03}")
}

/// Writes a pack from a stream of `git fast-import`.
pub(super) fn import(
    git: &Objects,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    let imported = git.git_with(&["fast-import", "--quiet"], |stdin| {
        let mut stream = io::BufWriter::new(stdin);
        write(&mut stream)?;
        stream.flush()
    });
    imported.map(|_| ()).context("could not make a repository")
}

/// The head of a commit on `main`.
pub(super) fn begin(stream: &mut dyn Write, message: &str, from: Option<&str>) -> io::Result<()> {
    writeln!(
        stream,
        "commit refs/heads/main\ncommitter C <c@example.org> 1700000000 +0000\ndata {}\n{message}",
        message.len()
    )?;
    match from {
        Some(from) => writeln!(stream, "from {from}"),
        None => Ok(()),
    }
}

/// One file of a commit.
pub(super) fn inline(stream: &mut dyn Write, path: &str, text: &str) -> io::Result<()> {
    writeln!(
        stream,
        "M 100644 inline {path}\ndata {}\n{text}",
        text.len()
    )
}

fn config(app: usize, version: u32) -> String {
    let name = self::app(app);
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  version: \"{version}\"\n  greeting: hello\n"
    )
}

fn deployment(app: usize) -> String {
    let name = self::app(app);
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      containers:
      - name: main
        image: registry.example.org/{name}:1.0.0
        ports: [{{containerPort: 8080}}]
"
    )
}

fn service(app: usize) -> String {
    let name = self::app(app);
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector: {{app: {name}}}\n  ports: [{{port: 80, targetPort: 8080}}]\n"
    )
}
