//! A repair that nobody asked for: made like any other, and out of the way of whoever asks for one.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, TournamentName};
use tokio::sync::watch;

use super::{Asked, MOST_SEARCHES, Making, Search, Sought, Told, read, stated};
use crate::{Error, store::phases::phases};

/// Who makes the repairs that nobody asked for.
const PROPOSER: &str = "services/volunteers";

/// What became of a repair that nobody asked for.
#[derive(Debug)]
pub(crate) enum Proposed {
    /// This draft.
    Made(String),
    /// There is nothing to mend, or somebody has made a roster meanwhile.
    Needless,
    /// The engine is at work for somebody who asked: later.
    Later,
}

impl Making {
    /// Makes a repair that nobody asked for, after a change that broke something at a moment, in microseconds.
    pub(crate) async fn propose(
        &self,
        tournament: &TournamentName,
        broken: i64,
        change: String,
    ) -> Result<Proposed, Error> {
        let asked = Asked::proposal();
        let task = asked.task()?;
        let mut conn = self.desk.store().read().await?;
        let mut basis = read(&mut conn, tournament.as_str(), self.desk.now()).await?;
        let phases = phases(&mut conn, tournament.as_str()).await?;
        drop(conn);
        basis.close_where(|shift, zone| phases.check_plan(shift, zone).is_err());
        if !basis.has_work(&task) || basis.candidates.is_empty() {
            return Ok(Proposed::Needless);
        }
        let stated = stated(&basis, &task)?;
        let call = self.desk.own_call(PROPOSER, change);
        let (teller, told) = watch::channel(Told::Progress(pb::RosterProgress::default()));
        let ends = self.stop.child_token();
        {
            let mut searches = self.searches();
            if searches.contains_key(tournament.as_str()) || searches.len() >= MOST_SEARCHES {
                return Ok(Proposed::Later);
            }
            let search = Search {
                author: call.actor.clone(),
                request_id: None,
                asked: asked.clone(),
                told: told.clone(),
                proposal: Some(ends.clone()),
            };
            searches.insert(tournament.to_string(), search);
        }
        let found = self.search(Sought { basis, stated, asked, task }, ends.clone(), teller).await;
        let kept = match found {
            _ if ends.is_cancelled() => Ok(Proposed::Later),
            Err(status) => Err(Common::internal(status).into()),
            Ok(roster) => {
                let kept = self.keep(call, tournament, roster, Some(broken)).await;
                kept.map_err(|status| Error::from(Common::internal(status))).map(|kept| {
                    if kept.author == PROPOSER { Proposed::Made(kept.name) } else { Proposed::Needless }
                })
            }
        };
        self.searches().retain(|_, search| !search.told.same_channel(&told));
        kept
    }
}
