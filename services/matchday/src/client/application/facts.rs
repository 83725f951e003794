//! Consent and insurance.

use clap::Args;
use matchday_api::volunteers::v1::{
    ConsentKind, InsuranceState, RecordConsentRequest, RecordInsuranceRequest,
};
use matchday_kernel::ApplicationName;
use matchday_rpc::parse::to_timestamp;

use super::show;
use crate::{
    client::{connection::Client, names, refusal::Repeat, times::Clocks},
    failure::Failure,
    words,
};

#[derive(Args)]
pub(super) struct RecordConsent {
    /// The application: fisu-2023/a001
    name: String,
    /// Version of the text agreed to
    #[arg(long)]
    text: String,
    /// It is the guardian's
    #[arg(long)]
    guardian: bool,
    /// When it was given, on the tournament's clocks; now without
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
pub(super) struct RecordInsurance {
    /// The application: fisu-2023/a001
    name: String,
    /// How far it is
    #[arg(value_parser = words::values::<InsuranceState>())]
    state: InsuranceState,
    /// Of a cover, when it ends, on the tournament's clocks; no end without
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

impl RecordConsent {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: ApplicationName = names::read(&self.name)?;
        let time = match &self.at {
            Some(at) => Some(Clocks::Tournament(&name.parent()).moment(client, "--at", at).await?),
            None => None,
        };
        let kind = if self.guardian { ConsentKind::Guardian } else { ConsentKind::Own };
        let request = self.repeat.request();
        let record = RecordConsentRequest {
            name: name.to_string(),
            kind: kind.into(),
            version: self.text,
            time: time.map(to_timestamp),
            request_id: request.id(),
        };
        let recorded = client.applications().record_consent(record).await;
        let recorded = recorded.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, recorded.application).await
    }
}

impl RecordInsurance {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: ApplicationName = names::read(&self.name)?;
        let until = match &self.until {
            Some(until) => Some(Clocks::Tournament(&name.parent()).moment(client, "--until", until).await?),
            None => None,
        };
        let request = self.repeat.request();
        let record = RecordInsuranceRequest {
            name: name.to_string(),
            insurance: self.state.into(),
            until: until.map(to_timestamp),
            request_id: request.id(),
        };
        let recorded = client.applications().record_insurance(record).await;
        let recorded = recorded.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, recorded.application).await
    }
}
