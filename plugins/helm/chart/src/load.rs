//! Loading: from a folder of the repository, or from a packed chart.

use std::collections::BTreeMap;
use std::rc::Rc;

use fleet_core::files::{EntryKind, Files, ReadError, join};
use fleet_template::value::Map;
use serde_json::Value as Json;

use crate::archive;
use crate::chart::{Chart, Content, File, Locked, Template};
use crate::decode::{Fields, TypeError, document};
use crate::error::{Error, Place};
use crate::gopath;
use crate::ignore::Rules;
use crate::limits::{Budget, MAX_CHARTS, MAX_FILE_BYTES, MAX_FOLDERS};
use crate::metadata::Metadata;
use crate::values;

mod complete;

/// Loads the chart at `path`: a folder with `Chart.yaml`, or a packed chart.
pub(crate) fn load(files: &dyn Files, path: &str) -> Result<Chart, Error> {
    Ok(open(files, path)?.1)
}

/// The same, with dependencies that are declared and not in `charts/` brought from where they are; a packed chart
/// has what it has.
pub(crate) fn load_whole(files: &dyn Files, path: &str) -> Result<Chart, Error> {
    let (mut loader, mut chart) = open(files, path)?;
    if !files.is_file(&chart.origin) {
        loader.complete(&mut chart, 0)?;
    }
    Ok(chart)
}

fn open<'f>(files: &'f dyn Files, path: &str) -> Result<(Loader<'f>, Chart), Error> {
    let path = join("", path).map_err(|source| Error::read(path, source))?;
    let mut loader = Loader {
        files,
        budget: Budget::default(),
    };
    let (found, place) = match files.is_file(&path) {
        true => (loader.unpack(&path)?, path),
        false => (loader.walk(&path)?, path),
    };
    let chart_yaml = detect(&loader, &found, &place)?;
    let chart = loader.read_chart(found, &place, 0, Some(chart_yaml))?;
    Ok((loader, chart))
}

/// The text of the `values.yaml` of the chart at `path`, a folder or a packed chart, if it has one.
///
/// # Errors
/// If it cannot be read.
pub fn default_values(files: &dyn Files, path: &str) -> Result<Option<String>, Error> {
    const NAME: &str = "values.yaml";
    let path = join("", path).map_err(|source| Error::read(path, source))?;
    let mut loader = Loader {
        files,
        budget: Budget::default(),
    };
    let content = if files.is_file(&path) {
        let mut found = loader.unpack(&path)?.into_iter();
        found
            .find(|file| file.name == NAME)
            .map(|file| file.content)
    } else {
        let file = gopath::under(&path, NAME);
        files.is_file(&file).then_some(Content::At(file))
    };
    let Some(content) = content else {
        return Ok(None);
    };
    let bytes = read_content(files, &content)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// One file on its way into a chart: its path relative to the chart.
struct Found {
    name: String,
    content: Content,
}

struct Loader<'f> {
    files: &'f dyn Files,
    budget: Budget,
}

/// Helm looks at the API version before it does anything else. What `Chart.yaml` says.
fn detect(loader: &Loader<'_>, found: &[Found], place: &str) -> Result<Json, Error> {
    let Some(chart) = found.iter().find(|file| file.name == "Chart.yaml") else {
        return Err(Error::NoChart {
            path: place.to_owned(),
        });
    };
    let text = loader.text(chart)?;
    let file = gopath::under(place, "Chart.yaml");
    let bad = |error| Error::yaml(&file, "cannot load Chart.yaml", error);
    let value = document(&text).map_err(bad)?;
    let version = Fields::of(&value, "loader.chartBase")
        .and_then(|fields| fields.string("apiVersion"))
        .map_err(|error| bad(error.into()))?;
    match &*version {
        "" | "v1" | "v2" => Ok(value),
        _ => Err(Error::ApiVersion {
            place: Place::file(file),
            version,
        }),
    }
}

