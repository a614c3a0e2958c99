//! Puts a plugin through cases.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use fleet_core::diagnostic::{Diagnostic, Location};
use fleet_core::files::{Files, MemoryFiles};
use fleet_core::rendered::Output;
use fleet_plugin::{Answer, Call, Cause, Context, Error, Plugin, Question, Trace, Usage, World};
use fleet_render::collect::collect;
use serde_json::Value;

use crate::case::{Case, Expected};
use crate::files::{Change, Changed};

/// What came of one case.
#[derive(Clone, Debug)]
pub struct Report {
    /// Name of the case.
    pub case: String,
    /// What the plugin used.
    pub usage: Usage,
    /// What it did otherwise than it should; empty if it passed.
    pub failures: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.failures.is_empty() {
            "ok"
        } else {
            "FAILED"
        };
        let Usage {
            fuel,
            memory_bytes,
            elapsed,
        } = self.usage;
        write!(
            f,
            "{:30} {verdict:6} {:>8.1} M fuel {:>6.1} MiB {:>6} ms",
            self.case,
            fuel as f64 / 1e6,
            memory_bytes as f64 / f64::from(1 << 20),
            elapsed.as_millis()
        )?;
        self.failures
            .iter()
            .try_for_each(|failure| write!(f, "\n    {failure}"))
    }
}

/// Runs one case in every way.
pub async fn case(plugin: &Plugin, case: &Case) -> Report {
    let mut run = Run {
        plugin,
        case,
        failures: Vec::new(),
    };
    let first = run.call(Arc::new(case.files.clone())).await;
    run.judge(&first);
    let again = run.call(Arc::new(case.files.clone())).await;
    if again.result != first.result {
        run.fail("a second call gave something else");
    }
    if again.usage.fuel != first.usage.fuel {
        run.fail(&format!(
            "a second call used other fuel: {} and {}",
            first.usage.fuel, again.usage.fuel
        ));
    }
    let reversed = run.call_with(Change::ReversedListings).await;
    if reversed.result != first.result {
        run.fail("it gave something else for listings in another order");
    }
    let empty = run.call(Arc::new(MemoryFiles::new())).await;
    if let Err(error) = empty.result
        && !matches!(error.cause, Cause::Refused(_))
    {
        run.fail(&format!("without any file: {error}"));
    }
    run.fail_each_read(&first).await;
    run.replace_each_file(&first.trace).await;
    Report {
        case: case.name.clone(),
        usage: first.usage,
        failures: run.failures,
    }
}

/// What a plugin gave, of whichever kind it is.
#[derive(Clone, Debug, PartialEq)]
enum Given {
    Output(Output),
    Findings(Vec<Diagnostic>),
}

struct Run<'a> {
    plugin: &'a Plugin,
    case: &'a Case,
    failures: Vec<String>,
}

