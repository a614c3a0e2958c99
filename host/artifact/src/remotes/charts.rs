//! Charts of Helm repositories and registries, and archives behind URLs.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use fleet_core::digest::Digest;
use fleet_core::files::Files as _;
use url::Url;

use super::{Content, Remotes};
use crate::Error;
use crate::access::Access;
use crate::archive;
use crate::cache::Partition;
use crate::choose::Wanted;
use crate::error::shown;
use crate::index::Index;
use crate::oci::{self, Registry};
use crate::pins::Pin;
use crate::reference::{Chart, Image, Reference};
use crate::web::{Ask, Web, host_and_port};

/// How long an index counts: the charts of one commit share it.
const INDEX_LIFE: Duration = Duration::from_secs(30);

/// How many indices are kept in memory.
const MAX_INDICES: usize = 8;

const ARCHIVE_TYPES: &str = "application/gzip, application/octet-stream, */*";

impl Remotes {
    pub(super) fn chart(
        &self,
        chart: &Chart,
        pin: Option<&Pin>,
        access: &Access,
    ) -> Result<(Pin, Content), Error> {
        let web = Web::new(&self.clients, &self.options, access)?;
        let (url, partition) = match chart {
            Chart::Repository { repository, .. } => (
                shown(repository),
                access.partition(repository.as_str(), &host_and_port(repository)),
            ),
            Chart::Archive(url) => (
                shown(url),
                access.partition(url.as_str(), &host_and_port(url)),
            ),
            Chart::Registry(Image {
                registry,
                repository,
                ..
            }) => {
                let url = oci::rule_url(registry, repository);
                let partition = access.partition(&url, registry);
                (url, partition)
            }
            Chart::Git(folder) => (folder.repository.clone(), Partition::Public),
        };
        let known = match pin {
            Some(Pin::Archive { digest, .. } | Pin::Layer { digest, .. }) => {
                self.kept(&partition, digest)?
            }
            _ => None,
        };
        if let (Some(pin), Some(content)) = (pin, known) {
            return Ok((pin.clone(), content));
        }
        let (pin, bytes) = self.wait(&url, async {
            match (pin, chart) {
                (Some(Pin::Archive { url, digest }), _) => {
                    let owner = owner(chart);
                    let url = Url::parse(url).map_err(|_| {
                        Error::Refused(format!("cannot fetch `{url}`: it is no URL"))
                    })?;
                    let bytes = self.archive(&web, owner.unwrap_or(&url), &url).await?;
                    oci::verify(&url, &bytes, *digest)?;
                    Ok((
                        Pin::Archive {
                            url: url.into(),
                            digest: *digest,
                        },
                        bytes,
                    ))
                }
                (
                    Some(Pin::Layer {
                        registry,
                        repository,
                        digest,
                    }),
                    _,
                ) => {
                    let bytes = Registry::new(&web, registry, repository)?
                        .blob(*digest)
                        .await?;
                    Ok((
                        Pin::Layer {
                            registry: registry.clone(),
                            repository: repository.clone(),
                            digest: *digest,
                        },
                        bytes,
                    ))
                }
                (
                    _,
                    Chart::Repository {
                        repository,
                        name,
                        version,
                    },
                ) => {
                    self.of_repository(&web, repository, name, version, &partition)
                        .await
                }
                (_, Chart::Archive(url)) => self.of_url(&web, url, url, None).await,
                (_, Chart::Registry(image)) => layer(&web, image).await,
                (_, Chart::Git(_)) => Err(Error::Refused(format!(
                    "cannot fetch `{url}` as an archive"
                ))),
            }
        })?;
        let (Pin::Archive { digest, .. } | Pin::Layer { digest, .. }) = &pin else {
            return Err(Error::Refused(format!("cannot keep `{url}`")));
        };
        let files = archive::unpack(&bytes, &self.options.limits);
        let files = files.map_err(|why| Error::Malformed {
            url: url.clone(),
            why,
        })?;
        if !files.is_file("Chart.yaml") {
            return Err(Error::Malformed {
                url,
                why: "it is no chart: it has no `Chart.yaml`".to_owned(),
            });
        }
        self.blobs.put(&partition, digest, &bytes)?;
        let files = Arc::new(files);
        self.unpacked.put((partition, *digest), &files);
        let content = Content {
            name: digest.hex(),
            files,
            path: String::new(),
        };
        Ok((pin, content))
    }

