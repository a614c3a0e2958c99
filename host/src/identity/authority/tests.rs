//! The authority keeps itself, and signs only what it means to sign.

use rustls::pki_types::UnixTime;

use super::*;
use crate::identity::Peer;

/// 2026-01-01.
const NOW: Now = 1_767_225_600;

fn open() -> (tempfile::TempDir, Authority) {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::open(dir.path(), "fleet.example", NOW).unwrap();
    (dir, authority)
}

fn cluster(name: &str) -> ClusterName {
    ClusterName::parse(name).unwrap()
}

/// A request as an agent makes it, asking for `uri`.
fn request(uri: &str) -> (String, KeyPair) {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::URI(uri.to_owned().try_into().unwrap())];
    let csr = params.serialize_request(&key).unwrap();
    (csr.pem().unwrap(), key)
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

/// Agents have pinned it.
#[test]
fn the_authority_stays_the_same_over_a_restart() {
    let (dir, authority) = open();
    let again = Authority::open(dir.path(), "fleet.example", NOW + 1000).unwrap();
    assert_eq!(again.pin(), authority.pin());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(dir.path().join("ca.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn half_an_authority_is_not_replaced_by_another() {
    for lost in ["ca.key", "ca.crt"] {
        let (dir, _) = open();
        fs::remove_file(dir.path().join(lost)).unwrap();
        let error = Authority::open(dir.path(), "fleet.example", NOW)
            .err()
            .unwrap();
        assert!(error.to_string().contains(lost), "{error}");
    }
}

#[test]
fn only_the_public_key_of_a_request_is_used() {
    let (_dir, authority) = open();
    let (csr, key) = request("spiffe://evil.example/host");
    let request = authority.read_request(&csr).unwrap();
    let signed = authority.sign(&request, &cluster("edge-1"), NOW).unwrap();
    let peer = Peer::read(&der(&signed.pem), "fleet.example").unwrap();
    let expected = Peer {
        cluster: cluster("edge-1"),
        key: Digest::of(&key.subject_public_key_info()),
        expires: NOW + CLIENT_LIFE,
    };
    assert_eq!((peer, signed.key), (expected.clone(), expected.key));
    assert_eq!(
        Peer::read(&der(&signed.pem), "fleet.example.org"),
        None,
        "another trust domain"
    );
    assert_eq!(Peer::read(&authority.der, "fleet.example"), None);
}

#[test]
fn a_request_that_was_tampered_with_is_refused() {
    let (_dir, authority) = open();
    let (csr, _) = request("spiffe://x/y");
    let (other, _) = request("spiffe://x/y");
    // The tail of another request is a signature by another key.
    let lines: Vec<&str> = csr.lines().collect();
    let others: Vec<&str> = other.lines().collect();
    let mixed = [&lines[..lines.len() - 2], &others[others.len() - 2..]].concat();
    assert!(authority.read_request(&mixed.join("\n")).is_err());
    assert!(authority.read_request("").is_err());
    assert!(authority.read_request(&"x".repeat(1 << 20)).is_err());
}

#[test]
fn client_certificates_end_and_those_of_others_do_not_count() {
    let (_dir, authority) = open();
    let (_other_dir, other) = open();
    let (csr, _) = request("spiffe://x/y");
    let sign = |authority: &Authority| {
        let request = authority.read_request(&csr).unwrap();
        let signed = authority.sign(&request, &cluster("edge-1"), NOW).unwrap();
        der(&signed.pem)
    };
    let mut roots = RootCertStore::empty();
    roots.add(authority.der.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap();
    let check = |certificate: &CertificateDer<'_>, at: Now| {
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(at));
        verifier.verify_client_cert(certificate, &[], at).is_ok()
    };
    let ours = sign(&authority);
    assert!(check(&ours, NOW));
    assert!(!check(&ours, NOW + CLIENT_LIFE + 1));
    assert!(!check(&sign(&other), NOW));
    // A server certificate is none for clients.
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let server = authority
        .server_key(&["localhost".to_owned()], NOW, &provider)
        .unwrap();
    assert!(!check(&server.cert[0], NOW));
}

#[test]
fn a_trust_domain_must_fit_into_an_identity() {
    let dir = tempfile::tempdir().unwrap();
    for bad in ["", "Upper", "a/b", "a b"] {
        assert!(Authority::open(dir.path(), bad, NOW).is_err(), "{bad}");
    }
}
