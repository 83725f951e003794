//! Schedules as files, and as calendars that programs subscribe to.

use matchday_api::scheduling::v1::{ExportFormat, ExportScheduleRequest, ExportScheduleResponse};
use matchday_tests::{
    clients::Clients,
    make, on_every_stage,
    refusal::{answered, refused, refused_field},
    stage::Stage,
};
use tonic::Code;

on_every_stage! {
    a_calendar_follows_the_schedule
    a_file_holds_what_was_asked_for
}

fn wanted(format: ExportFormat) -> ExportScheduleRequest {
    ExportScheduleRequest { parent: "tournaments/camp".into(), format: format.into(), ..Default::default() }
}

async fn export(clients: &mut Clients, format: ExportFormat) -> ExportScheduleResponse {
    answered(clients.exports.export_schedule(wanted(format)).await)
}

fn text(file: &ExportScheduleResponse) -> String {
    let text = String::from_utf8(file.content.clone()).expect("UTF-8");
    // lines that were folded are one again
    text.replace("\r\n ", "")
}

/// The lines of one event of a calendar.
fn event(calendar: &str, uid: &str) -> Vec<String> {
    let mut events = calendar.split("BEGIN:VEVENT");
    let event = events.find(|event| event.contains(&format!("UID:{uid}\r\n"))).expect("the event");
    event.lines().take_while(|line| *line != "END:VEVENT").map(str::to_owned).collect()
}

fn sequence(event: &[String]) -> i64 {
    let line = event.iter().find_map(|line| line.strip_prefix("SEQUENCE:")).expect("a sequence");
    line.parse().expect("a number")
}

async fn a_calendar_follows_the_schedule(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, make::programme("camp", &[("a1", 1, 600, 90), ("a2", 2, 600, 90)])).await;
    let before = text(&export(&mut admin, ExportFormat::Icalendar).await);
    let first = event(&before, "a1.camp@matchday");

    answered(admin.schedule.delay_activity(make::delay(&make::name("camp", "a1"), 30)).await);
    let after = text(&export(&mut admin, ExportFormat::Icalendar).await);
    let then = event(&after, "a1.camp@matchday");
    assert!(sequence(&then) > sequence(&first), "a calendar takes what is newer");
    let start = |event: &[String]| event.iter().find(|line| line.starts_with("DTSTART:")).cloned();
    assert_ne!(start(&then), start(&first));
    assert_eq!(event(&after, "a2.camp@matchday"), event(&before, "a2.camp@matchday"), "the other stays");
    assert_eq!(after.matches("BEGIN:VEVENT").count(), 2, "nothing stands twice");
}

async fn a_file_holds_what_was_asked_for(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, make::programme("camp", &[("a1", 1, 600, 90), ("a2", 2, 3000, 90)])).await;
    for (format, content_type) in [
        (ExportFormat::Icalendar, "text/calendar; charset=utf-8"),
        (ExportFormat::Csv, "text/csv; charset=utf-8"),
        (ExportFormat::Json, "application/json"),
        (ExportFormat::Html, "text/html; charset=utf-8"),
        (ExportFormat::Svg, "image/svg+xml; charset=utf-8"),
    ] {
        let file = export(&mut admin, format).await;
        assert_eq!((file.content_type.as_str(), file.activities), (content_type, 2));
        assert!(text(&file).contains("a1"), "{format:?}");
    }
    let nowhere = ExportScheduleRequest { date: "2001-01-01".into(), ..wanted(ExportFormat::Html) };
    assert_eq!(answered(admin.exports.export_schedule(nowhere).await).activities, 0);

    for (field, request) in [
        ("language", ExportScheduleRequest { language: "fr".into(), ..wanted(ExportFormat::Csv) }),
        ("date", ExportScheduleRequest { date: "25 October".into(), ..wanted(ExportFormat::Csv) }),
        ("format", wanted(ExportFormat::Unspecified)),
        (
            "version",
            ExportScheduleRequest {
                version: "tournaments/other/versions/1".into(),
                ..wanted(ExportFormat::Csv)
            },
        ),
    ] {
        refused_field(admin.exports.export_schedule(request).await, field);
    }
    let unknown =
        ExportScheduleRequest { team: "tournaments/camp/teams/x".into(), ..wanted(ExportFormat::Csv) };
    refused(admin.exports.export_schedule(unknown).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let mut steward = stage.clients("gate-steward@*");
    let denied = steward.exports.export_schedule(wanted(ExportFormat::Csv)).await;
    refused(denied, Code::PermissionDenied, "PERMISSION_MISSING");
}
