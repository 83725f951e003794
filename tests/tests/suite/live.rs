//! The live day of a match through all services: what is recorded of it, and what follows.

use std::sync::Arc;

use futures_util::future::join_all;
use matchday_api::{
    control::v1::{ListRunSheetItemsRequest, RunSheetItem, RunSheetState},
    scheduling::v1::{
        AbandonMatchRequest, Activity, ActivityState, Answer, CancelActivityRequest, ConfirmKickOffRequest,
        CorrectMatchRequest, CreateActivityRequest, ExtendMatchRequest, Extension, FinishMatchRequest,
        GetActivityRequest, GetPitchBoardRequest, ListLiveRecordsRequest, LiveKind, LiveRecord, Precondition,
        RecordPreconditionRequest, Recording, ResumeMatchRequest, SuspendMatchRequest,
        correct_match_request::Correction,
    },
    venues::v1::{Booking, BookingState},
    visitors::v1::{GetOpeningRequest, Opening, OpeningPhase},
    volunteers::v1::{GetShiftRequest, Shift},
};
use matchday_tests::{
    clients::Clients,
    evening::{CREW, CUP, Evening, MATCH, OPENING},
    log, make, on_every_stage,
    refusal::{answered, refusal, refused},
    stage::Stage,
};
use prost_types::Timestamp;
use tokio::sync::Barrier;
use tonic::Code;

/// Callers that want the same thing.
const MANY: usize = 16;
/// A training on the same pitch afterwards.
const AFTER: &str = "tournaments/cup/activities/after";

on_every_stage! {
    a_match_goes_its_way_and_all_follow
    a_match_that_is_over_gives_its_pitch_free
    two_who_resume_have_one_winner
    what_is_under_way_stays_where_it_is
    what_was_recorded_is_corrected_by_another_record
}

/// The evening forty minutes after the kick-off was planned.
async fn begin(stage: &Stage) -> (Evening, Clients) {
    let evening = Evening::with_kick_off(stage, 1, -40).await;
    (evening, stage.admin())
}

fn recording(time: Timestamp) -> Recording {
    Recording {
        time: Some(time),
        decided_by: "referee".into(),
        reason: "thunderstorm".into(),
        ..Recording::default()
    }
}

fn kick_off(time: Timestamp) -> ConfirmKickOffRequest {
    let recording = Some(Recording { time: Some(time), ..Recording::default() });
    ConfirmKickOffRequest { name: MATCH.into(), recording, ..ConfirmKickOffRequest::default() }
}

fn suspend(time: Timestamp) -> SuspendMatchRequest {
    SuspendMatchRequest {
        name: MATCH.into(),
        recording: Some(recording(time)),
        ..SuspendMatchRequest::default()
    }
}

fn resume(time: Timestamp) -> ResumeMatchRequest {
    ResumeMatchRequest {
        name: MATCH.into(),
        recording: Some(recording(time)),
        ..ResumeMatchRequest::default()
    }
}

fn finish(time: Timestamp) -> FinishMatchRequest {
    FinishMatchRequest {
        name: MATCH.into(),
        recording: Some(recording(time)),
        ..FinishMatchRequest::default()
    }
}

async fn activity(admin: &mut Clients, name: &str) -> Activity {
    let request = GetActivityRequest { name: name.into() };
    answered(admin.schedule.get_activity(request).await).activity.expect("an activity")
}

async fn records(admin: &mut Clients) -> Vec<LiveRecord> {
    let request = ListLiveRecordsRequest { name: MATCH.into(), ..ListLiveRecordsRequest::default() };
    answered(admin.live.list_live_records(request).await).records
}

async fn crew(admin: &mut Clients) -> Shift {
    let request = GetShiftRequest { name: CREW.into() };
    answered(admin.roster.get_shift(request).await).shift.expect("a shift")
}

async fn opening(admin: &mut Clients) -> Opening {
    let request = GetOpeningRequest { name: OPENING.into() };
    answered(admin.admissions.get_opening(request).await).opening.expect("an opening")
}

