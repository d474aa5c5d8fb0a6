//! Everything that can happen in a contact centre, and how often it does.

mod batch;
mod contacts;
mod delete;
mod listen;
mod noise;
mod outside;

pub(crate) use noise::aggregated;

use crate::rng::Rng;
use crate::world::World;

/// The most events that one scenario logs, second copies included.
pub(crate) const MOST_EVENTS: usize = 40;

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenario {
    Noise,
    Aggregated,

    Call,
    CallBeforeTheLog,
    CallUnderAnotherName,
    CallWithoutRecord,
    RedactedCall,
    IvrCall,
    Chat,
    ChatWithAttachment,
    Email,
    Evaluated,
    ScreenRecorded,

    RangedListen,
    TwoSittings,
    ListenResumedAtTheGap,
    WholeRead,
    ReadOfUnknownSize,
    PresignedDownload,
    Head,
    ListenToOneOfEach,
    ListenByTheUserKnownNowhere,
    ListenByTheUserOfRecordsOnly,
    Mark,
    MarkOfAnotherBucket,
    DeniedMark,
    DeniedRead,
    MissingKey,
    ErrorCode200,

    SelectFromTranscript,
    MetadataByRole,
    ReadByRoot,
    ReadByIamUser,
    ReadByPerson,
    ReadByRole,
    ReadByService,
    ReadByAnalyzer,
    ReadByOtherAccount,
    ReadByAnonymous,
    AnalyzerMark,
    SynchronizationMarks,
    CopyOut,
    ReportInRecordingsBucket,

    UiDelete,
    UiDeleteOfBoth,
    CliDeleteMarker,
    VersionDelete,
    DeleteByRole,
    DeleteByRoot,
    DeniedDelete,
    FailedDelete,
    MarkerRemoval,
    DeleteElsewhere,

    BatchByRequest,
    BatchByTime,
    BatchWithoutChildren,
    DeniedBatch,
    FailedBatch,
    OrphanedChild,
    ChildOfTwoCallers,
    BatchElsewhere,
}

use Scenario as S;

/// What opens a world, so that there is something to listen to.
const OPENINGS: [(Scenario, usize); 11] = [
    (S::Call, 8),
    (S::CallBeforeTheLog, 3),
    (S::CallUnderAnotherName, 2),
    (S::CallWithoutRecord, 2),
    (S::RedactedCall, 4),
    (S::IvrCall, 3),
    (S::Chat, 3),
    (S::ChatWithAttachment, 1),
    (S::Email, 2),
    (S::Evaluated, 2),
    (S::ScreenRecorded, 2),
];

/// What must happen once in every world.
const MUSTS: [Scenario; 53] = [
    S::Aggregated,
    S::RangedListen,
    S::RangedListen,
    S::TwoSittings,
    S::ListenResumedAtTheGap,
    S::WholeRead,
    S::ReadOfUnknownSize,
    S::PresignedDownload,
    S::Head,
    S::ListenByTheUserKnownNowhere,
    S::ListenByTheUserOfRecordsOnly,
    S::Mark,
    S::MarkOfAnotherBucket,
    S::DeniedMark,
    S::DeniedRead,
    S::MissingKey,
    S::ErrorCode200,
    S::SelectFromTranscript,
    S::MetadataByRole,
    S::ReadByRoot,
    S::ReadByIamUser,
    S::ReadByPerson,
    S::ReadByRole,
    S::ReadByService,
    S::ReadByAnalyzer,
    S::ReadByOtherAccount,
    S::ReadByAnonymous,
    S::AnalyzerMark,
    S::SynchronizationMarks,
    S::CopyOut,
    S::ReportInRecordingsBucket,
    S::UiDelete,
    S::UiDelete,
    S::UiDelete,
    S::UiDeleteOfBoth,
    S::CliDeleteMarker,
    S::VersionDelete,
    S::DeleteByRole,
    S::DeleteByRoot,
    S::DeniedDelete,
    S::DeniedDelete,
    S::FailedDelete,
    S::MarkerRemoval,
    S::DeleteElsewhere,
    S::BatchByRequest,
    S::BatchByRequest,
    S::BatchByTime,
    S::BatchElsewhere,
    S::BatchWithoutChildren,
    S::DeniedBatch,
    S::FailedBatch,
    S::OrphanedChild,
    S::ChildOfTwoCallers,
];

