//! Values that say more than JSON can: keys in an order of their own, and scalars that are already text.

use super::order::{natural, sorted};
use super::{Emitter, INDENT};
use crate::resolve::Schema;

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// A scalar as it is to stand there: `null`, `1e+06`, `.nan`, `2020-01-02T00:00:00Z`.
    Plain(String),
    /// Text, quoted where it has to be.
    Text(String),
    /// A sequence.
    Sequence(Vec<Tree>),
    /// A mapping, written in goyaml's order of keys.
    Mapping(Vec<(String, Tree)>),
    /// A mapping, written in its own order, as goyaml writes structures.
    Struct(Vec<(String, Tree)>),
}

impl Tree {
    /// Writes as goyaml.v3 with indent 2 does, with the final newline.
    pub fn to_string_pretty(&self) -> String {
        let mut emitter = Emitter::new(Schema::V3);
        emitter.tree(self, None);
        emitter.finish()
    }
}

impl Emitter {
    /// Writes a tree; `indent` is the indentation of the collection around it.
    fn tree(&mut self, tree: &Tree, indent: Option<usize>) {
        let inner = indent.map_or(0, |indent| indent + INDENT);
        match tree {
            Tree::Plain(text) => self.plain_text(text),
            Tree::Text(text) => self.string(text, inner.max(INDENT), false),
            Tree::Sequence(items) if items.is_empty() => self.indicator("[]", true),
            Tree::Sequence(items) => {
                for item in items {
                    self.new_line(inner);
                    self.indicator("-", true);
                    self.indention = true;
                    self.tree(item, Some(inner));
                }
            }
            Tree::Mapping(entries) | Tree::Struct(entries) if entries.is_empty() => {
                self.indicator("{}", true);
            }
            Tree::Mapping(entries) => {
                let order =
                    |a: &&(String, Tree), b: &&(String, Tree)| natural(&a.0, &b.0, self.schema);
                let entries = sorted(entries.iter().collect(), &order);
                self.entries(entries.into_iter(), inner);
            }
            Tree::Struct(entries) => self.entries(entries.iter(), inner),
        }
    }

    fn entries<'t>(&mut self, entries: impl Iterator<Item = &'t (String, Tree)>, indent: usize) {
        for (key, item) in entries {
            self.new_line(indent);
            self.key(key, indent);
            self.tree(item, Some(indent));
        }
    }
}
