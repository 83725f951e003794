//! Rules of alerts: those that are shipped, those of a venue, and reading them from the wire.

use matchday_api::{common::v1::Basis, visitors::v1 as pb};
use matchday_kernel::{Common, SignedDuration};
use matchday_rpc::parse::{self, to_duration};
use matchday_store::{Conn, Record, StoreError};

use super::Rules;
use crate::{
    Error,
    domain::alert::{
        Cause, Level,
        rule::{LONGEST_DWELL, LONGEST_ESCALATION, Rule, Threshold},
    },
    store::alerts::{cause_to_pb, level_to_pb, rules::AlertRulesRow},
};

const SEOCHO: &str =
    "density tiers, Seoul Seocho 2023: green below 2, orange from 3, red from 5 people per m²";
const SCENIC: &str = "景区最大承载量核定导则, an excerpt: 80, 90 and 100 % are yellow, orange and red";

/// A rule that is shipped: figures from yellow to red with where they were read, and the times, which are assumed.
struct Shipped {
    cause: Cause,
    figures: [Option<f64>; 3],
    source: &'static str,
    hysteresis: f64,
    /// Seconds to begin, seconds to end, minutes to escalate.
    times: (i64, i64, i64),
}

const fn shipped(
    cause: Cause,
    figures: [Option<f64>; 3],
    source: &'static str,
    hysteresis: f64,
    times: (i64, i64, i64),
) -> Shipped {
    Shipped { cause, figures, source, hysteresis, times }
}

const SHIPPED: [Shipped; 8] = [
    shipped(Cause::Density, [Some(2.0), Some(3.0), Some(5.0)], SEOCHO, 0.1, (60, 180, 3)),
    shipped(Cause::Capacity, [Some(80.0), Some(90.0), Some(100.0)], SCENIC, 0.05, (0, 120, 3)),
    shipped(Cause::CounterFault, [None, Some(1.0), None], "", 0.0, (60, 180, 5)),
    shipped(Cause::CounterSilent, [Some(1.0), None, None], "", 0.0, (0, 60, 10)),
    shipped(Cause::StaleEstimate, [None, Some(20.0), None], "", 0.5, (0, 60, 5)),
    shipped(Cause::QuotaOverdue, [Some(1.0), Some(15.0), None], "", 0.0, (0, 0, 10)),
    shipped(Cause::DeviceSilent, [Some(1.0), None, None], "", 0.0, (60, 60, 10)),
    shipped(Cause::Conflict, [Some(1.0), Some(20.0), None], "", 0.0, (0, 60, 10)),
];

/// Probability from which on a level begins. Assumed; the interval of an estimate is meant to hold in as many cases.
const PROBABILITY: f64 = 0.9;

impl Shipped {
    fn rule(&self) -> pb::AlertRule {
        let basis = if self.source.is_empty() { Basis::Assumed } else { Basis::Reported };
        let threshold = |(level, figure): (Level, Option<f64>)| {
            Some(pb::AlertThreshold {
                level: level_to_pb(level).into(),
                figure: figure?,
                basis: basis.into(),
                source: self.source.to_owned(),
            })
        };
        let (up, down, escalate) = self.times;
        pb::AlertRule {
            cause: cause_to_pb(self.cause).into(),
            thresholds: Level::ALL.into_iter().zip(self.figures).filter_map(threshold).collect(),
            probability: PROBABILITY,
            hysteresis: self.hysteresis,
            dwell_up: Some(to_duration(SignedDuration::from_secs(up))),
            dwell_down: Some(to_duration(SignedDuration::from_secs(down))),
            escalate_after: Some(to_duration(SignedDuration::from_mins(escalate))),
            basis: Basis::Assumed.into(),
            source: String::new(),
        }
    }
}

/// The rules of a venue, by cause: those somebody set, and for other causes those that are shipped.
pub(crate) async fn shown(conn: &mut Conn, venue: &str) -> Result<pb::AlertRules, StoreError> {
    let row = AlertRulesRow::find(conn, venue).await?;
    let (set, etag) = match row {
        Some(row) => (row.rules()?.rules, row.etag()),
        None => (Vec::new(), String::new()),
    };
    Ok(pb::AlertRules { venue: venue.to_owned(), rules: over(&SHIPPED.map(|it| it.rule()), &set), etag })
}

