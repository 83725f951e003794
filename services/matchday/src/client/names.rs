//! Names as staff write them: `jinjiang/stadium/pitch` for
//! `sites/jinjiang/venues/stadium/zones/pitch`.

use std::str::FromStr;

use matchday_kernel::{
    ActivityName, AlertName, ApplicationName, BookingName, BroadcastName, CertificateName, CourseName,
    CredentialName, DeviceName, GateName, GroupName, HoursEntryName, InterviewSlotName, LogEntryName,
    NameError, OfficialName, OpeningName, RosterName, RunName, ScheduleVersionName, SessionName, ShiftName,
    SiteName, TeamName, TournamentName, VenueName, VolunteerName, WorkOrderName, ZoneName,
};

use crate::failure::Failure;

/// A name that can be written short.
pub(crate) trait Short: FromStr<Err = NameError> {
    /// The collections in the full name, from the top.
    const COLLECTIONS: &'static [&'static str];
    /// What it is called when it is wrong, and how it is written.
    const EXAMPLE: &'static str;
}

macro_rules! short {
    ($($name:ty: $collections:expr, $example:literal;)*) => {$(
        impl Short for $name {
            const COLLECTIONS: &'static [&'static str] = &$collections;
            const EXAMPLE: &'static str = $example;
        }
    )*};
}

short! {
    SiteName: ["sites"], "the site `jinjiang`";
    VenueName: ["sites", "venues"], "the venue `jinjiang/stadium`";
    ZoneName: ["sites", "venues", "zones"], "the zone `jinjiang/stadium/pitch`";
    BookingName: ["sites", "venues", "zones", "bookings"], "a booking as `booking list` shows it";
    TournamentName: ["tournaments"], "the tournament `fisu-2023`";
    ActivityName: ["tournaments", "activities"], "the activity `fisu-2023/m01`, or `m01` with --tournament";
    OfficialName: ["tournaments", "officials"], "the official `fisu-2023/referee-03`";
    SessionName: ["tournaments", "sessions"], "the session `fisu-2023/opening`";
    TeamName: ["tournaments", "teams"], "the team `fisu-2023/hohai`, or `hohai` beside its tournament";
    RunName: ["tournaments", "runs"], "the run `fisu-2023/3`";
    ScheduleVersionName: ["tournaments", "versions"], "the version `fisu-2023/4`";
    GroupName: ["tournaments", "groups"], "the group `fisu-2023/hohai`";
    VolunteerName: ["tournaments", "volunteers"], "the volunteer `fisu-2023/v001`";
    ApplicationName: ["tournaments", "applications"], "the application `fisu-2023/a001`";
    InterviewSlotName: ["tournaments", "interview-slots"], "the slot `fisu-2023/monday-1`";
    CertificateName: ["tournaments", "certificates"], "the certificate `fisu-2023/7`";
    HoursEntryName: ["tournaments", "volunteers", "hours"], "the entry `fisu-2023/v001/0003`";
    BroadcastName: ["tournaments", "broadcasts"], "the broadcast `fisu-2023/7`";
    CourseName: ["tournaments", "courses"], "the course `fisu-2023/first-aid`";
    ShiftName: ["tournaments", "shifts"], "the shift `fisu-2023/opening-gate-stewards`";
    RosterName: ["tournaments", "rosters"], "the roster `fisu-2023/3`";
    CredentialName: ["tournaments", "credentials"], "the credential `fisu-2023/t-000001`";
    OpeningName: ["tournaments", "openings"], "the session `fisu-2023/opening`";
    LogEntryName: ["tournaments", "log-entries"], "the entry `fisu-2023/000012`";
    WorkOrderName: ["sites", "venues", "work-orders"], "the work order `jinjiang/stadium/opening-sweep`";
    AlertName: ["sites", "venues", "alerts"], "the alert `jinjiang/stadium/17`";
    GateName: ["sites", "venues", "gates"], "the gate `jinjiang/stadium/north`";
    DeviceName: ["sites", "venues", "gates", "devices"], "the device `jinjiang/stadium/north/north-1`";
}

/// Reads a name, full or short.
///
/// # Errors
/// [`Failure`] that says what is wrong and how the name is written.
pub(crate) fn read<N: Short>(text: &str) -> Result<N, Failure> {
    let is_full = N::COLLECTIONS.first().is_some_and(|top| text.split('/').next() == Some(top));
    let wrong = |problem: &str| {
        Failure::input(format!("{text:?} is no such name: {problem}"))
            .with_hint(format!("write it like {}", N::EXAMPLE))
    };
    let full = if is_full {
        text.to_owned()
    } else {
        let ids: Vec<&str> = text.split('/').collect();
        let (written, expected) = (ids.len(), N::COLLECTIONS.len());
        if written != expected {
            return Err(wrong(&format!("it has {written} of {expected} parts")));
        }
        let parts = N::COLLECTIONS.iter().zip(ids).map(|(collection, id)| format!("{collection}/{id}"));
        parts.collect::<Vec<_>>().join("/")
    };
    full.parse().map_err(|error: NameError| wrong(&error.problem))
}

