//! What goes wrong between the host and a server: how it is told, and that it passes by itself.

use fleet_core::secret::Secret;
use fleet_source::{Credentials, Options};
use fleet_test_git::certificates::Authority;
use fleet_test_git::http::{Access, Answer, Tls};
use fleet_test_git::line::Fault;

use crate::world::{CLIENT, SERVER, World, key, quick};

/// One thing that goes wrong.
struct Case {
    name: &'static str,
    world: fn() -> World,
    breaks: fn(&World),
    heals: fn(&World),
    /// Reason and message as in the status of a GitRepo; `…` at the end stands for the words of a library.
    expected: &'static str,
}

/// Each world is whole first, then there is a new commit and something is wrong, and then it is not wrong any more.
/// Source and mirror stay the same all the time.
fn check(case: &Case) -> Result<(), String> {
    let world = (case.world)();
    world.look_well("before")?;
    world.commit();
    (case.breaks)(&world);
    for _ in 0..2 {
        let seen = match world.look() {
            Ok(_) => "nothing is wrong".to_owned(),
            Err(error) => world.shown(&error),
        };
        let as_expected = match case.expected.strip_suffix('…') {
            Some(start) => seen.starts_with(start),
            None => seen == case.expected,
        };
        if !as_expected {
            return Err(format!("it is told so:\n{seen}"));
        }
    }
    (case.heals)(&world);
    world.look_well("after")
}

fn check_all(cases: &[Case]) {
    if !fleet_test_git::available() {
        return;
    }
    let check = |case: &Case| {
        let wrong = check(case).err()?;
        Some(format!("{}: {wrong}\n", case.name))
    };
    // Most of the time is spent waiting for processes and time limits.
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let started: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(move || check(case)))
            .collect();
        started
            .into_iter()
            .filter_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

fn https() -> World {
    World::https(Options::default())
}

fn ssh() -> World {
    World::ssh(Options::default())
}

fn git() -> World {
    World::git(Options::default())
}

/// HTTPS with user name and password.
fn basic() -> World {
    let world = https();
    set_password(&world, "hunter2");
    world.as_http().set_access(Access::Basic {
        user: "ada".to_owned(),
        password: "hunter2".to_owned(),
    });
    world
}

fn set_password(world: &World, password: &str) {
    let mut credentials = world.credentials.borrow_mut();
    credentials.username = Some("ada".to_owned());
    credentials.password = Some(Secret::new(password.to_owned()));
}

/// HTTPS with a client certificate.
fn client_certificate() -> World {
    let world = https();
    set_client(&world, &world.authority);
    ask_for_client(&world);
    world
}

fn ask_for_client(world: &World) {
    let tls = Tls {
        identity: world.authority.server(&["127.0.0.1"]).unwrap(),
        clients: Some(world.authority.pem().to_owned()),
    };
    world.as_http().set_tls(&tls).unwrap();
}

fn set_client(world: &World, authority: &Authority) {
    let client = authority.client("fleet").unwrap();
    let mut credentials = world.credentials.borrow_mut();
    credentials.client_certificate = Some(client.certificate);
    credentials.client_key = Some(Secret::new(client.key));
}

fn identify(world: &World, tls: Tls) {
    world.as_http().set_tls(&tls).unwrap();
}

fn identify_well(world: &World) {
    let identity = world.authority.server(&["127.0.0.1"]).unwrap();
    identify(
        world,
        Tls {
            identity,
            clients: None,
        },
    );
}

fn answer(world: &World, answer: Answer) {
    world.as_http().set_answer(answer);
}

fn answer_well(world: &World) {
    answer(world, Answer::Git);
}

fn network_heals(world: &World) {
    world.line().set(Fault::None);
}

fn opens(world: &World) {
    world.line().open().unwrap();
}

fn set_known_hosts(world: &World, text: Option<String>) {
    world.credentials.borrow_mut().known_hosts = text;
}

