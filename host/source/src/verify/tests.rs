//! Signatures by the programs that make them, and by the libraries, as they are and tampered with.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use pgp::composed::{
    ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedPublicKey,
    SignedSecretKey, SubkeyParamsBuilder,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::types::{KeyDetails as _, Password};

use super::*;
use crate::{Options, Reference};

const NOW: u64 = 1_800_000_000;
static GO_ON: AtomicBool = AtomicBool::new(false);

/// A repository with commits, and a home for keys.
struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("sign").tempdir().unwrap();
        let bench = Self { dir };
        std::fs::create_dir(bench.path("home")).unwrap();
        bench.git(&["init", "--quiet", "--initial-branch=main"]);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn try_run(&self, program: &str, args: &[&str]) -> Option<Vec<u8>> {
        let output = Command::new(program)
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .envs([
                ("HOME", self.path("home")),
                ("GNUPGHOME", self.path("home")),
            ])
            .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_AUTHOR_NAME", "A")])
            .envs([("GIT_AUTHOR_EMAIL", "a@x"), ("GIT_COMMITTER_NAME", "C")])
            .env("GIT_COMMITTER_EMAIL", "a@x")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .ok()?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?}: {complaint}");
        Some(output.stdout)
    }

    fn run(&self, program: &str, args: &[&str]) -> Vec<u8> {
        let missing = || panic!("the program `{program}` is missing");
        self.try_run(program, args).unwrap_or_else(missing)
    }

    fn git(&self, args: &[&str]) -> Vec<u8> {
        self.run("git", args)
    }

    /// A new SSH key: its file, and its public line.
    fn ssh_key(&self, name: &str, kind: &[&str]) -> (PathBuf, String) {
        let file = self.path(name);
        let mut args = vec!["-q", "-N", "", "-C", name, "-f", file.to_str().unwrap()];
        args.extend(kind);
        self.run("ssh-keygen", &args);
        let public = std::fs::read_to_string(file.with_extension("pub")).unwrap();
        (file, public)
    }

    /// The bytes of a new commit.
    fn commit(&self, options: &[&str]) -> Vec<u8> {
        let mut args = options.to_vec();
        args.extend([
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            "subject\n\nbody",
        ]);
        if options.len() > 1 {
            args.push("-S");
        }
        self.git(&args);
        self.git(&["cat-file", "commit", "HEAD"])
    }
}

/// Whether a program is here; tests without it say so.
fn has(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if found.is_err() {
        eprintln!("SKIPPED: the program `{program}` is missing");
    }
    found.is_ok()
}

fn has_ssh_keygen() -> bool {
    let found = has("ssh-keygen");
    assert!(found || std::env::var_os("CI").is_none(), "CI must have it");
    found
}

fn keys(texts: &[&str]) -> Keys {
    Keys::parse(&named(texts)).unwrap()
}

fn named(texts: &[&str]) -> Vec<KeyText> {
    let texts = texts.iter().enumerate();
    texts
        .map(|(n, text)| KeyText {
            name: format!("keys[{n}]"),
            text: (*text).to_owned(),
        })
        .collect()
}

fn check(keys: &Keys, raw: &[u8]) -> Result<String, String> {
    check_at(keys, raw, NOW)
}

fn check_at(keys: &Keys, raw: &[u8], now: u64) -> Result<String, String> {
    let (payload, signature) = object::commit(raw).map_err(|refusal| refusal.to_string())?;
    let verified = keys.check(&payload, &signature, now);
    verified
        .map(|verified| verified.signer)
        .map_err(|refusal| refusal.to_string())
}

/// A commit object with a signature put into it.
fn signed(payload: &[u8], signature: &str) -> Vec<u8> {
    let at = payload.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
    let header = format!("gpgsig {}\n", signature.trim_end().replace('\n', "\n "));
    [&payload[..at], header.as_bytes(), &payload[at..]].concat()
}

fn replaced(raw: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(raw).unwrap();
    assert!(text.contains(from), "{text}");
    text.replacen(from, to, 1).into_bytes()
}

#[track_caller]
fn assert_refused(found: Result<String, String>, expected: &str) {
    match found {
        Err(why) => assert!(why.contains(expected), "{why}"),
        Ok(signer) => panic!("verified by {signer}, expected: {expected}"),
    }
}

