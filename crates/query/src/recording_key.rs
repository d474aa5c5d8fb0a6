//! What an object is by where Amazon Connect puts it.
//!
//! Source: Amazon Connect Administrator Guide, "Contact Lens output file
//! locations", "Recording" and "Evaluation output" pages. Bucket and prefix
//! are the customer's choice, so only the parts that Connect itself names are
//! looked for, anywhere in the key.

use std::borrow::Cow;

use earwitness_parser::percent_decoded;

/// A kind of object that belongs to contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RecordingKind {
    Call,
    IvrCall,
    Chat,
    Screen,
    Analysis,
    Attachment,
    Email,
    Evaluation,
    None,
}

impl RecordingKind {
    pub(crate) const ALL: [RecordingKind; 9] = [
        RecordingKind::Call,
        RecordingKind::IvrCall,
        RecordingKind::Chat,
        RecordingKind::Screen,
        RecordingKind::Analysis,
        RecordingKind::Attachment,
        RecordingKind::Email,
        RecordingKind::Evaluation,
        RecordingKind::None,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            RecordingKind::Call => "call",
            RecordingKind::IvrCall => "ivr-call",
            RecordingKind::Chat => "chat",
            RecordingKind::Screen => "screen",
            RecordingKind::Analysis => "analysis",
            RecordingKind::Attachment => "attachment",
            RecordingKind::Email => "email",
            RecordingKind::Evaluation => "evaluation",
            RecordingKind::None => "none",
        }
    }
}

/// What a key's layout says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordingKey<'a> {
    pub(crate) kind: RecordingKind,
    pub(crate) redacted: bool,
    /// The contact that the file name claims; Connect does not promise that
    /// the two match.
    pub(crate) contact_id: Option<&'a str>,
}

impl<'a> RecordingKey<'a> {
    const UNKNOWN: RecordingKey<'static> = RecordingKey {
        kind: RecordingKind::None,
        redacted: false,
        contact_id: None,
    };

    /// Reads a key in plain text.
    pub(crate) fn parse(key: &'a str) -> RecordingKey<'a> {
        let (folders, file) = key.rsplit_once('/').unwrap_or(("", key));
        if file.is_empty() {
            return RecordingKey::UNKNOWN;
        }
        let inside = Folders::of(folders);
        let id = leading_uuid(file);
        let is = |kind, contact_id| RecordingKey {
            kind,
            redacted: inside.redacted || file.contains("_redacted_"),
            contact_id,
        };
        if inside.analysis {
            let kind = match () {
                () if file.contains("_call_recording_redacted_") => RecordingKind::Call,
                () if file.contains("_analysis_") || id.is_some() => RecordingKind::Analysis,
                () => return RecordingKey::UNKNOWN,
            };
            return is(kind, id);
        }
        if inside.attachments {
            return id.map_or(RecordingKey::UNKNOWN, |_| {
                is(RecordingKind::Attachment, None)
            });
        }
        if inside.evaluations {
            let contact = folders
                .split('/')
                .find_map(|name| leading_uuid(name.strip_prefix("contact_")?));
            return is(RecordingKind::Evaluation, contact);
        }
        let Some(contact) = id else {
            return RecordingKey::UNKNOWN;
        };
        if inside.emails {
            return is(RecordingKind::Email, Some(contact));
        }
        let stamped = is_stamped(folders, &file[contact.len()..]);
        if inside.calls || (stamped && file.ends_with(".wav")) {
            let kind = if inside.ivr {
                RecordingKind::IvrCall
            } else {
                RecordingKind::Call
            };
            return is(kind, Some(contact));
        }
        if inside.chats || (stamped && file.ends_with(".json")) {
            return is(RecordingKind::Chat, Some(contact));
        }
        RecordingKey::UNKNOWN
    }
}

/// Which of the folders that Connect names an object lies in, at any depth.
#[derive(Default)]
struct Folders {
    analysis: bool,
    attachments: bool,
    calls: bool,
    chats: bool,
    emails: bool,
    evaluations: bool,
    ivr: bool,
    redacted: bool,
}

impl Folders {
    fn of(folders: &str) -> Folders {
        let mut inside = Folders::default();
        for name in folders.split('/') {
            match name {
                "Analysis" => inside.analysis = true,
                "Attachments" => inside.attachments = true,
                "CallRecordings" => inside.calls = true,
                "ChatTranscripts" => inside.chats = true,
                "EmailMessages" => inside.emails = true,
                "Evaluations" => inside.evaluations = true,
                "ivr" => inside.ivr = true,
                "Redacted" => inside.redacted = true,
                _ => {}
            }
        }
        inside
    }
}

