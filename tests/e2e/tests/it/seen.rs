//! Everything that somebody without the secrets could read, to look for what must not be in it.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::git_stage::GitStage;

/// Everything that somebody without the secrets could read, with where it is from.
#[derive(Default)]
pub(crate) struct Seen(Vec<(String, Vec<u8>)>);

impl Seen {
    pub(crate) fn add(&mut self, place: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push((place.into(), bytes.into()));
    }

    /// All files below a folder.
    pub(crate) fn add_folder(&mut self, folder: &Path) {
        // `ssh` reads its key from a file, which nobody else may read and which goes with the conversation.
        let for_ssh = |name: &OsStr| name.as_encoded_bytes().starts_with(b".ssh-");
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            // What goes away meanwhile is nowhere any more; sockets have no content.
            if for_ssh(&entry.file_name()) {
                continue;
            }
            if path.is_dir() {
                self.add_folder(&path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                self.add(path.display().to_string(), bytes);
            }
        }
    }

    /// The host's log, store and metrics.
    pub(crate) fn add_host(&mut self, stage: &GitStage) {
        self.add_folder(&stage.dir().join("host"));
        for file in ["host.log", "state.redb"] {
            assert!(self.0.iter().any(|(place, _)| place.ends_with(file)));
        }
        let metrics = stage.host.metrics().unwrap();
        assert!(metrics.contains("fleet_git_polls"), "{metrics}");
        self.add("/metrics", metrics);
    }

    /// Forgets one place.
    pub(crate) fn forget(&mut self, place: &str) {
        self.0.retain(|(known, _)| known != place);
    }

    /// What the commands of operators print.
    pub(crate) fn add_commands(&mut self, stage: &GitStage, names: &[&str]) {
        let kinds = [
            "gitrepos",
            "bundles",
            "clusters",
            "clustergroups",
            "deployments",
        ];
        let formats = ["wide", "json", "yaml"];
        let gets = kinds
            .iter()
            .flat_map(|kind| formats.map(|format| vec!["get", *kind, "-o", format]));
        let describes = names.iter().map(|name| vec!["describe", "gitrepo", *name]);
        for args in gets.chain(describes).chain([vec!["status"]]) {
            self.add(args.join(" "), stage.host.run(&args).unwrap());
        }
    }

    /// Arguments and environment of a process and all that it started, which `ps` shows.
    pub(crate) fn add_processes(&mut self, id: u32) -> Vec<String> {
        let mut started = Vec::new();
        let text = |file: PathBuf| {
            String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned()
        };
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let process = entry.path();
            let stat = text(process.join("stat"));
            // The parent is the second word after the name in parentheses.
            let words = stat.rsplit_once(") ").map(|(_, words)| words.to_owned());
            let parent = words.and_then(|words| words.split(' ').nth(1)?.parse::<u32>().ok());
            if parent == Some(id) {
                let child = text(process.join("cmdline"));
                self.add(
                    format!("environment of {child}"),
                    text(process.join("environ")),
                );
                self.add("arguments of a child", child.clone());
                started.push(child);
            }
        }
        self.add(
            "arguments of the host",
            text(format!("/proc/{id}/cmdline").into()),
        );
        started
    }

    /// Fails if one of these is anywhere.
    pub(crate) fn holds_none_of(&self, planted: &[(&str, String)]) {
        let mut found = String::new();
        for (name, secret) in planted {
            for (place, bytes) in &self.0 {
                if bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes())
                {
                    writeln!(found, "{name} is in {place}").unwrap();
                }
            }
        }
        assert!(found.is_empty(), "{found}");
    }
}
