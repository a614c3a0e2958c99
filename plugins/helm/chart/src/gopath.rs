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
pub(crate) struct Pattern(Vec<Token>);

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
        Ok(Self(tokens))
    }

    /// Whether the pattern fits the whole of `name`.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        // Where the last `*` was, and how far it has been stretched.
        let mut star: Option<(usize, usize)> = None;
        let (mut token, mut at) = (0, 0);
        loop {
            let fits = match (self.0.get(token), name.get(at)) {
                (None, None) => return true,
                (Some(Token::Star), _) => {
                    star = Some((token, at));
                    token += 1;
                    continue;
                }
                (Some(Token::Any), Some(c)) => *c != '/',
                (Some(Token::Char(expected)), Some(c)) => expected == c,
                (Some(Token::Class { negated, ranges }), Some(c)) => {
                    ranges.iter().any(|(low, high)| (low..=high).contains(&c)) != *negated
                }
                (None, Some(_)) | (Some(_), None) => false,
            };
            if fits {
                token += 1;
                at += 1;
                continue;
            }
            // Stretch the last star by one more character, which must not be a separator.
            match star {
                Some((star_token, start)) if name.get(start).is_some_and(|c| *c != '/') => {
                    star = Some((star_token, start + 1));
                    (token, at) = (star_token + 1, start + 1);
                }
                _ => return false,
            }
        }
    }
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
