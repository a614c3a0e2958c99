//! Runs a plugin in memory, without a host: what `cargo test` of a plugin crate uses.

use std::rc::Rc;

use fleet_core::diagnostic::Diagnostic;
use fleet_core::entropy::{Entropy, KeyKind};
use fleet_core::facts::{Facts, StaticFacts};
use fleet_core::files::{Files, MemoryFiles};
use fleet_core::rendered::{Failure, Output, Rendered};
use serde_json::Value;

use crate::Host;
use crate::policy::{self, Policy};
use crate::renderer::{self, Renderer};

/// Files, facts, settings and values for one call.
#[derive(Clone, Debug, Default)]
pub struct Harness {
    files: MemoryFiles,
    facts: StaticFacts,
    settings: String,
    values: String,
    path: String,
    inputs: Vec<Rendered>,
}

impl Harness {
    /// The same with one more file.
    #[must_use]
    pub fn file(mut self, path: &str, content: &str) -> Self {
        self.files.insert(path, content);
        self
    }

    /// The same with these settings, as JSON.
    #[must_use]
    pub fn settings(mut self, json: &str) -> Self {
        json.clone_into(&mut self.settings);
        self
    }

    /// The same with these values, as JSON.
    #[must_use]
    pub fn values(mut self, json: &str) -> Self {
        json.clone_into(&mut self.values);
        self
    }

    /// The same with these facts.
    #[must_use]
    pub fn facts(mut self, facts: StaticFacts) -> Self {
        self.facts = facts;
        self
    }

    /// The same for another path than the top.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// The same stacked on what an earlier renderer made.
    #[must_use]
    pub fn inputs(mut self, inputs: Vec<Rendered>) -> Self {
        self.inputs = inputs;
        self
    }

    /// Calls a renderer.
    ///
    /// # Errors
    /// What the renderer gives.
    pub fn render<R: Renderer>(&self) -> Result<Output, Failure> {
        let files: Rc<dyn Files> = Rc::new(self.files.clone());
        let facts: Rc<dyn Facts> = Rc::new(self.facts.clone());
        let entropy: Rc<dyn Entropy> = Rc::new(CountingEntropy);
        let host = Host {
            files: &files,
            facts: &facts,
            entropy: &entropy,
        };
        renderer::run::<R>(
            self.path.clone(),
            &self.settings,
            &self.values,
            self.inputs.clone(),
            &host,
        )
    }

    /// Calls a policy.
    ///
    /// # Errors
    /// What the policy gives.
    pub fn check<P: Policy>(&self, objects: &[Value]) -> Result<Vec<Diagnostic>, Failure> {
        let objects = objects
            .iter()
            .map(|object| (object.to_string(), None))
            .collect();
        policy::run::<P>(objects, &self.settings, &self.facts)
    }
}

/// Entropy for tests: plainly not random, and different for each label.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingEntropy;

impl Entropy for CountingEntropy {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        let seed = label.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        (0..u64::from(len))
            .map(|n| (seed.wrapping_add(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8)
            .collect()
    }

    fn private_key(&self, label: &str, kind: KeyKind) -> String {
        format!("-----BEGIN PRIVATE KEY-----\n{kind:?} {label}\n-----END PRIVATE KEY-----\n")
    }

    fn window(&self, _: &str, _: u32) -> u64 {
        0
    }
}