    /// A chart that was fetched before.
    fn kept(&self, partition: &Partition, digest: &Digest) -> Result<Option<Content>, Error> {
        let limits = &self.options.limits;
        let files = match self.unpacked.get(&(*partition, *digest)) {
            Some(files) => files,
            None => {
                let Some(bytes) = self.blobs.get(partition, digest, limits.max_archive_bytes)
                else {
                    return Ok(None);
                };
                // It was unpacked before it was kept; limits may have been lowered since.
                let Ok(files) = archive::unpack(&bytes, limits) else {
                    return Ok(None);
                };
                let files = Arc::new(files);
                self.unpacked.put((*partition, *digest), &files);
                files
            }
        };
        Ok(Some(Content {
            name: digest.hex(),
            files,
            path: String::new(),
        }))
    }

    async fn of_repository(
        &self,
        web: &Web<'_>,
        repository: &Url,
        name: &str,
        wanted: &Wanted,
        partition: &Partition,
    ) -> Result<(Pin, Vec<u8>), Error> {
        let index = self.index(web, repository, partition).await?;
        let entry = index.choose(name, wanted).ok_or_else(|| Error::NoVersion {
            url: shown(repository),
            what: if index.has(name) {
                format!("version of chart `{name}` that fits `{wanted}`")
            } else {
                format!("chart `{name}`")
            },
        })?;
        if entry.url.starts_with("oci://") {
            let Reference::Chart(Chart::Registry(image)) = Reference::parse(&entry.url)? else {
                return Err(Error::malformed(
                    repository,
                    "its index names no artifact of a registry",
                ));
            };
            return layer(web, &image).await;
        }
        let url = repository.join(&entry.url).map_err(|_| {
            Error::malformed(
                repository,
                format!("`{}` in its index is no URL", entry.url),
            )
        })?;
        let expected = entry
            .digest()
            .map_err(|why| Error::malformed(repository, why))?;
        self.of_url(web, repository, &url, expected).await
    }

    async fn of_url(
        &self,
        web: &Web<'_>,
        owner: &Url,
        url: &Url,
        expected: Option<Digest>,
    ) -> Result<(Pin, Vec<u8>), Error> {
        let bytes = self.archive(web, owner, url).await?;
        if let Some(expected) = expected {
            oci::verify(url, &bytes, expected)?;
        }
        let digest = Digest::of(&bytes);
        let url = url.to_string();
        Ok((Pin::Archive { url, digest }, bytes))
    }

    async fn archive(&self, web: &Web<'_>, owner: &Url, url: &Url) -> Result<Vec<u8>, Error> {
        web.get(Ask {
            url,
            accept: ARCHIVE_TYPES,
            authorization: web.authorization(owner, url),
            max_bytes: self.options.limits.max_archive_bytes,
            what: "the chart",
        })
        .await
    }

    async fn index(
        &self,
        web: &Web<'_>,
        repository: &Url,
        partition: &Partition,
    ) -> Result<Arc<Index>, Error> {
        let now = Instant::now();
        {
            let mut indices = self.indices.lock().unwrap_or_else(PoisonError::into_inner);
            indices.retain(|(_, _, fetched, _)| now.duration_since(*fetched) < INDEX_LIFE);
            let known = indices
                .iter()
                .find(|(url, whose, ..)| url == repository.as_str() && whose == partition);
            if let Some((.., index)) = known {
                return Ok(Arc::clone(index));
            }
        }
        let url = repository
            .join("index.yaml")
            .map_err(|_| Error::malformed(repository, "it has no index"))?;
        let ask = Ask {
            url: &url,
            accept: "application/yaml, text/yaml, application/json, */*",
            authorization: web.authorization(repository, &url),
            max_bytes: self.options.limits.max_index_bytes,
            what: "the index",
        };
        let bytes = web.get(ask).await?;
        let index = Index::parse(&bytes).map_err(|why| Error::malformed(&url, why))?;
        let index = Arc::new(index);
        let mut indices = self.indices.lock().unwrap_or_else(PoisonError::into_inner);
        if indices.len() >= MAX_INDICES {
            indices.remove(0);
        }
        indices.push((repository.to_string(), *partition, now, Arc::clone(&index)));
        Ok(index)
    }
}

/// The repository whose credential an archive may get.
fn owner(chart: &Chart) -> Option<&Url> {
    match chart {
        Chart::Repository { repository, .. } => Some(repository),
        _ => None,
    }
}

async fn layer(web: &Web<'_>, image: &Image) -> Result<(Pin, Vec<u8>), Error> {
    let mut registry = Registry::new(web, &image.registry, &image.repository)?;
    let digest = registry.layer_of(image).await?;
    let bytes = registry.blob(digest).await?;
    let pin = Pin::Layer {
        registry: image.registry.clone(),
        repository: image.repository.clone(),
        digest,
    };
    Ok((pin, bytes))
}
