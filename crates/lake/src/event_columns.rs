//! The columns of the `events` table.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail record contents". Members of
//! one value are typed; objects and lists stay JSON text. `layout` names the
//! members of a record in their order, and with them the columns give the record
//! back byte by byte. A record that they cannot give back (it has white space,
//! escapes, members that are not known here, a number for a text) stands in
//! `record` as it was delivered.

use std::collections::HashSet;

use earwitness_parser::{Event, Member, Timestamp};
use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{
    BooleanChunkedBuilder, ChunkedBuilder, Column, DataType, Int64Chunked, IntoColumn, IntoSeries,
    NewChunkedArray, StringChunkedBuilder, TimeUnit, TimeZone,
};

use crate::rows::{Row, Rows};

/// How a member's value becomes a column's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text without its quotes.
    Text,
    /// An object or list, as it is written.
    Json,
    Flag,
    Time,
}

/// A member of a record that has a column.
#[derive(Debug)]
pub(crate) struct MemberColumn {
    pub(crate) key: &'static str,
    pub(crate) column: &'static str,
    pub(crate) kind: Kind,
}

const fn member(key: &'static str, column: &'static str, kind: Kind) -> MemberColumn {
    MemberColumn { key, column, kind }
}

/// The members that have columns. A new one comes last: ledgers refer to their places.
pub(crate) const MEMBERS: [MemberColumn; 33] = [
    member("eventVersion", "event_version", Kind::Text),
    member("userIdentity", "user_identity", Kind::Json),
    member("eventTime", "event_time", Kind::Time),
    member("eventSource", "event_source", Kind::Text),
    member("eventName", "event_name", Kind::Text),
    member("awsRegion", "aws_region", Kind::Text),
    member("sourceIPAddress", "source_ip_address", Kind::Text),
    member("userAgent", "user_agent", Kind::Text),
    member("errorCode", "error_code", Kind::Text),
    member("errorMessage", "error_message", Kind::Text),
    member("requestParameters", "request_parameters", Kind::Json),
    member("responseElements", "response_elements", Kind::Json),
    member("additionalEventData", "additional_event_data", Kind::Json),
    member("requestID", "request_id", Kind::Text),
    member("eventID", "event_id", Kind::Text),
    member("readOnly", "read_only", Kind::Flag),
    member("resources", "resources", Kind::Json),
    member("eventType", "event_type", Kind::Text),
    member("apiVersion", "api_version", Kind::Text),
    member("managementEvent", "management_event", Kind::Flag),
    member("recipientAccountId", "recipient_account_id", Kind::Text),
    member("sharedEventID", "shared_event_id", Kind::Text),
    member("vpcEndpointId", "vpc_endpoint_id", Kind::Text),
    member(
        "vpcEndpointAccountId",
        "vpc_endpoint_account_id",
        Kind::Text,
    ),
    member("eventCategory", "event_category", Kind::Text),
    member("serviceEventDetails", "service_event_details", Kind::Json),
    member("addendum", "addendum", Kind::Json),
    member(
        "sessionCredentialFromConsole",
        "session_credential_from_console",
        Kind::Text,
    ),
    member("edgeDeviceDetails", "edge_device_details", Kind::Json),
    member("tlsDetails", "tls_details", Kind::Json),
    member("eventContext", "event_context", Kind::Json),
    member("insightDetails", "insight_details", Kind::Json),
    member("annotation", "annotation", Kind::Json),
];

