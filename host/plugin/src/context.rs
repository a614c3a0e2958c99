//! What a plugin is offered during one call: files, facts, entropy and granted secrets.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use fleet_core::digest::Digest;
use fleet_core::entropy::Entropy;
use fleet_core::facts::Facts;
use fleet_core::files::{self, Entry, EntryKind, Files, MemoryFiles, ReadError};
use fleet_core::secret::Secret;

use crate::entropy::HostEntropy;
use crate::trace::{Answer, Fact, Question};

/// Everything that a call may ask about.
#[derive(Clone)]
pub struct Context {
    /// The files of the revision.
    pub files: Arc<Snapshot>,
    /// What may be known of the target.
    pub facts: Arc<dyn Facts + Send + Sync>,
    /// Values that other tools draw at random.
    pub entropy: Arc<dyn Entropy + Send + Sync>,
    /// What the operator has granted, by name.
    pub secrets: Arc<BTreeMap<String, Secret<Vec<u8>>>>,
}

impl Context {
    /// Files and facts, with entropy that anybody can compute (a fixed secret), and no secrets.
    pub fn new(files: Arc<dyn Files + Send + Sync>, facts: Arc<dyn Facts + Send + Sync>) -> Self {
        let entropy = HostEntropy::new(Secret::new([0; 32])).bundle("", facts.commit_time());
        Self {
            files: Arc::new(Snapshot::new(files)),
            facts,
            entropy: Arc::new(entropy),
            secrets: Arc::default(),
        }
    }

    /// No files, and facts of no cluster.
    pub fn empty() -> Self {
        let facts = fleet_core::facts::StaticFacts::default();
        Self::new(Arc::new(MemoryFiles::new()), Arc::new(facts))
    }

    /// The same with this entropy.
    #[must_use]
    pub fn with_entropy(mut self, entropy: Arc<dyn Entropy + Send + Sync>) -> Self {
        self.entropy = entropy;
        self
    }

    /// The same for another target.
    #[must_use]
    pub fn with_facts(mut self, facts: Arc<dyn Facts + Send + Sync>) -> Self {
        self.facts = facts;
        self
    }

    /// The same with these granted secrets.
    #[must_use]
    pub fn with_secrets(mut self, secrets: BTreeMap<String, Secret<Vec<u8>>>) -> Self {
        self.secrets = Arc::new(secrets);
        self
    }

    /// What this context answers to a question.
    pub fn answer(&self, question: &Question) -> Answer {
        match question {
            Question::Read(_) | Question::List(_) | Question::Resolve(_) => {
                self.files.answer(question)
            }
            Question::Fact(fact) => Answer::of(&self.fact(fact)),
            Question::Derive { label, len } => Answer::of(&self.entropy.derive(label, *len)),
            Question::PrivateKey { label, kind } => {
                Answer::of(self.entropy.private_key(label, *kind).as_bytes())
            }
            Question::Window { label, days } => {
                Answer::of(&self.entropy.window(label, *days).to_le_bytes())
            }
            Question::Secret(grant) => match self.secrets.get(grant) {
                Some(secret) => Answer::of(secret.reveal()),
                None => Answer::Refused("not granted".to_owned()),
            },
        }
    }

    /// The same from async code: what may have to be fetched is asked for where waiting is allowed.
    pub(crate) async fn answer_anywhere(&self, question: &Question) -> Answer {
        if !matches!(question, Question::Resolve(_)) {
            return self.answer(question);
        }
        if let Some(answer) = self.files.known(question) {
            return answer;
        }
        let (context, question) = (self.clone(), question.clone());
        let asked = tokio::task::spawn_blocking(move || context.answer(&question)).await;
        // A panic of ours: then no kept output is right.
        asked.unwrap_or_else(|_| Answer::Refused("it could not be looked up".to_owned()))
    }

