//! Strings that sources have in common: fields, templates, constants. Each is kept once for all of them.

use std::collections::HashMap;

use crate::hash::FastHash;
use crate::text::Text;

/// The strings of a set of templates.
#[derive(Default)]
pub(crate) struct Interner {
    ids: HashMap<Text, usize, FastHash>,
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
    fn known(&mut self, bytes: &[u8]) -> &mut Known {
        let id = match self.ids.get(bytes) {
            Some(id) => *id,
            None => {
                let text = Text::from(bytes);
                self.ids.insert(text.clone(), self.all.len());
                self.all.push(Known {
                    text,
                    source: 0,
                    index: 0,
                });
                self.all.len() - 1
            }
        };
        &mut self.all[id]
    }
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
    pub(crate) fn text(&mut self, bytes: &[u8]) -> Text {
        self.interner.known(bytes).text.clone()
    }

    /// The index of a name in the list.
    pub(crate) fn index(&mut self, bytes: &[u8]) -> u32 {
        let source = self.interner.source;
        let known = self.interner.known(bytes);
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
