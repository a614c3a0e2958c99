//! Planted credentials, looked for everywhere that they must not be.

use fleet_test_e2e::wait::{LONG, until};
use fleet_test_git::http::{Access, Tls};
use fleet_test_git::line::Fault;

use crate::git_stage::{GitStage, REPO, key};
use crate::seen::Seen;
use crate::stage::config_map;

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

    seen.add_host(&stage);
    seen.add_commands(&stage, &names);
    for folder in ["dev", "dev-manifests"] {
        seen.add_folder(&stage.dir().join(folder));
    }
    seen.holds_none_of(&planted);
    // The proxy's password is an argument here, and nowhere else.
    seen.forget("arguments of the host");
    seen.holds_none_of(&[("the proxy's password", "planted-in-proxy".to_owned())]);
}
