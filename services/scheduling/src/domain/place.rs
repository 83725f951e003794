//! Where an activity may take place: at the tournament's sites, and at the venue of its session.

/// Why a place does not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    /// An activity takes place at one of the tournament's sites.
    #[error("{zone} is at none of the tournament's sites: {sites}")]
    OtherSite {
        /// The zone wanted.
        zone: String,
        /// The sites, separated by spaces.
        sites: String,
    },
    /// An activity of a session takes place at the session's venue.
    #[error(
        "{zone} is not at {venue}, where {session} takes place: take the activity out of the session first"
    )]
    OtherVenue {
        /// The zone wanted.
        zone: String,
        /// The session.
        session: String,
        /// Its venue.
        venue: String,
    },
}

/// Whether a zone lies below a site or a venue.
fn is_below(zone: &str, place: &str) -> bool {
    zone.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
}

/// Refuses a zone that is at none of the sites, whose names are separated by spaces.
///
/// # Errors
/// [`Misplaced::OtherSite`]
pub fn check_at_sites(zone: &str, sites: &str) -> Result<(), Misplaced> {
    if sites.split_whitespace().any(|site| is_below(zone, site)) {
        return Ok(());
    }
    Err(Misplaced::OtherSite { zone: zone.to_owned(), sites: sites.to_owned() })
}

/// Refuses a zone that is not at the venue of a session.
///
/// # Errors
/// [`Misplaced::OtherVenue`]
pub fn check_at_venue(zone: &str, session: &str, venue: &str) -> Result<(), Misplaced> {
    if is_below(zone, venue) {
        return Ok(());
    }
    let (zone, session, venue) = (zone.to_owned(), session.to_owned(), venue.to_owned());
    Err(Misplaced::OtherVenue { zone, session, venue })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_only_begins_alike_is_another_place() {
        let zone = "sites/a/venues/b/zones/c";
        assert!(check_at_sites(zone, "sites/x sites/a").is_ok());
        assert!(check_at_sites("sites/ab/venues/b/zones/c", "sites/a").is_err());
        assert!(check_at_venue(zone, "tournaments/t/sessions/s", "sites/a/venues/b").is_ok());
        assert!(check_at_venue(zone, "tournaments/t/sessions/s", "sites/a/venues/bb").is_err());
    }
}
