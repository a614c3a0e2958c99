//! Facts about replacements.

use super::*;
use crate::decode::{self, Unknown};
use crate::resource;
use crate::schema::Schema;

const OBJECTS: &str = "
- {apiVersion: v1, kind: ConfigMap, metadata: {name: cm, labels: {a: b}}, data: {image: 'nginx:1.2', port: '80', n: null}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: d1}, spec: {replicas: 3, containers: [{name: x, image: 'old:0'}, {name: y, image: other}]}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: d2, labels: {a: b}}, spec: {replicas: 4, containers: [{name: x, image: old}]}}
- {apiVersion: v1, kind: Namespace, metadata: {name: ns}}
";

fn resources() -> Vec<Resource> {
    let list = Node::from_yaml(fleet_yaml::parse(OBJECTS).unwrap().unwrap()).unwrap();
    let Node::Sequence(items) = list else {
        panic!("the objects are a list");
    };
    let resource = |node| Resource::new(node, resource::Source::default(), &Schema::builtin());
    items.into_iter().map(resource).collect()
}

/// What stands at places of the objects after a replacement.
fn replaced(replacement: &str, places: &[&str]) -> Result<Vec<serde_json::Value>, Error> {
    let value = fleet_yaml::from_str(replacement, fleet_yaml::Duplicates::Refuse).unwrap();
    let replacement: Replacement = decode::from_value(&value, Unknown::Refuse).unwrap();
    let mut resources = resources();
    apply(&[replacement], &mut resources)?;
    let objects = resources
        .iter()
        .map(|resource| resource.node.to_value().unwrap());
    let objects = serde_json::Value::Array(objects.collect());
    Ok(places
        .iter()
        .map(|place| objects.pointer(place).cloned().unwrap_or_default())
        .collect())
}

#[track_caller]
fn check(replacement: &str, places: &[(&str, serde_json::Value)]) {
    let names: Vec<&str> = places.iter().map(|(place, _)| *place).collect();
    let values: Vec<serde_json::Value> = places.iter().map(|(_, value)| value.clone()).collect();
    assert_eq!(replaced(replacement, &names), Ok(values), "{replacement}");
}

const X1: &str = "/1/spec/containers/0/image";
const Y1: &str = "/1/spec/containers/1/image";
const X2: &str = "/2/spec/containers/0/image";

#[test]
fn values_are_copied_into_all_fields_of_all_targets() {
    check(
        "{source: {kind: ConfigMap, fieldPath: data.image}, \
          targets: [{select: {kind: Deployment}, fieldPaths: ['spec.containers.[name=x].image']}]}",
        &[
            (X1, "nginx:1.2".into()),
            (Y1, "other".into()),
            (X2, "nginx:1.2".into()),
        ],
    );
    check(
        "{source: {kind: ConfigMap}, targets: [{select: {kind: Deployment, name: d2}, \
          fieldPaths: [spec.containers.*.image, metadata.labels.a]}]}",
        &[
            (X1, "old:0".into()),
            (X2, "cm".into()),
            ("/2/metadata/labels/a", "cm".into()),
        ],
    );
    check(
        "{sourceValue: fixed, targets: [{select: {labelSelector: a=b}}]}",
        &[
            ("/0/metadata/name", "fixed".into()),
            ("/1/metadata/name", "d1".into()),
            ("/2/metadata/name", "fixed".into()),
        ],
    );
}

#[test]
fn rejected_objects_are_left_out() {
    for reject in [
        "{name: d2}",
        "{labelSelector: a}",
        "{kind: Deployment, name: d2}",
    ] {
        check(
            &format!(
                "{{sourceValue: new, targets: [{{select: {{kind: Deployment}}, reject: [{reject}], \
                   fieldPaths: ['spec.containers.[name=x].image']}}]}}"
            ),
            &[(X1, "new".into()), (X2, "old".into())],
        );
    }
}

