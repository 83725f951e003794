//! The words people write for the values of the contract's enums: `warm-up-area` for
//! `ZONE_KIND_WARM_UP_AREA`.
//!
//! A new enum is one more line at `words!`.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use matchday_api::{
    common::v1::Basis,
    control::v1::{RunSheetKind, RunSheetState},
    event::v1::FollowerState,
    scheduling::v1::{
        ActivityKind, ActivityState, Answer, DifferenceAspect, Extension, FormatKind, LiveKind, OnDelay,
        PlanSubject, RecipientKind, RuleKind, RuleOutcome, RuleSeverity, RunKind, RunState, TeamState,
        TieBreakOrder, TieBreaker, VersionOrigin, VersionState, WorkLimitKind,
    },
    venues::v1::{BookingState, VenuePurpose, WorkOrderState, ZoneKind},
    visitors::v1::{
        AlertCause, AlertLevel, AlertState, AlertStep, CapacityTier, ConflictKind, CredentialKind,
        CredentialState, DeviceState, Direction, EntryState, IdentityCheck, OccupancyStanding, OpeningPhase,
        QuotaState, Verdict,
    },
    volunteers::v1::{
        ApplicationState, AssignmentState, CertificateState, ConsentKind, EnrolmentState, HoursKind,
        InsuranceState, MessageChannel, MessageState, RosterPhase, RosterPurpose, RosterState, ShiftState,
        SubstituteSource, UnreachedReason,
    },
};

/// An enum of the contract whose values have words.
pub(crate) trait Words: TryFrom<i32> + Copy {
    /// What the contract's names of its values begin with.
    const PREFIX: &'static str;

    /// The name the contract gives the value.
    fn contract_name(self) -> &'static str;

    /// The word for the value.
    fn word(self) -> String {
        let name = self.contract_name();
        let name = name.strip_prefix(Self::PREFIX).unwrap_or(name);
        name.to_lowercase().replace('_', "-")
    }

    /// Every value but the one that says nothing: they begin with 1 and leave no number out.
    fn all() -> impl Iterator<Item = Self> {
        (1..).map_while(|number| Self::try_from(number).ok())
    }
}

/// Reads a word.
///
/// # Errors
/// What is wrong with it, with the words there are.
pub(crate) fn read<E: Words>(text: &str) -> Result<E, String> {
    E::all().find(|value| value.word() == text).ok_or_else(|| {
        let known: Vec<String> = E::all().map(E::word).collect();
        format!("{text:?} is none of {}", known.join(", "))
    })
}

/// Reads a word on the command line, where a shell offers those there are.
pub(crate) fn values<E: Words + Send + Sync + 'static>() -> impl TypedValueParser<Value = E> {
    among(E::all())
}

/// Reads one of some words on the command line.
pub(crate) fn among<E: Words + Send + Sync + 'static>(
    values: impl IntoIterator<Item = E>,
) -> impl TypedValueParser<Value = E> {
    // a command line is described once, and its words last as long as the process
    let words = values.into_iter().map(|value| PossibleValue::new(&*value.word().leak()));
    PossibleValuesParser::new(words).try_map(|word| read::<E>(&word))
}

/// The word for a number of the contract: empty when it says nothing, the number itself when only a newer
/// program knows it.
pub(crate) fn word_of<E: Words>(number: i32) -> String {
    match E::try_from(number) {
        Ok(_) if number == 0 => String::new(),
        Ok(value) => value.word(),
        Err(_) => number.to_string(),
    }
}

macro_rules! words {
    ($($enum:ident: $prefix:literal),* $(,)?) => {$(
        impl Words for $enum {
            const PREFIX: &'static str = $prefix;

            fn contract_name(self) -> &'static str {
                self.as_str_name()
            }
        }
    )*};
}

