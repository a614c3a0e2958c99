//! What holds for every input: a build ends with objects or an error, never with a panic, and always the same.

use fleet_core::files::MemoryFiles;
use fleet_kustomize::{Options, build};
use proptest::prelude::*;

/// Lines of kustomizations, right and wrong.
const LINES: [&str; 32] = [
    "resources: [r.yaml]",
    "resources: [r.yaml, ../base]",
    "resources: [., .., nope]",
    "components: [../comp]",
    "namePrefix: a-",
    "nameSuffix: '-1'",
    "namespace: n",
    "namespace: 5",
    "commonLabels: {a: b, '1': '2'}",
    "commonAnnotations: {a: 'true'}",
    "labels: [{pairs: {c: d}, includeSelectors: true, fields: [{path: 'a//b[]', create: true}]}]",
    "images: [{name: 'x.*', newTag: '1'}, {name: '('}]",
    "images: [{name: nginx, digest: 'sha256:a', tagSuffix: q}]",
    "replicas: [{name: a, count: 2}]",
    "configMapGenerator: [{name: a, literals: [x=y], behavior: merge}, {name: b}]",
    "secretGenerator: [{name: '', files: [r.yaml, 'k=', '=k']}]",
    "patches: [{path: r.yaml}]",
    "patches: [{target: {kind: '.*'}, patch: '[{\"op\": \"add\", \"path\": \"/a/-\", \"value\": 1}]'}]",
    "patches: [{target: {name: '['}, patch: '$patch: delete'}]",
    "patchesStrategicMerge: [r.yaml, 'kind: A']",
    "patchesJson6902: [{target: {kind: Service, name: a}, patch: '- {op: move, from: /spec, path: /spec/x}'}]",
    "replacements: [{source: {kind: Service}, targets: [{select: {kind: '*'}, fieldPaths: ['spec.*.[a=b]', 'a.b.-']}]}]",
    "vars: [{name: V, objref: {kind: Service, name: a, apiVersion: v1}, fieldref: {fieldPath: 'spec[0].[x'}}]",
    "transformers: ['{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: x}}', r.yaml]",
    "generators: [r.yaml]",
    "validators: [r.yaml]",
    "openapi: {path: r.yaml}",
    "crds: [r.yaml]",
    "configurations: [r.yaml]",
    "sortOptions: {order: legacy, legacySortOptions: {orderFirst: [A, A]}}",
    "buildMetadata: [originAnnotations, x]",
    "helmCharts: [{name: a}]",
];

fn text(lines: &[&str]) -> String {
    lines.join("\n") + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn kustomizations_build_or_say_why_not(
        top in prop::sample::subsequence(LINES.to_vec(), 1..8),
        base in prop::sample::subsequence(LINES.to_vec(), 0..4),
        resource in "(apiVersion: v1\nkind: (Service|ConfigMap|RoleBinding|List)\nmetadata: \\{name: (a|b), annotations: (\\{a: 1\\}|\\[1\\]|null|x)\\}\n)?[a-z]{1,4}: (\\{a: b\\}|\\[a, \\{b: c\\}\\]|&a [0-9]{1,3}|\\$\\(V\\)|null)\n",
        noise in "[ -~\n]{0,12}",
    ) {
        let files = MemoryFiles::new()
            .with("top/kustomization.yaml", text(&top))
            .with("top/r.yaml", format!("{resource}{noise}"))
            .with("base/kustomization.yaml", text(&base))
            .with("base/r.yaml", resource)
            .with("comp/kustomization.yaml", format!("kind: Component\n{}", text(&base)));
        let run = || {
            build(&files, "top", &Options::default(), Vec::new())
                .map(|built| built.to_yaml())
                .map_err(|error| error.to_string())
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn any_text_is_read_or_refused(kustomization in "[ -~\n]{0,60}", resource in "\\PC{0,40}") {
        let files = MemoryFiles::new()
            .with("kustomization.yaml", format!("resources: [r.yaml]\n{kustomization}"))
            .with("r.yaml", resource);
        let _ = build(&files, "", &Options::default(), Vec::new());
    }
}
