//! Objects from the text of a file.

use std::borrow::Cow;
use std::collections::VecDeque;

use fleet_yaml::Document;

use crate::error::{Error, Result};
use crate::node::Node;
use crate::resource::{Resource, Source};
use crate::schema::Schema;

/// Reads all objects of a YAML or JSON text; lists are taken apart.
///
/// `file` is the path for messages, empty for text that stands in another file.
///
/// # Errors
/// If a document is no YAML, or is no object with a kind and a name.
pub(crate) fn resources(text: &str, file: &str, schema: &Schema) -> Result<Vec<Resource>> {
    let mut waiting: VecDeque<(Node, u32)> = VecDeque::new();
    for (node, line) in nodes(text, file)? {
        check(node, file, line, &mut waiting)?;
    }
    let mut resources = Vec::new();
    while let Some((mut node, line)) = waiting.pop_front() {
        let is_list = node
            .text_at(&["kind"])
            .is_some_and(|kind| kind.ends_with("List"));
        if is_list {
            match node.remove("items") {
                None => {}
                Some(Node::Sequence(items)) => {
                    for item in items {
                        // Kustomize turns the items into JSON and reads that.
                        let value = item.to_value().map_err(|error| {
                            Error::new("kustomize/resource", error).at(file, line, 1)
                        })?;
                        for inner in unwrapped(Node::from_value(&value), true) {
                            check(inner, file, line, &mut waiting)?;
                        }
                    }
                    continue;
                }
                Some(items) if items.is_null() => continue,
                Some(items) => {
                    let kind = node.text_at(&["kind"]).unwrap_or_default();
                    let message = format!(
                        "expected array in {kind}/items, but found {}",
                        items.kind_name()
                    );
                    return Err(Error::new("kustomize/resource", message).at(file, line, 1));
                }
            }
        }
        let source = Source {
            file: file.to_owned(),
            line,
        };
        resources.push(Resource::new(node, source, schema));
    }
    Ok(resources)
}

/// Lets an object through to `into`, if it is one; what is empty is left out.
fn check(node: Node, file: &str, line: u32, into: &mut VecDeque<(Node, u32)>) -> Result<()> {
    if !node.is_empty() {
        validate(&node).map_err(|error| error.at(file, line, 1))?;
        into.push_back((node, line));
    }
    Ok(())
}

/// What every object must have: a kind, and a name unless it is a list.
///
/// # Errors
/// If it has not.
pub(crate) fn validate(node: &Node) -> Result<()> {
    let text = |path: &[&str]| node.text_at(path).unwrap_or_default();
    let missing = |what: &str| {
        let hint = "every object needs `apiVersion`, `kind` and `metadata.name`";
        Err(Error::new("kustomize/resource", what).hint(hint))
    };
    if node.as_mapping().is_none() {
        return missing("missing Resource metadata: it is no mapping");
    }
    let kind = text(&["kind"]);
    if kind.is_empty() {
        let name = text(&["metadata", "name"]);
        return missing(&match name {
            "" => "missing kind in object".to_owned(),
            name => format!("missing kind in object `{name}`"),
        });
    }
    if !kind.ends_with("List") && text(&["metadata", "name"]).is_empty() {
        return missing(&format!("missing metadata.name in object of kind `{kind}`"));
    }
    Ok(())
}

/// The documents of a text as trees, each with the line on which it starts; a single `List` is taken apart.
fn nodes(text: &str, file: &str) -> Result<Vec<(Node, u32)>> {
    // One byte is found much faster than two.
    let text: Cow<'_, str> = if text.contains('\r') && text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let documents = split(&text, file)?;
    let alone = documents.len() == 1;
    let mut nodes = Vec::with_capacity(documents.len());
    for document in documents {
        let malformed = |message: &str, line: u32, column: u32| {
            let line = match line {
                0 => document.line,
                line => line + document.line - 1,
            };
            Error::new(
                "kustomize/malformed",
                format!("MalformedYAMLError: {message}"),
            )
            .at(file, line, column)
        };
        let parsed = fleet_yaml::parse(document.text)
            .map_err(|error| malformed(&error.message, error.line, error.column))?;
        let Some(parsed) = parsed else {
            continue;
        };
        let line = document.line + parsed.line - 1;
        let node = Node::from_yaml(parsed)
            .map_err(|error| malformed(&error.message, error.line, error.column))?;
        if !node.is_null() {
            nodes.extend(unwrapped(node, alone).into_iter().map(|node| (node, line)));
        }
    }
    Ok(nodes)
}