impl Run<'_> {
    fn fail(&mut self, why: &str) {
        self.failures.push(why.to_owned());
    }

    async fn call(&self, files: Arc<dyn Files + Send + Sync>) -> Call<Given> {
        let Case {
            facts,
            request,
            objects,
            ..
        } = self.case;
        let context = Context::new(files, Arc::new(facts.clone()));
        if self.plugin.worlds().contains(&World::Policy) {
            let call = self
                .plugin
                .check(objects, &request.settings, &context)
                .await;
            return map(call, Given::Findings);
        }
        map(self.plugin.render(request, &context).await, Given::Output)
    }

    async fn call_with(&self, change: Change) -> Call<Given> {
        let files = self.case.files.clone();
        self.call(Arc::new(Changed { files, change })).await
    }

    fn judge(&mut self, call: &Call<Given>) {
        match (&call.result, &self.case.expected) {
            (Ok(Given::Output(output)), Expected::Documents(expected)) => {
                self.judge_output(output, expected);
            }
            (Ok(Given::Findings(findings)), Expected::Diagnostics(expected)) => {
                self.judge_diagnostics(findings, expected);
            }
            (
                Err(Error {
                    cause: Cause::Refused(failure),
                    ..
                }),
                Expected::Diagnostics(expected),
            ) => self.judge_diagnostics(&failure.diagnostics, expected),
            (Ok(_), _) => self.fail("it gave something, and should not"),
            (Err(error), _) => self.fail(&format!("it failed: {error}")),
        }
    }

    fn judge_output(&mut self, output: &Output, expected: &[Value]) {
        let collected = collect(output.manifests.clone());
        for problem in &collected.problems {
            self.fail(&problem.to_string());
        }
        let objects = collected.bundle.objects();
        let mut seen = BTreeSet::new();
        for object in objects {
            let reference = object.reference().to_string();
            if !seen.insert(reference.clone()) {
                self.fail(&format!("it gave {reference} twice"));
            }
        }
        for rendered in &output.manifests {
            self.judge_place(rendered.origin.as_ref());
        }
        let actual: Vec<&Value> = objects
            .iter()
            .map(fleet_core::object::Object::value)
            .collect();
        for (n, expected) in expected.iter().enumerate() {
            if actual.get(n) != Some(&expected) {
                let actual = actual
                    .get(n)
                    .map_or("nothing".to_owned(), ToString::to_string);
                self.fail(&format!("object {n}: expected {expected}, got {actual}"));
            }
        }
        if actual.len() > expected.len() {
            self.fail(&format!(
                "it gave {} objects too many",
                actual.len() - expected.len()
            ));
        }
    }

    fn judge_diagnostics(&mut self, diagnostics: &[Diagnostic], expected: &[String]) {
        let told: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| {
                let severity = format!("{:?}", diagnostic.severity).to_lowercase();
                format!("{severity} {} {diagnostic}", diagnostic.code)
            })
            .collect();
        for diagnostic in diagnostics {
            self.judge_place(diagnostic.location.as_ref());
        }
        for (n, expected) in expected.iter().enumerate() {
            if !told
                .get(n)
                .is_some_and(|told| told.contains(expected.as_str()))
            {
                let told = told.get(n).map_or("nothing", String::as_str);
                self.fail(&format!(
                    "diagnostic {n}: expected `{expected}`, got `{told}`"
                ));
            }
        }
        if told.len() > expected.len() {
            self.fail(&format!(
                "more than was expected: {:?}",
                &told[expected.len()..]
            ));
        }
    }

    /// A place must be in a file that is there, and on a line that it has.
    fn judge_place(&mut self, place: Option<&Location>) {
        let Some(place) = place else { return };
        let n_lines = lines(&self.case.files, &place.file);
        match n_lines {
            None => self.fail(&format!("`{place}` is not in any file of the input")),
            Some(n_lines) if place.line > n_lines + 1 => {
                self.fail(&format!("`{place}` is behind the end of the file"));
            }
            Some(_) => {}
        }
    }

    /// Each file and folder that was read fails in turn. It may be that nothing depended on it; but a plugin must not
    /// go on without something that counts and say nothing.
    async fn fail_each_read(&mut self, first: &Call<Given>) {
        for seen in first.trace.observations() {
            let (Question::Read(path) | Question::List(path)) = &seen.question else {
                continue;
            };
            let call = self.call_with(Change::Failing(path.clone())).await;
            match call.result {
                Err(Error {
                    cause: Cause::Refused(_),
                    ..
                }) => {}
                result if result == first.result => {}
                Ok(_) => self.fail(&format!(
                    "`{path}` cannot be read, and it gives something else without a word"
                )),
                Err(error) => self.fail(&format!("`{path}` cannot be read: {error}")),
            }
        }
    }

    /// Each file that was read is replaced by what files should not be: that may be refused, and must not trap.
    async fn replace_each_file(&mut self, trace: &Trace) {
        let odd: [(&str, Vec<u8>); 6] = [
            ("empty", Vec::new()),
            ("not UTF-8", vec![0xff, 0xfe, b'a', 0x80]),
            ("a NUL", b"a: \0\n".to_vec()),
            ("deep", "[".repeat(20_000).into_bytes()),
            ("deep blocks", deep_blocks()),
            ("too large", vec![b'#'; 17 << 20]),
        ];
        let read = trace
            .observations()
            .iter()
            .filter_map(|seen| match &seen.question {
                Question::Read(path) if matches!(seen.answer, Answer::Is(_)) => Some(path.clone()),
                _ => None,
            });
        for path in read.collect::<Vec<_>>() {
            for (what, content) in &odd {
                let change = Change::Replaced(path.clone(), content.clone());
                if let Err(error) = self.call_with(change).await.result
                    && !matches!(error.cause, Cause::Refused(_))
                {
                    self.fail(&format!("`{path}` is {what}: {error}"));
                }
            }
        }
    }
}

/// Mappings in mappings, a thousand deep.
fn deep_blocks() -> Vec<u8> {
    (0..1000usize)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect::<String>()
        .into_bytes()
}

/// How many lines a file has; 0 for a folder.
fn lines(files: &MemoryFiles, path: &str) -> Option<u32> {
    if files.list(path).is_ok() {
        return Some(0);
    }
    let content = files.read(path).ok()?;
    let n = content.iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(n).ok()
}

fn map<T, U>(call: Call<T>, f: impl FnOnce(T) -> U) -> Call<U> {
    Call {
        result: call.result.map(f),
        trace: call.trace,
        usage: call.usage,
        log: call.log,
    }
}
