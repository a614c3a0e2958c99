//! Requests to servers on this machine, over plain HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The whole answer to a GET, head and body.
///
/// # Errors
/// If nobody answers there.
pub fn get(url: &str) -> Result<String> {
    exchange("GET", url, &[], "")
}

/// The status of the answer to a POST with these headers.
///
/// # Errors
/// If nobody answers there.
pub fn post(url: &str, headers: &[(&str, &str)], body: &str) -> Result<u16> {
    let answer = exchange("POST", url, headers, body)?;
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.with_context(|| format!("this is no answer: {answer:?}"))
}

fn exchange(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Result<String> {
    let rest = url
        .strip_prefix("http://")
        .with_context(|| format!("{url} is not plain HTTP"))?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
         Content-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
