//! The globs of `.Files.Glob`, as `github.com/gobwas/glob` 0.2.3 reads them with `/` as separator.

/// A glob: `*` and `?` stop at `/`, `**` does not, `{a,b}` are alternatives, `[a-c]`, `[!abc]` classes.
#[derive(Clone, Debug)]
pub(crate) struct Glob(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Any,
    Super,
    Single,
    Char(char),
    Range { not: bool, low: char, high: char },
    List { not: bool, chars: Vec<char> },
    AnyOf(Vec<Vec<Part>>),
}

/// How deep alternatives may nest.
const MAX_NESTING: usize = 32;

/// How many comparisons one match may take: alternatives and stars multiply.
const MAX_STEPS: usize = 200_000;

impl Glob {
    /// Reads a glob; one that cannot be read is `None`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser {
            chars: text.chars().collect(),
            at: 0,
        };
        let parts = parser.pattern(0)?;
        Some(Self(parts))
    }

    /// The glob that fits everything.
    pub(crate) fn everything() -> Self {
        Self(vec![Part::Super])
    }

    /// Whether the glob fits the whole of `name`.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let mut n_steps = 0;
        let parts: Vec<&Part> = self.0.iter().collect();
        fits(&parts, &name, &mut n_steps)
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    fn pattern(&mut self, depth: usize) -> Option<Vec<Part>> {
        if depth > MAX_NESTING {
            return None;
        }
        let mut parts = Vec::new();
        while let Some(c) = self.chars.get(self.at).copied() {
            if depth > 0 && matches!(c, ',' | '}') {
                return Some(parts);
            }
            self.at += 1;
            parts.push(match c {
                '{' => self.alternatives(depth + 1)?,
                '[' => self.class()?,
                '?' => Part::Single,
                '*' if self.chars.get(self.at) == Some(&'*') => {
                    self.at += 1;
                    Part::Super
                }
                '*' => Part::Any,
                '\\' => match self.next() {
                    Some(c) => Part::Char(c),
                    None => break,
                },
                c => Part::Char(c),
            });
        }
        // An unclosed brace ends with the text.
        Some(parts)
    }

    fn alternatives(&mut self, depth: usize) -> Option<Part> {
        let mut all = Vec::new();
        loop {
            all.push(self.pattern(depth)?);
            if self.next() != Some(',') {
                return Some(Part::AnyOf(all));
            }
        }
    }

    fn class(&mut self) -> Option<Part> {
        let not = self.chars.get(self.at) == Some(&'!');
        self.at += usize::from(not);
        let low = self.next()?;
        if self.chars.get(self.at) == Some(&'-') {
            self.at += 1;
            let high = self.next()?;
            return (high >= low && self.next() == Some(']')).then_some(Part::Range {
                not,
                low,
                high,
            });
        }
        self.at -= 1;
        let mut chars = Vec::new();
        loop {
            match self.next()? {
                ']' => break,
                '\\' => chars.push(self.next()?),
                c => chars.push(c),
            }
        }
        (!chars.is_empty()).then_some(Part::List { not, chars })
    }
}

fn fits(parts: &[&Part], name: &[char], n_steps: &mut usize) -> bool {
    *n_steps += 1;
    if *n_steps > MAX_STEPS {
        return false;
    }
    let Some((part, rest)) = parts.split_first() else {
        return name.is_empty();
    };
    let one = |fit: fn(&Part, char) -> bool| name.first().is_some_and(|c| fit(part, *c));
    let single = match part {
        Part::Super => return (0..=name.len()).any(|n| fits(rest, &name[n..], n_steps)),
        Part::Any => {
            let end = name.iter().position(|c| *c == '/').unwrap_or(name.len());
            return (0..=end).any(|n| fits(rest, &name[n..], n_steps));
        }
        Part::AnyOf(all) => {
            return all.iter().any(|alternative| {
                let chain: Vec<&Part> = alternative.iter().chain(rest.iter().copied()).collect();
                fits(&chain, name, n_steps)
            });
        }
        Part::Single => one(|_, c| c != '/'),
        Part::Char(_) => one(|part, c| matches!(part, Part::Char(expected) if *expected == c)),
        Part::Range { .. } => one(
            |part, c| matches!(part, Part::Range { not, low, high } if (*low..=*high).contains(&c) != *not),
        ),
        Part::List { .. } => {
            one(|part, c| matches!(part, Part::List { not, chars } if chars.contains(&c) != *not))
        }
    };
    single && fits(rest, &name[1..], n_steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_fit_as_in_gobwas() {
        for (glob, name, expected) in [
            ("files/*", "files/a.txt", true),
            ("files/*", "files/a/b.txt", false),
            ("files/**", "files/a/b.txt", true),
            ("**.json", "a/b/c.json", true),
            ("*.json", "a/c.json", false),
            ("config/{a,b}*.yaml", "config/b1.yaml", true),
            ("config/{a,b}*.yaml", "config/c1.yaml", false),
            ("x?z", "x/z", false),
            ("[a-c]at", "bat", true),
            ("[!a-c]at", "bat", false),
            ("[abc]at", "cat", true),
            ("{a,b/{c,d}}/e", "b/d/e", true),
            ("a\\*", "a*", true),
            ("", "", true),
            ("", "a", false),
        ] {
            let parsed = Glob::parse(glob).unwrap();
            assert_eq!(parsed.matches(name), expected, "{glob} {name}");
        }
        for bad in ["[a-", "[", "[c-a]", "[]"] {
            assert!(Glob::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_hostile_glob_ends() {
        let glob = Glob::parse(&"**a".repeat(40)).unwrap();
        assert!(!glob.matches(&"ab".repeat(200)));
        let glob = Glob::parse(&"{a,a,a}".repeat(30)).unwrap();
        assert!(!glob.matches(&"b".repeat(30)));
    }
}
