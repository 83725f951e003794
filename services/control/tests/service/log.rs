//! The log of the operations centre.

use matchday_api::control::v1 as pb;
use matchday_rpc::reason;
use tonic::{Code, Status};

use crate::house::{House, TOURNAMENT, at};

fn append(text: &str, id: &str) -> pb::AppendLogEntryRequest {
    pb::AppendLogEntryRequest {
        parent: TOURNAMENT.into(),
        text: text.into(),
        resources: vec!["tournaments/t/activities/m01".into()],
        happen_time: None,
        request_id: id.into(),
    }
}

async fn written(house: &mut House, request: pb::AppendLogEntryRequest) -> Result<pb::LogEntry, Status> {
    let reply = house.journal.append_log_entry(request).await?.into_inner();
    Ok(reply.entry.expect("a reply has the entry"))
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_numbered_and_repeated_calls_write_one() {
    for mut house in House::on_each_database().await {
        let first = written(&mut house, append("北门拥堵\n已分流", "one")).await.unwrap();
        assert_eq!(first.name, "tournaments/t/log-entries/000001");
        assert_eq!((first.text.as_str(), first.happen_time), ("北门拥堵\n已分流", Some(at(0))));
        assert_eq!((first.author.as_str(), first.create_time), ("staff/administrator", Some(at(0))));
        assert_eq!(written(&mut house, append("北门拥堵\n已分流", "one")).await.unwrap(), first);
        let happen_time = Some(at(-30));
        let second = pb::AppendLogEntryRequest { happen_time, ..append("Lost child found", "two") };
        assert_eq!(written(&mut house, second).await.unwrap().name, "tournaments/t/log-entries/000002");
        let other =
            pb::AppendLogEntryRequest { parent: "tournaments/u".into(), ..append("Elsewhere", "three") };
        assert_eq!(written(&mut house, other).await.unwrap().name, "tournaments/u/log-entries/000001");

        let request =
            pb::ListLogEntriesRequest { parent: TOURNAMENT.into(), page_size: 1, ..Default::default() };
        let page = house.journal.list_log_entries(request.clone()).await.unwrap().into_inner();
        assert_eq!(page.entries, [first]);
        let request = pb::ListLogEntriesRequest { page_token: page.next_page_token, ..request };
        let page = house.journal.list_log_entries(request).await.unwrap().into_inner();
        assert_eq!((page.entries[0].happen_time, page.next_page_token.as_str()), (happen_time, ""));
        house.close().await;
    }
}

/// The longest texts, more of them than a message holds.
#[tokio::test(flavor = "multi_thread")]
async fn the_longest_page_fits_a_message() {
    for mut house in House::on_each_database().await {
        for number in 0..270 {
            written(&mut house, append(&"𠮷".repeat(4000), &number.to_string())).await.unwrap();
        }
        let parent = TOURNAMENT.to_owned();
        let mut request = pb::ListLogEntriesRequest { parent, page_size: 1000, ..Default::default() };
        let mut pages = Vec::new();
        loop {
            let page = house.journal.list_log_entries(request.clone()).await.unwrap().into_inner();
            pages.push(page.entries.len());
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(pages, [100, 100, 70]);
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_struck_once_and_stays_readable() {
    for mut house in House::on_each_database().await {
        let entry = written(&mut house, append("Wrong gate", "one")).await.unwrap();
        let strike = |id: &str| pb::StrikeLogEntryRequest {
            name: entry.name.clone(),
            reason: "It was gate 3".into(),
            request_id: id.into(),
        };
        house.set_clock(5);
        let struck = house.journal.strike_log_entry(strike("a")).await.unwrap().into_inner().entry.unwrap();
        assert_eq!((struck.strike_time, struck.striker.as_str()), (Some(at(5)), "staff/administrator"));
        assert_eq!((struck.text.as_str(), struck.strike_reason.as_str()), ("Wrong gate", "It was gate 3"));
        let repeat = house.journal.strike_log_entry(strike("a")).await.unwrap().into_inner().entry.unwrap();
        assert_eq!(repeat, struck);
        let refusal = house.journal.strike_log_entry(strike("b")).await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("LOG_ENTRY_STRUCK"));
        assert_eq!(refusal.code(), Code::FailedPrecondition);
        let request = pb::GetLogEntryRequest { name: entry.name.clone() };
        assert_eq!(house.journal.get_log_entry(request).await.unwrap().into_inner().entry, Some(struck));
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_an_entry_is_refused() {
    for mut house in House::on_each_database().await {
        let wrong = [
            append("", "a"),
            append(&"字".repeat(4001), "b"),
            pb::AppendLogEntryRequest { resources: vec!["Li Wei".into()], ..append("x", "c") },
            pb::AppendLogEntryRequest { resources: vec!["staff/a".into(); 21], ..append("x", "d") },
            pb::AppendLogEntryRequest { happen_time: Some(at(1)), ..append("x", "e") },
            pb::AppendLogEntryRequest { parent: "sites/s".into(), ..append("x", "f") },
        ];
        for request in wrong {
            let refusal = written(&mut house, request).await.unwrap_err();
            assert!(matches!(refusal.code(), Code::InvalidArgument | Code::PermissionDenied), "{refusal:?}");
        }
        let none = pb::GetLogEntryRequest { name: "tournaments/t/log-entries/000001".into() };
        assert_eq!(house.journal.get_log_entry(none).await.unwrap_err().code(), Code::NotFound);
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_in_an_event_or_a_reply_that_is_kept() {
    for mut house in House::on_each_database().await {
        let entry = written(&mut house, append("Li Wei, born 2001", "one")).await.unwrap();
        let request = pb::StrikeLogEntryRequest {
            name: entry.name,
            reason: "It was Li Wei's brother".into(),
            request_id: "two".into(),
        };
        house.journal.strike_log_entry(request).await.unwrap();
        let kept = house.replies_and_events().await;
        assert_eq!(kept.len(), 4, "two replies and two events");
        for bytes in kept {
            assert!(!String::from_utf8_lossy(&bytes).contains("Li Wei"));
        }
        house.close().await;
    }
}
