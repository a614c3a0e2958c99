//! Reads a template and writes its code: Go's grammar, with Go's errors.

mod blocks;
mod expression;
mod number;

use std::rc::Rc;

use blocks::{Block, BlockKind};

use crate::ast::{Children, Node, NodeId, NodeKind, Span, Tree};
use crate::code::{Code, Op, Parsed, Source, Tables, push};
use crate::compile::{Builder, Context, Slots};
use crate::error::ParseError;
use crate::fmt::{quote_bytes, unquote};
use crate::functions::Functions;
use crate::lex::{Keyword, Kind, Lexer, Token};
use crate::names::{Interner, Names};
use crate::text::Text;

/// Parses a text under a name.
///
/// # Errors
/// With Go's words, at the line where Go sees the error.
pub(crate) fn parse(
    name: &Text,
    text: &Rc<str>,
    delims: (&str, &str),
    functions: &Functions,
    interner: &mut Interner,
) -> Result<Parsed, ParseError> {
    if u32::try_from(text.len()).is_err() {
        return Err(ParseError {
            name: name.to_string(),
            line: 1,
            message: "text is longer than 4 GiB".to_owned(),
        });
    }
    // Most sources need about so many nodes, and as many instructions.
    let n_expected = (text.len() / 20).min(1 << 10);
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
        names: Names::new(interner),
        pending: Vec::new(),
        tree: Tree {
            text: Rc::clone(text),
            nodes: Vec::with_capacity(n_expected),
            children: Vec::with_capacity(n_expected),
            numbers: Vec::new(),
        },
        tables: Tables::default(),
        unit: Unit::new(name.clone()),
        around: Vec::new(),
        spare: Vec::new(),
        ops: Vec::with_capacity(n_expected),
        sites: Vec::with_capacity(n_expected),
        defined: Vec::new(),
    };
    match parser.run() {
        Ok(()) => Ok(parser.finish()),
        Err(Wrong(message)) => Err(ParseError {
            name: name.to_string(),
            line: parser.tree.line(parser.unit.at),
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
    names: Names<'a>,
    /// Nodes whose parents are not known yet, the outermost first.
    pending: Vec<NodeId>,
    tree: Tree,
    tables: Tables,
    /// The template that is being read, and those around it that wait for its end.
    unit: Unit<'a>,
    around: Vec<Unit<'a>>,
    /// Those that are done, for their memory.
    spare: Vec<Unit<'a>>,
    /// The code of all templates that are done.
    ops: Vec<Op>,
    sites: Vec<NodeId>,
    defined: Vec<Defined>,
}

/// One template on its way.
struct Unit<'a> {
    name: Text,
    builder: Builder<'a>,
    /// The names that may be used; also those that only seem to be declared.
    variables: Vec<&'a str>,
    blocks: Vec<Block>,
    n_ranges: usize,
    /// Where the token stands that was read last.
    at: u32,
    /// Where the action began that is being read, if one is. Go leaves that of a block standing until something in it
    /// has been read.
    action: Option<u32>,
}

impl Unit<'_> {
    fn new(name: Text) -> Self {
        Self {
            name,
            builder: Builder::new(),
            variables: vec!["$"],
            blocks: Vec::new(),
            n_ranges: 0,
            at: 0,
            action: None,
        }
    }

    /// Begins anew, with the memory that it has.
    fn reset(&mut self, name: Text) {
        self.name = name;
        self.builder.reset();
        self.variables.truncate(1);
        self.blocks.clear();
        self.n_ranges = 0;
        self.at = 0;
        self.action = None;
    }
}

