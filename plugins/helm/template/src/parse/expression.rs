//! Pipelines, commands and operands.

use super::{Parser, Wrong, number, position};
use crate::ast::{NodeId, NodeKind, Pipe, Span};
use crate::code::push;
use crate::fmt::quote;
use crate::lex::{Keyword, Kind, Token};

/// How deep parentheses may nest: Go's number for WebAssembly, a tenth of that for other machines.
const MAX_PARENS: usize = 1000;

impl<'a> Parser<'a> {
    /// A pipeline up to `end`, with the variables that it sets.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<NodeId, Wrong> {
        let first = self.next_non_space();
        self.pipeline_from(first, context, end)
    }

    /// The same, of which the first token has been read.
    pub(super) fn pipeline_from(
        &mut self,
        first: Token<'a>,
        context: &str,
        end: Kind,
    ) -> Result<NodeId, Wrong> {
        let mark = self.pending.len();
        let pos = first.pos;
        let mut token = first;
        let mut assigns = false;
        if token.kind == Kind::Variable {
            self.push_back(token);
            assigns = self.declarations(context, mark)?;
            token = self.next_non_space();
        }
        let n_variables = self.pending.len() - mark;
        loop {
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Keyword(Keyword::Dot | Keyword::Nil)
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    let (command, after) = self.command(token)?;
                    self.pending.push(command);
                    token = match after.kind {
                        Kind::Pipe => self.next_non_space(),
                        _ => after,
                    };
                }
                _ => return Err(self.unexpected(&token, context)),
            }
        }
        self.check_commands(mark + n_variables, context)?;
        let pipe = Pipe {
            assigns,
            n_variables: u8::from(n_variables > 0) + u8::from(n_variables > 1),
            children: self.adopt(mark),
        };
        Ok(self.node(pos, NodeKind::Pipe(pipe)))
    }

    /// The variables that a pipeline sets; whether it assigns to them rather than declares them.
    fn declarations(&mut self, context: &str, mark: usize) -> Result<bool, Wrong> {
        while self.peek_non_space().0 == Kind::Variable {
            let variable = self.next_non_space();
            let after = self.next();
            let mut next = after;
            if next.kind == Kind::Space {
                next = self.next_non_space();
            }
            let is_comma = next.kind == Kind::Char && next.text == ",";
            if !is_comma && !matches!(next.kind, Kind::Assign | Kind::Declare) {
                // It is an operand; the space behind it counts.
                let had_space = after.kind == Kind::Space;
                self.push_back(next);
                if had_space {
                    self.push_back(after);
                }
                self.push_back(variable);
                return Ok(false);
            }
            let span = Span(variable.pos, variable.end());
            let node = self.node(variable.pos, NodeKind::Variable(span));
            self.pending.push(node);
            self.unit.variables.push(variable.text);
            if !is_comma {
                return Ok(next.kind == Kind::Assign);
            }
            if context != "range" || self.pending.len() - mark >= 2 {
                return Err(Wrong(format!("too many declarations in {context}")));
            }
            match self.peek_non_space().0 {
                Kind::Variable | Kind::RightDelim | Kind::RightParen => {}
                _ => return Err(Wrong("range can only initialize variables".to_owned())),
            }
        }
        Ok(false)
    }

    /// Checks the commands of a pipeline, which wait for it.
    fn check_commands(&self, first: usize, context: &str) -> Result<(), Wrong> {
        let commands = &self.pending[first..];
        if commands.is_empty() {
            return Err(Wrong(format!("missing value for {context}")));
        }
        for (i, command) in commands.iter().enumerate().skip(1) {
            let NodeKind::Command(args) = self.kind(*command) else {
                continue;
            };
            if let NodeKind::Bool(_)
            | NodeKind::Dot
            | NodeKind::Nil
            | NodeKind::Number(_)
            | NodeKind::String { .. } = self.kind(self.tree.children(args)[0])
            {
                let stage = i + 1;
                return Err(Wrong(format!(
                    "non executable command in pipeline stage {stage}"
                )));
            }
        }
        Ok(())
    }

    /// Operands from the first token on, and what comes behind them: a pipe sign, or the end of the pipeline.
    fn command(&mut self, first: Token<'a>) -> Result<(NodeId, Token<'a>), Wrong> {
        let mark = self.pending.len();
        let mut token = first;
        let after = loop {
            let (operand, after) = self.operand(token)?;
            self.pending.extend(operand);
            match after.kind {
                Kind::Space => token = self.next_non_space(),
                Kind::RightDelim | Kind::RightParen | Kind::Pipe => break after,
                _ => return Err(self.unexpected(&after, "operand")),
            }
        };
        if self.pending.len() == mark {
            return Err(Wrong("empty command".to_owned()));
        }
        let args = self.adopt(mark);
        Ok((self.node(first.pos, NodeKind::Command(args)), after))
    }

    /// A term and the fields behind it, unless there is no operand here; and the token behind.
    fn operand(&mut self, token: Token<'a>) -> Result<(Option<NodeId>, Token<'a>), Wrong> {
        let Some(term) = self.term(token)? else {
            return Ok((None, token));
        };
        let fields = self.next();
        if fields.kind != Kind::Field {
            return Ok((Some(term), fields));
        }
        let (pos, end) = (fields.pos, fields.end());
        let after = self.next();
        let node = &mut self.tree.nodes[term.0 as usize];
        let operand = match &mut node.kind {
            NodeKind::Field(span) | NodeKind::Variable(span) => {
                span.1 = end;
                node.pos = pos;
                term
            }
            NodeKind::Bool(_)
            | NodeKind::String { .. }
            | NodeKind::Number(_)
            | NodeKind::Nil
            | NodeKind::Dot => {
                let term = quote(&self.tree.print(term));
                return Err(Wrong(format!("unexpected . after term {term}")));
            }
            _ => {
                let fields = Span(pos, end);
                let kind = NodeKind::Chain { node: term, fields };
                self.node(pos, kind)
            }
        };
        Ok((Some(operand), after))
    }

    /// One token, or a pipeline in parentheses; `None` if there is no operand here.
    fn term(&mut self, token: Token<'a>) -> Result<Option<NodeId>, Wrong> {
        let kind = match token.kind {
            Kind::Identifier => match self.functions.get(token.text) {
                Some(function) => NodeKind::Identifier(function),
                None => {
                    let name = quote(token.text);
                    return Err(Wrong(format!("function {name} not defined")));
                }
            },
            Kind::Keyword(Keyword::Dot) => NodeKind::Dot,
            Kind::Keyword(Keyword::Nil) => NodeKind::Nil,
            Kind::Variable => {
                if !self.unit.variables.contains(&token.text) {
                    let name = quote(token.text);
                    return Err(Wrong(format!("undefined variable {name}")));
                }
                NodeKind::Variable(Span(token.pos, token.end()))
            }
            Kind::Field => {
                let kind = NodeKind::Field(Span(token.pos, token.end()));
                // More fields of a field are one field, which Go says is where they begin.
                let n_first = position(token.first().len());
                let pos = match token.pos + n_first {
                    end if end == token.end() => token.pos,
                    second => second,
                };
                return Ok(Some(self.node(pos, kind)));
            }
            Kind::Bool => NodeKind::Bool(token.text == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => {
                let number = number::parse(token.text, token.kind).map_err(Wrong)?;
                NodeKind::Number(push(&mut self.tree.numbers, number))
            }
            Kind::String | Kind::RawString => {
                let text = token.text.as_bytes();
                let is_plain = match token.kind {
                    Kind::RawString => !text.contains(&b'\r'),
                    _ => !text.contains(&b'\\'),
                };
                if token.kind == Kind::String && !is_plain {
                    self.string(token.text)?;
                }
                let len = token.end() - token.pos;
                NodeKind::String { len, is_plain }
            }
            Kind::LeftParen => {
                if self.n_parens >= MAX_PARENS {
                    return Err(Wrong("max expression depth exceeded".to_owned()));
                }
                self.n_parens += 1;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.n_parens -= 1;
                return Ok(Some(pipe));
            }
            _ => return Ok(None),
        };
        Ok(Some(self.node(token.pos, kind)))
    }
}
