//! What Go's own `text/template` and `fmt` make of templates: `go.jsonl`, recorded with Go 1.26.8.
//!
//! Each line has a template with what it printed or how it failed, over the data below, with the
//! option `missingkey=zero`, and with `list` and `dict` beside Go's own functions.

use std::rc::Rc;

use fleet_template::functions::{Args, Call, Failure, Function, Functions};
use fleet_template::value::{Map, Numbers, Type};
use fleet_template::{Limits, MissingKey, Templates, Value};
use serde_json::json;

use crate::common::environment;

static FUNCTIONS: &[Function] = &[
    Function::variadic("list", &[], Type::Any, list),
    Function::variadic("dict", &[], Type::Any, dict),
];

fn list(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(args.all().to_vec().into())
}

fn dict(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let entries = args.all().chunks_exact(2);
    let entries = entries.map(|entry| (entry[0].as_text().unwrap().clone(), entry[1].clone()));
    Ok(Value::Map(entries.collect()))
}

const OTHERS: &str = r#"{{define "t1"}}t1({{.}}){{end}}{{define "t2"}}t2({{.a.b.c}}){{end -}}
{{define "rec"}}{{if gt (len .) 0}}<{{template "rec" (slice . 1)}}>{{end}}{{end}}"#;

fn render(text: &str) -> Result<String, String> {
    let mut functions = Functions::builtin();
    functions.add(FUNCTIONS);
    let mut templates = Templates::new("gotpl", Rc::new(functions)).missing_key(MissingKey::Zero);
    // Go's line numbers are those of one line of definitions.
    let others = OTHERS.replace(" -}}\n", "}}");
    templates.parse("h", &*others).unwrap();
    templates
        .parse("main", text)
        .map_err(|error| error.to_string())?;
    let values = json!({
        "str": "hello World", "empty": "", "zero": 0, "one": 1, "big": 1000000, "f": 1.5, "t": true,
        "nul": null, "l": [3, 1, 2], "ls": ["b", "a"], "le": [], "lm": [{"a": 1}, {"a": 2, "b": "x"}],
        "m": {"b": 1, "a": 2, "10": "x", "9": "w", "q": {"x": {"z": "zz"}}}, "me": {},
    });
    let data = Map::from_iter([("Values", Value::from_json(&values, Numbers::Float))]);
    match templates.render("main", data.into(), &environment(), Limits::default()) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn templates_give_what_go_gives() {
    for line in include_str!("go.jsonl").lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = row["tpl"].as_str().unwrap();
        let expected = match (&row["out"], &row["err"]) {
            (serde_json::Value::String(out), _) => Ok(out.clone()),
            (_, error) => Err(error.as_str().unwrap().to_owned()),
        };
        assert_eq!(render(text), expected, "{text}");
    }
}
