//! What a delay did: every service as it was before, and as it is after.

use matchday_api::{
    control::v1::{ListRunSheetItemsRequest, RunSheetItem, RunSheetKind},
    event::v1::{Event, TailEventsRequest},
    scheduling::v1::{RuleReport, RuleSeverity, Violation},
    venues::v1::{self as venues, Booking, BookingState, WorkOrder, WorkOrderState},
    visitors::v1::{GetOpeningRequest, Opening},
    volunteers::v1::Shift,
};
use matchday_kernel::{Instant, SignedDuration};
use matchday_rpc::parse::to_timestamp;
use prost::{Message, Name};

use super::{day::moment, story::Story, tell};
use crate::{
    client::{followed, pages},
    failure::Failure,
    output, words,
};

/// Lines of the run sheet that are shown.
const SHOWN: usize = 12;
/// What the session of the opening holds.
const OF_OPENING: [&str; 4] = ["/opening", "/opening-ceremony", "/m01", "/welcome-market"];
/// How far the run sheet is shown.
const AHEAD: SignedDuration = SignedDuration::from_hours(4);

/// What the services say at a moment.
pub(super) struct Snapshot {
    run_sheet: Vec<RunSheetItem>,
    shifts: Vec<Shift>,
    work: Vec<WorkOrder>,
    opening: Opening,
    reports: Vec<RuleReport>,
    from: Instant,
}

impl Story {
    /// What the services say; the run sheet from a moment on matters.
    pub(super) async fn now(&self, from: Instant) -> Result<Snapshot, Failure> {
        let day = self.zone.day(self.day);
        let run_sheet = pages::all(async |page_token| {
            let request = ListRunSheetItemsRequest {
                parent: self.tournament.to_string(),
                page_size: pages::PAGE_SIZE,
                page_token,
                from: Some(to_timestamp(day.start())),
                until: Some(to_timestamp(day.end().saturating_add(AHEAD))),
                ..ListRunSheetItemsRequest::default()
            };
            let page = self.client.run_sheet().list_run_sheet_items(request).await?.into_inner();
            Ok((page.items, page.next_page_token))
        })
        .await?;
        let name = format!("{}/openings/opening", self.tournament);
        let opening = self.client.admission().get_opening(GetOpeningRequest { name }).await?.into_inner();
        Ok(Snapshot {
            run_sheet,
            shifts: self.shifts().await?,
            work: self.work().await?,
            opening: opening.opening.unwrap_or_default(),
            reports: self.reports().await?,
            from,
        })
    }

    /// The run sheet of the opening before and after: what is to come and has another time now, or something wrong
    /// with it. What has begun and only ends later is told in a number.
    pub(super) fn run_sheet(&self, before: &Snapshot, after: &Snapshot) -> Result<(), Failure> {
        let is_of_opening = |it: &RunSheetItem| OF_OPENING.iter().any(|id| it.occasion.ends_with(id));
        let mut only_ends = 0;
        let mut rows = Vec::new();
        for now in after.run_sheet.iter().filter(|it| is_of_opening(it)) {
            let was = counterpart(&before.run_sheet, now);
            let is_ahead = moment(now.time).is_some_and(|time| time >= after.from);
            let moved = was.is_none_or(|was| was.time != now.time);
            let is_new_trouble = was.is_none_or(|was| is_broken(now) && !is_broken(was));
            if (is_ahead && moved) || is_new_trouble {
                rows.push((was, now));
            } else if was.is_some_and(|was| was.end_time != now.end_time) {
                only_ends += 1;
            }
        }
        let shown = rows.iter().take(SHOWN).map(|(was, now)| {
            let was = was.map_or_else(String::new, |was| self.span(was));
            let people = if now.wanted == 0 { String::new() } else { format!("{}/{}", now.sure, now.wanted) };
            let place = now.place.rsplit('/').next().unwrap_or_default().to_owned();
            let attention = now.attention.iter().map(|text| without_names(text));
            let attention = attention.collect::<Vec<_>>().join("; ");
            vec![was, self.span(now), what(now), place, people, attention]
        });
        output::table(&["BEFORE", "NOW", "WHAT", "WHERE", "PEOPLE", "ATTENTION"], shown)?;
        let left = rows.len().saturating_sub(SHOWN);
        tell(format_args!("and {left} lines more; {only_ends} posts that have begun only end later"))
    }

    /// `19:40` or `19:40–20:00`
    fn span(&self, item: &RunSheetItem) -> String {
        let start = self.clock_of(item.time);
        if item.end_time.is_none() { start } else { format!("{start}–{}", self.clock_of(item.end_time)) }
    }

    /// What followed in each service, a line each.
    pub(super) async fn what_followed(
        &self,
        before: &Snapshot,
        after: &Snapshot,
        change: &str,
    ) -> Result<(), Failure> {
        tell(format_args!("places: {}", self.bookings(change).await?))?;
        let work = changes(&before.work, &after.work, |it| &it.name, |it| it.due_time);
        let begun = |it: &&WorkOrder| matches!(it.state(), WorkOrderState::Done | WorkOrderState::InProgress);
        let alone = after.work.iter().filter(begun).count();
        tell(format_args!("work orders: {} moved, {alone} done or in progress and left alone", work.len()))?;
        tell(format_args!("shifts: {}", self.shifts_followed(before, after)))?;
        let (was, is) = (&before.opening, &after.opening);
        tell(format_args!(
            "gates: opened at {}, untouched; exit only {} → {}, to be cleared {} → {}",
            self.clock_of(is.open_time),
            self.clock_of(was.exit_only_time),
            self.clock_of(is.exit_only_time),
            self.clock_of(was.clear_time),
            self.clock_of(is.clear_time)
        ))?;
        tell(format_args!("checked again: {}", super::stage::told(&after.reports)))?;
        for (severity, violation) in of_opener(&before.reports, &after.reports) {
            tell(format_args!("  {severity}: {}", violation.sentence))?;
            tell(format_args!("    to resolve it: {}", violation.resolution))?;
        }
        Ok(())
    }

