//! What `matchday shift` does for many at once on the day: a list or a group signed in, those who did not come, and how
//! many are to be expected.

use clap::Args;
use matchday_api::volunteers::v1::{
    Assignment, AssignmentState, DeskLoad, ForecastAttendanceRequest, NotSignedIn, RecordNoShowsRequest,
    ShiftForecast, SignInManyRequest,
};
use matchday_kernel::{GroupName, ShiftName, TournamentName, VolunteerName};
use matchday_runtime::Exit;
use serde::Serialize;

use super::{
    assignment::show_all,
    connection::Client,
    names,
    refusal::Repeat,
    times::{self, Clocks, Window},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown, ToJson},
    words,
};

/// People to sign in.
#[derive(Args)]
pub(crate) struct SignInMany {
    /// The shift, as `shift list` shows it: fisu-2023/opening-gate-stewards
    shift: String,
    /// The volunteers: v078 v079
    #[arg(required_unless_present = "group")]
    volunteers: Vec<String>,
    /// Everybody of this group who has accepted the shift: university-2
    #[arg(long, conflicts_with = "volunteers")]
    group: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

/// A shift whose missing people are recorded.
#[derive(Args)]
pub(crate) struct NoShows {
    /// The shift, as `shift list` shows it: fisu-2023/opening-gate-stewards
    shift: String,
    /// Minutes after the start that people may be late: 1 to 120
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(i32).range(1..=120))]
    grace: i32,
    /// Put substitutes in their places, the reserve first
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// A time that is forecast.
#[derive(Args)]
pub(crate) struct Forecast {
    /// The tournament: fisu-2023
    tournament: String,
    /// This day, on the tournament's clocks; without it the next 24 hours
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// How many come to sign in, by quarters of an hour
    #[arg(long)]
    desk: bool,
    /// Only shifts at risk
    #[arg(long, conflicts_with = "desk")]
    at_risk: bool,
}

/// Somebody who was to be signed in.
#[derive(Clone, Serialize)]
struct Signed {
    volunteer: String,
    state: String,
    problem: String,
}

impl Signed {
    fn of(assignment: Assignment) -> Self {
        let state = words::word_of::<AssignmentState>(assignment.state);
        Self { volunteer: assignment.volunteer, state, problem: String::new() }
    }

    fn refused(refused: NotSignedIn) -> Self {
        let problem = format!("{}: {}", refused.reason, refused.description);
        Self { volunteer: refused.volunteer, state: "refused".into(), problem }
    }
}

impl ToJson for Signed {
    type Json = Self;

    fn to_json(&self) -> Result<Self, Failure> {
        Ok(self.clone())
    }
}

impl Shown for Signed {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::new("state", |it: &Self| Cell::text(&it.state)),
        Column::new("problem", |it: &Self| Cell::text(&it.problem)),
    ];
}

/// Tenths, or thousandths as hundredths, with their point: `12.5`.
fn tenths(number: i32) -> Cell {
    Cell::Text(format!("{}.{}", number / 10, number % 10))
}

impl Shown for ShiftForecast {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("shift", |it: &Self| Cell::name(&it.shift)),
        Column::new("needed", |it: &Self| Cell::Number(it.headcount.into())),
        Column::new("accepted", |it: &Self| Cell::Number(it.accepted.into())),
        Column::new("there", |it: &Self| Cell::Number(it.present.into())),
        Column::new("unanswered", |it: &Self| Cell::Number(it.unanswered.into())),
        Column::new("expected", |it: &Self| tenths(it.expected)),
        Column::new("at-4%", |it: &Self| tenths(it.expected_at_4)),
        Column::new("at-12.5%", |it: &Self| tenths(it.expected_at_12_5)),
        Column::new("at-30%", |it: &Self| tenths(it.expected_at_30)),
        Column::new("short-%", |it: &Self| tenths(it.short_permille)),
        Column::new("at-risk", |it: &Self| Cell::text(if it.at_risk { "yes" } else { "no" })),
    ];
}

impl Shown for DeskLoad {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("quarter", |it: &Self| Cell::Time(it.start_time)),
        Column::new("expected", |it: &Self| tenths(it.expected)),
    ];
}

impl SignInMany {
    /// Signs them in, and shows who is and who is not.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (shift, request): (ShiftName, _) = (names::read(&self.shift)?, self.repeat.request());
        let tournament = shift.parent();
        let volunteer = |text: &String| {
            names::read_within::<VolunteerName>(Some(tournament.id()), text).map(String::from)
        };
        let group = self.group.as_deref();
        let group =
            group.map(|text| names::read_within::<GroupName>(Some(tournament.id()), text)).transpose()?;
        let sign_in = SignInManyRequest {
            shift: shift.to_string(),
            volunteers: self.volunteers.iter().map(volunteer).collect::<Result<_, _>>()?,
            group: group.map(String::from).unwrap_or_default(),
            request_id: request.id(),
        };
        let signed = client.attendance().sign_in_many(sign_in).await;
        let response = signed.map_err(|status| request.refused(status))?.into_inner();
        let (there, refused) = (response.signed_in.len(), response.refused.len());
        let signed = response.signed_in.into_iter().map(Signed::of);
        let all: Vec<Signed> = signed.chain(response.refused.into_iter().map(Signed::refused)).collect();
        client.output.list(&all, &times::utc())?;
        say(format_args!("signed in: {there}; refused: {refused}"));
        if refused == 0 {
            return Ok(());
        }
        Err(Failure::new(Exit::Refused, format!("{refused} of {} were not signed in", there + refused)))
    }
}

impl NoShows {
    /// Records who did not come, and shows who takes the places.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (shift, request): (ShiftName, _) = (names::read(&self.shift)?, self.repeat.request());
        let record = RecordNoShowsRequest {
            shift: shift.to_string(),
            grace_minutes: self.grace,
            replace: self.replace,
            request_id: request.id(),
        };
        let recorded = client.attendance().record_no_shows(record).await;
        let response = recorded.map_err(|status| request.refused(status))?.into_inner();
        let (missing, found, open, late) =
            (response.missing.len(), response.substitutes.len(), response.left_open, response.on_the_way);
        show_all(client, &shift.parent(), &[response.missing, response.substitutes].concat()).await?;
        say(format_args!(
            "missing: {missing}; substitutes: {found}; places for which nobody was found: {open}; not there, and \
             within their grace: {late}"
        ));
        Ok(())
    }
}

impl Forecast {
    /// Shows the forecast.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let day = self.day.as_deref().map(|day| times::date("--day", day)).transpose()?;
        let zone = Clocks::Tournament(&tournament).zone_of_known(client).await?;
        let window = Window::of(day, &zone);
        let request = ForecastAttendanceRequest {
            parent: tournament.to_string(),
            from: window.from,
            until: window.until,
        };
        let forecast = client.attendance().forecast_attendance(request).await?.into_inner();
        let learned = format!(
            "no-shows: {}.{} % expected, learned from {} assignments",
            forecast.no_show_permille / 10,
            forecast.no_show_permille % 10,
            forecast.observed
        );
        if self.desk {
            client.output.list(&forecast.desk, &zone)?;
        } else {
            let mut shifts = forecast.shifts;
            shifts.retain(|one| one.at_risk || !self.at_risk);
            client.output.list(&shifts, &zone)?;
        }
        say(learned);
        Ok(())
    }
}