words! {
    ActivityKind: "ACTIVITY_KIND_",
    ActivityState: "ACTIVITY_STATE_",
    AlertCause: "ALERT_CAUSE_",
    AlertLevel: "ALERT_LEVEL_",
    AlertState: "ALERT_STATE_",
    AlertStep: "ALERT_STEP_",
    Answer: "ANSWER_",
    ApplicationState: "APPLICATION_STATE_",
    AssignmentState: "ASSIGNMENT_STATE_",
    Basis: "BASIS_",
    BookingState: "BOOKING_STATE_",
    CertificateState: "CERTIFICATE_STATE_",
    CapacityTier: "CAPACITY_TIER_",
    ConflictKind: "CONFLICT_KIND_",
    ConsentKind: "CONSENT_KIND_",
    CredentialKind: "CREDENTIAL_KIND_",
    CredentialState: "CREDENTIAL_STATE_",
    DeviceState: "DEVICE_STATE_",
    DifferenceAspect: "DIFFERENCE_ASPECT_",
    Direction: "DIRECTION_",
    EntryState: "ENTRY_STATE_",
    Extension: "EXTENSION_",
    FollowerState: "FOLLOWER_STATE_",
    EnrolmentState: "ENROLMENT_STATE_",
    HoursKind: "HOURS_KIND_",
    IdentityCheck: "IDENTITY_CHECK_",
    InsuranceState: "INSURANCE_STATE_",
    LiveKind: "LIVE_KIND_",
    FormatKind: "FORMAT_KIND_",
    MessageChannel: "MESSAGE_CHANNEL_",
    MessageState: "MESSAGE_STATE_",
    OccupancyStanding: "OCCUPANCY_STANDING_",
    OnDelay: "ON_DELAY_",
    OpeningPhase: "OPENING_PHASE_",
    PlanSubject: "PLAN_SUBJECT_",
    QuotaState: "QUOTA_STATE_",
    RecipientKind: "RECIPIENT_KIND_",
    RuleKind: "RULE_KIND_",
    RuleOutcome: "RULE_OUTCOME_",
    RuleSeverity: "RULE_SEVERITY_",
    RunKind: "RUN_KIND_",
    RunSheetKind: "RUN_SHEET_KIND_",
    RunSheetState: "RUN_SHEET_STATE_",
    RunState: "RUN_STATE_",
    RosterPhase: "ROSTER_PHASE_",
    RosterPurpose: "ROSTER_PURPOSE_",
    RosterState: "ROSTER_STATE_",
    ShiftState: "SHIFT_STATE_",
    SubstituteSource: "SUBSTITUTE_SOURCE_",
    TeamState: "TEAM_STATE_",
    TieBreakOrder: "TIE_BREAK_ORDER_",
    TieBreaker: "TIE_BREAKER_",
    UnreachedReason: "UNREACHED_REASON_",
    VenuePurpose: "VENUE_PURPOSE_",
    Verdict: "VERDICT_",
    VersionOrigin: "VERSION_ORIGIN_",
    VersionState: "VERSION_STATE_",
    WorkLimitKind: "WORK_LIMIT_KIND_",
    WorkOrderState: "WORK_ORDER_STATE_",
    ZoneKind: "ZONE_KIND_",
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<E: Words + PartialEq + std::fmt::Debug>() {
        assert!(E::all().count() > 1);
        for value in E::all() {
            assert!(value.contract_name().starts_with(E::PREFIX));
            assert_eq!(read::<E>(&value.word()), Ok(value));
        }
    }

    #[test]
    fn every_value_has_a_word_that_reads_back() {
        check::<ActivityKind>();
        check::<ActivityState>();
        check::<Answer>();
        check::<ApplicationState>();
        check::<AssignmentState>();
        check::<CertificateState>();
        check::<EnrolmentState>();
        check::<HoursKind>();
        check::<CapacityTier>();
        check::<ConflictKind>();
        check::<ConsentKind>();
        check::<InsuranceState>();
        check::<Basis>();
        check::<BookingState>();
        check::<CredentialKind>();
        check::<CredentialState>();
        check::<DeviceState>();
        check::<DifferenceAspect>();
        check::<Direction>();
        check::<EntryState>();
        check::<Extension>();
        check::<FollowerState>();
        check::<LiveKind>();
        check::<FormatKind>();
        check::<MessageChannel>();
        check::<MessageState>();
        check::<UnreachedReason>();
        check::<OnDelay>();
        check::<OpeningPhase>();
        check::<PlanSubject>();
        check::<QuotaState>();
        check::<RecipientKind>();
        check::<RuleKind>();
        check::<RuleOutcome>();
        check::<RuleSeverity>();
        check::<RunKind>();
        check::<RunSheetKind>();
        check::<RunSheetState>();
        check::<RunState>();
        check::<ShiftState>();
        check::<SubstituteSource>();
        check::<TeamState>();
        check::<TieBreakOrder>();
        check::<TieBreaker>();
        check::<VenuePurpose>();
        check::<Verdict>();
        check::<VersionOrigin>();
        check::<VersionState>();
        check::<WorkLimitKind>();
        check::<WorkOrderState>();
        check::<ZoneKind>();
    }

    #[test]
    fn unknown_words_and_numbers_are_told_apart_from_nothing() {
        let problem = read::<BookingState>("lost").unwrap_err();
        assert_eq!(problem, "\"lost\" is none of booked, displaced, released");
        assert!(read::<BookingState>("unspecified").is_err());
        assert_eq!(word_of::<ZoneKind>(2), "warm-up-area");
        assert_eq!(word_of::<ZoneKind>(0), "");
        assert_eq!(word_of::<ZoneKind>(99), "99");
    }
}
