//! What `matchday shift` does with shifts beside the service plan: made by hand, one for each of several days, and
//! called off again.

use clap::Args;
use jiff::civil::{Date, Time};
use matchday_api::volunteers::v1::{CancelShiftsRequest, CreateShiftsRequest, NewShift};
use matchday_kernel::{ShiftName, TournamentName, Zone};
use matchday_rpc::parse::to_timestamp;
use prost_types::Timestamp;

use super::{
    connection::Client,
    names,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::failure::{Failure, say};

/// Days of one command at most.
const MOST_DAYS: usize = 60;

/// A shift to make, or one for each of several days.
#[derive(Args)]
pub(crate) struct Create {
    /// The shift: fisu-2023/info-desk; of several days each gets its date behind it
    shift: String,
    /// What people call the post
    #[arg(long)]
    title: String,
    /// The day, on the tournament's clocks
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: String,
    /// The last day, for one shift on each day until then
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    /// When it begins
    #[arg(long, value_name = "HH:MM")]
    start: Time,
    /// When it ends; before the start it is on the next day
    #[arg(long, value_name = "HH:MM")]
    end: Time,
    /// People needed
    #[arg(long)]
    headcount: i32,
    /// Where, in words or as a name
    #[arg(long, default_value = "", hide_default_value = true)]
    place: String,
    /// Skills each must have: first-aid,driving
    #[arg(long, value_delimiter = ',')]
    skills: Vec<String>,
    /// Languages of which each must speak one: zh,en
    #[arg(long, value_delimiter = ',')]
    languages: Vec<String>,
    /// It is a reserve (机动岗): who holds it takes the place of somebody who is missing elsewhere
    #[arg(long)]
    reserve: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Create {
    /// Makes the shifts, all or none, and lists them.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, days): (ShiftName, _) = (names::read(&self.shift)?, self.days()?);
        let tournament = name.parent();
        let zone = Clocks::Tournament(&tournament).zone_of_known(client).await?;
        let request = self.repeat.request();
        let is_one = days.len() == 1;
        let shift = |day: &Date| {
            let next = if self.end > self.start { Some(*day) } else { day.tomorrow().ok() };
            let next = next.ok_or_else(|| Failure::input("--day: has no day after it".to_owned()))?;
            Ok(NewShift {
                name: if is_one { name.to_string() } else { format!("{name}-{day}") },
                title: self.title.clone(),
                place: self.place.clone(),
                start_time: Some(moment(&zone, *day, self.start, "--start")?),
                end_time: Some(moment(&zone, next, self.end, "--end")?),
                headcount: self.headcount,
                skills: self.skills.clone(),
                languages: self.languages.clone(),
                reserve: self.reserve,
            })
        };
        let create = CreateShiftsRequest {
            parent: tournament.to_string(),
            shifts: days.iter().map(shift).collect::<Result<_, Failure>>()?,
            request_id: request.id(),
        };
        let created = client.roster().create_shifts(create).await;
        let shifts = created.map_err(|status| request.refused(status))?.into_inner().shifts;
        say(format_args!("made {} shifts", shifts.len()));
        client.output.list(&shifts, &zone)
    }

    fn days(&self) -> Result<Vec<Date>, Failure> {
        let first = times::date("--day", &self.day)?;
        let last = self.until.as_deref().map_or(Ok(first), |text| times::date("--until", text))?;
        let mut days = vec![first];
        while let Some(day) = days.last().and_then(|day| day.tomorrow().ok()).filter(|day| *day <= last) {
            days.push(day);
            if days.len() > MOST_DAYS {
                return Err(Failure::input(format!("--until: more than {MOST_DAYS} days after --day")));
            }
        }
        if last < first {
            return Err(Failure::input("--until: lies before --day".to_owned()));
        }
        Ok(days)
    }
}

fn moment(zone: &Zone, day: Date, time: Time, flag: &str) -> Result<Timestamp, Failure> {
    let moment = zone.resolve(day.to_datetime(time));
    moment.map(to_timestamp).map_err(|error| Failure::input(format!("{flag}: {error}")))
}

/// Shifts to call off.
#[derive(Args)]
pub(crate) struct CallOff {
    /// The tournament: fisu-2023
    tournament: String,
    /// The shifts: info-desk-2023-10-21 info-desk-2023-10-22
    #[arg(required = true)]
    shifts: Vec<String>,
    #[command(flatten)]
    repeat: Repeat,
}

impl CallOff {
    /// Calls them off, all or none, and lists them.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let name =
            |text: &String| names::read_within::<ShiftName>(Some(tournament.id()), text).map(String::from);
        let request = self.repeat.request();
        let cancel = CancelShiftsRequest {
            parent: tournament.to_string(),
            names: self.shifts.iter().map(name).collect::<Result<_, _>>()?,
            request_id: request.id(),
        };
        let cancelled = client.roster().cancel_shifts(cancel).await;
        let shifts = cancelled.map_err(|status| request.refused(status))?.into_inner().shifts;
        say(format_args!("called off {} shifts", shifts.len()));
        let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
        client.output.list(&shifts, &zone)
    }
}
