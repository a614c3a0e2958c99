//! Reads a template and writes its code: Go's grammar, with Go's errors.

mod blocks;
mod expression;
mod number;

use std::collections::HashMap;
use std::rc::Rc;

use blocks::{Block, BlockKind};

use crate::ast::{Node, NodeId, NodeKind, Nodes, Source};
use crate::code::{Code, Op, Parsed, push};
use crate::compile::Builder;
use crate::error::ParseError;
use crate::fmt::{quote_bytes, unquote};
use crate::functions::Functions;
use crate::hash::FastHash;
use crate::lex::{Keyword, Kind, Lexer, Token};
use crate::text::Text;

/// Parses a text under a name.
///
/// # Errors
/// With Go's words, at the line where Go sees the error.
pub(crate) fn parse(
    name: &Text,
    text: &str,
    delims: (&str, &str),
    functions: &Functions,
) -> Result<Parsed, ParseError> {
    if u32::try_from(text.len()).is_err() {
        return Err(ParseError {
            name: name.to_string(),
            line: 1,
            message: "text is longer than 4 GiB".to_owned(),
        });
    }
    let mut lexer = Lexer::new(text, delims.0, delims.1);
    lexer.set_words(
        functions.get("break").is_none(),
        functions.get("continue").is_none(),
    );
    let mut parser = Parser {
        name,
        text,
        functions,
        lexer,
        pushed_back: Vec::new(),
        n_parens: 0,
        names: HashMap::default(),
        nodes: Vec::with_capacity(text.len() / 32),
        units: vec![Unit::new(name.clone())],
        defined: Vec::new(),
    };
    match parser.run() {
        Ok(()) => Ok(parser.finish(text)),
        Err(Wrong(message)) => Err(ParseError {
            name: name.to_string(),
            line: parser.units.last().map_or(1, |unit| unit.line as usize),
            message,
        }),
    }
}

/// What is wrong with the text, at the line of the token that was read last.
struct Wrong(String);

struct Parser<'a> {
    name: &'a Text,
    text: &'a str,
    functions: &'a Functions,
    lexer: Lexer<'a>,
    pushed_back: Vec<Token<'a>>,
    n_parens: usize,
    names: HashMap<&'a str, Text, FastHash>,
    nodes: Vec<Node>,
    /// The template that is being read, and those around it that wait for its end.
    units: Vec<Unit>,
    defined: Vec<(Text, Builder)>,
}

/// One template on its way.
struct Unit {
    name: Text,
    builder: Builder,
    /// The names that may be used; also those that only seem to be declared.
    variables: Vec<Text>,
    blocks: Vec<Block>,
    n_ranges: usize,
    /// The line of the token that was read last.
    line: u32,
    /// The line at which the action began that is being read; zero outside. Go leaves that of a
    /// block standing until something in it has been read.
    action_line: u32,
}

