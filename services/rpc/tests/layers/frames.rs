//! What arrives instead of one whole message.

use futures_util::stream;
use http_body_util::StreamBody;
use matchday_rpc::{DEFAULT_LARGEST as MAX_MESSAGE, reason};
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt;

use crate::support::{GET_SITE, House, frame, get_site, post, refusal, roomy, send, site_request};

#[tokio::test]
async fn a_body_that_is_not_one_plain_message_is_malformed() {
    let good = frame(&site_request("sites/a"));
    let compressed = [&[1], &good[1..]].concat();
    let wrong = [
        ("compressed", compressed),
        ("nothing", vec![]),
        ("half a header", good[..3].to_vec()),
        ("cut short", good[..good.len() - 1].to_vec()),
        ("two messages", [good.clone(), good.clone()].concat()),
        ("endless number", frame(&[0xff; 20])),
        ("a number as the name", frame(&[0x08, 0x01])),
        ("no UTF-8", frame(&[0x0a, 0x01, 0xff])),
    ];
    for house in House::both(roomy()).await {
        assert_eq!(refusal(post(house.with("viewer@*"), GET_SITE, good.clone()).await).0, Code::Ok);
        for (what, bytes) in wrong.clone() {
            let answer = refusal(post(house.with("viewer@*"), GET_SITE, bytes).await);
            let expected = (Code::InvalidArgument, "MESSAGE_MALFORMED".into());
            assert_eq!(answer, expected, "{} {what}", house.transport);
        }
        assert_eq!(house.reached(), 1, "{}", house.transport);
    }
}

#[tokio::test]
async fn a_message_above_the_limit_is_too_large() {
    // tag and length of the name take five bytes
    let largest = "x".repeat(MAX_MESSAGE - 5);
    for house in House::both(roomy()).await {
        let caller = house.with("viewer@*");
        let site = get_site(caller.clone(), &largest).await.unwrap();
        assert_eq!(site.display_name, largest.len().to_string(), "{}", house.transport);

        for larger in [MAX_MESSAGE - 4, 3 * MAX_MESSAGE] {
            let status = get_site(caller.clone(), &"x".repeat(larger)).await.unwrap_err();
            assert_eq!(status.code(), Code::ResourceExhausted, "{}: {status:?}", house.transport);
            assert_eq!(reason(&status).as_deref(), Some("MESSAGE_TOO_LARGE"), "{}", house.transport);
            let limit = status.get_details_error_info().unwrap().metadata.remove("limit_bytes");
            assert_eq!(limit, Some(MAX_MESSAGE.to_string()), "{}", house.transport);
        }
        assert!(get_site(caller, "sites/a").await.is_ok(), "{}", house.transport);
    }
}

#[tokio::test]
async fn a_refusal_that_repeats_a_long_name_still_arrives() {
    for house in House::both(roomy()).await {
        let answer = get_site(house.with("viewer@sites/a"), &"场".repeat(100_000)).await;
        assert_eq!(refusal(answer), (Code::PermissionDenied, "OUT_OF_SCOPE".into()), "{}", house.transport);
    }
}

#[tokio::test]
async fn a_body_that_never_ends_meets_the_deadline() {
    for house in House::both(roomy()).await {
        let endless = StreamBody::new(stream::pending::<Result<http_body::Frame<bytes::Bytes>, Status>>());
        let answer = send(house.with("viewer@*"), GET_SITE, Some("50m"), Body::new(endless)).await;
        assert_eq!(
            refusal(answer),
            (Code::DeadlineExceeded, "DEADLINE_PASSED".into()),
            "{}",
            house.transport
        );
        assert_eq!(house.reached(), 0, "{}", house.transport);
    }
}
