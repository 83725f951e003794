//! `matchday flow rule`: when alerts of a cause are raised, lowered and handed on.

use clap::{Args, Subcommand};
use matchday_api::{
    common::v1::Basis,
    visitors::v1::{
        AlertCause, AlertLevel, AlertRule, AlertThreshold, GetAlertRulesRequest, SetAlertRulesRequest,
    },
};
use matchday_kernel::VenueName;
use matchday_rpc::parse::to_duration;

use super::{connection::Client, names, refusal::Repeat, times};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

/// What is done with rules of alerts.
#[derive(Subcommand)]
pub(super) enum Rules {
    /// List the rules of a venue: thresholds, how sure one must be, times, and where they are from
    List {
        /// The venue: jinjiang/stadium
        venue: String,
    },
    /// Change the rule of a cause; what is not given stays
    Set(Box<Set>),
}

/// What changes of a rule.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday flow rule set jinjiang/stadium density --red 4.5 --basis verified \
                       --source 'safety certificate 2023'\n  matchday flow rule set jinjiang/stadium counter-silent \
                       --escalate-after 20m\n\nThresholds rise with the level. Density is in people per m², \
                       capacity in percent of the limit, stale-estimate and quota-overdue in minutes, the others are \
                       counted."
)]
pub(super) struct Set {
    /// The venue: jinjiang/stadium
    venue: String,
    /// The cause
    #[arg(value_parser = words::values::<AlertCause>())]
    cause: AlertCause,
    /// The figure from which on it is yellow; `none` takes the level away
    #[arg(long, value_name = "FIGURE", value_parser = figure)]
    yellow: Option<Figure>,
    /// From which on it is orange
    #[arg(long, value_name = "FIGURE", value_parser = figure)]
    orange: Option<Figure>,
    /// From which on it is red, and never shelved
    #[arg(long, value_name = "FIGURE", value_parser = figure)]
    red: Option<Figure>,
    /// How well the figures given are founded
    #[arg(long, value_parser = words::values::<Basis>(), default_value = "assumed")]
    basis: Basis,
    /// Where they were read; needed unless they are assumed
    #[arg(long, default_value = "", hide_default_value = true)]
    source: String,
    /// So probably the figure must be above, more than 0.5
    #[arg(long, value_name = "SHARE")]
    probability: Option<f64>,
    /// A level ends below its threshold less this share of it
    #[arg(long, value_name = "SHARE")]
    hysteresis: Option<f64>,
    /// For so long it must be above before a level begins: 1m
    #[arg(long, value_name = "TIME")]
    dwell_up: Option<String>,
    /// For so long it must be below before a level ends: 3m
    #[arg(long, value_name = "TIME")]
    dwell_down: Option<String>,
    /// After so long the next duty holder is told: 5m
    #[arg(long, value_name = "TIME")]
    escalate_after: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

/// A figure as written: a number, or `none`.
#[derive(Clone, Copy)]
struct Figure(Option<f64>);

fn figure(text: &str) -> Result<Figure, String> {
    if text == "none" {
        return Ok(Figure(None));
    }
    text.parse().map(|figure| Figure(Some(figure))).map_err(|_| "is a number, or `none`".to_owned())
}

fn threshold(rule: &AlertRule, level: AlertLevel) -> Cell {
    let one = rule.thresholds.iter().find(|one| one.level() == level);
    Cell::Text(one.map_or_else(String::new, |one| one.figure.to_string()))
}

/// Where the thresholds are from: `reported: density tiers, Seoul Seocho 2023`.
fn founded(rule: &AlertRule) -> String {
    let mut told: Vec<String> = Vec::new();
    for one in &rule.thresholds {
        let basis = words::word_of::<Basis>(one.basis);
        let one = if one.source.is_empty() { basis } else { format!("{basis}: {}", one.source) };
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told.join("; ")
}

impl Shown for AlertRule {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("cause", |it: &Self| Cell::Text(words::word_of::<AlertCause>(it.cause))),
        Column::new("yellow", |it: &Self| threshold(it, AlertLevel::Yellow)),
        Column::new("orange", |it: &Self| threshold(it, AlertLevel::Orange)),
        Column::new("red", |it: &Self| threshold(it, AlertLevel::Red)),
        Column::new("up-after", |it: &Self| Cell::Length(it.dwell_up)),
        Column::new("down-after", |it: &Self| Cell::Length(it.dwell_down)),
        Column::new("escalates-after", |it: &Self| Cell::Length(it.escalate_after)),
        Column::detail("probability", |it: &Self| Cell::Text(it.probability.to_string())),
        Column::detail("hysteresis", |it: &Self| Cell::Text(it.hysteresis.to_string())),
        Column::new("figures-from", |it: &Self| Cell::Text(founded(it))),
        Column::detail("times-from", |it: &Self| {
            let basis = words::word_of::<Basis>(it.basis);
            Cell::Text(if it.source.is_empty() { basis } else { format!("{basis}: {}", it.source) })
        }),
    ];
}

impl Rules {
    /// Does what the command says.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::List { venue } => {
                let venue: VenueName = names::read(&venue)?;
                let request = GetAlertRulesRequest { parent: venue.to_string() };
                let rules = client.alerts().get_alert_rules(request).await?.into_inner().rules;
                client.output.list(&rules.unwrap_or_default().rules, &times::utc())
            }
            Self::Set(set) => set.run(client).await,
        }
    }
}

impl Set {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let venue: VenueName = names::read(&self.venue)?;
        let get = GetAlertRulesRequest { parent: venue.to_string() };
        let before = client.alerts().get_alert_rules(get).await?.into_inner().rules.unwrap_or_default();
        let rule = before.rules.iter().find(|rule| rule.cause() == self.cause);
        let rule = self.changed(rule.cloned().unwrap_or_default())?;
        let request = self.repeat.request();
        let set = SetAlertRulesRequest {
            parent: venue.to_string(),
            rules: vec![rule],
            etag: before.etag,
            request_id: request.id(),
        };
        let reply = client.alerts().set_alert_rules(set).await;
        let rules = reply.map_err(|status| request.refused(status))?.into_inner().rules.unwrap_or_default();
        let set = rules.rules.into_iter().find(|rule| rule.cause() == self.cause);
        client.output.one(&set.unwrap_or_default(), &times::utc())
    }

    fn changed(&self, before: AlertRule) -> Result<AlertRule, Failure> {
        let mut rule = before;
        let given = [
            (AlertLevel::Yellow, self.yellow),
            (AlertLevel::Orange, self.orange),
            (AlertLevel::Red, self.red),
        ];
        for (level, figure) in given {
            let Some(Figure(figure)) = figure else { continue };
            rule.thresholds.retain(|one| one.level() != level);
            rule.thresholds.extend(figure.map(|figure| AlertThreshold {
                level: level.into(),
                figure,
                basis: self.basis.into(),
                source: self.source.clone(),
            }));
        }
        rule.thresholds.sort_by_key(|one| one.level);
        let length = |flag: &str, text: &Option<String>| {
            let length = text.as_deref().map(|text| times::length_or_none(flag, text)).transpose();
            length.map(|length| length.map(to_duration))
        };
        rule.dwell_up = length("--dwell-up", &self.dwell_up)?.or(rule.dwell_up);
        rule.dwell_down = length("--dwell-down", &self.dwell_down)?.or(rule.dwell_down);
        rule.escalate_after = length("--escalate-after", &self.escalate_after)?.or(rule.escalate_after);
        rule.probability = self.probability.unwrap_or(rule.probability);
        rule.hysteresis = self.hysteresis.unwrap_or(rule.hysteresis);
        Ok(rule)
    }
}