impl Loader<'_> {
    /// All files of a folder that `.helmignore` does not exclude.
    fn walk(&mut self, folder: &str) -> Result<Vec<Found>, Error> {
        let ignore = gopath::under(folder, ".helmignore");
        let rules = match self.files.read(&ignore) {
            Ok(text) => text_of(text),
            Err(ReadError::NotFound | ReadError::NotAFile | ReadError::NotADirectory) => {
                String::new()
            }
            Err(source) => return Err(Error::read(&ignore, source)),
        };
        let rules = Rules::parse(&rules).map_err(|(line, message)| Error::Ignore {
            place: Place {
                file: ignore.clone(),
                line,
                column: 0,
            },
            message,
        })?;
        let mut found = Vec::new();
        self.walk_into(folder, "", &rules, 0, &mut found)?;
        Ok(found)
    }

    fn walk_into(
        &mut self,
        folder: &str,
        below: &str,
        rules: &Rules,
        depth: usize,
        found: &mut Vec<Found>,
    ) -> Result<(), Error> {
        let here = join(folder, below).map_err(|source| Error::read(below, source))?;
        if depth > MAX_FOLDERS {
            return Err(Error::limit(
                &here,
                format!("folders nest deeper than {MAX_FOLDERS} levels"),
            ));
        }
        let entries = self
            .files
            .list(&here)
            .map_err(|source| Error::read(&here, source))?;
        for entry in entries {
            let name = gopath::under(below, &entry.name);
            let path = join(folder, &name).map_err(|source| Error::read(&name, source))?;
            if rules.ignores(&name, entry.kind == EntryKind::Directory) {
                continue;
            }
            match entry.kind {
                EntryKind::Directory => self.walk_into(folder, &name, rules, depth + 1, found)?,
                EntryKind::Symlink => {
                    let why = "the symbolic link leads nowhere, or outside the repository";
                    return Err(Error::read(&path, ReadError::Denied(why.to_owned())));
                }
                EntryKind::File => {
                    if entry.size > MAX_FILE_BYTES {
                        let what = format!(
                            "chart file {:?} is larger than the maximum file size {MAX_FILE_BYTES}",
                            entry.name
                        );
                        return Err(Error::limit(&path, what));
                    }
                    self.budget
                        .take(entry.size)
                        .map_err(|what| Error::limit(&path, what))?;
                    found.push(Found {
                        name,
                        content: Content::At(path),
                    });
                }
            }
        }
        Ok(())
    }

    fn unpack(&mut self, path: &str) -> Result<Vec<Found>, Error> {
        let packed = self
            .files
            .read(path)
            .map_err(|source| Error::read(path, source))?;
        self.unpack_bytes(&packed)
            .map_err(|message| Error::Archive {
                place: Place::file(path.to_owned()),
                message,
            })
    }

    fn unpack_bytes(&mut self, packed: &[u8]) -> Result<Vec<Found>, String> {
        let unpacked = archive::unpack(packed, &mut self.budget)?;
        Ok(unpacked
            .into_iter()
            .map(|(name, content)| Found {
                name,
                content: Content::Bytes(content.into()),
            })
            .collect())
    }

    fn bytes(&self, file: &Found) -> Result<Rc<[u8]>, Error> {
        read_content(self.files, &file.content)
    }

    fn text(&self, file: &Found) -> Result<String, Error> {
        read_text(self.files, &file.content)
    }

    /// Puts the files of a chart where they belong.
    fn chart(&mut self, found: Vec<Found>, place: &str, depth: usize) -> Result<Chart, Error> {
        self.read_chart(found, place, depth, None)
    }

    /// The same, with what `Chart.yaml` says if that was read before.
    fn read_chart(
        &mut self,
        found: Vec<Found>,
        place: &str,
        depth: usize,
        read: Option<Json>,
    ) -> Result<Chart, Error> {
        let at = |name: &str| gopath::under(place, name);
        if depth > MAX_CHARTS {
            return Err(Error::limit(
                place,
                format!("charts nest deeper than {MAX_CHARTS} levels"),
            ));
        }
        let Some(chart_yaml) = found.iter().find(|file| file.name == "Chart.yaml") else {
            return Err(Error::NoChartYaml {
                path: place.to_owned(),
            });
        };
        let bad = |error| Error::yaml(&at("Chart.yaml"), "cannot load Chart.yaml", error);
        let head = match read {
            Some(head) => head,
            None => document(&self.text(chart_yaml)?).map_err(bad)?,
        };
        let mut metadata = Metadata::read(&head).map_err(bad)?;
        let is_v1 = metadata.api_version == "v1";
        let mut values = Map::new();
        let mut schema = None;
        let mut templates = Vec::new();
        let mut files = Vec::new();
        let mut locked = Vec::new();
        let mut subcharts: BTreeMap<String, Vec<Found>> = BTreeMap::new();
        for file in found {
            let name = file.name.clone();
            let yaml = |error| Error::yaml(&at(&name), format!("cannot load {name}"), error);
            match &*name {
                "Chart.yaml" => {}
                "values.yaml" => values = values::parse(&self.text(&file)?).map_err(yaml)?,
                "values.schema.json" => schema = Some(self.bytes(&file)?),
                "Chart.lock" | "requirements.lock" => {
                    let lock = document(&self.text(&file)?).map_err(yaml)?;
                    let fields = Fields::of(&lock, "v2.Lock");
                    locked = fields
                        .and_then(|fields| lock_entries(&fields))
                        .map_err(|error| yaml(error.into()))?;
                    if name == "requirements.lock" && is_v1 {
                        files.push(File::from(file));
                    }
                }
                "requirements.yaml" => {
                    let text = self.text(&file)?;
                    metadata.read_requirements(&text).map_err(yaml)?;
                    if is_v1 {
                        files.push(File::from(file));
                    }
                }
                _ if name.starts_with("templates/") => templates.push(Template {
                    text: self.text(&file)?.into(),
                    name,
                }),
                _ => match name.strip_prefix("charts/") {
                    Some(rest) if gopath::extension(&name) != ".prov" => {
                        let (chart, inner) = match rest.split_once('/') {
                            Some((chart, inner)) => (chart, inner),
                            None => (rest, ""),
                        };
                        subcharts.entry(chart.to_owned()).or_default().push(Found {
                            name: inner.to_owned(),
                            content: file.content,
                        });
                    }
                    _ => files.push(File::from(file)),
                },
            }
        }
        metadata.validate().map_err(|message| Error::Metadata {
            place: Place::file(at("Chart.yaml")),
            message,
        })?;
        let mut dependencies = Vec::new();
        for (name, found) in subcharts {
            if name.starts_with(['_', '.']) {
                continue;
            }
            let origin = at(&format!("charts/{name}"));
            let chart = self
                .subchart(&name, found, &origin, depth)
                .map_err(|source| Error::Subchart {
                    name: name.clone(),
                    parent: metadata.name.clone(),
                    source: Box::new(source),
                })?;
            dependencies.push(chart);
        }
        Ok(Chart {
            metadata,
            values,
            schema,
            templates: templates.into(),
            files: files.into(),
            dependencies,
            locked: locked.into(),
            origin: place.to_owned(),
        })
    }

    fn subchart(
        &mut self,
        name: &str,
        found: Vec<Found>,
        origin: &str,
        depth: usize,
    ) -> Result<Chart, Error> {
        if gopath::extension(name) != ".tgz" {
            // A file right in `charts/` is no part of any chart, but makes Helm look for one.
            let inner = found.into_iter().filter(|file| !file.name.is_empty());
            let inner = inner.collect();
            return self.chart(inner, origin, depth + 1);
        }
        let failed = |message| Error::Archive {
            place: Place::file(origin.to_owned()),
            message,
        };
        let packed = match found.first() {
            Some(file) if file.name.is_empty() => self.bytes(file)?,
            Some(file) => {
                let message = format!(
                    "error unpacking subchart tar: expected {name}, got {name}/{}",
                    file.name
                );
                return Err(failed(message));
            }
            None => return Err(failed("no files in chart archive".to_owned())),
        };
        let inner = self.unpack_bytes(&packed).map_err(failed)?;
        self.chart(inner, origin, depth + 1)
    }
}

