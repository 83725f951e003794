//! `AttendanceService`: many at once on the day, and how many are to be expected.

use std::collections::BTreeMap;

use matchday_api::volunteers::v1::{self as pb, attendance_service_server::AttendanceService};
use matchday_kernel::{
    AssignmentName, Common, ErrorKind, Fault, GroupName, Instant, ShiftName, SignedDuration, TournamentName,
    VolunteerName,
};
use matchday_rpc::parse::{self, to_timestamp};
use matchday_store::{Conn, Record, Tx};
use tonic::{Request, Response, Status};

use super::{
    attendance::{Attendance, Step},
    by_code, lock,
    replace::Replace,
};
use crate::{
    Error, Volunteers,
    domain::{
        assignment::State,
        refusal::Refusal,
        turnout::{self, Arrivals, Crew, SCENARIOS},
    },
    store::{
        assignments::{self, AssignmentRow},
        shifts::{self, ShiftRow},
        volunteers,
    },
};

/// Volunteers of one list at most.
const MOST_NAMED: usize = 500;
/// People replaced in one call at most: all volunteers are looked at for each, and other writes wait meanwhile.
const MOST_REPLACED: usize = 50;
/// Minutes that people may be late when nobody says; assumed.
const GRACE: i32 = 15;
/// Longest grace, in minutes.
const LONGEST_GRACE: i32 = 120;
/// Longest time that is forecast, and what is when nobody says.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
const A_QUARTER: SignedDuration = SignedDuration::from_mins(15);
/// Shifts that are told at most: the reply is to fit a message.
const MOST_TOLD: usize = 1000;

/// People to sign in, read and checked.
pub(crate) struct SignInMany {
    shift: ShiftName,
    volunteers: Vec<VolunteerName>,
    group: Option<GroupName>,
}

