//! The functions that a guest may call, each recorded: what one call holds while it runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use fleet_core::files::ReadError;
use fleet_core::remote;
use wasmtime::Result;

use crate::Context;
use crate::bindings::fleet::plugin::{context, entropy, log, secrets, source, types};
use crate::context::normal;
use crate::convert;
use crate::limits::{Limiter, Limits};
use crate::log::{Log, LogLine};
use crate::pause::Pause;
use crate::trace::{Answer, Fact, Question, Trace};

/// What one call holds while it runs.
pub(crate) struct State {
    pub(crate) plugin: String,
    pub(crate) context: Context,
    pub(crate) limits: Limits,
    pub(crate) limiter: Limiter,
    pub(crate) trace: Trace,
    pub(crate) log: Log,
    pub(crate) pause: Arc<Pause>,
    /// What was fetched from elsewhere and may be read in this call, by name.
    fetched: BTreeSet<String>,
}

/// Why the host ended a call: the guest asked for something that is not done.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Stop(pub(crate) String);

impl State {
    pub(crate) fn new(plugin: &str, context: &Context, limits: &Limits) -> Self {
        Self {
            plugin: plugin.to_owned(),
            context: context.clone(),
            limiter: Limiter::new(limits),
            log: Log::new(limits.log_bytes),
            limits: limits.clone(),
            trace: Trace::default(),
            pause: Arc::default(),
            fetched: BTreeSet::new(),
        }
    }

    /// Lets the call read what was fetched from elsewhere, if that is where `path` leads.
    ///
    /// A call sees what it was sent to and what it asked for itself. Whether another call has asked for something must
    /// not show: who comes first is a matter of luck.
    pub(crate) fn allow(&mut self, path: &str) {
        if let Some((name, _)) = remote::split(path) {
            self.fetched.insert(name.to_owned());
        }
    }

    /// The normalised form of a path that may be read.
    fn readable(&self, path: &str) -> Result<String, ReadError> {
        let path = normal(path)?;
        let hidden = match remote::split(&path) {
            Some((name, _)) => !self.fetched.contains(name),
            None => remote::is_below(&path),
        };
        if hidden {
            return Err(ReadError::NotFound);
        }
        Ok(path)
    }

    /// Records a question with its answer; a guest that asks without end is stopped.
    fn record(&mut self, question: Question, answer: impl FnOnce() -> Answer) -> Result<()> {
        let limit = self.limits.questions;
        if !self.trace.has_room(&question, limit) {
            let why = format!("it asked the host more than {limit} different questions");
            return Err(wasmtime::Error::new(Stop(why)));
        }
        self.trace.record(question, answer);
        Ok(())
    }

    /// Records a fact; the answer is taken from the context once more, in the form that is compared.
    fn fact(&mut self, fact: Fact) -> Result<()> {
        let question = Question::Fact(fact);
        let context = self.context.clone();
        self.record(question.clone(), move || context.answer(&question))
    }

    fn read_bytes(&mut self, path: &str) -> Result<Result<Vec<u8>, ReadError>> {
        let path = match self.readable(path) {
            Ok(path) => path,
            Err(error) => return Ok(Err(error)),
        };
        let (result, answer) = self.context.files.read(&path);
        self.record(Question::Read(path), || answer)?;
        Ok(result.and_then(|content| {
            let size = content.len() as u64;
            if size > self.limits.file_bytes {
                Err(ReadError::TooLarge(size))
            } else {
                Ok(content)
            }
        }))
    }
}

impl types::Host for State {}

impl source::Host for State {
    fn read(&mut self, path: String) -> Result<Result<Vec<u8>, source::ReadError>> {
        Ok(self.read_bytes(&path)?.map_err(convert::read_error_in))
    }

    fn read_text(&mut self, path: String) -> Result<Result<String, source::ReadError>> {
        let text = self
            .read_bytes(&path)?
            .and_then(|content| String::from_utf8(content).map_err(|_| ReadError::NotUtf8));
        Ok(text.map_err(convert::read_error_in))
    }

    fn list(&mut self, path: String) -> Result<Result<Vec<source::Entry>, source::ReadError>> {
        let path = match self.readable(&path) {
            Ok(path) => path,
            Err(error) => return Ok(Err(convert::read_error_in(error))),
        };
        let (result, answer) = self.context.files.list(&path);
        self.record(Question::List(path), || answer)?;
        Ok(result
            .map(|entries| entries.into_iter().map(convert::entry_in).collect())
            .map_err(convert::read_error_in))
    }

    async fn resolve(&mut self, reference: String) -> Result<Result<String, source::ReadError>> {
        let (files, wanted) = (Arc::clone(&self.context.files), reference.clone());
        let waiting = self.pause.begin();
        // A fetch takes as long as the server lets it; nothing of that is the guest's fault.
        let done = tokio::task::spawn_blocking(move || files.resolve(&wanted)).await;
        drop(waiting);
        let (result, answer) = done.map_err(|_| {
            wasmtime::Error::new(Stop(
                "what it named outside the repository could not be looked up".to_owned(),
            ))
        })?;
        if let Ok(path) = &result {
            self.allow(path);
        }
        self.record(Question::Resolve(reference), || answer)?;
        Ok(result.map_err(convert::read_error_in))
    }
}

impl context::Host for State {
    fn get_bundle_name(&mut self) -> Result<String> {
        self.fact(Fact::BundleName)?;
        Ok(self.context.facts.bundle_name())
    }

