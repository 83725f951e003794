//! Rules of the contract: read and checked.

use std::collections::BTreeSet;

use matchday_api::{common::v1::Basis, scheduling::v1 as pb};
use matchday_kernel::{Common, Slug, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};
use prost::Message;

use super::{
    emit,
    rule_value::{kind, within},
};
use crate::{
    Error,
    domain::check::rule::{Rule, Scope, Severity},
    rulebook,
    store::{rules, tournaments::TournamentRow},
};

/// Most rules of a tournament.
const MOST: usize = 200;
/// Most bytes of a tournament's rules: the event that tells them stays well below what an event may hold.
const MOST_BYTES: usize = 512 * 1024;
/// Most that a soft rule matters.
const MOST_WEIGHT: i32 = 1000;

/// Rules to apply, read and checked.
pub(super) struct Application {
    tournament: TournamentName,
    rules: Vec<pb::Rule>,
}

impl Application {
    pub(super) fn parse(request: &pb::ApplyRulesRequest) -> Result<Self, Error> {
        let tournament = parse::text_as("parent", &request.parent)?;
        if request.rules.len() > MOST || request.encoded_len() > MOST_BYTES {
            let problem = format!("are more than {MOST}, or larger than {} KiB", MOST_BYTES / 1024);
            return Err(Common::field("rules", problem).into());
        }
        let mut seen = BTreeSet::new();
        for (index, rule) in request.rules.iter().enumerate() {
            read(&format!("rules[{index}]."), rule)?;
            if !seen.insert(rule.id.as_str()) {
                let problem = format!("{} is the id of two rules", rule.id);
                return Err(Common::field(format!("rules[{index}].id"), problem).into());
            }
        }
        Ok(Self { tournament, rules: request.rules.clone() })
    }

    pub(super) fn tournament(&self) -> &str {
        self.tournament.as_str()
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ApplyRulesResponse, Error> {
        let Self { tournament, rules } = self;
        TournamentRow::get(tx, tournament.as_str()).await?;
        rules::replace(tx, tournament.as_str(), &rules).await?;
        let event = pb::RulesApplied { tournament: tournament.to_string(), rules: rules.clone() };
        emit(tx, tournament.as_str(), &tournament, &event);
        let (rules, origin) = in_force(rules);
        Ok(pb::ApplyRulesResponse { rules, origin: origin.into() })
    }
}

/// The rules in force: those applied, otherwise those that are shipped.
pub(crate) fn in_force(applied: Vec<pb::Rule>) -> (Vec<pb::Rule>, pb::RuleOrigin) {
    if applied.is_empty() {
        return (rulebook::shipped().to_vec(), pb::RuleOrigin::Shipped);
    }
    (applied, pb::RuleOrigin::Applied)
}

/// Reads a rule; `at` is what the path of its fields begins with.
pub(crate) fn read(at: &str, rule: &pb::Rule) -> Result<Rule, Error> {
    let field = |name: &str| format!("{at}{name}");
    let id: Slug = parse::text_as(&field("id"), &rule.id)?;
    parse::required_text(&field("source"), &rule.source)?;
    parse::one_of::<Basis>(&field("basis"), rule.basis)?;
    let severity = match parse::one_of(&field("severity"), rule.severity)? {
        pb::RuleSeverity::Soft => {
            let weight = within(&field("weight"), rule.weight, 1, MOST_WEIGHT)?;
            return Ok(Rule {
                id: id.into(),
                kind: kind(at, rule)?,
                severity: Severity::Soft { weight },
                scope: scope(at, rule)?,
            });
        }
        pb::RuleSeverity::Hard => Severity::Hard,
        _ => Severity::Off,
    };
    if rule.weight != 0 {
        return Err(Common::field(field("weight"), "is of soft rules alone").into());
    }
    Ok(Rule { id: id.into(), kind: kind(at, rule)?, severity, scope: scope(at, rule)? })
}

fn scope(at: &str, rule: &pb::Rule) -> Result<Scope, Error> {
    let scope = rule.scope.clone().unwrap_or_default();
    for (name, texts) in [
        ("competitions", &scope.competitions),
        ("stages", &scope.stages),
        ("places", &scope.places),
        ("matches", &scope.matches),
    ] {
        for (index, text) in texts.iter().enumerate() {
            let field = format!("{at}scope.{name}[{index}]");
            parse::required_text(&field, text)?;
            if name == "places" && !text.starts_with("sites/") {
                let problem = "must be the name of a site, a venue or a zone: sites/…";
                return Err(Common::field(field, problem).into());
            }
        }
    }
    let pb::RuleScope { competitions, stages, places, matches } = scope;
    Ok(Scope { competitions, stages, places, matches })
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Fault;

    use super::*;

    fn rule(kind: pb::RuleKind) -> pb::Rule {
        pb::Rule {
            id: "it".into(),
            kind: kind.into(),
            severity: pb::RuleSeverity::Hard.into(),
            source: "x".into(),
            basis: Basis::Assumed.into(),
            ..pb::Rule::default()
        }
    }

    #[track_caller]
    fn refused(rule: &pb::Rule, field: &str) {
        let error = read("rules[0].", rule).unwrap_err();
        assert_eq!(error.violations()[0].subject, format!("rules[0].{field}"), "{error}");
    }

    #[test]
    fn the_shipped_rules_can_be_applied() {
        let request = pb::ApplyRulesRequest {
            parent: "tournaments/t".into(),
            rules: rulebook::shipped().to_vec(),
            request_id: String::new(),
        };
        assert_eq!(Application::parse(&request).unwrap().rules.len(), request.rules.len());
    }

    #[test]
    fn a_weight_is_of_soft_rules() {
        let plain = rule(pb::RuleKind::NamesKnown);
        refused(&pb::Rule { weight: 3, ..plain.clone() }, "weight");
        let soft = pb::Rule { severity: pb::RuleSeverity::Soft.into(), ..plain.clone() };
        refused(&soft, "weight");
        refused(&pb::Rule { severity: 0, ..plain.clone() }, "severity");
        assert_eq!(read("", &pb::Rule { weight: 3, ..soft }).unwrap().severity, Severity::Soft { weight: 3 });
    }

    #[test]
    fn what_a_rule_is_about_is_named() {
        let about = |scope: pb::RuleScope| pb::Rule { scope: Some(scope), ..rule(pb::RuleKind::NamesKnown) };
        let places = pb::RuleScope { places: vec!["stadium".into()], ..Default::default() };
        refused(&about(places), "scope.places[0]");
        let stages = pb::RuleScope { stages: vec!["final".into(), String::new()], ..Default::default() };
        refused(&about(stages), "scope.stages[1]");
        refused(&pb::Rule { source: " ".into(), ..rule(pb::RuleKind::NamesKnown) }, "source");
        refused(&pb::Rule { basis: 0, ..rule(pb::RuleKind::NamesKnown) }, "basis");
        refused(&pb::Rule { id: "It".into(), ..rule(pb::RuleKind::NamesKnown) }, "id");
    }

    #[test]
    fn ids_stand_once() {
        let rules = vec![rule(pb::RuleKind::NamesKnown), rule(pb::RuleKind::ZonesKnown)];
        let request = pb::ApplyRulesRequest { parent: "tournaments/t".into(), rules, ..Default::default() };
        let error = Application::parse(&request).err().unwrap();
        assert_eq!(error.violations()[0].subject, "rules[1].id");
    }
}
