//! Conversions that every world needs, written once: each world has its own copy of the generated types.

#![allow(unused_macros, reason = "each world uses its own part")]

/// Conversions between the generated types below `$plugin` and ours.
macro_rules! convert {
    ($($plugin:tt)+) => {
        use $($plugin)+::{log as wire_log, types as wire_types};

        fn location_from(location: wire_types::Location) -> fleet_core::diagnostic::Location {
            let wire_types::Location { file, line, column } = location;
            fleet_core::diagnostic::Location { file, line, column }
        }

        fn location_into(location: fleet_core::diagnostic::Location) -> wire_types::Location {
            let fleet_core::diagnostic::Location { file, line, column } = location;
            wire_types::Location { file, line, column }
        }

        fn diagnostic_into(diagnostic: fleet_core::diagnostic::Diagnostic) -> wire_types::Diagnostic {
            use fleet_core::diagnostic::Severity;
            wire_types::Diagnostic {
                severity: match diagnostic.severity {
                    Severity::Error => wire_types::Severity::Error,
                    Severity::Warning => wire_types::Severity::Warning,
                    Severity::Info => wire_types::Severity::Info,
                },
                code: diagnostic.code,
                message: diagnostic.message,
                location: diagnostic.location.map(location_into),
                object: diagnostic.object.map(|id| wire_types::ObjectId {
                    api_version: id.api_version,
                    kind: id.kind,
                    namespace: id.namespace,
                    name: id.name,
                }),
                hint: diagnostic.hint,
            }
        }

        fn failure_into(failure: fleet_core::rendered::Failure) -> wire_types::Failure {
            wire_types::Failure { diagnostics: failure.diagnostics.into_iter().map(diagnostic_into).collect() }
        }

        #[allow(dead_code, reason = "policies take no manifests")]
        fn rendered_from(rendered: wire_types::Rendered) -> fleet_core::rendered::Rendered {
            use fleet_core::rendered::Manifest;
            let manifest = match rendered.manifest {
                // What is no JSON is handed on as it is, and refused where it is used.
                wire_types::Manifest::Json(text) => match serde_json::from_str(&text) {
                    Ok(value) => Manifest::Json(value),
                    Err(_) => Manifest::Yaml(text),
                },
                wire_types::Manifest::Yaml(text) => Manifest::Yaml(text),
            };
            fleet_core::rendered::Rendered { manifest, origin: rendered.origin.map(location_from) }
        }

        #[allow(dead_code, reason = "policies give no manifests")]
        fn rendered_into(rendered: fleet_core::rendered::Rendered) -> wire_types::Rendered {
            use fleet_core::rendered::Manifest;
            let manifest = match rendered.manifest {
                // As `value.to_string()`, without its detour by the machinery of `Display`.
                Manifest::Json(value) => wire_types::Manifest::Json(
                    serde_json::to_string(&value).unwrap_or_else(|_| value.to_string()),
                ),
                Manifest::Yaml(text) => wire_types::Manifest::Yaml(text),
            };
            wire_types::Rendered { manifest, origin: rendered.origin.map(location_into) }
        }

        /// Without this the text of a panic would be lost: there is no standard error in the sandbox.
        fn install_panic_hook() {
            std::panic::set_hook(Box::new(|info| {
                let place = info.location().map(|l| format!("{}:{}:{}", l.file(), l.line(), l.column()));
                let text = info.payload_as_str().unwrap_or("panic");
                let fields = [("location".to_owned(), place.unwrap_or_default())];
                wire_log::emit(wire_log::Level::Error, &format!("panic: {text}"), &fields);
            }));
        }
    };
}

