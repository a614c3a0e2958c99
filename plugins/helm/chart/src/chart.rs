//! A chart as it was loaded, with its subcharts.

use std::rc::Rc;

use fleet_template::value::Map;

use crate::gopath;
use crate::metadata::Metadata;

/// A chart with its subcharts. Clones share what is large.
#[derive(Clone)]
pub(crate) struct Chart {
    pub(crate) metadata: Metadata,
    /// The default values; never changed in place, for aliases share them.
    pub(crate) values: Map,
    /// The text of `values.schema.json`.
    pub(crate) schema: Option<Rc<[u8]>>,
    /// What is below `templates/`, in the order of the walk.
    pub(crate) templates: Rc<[Template]>,
    /// What `.Files` offers, `crds/` included, in the order of the walk.
    pub(crate) files: Rc<[File]>,
    pub(crate) dependencies: Vec<Chart>,
    /// What `Chart.lock` says of dependencies.
    pub(crate) locked: Rc<[Locked]>,
    /// Where it is, relative to the top of the repository: a folder, or a packed chart.
    pub(crate) origin: String,
}

/// One dependency with the version that was chosen for it.
pub(crate) struct Locked {
    pub(crate) name: String,
    pub(crate) repository: String,
    pub(crate) version: String,
}

/// One template.
pub(crate) struct Template {
    /// Path relative to the chart.
    pub(crate) name: String,
    pub(crate) text: Rc<str>,
}

/// One other file.
pub(crate) struct File {
    /// Path relative to the chart.
    pub(crate) name: String,
    pub(crate) content: Content,
}

/// The content of a file.
#[derive(Clone)]
pub(crate) enum Content {
    /// It was unpacked.
    Bytes(Rc<[u8]>),
    /// It is in the repository at this path, and is read when somebody looks at it.
    At(String),
}

impl Chart {
    /// The name; of a chart with an alias, that.
    pub(crate) fn name(&self) -> &str {
        &self.metadata.name
    }

    /// The custom resource definitions of the chart and then of its subcharts: path below the top chart's
    /// name, path in the repository, content.
    pub(crate) fn crds(&self) -> Vec<Crd> {
        let mut all = Vec::new();
        self.collect_crds(self.name(), &mut all);
        all
    }

    fn collect_crds(&self, full_path: &str, all: &mut Vec<Crd>) {
        for file in &*self.files {
            let extension = gopath::extension(&file.name).to_ascii_lowercase();
            if file.name.starts_with("crds/") && matches!(&*extension, ".yaml" | ".yml" | ".json") {
                all.push(Crd {
                    path: format!("{full_path}/{}", file.name),
                    origin: gopath::under(&self.origin, &file.name),
                    content: file.content.clone(),
                });
            }
        }
        for dependency in &self.dependencies {
            let path = format!("{full_path}/charts/{}", dependency.name());
            dependency.collect_crds(&path, all);
        }
    }
}

/// One file of `crds/`.
pub(crate) struct Crd {
    /// The path that `# Source:` names.
    pub(crate) path: String,
    /// The path in the repository.
    pub(crate) origin: String,
    pub(crate) content: Content,
}
