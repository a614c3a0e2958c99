//! How templates of a set work together: names, `include`, `tpl`, methods, limits, errors.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use fleet_template::functions::{Call, Failure, Function, Functions};
use fleet_template::value::{Map, Method, Named, Object, Source, Type};
use fleet_template::{ExecError, Limits, MissingKey, Templates, Text, Value};

use crate::common::environment;

static FUNCTIONS: &[Function] = &[
    Function::new("label", &[], |call, _| Ok(call.label().into())),
    Function::new(
        "required",
        &[Type::String, Type::Any],
        |_, args| match args.any(1) {
            Value::Nil => Err(Failure::by_author(args.str(0)?)),
            value => Ok(value.clone()),
        },
    ),
    Function::new("keys", &[Type::MAP], |_, args| {
        Ok(i64::try_from(args.map(0)?.len()).unwrap().into())
    }),
];

fn set(texts: &[(&str, &str)]) -> Templates {
    let mut functions = Functions::builtin();
    functions.add_engine();
    functions.add(FUNCTIONS);
    let mut templates = Templates::new("gotpl", Rc::new(functions)).missing_key(MissingKey::Zero);
    for (name, text) in texts {
        templates.parse(name, *text).unwrap();
    }
    templates
}

fn render(texts: &[(&str, &str)], data: Value) -> Result<String, ExecError> {
    let bytes = set(texts).render(texts[0].0, data, &environment(), Limits::default())?;
    Ok(String::from_utf8(bytes).unwrap())
}

fn check(texts: &[(&str, &str)], expected: &str) {
    assert_eq!(render(texts, Value::Nil).unwrap(), expected, "{texts:?}");
}

fn check_error(texts: &[(&str, &str)], expected: &str) {
    let error = render(texts, Map::new().into()).unwrap_err();
    assert_eq!(error.to_string(), expected, "{texts:?}");
}

