//! A JSON value that keeps the order its members were written in, so that the
//! same world is the same bytes whatever features `serde_json` is built with.

use std::borrow::Cow;
use std::fmt;

/// A JSON value with ordered members.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(Cow<'static, str>, Json)>),
}

/// Writes a map: `map! { "a" => 1, "b" => "two" }`.
macro_rules! map {
    ($($key:expr => $value:expr),* $(,)?) => {
        $crate::json::Json::Map(vec![$(($key.into(), $crate::json::Json::from($value))),*])
    };
}
pub(crate) use map;

impl Json {
    /// Replaces the member `key`, or adds it at the end.
    pub(crate) fn set(&mut self, key: &'static str, value: impl Into<Json>) {
        if let Json::Map(members) = self {
            let value = value.into();
            match members.iter_mut().find(|(name, _)| name == key) {
                Some(member) => member.1 = value,
                None => members.push((key.into(), value)),
            }
        }
    }

    /// The member `key`; null when there is none.
    pub(crate) fn get(&self, key: &str) -> Json {
        let Json::Map(members) = self else {
            return Json::Null;
        };
        members
            .iter()
            .find(|(name, _)| name == key)
            .map_or(Json::Null, |(_, value)| value.clone())
    }

    /// Adds the member `key` when there is a value.
    pub(crate) fn set_some(&mut self, key: &'static str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    /// Takes the members in `keys` away.
    pub(crate) fn without(mut self, keys: &[&str]) -> Self {
        if let Json::Map(members) = &mut self {
            members.retain(|(name, _)| !keys.contains(&name.as_ref()));
        }
        self
    }

    pub(crate) fn write(&self, out: &mut String) {
        self.write_indented(out, None);
    }

    /// The value over several lines, indented by four spaces a level.
    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_indented(&mut out, Some(0));
        out
    }

    fn write_indented(&self, out: &mut String, level: Option<usize>) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Int(value) => out.push_str(&value.to_string()),
            Json::Float(value) => out.push_str(&format!("{value:?}")),
            Json::Text(value) => write_text(value, out),
            Json::List(items) => {
                let inner = level.map(|level| level + 1);
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    separate(out, i, inner);
                    item.write_indented(out, inner);
                }
                close(out, items.is_empty(), level);
                out.push(']');
            }
            Json::Map(members) => {
                let inner = level.map(|level| level + 1);
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    separate(out, i, inner);
                    write_text(key, out);
                    out.push_str(if level.is_some() { ": " } else { ":" });
                    value.write_indented(out, inner);
                }
                close(out, members.is_empty(), level);
                out.push('}');
            }
        }
    }
}

fn separate(out: &mut String, index: usize, level: Option<usize>) {
    if index > 0 {
        out.push(',');
    }
    if let Some(level) = level {
        out.push('\n');
        out.push_str(&"    ".repeat(level));
    }
}

fn close(out: &mut String, empty: bool, level: Option<usize>) {
    if let (false, Some(level)) = (empty, level) {
        out.push('\n');
        out.push_str(&"    ".repeat(level));
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            other => out.push_str(&format!("\\u{other:04x}")),
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Json::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Json::Int(value)
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Self {
        Json::Int(value.into())
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Json::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Json {
    fn from(value: usize) -> Self {
        Json::from(value as u64)
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Json::Float(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Json::Text(value.to_owned())
    }
}

impl From<&String> for Json {
    fn from(value: &String) -> Self {
        Json::Text(value.clone())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Json::Text(value)
    }
}

impl From<Vec<Json>> for Json {
    fn from(value: Vec<Json>) -> Self {
        Json::List(value)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Json::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_writes_is_json() -> Result<(), serde_json::Error> {
        let value = map! {
            "text" => "a \"quote\", a \\ and a \n and a \u{1}",
            "float" => 2356.0,
            "none" => Json::Null,
            "list" => vec![Json::from(1), Json::from(true), map! {}],
        };
        let compact: serde_json::Value = serde_json::from_str(&value.to_string())?;
        let pretty: serde_json::Value = serde_json::from_str(&value.pretty())?;
        assert_eq!(compact, pretty);
        assert_eq!(compact["text"], "a \"quote\", a \\ and a \n and a \u{1}");
        assert!(value.to_string().contains("2356.0"));
        Ok(())
    }
}
