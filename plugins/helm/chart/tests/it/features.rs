//! One question for each rule of Helm that decides what is rendered; the answers are those of Helm 4.1.4.

use fleet_chart::Hooks;
use fleet_core::facts::StaticFacts;

use crate::common::Case;

/// Subcharts `db` and `cache` that print their values, and a parent that prints its own.
fn family(chart_yaml: &str, more: &[(&str, &str)]) -> Case {
    let print = "kind: Values\n{{ .Chart.Name }}: {{ toJson .Values }}\n";
    let mut files = vec![
        ("Chart.yaml", chart_yaml),
        ("templates/print.yaml", print),
        (
            "charts/db/Chart.yaml",
            "apiVersion: v2\nname: db\nversion: 1.2.0\n",
        ),
        ("charts/db/templates/print.yaml", print),
        (
            "charts/cache/Chart.yaml",
            "apiVersion: v2\nname: cache\nversion: 2.0.0\n",
        ),
        ("charts/cache/templates/print.yaml", print),
    ];
    files.extend(more);
    Case::new(&files)
}

/// The printed lines, without separators and sources.
fn check(case: &Case, expected: &[&str]) {
    let stream = match case.render() {
        Ok(release) => release.to_stream(),
        Err(failed) => panic!("{failed}"),
    };
    let lines: Vec<&str> = stream
        .lines()
        .filter(|line| !line.starts_with("---") && !line.starts_with("# Source: "))
        .filter(|line| !line.starts_with("kind: "))
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(lines, expected, "{stream}");
}

fn check_sources(case: &Case, expected: &[&str]) {
    let release = case.render().unwrap();
    let sources: Vec<_> = release
        .parts
        .iter()
        .map(|part| part.source.as_str())
        .collect();
    assert_eq!(sources, expected);
}

fn check_error(case: &Case, expected: &str) {
    match case.render() {
        Ok(release) => panic!("it renders: {}", release.to_stream()),
        Err(failed) => assert_eq!(failed.to_string(), expected),
    }
}

const PARENT: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

#[test]
fn subcharts_get_their_table_and_the_globals() {
    let case = family(
        PARENT,
        &[
            (
                "values.yaml",
                "global: {region: eu}\ndb: {size: 1}\nother: true\n",
            ),
            (
                "charts/db/values.yaml",
                "size: 5\nkind: small\nglobal: {region: us, zone: a}\n",
            ),
        ],
    )
    .values("db: {size: 9}\n");
    check(
        &case,
        &[
            r#"cache: {"global":{"region":"eu"}}"#,
            r#"db: {"global":{"region":"eu","zone":"a"},"kind":"small","size":9}"#,
            r#"web: {"cache":{"global":{"region":"eu"}},"db":{"global":{"region":"eu","zone":"a"},"kind":"small","size":9},"global":{"region":"eu"},"other":true}"#,
        ],
    );
}

