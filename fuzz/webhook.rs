//! Any request as a webhook: it is read or refused, always the same way, and nobody is believed who has no key.
//!
//! The input is a line for each header, an empty line, and the body.
#![no_main]

use fleet_webhook::{Forge, Headers, Keys, RepoUrl};
use libfuzzer_sys::fuzz_target;

/// Nothing that a fuzzer guesses, and in no seed.
const KEY: &str = "Ohb7-quoo9-Eehi3-ahN6u";

/// When everything here happens.
const NOW: u64 = 1_750_000_000;

fn split(input: &[u8]) -> (Headers<'_>, &[u8]) {
    let end = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&input[..end], &input[end + 2..]),
        None => (&b""[..], input),
    };
    let headers = head.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = std::str::from_utf8(&line[..colon]).ok()?;
        Some((name, line[colon + 1..].trim_ascii()))
    });
    (headers.collect(), body)
}

/// What is printed reads back, unless its escapes make it longer than what is read.
fn check_reads_back(url: &RepoUrl) {
    let printed = url.to_string();
    if printed.len() <= 2048 {
        assert_eq!(RepoUrl::parse(&printed).as_ref(), Some(url));
    }
}

fuzz_target!(|input: &[u8]| {
    if let Ok(text) = std::str::from_utf8(input)
        && let Some(url) = RepoUrl::parse(text)
    {
        check_reads_back(&url);
        assert!(url.same_repository(&url));
    }
    let (headers, body) = split(input);
    let parsed = fleet_webhook::parse(&headers, body);
    assert_eq!(fleet_webhook::parse(&headers, body), parsed);
    let Ok(delivery) = parsed else {
        return;
    };
    for url in &delivery.urls {
        check_reads_back(url);
        assert!(delivery.is_about(url));
    }
    for commit in delivery
        .updates
        .iter()
        .filter_map(|update| update.commit.as_ref())
    {
        let hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        assert!(
            matches!(commit.len(), 40 | 64) && commit.chars().all(hex),
            "{commit}"
        );
    }
    let names: Vec<&str> = Keys::names().collect();
    let keys: Keys = names.into_iter().map(|name| (name, KEY)).collect();
    let believed = fleet_webhook::verify(&delivery, &headers, body, &keys, NOW).is_ok();
    // Azure DevOps sends the key as the password of a Basic header, in base64.
    let told = delivery.forge == Forge::AzureDevOps
        || input.windows(KEY.len()).any(|part| part == KEY.as_bytes());
    assert!(!believed || told, "believed without the key");
    assert!(fleet_webhook::verify(&delivery, &headers, body, &Keys::default(), NOW).is_err());
});
