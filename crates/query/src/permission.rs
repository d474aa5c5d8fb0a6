//! Which permissions let a person at a recording.
//!
//! Source: Amazon Connect Administrator Guide, "List of security profile
//! permissions", the tables "Recordings and Transcripts", "Analytics and
//! Optimization" and "Legacy permissions". Old profiles keep the legacy names
//! until somebody saves them on the website. Names that instances grant and the
//! page leaves out are marked.

use crate::recording_key::RecordingKind;

/// What a person may do with a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Right {
    Listen,
    Download,
    Delete,
}

impl Right {
    pub(crate) const ALL: [Right; 3] = [Right::Listen, Right::Download, Right::Delete];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Right::Listen => "listen",
            Right::Download => "download",
            Right::Delete => "delete",
        }
    }
}

/// Limits a person to contacts whose agent is in their own hierarchy group or
/// in one below it.
///
/// Source: Administrator Guide, "Search for completed and in-progress contacts",
/// section "Manage who can search for contacts".
pub(crate) const RESTRICTED: &str = "RestrictContactAccessByHierarchy.View";

/// The permissions that a right to a kind of recording rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needed {
    /// Each of them gives the right; none where AWS documents none.
    pub(crate) access: &'static [&'static str],
    /// Of a download, each of them shows the button for it. The button is all
    /// that they decide: who may listen may be able to download without.
    pub(crate) button: &'static [&'static str],
    /// Their names sound like the right, and AWS does not say whether they give
    /// it: where nothing else does, nobody can tell.
    pub(crate) unclear: &'static [&'static str],
}

impl Needed {
    const UNDOCUMENTED: Needed = Needed {
        access: &[],
        button: &[],
        unclear: &[],
    };

    /// Returns what `right` to a recording of a kind rests on.
    pub(crate) fn by(right: Right, kind: RecordingKind, redacted: bool) -> Needed {
        match right {
            Right::Delete => delete(kind),
            Right::Listen => Needed {
                button: &[],
                ..read(kind, redacted)
            },
            Right::Download => read(kind, redacted),
        }
    }
}

fn read(kind: RecordingKind, redacted: bool) -> Needed {
    match (kind, redacted) {
        (RecordingKind::Call, false) => Needed {
            access: &[
                "CallRecordings.Unredacted.Access",
                "ListenCallRecordings",
                // A screen recording has the unredacted call in it.
                "ScreenRecording.Access",
            ],
            button: &[
                "CallRecordings.Unredacted.DownloadButton",
                "DownloadCallRecordings",
            ],
            unclear: &["ContactRecording.Access", "UnredactedData.View"],
        },
        (RecordingKind::Call, true) => Needed {
            access: &["CallRecordings.Redacted.Access", "RedactedData.View"],
            button: &[
                "CallRecordings.Redacted.DownloadButton",
                "DownloadCallRecordings",
            ],
            unclear: &["ContactRecording.Access"],
        },
        (RecordingKind::IvrCall, false) => Needed {
            access: &["AutomatedVoiceInteraction.Recordings.Unredacted.Access"],
            button: &["AutomatedVoiceInteraction.Recordings.Unredacted.DownloadButton"],
            unclear: &[
                "ListenCallRecordings",
                "ContactRecording.Access",
                "UnredactedData.View",
            ],
        },
        // Granted by instances; the page does not name them.
        (RecordingKind::IvrCall, true) => Needed {
            access: &["AutomatedVoiceInteraction.Recordings.Redacted.Access"],
            button: &["AutomatedVoiceInteraction.Recordings.Redacted.DownloadButton"],
            unclear: &["RedactedData.View", "ContactRecording.Access"],
        },
        (RecordingKind::Chat | RecordingKind::Email, false) => Needed {
            access: &[
                "ContactTranscripts.Unredacted.Access",
                "ListenCallRecordings",
            ],
            button: TRANSCRIPT_BUTTON,
            unclear: &[
                "ContactRecording.Access",
                "Transcript.View",
                "UnredactedData.View",
            ],
        },
        (RecordingKind::Analysis, false) => Needed {
            access: &[
                "ContactTranscripts.Unredacted.Access",
                "ListenCallRecordings",
            ],
            button: TRANSCRIPT_BUTTON,
            // The website draws its graphs and summaries from the same file.
            unclear: &[
                "AutomatedVoiceInteraction.Transcripts.Unredacted.Access",
                "ContactLensPostContactSummary.View",
                "ContactRecording.Access",
                "GraphTrends.View",
                "Transcript.View",
                "UnredactedData.View",
            ],
        },
        // The page prints the name for unredacted transcripts here again, so
        // whether that one suffices is unclear; no button is documented.
        (RecordingKind::Chat | RecordingKind::Analysis, true) => Needed {
            access: &["ContactTranscripts.Redacted.Access", "RedactedData.View"],
            button: &[],
            unclear: &[
                "AutomatedVoiceInteraction.Transcripts.Redacted.Access",
                "ContactLensPostContactSummary.View",
                "ContactRecording.Access",
                "ContactTranscripts.Unredacted.Access",
                "GraphTrends.View",
                "Transcript.View",
            ],
        },
        (RecordingKind::Screen, false) => Needed {
            access: &["ScreenRecording.Access"],
            // Granted by instances; the page does not name it.
            button: &["ScreenRecording.Download"],
            unclear: &[],
        },
        (RecordingKind::Screen, true) => Needed {
            access: &["ScreenRecording.Redacted.Access"],
            button: &["ScreenRecording.Redacted.Download"],
            unclear: &[],
        },
        (RecordingKind::Email, true)
        | (RecordingKind::Attachment | RecordingKind::Evaluation | RecordingKind::None, _) => {
            Needed::UNDOCUMENTED
        }
    }
}

