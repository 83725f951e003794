//! Finding a server and a token, and the clients of the services there.

use std::{collections::BTreeMap, env, path::PathBuf};

use clap::Args;
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
        application_service_client::ApplicationServiceClient,
        attendance_service_client::AttendanceServiceClient,
        certificate_service_client::CertificateServiceClient, duty_service_client::DutyServiceClient,
        hours_service_client::HoursServiceClient, message_service_client::MessageServiceClient,
        roster_draft_service_client::RosterDraftServiceClient, roster_service_client::RosterServiceClient,
        self_service_client::SelfServiceClient, training_service_client::TrainingServiceClient,
        volunteer_service_client::VolunteerServiceClient,
    },
};
use matchday_rpc::{Credentials, Peer, peer};
use matchday_runtime::{
    Exit,
    address::{self, AddressError},
    keys,
    settings::PeerAddress,
};

use crate::{failure::Failure, output::Format};

/// The variable that holds a token itself.
const TOKEN: &str = "MATCHDAY_TOKEN";

/// Where the server is, and how to speak with it.
#[derive(Args)]
#[command(next_help_heading = "Connection and output")]
pub(crate) struct Connection {
    /// Server to call; only this machine's own addresses are allowed
    #[arg(long, global = true, env = "MATCHDAY_SERVER", value_name = "URL",
          default_value = "http://127.0.0.1:7300", value_parser = server)]
    server: String,
    /// Where a service answers that is hosted apart from that server
    #[arg(long, global = true, env = "MATCHDAY_PEER", value_name = "NAME=URL", value_delimiter = ',')]
    peer: Vec<PeerAddress>,
    #[command(flatten)]
    token: TokenPlace,
    /// How data is written to standard output
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    output: Format,
}

/// Where the token is.
#[derive(Args)]
#[command(next_help_heading = "Connection and output")]
pub(crate) struct TokenPlace {
    /// File that holds your token; without it the one in `MATCHDAY_TOKEN`, then admin.token in the data
    /// directory
    #[arg(long, global = true, env = "MATCHDAY_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Data directory of the server, where its keys and the administrator's token are
    #[arg(long, global = true, env = "MATCHDAY_DATA", value_name = "DIR", default_value = "./matchday-data")]
    data: PathBuf,
}

fn server(text: &str) -> Result<String, AddressError> {
    address::check_url(text).map(|()| text.to_owned())
}

impl Connection {
    /// Reads the token and gets ready to call; nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure`] when there is no token.
    pub(crate) fn open(&self) -> Result<Client, Failure> {
        Client::at(&self.server, &self.peer, &self.token.read()?, self.output)
    }
}

impl TokenPlace {
    /// The data directory.
    pub(crate) fn data(&self) -> &PathBuf {
        &self.data
    }

    /// The token.
    ///
    /// # Errors
    /// [`Failure`] when there is none.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        let path = match (&self.token_file, env::var(TOKEN)) {
            (Some(path), _) => path.clone(),
            (None, Ok(token)) if !token.trim().is_empty() => return Ok(token),
            (None, _) => self.data.join(keys::ADMIN_TOKEN),
        };
        let missing = |problem: String| {
            Failure::new(Exit::Denied, format!("no token: {} {problem}", path.display())).with_hint(
                "run this where `matchday serve` runs, or name its directory with --data, or a token with \
                 --token-file",
            )
        };
        let text =
            std::fs::read_to_string(&path).map_err(|error| missing(format!("cannot be read: {error}")))?;
        match text.trim() {
            "" => Err(missing("is empty".to_owned())),
            token => Ok(token.to_owned()),
        }
    }
}

/// The services of a server, and how to show what they answer.
#[derive(Clone)]
pub(crate) struct Client {
    server: Peer,
    /// Services that are hosted apart from the server.
    apart: BTreeMap<String, Peer>,
    /// How data is written.
    pub(crate) output: Format,
}

