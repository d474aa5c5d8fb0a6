//! The objects that Connect leaves in the recordings bucket, and their keys.

use crate::clock;
use crate::names::PREFIX;

/// What an object is a recording of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordingKind {
    Call,
    IvrCall,
    Chat,
    Screen,
    Analysis,
    Attachment,
    Email,
    Evaluation,
}

impl RecordingKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::IvrCall => "ivr-call",
            Self::Chat => "chat",
            Self::Screen => "screen",
            Self::Analysis => "analysis",
            Self::Attachment => "attachment",
            Self::Email => "email",
            Self::Evaluation => "evaluation",
        }
    }
}

/// How the contact of an object can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContactMatch {
    /// A contact record names the object.
    ContactRecord,
    /// The file name begins with the contact id.
    FileName,
    /// Neither: the name carries another kind of id.
    None,
}

impl ContactMatch {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ContactRecord => "contact-record",
            Self::FileName => "file-name",
            Self::None => "none",
        }
    }
}

/// The place of an object in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ObjectId(pub(crate) usize);

/// An object in the recordings bucket.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) key: String,
    pub(crate) kind: RecordingKind,
    pub(crate) redacted: bool,
    /// The file name carries an id that is not the contact's.
    pub(crate) misnamed: bool,
    pub(crate) size: u64,
    /// The contact, by its place in the world.
    pub(crate) contact: usize,
    pub(crate) contact_match: ContactMatch,
    /// Nobody touches it before.
    pub(crate) available_from: i64,
    /// When the log shows it being written.
    pub(crate) written_at: Option<i64>,
    pub(crate) deleted: bool,
}

pub(crate) fn call_key(name: &str, at: i64) -> String {
    let (folder, minute) = (clock::folder(at), clock::recording_minute(at));
    format!("{PREFIX}/CallRecordings/{folder}/{name}_{minute}.wav")
}

pub(crate) fn ivr_key(contact_id: &str, at: i64) -> String {
    let (folder, minute) = (clock::folder(at), clock::recording_minute(at));
    format!("{PREFIX}/CallRecordings/ivr/{folder}/{contact_id}_{minute}.wav")
}

pub(crate) fn chat_key(contact_id: &str, at: i64) -> String {
    let (folder, minute) = (clock::folder(at), clock::recording_minute(at));
    format!("{PREFIX}/ChatTranscripts/{folder}/{contact_id}_{minute}.json")
}

/// A key that no layout explains: only the contact record says what it is.
pub(crate) fn screen_key(recording_id: &str, at: i64) -> String {
    format!(
        "desktop-capture/{}/session-{recording_id}.mp4",
        clock::folder(at)
    )
}

pub(crate) fn attachment_key(file_id: &str, at: i64) -> String {
    let (folder, minute) = (clock::folder(at), clock::recording_minute(at));
    format!("{PREFIX}/Attachments/chat/{folder}/{file_id}_{minute}.txt")
}

pub(crate) fn email_key(contact_id: &str, message_id: &str, at: i64) -> String {
    let (folder, minute) = (clock::folder(at), clock::recording_minute(at));
    format!("{PREFIX}/EmailMessages/{folder}/{contact_id}_{message_id}_{minute}.json")
}

pub(crate) fn evaluation_key(evaluation_id: &str, at: i64) -> String {
    let time = &clock::iso(at)[11..19];
    format!(
        "{PREFIX}/Evaluations/{}/{time}.869Z-{evaluation_id}.json",
        clock::folder(at)
    )
}

pub(crate) fn analysis_key(medium: &str, contact_id: &str, at: i64) -> String {
    let (folder, time) = (clock::folder(at), clock::iso(at));
    format!("Analysis/{medium}/{folder}/{contact_id}_analysis_{time}.json")
}

pub(crate) fn redacted_analysis_key(medium: &str, contact_id: &str, at: i64) -> String {
    let (folder, time) = (clock::folder(at), clock::iso(at));
    format!("Analysis/{medium}/Redacted/{folder}/{contact_id}_analysis_redacted_{time}.json")
}

pub(crate) fn redacted_call_key(contact_id: &str, at: i64) -> String {
    let (folder, time) = (clock::folder(at), clock::iso(at));
    format!("Analysis/Voice/Redacted/{folder}/{contact_id}_call_recording_redacted_{time}.wav")
}
