//! Calendars over plain HTTP: what a program that subscribes to one sends and gets.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::house::House;

/// The status line, the headers and the body of an answer.
fn get(house: &House, path: &str, authorization: Option<&str>) -> (String, String, String) {
    let authorization = authorization.map_or(String::new(), |value| format!("authorization: {value}\r\n"));
    let mut line = TcpStream::connect(house.address()).expect("the server listens");
    write!(line, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{authorization}\r\n")
        .expect("the server reads");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("the answer is text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("it has headers");
    let (status, headers) = head.split_once("\r\n").expect("it has a status");
    (status.to_owned(), headers.to_lowercase(), body.to_owned())
}

fn as_password(token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("calendar:{token}")))
}

#[test]
fn a_calendar_is_subscribed_to_with_a_token_as_password() {
    let house = House::furnished();
    let administrator = fs::read_to_string(house.data().join("admin.token")).unwrap();
    let administrator = administrator.trim();
    for authorization in [as_password(administrator), format!("Bearer {administrator}")] {
        let (status, headers, body) = get(&house, "/calendars/en/cup.ics", Some(&authorization));
        assert_eq!(status, "HTTP/1.1 200 OK", "{body}");
        assert!(headers.contains("content-type: text/calendar; charset=utf-8"), "{headers}");
        assert!(body.contains("BEGIN:VCALENDAR") && body.contains(".cup@matchday"), "{body}");
    }
    // the words are those of the language asked for
    let (_, _, chinese) = get(&house, "/calendars/zh-CN/cup.ics", Some(&as_password(administrator)));
    assert!(chinese.contains("已排定"), "{chinese}");
}

#[test]
fn a_calendar_is_refused_to_those_who_may_not_read_it() {
    let house = House::furnished();
    let (status, headers, _) = get(&house, "/calendars/en/cup.ics", None);
    assert_eq!(status, "HTTP/1.1 401 Unauthorized");
    assert!(headers.contains("www-authenticate: basic"), "people are asked for a password: {headers}");
    let (status, _, _) = get(&house, "/calendars/en/cup.ics", Some(&as_password("forged")));
    assert_eq!(status, "HTTP/1.1 401 Unauthorized");
    let issued = house.run(&["token", "issue", "--subject", "staff/li", "--grant", "gate-steward@*"]).done();
    let (status, _, body) = get(&house, "/calendars/en/cup.ics", Some(&as_password(issued.trim())));
    assert_eq!(status, "HTTP/1.1 403 Forbidden", "{body}");
}

#[test]
fn a_calendar_that_is_not_there_is_said_to_be_none() {
    let house = House::furnished();
    let administrator = fs::read_to_string(house.data().join("admin.token")).unwrap();
    let authorization = as_password(administrator.trim());
    for path in ["/calendars/en/other.ics", "/calendars/en/cup.pdf", "/calendars/en/cup/teams/nobody.ics"] {
        let (status, _, body) = get(&house, path, Some(&authorization));
        assert_eq!(status, "HTTP/1.1 404 Not Found", "{path}: {body}");
    }
}
