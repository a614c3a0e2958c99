//! Any text as a template, with all functions, on data of every kind: it renders or fails, in bounds and always the
//! same way.
#![no_main]

use std::rc::Rc;

use fleet_fuzz::Derived;
use fleet_template::functions::{Environment, Functions, helm};
use fleet_template::value::{List, Map};
use fleet_template::{Limits, MissingKey, Templates, Value};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static FUNCTIONS: Rc<Functions> = Rc::new({
        let mut functions = helm();
        // Slow by intent, and not ours.
        for name in ["bcrypt", "htpasswd", "derivePassword"] {
            functions.remove(name);
        }
        functions
    });
}

fn data() -> Value {
    let map = Map::from_iter([("a", Value::from("text")), ("n", Value::Float(1.5))]);
    let list = List::new(vec![Value::Int(1), Value::Nil, Value::from("x")]);
    let data = Map::from_iter([
        ("m", Value::Map(map)),
        ("l", Value::List(list)),
        ("s", Value::from("{{ .m.a }} a b")),
        ("i", Value::Int64(7)),
        ("t", Value::Bool(true)),
        ("b", Value::Bytes(b"bytes"[..].into())),
    ]);
    data.into()
}

fuzz_target!(|text: &str| {
    let functions = FUNCTIONS.with(Rc::clone);
    let mut templates = Templates::new("gotpl", functions).missing_key(MissingKey::Zero);
    if templates.parse("main", text).is_err() {
        return;
    }
    let environment = Environment {
        entropy: Rc::new(Derived),
        commit_time: 1_700_000_000,
    };
    let limits = Limits {
        steps: 20_000,
        output: 1 << 16,
        value: 1 << 16,
    };
    // The error is made as well: it prints nodes and walks the templates that led to it.
    let run = || {
        templates
            .render("main", data(), &environment, limits)
            .map_err(|error| error.to_string())
    };
    let rendered = run();
    if let Ok(bytes) = &rendered {
        assert!(bytes.len() <= limits.output);
    }
    assert_eq!(run(), rendered, "a second run differs");
});