impl Unit {
    fn new(name: Text) -> Self {
        Self {
            name,
            builder: Builder::new(),
            variables: vec![Text::from("$")],
            blocks: Vec::new(),
            n_ranges: 0,
            line: 1,
            action_line: 0,
        }
    }
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Token<'a> {
        if let Some(token) = self.pushed_back.pop() {
            return token;
        }
        let token = self.lexer.next_token();
        self.unit().line = token.line;
        token
    }

    fn next_non_space(&mut self) -> Token<'a> {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn push_back(&mut self, token: Token<'a>) {
        self.pushed_back.push(token);
    }

    fn peek(&mut self) -> Kind {
        if let Some(token) = self.pushed_back.last() {
            return token.kind;
        }
        let token = self.next();
        let kind = token.kind;
        self.push_back(token);
        kind
    }

    /// Kind and place of the next token that is not a space.
    fn peek_non_space(&mut self) -> (Kind, u32) {
        let token = self.next_non_space();
        let seen = (token.kind, token.pos);
        self.push_back(token);
        seen
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token<'a>, Wrong> {
        let token = self.next_non_space();
        match token.kind == kind {
            true => Ok(token),
            false => Err(self.unexpected(&token, context)),
        }
    }

    fn unexpected(&self, token: &Token<'_>, context: &str) -> Wrong {
        let found = self.lexer.describe(token);
        if token.kind != Kind::Error {
            return Wrong(format!("unexpected {found} in {context}"));
        }
        let line = self.units.last().map_or(0, |unit| unit.action_line);
        if line == 0 || line == token.line {
            return Wrong(found);
        }
        let name = self.name;
        match found.ends_with(" action") {
            true => Wrong(format!("{found} started at {name}:{line}")),
            false => Wrong(format!("{found} in action started at {name}:{line}")),
        }
    }

    fn node(&mut self, pos: u32, kind: NodeKind) -> NodeId {
        NodeId(push(&mut self.nodes, Node { pos, kind }))
    }

    fn unit(&mut self) -> &mut Unit {
        self.units.last_mut().expect("one template is being read")
    }

    fn builder(&mut self) -> &mut Builder {
        &mut self.unit().builder
    }

    /// Writes the code of a pipeline; the slots of its variables.
    fn compile(&mut self, pipe: NodeId) -> Vec<u32> {
        let unit = self.units.last_mut().expect("one template is being read");
        let nodes = Nodes {
            all: &self.nodes,
            text: self.text,
        };
        unit.builder.pipeline(nodes, pipe)
    }

    fn nodes(&self) -> Nodes<'_> {
        Nodes {
            all: &self.nodes,
            text: self.text,
        }
    }

    /// Where the text of an action stands that prints a string constant and nothing else.
    fn constant_text(&self, pipe: NodeId) -> Option<(u32, u32)> {
        let nodes = self.nodes();
        let NodeKind::Pipe(pipe) = nodes.kind(pipe) else {
            return None;
        };
        let ([], [command]) = (&pipe.variables[..], &pipe.commands[..]) else {
            return None;
        };
        match nodes.kind(*command) {
            NodeKind::Command(args) if args.len() == 1 => nodes.plain_string(args[0]),
            _ => None,
        }
    }

    fn run(&mut self) -> Result<(), Wrong> {
        loop {
            let token = self.next_non_space();
            match token.kind {
                Kind::Eof if self.units.len() == 1 && self.unit().blocks.is_empty() => break,
                Kind::Eof => return Err(Wrong("unexpected EOF".to_owned())),
                Kind::Text => self.text(&token),
                Kind::LeftDelim => {
                    self.unit().action_line = token.line;
                    let before = self.depth();
                    self.action()?;
                    if self.depth() <= before {
                        self.unit().action_line = 0;
                    }
                }
                _ => return Err(self.unexpected(&token, "input")),
            }
        }
        let unit = self.units.pop().expect("one template is being read");
        self.define(unit)
    }

    /// How many templates, and blocks in the innermost, wait for their end.
    fn depth(&mut self) -> (usize, usize) {
        (self.units.len(), self.unit().blocks.len())
    }

    fn text(&mut self, token: &Token<'_>) {
        let builder = self.builder();
        builder.is_blank = builder.is_blank && token.text.trim().is_empty();
        let len = u32::try_from(token.text.len()).unwrap_or(u32::MAX);
        builder.emit(Op::Text(token.pos, token.pos.saturating_add(len)));
    }

    /// A name; equal ones share their bytes.
    fn name(&mut self, name: &'a str) -> Text {
        let shared = self.names.entry(name);
        shared.or_insert_with(|| Text::from(name)).clone()
    }

    /// An action, after its left delimiter.
    fn action(&mut self) -> Result<(), Wrong> {
        let token = self.next_non_space();
        if let Kind::Keyword(keyword) = token.kind {
            match keyword {
                Keyword::Block => return self.block(),
                Keyword::Break | Keyword::Continue => return self.leave(token),
                Keyword::Define if self.units.len() == 1 && self.unit().blocks.is_empty() => {
                    return self.definition();
                }
                Keyword::Else => return self.otherwise(),
                Keyword::End => return self.end(),
                Keyword::If => return self.begin_if(false),
                Keyword::Range => return self.begin_range(),
                Keyword::Template => return self.template(),
                Keyword::With => return self.begin_with(false),
                Keyword::Define | Keyword::Dot | Keyword::Nil => {}
            }
        }
        let pos = token.pos;
        self.push_back(token);
        let pipe = self.pipeline("command", Kind::RightDelim)?;
        let declares = match &self.nodes[pipe.0 as usize].kind {
            NodeKind::Pipe(pipe) => !pipe.variables.is_empty(),
            _ => false,
        };
        let action = self.node(pos, NodeKind::Action(pipe));
        if let Some((from, to)) = self.constant_text(pipe) {
            let builder = self.builder();
            builder.is_blank = false;
            builder.emit(Op::Text(from, to));
            return Ok(());
        }
        self.compile(pipe);
        let builder = self.builder();
        builder.is_blank = false;
        if declares {
            builder.discard();
        } else {
            builder.at(action);
            builder.emit(Op::Print);
        }
        Ok(())
    }

    fn template_name(&mut self, token: &Token<'a>, context: &str) -> Result<Text, Wrong> {
        match token.kind {
            Kind::String | Kind::RawString => string(token.text),
            _ => Err(self.unexpected(token, context)),
        }
    }

    /// `define`, after the word.
    fn definition(&mut self) -> Result<(), Wrong> {
        // Go does not say where the action began here.
        self.unit().action_line = 0;
        let token = self.next_non_space();
        let name = self.template_name(&token, "define clause")?;
        self.expect(Kind::RightDelim, "define clause")?;
        self.open_unit(name, BlockKind::Define);
        Ok(())
    }

    fn open_unit(&mut self, name: Text, kind: BlockKind) {
        self.units.push(Unit::new(name));
        let before = self.before();
        self.open(kind, false, before);
    }

    /// `block`, after the word.
    fn block(&mut self) -> Result<(), Wrong> {
        let token = self.next_non_space();
        let name = self.template_name(&token, "block clause")?;
        let pipe = self.pipeline("block clause", Kind::RightDelim)?;
        self.builder().is_blank = false;
        let kind = NodeKind::Template {
            name: name.clone(),
            pipe: Some(pipe),
        };
        let call = self.node(token.pos, kind);
        self.open_unit(name, BlockKind::Block { call, pipe });
        Ok(())
    }

    /// `template`, after the word.
    fn template(&mut self) -> Result<(), Wrong> {
        let token = self.next_non_space();
        let name = self.template_name(&token, "template clause")?;
        let after = self.next_non_space();
        let pipe = match after.kind {
            Kind::RightDelim => None,
            _ => {
                self.push_back(after);
                Some(self.pipeline("template clause", Kind::RightDelim)?)
            }
        };
        let kind = NodeKind::Template {
            name: name.clone(),
            pipe,
        };
        let call = self.node(token.pos, kind);
        self.builder().is_blank = false;
        self.call_template(call, &name, pipe);
        Ok(())
    }

    fn call_template(&mut self, call: NodeId, name: &Text, pipe: Option<NodeId>) {
        let builder = self.builder();
        builder.at(call);
        let i = push(&mut builder.tables.names, name.clone());
        // Go looks for the template before it looks at the data.
        builder.emit(Op::Find(i));
        match pipe {
            Some(pipe) => {
                self.compile(pipe);
            }
            None => self.builder().emit(Op::Nil),
        }
        self.builder().emit(Op::Template(i));
    }

    /// Keeps a template that was read, unless one of its name is there already.
    fn define(&mut self, unit: Unit) -> Result<(), Wrong> {
        let known = self.defined.iter_mut().find(|(name, _)| *name == unit.name);
        match known {
            None => self.defined.push((unit.name, unit.builder)),
            Some((_, builder)) if builder.is_blank => *builder = unit.builder,
            Some(_) if unit.builder.is_blank => {}
            Some(_) => {
                let name = quote_bytes(unit.name.as_bytes());
                return Err(Wrong(format!(
                    "template: multiple definition of template {name}"
                )));
            }
        }
        Ok(())
    }

    fn finish(self, text: &str) -> Parsed {
        let source = Rc::new(Source {
            name: self.name.clone(),
            text: text.into(),
            nodes: self.nodes,
        });
        let mut main = None;
        let mut defined = Vec::new();
        for (name, builder) in self.defined {
            let is_main = name == *self.name;
            let code: Rc<Code> = Rc::new(builder.finish(name, source.clone()));
            match is_main {
                true => main = Some(code),
                false => defined.push(code),
            }
        }
        Parsed {
            main: main.expect("the text itself is among what was read"),
            defined,
        }
    }
}

/// The value of a string constant.
fn string(source: &str) -> Result<Text, Wrong> {
    match unquote(source) {
        Some(bytes) => Ok(Text::from(bytes)),
        None => Err(Wrong("invalid syntax".to_owned())),
    }
}
