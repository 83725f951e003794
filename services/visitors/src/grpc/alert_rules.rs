//! Setting the rules of alerts, and who answers for a zone.

use std::collections::BTreeSet;

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, SignedDuration, VenueName, ZoneName};
use matchday_rpc::parse;
use matchday_store::{NewEvent, Record, Tx};
use prost::Message;

use crate::{
    Error,
    alerts::rules,
    domain::alert::rule::{LONGEST_ESCALATION, SHORTEST_ESCALATION},
    store::alerts::rules::{self as rows, AlertRulesRow},
};

/// Holders of a chain, and chains of a venue.
const MOST_HOLDERS: usize = 10;
const MOST_CHAINS: usize = 200;

/// Rules to set, read and checked.
pub(super) struct SetRules {
    pub(super) venue: VenueName,
    rules: Vec<pb::AlertRule>,
    etag: String,
}

impl SetRules {
    pub(super) fn parse(request: &pb::SetAlertRulesRequest) -> Result<Self, Error> {
        let mut causes = BTreeSet::new();
        for (index, rule) in request.rules.iter().enumerate() {
            let field = format!("rules[{index}]");
            let read = rules::read(&field, rule)?;
            if !causes.insert(read.cause) {
                return Err(Common::field(field, "is a second rule of its cause").into());
            }
        }
        if causes.is_empty() {
            return Err(Common::field("rules", "are required: name at least one").into());
        }
        let venue = parse::text_as("parent", &request.parent)?;
        Ok(Self { venue, rules: request.rules.clone(), etag: request.etag.clone() })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetAlertRulesResponse, Error> {
        let venue = self.venue.as_str();
        let before = AlertRulesRow::find(tx, venue).await?;
        let mut set = match &before {
            Some(row) => {
                row.check_etag(&self.etag)?;
                row.rules()?.rules
            }
            None if self.etag.is_empty() => Vec::new(),
            None => return Err(Common::etag_mismatch(venue).into()),
        };
        set.retain(|rule| self.rules.iter().all(|other| other.cause != rule.cause));
        set.extend(self.rules);
        set.sort_by_key(|rule| rule.cause);
        let body = pb::AlertRules { rules: set, ..pb::AlertRules::default() }.encode_to_vec();
        match before {
            Some(row) => AlertRulesRow { body, ..row }.save(tx).await?,
            None => {
                AlertRulesRow { name: venue.to_owned(), body, ..AlertRulesRow::default() }.create(tx).await?
            }
        };
        let rules = Some(rules::shown(tx, venue).await?);
        tx.emit(NewEvent::new(venue, None, &pb::AlertRulesSet { rules: rules.clone() }));
        Ok(pb::SetAlertRulesResponse { rules })
    }
}

/// Who answers for a zone, read and checked.
pub(super) struct SetChain {
    pub(super) venue: VenueName,
    chain: pb::DutyChain,
}

impl SetChain {
    pub(super) fn parse(request: &pb::SetDutyHolderRequest) -> Result<Self, Error> {
        let venue: VenueName = parse::text_as("parent", &request.parent)?;
        let chain = parse::required("chain", request.chain.clone())?;
        if !chain.zone.is_empty() {
            let zone: ZoneName = parse::text_as("chain.zone", &chain.zone)?;
            if zone.parent() != venue {
                return Err(Common::field("chain.zone", format!("{zone} is not at {venue}")).into());
            }
        }
        if chain.holders.len() > MOST_HOLDERS {
            let problem = format!("holds {}; a chain has at most {MOST_HOLDERS}", chain.holders.len());
            return Err(Common::field("chain.holders", problem).into());
        }
        for (index, holder) in chain.holders.iter().enumerate() {
            let field = |name: &str| format!("chain.holders[{index}].{name}");
            parse::required_text(&field("holder"), &holder.holder)?;
            parse::optional_text(&field("unit"), &holder.unit)?;
            let after = holder.escalate_after;
            let after =
                after.map(|it| parse::duration(&field("escalate_after"), Some(it), LONGEST_ESCALATION));
            if after.transpose()?.is_some_and(|after: SignedDuration| after < SHORTEST_ESCALATION) {
                return Err(Common::field(field("escalate_after"), "is a second to a day").into());
            }
        }
        Ok(Self { venue, chain })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetDutyHolderResponse, Error> {
        let venue = self.venue.as_str();
        let known = rows::chains(tx, venue).await?;
        if known.len() >= MOST_CHAINS && known.iter().all(|one| one.zone != self.chain.zone) {
            let problem = format!("{venue} has {MOST_CHAINS} chains already: remove one first");
            return Err(Common::field("chain", problem).into());
        }
        rows::save_chain(tx, venue, &self.chain).await?;
        let chain = Some(self.chain);
        let event = pb::DutyChainSet { venue: venue.to_owned(), chain: chain.clone() };
        tx.emit(NewEvent::new(venue, None, &event));
        Ok(pb::SetDutyHolderResponse { chain })
    }
}