/// The items of a `List` or `ResourceList` that stands alone; anything else as it is.
fn unwrapped(mut node: Node, alone: bool) -> Vec<Node> {
    let wraps = alone && matches!(node.text_at(&["kind"]), Some("List" | "ResourceList"));
    if wraps && (node.get("items").is_some() || node.get("functionConfig").is_some()) {
        return match node.remove("items") {
            Some(Node::Sequence(items)) => items,
            _ => Vec::new(),
        };
    }
    vec![node]
}

/// Takes a stream apart at the lines that begin with `---`, as kyaml does it.
fn split<'a>(text: &'a str, file: &str) -> Result<Vec<Document<'a>>> {
    let mut documents = Vec::new();
    if text.is_empty() {
        return Ok(documents);
    }
    let (mut start, mut line) = (0, 1);
    let mut from = 0;
    while let Some(at) = separator(text, from) {
        let Some(length) = text[at + 1..].find('\n') else {
            break;
        };
        let end = at + 1 + length;
        let rest = text[at + 4..end].trim();
        // The line break before the dashes belongs to the document: it may end a block scalar.
        let document = &text[start..=at];
        let next = line + u32::try_from(document.matches('\n').count()).unwrap_or(u32::MAX);
        if !rest.is_empty() && !rest.starts_with('#') {
            let message = format!("invalid document separator: ---{rest}");
            return Err(Error::new("kustomize/malformed", message).at(file, next, 1));
        }
        documents.push(Document {
            line,
            text: document,
        });
        (start, line) = (end + 1, next + 1);
        // The line break behind the dashes is used up: a separator right below is no separator.
        from = start;
        if from >= text.len() {
            break;
        }
    }
    documents.push(Document {
        line,
        text: &text[start..],
    });
    Ok(documents)
}

/// The next line break that has three dashes behind it.
fn separator(text: &str, from: usize) -> Option<usize> {
    let mut breaks = text[from..].match_indices('\n').map(|(at, _)| from + at);
    breaks.find(|at| text[at + 1..].starts_with("---"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<(String, u32)> {
        resources(text, "a.yaml", &Schema::builtin())
            .unwrap()
            .iter()
            .map(|resource| (resource.id().to_string(), resource.source.line))
            .collect()
    }

    #[test]
    fn documents_know_their_line() {
        let text = "# head\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n---\n# c\n\
                    kind: Service\nmetadata: {name: b}\n--- # x\nkind: Service\nmetadata: {name: c}\n";
        assert_eq!(
            ids(text),
            [
                ("Service.v1.[noGrp]/a.[noNs]".to_owned(), 2),
                ("Service.[noVer].[noGrp]/b.[noNs]".to_owned(), 8),
                ("Service.[noVer].[noGrp]/c.[noNs]".to_owned(), 11)
            ]
        );
    }

    #[test]
    fn lists_are_taken_apart() {
        let names = |text: &str| -> Vec<String> {
            ids(text)
                .into_iter()
                .map(|(id, _)| id.split(['/', '.']).nth(3).unwrap_or_default().to_owned())
                .collect()
        };
        let list = "kind: List\nitems:\n- {kind: A, metadata: {name: a}}\n- {kind: B, metadata: {name: b}}\n";
        assert_eq!(names(list), ["a", "b"]);
        let more = format!("{list}---\nkind: C\nmetadata: {{name: c}}\n");
        assert_eq!(names(&more), ["c", "a", "b"]);
        assert_eq!(names("kind: RoleList\nitems: []\n"), [""; 0]);
        assert_eq!(names("kind: FooList\nmetadata: {name: x}\n"), ["x"]);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let check = |text: &str, message: &str, line: u32| {
            let error = resources(text, "a.yaml", &Schema::builtin()).unwrap_err();
            let diagnostic = fleet_core::diagnostic::Diagnostic::from(error);
            assert!(diagnostic.message.contains(message), "{diagnostic}");
            assert_eq!(diagnostic.location.unwrap().line, line);
        };
        check("kind: A\n", "missing metadata.name", 1);
        check("\nmetadata: {name: x}\n", "missing kind", 2);
        check(
            "kind: A\nmetadata: {name: x}\n---\na: [\n",
            "MalformedYAMLError",
            5,
        );
        check("a.yaml", "missing Resource metadata", 1);
        check("kind: A\n--- b\nkind: B\n", "invalid document separator", 2);
    }
}
