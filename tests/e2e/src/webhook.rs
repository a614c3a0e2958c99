//! A forge's part: says over HTTP that something was pushed, signed as `docs/operating.md` tells.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use fleet_webhook::Keys;
use serde_json::{Value, json};

use crate::host::Host;
use crate::http;

/// Name of the secret, and what is in it.
const SECRET: (&str, &str) = ("webhooks", "what the demo and the tests sign with");

/// Makes a folder of secrets below `dir`; the arguments with which a host takes webhooks signed with the one in it.
///
/// # Errors
/// If it cannot be written.
pub fn arguments(dir: &Path) -> Result<Vec<String>> {
    let (name, key) = SECRET;
    let secrets = dir.join("secrets");
    std::fs::create_dir_all(secrets.join(name))?;
    std::fs::write(secrets.join(name).join("secret"), key)?;
    let secrets = secrets.display().to_string();
    let arguments = [
        "--webhooks",
        "127.0.0.1:0",
        "--webhook-secret",
        name,
        "--secrets-dir",
        &secrets,
    ];
    Ok(arguments.map(str::to_owned).to_vec())
}

/// Who signs with the key that the host knows.
pub fn owner() -> Keys {
    [("secret", SECRET.1)].into_iter().collect()
}

/// Who would like to know it.
pub fn forger() -> Keys {
    [("secret", "guessed")].into_iter().collect()
}

/// Tells `host` that `main` of the repository at `url` stands at `commit`; the status of its answer.
///
/// # Errors
/// If the host takes no webhooks or gives no answer.
pub fn send(host: &Host, keys: &Keys, url: &str, commit: &str) -> Result<u16> {
    let status: Value = serde_json::from_str(&host.run(&["status", "-o", "json"])?)?;
    let target = status["webhooksUrl"].as_str();
    post(
        target.context("the host takes no webhooks")?,
        keys,
        url,
        commit,
    )
}

/// The same, to an address that is known.
///
/// # Errors
/// If nobody answers there.
pub fn post(target: &str, keys: &Keys, url: &str, commit: &str) -> Result<u16> {
    let body = json!({"repo": url, "ref": "refs/heads/main", "commit": commit}).to_string();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let signature = keys
        .sign(now, body.as_bytes())
        .context("there is no key to sign with")?;
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Fleet-Timestamp", &now.to_string()),
        ("X-Fleet-Signature", &signature),
    ];
    http::post(target, &headers, &body)
}
