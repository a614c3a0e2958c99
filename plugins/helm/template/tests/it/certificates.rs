//! Keys and certificates, against those that Go made for the same template and key.

use std::rc::Rc;

use fleet_core::entropy::{Entropy, KeyKind};
use fleet_template::functions::{Environment, helm};
use fleet_template::{Limits, Templates, Value, strip_no_value};

/// Keys made for tests, the same bytes for every label, and windows that begin at one moment.
struct Keys;

impl Entropy for Keys {
    fn derive(&self, _: &str, len: u32) -> Vec<u8> {
        vec![7; len as usize]
    }

    fn private_key(&self, _: &str, kind: KeyKind) -> String {
        match kind {
            KeyKind::Rsa2048 | KeyKind::Rsa4096 => include_str!("../data/keys/Rsa2048.pem"),
            KeyKind::EcdsaP256 => include_str!("../data/keys/EcdsaP256.pem"),
            KeyKind::Ed25519 => include_str!("../data/keys/Ed25519.pem"),
            KeyKind::Dsa2048 => include_str!("../data/keys/Dsa2048.pem"),
        }
        .to_owned()
    }

    fn window(&self, _: &str, _: u32) -> u64 {
        1_700_000_000
    }
}

fn render(text: &str) -> Result<String, String> {
    let environment = Environment {
        entropy: Rc::new(Keys),
        commit_time: 1_700_000_000,
    };
    let mut templates = Templates::new("gotpl", Rc::new(helm()));
    let parsed = templates.parse("gotpl", text);
    parsed.map_err(|error| error.to_string())?;
    match templates.render("gotpl", Value::Nil, &environment, Limits::default()) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&strip_no_value(&bytes)).into_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// `crypto/x509` of Go 1.26 signs deterministically with RSA: its certificates are the same, byte for byte.
#[test]
fn certificates_are_those_of_go() {
    for (text, expected) in [
        (
            r#"{{ (genCA "my-ca*" 365).Cert }}"#,
            include_str!("../data/certificates/ca.pem"),
        ),
        (
            r#"{{ $ca := genCA "my-ca*" 365 }}{{ (genSignedCert "x.y" (list "1.2.3.4" "::1" "::ffff:1.2.3.4") (list "a.b" "*.c") 10 $ca).Cert }}"#,
            include_str!("../data/certificates/signed.pem"),
        ),
        (
            r#"{{ (genSelfSignedCert "" nil (list "d") 40000).Cert }}"#,
            include_str!("../data/certificates/self-signed.pem"),
        ),
    ] {
        assert_eq!(render(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn keys_have_the_form_that_sprig_gives_them() {
    for (kind, label) in [
        ("rsa", "RSA PRIVATE KEY"),
        ("ecdsa", "EC PRIVATE KEY"),
        ("dsa", "DSA PRIVATE KEY"),
        ("ed25519", "PRIVATE KEY"),
    ] {
        let key = render(&format!("{{{{ genPrivateKey {kind:?} }}}}")).unwrap();
        assert!(
            key.starts_with(&format!("-----BEGIN {label}-----\n")),
            "{key}"
        );
        assert!(key.ends_with(&format!("-----END {label}-----\n")), "{key}");
    }
}

#[test]
fn keys_of_each_kind_sign_and_are_signed() {
    for kind in ["rsa", "ecdsa", "ed25519"] {
        let text = format!(
            r#"{{{{ $k := genPrivateKey "{kind}" }}}}{{{{ $ca := genCAWithKey "ca" 365 $k }}}}{{{{ eq $ca.Key $k }}}}{{{{ $b := buildCustomCert (b64enc $ca.Cert) (b64enc $ca.Key) }}}}{{{{ $c := genSignedCertWithKey "x" nil nil 10 $b $k }}}} {{{{ hasPrefix "-----BEGIN CERTIFICATE-----" $c.Cert }}}}"#
        );
        assert_eq!(render(&text).as_deref(), Ok("true true"), "{kind}");
    }
}

#[test]
fn what_go_refuses_is_refused() {
    for (text, expected) in [
        (
            r#"{{ genCAWithKey "x" 1 (genPrivateKey "dsa") }}"#,
            "error creating certificate: x509: certificate private key does not implement crypto.Signer",
        ),
        (
            r#"{{ genSelfSignedCert "x" nil (list "é") 1 }}"#,
            r#"error creating certificate: x509: "é" cannot be encoded as an IA5String"#,
        ),
        (
            r#"{{ $a := genCA "a" 1 }}{{ $c := buildCustomCert (b64enc $a.Cert) (b64enc (genPrivateKey "ecdsa")) }}{{ genSignedCert "x" nil nil 1 $c }}"#,
            "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
        ),
    ] {
        let error = render(text).unwrap_err();
        assert!(error.ends_with(expected), "{error}");
    }
}
