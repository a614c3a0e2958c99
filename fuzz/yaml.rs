//! Any text as YAML: it is read or refused with a place inside it, by both readers alike; what was read is written, and
//! reads back the same.
#![no_main]

use fleet_fuzz::{all_read_back, n_lines, same};
use fleet_yaml::{Duplicates, Error, Schema, from_str, to_string, to_string_pretty};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// An error stands on a line of the text, or on the one behind it.
fn check_place(text: &str, error: &Error) {
    assert!(error.line as usize <= n_lines(text) + 1, "{error:?}");
    drop(error.to_string());
}

/// The quick reader of common texts gives what the whole one gives.
fn check_readers(text: &str) {
    match (fleet_yaml::parse(text), fleet_yaml::parse_events(text)) {
        (Ok(node), Ok(expected)) => assert!(node == expected, "{node:?} is not {expected:?}"),
        (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected.to_string()),
        (read, expected) => panic!("{read:?} is not {expected:?}"),
    }
}

/// Values are those that the tree has, also where none is made.
fn check_values(text: &str) {
    for duplicates in [Duplicates::Refuse, Duplicates::LastWins] {
        let expected = match fleet_yaml::parse_events(text) {
            Ok(Some(node)) => node.to_value(Schema::V2, duplicates),
            Ok(None) => Ok(Value::Null),
            Err(error) => Err(error),
        };
        match (from_str(text, duplicates), expected) {
            (Ok(value), Ok(expected)) => assert!(value == expected, "{value} is not {expected}"),
            (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected.to_string()),
            (read, expected) => panic!("{read:?} is not {expected:?}"),
        }
    }
}

fuzz_target!(|text: &str| {
    check_readers(text);
    check_values(text);
    for schema in [Schema::V2, Schema::V3] {
        for duplicates in [Duplicates::Refuse, Duplicates::LastWins] {
            match fleet_yaml::parse(text) {
                Ok(Some(node)) => {
                    if let Err(error) = node.to_value(schema, duplicates) {
                        check_place(text, &error);
                    }
                }
                Ok(None) => {}
                Err(error) => check_place(text, &error),
            }
        }
    }
    match fleet_yaml::documents(text, Duplicates::LastWins) {
        Ok(documents) => {
            let lines: Vec<u32> = documents.iter().map(|(line, _)| *line).collect();
            assert!(lines.is_sorted(), "documents out of order: {lines:?}");
        }
        Err(error) => check_place(text, &error),
    }
    let Ok(value) = from_str(text, Duplicates::LastWins) else {
        return;
    };
    for written in [to_string(&value), to_string_pretty(&value)] {
        match from_str(&written, Duplicates::Refuse) {
            _ if !all_read_back(&value) => {}
            Ok(again) => assert!(
                same(&again, &value),
                "{value:?} became {again:?}: {written:?}"
            ),
            Err(error) => panic!("{error}: {written:?}"),
        }
    }
});
