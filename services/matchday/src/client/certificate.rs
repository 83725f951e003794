//! What `matchday hours` does with certificates (志愿服务证书): issued, printed, listed, revoked.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;
use matchday_api::volunteers::v1::{
    Certificate, CertificateState, IssueCertificateRequest, ListCertificatesRequest,
    RenderCertificateRequest, RevokeCertificateRequest,
};
use matchday_kernel::{CertificateName, TournamentName, VolunteerName};

use super::{connection::Client, names, pages, refusal::Repeat, times::Clocks};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// A page to print.
#[derive(Args)]
struct Page {
    /// Language of the page: en or zh-CN
    #[arg(long, default_value = "en", value_parser = ["en", "zh-CN"])]
    language: String,
    /// Address at which the volunteers service is reached from outside, printed for who verifies the certificate
    #[arg(long, value_name = "URL", default_value = "", hide_default_value = true)]
    verify_at: String,
}

/// A volunteer whose hours are attested.
#[derive(Args)]
pub(crate) struct Issue {
    /// The volunteer: fisu-2023/v001
    volunteer: String,
    /// Write the page to this file, as PDF
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    repeat: Repeat,
}

/// A certificate to print.
#[derive(Args)]
pub(crate) struct Render {
    /// The certificate, as `hours certificates` shows it: fisu-2023/7
    certificate: String,
    /// The file, as PDF
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    page: Page,
}

/// A certificate to take back.
#[derive(Args)]
pub(crate) struct Revoke {
    /// The certificate, as `hours certificates` shows it: fisu-2023/7
    certificate: String,
    /// Why, without naming a person
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Certificate {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<CertificateState>(it.state))),
        Column::new("credited", |it: &Self| Cell::Number(it.credited_minutes)),
        Column::new("shifts", |it: &Self| Cell::Number(it.shifts.into())),
        Column::clock("issued", |it: &Self| Cell::Time(it.issue_time)),
        Column::detail("first", |it: &Self| Cell::Time(it.first_time)),
        Column::detail("last", |it: &Self| Cell::Time(it.last_time)),
        Column::new("code", |it: &Self| Cell::text(&it.code)),
        Column::new("reason", |it: &Self| Cell::text(&it.reason)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::input(format!("{} cannot be written: {error}", path.display()))
}

impl Page {
    /// Refuses an address that none is.
    fn check(&self) -> Result<(), Failure> {
        let address = self.verify_at.as_str();
        let is_web = address.is_empty() || address.starts_with("https://") || address.starts_with("http://");
        if is_web {
            Ok(())
        } else {
            Err(Failure::input("--verify-at: write an address, https://…".to_owned()))
        }
    }

    async fn write(self, client: &Client, name: String, path: &Path) -> Result<(), Failure> {
        let request = RenderCertificateRequest { name, language: self.language, verify_at: self.verify_at };
        let page = client.certificates().render_certificate(request).await?.into_inner();
        fs::write(path, &page.content).map_err(|error| unwritable(path, &error))?;
        say(format_args!("wrote the certificate to {}", path.display()));
        Ok(())
    }
}

impl Issue {
    /// Issues a certificate, shows it, and writes its page where one is asked for.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let volunteer: VolunteerName = names::read(&self.volunteer)?;
        let request = self.repeat.request();
        // an earlier certificate falls with a new one: nothing is issued that could not be written
        self.page.check()?;
        if let Some(path) = &self.out {
            fs::File::create(path).map_err(|error| unwritable(path, &error))?;
        }
        let issue = IssueCertificateRequest { volunteer: volunteer.to_string(), request_id: request.id() };
        let issued = client.certificates().issue_certificate(issue).await;
        let response = issued.map_err(|status| request.refused(status))?.into_inner();
        let certificate = response.certificate.unwrap_or_default();
        show(client, &volunteer.parent(), &certificate).await?;
        match self.out {
            Some(path) => self.page.write(client, certificate.name, &path).await,
            None => Ok(()),
        }
    }
}

impl Render {
    /// Writes the page.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: CertificateName = names::read(&self.certificate)?;
        self.page.write(client, name.to_string(), &self.out).await
    }
}

impl Revoke {
    /// Takes the certificate back and shows it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request): (CertificateName, _) = (names::read(&self.certificate)?, self.repeat.request());
        let revoke = RevokeCertificateRequest {
            name: name.to_string(),
            reason: self.reason,
            request_id: request.id(),
        };
        let revoked = client.certificates().revoke_certificate(revoke).await;
        let response = revoked.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent(), &response.certificate.unwrap_or_default()).await
    }
}

/// Lists the certificates of a tournament.
pub(super) async fn list(client: &Client, tournament: &str) -> Result<(), Failure> {
    let tournament: TournamentName = names::read(tournament)?;
    let certificates = pages::all(async |page_token| {
        let request = ListCertificatesRequest {
            parent: tournament.to_string(),
            page_size: pages::PAGE_SIZE,
            page_token,
        };
        let page = client.certificates().list_certificates(request).await?.into_inner();
        Ok((page.certificates, page.next_page_token))
    });
    let certificates = certificates.await?;
    let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
    client.output.list(&certificates, &zone)
}

async fn show(
    client: &Client,
    tournament: &TournamentName,
    certificate: &Certificate,
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.one(certificate, &zone)
}
