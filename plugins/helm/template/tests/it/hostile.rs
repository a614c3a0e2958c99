//! Templates that want too much end with an error: not with a panic, an overflow, or not at all.

use std::rc::Rc;
use std::time::{Duration, Instant};

use fleet_template::functions::helm;
use fleet_template::value::Map;
use fleet_template::{Limits, MissingKey, Templates, Value};
use proptest::prelude::*;

use crate::common::environment;

/// What a guest has. Its frames are smaller than those of a build without optimisation.
const STACK: usize = 8 << 20;

/// Renders on a small stack; what comes of it, text or error.
fn run(text: &str, limits: Limits) -> Result<String, String> {
    let text = text.to_owned();
    let thread = std::thread::Builder::new().stack_size(STACK);
    let handle = thread.spawn(move || {
        let mut templates = Templates::new("gotpl", Rc::new(helm())).missing_key(MissingKey::Zero);
        templates
            .parse("main", &*text)
            .map_err(|error| error.to_string())?;
        let values = Map::from_iter([("a", Value::from("{{ tpl .a . }}")), ("n", 3i64.into())]);
        let bytes = templates
            .render("main", values.into(), &environment(), limits)
            .map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    });
    handle
        .unwrap()
        .join()
        .expect("it neither panics nor overflows")
}

fn check_error(text: &str, expected: &str) {
    let limits = Limits {
        steps: 3_000_000,
        output: 1 << 20,
        value: 1 << 20,
    };
    let start = Instant::now();
    let error = run(text, limits).unwrap_err();
    let shown: String = text.chars().take(100).collect();
    assert!(
        error.contains(expected),
        "{shown}: {}",
        error
            .chars()
            .rev()
            .take(300)
            .collect::<String>()
            .chars()
            .rev()
            .collect::<String>()
    );
    assert!(start.elapsed() < Duration::from_secs(60), "{shown}");
}

#[test]
fn endless_recursion_ends() {
    check_error(
        r#"{{define "r"}}{{include "r" .}}{{end}}{{include "r" .}}"#,
        "rendering template has a nested reference name: r: unable to execute template",
    );
    check_error(
        r#"{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}"#,
        "exceeded maximum template depth (100000)",
    );
    let large = r#"{{define "r"}}"#.to_owned() + &"{{with 1}}".repeat(1000);
    let large = large + r#"{{template "r" .}}"# + &"{{end}}".repeat(1001) + r#"{{template "r" .}}"#;
    let error = run(&large, Limits::default()).unwrap_err();
    assert!(error.contains("hold more than 4000000 values"), "{error}");
    let wordy = r#"{{$t := print "{{tpl .t .}}{{/* " (repeat 100000 "x") " */}}"}}{{tpl $t (dict "t" $t)}}"#;
    check_error(wordy, "tpl calls itself more than 1000 levels deep");
    check_error(
        "{{tpl .a .}}",
        "tpl calls itself more than 1000 levels deep",
    );
    check_error(
        r#"{{define "r"}}{{with .}}{{range (list 1)}}{{include "r" .}}{{end}}{{end}}{{end}}{{include "r" 1}}"#,
        "nested reference name",
    );
}

