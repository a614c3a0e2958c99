//! What begins and ends: conditions, loops, and the `end` of all of them.

use super::{Parser, Wrong};
use crate::ast::NodeId;
use crate::code::{Loop, Op, push};
use crate::compile::Patch;
use crate::lex::{Keyword, Kind, Token};

/// Something that waits for its `end`.
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// Where to go if the condition does not hold, until `else` or `end` is seen.
    otherwise: Option<Patch>,
    /// Those who are to go to the end.
    ends: Vec<Patch>,
    has_else: bool,
    /// Whether it is the continuation of an `else`, and ends with what it continues.
    is_chained: bool,
    n_variables: usize,
    n_scope: usize,
    dot: u32,
    free: u32,
}

pub(super) enum BlockKind {
    If,
    With,
    Range {
        /// Where the next item is taken.
        top: u32,
        next: Option<Patch>,
        breaks: Vec<Patch>,
    },
    Define,
    /// `block`: what executes it, once it is defined.
    Block {
        call: NodeId,
        pipe: NodeId,
    },
}

/// What a block puts back when it ends.
pub(super) struct Before {
    n_variables: usize,
    n_scope: usize,
    dot: u32,
    free: u32,
}

impl<'a> Parser<'a> {
    pub(super) fn open(&mut self, kind: BlockKind, is_chained: bool, before: Before) {
        self.unit.blocks.push(Block {
            kind,
            otherwise: None,
            ends: Vec::new(),
            has_else: false,
            is_chained,
            n_variables: before.n_variables,
            n_scope: before.n_scope,
            dot: before.dot,
            free: before.free,
        });
    }

    pub(super) fn before(&mut self) -> Before {
        let unit = &mut self.unit;
        Before {
            n_variables: unit.variables.len(),
            n_scope: unit.builder.scope.len(),
            dot: unit.builder.dot,
            free: unit.builder.free,
        }
    }

    fn set_otherwise(&mut self, patch: Patch) {
        if let Some(block) = self.unit.blocks.last_mut() {
            block.otherwise = Some(patch);
        }
    }

    pub(super) fn begin_if(&mut self, is_chained: bool) -> Result<(), Wrong> {
        let before = self.before();
        let pipe = self.pipeline("if", Kind::RightDelim)?;
        self.compile(pipe);
        let builder = &mut self.unit.builder;
        builder.is_blank = false;
        let otherwise = builder.emit_jump(Op::JumpUnless(0));
        self.open(BlockKind::If, is_chained, before);
        self.set_otherwise(otherwise);
        Ok(())
    }

    pub(super) fn begin_with(&mut self, is_chained: bool) -> Result<(), Wrong> {
        let before = self.before();
        let pipe = self.pipeline("with", Kind::RightDelim)?;
        self.compile(pipe);
        let builder = &mut self.unit.builder;
        builder.is_blank = false;
        let dot = builder.new_slot();
        let otherwise = builder.emit_jump(Op::With { dot, otherwise: 0 });
        builder.dot = dot;
        self.open(BlockKind::With, is_chained, before);
        self.set_otherwise(otherwise);
        Ok(())
    }

    pub(super) fn begin_range(&mut self) -> Result<(), Wrong> {
        let before = self.before();
        let pipe = self.pipeline("range", Kind::RightDelim)?;
        let slots = self.compile(pipe);
        let builder = &mut self.unit.builder;
        builder.is_blank = false;
        let otherwise = builder.emit_jump(Op::Range {
            n_variables: slots.n(),
            otherwise: 0,
        });
        let dot = builder.new_slot();
        builder.dot = dot;
        let top = builder.here();
        let (key, item) = match slots.second {
            None => (None, slots.first),
            item => (slots.first, item),
        };
        let parts = Loop {
            dot,
            key,
            item,
            end: 0,
        };
        let i = push(&mut self.tables.loops, parts);
        let next = Some(builder.emit_jump(Op::Next(i)));
        let kind = BlockKind::Range {
            top,
            next,
            breaks: Vec::new(),
        };
        self.open(kind, false, before);
        self.set_otherwise(otherwise);
        self.unit.n_ranges += 1;
        Ok(())
    }

