//! `VersionService`: drafts, and earlier versions again.

use matchday_api::scheduling::v1::{self as pb, version_service_server::VersionService};
use matchday_kernel::ScheduleVersionName;
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};
use tonic::{Request, Response, Status};

use super::emit;
use crate::{
    Error, Scheduling,
    domain::{restore::restore, version::State},
    draft::{self, Proposal},
    store::{
        activities,
        versions::{self, VersionRow},
    },
};

fn version(text: &str) -> Result<ScheduleVersionName, Error> {
    Ok(parse::text_as("name", text)?)
}

async fn discard(tx: &mut Tx, name: ScheduleVersionName) -> Result<pb::DiscardVersionResponse, Error> {
    let row = VersionRow::get(tx, name.as_str()).await?;
    let refused = |state, next| Err(Error::VersionState { version: name.to_string(), state, next });
    match row.state()? {
        State::Draft => {}
        State::Refused if row.is_draft() => {}
        State::Publishing => return refused("being published", "wait until that is decided"),
        State::Published => return refused("in force", "publish another version in its place"),
        State::Superseded => return refused("superseded", "what was in force is kept"),
        State::Refused => return refused("refused", "it never was a draft: nothing is left to discard"),
        State::Discarded => return refused("discarded", "nothing is left to do"),
    }
    let row = row.in_state(State::Discarded).save(tx).await?;
    let version = Some(pb::ScheduleVersion::from(row));
    emit(tx, name.as_str(), &name.parent(), &pb::DraftDiscarded { version: version.clone() });
    Ok(pb::DiscardVersionResponse { version })
}

/// A version to repeat, read and checked.
struct Restore {
    name: ScheduleVersionName,
    title: String,
}

impl Restore {
    fn parse(request: &pb::RestoreVersionRequest) -> Result<Self, Error> {
        let name = version(&request.name)?;
        let title = match parse::optional_text("title", &request.title)? {
            title if title.is_empty() => format!("version {} again", name.id()),
            title => title,
        };
        Ok(Self { name, title })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::RestoreVersionResponse, Error> {
        let row = VersionRow::get(tx, self.name.as_str()).await?;
        if !matches!(row.state()?, State::Published | State::Superseded) {
            let next = "only a version that was in force can be repeated";
            return Err(Error::VersionState { version: row.name, state: "not published", next });
        }
        let tournament = self.name.parent();
        let earlier = versions::content(tx, &row.name).await?;
        let stands = activities::of_tournament(tx, tournament.as_str()).await?;
        let restored = restore(
            earlier,
            stands.into_iter().map(Into::into).collect(),
            tx.now(),
            &format!("version {} does not hold it", self.name.id()),
        );
        let proposal = Proposal {
            origin: pb::VersionOrigin::RolledBack,
            title: self.title,
            run: String::new(),
            base: row.name,
            activities: restored.activities,
        };
        let version = Some(draft::propose(tx, &tournament, proposal).await?.into());
        let why = |(activity, reason): (String, &str)| pb::NotRestored { activity, reason: reason.into() };
        let not_restored = restored.not_restored.into_iter().map(why).collect();
        Ok(pb::RestoreVersionResponse { version, not_restored })
    }
}

#[tonic::async_trait]
impl VersionService for Scheduling {
    async fn discard_version(
        &self,
        request: Request<pb::DiscardVersionRequest>,
    ) -> Result<Response<pb::DiscardVersionResponse>, Status> {
        let name = version(&request.get_ref().name)?;
        let locks = Locks::of([name.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(discard(tx, name))).await
    }

    async fn restore_version(
        &self,
        request: Request<pb::RestoreVersionRequest>,
    ) -> Result<Response<pb::RestoreVersionResponse>, Status> {
        let restore = Restore::parse(request.get_ref())?;
        let locks = Locks::of([restore.name.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(restore.carry_out(tx))).await
    }
}
