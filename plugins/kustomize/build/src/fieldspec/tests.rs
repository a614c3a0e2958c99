//! Facts about fields of transformers.

use super::*;

fn node(text: &str) -> Node {
    Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap()
}

fn set(path: &str, make: bool, create: &Create, object: &str) -> Result<Node, Error> {
    let mut object = node(object);
    let spec = FieldSpec::new(path, make);
    apply(&spec, &Gvk::default(), &mut object, create, &mut |node| {
        match node {
            Node::Scalar(scalar) => "new".clone_into(&mut scalar.text),
            Node::Mapping(mapping) => mapping.set("new", Node::int(1)),
            Node::Sequence(items) => items.push(Node::string("new")),
        }
        Ok(())
    })?;
    Ok(object)
}

#[test]
fn fields_are_found_through_lists_and_made_where_told() {
    let text = Create::Scalar(Tag::Str);
    for (path, make, create, object, expected) in [
        ("a/b", false, &text, "{a: {b: x}}", "{a: {b: new}}"),
        ("/a/b", false, &text, "{a: {b: x}}", "{a: {b: new}}"),
        ("a/b", false, &text, "{a: {c: x}}", "{a: {c: x}}"),
        ("a/b", true, &Create::Nothing, "{a: {c: x}}", "{a: {c: x}}"),
        ("a/b/c", true, &text, "{}", "{a: {b: {c: new}}}"),
        (
            "a/b",
            true,
            &Create::Mapping,
            "{a: null}",
            "{a: {b: {new: 1}}}",
        ),
        (
            "a/b",
            true,
            &Create::Sequence,
            "{a: {b: null}}",
            "{a: {b: [new]}}",
        ),
        ("a/b", true, &text, "{a: {b: null}}", "{a: {b: new}}"),
        (
            "a/b",
            false,
            &text,
            "{a: [{b: x}, {c: y}, {b: z}]}",
            "{a: [{b: new}, {c: y}, {b: new}]}",
        ),
        (
            "a/b",
            true,
            &text,
            "{a: [{b: x}, {c: y}, null]}",
            "{a: [{b: new}, {c: y, b: new}, null]}",
        ),
        (
            "a[]/b",
            true,
            &text,
            "{a: [{b: x}, {}]}",
            "{a: [{b: new}, {b: new}]}",
        ),
        ("a[]/b", true, &text, "{c: 1}", "{c: 1}"),
        ("a[]/b", true, &text, "{a: null}", "{a: []}"),
        ("a[]/b", true, &text, "{a: {b: x}}", "{a: {b: new}}"),
        ("a/b", false, &text, "{a: null}", "{a: null}"),
        (
            r"a/x.y\/z",
            false,
            &text,
            "{a: {x.y/z: x}}",
            "{a: {x.y/z: new}}",
        ),
        ("a", false, &text, "{a: {b: x}}", "{a: {b: x, new: 1}}"),
    ] {
        let object = set(path, make, create, object).unwrap();
        assert_eq!(
            object.to_value().unwrap(),
            node(expected).to_value().unwrap(),
            "{path}"
        );
    }
}

#[test]
fn what_does_not_fit_is_refused_in_kustomizes_words() {
    let object = "{apiVersion: v1, kind: X, metadata: {name: n}, a: {b: x}, l: [1]}";
    for (path, why) in [
        (
            "a/b/c",
            "considering field 'a/b/c' of object X.v1.[noGrp]/n.[noNs]: expected sequence or mapping node",
        ),
        (
            "l/c/d",
            "considering field 'l/c/d' of object X.v1.[noGrp]/n.[noNs]: \
             visit traversal on path: [c d]: expected sequence or mapping node",
        ),
        (
            "",
            "considering field '' of object X.v1.[noGrp]/n.[noNs]: cannot set or create an empty field name",
        ),
        (
            "a/*",
            "considering field 'a/*' of object X.v1.[noGrp]/n.[noNs]: \
             fieldName: *: wildcard is not supported in PathGetter",
        ),
        (
            "a/0",
            "considering field 'a/0' of object X.v1.[noGrp]/n.[noNs]: \
             fieldName: 0: wrong node kind: expected SequenceNode but got MappingNode: node contents:\nb: x\n",
        ),
    ] {
        assert_eq!(
            set(path, true, &Create::Mapping, object)
                .unwrap_err()
                .to_string(),
            why,
            "{path}"
        );
    }
}

