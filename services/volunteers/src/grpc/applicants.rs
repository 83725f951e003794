//! Reading who applies: every reading is a write, because it leaves an event. Its replies are not kept.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{ApplicationName, PageSize, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::application::Refusal,
    roster::emit,
    store::{applications::ApplicationRow, limits::zone},
};

/// One applicant to read.
pub(super) struct ReadOne(ApplicationName);

impl ReadOne {
    pub(super) fn parse(request: &pb::GetApplicantRequest) -> Result<Self, Error> {
        Ok(Self(parse::text_as("name", &request.name)?))
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::GetApplicantResponse, Error> {
        let row = ApplicationRow::get(tx, self.0.as_str()).await?;
        if row.erased.is_some() {
            return Err(Refusal::erased(&row.name).into());
        }
        let event = pb::PersonalDataRead { applications: vec![row.name.clone()], export: false };
        emit(tx, self.0.parent().as_str(), &row.name, &event);
        Ok(pb::GetApplicantResponse { applicant: Some(row.applicant()) })
    }
}

/// A page of applicants to read.
pub(super) struct ReadPage {
    tournament: TournamentName,
    after: Option<String>,
    size: PageSize,
}

impl ReadPage {
    pub(super) fn parse(
        request: &pb::ExportApplicantsRequest,
        after: Option<String>,
        size: PageSize,
    ) -> Result<Self, Error> {
        Ok(Self { tournament: parse::text_as("parent", &request.parent)?, after, size })
    }

    /// The page; the token of the next one is still its bare key.
    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ExportApplicantsResponse, Error> {
        let tournament = self.tournament.as_str();
        let zone = zone(tx, tournament).await?;
        let page = ApplicationRow::below(tx, tournament, self.after.as_deref(), self.size).await?;
        let there: Vec<&ApplicationRow> = page.items.iter().filter(|row| row.erased.is_none()).collect();
        let applications: Vec<String> = there.iter().map(|row| row.name.clone()).collect();
        let now = tx.now();
        let exported = |row: &&ApplicationRow| {
            let (application, applicant) = (Some(row.shown(now, &zone)?), Some(row.applicant()));
            Ok(pb::ExportedApplicant { application, applicant })
        };
        let applicants = there.iter().map(exported).collect::<Result<_, Error>>()?;
        if !applications.is_empty() {
            emit(tx, tournament, tournament, &pb::PersonalDataRead { applications, export: true });
        }
        Ok(pb::ExportApplicantsResponse { applicants, next_page_token: page.next.unwrap_or_default() })
    }
}
