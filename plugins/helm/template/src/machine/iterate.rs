//! Loops: over slices, maps and whole numbers.

use std::rc::Rc;

use super::{Machine, Operand};
use crate::code::Loop;
use crate::functions::Failure;
use crate::text::Text;
use crate::value::{List, Type, Value};

/// A loop on its way.
pub(super) enum Iteration {
    List(List, usize),
    Bytes(Rc<[u8]>, usize),
    /// The entries at the beginning: what the loop changes in the map does not change the loop.
    Map(std::vec::IntoIter<(Text, Value)>, Type),
    Numbers {
        next: i64,
        end: i64,
        make: fn(i64) -> Value,
    },
}

impl Machine<'_> {
    /// Begins a loop over the top; false if there is nothing in it.
    pub(super) fn begin_range(&mut self, n_variables: u32) -> Result<bool, Failure> {
        let value = self.pop().value;
        let make: fn(i64) -> Value = match &value {
            Value::Nil => return Ok(false),
            Value::List(list) => {
                if list.is_empty() {
                    return Ok(false);
                }
                self.loops.push(Iteration::List(list.clone(), 0));
                return Ok(true);
            }
            Value::Bytes(bytes) => {
                if bytes.is_empty() {
                    return Ok(false);
                }
                self.loops.push(Iteration::Bytes(bytes.clone(), 0));
                return Ok(true);
            }
            Value::Map(map) => {
                let entries = map.entries();
                if entries.is_empty() {
                    return Ok(false);
                }
                let entries = entries.into_iter();
                self.loops.push(Iteration::Map(entries, map.element()));
                return Ok(true);
            }
            Value::Int(_) => Value::Int,
            Value::Int64(_) => Value::Int64,
            Value::Int32(_) => |n| Value::Int32(n as i32),
            Value::Uint8(_) => |n| Value::Uint8(n as u8),
            Value::Uint64(_) => |n| Value::Uint64(n as u64),
            other => {
                let text = Text::from(crate::fmt::sprint(std::slice::from_ref(other))?);
                return Err(Failure::new(format!("range can't iterate over {text}")));
            }
        };
        let end = value.as_int().unwrap_or(i64::MAX);
        if n_variables > 1 {
            return Err(Failure::new(format!(
                "can't use {end} to iterate over more than one variable"
            )));
        }
        if end <= 0 {
            return Ok(false);
        }
        self.loops.push(Iteration::Numbers { next: 0, end, make });
        Ok(true)
    }

    /// Puts the next item where the loop wants it; false if there is none.
    pub(super) fn next_item(&mut self, parts: &Loop, base: usize) -> bool {
        let (key, item) = match self.loops.last_mut() {
            None => return false,
            Some(Iteration::List(list, i)) => {
                let Some(item) = list.items().get(*i) else {
                    return false;
                };
                *i += 1;
                let item = Operand {
                    value: item.clone(),
                    boxed: list.element() == Type::Any,
                };
                (index(*i - 1), item)
            }
            Some(Iteration::Bytes(bytes, i)) => {
                let Some(byte) = bytes.get(*i) else {
                    return false;
                };
                *i += 1;
                (index(*i - 1), Value::Uint8(*byte).into())
            }
            Some(Iteration::Map(entries, element)) => {
                let Some((key, value)) = entries.next() else {
                    return false;
                };
                let boxed = *element == Type::Any;
                (Value::String(key), Operand { value, boxed })
            }
            Some(Iteration::Numbers { next, end, make }) => {
                if *next >= *end {
                    return false;
                }
                *next += 1;
                (Value::Nil, make(*next - 1).into())
            }
        };
        if let Some(slot) = parts.key {
            self.stack[base + slot as usize] = key.into();
        }
        if let Some(slot) = parts.item {
            self.stack[base + slot as usize] = item.clone();
        }
        self.stack[base + parts.dot as usize] = item;
        true
    }
}

fn index(i: usize) -> Value {
    Value::Int(i64::try_from(i).unwrap_or(i64::MAX))
}