/// What an event says, if it says it.
type Of<T> = fn(&Event<'_>) -> Option<T>;

/// Texts from inside the objects, so that no other program has to read JSON for
/// what most questions are about.
const TEXTS: [(&str, Of<String>); 17] = [
    ("bucket", |event| owned(event.bucket())),
    ("object_key", |event| owned(event.key())),
    ("version_id", |event| owned(event.version_id())),
    ("copy_source", |event| {
        owned(event.request_parameters.copy_source.get())
    }),
    ("identity_type", |event| {
        owned(event.user_identity.kind.get())
    }),
    ("principal_id", |event| {
        owned(event.user_identity.principal_id.get())
    }),
    ("principal_arn", |event| {
        owned(event.user_identity.arn.get())
    }),
    ("principal_account_id", |event| {
        owned(event.user_identity.account_id.get())
    }),
    ("access_key_id", |event| {
        owned(event.user_identity.access_key_id.get())
    }),
    ("user_name", |event| {
        owned(event.user_identity.user_name.get())
    }),
    ("invoked_by", |event| {
        owned(event.user_identity.invoked_by.get())
    }),
    ("role_name", |event| owned(event.user_identity.role_name())),
    ("session_name", |event| {
        owned(event.user_identity.session_name())
    }),
    ("source_identity", |event| {
        owned(event.user_identity.session_context.source_identity.get())
    }),
    ("authentication_method", |event| {
        owned(event.additional_event_data.authentication_method.get())
    }),
    ("contact_id", |event| {
        owned(event.request_parameters.contact_id.get())
    }),
    ("corrects_event_id", |event| owned(event.corrects())),
];

/// Numbers from inside the objects.
const NUMBERS: [(&str, Of<u64>); 4] = [
    ("bytes_transferred_in", |event| {
        event.additional_event_data.bytes_transferred_in.0
    }),
    ("bytes_transferred_out", |event| {
        event.additional_event_data.bytes_transferred_out.0
    }),
    ("object_size", |event| {
        event.additional_event_data.object_size.0
    }),
    ("http_status_code", |event| {
        event.additional_event_data.http_status_code.0
    }),
];

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// What an event's row says beside its members.
pub(crate) const INPUT: &str = "input";
pub(crate) const INPUT_VERSION: &str = "input_version";
pub(crate) const RECORD_INDEX: &str = "record_index";
pub(crate) const COPIES: &str = "copies";
pub(crate) const LAYOUT: &str = "layout";
pub(crate) const RECORD: &str = "record";

/// A member's column while it is being filled.
enum Filling {
    Text(StringChunkedBuilder),
    Flag(BooleanChunkedBuilder),
    Time(Vec<Option<i64>>),
}

/// A value on its way into a member's column.
#[derive(Clone, Copy)]
enum Value<'a> {
    Text(&'a str),
    Flag(bool),
    Time(i64),
    Null,
}

/// Makes a row group of events. Returns it with the event names in it.
pub(crate) fn frame(
    rows: &Rows,
    group: &[Row],
    inputs: &[(String, u32)],
) -> PolarsResult<(DataFrame, Vec<String>)> {
    let height = group.len();
    let mut members: Vec<Filling> = MEMBERS
        .iter()
        .map(|member| Filling::new(member, height))
        .collect();
    let text = |name: &str| StringChunkedBuilder::new(name.into(), height);
    let mut texts: Vec<StringChunkedBuilder> = TEXTS.iter().map(|(name, _)| text(name)).collect();
    let mut numbers: Vec<Vec<Option<i64>>> = vec![Vec::with_capacity(height); NUMBERS.len()];
    let mut mfa: Vec<Option<bool>> = Vec::with_capacity(height);
    let (mut layout, mut record, mut input) = (text(LAYOUT), text(RECORD), text(INPUT));
    let mut names: Vec<String> = Vec::new();
    let mut seen = HashSet::new();

    for row in group {
        let written = rows.record(row);
        // It was read as an event before.
        let event: Event<'_> = serde_json::from_str(written).unwrap_or_default();
        let found = earwitness_parser::members(written);
        match values(written, &found) {
            Some(values) => {
                for (filling, value) in members.iter_mut().zip(values) {
                    filling.push(value);
                }
                layout.append_value(keys(&found));
                record.append_null();
            }
            None => {
                for (filling, member) in members.iter_mut().zip(&MEMBERS) {
                    let value = said(member, &event, row.time, &found);
                    filling.push(value);
                }
                layout.append_null();
                record.append_value(written);
            }
        }
        for (builder, (_, value)) in texts.iter_mut().zip(&TEXTS) {
            builder.append_option(value(&event).as_deref());
        }
        for (column, (_, value)) in numbers.iter_mut().zip(&NUMBERS) {
            column.push(value(&event).and_then(|number| i64::try_from(number).ok()));
        }
        let session = &event.user_identity.session_context;
        mfa.push(session.attributes.mfa_authenticated.0);
        let from = inputs.get(row.input as usize);
        input.append_option(from.map(|(name, _)| name.as_str()));
        let name = event.event_name.as_str();
        if !seen.contains(name) {
            seen.insert(name.to_owned());
            names.push(name.to_owned());
        }
    }

    let mut columns: Vec<Column> = Vec::new();
    for (filling, member) in members.into_iter().zip(&MEMBERS) {
        columns.push(filling.finish(member)?);
    }
    columns.extend(texts.into_iter().map(|text| text.finish().into_column()));
    let numbers = numbers.into_iter().zip(&NUMBERS);
    columns.extend(numbers.map(|(values, (name, _))| Column::new((*name).into(), values)));
    columns.push(Column::new("mfa_authenticated".into(), mfa));
    let version = |row: &Row| inputs.get(row.input as usize).map(|(_, version)| *version);
    let versions: Vec<Option<u32>> = group.iter().map(version).collect();
    let indices: Vec<u64> = group.iter().map(|row| row.index).collect();
    let copies: Vec<u32> = group.iter().map(|row| row.copies).collect();
    columns.push(input.finish().into_column());
    columns.push(Column::new(INPUT_VERSION.into(), versions));
    columns.push(Column::new(RECORD_INDEX.into(), indices));
    columns.push(Column::new(COPIES.into(), copies));
    columns.push(layout.finish().into_column());
    columns.push(record.finish().into_column());
    names.sort_unstable();
    Ok((DataFrame::new(height, columns)?, names))
}

impl Filling {
    fn new(member: &MemberColumn, height: usize) -> Filling {
        let name = member.column.into();
        match member.kind {
            Kind::Text | Kind::Json => Filling::Text(StringChunkedBuilder::new(name, height)),
            Kind::Flag => Filling::Flag(BooleanChunkedBuilder::new(name, height)),
            Kind::Time => Filling::Time(Vec::with_capacity(height)),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Filling::Text(column), Value::Text(text)) => column.append_value(text),
            (Filling::Text(column), _) => column.append_null(),
            (Filling::Flag(column), Value::Flag(flag)) => column.append_value(flag),
            (Filling::Flag(column), _) => column.append_null(),
            (Filling::Time(column), Value::Time(time)) => column.push(Some(time)),
            (Filling::Time(column), _) => column.push(None),
        }
    }

    fn finish(self, member: &MemberColumn) -> PolarsResult<Column> {
        Ok(match self {
            Filling::Text(column) => column.finish().into_column(),
            Filling::Flag(column) => column.finish().into_column(),
            Filling::Time(times) => {
                let times =
                    Int64Chunked::from_iter_options(member.column.into(), times.into_iter());
                let zoned = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
                times.into_series().cast(&zoned)?.into_column()
            }
        })
    }
}

