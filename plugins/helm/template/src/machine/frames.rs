//! Templates that execute templates: entering, leaving, and what an error says of the way there.

use std::rc::Rc;

use super::{Machine, Operand, calling};
use crate::ast::NodeId;
use crate::code::{Code, DOT, Parsed, ROOT};
use crate::error::{ExecError, Site};
use crate::fmt::{quote, quote_bytes};
use crate::functions::Failure;
use crate::templates::strip_no_value;
use crate::text::Text;
use crate::value::Value;

/// How deep a template may include itself; Helm's number.
const MAX_INCLUDED: u32 = 1000;
/// How deep `tpl` may call itself. Helm has no limit: there the process ends.
const MAX_TPLS: u32 = 1000;
/// How deep `template` may nest; Go's number, which only memory bounds here.
const MAX_FRAMES: usize = 100_000;

/// How many values the slots of all templates that are being executed may hold together.
const MAX_STACK: usize = 4_000_000;

/// A template that is being executed.
pub(super) struct Frame {
    pub(super) code: Rc<Code>,
    /// The next instruction.
    pub(super) pc: usize,
    /// Where its slots begin on the stack.
    pub(super) base: usize,
    kind: Kind,
    scope: Option<Rc<Scope>>,
}

/// What executes a template, and so what becomes of what it writes.
pub(super) enum Kind {
    /// `template`, or the program: it stays in the output.
    Template,
    /// `include`: from there on it becomes a string.
    Include(usize),
    /// `tpl`, with its text: likewise.
    Tpl(usize, Text),
}

/// The definitions that the text of a `tpl` brings along, for what it executes.
pub(super) struct Scope {
    parsed: Rc<Parsed>,
    around: Option<Rc<Scope>>,
}

