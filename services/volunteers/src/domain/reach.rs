//! Whether somebody can be told, and at which address.

use matchday_kernel::{ErrorKind, Fault};

use super::{application::State, message::Channel};

/// Most people told by one broadcast.
pub const MOST_TOLD: usize = 5000;

/// Why nobody is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody is left to tell.
    #[error(
        "of {chosen} people chosen nobody can be reached, nothing was sent: see why with validate_only (`--dry-run`), \
         and choose others or another channel"
    )]
    ReachesNobody {
        /// People chosen.
        chosen: usize,
    },
    /// Too many are chosen.
    #[error(
        "{chosen} people are chosen, and one broadcast tells at most {MOST_TOLD}, nothing was sent: divide them, by \
         group or by shift"
    )]
    TooLarge {
        /// People chosen.
        chosen: usize,
    },
}

impl Refusal {
    /// Refuses a choice of too many.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`]
    pub fn check_size(chosen: usize) -> Result<(), Self> {
        if chosen > MOST_TOLD { Err(Self::TooLarge { chosen }) } else { Ok(()) }
    }
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        ErrorKind::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::ReachesNobody { .. } => "BROADCAST_REACHES_NOBODY",
            Self::TooLarge { .. } => "BROADCAST_TOO_LARGE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        let (Self::ReachesNobody { chosen } | Self::TooLarge { chosen }) = self;
        vec![("chosen", chosen.to_string())]
    }
}

/// What is known of how to reach a volunteer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The person was erased.
    pub is_erased: bool,
    /// Where the person's application stands; `None` without one.
    pub application: Option<State>,
    /// Whether the person has agreed to the use of personal data.
    pub has_consent: bool,
    /// Address for mail; empty without one.
    pub email: String,
    /// Telephone number; empty without one.
    pub phone: String,
}

/// Why somebody is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unreached {
    /// There is no address.
    NoAddress,
    /// The person has not agreed to its use.
    NoConsent,
    /// The person's application was withdrawn or turned down.
    Withdrawn,
    /// The person was erased.
    Erased,
}

impl Contact {
    /// Where a message goes; empty where the channel needs no address.
    ///
    /// # Errors
    /// Why it cannot go.
    pub fn address(&self, channel: Channel) -> Result<&str, Unreached> {
        if self.is_erased {
            return Err(Unreached::Erased);
        }
        if matches!(self.application, Some(State::Withdrawn | State::Rejected)) {
            return Err(Unreached::Withdrawn);
        }
        let address = match channel {
            // it names the person by id alone: there is nothing to consent to
            Channel::File => return Ok(""),
            Channel::Email => &self.email,
            Channel::Webhook if self.phone.is_empty() => &self.email,
            Channel::Webhook => &self.phone,
        };
        if address.is_empty() {
            return Err(Unreached::NoAddress);
        }
        if self.has_consent { Ok(address) } else { Err(Unreached::NoConsent) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Contact {
        Contact {
            application: Some(State::Accredited),
            has_consent: true,
            email: "lin@example.org".into(),
            phone: "138".into(),
            ..Contact::default()
        }
    }

    #[test]
    fn each_channel_has_its_address() {
        assert_eq!(known().address(Channel::Email), Ok("lin@example.org"));
        assert_eq!(known().address(Channel::Webhook), Ok("138"));
        let without_phone = Contact { phone: String::new(), ..known() };
        assert_eq!(without_phone.address(Channel::Webhook), Ok("lin@example.org"));
        assert_eq!(Contact::default().address(Channel::File), Ok(""));
        assert_eq!(Contact::default().address(Channel::Email), Err(Unreached::NoAddress));
    }

    #[test]
    fn five_thousand_people_are_told_at_most() {
        assert_eq!(Refusal::check_size(5000), Ok(()));
        assert_eq!(Refusal::check_size(5001), Err(Refusal::TooLarge { chosen: 5001 }));
    }

    #[test]
    fn nobody_is_told_against_their_will() {
        for channel in Channel::ALL {
            let erased = Contact { is_erased: true, ..known() };
            assert_eq!(erased.address(channel), Err(Unreached::Erased));
            let withdrawn = Contact { application: Some(State::Withdrawn), ..known() };
            assert_eq!(withdrawn.address(channel), Err(Unreached::Withdrawn));
        }
        let silent = Contact { has_consent: false, ..known() };
        assert_eq!(silent.address(Channel::Email), Err(Unreached::NoConsent));
        assert_eq!(silent.address(Channel::File), Ok(""));
    }
}
