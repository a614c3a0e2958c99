//! `$patch`, which tells what to do with a mapping or a list of the object.

use super::Error;
use crate::field::text;
use crate::node::{Mapping, Node};

const KEY: &str = "$patch";

/// What to do with what the object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

impl Directive {
    fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "merge" => Ok(Self::Merge),
            "replace" => Ok(Self::Replace),
            "delete" => Ok(Self::Delete),
            _ => Err(Error::UnknownDirective(word.to_owned())),
        }
    }
}

/// Takes the directive out of a mapping.
pub(super) fn take(patch: &mut Mapping) -> Result<Directive, Error> {
    let Some(word) = patch.get(KEY) else {
        return Ok(Directive::Merge);
    };
    let directive = Directive::parse(text(word))?;
    patch.remove(KEY);
    Ok(directive)
}

/// Takes the directive out of a list, where it is an item of its own.
pub(super) fn take_from_list(patch: &mut Vec<Node>) -> Result<Directive, Error> {
    let Some(item) = patch
        .iter()
        .filter_map(Node::as_mapping)
        .find(|item| item.contains(KEY))
    else {
        return Ok(Directive::Merge);
    };
    // With other fields beside it, it is the directive of that item.
    let (Some(word), 1) = (item.get(KEY), item.len()) else {
        return Ok(Directive::Merge);
    };
    let word = text(word).to_owned();
    let directive = Directive::parse(&word)?;
    patch.retain(|item| match item {
        Node::Mapping(item) => {
            !item.is_empty() && item.get(KEY).is_none_or(|other| text(other) != word)
        }
        Node::Scalar(_) | Node::Sequence(_) => !item.is_null(),
    });
    Ok(directive)
}