#[test]
fn commits_signed_by_ssh_keys_are_verified() {
    if !has_ssh_keygen() {
        return;
    }
    let bench = Bench::new();
    let (_, other) = bench.ssh_key("other", &["-t", "ed25519"]);
    for kind in [
        &["-t", "ed25519"][..],
        &["-t", "ecdsa", "-b", "256"],
        &["-t", "ecdsa", "-b", "384"],
        &["-t", "rsa", "-b", "2048"],
    ] {
        let (file, public) = bench.ssh_key(&kind.concat(), kind);
        let key = format!("user.signingkey={}", file.display());
        let raw = bench.commit(&["-c", "gpg.format=ssh", "-c", &key]);
        let both = keys(&[&other, &public]);
        let signer = check(&both, &raw).unwrap();
        assert!(signer.contains("SHA256:"), "{signer}");
        for (from, to) in [("body", "b0dy"), ("author A", "author B")] {
            assert_refused(check(&both, &replaced(&raw, from, to)), "does not fit");
        }
        let (payload, signature) = object::commit(&raw).unwrap();
        assert_refused(check(&keys(&[&other]), &raw), "not among the trusted keys");
        assert_refused(check(&keys(&[&other]), &raw), &signer);
        // A header that is no part of what is signed may not smuggle anything in.
        let doubled = signed(&raw, std::str::from_utf8(&signature).unwrap());
        assert_refused(check(&both, &doubled), "several");
        assert_refused(check(&both, &payload), "it is not signed");
    }
}

#[test]
fn a_signature_made_for_something_else_is_refused() {
    if !has_ssh_keygen() {
        return;
    }
    let bench = Bench::new();
    let (file, public) = bench.ssh_key("key", &["-t", "ed25519"]);
    let payload = bench.commit(&[]);
    let with = |namespace: &str, hash: &str| {
        std::fs::write(bench.path("payload"), &payload).unwrap();
        let _ = std::fs::remove_file(bench.path("payload.sig"));
        let (file, hash) = (file.to_str().unwrap(), format!("hashalg={hash}"));
        let args = ["-Y", "sign", "-q", "-O", &hash, "-n", namespace, "-f", file];
        bench.run("ssh-keygen", &[&args[..], &["payload"]].concat());
        let signature = std::fs::read_to_string(bench.path("payload.sig")).unwrap();
        check(&keys(&[&public]), &signed(&payload, &signature))
    };
    with("git", "sha512").unwrap();
    with("git", "sha256").unwrap();
    assert_refused(with("file", "sha512"), "made for `file`, not for `git`");
}

#[test]
fn a_tag_is_verified_by_its_own_name_and_commit() {
    if !has_ssh_keygen() {
        return;
    }
    let bench = Bench::new();
    let (file, public) = bench.ssh_key("key", &["-t", "ed25519"]);
    let key = format!("user.signingkey={}", file.display());
    let sign = ["-c", "gpg.format=ssh", "-c", &key];
    bench.commit(&sign);
    bench.git(&[&sign[..], &["tag", "-s", "-m", "first", "v1.0.0"]].concat());
    bench.commit(&[]);
    bench.git(&["tag", "-a", "-m", "not signed", "v1.1.0"]);
    bench.git(&["tag", "v1.2.0"]);
    // What was signed long ago, under the name of something newer.
    bench.git(&["update-ref", "refs/tags/v2.0.0", "refs/tags/v1.0.0"]);

    let dir = tempfile::tempdir().unwrap();
    let source = Source::open(dir.path(), Options::default()).unwrap();
    let remote = Remote::new(bench.dir.path().to_str().unwrap()).unwrap();
    let trusted = keys(&[&public]);
    let verify = |revision: &str, mode| {
        let reference = Reference::of_repo(None, Some(revision)).unwrap();
        let position = source.locate(&remote, &reference, &GO_ON).unwrap();
        source.fetch(&remote, &position.commit, &GO_ON).unwrap();
        let found = source.verify(&remote, &position, mode, &trusted, NOW, &GO_ON);
        found
            .map(|verified| verified.signer)
            .map_err(|error| error.to_string())
    };
    verify("v1.0.0", VerifyMode::Tag).unwrap();
    verify("v1.0.0", VerifyMode::TagAndHEAD).unwrap();
    verify("~1.0", VerifyMode::Head).unwrap();
    assert_refused(verify("v1.1.0", VerifyMode::Tag), "tag `v1.1.0` of");
    assert_refused(verify("v1.1.0", VerifyMode::Tag), "it is not signed");
    assert_refused(
        verify("v1.2.0", VerifyMode::Tag),
        "no annotated tag named it",
    );
    assert_refused(verify("v1.2.0", VerifyMode::Head), "it is not signed");
    assert_refused(verify("v2.0.0", VerifyMode::Tag), "its name is `v1.0.0`");

    let raw = bench.git(&["cat-file", "tag", "v1.0.0"]);
    let (payload, signature) = object::tag(&raw).unwrap();
    trusted.check(payload, signature, NOW).unwrap();
    let tampered = replaced(payload, "first", "f1rst");
    let refusal = trusted.check(&tampered, signature, NOW).unwrap_err();
    assert!(refusal.to_string().contains("does not fit"), "{refusal}");
}

