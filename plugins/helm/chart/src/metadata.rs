//! `Chart.yaml` and `requirements.yaml`: read, checked, and as templates see them.

use fleet_template::functions::semver;
use fleet_template::value::{List, Map, Numbers, Type, Value};
use serde_json::Value as Json;

use crate::decode::{DecodeError, Fields, TypeError, document};
use crate::gopath;

/// What `Chart.yaml` says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    pub(crate) home: String,
    pub(crate) sources: Vec<String>,
    pub(crate) version: String,
    pub(crate) description: String,
    pub(crate) keywords: Vec<String>,
    pub(crate) maintainers: Vec<Option<Maintainer>>,
    pub(crate) icon: String,
    pub(crate) api_version: String,
    pub(crate) condition: String,
    pub(crate) tags: String,
    pub(crate) app_version: String,
    pub(crate) deprecated: bool,
    pub(crate) annotations: Option<Vec<(String, String)>>,
    pub(crate) kube_version: String,
    /// `None` is not the same as empty: only a chart with dependencies has those of its subcharts looked at.
    pub(crate) dependencies: Option<Vec<Option<Dependency>>>,
    pub(crate) kind: String,
}

/// One maintainer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Maintainer {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) url: String,
}

/// One dependency.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) repository: String,
    pub(crate) condition: String,
    pub(crate) tags: Vec<String>,
    pub(crate) enabled: bool,
    pub(crate) import_values: Vec<Import>,
    pub(crate) alias: String,
}

/// One entry of `import-values`.
#[derive(Clone, Debug)]
pub(crate) enum Import {
    /// A key below `exports` of the subchart, imported at the top.
    Export(String),
    /// A table of the subchart and where the parent gets it.
    Table { child: String, parent: String },
    /// Something else, which Helm passes over.
    Other,
}

impl Metadata {
    /// Reads what `Chart.yaml` says.
    pub(crate) fn read(chart_yaml: &Json) -> Result<Self, DecodeError> {
        let fields = Fields::of(chart_yaml, "v2.Metadata")?;
        Ok(Self::decode(&fields)?)
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, TypeError> {
        let maintainer = |fields: Option<Fields<'_>>| {
            let Some(fields) = fields else {
                return Ok(None);
            };
            Ok::<_, TypeError>(Some(Maintainer {
                name: fields.string("name")?,
                email: fields.string("email")?,
                url: fields.string("url")?,
            }))
        };
        let mut api_version = fields.string("apiVersion")?;
        if api_version.is_empty() {
            // Helm 2 knew charts without.
            "v1".clone_into(&mut api_version);
        }
        Ok(Self {
            name: fields.string("name")?,
            home: fields.string("home")?,
            sources: fields.strings("sources")?,
            version: fields.string("version")?,
            description: fields.string("description")?,
            keywords: fields.strings("keywords")?,
            maintainers: fields
                .structs("maintainers", "v2.Maintainer")?
                .unwrap_or_default()
                .into_iter()
                .map(maintainer)
                .collect::<Result<_, _>>()?,
            icon: fields.string("icon")?,
            api_version,
            condition: fields.string("condition")?,
            tags: fields.string("tags")?,
            app_version: fields.string("appVersion")?,
            deprecated: fields.boolean("deprecated")?,
            annotations: fields.string_map("annotations")?,
            kube_version: fields.string("kubeVersion")?,
            dependencies: dependencies(fields)?,
            kind: fields.string("type")?,
        })
    }

    /// Reads `requirements.yaml`, in which charts of API version 1 name their dependencies.
    pub(crate) fn read_requirements(&mut self, text: &str) -> Result<(), DecodeError> {
        let value = document(text)?;
        let fields = Fields::of(&value, "v2.Metadata")?;
        if let Some(found) = dependencies(&fields)? {
            self.dependencies = Some(found);
        }
        Ok(())
    }