fn set_ssh_key(world: &World, text: Option<String>) {
    world.credentials.borrow_mut().ssh_key = text.map(Secret::new);
}

fn ssh_is_told_well(world: &World) {
    set_known_hosts(world, Some(world.known_hosts(SERVER)));
    set_ssh_key(world, Some(key(CLIENT).private().unwrap()));
}

/// Asks for a repository that is not there.
fn ask_for_another(world: &World) {
    *world.url.borrow_mut() = Some(world.url_of("other.git"));
}

fn ask_for_it(world: &World) {
    *world.url.borrow_mut() = None;
}

/// Enough for all that comes before a pack, and less than the pack.
const IN_PACK: u64 = 100_000;

#[test]
fn a_network_that_fails_is_told_and_passes() {
    check_all(&[
        Case {
            name: "https, gone",
            world: https,
            breaks: |world| world.line().close().unwrap(),
            heals: opens,
            expected: "GitUnreachable: could not reach `URL`: Connection refused (os error 111)",
        },
        Case {
            name: "ssh, gone",
            world: ssh,
            breaks: |world| world.line().close().unwrap(),
            heals: opens,
            expected: "GitUnreachable: could not reach `URL`: ssh: connect to host 127.0.0.1 port PORT: Connection refused",
        },
        Case {
            name: "git, gone",
            world: git,
            breaks: |world| world.line().close().unwrap(),
            heals: opens,
            expected: "GitUnreachable: could not reach `URL`: Connection refused (os error 111)",
        },
        Case {
            name: "https, cut in the pack",
            world: https,
            breaks: |world| world.line().set(Fault::CutAfter(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: the connection broke off before everything had come",
        },
        Case {
            name: "ssh, cut in the pack",
            world: ssh,
            breaks: |world| world.line().set(Fault::CutAfter(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: the connection broke off before everything had come",
        },
        Case {
            name: "git, cut in the pack",
            world: git,
            breaks: |world| world.line().set(Fault::CutAfter(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: the connection broke off before everything had come",
        },
        Case {
            name: "https, cut in the greeting",
            world: https,
            breaks: |world| world.line().set(Fault::CutAfter(10)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: the connection broke off before everything had come",
        },
        Case {
            name: "ssh, cut in the greeting",
            world: ssh,
            breaks: |world| world.line().set(Fault::CutAfter(10)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: Connection closed by 127.0.0.1 port PORT",
        },
        Case {
            name: "git, cut in the greeting",
            world: git,
            breaks: |world| world.line().set(Fault::CutAfter(10)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: the connection broke off before everything had come",
        },
        Case {
            name: "git, a byte of the pack flipped on the way",
            world: git,
            breaks: |world| world.line().set(Fault::FlipAt(IN_PACK)),
            heals: network_heals,
            expected: "GitFetchFailed: could not use what `URL` sent: the pack is damaged: …",
        },
        Case {
            name: "ssh, a byte flipped on the way",
            world: ssh,
            breaks: |world| world.line().set(Fault::FlipAt(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: ssh_dispatch_run_fatal: Connection to 127.0.0.1 port PORT: message authentication code incorrect",
        },
        Case {
            name: "https, a byte flipped on the way",
            world: https,
            breaks: |world| world.line().set(Fault::FlipAt(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: could not reach `URL`: …",
        },
    ]);
}

#[test]
fn a_server_that_takes_for_ever_is_left() {
    check_all(&[
        Case {
            name: "https, silent",
            world: || World::https(quick()),
            breaks: |world| world.line().set(Fault::Silent),
            heals: network_heals,
            expected: "GitUnreachable: `URL` did not answer: the next byte took longer than 2s",
        },
        Case {
            name: "ssh, silent",
            world: || World::ssh(quick()),
            breaks: |world| world.line().set(Fault::Silent),
            heals: network_heals,
            expected: "GitUnreachable: `URL` did not answer: the next byte took longer than 2s",
        },
        Case {
            name: "git, silent",
            world: || World::git(quick()),
            breaks: |world| world.line().set(Fault::Silent),
            heals: network_heals,
            expected: "GitUnreachable: `URL` did not answer: the next byte took longer than 2s",
        },
        Case {
            name: "https, drips",
            world: || World::https(quick()),
            breaks: |world| world.line().set(Fault::DripAfter(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: `URL` did not answer: the next byte took longer than 2s",
        },
        Case {
            name: "ssh, drips",
            world: || World::ssh(quick()),
            breaks: |world| world.line().set(Fault::DripAfter(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: `URL` did not answer: the next byte took longer than 2s",
        },
        Case {
            name: "git, drips",
            world: || World::git(quick()),
            breaks: |world| world.line().set(Fault::DripAfter(IN_PACK)),
            heals: network_heals,
            expected: "GitUnreachable: `URL` did not answer: the whole conversation took longer than 4s",
        },
    ]);
}

#[test]
fn a_server_that_refuses_is_told_and_passes() {
    check_all(&[
        Case {
            name: "wrong password",
            world: basic,
            breaks: |world| set_password(world, "hunter3"),
            heals: |world| set_password(world, "hunter2"),
            expected: "GitAuthenticationFailed: `URL` refused access: it does not take the credential (HTTP status 401)\n  hint: check the secret named by `clientSecretName` and what it may read",
        },
        Case {
            name: "no password",
            world: basic,
            breaks: |world| world.credentials.borrow_mut().password = None,
            heals: |world| set_password(world, "hunter2"),
            expected: "GitAuthenticationFailed: `URL` refused access: it wants a credential, and there is none (HTTP status 401)\n  hint: check the secret named by `clientSecretName` and what it may read",
        },
        Case {
            name: "403",
            world: basic,
            breaks: |world| answer(world, Answer::status(403)),
            heals: answer_well,
            expected: "GitAuthenticationFailed: `URL` refused access: HTTP status 403\n  hint: check the secret named by `clientSecretName` and what it may read",
        },
        Case {
            name: "404",
            world: https,
            breaks: |world| answer(world, Answer::status(404)),
            heals: answer_well,
            expected: "GitRepositoryNotFound: there is no repository at `URL`: HTTP status 404\n  hint: check the URL; many servers say this too when a credential is missing",
        },
        Case {
            name: "429 with seconds",
            world: https,
            breaks: |world| answer(world, Answer::retry_after(429, "7")),
            heals: answer_well,
            expected: "GitRateLimited: `URL` asked to wait (HTTP status 429)\n  retry after 7s",
        },
        Case {
            name: "429 without a word",
            world: https,
            breaks: |world| answer(world, Answer::status(429)),
            heals: answer_well,
            expected: "GitRateLimited: `URL` asked to wait (HTTP status 429)",
        },
        Case {
            name: "503 with seconds",
            world: https,
            breaks: |world| answer(world, Answer::retry_after(503, "120")),
            heals: answer_well,
            expected: "GitRateLimited: `URL` asked to wait (HTTP status 503)\n  retry after 120s",
        },
        Case {
            name: "500",
            world: https,
            breaks: |world| answer(world, Answer::status(500)),
            heals: answer_well,
            expected: "GitUnreachable: could not reach `URL`: HTTP status 500",
        },
        Case {
            name: "a page for people",
            world: https,
            breaks: |world| answer(world, Answer::Page("<h1>welcome</h1>".to_owned())),
            heals: answer_well,
            expected: "GitFetchFailed: could not use what `URL` sent: it is not what a Git server says",
        },
        Case {
            name: "a page to log in",
            world: https,
            breaks: |world| {
                let to = world.url_of("login?next=/app.git");
                answer(world, Answer::RedirectTo(to));
            },
            heals: answer_well,
            expected: "GitAuthenticationFailed: `URL` refused access: it redirects to something that is no Git repository, often a page to log in\n  hint: check the secret named by `clientSecretName` and what it may read",
        },
        Case {
            name: "a redirect to where it is less safe",
            world: https,
            breaks: |world| answer(world, Answer::Redirect("http://127.0.0.1:9/x".to_owned())),
            heals: answer_well,
            expected: "GitFetchFailed: could not use what `URL` sent: it redirects to a place that is less safe",
        },
        Case {
            name: "a redirect with a credential",
            world: https,
            breaks: |world| {
                answer(
                    world,
                    Answer::Redirect("https://a:hunter2@127.0.0.1:9".to_owned()),
                )
            },
            heals: answer_well,
            expected: "GitFetchFailed: could not use what `URL` sent: it redirects to a URL with a credential",
        },
        Case {
            name: "a redirect to where machines keep their metadata",
            world: https,
            breaks: |world| {
                answer(
                    world,
                    Answer::Redirect("https://169.254.169.254/latest".to_owned()),
                )
            },
            heals: answer_well,
            expected: "GitFetchFailed: could not use what `URL` sent: it redirects to an address that is link-local, where machines keep their metadata",
        },
        Case {
            name: "redirects without end",
            world: https,
            breaks: |world| answer(world, Answer::Redirect(world.url_of(""))),
            heals: answer_well,
            expected: "GitFetchFailed: could not use what `URL` sent: it redirects too often",
        },
        Case {
            name: "another key, ssh",
            world: ssh,
            breaks: |world| set_ssh_key(world, Some(key(9).private().unwrap())),
            heals: ssh_is_told_well,
            expected: "GitAuthenticationFailed: `URL` refused access: git@127.0.0.1: Permission denied (password,publickey,hostbased,keyboard-interactive).\n  hint: check the secret named by `clientSecretName` and what it may read",
        },
        Case {
            name: "a key that is none, ssh",
            world: ssh,
            breaks: |world| set_ssh_key(world, Some("hunter2".to_owned())),
            heals: ssh_is_told_well,
            expected: "GitAuthenticationFailed: cannot use the credential `URL`: `ssh-privatekey` is not a private key without passphrase",
        },
        Case {
            name: "no key, ssh",
            world: ssh,
            breaks: |world| set_ssh_key(world, None),
            heals: ssh_is_told_well,
            expected: "GitAuthenticationFailed: cannot use the credential `URL`: SSH needs a key, and the secret has no `ssh-privatekey`",
        },
        Case {
            name: "no such repository, https",
            world: https,
            breaks: ask_for_another,
            heals: ask_for_it,
            expected: "GitRepositoryNotFound: there is no repository at `https://127.0.0.1:PORT/other.git`: HTTP status 404\n  hint: check the URL; many servers say this too when a credential is missing",
        },
        Case {
            name: "no such repository, ssh",
            world: ssh,
            breaks: ask_for_another,
            heals: ask_for_it,
            expected: "GitRepositoryNotFound: there is no repository at `ssh://git@127.0.0.1:PORT/other.git`: fatal: 'ROOT/other.git' does not appear to be a git repository\n  hint: check the URL; many servers say this too when a credential is missing",
        },
        Case {
            name: "no such repository, git",
            world: git,
            breaks: ask_for_another,
            heals: ask_for_it,
            expected: "GitRepositoryNotFound: there is no repository at `git://127.0.0.1:PORT/other.git`: access denied or repository not exported: /other.git\n  hint: check the URL; many servers say this too when a credential is missing",
        },
    ]);
}

#[test]
fn a_server_that_is_not_who_it_should_be_gets_nothing() {
    check_all(&[
        Case {
            name: "a certificate of an authority that nobody knows",
            world: https,
            breaks: |world| {
                let other = Authority::new("somebody else's").unwrap();
                let identity = other.server(&["127.0.0.1"]).unwrap();
                identify(
                    world,
                    Tls {
                        identity,
                        clients: None,
                    },
                );
            },
            heals: identify_well,
            expected: "GitServerNotTrusted: the certificate of `URL` is not trusted: no authority that is trusted issued it\n  hint: add the certificate authority as `cacerts` to the secret, or as `caBundle`",
        },
        Case {
            name: "a certificate whose time is over",
            world: https,
            breaks: |world| {
                let identity = world.authority.expired_server(&["127.0.0.1"]).unwrap();
                identify(
                    world,
                    Tls {
                        identity,
                        clients: None,
                    },
                );
            },
            heals: identify_well,
            expected: "GitServerNotTrusted: the certificate of `URL` is not trusted: its time is over",
        },
        Case {
            name: "a certificate for another name",
            world: https,
            breaks: |world| {
                let identity = world.authority.server(&["git.example.org"]).unwrap();
                identify(
                    world,
                    Tls {
                        identity,
                        clients: None,
                    },
                );
            },
            heals: identify_well,
            expected: "GitServerNotTrusted: the certificate of `URL` is not trusted: it is for another name",
        },
        Case {
            name: "no client certificate",
            world: client_certificate,
            breaks: |world| {
                let mut credentials = world.credentials.borrow_mut();
                credentials.client_certificate = None;
                credentials.client_key = None;
            },
            heals: |world| set_client(world, &world.authority),
            expected: "GitAuthenticationFailed: `URL` refused access: it does not take the client certificate, or wants one\n  hint: check the secret named by `clientSecretName` and what it may read",
        },
        Case {
            name: "a client certificate of another authority",
            world: client_certificate,
            breaks: |world| set_client(world, &Authority::new("somebody else's").unwrap()),
            heals: |world| set_client(world, &world.authority),
            expected: "GitAuthenticationFailed: `URL` refused access: it does not take the client certificate, or wants one\n  hint: check the secret named by `clientSecretName` and what it may read",
        },
        Case {
            name: "a client certificate that is none",
            world: client_certificate,
            breaks: |world| {
                let mut credentials = world.credentials.borrow_mut();
                credentials.client_key = Some(Secret::new("hunter2".to_owned()));
            },
            heals: |world| set_client(world, &world.authority),
            expected: "GitAuthenticationFailed: cannot use the credential `URL`: `tls.crt` and `tls.key` are not a PEM certificate and key",
        },
        Case {
            name: "authorities that are none",
            world: https,
            breaks: |world| {
                let mut credentials = world.credentials.borrow_mut();
                credentials.certificate_authorities = Some("nonsense".to_owned());
            },
            heals: |world| {
                *world.credentials.borrow_mut() = Credentials {
                    certificate_authorities: Some(world.authority.pem().to_owned()),
                    ..Credentials::default()
                };
            },
            expected: "GitAuthenticationFailed: cannot use the credential `URL`: `cacerts` holds no certificate",
        },
        Case {
            name: "another host key",
            world: ssh,
            breaks: |world| world.as_ssh().set_host_key(key(7)),
            heals: |world| world.as_ssh().set_host_key(key(SERVER)),
            expected: "GitServerNotTrusted: the host key of `URL` is not trusted: it is not the one in `known_hosts`\n  hint: put the server's host key, checked by other means, as `known_hosts` into the secret",
        },
        Case {
            name: "a host key of another server",
            world: ssh,
            breaks: |world| {
                let other = world
                    .known_hosts(SERVER)
                    .replace("127.0.0.1", "git.example.org");
                set_known_hosts(world, Some(other));
            },
            heals: ssh_is_told_well,
            expected: "GitServerNotTrusted: the host key of `URL` is not trusted: it is not in `known_hosts`\n  hint: put the server's host key, checked by other means, as `known_hosts` into the secret",
        },
        Case {
            name: "no host key",
            world: ssh,
            breaks: |world| set_known_hosts(world, None),
            heals: ssh_is_told_well,
            expected: "GitServerNotTrusted: the host key of `URL` is not trusted: no host key is known: the secret has no `known_hosts`, and the host no `--git-known-hosts`\n  hint: put the server's host key, checked by other means, as `known_hosts` into the secret",
        },
    ]);
}

#[test]
fn what_cannot_be_used_is_told_and_passes() {
    check_all(&[
        Case {
            name: "a pack with a wrong byte",
            world: https,
            breaks: |world| answer(world, Answer::SpoiltPack),
            heals: answer_well,
            expected: "GitFetchFailed: could not use what `URL` sent: the pack is damaged: …",
        },
        Case {
            name: "damage on the server's disk, https",
            world: https,
            breaks: damage,
            heals: repair,
            expected: "GitFetchFailed: could not use what `URL` sent: the repository is damaged on its server: aborting due to possible repository corruption on the remote side",
        },
        Case {
            name: "damage on the server's disk, ssh",
            world: ssh,
            breaks: damage,
            heals: repair,
            expected: "GitFetchFailed: could not use what `URL` sent: the repository is damaged on its server: aborting due to possible repository corruption on the remote side",
        },
        Case {
            name: "damage on the server's disk, git",
            world: git,
            breaks: damage,
            heals: repair,
            expected: "GitFetchFailed: could not use what `URL` sent: the repository is damaged on its server: aborting due to possible repository corruption on the remote side",
        },
    ]);
}

/// Takes an object away that the tip of `main` needs.
fn damage(world: &World) {
    let (object, aside) = needed(world);
    std::fs::rename(object, aside).unwrap();
}

fn repair(world: &World) {
    let (object, aside) = needed(world);
    std::fs::rename(aside, object).unwrap();
}

fn needed(world: &World) -> (std::path::PathBuf, std::path::PathBuf) {
    let id = world.repo.git(&["rev-parse", "main:noise.txt"]);
    let objects = world.repo.path().join("objects");
    (
        objects.join(&id[..2]).join(&id[2..]),
        world.repo.root().join("aside"),
    )
}

#[test]
fn branches_that_go_away_are_told_and_come_back() {
    const GONE: &str = "RevisionNotFound: `URL` has no branch `main`\n  hint: what runs stays; set `branch` or `revision` to one that exists";
    let deletes = |world: &World| {
        world.repo.git(&["update-ref", "refs/kept/main", "main"]);
        world.repo.git(&["update-ref", "-d", "refs/heads/main"]);
    };
    let restores = |world: &World| {
        world
            .repo
            .git(&["update-ref", "refs/heads/main", "refs/kept/main"]);
    };
    let empties = |world: &World| {
        world.repo.git(&["update-ref", "-d", "refs/heads/main"]);
        world.collect_garbage();
    };
    let case = |name, world, breaks, heals| Case {
        name,
        world,
        breaks,
        heals,
        expected: GONE,
    };
    check_all(&[
        case("https, deleted", https, deletes, restores),
        case("ssh, deleted", ssh, deletes, restores),
        case("git, deleted", git, deletes, restores),
        case("https, empty", https, empties, World::commit),
        case("ssh, empty", ssh, empties, World::commit),
        case("git, empty", git, empties, World::commit),
    ]);
}

#[test]
fn a_branch_is_followed_wherever_it_goes() {
    if !fleet_test_git::available() {
        return;
    }
    for world in [https(), ssh(), git()] {
        world.look_well("first").unwrap();
        let second = {
            world.commit();
            world.host.poll(&world.remote(), "main").unwrap()
        };
        // Back, to another child of the first commit, and to where no commit is known.
        world.repo.git(&["update-ref", "refs/heads/main", "main~1"]);
        world.look_well("back").unwrap();
        world.commit();
        world.collect_garbage();
        world.look_well("rewritten").unwrap();
        let error = world.host.fetch(&world.remote(), &second).unwrap_err();
        assert_eq!(
            world.shown(&error),
            format!(
                "RevisionNotFound: `URL` has no commit {second}\n  hint: what runs stays; set `branch` or `revision` to one that exists"
            ),
            "a commit that went away between poll and fetch"
        );
        world.commit_unrelated();
        world.look_well("unrelated").unwrap();
    }
}
