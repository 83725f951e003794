//! `matchday application`: people from their application to their accreditation.
//!
//! | file | subject |
//! |---|---|
//! | `apply` | one application handed in |
//! | `import` | many from a file |
//! | `decide` | verbs that move several at once |
//! | `interview` | interview slots, and who takes them |
//! | `facts` | consent and insurance |

mod apply;
mod decide;
mod facts;
mod import;
mod interview;

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    Applicant, Application, ApplicationState, Consent, GetApplicantRequest, GetApplicationRequest,
    InsuranceState, ListApplicationsRequest,
};
use matchday_kernel::{ApplicationName, TournamentName};

use super::{
    connection::{Client, Connection},
    names, pages,
    times::{self, Clocks},
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Applications {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hand in one application
    #[command(
        after_long_help = "Example:\n  matchday application apply fisu-2023 --display-name 'Lin Xiaoming' \
                                 --birth-date 2004-05-17\n    --email lin@example.org --languages zh,en --consent \
                                 privacy-1\n\nThe number of an identity document is read from the variable \
                                 MATCHDAY_DOCUMENT, so that it does not stand in the\nhistory of the shell. A keyed \
                                 hash of it is kept, and its last 4 characters; the number is not."
    )]
    Apply(Box<apply::Apply>),
    /// Hand in applications from a CSV file or a workbook (XLSX), all or nothing
    #[command(
        after_long_help = "The first line names the columns: id,display_name,birth_date,email,phone,document,\
                                 guardian,group,skills,languages,\navailable,zones,consent,volunteer,note. \
                                 display_name and birth_date are needed. Lists stand between spaces or\nsemicolons; \
                                 available holds times between semicolons, on the tournament's clocks:\n\
                                 '2023-10-21 08:00/2023-10-21 23:00'. zones are written like \
                                 jinjiang/stadium/pitch; consent is the version of the text\nagreed to; volunteer \
                                 names who applies, where the person is one already. Of a workbook the first \
                                 sheet is read.\n\nExamples:\n  matchday application import people.xlsx --tournament \
                                 fisu-2023 --preview\n    --mapping display_name=姓名,birth_date=出生日期\n  matchday \
                                 application import people.csv --tournament fisu-2023 --skip-bad"
    )]
    Import(import::Import),
    /// List the applications of a tournament
    List {
        /// The tournament: fisu-2023
        tournament: String,
        /// Only in this state (may be given more than once)
        #[arg(long, value_parser = words::values::<ApplicationState>())]
        state: Vec<ApplicationState>,
    },
    /// Show one application
    Show {
        /// The application: fisu-2023/a001
        name: String,
        /// Show how to reach the person and what says who it is; this leaves an event
        #[arg(long)]
        personal: bool,
    },
    /// Find applications fit for an interview
    Screen(decide::Names),
    /// Interviews: slots, who takes them, and who has passed
    Interview(interview::Interview),
    /// Record that applicants are trained
    Train(decide::Names),
    /// Make trained applicants volunteers, who may take shifts
    Accredit(decide::Names),
    /// Turn applications down
    Reject(decide::Reject),
    /// Record that an applicant has taken the application back
    Withdraw(decide::Withdraw),
    /// Record what an applicant, or the guardian of one, has agreed to
    Consent(facts::RecordConsent),
    /// Record how far the insurance of an applicant is
    Insurance(facts::RecordInsurance),
}

fn consent(given: Option<&Consent>) -> Cell {
    Cell::Text(given.map_or_else(String::new, |consent| consent.version.clone()))
}

