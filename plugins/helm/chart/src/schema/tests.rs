//! Schemas of every draft against values, with the words that Helm prints.

use serde_json::json;

use super::*;

fn check(schema: Value, values: Value, expected: Result<(), &str>) {
    let result = validate(schema.to_string().as_bytes(), &values);
    let result = result.map_err(|refusal| match refusal {
        Refusal::Values(text) | Refusal::Schema(text) | Refusal::Remote(text) => text,
    });
    assert_eq!(
        result.as_ref().copied().map_err(|text| text.trim_end()),
        expected,
        "{schema} {values}"
    );
}

#[test]
fn findings_have_the_words_of_helm() {
    let draft7 = "http://json-schema.org/draft-07/schema#";
    for (schema, values, expected) in [
        (
            json!({"type": "object", "required": ["a"]}),
            json!({}),
            "- at '': missing property 'a'",
        ),
        (
            json!({"required": ["a", "b"]}),
            json!({}),
            "- at '': missing properties 'a', 'b'",
        ),
        (
            json!({"properties": {"age": {"minimum": 0}, "n": {"maxLength": 1}}}),
            json!({"age": -5.0, "n": "it's"}),
            "- at '/age': minimum: got -5, want 0\n- at '/n': maxLength: got 4, want 1",
        ),
        (
            json!({"properties": {"policy": {"type": "string"}}}),
            json!({"policy": null}),
            "- at '/policy': got null, want string",
        ),
        (
            json!({"properties": {"x": {"type": ["string", "null", "integer"]}}}),
            json!({"x": 1.5}),
            "- at '/x': got number, want null or integer or string",
        ),
        (
            json!({"additionalProperties": false, "properties": {"a": true}}),
            json!({"a": 1, "b": 2, "c'": 3}),
            "- at '': additional properties 'b', 'c\\'' not allowed",
        ),
        (
            json!({"properties": {"x": {"enum": ["a", 1, null]}}}),
            json!({"x": "b"}),
            "- at '/x': value must be one of 'a', 1, <nil>",
        ),
        (
            json!({"properties": {"x": {"anyOf": [{"type": "string"}, {"minimum": 3}]}}}),
            json!({"x": 1}),
            "- at '/x': anyOf failed\n  - at '/x': got number, want string\n  - at '/x': minimum: got 1, want 3",
        ),
        (
            json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
            json!({"a": 1, "b": 2}),
            "- at '': oneOf failed, subschemas 0, 1 matched",
        ),
        (
            json!({"$ref": "#/$defs/x", "$defs": {"x": {"required": ["a"]}}}),
            json!({}),
            "- at '': missing property 'a'",
        ),
        (
            json!({"properties": {"x": {"pattern": "^a+$"}}}),
            json!({"x": "b"}),
            "- at '/x': 'b' does not match pattern '^a+$'",
        ),
        (
            json!({"$schema": draft7, "properties": {"x": {"format": "ipv4"}}}),
            json!({"x": "1.2.3"}),
            "- at '/x': '1.2.3' is not valid ipv4: expected four decimals",
        ),
        (
            json!({"$schema": draft7, "items": [{"type": "string"}], "additionalItems": false}),
            json!(["a", 1, 2]),
            "- at '': last 2 additionalItem(s) not allowed",
        ),
        (
            json!({"prefixItems": [true], "items": false}),
            json!(["a", 1]),
            "- at '/1': false schema",
        ),
        (
            json!({"uniqueItems": true}),
            json!([1, 2, 1.0]),
            "- at '': items at 0 and 2 are equal",
        ),
        (json!({"not": {}}), json!(1), "- at '': not failed"),
        (
            json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}),
            json!({"a": 1}),
            "- at '': missing property 'b'",
        ),
        (
            json!({"properties": {"a/b": {"const": [1]}}}),
            json!({"a/b": 1}),
            "- at '/a~1b': const failed",
        ),
        (
            json!({"$schema": draft7, "dependencies": {"a": ["b"]}}),
            json!({"a": 1}),
            "- at '': properties 'b' required, if 'a' exists",
        ),
        (
            json!({"contains": {"type": "string"}, "minContains": 2}),
            json!(["a", 1]),
            "- at '': min 2 items required to match contains schema, but matched 1 items at 0\n  - at '/1': got number, want string",
        ),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            json!({"ab": 1}),
            "- at '': invalid propertyName 'ab'\n  - at '': maxLength: got 2, want 1",
        ),
    ] {
        check(schema, values, Err(expected));
    }
}

