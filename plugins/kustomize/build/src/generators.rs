//! ConfigMaps and Secrets made of files, literals and env files.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Result};
use crate::kustomization::GeneratorArgs;
use crate::loader::Loader;
use crate::node::{Mapping, Node};
use crate::resource::{Behavior, Resource, Source};
use crate::schema::Schema;

/// What a generator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }
}

/// Makes one object.
///
/// # Errors
/// If it has no name, or a source cannot be read, or two sources have the same key.
pub(crate) fn make(
    kind: Kind,
    args: &GeneratorArgs,
    loader: &Loader<'_>,
    source: Source,
    schema: &Schema,
) -> Result<Resource> {
    if args.name.is_empty() {
        let message = format!("a {} must have a name", kind.name().to_lowercase());
        return Err(Error::new("kustomize/generator", message).field("name"));
    }
    let data = data(args, loader)?;
    let mut meta = Mapping::new();
    meta.push("name".to_owned(), Node::string(args.name.clone()));
    if !args.namespace.is_empty() {
        meta.push("namespace".to_owned(), Node::string(args.namespace.clone()));
    }
    let options = args.options.clone().unwrap_or_default();
    for (field, pairs) in [
        ("labels", options.labels),
        ("annotations", options.annotations),
    ] {
        if !pairs.is_empty() {
            let pairs = pairs
                .into_iter()
                .map(|(key, value)| (key, Node::string(value)));
            meta.push(field.to_owned(), Node::Mapping(pairs.collect()));
        }
    }
    let mut object = Mapping::new();
    object.push("apiVersion".to_owned(), Node::string("v1"));
    object.push("kind".to_owned(), Node::string(kind.name()));
    object.push("metadata".to_owned(), Node::Mapping(meta));
    match kind {
        Kind::ConfigMap => {
            let (mut text, mut binary) = (Mapping::new(), Mapping::new());
            for (key, value) in data {
                match String::from_utf8(value) {
                    Ok(value) => text.push(key, Node::string(value)),
                    Err(error) => binary.push(key, Node::string(base64(error.as_bytes()))),
                }
            }
            for (field, mapping) in [("data", text), ("binaryData", binary)] {
                if !mapping.is_empty() {
                    object.push(field.to_owned(), Node::Mapping(mapping));
                }
            }
        }
        Kind::Secret => {
            let r#type = if args.r#type.is_empty() {
                "Opaque"
            } else {
                &args.r#type
            };
            object.push("type".to_owned(), Node::string(r#type));
            let encoded = data
                .into_iter()
                .map(|(key, value)| (key, Node::string(base64(&value))));
            object.push("data".to_owned(), Node::Mapping(encoded.collect()));
        }
    }
    if options.immutable {
        object.push("immutable".to_owned(), Node::bool(true));
    }
    let mut resource = Resource::new(Node::Mapping(object), source, schema);
    resource.behavior = Some(Behavior::parse(&args.behavior));
    resource.needs_hash = !options.disable_name_suffix_hash;
    Ok(resource)
}

/// Base64 in lines of 70 characters, if it does not fit on one.
fn base64(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = STANDARD.encode(bytes);
    if encoded.len() < LINE {
        return encoded;
    }
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = after;
    }
    lines
}

/// All keys with their values.
fn data(args: &GeneratorArgs, loader: &Loader<'_>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut data = BTreeMap::new();
    let mut add = |key: String, value: Vec<u8>, field: String| {
        if data.contains_key(&key) {
            let message = format!("configmap {} illegally repeats the key `{key}`", args.name);
            return Err(Error::new("kustomize/generator", message).field(field));
        }
        data.insert(key, value);
        Ok(())
    };
    for (n, path) in args.envs.iter().enumerate() {
        let field = format!("envs[{n}]");
        let content = loader
            .read(path)
            .map_err(|error| error.field(field.clone()))?;
        for (key, value) in env_lines(&content).map_err(|error| error.field(field.clone()))? {
            add(key, value.into_bytes(), field.clone())?;
        }
    }
    for (n, literal) in args.literals.iter().enumerate() {
        let field = format!("literals[{n}]");
        let (key, value) = parse_literal(literal).map_err(|error| error.field(field.clone()))?;
        add(key.to_owned(), value.as_bytes().to_vec(), field)?;
    }
    for (n, file) in args.files.iter().enumerate() {
        let field = format!("files[{n}]");
        let (key, path) = parse_file(file).map_err(|error| error.field(field.clone()))?;
        let content = loader
            .read(path)
            .map_err(|error| error.field(field.clone()))?;
        add(key.to_owned(), content, field)?;
    }
    Ok(data)
}

