//! The names of the resources that more than one service speaks of.

use crate::resource_name;

resource_name! {
    /// A site, such as a football centre.
    SiteName = "sites/{site}"
}

resource_name! {
    /// A venue of a site.
    VenueName under SiteName = "sites/{site}/venues/{venue}"
}

resource_name! {
    /// A zone of a venue: a pitch, a room, a gate plaza.
    ZoneName under VenueName = "sites/{site}/venues/{venue}/zones/{zone}"
}

resource_name! {
    /// A booking of a zone.
    BookingName under ZoneName = "sites/{site}/venues/{venue}/zones/{zone}/bookings/{booking}"
}

resource_name! {
    /// A tournament, a camp or a festival.
    TournamentName = "tournaments/{tournament}"
}

resource_name! {
    /// A team of a tournament.
    TeamName under TournamentName = "tournaments/{tournament}/teams/{team}"
}

resource_name! {
    /// An activity of a tournament: a match, a ceremony, a training.
    ActivityName under TournamentName = "tournaments/{tournament}/activities/{activity}"
}

resource_name! {
    /// A session of a tournament: one admission, one clear-out.
    SessionName under TournamentName = "tournaments/{tournament}/sessions/{session}"
}

resource_name! {
    /// A version of a tournament's schedule.
    ScheduleVersionName under TournamentName = "tournaments/{tournament}/versions/{version}"
}

resource_name! {
    /// A service plan of a tournament.
    ServicePlanName under TournamentName = "tournaments/{tournament}/plans/{plan}"
}

resource_name! {
    /// A group of volunteers.
    GroupName under TournamentName = "tournaments/{tournament}/groups/{group}"
}

resource_name! {
    /// A volunteer of a tournament.
    VolunteerName under TournamentName = "tournaments/{tournament}/volunteers/{volunteer}"
}

resource_name! {
    /// Somebody's application to help at a tournament.
    ApplicationName under TournamentName = "tournaments/{tournament}/applications/{application}"
}

resource_name! {
    /// A time at which applicants are interviewed.
    InterviewSlotName under TournamentName = "tournaments/{tournament}/interview-slots/{slot}"
}

resource_name! {
    /// A course for volunteers and applicants.
    CourseName under TournamentName = "tournaments/{tournament}/courses/{course}"
}

resource_name! {
    /// A shift of a tournament.
    ShiftName under TournamentName = "tournaments/{tournament}/shifts/{shift}"
}

resource_name! {
    /// A volunteer on a shift.
    AssignmentName under ShiftName = "tournaments/{tournament}/shifts/{shift}/assignments/{volunteer}"
}

resource_name! {
    /// Work to be done on a place.
    WorkOrderName under VenueName = "sites/{site}/venues/{venue}/work-orders/{work_order}"
}

resource_name! {
    /// An entry in the ledger of a volunteer's hours.
    HoursEntryName under VolunteerName = "tournaments/{tournament}/volunteers/{volunteer}/hours/{entry}"
}

resource_name! {
    /// A certificate of a volunteer's service.
    CertificateName under TournamentName = "tournaments/{tournament}/certificates/{certificate}"
}

resource_name! {
    /// An alert of a venue.
    AlertName under VenueName = "sites/{site}/venues/{venue}/alerts/{alert}"
}

resource_name! {
    /// A text sent to a selection of volunteers.
    BroadcastName under TournamentName = "tournaments/{tournament}/broadcasts/{broadcast}"
}

resource_name! {
    /// What one volunteer gets of a broadcast.
    MessageName under BroadcastName = "tournaments/{tournament}/broadcasts/{broadcast}/messages/{volunteer}"
}

resource_name! {
    /// A gate of a venue.
    GateName under VenueName = "sites/{site}/venues/{venue}/gates/{gate}"
}

resource_name! {
    /// A device that scans at a gate.
    DeviceName under GateName = "sites/{site}/venues/{venue}/gates/{gate}/devices/{device}"
}

resource_name! {
    /// A ticket or a pass.
    CredentialName under TournamentName = "tournaments/{tournament}/credentials/{credential}"
}

resource_name! {
    /// The opening of the gates for a session.
    OpeningName under TournamentName = "tournaments/{tournament}/openings/{opening}"
}

resource_name! {
    /// An entry in the log of the operations centre.
    LogEntryName under TournamentName = "tournaments/{tournament}/log-entries/{entry}"
}

resource_name! {
    /// A member of the operations staff.
    StaffName = "staff/{staff}"
}

resource_name! {
    /// A service of Matchday, when it acts in its own name.
    ServiceName = "services/{service}"
}

resource_name! {
    /// A run of the timetable engine.
    RunName under TournamentName = "tournaments/{tournament}/runs/{run}"
}

resource_name! {
    /// A roster that the roster engine has made.
    RosterName under TournamentName = "tournaments/{tournament}/rosters/{roster}"
}

resource_name! {
    /// An official of a tournament: a referee, or a crew.
    OfficialName under TournamentName = "tournaments/{tournament}/officials/{official}"
}
