//! Results that are still right: the same request, and every question that was asked has the same answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use fleet_core::diagnostic::Diagnostic;
use fleet_core::digest::Digest;
use fleet_core::rendered::{Manifest, Output, Rendered};
use serde_json::Value;

use crate::trace::{Answer, Question};
use crate::{Call, Checked, Context, Error, Plugin, Request, Trace};

/// What plugins gave, in memory and within bounds.
///
/// Calls with one request form a decision tree: a node is a question, a branch is an answer, a leaf is a result. A
/// cluster walks it and asks what is asked there; ten thousand clusters that differ in nothing that the plugin looks
/// at end at one leaf, and so does the next commit if it changed nothing that was read. The tree is kept flat: the
/// name of a node is the digest of its parent's name and of the answer that leads to it.
#[derive(Debug)]
pub struct Cache<T> {
    max_bytes: usize,
    state: Mutex<State<T>>,
}

/// Outputs of renderers.
pub type RenderCache = Cache<Output>;

/// Findings of policies.
pub type CheckCache = Cache<Vec<Diagnostic>>;

#[derive(Debug)]
struct State<T> {
    nodes: HashMap<Digest, Node<T>>,
    bytes: usize,
    clock: u64,
    hits: u64,
    misses: u64,
}

#[derive(Debug)]
struct Node<T> {
    step: Step<T>,
    bytes: usize,
    last_used: u64,
}

#[derive(Debug)]
enum Step<T> {
    Ask(Question),
    Done(Cached<T>),
}

/// A result, and what it depends on.
#[derive(Debug)]
pub struct Cached<T> {
    /// What the plugin gave.
    pub result: Result<Arc<T>, Error>,
    /// What it observed.
    pub trace: Arc<Trace>,
}

impl<T> Clone for Cached<T> {
    fn clone(&self) -> Self {
        Self {
            result: self.result.clone(),
            trace: Arc::clone(&self.trace),
        }
    }
}

/// A request with its name in the cache: made once, asked for many clusters.
#[derive(Clone, Debug)]
pub struct Prepared<R> {
    plugin: Plugin,
    request: R,
    root: Digest,
}

impl Prepared<Request> {
    /// A render.
    pub fn render(plugin: Plugin, request: Request) -> Self {
        let mut name = Name::of(&plugin, "render");
        name.text(&request.path);
        name.json(&request.settings);
        name.json(&request.values);
        for Rendered { manifest, origin } in &request.inputs {
            match manifest {
                Manifest::Json(value) => name.json(value),
                Manifest::Yaml(text) => name.text(&format!("---\n{text}")),
            }
            name.text(&format!("{origin:?}"));
        }
        Self {
            root: name.digest(),
            plugin,
            request,
        }
    }
}

/// The objects of a bundle, and the settings of the policy that is to judge them.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The objects.
    pub objects: Arc<Vec<Checked>>,
    /// Settings of the policy.
    pub settings: Value,
}

impl Prepared<Judged> {
    /// A judgement.
    pub fn check(plugin: Plugin, judged: Judged) -> Self {
        let mut name = Name::of(&plugin, "check");
        name.json(&judged.settings);
        for checked in judged.objects.iter() {
            name.text(&checked.json);
            name.text(&format!("{:?}", checked.origin));
        }
        Self {
            root: name.digest(),
            plugin,
            request: judged,
        }
    }
}

impl Cache<Output> {
    /// Renders, unless an output is known that is still right.
    ///
    /// Failures are kept like outputs, except those that depend on this machine and this moment.
    pub async fn render(&self, prepared: &Prepared<Request>, context: &Context) -> Cached<Output> {
        if let Some(known) = self.find(prepared.root, context, true).await {
            return known;
        }
        let call = prepared.plugin.render(&prepared.request, context).await;
        self.keep(prepared.root, call, |output| {
            crate::plugin::size_of(&output.manifests) + output.warnings.len() * NODE_BYTES
        })
    }

    /// An output that is known and still right.
    pub async fn known(
        &self,
        prepared: &Prepared<Request>,
        context: &Context,
    ) -> Option<Cached<Output>> {
        self.find(prepared.root, context, false).await
    }
}

impl Cache<Vec<Diagnostic>> {
    /// Judges, unless findings are known that are still right.
    pub async fn check(
        &self,
        prepared: &Prepared<Judged>,
        context: &Context,
    ) -> Cached<Vec<Diagnostic>> {
        if let Some(known) = self.find(prepared.root, context, true).await {
            return known;
        }
        let Judged { objects, settings } = &prepared.request;
        let call = prepared.plugin.check(objects, settings, context).await;
        self.keep(prepared.root, call, |findings| {
            findings.len() * 2 * NODE_BYTES
        })
    }

    /// Findings that are known and still right.
    pub async fn known(
        &self,
        prepared: &Prepared<Judged>,
        context: &Context,
    ) -> Option<Cached<Vec<Diagnostic>>> {
        self.find(prepared.root, context, false).await
    }
}

