//! What `matchday volunteer` does with personal data: exports and erases it.

use clap::Args;
use matchday_api::volunteers::v1::{
    Applicant, Application, ApplicationState, ErasePersonRequest, ErasePersonResponse,
    ExportApplicantsRequest, ExportedApplicant,
};
use matchday_kernel::{ApplicationName, TournamentName, VolunteerName};

use super::{connection::Client, names, pages, refusal::Repeat, times};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// Whose data is exported.
#[derive(Args)]
pub(crate) struct Export {
    /// The tournament: fisu-2023
    tournament: String,
}

/// Who is erased.
#[derive(Args)]
pub(crate) struct Erase {
    /// The volunteer: fisu-2023/v001
    name: String,
    /// The name is that of an application: fisu-2023/a001
    #[arg(long)]
    application: bool,
    /// Why, without naming a person
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

fn of(exported: &ExportedApplicant) -> Application {
    exported.application.clone().unwrap_or_default()
}

fn who(exported: &ExportedApplicant) -> Applicant {
    exported.applicant.clone().unwrap_or_default()
}

impl Shown for ExportedApplicant {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("application", |it: &Self| Cell::name(&of(it).name)),
        Column::new("volunteer", |it: &Self| Cell::name(&of(it).volunteer)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<ApplicationState>(of(it).state))),
        Column::new("display-name", |it: &Self| Cell::Text(who(it).display_name)),
        Column::new("birth-date", |it: &Self| Cell::Text(who(it).birth_date)),
        Column::new("email", |it: &Self| Cell::Text(who(it).email)),
        Column::new("phone", |it: &Self| Cell::Text(who(it).phone)),
        Column::new("document-ends", |it: &Self| Cell::Text(who(it).document_last)),
        Column::new("guardian", |it: &Self| Cell::Text(who(it).guardian)),
    ];
}

impl Shown for ErasePersonResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("application", |it: &Self| Cell::name(&it.application)),
        Column::new("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::new("withdrawn", |it: &Self| Cell::Number(it.withdrawn.into())),
    ];
}

impl Export {
    /// Exports who has applied at a tournament.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let exported = pages::all(async |page_token| {
            let parent = tournament.to_string();
            let request = ExportApplicantsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
            let page = client.applications().export_applicants(request).await?.into_inner();
            Ok((page.applicants, page.next_page_token))
        });
        client.output.list(&exported.await?, &times::utc())
    }
}

impl Erase {
    /// Erases somebody.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = if self.application {
            names::read::<ApplicationName>(&self.name)?.to_string()
        } else {
            names::read::<VolunteerName>(&self.name)?.to_string()
        };
        let request = self.repeat.request();
        let erase = ErasePersonRequest { name, reason: self.reason, request_id: request.id() };
        let erased = client.applications().erase_person(erase).await;
        let erased = erased.map_err(|status| request.refused(status))?.into_inner();
        let count = erased.withdrawn;
        say(format_args!("erased; {count} assignments that were still to come are taken back"));
        client.output.one(&erased, &times::utc())
    }
}
