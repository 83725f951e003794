//! What somebody asks a run for, read from the contract.

use std::time::Duration;

use matchday_api::scheduling::v1::{self as pb, disruption::What, run_budget::Limit};
use matchday_kernel::{Common, SignedDuration, ZoneName};
use matchday_rpc::parse;

use crate::{
    Error,
    domain::{
        disruption::Disruption,
        run::{Budget, LONGEST, USUAL},
    },
    runs::Order,
};

/// Most disruptions of one repair.
const MOST_DISRUPTIONS: usize = 20;
/// Most venues that weather names.
const MOST_VENUES: usize = 50;
/// Most spectators of a pitch.
const MOST_SPECTATORS: i32 = 1_000_000;
/// Longest overrun of a match.
const LONGEST_OVERRUN: SignedDuration = SignedDuration::from_hours(24);

impl Order {
    /// Reads what a timetable is made with.
    pub(super) fn generate(request: &pb::GenerateScheduleRequest) -> Result<Self, Error> {
        Ok(Self {
            tournament: parse::text_as("parent", &request.parent)?,
            kind: pb::RunKind::Generate,
            budget: budget(request.budget.as_ref())?,
            disruptions: Vec::new(),
            seen: String::new(),
            asked: pb::Run { budget: request.budget, ..pb::Run::default() },
        })
    }

    /// Reads what a timetable is repaired after.
    pub(super) fn repair(request: &pb::RepairScheduleRequest) -> Result<Self, Error> {
        if request.disruptions.len() > MOST_DISRUPTIONS {
            return Err(Common::field("disruptions", format!("are more than {MOST_DISRUPTIONS}")).into());
        }
        let disruptions = request.disruptions.iter().enumerate();
        Ok(Self {
            tournament: parse::text_as("parent", &request.parent)?,
            kind: pb::RunKind::Repair,
            budget: budget(request.budget.as_ref())?,
            disruptions: disruptions
                .map(|(index, one)| disruption(&format!("disruptions[{index}]."), one))
                .collect::<Result<_, _>>()?,
            seen: request.base.clone(),
            asked: pb::Run {
                budget: request.budget,
                disruptions: request.disruptions.clone(),
                ..pb::Run::default()
            },
        })
    }
}

fn budget(budget: Option<&pb::RunBudget>) -> Result<Budget, Error> {
    let budget = budget.copied().unwrap_or_default();
    let seed = u64::try_from(budget.seed).map_err(|_| Common::field("budget.seed", "is negative"))?;
    let (time, iterations) = match budget.limit {
        None => (USUAL, None),
        Some(Limit::Seconds(seconds)) => {
            let time = u64::try_from(seconds).ok().map(Duration::from_secs);
            let time = time.filter(|time| !time.is_zero() && *time <= LONGEST);
            let problem =
                || Common::field("budget.seconds", format!("must lie between 1 and {}", LONGEST.as_secs()));
            (time.ok_or_else(problem)?, None)
        }
        Some(Limit::Iterations(iterations)) => {
            let iterations = u64::try_from(iterations).ok().filter(|iterations| *iterations > 0);
            let problem = || Common::field("budget.iterations", "must be 1 or more");
            (LONGEST, Some(iterations.ok_or_else(problem)?))
        }
    };
    Ok(Budget { time, iterations, seed })
}

/// Reads a disruption; `at` is what the path of its fields begins with.
fn disruption(at: &str, disruption: &pb::Disruption) -> Result<Disruption, Error> {
    let field = |name: &str| format!("{at}{name}");
    let zone = |name: &str, text: &str| parse::text_as::<ZoneName>(&field(name), text);
    let what = parse::required(at.trim_end_matches('.'), disruption.what.as_ref())?;
    Ok(match what {
        What::PitchLost(lost) => Disruption::PitchLost {
            zone: zone("pitch_lost.zone", &lost.zone)?,
            time: parse::interval(&field("pitch_lost."), lost.start_time, lost.end_time)?,
            why: parse::required_text(&field("pitch_lost.reason"), &lost.reason)?,
        },
        What::Weather(weather) => {
            if weather.venues.len() > MOST_VENUES {
                let problem = format!("are more than {MOST_VENUES}");
                return Err(Common::field(field("weather.venues"), problem).into());
            }
            let venues = weather.venues.iter().enumerate();
            Disruption::Weather {
                venues: venues
                    .map(|(index, name)| parse::text_as(&field(&format!("weather.venues[{index}]")), name))
                    .collect::<Result<_, _>>()?,
                time: parse::interval(&field("weather."), weather.start_time, weather.end_time)?,
                why: parse::required_text(&field("weather.reason"), &weather.reason)?,
            }
        }
        What::TeamWithdrawn(withdrawn) => Disruption::TeamWithdrawn {
            team: parse::text_as(&field("team_withdrawn.team"), &withdrawn.team)?,
        },
        What::TeamReplaced(replaced) => Disruption::TeamReplaced {
            team: parse::text_as(&field("team_replaced.team"), &replaced.team)?,
            by: parse::text_as(&field("team_replaced.by"), &replaced.by)?,
        },
        What::MatchOverruns(overruns) => Disruption::MatchOverruns {
            activity: parse::text_as(&field("match_overruns.activity"), &overruns.activity)?,
            by: overrun(&field("match_overruns.by"), overruns.by)?,
        },
        What::PitchSwapped(swapped) => Disruption::PitchSwapped {
            zone: zone("pitch_swapped.zone", &swapped.zone)?,
            by: zone("pitch_swapped.by", &swapped.by)?,
        },
        What::CapacityChanged(changed) => {
            let name = field("capacity_changed.capacity");
            let capacity = u32::try_from(changed.capacity).ok();
            let capacity = capacity.filter(|_| changed.capacity <= MOST_SPECTATORS);
            let problem = || Common::field(name, format!("must lie between 0 and {MOST_SPECTATORS}"));
            Disruption::CapacityChanged {
                zone: zone("capacity_changed.zone", &changed.zone)?,
                capacity: capacity.ok_or_else(problem)?,
            }
        }
    })
}

