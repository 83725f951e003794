//! From wire types to the domain's types, field by field; every refusal names the field.

use std::{fmt::Display, str::FromStr};

use matchday_api::common::v1::Provenance;
use matchday_kernel::{Common, Instant, Interval, SignedDuration};

/// Longest text a person writes into a field, in characters.
pub const MAX_TEXT: usize = 500;
/// Nanoseconds of a second: fewer stand beside whole seconds.
const NANOS: i32 = 1_000_000_000;

/// Reads a resource name, an id or anything else that is written as text.
///
/// # Errors
/// [`Common::Field`] with what the type says is wrong.
pub fn text_as<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, Common> {
    text.parse().map_err(|error| Common::field(field, error))
}

/// Reads text for people: neither empty nor longer than [`MAX_TEXT`] characters, without control characters.
///
/// # Errors
/// [`Common::Field`]
pub fn required_text(field: &str, text: &str) -> Result<String, Common> {
    if text.trim().is_empty() {
        return Err(Common::field(field, "is empty"));
    }
    optional_text(field, text)
}

/// Reads text for people that may be empty.
///
/// # Errors
/// [`Common::Field`] when it is longer than [`MAX_TEXT`] characters or holds control characters.
pub fn optional_text(field: &str, text: &str) -> Result<String, Common> {
    if text.chars().any(char::is_control) {
        return Err(Common::field(field, "holds control characters"));
    }
    let length = text.chars().count();
    if length > MAX_TEXT {
        return Err(Common::field(
            field,
            format!("is {length} characters long; at most {MAX_TEXT} are kept"),
        ));
    }
    Ok(text.trim().to_owned())
}

/// Takes a message that must be there.
///
/// # Errors
/// [`Common::Field`] when it is absent.
pub fn required<T>(field: &str, message: Option<T>) -> Result<T, Common> {
    message.ok_or_else(|| Common::field(field, "is required"))
}

/// Reads an enum value: known, and not the unspecified one.
///
/// # Errors
/// [`Common::Field`]
pub fn one_of<E: TryFrom<i32> + Into<i32> + Copy>(field: &str, number: i32) -> Result<E, Common> {
    E::try_from(number)
        .ok()
        .filter(|value| Into::<i32>::into(*value) != 0)
        .ok_or_else(|| Common::field(field, format!("{number} is no value of this field")))
}

/// Reads an instant that may be absent; what is finer than a microsecond is cut off.
///
/// # Errors
/// [`Common::Field`] when it lies outside the years 0001 to 9999, or its nanoseconds are not those of a second.
pub fn instant(field: &str, time: Option<prost_types::Timestamp>) -> Result<Option<Instant>, Common> {
    let Some(time) = time else { return Ok(None) };
    if !(0..NANOS).contains(&time.nanos) {
        return Err(Common::field(field, "has nanoseconds outside 0 to 999999999"));
    }
    let micros =
        time.seconds.checked_mul(1_000_000).and_then(|us| us.checked_add(i64::from(time.nanos / 1000)));
    micros
        .and_then(|micros| Instant::from_micros(micros).ok())
        .map(Some)
        .ok_or_else(|| Common::field(field, "lies outside the years 0001 to 9999"))
}

/// Reads the interval between two instants that must be there.
///
/// # Errors
/// [`Common::Field`] when one is absent or the end is not after the start.
pub fn interval(
    prefix: &str,
    start: Option<prost_types::Timestamp>,
    end: Option<prost_types::Timestamp>,
) -> Result<Interval, Common> {
    let (start_field, end_field) = (format!("{prefix}start_time"), format!("{prefix}end_time"));
    let start = required(&start_field, instant(&start_field, start)?)?;
    let end = required(&end_field, instant(&end_field, end)?)?;
    Interval::new(start, end).map_err(|error| Common::field(end_field, error))
}

/// Reads a duration from 0 to `most`; absent means none. What is finer than a microsecond is cut off.
///
/// # Errors
/// [`Common::Field`]
pub fn duration(
    field: &str,
    duration: Option<prost_types::Duration>,
    most: SignedDuration,
) -> Result<SignedDuration, Common> {
    let duration = duration.unwrap_or_default();
    if !(0..NANOS).contains(&duration.nanos) {
        return Err(Common::field(field, "has nanoseconds outside 0 to 999999999"));
    }
    let read = SignedDuration::new(duration.seconds, duration.nanos / 1000 * 1000);
    if read < SignedDuration::ZERO || read > most {
        return Err(Common::field(field, format!("must lie between 0 and {most:#}")));
    }
    Ok(read)
}

/// Reads where facts come from.
///
/// # Errors
/// [`Common::Field`] when a text is too long, or more than 50 fields are named.
pub fn provenance(field: &str, provenance: Option<Provenance>) -> Result<Provenance, Common> {
    let provenance = provenance.unwrap_or_default();
    if provenance.generated.len() > 50 {
        return Err(Common::field(format!("{field}.generated"), "names more than 50 fields"));
    }
    let generated = format!("{field}.generated");
    Ok(Provenance {
        source: optional_text(&format!("{field}.source"), &provenance.source)?,
        generated: provenance
            .generated
            .iter()
            .map(|name| field_name(&generated, name))
            .collect::<Result<_, _>>()?,
    })
}

fn field_name(field: &str, name: &str) -> Result<String, Common> {
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "._*".contains(c));
    if name.is_empty() || name.len() > 100 || !is_name(name) {
        return Err(Common::field(
            field,
            format!("{name:?} names no field: write start_time, match.home or *"),
        ));
    }
    Ok(name.to_owned())
}

