//! Charts that mean harm, through the component: each ends within the default limits, and is refused with a word that
//! says why.

use std::sync::Arc;

use fleet_core::facts::StaticFacts;
use fleet_core::files::MemoryFiles;
use fleet_plugin::{Cause, Context, Limits, Plugin, Request};
use serde_json::json;

use crate::support::component;

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

/// Renders a chart of these files beside `Chart.yaml`, which must be refused with this text.
async fn check(plugin: &Plugin, files: &[(&str, &str)], expected: &str) {
    let mut chart = MemoryFiles::new().with("web/Chart.yaml", CHART);
    for (path, content) in files {
        chart.insert(format!("web/{path}"), *content);
    }
    let request = Request {
        path: "web".to_owned(),
        settings: json!({"releaseName": "rel"}),
        values: json!({}),
        inputs: Vec::new(),
    };
    let context = Context::new(Arc::new(chart), Arc::new(StaticFacts::default()));
    let call = plugin.render(&request, &context).await;
    let shown: String = files[0].1.chars().take(80).collect();
    let limits = Limits::default();
    assert!(call.usage.fuel < limits.fuel, "{shown}");
    assert!(call.usage.memory_bytes <= limits.memory_bytes, "{shown}");
    match call.result {
        Ok(_) => panic!("{shown}: it renders"),
        Err(error) => {
            let text = error.to_string();
            assert!(
                matches!(error.cause, Cause::Refused(_) | Cause::OutOfMemory { .. }),
                "{shown}: {text:.600}"
            );
            assert!(
                text.contains(expected),
                "{shown}: `{expected}` is not in {text:.600}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_charts_are_refused_within_the_limits() {
    let Some(plugin) = component("plugins/helm.wasm").await else {
        return;
    };
    for (template, expected) in [
        (
            "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
            "nested reference name",
        ),
        (
            "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
            "exceeded maximum template depth",
        ),
        (
            "{{ $t := \"{{ tpl .t . }}\" }}{{ tpl $t (dict \"t\" $t \"Template\" .Template) }}",
            "tpl calls itself more than",
        ),
        ("{{ range until 1000000000 }}x{{ end }}", "larger than"),
        (
            "{{ range 1000000000 }}{{ end }}",
            "templates/x.yaml:1:9: needs more than 268435456 steps",
        ),
        ("{{ repeat 1000000000 \"x\" }}", "larger than"),
        (
            "{{ range $i := until 1000000 }}{{ range until 1000000 }}{{ printf \"%0100d\" 1 }}{{ end }}{{ end }}",
            "output is longer than",
        ),
        (
            "{{ $x := \"x\" }}{{ range 64 }}{{ $x = print $x $x }}{{ end }}",
            "ran out of memory",
        ),
        (
            "{{ mustRegexMatch \"((a{100}){100}){100}\" \"a\" }}",
            "regexp",
        ),
        (
            "{{ $s := repeat 1000000 \"a\" }}{{ regexReplaceAll \"a\" $s $s }}",
            "larger than",
        ),
        (
            "{{ $_ := set .Values \"x\" .Values }}{{ toYaml .Values }}",
            "nests deeper than",
        ),
        (
            "{{ .Files.Get \"../../secret\" | required \"nothing there\" }}",
            "nothing there",
        ),
    ] {
        check(&plugin, &[("templates/x.yaml", template)], expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_yaml_is_refused_within_the_limits() {
    let Some(plugin) = component("plugins/helm.wasm").await else {
        return;
    };
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let previous = format!("*a{}, ", n - 1).repeat(10);
        bomb.push_str(&format!("a{n}: &a{n} [{previous}]\n"));
    }
    let deep = "a: ".to_owned() + &"[".repeat(100_000);
    let entries = "- ".repeat(100_000);
    for (file, text, expected) in [
        ("values.yaml", &bomb, "excessive aliasing"),
        ("templates/x.yaml", &bomb, "excessive aliasing"),
        ("values.yaml", &deep, "max depth"),
        ("templates/x.yaml", &entries, "depth"),
    ] {
        check(&plugin, &[(file, text)], expected).await;
    }
}