impl<T> Cache<T> {
    /// A cache of at most about `max_bytes` bytes of results.
    pub fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            state: Mutex::new(State {
                nodes: HashMap::new(),
                bytes: 0,
                clock: 0,
                hits: 0,
                misses: 0,
            }),
        }
    }

    /// How many calls were answered from here, and how many were not.
    pub fn hits_and_misses(&self) -> (u64, u64) {
        let state = self.lock();
        (state.hits, state.misses)
    }

    /// Walks the tree with the answers of `context`. The lock is not held while anything is asked.
    async fn find(&self, root: Digest, context: &Context, count_misses: bool) -> Option<Cached<T>> {
        let mut name = root;
        loop {
            let question = {
                let mut state = self.lock();
                state.clock += 1;
                let now = state.clock;
                match state.nodes.get_mut(&name) {
                    Some(node) => {
                        node.last_used = now;
                        match &node.step {
                            Step::Ask(question) => question.clone(),
                            Step::Done(cached) => {
                                let cached = cached.clone();
                                state.hits += 1;
                                return Some(cached);
                            }
                        }
                    }
                    None => {
                        state.misses += u64::from(count_misses);
                        return None;
                    }
                }
            };
            name = child(&name, &context.answer_anywhere(&question).await);
        }
    }

    fn keep(&self, root: Digest, call: Call<T>, size: impl FnOnce(&T) -> usize) -> Cached<T> {
        let cached = Cached {
            result: call.result.map(Arc::new),
            trace: Arc::new(call.trace),
        };
        let bytes = match &cached.result {
            Ok(result) => size(result),
            Err(error) if error.cause.is_repeatable() => error.to_string().len(),
            Err(_) => return cached,
        };
        let observations = cached.trace.observations();
        let questions: usize = observations
            .iter()
            .map(|seen| size_of(&seen.question))
            .sum();
        let mut state = self.lock();
        let mut name = root;
        for seen in observations {
            state.put(
                name,
                Step::Ask(seen.question.clone()),
                size_of(&seen.question),
            );
            name = child(&name, &seen.answer);
        }
        state.put(
            name,
            Step::Done(cached.clone()),
            NODE_BYTES + bytes + questions,
        );
        state.shrink(self.max_bytes);
        cached
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn put(&mut self, name: Digest, step: Step<T>, bytes: usize) {
        self.clock += 1;
        let node = Node {
            step,
            bytes,
            last_used: self.clock,
        };
        self.bytes += bytes;
        if let Some(old) = self.nodes.insert(name, node) {
            self.bytes -= old.bytes;
        }
    }

    /// Drops what was not used for longest until a quarter of the room is free.
    ///
    /// A walk uses a question before what lies behind it, so within one walk questions go first; what is left behind
    /// such a gap cannot be reached, ages, and goes with a later round.
    fn shrink(&mut self, max_bytes: usize) {
        if self.bytes <= max_bytes {
            return;
        }
        let mut by_age: Vec<(u64, Digest)> = self
            .nodes
            .iter()
            .map(|(name, node)| (node.last_used, *name))
            .collect();
        by_age.sort_unstable();
        for (_, name) in by_age {
            if self.bytes <= max_bytes / 4 * 3 {
                break;
            }
            if let Some(node) = self.nodes.remove(&name) {
                self.bytes -= node.bytes;
            }
        }
    }
}

/// The name of the tree of one request: all that a plugin is given outright.
struct Name(Vec<u8>);

impl Name {
    fn of(plugin: &Plugin, what: &str) -> Self {
        let mut name = Self(Vec::new());
        name.text(what);
        name.part(plugin.identity().digest.as_bytes());
        // A failure may be that of a limit.
        name.text(&format!("{:?}", plugin.limits()));
        name
    }

    fn text(&mut self, text: &str) {
        self.part(text.as_bytes());
    }

    fn json(&mut self, value: &Value) {
        self.part(&fleet_core::canonical::to_vec(value));
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.extend((bytes.len() as u64).to_le_bytes());
        self.0.extend(bytes);
    }

    fn digest(self) -> Digest {
        Digest::of(&self.0)
    }
}

fn child(name: &Digest, answer: &Answer) -> Digest {
    let mut bytes = name.as_bytes().to_vec();
    match answer {
        Answer::Is(digest) => {
            bytes.push(1);
            bytes.extend(digest.as_bytes());
        }
        Answer::Refused(why) => {
            bytes.push(0);
            bytes.extend(why.as_bytes());
        }
    }
    Digest::of(&bytes)
}

/// Bytes of a node besides its texts, about.
const NODE_BYTES: usize = 200;

fn size_of(question: &Question) -> usize {
    let text = match question {
        Question::Read(text)
        | Question::List(text)
        | Question::Resolve(text)
        | Question::Secret(text)
        | Question::Derive { label: text, .. }
        | Question::PrivateKey { label: text, .. }
        | Question::Window { label: text, .. } => text.len(),
        Question::Fact(_) => 32,
    };
    NODE_BYTES + text
}
