//! What an agent is told when it does not get what it asks for.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::drive::{Refused, Stopped};

/// A refusal: a status, and `{"error": "…", "hint": "…"}` as body.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    error: String,
    hint: Option<&'static str>,
    /// Seconds.
    retry_after: Option<u32>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

impl Refusal {
    /// A refusal with a status and a message and nothing else.
    pub(crate) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            hint: None,
            retry_after: None,
        }
    }

    /// The same, with advice.
    #[must_use]
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same, with the seconds after which to try again.
    #[must_use]
    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// For an agent whose certificate is good and whose cluster or key is not known here.
    pub(crate) fn not_registered() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "this cluster or its key is not registered with this host",
        )
        .hint("what runs stays; join again with a token of `fleet token create` if it is meant to be managed")
    }

    /// For something that went wrong inside; the log says what.
    pub(crate) fn internal() -> Self {
        let message = "the host could not do this; its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

impl From<Stopped> for Refusal {
    fn from(_: Stopped) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "the host is stopping").retry_after(5)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Behind => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "the host is behind").retry_after(5)
            }
            Refused::Stopped => Stopped.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Body {
            error: &self.error,
            hint: self.hint,
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
