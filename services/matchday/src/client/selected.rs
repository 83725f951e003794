//! Who a message is for, on the command line.

use clap::Args;
use matchday_api::volunteers::v1::Selection;
use matchday_kernel::{GroupName, ShiftName, TournamentName, VolunteerName};
use matchday_rpc::parse::to_timestamp;

use super::{connection::Client, names, names::Short, times::Clocks};
use crate::failure::Failure;

/// Who is told. Each kind narrows the choice; what is given several times widens it.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Selected {
    /// Every volunteer of the tournament
    #[arg(long)]
    everybody: bool,
    /// Who is on shift now
    #[arg(long, conflicts_with = "on_shift_from")]
    on_shift_now: bool,
    /// Who is on shift at some time from then on, on the tournament's clocks
    #[arg(long, value_name = "TIME", requires = "on_shift_until")]
    on_shift_from: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME", requires = "on_shift_from")]
    on_shift_until: Option<String>,
    /// Who is on this shift: opening-gate-stewards
    #[arg(long = "shift", value_name = "SHIFT")]
    shifts: Vec<String>,
    /// Who is at this post of the service plan: gate-stewards
    #[arg(long = "post", value_name = "POST")]
    posts: Vec<String>,
    /// Who is at this zone, or at this venue: jinjiang/stadium
    #[arg(long = "zone", value_name = "PLACE")]
    zones: Vec<String>,
    /// Who has this skill: first-aid
    #[arg(long = "skill", value_name = "SKILL")]
    skills: Vec<String>,
    /// Who speaks this language: es
    #[arg(long = "language", value_name = "LANGUAGE")]
    languages: Vec<String>,
    /// Who is in this group: hohai
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// This volunteer: v001
    #[arg(long = "volunteer", value_name = "VOLUNTEER")]
    volunteers: Vec<String>,
    /// Also who is invited to a shift and has not answered
    #[arg(long)]
    invited: bool,
}

impl Selected {
    /// The selection as the contract has it.
    ///
    /// # Errors
    /// [`Failure`] for what is no name or no time.
    pub(crate) async fn selection(
        self,
        client: &Client,
        tournament: &TournamentName,
    ) -> Result<Selection, Failure> {
        let clocks = Clocks::Tournament(tournament);
        let (from, until) = match (&self.on_shift_from, &self.on_shift_until) {
            (Some(from), Some(until)) => {
                let from = clocks.moment(client, "--on-shift-from", from).await?;
                let until = Clocks::Tournament(tournament).moment(client, "--on-shift-until", until).await?;
                (Some(to_timestamp(from)), Some(to_timestamp(until)))
            }
            _ => (None, None),
        };
        let place = |text: &String| names::read_place(text).map(|place| place.name);
        Ok(Selection {
            everybody: self.everybody,
            on_shift_now: self.on_shift_now,
            on_shift_from: from,
            on_shift_until: until,
            shifts: within::<ShiftName>(tournament, &self.shifts)?,
            posts: self.posts,
            zones: self.zones.iter().map(place).collect::<Result<_, _>>()?,
            skills: self.skills,
            languages: self.languages,
            groups: within::<GroupName>(tournament, &self.groups)?,
            volunteers: within::<VolunteerName>(tournament, &self.volunteers)?,
            invited: self.invited,
        })
    }
}

/// Names in the tournament, in full.
fn within<N: Short + Into<String>>(
    tournament: &TournamentName,
    texts: &[String],
) -> Result<Vec<String>, Failure> {
    texts.iter().map(|text| Ok(names::read_within::<N>(Some(tournament.id()), text)?.into())).collect()
}