impl SignInMany {
    pub(crate) fn parse(request: &pb::SignInManyRequest) -> Result<Self, Error> {
        let shift: ShiftName = parse::text_as("shift", &request.shift)?;
        let tournament = shift.parent();
        if request.volunteers.is_empty() == request.group.is_empty() {
            return Err(
                Common::field("volunteers", "or a group is to be named, one of both".to_owned()).into()
            );
        }
        if request.volunteers.len() > MOST_NAMED {
            return Err(Common::field("volunteers", format!("are more than {MOST_NAMED}")).into());
        }
        let volunteer = |text: &String| parse::text_as::<VolunteerName>("volunteers", text);
        let volunteers = request.volunteers.iter().map(volunteer).collect::<Result<Vec<_>, _>>()?;
        if let Some(other) = volunteers.iter().find(|one| one.parent() != tournament) {
            return Err(Common::field("volunteers", format!("{other} is not of {tournament}")).into());
        }
        let group = match request.group.as_str() {
            "" => None,
            text => Some(parse::text_as::<GroupName>("group", text)?),
        };
        Ok(Self { shift, volunteers, group })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SignInManyResponse, Error> {
        ShiftRow::get(tx, self.shift.as_str()).await?;
        let mut response = pb::SignInManyResponse::default();
        for volunteer in self.people(tx).await? {
            let id = volunteer.rsplit('/').next().unwrap_or_default();
            let attendance =
                Attendance::parse(&format!("{}/assignments/{id}", self.shift), "", Step::SignIn)?;
            match attendance.carry_out(tx).await {
                Ok(assignment) => response.signed_in.push(assignment),
                // a refusal of one is told; what the store cannot do ends the call
                Err(error) if matches!(error.kind(), ErrorKind::FailedPrecondition | ErrorKind::NotFound) => {
                    let (reason, description) = (error.reason().to_owned(), error.to_string());
                    response.refused.push(pb::NotSignedIn { volunteer, reason, description });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(response)
    }

    /// Those to sign in: the list without repeats, or those of the group who hold the shift and have not come.
    async fn people(&self, tx: &mut Tx) -> Result<Vec<String>, Error> {
        let Some(group) = &self.group else {
            let mut names: Vec<String> = self.volunteers.iter().map(ToString::to_string).collect();
            names.sort();
            names.dedup();
            return Ok(names);
        };
        volunteers::GroupRow::get(tx, group.as_str()).await?;
        let rows = assignments::of_shift(tx, self.shift.as_str()).await?;
        let waiting = rows.iter().map(|row| Ok((row.assignment()?.state.is_ahead(), row.volunteer.as_str())));
        let waiting = waiting.collect::<Result<Vec<_>, Error>>()?;
        let names: Vec<&str> =
            waiting.into_iter().filter_map(|(is_ahead, name)| is_ahead.then_some(name)).collect();
        let people = volunteers::people_named(tx, &names).await?;
        let of_group = people.into_iter().filter(|person| person.group == group.as_str());
        Ok(of_group.map(|person| person.name).take(MOST_NAMED).collect())
    }
}

/// A shift whose missing people are recorded, read and checked.
pub(crate) struct NoShows {
    shift: ShiftName,
    grace: SignedDuration,
    replace: bool,
}

impl NoShows {
    pub(crate) fn parse(request: &pb::RecordNoShowsRequest) -> Result<Self, Error> {
        let minutes = if request.grace_minutes == 0 { GRACE } else { request.grace_minutes };
        if !(1..=LONGEST_GRACE).contains(&minutes) {
            let problem = format!("must lie between 1 and {LONGEST_GRACE}, or be 0 for {GRACE}");
            return Err(Common::field("grace_minutes", problem).into());
        }
        let grace = SignedDuration::from_mins(minutes.into());
        Ok(Self { shift: parse::text_as("shift", &request.shift)?, grace, replace: request.replace })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RecordNoShowsResponse, Error> {
        let shift = ShiftRow::get(tx, self.shift.as_str()).await?.shift()?;
        shift.check_planned()?;
        if tx.now() < shift.time.start().saturating_add(self.grace) {
            let next = "wait until the grace is over, or shorten it";
            return Err(Refusal::ShiftState { shift: shift.name, state: "within its grace", next }.into());
        }
        let mut response = pb::RecordNoShowsResponse::default();
        for row in assignments::of_shift(tx, self.shift.as_str()).await? {
            let assignment = row.assignment()?;
            if assignment.state != State::Accepted {
                continue;
            }
            // who agreed after the start has the grace from then on
            let since = assignment.agreed.map_or(shift.time.start(), |agreed| agreed.max(shift.time.start()));
            if tx.now() < since.saturating_add(self.grace) {
                response.on_the_way += 1;
            } else {
                let missed = Attendance::parse(&row.name, "", Step::NoShow)?.carry_out(tx).await?;
                response.missing.push(missed);
            }
        }
        if !self.replace || shift.time.end() <= tx.now() {
            return Ok(response);
        }
        for (index, missing) in response.missing.iter().enumerate() {
            if index >= MOST_REPLACED {
                response.left_open += 1;
                continue;
            }
            let name: AssignmentName = parse::text_as("name", &missing.name)?;
            match Replace::unasked(name, "did not come".to_owned()).carry_out(tx).await {
                Ok(replaced) => response.substitutes.extend(replaced.assignment),
                Err(Error::Rule(Refusal::NoSubstitute { .. })) => response.left_open += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(response)
    }
}

/// A time that is forecast, read and checked.
struct Forecast {
    tournament: TournamentName,
    from: Instant,
    until: Instant,
}

impl Forecast {
    fn parse(request: &pb::ForecastAttendanceRequest, now: Instant) -> Result<Self, Error> {
        let from = parse::instant("from", request.from)?.unwrap_or(now);
        let until = parse::instant("until", request.until)?.unwrap_or(from.saturating_add(A_DAY));
        if until <= from || until.since(from) > LONGEST {
            return Err(Common::field("until", "lies at most 7 days after the beginning".to_owned()).into());
        }
        Ok(Self { tournament: parse::text_as("parent", &request.parent)?, from, until })
    }

    async fn answer(&self, conn: &mut Conn, now: Instant) -> Result<pb::ForecastAttendanceResponse, Error> {
        let tournament = self.tournament.as_str();
        let rows = assignments::of_tournament(conn, tournament).await?;
        let seen = Seen::of(&rows, now)?;
        let mut by_shift: BTreeMap<&str, Vec<State>> = BTreeMap::new();
        for row in &rows {
            by_shift.entry(&row.shift).or_default().push(row.assignment()?.state);
        }
        let shifts = shifts::of_volunteers(conn, tournament, self.from, self.until).await?;
        let (mut told, mut coming) = (Vec::new(), Vec::new());
        for row in &shifts {
            let states = by_shift.get(row.name.as_str()).map_or(&[][..], Vec::as_slice);
            let count = |is_it: fn(State) -> bool| {
                u32::try_from(states.iter().filter(|state| is_it(**state)).count()).unwrap_or(u32::MAX)
            };
            // whoever is not there a while after the start is not counted on
            let is_late = now >= row.time()?.start().saturating_add(SignedDuration::from_mins(GRACE.into()));
            let crew = Crew {
                headcount: u32::try_from(row.headcount).unwrap_or_default(),
                present: count(|state| matches!(state, State::SignedIn | State::SignedOut)),
                coming: if is_late { 0 } else { count(|state| state == State::Accepted) },
            };
            let unanswered = count(|state| matches!(state, State::Proposed | State::Invited));
            coming.push((row.time()?.start(), f64::from(crew.coming) * (1.0 - seen.share)));
            told.push((crew.short(seen.share), Self::told(row, crew, unanswered, seen.share)));
        }
        told.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let desk = turnout::desk(coming, seen.arrivals).into_iter();
        // who has not come to a quarter that is over will not any more
        let desk = desk.filter(|(quarter, people)| quarter.saturating_add(A_QUARTER) > now && *people > 0.0);
        Ok(pb::ForecastAttendanceResponse {
            no_show_permille: rounded(seen.share * 1000.0),
            observed: seen.observed,
            shifts: told.into_iter().map(|(_, told)| told).take(MOST_TOLD).collect(),
            desk: desk
                .map(|(quarter, people)| pb::DeskLoad {
                    start_time: Some(to_timestamp(quarter)),
                    expected: rounded(people * 10.0),
                })
                .collect(),
        })
    }

    fn told(row: &ShiftRow, crew: Crew, unanswered: u32, share: f64) -> pb::ShiftForecast {
        let number = |people: u32| i32::try_from(people).unwrap_or(i32::MAX);
        let [at_4, at_12_5, at_30] = SCENARIOS.map(|share| rounded(crew.expected(share) * 10.0));
        let short = crew.short(share);
        pb::ShiftForecast {
            shift: row.name.clone(),
            start_time: Some(parse::micros_to_timestamp(row.starts)),
            headcount: row.headcount,
            accepted: number(crew.present + crew.coming),
            present: number(crew.present),
            unanswered: number(unanswered),
            expected_at_4: at_4,
            expected_at_12_5: at_12_5,
            expected_at_30: at_30,
            expected: rounded(crew.expected(share) * 10.0),
            short_permille: rounded(short * 1000.0),
            at_risk: short >= turnout::AT_RISK,
        }
    }
}

/// What was seen of those who had accepted.
struct Seen {
    share: f64,
    observed: i32,
    arrivals: Arrivals,
}

impl Seen {
    /// Learns from shifts that have begun: who came, who did not, and how long ahead.
    fn of(rows: &[AssignmentRow], now: Instant) -> Result<Self, Error> {
        let (mut came, mut missing, mut ahead) = (0u32, 0u32, Vec::new());
        for row in rows.iter().filter(|row| row.starts <= now.as_micros()) {
            let assignment = row.assignment()?;
            match assignment.state {
                State::NoShow => missing += 1,
                State::SignedIn | State::SignedOut | State::Left => came += 1,
                _ => continue,
            }
            if let Some(signed_in) = assignment.signed_in {
                let start = Instant::from_micros(row.starts).map_err(Common::internal)?;
                ahead.push(start.since(signed_in));
            }
        }
        Ok(Self {
            share: turnout::learned(missing, missing + came),
            observed: i32::try_from(missing + came).unwrap_or(i32::MAX),
            arrivals: Arrivals::learned(&ahead),
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "people and thousandths; the cast stops at the ends")]
fn rounded(number: f64) -> i32 {
    number.round() as i32
}

#[tonic::async_trait]
impl AttendanceService for Volunteers {
    async fn sign_in_many(
        &self,
        request: Request<pb::SignInManyRequest>,
    ) -> Result<Response<pb::SignInManyResponse>, Status> {
        let many = SignInMany::parse(request.get_ref())?;
        let locks = lock(many.shift.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(many.carry_out(tx))).await
    }

    async fn show_sign_in_code(
        &self,
        request: Request<pb::ShowSignInCodeRequest>,
    ) -> Result<Response<pb::ShowSignInCodeResponse>, Status> {
        let shift: ShiftName = parse::text_as("shift", &request.get_ref().shift).map_err(Error::from)?;
        let (locks, fresh) = (lock(shift.parent()), self.fresh_key());
        self.desk.write(&request, locks, move |tx| Box::pin(by_code::show(tx, shift, fresh))).await
    }

    async fn record_no_shows(
        &self,
        request: Request<pb::RecordNoShowsRequest>,
    ) -> Result<Response<pb::RecordNoShowsResponse>, Status> {
        let no_shows = NoShows::parse(request.get_ref())?;
        let locks = lock(no_shows.shift.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(no_shows.carry_out(tx))).await
    }

    async fn forecast_attendance(
        &self,
        request: Request<pb::ForecastAttendanceRequest>,
    ) -> Result<Response<pb::ForecastAttendanceResponse>, Status> {
        let now = self.desk.now();
        let forecast = Forecast::parse(request.get_ref(), now)?;
        let mut conn = self.desk.read().await?;
        Ok(Response::new(forecast.answer(&mut conn, now).await?))
    }
}
