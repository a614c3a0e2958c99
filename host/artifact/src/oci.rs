//! Charts in registries: OCI's distribution API, as far as one layer of one artifact needs it.

use fleet_core::digest::Digest;
use fleet_core::secret::Secret;
use reqwest::StatusCode;
use reqwest::header::{LINK, WWW_AUTHENTICATE};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::Error;
use crate::error::shown;
use crate::guard;
use crate::reference::{Image, Which};
use crate::web::{self, Ask, Web};

/// <https://helm.sh/docs/topics/registries/#helm-chart-manifest>
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// What Helm 3.7 and older wrote.
const OLD_CHART: &str = "application/tar+gzip";

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// Bound on a manifest, in bytes; registries must take 4 MiB.
const MAX_MANIFEST_BYTES: u64 = 4 << 20;
/// Bound on a page of tags and on a token, in bytes.
const MAX_ANSWER_BYTES: u64 = 4 << 20;

/// One conversation with a registry about one repository.
pub(crate) struct Registry<'a> {
    web: &'a Web<'a>,
    base: Url,
    registry: &'a str,
    repository: &'a str,
    authorization: Option<Secret<String>>,
}

#[derive(Deserialize)]
struct Manifest {
    config: Descriptor,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    #[serde(default)]
    size: u64,
}

/// The URL by which rules name a repository of a registry.
pub(crate) fn rule_url(registry: &str, repository: &str) -> String {
    format!("oci://{registry}/{repository}")
}

impl<'a> Registry<'a> {
    pub(crate) fn new(
        web: &'a Web<'a>,
        registry: &'a str,
        repository: &'a str,
    ) -> Result<Self, Error> {
        let url = |scheme: &str| {
            // Docker's own registry is known by a name that does not serve it.
            let host = if registry == "docker.io" {
                "registry-1.docker.io"
            } else {
                registry
            };
            Url::parse(&format!("{scheme}://{host}/v2/{repository}/"))
                .map_err(|_| Error::Refused(format!("cannot use `{registry}` as a registry")))
        };
        let plain = url("http")?;
        let base = if guard::is_plain(&plain, web.options) {
            plain
        } else {
            url("https")?
        };
        Ok(Self {
            web,
            base,
            registry,
            repository,
            authorization: None,
        })
    }

    /// Finds the layer with the chart.
    pub(crate) async fn layer_of(&mut self, image: &Image) -> Result<Digest, Error> {
        let (reference, expected) = match &image.which {
            Which::Digest(digest) => (digest.to_string(), Some(*digest)),
            Which::Tag(tag) => (tag.clone(), None),
            Which::Version(wanted) => {
                let tags = self.tags().await?;
                // Tags have no `+`; Helm writes `_` for it.
                let versions: Vec<String> = tags.iter().map(|tag| tag.replace('_', "+")).collect();
                let chosen = wanted.choose(versions.iter().map(String::as_str));
                let tag = chosen
                    .and_then(|n| tags.get(n))
                    .ok_or_else(|| Error::NoVersion {
                        url: rule_url(self.registry, self.repository),
                        what: format!("version that fits `{wanted}` ({} tags)", tags.len()),
                    })?;
                (tag.clone(), None)
            }
        };
        let url = self.url(&format!("manifests/{reference}"))?;
        let bytes = self
            .get(&url, MANIFEST, MAX_MANIFEST_BYTES, "the manifest")
            .await?;
        if let Some(expected) = expected {
            verify(&url, &bytes, expected)?;
        }
        let bad = |why: &str| Error::malformed(&url, why);
        let manifest: Value =
            serde_json::from_slice(&bytes).map_err(|_| bad("its manifest is not JSON"))?;
        if manifest.get("manifests").is_some() {
            return Err(bad("it is a list of images, and no chart"));
        }
        let manifest: Manifest =
            serde_json::from_value(manifest).map_err(|_| bad("its manifest is none of OCI's"))?;
        if manifest.config.media_type != CONFIG {
            let kind: String = manifest.config.media_type.chars().take(100).collect();
            return Err(bad(&format!("it is no chart, but `{kind}`")));
        }
        let mut charts = manifest
            .layers
            .iter()
            .filter(|layer| matches!(&*layer.media_type, CHART | OLD_CHART));
        let (Some(layer), None) = (charts.next(), charts.next()) else {
            return Err(bad("it does not have one layer with a chart"));
        };
        let limit = self.web.options.limits.max_archive_bytes;
        if layer.size > limit {
            return Err(Error::TooLarge {
                url: shown(&url),
                what: "the chart",
                limit,
            });
        }
        Digest::parse(&layer.digest).map_err(|error| bad(&error.to_string()))
    }

