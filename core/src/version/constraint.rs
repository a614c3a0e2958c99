//! Constraints on versions: `>=1.19-0`, `^1.2`, `~1.4 || 2.x`, `1.2 - 1.4.5`.

use super::{Parts, Version, compare_prereleases, is_digit};

/// Constraints joined by `||`, each a list that must hold as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraints(Vec<Vec<Constraint>>);

impl Constraints {
    /// Reads constraints as `semver.NewConstraint` does.
    ///
    /// # Errors
    /// With the words of the original.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = with_ranges_spelled_out(text);
        let alternatives: Result<_, _> = text.split("||").map(all_of).collect();
        alternatives.map(Self)
    }

    /// Whether `version` fulfils the constraints; prereleases only where a constraint names one.
    pub fn check(&self, version: &Version) -> bool {
        self.0.iter().any(|all| {
            let with_prereleases = all.iter().any(|one| !one.version.prerelease.is_empty());
            let wanted = with_prereleases || version.prerelease.is_empty();
            wanted && all.iter().all(|one| one.holds(version))
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

/// How much of a constraint's version is left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Patch,
    Minor,
    All,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Constraint {
    operator: Operator,
    version: Version,
    open: Open,
}

impl Constraint {
    fn holds(&self, version: &Version) -> bool {
        let wanted = &self.version;
        let order = version.compare(wanted);
        match self.operator {
            Operator::Equal if self.open == Open::Nothing => order.is_eq(),
            Operator::Equal | Operator::Tilde => {
                let zero = (wanted.major, wanted.minor, wanted.patch) == (0, 0, 0);
                order.is_ge()
                    && (zero && matches!(self.open, Open::Nothing | Open::All)
                        || version.major == wanted.major
                            && (version.minor == wanted.minor || self.open == Open::Minor))
            }
            Operator::NotEqual => self.differs(version),
            Operator::Greater if self.open == Open::Nothing || self.open == Open::All => {
                if self.open == Open::All {
                    version.major > wanted.major || version.major == wanted.major && order.is_gt()
                } else {
                    order.is_gt()
                }
            }
            Operator::Greater => {
                version.major > wanted.major
                    || version.major == wanted.major
                        && self.open == Open::Patch
                        && version.minor > wanted.minor
            }
            Operator::Less => order.is_lt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::LessOrEqual if self.open == Open::Nothing => order.is_le(),
            Operator::LessOrEqual => {
                version.major < wanted.major
                    || version.major == wanted.major
                        && (version.minor <= wanted.minor || self.open == Open::Minor)
            }
            Operator::Caret => {
                order.is_ge()
                    && version.major == wanted.major
                    && (wanted.major > 0
                        || self.open == Open::Minor
                        || version.minor == wanted.minor
                            && (wanted.minor > 0
                                || self.open == Open::Patch
                                || version.patch == wanted.patch))
            }
        }
    }

    fn differs(&self, version: &Version) -> bool {
        let wanted = &self.version;
        if self.open == Open::Nothing {
            return version.compare(wanted).is_ne();
        }
        if version.major != wanted.major {
            return true;
        }
        if self.open == Open::Minor {
            return false;
        }
        if version.minor != wanted.minor {
            return true;
        }
        if self.open == Open::All {
            return version.patch != wanted.patch || version.compare(wanted).is_ne();
        }
        let a_prerelease = !version.prerelease.is_empty() || !wanted.prerelease.is_empty();
        a_prerelease && compare_prereleases(&version.prerelease, &wanted.prerelease).is_ne()
    }
}

/// One alternative: constraints with spaces or commas between them.
fn all_of(text: &str) -> Result<Vec<Constraint>, String> {
    let improper = || format!("improper constraint: {text}");
    let mut rest = text.trim_start_matches(is_space);
    let mut all = Vec::new();
    loop {
        let (operator, after) = operator(rest);
        let after = after.trim_start_matches(is_space);
        let after = after.strip_prefix('v').unwrap_or(after);
        let parts = Parts::parse(after, is_number_or_wildcard).ok_or_else(improper)?;
        rest = parts.rest;
        all.push(constraint(operator, &parts)?);
        let spaces = rest.len() - rest.trim_start_matches(is_space).len();
        rest = &rest[spaces..];
        if rest.is_empty() {
            return Ok(all);
        }
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start_matches(is_space),
            None if spaces > 0 => {}
            None => return Err(improper()),
        }
    }
}

fn constraint(operator: Operator, parts: &Parts<'_>) -> Result<Constraint, String> {
    let open = |part: Option<&str>| part.is_none_or(is_wildcard);
    let wrong = || "constraint parser error".to_owned();
    let number = |part: &str| {
        if !part.bytes().all(is_digit) {
            return Err(wrong());
        }
        part.parse::<u64>().map_err(|_| wrong())
    };
    let (open, major, minor, patch) = if is_wildcard(parts.major) {
        (Open::All, 0, 0, 0)
    } else if open(parts.minor) {
        (Open::Minor, number(parts.major)?, 0, 0)
    } else if open(parts.patch) {
        let minor = number(parts.minor.unwrap_or("0"))?;
        (Open::Patch, number(parts.major)?, minor, 0)
    } else {
        let minor = number(parts.minor.unwrap_or("0"))?;
        let patch = number(parts.patch.unwrap_or("0"))?;
        (Open::Nothing, number(parts.major)?, minor, patch)
    };
    let mut text = format!("{major}.{minor}.{patch}");
    if !parts.prerelease.is_empty() {
        text = format!("{text}-{}", parts.prerelease);
    }
    Ok(Constraint {
        operator,
        version: Version::parse(&text).map_err(|_| wrong())?,
        open,
    })
}

fn operator(text: &str) -> (Operator, &str) {
    for (sign, operator) in [
        ("!=", Operator::NotEqual),
        (">=", Operator::GreaterOrEqual),
        ("=>", Operator::GreaterOrEqual),
        ("<=", Operator::LessOrEqual),
        ("=<", Operator::LessOrEqual),
        ("~>", Operator::Tilde),
        ("=", Operator::Equal),
        (">", Operator::Greater),
        ("<", Operator::Less),
        ("~", Operator::Tilde),
        ("^", Operator::Caret),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (operator, rest);
        }
    }
    (Operator::Equal, text)
}

/// The white space of Go's `\s`.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}

/// What a number may be made of; the bar is allowed too, as in the original.
fn is_number_or_wildcard(b: u8) -> bool {
    b.is_ascii_digit() || matches!(b, b'x' | b'X' | b'*' | b'|')
}

fn is_wildcard(part: &str) -> bool {
    matches!(part, "x" | "X" | "*")
}

/// `1.2 - 1.4` means `>= 1.2, <= 1.4`.
fn with_ranges_spelled_out(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    'search: while !rest.is_empty() {
        for (start, _) in rest.char_indices() {
            let Some(range) = Range::parse(&rest[start..]) else {
                continue;
            };
            let before = rest[..start].trim_end_matches(is_space);
            out.push_str(before);
            out.push_str(&format!(">= {}, <= {} ", range.low, range.high));
            rest = range.rest;
            continue 'search;
        }
        break;
    }
    out.push_str(rest);
    out
}

struct Range<'t> {
    low: &'t str,
    high: &'t str,
    rest: &'t str,
}

impl<'t> Range<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let (low, rest) = version(text)?;
        let dash = rest.trim_start_matches(is_space);
        let after = dash.strip_prefix('-')?;
        let high = after.trim_start_matches(is_space);
        if dash.len() == rest.len() || high.len() == after.len() {
            return None;
        }
        let (high, rest) = version(high)?;
        Some(Self {
            low,
            high,
            rest: rest.trim_start_matches(is_space),
        })
    }
}

fn version(text: &str) -> Option<(&str, &str)> {
    let number = text.strip_prefix('v').unwrap_or(text);
    let rest = Parts::parse(number, is_number_or_wildcard)?.rest;
    Some((&text[..text.len() - rest.len()], rest))
}
