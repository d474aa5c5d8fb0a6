//! Declares structs that read themselves from JSON objects, key by key, and let
//! no odd value cost the record.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// Tells whether a field had a value that could be read.
pub(crate) trait Absent {
    fn is_absent(&self) -> bool;
}

/// Puts a value that is there into its field.
pub(crate) fn replace<T: Absent>(field: &mut T, value: T) {
    if !value.is_absent() {
        *field = value;
    }
}

/// Puts a value into a field that has none.
pub(crate) fn fill<T: Absent>(field: &mut T, value: T) {
    if field.is_absent() {
        *field = value;
    }
}

/// Implements the visitor methods that a tolerant scalar answers with "absent".
macro_rules! absent_unless {
    (seq) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut seq: A,
        ) -> Result<Self::Value, A::Error> {
            while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
    (map) => {
        fn visit_map<A: serde::de::MapAccess<'de>>(
            self,
            mut map: A,
        ) -> Result<Self::Value, A::Error> {
            while map
                .next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?
                .is_some()
            {}
            Ok(Self::Value::default())
        }
    };
    (null) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (scalar) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}
pub(crate) use absent_unless;

/// A JSON key, borrowed where it holds no escapes.
pub(crate) struct Key<'a>(Cow<'a, str>);

impl Key<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        input.deserialize_str(KeyVisitor)
    }
}

/// Declares a struct that reads itself from a JSON object, key by key.
///
/// Unknown keys are passed over. A value that is no object reads as the empty
/// struct. The spelling before `|` wins over the others when both are there.
macro_rules! tolerant_record {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident<$life:lifetime> {
            $( $(#[$field_meta:meta])* $key:literal $(| $other:literal)* => $field:ident : $type:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        $vis struct $name<$life> {
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl $crate::tolerant_record::Absent for $name<'_> {
            fn is_absent(&self) -> bool {
                *self == Self::default()
            }
        }

        impl<$life> $crate::event_by_member::FromValue<$life> for $name<$life> {}

        impl<$life> $crate::event_by_member::TakeMember<$life> for $name<$life> {
            fn take(&mut self, key: &str, value: &$life str) -> serde_json::Result<()> {
                use $crate::event_by_member::FromValue;
                match key {
                    $(
                        $key => $crate::tolerant_record::replace(
                            &mut self.$field,
                            FromValue::from_value(value)?,
                        ),
                        $(
                            $other => $crate::tolerant_record::fill(
                                &mut self.$field,
                                FromValue::from_value(value)?,
                            ),
                        )*
                    )*
                    _ => {
                        serde_json::from_str::<serde::de::IgnoredAny>(value)?;
                    }
                }
                Ok(())
            }
        }

        impl<'de: $life, $life> serde::Deserialize<'de> for $name<$life> {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                struct RecordVisitor;
                impl<'de> serde::de::Visitor<'de> for RecordVisitor {
                    type Value = $name<'de>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut record = $name::default();
                        while let Some(key) = map.next_key::<$crate::tolerant_record::Key<'de>>()? {
                            match key.as_str() {
                                $(
                                    $key => $crate::tolerant_record::replace(
                                        &mut record.$field,
                                        map.next_value()?,
                                    ),
                                    $(
                                        $other => $crate::tolerant_record::fill(
                                            &mut record.$field,
                                            map.next_value()?,
                                        ),
                                    )*
                                )*
                                _ => {
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(record)
                    }

                    fn visit_seq<A: serde::de::SeqAccess<'de>>(
                        self,
                        mut seq: A,
                    ) -> Result<Self::Value, A::Error> {
                        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                        Ok($name::default())
                    }

                    $crate::tolerant_record::absent_unless!(null);
                    $crate::tolerant_record::absent_unless!(scalar);
                }
                input.deserialize_any(RecordVisitor)
            }
        }
    };
}
pub(crate) use tolerant_record;
