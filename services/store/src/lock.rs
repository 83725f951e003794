//! The locks of a batch: advisory locks of PostgreSQL, whose keys are 64 bits.
//!
//! `SQLite` has one writer and needs none. Batches of several processes take their locks in the order of
//! the keys, in one statement and before anything else, so that they cannot wait for each other in a ring.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::{Native, StoreError, Tx, job::Job};

/// A batch with more locks than this takes one lock over all instead: the server's lock table holds about
/// 6,400 for all its sessions.
const MANY: usize = 512;

/// The 64-bit key of a lock: lock names of different services are different locks.
pub(crate) fn key(service: &str, name: &str) -> i64 {
    let hash = Sha256::digest(format!("{service}/{name}"));
    let first: [u8; 8] = hash[..8].try_into().expect("a SHA-256 has 32 bytes");
    i64::from_be_bytes(first)
}

/// The keys of the locks of all jobs, of their request ids, and `more`.
pub(crate) fn keys(service: &str, jobs: &[Job], more: Option<&str>) -> BTreeSet<i64> {
    let mut keys: BTreeSet<i64> = more.iter().map(|name| key(service, name)).collect();
    for job in jobs {
        keys.extend(job.locks.iter().map(|name| key(service, name)));
        keys.extend(job.key.iter().map(|request| key(service, &request.to_string())));
    }
    keys
}

/// Takes the locks; they are given up with the transaction.
pub(crate) async fn take(tx: &mut Tx, service: &str, keys: BTreeSet<i64>) -> Result<(), StoreError> {
    let Native::Postgres(connection) = tx.native() else {
        return Ok(());
    };
    if keys.is_empty() {
        return Ok(());
    }
    let all = key(service, "");
    if keys.len() > MANY {
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(all).execute(&mut **connection).await?;
    } else {
        let keys: Vec<i64> = keys.into_iter().collect();
        sqlx::query(
            "SELECT pg_advisory_xact_lock_shared($1) \
             UNION ALL SELECT pg_advisory_xact_lock(key) FROM UNNEST($2::bigint[]) AS key",
        )
        .bind(all)
        .bind(keys)
        .execute(&mut **connection)
        .await?;
    }
    Ok(())
}
