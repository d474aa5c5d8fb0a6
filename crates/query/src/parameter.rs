//! A value that a report can be given: declared in its head, bound as a column
//! of the one-row table `parameters`.

use std::fmt;

use polars::prelude::{Column, NamedFrom, Series};

/// A value that a report can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name: a column of the one-row table `parameters`.
    pub name: String,
    /// The value where none is given; its type is the parameter's.
    pub default: ParameterValue,
    /// What it means, with its unit.
    pub meaning: String,
}

/// A parameter's value. It is only ever a value: none becomes SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// A whole number.
    Integer(i64),
    /// Any text.
    Text(String),
}

impl Parameter {
    /// Reads a declaration, `name integer 30 Meaning.` or
    /// `name text 'default' Meaning.`; a quote inside the default is doubled.
    pub(crate) fn declared(declaration: &str) -> Result<Parameter, String> {
        const FORM: &str = "a parameter is written `name integer 30 Meaning.` or \
             `name text 'default' Meaning.`";
        let mut words = declaration.splitn(3, ' ');
        let (Some(name), Some(kind), Some(rest)) = (words.next(), words.next(), words.next())
        else {
            return Err(FORM.to_owned());
        };
        let (default, meaning) = match kind {
            "integer" => {
                let (default, meaning) = rest.split_once(' ').unwrap_or((rest, ""));
                let default = default.parse().map_err(|_| {
                    format!("the default '{default}' of parameter '{name}' is no integer")
                })?;
                (ParameterValue::Integer(default), meaning)
            }
            "text" => {
                let (default, meaning) = quoted(rest).ok_or_else(|| {
                    format!("the default of parameter '{name}' is not quoted: {FORM}")
                })?;
                (ParameterValue::Text(default), meaning)
            }
            _ => return Err(FORM.to_owned()),
        };
        Ok(Parameter {
            name: name.to_owned(),
            default,
            meaning: meaning.trim().to_owned(),
        })
    }

    /// Reads a value of the parameter's type.
    ///
    /// # Errors
    /// When the text is no such value: says what would be one.
    pub fn value(&self, text: &str) -> Result<ParameterValue, String> {
        match self.default {
            ParameterValue::Integer(_) => text
                .trim()
                .parse()
                .map(ParameterValue::Integer)
                .map_err(|_| format!("a whole number such as {}", self.default)),
            ParameterValue::Text(_) => Ok(ParameterValue::Text(text.to_owned())),
        }
    }
}

impl ParameterValue {
    /// Names the type.
    pub fn type_name(&self) -> &'static str {
        match self {
            ParameterValue::Integer(_) => "integer",
            ParameterValue::Text(_) => "text",
        }
    }

    /// Makes the parameter's column of the one-row table.
    pub(crate) fn column(&self, name: &str) -> Column {
        match self {
            ParameterValue::Integer(value) => Series::new(name.into(), [*value]),
            ParameterValue::Text(value) => Series::new(name.into(), [value.as_str()]),
        }
        .into()
    }
}

impl fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParameterValue::Integer(value) => write!(f, "{value}"),
            ParameterValue::Text(value) => f.write_str(value),
        }
    }
}

/// Takes a quoted text off the front, as SQL quotes it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut content = String::new();
    loop {
        let (piece, behind) = rest.split_once('\'')?;
        content.push_str(piece);
        match behind.strip_prefix('\'') {
            Some(more) => {
                content.push('\'');
                rest = more;
            }
            None => return Some((content, behind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_of_both_types_are_read() {
        let gap = Parameter::declared("gap integer 30 Minutes, in words.").unwrap();
        assert_eq!(gap.default, ParameterValue::Integer(30));
        assert_eq!(gap.meaning, "Minutes, in words.");
        let reason = Parameter::declared("reason text 'it''s -- fine' Why.").unwrap();
        assert_eq!(
            reason.default,
            ParameterValue::Text("it's -- fine".to_owned())
        );
        assert_eq!(reason.meaning, "Why.");
        for broken in [
            "gap",
            "gap integer",
            "gap integer many",
            "gap date 2026-01-31",
            "reason text why",
            "reason text 'why",
        ] {
            assert!(Parameter::declared(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_value_has_the_type_of_its_default() {
        let gap = Parameter::declared("gap integer 30").unwrap();
        assert_eq!(gap.value(" 5 "), Ok(ParameterValue::Integer(5)));
        assert_eq!(
            gap.value("5; --"),
            Err("a whole number such as 30".to_owned())
        );
        let text = Parameter::declared("reason text ''").unwrap();
        let hostile = "'); DROP TABLE accesses; --";
        assert_eq!(
            text.value(hostile),
            Ok(ParameterValue::Text(hostile.to_owned()))
        );
    }
}
