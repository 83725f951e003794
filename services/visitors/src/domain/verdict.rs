//! What is decided on a scan, and what it means to who stands at the gate.

/// What is decided on a scan, with one reason for each refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Let in.
    Admitted,
    /// Let out.
    Left,
    /// No such credential.
    UnknownCredential,
    /// The credential was revoked.
    Revoked,
    /// The credential is for other sessions.
    WrongSession,
    /// The credential is for other zones.
    WrongZone,
    /// The gate is not open for this session.
    WrongGate,
    /// The gates are not open yet.
    TooEarly,
    /// Nobody is let in any more.
    ExitOnly,
    /// The session is cleared, or does not take place.
    SessionOver,
    /// Somebody is inside with this credential.
    AlreadyInside,
    /// Nobody is inside with this credential.
    NotInside,
    /// The device was revoked.
    DeviceRevoked,
    /// As many people are inside as may be.
    CapacityReached,
    /// Nobody is let in for now.
    EntryPaused,
    /// The person is not the holder (人证不符).
    IdentityMismatch,
    /// Nobody looked whether the person is the holder.
    IdentityUnchecked,
    /// The credential has let in as often as it may.
    EntriesUsedUp,
    /// The holder is kept out.
    PersonBlocked,
}

impl Verdict {
    /// What it means and what to do, for who stands at the gate. It says nothing but the verdict, so that a
    /// repeat says the same.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Admitted => "Let in.",
            Self::Left => "Let out.",
            Self::UnknownCredential => {
                "No such ticket or pass in this tournament: scan it again, then send the holder to the ticket desk."
            }
            Self::Revoked => {
                "This ticket or pass was revoked: keep the holder out and call the gate manager."
            }
            Self::WrongSession => "Not good for this session: the ticket names the sessions it is good for.",
            Self::WrongZone => {
                "Not good for the zone behind this gate: send the holder to the gate of their zone."
            }
            Self::WrongGate => {
                "This gate is not open for this session: send the holder to one that is, or set the device to its own."
            }
            Self::TooEarly => "The gates are not open yet: ask the holder to wait until they open.",
            Self::ExitOnly => "Nobody is let in any more: the holder cannot enter this session.",
            Self::SessionOver => {
                "The session is over or does not take place: nobody is let in, and whoever leaves needs no scan."
            }
            Self::AlreadyInside => {
                "Somebody is inside with this ticket or pass: keep the holder out and call the gate manager."
            }
            Self::NotInside => {
                "Nobody is inside with this ticket or pass: let the holder out and tell the gate manager."
            }
            Self::DeviceRevoked => "This device was revoked: use another one and give this one back.",
            Self::CapacityReached => {
                "As many people are inside as may be: keep the holder out and call the gate manager."
            }
            Self::IdentityMismatch => {
                "The person is not the holder of this ticket or pass: keep the person out and call the gate manager."
            }
            Self::IdentityUnchecked => {
                "This session checks identities: look at the holder's document, then scan with the next number."
            }
            Self::EntriesUsedUp => {
                "This ticket or pass has let in as often as it may: send the holder to the ticket desk."
            }
            Self::PersonBlocked => {
                "The holder is not let in: keep the person out and call the gate manager, without giving a reason."
            }
            Self::EntryPaused => {
                "Nobody is let in for now: ask the holder to wait until the gate manager says so, or somebody leaves."
            }
        }
    }
}
