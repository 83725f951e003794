//! What is recorded of an applicant: consent, the guardian's consent, insurance.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{ApplicationName, Common, Instant, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::application::Refusal,
    roster::emit,
    store::{applications::ApplicationRow, limits::zone},
};

/// Something that is recorded, read and checked.
pub(crate) struct Fact {
    name: ApplicationName,
    what: What,
}

enum What {
    Consent { kind: pb::ConsentKind, version: String, time: Option<Instant> },
    Insurance { state: pb::InsuranceState, until: Option<Instant> },
}

impl Fact {
    /// Reads a consent.
    pub(crate) fn consent(request: &pb::RecordConsentRequest) -> Result<Self, Error> {
        let what = What::Consent {
            kind: parse::one_of("kind", request.kind)?,
            version: parse::required_text("version", &request.version)?,
            time: parse::instant("time", request.time)?,
        };
        Ok(Self { name: parse::text_as("name", &request.name)?, what })
    }

    /// Reads how far an insurance is.
    pub(crate) fn insurance(request: &pb::RecordInsuranceRequest) -> Result<Self, Error> {
        let state = parse::one_of("insurance", request.insurance)?;
        let until = parse::instant("until", request.until)?;
        if until.is_some() && state != pb::InsuranceState::Covered {
            return Err(Common::field("until", "only a cover has an end").into());
        }
        Ok(Self { name: parse::text_as("name", &request.name)?, what: What::Insurance { state, until } })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::Application, Error> {
        let now = tx.now();
        let mut row = ApplicationRow::get(tx, self.name.as_str()).await?;
        if row.erased.is_some() {
            return Err(Refusal::erased(&row.name).into());
        }
        match self.what {
            What::Consent { time: Some(time), .. } if time > now => {
                return Err(Common::field("time", "lies in the future").into());
            }
            What::Consent { kind, version, time } => {
                let time = Some(time.unwrap_or(now).as_micros());
                if kind == pb::ConsentKind::Guardian {
                    (row.guardian_version, row.guardian_consented) = (version, time);
                } else {
                    (row.consent_version, row.consented) = (version, time);
                }
            }
            What::Insurance { state, until } => {
                (row.insurance, row.insured_until) = (state.into(), until.map(Instant::as_micros));
            }
        }
        let row = row.save(tx).await?;
        let tournament = self.name.parent();
        let application = row.told(now, &zone(tx, tournament.as_str()).await?)?;
        let event = pb::ApplicationChanged { application: Some(application.clone()) };
        emit(tx, tournament.as_str(), &row.name, &event);
        Ok(application)
    }
}
