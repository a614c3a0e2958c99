//! Dependencies that are declared and not in `charts/`: what `helm dependency update` brings before a chart is rendered.

use std::collections::BTreeSet;

use fleet_core::files::join;
use fleet_core::remote;
use fleet_template::functions::semver::fits;

use super::Loader;
use crate::chart::Chart;
use crate::error::{Error, Place};
use crate::gopath;
use crate::limits::MAX_CHARTS;
use crate::metadata::Dependency;

impl Loader<'_> {
    /// Brings what is missing: charts of the repository by `file://`, all others by asking for them.
    ///
    /// Nothing is asked for when everything is in `charts/`. What names no place stays missing, as in Helm.
    pub(super) fn complete(&mut self, chart: &mut Chart, depth: usize) -> Result<(), Error> {
        if depth > MAX_CHARTS {
            let what = format!("charts nest deeper than {MAX_CHARTS} levels");
            return Err(Error::limit(&chart.origin, what));
        }
        let there: BTreeSet<&str> = chart.dependencies.iter().map(Chart::name).collect();
        let missing = chart.metadata.dependencies();
        let missing: Vec<Dependency> = missing
            .filter(|declared| !there.contains(&*declared.name))
            .cloned()
            .collect();
        let mut brought = BTreeSet::new();
        for dependency in missing {
            let failed = |source| Error::Dependency {
                place: Place::file(gopath::under(&chart.origin, "Chart.yaml")),
                name: dependency.name.clone(),
                repository: dependency.repository.clone(),
                source,
            };
            let (place, is_ours) = match dependency.repository.split_once("://") {
                Some(("file", folder)) => (join(&chart.origin, folder).map_err(failed)?, true),
                Some(("https" | "http" | "oci", _)) => {
                    let reference = reference(chart, &dependency);
                    (self.files.resolve(&reference).map_err(failed)?, false)
                }
                _ => continue,
            };
            // One chart may stand for several dependencies, under an alias each.
            if !brought.insert(place.clone()) {
                continue;
            }
            let found = self.walk(&place)?;
            let mut found =
                self.chart(found, &place, depth + 1)
                    .map_err(|source| Error::Subchart {
                        name: dependency.name.clone(),
                        parent: chart.metadata.name.clone(),
                        source: Box::new(source),
                    })?;
            if is_ours {
                self.complete(&mut found, depth + 1)?;
            }
            chart.dependencies.push(found);
        }
        Ok(())
    }
}

/// What is asked for: the version of the lock if there is one that still fits.
fn reference(chart: &Chart, dependency: &Dependency) -> String {
    let locked = chart.locked.iter().find(|locked| {
        locked.name == dependency.name
            && locked.repository == dependency.repository
            && fits(&dependency.version, &locked.version)
    });
    let version = locked.map_or(&dependency.version, |locked| &locked.version);
    remote::chart(
        &dependency.repository,
        Some(&dependency.name),
        Some(version),
    )
}

#[cfg(test)]
mod tests {
    use fleet_core::files::{Entry, Files, MemoryFiles, ReadError};

    use super::super::{load, load_whole};

    /// Files, and charts that are elsewhere by their references.
    struct World(MemoryFiles);

    impl Files for World {
        fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
            self.0.read(path)
        }

        fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
            self.0.list(path)
        }

        fn resolve(&self, reference: &str) -> Result<String, ReadError> {
            match reference {
                "https://c.example#redis@^1" => Ok(".fleet/remote/one".to_owned()),
                "oci://r.example/team#db@2.0.1" => Ok(".fleet/remote/two".to_owned()),
                _ => Err(ReadError::Other(format!("asked for {reference}"))),
            }
        }
    }

    fn world() -> World {
        let chart = |name: &str, version: &str| {
            format!("apiVersion: v2\nname: {name}\nversion: {version}\n")
        };
        World(
            MemoryFiles::new()
                .with(".fleet/remote/one/Chart.yaml", chart("redis", "1.2.3"))
                .with(".fleet/remote/two/Chart.yaml", chart("db", "2.0.1"))
                .with("lib/Chart.yaml", chart("lib", "0.1.0") + "dependencies: [{name: redis, version: ^1, repository: 'https://c.example'}]\n")
                .with("loop/Chart.yaml", chart("loop", "0.1.0") + "dependencies: [{name: again, version: '*', repository: 'file://.'}]\n"),
        )
    }

    /// Names of the subcharts and of those in them.
    fn brought(dependencies: &str, more: &[(&str, &str)]) -> Result<String, String> {
        let mut files = world();
        let text =
            format!("apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n{dependencies}");
        files.0.insert("app/Chart.yaml", text);
        for (path, text) in more {
            files.0.insert(*path, *text);
        }
        let chart = load_whole(&files, "app").map_err(|error| error.to_string())?;
        let mut names = Vec::new();
        for subchart in &chart.dependencies {
            names.push(subchart.name().to_owned());
            names.extend(
                subchart
                    .dependencies
                    .iter()
                    .map(|inner| format!("{}/{}", subchart.name(), inner.name())),
            );
        }
        Ok(names.join(" "))
    }

    #[test]
    fn what_is_declared_and_missing_is_brought() {
        let redis = "- {name: redis, version: ^1, repository: 'https://c.example'}\n";
        assert_eq!(brought(redis, &[]).unwrap(), "redis");
        let twice = format!(
            "{redis}- {{name: redis, alias: cache, version: ^1, repository: 'https://c.example'}}\n"
        );
        assert_eq!(brought(&twice, &[]).unwrap(), "redis");
        let lib = "- {name: lib, version: 0.1.0, repository: 'file://../lib'}\n";
        assert_eq!(brought(lib, &[]).unwrap(), "lib lib/redis");
        let lock =
            "dependencies: [{name: db, version: 2.0.1, repository: 'oci://r.example/team'}]\n";
        let db = "- {name: db, version: 2.x, repository: 'oci://r.example/team'}\n";
        assert_eq!(brought(db, &[("app/Chart.lock", lock)]).unwrap(), "db");
        assert!(
            brought(db, &[]).unwrap_err().contains("db"),
            "without the lock the range is asked for"
        );
    }

    #[test]
    fn nothing_is_asked_for_when_everything_is_there() {
        let other = "- {name: other, version: '*', repository: 'https://down.example'}\n";
        let vendored = (
            "app/charts/other/Chart.yaml",
            "apiVersion: v2\nname: other\nversion: 1.0.0\n",
        );
        assert_eq!(brought(other, &[vendored]).unwrap(), "other");
        assert!(brought(other, &[]).unwrap_err().contains("other"));
        // Helm's own message tells of these.
        assert_eq!(
            brought("- {name: other, version: '*', repository: '@alias'}\n", &[]).unwrap(),
            ""
        );
    }

    #[test]
    fn charts_that_hold_themselves_and_paths_that_leave_are_refused() {
        let files = world();
        assert!(load(&files, "loop").is_ok());
        assert!(load_whole(&files, "loop").is_err());
        assert!(
            brought(
                "- {name: x, version: '*', repository: 'file://../../x'}\n",
                &[]
            )
            .is_err()
        );
    }
}
