//! Go's patterns and what they find.

use super::*;

fn check(pattern: &str, text: &str, template: &str, expected: &str) {
    let regex = Regex::new(pattern).unwrap();
    let got = regex.replace_all(text, template, |_| Ok(()));
    assert_eq!(got.as_deref(), Ok(expected), "{pattern}");
}

#[test]
fn groups_are_expanded_by_gos_rule_for_names() {
    for (pattern, text, template, expected) in [
        ("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"),
        ("a(x*)b", "-ab-axxb-", "$1W", "---"),
        ("(?P<n>\\d+)", "a12", "<${n}>", "a<12>"),
        ("(?<n>\\d+)", "a12", "<$n>$$", "a<12>$"),
        ("x*", "abc", "-", "-a-b-c-"),
        ("(a)(b)?", "a ab", "[$2]", "[] [b]"),
        ("a", "a", "$", "$"),
        ("a", "a", "${1", "${1"),
        ("a", "a", "$0$0", "aa"),
    ] {
        check(pattern, text, template, expected);
    }
}

#[test]
fn classes_are_ascii_unless_unicode_is_asked_for() {
    for (pattern, text, template, expected) in [
        ("\\w", "aé_", ".", ".é."),
        ("\\d+", "1٣2", ".", ".٣."),
        ("\\W+", "a b--c_d", "-", "a-b-c_d"),
        ("[[:^alpha:]]", "a1b", "", "ab"),
        ("\\pL", "é1", ".", ".1"),
        ("\\p{^Greek}", "aα", ".", ".α"),
        ("\\P{Lu}", "aB", ".", ".B"),
        ("(?i)ABC", "xabcX", "_", "x_X"),
        ("(?i)[k]", "\u{212a}", "_", "_"),
        ("\\bé", "é aé", "_", "é a_"),
        ("[^a]", "a\nb", "_", "a__"),
        (".", "a\nb", "_", "_\n_"),
        ("(?s).", "a\nb", "_", "___"),
        ("(?m)^", "a\nb", "> ", "> a\n> b"),
        ("\\Q.+\\E+", "a.+++", "_", "a_"),
        ("\\101\\x42\\x{43}", "ABC", "_", "_"),
        ("a{,2}", "a{,2}", "_", "_"),
        ("[]a]", "]a", "_", "__"),
        ("[a-]", "a-", "_", "__"),
    ] {
        check(pattern, text, template, expected);
    }
}

#[test]
fn wrong_patterns_fail_with_gos_words() {
    for (pattern, expected) in [
        ("(", "missing closing ): `(`"),
        (")", "unexpected ): `)`"),
        ("(?=x)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?<!x)", "invalid named capture: `(?<!x)`"),
        ("*", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("(a{100}){11}", "invalid repeat count: `{11}`"),
        ("a{2,1}", "invalid repeat count: `{2,1}`"),
        ("[a", "missing closing ]: `[a`"),
        ("[b-a]", "invalid character class range: `b-a`"),
        ("[[:no:]]", "invalid character class range: `[:no:]`"),
        ("\\pX", "invalid character class range: `\\pX`"),
        ("\\8", "invalid escape sequence: `\\8`"),
        ("\\C", "invalid escape sequence: `\\C`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
        ("(?P<a b>x)", "invalid named capture: `(?P<a b>`"),
        ("(?i", "invalid or unsupported Perl syntax: `(?i`"),
        ("((a{100}){100}){100}", "invalid repeat count: `{100}`"),
        (
            "(((\\pL{100}){10}))+(\\pL{999})(\\pL{999})",
            "expression too large",
        ),
    ] {
        let error = Regex::new(pattern).err().unwrap_or_default();
        assert!(
            error.starts_with(&format!("error parsing regexp: {expected}")),
            "{pattern}: {error}"
        );
    }
    let deep = "(".repeat(2000) + &")".repeat(2000);
    let error = Regex::new(&deep).err().unwrap();
    assert!(error.starts_with("error parsing regexp: expression nests too deeply"));
}

#[test]
fn splitting_and_finding_count_as_in_go() {
    let check = |pattern: &str, text: &str, n: i64, split: &[&str], found: &[&str]| {
        let regex = Regex::new(pattern).unwrap();
        let got = regex.split(text, n).unwrap_or_default();
        assert_eq!(got, split, "split {pattern} {text} {n}");
        let got = regex.find_all(text, n).unwrap_or_default();
        assert_eq!(got, found, "find {pattern} {text} {n}");
    };
    check("z+", "pizza", -1, &["pi", "a"], &["zz"]);
    check(",", "a,b,c", 2, &["a", "b,c"], &[",", ","]);
    check(",", "a,b,c", 0, &[], &[]);
    check(",", "", -1, &[""], &[]);
    check("", "abc", -1, &["a", "b", "c"], &["", "", "", ""]);
    check(",", "a,", -1, &["a", ""], &[","]);
    check("x*", "axb", -1, &["a", "b"], &["", "x", ""]);
}

#[test]
fn meta_characters_are_quoted() {
    assert_eq!(quote_meta("1.2*3-é"), "1\\.2\\*3-é");
}
