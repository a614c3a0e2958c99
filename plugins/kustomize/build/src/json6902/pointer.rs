//! Places in an object, by JSON pointer.

use crate::node::Node;

/// The mapping or list that holds what a pointer names, and the key or index there.
pub(super) fn find<'a>(object: &'a mut Node, pointer: &str) -> Option<(&'a mut Node, String)> {
    let (parents, key) = pointer.rsplit_once('/')?;
    let mut node = object;
    // Whatever stands before the first slash is not looked at.
    for part in parents.split('/').skip(1) {
        node = get_mut(node, &unescape(part)).ok()??;
        if !matches!(node, Node::Mapping(_) | Node::Sequence(_)) {
            return None;
        }
    }
    Some((node, unescape(key)))
}

/// What stands at a key or index; in a mapping, nothing is no error.
pub(super) fn get_mut<'a>(
    container: &'a mut Node,
    key: &str,
) -> Result<Option<&'a mut Node>, String> {
    match container {
        Node::Mapping(mapping) => Ok(mapping.get_mut(key)),
        Node::Sequence(items) => {
            let at = index(key, items.len())?;
            Ok(items.get_mut(at))
        }
        Node::Scalar(_) => Ok(None),
    }
}

/// Puts a value at a key or before an index; `-` is the end of a list.
pub(super) fn add(container: &mut Node, key: &str, value: Node) -> Result<(), String> {
    match container {
        Node::Mapping(mapping) => mapping.set(key, value),
        Node::Sequence(items) if key == "-" => items.push(value),
        Node::Sequence(items) => {
            number(key)
                .map_err(|why| format!("value was not a proper array index: '{key}': {why}"))?;
            let at = index(key, items.len() + 1)?;
            items.insert(at, value);
        }
        Node::Scalar(_) => {}
    }
    Ok(())
}

/// Removes what stands at a key or index.
pub(super) fn remove(container: &mut Node, key: &str) -> Result<(), String> {
    match container {
        Node::Mapping(mapping) => match mapping.remove(key) {
            Some(_) => Ok(()),
            None => Err(format!(
                "Unable to remove nonexistent key: {key}: missing value"
            )),
        },
        Node::Sequence(items) => {
            let at = index(key, items.len())?;
            items.remove(at);
            Ok(())
        }
        Node::Scalar(_) => Ok(()),
    }
}

/// An index below a length; a negative one counts from the end.
fn index(key: &str, len: usize) -> Result<usize, String> {
    let number = number(key)?;
    let at = if number < 0 {
        let back = usize::try_from(number.unsigned_abs()).ok();
        back.and_then(|back| len.checked_sub(back))
    } else {
        usize::try_from(number).ok().filter(|at| *at < len)
    };
    at.ok_or_else(|| format!("Unable to access invalid index: {number}: invalid index referenced"))
}

/// Go's `strconv.Atoi`.
fn number(key: &str) -> Result<i64, String> {
    let digits = key.strip_prefix(['+', '-']).unwrap_or(key);
    let why = if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        "invalid syntax"
    } else {
        match key.parse() {
            Ok(number) => return Ok(number),
            Err(_) => "value out of range",
        }
    };
    Err(format!("strconv.Atoi: parsing {key:?}: {why}"))
}

/// `~1` is `/` and `~0` is `~`.
fn unescape(part: &str) -> String {
    if !part.contains('~') {
        return part.to_owned();
    }
    part.replace("~1", "/").replace("~0", "~")
}
