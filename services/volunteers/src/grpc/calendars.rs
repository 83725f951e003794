//! Secret addresses of volunteers' calendars, made and ended.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Random, TournamentName, VolunteerName, words::Language};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::certificate::code,
    roster::emit,
    store::{calendars, volunteers::VolunteerRow},
};

/// A language, or why it is none.
pub(crate) fn language(tag: &str) -> Result<Language, Error> {
    let known = || {
        let tags = Language::ALL.map(Language::tag).join(" and ");
        Error::from(Common::field("language", format!("is none of the languages known: {tags}")))
    };
    Language::read(tag).ok_or_else(known)
}

/// A calendar to link, read and checked.
pub(crate) struct Link {
    volunteer: VolunteerName,
    language: Language,
    code: String,
}

impl Link {
    pub(crate) fn parse(request: &pb::CreateCalendarLinkRequest, random: &Random) -> Result<Self, Error> {
        let volunteer = parse::text_as("volunteer", &request.volunteer)?;
        Ok(Self { volunteer, language: language(&request.language)?, code: code(random) })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.volunteer.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::CreateCalendarLinkResponse, Error> {
        VolunteerRow::get(tx, self.volunteer.as_str()).await?;
        calendars::link(tx, self.volunteer.as_str(), &self.code, self.language).await?;
        tell(tx, &self.volunteer, true);
        Ok(pb::CreateCalendarLinkResponse { path: format!("/shifts/{}.ics", self.code) })
    }
}

/// Ends the address of a volunteer's calendar.
pub(crate) async fn unlink(
    volunteer: VolunteerName,
    tx: &mut Tx,
) -> Result<pb::RevokeCalendarLinkResponse, Error> {
    if !calendars::unlink(tx, volunteer.as_str()).await? {
        return Err(Common::not_found(format!("a calendar link of {volunteer}")).into());
    }
    tell(tx, &volunteer, false);
    Ok(pb::RevokeCalendarLinkResponse {})
}

fn tell(tx: &mut Tx, volunteer: &VolunteerName, linked: bool) {
    let event = pb::CalendarLinkChanged { volunteer: volunteer.to_string(), linked };
    emit(tx, volunteer.parent().as_str(), volunteer.as_str(), &event);
}
