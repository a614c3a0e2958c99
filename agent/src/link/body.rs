//! Reads answers within bounds, and bundles in as many pieces as the network needs.

use std::io::Read;
use std::time::Duration;

use fleet_core::bundle::{Bundle, MAX_BYTES};
use fleet_core::digest::Digest;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderValue, IF_RANGE, RANGE};
use reqwest::{RequestBuilder, Response, StatusCode};

use super::{Error, PATIENCE, accepted, within};

/// The size of the decoded bundle, announced by the host.
const DECODED_LENGTH: &str = "fleet-decoded-length";
/// How often an answer that breaks off is taken up again where it broke off.
const RESUMES: usize = 8;
/// How long the host may be silent within an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// Reads a whole answer of at most `limit` bytes.
pub(super) async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    append(&mut response, &mut bytes, limit).await?;
    Ok(bytes)
}

/// Reads the rest of an answer; what came before an error stays in `bytes`.
async fn append(response: &mut Response, bytes: &mut Vec<u8>, limit: usize) -> Result<(), Error> {
    while let Some(chunk) = within(SILENCE, response.chunk()).await? {
        if bytes.len() + chunk.len() > limit {
            return Err(Error::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(())
}

/// Fetches a bundle: resumes where an answer breaks off, decodes within bounds, verifies the digest.
pub(super) async fn bundle(
    digest: Digest,
    request: impl Fn() -> Result<RequestBuilder, Error>,
) -> Result<Bundle, Error> {
    let mut partial = Partial::default();
    let mut resumes = 0;
    loop {
        match partial.fetch(request()?).await {
            Ok(()) => break,
            Err(Error::Request(error)) if !partial.bytes.is_empty() && resumes < RESUMES => {
                resumes += 1;
                let n_bytes = partial.bytes.len();
                tracing::debug!(bundle = %digest, n_bytes, %error, "bundle broke off");
            }
            Err(error) => return Err(error),
        }
    }
    let decode =
        tokio::task::spawn_blocking(move || Ok(Bundle::decode(partial.decode()?, &digest)?));
    decode
        .await
        .map_err(|error| Error::Nonsense("blob", error.into()))?
}

/// The part of an encoded bundle that has arrived.
#[derive(Default)]
struct Partial {
    bytes: Vec<u8>,
    etag: Option<HeaderValue>,
    is_zstd: bool,
    decoded_length: usize,
}

impl Partial {
    async fn fetch(&mut self, request: RequestBuilder) -> Result<(), Error> {
        let mut request = request.header(ACCEPT_ENCODING, "zstd");
        if let Some(etag) = self.etag.clone().filter(|_| !self.bytes.is_empty()) {
            request = request
                .header(RANGE, format!("bytes={}-", self.bytes.len()))
                .header(IF_RANGE, etag);
        }
        let mut response = accepted(within(PATIENCE, request.send()).await?).await?;
        if response.status() != StatusCode::PARTIAL_CONTENT {
            self.begin(&response)?;
        }
        append(&mut response, &mut self.bytes, MAX_BYTES).await
    }

    /// Begins anew with what the headers of a whole answer say.
    fn begin(&mut self, response: &Response) -> Result<(), Error> {
        let headers = response.headers();
        let declared = headers
            .get(DECODED_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let decoded_length = declared.unwrap_or(MAX_BYTES);
        if decoded_length > MAX_BYTES {
            return Err(Error::TooLarge(MAX_BYTES));
        }
        *self = Self {
            bytes: Vec::new(),
            etag: headers.get(ETAG).cloned(),
            is_zstd: headers
                .get(CONTENT_ENCODING)
                .is_some_and(|value| value == "zstd"),
            decoded_length,
        };
        Ok(())
    }

    /// The decoded bytes; stops as soon as there are more than announced.
    fn decode(self) -> Result<Vec<u8>, Error> {
        if !self.is_zstd {
            return Ok(self.bytes);
        }
        let nonsense = |error: std::io::Error| Error::Nonsense("blob", error.into());
        let decoder = zstd::stream::Decoder::new(self.bytes.as_slice()).map_err(nonsense)?;
        let mut decoded = Vec::new();
        decoder
            .take(self.decoded_length as u64 + 1)
            .read_to_end(&mut decoded)
            .map_err(nonsense)?;
        if decoded.len() > self.decoded_length {
            return Err(Error::TooLarge(self.decoded_length));
        }
        Ok(decoded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_answer_cannot_become_a_large_bundle() {
        let bomb = zstd::bulk::compress(&vec![0; 1 << 20], 3).unwrap();
        let partial = |decoded_length| Partial {
            bytes: bomb.clone(),
            is_zstd: true,
            decoded_length,
            etag: None,
        };
        assert!(matches!(partial(1000).decode(), Err(Error::TooLarge(1000))));
        assert_eq!(partial(1 << 20).decode().unwrap().len(), 1 << 20);
    }
}
