//! What Kubernetes' OpenAPI says about merging lists and about scopes.
//!
//! The built-in kinds are a table made from the document that kustomize 5.7.1 carries (Kubernetes v1.21.2); a
//! kustomization can bring a document of its own (`openapi: {path: …}`), which then stands instead.

use std::cell::RefCell;
use std::rc::Rc;

use custom::Document;
use known::Known;

mod custom;
mod known;
mod table;

/// The version of Kubernetes whose kinds are built in, as `openapi: {version: …}` names it.
pub const BUILTIN_VERSION: &str = "v1.21.2";

/// Why a schema cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `openapi` names both a version and a path.
    #[error("builtin version and custom schema provided, cannot use both")]
    Both,
    /// `openapi` names a version that is not [`BUILTIN_VERSION`].
    #[error("the specified OpenAPI version is not built in")]
    UnknownVersion,
    /// A schema file is no OpenAPI document; kustomize panics here.
    #[error("invalid schema file: {0}")]
    Invalid(String),
}

/// The schemas that hold for a build; clones share them.
///
/// Kustomize keeps them in a global that the first kustomization with an `openapi` field sets, and reads them when
/// they are first asked for; what is in force later depends on that order. This value follows it.
#[derive(Clone, Debug, Default)]
pub struct Schema(Rc<RefCell<State>>);

#[derive(Debug, Default)]
struct State {
    custom: Option<Document>,
    /// Whether a kustomization has chosen.
    chosen: bool,
    /// What has been read, the later hiding the earlier.
    layers: Rc<Vec<Layer>>,
    read: bool,
    builtin: Builtin,
}

#[derive(Clone, Debug)]
enum Layer {
    Builtin,
    Custom(Document),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Builtin {
    #[default]
    NotRead,
    /// Asked for only as to scopes, which need no reading.
    Delayed,
    Read,
}

impl Schema {
    /// The built-in kinds.
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Takes over the `openapi` field of a kustomization: its version, and the text of the file that its path names.
    ///
    /// `outermost` is the kustomization that is built; one below it is heard only if none was before.
    ///
    /// # Errors
    /// If the field asks for both or for another version, or the file is no OpenAPI document.
    pub fn set(
        &self,
        version: Option<&str>,
        document: Option<&str>,
        outermost: bool,
    ) -> Result<(), Error> {
        let mut state = self.0.borrow_mut();
        if (state.chosen || state.custom.is_some()) && !outermost {
            return Ok(());
        }
        if let Some(text) = document {
            if version.is_some() {
                return Err(Error::Both);
            }
            state.custom = Some(Document::parse(text)?);
            state.chosen = true;
            state.read = false;
            return Ok(());
        }
        match version {
            None | Some("") => state.chosen = false,
            Some(BUILTIN_VERSION) => {
                state.chosen = true;
                state.custom = None;
                state.read = false;
            }
            Some(_) => return Err(Error::UnknownVersion),
        }
        Ok(())
    }

    /// The type of the objects of a kind, if a schema knows it.
    pub fn type_of(&self, api_version: &str, kind: &str) -> Option<Type> {
        let mut state = self.0.borrow_mut();
        state.read();
        let mut layers = state.layers.iter().rev();
        layers.find_map(|layer| match layer {
            Layer::Builtin => known::of_kind(api_version, kind).map(Type::known),
            Layer::Custom(document) => document
                .of_kind(api_version, kind, &state.layers)
                .map(Type::custom),
        })
    }

    /// Whether objects of a kind live in namespaces; `None` if no schema knows the kind.
    pub fn is_namespace_scoped(&self, api_version: &str, kind: &str) -> Option<bool> {
        if let Some(namespaced) = known::namespaced(api_version, kind) {
            return Some(namespaced);
        }
        let mut state = self.0.borrow_mut();
        if !state.read {
            if state.custom.is_none() {
                if state.builtin == Builtin::NotRead {
                    state.builtin = Builtin::Delayed;
                }
                return None;
            }
            state.read();
        }
        let scopes = state.layers.iter().filter_map(|layer| match layer {
            Layer::Builtin => None,
            Layer::Custom(document) => document.namespaced(api_version, kind),
        });
        // A namespace in any path counts.
        scopes.reduce(|one, other| one || other)
    }

    /// Whether a kind is known not to live in namespaces.
    pub fn is_cluster_scoped(&self, api_version: &str, kind: &str) -> bool {
        self.is_namespace_scoped(api_version, kind) == Some(false)
    }
}

impl State {
    fn read(&mut self) {
        if self.read {
            return;
        }
        self.read = true;
        let layers = Rc::make_mut(&mut self.layers);
        match &self.custom {
            Some(document) => layers.push(Layer::Custom(document.clone())),
            None => {
                layers.push(Layer::Builtin);
                self.builtin = Builtin::Read;
            }
        }
        if self.builtin == Builtin::Delayed {
            layers.push(Layer::Builtin);
            self.builtin = Builtin::Read;
        }
    }
}

/// The type of an object, a field, a value or an item.
#[derive(Clone, Debug)]
pub struct Type(Origin);

#[derive(Clone, Debug)]
enum Origin {
    Known(&'static Known),
    Custom(custom::Schema),
}

impl Type {
    fn known(known: &'static Known) -> Self {
        Self(Origin::Known(known))
    }

    fn custom(schema: custom::Schema) -> Self {
        Self(Origin::Custom(schema))
    }

    /// The type of a field, or of the values of a map.
    pub fn field(&self, name: &str) -> Option<Self> {
        match &self.0 {
            Origin::Known(known) => known.field(name).map(Self::known),
            Origin::Custom(schema) => schema.field(name),
        }
    }

    /// The type of the items of a list.
    pub fn items(&self) -> Option<Self> {
        match &self.0 {
            Origin::Known(known) => known.items().map(Self::known),
            Origin::Custom(schema) => schema.items(),
        }
    }

    /// The keys by which the items of a list are told apart when it is merged.
    ///
    /// No keys: a list of plain values, each its own key. `None`: the list is not merged, but replaced.
    pub fn merge_keys(&self) -> Option<Vec<&str>> {
        match &self.0 {
            Origin::Known(known) => known.merge_keys().map(<[_]>::to_vec),
            Origin::Custom(schema) => schema.merge_keys(),
        }
    }
}

#[cfg(test)]
mod tests;
