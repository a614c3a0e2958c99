//! Versions and constraints.

use super::*;

#[test]
fn versions_are_read_loosely() {
    for (text, expected) in [
        ("1.2.3", Ok("1.2.3")),
        ("v1.2", Ok("1.2.0")),
        ("1", Ok("1.0.0")),
        ("1.2-beta.1+b5", Ok("1.2.0-beta.1+b5")),
        ("01.02.3", Ok("1.2.3")),
        ("1.2.3-01", Err("version segment starts with 0")),
        ("", Err("invalid semantic version")),
        ("1.2.3.4", Err("invalid semantic version")),
        ("1.2.3-", Err("invalid semantic version")),
        ("vv1", Err("invalid semantic version")),
    ] {
        let got = Version::parse(text).map(|version| version.to_string());
        assert_eq!(got.as_deref().map_err(String::as_str), expected, "{text}");
    }
}

#[test]
fn versions_are_ordered_with_their_prereleases() {
    let sorted = [
        "1.0.0-1",
        "1.0.0-2",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0",
        "1.0.1-0",
        "1.2.0",
    ];
    for pair in sorted.windows(2) {
        let (a, b) = (
            Version::parse(pair[0]).unwrap(),
            Version::parse(pair[1]).unwrap(),
        );
        assert!(a.compare(&b).is_lt(), "{a} {b}");
        assert!(b.compare(&a).is_gt(), "{b} {a}");
    }
}

#[test]
fn steps_keep_the_leading_v() {
    let version = Version::parse("v1.2.3-rc.1").unwrap();
    assert_eq!(version.next_patch().original, "v1.2.3");
    assert_eq!(version.next_minor().original, "v1.3.0");
    assert_eq!(version.next_major().original, "v2.0.0");
    let other = version.with_prerelease("x.1").unwrap();
    assert_eq!(other.original, "v1.2.3-x.1");
    assert!(version.with_prerelease("x..1").is_err());
    assert!(version.with_metadata("a_b").is_err());
}

#[test]
fn constraints_hold_as_in_masterminds_semver() {
    for (constraint, version, expected) in [
        (">=1.19-0", "v1.35.0", true),
        (">=1.19-0", "1.19.0-gke.1", true),
        (">=1.19", "1.20.0-gke.1", false),
        ("^1.2.0", "2.2.3", false),
        ("^1.2.0", "1.9.0", true),
        ("^0.2.3", "0.3.0", false),
        ("^0.0.3", "0.0.4", false),
        ("^0", "0.9.0", true),
        ("~1.2.3", "1.2.9", true),
        ("~1.2.3", "1.3.0", false),
        ("~1", "1.9.0", true),
        ("~0.0.0", "1.0.0", true),
        ("1.2.x", "1.2.7", true),
        ("1.2", "1.2.7", true),
        ("=1.2", "1.3.0", false),
        ("*", "1.2.3", true),
        ("*", "1.2.3-beta", false),
        ("*-0", "1.2.3-beta", true),
        ("1.2 - 1.4.5", "1.4.5", true),
        ("1.2 - 1.4.5", "1.4.6", false),
        ("< 1.2 || >= 2, < 3", "2.5.0", true),
        (">1.2 <1.4", "1.3.0", true),
        (">1.2", "1.2.5", false),
        (">1", "1.2.5", false),
        ("<=1.2", "1.2.9", true),
        ("!=1.2.x", "1.2.9", false),
        ("!=1.2.3", "1.2.4", true),
        ("=> 1.2", "1.2.0", true),
        ("~> 1.2", "1.2.4", true),
    ] {
        let parsed =
            Constraints::parse(constraint).map_err(|error| format!("{constraint}: {error}"));
        let version = Version::parse(version).unwrap();
        assert_eq!(
            parsed.unwrap().check(&version),
            expected,
            "{constraint} {version}"
        );
    }
}

#[test]
fn wrong_constraints_are_refused() {
    for (constraint, expected) in [
        ("", "improper constraint: "),
        ("foo", "improper constraint: foo"),
        (">>1", "improper constraint: >>1"),
        ("1.2 ||", "improper constraint: "),
        (">=1.0>2.0", "improper constraint: >=1.0>2.0"),
        ("1.0x", "constraint parser error"),
        ("1.2.3-01", "constraint parser error"),
    ] {
        let error = Constraints::parse(constraint).err();
        assert_eq!(error.as_deref(), Some(expected), "{constraint}");
    }
}
