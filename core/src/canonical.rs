//! The one encoding of JSON that is digested: sorted keys, no white space.

use serde_json::Value;

/// Writes `value` with the keys of every object sorted by bytes and without white space.
///
/// Numbers and strings are written as `serde_json` writes them. Sorting happens here and does not
/// depend on how `serde_json` was built (its `preserve_order` feature may come in through any crate).
pub fn to_vec(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

/// [`to_vec`] as text.
pub fn to_string(value: &Value) -> String {
    String::from_utf8(to_vec(value)).expect("JSON text is UTF-8")
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.0.cmp(b.0));
            out.push(b'{');
            for (n, (key, item)) in entries.into_iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                scalar(key, out);
                out.push(b':');
                write(item, out);
            }
            out.push(b'}');
        }
        scalar_value => scalar(scalar_value, out),
    }
}

fn scalar(value: &impl serde::Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a scalar always has a JSON text");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_at_every_level() {
        let value = json!({"b": [{"z": 1, "a": null}], "a": "x\n"});
        assert_eq!(to_string(&value), r#"{"a":"x\n","b":[{"a":null,"z":1}]}"#);
    }
}