/// How often each happens by chance, against the others: about 60 % of the
/// events are noise and 1 % are deletes.
const CHANCES: [(Scenario, usize); 57] = [
    (S::Noise, 8_600),
    (S::Call, 470),
    (S::CallUnderAnotherName, 25),
    (S::CallWithoutRecord, 10),
    (S::IvrCall, 60),
    (S::Chat, 150),
    (S::ChatWithAttachment, 25),
    (S::Email, 15),
    (S::Evaluated, 20),
    (S::ScreenRecorded, 40),
    (S::RangedListen, 540),
    (S::TwoSittings, 60),
    (S::ListenResumedAtTheGap, 10),
    (S::WholeRead, 150),
    (S::ReadOfUnknownSize, 10),
    (S::PresignedDownload, 60),
    (S::Head, 180),
    (S::Mark, 300),
    (S::MarkOfAnotherBucket, 10),
    (S::DeniedRead, 40),
    (S::MissingKey, 20),
    (S::SelectFromTranscript, 10),
    (S::MetadataByRole, 40),
    (S::ReadByPerson, 15),
    (S::ReadByRole, 40),
    (S::ReadByService, 10),
    (S::AnalyzerMark, 40),
    (S::ReportInRecordingsBucket, 20),
    (S::UiDelete, 35),
    (S::UiDeleteOfBoth, 10),
    (S::CliDeleteMarker, 8),
    (S::VersionDelete, 6),
    (S::DeleteByRole, 8),
    (S::DeniedDelete, 8),
    (S::FailedDelete, 3),
    (S::DeleteElsewhere, 20),
    (S::BatchByRequest, 9),
    (S::BatchByTime, 3),
    (S::Aggregated, 2),
    (S::DeniedMark, 3),
    (S::ErrorCode200, 2),
    (S::ListenToOneOfEach, 2),
    (S::ReadByRoot, 1),
    (S::ReadByIamUser, 5),
    (S::ReadByAnalyzer, 5),
    (S::ReadByOtherAccount, 3),
    (S::ReadByAnonymous, 1),
    (S::SynchronizationMarks, 10),
    (S::CopyOut, 5),
    (S::DeleteByRoot, 1),
    (S::MarkerRemoval, 2),
    (S::BatchWithoutChildren, 1),
    (S::DeniedBatch, 1),
    (S::FailedBatch, 1),
    (S::OrphanedChild, 1),
    (S::ChildOfTwoCallers, 1),
    (S::BatchElsewhere, 1),
];

/// What must happen, the openings first and the rest in an order of chance.
pub(crate) fn musts(rng: &mut Rng) -> Vec<Scenario> {
    let openings = OPENINGS
        .iter()
        .flat_map(|(scenario, times)| vec![*scenario; *times]);
    let mut musts = MUSTS.to_vec();
    rng.shuffle(&mut musts);
    // Before anything is deleted.
    openings
        .chain([S::ListenToOneOfEach])
        .chain(musts)
        .collect()
}

/// Something, by chance.
pub(crate) fn any(rng: &mut Rng) -> Scenario {
    let total = CHANCES.iter().map(|(_, weight)| weight).sum();
    let mut draw = rng.below(total);
    for (scenario, weight) in CHANCES {
        if draw < weight {
            return scenario;
        }
        draw -= weight;
    }
    S::Noise
}

impl Scenario {
    /// Whether it belongs at the beginning.
    pub(crate) fn opens(self) -> bool {
        OPENINGS.iter().any(|(scenario, _)| *scenario == self)
    }

    /// Lets it happen at `at` or soon after. Where there is nothing left for
    /// it to happen to, nothing does.
    pub(crate) fn play(self, world: &mut World, at: i64) {
        match self {
            S::Noise => world.noise(at, true),
            S::Aggregated => world.aggregated_event(at),
            S::Call
            | S::CallBeforeTheLog
            | S::CallUnderAnotherName
            | S::CallWithoutRecord
            | S::RedactedCall
            | S::IvrCall
            | S::Chat
            | S::ChatWithAttachment
            | S::Email
            | S::Evaluated
            | S::ScreenRecorded => contacts::play(self, world, at),
            S::RangedListen
            | S::TwoSittings
            | S::ListenResumedAtTheGap
            | S::WholeRead
            | S::ReadOfUnknownSize
            | S::PresignedDownload
            | S::Head
            | S::ListenToOneOfEach
            | S::ListenByTheUserKnownNowhere
            | S::ListenByTheUserOfRecordsOnly
            | S::Mark
            | S::MarkOfAnotherBucket
            | S::DeniedMark
            | S::DeniedRead
            | S::MissingKey
            | S::ErrorCode200 => {
                listen::play(self, world, at);
            }
            S::SelectFromTranscript
            | S::MetadataByRole
            | S::ReadByRoot
            | S::ReadByIamUser
            | S::ReadByPerson
            | S::ReadByRole
            | S::ReadByService
            | S::ReadByAnalyzer
            | S::ReadByOtherAccount
            | S::ReadByAnonymous
            | S::AnalyzerMark
            | S::SynchronizationMarks
            | S::CopyOut
            | S::ReportInRecordingsBucket => {
                outside::play(self, world, at);
            }
            S::UiDelete
            | S::UiDeleteOfBoth
            | S::CliDeleteMarker
            | S::VersionDelete
            | S::DeleteByRole
            | S::DeleteByRoot
            | S::DeniedDelete
            | S::FailedDelete
            | S::MarkerRemoval
            | S::DeleteElsewhere => {
                delete::play(self, world, at);
            }
            S::BatchByRequest
            | S::BatchByTime
            | S::BatchWithoutChildren
            | S::DeniedBatch
            | S::FailedBatch
            | S::OrphanedChild
            | S::ChildOfTwoCallers
            | S::BatchElsewhere => {
                batch::play(self, world, at);
            }
        }
    }
}
