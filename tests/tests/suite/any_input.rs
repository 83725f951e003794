//! Whatever a message holds, no method fails on it.

use matchday_tests::{
    dice::Dice,
    make,
    refusal::{answered, refusal},
    stage::{Engine, Hosting, Stage},
};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use tonic::Code;

use crate::access::{call, methods};

/// Whatever a field holds, a method answers or refuses with a reason; it never fails.
#[tokio::test(flavor = "multi_thread")]
async fn no_input_makes_a_method_fail() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(stage) = Stage::open(engine, Hosting::Local).await else {
            continue;
        };
        let mut admin = stage.admin();
        make::set_up(&mut admin, 2, make::programme("camp", &[("a1", 1, 600, 60)])).await;
        make::published(&mut admin, "camp").await;
        let dice = Dice::new(7);
        for (method, service, input) in methods() {
            // a wait of its own, until the caller's deadline
            if method.path.ends_with("/AwaitFollower") {
                continue;
            }
            for _ in 0..30 {
                let message = any_message(&input, &dice, 0);
                let written = message.to_string();
                let answer = call(stage.caller(service, "administrator@*"), &method.path, message).await;
                let (code, reason) = refusal(&answer);
                let is_failure =
                    matches!(code, Code::Internal | Code::Unknown | Code::Unimplemented | Code::DataLoss);
                let has_reason = !reason.starts_with("no reason");
                assert!(
                    has_reason && !is_failure,
                    "{engine:?} {} {code:?} {reason} for {written}",
                    method.path
                );
            }
        }
        // and it still does what it should
        answered(admin.bookings.create_booking(make::by_hand(2, 0, 60)).await);
    }
}

/// A message whose fields are absent, meaningful, or nasty.
fn any_message(descriptor: &MessageDescriptor, dice: &Dice, depth: u32) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        if depth > 3 || dice.below(6) == 0 {
            continue;
        }
        let value = if field.is_list() {
            Value::List((0..dice.below(3)).map(|_| any_value(&field, dice, depth)).collect())
        } else {
            any_value(&field, dice, depth)
        };
        message.set_field(&field, value);
    }
    message
}

fn any_value(field: &FieldDescriptor, dice: &Dice, depth: u32) -> Value {
    const TEXTS: [&str; 16] = [
        "",
        "a1",
        "camp",
        "tournaments/camp",
        "tournaments/camp/activities/a1",
        "tournaments/camp/versions/1",
        "tournaments/camp/versions/99999999999999999999",
        "sites/jinjiang",
        "sites/jinjiang/venues/stadium",
        "sites/jinjiang/venues/stadium/zones/pitch-1",
        "sites/jinjiang/venues/stadium/zones/pitch-1/bookings/x",
        "Asia/Shanghai",
        "2023-10-21",
        "a\0b'; DROP TABLE bookings; --",
        "../..//%s\u{202e}",
        "场地",
    ];
    const NUMBERS: [i64; 8] = [0, 1, -1, 2, 60, i64::MAX, i64::MIN, 1_697_846_400];
    let number = *dice.one_of(&NUMBERS);
    #[expect(clippy::cast_possible_truncation, reason = "any number will do")]
    let small = number as i32;
    match field.kind() {
        Kind::Message(inner) => match inner.full_name() {
            "google.protobuf.Timestamp" | "google.protobuf.Duration" if dice.below(2) == 0 => {
                let mut message = DynamicMessage::new(inner);
                let sane = 1_697_846_400 + i64::try_from(dice.below(1000)).expect("a small number") * 60;
                message.set_field_by_name("seconds", Value::I64(sane));
                Value::Message(message)
            }
            _ => Value::Message(any_message(&inner, dice, depth + 1)),
        },
        Kind::String => Value::String((*dice.one_of(&TEXTS)).to_owned()),
        Kind::Bytes => Value::Bytes(vec![0xFF, 0x00].into()),
        Kind::Bool => Value::Bool(dice.below(2) == 0),
        Kind::Enum(_) => Value::EnumNumber(small % 9),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(number),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(number.cast_unsigned()),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(small.cast_unsigned()),
        Kind::Double => Value::F64(f64::NAN),
        Kind::Float => Value::F32(f32::NAN),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(small),
    }
}
