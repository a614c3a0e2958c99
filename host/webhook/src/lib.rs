//! Reads what Git forges send when somebody pushes, and tells whether they really sent it.
//!
//! Everything here is pure: headers, body, keys and time go in, a value comes out. [`parse`] recognises the forge by
//! its headers and reads the few facts that count: where the repository is, and which references moved.
//! [`verify`] checks signature or token with the keys of one secret; it is separate, because which secret counts
//! depends on which repository is meant. Nothing that a webhook says is ever content: it is a reason to look.
//!
//! ```
//! use fleet_webhook::{Headers, Keys, RepoUrl, parse, verify};
//!
//! let body = br#"{"repo": "https://git.example.org/team/app", "ref": "refs/heads/main"}"#;
//! let keys: Keys = [("secret", "s3cret")].into_iter().collect();
//! let signature = keys.sign(1_700_000_000, body).unwrap();
//! let headers: Headers = [
//!     ("X-Fleet-Timestamp", b"1700000000".as_slice()),
//!     ("X-Fleet-Signature", signature.as_bytes()),
//! ]
//! .into_iter()
//! .collect();
//! let delivery = parse(&headers, body)?;
//! verify(&delivery, &headers, body, &keys, 1_700_000_010)?;
//! let watched = RepoUrl::parse("git@git.example.org:team/app.git").unwrap();
//! assert!(delivery.is_about(&watched));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod delivery;
mod headers;
mod keys;
mod payload;
mod url;
mod verify;

pub use delivery::{Delivery, Error, Forge, Kind, Reference, Update, parse};
pub use headers::Headers;
pub use keys::Keys;
pub use url::RepoUrl;
pub use verify::{Unverified, WINDOW, verify};