/// Reads the name of something in a tournament, which may be given beside it.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_within<N: Short>(tournament: Option<&str>, text: &str) -> Result<N, Failure> {
    match tournament {
        Some(tournament) if !text.contains('/') => {
            let tournament: TournamentName = read(tournament)?;
            read(&format!("{}/{text}", tournament.id()))
        }
        _ => read(text),
    }
}

/// Reads the name of an entry of the log; its number may be written without the zeros before it.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_entry(text: &str) -> Result<LogEntryName, Failure> {
    let padded = text.rsplit_once('/').and_then(|(before, number)| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| format!("{before}/{number:0>6}"))
    });
    read(padded.as_deref().unwrap_or(text))
}

/// A site, a venue or a zone, which is the parent of bookings; a site or a venue is one of zones.
pub(crate) struct Place {
    /// The full name.
    pub(crate) name: String,
    /// The site it is, or is in.
    pub(crate) site: SiteName,
}

/// Reads the name of a site, a venue or a zone.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_place(text: &str) -> Result<Place, Failure> {
    let parts = text.split('/').count();
    let depth = if text.starts_with("sites/") { parts / 2 } else { parts };
    let place = |name: String, site| Place { name, site };
    match depth {
        0 | 1 => read(text).map(|site: SiteName| place(site.to_string(), site)),
        2 => read(text).map(|venue: VenueName| place(venue.to_string(), venue.parent())),
        _ => read(text).map(|zone: ZoneName| place(zone.to_string(), zone.parent().parent())),
    }
}

/// Reads the opening of a session: it has the name of the session, and its own collection.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_opening(text: &str) -> Result<OpeningName, Failure> {
    if let Ok(opening) = text.parse() {
        return Ok(opening);
    }
    let session: SessionName = read(text)?;
    read(&format!("{}/{}", session.parent().id(), session.id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_full_names_are_the_same() {
        let full = "sites/jinjiang/venues/stadium/zones/pitch";
        for text in [full, "jinjiang/stadium/pitch"] {
            assert_eq!(read::<ZoneName>(text).unwrap().as_str(), full);
            let place = read_place(text).unwrap();
            assert_eq!((place.name.as_str(), place.site.as_str()), (full, "sites/jinjiang"));
        }
        assert_eq!(read_place("jinjiang").unwrap().name, "sites/jinjiang");
        assert_eq!(read_place("jinjiang/stadium").unwrap().name, "sites/jinjiang/venues/stadium");
        assert_eq!(read_place("sites/jinjiang/venues/stadium").unwrap().site.id(), "jinjiang");
    }

    #[test]
    fn an_activity_is_found_in_the_tournament_given_beside_it() {
        let full = "tournaments/fisu-2023/activities/m01";
        for (tournament, text) in [
            (None, full),
            (None, "fisu-2023/m01"),
            (Some("fisu-2023"), "m01"),
            (Some("tournaments/fisu-2023"), "m01"),
            (Some("another"), full),
        ] {
            assert_eq!(read_within::<ActivityName>(tournament, text).unwrap().as_str(), full);
        }
    }

    #[test]
    fn an_opening_is_named_like_its_session() {
        for text in ["cup/night", "tournaments/cup/sessions/night", "tournaments/cup/openings/night"] {
            assert_eq!(read_opening(text).unwrap().as_str(), "tournaments/cup/openings/night");
        }
        assert!(read_opening("night").is_err());
    }

    #[test]
    fn an_entry_is_found_by_its_number() {
        for text in ["cup/2", "cup/000002", "tournaments/cup/log-entries/2"] {
            assert_eq!(read_entry(text).unwrap().as_str(), "tournaments/cup/log-entries/000002");
        }
        assert_eq!(read_entry("cup/1000000").unwrap().id(), "1000000");
        assert!(read_entry("2").is_err() && read_entry("cup/").is_err());
    }

    #[test]
    fn a_wrong_name_says_how_it_is_written() {
        for text in ["", "M01", "a/b/c", "tournaments/x", "m01", "a//b", "../x"] {
            let failure = read_within::<ActivityName>(None, text).unwrap_err().to_string();
            assert!(failure.contains("fisu-2023/m01"), "{text}: {failure}");
        }
        for text in ["", "a/b/c/d", "sites", "sites/", "sites/a/venues", "Ä"] {
            assert!(read_place(text).is_err(), "{text}");
        }
    }
}