#[test]
fn commits_signed_by_gnupg_are_verified() {
    if !has("gpg") {
        return;
    }
    let bench = Bench::new();
    let generate = |name: &str, kind: &str, expire: &str| {
        let args = [
            "--batch",
            "--quiet",
            "--passphrase",
            "",
            "--quick-generate-key",
        ];
        bench.run("gpg", &[&args[..], &[name, kind, "sign", expire]].concat());
        bench.run("gpg", &["--export", "--armor", name])
    };
    let export = |key: Vec<u8>| String::from_utf8(key).unwrap();
    let ed25519 = export(generate("ed@x", "ed25519", "0"));
    let rsa = export(generate("rsa@x", "rsa2048", "0"));
    let brief = export(generate("brief@x", "ed25519", "1d"));
    let all = keys(&[&ed25519, &(rsa.clone() + &brief)]);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let sign = |name: &str| {
        let key = format!("user.signingkey={name}");
        bench.commit(&["-c", "gpg.format=openpgp", "-c", &key])
    };
    for name in ["ed@x", "rsa@x"] {
        let raw = sign(name);
        let signer = check_at(&all, &raw, now).unwrap();
        assert!(signer.starts_with("the OpenPGP key "), "{signer}");
        let tampered = replaced(&raw, "body", "b0dy");
        assert_refused(check_at(&all, &tampered, now), "does not fit");
        assert_refused(check_at(&keys(&[&brief]), &raw, now), &signer);
    }
    let raw = sign("brief@x");
    check_at(&all, &raw, now).unwrap();
    assert_refused(check_at(&all, &raw, now + 2 * 86_400), "which has expired");

    // A subkey signs in place of the primary key, and another copy of the key knows nothing of it.
    let fingerprints = bench.run("gpg", &["--list-keys", "--with-colons", "ed@x"]);
    let fingerprint = export(fingerprints)
        .lines()
        .find_map(|line| {
            line.strip_prefix("fpr:::::::::")?
                .strip_suffix(':')
                .map(str::to_owned)
        })
        .unwrap();
    let args = ["--batch", "--quiet", "--passphrase", "", "--quick-add-key"];
    bench.run(
        "gpg",
        &[&args[..], &[&fingerprint, "ed25519", "sign", "0"]].concat(),
    );
    let raw = sign("ed@x");
    let with_subkey = export(bench.run("gpg", &["--export", "--armor", "ed@x"]));
    let by_subkey = check_at(&keys(&[&with_subkey]), &raw, now).unwrap();
    assert!(!by_subkey.contains(&fingerprint), "{by_subkey}");
    assert_refused(check_at(&all, &raw, now), "not among the trusted keys");

    // GnuPG writes a revocation beside each new key, with a colon so that nobody imports it by mistake.
    let file = format!("home/openpgp-revocs.d/{fingerprint}.rev");
    let revocation = std::fs::read_to_string(bench.path(&file)).unwrap();
    let revocation = revocation.replace(":-----BEGIN", "-----BEGIN");
    std::fs::write(bench.path("revocation"), revocation).unwrap();
    bench.run("gpg", &["--batch", "--quiet", "--import", "revocation"]);
    let revoked = export(bench.run("gpg", &["--export", "--armor", "ed@x"]));
    assert_refused(check_at(&keys(&[&revoked]), &raw, now), "which is revoked");
    assert_refused(
        check_at(&keys(&[&with_subkey, &revoked]), &raw, now),
        "which is revoked",
    );
    // The agent that GnuPG started is for this folder only.
    bench.try_run("gpgconf", &["--kill", "all"]);
}

