//! `matchday roster phase`: who may give shifts to whom (排班阶段); and `matchday shift code`: the code of a post.

use clap::Args;
use matchday_api::volunteers::v1::{
    GetRosterPhasesRequest, RosterDay, RosterPhase, RosterPhases, SetRosterPhaseRequest,
    ShowSignInCodeRequest, ShowSignInCodeResponse,
};
use matchday_kernel::{ShiftName, TournamentName};

use super::{
    connection::Client,
    names,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

/// A phase to show or to set.
#[derive(Args)]
pub(crate) struct Phases {
    /// The tournament: fisu-2023
    tournament: String,
    /// The phase from now on; without it the phases are shown
    #[arg(value_parser = words::values::<RosterPhase>())]
    phase: Option<RosterPhase>,
    /// Only of this day: 2023-10-21
    #[arg(long, value_name = "DATE")]
    day: Option<String>,
    /// Let the day be in the phase of the others again
    #[arg(long, requires = "day", conflicts_with = "phase")]
    as_others: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for RosterDay {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("day", |it: &Self| Cell::text(if it.day.is_empty() { "all others" } else { &it.day })),
        Column::new("phase", |it: &Self| Cell::Text(words::word_of::<RosterPhase>(it.phase))),
    ];
}

impl Phases {
    /// Sets the phase where one is given, and shows all.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let day = self.day.as_deref().map(|day| times::date("--day", day)).transpose()?;
        let (parent, request) = (tournament.to_string(), self.repeat.request());
        let phases = if self.phase.is_some() || self.as_others {
            let set = SetRosterPhaseRequest {
                parent,
                day: day.map(|day| day.to_string()).unwrap_or_default(),
                phase: self.phase.unwrap_or_default().into(),
                request_id: request.id(),
            };
            let set =
                client.roster().set_roster_phase(set).await.map_err(|status| request.refused(status))?;
            set.into_inner().phases
        } else {
            client.roster().get_roster_phases(GetRosterPhasesRequest { parent }).await?.into_inner().phases
        };
        show(client, phases.unwrap_or_default())
    }
}

/// Shows the days with a phase of their own, and that of all others.
pub(super) fn show(client: &Client, phases: RosterPhases) -> Result<(), Failure> {
    let mut days = phases.days;
    days.push(RosterDay { day: String::new(), phase: phases.phase });
    client.output.list(&days, &times::utc())
}

impl Shown for ShowSignInCodeResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("code", |it: &Self| Cell::text(&it.code)),
        Column::new("until", |it: &Self| Cell::Time(it.next_time)),
    ];
}

/// Shows the code that volunteers sign in to a shift with.
pub(super) async fn code(client: &Client, shift: &str) -> Result<(), Failure> {
    let shift: ShiftName = names::read(shift)?;
    let request = ShowSignInCodeRequest { shift: shift.to_string() };
    let shown = client.attendance().show_sign_in_code(request).await?.into_inner();
    let zone = Clocks::Tournament(&shift.parent()).zone_to_show(client).await;
    client.output.one(&shown, &zone)
}
