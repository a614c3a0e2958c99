//! Every way to a repository: the same content, and credentials that go nowhere else.

use fleet_core::secret::Secret;
use fleet_source::{Credentials, Options, Remote};
use fleet_test_git::http::{Access, Answer, HttpServer, Received, Tls};
use fleet_test_git::proxy::Proxy;

use crate::support::{Host, Repo};
use crate::world::{SERVER, World};

#[test]
fn the_same_content_comes_over_every_transport() {
    if !fleet_test_git::available() {
        return;
    }
    let worlds: [fn(Options) -> World; 4] = [World::https, World::http, World::ssh, World::git];
    for world in worlds {
        let world = world(Options::default());
        world.look_well("over the network").unwrap();
        let over_network = world.host.tree(&world.remote(), "main").unwrap();
        let from_disk = world.host.tree(&world.repo.remote(), "main").unwrap();
        assert_eq!(over_network.commit(), from_disk.commit());
        assert_eq!(
            over_network.digest("").unwrap(),
            from_disk.digest("").unwrap()
        );
        assert_eq!(over_network.walk("").unwrap(), from_disk.walk("").unwrap());
    }
}

#[test]
fn a_server_lets_in_who_has_what_it_wants() {
    if !fleet_test_git::available() {
        return;
    }
    let check = |access: Access, credentials: Credentials| {
        let world = World::https(Options::default());
        world.as_http().set_access(access);
        *world.credentials.borrow_mut() = Credentials {
            certificate_authorities: Some(world.authority.pem().to_owned()),
            ..credentials
        };
        world.look_well("with what it wants").unwrap();
        *world.credentials.borrow_mut() = Credentials {
            certificate_authorities: Some(world.authority.pem().to_owned()),
            ..Credentials::default()
        };
        assert!(world.look().is_err());
    };
    let secret = |text: &str| Some(Secret::new(text.to_owned()));
    let basic = |user: &str| Access::Basic {
        user: user.to_owned(),
        password: "hunter2".to_owned(),
    };
    check(
        basic("ada"),
        Credentials {
            username: Some("ada".to_owned()),
            password: secret("hunter2"),
            ..Credentials::default()
        },
    );
    check(
        basic("hunter2"),
        Credentials {
            password: secret("hunter2"),
            ..Credentials::default()
        },
    );
    let token = "hunter2".to_owned();
    check(
        Access::Bearer { token },
        Credentials {
            bearer_token: secret("hunter2"),
            ..Credentials::default()
        },
    );
}

#[test]
fn a_certificate_that_is_not_checked_is_not_checked() {
    if !fleet_test_git::available() {
        return;
    }
    let world = World::https(Options::default());
    let expired = world
        .authority
        .expired_server(&["git.example.org"])
        .unwrap();
    world
        .as_http()
        .set_tls(&Tls {
            identity: expired,
            clients: None,
        })
        .unwrap();
    assert!(world.look().is_err());
    let remote = world.remote().with_insecure_skip_tls_verify(true);
    assert_eq!(world.look_as(&remote).unwrap(), world.expected());
}

#[test]
fn host_keys_are_those_of_the_secret_or_else_of_the_list_for_all() {
    if !fleet_test_git::available() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("known_hosts");
    let world = World::ssh(Options {
        known_hosts: Some(list.clone()),
        ..Options::default()
    });
    let of_secret = world.credentials.borrow_mut().known_hosts.take();
    let error = world.look().unwrap_err();
    assert!(error.to_string().contains("could not read"), "{error}");
    std::fs::write(&list, world.known_hosts(SERVER)).unwrap();
    world.look_well("with the list").unwrap();
    std::fs::write(&list, world.known_hosts(9)).unwrap();
    let error = world.look().unwrap_err();
    assert_eq!(error.reason().as_str(), "GitServerNotTrusted", "{error}");
    world.credentials.borrow_mut().known_hosts = of_secret;
    world.look_well("with those of the secret").unwrap();
}

/// `ssh` dials the address that was looked at, and must still know the server by its name.
#[test]
fn an_ssh_server_is_known_by_the_name_that_it_is_called_by() {
    if !fleet_test_git::available() {
        return;
    }
    let world = World::ssh(Options::default());
    let by_name = |text: String| text.replace("127.0.0.1", "localhost");
    *world.url.borrow_mut() = Some(by_name(world.served_at()));
    let error = world.look().unwrap_err();
    assert_eq!(error.reason().as_str(), "GitServerNotTrusted", "{error}");
    world.credentials.borrow_mut().known_hosts = Some(by_name(world.known_hosts(SERVER)));
    world.look_well("by its name").unwrap();
}