/// Returns the value of each member's column, where with `layout` they give the
/// record back byte by byte.
fn values<'a>(record: &str, found: &[Member<'a>]) -> Option<[Value<'a>; MEMBERS.len()]> {
    let mut values = [Value::Null; MEMBERS.len()];
    let mut has = [false; MEMBERS.len()];
    // Braces, and commas between.
    let mut length = 1 + found.len().max(1);
    for Member { key, value } in found {
        let place = MEMBERS
            .iter()
            .position(|member| member.key.as_bytes() == *key)?;
        if std::mem::replace(&mut has[place], true) {
            return None;
        }
        values[place] = canonical(MEMBERS[place].kind, value)?;
        length += key.len() + value.len() + "\"\":".len();
    }
    // What is longer has white space between.
    (length == record.len()).then_some(values)
}

/// Reads a value that its column can give back as it is written.
fn canonical(kind: Kind, value: &[u8]) -> Option<Value<'_>> {
    let value = std::str::from_utf8(value).ok()?;
    if value == "null" {
        return Some(Value::Null);
    }
    let inner = || {
        let inner = value.strip_prefix('"')?.strip_suffix('"')?;
        (!inner.contains('\\')).then_some(inner)
    };
    match kind {
        Kind::Json => Some(Value::Text(value)),
        Kind::Text => inner().map(Value::Text),
        Kind::Flag => match value {
            "true" => Some(Value::Flag(true)),
            "false" => Some(Value::Flag(false)),
            _ => None,
        },
        Kind::Time => {
            let time = Timestamp::parse(inner()?)?;
            (time.to_string() == inner()?).then_some(Value::Time(time.0))
        }
    }
}

/// Names the members in their order.
fn keys(found: &[Member<'_>]) -> String {
    let mut keys = String::with_capacity(400);
    for member in found {
        if !keys.is_empty() {
            keys.push(',');
        }
        keys.push_str(&String::from_utf8_lossy(member.key));
    }
    keys
}

/// Returns what a record in another form says in the place of a member.
fn said<'a>(
    member: &MemberColumn,
    event: &'a Event<'_>,
    time: i64,
    found: &[Member<'a>],
) -> Value<'a> {
    let text = match member.column {
        "event_version" => &event.event_version,
        "event_source" => &event.event_source,
        "event_name" => &event.event_name,
        "aws_region" => &event.aws_region,
        "source_ip_address" => &event.source_ip_address,
        "user_agent" => &event.user_agent,
        "error_code" => &event.error_code,
        "error_message" => &event.error_message,
        "request_id" => &event.request_id,
        "event_id" => &event.event_id,
        "event_type" => &event.event_type,
        "event_category" => &event.event_category,
        "recipient_account_id" => &event.recipient_account_id,
        "shared_event_id" => &event.shared_event_id,
        "vpc_endpoint_id" => &event.vpc_endpoint_id,
        "event_time" => return Value::Time(time),
        "read_only" => return event.read_only.0.map_or(Value::Null, Value::Flag),
        "management_event" => {
            return event.management_event.0.map_or(Value::Null, Value::Flag);
        }
        _ => {
            let mut same = found
                .iter()
                .filter(|found| found.key == member.key.as_bytes());
            let value = same.next_back();
            return value
                .and_then(|found| canonical(member.kind, found.value))
                .unwrap_or(Value::Null);
        }
    };
    text.get().map_or(Value::Null, Value::Text)
}
