//! Pages for people without a token, who have a code of 100 random bits instead:
//!
//! - `GET /certificates/{code}` verifies a certificate, in every language. It tells what the certificate attests, and
//!   of the person's name the first letters: who has it in full sees whether it is the one.
//! - `GET /shifts/{code}.ics` is the calendar of a volunteer's own shifts. It does not tell whose.

use axum::{
    Router,
    extract::{Path, State},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
    routing::get,
};
use matchday_kernel::{
    Common, Instant, Zone,
    words::{Language, Words},
};
use matchday_store::Record;
use maud::{DOCTYPE, Markup, html};

use crate::{
    Error, Volunteers,
    domain::{
        assignment,
        calendar::{Held, calendar},
        certificate::{Attested, masked, words},
    },
    store::{
        assignments::{self, AssignmentRow},
        calendars,
        certificates::{self, CertificateRow},
        limits::{title, zone},
        shifts::{self, ShiftRow},
        volunteers::VolunteerRow,
    },
};

/// Longest code that is looked for, in bytes.
const LONGEST_CODE: usize = 40;

/// The pages.
pub(crate) fn router(volunteers: Volunteers) -> Router {
    Router::new()
        .route("/certificates/{code}", get(verify))
        .route("/shifts/{file}", get(shifts))
        .with_state(volunteers)
}

async fn shifts(State(volunteers): State<Volunteers>, Path(file): Path<String>) -> Response {
    let code = file.strip_suffix(".ics").filter(|code| code.len() <= LONGEST_CODE);
    let written = match code {
        Some(code) => own_shifts(&volunteers, code).await,
        None => Ok(None),
    };
    match written {
        Ok(Some(calendar)) => {
            let headers =
                [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CACHE_CONTROL, "private, max-age=300")];
            (headers, calendar).into_response()
        }
        Ok(None) => {
            let text = "there is no such calendar, or its address was ended: ask for a new one\n";
            (StatusCode::NOT_FOUND, text).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &Error) -> Response {
    tracing::error!(%error, "a page cannot be shown");
    (StatusCode::SERVICE_UNAVAILABLE, "try again in a moment\n").into_response()
}

/// The calendar behind a code.
async fn own_shifts(volunteers: &Volunteers, code: &str) -> Result<Option<String>, Error> {
    let mut conn = volunteers.desk.store().read().await?;
    let Some((volunteer, language)) = calendars::linked(&mut conn, &code.to_ascii_uppercase()).await? else {
        return Ok(None);
    };
    let tournament = volunteer.split("/volunteers/").next().unwrap_or_default().to_owned();
    let rows = assignments::of_volunteer(&mut conn, &volunteer).await?;
    let names: Vec<&str> = rows.iter().map(|row| row.shift.as_str()).collect();
    let shifts = shifts::named(&mut conn, &names).await?;
    let of_row =
        |row: &AssignmentRow| held(row, shifts.iter().find(|shift| shift.name == row.shift)?).transpose();
    let held = rows.iter().filter_map(of_row).collect::<Result<Vec<_>, Error>>()?;
    let id = tournament.rsplit('/').next().unwrap_or_default();
    let title = title(&mut conn, &tournament).await?;
    Ok(Some(calendar((id, &title), &held, words(language))))
}

/// What a calendar shows of an assignment; nothing of what nobody was asked for, or is not held any more.
fn held(row: &AssignmentRow, shift: &ShiftRow) -> Result<Option<Held>, Error> {
    let state = row.assignment()?.state;
    if !state.holds_seat() || state == assignment::State::Proposed || shift.is_cancelled() {
        return Ok(None);
    }
    let ids = |name: &str| name.split('/').skip(1).step_by(2).collect::<Vec<_>>().join("/");
    Ok(Some(Held {
        shift: shift.name.rsplit('/').next().unwrap_or_default().to_owned(),
        title: shift.title.clone(),
        place: ids(&shift.place),
        time: shift.time()?,
        state,
        revision: row.revision,
        updated: Instant::from_micros(row.updated.max(shift.updated)).map_err(Common::internal)?,
    }))
}

async fn verify(State(volunteers): State<Volunteers>, Path(code): Path<String>) -> Response {
    let (status, found) = match found(&volunteers, &code).await {
        Ok(Some(found)) => (StatusCode::OK, Some(found)),
        Ok(None) => (StatusCode::NOT_FOUND, None),
        Err(error) => return unavailable(&error),
    };
    let parts = Language::ALL.map(|language| part(words(language), found.as_ref()));
    (status, [(CACHE_CONTROL, "no-store")], Html(page(&parts).into_string())).into_response()
}

/// What is found behind a code.
struct Found {
    row: CertificateRow,
    attested: Attested,
    tournament: String,
    /// First letters of the person's name; empty once the person is erased.
    person: String,
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
    let person = VolunteerRow::find(&mut conn, &row.volunteer).await?;
    let person = person.map(|person| masked(&person.display_name)).unwrap_or_default();
    Ok(Some(Found { attested: row.attested()?, row, tournament, person, zone }))
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
    let Found { row, attested, tournament, person, zone } = found;
    let said = |id| words.say(id, &[]);
    let day = |moment| Attested::day(moment, zone, words.language());
    let period = words.say("between", &[("first", &day(attested.first)), ("last", &day(attested.last))]);
    let number = words.say("number", &[("number", &row.number.to_string()), ("date", &day(attested.issued))]);
    html! {
        p { strong { (said("page-valid")) } }
        h2 { (tournament) }
        dl {
            @if !person.is_empty() { dt { (said("page-person")) } dd { (person) } }
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
