//! How rendered manifests become text: as the original tools print them, or as one JSON list.
//!
//! What `helm template` and `kubectl kustomize` print is joined from the manifests of their plugins by one rule each:
//! Helm begins every manifest with `---`, and prints an empty line first if there are none but hooks, which come last;
//! kustomize puts `---` between them. The manifests themselves come from the plugin to the byte.

use fleet_core::problem::Problem;
use fleet_core::rendered::{Manifest, Rendered};
use fleet_render::collect::collect;
use fleet_yaml::Duplicates;
use serde_json::{Value, json};

/// How documents are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As `helm template` does.
    Helm,
    /// As `kubectl kustomize` does, and everything else.
    Between,
}

/// One stream of YAML documents.
pub(super) fn yaml(manifests: &[Rendered], style: Style) -> Vec<u8> {
    let mut out = String::new();
    if style == Style::Helm && manifests.first().is_none_or(is_hook) {
        out.push('\n');
    }
    for (n, rendered) in manifests.iter().enumerate() {
        if style == Style::Helm || n > 0 {
            out.push_str("---\n");
        }
        match &rendered.manifest {
            Manifest::Yaml(text) => out.push_str(text),
            Manifest::Json(value) => out.push_str(&fleet_yaml::to_string(value)),
        }
    }
    out.into_bytes()
}

/// Events of hooks, `Events` of Helm's `pkg/release/v1`; `crd-install` of Helm 2, which definitions still carry, is none.
const HOOK_EVENTS: [&str; 10] = [
    "post-delete",
    "post-install",
    "post-rollback",
    "post-upgrade",
    "pre-delete",
    "pre-install",
    "pre-rollback",
    "pre-upgrade",
    "test",
    "test-success",
];

/// Whether a manifest is a hook of Helm's.
fn is_hook(rendered: &Rendered) -> bool {
    let value = match &rendered.manifest {
        Manifest::Json(value) => value.clone(),
        Manifest::Yaml(text) => {
            fleet_yaml::from_str(text, Duplicates::LastWins).unwrap_or_default()
        }
    };
    let events = value["metadata"]["annotations"]["helm.sh/hook"]
        .as_str()
        .unwrap_or_default();
    events
        .split(',')
        .any(|event| HOOK_EVENTS.contains(&event.trim()))
}

/// One JSON `List` of all objects.
///
/// # Errors
/// If a manifest is no object.
pub(super) fn json(manifests: &[Rendered]) -> Result<Vec<u8>, Vec<Problem>> {
    let collected = collect(manifests.to_vec());
    if !collected.problems.is_empty() {
        return Err(collected.problems);
    }
    let items: Vec<&Value> = collected
        .bundle
        .objects()
        .iter()
        .map(fleet_core::object::Object::value)
        .collect();
    let list = json!({"apiVersion": "v1", "items": items, "kind": "List"});
    let mut text = serde_json::to_vec_pretty(&list).unwrap_or_default();
    text.push(b'\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifests(texts: &[&str]) -> Vec<Rendered> {
        let rendered = |text: &&str| Rendered {
            manifest: Manifest::Yaml((*text).to_owned()),
            origin: None,
        };
        texts.iter().map(rendered).collect()
    }

    #[test]
    fn each_tool_has_its_own_way_to_put_documents_together() {
        let two = manifests(&["a: 1\n", "b: 2\n"]);
        assert_eq!(yaml(&two, Style::Helm), b"---\na: 1\n---\nb: 2\n");
        assert_eq!(yaml(&two, Style::Between), b"a: 1\n---\nb: 2\n");
        assert_eq!(yaml(&[], Style::Helm), b"\n");
        assert_eq!(yaml(&[], Style::Between), b"");
        let hook = "metadata:\n  annotations: {helm.sh/hook: test}\n";
        let only_hooks = yaml(&manifests(&[hook]), Style::Helm);
        assert_eq!(only_hooks, format!("\n---\n{hook}").as_bytes());
        let definition = "metadata:\n  annotations: {helm.sh/hook: crd-install}\n";
        for first in ["a: 1\n", definition] {
            let text = yaml(&manifests(&[first, hook]), Style::Helm);
            assert!(text.starts_with(b"---\n"), "{first}");
        }
    }

    #[test]
    fn a_list_holds_objects_and_nothing_else() {
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";
        let text = String::from_utf8(json(&manifests(&[secret])).unwrap()).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["items"][0]["metadata"]["name"], "a");
        assert_eq!(json(&manifests(&["a: 1\n"])).unwrap_err().len(), 1);
    }
}