/// A new OpenPGP key whose primary key certifies and whose subkey signs, if it may.
fn openpgp_key(kind: KeyType, subkey_signs: bool) -> SignedSecretKey {
    let mut subkey = SubkeyParamsBuilder::default();
    subkey
        .key_type(kind)
        .can_sign(subkey_signs)
        .can_authenticate(!subkey_signs);
    SecretKeyParamsBuilder::default()
        .key_type(KeyType::Ed25519Legacy)
        .can_certify(true)
        .can_sign(false)
        .primary_user_id("a@example.org".into())
        .subkeys(vec![subkey.build().unwrap()])
        .build()
        .unwrap()
        .generate(rand::thread_rng())
        .unwrap()
}

fn armoured(key: &SignedSecretKey) -> String {
    let public = SignedPublicKey::from(key.clone());
    public.to_armored_string(ArmorOptions::default()).unwrap()
}

#[test]
fn openpgp_signatures_must_be_strong_and_by_a_key_for_signing() {
    let payload = b"tree 1\nauthor A\n\nsubject\n";
    let key = openpgp_key(KeyType::Ed25519Legacy, true);
    let subkey = &key.secret_subkeys[0].key;
    let trusted = keys(&[&armoured(&key)]);
    let made = |hash, key: &_, text: bool| {
        let (rng, password) = (rand::thread_rng(), Password::empty());
        let made = match text {
            true => DetachedSignature::sign_text_data(rng, key, &password, hash, &payload[..]),
            false => DetachedSignature::sign_binary_data(rng, key, &password, hash, &payload[..]),
        };
        made.unwrap()
            .to_armored_string(ArmorOptions::default())
            .unwrap()
    };
    let strong = made(HashAlgorithm::Sha512, subkey, false);
    let name = subkey.fingerprint().to_string().to_uppercase();
    let raw = signed(payload, &strong);
    assert_eq!(
        check(&trusted, &raw).unwrap(),
        format!("the OpenPGP key {name}")
    );
    assert_refused(
        check(&trusted, &replaced(&raw, "subject", "svbject")),
        "does not fit",
    );
    let stranger = keys(&[&armoured(&openpgp_key(KeyType::Ed25519Legacy, true))]);
    assert_refused(check(&stranger, &raw), "not among the trusted keys");
    // With other kinds of keys the library makes no weak signatures.
    let rsa = openpgp_key(KeyType::Rsa(2048), true);
    let rsa_subkey = &rsa.secret_subkeys[0].key;
    let rsa_trusted = keys(&[&armoured(&rsa)]);
    for (hash, weak) in [
        (HashAlgorithm::Sha1, Some("SHA1")),
        (HashAlgorithm::Sha224, Some("SHA224")),
        (HashAlgorithm::Sha256, None),
    ] {
        let raw = signed(payload, &made(hash, rsa_subkey, false));
        match weak {
            Some(weak) => {
                let expected = format!("uses {weak}, which is too weak");
                assert_refused(check(&rsa_trusted, &raw), &expected);
            }
            None => assert!(check(&rsa_trusted, &raw).is_ok()),
        }
    }
    let text = signed(payload, &made(HashAlgorithm::Sha256, subkey, true));
    assert_refused(check(&trusted, &text), "not one over bytes as they are");
    let several = signed(payload, &format!("{strong}{strong}"));
    assert!(
        check(&trusted, &several).is_ok(),
        "what follows the first one is not looked at"
    );
    for broken in [
        "-----BEGIN PGP SIGNATURE-----\n\nnonsense",
        "-----BEGIN PGP SIGNATURE-----",
    ] {
        assert_refused(check(&trusted, &signed(payload, broken)), "cannot be read");
    }
    assert_refused(
        check(&trusted, &signed(payload, "x")),
        "neither one of SSH nor",
    );

    let other = openpgp_key(KeyType::Ed25519Legacy, false);
    let (rng, password) = (rand::thread_rng(), Password::empty());
    let by_other = &other.secret_subkeys[0].key;
    let hash = HashAlgorithm::Sha256;
    let made = DetachedSignature::sign_binary_data(rng, by_other, &password, hash, &payload[..]);
    let made = made
        .unwrap()
        .to_armored_string(ArmorOptions::default())
        .unwrap();
    let trusted = keys(&[&armoured(&other)]);
    assert_refused(
        check(&trusted, &signed(payload, &made)),
        "not meant for signing",
    );
}