    fn get_default_namespace(&mut self) -> Result<String> {
        self.fact(Fact::DefaultNamespace)?;
        Ok(self.context.facts.default_namespace())
    }

    fn get_kube_version(&mut self) -> Result<String> {
        self.fact(Fact::KubeVersion)?;
        Ok(self.context.facts.kube_version())
    }

    fn has_api(&mut self, api: String) -> Result<bool> {
        let answer = self.context.facts.has_api(&api);
        self.fact(Fact::HasApi(api))?;
        Ok(answer)
    }

    fn get_api_versions(&mut self) -> Result<Vec<String>> {
        self.fact(Fact::ApiVersions)?;
        Ok(self.context.facts.api_versions())
    }

    fn get_label(&mut self, key: String) -> Result<Option<String>> {
        let answer = self.context.facts.label(&key);
        self.fact(Fact::Label(key))?;
        Ok(answer)
    }

    fn get_labels(&mut self) -> Result<Vec<(String, String)>> {
        self.fact(Fact::Labels)?;
        Ok(self.context.facts.labels())
    }

    fn get_annotation(&mut self, key: String) -> Result<Option<String>> {
        let answer = self.context.facts.annotation(&key);
        self.fact(Fact::Annotation(key))?;
        Ok(answer)
    }

    fn get_annotations(&mut self) -> Result<Vec<(String, String)>> {
        self.fact(Fact::Annotations)?;
        Ok(self.context.facts.annotations())
    }

    fn get_template_value(&mut self, key: String) -> Result<Option<String>> {
        let answer = self.context.facts.template_value(&key);
        self.fact(Fact::TemplateValue(key))?;
        Ok(answer.map(|value| fleet_core::canonical::to_string(&value)))
    }

    fn get_cluster_name(&mut self) -> Result<Option<String>> {
        self.fact(Fact::ClusterName)?;
        Ok(self.context.facts.cluster_name())
    }

    fn get_cluster_namespace(&mut self) -> Result<Option<String>> {
        self.fact(Fact::ClusterNamespace)?;
        Ok(self.context.facts.cluster_namespace())
    }

    fn get_commit_time(&mut self) -> Result<u64> {
        self.fact(Fact::CommitTime)?;
        Ok(self.context.facts.commit_time())
    }
}

impl entropy::Host for State {
    fn derive(&mut self, label: String, len: u32) -> Result<Vec<u8>> {
        let limit = self.limits.entropy_bytes;
        if len > limit {
            let why =
                format!("it wants {len} bytes of entropy for one label, and the limit is {limit}");
            return Err(wasmtime::Error::new(Stop(why)));
        }
        let bytes = self.context.entropy.derive(&label, len);
        self.record(Question::Derive { label, len }, || Answer::of(&bytes))?;
        Ok(bytes)
    }

    async fn private_key(&mut self, label: String, kind: entropy::KeyKind) -> Result<String> {
        let kind = convert::key_kind_out(kind);
        let source = std::sync::Arc::clone(&self.context.entropy);
        let wanted = label.clone();
        // Large RSA keys take seconds.
        let made = tokio::task::spawn_blocking(move || source.private_key(&wanted, kind)).await;
        let pem = made.map_err(|_| {
            wasmtime::Error::new(Stop("its private key could not be made".to_owned()))
        })?;
        self.record(Question::PrivateKey { label, kind }, || {
            Answer::of(pem.as_bytes())
        })?;
        Ok(pem)
    }

    fn window(&mut self, label: String, days: u32) -> Result<u64> {
        let start = self.context.entropy.window(&label, days);
        self.record(Question::Window { label, days }, || {
            Answer::of(&start.to_le_bytes())
        })?;
        self.trace.record_window(start, days);
        Ok(start)
    }
}

impl secrets::Host for State {
    fn get(&mut self, grant: String) -> Result<Result<Vec<u8>, String>> {
        let question = Question::Secret(grant.clone());
        let context = self.context.clone();
        self.record(question.clone(), move || context.answer(&question))?;
        Ok(match self.context.secrets.get(&grant) {
            Some(secret) => Ok(secret.reveal().clone()),
            None => Err(format!("`{grant}` is not granted to this plugin")),
        })
    }
}

impl log::Host for State {
    fn emit(
        &mut self,
        level: log::Level,
        message: String,
        fields: Vec<(String, String)>,
    ) -> Result<()> {
        let level = convert::level_out(level);
        self.log.push(
            &self.plugin,
            LogLine {
                level,
                message,
                fields,
            },
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether another call has asked for something is a matter of luck, so it must not show.
    #[test]
    fn a_call_reads_of_the_world_outside_what_it_asked_for() {
        let mut state = State::new("test", &Context::empty(), &Limits::default());
        let told = |state: &State, path: &str| state.readable(path);
        assert_eq!(told(&state, "a/../b").as_deref(), Ok("b"));
        let hidden = ".fleet/remote/x/Chart.yaml";
        for path in [hidden, ".fleet/remote", "a/../.fleet/remote/x"] {
            assert_eq!(told(&state, path), Err(ReadError::NotFound), "{path}");
        }
        state.allow("app");
        assert_eq!(told(&state, hidden), Err(ReadError::NotFound));
        state.allow(".fleet/remote/x/charts/web");
        assert_eq!(told(&state, hidden).as_deref(), Ok(hidden));
        assert_eq!(told(&state, ".fleet/remote/y"), Err(ReadError::NotFound));
        assert!(told(&state, ".fleet/remote/x/../y").is_err());
    }
}
