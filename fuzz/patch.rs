//! Any patch on any object: it applies or says why not, always the same way; applied twice it is applied once.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use fleet_fuzz::same;
use fleet_fuzz::tree::{self, Tree};
use fleet_kustomize::Node;
use fleet_kustomize::json6902::Patch;
use fleet_kustomize::merge::strategic_merge;
use fleet_kustomize::schema::Schema;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

/// An object and two patches for it.
#[derive(Debug)]
struct Case {
    object: Value,
    merge: Value,
    operations: Value,
    /// A key that no object has, and a value for it.
    fresh: (String, Value),
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let object = tree::object(u)?;
        let mut merge = tree::mapping(u)?;
        if u.arbitrary()? {
            for key in ["apiVersion", "kind", "metadata"] {
                if let Some(value) = object.get(key) {
                    merge.insert(key.to_owned(), value.clone());
                }
            }
        }
        let fresh = (format!("new/~{}", tree::word(u)?), Tree::arbitrary(u)?.0);
        let mut operations = Vec::new();
        for _ in 0..u.int_in_range(0..=4)? {
            operations.push(operation(u)?);
        }
        Ok(Self {
            object,
            merge: Value::Object(merge),
            operations: Value::Array(operations),
            fresh,
        })
    }
}

fn operation(u: &mut Unstructured<'_>) -> arbitrary::Result<Value> {
    let mut operation = Map::new();
    let kinds = ["add", "remove", "replace", "move", "copy", "test", "nope"];
    operation.insert("op".to_owned(), json!(u.choose(&kinds)?));
    operation.insert("path".to_owned(), json!(pointer(u)?));
    if u.arbitrary()? {
        operation.insert("from".to_owned(), json!(pointer(u)?));
    }
    if u.arbitrary()? {
        operation.insert("value".to_owned(), Tree::arbitrary(u)?.0);
    }
    Ok(Value::Object(operation))
}

fn pointer(u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let mut pointer = String::new();
    for _ in 0..u.int_in_range(0..=5)? {
        pointer.push('/');
        match u.int_in_range(0..=7)? {
            0 => pointer.push('-'),
            1 => pointer.push_str(&u.int_in_range(-3..=3)?.to_string()),
            2 => pointer.push_str(u.arbitrary()?),
            3 => pointer.push_str("~1~0"),
            _ => pointer.push_str(tree::key(u)?),
        }
    }
    Ok(pointer)
}

fn merged(object: &Value, patch: &Value) -> Result<Option<Node>, String> {
    let schema = Schema::builtin();
    strategic_merge(Node::from_value(object), &Node::from_value(patch), &schema)
        .map_err(|error| error.to_string())
}

fn patched(object: &Value, operations: &Value) -> Result<Node, String> {
    let patch = Patch::parse(&operations.to_string()).map_err(|error| error.to_string())?;
    let mut node = Node::from_value(object);
    patch.apply(&mut node).map_err(|error| error.to_string())?;
    Ok(node)
}

/// Whether a patch says something besides values.
fn directs(patch: &Value) -> bool {
    match patch {
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| key == "$patch" || directs(value)),
        Value::Array(items) => items.iter().any(directs),
        _ => false,
    }
}

fuzz_target!(|case: Case| {
    let Case {
        object,
        merge,
        operations,
        fresh: (key, value),
    } = case;

    let once = merged(&object, &merge);
    assert_eq!(merged(&object, &merge), once, "a second merge differs");
    if let Ok(Some(once)) = once
        && let Ok(once) = once.to_value()
        && !directs(&merge)
    {
        let twice = merged(&once, &merge);
        let twice = twice.map(|node| node.and_then(|node| node.to_value().ok()));
        let is_same = matches!(&twice, Ok(Some(twice)) if same(twice, &once));
        assert!(is_same, "merged twice: {twice:?}");
    }

    let once = patched(&object, &operations);
    assert_eq!(
        patched(&object, &operations),
        once,
        "a second patch differs"
    );
    // What was added and taken away again leaves what was there.
    let path = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
    let add = json!({"op": "add", "path": path, "value": value});
    let remove = json!({"op": "remove", "path": path});
    let settled = patched(&object, &json!([]));
    assert_eq!(
        patched(&object, &json!([add, remove])),
        settled,
        "added and removed"
    );
});
