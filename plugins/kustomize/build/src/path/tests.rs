//! Facts about paths.

use super::*;

fn node(text: &str) -> Node {
    Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap()
}

#[test]
fn paths_are_split_at_dots_outside_of_brackets() {
    for (path, expected) in [
        ("a.b.c", vec!["a", "b", "c"]),
        ("a.[name=x.y].b", vec!["a", "[name=x.y]", "b"]),
        ("a.[x.y/z].b", vec!["a", "x.y/z", "b"]),
        ("a.[b].c", vec!["a", "[b]", "c"]),
        (r"a.b\.c", vec!["a", "b.c"]),
        (".a", vec!["a"]),
        ("a..b", vec!["a", "", "b"]),
        ("a.[b.c", vec!["a", "b.c"]),
        ("", vec![""]),
    ] {
        assert_eq!(parts(path), expected, "{path}");
    }
    assert_eq!(split(r"/a/b\/c/d", '/'), ["a", "b/c", "d"]);
}

const OBJECT: &str =
    "{a: {b: 1, x.y: 2}, l: [{name: p, v: 3}, {name: q, v: 4}], s: [r, t], n: null}";

#[test]
fn what_stands_at_a_path_is_found() {
    for (path, expected) in [
        ("a.b", Some("1")),
        ("a.[x.y]", Some("2")),
        ("l.[name=q].v", Some("4")),
        ("l.0.v", Some("3")),
        ("l.-.v", Some("4")),
        ("s.[=t]", Some("t")),
        ("s.1", Some("t")),
        ("s.5", None),
        ("l.[name=z].v", None),
        ("n.x", None),
        ("n.0", None),
        ("x", None),
        (" a . b ", Some("1")),
    ] {
        let object = node(OBJECT);
        let found = lookup(&object, &parts(path)).unwrap();
        assert_eq!(found.map(text), expected, "{path}");
    }
}

#[test]
fn wrong_paths_are_refused_in_kyamls_words() {
    for (path, why) in [
        ("l.*.v", "wildcard is not supported in PathGetter"),
        ("l.-1", "array index -1 cannot be negative"),
        (
            "l.[name]",
            "list path element must contain fieldName=fieldValue for element to match",
        ),
        (
            "a.0",
            "wrong node kind: expected SequenceNode but got MappingNode: node contents:\nb: 1\nx.y: 2\n",
        ),
        (
            "a.b.c",
            "wrong node kind: expected MappingNode but got ScalarNode: node contents:\n1\n",
        ),
    ] {
        assert_eq!(
            lookup(&node(OBJECT), &parts(path)).unwrap_err().to_string(),
            why,
            "{path}"
        );
    }
}

/// The object with `new` at all places of the path, and how many there are.
fn set(path: &str, create: Option<Create>) -> Result<(usize, serde_json::Value), Error> {
    let mut object = node(OBJECT);
    let found = matches(&mut object, &parts(path), create)?;
    for location in found.iter().flatten() {
        *at_mut(&mut object, location).unwrap() = Node::string("new");
    }
    let n_matches = found.len();
    Ok((n_matches, object.to_value().unwrap()))
}

#[test]
fn all_places_of_a_path_are_visited() {
    for (path, n_matches, pointer) in [
        ("a.b", 1, "/a/b"),
        ("l.*.v", 2, "/l/1/v"),
        ("l.[name=q].v", 1, "/l/1/v"),
        ("l.[name=.*].v", 2, "/l/0/v"),
        ("l.1.v", 1, "/l/1/v"),
        ("s.[=r]", 1, "/s/0"),
        ("s.*", 2, "/s/1"),
        ("a.[x.y]", 1, "/a/x.y"),
    ] {
        let (n, value) = set(path, None).unwrap();
        assert_eq!(
            (n, value.pointer(pointer).and_then(|value| value.as_str())),
            (n_matches, Some("new")),
            "{path}"
        );
    }
    for path in ["x", "a.x.y", "l.[name=z].v", "l.*.x", "n.x", "s.[=z]"] {
        let (n, value) = set(path, None).unwrap();
        assert_eq!((n, value), (0, node(OBJECT).to_value().unwrap()), "{path}");
    }
}

#[test]
fn what_is_missing_is_made_where_it_may_be() {
    for (path, pointer) in [
        ("x", "/x"),
        ("a.x.y", "/a/x/y"),
        ("x.[name=z].v", "/x/0/v"),
        ("x.0.v", "/x/0/v"),
        ("l.[name=z].v", "/l/2/v"),
        ("l.2.v", "/l/2/v"),
        ("s.[=z]", "/s/2"),
    ] {
        let (n, value) = set(path, Some(Create::Scalar)).unwrap();
        assert_eq!(
            (n, value.pointer(pointer).and_then(|value| value.as_str())),
            (1, Some("new")),
            "{path}"
        );
    }
    // Below null, it is made and lost.
    assert_eq!(
        set("n.x", Some(Create::Scalar)).unwrap(),
        (1, node(OBJECT).to_value().unwrap())
    );
    // An expression that does not match itself.
    assert_eq!(set("l.[name=z+].v", Some(Create::Scalar)).unwrap().0, 1);
    assert_eq!(set("l.[name=z$y].v", Some(Create::Scalar)).unwrap().0, 0);
}

#[test]
fn places_that_cannot_be_are_refused() {
    for (path, why) in [
        ("l.5", "index 5 specified but only 2 elements found"),
        ("n.0", "index 0 specified but only 0 elements found"),
        ("l.[name=(]", "error parsing regexp: missing closing ): `(`"),
        (
            "l.v",
            "wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- name: p\n  v: 3\n- name: q\n  v: 4\n",
        ),
        (
            "a.*",
            "wrong node kind: expected SequenceNode but got MappingNode: node contents:\nb: 1\nx.y: 2\n",
        ),
    ] {
        assert_eq!(set(path, None).unwrap_err().to_string(), why, "{path}");
    }
}