    /// Checks what Helm checks, and cleans the strings as Helm does.
    ///
    /// # Errors
    /// In Helm's words, without the leading `validation: `.
    pub(crate) fn validate(&mut self) -> Result<(), String> {
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ] {
            sanitize(text);
        }
        self.sources.iter_mut().for_each(sanitize);
        self.keywords.iter_mut().for_each(sanitize);
        if self.name.is_empty() {
            return Err("chart.metadata.name is required".to_owned());
        }
        if matches!(&*self.name, "." | "..") {
            return Err(format!(
                "chart.metadata.name {:?} is not allowed",
                self.name
            ));
        }
        if self.name != gopath::base(&self.name) {
            return Err(format!("chart.metadata.name {:?} is invalid", self.name));
        }
        if self.version.is_empty() {
            return Err("chart.metadata.version is required".to_owned());
        }
        if !semver::is_version(&self.version) {
            return Err(format!(
                "chart.metadata.version {:?} is invalid",
                self.version
            ));
        }
        if !matches!(&*self.kind, "" | "application" | "library") {
            return Err("chart.metadata.type must be application or library".to_owned());
        }
        for maintainer in &mut self.maintainers {
            let maintainer = maintainer
                .as_mut()
                .ok_or_else(|| "maintainers must not contain empty or null nodes".to_owned())?;
            sanitize(&mut maintainer.name);
            sanitize(&mut maintainer.email);
            sanitize(&mut maintainer.url);
        }
        self.validate_dependencies()
    }

    fn validate_dependencies(&mut self) -> Result<(), String> {
        let mut seen = std::collections::BTreeSet::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            let dependency = dependency
                .as_mut()
                .ok_or_else(|| "dependencies must not contain empty or null nodes".to_owned())?;
            sanitize(&mut dependency.name);
            sanitize(&mut dependency.version);
            sanitize(&mut dependency.repository);
            sanitize(&mut dependency.condition);
            dependency.tags.iter_mut().for_each(sanitize);
            let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if !dependency.alias.chars().all(legal) {
                return Err(format!(
                    "dependency {:?} has disallowed characters in the alias",
                    dependency.name
                ));
            }
            let key = dependency.effective_name();
            if !seen.insert(key.to_owned()) {
                return Err(format!(
                    "more than one dependency with name or alias {key:?}"
                ));
            }
        }
        Ok(())
    }

    /// The declared dependencies.
    pub(crate) fn dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().flatten().flatten()
    }

    /// Whether it is a library chart, of which nothing is rendered.
    pub(crate) fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// `.Chart`: the fields under their Go names.
    pub(crate) fn to_value(&self, is_root: bool) -> Value {
        let annotations = match &self.annotations {
            None => Map::nil(Type::String),
            Some(annotations) => {
                let map = Map::of(Type::String);
                for (key, value) in annotations {
                    map.insert(key.as_str(), value.as_str());
                }
                map
            }
        };
        let maintainers = self.maintainers.iter().flatten().map(|maintainer| {
            Value::Map(Map::from_iter([
                ("Name", maintainer.name.as_str()),
                ("Email", maintainer.email.as_str()),
                ("URL", maintainer.url.as_str()),
            ]))
        });
        let map = Map::from_iter([
            ("Name", self.name.as_str()),
            ("Home", self.home.as_str()),
            ("Version", self.version.as_str()),
            ("Description", self.description.as_str()),
            ("Icon", self.icon.as_str()),
            ("APIVersion", self.api_version.as_str()),
            ("Condition", self.condition.as_str()),
            ("Tags", self.tags.as_str()),
            ("AppVersion", self.app_version.as_str()),
            ("KubeVersion", self.kube_version.as_str()),
            ("Type", self.kind.as_str()),
        ]);
        map.insert("Sources", strings(&self.sources));
        map.insert("Keywords", strings(&self.keywords));
        map.insert("Maintainers", maintainers.collect::<Vec<_>>());
        map.insert("Deprecated", self.deprecated);
        map.insert("Annotations", annotations);
        let dependencies: Vec<_> = self.dependencies().map(Dependency::to_value).collect();
        map.insert("Dependencies", dependencies);
        map.insert("IsRoot", is_root);
        Value::Map(map)
    }
}

impl Dependency {
    /// The name under which the parent knows it.
    pub(crate) fn effective_name(&self) -> &str {
        if self.alias.is_empty() {
            &self.name
        } else {
            &self.alias
        }
    }

    fn to_value(&self) -> Value {
        let map = Map::from_iter([
            ("Name", self.name.as_str()),
            ("Version", self.version.as_str()),
            ("Repository", self.repository.as_str()),
            ("Condition", self.condition.as_str()),
            ("Alias", self.alias.as_str()),
        ]);
        map.insert("Tags", strings(&self.tags));
        map.insert("Enabled", self.enabled);
        // Helm has put the long form of every import here by the time templates run.
        let imports = self.import_values.iter().filter_map(|import| {
            let (child, parent) = match import {
                Import::Export(name) => (format!("exports.{name}"), ".".to_owned()),
                Import::Table { child, parent } => (child.clone(), parent.clone()),
                Import::Other => return None,
            };
            let map = Map::of(Type::String);
            map.insert("child", child);
            map.insert("parent", parent);
            Some(Value::Map(map))
        });
        map.insert("ImportValues", imports.collect::<Vec<_>>());
        Value::Map(map)
    }
}