/// The fields an update changes.
#[derive(Debug)]
pub struct Mask(Vec<String>);

impl Mask {
    /// Reads an update mask; every path must be one of those allowed.
    ///
    /// # Errors
    /// [`Common::Field`] when it is empty or holds another path.
    pub fn new(mask: Option<prost_types::FieldMask>, allowed: &[&str]) -> Result<Self, Common> {
        let paths = mask.map(|mask| mask.paths).unwrap_or_default();
        if paths.is_empty() {
            return Err(Common::field(
                "update_mask",
                format!("is required; these fields can be changed: {}", allowed.join(", ")),
            ));
        }
        if let Some(wrong) = paths.iter().find(|path| !allowed.contains(&path.as_str())) {
            return Err(Common::field(
                "update_mask",
                format!("`{wrong}` cannot be changed; these fields can: {}", allowed.join(", ")),
            ));
        }
        Ok(Self(paths))
    }

    /// Puts `new` into `field` where the mask holds `path`.
    pub fn apply<T>(&self, path: &str, field: &mut T, new: T) {
        if self.0.iter().any(|named| named == path) {
            *field = new;
        }
    }
}

/// Writes an instant.
#[must_use]
pub fn to_timestamp(instant: Instant) -> prost_types::Timestamp {
    let micros = instant.as_micros();
    #[expect(clippy::cast_possible_truncation, reason = "less than a second in nanoseconds")]
    let nanos = (micros.rem_euclid(1_000_000) * 1000) as i32;
    prost_types::Timestamp { seconds: micros.div_euclid(1_000_000), nanos }
}

/// Writes a duration.
#[must_use]
pub fn to_duration(duration: SignedDuration) -> prost_types::Duration {
    prost_types::Duration { seconds: duration.as_secs(), nanos: duration.subsec_nanos() }
}

/// Writes an instant that is kept as microseconds since 1970.
#[must_use]
pub fn micros_to_timestamp(micros: i64) -> prost_types::Timestamp {
    to_timestamp(Instant::from_micros(micros).unwrap_or(if micros < 0 { Instant::MIN } else { Instant::MAX }))
}

/// The names of generated fields in one text, as they are kept.
#[must_use]
pub fn generated_to_text(provenance: &Provenance) -> String {
    provenance.generated.join(" ")
}

/// Where facts come from, as it was kept.
#[must_use]
pub fn to_provenance(source: String, generated: &str) -> Provenance {
    Provenance { source, generated: generated.split_whitespace().map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use matchday_api::venues::v1::ZoneKind;

    use super::*;

    #[test]
    fn instants_round_trip_before_and_after_1970() {
        for text in ["1969-12-31T23:59:59.999999Z", "2023-10-21T12:00:00Z"] {
            let moment: Instant = text.parse().unwrap();
            assert_eq!(instant("t", Some(to_timestamp(moment))).unwrap(), Some(moment));
        }
    }

    #[test]
    fn instants_out_of_range_are_refused() {
        for seconds in [i64::MAX, i64::MIN, 253_402_300_800] {
            assert!(instant("t", Some(prost_types::Timestamp { seconds, nanos: 0 })).is_err(), "{seconds}");
        }
    }

    #[test]
    fn nanoseconds_are_those_of_a_second() {
        for (seconds, nanos) in [(0, -1), (0, NANOS), (i64::MAX, i32::MAX), (i64::MIN, i32::MIN)] {
            assert!(instant("t", Some(prost_types::Timestamp { seconds, nanos })).is_err(), "{nanos}");
            let written = Some(prost_types::Duration { seconds, nanos });
            assert!(duration("d", written, SignedDuration::MAX).is_err(), "{nanos}");
        }
    }

    #[test]
    fn enum_values_must_be_known_and_set() {
        assert_eq!(one_of::<ZoneKind>("kind", 1), Ok(ZoneKind::Pitch));
        for number in [0, -1, 99] {
            assert!(one_of::<ZoneKind>("kind", number).is_err(), "{number}");
        }
    }

    #[test]
    fn durations_have_a_sign_and_a_limit() {
        let most = SignedDuration::from_hours(24);
        let of = |seconds| duration("d", Some(prost_types::Duration { seconds, nanos: 0 }), most);
        assert_eq!(of(60), Ok(SignedDuration::from_secs(60)));
        assert!(of(-1).is_err());
        assert!(of(86_401).is_err());
        assert_eq!(duration("d", None, most), Ok(SignedDuration::ZERO));
    }

    #[test]
    fn text_has_no_control_characters_and_a_limit() {
        assert_eq!(required_text("t", " 晋江 "), Ok("晋江".into()));
        for wrong in ["", "  ", "a\0b", "a\nb"] {
            assert!(required_text("t", wrong).is_err(), "{wrong:?}");
        }
        assert!(required_text("t", &"字".repeat(MAX_TEXT)).is_ok());
        assert!(required_text("t", &"字".repeat(MAX_TEXT + 1)).is_err());
    }

    #[test]
    fn a_mask_must_name_fields_that_can_change() {
        let mask = |paths: &[&str]| {
            let paths = paths.iter().map(ToString::to_string).collect();
            Mask::new(Some(prost_types::FieldMask { paths }), &["title", "kind"])
        };
        let (mut title, mut kind) = (1, 1);
        let only_title = mask(&["title"]).unwrap();
        only_title.apply("title", &mut title, 2);
        only_title.apply("kind", &mut kind, 2);
        assert_eq!((title, kind), (2, 1));
        assert!(mask(&["state"]).is_err());
        assert!(mask(&[]).is_err());
    }
}
