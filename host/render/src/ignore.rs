//! `.fleetignore`: what a folder of a repository keeps out of its bundles.

use fleet_core::pattern;

/// The name of the file.
pub const FILE: &str = ".fleetignore";

/// Patterns in force for one folder: its own and those of the folders above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignore {
    patterns: Vec<String>,
}

impl Ignore {
    /// The patterns for a folder below the one that these are for, with its own `.fleetignore` text.
    #[must_use]
    pub fn below(&self, text: Option<&str>) -> Self {
        let mut patterns = self.patterns.clone();
        patterns.extend(pattern::ignore_lines(text.unwrap_or_default()));
        Self { patterns }
    }

    /// Whether an entry of the folder is left out.
    pub fn leaves_out(&self, name: &str, is_directory: bool) -> bool {
        self.patterns
            .iter()
            .any(|pattern| pattern::ignores(pattern, name, is_directory))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_follow_rancher_fleets_rules() {
        let check = |text: &str, name: &str, is_directory: bool, expected: bool| {
            assert_eq!(
                Ignore::default()
                    .below(Some(text))
                    .leaves_out(name, is_directory),
                expected,
                "{text:?} {name}"
            );
        };
        check("", "a.yaml", false, false);
        check("# a.yaml", "a.yaml", false, false);
        check("a.yaml", "a.yaml", false, true);
        check("*.yaml", "a.yaml", false, true);
        check("a.yaml  ", "a.yaml", false, true);
        check("a\\ ", "a ", false, true);
        check("\\#a", "#a", false, true);
        check("dir/*", "dir", true, true);
        check("dir/*", "dir", false, false);
        check("dir", "dir", true, true);
    }

    #[test]
    fn folders_below_inherit_and_siblings_do_not() {
        let top = Ignore::default().below(Some("a"));
        let left = top.below(Some("b"));
        let right = top.below(None);
        assert!(left.leaves_out("a", false) && left.leaves_out("b", false));
        assert!(right.leaves_out("a", false) && !right.leaves_out("b", false));
    }
}
