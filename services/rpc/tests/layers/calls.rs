//! What happens to calls: deadlines, panics, limits, request ids, metrics, transports.

use std::{convert::Infallible, time::Duration};

use matchday_api::event::v1::{
    GetLogRequest, GetLogResponse, TailEventsRequest, TailEventsResponse,
    event_service_client::EventServiceClient,
};
use matchday_rpc::{
    Peer,
    layers::{Places, trace::REQUEST_ID},
    peer,
};
use tokio::net::TcpListener;
use tonic::{Code, Request, Response, Status, Streaming};
use tower::{ServiceExt, service_fn};

use crate::support::{House, frame, get_site, post, refusal, roomy};

/// A deadline that passes soon; the handler never ends by itself.
const SOON: Duration = Duration::from_millis(50);

fn log(name: &str) -> Request<GetLogRequest> {
    Request::new(GetLogRequest { log: name.into() })
}

async fn get_log(peer: Peer, request: Request<GetLogRequest>) -> Result<Response<GetLogResponse>, Status> {
    EventServiceClient::new(peer).get_log(request).await
}

async fn tail(
    peer: Peer,
    log: &str,
    within: Option<Duration>,
) -> Result<Streaming<TailEventsResponse>, Status> {
    let mut request = Request::new(TailEventsRequest { log: log.into(), ..Default::default() });
    if let Some(within) = within {
        request.set_timeout(within);
    }
    Ok(EventServiceClient::new(peer).tail_events(request).await?.into_inner())
}

#[tokio::test]
async fn a_call_ends_at_its_deadline() {
    let passed = (Code::DeadlineExceeded, "DEADLINE_PASSED".to_owned());
    for house in House::both(roomy()).await {
        let mut request = log("wait");
        request.set_timeout(SOON);
        assert_eq!(refusal(get_log(house.with("service@*"), request).await), passed, "{}", house.transport);
        house.fake.gone.notified().await;
        let stream = tail(house.with("service@*"), "never begins", Some(SOON)).await;
        assert_eq!(refusal(stream), passed, "{}", house.transport);
    }
}

#[tokio::test]
async fn a_panic_ends_one_call() {
    let internal = (Code::Internal, "INTERNAL".to_owned());
    for house in House::both(roomy()).await {
        let caller = house.with("service@*");
        let status = get_log(caller.clone(), log("panic")).await.unwrap_err();
        assert!(!format!("{status:?}").contains("defect"), "{}: {status:?}", house.transport);
        assert_eq!(refusal::<()>(Err(status)), internal, "{}", house.transport);
        assert!(get_log(caller, log("scheduling")).await.is_ok(), "{}", house.transport);
    }
}

#[tokio::test]
async fn a_panic_ends_one_stream() {
    let internal = (Code::Internal, "INTERNAL".to_owned());
    let one = Places { calls: 1, streams: 1 };
    for house in House::both(one).await {
        for _ in 0..2 {
            let mut events = tail(house.with("service@*"), "panic", None).await.unwrap();
            assert!(events.message().await.unwrap().is_some(), "{}", house.transport);
            assert_eq!(refusal(events.message().await), internal, "{}", house.transport);
        }
    }
}

#[tokio::test]
async fn streams_are_limited_and_a_dropped_one_gives_its_place_back() {
    let one = Places { calls: 1, streams: 1 };
    for house in House::both(one).await {
        let caller = house.with("service@*");
        let mut open = tail(caller.clone(), "wait", None).await.unwrap();
        assert!(open.message().await.unwrap().is_some(), "{}", house.transport);
        let refused = refusal(tail(caller.clone(), "wait", None).await);
        assert_eq!(refused, (Code::ResourceExhausted, "TOO_MANY_STREAMS".into()), "{}", house.transport);
        // calls have places of their own
        assert!(get_log(caller.clone(), log("scheduling")).await.is_ok(), "{}", house.transport);

        drop(open);
        house.fake.gone.notified().await;
        assert!(tail(caller, "wait", None).await.is_ok(), "{}", house.transport);
    }
}

#[tokio::test]
async fn a_nested_call_to_another_service_has_its_own_place() {
    let one = Places { calls: 1, streams: 1 };
    for house in House::both(one).await {
        assert!(get_site(house.with("viewer@*"), "sites/nested").await.is_ok(), "{}", house.transport);
        assert_eq!(house.reached(), 2, "{}", house.transport);
    }
}

