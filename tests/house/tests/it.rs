//! Whether the code is as `ARCHITECTURE.md` and the conventions say.

use std::collections::BTreeSet;
use std::fs;

use fleet_test_house::{Package, code, files, packages, shown, table, top};

fn architecture() -> String {
    fs::read_to_string(top().join("ARCHITECTURE.md")).expect("the map is at the top")
}

/// Without this the map would show a house that is no longer there.
#[test]
fn crates_use_exactly_what_the_map_says() {
    let packages = packages().unwrap();
    let names: BTreeSet<&String> = packages.keys().collect();
    let rows = table(&architecture(), "## The map", "crate");
    assert!(rows.len() > 20, "the map was not found");
    let mut wrong = Vec::new();
    let mut mapped = BTreeSet::new();
    for row in &rows {
        let [name, folder, uses] = &row[..] else {
            panic!("a row of the map has three cells: {row:?}");
        };
        mapped.insert(name);
        let Some(package) = packages.get(name) else {
            wrong.push(format!("`{name}` is on the map and does not exist"));
            continue;
        };
        let uses: BTreeSet<&str> = uses.split(", ").filter(|name| !name.is_empty()).collect();
        let ours = package.uses.iter().filter(|used| names.contains(used));
        let ours: BTreeSet<&str> = ours.map(String::as_str).collect();
        if package.folder != *folder {
            wrong.push(format!(
                "`{name}` is in `{}`, not in `{folder}`",
                package.folder
            ));
        }
        for used in ours.difference(&uses) {
            wrong.push(format!(
                "`{name}` uses `{used}`, and the map does not say so"
            ));
        }
        for used in uses.difference(&ours) {
            wrong.push(format!(
                "the map says that `{name}` uses `{used}`, and it does not"
            ));
        }
    }
    for name in names.difference(&mapped) {
        wrong.push(format!("`{name}` is not on the map"));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Without this a change of one library would rebuild, and could break, everything.
#[test]
fn a_heavy_library_has_one_home() {
    let packages = packages().unwrap();
    let rows = table(&architecture(), "One heavy library has one home", "library");
    assert!(rows.len() >= 5, "the table was not found");
    for row in rows {
        // One in each of the two programs at most.
        let homes: Vec<&str> = row[1].split(", ").collect();
        assert!(homes.len() <= 2, "{homes:?}");
        for library in row[0].split(", ") {
            let users: Vec<_> = packages
                .iter()
                .filter(|(_, package): &(_, &Package)| package.uses.contains(library))
                .map(|(name, _)| name)
                .collect();
            assert_eq!(users, homes, "who uses `{library}`");
        }
    }
}

/// Without this a decision could depend on the machine, and no simulation could repeat it.
#[test]
fn what_is_pure_does_no_io_and_reads_no_clock() {
    const BANNED: [&str; 12] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "std::io::",
        "SystemTime",
        "Instant::now",
        "tokio::",
        "tracing::",
        "println!",
        "rand::",
    ];
    let mut wrong = Vec::new();
    let folders = [
        "core/src",
        "core/yaml/src",
        "host/plan/src",
        "host/render/src",
        "agent/plan/src",
    ];
    for file in folders
        .iter()
        .flat_map(|folder| files(folder, "rs").unwrap())
    {
        if file.ends_with("tests.rs") {
            continue;
        }
        let text = code(&fs::read_to_string(&file).unwrap());
        let found = BANNED.iter().filter(|banned| text.contains(**banned));
        wrong.extend(found.map(|banned| format!("{}: {banned}", shown(&file))));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Without this a plan's type could become a format that others depend on.
#[test]
fn the_types_of_the_plans_are_not_serializable() {
    let folders = ["host/plan/src", "agent/plan/src"];
    for file in folders
        .iter()
        .flat_map(|folder| files(folder, "rs").unwrap())
    {
        let text = code(&fs::read_to_string(&file).unwrap());
        assert!(!text.contains("Serialize"), "{}", shown(&file));
    }
}

/// Without this a cluster could be reached from outside.
#[test]
fn the_agent_listens_nowhere() {
    for file in files("agent", "rs").unwrap() {
        let text = code(&fs::read_to_string(&file).unwrap());
        if shown(&file).contains("/tests/") {
            continue;
        }
        for banned in ["TcpListener", "UnixListener", "axum"] {
            assert!(!text.contains(banned), "{}: {banned}", shown(&file));
        }
    }
}

/// Without this a user would meet a reason that nobody explains.
#[test]
fn every_reason_has_a_page() {
    let text = fs::read_to_string(top().join("core/src/problem.rs")).unwrap();
    let list = text.split_once("reasons! {").unwrap().1;
    let list = list.split_once("\n}").unwrap().0;
    let reasons: BTreeSet<String> = list
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//") && line.ends_with(','))
        .map(|line| line.trim_end_matches(',').to_owned())
        .collect();
    assert!(reasons.len() > 30, "the reasons were not found");
    let pages: BTreeSet<String> = files("docs/reasons", "md")
        .unwrap()
        .iter()
        .map(|page| page.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(reasons, pages);
    for page in files("docs/reasons", "md").unwrap() {
        let text = fs::read_to_string(&page).unwrap();
        let name = page.file_stem().unwrap().to_string_lossy();
        assert!(text.starts_with(&format!("# {name}\n")), "{}", shown(&page));
        for heading in ["## What it means", "## What to do"] {
            assert!(text.contains(heading), "{}: {heading}", shown(&page));
        }
    }
}

/// Without this a file of tests could be forgotten, and nobody would notice that it never runs.
#[test]
fn every_file_is_part_of_a_crate_and_says_what_it_is() {
    let mut wrong = Vec::new();
    for file in files("", "rs").unwrap() {
        let text = fs::read_to_string(&file).unwrap();
        if !text.starts_with("//!") {
            wrong.push(format!("{}: its first line is no `//!`", shown(&file)));
        }
        let folder = file.parent().unwrap();
        let name = file.file_stem().unwrap().to_string_lossy();
        let root = matches!(&*name, "lib" | "main" | "build" | "mod")
            || folder.ends_with("tests")
            || folder.ends_with("bin")
            || folder.ends_with("examples")
            || folder.ends_with("fuzz");
        if root {
            continue;
        }
        // The parent of `a/b.rs` is `a.rs`, or the root of the crate.
        let parents = [
            folder.with_extension("rs"),
            folder.join("lib.rs"),
            folder.join("main.rs"),
        ];
        let listed = |text: &str| {
            ["mod ", "pub mod ", "pub(crate) mod ", "pub(super) mod "]
                .iter()
                .any(|word| {
                    text.lines()
                        .any(|line| line.trim() == format!("{word}{name};"))
                })
        };
        let found = parents
            .iter()
            .filter_map(|parent| fs::read_to_string(parent).ok())
            .any(|text| listed(&text));
        if !found {
            wrong.push(format!("{}: nobody says `mod {name};`", shown(&file)));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Without this a crate could quietly leave the lints of the workspace.
#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for (name, package) in packages().unwrap() {
        let manifest = top().join(package.folder).join("Cargo.toml");
        let text = fs::read_to_string(manifest).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{name}");
        assert!(text.contains("license.workspace = true"), "{name}");
    }
}

/// Without this a link in the documents could lead nowhere.
#[test]
fn links_between_documents_lead_somewhere() {
    let mut wrong = Vec::new();
    for file in files("", "md").unwrap() {
        let text = fs::read_to_string(&file).unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap_or_default();
            let elsewhere = target.contains("://") || target.is_empty() || target.starts_with('<');
            if !elsewhere && !file.parent().unwrap().join(target).exists() {
                wrong.push(format!("{}: {target}", shown(&file)));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
