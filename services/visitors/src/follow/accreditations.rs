//! What happens when volunteers' log grows: who is accredited (注册) gets a pass (证件), and who is erased has none any more.
//!
//! A pass is good for the zones and venues that were asked for, and for no others. Who asked for none gets none: a credential
//! without zones would open them all.

use matchday_api::{visitors::v1 as pb, volunteers::v1 as volunteers};
use matchday_kernel::{CredentialName, Random, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{BoxFuture, Defect, Effect, Event, Locks, Record, StoreError, Tx};
use prost::{Message, Name};

use crate::{
    Error,
    grpc::emit,
    store::{credentials::CredentialRow, passes},
};

/// Letters and digits of a code: none that is taken for another.
const ALPHABET: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";
/// Characters of a code: 100 random bits, which nobody guesses.
const CODE: usize = 20;

/// Follows volunteers.
pub(crate) struct Accreditations {
    /// What codes are made from.
    pub(crate) random: Random,
}

impl Effect for Accreditations {
    fn locks(&self, events: &[Event]) -> Locks {
        matchday_agenda::locks(events)
    }

    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>> {
        Box::pin(async move {
            if let Some(accredited) = heard::<volunteers::VolunteerAccredited>(event)? {
                self.issue(tx, &accredited).await?;
            } else if let Some(erased) = heard::<volunteers::PersonalDataErased>(event)?
                && !erased.volunteer.is_empty()
            {
                revoke(tx, &erased.volunteer, "the person was erased").await?;
                passes::forget(tx, &erased.volunteer).await?;
            }
            Ok(())
        })
    }
}

/// The payload of an event of this kind.
fn heard<M: Message + Name + Default>(event: &Event) -> Result<Option<M>, Defect> {
    if event.r#type != M::full_name() {
        return Ok(None);
    }
    let payload = event.payload.as_ref().ok_or_else(|| Defect::new("the event has no payload"))?;
    M::decode(payload.value.as_slice()).map(Some).map_err(Defect::new)
}

impl Accreditations {
    /// Gives the pass for the zones; one for other zones is revoked.
    async fn issue(&self, tx: &mut Tx, accredited: &volunteers::VolunteerAccredited) -> Result<(), Error> {
        let volunteer: VolunteerName = accredited.volunteer.parse().map_err(StoreError::internal)?;
        let zones = accredited.zones.join(" ");
        if let Some(name) = passes::pass(tx, volunteer.as_str()).await? {
            let pass = CredentialRow::get(tx, &name).await?;
            if pass.state == i32::from(pb::CredentialState::Valid) && pass.zones == zones {
                return Ok(());
            }
            revoke(tx, volunteer.as_str(), "accredited anew, for other zones").await?;
        }
        if zones.is_empty() {
            return passes::forget(tx, volunteer.as_str()).await.map_err(Into::into);
        }
        let pass = CredentialRow {
            name: self.code(&volunteer.parent())?.to_string(),
            kind: pb::CredentialKind::Staff.into(),
            zones,
            state: pb::CredentialState::Valid.into(),
            source: format!("accreditation of {volunteer}"),
            ..CredentialRow::default()
        };
        let pass = pass.create(tx).await?;
        passes::set(tx, volunteer.as_str(), &pass.name).await?;
        let event = pb::PassIssued { volunteer: volunteer.to_string(), zones: accredited.zones.clone() };
        emit(tx, volunteer.as_str(), &event);
        Ok(())
    }

    fn code(&self, tournament: &TournamentName) -> Result<CredentialName, Error> {
        let mut bytes = [0; CODE];
        self.random.fill(&mut bytes);
        let code: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        let name = format!("{tournament}/credentials/p{code}");
        Ok(parse::text_as("name", &name)?)
    }
}