#[test]
fn drafts_differ_where_they_do() {
    let draft = |name: &str| format!("http://json-schema.org/{name}/schema#");
    for (schema, values) in [
        // Beside a reference nothing counts before 2019-09.
        (
            json!({"$schema": draft("draft-07"), "$ref": "#/definitions/x", "required": ["a"], "definitions": {"x": {}}}),
            json!({}),
        ),
        // Formats are only told, not asserted, from 2019-09 on.
        (json!({"format": "ipv4"}), json!("x")),
        (json!({"$schema": draft("draft-04"), "const": 1}), json!(2)),
        (
            json!({"$schema": draft("draft-06"), "if": {}, "then": {"not": {}}}),
            json!(2),
        ),
        (
            json!({"$schema": draft("draft-04"), "minimum": 1, "exclusiveMinimum": false}),
            json!(1),
        ),
        (
            json!({"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}),
            json!({"a": 1}),
        ),
        (
            json!({"$id": "https://example.com/root", "$defs": {"x": {"$id": "x", "$anchor": "y", "type": "string"}},
                   "$ref": "x#y"}),
            json!("text"),
        ),
        (json!({"$ref": "urn:nobody:knows"}), json!(1)),
        (
            json!({"$ref": "http://json-schema.org/draft-07/schema#"}),
            json!({}),
        ),
        // What nobody refers to is not looked at.
        (
            json!({"$defs": {"x": {"$ref": "https://example.com/x"}}}),
            json!({}),
        ),
        (json!(true), json!({})),
        (
            json!({"properties": {"children": {"items": {"$ref": "#"}}}}),
            json!({"children": [{"children": [{}]}]}),
        ),
    ] {
        check(schema, values, Ok(()));
    }
    check(
        json!({"$schema": draft("draft-04"), "minimum": 1, "exclusiveMinimum": true}),
        json!(1),
        Err("- at '': exclusiveMinimum: got 1, want 1"),
    );
    check(
        json!({"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}),
        json!({"a": 1, "b": 2}),
        Err("- at '/b': false schema"),
    );
    check(
        json!({"$dynamicAnchor": "node", "properties": {"next": {"$dynamicRef": "#node"}}, "required": ["v"]}),
        json!({"v": 1, "next": {"v": 2, "next": {}}}),
        Err("- at '/next/next': missing property 'v'"),
    );
}

#[test]
fn schemas_that_are_none_are_refused() {
    let metaschema = |what: &str| {
        format!(
            "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with \
             'https://json-schema.org/draft/2020-12/schema#'\n- at {what}"
        )
    };
    check(
        json!({"properties": {"a": {"type": "text"}}}),
        json!({}),
        Err(&metaschema(
            "'/properties/a/type': value must be one of 'null', 'boolean', 'number', 'integer', 'string', 'array', \
             'object'",
        )),
    );
    check(
        json!({"required": "a"}),
        json!({}),
        Err(&metaschema("'/required': got string, want array")),
    );
    check(
        json!({"$ref": "#/nowhere"}),
        json!({}),
        Err("json-pointer in \"file:///values.schema.json#/nowhere\" not found"),
    );
    check(
        json!({"$ref": "https://example.com/x.json#/a"}),
        json!({}),
        Err(
            "failing loading \"https://example.com/x.json\": nothing is fetched from the network while rendering",
        ),
    );
    check(
        json!({"$ref": "schemas/x.json"}),
        json!({}),
        Err("failing loading \"file:///schemas/x.json\": the schema must be in one file"),
    );
}

#[test]
fn hostile_schemas_end() {
    let cycle = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}});
    let error = validate(cycle.to_string().as_bytes(), &json!({})).unwrap_err();
    assert!(matches!(error, Refusal::Values(text) if text.contains("refers to itself")));
    let many: Vec<_> = (0..3000).map(|n| json!({"n": n})).collect();
    check(json!({"uniqueItems": true}), Value::Array(many), Ok(()));
}
