//! First inputs out of the recorded corpus of the renderers, where that is there: it reaches deep at once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;

/// Writes inputs for a target into `folder`; none where there is no recorded corpus.
pub(super) fn from_recorded(target: &str, folder: &Path, max_bytes: usize) -> anyhow::Result<()> {
    let Some(recorded) = recorded() else {
        return Ok(());
    };
    let inputs = match target {
        "template" => column(&recorded.join("probes/functions.jsonl"), "tpl")?,
        "yaml" => column(&recorded.join("probes/yaml_parse.jsonl"), "in")?,
        "kustomization" => folders(&recorded.join("krusty"))?,
        _ => Vec::new(),
    };
    for (n, input) in inputs.iter().enumerate() {
        if input.len() <= max_bytes {
            let path = folder.join(format!("recorded-{n}"));
            fs::write(&path, input)
                .with_context(|| format!("could not write {}", path.display()))?;
        }
    }
    Ok(())
}

/// `$FLEET_CORPUS`, or where the corpus is unpacked by default.
fn recorded() -> Option<PathBuf> {
    let named = std::env::var_os("FLEET_CORPUS").map(PathBuf::from);
    let usual = || Some(std::env::home_dir()?.join(".cache/fleet/corpus/render"));
    named.or_else(usual).filter(|folder| folder.is_dir())
}

/// One field of each line of a file of JSON lines.
fn column(file: &Path, field: &str) -> anyhow::Result<Vec<String>> {
    let text =
        fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    let mut column = Vec::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line)
            .with_context(|| format!("{} is not JSON lines", file.display()))?;
        column.extend(value[field].as_str().map(str::to_owned));
    }
    Ok(column)
}

/// Each case below a folder as one text: its kustomization, then its other files, each after `=== PATH`.
fn folders(cases: &Path) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for case in entries(cases)? {
        let args = fs::read_to_string(case.join("args.json")).unwrap_or_default();
        let args: Value = serde_json::from_str(&args).unwrap_or_default();
        let top = case.join(args["path"].as_str().unwrap_or("input"));
        let first = top.join("kustomization.yaml");
        let Ok(mut text) = fs::read_to_string(&first) else {
            continue;
        };
        let mut open = vec![top.clone()];
        while let Some(folder) = open.pop() {
            for path in entries(&folder)? {
                if path.is_dir() {
                    open.push(path);
                } else if path != first
                    && let Ok(content) = fs::read_to_string(&path)
                    && let Ok(below) = path.strip_prefix(&top)
                {
                    text += &format!("\n=== app/{}\n{content}", below.display());
                }
            }
        }
        texts.push(text);
    }
    Ok(texts)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listed =
        fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in listed {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}
