//! Strings that sources have in common: fields, templates, constants. Each is kept once for all of them.

use std::hash::{BuildHasher as _, Hasher as _};

use hashbrown::HashTable;

use crate::hash::FastHash;
use crate::text::Text;

/// The strings of a set of templates.
#[derive(Default)]
pub(crate) struct Interner {
    /// Indices of `all`.
    ids: HashTable<usize>,
    all: Vec<Known>,
    /// The number of the source that is being read.
    source: u32,
}

struct Known {
    text: Text,
    /// The source that named it last, and where it is in the list of that source.
    source: u32,
    index: u32,
}

impl Interner {
    /// What is known of the string; `text` makes it.
    fn known(&mut self, bytes: &[u8], text: impl FnOnce() -> Text) -> &mut Known {
        let hashed = hash(bytes);
        let all = &self.all;
        let found = self
            .ids
            .find(hashed, |id| is_same(all[*id].text.as_bytes(), bytes));
        let id = match found {
            Some(id) => *id,
            None => self.add(hashed, text()),
        };
        &mut self.all[id]
    }

    fn add(&mut self, hashed: u64, text: Text) -> usize {
        let id = self.all.len();
        self.all.push(Known {
            text,
            source: 0,
            index: 0,
        });
        let all = &self.all;
        self.ids
            .insert_unique(hashed, id, |id| hash(all[*id].text.as_bytes()));
        id
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FastHash::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// Whether both are the same; names are too short for a call to compare them.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    a_rest.len() == b_rest.len()
        && a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| u64::from_le_bytes(*a) == u64::from_le_bytes(*b))
        && a_rest.iter().zip(b_rest).all(|(a, b)| a == b)
}

/// The names of one source while it is being read.
pub(crate) struct Names<'i> {
    interner: &'i mut Interner,
    list: Vec<Text>,
}

impl<'i> Names<'i> {
    /// Those of a source that has none so far.
    pub(crate) fn new(interner: &'i mut Interner) -> Self {
        interner.source += 1;
        Self {
            interner,
            list: Vec::new(),
        }
    }

    /// The string; equal ones share their bytes.
    pub(crate) fn text(&mut self, text: &str) -> Text {
        let make = || Text::from(text);
        self.interner.known(text.as_bytes(), make).text.clone()
    }

    /// The index of a name in the list.
    pub(crate) fn index(&mut self, name: &str) -> u32 {
        self.index_of(name.as_bytes(), || Text::from(name))
    }

    /// The index of a name that need not be UTF-8.
    pub(crate) fn index_of(&mut self, bytes: &[u8], text: impl FnOnce() -> Text) -> u32 {
        let source = self.interner.source;
        let known = self.interner.known(bytes, text);
        if known.source != source {
            known.source = source;
            known.index = crate::code::push(&mut self.list, known.text.clone());
        }
        known.index
    }

    /// The list.
    pub(crate) fn into_list(self) -> Vec<Text> {
        self.list
    }
}
