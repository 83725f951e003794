//! A reader of encoded protobuf messages, just enough to find fields by number without knowing the message.

/// One field as it stands on the wire.
#[derive(Debug, PartialEq)]
pub(crate) struct Field<'a> {
    pub(crate) number: u32,
    pub(crate) value: Value<'a>,
    /// Tag and value together, as encoded.
    pub(crate) raw: &'a [u8],
}

/// What a field holds, as far as the wire says.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    Other,
}

/// The bytes are not an encoded message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Reads the fields of a message one by one, in the order they were written: a list of them would take many
/// times the memory of the message. [`Malformed`], when the bytes end early or hold a wire type that does not
/// exist, is the last item.
pub(crate) fn fields(mut rest: &[u8]) -> impl Iterator<Item = Result<Field<'_>, Malformed>> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let field = field(&mut rest);
        if field.is_err() {
            rest = &[];
        }
        Some(field)
    })
}

fn field<'a>(rest: &mut &'a [u8]) -> Result<Field<'a>, Malformed> {
    let start = *rest;
    let tag = varint(rest)?;
    let number = u32::try_from(tag >> 3).map_err(|_| Malformed)?;
    let value = match tag & 7 {
        0 => Value::Varint(varint(rest)?),
        1 => take(rest, 8).map(|_| Value::Other)?,
        2 => {
            let length = usize::try_from(varint(rest)?).map_err(|_| Malformed)?;
            Value::Bytes(take(rest, length)?)
        }
        5 => take(rest, 4).map(|_| Value::Other)?,
        _ => return Err(Malformed),
    };
    let raw = start.get(..start.len() - rest.len()).ok_or(Malformed)?;
    Ok(Field { number, value, raw })
}

/// Finds the first text at a path of field numbers that `wanted` says yes to. It is asked about every text
/// there: a field written twice is two texts, so that no second copy can hide behind a first.
///
/// # Errors
/// [`Malformed`] when a message on the path cannot be read or a text is not UTF-8.
pub(crate) fn find_text<'a>(
    message: &'a [u8],
    path: &[u32],
    wanted: &mut impl FnMut(&str) -> bool,
) -> Result<Option<&'a str>, Malformed> {
    let Some((number, rest)) = path.split_first() else {
        return Ok(None);
    };
    for field in fields(message) {
        let field = field?;
        if field.number != *number {
            continue;
        }
        let Value::Bytes(bytes) = field.value else {
            return Err(Malformed);
        };
        let found = if rest.is_empty() {
            Some(std::str::from_utf8(bytes).map_err(|_| Malformed)?).filter(|text| wanted(text))
        } else {
            find_text(bytes, rest, wanted)?
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn varint(rest: &mut &[u8]) -> Result<u64, Malformed> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, tail) = rest.split_first().ok_or(Malformed)?;
        *rest = tail;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Malformed)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Malformed> {
    let (taken, tail) = rest.split_at_checked(length).ok_or(Malformed)?;
    *rest = tail;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use matchday_api::scheduling::v1 as pb;
    use prost::Message;

    use super::*;

    fn update(name: &str) -> Vec<u8> {
        let activity = pb::Activity { name: name.into(), revision: 300, ..Default::default() };
        pb::UpdateActivityRequest { activity: Some(activity), request_id: "r1".into(), ..Default::default() }
            .encode_to_vec()
    }

    fn texts(message: &[u8]) -> Vec<String> {
        let mut seen = Vec::new();
        let found = find_text(message, &[1, 1], &mut |text| {
            seen.push(text.to_owned());
            false
        });
        assert_eq!(found, Ok(None));
        seen
    }

    #[test]
    fn finds_nested_text() {
        let bytes = update("tournaments/a/activities/b");
        assert_eq!(texts(&bytes), ["tournaments/a/activities/b"]);
        let wanted = &mut |text: &str| text.ends_with("/b");
        assert_eq!(find_text(&bytes, &[1, 1], wanted), Ok(Some("tournaments/a/activities/b")));
    }

    #[test]
    fn finds_a_field_written_twice() {
        let bytes = [update("tournaments/a/activities/b"), update("tournaments/z/activities/y")].concat();
        assert_eq!(texts(&bytes), ["tournaments/a/activities/b", "tournaments/z/activities/y"]);
    }

    #[test]
    fn refuses_a_number_where_text_belongs() {
        assert_eq!(find_text(&[0x08, 0x01], &[1, 1], &mut |_| true), Err(Malformed));
    }

    #[test]
    fn refuses_every_cut_message() {
        let bytes = update("tournaments/a/activities/b");
        let ends: Vec<usize> = fields(&bytes)
            .scan(0, |end, field| {
                *end += field.unwrap().raw.len();
                Some(*end)
            })
            .collect();
        for length in 1..bytes.len() {
            let is_whole = fields(&bytes[..length]).all(|field| field.is_ok());
            assert_eq!(is_whole, ends.contains(&length), "cut at {length}");
        }
    }

    #[test]
    fn refuses_an_endless_varint() {
        assert_eq!(fields(&[0xff; 11]).collect::<Vec<_>>(), [Err(Malformed)]);
    }
}
