//! `git http-backend`, called as a web server calls it (CGI, RFC 3875).

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// What a client asked.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) headers: &'a BTreeMap<String, String>,
    pub(super) body: &'a [u8],
}

/// What Git said.
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

pub(super) async fn run(root: &Path, asked: &Asked<'_>) -> Result<Said> {
    let (path, query) = asked.target.split_once('?').unwrap_or((asked.target, ""));
    let header = |name: &str| {
        asked
            .headers
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    };
    let mut child = Command::new(crate::git_program("git-http-backend")?)
        .env_clear()
        .envs(crate::environment())
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", asked.method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", asked.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("could not start git-http-backend")?;
    let mut stdin = child
        .stdin
        .take()
        .context("its input was asked to be piped")?;
    // The answer begins only after the whole question, but a child that fails reads none of it.
    let asking = async {
        let _ = stdin.write_all(asked.body).await;
        drop(stdin);
    };
    let (output, ()) = tokio::join!(child.wait_with_output(), asking);
    parse(output?.stdout)
}

fn parse(output: Vec<u8>) -> Result<Said> {
    let end = output
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("git-http-backend said nothing")?;
    let mut said = Said {
        status: 200,
        headers: Vec::new(),
        body: output[end + 4..].to_vec(),
    };
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let (name, value) = line.split_once(':').context("a line that is no header")?;
        if name.eq_ignore_ascii_case("status") {
            let digits = value.trim().split(' ').next().unwrap_or_default();
            said.status = digits.parse().context("a status that is no number")?;
        } else {
            said.headers
                .push((name.to_owned(), value.trim().to_owned()));
        }
    }
    Ok(said)
}

/// Where the content of each packet of a conversation is, special packets being empty; as far as there are any.
fn packets(body: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let hex = std::str::from_utf8(body.get(at..at + 4)?).ok()?;
        let length = usize::from_str_radix(hex, 16).ok()?.max(4);
        let content = at + 4..at + length;
        at = content.end;
        body.get(content.clone()).map(|_| content)
    })
}

/// What a client says to Git, packet by packet, without those that are no text and those that only part others.
pub(super) fn said(body: &[u8]) -> Vec<String> {
    let texts = packets(body).filter_map(|content| std::str::from_utf8(&body[content]).ok());
    let texts = texts.map(|text| text.trim_end_matches('\n').to_owned());
    texts.filter(|text| !text.is_empty()).collect()
}

/// Flips a byte in the middle of the largest piece of a pack, if there is one in this answer.
pub(super) fn spoil_pack(body: &mut [u8]) {
    /// A piece of the pack, as `side-band-64k` marks it.
    const OF_PACK: u8 = 1;
    let (mut in_pack, mut largest) = (false, 0..0);
    for content in packets(body) {
        let text = &body[content.clone()];
        if text == b"packfile\n" {
            in_pack = true;
        } else if in_pack && text.first() == Some(&OF_PACK) && content.len() > largest.len() {
            largest = content;
        }
    }
    if let Some(byte) = body.get_mut((largest.start + largest.end) / 2)
        && !largest.is_empty()
    {
        *byte ^= 0xff;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_read_as_far_as_there_are_any() {
        let check = |body: &str, expected: &[&str]| assert_eq!(said(body.as_bytes()), expected);
        check("", &[]);
        check(
            "0014command=ls-refs\n00010009peel\n0000",
            &["command=ls-refs", "peel"],
        );
        check("0009done\n00ffcut", &["done"]);
        check("no packet", &[]);
    }
}