#[test]
fn later_definitions_win_unless_they_are_blank() {
    let main = ("a", r#"{{template "x"}}"#);
    check(
        &[
            main,
            ("b", r#"{{define "x"}}one{{end}}"#),
            ("c", r#"{{define "x"}}two{{end}}"#),
            ("d", r#"{{define "x"}}  {{/* nothing */}} {{end}}"#),
        ],
        "two",
    );
    check(&[main, ("b", r#"{{define "x"}} {{end}}"#)], " ");
}

#[test]
fn include_gives_a_string() {
    check(
        &[
            (
                "a",
                r#"{{include "x" 1 | printf "[%s]"}}{{len (include "x" 22)}}"#,
            ),
            ("b", r#"{{define "x"}}<{{.}}>{{end}}"#),
        ],
        "[<1>]4",
    );
}

#[test]
fn tpl_keeps_its_definitions_to_itself() {
    let text = r#"{{tpl "{{define \"x\"}}inner{{end}}{{include \"y\" .}}" .}}/{{include "y" .}}"#;
    check(
        &[
            ("a", text),
            (
                "b",
                r#"{{define "x"}}outer{{end}}{{define "y"}}y:{{template "x"}}{{end}}"#,
            ),
        ],
        "y:inner/y:outer",
    );
    check_error(
        &[(
            "a",
            r#"{{tpl "{{define \"z\"}}z{{end}}" .}}{{template "z"}}"#,
        )],
        r#"template: a:1:47: executing "a" at <{{template "z"}}>: template "z" not defined"#,
    );
}

#[test]
fn tpl_takes_no_value_away_and_include_does_not() {
    check(&[("a", r#"[{{tpl "{{.x}}" .}}]"#)], "[]");
    check(
        &[
            ("a", r#"[{{include "x" .}}{{.y}}]"#),
            ("b", r#"{{define "x"}}{{.x}}{{end}}"#),
        ],
        "[<no value><no value>]",
    );
}

#[test]
fn include_goes_as_deep_as_in_helm() {
    let recursive = |levels: usize| {
        let text = format!(
            r#"{{{{define "r"}}}}{{{{if lt (len .) {levels}}}}}{{{{include "r" (print . "x")}}}}{{{{end}}}}.{{{{end}}}}{{{{include "r" "x"}}}}"#
        );
        render(&[("a", &text)], Value::Nil)
    };
    assert_eq!(recursive(1001).unwrap().len(), 1001);
    assert!(recursive(1002).is_err());
}

#[test]
fn errors_say_the_whole_way() {
    check_error(
        &[
            ("chart/a.yaml", "x:\n  {{ include \"one\" . }}"),
            (
                "chart/_h.tpl",
                "{{define \"one\"}}\n{{- tpl \"{{ template \\\"two\\\" . }}\" . }}{{end}}",
            ),
            ("chart/_i.tpl", "{{define \"two\"}}{{ .x.y }}{{end}}"),
        ],
        concat!(
            r#"template: chart/a.yaml:2:5: executing "chart/a.yaml" at <include "one" .>: error calling include: "#,
            r#"template: chart/_h.tpl:2:4: executing "one" at <tpl "{{ template \"two\" . }}" .>: error calling tpl: "#,
            r#"error during tpl function execution for "{{ template \"two\" . }}": "#,
            r#"template: chart/_i.tpl:1:21: executing "two" at <.x.y>: nil pointer evaluating interface {}.y"#,
        ),
    );
    check_error(
        &[("a", r#"{{include "none" .}}"#)],
        concat!(
            r#"template: a:1:2: executing "a" at <include "none" .>: error calling include: "#,
            r#"template: no template "none" associated with template "gotpl""#,
        ),
    );
    check_error(
        &[("a", r#"{{tpl "{{ bad" .}}"#)],
        concat!(
            r#"template: a:1:2: executing "a" at <tpl "{{ bad" .>: error calling tpl: cannot parse "#,
            r#"template "{{ bad": template: gotpl:1: function "bad" not defined"#,
        ),
    );
}

#[test]
fn what_an_author_says_stands_alone() {
    let texts = [
        ("a", "\n{{include \"x\" .}}"),
        ("b", r#"{{define "x"}}{{required "give: it" .nope}}{{end}}"#),
    ];
    let error = render(&texts, Map::new().into()).unwrap_err();
    assert_eq!(error.by_author.as_deref(), Some("give: it"));
    assert_eq!(error.sites[0].location, "a:2:2");
    assert_eq!(error.sites.len(), 2);
}

#[test]
fn a_nil_out_of_a_map_is_not_an_untyped_nil() {
    check_error(
        &[("a", "{{keys .nope}}")],
        concat!(
            r#"template: a:1:7: executing "a" at <.nope>: "#,
            "wrong type for value; expected map[string]interface {}; got interface {}",
        ),
    );
    check(&[("a", "{{keys nil}}{{.nope | keys}}")], "00");
    check_error(
        &[("a", "{{.nope | required}}")],
        concat!(
            r#"template: a:1:10: executing "a" at <required>: "#,
            "wrong number of args for required: want 2 got 1",
        ),
    );
}

#[test]
fn delimiters_and_missing_keys_can_be_chosen() {
    let mut templates = Templates::new("t", Rc::new(Functions::builtin()))
        .delims("${", "}")
        .missing_key(MissingKey::Error);
    templates.parse("t", "{{ x }} ${ .a } ${- .b.c }").unwrap();
    let inner = Map::new();
    let data = Map::from_iter([("a", Value::Int(1)), ("b", inner.clone().into())]);
    let render = || templates.render("t", data.clone().into(), &environment(), Limits::default());
    assert_eq!(
        render().unwrap_err().to_string(),
        r#"template: t:1:22: executing "t" at <.b.c>: map has no entry for key "c""#
    );
    inner.insert("c", "C");
    assert_eq!(render().unwrap(), b"{{ x }} 1C");
}

static VERSIONS: Named = Named {
    name: "versions",
    methods: &[
        Method::new("Has", &[Type::String], |_, map, args| {
            let found = map.as_map().unwrap().contains(args[0].as_text().unwrap());
            Ok(Value::Bool(found))
        }),
        Method::new("Count", &[], |_, map, _| {
            Ok(i64::try_from(map.as_map().unwrap().len()).unwrap().into())
        }),
    ],
};

#[test]
fn methods_check_their_arguments_as_functions_do() {
    let versions = Map::named(&VERSIONS, Type::Any);
    versions.insert("v1", 1i64);
    let data = || Value::from(Map::from_iter([("V", Value::Map(versions.clone()))]));
    let text = r#"{{.V.Has "v1"}} {{"v2" | .V.Has}} {{if not (.V.Has "v2")}}no{{end}} {{.V.Count}} {{.V.v1}}"#;
    assert_eq!(render(&[("a", text)], data()).unwrap(), "true false no 1 1");
    for (text, expected) in [
        (
            "{{.V.Has}}",
            "<.V.Has>: wrong number of args for Has: want 1 got 0",
        ),
        ("{{.V.Has 1}}", "<1>: expected string; found 1"),
        ("{{.V.Has nil}}", "<nil>: cannot assign nil to string"),
        (
            "{{.V.Has .V}}",
            "<.V>: wrong type for value; expected string; got versions",
        ),
        (
            "{{.V.v1 2}}",
            "<.V.v1>: v1 is not a method but has arguments",
        ),
    ] {
        let error = render(&[("a", text)], data()).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{text}: {error}");
    }
}

struct Version;

impl Object for Version {
    fn type_name(&self) -> &str {
        "*test.Version"
    }

    fn text(&self) -> Option<String> {
        Some("1.2".to_owned())
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("Major", Value::Uint64(1))]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn objects_print_what_they_say_and_have_fields() {
    let data = || Map::from_iter([("v", Value::object(Version))]).into();
    let text = r#"{{.v}} {{.v.Major}} {{printf "%s %q %d %T" .v .v .v .v}}"#;
    assert_eq!(
        render(&[("a", text)], data()).unwrap(),
        r#"1.2 1 1.2 "1.2" &{1} *test.Version"#
    );
    let error = render(&[("a", "{{$v := .v}}{{$v.Minor}}")], data()).unwrap_err();
    assert!(
        error
            .message
            .contains("can't evaluate field Minor in type *test.Version")
    );
}

struct Recorded(RefCell<Vec<String>>);

impl Source for Recorded {
    fn get(&self, key: &str) -> Option<Value> {
        self.0.borrow_mut().push(key.to_owned());
        (key == "there").then(|| Value::from("yes"))
    }

    fn entries(&self) -> Vec<(Text, Value)> {
        self.0.borrow_mut().push("*".to_owned());
        vec![("there".into(), "yes".into()), ("too".into(), "2".into())]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn lazy_maps_are_asked_for_what_is_looked_at() {
    for (text, expected, asked) in [
        ("{{if .lazy.none}}{{end}}", "", vec!["none"]),
        ("{{.lazy.there}}{{.lazy.there}}", "yesyes", vec!["there"]),
        ("{{with .other}}{{.}}{{end}}", "", vec![]),
        (
            "{{range $k, $v := .lazy}}{{$k}}{{end}}{{.lazy.x}}",
            "theretoo<no value>",
            vec!["*"],
        ),
    ] {
        let source = Rc::new(Recorded(RefCell::default()));
        let data = Map::from_iter([("lazy", Map::lazy(source.clone()))]);
        assert_eq!(render(&[("a", text)], data.into()).unwrap(), expected);
        assert_eq!(*source.0.borrow(), asked, "{text}");
    }
}

#[test]
fn labels_name_the_way_and_not_the_line() {
    let texts = |space: &'static str| {
        let main: &str = match space {
            "" => r#"{{include "x" 1}}{{include "x" 1}}{{label}}"#,
            _ => "\n\n# a comment\n{{ include \"x\"   1 }}{{include \"x\" 1}}{{label}}",
        };
        [("a", main), ("b", r#"{{define "x"}}{{label}} {{end}}"#)]
    };
    let labels = render(&texts(""), Value::Nil).unwrap();
    let expected = concat!(
        r#""a" include "x" 1 > "x" label #0 "#,
        r#""a" include "x" 1 > "x" label #1 "#,
        r#""a" label #0"#,
    );
    assert_eq!(labels, expected);
    let moved = render(&texts(" "), Value::Nil).unwrap();
    assert_eq!(moved.trim_start_matches("\n\n# a comment\n"), expected);
}

#[test]
fn arguments_are_what_the_function_declares() {
    fn two(_: &mut Call<'_>, args: fleet_template::functions::Args<'_>) -> Result<Value, Failure> {
        Ok((args.int(0)? * 2).into())
    }
    static TWO: &[Function] = &[Function::new("two", &[Type::Int], two)];
    let mut functions = Functions::builtin();
    functions.add(TWO);
    let mut templates = Templates::new("t", Rc::new(functions));
    templates
        .parse("t", "{{two 4}}{{two 1.0}}{{two 'a'}}")
        .unwrap();
    let text = templates.render("t", Value::Nil, &environment(), Limits::default());
    assert_eq!(text.unwrap(), b"82194");
}
