//! Applications from a file.

use std::path::PathBuf;

use clap::Args;
use matchday_api::volunteers::v1::{ImportApplicationsRequest, ImportApplicationsResponse, NewApplication};
use matchday_kernel::TournamentName;

use crate::{
    client::{
        connection::Client,
        names,
        origin::Origin,
        pages,
        progress::{self, Reading},
        refusal::Repeat,
        times::{self, Clocks},
    },
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
};

/// Largest import, in bytes: what the contract lets the server take of applications.
const LARGEST: usize = 128 * 1024 * 1024;

/// Rows that a preview shows as they were read.
const SHOWN: usize = 5;

#[derive(Args)]
pub(super) struct Import {
    /// The file: CSV, or a workbook that ends with .xlsx
    file: PathBuf,
    /// The tournament they apply to: fisu-2023
    #[arg(long)]
    tournament: String,
    /// What a column is called in the file, such as `display_name=姓名` (several between commas)
    #[arg(long, value_name = "COLUMN=NAME", value_delimiter = ',')]
    mapping: Vec<String>,
    /// Show how the first rows are read and all that is wrong, and create nothing
    #[arg(long)]
    preview: bool,
    /// Leave out the lines that are wrong, and hand in the others
    #[arg(long)]
    skip_bad: bool,
    #[command(flatten)]
    origin: Origin,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for NewApplication {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("id", |it: &Self| Cell::id(&of(it).name)),
        Column::new("display-name", |it: &Self| Cell::Text(who(it).display_name)),
        Column::new("birth-date", |it: &Self| Cell::Text(who(it).birth_date)),
        Column::new("email", |it: &Self| Cell::Text(who(it).email)),
        Column::new("phone", |it: &Self| Cell::Text(who(it).phone)),
        Column::new("group", |it: &Self| Cell::id(&of(it).group)),
        Column::new("skills", |it: &Self| Cell::Text(of(it).skills.join(", "))),
        Column::new("languages", |it: &Self| Cell::Text(of(it).languages.join(", "))),
        Column::new("consent", |it: &Self| Cell::text(&it.consent_version)),
    ];
}

fn of(new: &NewApplication) -> matchday_api::volunteers::v1::Application {
    new.application.clone().unwrap_or_default()
}

fn who(new: &NewApplication) -> matchday_api::volunteers::v1::Applicant {
    new.applicant.clone().unwrap_or_default()
}

impl Shown for ImportApplicationsResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("applications", |it: &Self| Cell::Number(it.applications.into())),
        Column::new("left-out", |it: &Self| Cell::Number(it.left_out.into())),
    ];
}

impl Import {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let mapping = file::Mapping::read(&self.mapping)
            .map_err(|problem| Failure::input(format!("--mapping: {problem}")))?;
        let zone = Clocks::Tournament(&tournament).zone(client).await?;
        let provenance = self.origin.provenance();
        let frame = file::Applications { tournament: &tournament, zone: &zone, provenance: &provenance };
        let reading = Reading::of(&self.file);
        let read = file::applications(&self.file, &mapping, &frame, |bytes| reading.passed(bytes));
        drop(reading);
        let file::ReadApplications { applications, standing, faults, wrong } = read?;
        if !faults.is_empty() && !self.preview && !self.skip_bad {
            return Err(Failure::from(faults).with_hint("mend them, or leave them out with --skip-bad"));
        }
        faults.lines().for_each(say);
        if self.preview {
            let rows = applications.len().min(SHOWN);
            client.output.list(&applications[..rows], &times::utc())?;
        }
        let what = format!("{} applications", applications.len());
        let request = self.repeat.request();
        let import = ImportApplicationsRequest {
            parent: tournament.to_string(),
            new_applications: applications,
            skip_bad: self.skip_bad,
            validate_only: self.preview,
            request_id: request.id(),
        };
        pages::check_size_of(&import, LARGEST)?;
        let mut service = client.applications();
        let sent = progress::sending(&what, service.import_applications(import)).await;
        let sent = sent.map_err(|status| request.refused(status).in_words(|text| standing.told(text)))?;
        let response = sent.into_inner();
        for fault in &response.faults {
            say(standing.told(&format!("{}: {}", fault.field, fault.problem)));
        }
        let left_out = i32::try_from(wrong).unwrap_or(i32::MAX).saturating_add(response.left_out);
        let response = ImportApplicationsResponse { left_out, ..response };
        let count = response.applications;
        if self.preview {
            say(format_args!("{count} applications are right, {left_out} are not; nothing was created"));
            return Ok(());
        }
        say(format_args!("handed in for {tournament}: {count} applications; {left_out} left out"));
        client.output.one(&response, &times::utc())
    }
}
