//! CBOR to and from the values that the other protocols use; nothing about services.
//!
//! Numbers with a fraction are doubles, and members named `…Timestamp` carry the tag of a time, as AWS writes them.

use minicbor::data::{IanaTag, Type};
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError};
use serde_json::{Map, Value};
use std::convert::Infallible;

/// Deeper inputs are refused; AWS's own have three levels.
const DEPTH: usize = 16;

/// The value as a CBOR document.
pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    // A vector takes everything that is written to it.
    let _ = write(&mut encoder, value);
    encoder.into_writer()
}

fn write(encoder: &mut Encoder<Vec<u8>>, value: &Value) -> Result<(), EncodeError<Infallible>> {
    match value {
        Value::Null => encoder.null()?,
        Value::Bool(on) => encoder.bool(*on)?,
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(whole), _, _) => encoder.u64(whole)?,
            (_, Some(negative), _) => encoder.i64(negative)?,
            (_, _, fraction) => encoder.f64(fraction.unwrap_or_default())?,
        },
        Value::String(text) => encoder.str(text)?,
        Value::Array(items) => {
            encoder.array(items.len() as u64)?;
            for item in items {
                write(encoder, item)?;
            }
            return Ok(());
        }
        Value::Object(members) => {
            encoder.map(members.len() as u64)?;
            for (name, member) in members {
                encoder.str(name)?;
                if name.ends_with("Timestamp") {
                    encoder.tag(IanaTag::Timestamp)?;
                }
                write(encoder, member)?;
            }
            return Ok(());
        }
    };
    Ok(())
}

/// The value of a CBOR document; nothing when it is no document, or more than one.
pub(crate) fn decode(bytes: &[u8]) -> Option<Value> {
    let mut decoder = Decoder::new(bytes);
    let value = read(&mut decoder, DEPTH).ok()?;
    (decoder.position() == bytes.len()).then_some(value)
}

fn read(decoder: &mut Decoder<'_>, depth: usize) -> Result<Value, DecodeError> {
    let Some(below) = depth.checked_sub(1) else { return Err(DecodeError::message("nested too deeply")) };
    Ok(match decoder.datatype()? {
        Type::Null | Type::Undefined => {
            decoder.skip()?;
            Value::Null
        }
        Type::Bool => decoder.bool()?.into(),
        Type::F16 | Type::F32 | Type::F64 => decoder.f64()?.into(),
        Type::String | Type::StringIndef => text(decoder)?.into(),
        Type::Array | Type::ArrayIndef => {
            let mut left = decoder.array()?;
            let mut items = Vec::new();
            while more(decoder, &mut left)? {
                items.push(read(decoder, below)?);
            }
            items.into()
        }
        Type::Map | Type::MapIndef => {
            let mut left = decoder.map()?;
            let mut members = Map::new();
            while more(decoder, &mut left)? {
                let name = text(decoder)?;
                members.insert(name, read(decoder, below)?);
            }
            members.into()
        }
        Type::Tag => {
            decoder.tag()?;
            read(decoder, below)?
        }
        _ => decoder.i64()?.into(),
    })
}

/// Whether another item follows in a list of this many, or in one that ends with a break.
fn more(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, DecodeError> {
    match left {
        Some(0) => Ok(false),
        Some(count) => {
            *count -= 1;
            Ok(true)
        }
        None if decoder.datatype()? == Type::Break => decoder.skip().map(|()| false),
        None => Ok(true),
    }
}

fn text(decoder: &mut Decoder<'_>) -> Result<String, DecodeError> {
    decoder.str_iter()?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_with_and_without_a_length_read_alike() {
        let expected = json!({"a": [1, -2], "b": "xy", "c": true});
        // {"a": [1, -2], "b": "xy", "c": true}
        let counted = b"\xa3\x61a\x82\x01\x21\x61b\x62xy\x61c\xf5";
        // {_ "a": [_ 1, -2], "b": (_ "x", "y"), "c": true}
        let open = b"\xbf\x61a\x9f\x01\x21\xff\x61b\x7f\x61x\x61y\xff\x61c\xf5\xff";
        assert_eq!(decode(counted), Some(expected.clone()));
        assert_eq!(decode(open), Some(expected));
    }

    #[test]
    fn a_time_is_tagged_and_a_fraction_is_a_double() {
        let bytes = encode(&json!({"StateUpdatedTimestamp": 1, "Threshold": 1.0}));
        let expected = b"\xa2\x75StateUpdatedTimestamp\xc1\x01\x69Threshold\xfb\x3f\xf0\0\0\0\0\0\0";
        assert_eq!(bytes, expected);
    }

    #[test]
    fn half_a_document_two_documents_and_a_tower_are_nothing() {
        assert_eq!(decode(b"\xa1\x61"), None);
        assert_eq!(decode(b"\xa0\xa0"), None);
        assert_eq!(decode(&vec![0x81; 100_000]), None);
        assert_eq!(decode(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"), None);
    }
}
