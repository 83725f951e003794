//! The schedule of a tournament as an instance of the timetable engine, and back.
//!
//! | file | subject |
//! |---|---|
//! | `calendar` | days and minutes: moments on the engine's clock |
//! | `places` | pitches, when they are open, and what stands there and is not to be placed |
//! | `games` | matches, who plays them, and what they need |
//! | `bracket` | named sides beside slots in words |
//! | `rounds` | rounds of a group that nobody said |
//! | `rules` | rules as the engine knows them |
//! | `ladder` | steps of the relaxation ladder |
//! | `checked` | the schedule checked against every rule |
//! | `placement` | back: where a timetable puts each match, and into which session |
//!
//! Matches that are cancelled are left out. Ids are short: `m17`, `jinjiang/stadium/pitch`.

mod bracket;
mod calendar;
mod checked;
mod games;
mod ladder;
mod placement;
mod places;
mod rounds;
mod rules;
#[cfg(test)]
mod tests;

use matchday_kernel::{Instant, civil::Date};
use matchday_timetable::{
    model::{Instance, Official, Timetable},
    validate::{self, Code, Fault},
};

use super::{
    check::{rule::Rule, timetable},
    frame::Frame,
    officials,
};

pub use calendar::Calendar;
pub use checked::check;
pub use placement::{Placement, WarmUp};
pub use rules::LeftOut;

/// What a timetable is stated of.
#[derive(Clone, Debug)]
pub struct Material {
    /// Id of the tournament.
    pub tournament: String,
    /// Its first and its last day.
    pub dates: [Date; 2],
    /// The schedule as it stands, with what the venues know.
    pub timetable: timetable::Timetable,
    /// The rules in force.
    pub rules: Vec<Rule>,
    /// What a timetable is made within.
    pub frame: Frame,
    /// Those that lead matches.
    pub officials: Vec<officials::Official>,
    /// The present.
    pub now: Instant,
}

/// A schedule as the engine knows it.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The instance.
    pub instance: Instance,
    /// The schedule as it stands.
    pub timetable: Timetable,
    /// Moments on the engine's clock.
    pub calendar: Calendar,
    /// Names of the zones of the pitches, in their order.
    pub zones: Vec<String>,
    /// Names of the zones of the warm-up areas, in their order.
    pub areas: Vec<String>,
    /// Rules in force that the engine does not look at, and why.
    pub left_out: Vec<LeftOut>,
    /// The matches, in the order of the instance.
    games: Vec<placement::Game>,
    /// Names of sessions by the venue and day they take place.
    sessions: placement::Sessions,
}

/// States a schedule as an instance.
///
/// # Errors
/// Everything that is wrong with it, told before any search begins.
pub fn state(material: &Material) -> Result<Stated, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut stated = sketch(material);
    rules::state(material, &mut stated, &mut faults);
    ladder::state(material, &mut stated, &mut faults);
    places::check_openings(&stated, &mut faults);
    places::check_pins(&stated, &mut faults);
    if faults.is_empty() {
        faults = validate::validate(&stated.instance);
    }
    if faults.is_empty() { Ok(stated) } else { Err(faults) }
}

/// The schedule without its rules and its ladder.
fn sketch(material: &Material) -> Stated {
    let calendar = calendar(material);
    let zones = places::zones(material);
    let mut instance = Instance {
        name: material.tournament.clone(),
        days: calendar.days(),
        end: calendar.end(),
        kick_offs: places::kick_offs(material, &calendar),
        ..Instance::default()
    };
    let areas = places::state(material, &calendar, &zones, &mut instance);
    games::teams(material, &zones, &mut instance);
    instance.officials = leaders(material, &calendar, &instance);
    let games = games::state(material, &calendar, &zones, &mut instance);
    places::open_for_what_stands(&games, &mut instance);
    bracket::restore(material, &calendar, &games, &mut instance);
    rounds::complete(&mut instance, &games);
    let timetable = Timetable {
        places: games.iter().map(placement::Game::place).collect(),
        officials: instance.matches.iter().map(|game| game.appointed.clone()).collect(),
    };
    let sessions = placement::Sessions::of(material, &calendar);
    Stated { instance, timetable, calendar, zones, areas, left_out: Vec::new(), games, sessions }
}

/// The days of the tournament, of its matches, and of the frame.
fn calendar(material: &Material) -> Calendar {
    let zone = &material.timetable.zone;
    let played = material.timetable.matches().map(|(activity, _)| zone.local_date(activity.time.start()));
    let dates = material.dates.into_iter().chain(played).chain(material.frame.days.keys().copied());
    let (first, last) = dates.fold((material.dates[0], material.dates[1]), |(first, last), date| {
        (first.min(date), last.max(date))
    });
    Calendar::new(zone, first, last)
}

/// Those that lead matches: as entered, and those that matches name beside them.
fn leaders(material: &Material, calendar: &Calendar, instance: &Instance) -> Vec<Official> {
    let team = |name: &String| {
        let id = short(name);
        instance.teams.iter().position(|team| team.id == id)
    };
    let mut officials: Vec<Official> = material
        .officials
        .iter()
        .map(|official| Official {
            id: official.id().to_owned(),
            country: official.country.clone(),
            conflicts: official.conflicts.iter().filter_map(team).collect(),
            away: official.away.iter().map(|away| calendar.span(away)).collect(),
        })
        .collect();
    for id in material.timetable.matches().flat_map(|(_, played)| &played.officials) {
        if !officials.iter().any(|official| official.id == *id) {
            let (country, conflicts, away) = Default::default();
            officials.push(Official { id: id.clone(), country, conflicts, away });
        }
    }
    officials
}

/// The id at the end of a name.
fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The ids in the name of a place: `jinjiang/stadium/pitch`.
fn short_place(name: &str) -> String {
    name.split('/').skip(1).step_by(2).collect::<Vec<_>>().join("/")
}

fn fault(code: Code, what: String) -> Fault {
    Fault { what, code }
}