impl Machine<'_> {
    pub(super) fn enter(
        &mut self,
        code: Rc<Code>,
        data: Operand,
        kind: Kind,
        scope: Option<Rc<Scope>>,
    ) -> Result<(), Failure> {
        let base = self.stack.len();
        if base + code.n_slots as usize > MAX_STACK {
            return Err(Failure::new(format!(
                "templates in each other hold more than {MAX_STACK} values"
            )));
        }
        self.stack
            .resize_with(base + code.n_slots as usize, Operand::default);
        self.stack[base + ROOT as usize] = data.clone();
        self.stack[base + DOT as usize] = data;
        self.frames.push(Frame {
            code,
            pc: 0,
            base,
            kind,
            scope,
        });
        Ok(())
    }

    /// Ends the topmost template.
    pub(super) fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.stack.truncate(frame.base);
        match frame.kind {
            Kind::Template => {}
            Kind::Include(start) => {
                if let Some(n) = self.included.get_mut(frame.code.name.as_bytes()) {
                    *n -= 1;
                }
                let text = Text::from(&self.out[start..]);
                self.out.truncate(start);
                self.push(Value::String(text));
            }
            Kind::Tpl(start, _) => {
                self.n_tpls -= 1;
                let text = Text::from(&*strip_no_value(&self.out[start..]));
                self.out.truncate(start);
                self.push(Value::String(text));
            }
        }
    }

    fn scope(&self) -> Option<Rc<Scope>> {
        self.frames.last().and_then(|frame| frame.scope.clone())
    }

    /// The template of that name, where the topmost frame looks for it.
    fn lookup(&self, name: &Text) -> Option<Rc<Code>> {
        let mut blank = None;
        let mut scope = self.frames.last().and_then(|frame| frame.scope.as_ref());
        while let Some(inner) = scope {
            let parsed = &inner.parsed;
            let mut codes = parsed.defined.iter().chain([&parsed.main]);
            match codes.find(|code| code.name == *name) {
                Some(code) if code.is_blank => blank = Some(code),
                Some(code) => return Some(code.clone()),
                None => {}
            }
            scope = inner.around.as_ref();
        }
        // A blank definition is one only where there is no other.
        self.templates.get(name).or(blank).cloned()
    }

    pub(super) fn no_template(&self, name: &Text) -> String {
        let name = quote_bytes(name.as_bytes());
        let set = quote_bytes(self.templates.name.as_bytes());
        format!("template: no template {name} associated with template {set}")
    }

    /// The template that `template` is to execute.
    pub(super) fn find_template(&self, name: &Text) -> Result<Rc<Code>, Failure> {
        let Some(code) = self.lookup(name) else {
            let name = quote_bytes(name.as_bytes());
            return Err(Failure::new(format!("template {name} not defined")));
        };
        if self.frames.len() >= MAX_FRAMES {
            return Err(Failure::new(format!(
                "exceeded maximum template depth ({MAX_FRAMES})"
            )));
        }
        Ok(code)
    }

    pub(super) fn template(&mut self, name: &Text) -> Result<(), Failure> {
        let code = self.find_template(name)?;
        let data = self.pop();
        let scope = self.scope();
        self.enter(code, data, Kind::Template, scope)
    }

    pub(super) fn include(&mut self) -> Result<(), Failure> {
        let data = self.pop().value;
        let name = match self.pop().value {
            Value::String(name) => name,
            _ => Text::default(),
        };
        let n = self.included.get(name.as_bytes()).copied();
        if n.is_some_and(|n| n > MAX_INCLUDED) {
            let message = format!(
                "rendering template has a nested reference name: {name}: unable to execute template"
            );
            return Err(calling("include", Failure::new(message)));
        }
        let Some(code) = self.lookup(&name) else {
            return Err(calling("include", Failure::new(self.no_template(&name))));
        };
        *self.included.entry(name).or_default() += 1;
        let scope = self.scope();
        let start = self.out.len();
        self.enter(code, data.into(), Kind::Include(start), scope)
    }

    pub(super) fn tpl(&mut self) -> Result<(), Failure> {
        let data = self.pop().value;
        let text = match self.pop().value {
            Value::String(text) => text,
            _ => Text::default(),
        };
        if text
            .as_str()
            .is_some_and(|text| self.templates.is_plain(text))
        {
            let stripped = match strip_no_value(text.as_bytes()) {
                std::borrow::Cow::Borrowed(_) => text,
                std::borrow::Cow::Owned(bytes) => Text::from(bytes),
            };
            self.push(Value::String(stripped));
            return Ok(());
        }
        if self.n_tpls >= MAX_TPLS {
            let message = format!("tpl calls itself more than {MAX_TPLS} levels deep");
            return Err(calling("tpl", Failure::new(message)));
        }
        let parsed = self.templates.parse_tpl(&text).map_err(|error| {
            let quoted = quote_bytes(text.as_bytes());
            let message = format!("cannot parse template {quoted}: {error}");
            calling("tpl", Failure::new(message))
        })?;
        let main = parsed.main.clone();
        let around = self.scope();
        let scope = Some(Rc::new(Scope { parsed, around }));
        self.n_tpls += 1;
        let start = self.out.len();
        self.enter(main, data.into(), Kind::Tpl(start, text), scope)
    }

    /// The error that ends the execution, with all places from the outermost template on.
    pub(super) fn error(&self, failure: Failure) -> ExecError {
        let mut sites = Vec::new();
        let mut calling = Some(String::new());
        let mut room = MAX_ERROR;
        for frame in self.frames.iter().rev() {
            if let Some(calling) = calling.take() {
                let node = frame.site();
                sites.push(Site {
                    location: frame.code.source.location(node),
                    template: frame.code.name.to_string(),
                    context: cut(frame.code.source.tree.print(node), &mut room),
                    calling: cut(calling, &mut room),
                });
            }
            calling = match &frame.kind {
                // What executes it by `template` is not where Go says the error is.
                Kind::Template => None,
                Kind::Include(_) => Some("error calling include: ".to_owned()),
                Kind::Tpl(_, text) => {
                    let text = quote_bytes(text.as_bytes());
                    Some(format!(
                        "error calling tpl: error during tpl function execution for {text}: "
                    ))
                }
            };
        }
        sites.reverse();
        // The texts of `fail` and `required` are all that their authors want to be seen.
        let by_author = failure.by_author.then(|| {
            let text = failure.message.split_once(": ");
            text.map_or(failure.message.clone(), |(_, text)| text.to_owned())
        });
        ExecError {
            sites,
            message: failure.message,
            by_author,
        }
    }
}

impl Frame {
    /// The node that is being executed.
    fn site(&self) -> NodeId {
        self.code.site(self.pc.saturating_sub(1))
    }
}

/// Bytes of expressions and texts in one error. Each level of a recursion may bring a whole file.
const MAX_ERROR: usize = 1 << 20;

/// The text as far as there is room for it.
fn cut(mut text: String, room: &mut usize) -> String {
    if text.len() > *room {
        text.truncate(text.floor_char_boundary(*room));
        text.push('…');
    }
    *room = room.saturating_sub(text.len());
    text
}

/// How many templates a label names from either end, and how many bytes of each command.
const MAX_NAMED: usize = 50;
const MAX_COMMAND: usize = 200;

/// How execution came to where it is, without positions: template, command, template, command.
pub(super) fn label(frames: &[Frame]) -> String {
    let mut label = String::new();
    for (i, frame) in frames.iter().enumerate() {
        if i >= MAX_NAMED && i + MAX_NAMED < frames.len() {
            continue;
        }
        if !label.is_empty() {
            label.push_str(" > ");
        }
        label.push_str(&quote(&frame.code.name.to_str()));
        label.push(' ');
        let command = frame.code.source.tree.print(frame.site());
        let mut room = MAX_COMMAND;
        label.push_str(&cut(command, &mut room));
    }
    label
}