#[test]
fn only_objects_of_the_kind_are_changed() {
    let spec = FieldSpec {
        group: "apps".to_owned(),
        kind: "Deployment".to_owned(),
        ..FieldSpec::new("a", false)
    };
    for (api_version, kind, expected) in [
        ("apps/v1", "Deployment", true),
        ("v1", "Deployment", false),
        ("apps/v1", "ReplicaSet", false),
    ] {
        let mut n_found = 0;
        let mut count = |_: &mut Node| {
            n_found += 1;
            Ok(())
        };
        apply(
            &spec,
            &Gvk::new(api_version, kind),
            &mut node("{a: 1}"),
            &Create::Nothing,
            &mut count,
        )
        .unwrap();
        assert_eq!(n_found == 1, expected, "{api_version} {kind}");
    }
}

#[test]
fn a_field_is_there_once_and_made_in_one_way() {
    let mut list = vec![FieldSpec {
        kind: "A".to_owned(),
        ..FieldSpec::new("x", false)
    }];
    merge_one(&mut list, FieldSpec::new("x", false)).unwrap();
    assert_eq!(list.len(), 1, "one of kind A is one of any kind");
    merge_one(
        &mut list,
        FieldSpec {
            kind: "B".to_owned(),
            ..FieldSpec::new("x", true)
        },
    )
    .unwrap();
    assert_eq!(list.len(), 2);
    let conflict = FieldSpec {
        kind: "A".to_owned(),
        ..FieldSpec::new("x", true)
    };
    assert_eq!(
        merge_one(&mut list, conflict).unwrap_err().to_string(),
        "conflicting fieldspecs"
    );
}

#[test]
fn configurations_add_to_the_builtin_fields() {
    let builtin = Config::builtin();
    let config = Config::parse(
        "namePrefix: [{kind: Foo, path: spec/name}]\n\
         nameReference: [{kind: Secret, version: v1, fieldSpecs: [{kind: Foo, path: spec/secret}]}, {kind: Foo}]\n",
    )
    .unwrap();
    let merged = builtin.merge(&config).unwrap();
    assert_eq!(merged.name_prefix.len(), 2);
    assert_eq!(
        merged.name_reference.len(),
        builtin.name_reference.len() + 1
    );
    let secret = merged
        .name_reference
        .iter()
        .find(|reference| reference.kind == "Secret")
        .unwrap();
    assert_eq!(secret.field_specs.last().unwrap().path, "spec/secret");
    let kinds: Vec<&str> = merged
        .name_reference
        .iter()
        .map(|reference| reference.kind.as_str())
        .collect();
    let place = |kind| kinds.iter().position(|other| *other == kind);
    assert!(
        place("ConfigMap") < place("Secret") && place("Secret") < place("Service"),
        "{kinds:?}"
    );

    let conflict = Config::parse("images: [{path: 'spec/containers[]/image'}]").unwrap();
    assert_eq!(
        builtin.merge(&conflict).unwrap_err().to_string(),
        "failed to merge Images fieldSpec: conflicting fieldspecs"
    );
    assert!(Config::parse("namoPrefix: []").is_err());
}

#[test]
fn the_builtin_fields_are_as_many_as_kustomize_has() {
    let config = Config::builtin();
    let n_references: usize = config
        .name_reference
        .iter()
        .map(|reference| reference.field_specs.len())
        .sum();
    for (name, n_fields, expected) in [
        ("commonLabels", config.common_labels.len(), 32),
        ("templateLabels", config.template_labels.len(), 10),
        ("commonAnnotations", config.common_annotations.len(), 9),
        ("namespace", config.namespace.len(), 3),
        ("varReference", config.var_reference.len(), 72),
        ("images", config.images.len(), 6),
        ("replicas", config.replicas.len(), 4),
        ("nameReference", config.name_reference.len(), 16),
        // Kustomize names one of them twice.
        ("nameReference.fieldSpecs", n_references, 166),
    ] {
        assert_eq!(n_fields, expected, "{name}");
    }
}
