//! Which URLs are never fetched: what is not protected, and addresses that nobody is to be sent to.

use fleet_source::guard::{FORBIDDEN, is_forbidden_host};
use url::Url;

use crate::error::shown;
use crate::{Error, Options};

/// Refuses a URL that is not spoken to: another scheme than HTTPS, or an address that is forbidden.
///
/// Names are looked at when they are resolved, by [`fleet_source::guard::Resolver`].
pub(crate) fn check(url: &Url, options: &Options) -> Result<(), Error> {
    let refuse = |why: &str| {
        Err(Error::Refused(format!(
            "cannot fetch `{}`: {why}",
            shown(url)
        )))
    };
    match url.scheme() {
        "https" => {}
        "http" if is_plain(url, options) => {}
        "http" => {
            return refuse(
                "it is not protected by TLS; use https, or have the operator name the host by `--plain-http-host`",
            );
        }
        _ => return refuse("only https is fetched"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("a credential does not belong into a URL; put it into a secret");
    }
    if url.host().is_none() {
        return refuse("it has no host");
    }
    if is_forbidden_host(url) {
        return refuse(FORBIDDEN);
    }
    Ok(())
}

/// Whether the operator lets this host be spoken to without TLS.
pub(crate) fn is_plain(url: &Url, options: &Options) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let with_port = url.port().map(|port| format!("{host}:{port}"));
    let named = |host: &str| options.plain_http_hosts.contains(host);
    named(host) || with_port.is_some_and(|host| named(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_fetched_unless_the_operator_names_the_host() {
        let options = Options {
            plain_http_hosts: ["plain.example".to_owned(), "127.0.0.1:8080".to_owned()].into(),
            ..Options::default()
        };
        for (url, expected) in [
            ("https://a.example/x", true),
            ("http://a.example/x", false),
            ("http://plain.example:81/x", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://127.0.0.1:8081/x", false),
            ("https://169.254.169.254/latest", false),
            ("https://2852039166/latest", false),
            ("https://[fe80::1]/x", false),
            ("https://user:hunter2@a.example/x", false),
            ("ftp://a.example/x", false),
        ] {
            let checked = check(&Url::parse(url).unwrap(), &options);
            assert_eq!(checked.is_ok(), expected, "{url}");
            let message = checked
                .err()
                .map_or(String::new(), |error| error.to_string());
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