/// The dependencies of a lock.
fn lock_entries(fields: &Fields<'_>) -> Result<Vec<Locked>, TypeError> {
    let entries = fields.structs("dependencies", "v2.Dependency")?;
    let entries = entries.into_iter().flatten().flatten();
    entries
        .map(|fields| {
            Ok(Locked {
                name: fields.string("name")?,
                repository: fields.string("repository")?,
                version: fields.string("version")?,
            })
        })
        .collect()
}

impl From<Found> for File {
    fn from(file: Found) -> Self {
        Self {
            name: file.name,
            content: file.content,
        }
    }
}

/// The content of a file, without a byte order mark.
pub(crate) fn read_content(files: &dyn Files, content: &Content) -> Result<Rc<[u8]>, Error> {
    match content {
        Content::Bytes(bytes) => Ok(Rc::clone(bytes)),
        Content::At(path) => Ok(read(files, path)?.into()),
    }
}

/// The content of a file as text.
pub(crate) fn read_text(files: &dyn Files, content: &Content) -> Result<String, Error> {
    match content {
        Content::Bytes(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
        Content::At(path) => Ok(text_of(read(files, path)?)),
    }
}

fn read(files: &dyn Files, path: &str) -> Result<Vec<u8>, Error> {
    let bytes = files.read(path);
    let bytes = bytes.map_err(|source| Error::read(path, source))?;
    Ok(archive::without_bom(bytes))
}

/// The bytes as text, with U+FFFD for what is not UTF-8. What is, is neither copied nor read twice.
pub(crate) fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