async fn line(admin: &mut Clients) -> RunSheetItem {
    let request = ListRunSheetItemsRequest {
        parent: CUP.into(),
        occasion: MATCH.into(),
        ..ListRunSheetItemsRequest::default()
    };
    let items = answered(admin.run_sheet.list_run_sheet_items(request).await).items;
    items.into_iter().find(|item| item.resource == MATCH).expect("its line on the run sheet")
}

fn span(booking: &Booking) -> (Option<Timestamp>, Option<Timestamp>) {
    (booking.start_time, booking.end_time)
}

async fn a_match_goes_its_way_and_all_follow(stage: Stage) {
    let (evening, mut admin) = begin(&stage).await;
    let after = CreateActivityRequest {
        parent: CUP.into(),
        activity_id: "after".into(),
        activity: Some(Activity {
            start_time: Some(evening.at(130)),
            end_time: Some(evening.at(190)),
            ..make::training(AFTER.into(), 1, 0, 60)
        }),
        ..CreateActivityRequest::default()
    };
    answered(admin.schedule.create_activity(after).await);

    let first = answered(admin.live.confirm_kick_off(kick_off(evening.at(7))).await);
    assert_eq!(first.late, Some(make::minutes(7)));
    assert_eq!(first.activities.len(), 2, "the training after it is pushed: {:?}", first.activities);
    log::settle(&mut admin).await;
    let booking = make::booking_of(&mut admin, MATCH).await;
    assert_eq!(span(&booking), (Some(evening.at(0)), Some(evening.at(122))), "it was held from its start on");
    let crew_now = crew(&mut admin).await;
    assert_eq!((crew_now.start_time, crew_now.end_time), (Some(evening.at(-60)), Some(evening.at(152))));
    let kicked_off = line(&mut admin).await;
    assert_eq!(kicked_off.state(), RunSheetState::UnderWay);
    assert_eq!(kicked_off.attention, ["kicked off 7 min late"]);
    let open = opening(&mut admin).await;
    assert_eq!((open.open_time, open.phase()), (Some(evening.at(-120)), OpeningPhase::Open));
    assert_eq!((open.exit_only_time, open.clear_time), (Some(evening.at(97)), Some(evening.at(167))));

    answered(admin.live.suspend_match(suspend(evening.at(10))).await);
    log::settle(&mut admin).await;
    assert_eq!(line(&mut admin).await.attention[0], "suspended: thunderstorm");
    let mut go_on = resume(evening.at(35));
    let police = Precondition { party: "police".into(), answer: Answer::Agreed.into(), note: String::new() };
    go_on.recording.as_mut().expect("a recording").preconditions = vec![police];
    answered(admin.live.resume_match(go_on).await);
    log::settle(&mut admin).await;
    let resumed = activity(&mut admin, MATCH).await;
    assert_eq!(resumed.state(), ActivityState::InPlay);
    assert_eq!((resumed.start_time, resumed.end_time), (Some(evening.at(7)), Some(evening.at(147))));
    assert_eq!(
        (resumed.planned_start_time, resumed.planned_end_time, resumed.actual_start_time),
        (Some(evening.at(0)), Some(evening.at(115)), Some(evening.at(7)))
    );
    let pushed = activity(&mut admin, AFTER).await;
    assert_eq!(
        (pushed.start_time, pushed.planned_start_time),
        (Some(evening.at(157)), Some(evening.at(130)))
    );
    assert_eq!(pushed.reason, "m1 ends later: thunderstorm");
    assert_eq!(crew(&mut admin).await.end_time, Some(evening.at(177)));
    assert_eq!(opening(&mut admin).await.clear_time, Some(evening.at(192)));

    let extend = ExtendMatchRequest {
        name: MATCH.into(),
        extension: Extension::ExtraTime.into(),
        lasts: Some(make::minutes(120)),
        recording: Some(recording(evening.at(40))),
        ..ExtendMatchRequest::default()
    };
    answered(admin.live.extend_match(extend).await);
    log::settle(&mut admin).await;
    assert_eq!(make::booking_of(&mut admin, MATCH).await.end_time, Some(evening.at(160)));
    assert_eq!(crew(&mut admin).await.end_time, Some(evening.at(190)));
    let attention = line(&mut admin).await.attention;
    assert_eq!(attention, ["kicked off 7 min late", "lasts 38 min longer than planned"]);
    let kinds: Vec<LiveKind> = records(&mut admin).await.iter().map(LiveRecord::kind).collect();
    assert_eq!(kinds, [LiveKind::KickedOff, LiveKind::Suspended, LiveKind::Resumed, LiveKind::Extended]);

    let board = GetPitchBoardRequest { parent: CUP.into() };
    let board = answered(admin.live.get_pitch_board(board).await).entries;
    let told: Vec<(&str, bool)> = board.iter().map(|it| (it.activity.as_str(), it.on)).collect();
    assert_eq!(told, [(MATCH, true), (AFTER, false)]);
    assert_eq!((board[0].late, board[0].unconfirmed), (Some(make::minutes(7)), false));
    assert_eq!((board[1].start_time, board[1].short_by), (Some(evening.at(170)), None));
}

