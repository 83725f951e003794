//! Calendars that programs subscribe to: `GET /calendars/{language}/{tournament}.ics`, or a part of it.
//!
//! A page asks the service like any other caller, with its own caller's token: as bearer token, or, because most
//! calendars can send no other, as the password of basic authentication.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{
    HeaderMap, StatusCode,
    header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use matchday_api::scheduling::v1::{
    ExportFormat, ExportScheduleRequest, export_service_client::ExportServiceClient,
};
use matchday_rpc::Peer;
use tonic::{Code, Request, Status, metadata::AsciiMetadataValue};

/// The calendars of the tournaments.
pub(crate) fn calendars(service: Peer) -> Router {
    Router::new().route("/calendars/{*path}", get(calendar)).with_state(service)
}

async fn calendar(State(service): State<Peer>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(wanted) = wanted(&path) else {
        let text = "there is no such calendar: write /calendars/en/fisu-2023.ics, or \
                    /calendars/zh-CN/fisu-2023/teams/men-china.ics\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let mut request = Request::new(wanted);
    if let Some(token) = token(&headers) {
        request.metadata_mut().insert("authorization", token);
    }
    match ExportServiceClient::new(service).export_schedule(request).await {
        Ok(file) => {
            let file = file.into_inner();
            let headers =
                [(CONTENT_TYPE, file.content_type.as_str()), (CACHE_CONTROL, "private, max-age=300")];
            (headers, file.content).into_response()
        }
        Err(status) => refusal(&status),
    }
}

/// What a path asks for: `en/fisu-2023.ics`, `en/fisu-2023/teams/men-china.ics`.
fn wanted(path: &str) -> Option<ExportScheduleRequest> {
    let parts: Vec<&str> = path.strip_suffix(".ics")?.split('/').collect();
    let (language, tournament, part) = match parts[..] {
        [language, tournament, ref part @ ..] => (language, format!("tournaments/{tournament}"), part),
        _ => return None,
    };
    let mut wanted = ExportScheduleRequest {
        format: ExportFormat::Icalendar.into(),
        language: language.to_owned(),
        ..ExportScheduleRequest::default()
    };
    match part {
        [] => {}
        ["teams", team] => wanted.team = format!("{tournament}/teams/{team}"),
        ["venues", site, venue] => wanted.venue = format!("sites/{site}/venues/{venue}"),
        ["officials", official] => (*official).clone_into(&mut wanted.official),
        _ => return None,
    }
    wanted.parent = tournament;
    Some(wanted)
}

/// The caller's token, as the service takes it.
fn token(headers: &HeaderMap) -> Option<AsciiMetadataValue> {
    let given = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = given.split_once(' ')?;
    let bearer = if scheme.eq_ignore_ascii_case("basic") {
        let pair = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
        format!("Bearer {}", pair.split_once(':')?.1)
    } else {
        given.to_owned()
    };
    let mut value: AsciiMetadataValue = bearer.parse().ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A refusal of the service, as HTTP tells it.
fn refusal(status: &Status) -> Response {
    let code = match status.code() {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::InvalidArgument | Code::FailedPrecondition => StatusCode::BAD_REQUEST,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable | Code::DeadlineExceeded => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let text = format!("{}\n", status.message());
    if code == StatusCode::UNAUTHORIZED {
        // calendars ask people for a password when they are told so
        let ask = "Basic realm=\"Matchday: the password is a token\", charset=\"UTF-8\"";
        return (code, [(WWW_AUTHENTICATE, ask)], text).into_response();
    }
    (code, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_is_wanted() {
        let all = wanted("zh-CN/fisu-2023.ics").unwrap();
        assert_eq!((all.parent.as_str(), all.language.as_str()), ("tournaments/fisu-2023", "zh-CN"));
        assert_eq!(wanted("en/t/teams/a.ics").unwrap().team, "tournaments/t/teams/a");
        assert_eq!(wanted("en/t/venues/s/v.ics").unwrap().venue, "sites/s/venues/v");
        assert_eq!(wanted("en/t/officials/referee-01.ics").unwrap().official, "referee-01");
        for path in ["", "en", "t.ics", "en/t", "en/t/teams.ics", "en/t/teams/a/b.ics", "en/t/sessions/s.ics"]
        {
            assert!(wanted(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_password_is_a_token() {
        let told = |value: &str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())]);
            token(&headers).map(|value| value.to_str().unwrap().to_owned())
        };
        // "calendar:abc.def"
        assert_eq!(told("Basic Y2FsZW5kYXI6YWJjLmRlZg==").as_deref(), Some("Bearer abc.def"));
        assert_eq!(told("Bearer abc").as_deref(), Some("Bearer abc"));
        for wrong in ["Basic", "Basic !!", "Basic YWJj"] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }
}
