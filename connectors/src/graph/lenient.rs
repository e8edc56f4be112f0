//! Reading what Graph says without asking for more than is used.
//!
//! The documentation's own examples leave out, or give as null, what the schema calls required, and an
//! unknown word in one field must not cost the whole row, nor one row the whole page.

use inlet_model::Timestamp;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// Rows of a page: what can be read, and the id and the reason of what cannot.
pub(super) fn rows<T: DeserializeOwned>(values: Vec<Value>) -> (Vec<T>, Vec<(String, String)>) {
    let (mut read, mut poison) = (Vec::with_capacity(values.len()), Vec::new());
    for value in values {
        let id = value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        match T::deserialize(value) {
            Ok(row) => read.push(row),
            Err(error) => poison.push((id, format!("Microsoft gave something that cannot be read: {error}"))),
        }
    }
    (read, poison)
}

/// Null counts as left out.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A time that cannot be read counts as left out.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|text| text.parse().ok()))
}

/// A property of the type that is meant, else as if it were left out.
pub(super) fn any<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

/// A list, without what of it cannot be read.
pub(super) fn each<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Array(list) = Value::deserialize(deserializer)? else { return Ok(None) };
    Ok(Some(list.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect()))
}
