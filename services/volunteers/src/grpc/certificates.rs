//! `CertificateService`: confirmed hours attested, printed, revoked.

use matchday_api::volunteers::v1::{self as pb, certificate_service_server::CertificateService};
use matchday_kernel::{CertificateName, Common, Random, TournamentName, VolunteerName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Record, Tx};
use tonic::{Request, Response, Status};

use super::{calendars::language, lock};
use crate::{
    Error, Volunteers,
    domain::{
        certificate::{Print, code},
        hours::Refusal,
    },
    hours::tell_certificate,
    store::{
        certificates::{self, CertificateRow},
        hours::balance,
        limits::{title, zone},
        volunteers::VolunteerRow,
    },
};

/// Longest address printed, in characters.
const LONGEST_ADDRESS: usize = 200;

/// Somebody whose service is attested, read and checked.
pub(crate) struct Issue {
    volunteer: VolunteerName,
    code: String,
}

impl Issue {
    pub(crate) fn parse(request: &pb::IssueCertificateRequest, random: &Random) -> Result<Self, Error> {
        Ok(Self { volunteer: parse::text_as("volunteer", &request.volunteer)?, code: code(random) })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::IssueCertificateResponse, Error> {
        let volunteer = VolunteerRow::get(tx, self.volunteer.as_str()).await?.name;
        let balance = balance(tx, &volunteer).await?;
        let (Some(first), Some(last)) = (balance.confirmed_first, balance.confirmed_last) else {
            return Err(Refusal::Unconfirmed { volunteer }.into());
        };
        if let Some(earlier) = certificates::valid_of(tx, &volunteer).await? {
            let revoked = earlier.revoked("a later one was issued".to_owned()).save(tx).await?;
            tell_certificate(tx, revoked.into());
        }
        let row = CertificateRow {
            tournament: self.volunteer.parent().into(),
            volunteer,
            code: self.code,
            state: pb::CertificateState::Valid.into(),
            credited: balance.confirmed,
            shifts: i32::try_from(balance.confirmed_shifts).unwrap_or(i32::MAX),
            first,
            last,
            ..CertificateRow::default()
        };
        let certificate: pb::Certificate = row.add(tx).await?.into();
        tell_certificate(tx, certificate.clone());
        Ok(pb::IssueCertificateResponse { certificate: Some(certificate) })
    }
}

/// A certificate to take back, read and checked.
pub(crate) struct Revoke {
    name: CertificateName,
    reason: String,
}

impl Revoke {
    pub(crate) fn parse(request: &pb::RevokeCertificateRequest) -> Result<Self, Error> {
        let reason = parse::required_text("reason", &request.reason)?;
        Ok(Self { name: parse::text_as("name", &request.name)?, reason })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RevokeCertificateResponse, Error> {
        let row = valid(CertificateRow::get(tx, self.name.as_str()).await?)?;
        let certificate: pb::Certificate = row.revoked(self.reason).save(tx).await?.into();
        tell_certificate(tx, certificate.clone());
        Ok(pb::RevokeCertificateResponse { certificate: Some(certificate) })
    }
}

/// Refuses a certificate that is revoked.
fn valid(row: CertificateRow) -> Result<CertificateRow, Error> {
    if row.is_valid() { Ok(row) } else { Err(Refusal::Revoked { certificate: row.name }.into()) }
}

/// An address to print: the beginning of one that people can type, or nothing.
fn address(text: &str, code: &str) -> Result<String, Error> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_plain = text.chars().all(|one| one.is_ascii_graphic()) && text.len() <= LONGEST_ADDRESS;
    match text {
        "" => Ok(String::new()),
        _ if is_web && is_plain => Ok(format!("{}/certificates/{code}", text.trim_end_matches('/'))),
        _ => {
            let problem =
                format!("is an address as https://volunteers.example.org, at most {LONGEST_ADDRESS} long");
            Err(Common::field("verify_at", problem).into())
        }
    }
}

#[tonic::async_trait]
impl CertificateService for Volunteers {
    async fn issue_certificate(
        &self,
        request: Request<pb::IssueCertificateRequest>,
    ) -> Result<Response<pb::IssueCertificateResponse>, Status> {
        let issue = Issue::parse(request.get_ref(), &self.random)?;
        let locks = lock(issue.volunteer.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(issue.carry_out(tx))).await
    }

    async fn list_certificates(
        &self,
        request: Request<pb::ListCertificatesRequest>,
    ) -> Result<Response<pb::ListCertificatesResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let page = certificates::page(&mut conn, tournament.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListCertificatesResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            certificates: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn render_certificate(
        &self,
        request: Request<pb::RenderCertificateRequest>,
    ) -> Result<Response<pb::RenderCertificateResponse>, Status> {
        let pb::RenderCertificateRequest { name, language: tag, verify_at } = request.get_ref();
        let language = language(tag)?;
        let row: CertificateRow = self.desk.get::<CertificateName, _>(name).await?;
        let row = valid(row)?;
        let verify_at = address(verify_at, &row.code)?;
        let mut conn = self.desk.read().await?;
        let person = VolunteerRow::get(&mut conn, &row.volunteer).await.map_err(Error::from)?;
        let tournament = title(&mut conn, &row.tournament).await.map_err(Error::from)?;
        let zone = zone(&mut conn, &row.tournament).await.map_err(Error::from)?;
        drop(conn);
        let rendered = tokio::task::spawn_blocking(move || {
            let attested = row.attested()?;
            let print = Print {
                certificate: &row.name,
                number: row.number,
                person: &person.display_name,
                tournament: &tournament,
                attested: &attested,
                code: &row.code,
                verify_at: &verify_at,
            };
            Ok::<_, Error>(print.pdf(language, &zone)?)
        });
        let content = rendered.await.map_err(|error| Error::from(Common::internal(error)))??;
        Ok(Response::new(pb::RenderCertificateResponse { content }))
    }

    async fn revoke_certificate(
        &self,
        request: Request<pb::RevokeCertificateRequest>,
    ) -> Result<Response<pb::RevokeCertificateResponse>, Status> {
        let revoke = Revoke::parse(request.get_ref())?;
        let locks = lock(revoke.name.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(revoke.carry_out(tx))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_is_printed() {
        assert_eq!(address("", "A").unwrap(), "");
        assert_eq!(address("https://v.org/", "A").unwrap(), "https://v.org/certificates/A");
        for wrong in ["v.org", "javascript:x", "https://a b", "https://例"] {
            assert!(address(wrong, "A").is_err(), "{wrong}");
        }
    }
}