#[test]
fn parts_of_fields_are_taken_and_put() {
    let image = |options: &str| {
        format!(
            "{{source: {{kind: ConfigMap, fieldPath: data.image, options: {{delimiter: ':', index: 1}}}}, \
              targets: [{{select: {{name: d1}}, fieldPaths: ['spec.containers.[name=x].image'], options: {options}}}]}}"
        )
    };
    for (options, expected) in [
        ("{delimiter: ':', index: 0}", "1.2:0"),
        ("{delimiter: ':', index: 1}", "old:1.2"),
        ("{delimiter: ':', index: 7}", "old:0:1.2"),
        ("{delimiter: ':', index: -1}", "1.2:old:0"),
        ("{create: true}", "1.2"),
    ] {
        check(&image(options), &[(X1, expected.into())]);
    }
}

#[test]
fn fields_keep_what_they_are() {
    check(
        "{source: {kind: ConfigMap, fieldPath: data.port}, targets: [{select: {name: d1}, fieldPaths: [spec.replicas]}]}",
        &[("/1/spec/replicas", 80.into())],
    );
    check(
        "{source: {name: d1, fieldPath: spec.replicas}, targets: [{select: {name: cm}, fieldPaths: [data.port]}]}",
        &[("/0/data/port", "3".into())],
    );
    check(
        "{source: {name: d1, fieldPath: spec.replicas}, \
          targets: [{select: {name: cm}, fieldPaths: [data.new.'x'], options: {create: true}}]}",
        &[("/0/data/new/'x'", 3.into())],
    );
    check(
        "{source: {name: d1, fieldPath: spec.containers}, targets: [{select: {name: d2}, fieldPaths: [spec.containers]}]}",
        &[("/2/spec/containers/1/name", "y".into())],
    );
}

#[test]
fn objects_outside_namespaces_are_selected_as_in_the_default_one() {
    check(
        "{sourceValue: new, targets: [{select: {kind: Namespace, namespace: default}}]}",
        &[("/3/metadata/name", "new".into())],
    );
}