#[tokio::test]
async fn a_call_waits_for_a_place_until_its_deadline() {
    let one = Places { calls: 1, streams: 1 };
    for house in House::both(one).await {
        let caller = house.with("service@*");
        let first = tokio::spawn(get_log(caller.clone(), log("wait")));
        house.fake.waiting.notified().await;
        let mut second = log("scheduling");
        second.set_timeout(SOON);
        let answer = refusal(get_log(caller.clone(), second).await);
        assert_eq!(answer, (Code::DeadlineExceeded, "DEADLINE_PASSED".into()), "{}", house.transport);
        first.abort();
        house.fake.gone.notified().await;
        assert!(get_log(caller, log("scheduling")).await.is_ok(), "{}", house.transport);
    }
}

#[tokio::test]
async fn more_places_than_can_be_counted_are_as_many_as_can() {
    let all = Places { calls: usize::MAX, streams: usize::MAX };
    for house in House::both(all).await {
        assert!(get_log(house.with("service@*"), log("scheduling")).await.is_ok(), "{}", house.transport);
    }
}

#[tokio::test]
async fn the_request_id_is_taken_over_or_made_and_sent_back() {
    for house in House::both(roomy()).await {
        let mut given = log("scheduling");
        given.metadata_mut().insert(REQUEST_ID, "abc-1".parse().unwrap());
        let reply = get_log(house.with("service@*"), given).await.unwrap();
        assert_eq!(reply.metadata().get(REQUEST_ID).unwrap(), "abc-1", "{}", house.transport);

        for unusable in ["", "with space", &"x".repeat(129)] {
            let mut given = log("scheduling");
            given.metadata_mut().insert(REQUEST_ID, unusable.parse().unwrap());
            let refused = get_log(house.nobody(), given).await.unwrap_err();
            let made = refused.metadata().get(REQUEST_ID).unwrap().to_str().unwrap();
            assert_eq!(made.len(), 36, "{} {made}", house.transport);
        }
    }
}

#[tokio::test]
async fn refusals_are_counted_with_their_code() {
    let site = r#"matchday_rpc_calls_total{method="/matchday.venues.v1.PlaceService/GetSite""#;
    for house in House::both(roomy()).await {
        let _ = refusal(get_site(house.nobody(), "sites/a").await);
        let _ = refusal(get_site(house.with("monitor@*"), "sites/a").await);
        let _ = refusal(get_site(house.with("viewer@*"), "sites/a").await);
        let _ = refusal(post(house.with("viewer@*"), "/a/B", frame(&[])).await);
        let _ = refusal(get_log(house.with("service@*"), log("panic")).await);
        for line in [
            format!(r#"{site},code="Unauthenticated"}} 1"#),
            format!(r#"{site},code="PermissionDenied"}} 1"#),
            format!(r#"{site},code="Ok"}} 1"#),
            r#"matchday_rpc_calls_total{method="unknown",code="Unimplemented"} 1"#.into(),
            r#"matchday_rpc_calls_total{method="/matchday.event.v1.EventService/GetLog",code="Internal"} 1"#
                .into(),
        ] {
            assert!(house.counts(&line), "{} {line}", house.transport);
        }
    }
}

#[tokio::test]
async fn a_caller_that_hangs_up_is_counted_as_cancelled() {
    let cancelled =
        r#"matchday_rpc_calls_total{method="/matchday.event.v1.EventService/GetLog",code="Cancelled"} 1"#;
    for house in House::both(roomy()).await {
        let call = tokio::spawn(get_log(house.with("service@*"), log("wait")));
        house.fake.waiting.notified().await;
        call.abort();
        // the call is dropped in one go on this one thread: its handler, and then what counts it
        house.fake.gone.notified().await;
        assert!(house.counts(cancelled), "{}", house.transport);
    }
}

#[tokio::test]
async fn a_dead_remote_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let dead = peer::remote(&format!("http://{address}")).unwrap();
    let unreachable = (Code::Unavailable, "PEER_UNREACHABLE".into());
    assert_eq!(refusal(get_log(dead, log("scheduling")).await), unreachable);
}

#[tokio::test]
async fn what_is_attached_in_memory_does_not_travel() {
    #[derive(Clone)]
    struct Attached;
    let seen = service_fn(async |request: http::Request<tonic::body::Body>| {
        let status = if request.extensions().is_empty() { Code::Ok } else { Code::Internal };
        Ok::<_, Infallible>(Status::new(status, "").into_http())
    });
    let mut request = http::Request::new(tonic::body::Body::empty());
    request.extensions_mut().insert(Attached);
    let response = peer::local(seen).oneshot(request).await.unwrap();
    assert_eq!(Status::from_header_map(response.headers()).unwrap().code(), Code::Ok);
}