impl Client {
    /// The services of a server, called with a token; nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure`] when the token cannot be sent.
    pub(crate) fn at(
        server: &str,
        apart: &[PeerAddress],
        token: &str,
        output: Format,
    ) -> Result<Self, Failure> {
        let credentials = Credentials::token(token)
            .map_err(|_| Failure::new(Exit::Denied, "the token holds what no token can hold"))?;
        let peer = |url: &str| {
            peer::remote(url)
                .map(|peer| credentials.on(peer))
                .map_err(|error| Failure::of(Exit::Usage, &error))
        };
        let apart = apart.iter().map(|it| Ok((it.service.clone(), peer(&it.url)?)));
        Ok(Self { server: peer(server)?, apart: apart.collect::<Result<_, Failure>>()?, output })
    }

    /// The services that are hosted apart, or the server, by an empty name, when none is.
    pub(crate) fn processes(&self) -> impl Iterator<Item = &str> {
        let server = self.apart.is_empty().then_some("");
        self.apart.keys().map(String::as_str).chain(server)
    }

    /// The service of a name, wherever it is hosted.
    fn peer(&self, service: &str) -> Peer {
        self.apart.get(service).unwrap_or(&self.server).clone()
    }

    /// Sites, venues and zones.
    pub(crate) fn places(&self) -> PlaceServiceClient<Peer> {
        PlaceServiceClient::new(self.peer("venues"))
    }

    /// Bookings.
    pub(crate) fn bookings(&self) -> BookingServiceClient<Peer> {
        BookingServiceClient::new(self.peer("venues"))
    }

    /// Tournaments and teams.
    pub(crate) fn tournaments(&self) -> TournamentServiceClient<Peer> {
        TournamentServiceClient::new(self.peer("scheduling"))
    }

    /// Activities, sessions and versions.
    pub(crate) fn schedule(&self) -> ScheduleServiceClient<Peer> {
        ScheduleServiceClient::new(self.peer("scheduling"))
    }

    /// Rules, and checking schedules against them.
    pub(crate) fn checks(&self) -> CheckServiceClient<Peer> {
        CheckServiceClient::new(self.peer("scheduling"))
    }

    /// What is recorded on the day, and what comes next.
    pub(crate) fn live(&self) -> LiveServiceClient<Peer> {
        LiveServiceClient::new(self.peer("scheduling"))
    }

    /// Officials.
    pub(crate) fn officials(&self) -> OfficialServiceClient<Peer> {
        OfficialServiceClient::new(self.peer("scheduling"))
    }

    /// Runs of the timetable engine.
    pub(crate) fn runs(&self) -> RunServiceClient<Peer> {
        RunServiceClient::new(self.peer("scheduling"))
    }

    /// Timetable frames, and where a match could go.
    pub(crate) fn frames(&self) -> FrameServiceClient<Peer> {
        FrameServiceClient::new(self.peer("scheduling"))
    }

    /// Competitions, results, tables, brackets.
    pub(crate) fn competitions(&self) -> CompetitionServiceClient<Peer> {
        CompetitionServiceClient::new(self.peer("scheduling"))
    }

    /// The schedule as files.
    pub(crate) fn exports(&self) -> ExportServiceClient<Peer> {
        ExportServiceClient::new(self.peer("scheduling"))
    }

    /// Drafts, and what differs between versions.
    pub(crate) fn versions(&self) -> VersionServiceClient<Peer> {
        VersionServiceClient::new(self.peer("scheduling"))
    }

    /// Service plans.
    pub(crate) fn plans(&self) -> PlanServiceClient<Peer> {
        PlanServiceClient::new(self.peer("scheduling"))
    }

    /// Work on places.
    pub(crate) fn work(&self) -> WorkOrderServiceClient<Peer> {
        WorkOrderServiceClient::new(self.peer("venues"))
    }

