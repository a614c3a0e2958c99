//! Tokens, by table.

use super::*;

/// The tokens of a text: kind, line and text.
fn check(source: &str, expected: &[(Kind, u32, &str)]) {
    let mut lexer = Lexer::new(source, "{{", "}}");
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next_token();
        let kind = token.kind;
        let text = match kind {
            Kind::Error => lexer.describe(&token),
            _ => token.text.to_owned(),
        };
        let before = &source.as_bytes()[..token.pos as usize];
        tokens.push((kind, 1 + position(memchr_iter(b'\n', before).count()), text));
        if matches!(kind, Kind::Eof | Kind::Error) {
            break;
        }
    }
    let expected: Vec<_> = expected
        .iter()
        .map(|(kind, line, text)| (*kind, *line, (*text).to_owned()))
        .collect();
    assert_eq!(tokens, expected, "{source:?}");
}

#[test]
fn text_and_actions_alternate() {
    use Kind::*;
    check(
        "a\n{{.x}}b",
        &[
            (Text, 1, "a\n"),
            (LeftDelim, 2, "{{"),
            (Field, 2, ".x"),
            (RightDelim, 2, "}}"),
            (Text, 2, "b"),
            (Eof, 2, ""),
        ],
    );
    check(
        "{{$x := print 1.5 \"a\" | f}}",
        &[
            (LeftDelim, 1, "{{"),
            (Variable, 1, "$x"),
            (Space, 1, " "),
            (Declare, 1, ":="),
            (Space, 1, " "),
            (Identifier, 1, "print"),
            (Space, 1, " "),
            (Number, 1, "1.5"),
            (Space, 1, " "),
            (String, 1, "\"a\""),
            (Space, 1, " "),
            (Pipe, 1, "|"),
            (Space, 1, " "),
            (Identifier, 1, "f"),
            (RightDelim, 1, "}}"),
            (Eof, 1, ""),
        ],
    );
}

#[test]
fn trim_markers_take_space_away() {
    use Kind::*;
    check(
        "a \n{{- . -}}\n\n b",
        &[
            (Text, 1, "a"),
            (LeftDelim, 2, "{{"),
            (Kind::Keyword(super::Keyword::Dot), 2, "."),
            (RightDelim, 2, "}}"),
            (Text, 4, "b"),
            (Eof, 4, ""),
        ],
    );
    check(
        "{{-3}}",
        &[
            (LeftDelim, 1, "{{"),
            (Number, 1, "-3"),
            (RightDelim, 1, "}}"),
            (Eof, 1, ""),
        ],
    );
    check(" {{- /* a\n */ -}} x", &[(Text, 2, "x"), (Eof, 2, "")]);
}

#[test]
fn errors_end_the_tokens() {
    use Kind::*;
    for (source, message) in [
        ("{{\"a", "unterminated quoted string"),
        ("{{'a", "unterminated character constant"),
        ("{{`a", "unterminated raw quoted string"),
        ("{{)}}", "unexpected right paren"),
        ("{{3k}}", "bad number syntax: \"3k\""),
        ("{{\u{1}}}", "unrecognized character in action: U+0001"),
        ("{{é!", "bad character U+0021 '!'"),
        ("{{a", "unclosed action"),
    ] {
        let mut lexer = Lexer::new(source, "{{", "}}");
        let error = loop {
            let token = lexer.next_token();
            if matches!(token.kind, Error | Eof) {
                break lexer.describe(&token);
            }
        };
        assert_eq!(error, message, "{source:?}");
    }
}
