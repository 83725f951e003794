//! Leases of names: one process at a time holds each, and loses it when it ends, however it ends.
//!
//! That of a follower only spares work: that no event is applied twice is the cursor's doing, in the transaction.

use std::{fmt, time::Duration};

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;

use crate::{StoreError, database::Pools, lock};

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks for a lease, over one connection for as long as it is refused.
pub(crate) struct Candidate {
    key: i64,
    /// `None` where there is one process only.
    server: Option<Box<PgConnectOptions>>,
    connection: Option<Box<PgConnection>>,
}

/// A lease, held until it is dropped or its connection is lost.
pub struct Lease {
    /// The connection that holds the lock; `None` where there is one process only.
    connection: Option<Box<PgConnection>>,
}

impl Candidate {
    pub(crate) fn new(service: &str, pools: &Pools, name: &str) -> Self {
        let key = lock::key(service, &format!("lease/{name}"));
        let server = match pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { options, .. } => Some(options.clone()),
        };
        Self { key, server, connection: None }
    }

    /// Takes the lease; `None` while another replica has it.
    pub(crate) async fn take(&mut self) -> Result<Option<Lease>, StoreError> {
        let Some(server) = &self.server else {
            return Ok(Some(Lease { connection: None }));
        };
        // a connection that fails is not used again
        let held = self.connection.take();
        let take = async {
            let mut connection = match held {
                Some(connection) => connection,
                None => Box::new(server.connect().await?),
            };
            let is_taken = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
                .bind(self.key)
                .fetch_one(&mut *connection)
                .await?;
            Ok::<_, sqlx::Error>((connection, is_taken))
        };
        let late = |_| StoreError::Unavailable("no answer to the request for a lease".to_owned());
        let (connection, is_taken): (_, bool) = timeout(PATIENCE, take).await.map_err(late)??;
        if is_taken {
            return Ok(Some(Lease { connection: Some(connection) }));
        }
        self.connection = Some(connection);
        Ok(None)
    }
}

impl Lease {
    /// Whether it is still held.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.connection {
            None => true,
            Some(connection) => matches!(timeout(PATIENCE, connection.ping()).await, Ok(Ok(()))),
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}
