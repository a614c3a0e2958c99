//! Our own probes of the functions, with what Helm v4.1.4 made of them through `tpl`.

use std::rc::Rc;

use fleet_core::entropy::{Entropy, KeyKind};
use fleet_template::functions::{Environment, helm};
use fleet_template::value::{Map, Named, Type};
use fleet_template::{Limits, MissingKey, Templates, Value, strip_no_value};

/// One line for each: a template, and what it printed (`out`) or how it failed (`error`).
const RECORDED: &str = include_str!("../data/functions.jsonl");

/// Random enough for functions that only have to give something.
struct Fixed;

impl Entropy for Fixed {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        label.bytes().cycle().take(len as usize).collect()
    }

    fn private_key(&self, _: &str, _: KeyKind) -> String {
        String::new()
    }

    fn window(&self, _: &str, _: u32) -> u64 {
        1_700_000_000
    }
}

static VALUES: Named = Named {
    name: "common.Values",
    methods: &[],
};

fn render(text: &str) -> Result<String, String> {
    let values = Map::named(&VALUES, Type::Any);
    values.insert("one", 1.0);
    values.insert("nul", Value::Nil);
    let context = Map::named(&VALUES, Type::Any);
    context.insert("Values", values);
    let environment = Environment {
        entropy: Rc::new(Fixed),
        commit_time: 1_700_000_000,
    };
    let mut templates = Templates::new("gotpl", Rc::new(helm())).missing_key(MissingKey::Zero);
    let parsed = templates.parse("gotpl", text);
    parsed.map_err(|error| error.to_string())?;
    let rendered = templates.render(
        "gotpl",
        Value::Map(context),
        &environment,
        Limits::default(),
    );
    match rendered {
        Ok(bytes) => Ok(String::from_utf8_lossy(&strip_no_value(&bytes)).into_owned()),
        Err(error) => Err(match error.by_author {
            Some(message) => message,
            None => error.to_string(),
        }),
    }
}

#[test]
fn functions_do_what_they_do_in_helm() {
    let mut failures = Vec::new();
    for line in RECORDED.lines() {
        let recorded: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = recorded["template"].as_str().unwrap();
        let expected = match recorded["out"].as_str() {
            Some(out) => Ok(out.to_owned()),
            None => Err(recorded["error"].as_str().unwrap().to_owned()),
        };
        let actual = render(text);
        if actual != expected {
            failures.push(format!("{text}\n  Helm {expected:?}\n  here {actual:?}"));
        }
    }
    let n = failures.len();
    assert!(n == 0, "{n} differ:\n{}", failures.join("\n"));
}

#[test]
fn what_is_drawn_stays_the_same_and_differs_by_place() {
    let text = "{{ randAlphaNum 8 }} {{ randAlphaNum 9 }} {{ uuidv4 }} {{ randInt 0 1000000 }}";
    assert_eq!(render(text), render(text));
    let drawn = render(text).unwrap();
    let words: Vec<_> = drawn.split(' ').collect();
    assert_eq!((words[0].len(), words[1].len(), words[2].len()), (8, 9, 36));
    assert_ne!(words[0], &words[1][..8]);
    let twice = render("{{ range until 2 }}{{ randNumeric 9 }} {{ end }}").unwrap();
    let (first, second) = twice.trim().split_once(' ').unwrap();
    assert_ne!(first, second);
}

/// Each of these would need more memory than there is.
#[test]
fn what_grows_without_bounds_is_refused() {
    for text in [
        "{{ until 1000000000 }}",
        "{{ untilStep 0 9223372036854775807 1 }}",
        "{{ seq 1000000000 }}",
        "{{ repeat 1000000000 \"x\" }}",
        "{{ indent 1000000000 \"x\" }}",
        "{{ randAlphaNum 1000000000 }}",
        "{{ $s := repeat 1000000 \"a\" }}{{ replace \"a\" $s $s }}",
        "{{ $s := repeat 1000000 \"a\" }}{{ regexReplaceAll \"a\" $s $s }}",
        "{{ $s := repeat 1000000 \"a\" }}{{ wrapWith 1 $s $s }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toJson $d }}{{ mustToYaml $d }}",
        "{{ $s := repeat 10000000 \"a\" }}{{ $l := list }}{{ range until 1000 }}{{ $l = append $l $s }}{{ end }}{{ mustToJson $l }}",
        "{{ $s := repeat 10000000 \"a\" }}{{ $l := list }}{{ range until 1000 }}{{ $l = append $l $s }}{{ end }}{{ mustToYaml $l }}",
        "{{ mustRegexMatch \"(((a{100}){10}){1000})\" \"a\" }}",
    ] {
        assert!(render(text).is_err(), "{text}");
    }
}
