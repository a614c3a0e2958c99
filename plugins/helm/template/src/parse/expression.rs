//! Pipelines, commands and operands.

use super::{Parser, Wrong, number, string};
use crate::ast::{Node, NodeId, NodeKind, Pipe};
use crate::code::push;
use crate::fmt::quote;
use crate::lex::{Keyword, Kind};

/// How deep parentheses may nest: Go's number for WebAssembly, a tenth of that for other machines.
const MAX_PARENS: usize = 1000;

impl<'a> Parser<'a> {
    /// A pipeline up to `end`, with the variables that it sets.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<NodeId, Wrong> {
        let (_, pos) = self.peek_non_space();
        let mut pipe = Pipe {
            assigns: false,
            variables: Vec::new(),
            commands: Vec::new(),
        };
        self.declarations(context, &mut pipe)?;
        loop {
            let token = self.next_non_space();
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
                    self.push_back(token);
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return Err(self.unexpected(&token, context)),
            }
        }
        self.check_pipeline(&pipe, context)?;
        Ok(self.node(pos, NodeKind::Pipe(pipe)))
    }

    fn declarations(&mut self, context: &str, pipe: &mut Pipe) -> Result<(), Wrong> {
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
                return Ok(());
            }
            let name = self.name(variable.text);
            let node = self.node(variable.pos, NodeKind::Variable(vec![name.clone()]));
            pipe.variables.push(node);
            self.unit().variables.push(name);
            if !is_comma {
                pipe.assigns = next.kind == Kind::Assign;
                return Ok(());
            }
            if context != "range" || pipe.variables.len() >= 2 {
                return Err(Wrong(format!("too many declarations in {context}")));
            }
            match self.peek_non_space().0 {
                Kind::Variable | Kind::RightDelim | Kind::RightParen => {}
                _ => return Err(Wrong("range can only initialize variables".to_owned())),
            }
        }
        Ok(())
    }

    fn check_pipeline(&self, pipe: &Pipe, context: &str) -> Result<(), Wrong> {
        if pipe.commands.is_empty() {
            return Err(Wrong(format!("missing value for {context}")));
        }
        for (i, command) in pipe.commands.iter().enumerate().skip(1) {
            let NodeKind::Command(args) = &self.nodes[command.0 as usize].kind else {
                continue;
            };
            if let NodeKind::Bool(_)
            | NodeKind::Dot
            | NodeKind::Nil
            | NodeKind::Number(_)
            | NodeKind::String(_) = &self.nodes[args[0].0 as usize].kind
            {
                let stage = i + 1;
                return Err(Wrong(format!(
                    "non executable command in pipeline stage {stage}"
                )));
            }
        }
        Ok(())
    }

    /// Operands up to a pipe sign, which it takes, or to the end, which it leaves.
    fn command(&mut self) -> Result<NodeId, Wrong> {
        let (_, pos) = self.peek_non_space();
        let mut args = Vec::new();
        loop {
            if let Some(operand) = self.operand()? {
                args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.push_back(token),
                Kind::Pipe => {}
                _ => return Err(self.unexpected(&token, "operand")),
            }
            break;
        }
        if args.is_empty() {
            return Err(Wrong("empty command".to_owned()));
        }
        Ok(self.node(pos, NodeKind::Command(args)))
    }

    /// A term and the fields behind it; `None` if there is no operand here.
    fn operand(&mut self) -> Result<Option<NodeId>, Wrong> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        if self.peek() != Kind::Field {
            return Ok(Some(term));
        }
        let mut fields = Vec::new();
        let mut pos = None;
        while self.peek() == Kind::Field {
            let token = self.next();
            pos.get_or_insert(token.pos);
            fields.push(self.name(&token.text[1..]));
        }
        let node = &mut self.nodes[term.0 as usize];
        match &mut node.kind {
            // More fields of a field are one field, which Go says is where they begin.
            NodeKind::Field(names) | NodeKind::Variable(names) => {
                names.append(&mut fields);
                node.pos = pos.unwrap_or(node.pos);
                Ok(Some(term))
            }
            NodeKind::Bool(_)
            | NodeKind::String(_)
            | NodeKind::Number(_)
            | NodeKind::Nil
            | NodeKind::Dot => {
                let term = quote(&self.nodes().print(term));
                Err(Wrong(format!("unexpected . after term {term}")))
            }
            _ => {
                let kind = NodeKind::Chain { node: term, fields };
                let pos = pos.unwrap_or_default();
                Ok(Some(NodeId(push(&mut self.nodes, Node { pos, kind }))))
            }
        }
    }

    fn term(&mut self) -> Result<Option<NodeId>, Wrong> {
        let token = self.next_non_space();
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
                let name = self.name(token.text);
                if !self.unit().variables.contains(&name) {
                    let name = quote(token.text);
                    return Err(Wrong(format!("undefined variable {name}")));
                }
                NodeKind::Variable(vec![name])
            }
            Kind::Field => NodeKind::Field(vec![self.name(&token.text[1..])]),
            Kind::Bool => NodeKind::Bool(token.text == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => {
                NodeKind::Number(number::parse(token.text, token.kind).map_err(Wrong)?)
            }
            Kind::String | Kind::RawString => {
                if token.kind == Kind::String && token.text.contains('\\') {
                    string(token.text)?;
                }
                let len = u32::try_from(token.text.len()).unwrap_or(u32::MAX);
                NodeKind::String(len)
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
            _ => {
                self.push_back(token);
                return Ok(None);
            }
        };
        Ok(Some(self.node(token.pos, kind)))
    }
}
