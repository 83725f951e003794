//! What the services say of the day, through all pages, and all of it in lines that can be compared.

use matchday_api::{
    control::v1::{ListLogEntriesRequest, ListRunSheetItemsRequest, RunSheetItem},
    venues::v1::{ListWorkOrdersRequest, WorkOrder},
    visitors::v1::{Credential, ListCredentialsRequest, ListOpeningsRequest, ListScansRequest, Opening},
    volunteers::v1::{Assignment, ListAssignmentsRequest, ListShiftsRequest, Shift},
};
use matchday_tests::{clients::Clients, make, refusal::answered};

use super::{CUP, OPENING};

/// All pages of a list of the tournament or its site.
macro_rules! pages {
    ($client:expr, $list:ident, $items:ident, $request:expr) => {{
        let mut all = Vec::new();
        let mut request = $request;
        loop {
            let page = answered($client.clone().$list(request.clone()).await);
            all.extend(page.$items);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break all;
            }
        }
    }};
}

/// The scans of the opening.
pub(super) fn all_scans() -> ListScansRequest {
    ListScansRequest { parent: OPENING.into(), page_size: 1000, ..ListScansRequest::default() }
}

/// Everything the services say in the end, without what must differ: ids, etags, and the moments of writing.
pub(super) async fn state(admin: &mut Clients) -> Vec<String> {
    let mut lines = Vec::new();
    for mut booking in make::live_bookings(admin).await {
        // ids of bookings are random; what is in the way is named by them
        (booking.name, booking.etag) = (String::new(), String::new());
        (booking.create_time, booking.update_time) = (None, None);
        let blockers = booking.conflicts.len();
        booking.conflicts.clear();
        lines.push(format!("{booking:?} {blockers}"));
    }
    for mut shift in shifts(admin).await {
        (shift.etag, shift.revision) = (String::new(), 0);
        lines.push(format!("{shift:?}"));
    }
    for mut assignment in assignments(admin).await {
        (assignment.etag, assignment.sign_in_time) = (String::new(), None);
        lines.push(format!("{assignment:?}"));
    }
    for mut order in work_orders(admin).await {
        (order.etag, order.revision, order.begin_time) = (String::new(), 0, None);
        lines.push(format!("{order:?}"));
    }
    for mut opening in openings(admin).await {
        (opening.etag, opening.revision) = (String::new(), 0);
        lines.push(format!("{opening:?}"));
    }
    for mut scan in answered(admin.admissions.list_scans(all_scans()).await).scans {
        scan.decide_time = None;
        lines.push(format!("{scan:?}"));
    }
    for mut item in run_sheet(admin).await {
        for sentence in &mut item.attention {
            let words = sentence.split(' ').map(|word| word.split("/bookings/").next().unwrap_or_default());
            *sentence = words.collect::<Vec<_>>().join(" ");
        }
        lines.push(format!("{item:?}"));
    }
    let entries = ListLogEntriesRequest { parent: CUP.into(), ..ListLogEntriesRequest::default() };
    for entry in answered(admin.journal.list_log_entries(entries).await).entries {
        lines.push(format!("{} {}", entry.name, entry.text));
    }
    lines.sort();
    lines
}

/// Tickets of the opening for a zone, by name.
pub(super) async fn tickets(clients: &Clients, zone: &str) -> Vec<String> {
    let request =
        ListCredentialsRequest { parent: CUP.into(), page_size: 1000, ..ListCredentialsRequest::default() };
    let all = pages!(clients.credentials, list_credentials, credentials, request);
    let session = format!("{CUP}/sessions/opening");
    let fits = |it: &Credential| it.sessions.contains(&session) && it.zones.iter().any(|one| one == zone);
    all.into_iter().filter(fits).map(|it| it.name).collect()
}

/// All shifts.
pub(super) async fn shifts(clients: &Clients) -> Vec<Shift> {
    let request = ListShiftsRequest { parent: CUP.into(), page_size: 1000, ..ListShiftsRequest::default() };
    pages!(clients.roster, list_shifts, shifts, request)
}

/// All assignments.
pub(super) async fn assignments(clients: &Clients) -> Vec<Assignment> {
    let request =
        ListAssignmentsRequest { parent: CUP.into(), page_size: 1000, ..ListAssignmentsRequest::default() };
    pages!(clients.roster, list_assignments, assignments, request)
}

/// All work orders.
pub(super) async fn work_orders(clients: &Clients) -> Vec<WorkOrder> {
    let request = ListWorkOrdersRequest {
        parent: make::SITE.into(),
        page_size: 1000,
        ..ListWorkOrdersRequest::default()
    };
    pages!(clients.work_orders, list_work_orders, work_orders, request)
}

/// All openings.
pub(super) async fn openings(clients: &Clients) -> Vec<Opening> {
    let request =
        ListOpeningsRequest { parent: CUP.into(), page_size: 1000, ..ListOpeningsRequest::default() };
    pages!(clients.admissions, list_openings, openings, request)
}

/// The whole run sheet.
async fn run_sheet(clients: &Clients) -> Vec<RunSheetItem> {
    let request = ListRunSheetItemsRequest {
        parent: CUP.into(),
        page_size: 1000,
        ..ListRunSheetItemsRequest::default()
    };
    pages!(clients.run_sheet, list_run_sheet_items, items, request)
}
