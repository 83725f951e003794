//! What the handlers of every service do: read a resource, list a page, write under locks.

use std::{fmt::Display, str::FromStr};

use matchday_kernel::{Clock, Fault, Instant, Random, uuid_v7};
use matchday_rpc::{Caller, fault_status, parse};
use matchday_store::{BoxFuture, Call, Conn, Locks, Record, Store, StoreError, Tx};
use prost::Message;
use tonic::{Request, Response, Status};

/// The desk of a service: its store, and what turns requests into calls of it.
#[derive(Clone, Debug)]
pub struct Desk {
    store: Store,
    clock: Clock,
    random: Random,
}

impl Desk {
    pub(crate) fn new(store: Store, clock: Clock, random: Random) -> Self {
        Self { store, clock, random }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// An id for something the service names.
    #[must_use]
    pub fn new_id(&self) -> uuid::Uuid {
        uuid_v7(&self.clock, &self.random)
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// `UNAVAILABLE`
    pub async fn read(&self) -> Result<Conn, Status> {
        self.store.read().await.map_err(|error| fault_status(&error))
    }

    /// Reads the resource a request names; it must exist.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` when the text is no name of this kind, `NOT_FOUND`.
    pub async fn get<N, R>(&self, name: &str) -> Result<R, Status>
    where
        N: FromStr<Err: Display> + AsRef<str>,
        R: Record + Clone + 'static,
    {
        let name: N = parse::text_as("name", name).map_err(|error| fault_status(&error))?;
        self.store.get(name.as_ref()).await.map_err(|error| fault_status(&error))
    }

    /// Reads the page a list request asks for of the resources below an ancestor, with the token of the
    /// next one.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` for a page size or a token that cannot be used.
    pub async fn list<R: Record>(
        &self,
        request: &Request<impl Message>,
        ancestor: &str,
    ) -> Result<(Vec<R>, String), Status> {
        let paging = Caller::of(request)?.page(request.get_ref())?;
        let mut conn = self.read().await?;
        let page = R::below(&mut conn, ancestor, paging.after.as_deref(), paging.size)
            .await
            .map_err(|error| fault_status(&error))?;
        Ok((page.items, paging.seal(page.next.as_deref())))
    }

    /// The same for the resources below a parent that must exist.
    ///
    /// # Errors
    /// `NOT_FOUND` without the parent, and as [`Desk::list`].
    pub async fn list_of<N, P, R>(
        &self,
        request: &Request<impl Message>,
        parent: &str,
    ) -> Result<(Vec<R>, String), Status>
    where
        N: FromStr<Err: Display> + AsRef<str>,
        P: Record,
        R: Record,
    {
        let name: N = parse::text_as("parent", parent).map_err(|error| fault_status(&error))?;
        let mut conn = self.read().await?;
        P::get(&mut conn, name.as_ref()).await.map_err(|error| fault_status(&error))?;
        drop(conn);
        self.list(request, name.as_ref()).await
    }

    /// Writes under locks what a request asks for, as a change of its own.
    ///
    /// # Errors
    /// What `work` refuses, and what the store does.
    pub async fn write<P, E, F>(
        &self,
        request: &Request<impl Message>,
        locks: Locks,
        work: F,
    ) -> Result<Response<P>, Status>
    where
        P: Message + Default + 'static,
        E: Fault + From<StoreError>,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<P, E>> + Send + 'static,
    {
        self.carry_out(self.call(request)?, locks, work).await.map(Response::new)
    }

    /// The call of the store that a request makes, as a change of its own.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` when its request id cannot be used.
    pub fn call(&self, request: &Request<impl Message>) -> Result<Call, Status> {
        let caller = Caller::of(request)?;
        let repeat = caller.repeat(request.get_ref()).map_err(|error| fault_status(&error))?;
        Ok(Call {
            actor: caller.identity.subject.clone(),
            method: caller.method.path.clone(),
            request_id: repeat.request_id,
            body_hash: repeat.body_hash,
            change: self.new_change(),
            now: self.clock.now(),
        })
    }

    /// A call of the service's own, on behalf of somebody, within a change.
    #[must_use]
    pub fn own_call(&self, actor: &str, change: String) -> Call {
        Call {
            actor: actor.to_owned(),
            method: self.store.service().to_owned(),
            request_id: None,
            body_hash: [0; 32],
            change,
            now: self.clock.now(),
        }
    }

    /// Writes under locks what a call asks for.
    ///
    /// # Errors
    /// What `work` refuses, and what the store does.
    pub async fn carry_out<P, E, F>(&self, call: Call, locks: Locks, work: F) -> Result<P, Status>
    where
        P: Message + Default + 'static,
        E: Fault + From<StoreError>,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<P, E>> + Send + 'static,
    {
        self.store.write(call, locks, work).await.map_err(|error| fault_status(&error))
    }

    /// An id for a change: one cause, whatever it touches.
    #[must_use]
    pub fn new_change(&self) -> String {
        self.new_id().to_string()
    }
}