    /// The bytes of a layer, which are what its digest says.
    pub(crate) async fn blob(&mut self, digest: Digest) -> Result<Vec<u8>, Error> {
        let url = self.url(&format!("blobs/{digest}"))?;
        let limit = self.web.options.limits.max_archive_bytes;
        let bytes = self
            .get(&url, "application/octet-stream", limit, "the chart")
            .await?;
        verify(&url, &bytes, digest)?;
        Ok(bytes)
    }

    async fn tags(&mut self) -> Result<Vec<String>, Error> {
        #[derive(Deserialize)]
        struct Page {
            #[serde(default)]
            tags: Option<Vec<String>>,
        }
        let mut url = self.url("tags/list?n=1000")?;
        let mut tags = Vec::new();
        for _ in 0..self.web.options.limits.max_tag_pages {
            let response = self.send(&url, "application/json").await?;
            let next = response
                .headers()
                .get(LINK)
                .and_then(|link| link.to_str().ok())
                .and_then(|link| link.split_once('<')?.1.split_once('>'))
                .filter(|(_, rest)| rest.contains("next"))
                .and_then(|(next, _)| url.join(next).ok());
            let bytes = web::read(response, &url, MAX_ANSWER_BYTES, "the list of tags").await?;
            let page: Page = serde_json::from_slice(&bytes)
                .map_err(|_| Error::malformed(&url, "its list of tags is not JSON"))?;
            tags.extend(page.tags.unwrap_or_default());
            match next {
                // A page elsewhere would take the token along.
                Some(next) if next.origin() == self.base.origin() => url = next,
                _ => return Ok(tags),
            }
        }
        Err(Error::TooLarge {
            url: shown(&url),
            what: "the list of tags",
            limit: self.web.options.limits.max_tag_pages as u64,
        })
    }

    fn url(&self, path: &str) -> Result<Url, Error> {
        self.base
            .join(path)
            .map_err(|_| Error::Refused(format!("cannot ask `{}` for `{path}`", self.registry)))
    }

    async fn get(
        &mut self,
        url: &Url,
        accept: &'static str,
        max_bytes: u64,
        what: &'static str,
    ) -> Result<Vec<u8>, Error> {
        let response = self.send(url, accept).await?;
        web::read(response, url, max_bytes, what).await
    }