/// One template that was read: a piece of the code.
struct Defined {
    name: Text,
    first: u32,
    end: u32,
    n_slots: u32,
    is_blank: bool,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Token<'a> {
        if let Some(token) = self.pushed_back.pop() {
            return token;
        }
        let token = self.lexer.next_token();
        self.unit.at = token.pos;
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
        let line = self.unit.action.map(|pos| self.tree.line(pos));
        match line {
            Some(line) if line != self.tree.line(token.pos) => {
                let name = self.name;
                match found.ends_with(" action") {
                    true => Wrong(format!("{found} started at {name}:{line}")),
                    false => Wrong(format!("{found} in action started at {name}:{line}")),
                }
            }
            _ => Wrong(found),
        }
    }

    fn node(&mut self, pos: u32, kind: NodeKind) -> NodeId {
        NodeId(push(&mut self.tree.nodes, Node { pos, kind }))
    }

    fn kind(&self, id: NodeId) -> NodeKind {
        self.tree.kind(id)
    }

    /// Makes the nodes that were kept since then the children of one node.
    fn adopt(&mut self, mark: usize) -> Children {
        let first = position(self.tree.children.len());
        self.tree.children.extend_from_slice(&self.pending[mark..]);
        self.pending.truncate(mark);
        let n = position(self.tree.children.len()) - first;
        Children { first, n }
    }

    /// Writes the code of a pipeline; the slots of its variables.
    fn compile(&mut self, pipe: NodeId) -> Slots {
        let mut cx = Context {
            text: self.text,
            tree: &self.tree,
            tables: &mut self.tables,
            names: &mut self.names,
        };
        self.unit.builder.pipeline(&mut cx, pipe)
    }

    /// Where the text of an action stands that prints a string constant and nothing else.
    fn constant_text(&self, pipe: NodeId) -> Option<Span> {
        let NodeKind::Pipe(pipe) = self.kind(pipe) else {
            return None;
        };
        let [command] = self.tree.children(pipe.children) else {
            return None;
        };
        match self.kind(*command) {
            NodeKind::Command(args) if args.n == 1 => {
                self.tree.plain_string(self.tree.children(args)[0])
            }
            _ => None,
        }
    }

    fn run(&mut self) -> Result<(), Wrong> {
        loop {
            let token = self.next_non_space();
            match token.kind {
                Kind::Eof if self.at_top() => break,
                Kind::Eof => return Err(Wrong("unexpected EOF".to_owned())),
                Kind::Text => self.text(&token),
                Kind::LeftDelim => {
                    self.unit.action = Some(token.pos);
                    let before = self.depth();
                    self.action()?;
                    if self.depth() <= before {
                        self.unit.action = None;
                    }
                }
                _ => return Err(self.unexpected(&token, "input")),
            }
        }
        // What is wrong with the whole text is at its beginning.
        let unit = std::mem::replace(&mut self.unit, Unit::new(self.name.clone()));
        self.define(unit)
    }

    /// Whether nothing waits for its end.
    fn at_top(&self) -> bool {
        self.depth() == (0, 0)
    }

    /// How many templates, and blocks in the innermost, wait for their end.
    fn depth(&self) -> (usize, usize) {
        (self.around.len(), self.unit.blocks.len())
    }

    fn text(&mut self, token: &Token<'_>) {
        let builder = &mut self.unit.builder;
        builder.is_blank = builder.is_blank && token.text.trim().is_empty();
        let len = u32::try_from(token.text.len()).unwrap_or(u32::MAX);
        builder.emit(Op::Text(token.pos, token.pos.saturating_add(len)));
    }

    /// An action, after its left delimiter.
    fn action(&mut self) -> Result<(), Wrong> {
        let token = self.next_non_space();
        if let Kind::Keyword(keyword) = token.kind {
            match keyword {
                Keyword::Block => return self.block(),
                Keyword::Break | Keyword::Continue => return self.leave(token),
                Keyword::Define if self.at_top() => {
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
        let pipe = self.pipeline_from(token, "command", Kind::RightDelim)?;
        let declares = match self.kind(pipe) {
            NodeKind::Pipe(pipe) => pipe.n_variables > 0,
            _ => false,
        };
        let action = self.node(pos, NodeKind::Action(pipe));
        if let Some(Span(from, to)) = self.constant_text(pipe) {
            let builder = &mut self.unit.builder;
            builder.is_blank = false;
            builder.emit(Op::Text(from, to));
            return Ok(());
        }
        self.compile(pipe);
        let builder = &mut self.unit.builder;
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
            Kind::String | Kind::RawString => self.string(token.text),
            _ => Err(self.unexpected(token, context)),
        }
    }

    /// `define`, after the word.
    fn definition(&mut self) -> Result<(), Wrong> {
        // Go does not say where the action began here.
        self.unit.action = None;
        let token = self.next_non_space();
        let name = self.template_name(&token, "define clause")?;
        self.expect(Kind::RightDelim, "define clause")?;
        self.open_unit(name, BlockKind::Define);
        Ok(())
    }

    fn open_unit(&mut self, name: Text, kind: BlockKind) {
        let unit = match self.spare.pop() {
            Some(mut unit) => {
                unit.reset(name);
                unit
            }
            None => Unit::new(name),
        };
        self.around.push(std::mem::replace(&mut self.unit, unit));
        let before = self.before();
        self.open(kind, false, before);
    }

    /// Goes back to the template around the one that is being read, which is done.
    fn close_unit(&mut self) -> Unit<'a> {
        let around = self.around.pop();
        let around = around.expect("only templates in others have an end of their own");
        std::mem::replace(&mut self.unit, around)
    }

    /// `block`, after the word.
    fn block(&mut self) -> Result<(), Wrong> {
        let token = self.next_non_space();
        let name = self.template_name(&token, "block clause")?;
        let pipe = self.pipeline("block clause", Kind::RightDelim)?;
        self.unit.builder.is_blank = false;
        let kind = NodeKind::Template {
            name: Span(token.pos, token.end()),
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
            _ => Some(self.pipeline_from(after, "template clause", Kind::RightDelim)?),
        };
        let kind = NodeKind::Template {
            name: Span(token.pos, token.end()),
            pipe,
        };
        let call = self.node(token.pos, kind);
        self.unit.builder.is_blank = false;
        self.call_template(call, &name, pipe);
        Ok(())
    }

    fn call_template(&mut self, call: NodeId, name: &Text, pipe: Option<NodeId>) {
        let builder = &mut self.unit.builder;
        builder.at(call);
        let i = self.names.index_of(name.as_bytes(), || name.clone());
        // Go looks for the template before it looks at the data.
        builder.emit(Op::Find(i));
        match pipe {
            Some(pipe) => {
                self.compile(pipe);
            }
            None => self.unit.builder.emit(Op::Nil),
        }
        self.unit.builder.emit(Op::Template(i));
    }

    /// Keeps a template that was read, unless one of its name is there already.
    fn define(&mut self, mut unit: Unit<'a>) -> Result<(), Wrong> {
        let known = self
            .defined
            .iter()
            .position(|known| known.name == unit.name);
        let is_blank = unit.builder.is_blank;
        match known {
            Some(known) if !self.defined[known].is_blank => {
                if !is_blank {
                    let name = quote_bytes(unit.name.as_bytes());
                    return Err(Wrong(format!(
                        "template: multiple definition of template {name}"
                    )));
                }
            }
            known => {
                unit.builder.emit(Op::Return);
                let first = position(self.ops.len());
                self.ops.extend_from_slice(&unit.builder.ops);
                self.sites.extend_from_slice(&unit.builder.sites);
                let defined = Defined {
                    name: unit.name.clone(),
                    first,
                    end: position(self.ops.len()),
                    n_slots: unit.builder.n_slots,
                    is_blank,
                };
                match known {
                    Some(known) => self.defined[known] = defined,
                    None => self.defined.push(defined),
                }
            }
        }
        self.spare.push(unit);
        Ok(())
    }

    fn finish(self) -> Parsed {
        let source = Rc::new(Source {
            name: self.name.clone(),
            tree: self.tree,
            ops: self.ops,
            sites: self.sites,
            tables: self.tables,
            names: self.names.into_list(),
        });
        let mut main = None;
        let mut defined = Vec::with_capacity(self.defined.len());
        for template in self.defined {
            let is_main = template.name == *self.name;
            let code = Rc::new(Code {
                name: template.name,
                source: Rc::clone(&source),
                first: template.first,
                end: template.end,
                n_slots: template.n_slots,
                is_blank: template.is_blank,
            });
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

    /// The value of a string constant.
    fn string(&mut self, source: &str) -> Result<Text, Wrong> {
        if let Some(plain) = source
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            && !plain.contains('\\')
        {
            return Ok(self.names.text(plain));
        }
        match unquote(source) {
            Some(bytes) => Ok(Text::from(bytes)),
            None => Err(Wrong("invalid syntax".to_owned())),
        }
    }
}

fn position(n: usize) -> u32 {
    u32::try_from(n).expect("a source has less than 4 GiB")
}
