//! `GET /v1/blobs/{digest}`: bundles, packed or plain, whole or from where an earlier answer broke off.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use fleet_core::digest::Digest;
use fleet_core::error::chain;
use tracing::error;

use super::agent::Agent;
use super::{Context, Refusal};

/// Says the size of a bundle before compression, in bytes, so that a reader can make room or refuse.
const DECODED_LENGTH: &str = "fleet-decoded-length";

pub(crate) async fn blob(
    State(context): State<Arc<Context>>,
    agent: Agent,
    Path(digest): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let unknown = || {
        Refusal::new(
            StatusCode::NOT_FOUND,
            "the desired state of this cluster names no such bundle",
        )
        .hint("fetch the desired state again: `GET /v1/desired`")
    };
    let digest = Digest::parse(&digest).map_err(|_| unknown())?;
    let may_read = context
        .handle
        .ask(move |fleet, _| fleet.may_read(&agent.cluster, &digest))
        .await?;
    if !may_read {
        return Err(unknown());
    }
    let zstd = accepts_zstd(&headers);
    let bundles = context.bundles.clone();
    let found = tokio::task::spawn_blocking(move || bundles.sendable(&digest, zstd)).await;
    let found = match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            error!(bundle = %digest, error = chain(&error), "could not read a bundle");
            return Err(Refusal::internal());
        }
        Err(_) => return Err(Refusal::internal()),
    };
    let tag = format!("\"{digest}{}\"", if zstd { "-zstd" } else { "" });
    let (status, range, bytes) = part(&headers, &tag, found.bytes)?;
    let mut answer = HeaderMap::new();
    let mut set = |name: header::HeaderName, value: String| {
        // All of these are made of digits and names.
        if let Ok(value) = HeaderValue::try_from(value) {
            answer.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "application/octet-stream".to_owned());
    set(header::ETAG, tag);
    set(header::ACCEPT_RANGES, "bytes".to_owned());
    set(header::VARY, "accept-encoding".to_owned());
    set(
        header::HeaderName::from_static(DECODED_LENGTH),
        found.decoded_len.to_string(),
    );
    if zstd {
        set(header::CONTENT_ENCODING, "zstd".to_owned());
    }
    if let Some(range) = range {
        set(header::CONTENT_RANGE, range);
    }
    Ok((status, answer, bytes).into_response())
}

fn accepts_zstd(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            name.trim() == "zstd" && weight.parse().is_ok_and(|weight: f32| weight > 0.0)
        })
}

/// What of the bytes is asked for: `bytes=N-` resumes (RFC 9110, section 14); any other range means all of it, as
/// the standard allows.
fn part(
    headers: &HeaderMap,
    tag: &str,
    bytes: Bytes,
) -> Result<(StatusCode, Option<String>, Bytes), Refusal> {
    let whole = |bytes| Ok((StatusCode::OK, None, bytes));
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let start = text(header::RANGE)
        .and_then(|range| range.strip_prefix("bytes="))
        .and_then(|range| range.strip_suffix('-'))
        .and_then(|start| start.parse::<usize>().ok());
    let Some(start) = start else {
        return whole(bytes);
    };
    if text(header::IF_RANGE).is_some_and(|wanted| wanted != tag) {
        return whole(bytes);
    }
    if start >= bytes.len() {
        let message = format!("the bundle has {} bytes as it is sent", bytes.len());
        return Err(Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, message));
    }
    let range = format!("bytes {start}-{}/{}", bytes.len() - 1, bytes.len());
    Ok((
        StatusCode::PARTIAL_CONTENT,
        Some(range),
        bytes.slice(start..),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn zstd_is_sent_only_to_those_who_take_it() {
        for (value, expected) in [
            ("zstd", true),
            ("gzip, zstd;q=0.5", true),
            ("zstd;q=0", false),
            ("gzip", false),
            ("xzstd", false),
        ] {
            assert_eq!(
                accepts_zstd(&headers(&[("accept-encoding", value)])),
                expected,
                "{value}"
            );
        }
        assert!(!accepts_zstd(&HeaderMap::new()));
    }

    #[test]
    fn a_broken_off_answer_is_resumed() {
        let check = |pairs: &[(&'static str, &'static str)], expected: (u16, &str)| {
            let found = part(&headers(pairs), "\"t\"", Bytes::from_static(b"abcdef"));
            let found = match &found {
                Ok((status, _, bytes)) => (status.as_u16(), std::str::from_utf8(bytes).unwrap()),
                Err(_) => (416, ""),
            };
            assert_eq!(found, expected, "{pairs:?}");
        };
        check(&[], (200, "abcdef"));
        check(&[("range", "bytes=2-")], (206, "cdef"));
        check(
            &[("range", "bytes=2-"), ("if-range", "\"t\"")],
            (206, "cdef"),
        );
        check(
            &[("range", "bytes=2-"), ("if-range", "\"u\"")],
            (200, "abcdef"),
        );
        check(&[("range", "bytes=1-2")], (200, "abcdef"));
        check(&[("range", "bytes=6-")], (416, ""));
    }
}
