//! URLs: taken apart and put together.

mod url;

use url::Url;

use crate::functions::{Args, Call, Failure, Function};
use crate::text::Text;
use crate::value::{Map, Type, Value};

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("urlParse", &[Type::String], url_parse),
    Function::new("urlJoin", &[Type::MAP], url_join),
];

fn url_parse(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let url = Url::parse(args.text(0)?.as_bytes())
        .map_err(|error| format!("unable to parse url: {error}"))?;
    let user = url.user.as_ref().map(url::User::encoded);
    let map: Map = [
        ("scheme", Text::from(url.scheme.as_str())),
        ("host", Text::from(url.host.as_slice())),
        ("hostname", Text::from(url.hostname())),
        ("path", Text::from(url.path.as_slice())),
        ("query", Text::from(url.query.as_slice())),
        ("opaque", Text::from(url.opaque.as_slice())),
        ("fragment", Text::from(url.fragment.as_slice())),
        ("userinfo", Text::from(user.unwrap_or_default())),
    ]
    .into_iter()
    .collect();
    Ok(Value::Map(map))
}

fn url_join(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = args.map(0)?;
    let part = |key: &str| -> Result<Vec<u8>, Failure> {
        match map.get(key) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(text.as_bytes().to_vec()),
            Some(Value::Nil) => {
                Err("runtime error: invalid memory address or nil pointer dereference".into())
            }
            Some(other) => {
                let found = other.kind().name();
                Err(
                    format!("unable to parse {key} key, must be of type string, but {found} found")
                        .into(),
                )
            }
        }
    };
    let mut url = Url::default();
    url.scheme = String::from_utf8_lossy(&part("scheme")?).into_owned();
    url.host = part("host")?;
    url.path = part("path")?;
    url.query = part("query")?;
    url.opaque = part("opaque")?;
    url.fragment = part("fragment")?;
    let user = part("userinfo")?;
    if !user.is_empty() {
        let text = [b"proto://", user.as_slice(), b"@host"].concat();
        let parsed = Url::parse(&text)
            .map_err(|error| format!("unable to parse userinfo in dict: {error}"))?;
        url.user = parsed.user;
    }
    Ok(Value::from(Text::from(url.to_bytes())))
}