    /// `break` or `continue`, after the word.
    pub(super) fn leave(&mut self, word: Token<'a>) -> Result<(), Wrong> {
        let name = word.text;
        let token = self.next_non_space();
        if token.kind != Kind::RightDelim {
            return Err(self.unexpected(&token, &format!("{{{{{name}}}}}")));
        }
        let unit = &mut self.unit;
        if unit.n_ranges == 0 {
            return Err(Wrong(format!("{{{{{name}}}}} outside {{{{range}}}}")));
        }
        unit.builder.is_blank = false;
        let is_break = word.kind == Kind::Keyword(Keyword::Break);
        for block in unit.blocks.iter_mut().rev() {
            let BlockKind::Range { top, breaks, .. } = &mut block.kind else {
                continue;
            };
            if block.has_else {
                // In the `else` of a loop the loop around it is meant.
                continue;
            }
            if is_break {
                breaks.push(unit.builder.emit_jump(Op::Break(0)));
            } else {
                unit.builder.emit(Op::Jump(*top));
            }
            break;
        }
        Ok(())
    }

    /// `else`, after the word.
    pub(super) fn otherwise(&mut self) -> Result<(), Wrong> {
        let chained = match self.peek_non_space().0 {
            Kind::Keyword(keyword @ (Keyword::If | Keyword::With)) => Some(keyword),
            _ => {
                self.expect(Kind::RightDelim, "else")?;
                None
            }
        };
        let unit = &mut self.unit;
        let Some(block) = unit.blocks.last_mut() else {
            return Err(Wrong("unexpected {{else}}".to_owned()));
        };
        match (&block.kind, chained) {
            (BlockKind::Define, _) => {
                return Err(Wrong("unexpected {{else}} in define clause".to_owned()));
            }
            (BlockKind::Block { .. }, _) => {
                // What surrounds the block complains, and has seen nothing of what is in it.
                self.close_unit();
                return Err(Wrong("unexpected {{else}} in block clause".to_owned()));
            }
            _ if block.has_else => {
                return Err(Wrong("expected end; found {{else}}".to_owned()));
            }
            _ => {}
        }
        let builder = &mut unit.builder;
        match &mut block.kind {
            BlockKind::Range { top, next, .. } => {
                builder.emit(Op::Jump(*top));
                // The loop that is done does not go through the `else`.
                block.ends.extend(next.take());
                unit.n_ranges -= 1;
            }
            _ => block.ends.push(builder.emit_jump(Op::Jump(0))),
        }
        if let Some(otherwise) = block.otherwise.take() {
            builder.patch(&mut self.tables, otherwise);
        }
        block.has_else = true;
        unit.action = None;
        builder.dot = block.dot;
        let is_if = matches!(block.kind, BlockKind::If);
        let is_with = matches!(block.kind, BlockKind::With);
        match chained {
            Some(Keyword::If) if is_if => {
                self.next_non_space();
                self.begin_if(true)
            }
            Some(Keyword::With) if is_with => {
                self.next_non_space();
                self.begin_with(true)
            }
            Some(_) => {
                // Go goes on as if text came here, and finds a word.
                let token = self.next_non_space();
                Err(self.unexpected(&token, "input"))
            }
            None => Ok(()),
        }
    }

    /// `end`, after the word.
    pub(super) fn end(&mut self) -> Result<(), Wrong> {
        self.expect(Kind::RightDelim, "end")?;
        loop {
            let unit = &mut self.unit;
            let Some(block) = unit.blocks.pop() else {
                return Err(Wrong("unexpected {{end}}".to_owned()));
            };
            match block.kind {
                BlockKind::Define => {
                    let unit = self.close_unit();
                    self.define(unit)?;
                    return Ok(());
                }
                BlockKind::Block { call, pipe } => {
                    let unit = self.close_unit();
                    let name = unit.name.clone();
                    self.define(unit)?;
                    self.call_template(call, &name, Some(pipe));
                    return Ok(());
                }
                BlockKind::If | BlockKind::With => {}
                BlockKind::Range { top, next, breaks } => {
                    if !block.has_else {
                        unit.builder.emit(Op::Jump(top));
                        unit.n_ranges -= 1;
                    }
                    for patch in next.into_iter().chain(breaks) {
                        unit.builder.patch(&mut self.tables, patch);
                    }
                }
            }
            let builder = &mut unit.builder;
            for patch in block.otherwise.into_iter().chain(block.ends) {
                builder.patch(&mut self.tables, patch);
            }
            builder.dot = block.dot;
            builder.free = block.free;
            builder.scope.truncate(block.n_scope);
            unit.variables.truncate(block.n_variables);
            if !block.is_chained {
                return Ok(());
            }
        }
    }
}
