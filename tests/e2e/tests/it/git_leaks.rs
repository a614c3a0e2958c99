//! Planted credentials, looked for everywhere that they must not be.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use fleet_test_e2e::wait::{LONG, until};
use fleet_test_git::http::{Access, Tls};
use fleet_test_git::line::Fault;

use crate::git_stage::{GitStage, REPO, key};
use crate::stage::config_map;

/// Everything that somebody without the secrets could read, with where it is from.
#[derive(Default)]
struct Seen(Vec<(String, Vec<u8>)>);

impl Seen {
    fn add(&mut self, place: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push((place.into(), bytes.into()));
    }

    /// All files below a folder.
    fn add_folder(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            // What goes away meanwhile is nowhere any more; sockets have no content.
            if path.is_dir() {
                self.add_folder(&path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                self.add(path.display().to_string(), bytes);
            }
        }
    }

    /// What the commands of operators print.
    fn add_commands(&mut self, stage: &GitStage, names: &[&str]) {
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
    fn add_processes(&mut self, id: u32) -> Vec<String> {
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
    fn holds_none_of(&self, planted: &[(&str, String)]) {
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

/// The answer to a plain GET.
fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The line of a PEM that no other PEM has.
fn line_of(pem: &str) -> String {
    let lines: Vec<&str> = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    lines[lines.len() / 2].to_owned()
}

/// Without this a log, a status page or `ps` would give away what opens the repositories.
#[test]
fn planted_credentials_are_nowhere_but_in_their_secrets() {
    if !fleet_test_git::available() {
        return;
    }
    let proxy = "http://pat:planted-in-proxy@127.0.0.1:9";
    let mut stage = GitStage::new(&["--git-proxy", proxy, "--git-no-proxy", "*"]);
    stage.join("dev");
    let client = stage.authority.client("fleet").unwrap();
    let private = key(1).private().unwrap();
    let planted = [
        ("the password", "planted-password".to_owned()),
        (
            "the password, encoded",
            "YWRhOnBsYW50ZWQtcGFzc3dvcmQ".to_owned(),
        ),
        ("the bearer token", "planted-bearer".to_owned()),
        ("the client's key", line_of(&client.key)),
        ("the SSH key", line_of(&private)),
        ("the userinfo of a URL", "planted-in-url".to_owned()),
    ];
    let authority = stage.authority.pem().to_owned();
    let names = ["password", "bearer", "certificate", "ssh"];
    let (password, bearer, certificate, ssh) =
        (stage.https(), stage.https(), stage.https(), stage.ssh(2, 1));
    let let_in = |right: bool| {
        let wrong = if right { "" } else { "-is-wrong" };
        password.set_access(Access::Basic {
            user: "ada".to_owned(),
            password: format!("planted-password{wrong}"),
        });
        bearer.set_access(Access::Bearer {
            token: format!("planted-bearer{wrong}"),
        });
        ssh.set_client(key(if right { 1 } else { 9 }));
    };
    let identity = stage.authority.server(&["127.0.0.1"]).unwrap();
    certificate
        .set_tls(&Tls {
            identity: identity.clone(),
            clients: Some(authority.clone()),
        })
        .unwrap();
    let_in(true);
    stage.secret(
        "password",
        &[
            ("cacerts", &authority),
            ("username", "ada"),
            ("password", "planted-password"),
        ],
    );
    stage.secret(
        "bearer",
        &[("cacerts", &authority), ("bearerToken", "planted-bearer")],
    );
    stage.secret(
        "certificate",
        &[
            ("cacerts", &authority),
            ("tls.crt", &client.certificate),
            ("tls.key", &client.key),
        ],
    );
    let known_hosts = ssh.known_hosts(&key(2)).unwrap();
    stage.secret(
        "ssh",
        &[("ssh-privatekey", &private), ("known_hosts", &known_hosts)],
    );
    let write = |stage: &GitStage, value: &str| {
        for name in names {
            stage
                .repo
                .write(&format!("{name}/map.yaml"), &config_map(name, value))
                .unwrap();
        }
        stage.repo.commit(value).unwrap()
    };
    let first = write(&stage, "one");
    let urls = [
        password.url(REPO),
        bearer.url(REPO),
        certificate.url(REPO),
        ssh.url(REPO),
    ];
    for (name, url) in names.iter().zip(&urls) {
        stage.watch(name, url, name, &[&format!("clientSecretName: {name}")]);
    }
    stage.ready(&names, &first);
    let mut seen = Seen::default();
    seen.add_commands(&stage, &names);

    // What is written into a URL is everybody's from then on, so it is not taken.
    for userinfo in ["ada:planted-in-url", "planted-in-url"] {
        let url = password.url_as(&format!("{userinfo}@127.0.0.1"), REPO);
        let yaml = format!(
            "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {{name: url}}\nspec: {{repo: '{url}'}}\n"
        );
        let file = stage.dir().join("refused.yaml");
        std::fs::write(&file, yaml).unwrap();
        let refused = stage.host.run(&["apply", "-f", file.to_str().unwrap()]);
        let refused = format!("{:#}", refused.unwrap_err());
        assert!(refused.contains("clientSecretName"), "{refused}");
        seen.add("the refusal of a URL", refused);
    }

    let_in(false);
    let stranger = fleet_test_git::certificates::Authority::new("somebody else's").unwrap();
    let clients = Some(stranger.pem().to_owned());
    certificate
        .set_tls(&Tls {
            identity: identity.clone(),
            clients,
        })
        .unwrap();
    for name in names {
        stage.problem(name, "GitAuthenticationFailed");
    }
    seen.add_commands(&stage, &names);

    let_in(true);
    certificate
        .set_tls(&Tls {
            identity,
            clients: Some(authority.clone()),
        })
        .unwrap();
    let second = write(&stage, "two");
    stage.ready(&names, &second);

    // `ssh` is a process that others can look at.
    ssh.line().set(Fault::DripAfter(1000));
    let id = stage.host.id().unwrap();
    let found = until("an `ssh` runs", LONG, || {
        let children = seen.add_processes(id);
        let found = children
            .iter()
            .any(|child| child.contains("git-upload-pack"));
        Ok(if found {
            Ok(())
        } else {
            Err(format!("{children:?}"))
        })
    });
    found.unwrap();
    ssh.line().set(Fault::None);
    stage.ready(&names, &second);

    let status = stage.host.run(&["status"]).unwrap();
    let metrics = status
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .unwrap();
    let metrics = get(&format!("{}/metrics", metrics.trim_end_matches("/metrics")));
    assert!(metrics.contains("fleet_git_polls"), "{metrics}");
    seen.add("/metrics", metrics);
    seen.add_commands(&stage, &names);
    for folder in ["host", "dev", "dev-manifests"] {
        seen.add_folder(&stage.dir().join(folder));
    }
    assert!(seen.0.iter().any(|(place, _)| place.ends_with("host.log")));
    assert!(
        seen.0
            .iter()
            .any(|(place, _)| place.ends_with("state.redb"))
    );
    seen.holds_none_of(&planted);
    // The proxy's password is an argument here, and nowhere else.
    seen.0.retain(|(place, _)| place != "arguments of the host");
    seen.holds_none_of(&[("the proxy's password", "planted-in-proxy".to_owned())]);
}
