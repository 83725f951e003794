//! One application handed in.

use clap::Args;
use matchday_api::volunteers::v1::{
    Applicant, Application, Availability, NewApplication, SubmitApplicationRequest,
};
use matchday_kernel::{ApplicationName, GroupName, TournamentName, VolunteerName, ZoneName};
use matchday_rpc::parse::to_timestamp;

use super::show;
use crate::{
    client::{connection::Client, names, refusal::Repeat, times::Clocks},
    failure::{Failure, say},
};

#[derive(Args)]
pub(super) struct Apply {
    /// The tournament: fisu-2023
    tournament: String,
    /// Id of the application, which says nothing of the person; one is given without
    #[arg(long)]
    id: Option<String>,
    /// What people call the person
    #[arg(long)]
    display_name: String,
    /// Day of birth: 2004-05-17
    #[arg(long)]
    birth_date: String,
    /// Address for mail
    #[arg(long, default_value = "", hide_default_value = true)]
    email: String,
    /// Number of the telephone
    #[arg(long, default_value = "", hide_default_value = true)]
    phone: String,
    /// Number of the identity document, from the variable alone
    #[arg(long, env = "MATCHDAY_DOCUMENT", hide_env_values = true, default_value = "", hide = true)]
    document: String,
    /// The guardian of somebody under 18, and how to reach the person
    #[arg(long, default_value = "", hide_default_value = true)]
    guardian: String,
    /// The group the person comes in: hohai
    #[arg(long)]
    group: Option<String>,
    /// Skills, by id
    #[arg(long, value_delimiter = ',')]
    skills: Vec<String>,
    /// Languages spoken: zh,en
    #[arg(long, value_delimiter = ',')]
    languages: Vec<String>,
    /// A time the person can come, on the tournament's clocks (may be given more than once); always without
    #[arg(long, value_name = "FROM/UNTIL")]
    available: Vec<String>,
    /// A zone asked for: jinjiang/stadium/pitch (may be given more than once)
    #[arg(long)]
    zone: Vec<String>,
    /// Version of the text the applicant has agreed to
    #[arg(long, default_value = "", hide_default_value = true, value_name = "VERSION")]
    consent: String,
    /// Who applies, where the person is a volunteer already: v001
    #[arg(long)]
    volunteer: Option<String>,
    /// What is to be noted of the applicant
    #[arg(long, default_value = "", hide_default_value = true)]
    note: String,
    #[command(flatten)]
    repeat: Repeat,
}

impl Apply {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let within = Some(tournament.id());
        let mut availability = Vec::with_capacity(self.available.len());
        for text in &self.available {
            availability.push(time(client, &tournament, text).await?);
        }
        let zone = |text: &String| names::read::<ZoneName>(text).map(String::from);
        let id = |id: &String| names::read_within::<ApplicationName>(within, id).map(String::from);
        let group = |id: &String| names::read_within::<GroupName>(within, id).map(String::from);
        let volunteer = |id: &String| names::read_within::<VolunteerName>(within, id).map(String::from);
        let application = Application {
            name: self.id.as_ref().map(id).transpose()?.unwrap_or_default(),
            group: self.group.as_ref().map(group).transpose()?.unwrap_or_default(),
            volunteer: self.volunteer.as_ref().map(volunteer).transpose()?.unwrap_or_default(),
            skills: self.skills,
            languages: self.languages,
            availability,
            zones: self.zone.iter().map(zone).collect::<Result<_, _>>()?,
            ..Application::default()
        };
        let applicant = Applicant {
            display_name: self.display_name,
            birth_date: self.birth_date,
            email: self.email,
            phone: self.phone,
            document_number: self.document,
            guardian: self.guardian,
            note: self.note,
            ..Applicant::default()
        };
        let (application, applicant) = (Some(application), Some(applicant));
        let request = self.repeat.request();
        let submit = SubmitApplicationRequest {
            parent: tournament.to_string(),
            new_application: Some(NewApplication { application, applicant, consent_version: self.consent }),
            request_id: request.id(),
        };
        let submitted = client.applications().submit_application(submit).await;
        let submitted = submitted.map_err(|status| request.refused(status))?.into_inner();
        let application = submitted.application.unwrap_or_default();
        say(format_args!("handed in: {}", application.name));
        show(client, &names::read(&application.name)?, Some(application)).await
    }
}

/// Reads a time from a start to an end.
async fn time(client: &Client, tournament: &TournamentName, text: &str) -> Result<Availability, Failure> {
    let wrong = || Failure::input(format!("--available: {text:?}: write it like FROM/UNTIL"));
    let (from, until) = text.split_once('/').ok_or_else(wrong)?;
    let clocks = Clocks::Tournament(tournament);
    let start = clocks.moment(client, "--available", from.trim()).await?;
    let end = clocks.moment(client, "--available", until.trim()).await?;
    Ok(Availability { start_time: Some(to_timestamp(start)), end_time: Some(to_timestamp(end)) })
}