async fn a_match_that_is_over_gives_its_pitch_free(stage: Stage) {
    let (evening, mut admin) = begin(&stage).await;
    answered(admin.live.confirm_kick_off(kick_off(evening.at(0))).await);
    let abandon = AbandonMatchRequest {
        name: MATCH.into(),
        recording: Some(recording(evening.at(30))),
        ..AbandonMatchRequest::default()
    };
    answered(admin.live.abandon_match(abandon).await);
    log::settle(&mut admin).await;
    let over = activity(&mut admin, MATCH).await;
    assert_eq!((over.state(), over.actual_end_time), (ActivityState::Abandoned, Some(evening.at(30))));
    let booking = make::booking_of(&mut admin, MATCH).await;
    assert_eq!((booking.state(), booking.end_time), (BookingState::Booked, Some(evening.at(30))));
    assert_eq!(crew(&mut admin).await.end_time, Some(evening.at(145)), "nobody is sent home before the plan");
    let gates = opening(&mut admin).await;
    assert_eq!((gates.phase(), gates.clear_time), (OpeningPhase::Open, Some(evening.at(160))));
    let line = line(&mut admin).await;
    assert_eq!(line.state(), RunSheetState::Done);
    assert_eq!(line.attention, ["abandoned: thunderstorm"]);
}

async fn two_who_resume_have_one_winner(stage: Stage) {
    let (evening, mut admin) = begin(&stage).await;
    answered(admin.live.confirm_kick_off(kick_off(evening.at(0))).await);
    answered(admin.live.suspend_match(suspend(evening.at(10))).await);
    let barrier = Arc::new(Barrier::new(MANY));
    let callers = (0..MANY).map(|number| {
        let (mut live, barrier) = (admin.live.clone(), barrier.clone());
        let resume = ResumeMatchRequest { request_id: format!("resume-{number}"), ..resume(evening.at(35)) };
        tokio::spawn(async move {
            barrier.wait().await;
            refusal(&live.resume_match(resume).await)
        })
    });
    let outcomes: Vec<_> =
        join_all(callers).await.into_iter().map(|told| told.expect("it does not panic")).collect();
    let lost = (Code::FailedPrecondition, "LIVE_STATE".to_owned());
    let won = outcomes.iter().filter(|(code, _)| *code == Code::Ok).count();
    assert_eq!((won, outcomes.iter().filter(|it| **it == lost).count()), (1, MANY - 1), "{outcomes:?}");
    assert_eq!(activity(&mut admin, MATCH).await.end_time, Some(evening.at(140)), "time was lost once");
    assert_eq!(records(&mut admin).await.len(), 3);

    // the winner repeats the call, and records nothing twice
    let winner = outcomes.iter().position(|(code, _)| *code == Code::Ok).expect("one won");
    let again = ResumeMatchRequest { request_id: format!("resume-{winner}"), ..resume(evening.at(35)) };
    assert_eq!(answered(admin.live.resume_match(again).await).record.expect("a record").number, 3);
    assert_eq!(records(&mut admin).await.len(), 3);
}

