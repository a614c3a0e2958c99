//! Charts that mean harm: each ends, within its limits, with an error that says why.

use std::io::Write;
use std::rc::Rc;

use fleet_chart::Surroundings;
use fleet_core::facts::StaticFacts;
use fleet_core::files::{Entry, EntryKind, Files, MemoryFiles, ReadError};

use crate::common::{Case, TestEntropy, options};

fn check(case: &Case, expected: &str) {
    match case.render() {
        Ok(release) => panic!("it renders: {:.300}", release.to_stream()),
        Err(failed) => {
            let text = failed.to_string();
            assert!(text.contains(expected), "{expected}: {text:.600}");
        }
    }
}

#[test]
fn templates_that_never_end_are_ended() {
    for (template, expected) in [
        (
            "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
            "nested reference name",
        ),
        ("{{ range until 1000000000 }}x{{ end }}", "larger than"),
        ("{{ repeat 1000000000 \"x\" }}", "larger than"),
        (
            "{{ range $i := until 1000000 }}{{ range until 1000000 }}{{ printf \"%0100d\" 1 }}{{ end }}{{ end }}",
            "output is longer than",
        ),
    ] {
        let case = Case::new(&[("templates/x.yaml", template)]);
        check(&case, expected);
    }
}

#[test]
fn values_that_hold_themselves_are_refused() {
    for print in ["toYaml", "toJson"] {
        let template =
            format!("{{{{ $_ := set .Values \"x\" .Values }}}}{{{{ {print} .Values }}}}");
        check(
            &Case::new(&[("templates/x.yaml", &template)]),
            "nests deeper than 500 levels",
        );
    }
}

#[test]
fn all_templates_together_have_one_limit() {
    let large = "{{ range until 40 }}{{ repeat 1000000 \"x\" }}{{ end }}";
    check(
        &Case::new(&[("templates/a.yaml", large), ("templates/b.yaml", large)]),
        "output is longer than",
    );
}

#[test]
fn yaml_that_blows_itself_up_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let previous = format!("*a{}, ", n - 1).repeat(10);
        bomb.push_str(&format!("a{n}: &a{n} [{previous}]\n"));
    }
    check(&Case::new(&[("values.yaml", &bomb)]), "excessive aliasing");
    check(
        &Case::new(&[("templates/x.yaml", &bomb)]),
        "excessive aliasing",
    );
    check(&Case::new(&[("Chart.yaml", &bomb)]), "excessive aliasing");
    let deep = "a: ".to_owned() + &"[".repeat(100_000);
    check(&Case::new(&[("values.yaml", &deep)]), "max depth");
    let nested = "{\"a\":".repeat(600) + "1" + &"}".repeat(600);
    check(&Case::new(&[("values.yaml", &nested)]), "nest");
}

#[test]
fn nothing_leads_out_of_the_chart() {
    let mut case = Case::new(&[(
        "templates/x.yaml",
        "kind: X\nget: [{{ .Files.Get \"../secret\" | quote }}, {{ .Files.Get \"/secret\" | quote }}]\n\
         glob: {{ len (.Files.Glob \"../*\") }}\n",
    )]);
    case.files.insert("secret", "s3cret");
    let stream = case.render().unwrap().to_stream();
    assert!(stream.contains("get: [\"\", \"\"]\nglob: 0\n"), "{stream}");
}

/// A folder with something in it that memory cannot hold.
struct With {
    files: MemoryFiles,
    entry: Entry,
    folder: &'static str,
}

impl Files for With {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.files.read(path)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        // A link to the folder above it: every level has it again.
        let looped = self.entry.kind == EntryKind::Directory && path.starts_with(self.folder);
        if looped || path == self.folder {
            let mut entries = self.files.list(self.folder)?;
            entries.push(self.entry.clone());
            return Ok(entries);
        }
        self.files.list(path)
    }
}

#[test]
fn links_that_lead_out_or_round_are_refused() {
    for (kind, size, expected) in [
        (EntryKind::Symlink, 0, "leads nowhere, or outside"),
        (EntryKind::Directory, 0, "nest deeper than 64 levels"),
        (
            EntryKind::File,
            6 << 20,
            "larger than the maximum file size",
        ),
    ] {
        let surroundings = Surroundings {
            files: Rc::new(With {
                files: Case::new(&[]).files,
                entry: Entry {
                    name: "zz".to_owned(),
                    kind,
                    size,
                    link: false,
                },
                folder: "web",
            }),
            facts: Rc::new(StaticFacts::default()),
            entropy: Rc::new(TestEntropy),
        };
        let failed = fleet_chart::render("web", &serde_json::json!({}), &options(), &surroundings)
            .unwrap_err()
            .to_string();
        assert!(failed.contains(expected), "{failed}");
    }
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, *content).unwrap();
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&archive.into_inner().unwrap()).unwrap();
    packed.finish().unwrap()
}

const SUBCHART: &[u8] = b"apiVersion: v2\nname: sub\nversion: 1.0.0\n";

#[test]
fn packed_charts_work_at_the_top_and_below() {
    let template: &[u8] = b"kind: X\nname: {{ .Chart.Name }}\n";
    let sub = packed(&[
        ("sub/Chart.yaml", SUBCHART),
        ("sub/templates/x.yaml", template),
    ]);
    let mut case = Case::new(&[]);
    case.files.insert("web/charts/sub-1.0.0.tgz", sub.clone());
    let release = case.render().unwrap();
    let part = &release.parts[0];
    assert_eq!(part.source, "web/charts/sub/templates/x.yaml");
    assert_eq!(part.place.file, "web/charts/sub-1.0.0.tgz/templates/x.yaml");
    let surroundings = Surroundings {
        files: Rc::new(MemoryFiles::new().with("sub.tgz", sub)),
        facts: Rc::new(StaticFacts::default()),
        entropy: Rc::new(TestEntropy),
    };
    let release =
        fleet_chart::render("sub.tgz", &serde_json::json!({}), &options(), &surroundings).unwrap();
    assert_eq!(
        release.to_stream(),
        "---\n# Source: sub/templates/x.yaml\nkind: X\nname: sub\n"
    );
}

#[test]
fn packed_bombs_are_refused() {
    let zeros = vec![0; 5 << 20];
    let mut inner: Vec<(&str, &[u8])> = vec![("sub/Chart.yaml", SUBCHART)];
    inner.extend((0..25).map(|_| ("sub/zeros", zeros.as_slice())));
    let bomb = packed(&inner);
    assert!(bomb.len() < 1 << 20);
    let mut case = Case::new(&[]);
    case.files.insert("web/charts/sub.tgz", bomb);
    check(&case, "larger than the maximum size");
    // One archive in another: what they unpack to is counted together.
    let mut matryoshka = packed(&[
        ("sub/Chart.yaml", SUBCHART),
        ("sub/templates/x.yaml", b"kind: X\n"),
    ]);
    for _ in 0..40 {
        matryoshka = packed(&[
            ("sub/Chart.yaml", SUBCHART),
            ("sub/charts/sub.tgz", &matryoshka),
        ]);
    }
    let mut case = Case::new(&[]);
    case.files.insert("web/charts/sub.tgz", matryoshka);
    check(&case, "nest deeper than 32 levels");
    let mut case = Case::new(&[]);
    case.files
        .insert("web/charts/sub.tgz", packed(&[("sub/../../x", b"")]));
    check(&case, "chart illegally references parent directory");
    let mut case = Case::new(&[]);
    case.files
        .insert("web/charts/sub.tgz", b"no archive".to_vec());
    check(
        &case,
        "error unpacking subchart sub.tgz in web: gzip: invalid header",
    );
}
