//! One request to a forge, bounded in time and size, and what its answer means.

use std::error::Error as _;
use std::time::{Duration, UNIX_EPOCH};

use fleet_core::secret::Secret;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
    USER_AGENT,
};
use serde_json::Value;
use url::Url;

use crate::Error;

/// How long a forge may take for one answer.
const LIMIT: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read.
const MAX_BYTES: usize = 64 << 10;

/// How many redirects within the same server are followed: repositories that were renamed need one.
const MAX_REDIRECTS: usize = 2;

/// The longest pause that is taken from an answer.
const MAX_PAUSE: Duration = Duration::from_secs(3600);

/// What a person may see of what a forge said, in characters.
const MAX_MESSAGE: usize = 200;

/// What a forge answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// When, by the forge's own clock, in seconds since the epoch.
    pub(crate) date: Option<u64>,
    /// How long nothing more should be asked.
    pub(crate) pause: Option<Duration>,
    host: String,
    /// What the forge said in words, with nothing in it that was sent to it in secret.
    pub(crate) message: String,
}

/// Sends JSON, and gives back whatever is answered.
///
/// # Errors
/// If there is no answer, or one that leads to another server.
pub(crate) async fn post(
    client: &reqwest::Client,
    url: &Url,
    accept: &'static str,
    authorization: &Secret<String>,
    body: &Value,
) -> Result<Answer, Error> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let answered = exchange(client, url, accept, authorization, body, &host);
    match tokio::time::timeout(LIMIT, answered).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::TimedOut { host, limit: LIMIT }),
    }
}

async fn exchange(
    client: &reqwest::Client,
    url: &Url,
    accept: &'static str,
    authorization: &Secret<String>,
    body: &Value,
    host: &str,
) -> Result<Answer, Error> {
    let mut header =
        HeaderValue::try_from(authorization.reveal()).map_err(|_| Error::Unusable {
            host: host.to_owned(),
            why: "the credential has characters that no header can hold",
        })?;
    header.set_sensitive(true);
    let mut url = url.clone();
    for _ in 0..=MAX_REDIRECTS {
        let request = client
            .post(url.clone())
            .header(AUTHORIZATION, header.clone())
            .header(ACCEPT, accept)
            .header(USER_AGENT, concat!("fleet/", env!("CARGO_PKG_VERSION")))
            .json(body);
        let mut response = request.send().await.map_err(|error| failed(host, &error))?;
        if response.status().is_redirection() {
            url = redirect(&url, response.headers()).ok_or_else(|| Error::Unusable {
                host: host.to_owned(),
                why: "it redirects to another server, where the credential does not belong",
            })?;
            continue;
        }
        let mut bytes = Vec::new();
        while bytes.len() < MAX_BYTES {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Err(failed(host, &error)),
            }
        }
        bytes.truncate(MAX_BYTES);
        let headers = response.headers();
        let date = header_text(headers, &DATE).and_then(epoch);
        return Ok(Answer {
            status: response.status().as_u16(),
            date,
            pause: pause(headers, date),
            host: host.to_owned(),
            message: message(&bytes, authorization),
            body: bytes,
        });
    }
    Err(Error::Unusable {
        host: host.to_owned(),
        why: "it redirects too often",
    })
}

impl Answer {
    /// The same if the forge did what it was asked to.
    ///
    /// # Errors
    /// What else it said.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        let Self {
            status,
            pause,
            host,
            message,
            ..
        } = &self;
        let (status, host) = (*status, host.clone());
        let limited = pause.is_some() || message.to_ascii_lowercase().contains("rate limit");
        Err(match status {
            200..=299 => return Ok(self),
            429 => Error::RateLimited {
                host,
                status,
                retry_after: *pause,
            },
            403 if limited => Error::RateLimited {
                host,
                status,
                retry_after: *pause,
            },
            503 if pause.is_some() => Error::RateLimited {
                host,
                status,
                retry_after: *pause,
            },
            500..=599 | 408 => Error::Broken { host, status },
            _ => Error::Refused {
                host,
                status,
                why: message.clone(),
            },
        })
    }

    /// That the answer makes no sense.
    pub(crate) fn unusable(&self, why: &'static str) -> Error {
        Error::Unusable {
            host: self.host.clone(),
            why,
        }
    }
}

/// Where a redirect leads, if it stays on the same server.
fn redirect(from: &Url, headers: &HeaderMap) -> Option<Url> {
    let to = from.join(header_text(headers, &LOCATION)?).ok()?;
    let bare = to.username().is_empty() && to.password().is_none();
    (to.origin() == from.origin() && bare).then_some(to)
}

fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn epoch(date: &str) -> Option<u64> {
    let date = httpdate::parse_http_date(date).ok()?;
    Some(date.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// How long the forge wants to be left alone: `Retry-After`, or until its count of requests begins anew.
fn pause(headers: &HeaderMap, date: Option<u64>) -> Option<Duration> {
    /// When the forge does not say what time it is.
    const SOME: u64 = 60;
    let until = |at: u64| date.map_or(SOME, |now| at.saturating_sub(now));
    let asked = header_text(headers, &RETRY_AFTER)
        .and_then(|value| value.parse().ok().or_else(|| epoch(value).map(until)));
    let used_up = || {
        // GitHub and Gitea write it with `X-`, GitLab without.
        let number = |name: &str| {
            ["x-ratelimit-", "ratelimit-"]
                .iter()
                .find_map(|prefix| headers.get(format!("{prefix}{name}")))
                .and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok())
        };
        (number("remaining") == Some(0)).then(|| number("reset").map_or(SOME, until))
    };
    let seconds = asked.or_else(used_up)?;
    Some(Duration::from_secs(seconds).min(MAX_PAUSE))
}

/// What the forge said in words: forges answer with JSON, what stands in between with pages that help nobody.
fn message(body: &[u8], authorization: &Secret<String>) -> String {
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let said = ["message", "error", "error_description"]
        .iter()
        .find_map(|key| match json.as_ref()?.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        });
    let mut said = said.unwrap_or_else(|| "it does not say why".to_owned());
    // A server that is not what it seems could send back what it was sent.
    let sent = authorization.reveal();
    let bare = sent.split_once(' ').map_or(sent.as_str(), |(_, bare)| bare);
    for secret in [sent.as_str(), bare] {
        if !secret.is_empty() {
            said = said.replace(secret, "***");
        }
    }
    let shown = said.chars().filter(|c| !c.is_control());
    shown.take(MAX_MESSAGE).collect()
}

fn failed(host: &str, error: &reqwest::Error) -> Error {
    let mut deepest: &(dyn std::error::Error + 'static) = error;
    let mut untrusted = false;
    loop {
        untrusted |= is_about_trust(deepest);
        match deepest.source() {
            Some(source) => deepest = source,
            None => break,
        }
    }
    let host = host.to_owned();
    // The error at the top has the URL; the one at the bottom says what happened.
    let why = match error.source() {
        Some(_) => deepest.to_string(),
        None => "the request failed".to_owned(),
    };
    if untrusted {
        Error::NotTrusted { host, why }
    } else {
        Error::Unreachable { host, why }
    }
}

fn is_about_trust(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return matches!(error, rustls::Error::InvalidCertificate(_));
    }
    // Its source is that of what it holds, so that what it holds is met nowhere else.
    let inner = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    inner.is_some_and(|inner| is_about_trust(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (
                HeaderName::try_from(*name).unwrap(),
                HeaderValue::try_from(*value).unwrap(),
            )
        };
        lines.iter().map(pair).collect()
    }

    #[test]
    fn a_pause_is_what_the_forge_asks_for_in_any_of_its_ways() {
        let check = |lines: &[(&str, &str)], expected: Option<u64>| {
            let headers = headers(lines);
            let date = header_text(&headers, &DATE).and_then(epoch);
            let expected = expected.map(Duration::from_secs);
            assert_eq!(pause(&headers, date), expected, "{lines:?}");
        };
        let date = ("date", "Thu, 01 Jan 1970 00:16:40 GMT");
        check(&[], None);
        check(&[("retry-after", "7")], Some(7));
        check(
            &[date, ("retry-after", "Thu, 01 Jan 1970 00:17:00 GMT")],
            Some(20),
        );
        check(&[("retry-after", "99999")], Some(3600));
        check(&[("retry-after", "soon")], None);
        let reset = ("x-ratelimit-reset", "1030");
        check(&[date, ("x-ratelimit-remaining", "0"), reset], Some(30));
        check(&[date, ("x-ratelimit-remaining", "1"), reset], None);
        check(
            &[("ratelimit-remaining", "0"), ("ratelimit-reset", "1030")],
            Some(60),
        );
        check(
            &[date, ("ratelimit-remaining", "0"), ("ratelimit-reset", "1")],
            Some(0),
        );
    }

    /// Without this a server could make the host show what it was sent in secret.
    #[test]
    fn what_a_forge_says_never_holds_what_it_was_sent() {
        let check = |body: &str, expected: &str| {
            let sent = Secret::new("Bearer hunter2".to_owned());
            assert_eq!(message(body.as_bytes(), &sent), expected);
        };
        check(r#"{"message": "Bad credentials"}"#, "Bad credentials");
        check(r#"{"message": "no hunter2 here"}"#, "no *** here");
        check(r#"{"error": "got `Bearer hunter2`\n"}"#, "got `***`");
        check(
            r#"{"message": {"name": ["is too long"]}}"#,
            r#"{"name":["is too long"]}"#,
        );
        check("<html>hunter2</html>", "it does not say why");
    }
}