/// Without this a GitRepo could have the host ask the cloud for the credentials of its machine, by a name that leads
/// there: these are resolved by the system, and no URL shows what they are.
#[test]
fn names_that_lead_to_metadata_are_not_dialled() {
    let host = Host::with_options(Options::default());
    let credentials = Credentials {
        ssh_key: Some(Secret::new("no key".to_owned())),
        known_hosts: Some("nothing".to_owned()),
        ..Credentials::default()
    };
    for url in ["ssh://git@2852039166/x", "git://0xa9fea9fe/x"] {
        let remote = Remote::new(url).unwrap();
        let remote = remote.with_credentials(credentials.clone());
        let refused = host.tree(&remote, "main").unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!(
                "cannot use `{url}` as the URL of a repository: its address is link-local, where machines keep their metadata"
            )
        );
    }
}

/// A password in clear text is everybody's.
#[test]
fn a_password_does_not_cross_the_network_in_clear_text() {
    if !fleet_test_git::available() {
        return;
    }
    let world = World::http(Options::default());
    world.credentials.borrow_mut().password = Some(Secret::new("hunter2".to_owned()));
    let error = world.look().unwrap_err();
    assert!(error.to_string().contains("clear text"), "{error}");
    assert_eq!(world.as_http().take_received(), []);
}

/// Everything that a request could carry of a credential.
fn carries_credential(received: &Received) -> bool {
    let credential = |(name, value): (&String, &String)| {
        name.contains("authorization") || name == "cookie" || value.contains("hunter2")
    };
    received.client_certificate
        || received.target.contains("hunter2")
        || received.headers.iter().any(credential)
}

/// Without this a server, or who can make it redirect, could have the credential sent to a place of its choice.
#[test]
fn credentials_do_not_follow_a_redirect_to_another_host() {
    if !fleet_test_git::available() {
        return;
    }
    let world = World::https(Options::default());
    let client = world.authority.client("fleet").unwrap();
    {
        let mut credentials = world.credentials.borrow_mut();
        credentials.username = Some("ada".to_owned());
        credentials.password = Some(Secret::new("hunter2".to_owned()));
        credentials.client_certificate = Some(client.certificate);
        credentials.client_key = Some(Secret::new(client.key));
    }
    let password = "hunter2".to_owned();
    let access = Access::Basic {
        user: "ada".to_owned(),
        password,
    };
    let first = world.as_http();
    first.set_access(access.clone());
    let identity = world.authority.server(&["127.0.0.1", "localhost"]).unwrap();
    // The second one would take the client's certificate as well, if it were shown.
    let clients = Some(world.authority.pem().to_owned());
    first
        .set_tls(&Tls {
            identity: identity.clone(),
            clients,
        })
        .unwrap();
    let second = HttpServer::start(
        world.repo.root(),
        Some(&Tls {
            identity,
            clients: None,
        }),
    )
    .unwrap();

    for base in [second.url_as("localhost", ""), second.url("")] {
        first.set_answer(Answer::Redirect(base));
        second.set_access(Access::Anyone);
        world.commit();
        world.look_well("over the redirect").unwrap();
        assert!(first.take_received().iter().all(carries_credential));
        let received = second.take_received();
        let methods: Vec<_> = received
            .iter()
            .map(|received| received.method.as_str())
            .collect();
        // Poll and fetch: the greeting and the question of each.
        assert_eq!(methods, ["GET", "POST", "GET", "POST"]);
        assert!(!received.iter().any(carries_credential), "{received:#?}");

        second.set_access(access.clone());
        world.commit();
        let error = world.look().unwrap_err();
        assert_eq!(
            error.reason().as_str(),
            "GitAuthenticationFailed",
            "{error}"
        );
        let received = second.take_received();
        assert!(
            !received.is_empty() && !received.iter().any(carries_credential),
            "{received:#?}"
        );
        first.take_received();
    }
}

fn through(proxy: String, no_proxy: Option<&str>) -> Options {
    Options {
        proxy: Some(Secret::new(proxy)),
        no_proxy: no_proxy.map(str::to_owned),
        ..Options::default()
    }
}

