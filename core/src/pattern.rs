//! Shell patterns as Go's `path/filepath.Match` reads them, and the lines of `.fleetignore`.

/// Whether `name` matches `pattern`: `*` is any run without `/`, `?` any one character but `/`, `[a-z]` and
/// `[^a-z]` a class, `\` takes the next character as it is. A malformed pattern matches nothing.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    run(&pattern, &name)
}

/// Whether `text` has characters that make it a pattern rather than a plain path.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '\\'])
}

/// The patterns of a `.fleetignore` text.
///
/// `#` begins a comment, `\#` a name with that character; blanks at the end count only after `\`.
pub fn ignore_lines(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(trim_end)
        .filter(|line| !line.is_empty());
    lines
        .map(|line| line.replace("\\#", "#").replace("\\ ", " "))
        .collect()
}

/// Whether a pattern of `.fleetignore` leaves out an entry of a folder.
///
/// It is matched against the name alone. `dir/*` leaves out everything in any folder of that name, and no file
/// of that name.
pub fn ignores(pattern: &str, name: &str, is_directory: bool) -> bool {
    match pattern.strip_suffix("/*") {
        Some(directory) => is_directory && matches(directory, name),
        None => matches(pattern, name),
    }
}

fn trim_end(line: &str) -> &str {
    let trimmed = line.trim_end_matches([' ', '\t', '\r']);
    if trimmed.ends_with('\\') && line[trimmed.len()..].starts_with(' ') {
        &line[..=trimmed.len()]
    } else {
        trimmed
    }
}

/// Matches with one saved position for the last `*`, so that no pattern takes more than quadratic time.
fn run(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p + 1, n));
            p += 1;
            continue;
        }
        if n == name.len() {
            return p == pattern.len();
        }
        if let Some(next) = one(pattern, p, name[n]) {
            p = next;
            n += 1;
            continue;
        }
        match star {
            Some((after, at)) if name[at] != '/' => {
                star = Some((after, at + 1));
                p = after;
                n = at + 1;
            }
            _ => return false,
        }
    }
}

/// Matches one character against the element at `p`; the position after the element, if it does.
fn one(pattern: &[char], p: usize, c: char) -> Option<usize> {
    match *pattern.get(p)? {
        '?' => (c != '/').then_some(p + 1),
        '\\' => (*pattern.get(p + 1)? == c).then_some(p + 2),
        '[' => class(pattern, p + 1, c),
        literal => (literal == c).then_some(p + 1),
    }
}

fn class(pattern: &[char], mut p: usize, c: char) -> Option<usize> {
    let negated = pattern.get(p) == Some(&'^');
    p += usize::from(negated);
    let mut found = false;
    let mut first = true;
    while first || *pattern.get(p)? != ']' {
        first = false;
        let low = escaped(pattern, &mut p)?;
        let high = if pattern.get(p) == Some(&'-') {
            p += 1;
            escaped(pattern, &mut p)?
        } else {
            low
        };
        found |= low <= c && c <= high;
    }
    (found != negated && c != '/').then_some(p + 1)
}

fn escaped(pattern: &[char], p: &mut usize) -> Option<char> {
    let mut c = *pattern.get(*p)?;
    if c == '\\' {
        *p += 1;
        c = *pattern.get(*p)?;
    }
    *p += 1;
    Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        for (pattern, name, expected) in [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*", "a/b", false),
            ("apps/*", "apps/web", true),
            ("apps/*", "apps/web/x", false),
            ("*/x", "web/x", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            (r"\*", "*", true),
            (r"\*", "a", false),
            ("*.yaml", "x.yaml", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXbY", false),
            ("[", "[", false),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
