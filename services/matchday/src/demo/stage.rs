//! The eve: everything is imported, checked, published and staffed.

use futures_util::{StreamExt, TryStreamExt, stream};
use matchday_api::{
    common::v1::{PlanFollowed, Provenance},
    scheduling::v1::{CheckScheduleRequest, RuleOutcome, RuleReport, RuleSeverity},
    venues::v1 as venues,
    visitors::v1::{self as visitors, Credential, Gate},
    volunteers::v1::{
        self as volunteers, AcceptInvitationRequest, Assignment, FillShiftsRequest, InviteVolunteerRequest,
        ListAssignmentsRequest, ListShiftsRequest, OpenShift, Shift,
    },
};
use matchday_kernel::TournamentName;
use matchday_rpc::parse::to_timestamp;

use super::{story::Story, tell};
use crate::{
    client::{pages, refusal::Request, site, tournament},
    failure::Failure,
    file,
};

const SITE: &str = include_str!("../../../../examples/fisu-2023/site.yaml");
const TOURNAMENT: &str = include_str!("../../../../examples/fisu-2023/tournament.yaml");
const NEIGHBOURS: &str = include_str!("../../../../examples/fisu-2023/neighbours.yaml");
const PLAN: &str = include_str!("../../../../examples/fisu-2023/plan.yaml");
const GATES: &str = include_str!("../../../../examples/fisu-2023/gates.yaml");
const GROUPS: &str = include_str!("../../../../examples/fisu-2023/groups.csv");
const VOLUNTEERS: &str = include_str!("../../../../examples/fisu-2023/volunteers.csv");
const CREDENTIALS: &str = include_str!("../../../../examples/fisu-2023/credentials.csv");

/// Calls under way at once.
pub(super) const AT_ONCE: usize = 32;
/// Shifts with open seats that are told of.
const TOLD: usize = 2;

/// What was imported and the day needs again.
pub(super) struct Imported {
    /// Tickets and passes.
    pub(super) credentials: Vec<Credential>,
    /// Gates.
    pub(super) gates: Vec<Gate>,
}

impl Story {
    /// Imports, checks and publishes everything.
    pub(super) async fn import(&self) -> Result<Imported, Failure> {
        let (_, imported) =
            site::import(&self.client, file::site_text("site.yaml", SITE)?, &Request::new()).await?;
        let mut lines = vec![imported];
        let mut published = Vec::new();
        for (name, text) in [("tournament.yaml", TOURNAMENT), ("neighbours.yaml", NEIGHBOURS)] {
            let import = file::tournament_text(name, text)?;
            let (tournament, imported) = tournament::import(&self.client, import, &Request::new()).await?;
            lines.push(imported.replacen("imported ", "", 1));
            published.push(tournament.name.parse::<TournamentName>().map_err(Failure::input)?);
        }
        tell(lines.join("; "))?;
        tell(format_args!("checked: {}", told(&self.reports().await?)))?;
        let mut lines = Vec::new();
        for name in published {
            let reply = tournament::publish(&self.client, &name, false, &Request::new()).await?;
            let version = reply.version.unwrap_or_default().name;
            lines.push(format!("{version} with {} places", reply.places_created));
        }
        tell(format_args!("published {}", lines.join(" and ")))?;
        self.client.plans().apply_service_plan(file::plan_text("plan.yaml", PLAN)?).await?;
        let gates = file::gates_text("gates.yaml", GATES)?;
        self.client.gates().import_gates(gates.clone()).await?;
        self.settled().await?;
        tell(format_args!("the service plan led to {}", self.derived().await?))?;

        let directory = tempfile::tempdir()?;
        let write = |name: &str, text: &str| -> Result<_, Failure> {
            let path = directory.path().join(name);
            std::fs::write(&path, text)?;
            Ok(path)
        };
        let generated = Provenance { source: String::new(), generated: vec!["*".into()] };
        let frame =
            file::Volunteers { tournament: &self.tournament, zone: &self.zone, provenance: &generated };
        let (groups, people) = (write("groups.csv", GROUPS)?, write("volunteers.csv", VOLUNTEERS)?);
        let (people, _) = file::volunteers(&people, Some(groups.as_path()), &frame, |_| {})?;
        let people = self.client.volunteers().import_volunteers(people).await?.into_inner();
        let path = write("credentials.csv", CREDENTIALS)?;
        let (credentials, _) = file::credentials(&path, &self.tournament, &generated, |_| {})?;
        let tickets = self.client.credentials().import_credentials(credentials.clone()).await?.into_inner();
        tell(format_args!(
            "imported, all generated: {} volunteers in {} groups, {} gates with {} devices, {} tickets and passes",
            people.volunteers,
            people.groups,
            gates.gates.len(),
            gates.devices.len(),
            tickets.credentials
        ))?;
        Ok(Imported { credentials: credentials.credentials, gates: gates.gates })
    }

    /// What came of each rule.
    pub(super) async fn reports(&self) -> Result<Vec<RuleReport>, Failure> {
        let check = CheckScheduleRequest { parent: self.tournament.to_string() };
        Ok(self.client.checks().check_schedule(check).await?.into_inner().reports)
    }