    /// A fact in a form that is never the same for different facts.
    fn fact(&self, fact: &Fact) -> Vec<u8> {
        let facts = &self.facts;
        let option = |value: Option<String>| value.map_or(vec![0], |text| join(&[&text]));
        let pairs = |pairs: Vec<(String, String)>| {
            let flat: Vec<&str> = pairs
                .iter()
                .flat_map(|(key, value)| [key.as_str(), value.as_str()])
                .collect();
            join(&flat)
        };
        match fact {
            Fact::BundleName => join(&[&facts.bundle_name()]),
            Fact::DefaultNamespace => join(&[&facts.default_namespace()]),
            Fact::KubeVersion => join(&[&facts.kube_version()]),
            Fact::HasApi(api) => vec![u8::from(facts.has_api(api))],
            Fact::ApiVersions => join(&facts.api_versions()),
            Fact::Label(key) => option(facts.label(key)),
            Fact::Labels => pairs(facts.labels()),
            Fact::Annotation(key) => option(facts.annotation(key)),
            Fact::Annotations => pairs(facts.annotations()),
            Fact::TemplateValue(key) => option(
                facts
                    .template_value(key)
                    .map(|value| fleet_core::canonical::to_string(&value)),
            ),
            Fact::ClusterName => option(facts.cluster_name()),
            Fact::ClusterNamespace => option(facts.cluster_namespace()),
            Fact::CommitTime => facts.commit_time().to_le_bytes().to_vec(),
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

/// Texts with their lengths before them, so that no two lists are the same bytes.
fn join<T: AsRef<str>>(texts: &[T]) -> Vec<u8> {
    let mut bytes = vec![1];
    for text in texts {
        bytes.extend((text.as_ref().len() as u64).to_le_bytes());
        bytes.extend(text.as_ref().as_bytes());
    }
    bytes
}

/// Files that do not change, with what was asked of them already: a revision is hashed once, not once for each cluster.
pub struct Snapshot {
    files: Arc<dyn Files + Send + Sync>,
    answers: Mutex<HashMap<Question, Answer>>,
}

impl Snapshot {
    /// A view of files that stay as they are while it lives.
    pub fn new(files: Arc<dyn Files + Send + Sync>) -> Self {
        Self {
            files,
            answers: Mutex::new(HashMap::new()),
        }
    }

    /// The files.
    pub fn files(&self) -> &(dyn Files + Send + Sync) {
        &*self.files
    }

    /// The files, shared.
    pub fn shared_files(&self) -> Arc<dyn Files + Send + Sync> {
        Arc::clone(&self.files)
    }

    /// What is known to be the answer.
    fn known(&self, question: &Question) -> Option<Answer> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(question).cloned()
    }

    fn answer(&self, question: &Question) -> Answer {
        if let Some(answer) = self.known(question) {
            return answer;
        }
        match question {
            Question::Read(path) => self.read(path).1,
            Question::List(path) => self.list(path).1,
            Question::Resolve(reference) => self.resolve(reference).1,
            _ => Answer::Refused("not a question about files".to_owned()),
        }
    }

    fn remember(&self, question: Question, answer: impl FnOnce() -> Answer) -> Answer {
        {
            let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(answer) = answers.get(&question) {
                return answer.clone();
            }
        }
        let answer = answer();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(question, answer.clone());
        answer
    }

    /// Reads a file by its normalised path.
    pub(crate) fn read(&self, path: &str) -> (Result<Vec<u8>, ReadError>, Answer) {
        let result = self.files.read(path);
        let answer = self.remember(Question::Read(path.to_owned()), || match &result {
            Ok(content) => Answer::of(content),
            Err(error) => Answer::Refused(error.to_string()),
        });
        (result, answer)
    }

    /// Lists a folder by its normalised path.
    pub(crate) fn list(&self, path: &str) -> (Result<Vec<Entry>, ReadError>, Answer) {
        let mut result = self.files.list(path);
        if let Ok(entries) = &mut result {
            entries.sort();
        }
        let answer = self.remember(Question::List(path.to_owned()), || match &result {
            Ok(entries) => Answer::Is(digest_of(entries)),
            Err(error) => Answer::Refused(error.to_string()),
        });
        (result, answer)
    }

    /// Resolves something outside of the repository.
    pub(crate) fn resolve(&self, reference: &str) -> (Result<String, ReadError>, Answer) {
        let result = self.files.resolve(reference);
        let answer = self.remember(Question::Resolve(reference.to_owned()), || match &result {
            Ok(path) => Answer::of(path.as_bytes()),
            Err(error) => Answer::Refused(error.to_string()),
        });
        (result, answer)
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

/// A path as it is asked for and recorded: without `.`, `..` and doubled `/`.
pub(crate) fn normal(path: &str) -> Result<String, ReadError> {
    files::join("", path)
}

fn digest_of(entries: &[Entry]) -> Digest {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend((entry.name.len() as u64).to_le_bytes());
        bytes.extend(entry.name.as_bytes());
        bytes.push(match entry.kind {
            EntryKind::File => 0,
            EntryKind::Directory => 1,
            EntryKind::Symlink => 2,
        });
        bytes.extend(entry.size.to_le_bytes());
    }
    Digest::of(&bytes)
}