impl Shown for Application {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("display-name", |it: &Self| Cell::text(&it.display_name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<ApplicationState>(it.state))),
        Column::new("group", |it: &Self| Cell::id(&it.group)),
        Column::new("skills", |it: &Self| Cell::Text(it.skills.join(", "))),
        Column::new("languages", |it: &Self| Cell::Text(it.languages.join(", "))),
        Column::new("consent", |it: &Self| consent(it.consent.as_ref())),
        Column::new("insurance", |it: &Self| Cell::Text(words::word_of::<InsuranceState>(it.insurance))),
        Column::new("interview", |it: &Self| Cell::id(&it.interview_slot)),
        Column::new("volunteer", |it: &Self| Cell::id(&it.volunteer)),
        Column::detail("minor", |it: &Self| Cell::text(if it.minor { "yes" } else { "no" })),
        Column::detail("guardian-consent", |it: &Self| consent(it.guardian_consent.as_ref())),
        Column::detail("insured-until", |it: &Self| Cell::Time(it.insured_until)),
        Column::detail("available", |it: &Self| {
            Cell::Spans(it.availability.iter().map(|time| (time.start_time, time.end_time)).collect())
        }),
        Column::detail("zones", |it: &Self| Cell::Names(it.zones.clone())),
        Column::detail("reason", |it: &Self| Cell::text(&it.reason)),
        Column::detail("handed-in", |it: &Self| Cell::Time(it.create_time)),
        Column::detail("erased", |it: &Self| Cell::Time(it.erase_time)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for Applicant {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("display-name", |it: &Self| Cell::text(&it.display_name)),
        Column::new("birth-date", |it: &Self| Cell::text(&it.birth_date)),
        Column::new("email", |it: &Self| Cell::text(&it.email)),
        Column::new("phone", |it: &Self| Cell::text(&it.phone)),
        Column::new("document-ends", |it: &Self| Cell::text(&it.document_last)),
        Column::new("guardian", |it: &Self| Cell::text(&it.guardian)),
        Column::new("note", |it: &Self| Cell::text(&it.note)),
    ];
}

impl Applications {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Apply(apply) => apply.run(&client).await,
            Command::Import(import) => import.run(&client).await,
            Command::List { tournament, state } => list(&client, &names::read(&tournament)?, &state).await,
            Command::Show { name, personal: false } => {
                let name: ApplicationName = names::read(&name)?;
                let request = GetApplicationRequest { name: name.to_string() };
                let response = client.applications().get_application(request).await?.into_inner();
                show(&client, &name, response.application).await
            }
            Command::Show { name, personal: true } => {
                let name: ApplicationName = names::read(&name)?;
                let request = GetApplicantRequest { name: name.to_string() };
                let response = client.applications().get_applicant(request).await?.into_inner();
                client.output.one(&response.applicant.unwrap_or_default(), &times::utc())
            }
            Command::Screen(names) => names.run(&client, decide::Step::Screen).await,
            Command::Interview(interview) => interview.run(&client).await,
            Command::Train(names) => names.run(&client, decide::Step::Train).await,
            Command::Accredit(names) => names.run(&client, decide::Step::Accredit).await,
            Command::Reject(reject) => reject.run(&client).await,
            Command::Withdraw(withdraw) => withdraw.run(&client).await,
            Command::Consent(consent) => consent.run(&client).await,
            Command::Insurance(insurance) => insurance.run(&client).await,
        }
    }
}

/// Shows an application on the clocks of its tournament.
async fn show(
    client: &Client,
    name: &ApplicationName,
    application: Option<Application>,
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&application.unwrap_or_default(), &zone)
}

/// The applications of a tournament in these states; in all without one.
async fn in_states(
    client: &Client,
    tournament: &TournamentName,
    states: &[ApplicationState],
) -> Result<Vec<Application>, Failure> {
    let states: Vec<i32> = states.iter().map(|state| (*state).into()).collect();
    let applications = pages::all(async |page_token| {
        let (parent, states) = (tournament.to_string(), states.clone());
        let request = ListApplicationsRequest { parent, page_size: pages::PAGE_SIZE, page_token, states };
        let page = client.applications().list_applications(request).await?.into_inner();
        Ok((page.applications, page.next_page_token))
    });
    applications.await
}

async fn list(
    client: &Client,
    tournament: &TournamentName,
    states: &[ApplicationState],
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    client.output.list(&in_states(client, tournament, states).await?, &zone)
}
