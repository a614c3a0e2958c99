//! What is derived is the same for ever, different for different labels, and well-formed.

use super::*;

fn entropy() -> BundleEntropy {
    HostEntropy::new(Secret::new([7; 32])).bundle("shop/web", 1_700_000_000)
}

#[test]
fn the_same_label_gives_the_same_bytes_and_another_one_others() {
    let entropy = entropy();
    let bytes = entropy.derive("a", 100);
    assert_eq!(bytes, entropy.derive("a", 100));
    // A longer value begins with the shorter one.
    assert_eq!(bytes[..40], entropy.derive("a", 40));
    assert_ne!(bytes, entropy.derive("b", 100));
    let other_bundle = entropy.host.bundle("shop/api", 0);
    assert_ne!(bytes, other_bundle.derive("a", 100));
    let other_host = HostEntropy::new(Secret::new([8; 32])).bundle("shop/web", 0);
    assert_ne!(bytes, other_host.derive("a", 100));
}

/// These bytes are in clusters: whoever changes them changes every password there.
#[test]
fn derived_bytes_never_change() {
    let hex: String = entropy()
        .derive("label", 16)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hex, "a43b8958a9cdbd85ec1449cd8d564724");
}

#[test]
fn private_keys_are_pkcs8_and_stay_the_same() {
    for kind in [
        KeyKind::EcdsaP256,
        KeyKind::Ed25519,
        KeyKind::Rsa2048,
        KeyKind::Dsa2048,
    ] {
        let pem = entropy().private_key("tls", kind);
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{pem}");
        assert_eq!(pem, entropy().private_key("tls", kind), "{kind:?}");
        assert_ne!(pem, entropy().private_key("other", kind), "{kind:?}");
    }
}

#[test]
fn an_rsa_key_has_the_size_that_was_asked_for() {
    use rsa::pkcs8::DecodePrivateKey as _;
    use rsa::traits::PublicKeyParts as _;
    let pem = entropy().private_key("tls", KeyKind::Rsa2048);
    let key = rsa::PrivateKey::from_pkcs8_pem(&pem).unwrap();
    assert_eq!(key.n().bit_width_vartime(), 2048);
}

#[test]
fn a_window_is_current_and_ends_before_its_certificate() {
    let host = HostEntropy::new(Secret::new([7; 32]));
    let day = 86_400;
    let start_of = |now: u64| host.bundle("b", now).window("tls", 90);
    for now in [1_700_000_000, 1_700_000_000 + 59 * day, 1_800_000_000] {
        let start = start_of(now);
        assert!(start <= now && now < start + 60 * day, "{start} {now}");
        assert_eq!(start_of(start), start);
        assert_eq!(start_of(start + 60 * day - 1), start);
        assert_eq!(start_of(start + 60 * day), start + 60 * day);
    }
    assert_ne!(
        start_of(1_700_000_000),
        host.bundle("b", 1_700_000_000).window("other", 90)
    );
}