const TRANSCRIPT_BUTTON: &[&str] = &[
    "ContactTranscripts.Unredacted.DownloadButton",
    "DownloadCallRecordings",
];

fn delete(kind: RecordingKind) -> Needed {
    match kind {
        RecordingKind::Call
        | RecordingKind::IvrCall
        | RecordingKind::Chat
        | RecordingKind::Email
        | RecordingKind::Analysis => Needed {
            access: &["DeleteCallRecordings"],
            button: &[],
            // The page says of these that they enable buttons to delete, too.
            unclear: &[
                "AutomatedVoiceInteraction.Recordings.Unredacted.DownloadButton",
                "ContactRecording.Access",
                "DownloadCallRecordings",
            ],
        },
        RecordingKind::Screen => Needed {
            // Granted by instances; the page does not name it.
            access: &["ScreenRecording.Delete"],
            button: &[],
            unclear: &["DeleteCallRecordings"],
        },
        RecordingKind::Attachment | RecordingKind::Evaluation | RecordingKind::None => {
            Needed::UNDOCUMENTED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn current_and_legacy_names_give_the_same_right() {
        let cases = [
            (
                Right::Listen,
                RecordingKind::Call,
                false,
                "CallRecordings.Unredacted.Access",
                "ListenCallRecordings",
            ),
            (
                Right::Listen,
                RecordingKind::Call,
                true,
                "CallRecordings.Redacted.Access",
                "RedactedData.View",
            ),
            (
                Right::Listen,
                RecordingKind::Chat,
                false,
                "ContactTranscripts.Unredacted.Access",
                "ListenCallRecordings",
            ),
            (
                Right::Listen,
                RecordingKind::Analysis,
                true,
                "ContactTranscripts.Redacted.Access",
                "RedactedData.View",
            ),
        ];
        for (right, kind, redacted, current, legacy) in cases {
            let needed = Needed::by(right, kind, redacted);
            assert!(needed.access.contains(&current), "{current}");
            assert!(needed.access.contains(&legacy), "{legacy}");
        }
    }

    #[test]
    fn a_button_is_looked_for_in_downloads_only() {
        let listen = Needed::by(Right::Listen, RecordingKind::Call, false);
        let download = Needed::by(Right::Download, RecordingKind::Call, false);
        assert_eq!(listen.access, download.access);
        assert!(listen.button.is_empty());
        assert!(download.button.contains(&"DownloadCallRecordings"));
    }

    #[test]
    fn no_name_both_gives_a_right_and_is_unclear() {
        for right in Right::ALL {
            for kind in RecordingKind::ALL {
                for redacted in [false, true] {
                    let needed = Needed::by(right, kind, redacted);
                    let both = |name: &&str| needed.unclear.contains(name);
                    assert_eq!(needed.access.iter().find(|name| both(name)), None);
                }
            }
        }
    }
}