/// A subkey that somebody has put into a key, without the primary key's consent, is nobody's.
#[test]
fn a_subkey_counts_only_where_it_is_bound() {
    let payload = b"tree 1\nauthor A\n\nsubject\n";
    let (key, thief) = (
        openpgp_key(KeyType::Ed25519Legacy, true),
        openpgp_key(KeyType::Ed25519Legacy, true),
    );
    let mut public = SignedPublicKey::from(key);
    public.public_subkeys = SignedPublicKey::from(thief.clone()).public_subkeys;
    let forged = public.to_armored_string(ArmorOptions::default()).unwrap();
    let (rng, password) = (rand::thread_rng(), Password::empty());
    let subkey = &thief.secret_subkeys[0].key;
    let hash = HashAlgorithm::Sha256;
    let made = DetachedSignature::sign_binary_data(rng, subkey, &password, hash, &payload[..]);
    let made = made
        .unwrap()
        .to_armored_string(ArmorOptions::default())
        .unwrap();
    let raw = signed(payload, &made);
    check(&keys(&[&armoured(&thief)]), &raw).unwrap();
    assert_refused(check(&keys(&[&forged]), &raw), "not among the trusted keys");
}

#[test]
fn a_key_that_cannot_be_trusted_is_refused_by_name() {
    let wrong = |texts: &[&str], expected: &str| {
        let error = Keys::parse(&named(texts)).unwrap_err().to_string();
        assert!(error.contains(expected), "{texts:?}: {error}");
    };
    let ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ me";
    assert_eq!(keys(&[ed25519]).len(), 1);
    let signers = format!("# who may sign\n\nme@example.org {ed25519}\n{ed25519}\n");
    assert_eq!(keys(&[&signers]).len(), 2);
    wrong(&[], "`verify`: there is none");
    wrong(&[ed25519, "nonsense"], "`keys[1]`: it is neither");
    wrong(&["# nothing"], "it holds no public key");
    wrong(&["ssh-ed25519"], "it is neither");
    wrong(&["ssh-ed25519 AAAA me"], "not well-formed");
    let options = format!("me@x namespaces=\"git\" {ed25519}");
    wrong(&[&options], "it is neither");
    wrong(&[openpgp::BEGIN_KEY], "has no end");
    let empty = format!("{}\n\n{}\n", openpgp::BEGIN_KEY, openpgp::END_KEY);
    wrong(&[&empty], "it holds no public key");
    wrong(&["-----BEGIN OPENSSH PRIVATE KEY-----"], "it is neither");
    if has_ssh_keygen() {
        let bench = Bench::new();
        let (_, short) = bench.ssh_key("short", &["-t", "rsa", "-b", "1024"]);
        wrong(&[&short], "1024 bits, and 2048 are the least");
    }
}

#[test]
fn the_keys_of_a_secret_are_read_by_entry() {
    let entries = [("b.pub", "two"), ("a.asc", "one"), ("empty", "\n")];
    let texts = KeyText::from_entries(&Entries::new("signers", entries)).unwrap();
    let found: Vec<_> = texts
        .iter()
        .map(|text| (text.name.as_str(), text.text.as_str()))
        .collect();
    assert_eq!(found, [("signers/a.asc", "one"), ("signers/b.pub", "two")]);
    assert_ne!(fingerprint(&texts), fingerprint(&texts[..1]));
    let binary = Entries::new("signers", [("a", [0xff])]);
    let error = KeyText::from_entries(&binary).unwrap_err();
    assert_eq!(error.reason().as_str(), "CommitNotVerified");
    assert!(error.to_string().contains("`signers/a`"), "{error}");
}
