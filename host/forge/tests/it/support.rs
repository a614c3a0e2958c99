//! A client, and a repository on the forge of a test.

use fleet_core::resource::ForgeKind;
use fleet_forge::{Home, Project};
use fleet_test_forge::Forge;
use url::Url;

/// A commit.
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A client that trusts the forge, and follows nothing, as the host's do.
pub(crate) fn client(forge: &Forge) -> reqwest::Client {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    let authority = forge.authority();
    let builder = match authority {
        "" => builder,
        pem => {
            builder.tls_certs_only(reqwest::Certificate::from_pem_bundle(pem.as_bytes()).unwrap())
        }
    };
    builder.build().unwrap()
}

/// The repository `path` of the forge.
pub(crate) fn project(kind: ForgeKind, forge: &Forge, path: &str) -> Project {
    let url = Url::parse(&format!("{}/{path}", forge.url())).unwrap();
    Project::find(kind, &Home::Http(&url), None).unwrap()
}
