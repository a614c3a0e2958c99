//! Any replacements among any objects: they apply or say why not, always the same way, and make no object.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use fleet_fuzz::tree;
use fleet_kustomize::Node;
use fleet_kustomize::decode::{self, Unknown};
use fleet_kustomize::replacements::{self, Replacement};
use fleet_kustomize::resource::{Resource, Source};
use fleet_kustomize::schema::Schema;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

/// Objects and a list of replacements.
#[derive(Debug)]
struct Case {
    objects: Vec<Value>,
    replacements: Value,
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut objects = Vec::new();
        for _ in 0..u.int_in_range(1..=3)? {
            objects.push(tree::object(u)?);
        }
        let mut replacements = Vec::new();
        for _ in 0..u.int_in_range(1..=3)? {
            replacements.push(replacement(u, &objects)?);
        }
        Ok(Self {
            objects,
            replacements: Value::Array(replacements),
        })
    }
}

fn replacement(u: &mut Unstructured<'_>, objects: &[Value]) -> arbitrary::Result<Value> {
    let mut replacement = Map::new();
    if u.ratio(1, 8)? {
        replacement.insert("sourceValue".to_owned(), json!(tree::word(u)?));
    } else {
        let mut source = selector(u, objects)?;
        source.insert("fieldPath".to_owned(), json!(field_path(u)?));
        options(u, &mut source)?;
        replacement.insert("source".to_owned(), Value::Object(source));
    }
    let mut targets = Vec::new();
    for _ in 0..u.int_in_range(0..=2)? {
        let mut target = Map::new();
        target.insert("select".to_owned(), Value::Object(selector(u, objects)?));
        if u.ratio(1, 4)? {
            target.insert("reject".to_owned(), json!([selector(u, objects)?]));
        }
        target.insert("fieldPaths".to_owned(), json!([field_path(u)?]));
        options(u, &mut target)?;
        targets.push(Value::Object(target));
    }
    replacement.insert("targets".to_owned(), Value::Array(targets));
    Ok(Value::Object(replacement))
}

/// Selects one of the objects, or nothing in particular.
fn selector(u: &mut Unstructured<'_>, objects: &[Value]) -> arbitrary::Result<Map<String, Value>> {
    let object = u.choose(objects)?;
    let mut selector = Map::new();
    if u.ratio(3, 4)? {
        selector.insert("kind".to_owned(), object["kind"].clone());
    }
    if u.ratio(1, 4)? {
        selector.insert("name".to_owned(), object["metadata"]["name"].clone());
    }
    if u.ratio(1, 16)? {
        selector.insert("labelSelector".to_owned(), json!(u.arbitrary::<&str>()?));
    }
    Ok(selector)
}

fn options(u: &mut Unstructured<'_>, map: &mut Map<String, Value>) -> arbitrary::Result<()> {
    if u.arbitrary()? {
        let options = json!({
            "delimiter": u.choose(&["", ":", ".", "/", "ab", "é"])?,
            "index": u.int_in_range(-3..=5)?,
            "create": u.arbitrary::<bool>()?,
        });
        map.insert("options".to_owned(), options);
    }
    Ok(())
}

fn field_path(u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let mut parts = Vec::new();
    for _ in 0..u.int_in_range(0..=5)? {
        parts.push(match u.int_in_range(0..=8)? {
            0 => "*".to_owned(),
            1 => "-".to_owned(),
            2 => u.int_in_range(0..=3)?.to_string(),
            3 => format!("[{}={}]", tree::key(u)?, tree::word(u)?),
            4 => u.arbitrary::<&str>()?.to_owned(),
            5 => "a\\.b".to_owned(),
            _ => tree::key(u)?.to_owned(),
        });
    }
    Ok(parts.join("."))
}

fn run(case: &Case) -> Result<Vec<Node>, String> {
    let schema = Schema::builtin();
    let replacements: Vec<Replacement> = decode::from_value(&case.replacements, Unknown::Ignore)
        .map_err(|error| error.to_string())?;
    let mut resources: Vec<Resource> = case
        .objects
        .iter()
        .map(|object| Resource::new(Node::from_value(object), Source::default(), &schema))
        .collect();
    replacements::apply(&replacements, &mut resources).map_err(|error| error.to_string())?;
    assert_eq!(resources.len(), case.objects.len());
    Ok(resources
        .into_iter()
        .map(|resource| resource.node)
        .collect())
}

fuzz_target!(|case: Case| {
    assert_eq!(run(&case), run(&case), "a second run differs");
});