#[test]
fn a_proxy_is_used_and_sees_no_credential_of_the_server() {
    if !fleet_test_git::available() {
        return;
    }
    let pair = "pat:hunter2";
    for world in [World::https as fn(Options) -> World, World::http] {
        let proxy = Proxy::start(Some(pair)).unwrap();
        let world = world(through(proxy.url(Some(pair)), None));
        if world.served_at().starts_with("https") {
            let mut credentials = world.credentials.borrow_mut();
            credentials.bearer_token = Some(Secret::new("token".to_owned()));
            world.as_http().set_access(Access::Bearer {
                token: "token".to_owned(),
            });
        }
        world.look_well("through the proxy").unwrap();
        let passed = proxy.take_passed();
        assert!(!passed.is_empty());
        for request in passed {
            assert!(
                request.headers.contains_key("proxy-authorization"),
                "{request:?}"
            );
            assert!(
                !request.headers.contains_key("authorization"),
                "{request:?}"
            );
        }
        for received in world.as_http().take_received() {
            assert!(
                !received.headers.contains_key("proxy-authorization"),
                "{received:?}"
            );
        }
    }
}

#[test]
fn hosts_without_a_proxy_are_reached_without_it() {
    if !fleet_test_git::available() {
        return;
    }
    let proxy = Proxy::start(None).unwrap();
    for none in ["127.0.0.1", "10.0.0.0/8,127.0.0.0/8", "*"] {
        let world = World::https(through(proxy.url(None), Some(none)));
        world.look_well("without the proxy").unwrap();
        assert_eq!(proxy.take_passed(), [], "{none}");
    }
    let world = World::https(through(proxy.url(None), Some("example.org")));
    world.look_well("through the proxy").unwrap();
    assert!(!proxy.take_passed().is_empty());
}

/// The proxy's password is the operator's, and errors are shown to everybody.
#[test]
fn a_proxy_that_fails_is_told_without_its_password() {
    if !fleet_test_git::available() {
        return;
    }
    let proxy = Proxy::start(Some("pat:right")).unwrap();
    let gone = Proxy::start(None).unwrap();
    let gone_url = gone.url(Some("pat:hunter2"));
    drop(gone);
    let refused = proxy.url(Some("pat:hunter2"));
    let worlds: [fn(Options) -> World; 2] = [World::https, World::http];
    let mut seen = Vec::new();
    for (world, url) in worlds
        .iter()
        .flat_map(|world| [(world, &refused), (world, &gone_url)])
    {
        let world = world(through(url.clone(), None));
        let error = world.look().unwrap_err();
        let shown = world.shown(&error);
        assert!(
            !shown.contains("hunter2") && !format!("{error:?}").contains("hunter2"),
            "{shown}"
        );
        seen.push(shown);
    }
    let told = [
        "GitUnreachable: could not reach `URL`: the proxy does not take the password of `--git-proxy`, or wants one",
        "GitUnreachable: could not reach `URL`: Connection refused (os error 111)",
    ];
    assert_eq!(seen, [told, told].concat());
}

/// Two sets of credentials may see different things; nobody may read what only the other was given.
#[test]
fn who_is_not_let_in_does_not_read_the_mirror_of_who_is() {
    if !fleet_test_git::available() {
        return;
    }
    let world = World::https(Options::default());
    let token = "hunter2".to_owned();
    world.as_http().set_access(Access::Bearer {
        token: token.clone(),
    });
    let anybody = world.remote();
    world.credentials.borrow_mut().bearer_token = Some(Secret::new(token));
    let commit = world.host.poll(&world.remote(), "main").unwrap();
    world.host.fetch(&world.remote(), &commit).unwrap();
    assert!(world.host.fetch(&anybody, &commit).is_err());
}

#[test]
fn a_url_with_a_credential_is_used_and_never_shown() {
    if !fleet_test_git::available() {
        return;
    }
    let world = World::https(Options::default());
    world.as_http().set_access(Access::Basic {
        user: "ada".to_owned(),
        password: "hunter2".to_owned(),
    });
    let remote = |userinfo: &str| {
        let url = world
            .as_http()
            .url_as(&format!("{userinfo}@127.0.0.1"), Repo::NAME);
        Remote::new(&url)
            .unwrap()
            .with_ca_bundle(Some(world.authority.pem().to_owned()))
    };
    let good = remote("ada:hunter2");
    assert_eq!(world.look_as(&good).unwrap(), world.expected());
    let bad = remote("eve:hunter2");
    let error = world.look_as(&bad).unwrap_err();
    for text in [
        format!("{error:?}{error}"),
        format!("{good:?}{good}{bad:?}{bad}"),
    ] {
        assert!(!text.contains("hunter2") && !text.contains("eve"), "{text}");
    }
}
