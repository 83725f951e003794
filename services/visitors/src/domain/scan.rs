//! A scan: what a device read, and what is decided on it.

use matchday_kernel::Instant;

use super::{course::Phase, entry::Entry, opening::Opening, verdict::Verdict};

/// The way a scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// In.
    Entry,
    /// Out.
    Exit,
}

/// What a gate found of the identity of who holds a credential (人证核验).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    /// It did not look.
    #[default]
    Unchecked,
    /// The person is the holder.
    Confirmed,
    /// The person is not (人证不符).
    Mismatch,
}

/// What a device read: with device and sequence, the whole of a scan. The same scan is sent again as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Name of the opening the device works for.
    pub opening: String,
    /// Code that was read.
    pub code: String,
    /// Way it goes.
    pub direction: Direction,
    /// When it was read, by the device's clock; `None` when it did not say.
    pub device_time: Option<Instant>,
    /// What was found of the holder's identity.
    pub identity: Identity,
}

impl Reading {
    /// Name of the first part in which another reading differs.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        if self.opening != other.opening {
            Some("opening")
        } else if self.code != other.code {
            Some("code")
        } else if self.direction != other.direction {
            Some("direction")
        } else if self.device_time != other.device_time {
            Some("device_time")
        } else if self.identity != other.identity {
            Some("identity")
        } else {
            None
        }
    }
}

/// Where a credential stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialState {
    /// It can be redeemed.
    Valid,
    /// It cannot be redeemed any more.
    Revoked,
    /// Its holder is kept out.
    Blocked,
}

/// A credential as a gate sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The permit counts its holder.
    pub is_public: bool,
    /// Where it stands.
    pub state: CredentialState,
    /// It has let in as often as it may.
    pub is_used_up: bool,
    /// Names of the sessions it is good for; empty means all.
    pub sessions: Vec<String>,
    /// Names of the zones it is good for, or of venues, for all of their zones; empty means all.
    pub zones: Vec<String>,
}

impl Credential {
    fn is_for_session(&self, session: &str) -> bool {
        self.sessions.is_empty() || self.sessions.iter().any(|one| one == session)
    }

    fn is_for_zone(&self, zone: &str) -> bool {
        self.zones.is_empty()
            || self.zones.iter().any(|one| {
                zone.strip_prefix(one).is_some_and(|below| below.is_empty() || below.starts_with('/'))
            })
    }
}

/// Where a scan is made: the gate of the device, and the opening it works for.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The device was revoked.
    pub is_device_revoked: bool,
    /// Name of the device's gate.
    pub gate: &'a str,
    /// Name of the zone behind the gate.
    pub zone: &'a str,
    /// The opening.
    pub opening: &'a Opening,
    /// Only those are let in whose identity was confirmed.
    pub is_identity_checked: bool,
    /// What may keep somebody out there who would be let in otherwise.
    pub entry: Entry,
}

