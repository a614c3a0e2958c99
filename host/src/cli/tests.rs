//! The command line as it is documented.

use clap::CommandFactory as _;

use super::*;

fn help(of: &[&str]) -> String {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut at = &mut command;
    for name in of {
        at = at.find_subcommand_mut(name).unwrap();
    }
    // Whoever runs the tests may have some of them set.
    let at = at.clone().mut_args(|arg| arg.hide_env_values(true));
    at.term_width(100).render_long_help().to_string()
}

#[test]
fn the_arguments_do_not_contradict_each_other() {
    Cli::command().debug_assert();
}

#[test]
fn help_is_as_documented() {
    for names in [
        &[][..],
        &["host"],
        &["apply"],
        &["get"],
        &["token", "create"],
    ] {
        insta::assert_snapshot!(format!("help_{}", names.join("_")), help(names));
    }
}

#[test]
fn kinds_are_known_by_several_words() {
    for (word, expected) in [
        ("gitrepos", Some(Kind::GitRepo)),
        ("GitRepo", Some(Kind::GitRepo)),
        ("deployments", Some(Kind::BundleDeployment)),
        ("bd", Some(Kind::BundleDeployment)),
        ("pods", None),
    ] {
        assert_eq!(kind(word).ok(), expected, "{word}");
    }
}

#[test]
fn wrong_usage_is_told_apart() {
    let check = |args: &[&str], good: bool| {
        let parsed = Cli::try_parse_from([&["fleet"], args].concat());
        assert_eq!(parsed.is_ok(), good, "{args:?}");
    };
    check(&["get", "clusters"], true);
    check(&["get", "clusters", "-o", "yaml", "--data-dir", "/x"], true);
    check(&["get", "pods"], false);
    check(&["apply"], false);
    check(&["host", "--agents", "nowhere"], false);
    check(&["host", "--metrics", "off"], true);
    check(
        &["token", "create", "--cluster", "a", "--ttl", "soon"],
        false,
    );
    check(
        &["token", "create", "--cluster", "a", "-l", "env=dev"],
        true,
    );
    check(&["token", "create", "--cluster", "a", "-l", "env"], false);
}