#[test]
fn refusals_are_worded_as_in_kustomize() {
    for (replacement, why) in [
        (
            "{}",
            "replacements must specify a source and at least one target",
        ),
        (
            "{sourceValue: x}",
            "replacements must specify a source and at least one target",
        ),
        (
            "{sourceValue: x, source: {}, targets: []}",
            "value and resource selectors are mutually exclusive",
        ),
        (
            "{sourceValue: x, targets: [{}]}",
            "target must specify resources to select",
        ),
        (
            "{source: {kind: Deployment}, targets: []}",
            "multiple matches for selector Deployment.[noVer].[noGrp]/[noName].[noNs]",
        ),
        (
            "{source: {kind: X, fieldPath: a, options: {delimiter: '-', index: 2}}, targets: []}",
            "nothing selected by X.[noVer].[noGrp]/[noName].[noNs]:a:-(2), create=false",
        ),
        (
            "{source: {name: cm, fieldPath: data.x}, targets: []}",
            "fieldPath `data.x` is missing for replacement source [noKind].[noVer].[noGrp]/cm.[noNs]",
        ),
        (
            "{source: {name: cm, fieldPath: data.n}, targets: []}",
            "fieldPath `data.n` is missing for replacement source [noKind].[noVer].[noGrp]/cm.[noNs]",
        ),
        (
            "{source: {name: cm, fieldPath: data.image.x}, targets: []}",
            "error looking up replacement source: wrong node kind: expected MappingNode but got ScalarNode: \
             node contents:\nnginx:1.2\n",
        ),
        (
            "{source: {name: cm, fieldPath: data.image, options: {delimiter: ':', index: 2}}, targets: []}",
            "options.index 2 is out of bounds for value nginx:1.2",
        ),
        (
            "{source: {name: d1, fieldPath: spec, options: {delimiter: ':'}}, targets: []}",
            "delimiter option can only be used with scalar nodes",
        ),
        (
            "{sourceValue: x, targets: [{select: {name: d1}, fieldPaths: [spec.none]}]}",
            "unable to find field \"spec.none\" in replacement target",
        ),
        (
            "{sourceValue: x, targets: [{select: {name: d1}, fieldPaths: [spec.containers.5]}]}",
            "unable to find field \"spec.containers.5\" in replacement target: \
             index 5 specified but only 2 elements found",
        ),
        (
            "{sourceValue: x, targets: [{select: {name: d1}, fieldPaths: [spec.replicas.a], options: {create: true}}]}",
            "unable to find or create field \"spec.replicas.a\" in replacement target: wrong node kind: \
             expected MappingNode but got ScalarNode: node contents:\n3\n",
        ),
        (
            "{sourceValue: x, targets: [{select: {name: d1}, fieldPaths: [spec], options: {delimiter: '-'}}]}",
            "delimiter option can only be used with scalar nodes",
        ),
    ] {
        assert_eq!(
            replaced(replacement, &[]).unwrap_err().to_string(),
            why,
            "{replacement}"
        );
    }
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    fn path() -> impl Strategy<Value = String> {
        let parts = vec![
            "metadata",
            "name",
            "spec",
            "containers",
            "[name=x]",
            "[name=.*]",
            "[=a]",
            "[x.y]",
            "*",
            "0",
            "1",
            "-",
            "image",
            "data",
            "n",
            "",
        ];
        prop::collection::vec(prop::sample::select(parts), 0..5).prop_map(|parts| parts.join("."))
    }

    proptest! {
        #[test]
        fn nothing_panics(from in path(), to in path(), create: bool, index in -2_i64..3, delimiter in "[:.]?") {
            let options = FieldOptions { delimiter, index, create, ..FieldOptions::default() };
            let replacement = Replacement {
                source: Some(Source { name: "d1".to_owned(), field_path: from, options: Some(options.clone()), ..Source::default() }),
                targets: Some(vec![Target {
                    select: Some(Selector::default()),
                    field_paths: vec![to],
                    options: Some(options),
                    ..Target::default()
                }]),
                ..Replacement::default()
            };
            let _ = apply(&[replacement], &mut resources());
        }
    }
}

#[test]
fn a_source_that_is_a_target_goes_on_as_it_has_become() {
    let targets = |paths: &str, options: &str| {
        format!(
            "{{source: {{kind: ConfigMap, fieldPath: data.port}}, \
              targets: [{{select: {{kind: ConfigMap}}, fieldPaths: [{paths}], options: {{{options}}}}}]}}"
        )
    };
    check(
        &targets("data.port, data.image", "delimiter: '/', index: 1"),
        &[
            ("/0/data/port", "80/80".into()),
            ("/0/data/image", "nginx:1.2/80/80".into()),
        ],
    );
    check(
        &targets("data.image, data.port", "delimiter: '/', index: -1"),
        &[
            ("/0/data/port", "80/80".into()),
            ("/0/data/image", "80/nginx:1.2".into()),
        ],
    );
}

#[test]
fn what_is_made_within_the_source_is_part_of_it() {
    check(
        "{source: {kind: ConfigMap, fieldPath: data}, \
          targets: [{select: {kind: ConfigMap}, fieldPaths: [data.image, copy, copy2], options: {create: true}}]}",
        &[
            ("/0/data/image", "".into()),
            ("/0/copy/image", "".into()),
            ("/0/copy2/image", "".into()),
            ("/0/copy2/port", "80".into()),
        ],
    );
}

#[test]
fn a_source_whose_mapping_is_replaced_stays_as_it_was() {
    check(
        "{source: {kind: ConfigMap, fieldPath: metadata.labels}, \
          targets: [{select: {kind: ConfigMap}, fieldPaths: [metadata, data]}]}",
        &[
            ("/0/metadata", serde_json::json!({"a": "b"})),
            ("/0/data", serde_json::json!({"a": "b"})),
        ],
    );
}
