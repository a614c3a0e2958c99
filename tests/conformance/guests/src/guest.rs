//! The misdeeds, one for each path.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use fleet_sdk::renderer::bindings;

use bindings::exports::fleet::plugin::metadata;
use bindings::exports::fleet::plugin::renderer::{Failure, Guest, Output, Rendered, Request};
use bindings::fleet::plugin::types::Manifest;
use bindings::fleet::plugin::{context, entropy, log, source};

struct Misbehave;

bindings::export!(Misbehave with_types_in bindings);

impl metadata::Guest for Misbehave {
    fn describe() -> metadata::Info {
        metadata::Info {
            name: "misbehave".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings_schema: None,
        }
    }
}

impl Guest for Misbehave {
    fn render(request: Request) -> Result<Output, Failure> {
        log_panics();
        match request.path.as_str() {
            "well-behaved" => Ok(json(
                "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"ok\"}}",
            )),
            "loop" => loop {
                black_box(());
            },
            "memory" => {
                let mut all = Vec::new();
                loop {
                    all.push(black_box(vec![1u8; 1 << 20]));
                }
            }
            "stack" => {
                let depth = overflow(0);
                Ok(yaml(format!("depth: {depth}\n")))
            }
            "panic" => panic!("on purpose"),
            "index" => {
                let empty: Vec<u8> = black_box(Vec::new());
                Ok(yaml(format!("byte: {}\n", empty[black_box(7)])))
            }
            "abort" => std::process::abort(),
            "not-json" => Ok(json("{\"a\": ")),
            "json-list" => Ok(json("[]")),
            "not-yaml" => Ok(yaml("a: [\n".to_owned())),
            "not-an-object" => Ok(yaml("a: 1\n".to_owned())),
            "huge" => Ok(yaml("x".repeat(100 << 20))),
            "many" => Ok(Output {
                manifests: (0..2_000_000)
                    .map(|_| rendered(Manifest::Yaml(String::new())))
                    .collect(),
                warnings: Vec::new(),
            }),
            "many-values" => Ok(json(&format!("{{\"a\":[{}1]}}", "1,".repeat(10_000_000)))),
            "endless-log" => {
                for n in 0..10_000 {
                    log::emit(log::Level::Info, &format!("line {n}"), &[]);
                }
                panic!("after a long log")
            }
            "long-line" => {
                log::emit(log::Level::Info, &"x".repeat(120 << 20), &[]);
                Ok(yaml(String::new()))
            }
            "outside" => Ok(outside()),
            "no-reason" => Err(Failure {
                diagnostics: Vec::new(),
            }),
            "much-entropy" => {
                let bytes = entropy::derive("label", u32::MAX);
                Ok(yaml(format!("n: {}\n", bytes.len())))
            }
            "many-questions" => {
                let n = (0u64..)
                    .take_while(|n| !context::has_api(&n.to_string()))
                    .count();
                Ok(yaml(format!("n: {n}\n")))
            }
            "remember" => Ok(yaml(remember())),
            other => panic!("nobody knows how to do `{other}`"),
        }
    }
}

/// What an earlier call left: how many there were, and whether memory that was never written is all zero.
fn remember() -> String {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let calls = CALLS.fetch_add(1, Ordering::Relaxed);
    let mut memory = vec![0u8; 16 << 20];
    let dirty = black_box(&memory).iter().filter(|byte| **byte != 0).count();
    memory.fill(1);
    black_box(&memory);
    format!("calls: {calls}\ndirty: {dirty}\n")
}

/// What the host answers to paths that lead out.
fn outside() -> Output {
    let paths = [
        "../secret",
        "a/../../secret",
        "/../etc/passwd",
        "..",
        "a/../..",
    ];
    let answers = paths.map(|path| {
        let read = source::read(path).is_ok();
        let listed = source::list(path).is_ok();
        format!("- {{path: \"{path}\", read: {read}, list: {listed}}}\n")
    });
    yaml(answers.concat())
}

fn overflow(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if depth == u64::MAX {
        return 0;
    }
    overflow(depth + 1) + frame[black_box(63)]
}

fn rendered(manifest: Manifest) -> Rendered {
    Rendered {
        manifest,
        origin: None,
    }
}

fn yaml(text: String) -> Output {
    Output {
        manifests: vec![rendered(Manifest::Yaml(text))],
        warnings: Vec::new(),
    }
}

fn json(text: &str) -> Output {
    Output {
        manifests: vec![rendered(Manifest::Json(text.to_owned()))],
        warnings: Vec::new(),
    }
}

/// As the SDK does.
fn log_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let text = info.payload_as_str().unwrap_or_default();
        log::emit(
            log::Level::Error,
            &format!("panic: {text}"),
            &[("location".to_owned(), place)],
        );
    }));
}