/// Returns the key by which an object is known: S3 notifications and some tools
/// write keys percent-encoded, CloudTrail and contact records plain. A key is
/// decoded only when that makes it one of a known layout.
pub fn canonical_key(key: &str) -> Cow<'_, str> {
    let decoded = percent_decoded(key);
    if decoded != key && RecordingKey::parse(&decoded).kind != RecordingKind::None {
        decoded
    } else {
        Cow::Borrowed(key)
    }
}

/// Returns the UUID that a name begins with, if it ends there.
fn leading_uuid(name: &str) -> Option<&str> {
    let id = name.get(..36)?;
    let ends = !name[36..].starts_with(|next: char| next.is_ascii_alphanumeric());
    (ends && is_uuid(id)).then_some(id)
}

pub(crate) fn is_uuid(text: &str) -> bool {
    uuid(text).is_some()
}

/// Reads a UUID, in any case of letters.
pub(crate) fn uuid(text: &str) -> Option<u128> {
    let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut id = 0;
    for (at, &byte) in text.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
        } else {
            id = id << 4 | u128::from(char::from(byte).to_digit(16)?);
        }
    }
    Some(id)
}

/// Tells whether a name goes on with `_20220408T15:00_UTC.` in folders that end
/// in the same `2022/04/08`, as Connect writes below any prefix.
fn is_stamped(folders: &str, rest: &str) -> bool {
    let shape = b"_00000000T00:00_UTC.";
    let stamped = rest.len() > shape.len()
        && rest.bytes().zip(shape).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *shape,
        });
    let mut day = folders.rsplit('/');
    let mut ends_with = |part: Option<&str>| part.is_some() && day.next() == part;
    stamped && ends_with(rest.get(7..9)) && ends_with(rest.get(5..7)) && ends_with(rest.get(1..5))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "12345678-90ab-cdef-1234-567890abcdef";

    #[test]
    fn each_layout_is_known() {
        let cases = [
            (
                "connect/a/CallRecordings/2022/04/08/ID_20220408T15:00_UTC.wav",
                "call",
                false,
                true,
            ),
            (
                "connect/a/CallRecordings/ivr/2026/08/20/ID_20260820T09:47_UTC.wav",
                "ivr-call",
                false,
                true,
            ),
            (
                "connect/a/ChatTranscripts/2024/04/21/ID_20240421T23:46_UTC.json",
                "chat",
                false,
                true,
            ),
            (
                "our/own/prefix/2024/04/21/ID_20240421T23:46_UTC.wav",
                "call",
                false,
                true,
            ),
            (
                "Analysis/Voice/2020/02/04/ID_analysis_2020-02-04T21:14:16Z.json",
                "analysis",
                false,
                true,
            ),
            (
                "connect/a/Analysis/Voice/Redacted/2020/02/04/ID_analysis_redacted_2020-02-04T21:14:16Z.json",
                "analysis",
                true,
                true,
            ),
            (
                "Analysis/Voice/Redacted/2020/02/04/ID_call_recording_redacted_2020-02-04T21:14:16Z.wav",
                "call",
                true,
                true,
            ),
            (
                "connect/a/Attachments/chat/2023/07/13/ID_20230713T23:41_UTC.txt",
                "attachment",
                false,
                false,
            ),
            (
                "connect/a/EmailMessages/2025/02/17/ID_ID_20250217T13:20_UTC.json",
                "email",
                false,
                true,
            ),
            (
                "connect/a/Evaluations/2022/04/14/05:04:20.869Z-ID.json",
                "evaluation",
                false,
                false,
            ),
            (
                "Evaluations/contact_ID/evaluation_ID/x.json",
                "evaluation",
                false,
                true,
            ),
            ("connect/a/CallRecordings/2022/04/08/", "none", false, false),
            ("connect/a/CallRecordings/readme.txt", "none", false, false),
            (
                "AWSLogs/1/CloudTrail/us-east-1/2022/x.json.gz",
                "none",
                false,
                false,
            ),
            ("ID.wav", "none", false, false),
            ("audio/ID_20240421T23:46_UTC.wav", "none", false, false),
            (
                "our/2024/04/22/ID_20240421T23:46_UTC.wav",
                "none",
                false,
                false,
            ),
            ("", "none", false, false),
            ("é/ç", "none", false, false),
        ];
        for (key, kind, redacted, contact) in cases {
            let key = key.replace("ID", ID);
            let read = RecordingKey::parse(&key);
            assert_eq!(read.kind.name(), kind, "{key}");
            assert_eq!(read.redacted, redacted, "{key}");
            assert_eq!(read.contact_id, contact.then_some(ID), "{key}");
        }
    }

    #[test]
    fn encoded_keys_are_decoded_only_when_that_makes_sense() {
        let plain = format!("connect/a/CallRecordings/2022/04/08/{ID}_20220408T15:00_UTC.wav");
        assert_eq!(canonical_key(&plain.replace(':', "%3A")), plain);
        assert_eq!(canonical_key("reports/100%25.csv"), "reports/100%25.csv");
    }
}
