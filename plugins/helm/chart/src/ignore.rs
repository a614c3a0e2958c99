//! `.helmignore`: which files of a folder are no part of the chart.

use crate::gopath::{self, Pattern};

/// The rules of one `.helmignore`, with Helm's own rule for dot files in `templates/`.
#[derive(Clone, Debug)]
pub(crate) struct Rules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    pattern: Pattern,
    negated: bool,
    only_directories: bool,
    /// Whether the pattern is for the last element of a path only.
    only_name: bool,
}

impl Rules {
    /// Reads the rules; the error names the line.
    pub(crate) fn parse(text: &str) -> Result<Self, (u32, String)> {
        let mut rules = Self(Vec::new());
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (n, line) in (1u32..).zip(text.lines()) {
            rules.add(line.trim()).map_err(|message| (n, message))?;
        }
        rules
            .add("templates/.?*")
            .expect("Helm's own rule is a pattern");
        Ok(rules)
    }

    fn add(&mut self, rule: &str) -> Result<(), String> {
        if rule.is_empty() || rule.starts_with('#') {
            return Ok(());
        }
        if rule.contains("**") {
            return Err("double-star (**) syntax is not supported".to_owned());
        }
        let bad = |_| "syntax error in pattern".to_owned();
        Pattern::parse(rule).map_err(bad)?;
        let (negated, rule) = strip(rule, str::strip_prefix, '!');
        let (only_directories, rule) = strip(rule, str::strip_suffix, '/');
        let (rooted, rule) = strip(rule, str::strip_prefix, '/');
        self.0.push(Rule {
            pattern: Pattern::parse(rule).map_err(bad)?,
            negated,
            only_directories,
            only_name: !rooted && !rule.contains('/'),
        });
        Ok(())
    }

    /// Whether a path, relative to the chart, is ignored.
    ///
    /// The first rule that decides wins. A negated rule ignores what it does *not* fit: that is Helm's
    /// reading of `!`, not Git's.
    pub(crate) fn ignores(&self, path: &str, is_directory: bool) -> bool {
        let base = gopath::base(path);
        for rule in &self.0 {
            let name = if rule.only_name { base } else { path };
            let fits = || rule.pattern.matches(name);
            let wrong_kind = rule.only_directories && !is_directory;
            if rule.negated {
                if wrong_kind || !fits() {
                    return true;
                }
            } else if !wrong_kind && fits() {
                return true;
            }
        }
        false
    }
}

fn strip<'t>(
    text: &'t str,
    how: fn(&'t str, char) -> Option<&'t str>,
    mark: char,
) -> (bool, &'t str) {
    match how(text, mark) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_ignore_what_helm_ignores() {
        for (rules, path, is_directory, expected) in [
            ("helm.txt", "helm.txt", false, true),
            ("helm.*", "a/helm.txt", false, true),
            ("/helm.txt", "a/helm.txt", false, false),
            ("a/b*", "a/bc", false, true),
            ("a/b*", "x/a/bc", false, false),
            ("mast/", "mast", true, true),
            ("mast/", "mast", false, false),
            ("!*.txt", "helm.yaml", false, true),
            ("!*.txt", "helm.txt", false, false),
            ("# x\n\n .git \n", ".git", true, true),
            ("", "templates/.hidden", false, true),
            ("", "templates/a/.hidden", false, false),
            ("", ".hidden", false, false),
        ] {
            let parsed = Rules::parse(rules).unwrap();
            assert_eq!(
                parsed.ignores(path, is_directory),
                expected,
                "{rules} {path}"
            );
        }
        assert_eq!(Rules::parse("a\nb/**").unwrap_err().0, 2);
        assert!(Rules::parse("[").is_err());
    }
}