#[test]
fn null_takes_a_default_away_and_stays_where_there_is_none() {
    let case = Case::new(&[
        (
            "values.yaml",
            "a: 1\nb: {x: 1, z: null}\nc: {x: {q: 1}}\nd: null\n",
        ),
        ("templates/x.yaml", "kind: X\nv: {{ toJson .Values }}\n"),
    ])
    .values("a: null\nb: {x: null, z: null, new: null}\nc: {x: null}\nnew: null\n");
    check(
        &case,
        &[r#"v: {"b":{"new":null,"z":null},"c":{},"d":null,"new":null}"#],
    );
}

#[test]
fn conditions_win_over_tags_and_tags_over_nothing() {
    let dependencies = "dependencies:\n- {name: db, version: '*', condition: 'db.use, x', tags: [back]}\n\
                        - {name: cache, version: '>=2', tags: [back, fast]}\n";
    let chart = format!("{PARENT}{dependencies}");
    let names = |values: &str| -> String {
        let release = family(&chart, &[]).values(values).render().unwrap();
        let names: Vec<_> = release
            .parts
            .iter()
            .map(|part| part.source.split('/').rev().nth(2).unwrap().to_owned())
            .collect();
        names.join(" ")
    };
    assert_eq!(names(""), "cache db web");
    assert_eq!(names("db: {use: false}\n"), "cache web");
    assert_eq!(names("tags: {back: false}\n"), "web");
    assert_eq!(names("tags: {back: false, fast: true}\n"), "cache web");
    assert_eq!(names("tags: {back: false}\ndb: {use: true}\n"), "db web");
    assert_eq!(names("db: {use: text}\n"), "cache db web");
}

#[test]
fn an_alias_is_a_chart_of_its_own() {
    let chart = format!(
        "{PARENT}dependencies:\n- {{name: db, version: 1.x}}\n- {{name: db, version: 1.x, alias: replica}}\n\
         - {{name: cache, version: 3.x}}\n"
    );
    let case = family(&chart, &[]).values("db: {a: 1}\nreplica: {a: 2}\n");
    // A chart whose version does not fit its declaration is taken for one that nobody declared.
    check(
        &case,
        &[
            r#"cache: {"global":{}}"#,
            r#"db: {"a":1,"global":{}}"#,
            r#"replica: {"a":2,"global":{}}"#,
            r#"web: {"cache":{"global":{}},"db":{"a":1,"global":{}},"replica":{"a":2,"global":{}}}"#,
        ],
    );
}

#[test]
fn parents_import_what_they_name() {
    let chart = format!(
        "{PARENT}dependencies:\n- name: db\n  version: '*'\n  import-values:\n  - data\n  - {{child: conn, parent: database.conn}}\n\
         - {{name: cache, version: '*', condition: cache.use}}\n"
    );
    let case = family(
        &chart,
        &[
            (
                "values.yaml",
                "database: {conn: {port: 1}}\ncache: {use: false}\n",
            ),
            (
                "charts/db/values.yaml",
                "exports: {data: {user: ann}}\nconn: {port: 5432, host: h}\n",
            ),
        ],
    );
    check(
        &case,
        &[
            r#"db: {"conn":{"host":"h","port":5432},"exports":{"data":{"user":"ann"}},"global":{}}"#,
            r#"web: {"cache":{"use":false},"database":{"conn":{"host":"h","port":1}},"db":{"conn":{"host":"h","port":5432},"exports":{"data":{"user":"ann"}},"global":{}},"user":"ann"}"#,
        ],
    );
}

#[test]
fn charts_of_version_1_name_dependencies_in_requirements() {
    let case = family(
        "name: web\nversion: 1.0.0\n",
        &[("requirements.yaml", "dependencies:\n- {name: db, version: '*', condition: db.use}\n- {name: cache, version: '*'}\n")],
    )
    .values("db: {use: false}\n");
    check_sources(
        &case,
        &[
            "web/charts/cache/templates/print.yaml",
            "web/templates/print.yaml",
        ],
    );
}

#[test]
fn declared_charts_must_be_there_and_libraries_only_lend() {
    let chart =
        format!("{PARENT}dependencies: [{{name: redis, version: 1}}, {{name: mq, version: 1}}]\n");
    check_error(
        &Case::new(&[("Chart.yaml", &chart)]),
        "an error occurred while checking for chart dependencies. You may need to run `helm dependency build` to \
         fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: redis, mq",
    );
    check_error(
        &Case::new(&[("Chart.yaml", &format!("{PARENT}type: library\n"))]),
        "library charts are not installable",
    );
    let case = Case::new(&[
        (
            "charts/lib/Chart.yaml",
            "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n",
        ),
        (
            "charts/lib/templates/_x.tpl",
            "{{ define \"lib.x\" }}x: {{ .Chart.Name }}{{ end }}",
        ),
        ("charts/lib/templates/no.yaml", "kind: No\n"),
        ("templates/x.yaml", "kind: X\n{{ include \"lib.x\" . }}\n"),
    ]);
    check(&case, &["x: web"]);
}

#[test]
fn the_parents_definitions_win() {
    let case = Case::new(&[
        (
            "charts/sub/Chart.yaml",
            "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        ),
        (
            "charts/sub/templates/_h.tpl",
            "{{ define \"name\" }}sub{{ end }}",
        ),
        (
            "charts/sub/templates/x.yaml",
            "kind: X\nsub: {{ include \"name\" . }}\n",
        ),
        ("templates/_a.tpl", "{{ define \"name\" }}first{{ end }}"),
        ("templates/_b.tpl", "{{ define \"name\" }}second{{ end }}"),
    ]);
    check(&case, &["sub: first"]);
}

#[test]
fn what_is_printed_and_in_which_order() {
    let case = Case::new(&[
        ("crds/b.yaml", "kind: CustomResourceDefinition\n"),
        (
            "crds/a.yaml",
            "kind: CustomResourceDefinition\nname: \"{{ not a template }}\"\n",
        ),
        ("crds/readme.md", "no"),
        ("templates/NOTES.txt", "{{ .Release.Name }} is ready"),
        ("templates/_p.yaml", "partial"),
        ("templates/z/deep.yaml", "kind: Service\n"),
        (
            "templates/a.yaml",
            "kind: Deployment\n---\nkind: Namespace\n",
        ),
        ("templates/empty.yaml", "{{ if false }}kind: X{{ end }}\n"),
        (
            "templates/job.yaml",
            "kind: Job\nmetadata: {annotations: {helm.sh/hook: post-install}}\n",
        ),
        (
            "templates/odd.yaml",
            "kind: Job\nmetadata: {annotations: {helm.sh/hook: crd-install}}\n",
        ),
        (
            "templates/tests/t.yaml",
            "kind: Pod\nmetadata: {annotations: {helm.sh/hook: test}}\n",
        ),
    ])
    .options(|options| options.include_crds = true);
    check_sources(
        &case,
        &[
            "web/crds/a.yaml",
            "web/crds/b.yaml",
            "web/templates/a.yaml",
            "web/templates/z/deep.yaml",
            "web/templates/a.yaml",
            "web/templates/tests/t.yaml",
            "web/templates/job.yaml",
        ],
    );
}

#[test]
fn files_are_read_when_somebody_looks() {
    let case = Case::new(&[
        ("config/a.txt", "one\ntwo\n"),
        ("config/b/c.txt", "deep"),
        ("empty.txt", ""),
        (
            "templates/x.yaml",
            r#"kind: X
get: {{ .Files.Get "config/a.txt" | quote }}
missing: {{ .Files.Get "nope" | quote }}
chart: {{ .Files.Get "Chart.yaml" | quote }}
lines: {{ .Files.Lines "config/a.txt" | toJson }}
one: {{ range $name, $_ := .Files.Glob "config/*" }}{{ $name }};{{ end }}
all: {{ range $name, $_ := .Files.Glob "config/**" }}{{ $name }};{{ end }}
config: {{ (.Files.Glob "config/**").AsConfig | toJson }}
secrets: {{ (.Files.Glob "config/b/*").AsSecrets | quote }}
bytes: {{ .Files.GetBytes "config/b/c.txt" | toString }}
types: {{ typeOf .Files }} {{ typeOf .Values }} {{ typeOf .Capabilities.APIVersions }}
"#,
        ),
    ]);
    check(
        &case,
        &[
            r#"get: "one\ntwo\n""#,
            r#"missing: """#,
            r#"chart: """#,
            r#"lines: ["one","two"]"#,
            "one: config/a.txt;",
            "all: config/a.txt;config/b/c.txt;",
            r#"config: "a.txt: |\n  one\n  two\nc.txt: deep""#,
            r#"secrets: "c.txt: ZGVlcA==""#,
            "bytes: deep",
            "types: engine.files common.Values common.VersionSet",
        ],
    );
}

#[test]
fn helmignore_takes_files_out() {
    let case = Case::new(&[
        (".helmignore", "# comment\n*.bak\n/secret/\n"),
        ("templates/a.bak", "{{ broken"),
        ("templates/.hidden.yaml", "{{ broken"),
        ("secret/x", "s"),
        ("charts/.git/x", "no chart"),
        ("charts/_old/x", "no chart"),
        (
            "templates/x.yaml",
            "kind: X\nx: {{ .Files.Get \"secret/x\" | quote }}\n",
        ),
    ]);
    check(&case, &[r#"x: """#]);
}

#[test]
fn capabilities_and_release_are_what_the_caller_says() {
    let facts = StaticFacts {
        kube_version: "1.27.4-eks-1".to_owned(),
        ..StaticFacts::default()
    };
    let template = r#"kind: X
kube: {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.Minor }}
has: {{ .Capabilities.APIVersions.Has "apps/v1" }} {{ .Capabilities.APIVersions.Has "a.io/v1/B" }} {{ .Capabilities.APIVersions.Has "x" }}
helm: {{ .Capabilities.HelmVersion.Version }}
release: {{ toJson .Release }}
chart: {{ .Chart.Name }}-{{ .Chart.Version }} {{ .Chart.IsRoot }}
template: {{ .Template.Name }} {{ .Template.BasePath }}
"#;
    let case = Case::new(&[("templates/x.yaml", template)])
        .facts(facts)
        .options(|options| {
            options.is_upgrade = true;
            options.api_versions = vec!["a.io/v1/B".to_owned()];
        });
    check(
        &case,
        &[
            "kube: v1.27.4 v1.27.4-eks-1 27",
            "has: true true false",
            "helm: v4.1.4",
            r#"release: {"IsInstall":false,"IsUpgrade":true,"Name":"rel","Namespace":"ns","Revision":1,"Service":"Helm"}"#,
            "chart: web-1.2.3 true",
            "template: web/templates/x.yaml web/templates",
        ],
    );
}

/// No template names the list of versions here.
#[test]
fn capabilities_that_are_printed_as_a_whole_have_all_versions() {
    let facts = StaticFacts {
        kube_version: "1.27.4".to_owned(),
        api_versions: vec!["apps/v1".to_owned(), "v1".to_owned()],
        ..StaticFacts::default()
    };
    let template = r#"kind: X
json: {{ toJson .Capabilities | trunc 92 | squote }}
yaml: {{ toYaml . | trunc 47 | toJson }}
"#;
    check(
        &Case::new(&[("templates/x.yaml", template)]).facts(facts),
        &[
            r#"json: '{"KubeVersion":{"Version":"v1.27.4","Major":"1","Minor":"27"},"APIVersions":["apps/v1","v1"]'"#,
            r#"yaml: "Capabilities:\n  APIVersions:\n  - apps/v1\n  - v1""#,
        ],
    );
}

#[test]
fn values_from_the_command_line_keep_their_types() {
    let case = Case::new(&[
        ("values.yaml", "yaml: 1000000\n"),
        (
            "templates/x.yaml",
            "kind: X\nv: {{ .Values.yaml }} {{ .Values.set }} {{ .Values.text }} {{ kindOf .Values.set }} {{ kindOf .Values.text }}\n",
        ),
    ])
    .options(|options| {
        options.set = vec!["set=1000000".to_owned()];
        options.set_string = vec!["text=1000000".to_owned()];
    });
    check(&case, &["v: 1e+06 1000000 1000000 int64 string"]);
}

#[test]
fn what_one_template_sets_the_next_one_sees() {
    let case = Case::new(&[
        (
            "templates/a.yaml",
            "kind: X\na: {{ .Values.seen | default \"no\" }}\n",
        ),
        (
            "templates/b.yaml",
            "kind: X\n{{- $_ := set .Values \"seen\" \"yes\" }}\nb: {{ .Values.seen }}\n",
        ),
    ]);
    // Helm runs templates from the end of the alphabet.
    check(&case, &["a: yes", "b: yes"]);
}

#[test]
fn charts_refuse_clusters_and_names_that_do_not_fit() {
    let case = Case::new(&[(
        "Chart.yaml",
        &format!("{PARENT}kubeVersion: '>=1.36.0-0'\n"),
    )]);
    check_error(
        &case,
        "chart requires kubeVersion: >=1.36.0-0 which is incompatible with Kubernetes v1.35.0",
    );
    check_error(
        &Case::new(&[]).options(|options| "Web".clone_into(&mut options.release)),
        "release name check failed: release name \"Web\": invalid release name, must match regex \
         ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53",
    );
}

#[test]
fn schemas_of_subcharts_count_too() {
    let case = family(
        PARENT,
        &[
            (
                "values.schema.json",
                r#"{"properties": {"x": {"type": "integer"}}}"#,
            ),
            ("charts/db/values.schema.json", r#"{"required": ["size"]}"#),
        ],
    )
    .values("x: text\n");
    check_error(
        &case,
        "values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '/x': got \
         string, want integer\ndb:\n- at '': missing property 'size'\n",
    );
    let skipped = case.options(|options| options.skip_schema_validation = true);
    assert!(skipped.render().is_ok());
}

#[test]
fn template_errors_are_told_as_helm_does() {
    for (template, expected) in [
        (
            "x: {{ .Values.a.b }}",
            "web/templates/x.yaml:1:13\n  executing \"web/templates/x.yaml\" at <.Values.a.b>:\n    nil pointer \
             evaluating interface {}.b",
        ),
        (
            "{{ fail \"no way\" }}",
            "execution error at (web/templates/x.yaml:1:3): no way",
        ),
        (
            "{{ include \"nowhere\" . }}",
            "web/templates/x.yaml:1:3\n  executing \"web/templates/x.yaml\" at <include \"nowhere\" .>:\n    error \
             calling include:\ntemplate: no template \"nowhere\" associated with template \"gotpl\"",
        ),
        (
            "{{ nonsense }}",
            "parse error at (web/templates/x.yaml:1): function \"nonsense\" not defined",
        ),
        (
            "{{ define \"a\" }}{{ .Values.x.y }}{{ end }}{{ include \"a\" . }}",
            "web/templates/x.yaml:1:45\n  executing \"web/templates/x.yaml\" at <include \"a\" .>:\n    error calling \
             include:\nweb/templates/x.yaml:1:26\n  executing \"a\" at <.Values.x.y>:\n    nil pointer evaluating \
             interface {}.y",
        ),
        (
            "a: [1",
            "YAML parse error on web/templates/x.yaml: error converting YAML to JSON: yaml: line 1: did not find \
             expected ',' or ']'",
        ),
    ] {
        check_error(&Case::new(&[("templates/x.yaml", template)]), expected);
    }
}

#[test]
fn hooks_are_left_out_as_the_flags_say() {
    let case = |hooks| {
        let job = |events: &str| {
            format!("kind: Job\nmetadata: {{annotations: {{helm.sh/hook: '{events}'}}}}\n")
        };
        let files = [
            ("templates/a.yaml", "kind: Service\n".to_owned()),
            ("templates/b.yaml", job("pre-install")),
            ("templates/c.yaml", job("post-install, Test")),
            ("templates/d.yaml", job("test-success")),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, t.as_str())).collect();
        Case::new(&files).options(|options| options.hooks = hooks)
    };
    let all = ["web/templates/a.yaml", "web/templates/b.yaml"];
    let tests = ["web/templates/c.yaml", "web/templates/d.yaml"];
    check_sources(&case(Hooks::All), &[all, tests].concat());
    check_sources(&case(Hooks::NoTests), &all);
    check_sources(&case(Hooks::None), &all[..1]);
}

#[test]
fn the_kubernetes_version_can_be_given() {
    let print = "{{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }}";
    let files = [
        (
            "Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\nkubeVersion: <1.20\n",
        ),
        ("templates/a.yaml", &*format!("v: {print}\n")),
    ];
    let case = |version: &str| {
        Case::new(&files).options(|options| options.kube_version = Some(version.to_owned()))
    };
    check(&case("1.19"), &["v: v1.19 19"]);
    check_error(
        &case("1"),
        "invalid kube version '1': could not parse it as version",
    );
}

#[test]
fn names_of_releases_are_made_by_a_template() {
    let surroundings = Case::new(&[]).surroundings();
    let name = |template: &str| {
        fleet_chart::release_name(template, &surroundings).map_err(|error| error.to_string())
    };
    assert_eq!(
        name("web-{{ upper \"a\" | lower }}"),
        Ok("web-a".to_owned())
    );
    let error = name("{{ fail \"x\" }}").unwrap_err();
    assert!(
        error.starts_with("cannot make a name for the release: "),
        "{error}"
    );
    assert!(name("{{").is_err());
}

#[test]
fn default_values_are_read_from_folders() {
    let values = |files: &[(&str, &str)]| {
        fleet_chart::default_values(&Case::new(files).files, "web").unwrap()
    };
    assert_eq!(values(&[]), None);
    assert_eq!(
        values(&[("values.yaml", "a: 1\n")]).as_deref(),
        Some("a: 1\n")
    );
}