async fn what_is_under_way_stays_where_it_is(stage: Stage) {
    let (evening, mut admin) = begin(&stage).await;
    let early = admin.live.finish_match(finish(evening.at(30))).await;
    refused(early, Code::FailedPrecondition, "LIVE_STATE");
    let tomorrow = admin.live.confirm_kick_off(kick_off(evening.at(24 * 60))).await;
    refused(tomorrow, Code::InvalidArgument, "LIVE_TIME");
    answered(admin.live.confirm_kick_off(kick_off(evening.at(0))).await);

    let delay = admin.schedule.delay_activity(make::delay(MATCH, 15)).await;
    refused(delay, Code::FailedPrecondition, "ACTIVITY_BEGUN");
    let moved = admin.schedule.move_activity(make::move_to(MATCH, 1, 0)).await;
    refused(moved, Code::FailedPrecondition, "ACTIVITY_BEGUN");
    let cancel = CancelActivityRequest {
        name: MATCH.into(),
        reason: "the storm".into(),
        ..CancelActivityRequest::default()
    };
    refused(admin.schedule.cancel_activity(cancel).await, Code::FailedPrecondition, "ACTIVITY_BEGUN");
    let mut nobody = suspend(evening.at(10));
    nobody.recording.as_mut().expect("a recording").decided_by = String::new();
    refused(admin.live.suspend_match(nobody).await, Code::InvalidArgument, "INVALID_FIELD");
    let mut viewer = stage.clients("viewer@*");
    let answer = viewer.live.finish_match(finish(evening.at(30))).await;
    assert_eq!(refusal(&answer).0, Code::PermissionDenied);
    assert_eq!(records(&mut admin).await.len(), 1, "what is refused leaves no record");
}

async fn what_was_recorded_is_corrected_by_another_record(stage: Stage) {
    let (evening, mut admin) = begin(&stage).await;
    answered(admin.live.confirm_kick_off(kick_off(evening.at(3))).await);
    let correct = |correction| CorrectMatchRequest {
        name: MATCH.into(),
        recording: Some(recording(evening.at(0))),
        correction: Some(correction),
        ..CorrectMatchRequest::default()
    };
    let kicked_off = Correction::KickOffTime(evening.at(5));
    answered(admin.live.correct_match(correct(kicked_off)).await);
    answered(admin.live.finish_match(finish(evening.at(39))).await);
    answered(admin.live.correct_match(correct(Correction::Reopen(true))).await);
    let said = RecordPreconditionRequest {
        name: MATCH.into(),
        precondition: Some(Precondition {
            party: "broadcaster".into(),
            answer: Answer::Asked.into(),
            note: "the uplink is down".into(),
        }),
        ..RecordPreconditionRequest::default()
    };
    answered(admin.live.record_precondition(said).await);
    let now = activity(&mut admin, MATCH).await;
    assert_eq!((now.state(), now.actual_start_time), (ActivityState::InPlay, Some(evening.at(5))));
    assert_eq!((now.end_time, now.actual_end_time), (Some(evening.at(120)), None));
    let records = records(&mut admin).await;
    let told: Vec<_> = records.iter().map(|it| (it.number, it.kind(), it.previous_time)).collect();
    assert_eq!(
        told,
        [
            (1, LiveKind::KickedOff, None),
            (2, LiveKind::Corrected, Some(evening.at(3))),
            (3, LiveKind::Finished, None),
            (4, LiveKind::Corrected, Some(evening.at(39))),
            (5, LiveKind::Precondition, None),
        ]
    );
    assert!(records.iter().all(|record| !record.recorder.is_empty()));
}
