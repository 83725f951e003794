//! Roles as sets of permissions, and grants: a role with a scope. This file is the whole list.

use std::{fmt, str::FromStr};

use matchday_api::common::v1::Permission;
use matchday_kernel::Scope;

/// What somebody is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the installation: everything.
    Administrator,
    /// Makes and runs the schedule of a tournament, sees the places.
    Scheduler,
    /// Runs places: books them by hand, sees to the work on them, sees the schedule.
    VenueManager,
    /// Brings volunteers and shifts together.
    VolunteerCoordinator,
    /// Keeps applications and what says who volunteers are: reads, exports and erases it.
    VolunteerRegistrar,
    /// Signs volunteers in and out at their posts, and reports headcounts of units.
    TeamLeader,
    /// Helps: sees the own shifts, answers invitations, takes shifts and gives them back.
    Volunteer,
    /// Runs gates: registers devices, imports tickets, opens and clears.
    GateManager,
    /// Scans tickets at a gate.
    GateSteward,
    /// Answers for the safety of a session: raises the number of people let in, up to the limit declared safe.
    GateSupervisor,
    /// Keeps the run sheet and the log of the operations centre, and sees everything but people and tickets.
    DutyOfficer,
    /// Reads schedules, places and bookings.
    Viewer,
    /// A service of Matchday: follows the others and asks them.
    Service,
    /// A monitoring system: reads the metrics page.
    Monitor,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 14] = [
        Self::Administrator,
        Self::Scheduler,
        Self::VenueManager,
        Self::VolunteerCoordinator,
        Self::VolunteerRegistrar,
        Self::TeamLeader,
        Self::Volunteer,
        Self::GateManager,
        Self::GateSteward,
        Self::GateSupervisor,
        Self::DutyOfficer,
        Self::Viewer,
        Self::Service,
        Self::Monitor,
    ];

    /// The name people and tokens write.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Scheduler => "scheduler",
            Self::VenueManager => "venue-manager",
            Self::VolunteerCoordinator => "volunteer-coordinator",
            Self::VolunteerRegistrar => "volunteer-registrar",
            Self::TeamLeader => "team-leader",
            Self::Volunteer => "volunteer",
            Self::GateManager => "gate-manager",
            Self::GateSteward => "gate-steward",
            Self::GateSupervisor => "gate-supervisor",
            Self::DutyOfficer => "duty-officer",
            Self::Viewer => "viewer",
            Self::Service => "service",
            Self::Monitor => "monitor",
        }
    }

    /// Says whether the role holds a permission.
    #[must_use]
    pub fn holds(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => permission != P::Unspecified,
            Self::Scheduler => matches!(
                permission,
                P::ScheduleRead
                    | P::ScheduleWrite
                    | P::SchedulePublish
                    | P::MatchOperate
                    | P::OfficialRead
                    | P::OfficialWrite
                    | P::PlaceRead
                    | P::BookingRead
            ),
            Self::VenueManager => matches!(
                permission,
                P::PlaceRead
                    | P::PlaceWrite
                    | P::BookingRead
                    | P::BookingWrite
                    | P::ScheduleRead
                    | P::WorkOrderRead
                    | P::WorkOrderWrite
            ),
            Self::VolunteerCoordinator => matches!(
                permission,
                P::VolunteerRead
                    | P::VolunteerWrite
                    | P::ShiftRead
                    | P::ShiftAssign
                    | P::ShiftAttend
                    | P::ScheduleRead
            ),
            Self::VolunteerRegistrar => matches!(
                permission,
                P::VolunteerRead | P::VolunteerWrite | P::VolunteerPersonal | P::ShiftRead | P::ScheduleRead
            ),
            Self::TeamLeader => matches!(permission, P::ShiftRead | P::ShiftAttend),
            Self::Volunteer => permission == P::ShiftOwn,
            Self::GateManager => matches!(
                permission,
                P::GateRead
                    | P::GateWrite
                    | P::GateOperate
                    | P::GateScan
                    | P::AlertHandle
                    | P::CredentialRead
                    | P::CredentialWrite
                    | P::ScheduleRead
                    | P::PlaceRead
            ),
            Self::GateSteward => matches!(permission, P::GateRead | P::GateScan),
            Self::GateSupervisor => matches!(permission, P::GateRead | P::GateOverride | P::AlertHandle),
            Self::DutyOfficer => matches!(
                permission,
                P::ControlRead
                    | P::ControlLog
                    | P::ScheduleRead
                    | P::MatchOperate
                    | P::PlaceRead
                    | P::BookingRead
                    | P::WorkOrderRead
                    | P::ShiftRead
                    | P::GateRead
                    | P::AlertHandle
            ),
            Self::Viewer => matches!(
                permission,
                P::PlaceRead
                    | P::BookingRead
                    | P::ScheduleRead
                    | P::WorkOrderRead
                    | P::ShiftRead
                    | P::GateRead
                    | P::ControlRead
            ),
            Self::Service => matches!(
                permission,
                P::EventRead | P::BookingReserve | P::PlaceRead | P::BookingRead | P::ScheduleRead
            ),
            Self::Monitor => permission == P::MetricsRead,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Self, GrantError> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| GrantError::Role { written: text.into() })
    }
}