/// `Imports` as [`fleet_core::facts::Facts`].
macro_rules! facts {
    ($($plugin:tt)+) => {
        use $($plugin)+::context as wire_context;

        /// What the host offers.
        struct Imports;

        impl fleet_core::facts::Facts for Imports {
            fn bundle_name(&self) -> String {
                wire_context::get_bundle_name()
            }

            fn default_namespace(&self) -> String {
                wire_context::get_default_namespace()
            }

            fn kube_version(&self) -> String {
                wire_context::get_kube_version()
            }

            fn has_api(&self, api: &str) -> bool {
                wire_context::has_api(api)
            }

            fn api_versions(&self) -> Vec<String> {
                wire_context::get_api_versions()
            }

            fn label(&self, key: &str) -> Option<String> {
                wire_context::get_label(key)
            }

            fn labels(&self) -> Vec<(String, String)> {
                wire_context::get_labels()
            }

            fn annotation(&self, key: &str) -> Option<String> {
                wire_context::get_annotation(key)
            }

            fn annotations(&self) -> Vec<(String, String)> {
                wire_context::get_annotations()
            }

            fn template_value(&self, key: &str) -> Option<serde_json::Value> {
                serde_json::from_str(&wire_context::get_template_value(key)?).ok()
            }

            fn cluster_name(&self) -> Option<String> {
                wire_context::get_cluster_name()
            }

            fn cluster_namespace(&self) -> Option<String> {
                wire_context::get_cluster_namespace()
            }

            fn commit_time(&self) -> u64 {
                wire_context::get_commit_time()
            }
        }
    };
}

/// `Imports` as facts, files and entropy.
macro_rules! imports {
    ($($plugin:tt)+) => {
        crate::wasm::facts!($($plugin)+);
        use $($plugin)+::{entropy as wire_entropy, source as wire_source};

        fn read_error(error: wire_source::ReadError) -> fleet_core::files::ReadError {
            use fleet_core::files::ReadError;
            match error {
                wire_source::ReadError::NotFound => ReadError::NotFound,
                wire_source::ReadError::NotAFile => ReadError::NotAFile,
                wire_source::ReadError::NotADirectory => ReadError::NotADirectory,
                wire_source::ReadError::NotUtf8 => ReadError::NotUtf8,
                wire_source::ReadError::Denied(why) => ReadError::Denied(why),
                wire_source::ReadError::TooLarge(size) => ReadError::TooLarge(size),
                wire_source::ReadError::Other(why) => ReadError::Other(why),
            }
        }

        impl fleet_core::files::Files for Imports {
            fn read(&self, path: &str) -> Result<Vec<u8>, fleet_core::files::ReadError> {
                wire_source::read(path).map_err(read_error)
            }

            fn read_text(&self, path: &str) -> Result<String, fleet_core::files::ReadError> {
                wire_source::read_text(path).map_err(read_error)
            }

            fn list(&self, path: &str) -> Result<Vec<fleet_core::files::Entry>, fleet_core::files::ReadError> {
                use fleet_core::files::{Entry, EntryKind};
                let entries = wire_source::list(path).map_err(read_error)?;
                let entry = |entry: wire_source::Entry| Entry {
                    name: entry.name,
                    kind: match entry.kind {
                        wire_source::EntryKind::File => EntryKind::File,
                        wire_source::EntryKind::Directory => EntryKind::Directory,
                        wire_source::EntryKind::Symlink => EntryKind::Symlink,
                    },
                    size: entry.size,
                    link: false,
                };
                Ok(entries.into_iter().map(entry).collect())
            }

            fn resolve(&self, reference: &str) -> Result<String, fleet_core::files::ReadError> {
                wire_source::resolve(reference).map_err(read_error)
            }
        }

        impl fleet_core::entropy::Entropy for Imports {
            fn derive(&self, label: &str, len: u32) -> Vec<u8> {
                wire_entropy::derive(label, len)
            }

            fn private_key(&self, label: &str, kind: fleet_core::entropy::KeyKind) -> String {
                use fleet_core::entropy::KeyKind;
                let kind = match kind {
                    KeyKind::Rsa2048 => wire_entropy::KeyKind::Rsa2048,
                    KeyKind::Rsa4096 => wire_entropy::KeyKind::Rsa4096,
                    KeyKind::EcdsaP256 => wire_entropy::KeyKind::EcdsaP256,
                    KeyKind::Ed25519 => wire_entropy::KeyKind::Ed25519,
                    KeyKind::Dsa2048 => wire_entropy::KeyKind::Dsa2048,
                };
                wire_entropy::private_key(label, kind)
            }

            fn window(&self, label: &str, days: u32) -> u64 {
                wire_entropy::window(label, days)
            }
        }
    };
}

#[allow(unused_imports, reason = "each world uses its own part")]
pub(crate) use {convert, facts, imports};
