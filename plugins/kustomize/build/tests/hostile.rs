//! Kustomizations that are meant to do harm end soon, with a reason.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

use std::fmt::Write as _;

use fleet_core::files::MemoryFiles;
use fleet_kustomize::{Built, Options, build};

fn built(files: &[(&str, String)]) -> Result<Built, String> {
    let files = files.iter().fold(MemoryFiles::new(), |all, (path, text)| {
        all.with(*path, text.as_str())
    });
    build(&files, "top", &Options::default(), Vec::new()).map_err(|error| error.to_string())
}

#[track_caller]
fn check_refused(files: &[(&str, String)], why: &str) {
    let error = built(files).unwrap_err();
    assert!(error.contains(why), "{error}");
}

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";

/// `n` texts made of their number, one after the other.
fn repeated(n: usize, text: impl Fn(usize) -> String) -> String {
    (0..n).fold(String::new(), |mut all, n| {
        all.push_str(&text(n));
        all
    })
}

#[test]
fn bases_that_contain_each_other_are_refused() {
    check_refused(
        &[
            (
                "top/kustomization.yaml",
                "resources: [../other]\n".to_owned(),
            ),
            (
                "other/kustomization.yaml",
                "resources: [../top]\n".to_owned(),
            ),
        ],
        "cycle detected",
    );
    check_refused(
        &[("top/kustomization.yaml", "components: [.]\n".to_owned())],
        "cycle detected",
    );
}

#[test]
fn bases_that_double_with_every_level_are_refused() {
    let mut files = MemoryFiles::new()
        .with("top/kustomization.yaml", "resources: [../a0, ../b0]\n")
        .with("a20/kustomization.yaml", "resources: [s.yaml]\n")
        .with("b20/kustomization.yaml", "resources: [s.yaml]\n")
        .with("a20/s.yaml", SERVICE)
        .with("b20/s.yaml", SERVICE);
    for level in 0..20 {
        for side in ["a", "b"] {
            let next = level + 1;
            files.insert(
                format!("{side}{level}/kustomization.yaml"),
                format!("resources: [../a{next}, ../b{next}]\nnamePrefix: {side}-\n"),
            );
        }
    }
    for side in ["a", "b"] {
        files.insert(
            format!("{side}20/kustomization.yaml"),
            format!("resources: [s.yaml]\nnamePrefix: {side}-\n"),
        );
    }
    let error = build(&files, "top", &Options::default(), Vec::new()).unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("kustomizations are built for this one"),
        "{error}"
    );
}

#[test]
fn bases_that_nest_without_end_are_refused() {
    let mut files = MemoryFiles::new().with("top/kustomization.yaml", "resources: [../k0]\n");
    for level in 0..2000 {
        files.insert(
            format!("k{level}/kustomization.yaml"),
            format!("resources: [../k{}]\n", level + 1),
        );
    }
    let error = build(&files, "top", &Options::default(), Vec::new()).unwrap_err();
    assert!(
        error.to_string().contains("nest deeper than 100 levels"),
        "{error}"
    );
}

#[test]
fn many_generators_are_built() {
    let generators = repeated(10_000, |n| format!("- {{name: g{n}, literals: [a={n}]}}\n"));
    let files = [(
        "top/kustomization.yaml",
        format!("configMapGenerator:\n{generators}"),
    )];
    assert_eq!(built(&files).unwrap().objects.len(), 10_000);
}

#[test]
fn aliases_that_multiply_are_refused_wherever_they_stand() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..10 {
        let items = vec![format!("*a{}", n - 1); 10].join(", ");
        writeln!(bomb, "a{n}: &a{n} [{items}]").unwrap();
    }
    let top = |text: &str| ("top/kustomization.yaml", text.to_owned());
    check_refused(
        &[top(
            &format!("x-{bomb}resources: []\n").replace("x-a0", "a0")
        )],
        "alias",
    );
    check_refused(
        &[
            top("resources: [r.yaml]\n"),
            ("top/r.yaml", format!("{SERVICE}{bomb}")),
        ],
        "alias",
    );
    let patched = [
        top("resources: [r.yaml]\npatches: [{path: p.yaml}]\n"),
        ("top/r.yaml", SERVICE.to_owned()),
        ("top/p.yaml", format!("{SERVICE}{bomb}")),
    ];
    assert!(built(&patched).is_err());
}

#[test]
fn what_nests_without_end_is_refused() {
    let deep = format!(
        "{SERVICE}a: {}{}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let files = [
        ("top/kustomization.yaml", "resources: [r.yaml]\n".to_owned()),
        ("top/r.yaml", deep),
    ];
    assert!(built(&files).is_err());
}

/// As kubectl refuses them, which reads its own output again.
#[test]
fn what_cannot_be_written_is_refused_and_not_left_out() {
    let files = |data: &str| {
        let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {data}\n");
        [
            ("top/kustomization.yaml", "resources: [a.yaml]\n".to_owned()),
            ("top/a.yaml", map),
        ]
    };
    for data in [r#"{"a\Nb": "1"}"#, r#"{a: "\x80"}"#, r#"{"\x7f": "1"}"#] {
        check_refused(&files(data), "control characters are not allowed");
    }
    assert!(built(&files(r#"{a: "b\Nc"}"#)).is_ok());
}

#[test]
fn patterns_that_grow_without_end_are_refused() {
    let kustomization =
        "resources: [r.yaml]\nimages: [{name: '((a{1000}){1000}){1000}', newTag: x}]\n";
    check_refused(
        &[
            ("top/kustomization.yaml", kustomization.to_owned()),
            ("top/r.yaml", SERVICE.to_owned()),
        ],
        "error parsing regexp",
    );
}

#[test]
fn many_replacements_patches_and_objects_are_built() {
    let objects = repeated(500, |n| {
        format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{n}}}\ndata: {{k: v}}\n")
    });
    let replacements = repeated(500, |n| {
        format!(
            "- source: {{kind: ConfigMap, name: c{n}, fieldPath: metadata.name}}\n  \
             targets: [{{select: {{kind: ConfigMap}}, fieldPaths: [data.k]}}]\n"
        )
    });
    let patches = repeated(500, |n| {
        format!(
            "- patch: '{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c{n}}}, data: {{p: q}}}}'\n"
        )
    });
    let kustomization =
        format!("resources: [r.yaml]\nreplacements:\n{replacements}patches:\n{patches}");
    let files = [
        ("top/kustomization.yaml", kustomization),
        ("top/r.yaml", objects),
    ];
    let built = built(&files).unwrap();
    assert!(
        built
            .objects
            .iter()
            .all(|object| object.value["data"]["k"] == "c499")
    );
    assert!(
        built
            .objects
            .iter()
            .all(|object| object.value["data"]["p"] == "q")
    );
}
