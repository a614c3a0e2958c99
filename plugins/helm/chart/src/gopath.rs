//! Paths and shell patterns as Go's `path` and `filepath` treat them.

pub(crate) use fleet_template::functions::paths::clean;

/// The last element of a path, as `path.Base` has it.
pub(crate) fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let path = path.trim_end_matches('/');
    match path.rsplit_once('/') {
        Some((_, base)) => base,
        None if path.is_empty() => "/",
        None => path,
    }
}

/// The extension of a name with its dot, as `path.Ext` has it; empty if there is none.
pub(crate) fn extension(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rfind('.').map_or("", |dot| &name[dot..])
}

/// A path below a folder, which may be the top (`""`).
pub(crate) fn under(folder: &str, path: &str) -> String {
    match folder {
        "" => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}

/// A shell pattern as `filepath.Match` reads it: `*` and `?` stop at `/`.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    tokens: Vec<Token>,
    /// The characters before what is none, which every name has to begin with.
    prefix: String,
    /// Those behind it, which every name has to end with.
    suffix: String,
}

#[derive(Clone, Debug)]
enum Token {
    Star,
    Any,
    Char(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Token {
    fn char(&self) -> Option<char> {
        match self {
            Self::Char(c) => Some(*c),
            _ => None,
        }
    }
}

/// A pattern that cannot be read; Go's `filepath.ErrBadPattern`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadPattern;

impl Pattern {
    /// Reads a pattern.
    pub(crate) fn parse(text: &str) -> Result<Self, BadPattern> {
        let mut tokens = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '*' => Token::Star,
                '?' => Token::Any,
                '\\' => Token::Char(chars.next().ok_or(BadPattern)?),
                '[' => class(&mut chars)?,
                c => Token::Char(c),
            });
        }
        let n_suffix = tokens.iter().rev().map_while(Token::char).count();
        let suffix = &tokens[tokens.len() - n_suffix..];
        Ok(Self {
            prefix: tokens.iter().map_while(Token::char).collect(),
            suffix: suffix.iter().map_while(Token::char).collect(),
            tokens,
        })
    }

    /// Whether the pattern fits the whole of `name`.
    pub(crate) fn matches(&self, name: &str) -> bool {
        if !name.starts_with(&self.prefix) || !name.ends_with(&self.suffix) {
            return false;
        }
        // Where the last `*` was, and how far it has been stretched.
        let mut star: Option<(usize, &str)> = None;
        let (mut token, mut rest) = (0, name);
        loop {
            let fits = match (self.tokens.get(token), rest.chars().next()) {
                (None, None) => return true,
                (Some(Token::Star), _) => {
                    star = Some((token, rest));
                    token += 1;
                    continue;
                }
                (Some(Token::Any), Some(c)) => c != '/',
                (Some(Token::Char(expected)), Some(c)) => *expected == c,
                (Some(Token::Class { negated, ranges }), Some(c)) => {
                    ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
                }
                (None, Some(_)) | (Some(_), None) => false,
            };
            if fits {
                token += 1;
                rest = without_first(rest);
                continue;
            }
            // Stretch the last star by one more character, which must not be a separator.
            match star {
                Some((star_token, start)) if !start.is_empty() && !start.starts_with('/') => {
                    let start = without_first(start);
                    star = Some((star_token, start));
                    (token, rest) = (star_token + 1, start);
                }
                _ => return false,
            }
        }
    }
}

/// What follows the first character.
fn without_first(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Token, BadPattern> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Ok(Token::Class { negated, ranges });
        }
        let low = class_char(chars)?;
        let high = match chars.next_if_eq(&'-') {
            Some(_) => class_char(chars)?,
            None => low,
        };
        ranges.push((low, high));
    }
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<char, BadPattern> {
    match chars.next() {
        None | Some('-' | ']') => Err(BadPattern),
        Some('\\') => chars.next().ok_or(BadPattern),
        Some(c) => Ok(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart_as_go_does() {
        for (path, expected) in [("a/b.c", "b.c"), ("a/", "a"), ("", "."), ("///", "/")] {
            assert_eq!(base(path), expected, "{path}");
        }
        for (path, expected) in [("a/b.tar.gz", ".gz"), ("a.b/c", ""), (".x", ".x")] {
            assert_eq!(extension(path), expected, "{path}");
        }
        for (path, expected) in [
            ("a//b/../c/.", "a/c"),
            ("../../a", "../../a"),
            ("/../a", "/a"),
            ("a/..", "."),
            ("", "."),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }

    #[test]
    fn patterns_fit_as_in_go() {
        for (pattern, name, expected) in [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[^c]", "abc", false),
            ("a\\*b", "a*b", true),
            ("a?b", "a/b", false),
            ("a[^a]b", "a☺b", true),
            ("*x", "xxx", true),
            (".?*", ".x", true),
            (".?*", ".", false),
        ] {
            let parsed = Pattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(name), expected, "{pattern} {name}");
        }
        for bad in ["[]a]", "[-]", "[x-]", "[-x]", "[", "[^", "[a-", "a[", "\\"] {
            assert_eq!(Pattern::parse(bad).err(), Some(BadPattern), "{bad}");
        }
    }
}
