//! What everybody needs who asks servers over HTTP, whether it is for Git or not.

use std::error::Error;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::Options;

/// How long the server asks to wait: seconds, or a date that counts by the server's own clock.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let value = text(RETRY_AFTER)?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    until
        .duration_since(now.unwrap_or_else(SystemTime::now))
        .ok()
}

/// The cause at the bottom, which says most.
pub fn deepest(error: &(dyn Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// The same client, going by the operator's proxy if there is one; none if the proxy's URL is not well-formed.
pub fn by_proxy(
    builder: reqwest::ClientBuilder,
    options: &Options,
) -> Option<reqwest::ClientBuilder> {
    // As Git and curl read it, a star stands for every host; reqwest takes it for names only.
    let everywhere = options
        .no_proxy
        .as_deref()
        .is_some_and(|hosts| hosts.split(',').any(|host| host.trim() == "*"));
    let Some(proxy) = options.proxy.as_ref().filter(|_| !everywhere) else {
        return Some(builder);
    };
    let proxy = reqwest::Proxy::all(proxy.reveal()).ok()?;
    let none = options
        .no_proxy
        .as_deref()
        .and_then(reqwest::NoProxy::from_string);
    Some(builder.proxy(proxy.no_proxy(none)))
}