fn dependencies(fields: &Fields<'_>) -> Result<Option<Vec<Option<Dependency>>>, TypeError> {
    let Some(all) = fields.structs("dependencies", "v2.Dependency")? else {
        return Ok(None);
    };
    let dependency = |fields: Option<Fields<'_>>| {
        let Some(fields) = fields else {
            return Ok(None);
        };
        let imports = fields.list("import-values", "[]interface {}")?;
        Ok(Some(Dependency {
            name: fields.string("name")?,
            version: fields.string("version")?,
            repository: fields.string("repository")?,
            condition: fields.string("condition")?,
            tags: fields.strings("tags")?,
            enabled: fields.boolean("enabled")?,
            import_values: imports.unwrap_or_default().iter().map(import).collect(),
            alias: fields.string("alias")?,
        }))
    };
    all.into_iter()
        .map(dependency)
        .collect::<Result<_, _>>()
        .map(Some)
}

fn import(value: &serde_json::Value) -> Import {
    let print = |value: Option<&serde_json::Value>| {
        let value = value.map_or(Value::Nil, |value| Value::from_json(value, Numbers::Float));
        let printed = fleet_template::fmt::sprint(&[value]).unwrap_or_default();
        String::from_utf8_lossy(&printed).into_owned()
    };
    match value {
        serde_json::Value::String(name) => Import::Export(name.clone()),
        serde_json::Value::Object(map) => Import::Table {
            child: print(map.get("child")),
            parent: print(map.get("parent")),
        },
        _ => Import::Other,
    }
}

fn strings(items: &[String]) -> Value {
    let items = items.iter().map(|item| Value::from(item.as_str()));
    Value::List(List::new(items.collect()))
}

/// Makes every kind of white space a blank and removes what does not print.
fn sanitize(text: &mut String) {
    let keep = |c: char| match c {
        c if c.is_whitespace() => Some(' '),
        c if fleet_template::fmt::is_print(c) => Some(c),
        _ => None,
    };
    if !text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        *text = text.chars().filter_map(keep).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(yaml: &str) -> Result<Metadata, String> {
        let mut metadata = document(yaml)
            .and_then(|head| Metadata::read(&head))
            .map_err(|error| error.message)?;
        metadata.validate()?;
        Ok(metadata)
    }

    #[test]
    fn metadata_is_what_templates_see_under_go_names() {
        let chart = checked(
            "name: web\nversion: 1.2\nappVersion: 1.10\nkeywords: [a]\nmaintainers: [{name: Ann}]\n\
             dependencies: [{name: db, alias: store, import-values: [data, {child: a, parent: b}]}]\n",
        )
        .unwrap();
        let json = chart.to_value(true).to_json().unwrap();
        assert_eq!(json["APIVersion"], "v1");
        assert_eq!(json["Version"], "1.2");
        assert_eq!(json["AppVersion"], "1.1");
        assert_eq!(json["IsRoot"], true);
        assert_eq!(json["Annotations"], serde_json::Value::Null);
        assert_eq!(json["Maintainers"][0]["Name"], "Ann");
        assert_eq!(json["Dependencies"][0]["Alias"], "store");
        assert_eq!(
            json["Dependencies"][0]["ImportValues"],
            serde_json::json!([{"child": "exports.data", "parent": "."}, {"child": "a", "parent": "b"}])
        );
    }

    #[test]
    fn what_helm_refuses_is_refused_in_its_words() {
        for (yaml, expected) in [
            ("version: 1.0.0", "chart.metadata.name is required"),
            ("name: a", "chart.metadata.version is required"),
            (
                "name: a\nversion: 72445e2",
                "chart.metadata.version \"7.2445e+06\" is invalid",
            ),
            (
                "name: a/b\nversion: 1.0.0",
                "chart.metadata.name \"a/b\" is invalid",
            ),
            (
                "name: a\nversion: 1.0.0\ntype: x",
                "chart.metadata.type must be application or library",
            ),
            (
                "name: a\nversion: 1.0.0\nmaintainers: [null]",
                "maintainers must not contain empty or null nodes",
            ),
            (
                "name: a\nversion: 1.0.0\ndependencies: [{name: b, alias: 'x y'}]",
                "dependency \"b\" has disallowed characters in the alias",
            ),
            (
                "name: a\nversion: 1.0.0\ndependencies: [{name: b}, {name: c, alias: b}]",
                "more than one dependency with name or alias \"b\"",
            ),
        ] {
            assert_eq!(checked(yaml).unwrap_err(), expected, "{yaml}");
        }
    }
}