    fn shifts_followed(&self, before: &Snapshot, after: &Snapshot) -> String {
        let starts = changes(&before.shifts, &after.shifts, |it| &it.name, |it| it.start_time);
        let ends = changes(&before.shifts, &after.shifts, |it| &it.name, |it| it.end_time);
        let replaced: i32 = after.shifts.iter().map(|shift| shift.to_be_replaced).sum();
        let alerts =
            after.shifts.iter().flat_map(|shift| shift.alerts.iter().map(move |alert| (shift, alert)));
        let flagged: Vec<String> = alerts
            .filter(|(_, alert)| alert.code == "SHIFT_TOO_LONG")
            .map(|(shift, alert)| {
                format!(
                    "{} ({}–{}): {}",
                    shift.title,
                    self.clock_of(shift.start_time),
                    self.clock_of(shift.end_time),
                    alert.description
                )
            })
            .collect();
        let flagged =
            if flagged.is_empty() { String::new() } else { format!("; flagged: {}", flagged.join("; ")) };
        format!(
            "{} moved, {} extended, {replaced} people to be replaced{flagged}",
            starts.len(),
            ends.len() - starts.len()
        )
    }

    /// The bookings that followed and those that were displaced.
    async fn bookings(&self, change: &str) -> Result<String, Failure> {
        let head = followed::head(&self.client, "venues").await?;
        let tail = TailEventsRequest { log: "venues".into(), ..TailEventsRequest::default() };
        let mut stream = self.client.events("venues").tail_events(tail).await?.into_inner();
        let (mut moved, mut displaced) = (0, Vec::new());
        while let Some(event) = stream.message().await?.and_then(|response| response.event) {
            if event.change == change
                && let Some(booking) = booking_of(&event)
            {
                if booking.state() == BookingState::Displaced {
                    displaced.push(booking.title);
                } else {
                    moved += 1;
                }
            }
            if event.sequence >= head {
                break;
            }
        }
        let displaced = if displaced.is_empty() {
            "none displaced".to_owned()
        } else {
            format!("without a place, for others hold it: {}", displaced.join(", "))
        };
        Ok(format!("{moved} followed; {displaced}"))
    }
}

/// Whether a line breaks a limit, beside what is only not staffed or later.
fn is_broken(item: &RunSheetItem) -> bool {
    item.attention.iter().any(|sentence| sentence.contains("limit"))
}

/// A sentence as far as it is told without the names of resources.
fn without_names(sentence: &str) -> String {
    let (begin, _) = sentence.split_once(": sites/").unwrap_or((sentence, ""));
    begin.split(' ').filter(|word| !word.starts_with("sites/")).collect::<Vec<_>>().join(" ")
}

/// What a line is about; gates are told from their session by the kind of line.
fn what(item: &RunSheetItem) -> String {
    match item.kind() {
        RunSheetKind::GatesOpen | RunSheetKind::ExitOnly | RunSheetKind::Clear => {
            format!("gates: {}", words::word_of::<RunSheetKind>(item.kind))
        }
        _ => item.title.clone(),
    }
}

fn counterpart<'a>(items: &'a [RunSheetItem], of: &RunSheetItem) -> Option<&'a RunSheetItem> {
    items.iter().find(|item| (&item.resource, item.kind) == (&of.resource, of.kind))
}

/// The names of what was there before and says something else now.
fn changes<'a, T, V: PartialEq>(
    before: &'a [T],
    after: &'a [T],
    name: impl Fn(&T) -> &String,
    value: impl Fn(&T) -> V,
) -> Vec<&'a T> {
    let differs = |now: &&T| before.iter().any(|was| name(was) == name(now) && value(was) != value(now));
    after.iter().filter(differs).collect()
}

/// What the delay broke anew, and the rest of the opener's teams: at most one violation of each rule.
fn of_opener<'a>(
    before: &[RuleReport],
    after: &'a [RuleReport],
) -> impl Iterator<Item = (&'static str, &'a Violation)> {
    let known: Vec<&Violation> = before.iter().flat_map(|report| &report.violations).collect();
    let is_new = move |violation: &Violation| {
        !known.iter().any(|was| (&was.rule, &was.resources) == (&violation.rule, &violation.resources))
    };
    after.iter().filter_map(move |report| {
        let is_hard = report.rule.as_ref().is_some_and(|rule| rule.severity() == RuleSeverity::Hard);
        let is_told = |one: &&Violation| {
            is_new(one) || (!is_hard && one.resources.iter().any(|name| name == super::story::OPENER))
        };
        let severity = if is_hard { "hard rule broken" } else { "wish not met" };
        report.violations.iter().find(is_told).map(|violation| (severity, violation))
    })
}

fn booking_of(event: &Event) -> Option<Booking> {
    let bytes = event.payload.as_ref()?.value.as_slice();
    if event.r#type == venues::BookingMoved::full_name() {
        venues::BookingMoved::decode(bytes).ok()?.booking
    } else if event.r#type == venues::BookingDisplaced::full_name() {
        venues::BookingDisplaced::decode(bytes).ok()?.booking
    } else {
        None
    }
}
