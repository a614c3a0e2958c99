//! What of a manifest is sent to the API server.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fleet_core::object::Object;
use serde_json::{Map, Value};

/// Fields of `metadata` that the API server sets; sending them would fail or claim what is not ours.
const SERVER_FIELDS: &[&str] = &[
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The manifest as it is applied: without what the API server sets, and with `stringData` of a Secret as
/// `data`, because server-side apply would lose track of the former.
pub fn payload(object: &Object) -> Value {
    let mut value = object.value().clone();
    if let Some(metadata) = value["metadata"].as_object_mut() {
        metadata.retain(|key, value| !SERVER_FIELDS.contains(&key.as_str()) && !value.is_null());
    }
    let is_definition = object.kind() == "CustomResourceDefinition";
    if let Some(map) = value.as_object_mut()
        && !is_definition
    {
        map.remove("status");
    }
    if object.kind() == "Secret" && object.group().is_empty() {
        merge_string_data(&mut value);
    }
    value
}

fn merge_string_data(secret: &mut Value) {
    let Some(map) = secret.as_object_mut() else {
        return;
    };
    let Some(Value::Object(texts)) = map.remove("stringData") else {
        return;
    };
    let data = map
        .entry("data")
        .or_insert_with(|| Value::Object(Map::new()));
    if data.is_null() {
        *data = Value::Object(Map::new());
    }
    let Some(data) = data.as_object_mut() else {
        return;
    };
    for (key, text) in texts {
        // Anything but a string is left for the API server to refuse.
        let value = match &text {
            Value::String(text) => Value::String(STANDARD.encode(text)),
            _ => text,
        };
        data.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(input: Value, expected: &Value) {
        assert_eq!(payload(&Object::parse(input).unwrap()), *expected);
    }

    #[test]
    fn what_the_api_server_sets_is_not_sent() {
        check(
            json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": "a", "creationTimestamp": null, "uid": "u", "resourceVersion": "1", "managedFields": []},
                "spec": {"replicas": 1}, "status": {},
            }),
            &json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"replicas": 1}}),
        );
    }

    #[test]
    fn string_data_wins_over_data_as_on_the_api_server() {
        check(
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"k": "eA==", "l": "eQ=="}, "stringData": {"k": "z"}}),
            &json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"k": "eg==", "l": "eQ=="}}),
        );
    }
}
