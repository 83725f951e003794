//! What people have learned in courses, worked out anew from all they attended.

use std::collections::BTreeMap;

use matchday_kernel::{Common, Instant};
use matchday_store::{Record, Tx};

use crate::{
    Error,
    store::{
        applications::{self, ApplicationRow},
        training::{self, EnrolmentRow},
        volunteers::{VolunteerRow, learned_to_text},
    },
};

/// Gives a volunteer what was learned, and takes what was not; an applicant who is none yet gets it with the
/// accreditation, and who was erased nothing any more.
pub(super) async fn teach(tx: &mut Tx, person: &str) -> Result<(), Error> {
    let (volunteer, application) = if person.contains("/applications/") {
        (ApplicationRow::get(tx, person).await?.volunteer, person.to_owned())
    } else {
        let application = applications::of_volunteers(tx, &[person]).await?.into_values().next();
        (person.to_owned(), application.unwrap_or_default())
    };
    let Some(row) = VolunteerRow::find(tx, &volunteer).await? else { return Ok(()) };
    let attended = training::attended(tx, &volunteer, &application).await?;
    taught(row, &attended)?.save(tx).await?;
    Ok(())
}

/// A volunteer with what was learned in all the courses attended: each skill as long as it lasts longest.
pub(super) fn taught(row: VolunteerRow, attended: &[EnrolmentRow]) -> Result<VolunteerRow, Error> {
    let mut learned: BTreeMap<String, Instant> = BTreeMap::new();
    for enrolment in attended.iter().filter(|enrolment| !enrolment.skill.is_empty()) {
        let expires = enrolment.expires.map_or(Ok(Instant::MAX), Instant::from_micros);
        let expires = expires.map_err(Common::internal)?;
        let last = learned.entry(enrolment.skill.clone()).or_insert(expires);
        *last = expires.max(*last);
    }
    let learned = learned_to_text(&learned.into_iter().collect::<Vec<_>>());
    Ok(VolunteerRow { learned, ..row })
}