fn parse_literal(literal: &str) -> Result<(&str, &str)> {
    match literal.split_once('=') {
        Some((key, value)) if !key.is_empty() => {
            let quoted = ['"', '\''].iter().find_map(|quote| {
                value
                    .strip_prefix(*quote)
                    .and_then(|rest| rest.strip_suffix(*quote))
            });
            Ok((key, quoted.unwrap_or(value)))
        }
        _ => Err(Error::new(
            "kustomize/generator",
            format!("invalid literal source {literal}, expected key=value"),
        )),
    }
}

fn parse_file(source: &str) -> Result<(&str, &str)> {
    let fail = |message: String| Err(Error::new("kustomize/generator", message));
    match source.split_once('=') {
        None => {
            let trimmed = source.trim_end_matches('/');
            Ok((trimmed.rsplit('/').next().unwrap_or(trimmed), source))
        }
        Some((_, path)) if path.contains('=') => fail(format!(
            "source \"{source}\" key name or file path contains '='"
        )),
        Some(("", path)) => fail(format!(
            "missing key name for file path \"{path}\" in source \"{source}\""
        )),
        Some((key, "")) => fail(format!(
            "missing file path for key name \"{key}\" in source \"{source}\""
        )),
        Some((key, path)) => Ok((key, path)),
    }
}

/// The `key=value` lines of an env file.
fn env_lines(content: &[u8]) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for (n, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else {
            let message = format!("line {} has invalid utf8 bytes", n + 1);
            return Err(Error::new("kustomize/generator", message));
        };
        let line = match n {
            0 => line.strip_prefix('\u{feff}').unwrap_or(line),
            _ => line,
        };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        if !key.is_empty() {
            pairs.push((key.to_owned(), value.to_owned()));
        }
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use fleet_core::files::MemoryFiles;
    use serde_json::{Value, json};

    use super::*;
    use crate::loader::Restriction;

    fn made(kind: Kind, args: GeneratorArgs) -> Result<Value> {
        let files = MemoryFiles::new()
            .with("d/a.txt", "text\n")
            .with("d/b.bin", [0xff, 0x00])
            .with("d/e.env", "\u{feff}A=1\n # c\n\n  B=x=y\nC\n");
        let loader = Loader::new(&files, Restriction::RootOnly, "d").unwrap();
        let args = GeneratorArgs {
            name: "x".to_owned(),
            ..args
        };
        let resource = make(kind, &args, &loader, Source::default(), &Schema::builtin())?;
        Ok(resource.node.to_value().unwrap())
    }

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn data_come_from_literals_files_and_env_files() {
        let value = made(
            Kind::ConfigMap,
            GeneratorArgs {
                literals: list(&["l='q'", "m=a=b"]),
                files: list(&["a.txt", "key=a.txt", "b.bin"]),
                envs: list(&["e.env"]),
                ..GeneratorArgs::default()
            },
        );
        assert_eq!(
            value.unwrap(),
            json!({
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"},
                "data": {"A": "1", "B": "x=y", "C": "", "a.txt": "text\n", "key": "text\n", "l": "q", "m": "a=b"},
                "binaryData": {"b.bin": "/wA="},
            })
        );
    }

    #[test]
    fn secrets_have_a_type_and_data_even_if_empty() {
        let value = made(Kind::Secret, GeneratorArgs::default()).unwrap();
        assert_eq!(
            value,
            json!({
                "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "type": "Opaque", "data": {},
            })
        );
    }

    #[test]
    fn long_base64_is_broken_into_lines() {
        assert_eq!(base64(&[0; 51]), "A".repeat(68));
        let lines = base64(&[0; 54]);
        assert_eq!(lines, format!("{}\n{}\n", "A".repeat(70), "A".repeat(2)));
    }

    #[test]
    fn wrong_sources_are_refused() {
        let check = |args: GeneratorArgs, message: &str| {
            let error = made(Kind::ConfigMap, args).unwrap_err();
            assert!(error.message().contains(message), "{error}");
        };
        let literals = |items: &[&str]| GeneratorArgs {
            literals: list(items),
            ..GeneratorArgs::default()
        };
        let files = |items: &[&str]| GeneratorArgs {
            files: list(items),
            ..GeneratorArgs::default()
        };
        check(literals(&["a"]), "expected key=value");
        check(literals(&["=a"]), "expected key=value");
        check(literals(&["a=1", "a=2"]), "illegally repeats the key `a`");
        check(files(&["=a.txt"]), "missing key name");
        check(files(&["k="]), "missing file path");
        check(files(&["a=b=c"]), "contains '='");
        check(files(&["nope"]), "no such file");
    }
}
