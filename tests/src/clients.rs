//! The clients of all services, for one caller.

use matchday_api::{
    control::v1::{log_service_client::LogServiceClient, run_sheet_service_client::RunSheetServiceClient},
    event::v1::event_service_client::EventServiceClient,
    scheduling::v1::{
        check_service_client::CheckServiceClient, competition_service_client::CompetitionServiceClient,
        export_service_client::ExportServiceClient, frame_service_client::FrameServiceClient,
        live_service_client::LiveServiceClient, official_service_client::OfficialServiceClient,
        plan_service_client::PlanServiceClient, run_service_client::RunServiceClient,
        schedule_service_client::ScheduleServiceClient, tournament_service_client::TournamentServiceClient,
        version_service_client::VersionServiceClient,
    },
    venues::v1::{
        booking_service_client::BookingServiceClient, place_service_client::PlaceServiceClient,
        work_order_service_client::WorkOrderServiceClient,
    },
    visitors::v1::{
        admission_service_client::AdmissionServiceClient, alert_service_client::AlertServiceClient,
        credential_service_client::CredentialServiceClient, flow_service_client::FlowServiceClient,
        gate_service_client::GateServiceClient, governor_service_client::GovernorServiceClient,
        offline_service_client::OfflineServiceClient,
    },
    volunteers::v1::{
        application_service_client::ApplicationServiceClient, message_service_client::MessageServiceClient,
        roster_draft_service_client::RosterDraftServiceClient, roster_service_client::RosterServiceClient,
        training_service_client::TrainingServiceClient, volunteer_service_client::VolunteerServiceClient,
    },
};
use matchday_rpc::Peer;

/// The clients of all services.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Sites, venues and zones.
    pub places: PlaceServiceClient<Peer>,
    /// Bookings.
    pub bookings: BookingServiceClient<Peer>,
    /// Work on places.
    pub work_orders: WorkOrderServiceClient<Peer>,
    /// Tournaments and teams.
    pub tournaments: TournamentServiceClient<Peer>,
    /// Activities, sessions, versions.
    pub schedule: ScheduleServiceClient<Peer>,
    /// Drafts, and what differs between versions.
    pub versions: VersionServiceClient<Peer>,
    /// Service plans.
    pub plans: PlanServiceClient<Peer>,
    /// Rules, and checking a schedule against them.
    pub checks: CheckServiceClient<Peer>,
    /// What is recorded on the day.
    pub live: LiveServiceClient<Peer>,
    /// Officials.
    pub officials: OfficialServiceClient<Peer>,
    /// Runs of the timetable engine.
    pub runs: RunServiceClient<Peer>,
    /// Timetable frames, and where a match could go.
    pub frames: FrameServiceClient<Peer>,
    /// Competitions, results, tables, brackets.
    pub competitions: CompetitionServiceClient<Peer>,
    /// Schedules as files.
    pub exports: ExportServiceClient<Peer>,
    /// Volunteers and their groups.
    pub people: VolunteerServiceClient<Peer>,
    /// Applications to help.
    pub applications: ApplicationServiceClient<Peer>,
    /// Courses.
    pub training: TrainingServiceClient<Peer>,
    /// What volunteers are told.
    pub messages: MessageServiceClient<Peer>,
    /// Shifts and assignments.
    pub roster: RosterServiceClient<Peer>,
    /// Rosters of the engine.
    pub roster_drafts: RosterDraftServiceClient<Peer>,
    /// Gates and devices.
    pub gates: GateServiceClient<Peer>,
    /// Tickets and passes.
    pub credentials: CredentialServiceClient<Peer>,
    /// Openings and scans.
    pub admissions: AdmissionServiceClient<Peer>,
    /// People counters, and who is in which zone.
    pub flow: FlowServiceClient<Peer>,
    /// What goes wrong with a crowd.
    pub alerts: AlertServiceClient<Peer>,
    /// How many may be inside.
    pub governor: GovernorServiceClient<Peer>,
    /// Gates without a network.
    pub offline: OfflineServiceClient<Peer>,
    /// The run sheet.
    pub run_sheet: RunSheetServiceClient<Peer>,
    /// The log of the operations centre.
    pub journal: LogServiceClient<Peer>,
    /// The event log of scheduling.
    pub scheduling: EventServiceClient<Peer>,
    /// The event log of venues, and how far it follows.
    pub venues: EventServiceClient<Peer>,
    /// The event log of volunteers, and how far it follows.
    pub volunteers: EventServiceClient<Peer>,
    /// The event log of visitors, and how far it follows.
    pub visitors: EventServiceClient<Peer>,
    /// The event log of control, and how far it follows.
    pub control: EventServiceClient<Peer>,
}

impl Clients {
    /// The clients of a caller, given the peer of each service.
    #[must_use]
    pub fn new(peer: impl Fn(&str) -> Peer) -> Self {
        Self {
            places: PlaceServiceClient::new(peer("venues")),
            bookings: BookingServiceClient::new(peer("venues")),
            work_orders: WorkOrderServiceClient::new(peer("venues")),
            tournaments: TournamentServiceClient::new(peer("scheduling")),
            schedule: ScheduleServiceClient::new(peer("scheduling")),
            versions: VersionServiceClient::new(peer("scheduling")),
            plans: PlanServiceClient::new(peer("scheduling")),
            checks: CheckServiceClient::new(peer("scheduling")),
            live: LiveServiceClient::new(peer("scheduling")),
            officials: OfficialServiceClient::new(peer("scheduling")),
            runs: RunServiceClient::new(peer("scheduling")),
            frames: FrameServiceClient::new(peer("scheduling")),
            competitions: CompetitionServiceClient::new(peer("scheduling")),
            exports: ExportServiceClient::new(peer("scheduling")),
            people: VolunteerServiceClient::new(peer("volunteers")),
            applications: ApplicationServiceClient::new(peer("volunteers")),
            training: TrainingServiceClient::new(peer("volunteers")),
            messages: MessageServiceClient::new(peer("volunteers")),
            roster: RosterServiceClient::new(peer("volunteers")),
            roster_drafts: RosterDraftServiceClient::new(peer("volunteers")),
            gates: GateServiceClient::new(peer("visitors")),
            credentials: CredentialServiceClient::new(peer("visitors")),
            admissions: AdmissionServiceClient::new(peer("visitors")),
            flow: FlowServiceClient::new(peer("visitors")),
            alerts: AlertServiceClient::new(peer("visitors")),
            governor: GovernorServiceClient::new(peer("visitors")),
            offline: OfflineServiceClient::new(peer("visitors")),
            run_sheet: RunSheetServiceClient::new(peer("control")),
            journal: LogServiceClient::new(peer("control")),
            scheduling: EventServiceClient::new(peer("scheduling")),
            venues: EventServiceClient::new(peer("venues")),
            volunteers: EventServiceClient::new(peer("volunteers")),
            visitors: EventServiceClient::new(peer("visitors")),
            control: EventServiceClient::new(peer("control")),
        }
    }
}