    async fn derived(&self) -> Result<String, Failure> {
        let parent = self.tournament.to_string();
        let work = venues::GetPlanFollowedRequest { parent: parent.clone() };
        let work = self.client.work().get_plan_followed(work).await?.into_inner().followed;
        let shifts = volunteers::GetPlanFollowedRequest { parent: parent.clone() };
        let shifts = self.client.roster().get_plan_followed(shifts).await?.into_inner().followed;
        let gates = visitors::GetPlanFollowedRequest { parent };
        let gates = self.client.admission().get_plan_followed(gates).await?.into_inner().followed;
        let number = |followed: Option<PlanFollowed>| followed.map_or(0, |followed| followed.derived);
        Ok(format!(
            "{} work orders, {} shifts, and openings of gates for {} sessions",
            number(work),
            number(shifts),
            number(gates)
        ))
    }

    /// Fills the shifts of the day; who is proposed is invited and accepts.
    pub(super) async fn staff(&self) -> Result<(), Failure> {
        let day = self.zone.day(self.day);
        let fill = FillShiftsRequest {
            parent: self.tournament.to_string(),
            from: Some(to_timestamp(day.start())),
            until: Some(to_timestamp(day.end())),
            ..FillShiftsRequest::default()
        };
        let filled = self.client.roster().fill_shifts(fill).await?.into_inner();
        let mut people: Vec<String> =
            self.assignments("").await?.into_iter().map(|assignment| assignment.volunteer).collect();
        people.sort();
        people.dedup();
        let invited = people.len();
        let calls = people.into_iter().map(async |volunteer: String| -> Result<(), Failure> {
            let (invite, request_id) = (volunteer.clone(), String::new());
            let invite =
                InviteVolunteerRequest { volunteer: invite, request_id: request_id.clone(), answer_by: None };
            self.client.roster().invite_volunteer(invite).await?;
            let accept = AcceptInvitationRequest { volunteer, request_id };
            self.client.roster().accept_invitation(accept).await?;
            Ok(())
        });
        stream::iter(calls).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
        let shifts = self.shifts().await?;
        let own = shifts.iter().filter(|shift| shift.unit.is_empty());
        let (seats, units) = shifts.iter().fold((0, 0), |(seats, units), shift| {
            if shift.unit.is_empty() {
                (seats + shift.headcount, units)
            } else {
                (seats, units + shift.headcount)
            }
        });
        tell(format_args!(
            "{}: {} of {seats} seats of {} shifts filled, {invited} volunteers invited and accepted; units bring {units} people",
            self.day,
            filled.proposed,
            own.count()
        ))?;
        for open in filled.open.iter().take(TOLD) {
            tell(format_args!("  {}", why(open, &shifts)))?;
        }
        if filled.open.len() > TOLD {
            tell(format_args!("  and {} shifts more with open seats", filled.open.len() - TOLD))?;
        }
        Ok(())
    }

    /// The shifts of the day.
    pub(super) async fn shifts(&self) -> Result<Vec<Shift>, Failure> {
        let day = self.zone.day(self.day);
        pages::all(async |page_token| {
            let request = ListShiftsRequest {
                parent: self.tournament.to_string(),
                page_size: pages::PAGE_SIZE,
                page_token,
                from: Some(to_timestamp(day.start())),
                until: Some(to_timestamp(day.end())),
                ..ListShiftsRequest::default()
            };
            let page = self.client.roster().list_shifts(request).await?.into_inner();
            Ok((page.shifts, page.next_page_token))
        })
        .await
    }

    /// The assignments of a shift; without one, of the tournament.
    pub(super) async fn assignments(&self, shift: &str) -> Result<Vec<Assignment>, Failure> {
        let parent = if shift.is_empty() { self.tournament.as_str() } else { shift };
        pages::all(async |page_token| {
            let request = ListAssignmentsRequest {
                parent: parent.to_owned(),
                page_size: pages::PAGE_SIZE,
                page_token,
                ..ListAssignmentsRequest::default()
            };
            let page = self.client.roster().list_assignments(request).await?.into_inner();
            Ok((page.assignments, page.next_page_token))
        })
        .await
    }
}

/// Why seats of a shift stay open.
fn why(open: &OpenShift, shifts: &[Shift]) -> String {
    let title = shifts.iter().find(|shift| shift.name == open.shift).map_or("", |shift| shift.title.as_str());
    let blocked: Vec<String> =
        open.blocked.iter().map(|one| format!("{} {}", one.volunteers, in_words(&one.reason))).collect();
    format!("{} open at {title}: of the volunteers, {}", open.seats, blocked.join(", "))
}

/// What blocks a volunteer; a reason without words stands for itself.
fn in_words(reason: &str) -> &str {
    match reason {
        "SHIFT_REQUIREMENT" => "lack its language, its skill or the time",
        "SHIFT_OVERLAP" => "are on another shift then",
        "SHIFT_LIMIT" => "would work too long or rest too little",
        other => other,
    }
}

/// What came of all rules, in a line.
pub(super) fn told(reports: &[RuleReport]) -> String {
    let of = |outcome: RuleOutcome| reports.iter().filter(move |report| report.outcome() == outcome);
    let count = |outcome: RuleOutcome| of(outcome).count();
    let broken = of(RuleOutcome::Violated).map(|report| {
        let rule = report.rule.clone().unwrap_or_default();
        let kind = if rule.severity() == RuleSeverity::Hard { "hard rule broken" } else { "wish not met" };
        format!("{kind}: {} ({}×)", rule.id, report.violation_count)
    });
    let mut parts = vec![format!("{} rules kept", count(RuleOutcome::Checked))];
    parts.extend(broken);
    parts.push(format!("{} not applicable", count(RuleOutcome::NotApplicable)));
    parts.push(format!("{} off", count(RuleOutcome::Off)));
    parts.join(", ")
}