/// Revokes the pass of a volunteer, where there is one that is good.
async fn revoke(tx: &mut Tx, volunteer: &str, reason: &str) -> Result<(), Error> {
    let Some(name) = passes::pass(tx, volunteer).await? else { return Ok(()) };
    let pass = CredentialRow::get(tx, &name).await?;
    let revoked: i32 = pb::CredentialState::Revoked.into();
    if pass.state != revoked {
        let pass = CredentialRow { state: revoked, ..pass }.save(tx).await?;
        let event = pb::CredentialRevoked { credential: Some(pass.into()), reason: reason.to_owned() };
        emit(tx, &name, &event);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Instant;
    use matchday_rpc::parse::to_timestamp;
    use matchday_store::{NewEvent, Store};

    use super::*;
    use crate::stage::{houses, minute, write};

    const VOLUNTEER: &str = "tournaments/t/volunteers/v001";
    const STAND: &str = "sites/s/venues/v/zones/north-stand";

    fn event<M: Name>(at: Instant, payload: &M) -> Event {
        Event {
            r#type: M::full_name(),
            tournament: "tournaments/t".into(),
            time: Some(to_timestamp(at)),
            payload: Some(NewEvent::new("", None, payload).payload),
            ..Event::default()
        }
    }

    async fn hear<M: Name>((store, random): (&Store, &Random), payload: &M) {
        let (event, random) = (event(minute(0), payload), random.clone());
        let applied = write(store, minute(0), Locks::of(["tournaments/t"]), move |tx| {
            Box::pin(async move {
                let follower = Accreditations { random };
                let applied = follower.apply(tx, &event).await;
                applied.map_err(|defect| StoreError::internal(defect.to_string()))?;
                Ok::<_, Error>(())
            })
        });
        applied.await.unwrap();
    }

    async fn accredit(house: (&Store, &Random), zones: &[&str]) {
        let zones = zones.iter().map(|zone| (*zone).to_owned()).collect();
        let accredited = volunteers::VolunteerAccredited {
            volunteer: VOLUNTEER.into(),
            zones,
            ..volunteers::VolunteerAccredited::default()
        };
        hear(house, &accredited).await;
    }

    async fn pass(store: &Store) -> Option<CredentialRow> {
        let mut conn = store.read().await.unwrap();
        let name = passes::pass(&mut conn, VOLUNTEER).await.unwrap()?;
        Some(CredentialRow::get(&mut conn, &name).await.unwrap())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_is_accredited_has_a_pass_for_the_zones_until_erased() {
        for (database, [store, _]) in houses().await {
            let random = Random::seeded(7);
            let house = (&store, &random);
            accredit(house, &[]).await;
            assert!(pass(&store).await.is_none(), "no zones, no pass: {}", database.name());
            accredit(house, &[STAND]).await;
            let first = pass(&store).await.unwrap();
            assert_eq!((first.zones.as_str(), first.kind), (STAND, pb::CredentialKind::Staff.into()));
            assert!(!first.name.contains("v001"), "a code says nothing of the person");
            accredit(house, &[STAND]).await;
            assert_eq!(pass(&store).await.unwrap(), first, "once");

            accredit(house, &["sites/s/venues/v"]).await;
            let second = pass(&store).await.unwrap();
            assert_eq!(second.zones, "sites/s/venues/v");
            let mut conn = store.read().await.unwrap();
            let old = CredentialRow::get(&mut conn, &first.name).await.unwrap();
            assert_eq!(old.state, i32::from(pb::CredentialState::Revoked));
            drop(conn);

            let erased = volunteers::PersonalDataErased {
                volunteer: VOLUNTEER.into(),
                reason: "asked for it".into(),
                ..volunteers::PersonalDataErased::default()
            };
            hear(house, &erased).await;
            assert!(pass(&store).await.is_none());
            let mut conn = store.read().await.unwrap();
            let gone = CredentialRow::get(&mut conn, &second.name).await.unwrap();
            assert_eq!(gone.state, i32::from(pb::CredentialState::Revoked));
        }
    }
}