/// Decides a scan. `credential` is the one with the code that was read, `is_inside` whether it has an open
/// admission of this opening, `identity` what the gate found of its holder.
///
/// The rules in their order; the first that is broken is the verdict:
///
/// 1. the device is not revoked,
/// 2. its gate is one of the session's venue: elsewhere, nothing is told of a credential,
/// 3. there is such a credential,
/// 4. it is not revoked, and its holder not blocked (entry),
/// 5. it is for this session,
/// 6. the gate is open for this session (entry),
/// 7. the credential is for the zone behind the gate (entry),
/// 8. the session is neither cleared nor cancelled,
/// 9. the gates have opened,
/// 10. people are still let in (entry),
/// 11. nobody is inside with it (entry), or somebody is (exit),
/// 12. it has not let in as often as it may (entry),
/// 13. where identities are checked, the person is the holder (entry),
/// 14. entry is not paused, and there is room (entry).
///
/// Nothing but a missing admission keeps anybody inside: whoever is in leaves by every gate of the venue, also
/// with a credential that was revoked meanwhile.
#[must_use]
pub fn decide(
    place: Place<'_>,
    credential: Option<&Credential>,
    is_inside: bool,
    direction: Direction,
    identity: Identity,
    now: Instant,
) -> Verdict {
    let is_entry = direction == Direction::Entry;
    if place.is_device_revoked {
        return Verdict::DeviceRevoked;
    }
    if !place.opening.is_at_venue(place.gate) {
        return Verdict::WrongGate;
    }
    let Some(credential) = credential else {
        return Verdict::UnknownCredential;
    };
    match credential.state {
        CredentialState::Revoked if is_entry => return Verdict::Revoked,
        CredentialState::Blocked if is_entry => return Verdict::PersonBlocked,
        _ => {}
    }
    if !credential.is_for_session(&place.opening.session) {
        return Verdict::WrongSession;
    }
    if is_entry && !place.opening.is_gate(place.gate) {
        return Verdict::WrongGate;
    }
    if is_entry && !credential.is_for_zone(place.zone) {
        return Verdict::WrongZone;
    }
    match (place.opening.course.phase(now), direction) {
        (Phase::Cleared, _) => Verdict::SessionOver,
        // a gate without a network may have let people in before the gates opened, or before it was cancelled
        (_, Direction::Exit) if is_inside => Verdict::Left,
        (Phase::Cancelled, _) => Verdict::SessionOver,
        (Phase::Planned, _) => Verdict::TooEarly,
        (Phase::ExitOnly | Phase::FreeEgress, Direction::Entry) => Verdict::ExitOnly,
        (Phase::Open, Direction::Entry) if is_inside => Verdict::AlreadyInside,
        (Phase::Open, Direction::Entry) if credential.is_used_up => Verdict::EntriesUsedUp,
        (Phase::Open, Direction::Entry) => match identity {
            Identity::Mismatch if place.is_identity_checked => Verdict::IdentityMismatch,
            Identity::Unchecked if place.is_identity_checked => Verdict::IdentityUnchecked,
            _ => place.entry.decide(credential.is_public),
        },
        (_, Direction::Exit) => Verdict::NotInside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{course::tests::at, entry::EntryState, opening::tests::opening};

    fn ticket() -> Credential {
        Credential {
            is_public: true,
            state: CredentialState::Valid,
            is_used_up: false,
            sessions: vec![],
            zones: vec![],
        }
    }

    /// Decides a scan at the north gate of an opening from 0 to 100, with what `change` makes of it.
    fn decided(change: impl FnOnce(&mut Scene)) -> Verdict {
        let mut scene = Scene {
            is_device_revoked: false,
            gate: "sites/s/venues/v/gates/north".into(),
            opening: opening(0),
            entry: Entry::default(),
            credential: Some(ticket()),
            is_inside: false,
            direction: Direction::Entry,
            is_identity_checked: false,
            identity: Identity::Unchecked,
            minute: 10,
        };
        change(&mut scene);
        let place = Place {
            is_device_revoked: scene.is_device_revoked,
            gate: &scene.gate,
            zone: "sites/s/venues/v/zones/north-stand",
            opening: &scene.opening,
            is_identity_checked: scene.is_identity_checked,
            entry: scene.entry,
        };
        let (direction, now) = (scene.direction, at(scene.minute));
        decide(place, scene.credential.as_ref(), scene.is_inside, direction, scene.identity, now)
    }

    struct Scene {
        is_device_revoked: bool,
        gate: String,
        opening: Opening,
        entry: Entry,
        credential: Option<Credential>,
        is_inside: bool,
        direction: Direction,
        is_identity_checked: bool,
        identity: Identity,
        minute: i64,
    }

    #[test]
    fn a_good_ticket_lets_in_and_out() {
        assert_eq!(decided(|_| {}), Verdict::Admitted);
        for minute in [10, 100, 110] {
            let verdict = decided(|scene| {
                (scene.is_inside, scene.direction, scene.minute) = (true, Direction::Exit, minute);
            });
            assert_eq!(verdict, Verdict::Left, "{minute}");
        }
    }

    #[test]
    fn each_rule_has_its_verdict() {
        let revoked = Credential { state: CredentialState::Revoked, ..ticket() };
        let elsewhere = Credential { sessions: vec!["tournaments/t/sessions/s2".into()], ..ticket() };
        let south = Credential { zones: vec!["sites/s/venues/v/zones/south-stand".into()], ..ticket() };
        assert_eq!(decided(|scene| scene.is_device_revoked = true), Verdict::DeviceRevoked);
        assert_eq!(decided(|scene| scene.credential = None), Verdict::UnknownCredential);
        assert_eq!(decided(|scene| scene.credential = Some(revoked)), Verdict::Revoked);
        assert_eq!(decided(|scene| scene.credential = Some(elsewhere)), Verdict::WrongSession);
        assert_eq!(decided(|scene| scene.gate = "sites/s/venues/w/gates/north".into()), Verdict::WrongGate);
        let other_gate = "sites/s/venues/v/gates/vip".to_owned();
        assert_eq!(decided(|scene| scene.opening.gates = vec![other_gate]), Verdict::WrongGate);
        assert_eq!(decided(|scene| scene.credential = Some(south)), Verdict::WrongZone);
        // a venue is good for its zones, and for those of no venue that begins alike
        for (venue, verdict) in
            [("sites/s/venues/v", Verdict::Admitted), ("sites/s/venues/v/zones/north", Verdict::WrongZone)]
        {
            let of_venue = Credential { zones: vec![venue.into()], ..ticket() };
            assert_eq!(decided(|scene| scene.credential = Some(of_venue)), verdict, "{venue}");
        }
        assert_eq!(decided(|scene| scene.opening.course.by_hand = Phase::Cleared), Verdict::SessionOver);
        assert_eq!(decided(|scene| scene.opening.course.by_hand = Phase::Cancelled), Verdict::SessionOver);
        assert_eq!(decided(|scene| scene.minute = -1), Verdict::TooEarly);
        assert_eq!(decided(|scene| scene.minute = 100), Verdict::ExitOnly);
        assert_eq!(decided(|scene| scene.is_inside = true), Verdict::AlreadyInside);
        assert_eq!(decided(|scene| scene.direction = Direction::Exit), Verdict::NotInside);
        let blocked = Credential { state: CredentialState::Blocked, ..ticket() };
        assert_eq!(decided(|scene| scene.credential = Some(blocked)), Verdict::PersonBlocked);
        let used_up = Credential { is_used_up: true, ..ticket() };
        assert_eq!(decided(|scene| scene.credential = Some(used_up)), Verdict::EntriesUsedUp);
        assert_eq!(decided(|scene| scene.is_identity_checked = true), Verdict::IdentityUnchecked);
        assert_eq!(decided(|scene| scene.entry.here = EntryState::Paused), Verdict::EntryPaused);
        assert_eq!(decided(|scene| scene.entry.filling.public_limit = Some(0)), Verdict::CapacityReached);
    }

    #[test]
    fn only_the_holder_enters_where_identities_are_checked() {
        let of = |is_identity_checked, identity| {
            decided(|scene| (scene.is_identity_checked, scene.identity) = (is_identity_checked, identity))
        };
        assert_eq!(of(true, Identity::Confirmed), Verdict::Admitted);
        assert_eq!(of(true, Identity::Mismatch), Verdict::IdentityMismatch);
        assert_eq!(of(false, Identity::Mismatch), Verdict::Admitted, "the session does not ask");
    }

    #[test]
    fn the_first_rule_broken_is_the_verdict() {
        let wrong = Credential {
            is_public: true,
            state: CredentialState::Valid,
            is_used_up: true,
            sessions: vec!["tournaments/t/sessions/s2".into()],
            zones: vec!["sites/s/venues/v/zones/south-stand".into()],
        };
        let verdict = decided(|scene| {
            (scene.credential, scene.minute, scene.is_inside) = (Some(wrong), -1, true);
        });
        assert_eq!(verdict, Verdict::WrongSession);
    }

    #[test]
    fn a_device_at_another_venue_learns_nothing_of_a_credential() {
        for direction in [Direction::Entry, Direction::Exit] {
            let verdict = |credential| {
                decided(|scene| {
                    scene.gate = "sites/s/venues/w/gates/north".into();
                    (scene.credential, scene.direction, scene.is_inside) = (credential, direction, true);
                })
            };
            assert_eq!(verdict(Some(ticket())), Verdict::WrongGate);
            assert_eq!(
                verdict(Some(Credential { state: CredentialState::Revoked, ..ticket() })),
                Verdict::WrongGate
            );
            assert_eq!(verdict(None), Verdict::WrongGate);
        }
    }

    #[test]
    fn who_is_inside_gets_out_of_what_is_cancelled_or_has_not_opened() {
        for phase in [Phase::Planned, Phase::Cancelled] {
            let verdict = decided(|scene| {
                (scene.is_inside, scene.direction, scene.minute) = (true, Direction::Exit, -1);
                scene.opening.course.by_hand = phase;
            });
            assert_eq!(verdict, Verdict::Left, "{phase:?}");
        }
    }

    #[test]
    fn nobody_is_kept_inside() {
        let verdict = decided(|scene| {
            scene.credential = Some(Credential {
                state: CredentialState::Blocked,
                is_used_up: true,
                zones: vec!["sites/s/venues/v/zones/south-stand".into()],
                ..ticket()
            });
            (scene.is_identity_checked, scene.identity) = (true, Identity::Mismatch);
            scene.opening.gates = vec!["sites/s/venues/v/gates/south".into()];
            scene.entry.everywhere = EntryState::Paused;
            scene.entry.filling.everyone_limit = Some(0);
            (scene.is_inside, scene.direction) = (true, Direction::Exit);
        });
        assert_eq!(verdict, Verdict::Left);
    }

    #[test]
    fn another_body_is_told_apart() {
        let reading = Reading {
            opening: "tournaments/t/openings/s1".into(),
            code: "k-1".into(),
            direction: Direction::Entry,
            device_time: None,
            identity: Identity::Confirmed,
        };
        assert_eq!(reading.difference(&reading), None);
        let unchecked = Reading { identity: Identity::Unchecked, ..reading.clone() };
        assert_eq!(reading.difference(&unchecked), Some("identity"));
        let later = Reading { device_time: Some(at(1)), ..reading.clone() };
        assert_eq!(reading.difference(&later), Some("device_time"));
        let out = Reading { direction: Direction::Exit, ..reading.clone() };
        assert_eq!(reading.difference(&out), Some("direction"));
        let other = Reading { code: "k-2".into(), ..reading.clone() };
        assert_eq!(reading.difference(&other), Some("code"));
        let elsewhere = Reading { opening: "tournaments/t/openings/s2".into(), ..reading.clone() };
        assert_eq!(reading.difference(&elsewhere), Some("opening"));
    }
}
