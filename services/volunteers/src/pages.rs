//! The page on which anybody verifies a certificate: `GET /certificates/{code}`, in every language.
//!
//! Whoever has the code may ask, without a token: the code is the secret, of 100 random bits. The page tells what the
//! certificate attests, and never the name of the person.

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header::CACHE_CONTROL},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use matchday_kernel::{
    Zone,
    words::{Language, Words},
};
use maud::{DOCTYPE, Markup, html};

use crate::{
    Error, Volunteers,
    domain::certificate::{Attested, words},
    store::{
        certificates::{self, CertificateRow},
        limits::{title, zone},
    },
};

/// Longest code that is looked for, in bytes.
const LONGEST_CODE: usize = 40;

/// The page of the certificates.
pub(crate) fn of_certificates(volunteers: Volunteers) -> Router {
    Router::new().route("/certificates/{code}", get(verify)).with_state(volunteers)
}

async fn verify(State(volunteers): State<Volunteers>, Path(code): Path<String>) -> Response {
    let (status, found) = match found(&volunteers, &code).await {
        Ok(Some(found)) => (StatusCode::OK, Some(found)),
        Ok(None) => (StatusCode::NOT_FOUND, None),
        Err(error) => {
            tracing::error!(%error, "a certificate cannot be verified");
            return (StatusCode::SERVICE_UNAVAILABLE, "try again in a moment\n").into_response();
        }
    };
    let parts = Language::ALL.map(|language| part(words(language), found.as_ref()));
    (status, [(CACHE_CONTROL, "no-store")], Html(page(&parts).into_string())).into_response()
}

/// What is found behind a code.
struct Found {
    row: CertificateRow,
    attested: Attested,
    tournament: String,
    zone: Zone,
}

/// What a code stands for; `None` when no certificate has it.
async fn found(volunteers: &Volunteers, code: &str) -> Result<Option<Found>, Error> {
    if code.len() > LONGEST_CODE {
        return Ok(None);
    }
    let mut conn = volunteers.desk.store().read().await?;
    // people type codes in small letters, too
    let Some(row) = certificates::with_code(&mut conn, &code.to_ascii_uppercase()).await? else {
        return Ok(None);
    };
    let tournament = title(&mut conn, &row.tournament).await?;
    let zone = zone(&mut conn, &row.tournament).await?;
    Ok(Some(Found { attested: row.attested()?, row, tournament, zone }))
}

/// The part of the page in one language.
fn part(words: &Words, found: Option<&Found>) -> Markup {
    let said = |id| words.say(id, &[]);
    html! {
        section lang=(words.language().tag()) {
            h1 { (said("page-title")) }
            @match found {
                None => { p { strong { (said("page-unknown")) } } }
                Some(found) if !found.row.is_valid() => { p { strong { (said("page-revoked")) } } }
                Some(found) => (facts(words, found)),
            }
        }
    }
}

fn facts(words: &Words, found: &Found) -> Markup {
    let Found { row, attested, tournament, zone } = found;
    let said = |id| words.say(id, &[]);
    let day = |moment| Attested::day(moment, zone, words.language());
    let period = words.say("between", &[("first", &day(attested.first)), ("last", &day(attested.last))]);
    let number = words.say("number", &[("number", &row.number.to_string()), ("date", &day(attested.issued))]);
    html! {
        p { strong { (said("page-valid")) } }
        h2 { (tournament) }
        dl {
            dt { (said("page-credited")) } dd { (attested.hours(words)) }
            dt { (said("page-shifts")) } dd { (attested.shifts) }
            dt { (said("page-period")) } dd { (period) }
            dt { (said("page-issued")) } dd { (number) }
        }
        p { (said("page-name")) }
    }
}

fn page(parts: &[Markup]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (Language::ALL.map(|language| words(language).say("page-title", &[])).join(" · ")) }
                style { "body{font:16px/1.5 sans-serif;color:#111;max-width:40rem;margin:2rem auto;padding:0 1rem}\
                         h1{font-size:1.3rem}h2{font-size:1.1rem}dt{color:#555}dd{margin:0 0 .5rem}" }
            }
            body { @for part in parts { (part) } }
        }
    }
}
