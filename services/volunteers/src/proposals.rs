//! Repairs that are proposed without being asked for: a change of the schedule has broken assignments, and a draft says who
//! could hold them. Nobody is told of it, and nothing is held, until somebody publishes it.

use std::{collections::BTreeMap, time::Duration};

use matchday_kernel::TournamentName;
use matchday_runtime::Desk;
use matchday_store::StoreError;
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    Error,
    making::{Making, Proposed, made_of},
    store::{assignments, rosters},
};

/// How long the log is quiet before a repair is proposed: a change comes as several events.
const QUIET: Duration = Duration::from_secs(1);
/// How long it is waited for that.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How often it is looked again while others keep the engine or the database away.
const AGAIN: Duration = Duration::from_secs(5);

/// Proposes repairs until the process ends.
pub(crate) struct Proposals {
    desk: Desk,
    making: Making,
    stop: CancellationToken,
    /// Of each tournament what was broken last when a repair was proposed, in microseconds.
    settled: BTreeMap<String, i64>,
}

impl Proposals {
    pub(crate) fn new(desk: Desk, making: Making, stop: CancellationToken) -> Self {
        Self { desk, making, stop, settled: BTreeMap::new() }
    }

    /// Looks for what is broken at the start, and then whenever the log has grown.
    pub(crate) async fn tend(mut self) {
        let mut head = self.desk.store().log().subscribe();
        let stop = self.stop.clone();
        let _ended = stop
            .run_until_cancelled(async {
                loop {
                    let is_settled = self.propose().await.unwrap_or_else(|error| {
                        warn!(%error, "no repair could be proposed");
                        false
                    });
                    if !is_settled {
                        tokio::time::sleep(AGAIN).await;
                    } else if head.changed().await.is_err() {
                        return;
                    }
                    quiet(&mut head).await;
                }
            })
            .await;
    }

    /// Proposes a repair for each tournament in which something was broken since its latest roster was made. Says whether
    /// nothing is left to do.
    async fn propose(&mut self) -> Result<bool, Error> {
        let mut is_settled = true;
        for (tournament, (broken, change)) in self.broken().await? {
            let name: TournamentName = matchday_rpc::parse::text_as("tournament", &tournament)?;
            match self.making.propose(&name, broken, change).await {
                Ok(Proposed::Made(roster)) => info!(roster, "a repair is proposed"),
                Ok(Proposed::Needless) => {}
                Ok(Proposed::Later) => {
                    is_settled = false;
                    continue;
                }
                // whatever is wrong with one tournament keeps no other from its repair
                Err(error) => warn!(tournament, %error, "no repair could be proposed"),
            }
            self.settled.insert(tournament, broken);
        }
        Ok(is_settled)
    }

    /// What is broken and not looked at yet.
    async fn broken(&self) -> Result<BTreeMap<String, (i64, String)>, StoreError> {
        let mut conn = self.desk.store().read().await?;
        let mut broken = assignments::last_broken(&mut conn).await?;
        broken.retain(|tournament, (when, _)| self.settled.get(tournament) < Some(when));
        let mut open = BTreeMap::new();
        for (tournament, (when, change)) in broken {
            let latest = rosters::latest(&mut conn, &tournament).await?;
            if latest.map(|row| row.roster()).transpose()?.is_none_or(|roster| made_of(&roster) < when) {
                open.insert(tournament, (when, change));
            }
        }
        Ok(open)
    }
}

/// Waits until the log does not grow for a while, but not for ever: on a busy evening it always grows.
async fn quiet(head: &mut watch::Receiver<i64>) {
    let is_quiet = async { while let Ok(Ok(())) = timeout(QUIET, head.changed()).await {} };
    let _busy = timeout(LONGEST_WAIT, is_quiet).await;
}
