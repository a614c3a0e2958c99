//! Request bodies, read within bounds of size and time.

use std::io::Read as _;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::Refusal;

/// How long a peer may take to send a body.
const PATIENCE: Duration = Duration::from_secs(30);

/// The largest body that is taken, as sent, in bytes: 4 MiB.
const MAX_SENT: usize = 4 << 20;

/// The largest body that is taken, decoded, in bytes: 16 MiB.
const MAX_DECODED: usize = 16 << 20;

/// Reads a JSON body, plain or with zstd.
///
/// # Errors
/// If it is too large, takes too long, has another encoding, or is not what is expected.
pub(crate) async fn json<T: DeserializeOwned + Send + 'static>(
    headers: &HeaderMap,
    body: Body,
) -> Result<T, Refusal> {
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .map_or(Ok("identity"), |value| value.to_str());
    let zstd = match encoding {
        Ok("identity") => false,
        Ok("zstd") => true,
        _ => {
            let message = "the body has an encoding that the host does not know";
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
                .hint("send it plain or with zstd"));
        }
    };
    let bytes = read(body).await?;
    if !zstd && bytes.len() < 64 << 10 {
        return parse(&bytes);
    }
    let decode = move || {
        parse(&if zstd {
            decompress(&bytes)?.into()
        } else {
            bytes
        })
    };
    tokio::task::spawn_blocking(decode)
        .await
        .unwrap_or_else(|_| Err(Refusal::internal()))
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    let collected = tokio::time::timeout(PATIENCE, Limited::new(body, MAX_SENT).collect()).await;
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(MAX_SENT)),
        Ok(Err(_)) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "the body could not be read to its end",
        )),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "the body took too long",
        )),
    }
}

fn decompress(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let broken = |_| Refusal::new(StatusCode::BAD_REQUEST, "the body is not zstd");
    let mut decoded = Vec::new();
    zstd::stream::read::Decoder::with_buffer(bytes)
        .map_err(broken)?
        .take(MAX_DECODED as u64 + 1)
        .read_to_end(&mut decoded)
        .map_err(broken)?;
    if decoded.len() > MAX_DECODED {
        return Err(too_large(MAX_DECODED));
    }
    Ok(decoded)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| {
        let message = format!("the body is not what this route takes: {error}");
        Refusal::new(StatusCode::BAD_REQUEST, message)
    })
}

fn too_large(limit: usize) -> Refusal {
    let message = format!("the body is larger than {} MiB", limit >> 20);
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;
    use serde_json::Value;

    use super::*;

    async fn status(encoding: Option<&'static str>, body: Vec<u8>) -> u16 {
        let mut headers = HeaderMap::new();
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, encoding.parse().unwrap());
        }
        match json::<Value>(&headers, Body::from(body)).await {
            Ok(_) => 200,
            Err(refusal) => refusal.into_response().status().as_u16(),
        }
    }

    #[tokio::test]
    async fn bodies_are_taken_within_bounds() {
        let packed = |bytes: &[u8]| zstd::bulk::compress(bytes, 1).unwrap();
        assert_eq!(status(None, b"{}".to_vec()).await, 200);
        assert_eq!(status(Some("zstd"), packed(b"{}")).await, 200);
        assert_eq!(status(Some("zstd"), b"{}".to_vec()).await, 400);
        assert_eq!(status(None, b"{".to_vec()).await, 400);
        assert_eq!(status(Some("br"), b"{}".to_vec()).await, 415);
        assert_eq!(status(None, vec![b' '; MAX_SENT + 1]).await, 413);
        // A few kilobytes that decode to more than may be held.
        let bomb = packed(&vec![b' '; MAX_DECODED + 1]);
        assert!(bomb.len() < 10_000);
        assert_eq!(status(Some("zstd"), bomb).await, 413);
    }
}