/// A role with a scope: `venue-manager@sites/jinjiang/venues/stadium`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub scope: Scope,
}

impl Grant {
    /// Says whether the grant gives a permission on a resource. The empty name stands for everything, and
    /// only the scope `*` covers it.
    #[must_use]
    pub fn gives(&self, permission: Permission, resource: &str) -> bool {
        self.role.holds(permission) && self.scope.covers(resource)
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.role, self.scope)
    }
}

/// A grant cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The role does not exist.
    #[error("there is no role `{written}`; the roles are {}", Role::ALL.map(Role::name).join(", "))]
    Role {
        /// What was written.
        written: String,
    },
    /// The scope is no `*` and no resource name.
    #[error("`{written}` is no scope; write * or a resource name such as sites/jinjiang/venues/stadium")]
    Scope {
        /// What was written.
        written: String,
    },
}

impl FromStr for Grant {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Self, GrantError> {
        let (role, scope) = text.split_once('@').unwrap_or((text, ""));
        Ok(Self {
            role: role.parse()?,
            scope: scope.parse().map_err(|_| GrantError::Scope { written: scope.into() })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_round_trip() {
        for text in ["administrator@*", "venue-manager@sites/jinjiang/venues/stadium"] {
            assert_eq!(text.parse::<Grant>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_scope_is_required_and_a_role_must_exist() {
        assert!(matches!("viewer".parse::<Grant>(), Err(GrantError::Scope { .. })));
        assert!(matches!("boss@*".parse::<Grant>(), Err(GrantError::Role { .. })));
    }

    #[test]
    fn the_manager_of_one_stadium_cannot_act_on_another() {
        let grant: Grant = "venue-manager@sites/jinjiang/venues/stadium".parse().unwrap();
        assert!(grant.gives(Permission::BookingWrite, "sites/jinjiang/venues/stadium/zones/pitch"));
        assert!(!grant.gives(Permission::BookingWrite, "sites/jinjiang/venues/stadium-2/zones/pitch"));
        assert!(!grant.gives(Permission::BookingWrite, ""));
    }

    #[test]
    fn volunteers_act_for_themselves_alone() {
        let held = |permission: &Permission| Role::Volunteer.holds(*permission);
        let all = (0..=i32::from(u8::MAX)).filter_map(|number| Permission::try_from(number).ok());
        assert_eq!(all.filter(held).collect::<Vec<_>>(), [Permission::ShiftOwn]);
    }

    #[test]
    fn nobody_holds_the_unset_permission() {
        for role in Role::ALL {
            assert!(!role.holds(Permission::Unspecified), "{role}");
        }
    }
}
