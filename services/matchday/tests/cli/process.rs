//! `matchday serve` as a process: what it refuses to start with, and how it ends.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use insta::assert_snapshot;

use crate::house::{House, command, run};

#[test]
fn a_second_process_on_the_same_data_is_refused() {
    let house = House::start();
    let data = house.data().display().to_string();
    let second = run(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    assert_eq!(second.code, Some(7));
    assert_snapshot!(second.err.replace(&data, "DATA"));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let house = House::start();
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().display().to_string();
    let second = run(&["serve", "--listen", house.address(), "--data", &data]);
    assert_eq!(second.code, Some(1));
    assert!(second.err.starts_with(&format!("error: {} cannot be listened on", house.address())), "{second}");
}

#[test]
fn it_listens_on_this_machine_alone() {
    let ran = run(&["serve", "--listen", "0.0.0.0:7300"]);
    assert_eq!(ran.code, Some(2));
    assert_snapshot!(ran);
}

#[test]
fn a_service_alone_without_a_key_is_refused() {
    let ran = run(&["serve", "--service", "venues"]);
    assert_eq!(ran.code, Some(2));
    assert_snapshot!(ran);
}

#[test]
fn wrong_settings_are_refused() {
    for arguments in [
        &["serve", "--service", "tickets"][..],
        &["serve", "--database", "mysql://me:hunter2@localhost/x"],
        &["serve", "--peer", "venues=http://192.0.2.1:1"],
        &["serve", "--config", "/nowhere/matchday.toml"],
        &["serve", "--listen", "localhost"],
        &["serve", "--log", "loud=extremely"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran}");
        assert!(!ran.err.contains("hunter2") && !ran.err.contains("panicked"), "{ran}");
    }
}

#[test]
fn a_key_that_is_none_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("issuer.key.pem"), "no key").unwrap();
    let data = directory.path().display().to_string();
    let ran = run(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    assert_eq!(ran.code, Some(7), "{ran}");
    assert!(ran.err.contains("issuer.key.pem"), "{ran}");
}

#[test]
fn the_settings_are_shown_without_passwords() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("matchday.toml");
    fs::write(&config, "database = \"postgres://me:hunter2@localhost/x\"\nlog = \"debug\"\n").unwrap();
    let output = command(&["serve", "--dump-config", "--log", "warn"])
        .env("MATCHDAY_CONFIG", &config)
        .env("MATCHDAY_LISTEN", "127.0.0.1:7399")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(!shown.contains("hunter2"), "{shown}");
    assert_snapshot!(shown);
    assert!(output.status.success());
}

#[test]
fn a_signal_ends_it_gracefully() {
    for signal in ["TERM", "INT"] {
        let mut house = House::start();
        house.signal(signal);
        let ran = house.wait();
        assert_eq!(ran.code, Some(0), "{signal}: {ran}");
        assert!(ran.out.is_empty() && ran.err.contains("stopping"), "{ran}");
        assert_eq!(house.run(&["site", "list"]).code, Some(6));
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut house = House::start();
    // a call that its client never finishes keeps the server from ending
    let token = fs::read_to_string(house.data().join("admin.token")).unwrap();
    let mut call = TcpStream::connect(house.address()).unwrap();
    write!(
        call,
        "POST /grpc.reflection.v1.ServerReflection/ServerReflectionInfo HTTP/1.1\r\nhost: x\r\nte: trailers\r\n\
         content-type: application/grpc\r\ntransfer-encoding: chunked\r\nauthorization: Bearer {}\r\n\r\n",
        token.trim()
    )
    .unwrap();
    let mut answer = [0; 12];
    call.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    house.signal("TERM");
    house.wait_for("stopping");
    house.signal("TERM");
    let ran = house.wait();
    assert_eq!(ran.code, Some(130), "{ran}");
}

#[test]
fn its_data_is_there_again_after_a_restart() {
    let mut house = House::furnished();
    house.signal("TERM");
    assert_eq!(house.wait().code, Some(0));
    let again = house.start_again();
    assert_eq!(again.run(&["venue", "list", "jinjiang"]).done().lines().count(), 3);
    // the keys are the same, so tokens of before are still good
    assert!(again.run(&["token", "show"]).done().contains("administrator@*"));
}

#[test]
fn the_demo_tells_its_story_on_standard_output_and_only_once_per_directory() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().display().to_string();
    let demo = ["demo", "fisu-2023", "--exit", "--listen", "127.0.0.1:0", "--data", &data];
    let told = run(&demo);
    assert_eq!(told.err, "");
    let told = told.done();
    assert!(
        told.starts_with("ready on http://") && told.contains("KO−20: the opening match is delayed"),
        "{told}"
    );
    // two more say where it stays up
    assert!(told.lines().count() <= 38, "{} lines: {told}", told.lines().count());
    let resident = told.rsplit(", ").next().and_then(|end| end.split(' ').next()?.parse::<u32>().ok());
    assert!(resident.is_some_and(|mib| mib <= 150), "it is told, and at most 150 MiB: {resident:?}");
    let again = run(&demo);
    assert_eq!(again.code, Some(7));
    assert_snapshot!("demo_again", again.err.replace(&data, "DATA"));
}