/// Reads how much later a match ends: in whole minutes.
fn overrun(field: &str, by: Option<prost_types::Duration>) -> Result<SignedDuration, Error> {
    let by = parse::duration(field, by, LONGEST_OVERRUN)?;
    if by.is_zero() || by != SignedDuration::from_mins(by.as_mins()) {
        return Err(Common::field(field, "must be whole minutes, at least one").into());
    }
    Ok(by)
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Fault;

    use super::*;

    fn of(limit: Limit, seed: i64) -> pb::RunBudget {
        pb::RunBudget { limit: Some(limit), seed }
    }

    #[test]
    fn a_budget_is_bounded() {
        assert_eq!(budget(None).unwrap(), Budget { time: USUAL, iterations: None, seed: 0 });
        let timed = budget(Some(&of(Limit::Seconds(600), 7))).unwrap();
        assert_eq!(timed, Budget { time: LONGEST, iterations: None, seed: 7 });
        let replayed = budget(Some(&of(Limit::Iterations(1), 7))).unwrap();
        assert_eq!(replayed, Budget { time: LONGEST, iterations: Some(1), seed: 7 });
        for (limit, seed, field) in [
            (Limit::Seconds(0), 0, "budget.seconds"),
            (Limit::Seconds(601), 0, "budget.seconds"),
            (Limit::Seconds(-1), 0, "budget.seconds"),
            (Limit::Iterations(0), 0, "budget.iterations"),
            (Limit::Iterations(5), -1, "budget.seed"),
        ] {
            let error = budget(Some(&of(limit, seed))).unwrap_err();
            assert_eq!(error.violations()[0].subject, field);
        }
    }

    #[track_caller]
    fn refused(what: What, field: &str) {
        let request = pb::RepairScheduleRequest {
            parent: "tournaments/t".into(),
            disruptions: vec![pb::Disruption { what: Some(what) }],
            ..pb::RepairScheduleRequest::default()
        };
        let error = Order::repair(&request).err().unwrap();
        assert_eq!(error.violations()[0].subject, format!("disruptions[0].{field}"), "{error}");
    }

    #[test]
    fn a_disruption_names_what_it_is_about() {
        use pb::disruption::{CapacityChanged, MatchOverruns, PitchLost, TeamReplaced, Weather};
        let zone = "sites/s/venues/v/zones/z".to_owned();
        let second = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
        let lost = PitchLost {
            zone: zone.clone(),
            start_time: second(0),
            end_time: second(60),
            reason: "water".into(),
        };
        refused(What::PitchLost(PitchLost { zone: "z".into(), ..lost.clone() }), "pitch_lost.zone");
        refused(What::PitchLost(PitchLost { end_time: second(0), ..lost.clone() }), "pitch_lost.end_time");
        refused(What::PitchLost(PitchLost { reason: String::new(), ..lost }), "pitch_lost.reason");
        let rain = Weather { venues: vec!["x".into()], ..Weather::default() };
        refused(What::Weather(rain), "weather.venues[0]");
        let by = TeamReplaced { team: "tournaments/t/teams/a".into(), by: "b".into() };
        refused(What::TeamReplaced(by), "team_replaced.by");
        let length = |seconds| Some(prost_types::Duration { seconds, nanos: 0 });
        for by in [None, length(0), length(90), length(86_460)] {
            let overruns = MatchOverruns { activity: "tournaments/t/activities/m1".into(), by };
            refused(What::MatchOverruns(overruns), "match_overruns.by");
        }
        for capacity in [-1, MOST_SPECTATORS + 1] {
            let changed = CapacityChanged { zone: zone.clone(), capacity };
            refused(What::CapacityChanged(changed), "capacity_changed.capacity");
        }
        let empty = pb::RepairScheduleRequest {
            parent: "tournaments/t".into(),
            disruptions: vec![pb::Disruption { what: None }],
            ..pb::RepairScheduleRequest::default()
        };
        assert_eq!(Order::repair(&empty).err().unwrap().violations()[0].subject, "disruptions[0]");
    }
}
