//! Members of JSON by their names in any case: aws-cli prints `EventSelectors`,
//! CloudTrail records `eventSelectors`.

use serde_json::Value;

/// Returns a member by its name.
pub(crate) fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let members = value.as_object()?;
    let of_name = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
    members.iter().find(of_name).map(|(_, value)| value)
}

/// Returns the elements of a list; none where there is no list.
pub(crate) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    let list = member(value, name).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

/// Returns a text that is not empty.
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    let text = member(value, name).and_then(Value::as_str);
    text.filter(|text| !text.is_empty())
}

/// Returns the texts of a list, and of what is no list but a text.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    let one = std::slice::from_ref(value);
    let texts = value.as_array().map_or(one, Vec::as_slice).iter();
    texts.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns a flag.
pub(crate) fn flag(value: &Value, name: &str) -> Option<bool> {
    match member(value, name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(flag) => flag.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}
