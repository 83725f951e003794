//! `matchday roster rules`: what rosters cost.

use clap::Args;
use matchday_api::volunteers::v1::{GetRosterRulesRequest, RosterRules, RosterWish, SetRosterRulesRequest};
use matchday_kernel::TournamentName;

use super::super::{connection::Client, names, refusal::Repeat, times};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
};

/// Rules to show, or to change.
#[derive(Args)]
pub(super) struct Rules {
    /// The tournament: fisu-2023
    tournament: String,
    /// Where the rules come from; with it those given are set, and the others stay
    #[arg(long)]
    source: Option<String>,
    /// Cost of a seat that stays open
    #[arg(long, value_name = "COST", requires = "source")]
    open_seat: Option<i64>,
    /// Cost of a rest shorter than a soft limit of the plan
    #[arg(long, value_name = "COST", requires = "source")]
    short_rest: Option<i64>,
    /// Cost of a minute beyond a soft limit of the day
    #[arg(long, value_name = "COST", requires = "source")]
    long_day_minute: Option<i64>,
    /// Cost of a minute that somebody works beyond an equal share
    #[arg(long, value_name = "COST", requires = "source")]
    unequal_minute: Option<i64>,
    /// Cost of a group that is not whole on a day
    #[arg(long, value_name = "COST", requires = "source")]
    broken_group: Option<i64>,
    /// Of a repair: cost of somebody who must be told of something new
    #[arg(long, value_name = "COST", requires = "source")]
    person_told: Option<i64>,
    /// Of a repair: cost of an assignment taken away
    #[arg(long, value_name = "COST", requires = "source")]
    assignment_taken: Option<i64>,
    /// Hours in seven days in a row, and the cost of a minute beyond: 40:2, or off
    #[arg(long, value_name = "HOURS:COST", requires = "source", value_parser = wish)]
    week_hours: Option<Wish>,
    /// Days of work in a row, and the cost of a day beyond: 5:300, or off
    #[arg(long, value_name = "DAYS:COST", requires = "source", value_parser = wish)]
    days_in_a_row: Option<Wish>,
    /// Shifts at night a person, and the cost of one beyond: 2:400, or off
    #[arg(long, value_name = "SHIFTS:COST", requires = "source", value_parser = wish)]
    nights: Option<Wish>,
    /// Shifts that everybody is to hold at least, and the cost of one too few: 2:50, or off
    #[arg(long, value_name = "SHIFTS:COST", requires = "source", value_parser = wish)]
    engagement: Option<Wish>,
    /// Skill of which somebody is to be in each shift, and the cost of a shift without: leading:700, or off
    #[arg(long, value_name = "SKILL:COST", requires = "source", value_parser = leader)]
    leader: Option<Leader>,
    #[command(flatten)]
    repeat: Repeat,
}

/// A wish as written: `None` for one that is off.
type Wish = Setting<RosterWish>;
/// The skill of leaders and what a shift without one costs.
type Leader = Setting<(String, i64)>;

/// Something on the command line that can be off.
#[derive(Clone)]
struct Setting<T>(Option<T>);

fn split(text: &str) -> Result<Option<(&str, i64)>, String> {
    if text == "off" {
        return Ok(None);
    }
    let problem = || format!("{text:?} is neither LIMIT:COST nor off");
    let (limit, cost) = text.split_once(':').ok_or_else(problem)?;
    Ok(Some((limit, cost.parse().map_err(|_| problem())?)))
}

fn wish(text: &str) -> Result<Wish, String> {
    let Some((limit, weight)) = split(text)? else { return Ok(Setting(None)) };
    let limit = limit.parse().map_err(|_| format!("{limit:?} is no number"))?;
    Ok(Setting(Some(RosterWish { limit, weight })))
}

fn leader(text: &str) -> Result<Leader, String> {
    Ok(Setting(split(text)?.map(|(skill, cost)| (skill.to_owned(), cost))))
}

fn wished(wish: Option<&RosterWish>) -> Cell {
    Cell::Text(wish.map_or_else(|| "off".to_owned(), |one| format!("{}:{}", one.limit, one.weight)))
}

impl Shown for RosterRules {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("open-seat", |it: &Self| Cell::Number(it.open_seat)),
        Column::new("short-rest", |it: &Self| Cell::Number(it.short_rest)),
        Column::new("long-day-minute", |it: &Self| Cell::Number(it.long_day_minute)),
        Column::new("unequal-minute", |it: &Self| Cell::Number(it.unequal_minute)),
        Column::new("broken-group", |it: &Self| Cell::Number(it.broken_group)),
        Column::new("person-told", |it: &Self| Cell::Number(it.person_told)),
        Column::new("assignment-taken", |it: &Self| Cell::Number(it.assignment_taken)),
        Column::new("week-hours", |it: &Self| wished(it.week_hours.as_ref())),
        Column::new("days-in-a-row", |it: &Self| wished(it.days_in_a_row.as_ref())),
        Column::new("nights", |it: &Self| wished(it.nights.as_ref())),
        Column::new("engagement", |it: &Self| wished(it.engagement.as_ref())),
        Column::new("leader", |it: &Self| match it.leader_skill.as_str() {
            "" => Cell::text("off"),
            skill => Cell::Text(format!("{skill}:{}", it.no_leader)),
        }),
        Column::new("source", |it: &Self| {
            Cell::text(if it.source.is_empty() { "assumed" } else { &it.source })
        }),
    ];
}

impl Rules {
    /// Sets the rules given, and shows all.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let parent = tournament.to_string();
        let request = GetRosterRulesRequest { parent: parent.clone() };
        let now = client.roster_drafts().get_roster_rules(request).await?.into_inner().rules;
        let mut rules = now.unwrap_or_default();
        if self.source.is_some() {
            let (set, request) = (self.over(rules), self.repeat.request());
            let set = SetRosterRulesRequest { parent, rules: Some(set), request_id: request.id() };
            let set = client.roster_drafts().set_roster_rules(set).await;
            rules = set.map_err(|status| request.refused(status))?.into_inner().rules.unwrap_or_default();
            say("rosters that are made from now on cost so");
        }
        client.output.one(&rules, &times::utc())
    }

    /// The rules with those given on the command line.
    fn over(&self, now: RosterRules) -> RosterRules {
        let wish = |given: &Option<Wish>, now| given.as_ref().map_or(now, |given| given.0);
        let leader = self.leader.as_ref().map(|given| given.0.clone().unwrap_or_default());
        let (leader_skill, no_leader) = leader.unwrap_or((now.leader_skill, now.no_leader));
        RosterRules {
            open_seat: self.open_seat.unwrap_or(now.open_seat),
            short_rest: self.short_rest.unwrap_or(now.short_rest),
            long_day_minute: self.long_day_minute.unwrap_or(now.long_day_minute),
            unequal_minute: self.unequal_minute.unwrap_or(now.unequal_minute),
            broken_group: self.broken_group.unwrap_or(now.broken_group),
            person_told: self.person_told.unwrap_or(now.person_told),
            assignment_taken: self.assignment_taken.unwrap_or(now.assignment_taken),
            week_hours: wish(&self.week_hours, now.week_hours),
            days_in_a_row: wish(&self.days_in_a_row, now.days_in_a_row),
            nights: wish(&self.nights, now.nights),
            engagement: wish(&self.engagement, now.engagement),
            leader_skill,
            no_leader,
            source: self.source.clone().unwrap_or(now.source),
            tournament: now.tournament,
        }
    }
}
