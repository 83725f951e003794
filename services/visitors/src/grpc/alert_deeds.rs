//! What somebody does about an alert: acknowledges it, sets it aside, takes it up again.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{AlertName, Common, Instant, SignedDuration};
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};

use crate::{
    Error,
    alerts::{alerts_of, keep::happened},
    domain::alert::case::{Case, LONGEST_SHELF, Refusal, Step},
    store::alerts::AlertRow,
};

/// What somebody does about an alert, read and checked.
pub(crate) struct Act {
    name: AlertName,
    etag: String,
    deed: Deed,
}

/// Until when an alert is shelved.
#[derive(Clone, Copy)]
pub(crate) enum End {
    At(Instant),
    After(SignedDuration),
}

impl End {
    pub(super) fn parse(request: &pb::ShelveAlertRequest) -> Result<Self, Error> {
        match (parse::instant("end_time", request.end_time)?, request.lasts) {
            (Some(end), None) => Ok(Self::At(end)),
            (None, Some(lasts)) => Ok(Self::After(parse::duration("lasts", Some(lasts), LONGEST_SHELF)?)),
            _ => Err(Common::field("end_time", "or how long it lasts is required, and not both").into()),
        }
    }
}

/// What is done.
pub(crate) enum Deed {
    Acknowledge,
    Shelve { end: End, reason: String },
    Unshelve,
}

impl Act {
    pub(crate) fn parse(name: &str, etag: &str, deed: Deed) -> Result<Self, Error> {
        Ok(Self { name: parse::text_as("name", name)?, etag: etag.to_owned(), deed })
    }

    pub(crate) fn locks(&self) -> Locks {
        Locks::of([alerts_of(self.name.parent().as_str())])
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::Alert, Error> {
        let row = AlertRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let decided = self.decide(row.case()?, tx);
        let (case, step) = decided.map_err(|refusal| self.refused(refusal))?;
        let row = match step {
            Some(step) => {
                let reason = if let Deed::Shelve { reason, .. } = &self.deed { reason } else { "" };
                happened(tx, row, case, step, reason).await?
            }
            None => row,
        };
        Ok(row.to_pb()?)
    }

    fn decide(&self, case: Case, tx: &Tx) -> Result<(Case, Option<Step>), Refusal> {
        match &self.deed {
            Deed::Acknowledge => case.acknowledge(tx.actor(), tx.now()),
            Deed::Unshelve => case.unshelve(tx.now()),
            Deed::Shelve { end, reason } => {
                let until = match end {
                    End::At(until) => *until,
                    End::After(lasts) => tx.now().saturating_add(*lasts),
                };
                case.shelve(until, reason, tx.now()).map(|(case, step)| (case, Some(step)))
            }
        }
    }

    fn refused(&self, refusal: Refusal) -> Error {
        match refusal {
            Refusal::End => {
                Common::field("end_time", "lies in the past, or more than eight hours ahead").into()
            }
            Refusal::Over | Refusal::Top => Error::Alert { alert: self.name.to_string(), refusal },
        }
    }
}
