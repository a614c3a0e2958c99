//! The corpus' probes of functions: small texts with what Helm 4.1.4 made of them.

use std::collections::BTreeMap;
use std::rc::Rc;

use fleet_template::functions::helm;
use fleet_template::value::{Map, Method, Named, Numbers, Type};
use fleet_template::{Limits, MissingKey, Templates, Value, strip_no_value};
use serde_json::json;

use crate::common::{corpus, environment};

/// How many of the probes must hold. Those that do not are printed, by function.
const FLOOR: usize = 573;

static VALUES: Named = Named {
    name: "common.Values",
    methods: &[],
};
static FILES: Named = Named {
    name: "engine.files",
    methods: &[
        Method::new("Get", &[Type::String], |_, _, _| Ok("".into())),
        Method::new("Glob", &[Type::String], |_, files, _| Ok(files.clone())),
        Method::new("AsConfig", &[], |_, _, _| Ok("{}".into())),
        Method::new("Lines", &[Type::String], |_, _, _| Ok(Type::STRINGS.zero())),
    ],
};
static VERSIONS: Named = Named {
    name: "common.VersionSet",
    methods: &[Method::new("Has", &[Type::String], |_, versions, args| {
        let versions = versions.as_list().into_iter().flat_map(|list| list.iter());
        let mut versions = versions.filter_map(Value::as_text);
        let found = versions.any(|version| Some(version) == args[0].as_text());
        Ok(Value::Bool(found))
    })],
};

/// What the chart of the probes sees, as far as it needs no chart.
fn context(corpus: &std::path::Path) -> Value {
    let read = |path: &str| std::fs::read_to_string(corpus.join("probes").join(path)).unwrap();
    let values =
        fleet_yaml::from_str(&read("chart/values.yaml"), fleet_yaml::Duplicates::LastWins).unwrap();
    let versions: Vec<String> = serde_json::from_str(&read("default_api_versions.json")).unwrap();
    let versions = versions.into_iter().map(Value::from).collect();
    let versions = fleet_template::value::List::named(&VERSIONS, Type::String, versions);
    let kube =
        json!({ "Version": "v1.35.0", "GitVersion": "v1.35.0", "Major": "1", "Minor": "35" });
    let helm = json!({ "Version": "v4.1.4", "GitTreeState": "clean", "GoVersion": "go1.25.9" });
    let plain = |json: serde_json::Value| Value::from_json(&json, Numbers::Float);
    let typed = |json: serde_json::Value| {
        let map = Map::named(&VALUES, Type::Any);
        for (key, value) in plain(json).as_map().unwrap().entries() {
            map.insert(key, value);
        }
        Value::Map(map)
    };
    let context = Map::named(&VALUES, Type::Any);
    context.insert("Values", typed(values));
    context.insert("Release", {
        let release = plain(json!({
            "Name": "rel", "Namespace": "ns", "Service": "Helm",
            "IsInstall": true, "IsUpgrade": false,
        }));
        release.as_map().unwrap().insert("Revision", Value::Int(1));
        release
    });
    context.insert(
        "Chart",
        plain(json!({
            "APIVersion": "v2", "Annotations": null, "AppVersion": "1.2", "Condition": "",
            "Dependencies": [], "Deprecated": false, "Description": "", "Home": "", "Icon": "",
            "IsRoot": true, "Keywords": [], "KubeVersion": "", "Maintainers": [], "Name": "probe",
            "Sources": [], "Tags": "", "Type": "", "Version": "0.1.0",
        })),
    );
    context.insert("Template", {
        typed(json!({ "Name": "probe/templates/a.yaml", "BasePath": "probe/templates" }))
    });
    context.insert("Subcharts", Map::new());
    context.insert("Files", Map::named(&FILES, Type::BYTES));
    let capabilities = Map::from_iter([
        ("KubeVersion", plain(kube)),
        ("HelmVersion", plain(helm)),
        ("APIVersions", Value::List(versions)),
    ]);
    context.insert("Capabilities", capabilities);
    Value::Map(context)
}

/// A probe through `tpl`, at the place where the corpus had it.
fn evaluate(templates: &Templates, text: &str, context: Value) -> Result<String, String> {
    let data = Map::from_iter([("Probe", Value::from(text)), ("Context", context)]);
    let name = "probe/templates/a.yaml";
    match templates.render(name, data.into(), &environment(), Limits::default()) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&strip_no_value(&bytes)).into_owned();
            Ok(text.trim_start_matches("\nresult-is-here--: ").to_owned())
        }
        Err(error) => Err(match &error.by_author {
            Some(text) => {
                let location = &error.sites[0].location;
                format!("Error: execution error at ({location}): {text}")
            }
            None => error.to_string(),
        }),
    }
}

/// The functions that a text names, for the summary.
fn names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let functions = helm();
    let known = words.filter(|word| functions.get(word).is_some());
    known.map(str::to_owned).collect()
}

#[test]
fn probes_give_what_helm_gives() {
    let Some(corpus) = corpus() else {
        eprintln!("SKIPPED: there is no corpus; set FLEET_CORPUS");
        return;
    };
    let helpers = std::fs::read_to_string(corpus.join("probes/chart/templates/_h.tpl")).unwrap();
    let mut templates = Templates::new("gotpl", Rc::new(helm())).missing_key(MissingKey::Zero);
    templates
        .parse("probe/templates/_h.tpl", &*helpers)
        .unwrap();
    templates
        .parse(
            "probe/templates/a.yaml",
            "\nresult-is-here--: {{ tpl .Probe .Context }}",
        )
        .unwrap();
    let probes = std::fs::read_to_string(corpus.join("probes/functions.jsonl")).unwrap();
    let (mut n_good, mut n_all) = (0, 0);
    let mut by_function = BTreeMap::<String, usize>::new();
    for line in probes.lines() {
        let probe: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = probe["tpl"].as_str().unwrap();
        let actual = evaluate(&templates, text, context(&corpus));
        let good = match (&actual, &probe["out"], &probe["err"]) {
            (Ok(out), serde_json::Value::String(wanted), _) => out == wanted,
            (Err(error), _, serde_json::Value::String(wanted)) => error.contains(wanted.as_str()),
            (Ok(_), _, serde_json::Value::Null) => probe["nondeterministic"] == true,
            _ => false,
        };
        n_all += 1;
        if good {
            n_good += 1;
            continue;
        }
        for name in names(text) {
            *by_function.entry(name).or_default() += 1;
        }
        let short = |value: &dyn std::fmt::Debug| {
            let text = format!("{value:?}");
            text.chars().take(400).collect::<String>()
        };
        eprintln!(
            "{text}\n  wanted {} {}",
            short(&probe["out"]),
            short(&probe["err"])
        );
        eprintln!("  got    {}", short(&actual));
    }
    eprintln!("{n_good} of {n_all} probes hold; functions in those that do not: {by_function:?}");
    assert!(n_good >= FLOOR, "{n_good} of {n_all} probes hold");
}