/// Rules with others in place of those of the same causes.
pub(crate) fn over(rules: &[pb::AlertRule], others: &[pb::AlertRule]) -> Vec<pb::AlertRule> {
    let other = |rule: &pb::AlertRule| others.iter().find(|other| other.cause == rule.cause);
    rules.iter().map(|rule| other(rule).unwrap_or(rule).clone()).collect()
}

/// The rules of a venue as the domain knows them.
pub(crate) async fn of_venue(conn: &mut Conn, venue: &str) -> Result<Rules, Error> {
    let shown = shown(conn, venue).await?;
    let rules = shown.rules.iter().map(|rule| read("rules", rule));
    rules.map(|rule| rule.map(|rule| (rule.cause, rule))).collect()
}

/// Reads a rule.
pub(crate) fn read(field: &str, rule: &pb::AlertRule) -> Result<Rule, Error> {
    let of = |name: &str| format!("{field}.{name}");
    founded(field, rule.basis, &rule.source)?;
    let cause = parse::one_of::<pb::AlertCause>(&of("cause"), rule.cause)?;
    let cause = Cause::ALL.into_iter().find(|one| cause_to_pb(*one) == cause);
    let cause = parse::required(&of("cause"), cause)?;
    if rule.thresholds.len() > Level::ALL.len() {
        return Err(Common::field(of("thresholds"), "are more than three: one for each level").into());
    }
    let thresholds = rule.thresholds.iter().enumerate().map(|(index, one)| {
        let field = format!("{field}.thresholds[{index}]");
        founded(&field, one.basis, &one.source)?;
        let level = parse::one_of::<pb::AlertLevel>(&format!("{field}.level"), one.level)?;
        let level = Level::ALL.into_iter().find(|known| level_to_pb(*known) == level);
        Ok(Threshold { level: parse::required(&format!("{field}.level"), level)?, figure: one.figure })
    });
    let dwell = |name: &str, dwell| parse::duration(&of(name), dwell, LONGEST_DWELL);
    let rule = Rule {
        cause,
        thresholds: thresholds.collect::<Result<_, Error>>()?,
        probability: rule.probability,
        hysteresis: rule.hysteresis,
        dwell_up: dwell("dwell_up", rule.dwell_up)?,
        dwell_down: dwell("dwell_down", rule.dwell_down)?,
        escalate_after: parse::duration(&of("escalate_after"), rule.escalate_after, LONGEST_ESCALATION)?,
    };
    rule.check().map_err(|fault| Common::field(field, fault))?;
    Ok(rule)
}

/// Checks that a figure says where it comes from, or that it is assumed.
fn founded(field: &str, basis: i32, source: &str) -> Result<(), Error> {
    let basis = parse::one_of::<Basis>(&format!("{field}.basis"), basis)?;
    let field = format!("{field}.source");
    let checked = match basis {
        Basis::Verified | Basis::Reported => parse::required_text(&field, source),
        Basis::Assumed | Basis::Unspecified => parse::optional_text(&field, source),
    };
    Ok(checked.map(drop)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_can_be_used_and_says_where_it_comes_from() {
        let rules: Vec<Rule> = SHIPPED.iter().map(|it| read("rule", &it.rule()).unwrap()).collect();
        assert_eq!(rules.iter().map(|rule| rule.cause).collect::<Vec<_>>(), Cause::ALL);
        let density = SHIPPED[0].rule();
        assert!(
            density.thresholds.iter().all(|one| one.basis() == Basis::Reported && !one.source.is_empty())
        );
        assert_eq!(density.basis(), Basis::Assumed, "nobody has confirmed the times");
    }

    #[test]
    fn a_figure_without_a_source_is_assumed_or_refused() {
        let mut rule = SHIPPED[1].rule();
        rule.thresholds[0].source.clear();
        assert!(read("rules[0]", &rule).unwrap_err().to_string().contains("thresholds[0].source"));
        rule.thresholds[0].basis = Basis::Assumed.into();
        assert!(read("rules[0]", &rule).is_ok());
        rule.thresholds[0].figure = 95.0;
        assert!(read("rules[0]", &rule).unwrap_err().to_string().contains("rise with the level"));
    }
}
