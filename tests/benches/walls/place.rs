//! Where a process of the program keeps its data.

use std::fs;

use matchday_rpc::Peer;
use matchday_runtime::keys;
use matchday_store::{testing, testing::TestDatabase};
use matchday_tests::stage::Engine;
use tempfile::TempDir;

use crate::{
    hosted::{connection, url},
    program::Program,
};

/// A data directory, and a database where a server keeps it; gone when it is dropped.
pub(crate) struct Place {
    database: Option<TestDatabase>,
    data: TempDir,
}

impl Place {
    /// An empty one; `None` where there is no server.
    ///
    /// # Panics
    /// When it cannot be made.
    pub(crate) async fn empty(engine: Engine) -> Option<Self> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(testing::postgres().await?),
        };
        let data = TempDir::with_prefix("matchday-walls-").expect("a directory for temporary files");
        Some(Self { database, data })
    }

    /// Starts the program on it.
    ///
    /// # Panics
    /// When it does not get ready.
    pub(crate) fn serve(&self) -> Program {
        let database = self.database.as_ref().and_then(url);
        Program::serve(self.data.path(), database.as_deref())
    }

    /// A connection to a program that was started on it, for an administrator.
    ///
    /// # Panics
    /// When the program has made no token.
    pub(crate) fn connection(&self, program: &Program) -> Peer {
        let token = fs::read_to_string(self.data.path().join(keys::ADMIN_TOKEN));
        connection(&program.url, &token.expect("made by the program"))
    }
}