    /// Asks, and asks once more with what the registry wants to see.
    async fn send(&mut self, url: &Url, accept: &'static str) -> Result<reqwest::Response, Error> {
        let ask = |authorization: Option<Secret<String>>| Ask {
            url,
            accept,
            authorization,
            max_bytes: 0,
            what: "",
        };
        let response = self.web.send(ask(self.authorization.clone())).await?;
        if response.status() != StatusCode::UNAUTHORIZED || self.authorization.is_some() {
            return web::ok(response, url, self.has_credential());
        }
        let challenge = response
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| Challenge::parse(value.to_str().ok()?))
            .next();
        self.authorization = match challenge {
            Some(Challenge::Bearer { realm, service }) => {
                Some(self.token(&realm, service.as_deref()).await?)
            }
            Some(Challenge::Basic) => self.login(),
            None => None,
        };
        if self.authorization.is_none() {
            return web::ok(response, url, false);
        }
        let response = self.web.send(ask(self.authorization.clone())).await?;
        web::ok(response, url, self.has_credential())
    }

    fn login(&self) -> Option<Secret<String>> {
        let credential = self
            .web
            .access
            .for_url(&rule_url(self.registry, self.repository))?;
        Web::basic(credential, self.registry)
    }

    fn has_credential(&self) -> bool {
        self.login().is_some()
    }

    /// <https://distribution.github.io/distribution/spec/auth/token/>
    async fn token(&self, realm: &str, service: Option<&str>) -> Result<Secret<String>, Error> {
        #[derive(Deserialize)]
        struct Token {
            #[serde(default)]
            token: String,
            #[serde(default)]
            access_token: String,
        }
        let mut url = Url::parse(realm)
            .map_err(|_| Error::malformed(&self.base, "it names a token service that is no URL"))?;
        // What is asked for is ours to say, not the registry's: only to read, and only this.
        let scope = format!("repository:{}:pull", self.repository);
        {
            let mut query = url.query_pairs_mut();
            if let Some(service) = service {
                query.append_pair("service", service);
            }
            query.append_pair("scope", &scope);
        }
        let authorization = self.login().filter(|_| url.scheme() == "https");
        let bytes = self
            .web
            .get(Ask {
                url: &url,
                accept: "application/json",
                authorization,
                max_bytes: MAX_ANSWER_BYTES,
                what: "the token",
            })
            .await?;
        let answer: Token = serde_json::from_slice(&bytes)
            .map_err(|_| Error::malformed(&url, "its answer is no token"))?;
        let token = if answer.token.is_empty() {
            answer.access_token
        } else {
            answer.token
        };
        if token.is_empty() {
            return Err(Error::malformed(&url, "its answer is no token"));
        }
        Ok(Secret::new(format!("Bearer {token}")))
    }
}

/// Refuses bytes that are not what they should be.
pub(crate) fn verify(url: &Url, bytes: &[u8], expected: Digest) -> Result<(), Error> {
    let found = Digest::of(bytes);
    if found == expected {
        return Ok(());
    }
    Err(Error::Mismatch {
        url: shown(url),
        expected,
        found,
    })
}

/// What a registry wants to see.
#[derive(Debug, PartialEq, Eq)]
enum Challenge {
    Bearer {
        realm: String,
        service: Option<String>,
    },
    Basic,
}

impl Challenge {
    fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (mut realm, mut service) = (None, None);
        let mut rest = rest.trim();
        while let Some((key, value)) = rest.split_once('=') {
            let (value, tail) = match value.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => value.split_once(',').unwrap_or((value, "")),
            };
            match key.trim().to_ascii_lowercase().as_str() {
                "realm" => realm = Some(value.to_owned()),
                "service" => service = Some(value.to_owned()),
                _ => {}
            }
            rest = tail.trim_start_matches([',', ' ']);
        }
        Some(Self::Bearer {
            realm: realm?,
            service,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_of_registries_are_read() {
        let bearer = |realm: &str, service: Option<&str>| Challenge::Bearer {
            realm: realm.to_owned(),
            service: service.map(str::to_owned),
        };
        for (header, expected) in [
            (
                r#"Bearer realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull,push""#,
                Some(bearer("https://auth.example/token", Some("r.example"))),
            ),
            (
                r#"bearer realm="https://a/x", error="x""#,
                Some(bearer("https://a/x", None)),
            ),
            (
                "Bearer realm=https://a/x,service=s",
                Some(bearer("https://a/x", Some("s"))),
            ),
            (r#"Basic realm="r""#, Some(Challenge::Basic)),
            ("Bearer", None),
            (r#"Bearer realm="unclosed"#, None),
            ("Negotiate x", None),
        ] {
            assert_eq!(Challenge::parse(header), expected, "{header}");
        }
    }
}