#[test]
fn endless_work_ends() {
    check_error(
        "{{range 1000000000}}{{end}}",
        "needs more than 3000000 steps",
    );
    check_error(
        "{{range until 1000000000}}{{end}}",
        "larger than 1048576 bytes",
    );
    check_error(
        "{{range 1000000000}}xxxxxxxxxxxxxxxxxxxxx{{end}}",
        "output is longer",
    );
    check_error(r#"{{repeat 1000000000 "x"}}"#, "larger than 1048576 bytes");
    check_error(r#"{{indent 1000000000 "x"}}"#, "larger than 1048576 bytes");
    check_error(
        "{{$x := \"x\"}}{{range 64}}{{$x = print $x $x}}{{end}}",
        "larger than",
    );
    check_error(
        "{{$x := list 1}}{{range 64}}{{$x = concat $x $x}}{{end}}",
        "larger than",
    );
}

#[test]
fn values_that_hold_themselves_are_refused_where_they_are_walked() {
    let itself = r#"{{$m := dict}}{{$_ := set $m "m" $m}}"#;
    for use_of_it in [
        "{{$m}}",
        "{{printf \"%v\" $m}}",
        "{{toYaml $m}}",
        "{{deepCopy $m}}",
        "{{toJson $m}}",
    ] {
        let text = format!("{itself}{use_of_it}{{{{fail \"done\"}}}}");
        assert!(run(&text, Limits::default()).is_err(), "{use_of_it}");
    }
    let deep = r#"{{$m := dict}}{{range 100000}}{{$m = dict "m" $m}}{{end}}"#;
    assert_eq!(run(&format!("{deep}ok"), Limits::default()).unwrap(), "ok");
    check_error(&format!("{deep}{{{{$m}}}}"), "nests deeper");
    let wide = r#"{{$m := dict}}{{range 100}}{{$m = dict "a" $m "b" $m}}{{end}}"#;
    check_error(&format!("{wide}{{{{$m}}}}"), "bytes");
    check_error(&format!("{wide}{{{{mustToJson $m}}}}"), "larger than");
    check_error(&format!("{wide}{{{{deepCopy $m}}}}"), "parts");
}

#[test]
fn deep_sources_are_read_without_the_stack() {
    let parens = |n: usize| format!("{{{{{}1{}}}}}", "(".repeat(n), ")".repeat(n));
    assert_eq!(run(&parens(1000), Limits::default()).unwrap(), "1");
    check_error(&parens(1001), "max expression depth exceeded");
    check_error(&parens(20_000), "max expression depth exceeded");
    let ifs = |n: usize| "{{if 1}}".repeat(n) + "x" + &"{{end}}".repeat(n);
    assert_eq!(run(&ifs(20_000), Limits::default()).unwrap(), "x");
    let chain = "{{if 0}}".to_owned() + &"{{else if 0}}".repeat(20_000) + "{{else}}x{{end}}";
    assert_eq!(run(&chain, Limits::default()).unwrap(), "x");
    let blocks = |n: usize| r#"{{block "b" .}}"#.repeat(n) + &"{{end}}".repeat(n);
    let _ = run(&blocks(10_000), Limits::default());
    check_error(&"{{if 1}}".repeat(20_000), "unexpected EOF");
    let fields = format!("{{{{{}}}}}", ".a".repeat(20_000));
    assert!(run(&fields, Limits::default()).is_err());
    let pipes = format!("{{{{ 1{} }}}}", " | print".repeat(20_000));
    assert_eq!(run(&pipes, Limits::default()).unwrap(), "1");
}

/// Pieces that templates are made of, in no order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{{-",
        "-}}",
        " ",
        "\n",
        ".",
        ".a",
        "$",
        "$x",
        ":=",
        "=",
        ",",
        "|",
        "(",
        ")",
        "1",
        "0x1p4",
        "'a'",
        "\"s\"",
        "`r`",
        "\"\\",
        "nil",
        "true",
        "if",
        "else",
        "end",
        "range",
        "with",
        "define",
        "block",
        "template",
        "break",
        "continue",
        "printf",
        "index",
        "and",
        "or",
        "include",
        "tpl",
        "dict",
        "list",
        "set",
        "slice",
        "len",
        "eq",
        "\"%v%d\"",
        "/*",
        "*/",
        "é",
        "\u{0}",
        "text",
        "{{end}}",
        "{{if .a}}",
        "{{range .n}}",
        "{{else}}",
        "{{.}}",
        "{{$x := 1}}",
        "{{define \"d\"}}",
        "{{template \"d\" .}}",
        "{{include \"d\" .}}",
        "toYaml",
        "default",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(text in pieces()) {
        let limits = Limits { steps: 100_000, output: 1 << 16, value: 1 << 16 };
        let _ = run(&text, limits);
    }

    #[test]
    fn no_format_panics(format in "(%[-+# 0]{0,3}[0-9*.\\[\\]]{0,5}[a-zA-Z%é!]|.){0,6}") {
        let args = [Value::Int(-5), Value::Float(1.5e300), "s\u{1f600}".into(), Value::Nil, Map::new().into()];
        let _ = fleet_template::fmt::sprintf(format.as_bytes(), &args);
    }
}