    /// Volunteers and their groups.
    pub(crate) fn volunteers(&self) -> VolunteerServiceClient<Peer> {
        VolunteerServiceClient::new(self.peer("volunteers"))
    }

    /// Applications to help.
    pub(crate) fn applications(&self) -> ApplicationServiceClient<Peer> {
        ApplicationServiceClient::new(self.peer("volunteers"))
    }

    /// Shifts and assignments.
    pub(crate) fn roster(&self) -> RosterServiceClient<Peer> {
        RosterServiceClient::new(self.peer("volunteers"))
    }

    /// Rosters of the engine.
    pub(crate) fn roster_drafts(&self) -> RosterDraftServiceClient<Peer> {
        RosterDraftServiceClient::new(self.peer("volunteers"))
    }

    /// People on duty.
    pub(crate) fn duty(&self) -> DutyServiceClient<Peer> {
        DutyServiceClient::new(self.peer("volunteers"))
    }

    /// What volunteers do for themselves.
    pub(crate) fn own(&self) -> SelfServiceClient<Peer> {
        SelfServiceClient::new(self.peer("volunteers"))
    }

    /// Who comes on the day, many at once.
    pub(crate) fn attendance(&self) -> AttendanceServiceClient<Peer> {
        AttendanceServiceClient::new(self.peer("volunteers"))
    }

    /// Courses.
    pub(crate) fn training(&self) -> TrainingServiceClient<Peer> {
        TrainingServiceClient::new(self.peer("volunteers"))
    }

    /// The ledger of volunteers' hours.
    pub(crate) fn hours(&self) -> HoursServiceClient<Peer> {
        HoursServiceClient::new(self.peer("volunteers"))
    }

    /// What volunteers are told.
    pub(crate) fn messages(&self) -> MessageServiceClient<Peer> {
        MessageServiceClient::new(self.peer("volunteers"))
    }

    /// Certificates of volunteers' service.
    pub(crate) fn certificates(&self) -> CertificateServiceClient<Peer> {
        CertificateServiceClient::new(self.peer("volunteers"))
    }

    /// Gates and devices.
    pub(crate) fn gates(&self) -> GateServiceClient<Peer> {
        GateServiceClient::new(self.peer("visitors"))
    }

    /// People counters, and who is in which zone.
    pub(crate) fn flow(&self) -> FlowServiceClient<Peer> {
        FlowServiceClient::new(self.peer("visitors"))
    }

    /// What goes wrong with a crowd, and whom that is told to.
    pub(crate) fn alerts(&self) -> AlertServiceClient<Peer> {
        AlertServiceClient::new(self.peer("visitors"))
    }

    /// How many may be inside, and whether anybody is let in.
    pub(crate) fn governor(&self) -> GovernorServiceClient<Peer> {
        GovernorServiceClient::new(self.peer("visitors"))
    }

    /// Gates without a network.
    pub(crate) fn offline(&self) -> OfflineServiceClient<Peer> {
        OfflineServiceClient::new(self.peer("visitors"))
    }

    /// Tickets and passes.
    pub(crate) fn credentials(&self) -> CredentialServiceClient<Peer> {
        CredentialServiceClient::new(self.peer("visitors"))
    }

    /// Openings, scans, and who is inside.
    pub(crate) fn admission(&self) -> AdmissionServiceClient<Peer> {
        AdmissionServiceClient::new(self.peer("visitors"))
    }

    /// The run sheet.
    pub(crate) fn run_sheet(&self) -> RunSheetServiceClient<Peer> {
        RunSheetServiceClient::new(self.peer("control"))
    }

    /// The log of the operations centre.
    pub(crate) fn log(&self) -> LogServiceClient<Peer> {
        LogServiceClient::new(self.peer("control"))
    }

    /// The event log of a service, and its followers; without a name, those of the server.
    pub(crate) fn events(&self, service: &str) -> EventServiceClient<Peer> {
        EventServiceClient::new(self.peer(service))
    }
}
