//! What a report would need and the inputs do not have.

use crate::evidence::Evidence;
use crate::report::Report;
use crate::table::Table;

/// A kind of input that a report takes something from and that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Contact records.
    ContactRecords,
    /// Lists of Connect users.
    Users,
    /// Security profiles, their permissions and the users who have them.
    SecurityProfiles,
    /// Records of S3 objects being read, of recordings or of others.
    Reads,
    /// Records of S3 objects being deleted or written.
    Writes,
}

impl Lack {
    /// Says what is not there, what follows, and what to add.
    pub fn advice(self) -> &'static str {
        match self {
            Lack::ContactRecords => {
                "no contact records were read: contacts are known from file names alone, without agent, \
                 channel and queue; add them as Kinesis or Firehose delivered them"
            }
            Lack::Users => {
                "no list of Connect users was read: some are known by their user id alone; add what \
                 `aws connect search-users` prints"
            }
            Lack::SecurityProfiles => {
                "no security profiles were read: nothing tells what people were granted; add what \
                 `aws connect search-users`, `list-security-profiles` and \
                 `list-security-profile-permissions` print"
            }
            Lack::Reads => {
                "the logs hold not one read of any object in the window: nobody read any, or the trail \
                 does not record read data events; `earwitness doctor --bucket NAME` tells which"
            }
            Lack::Writes => {
                "the logs hold not one delete of any object in the window: nobody deleted any, or the \
                 trail does not record write data events; `earwitness doctor --bucket NAME` tells which"
            }
        }
    }

    /// Finds the kind of input that fills a table beside CloudTrail's logs.
    fn of(table: Table) -> Option<Lack> {
        match table {
            Table::Contacts | Table::Recordings | Table::Monitorings => Some(Lack::ContactRecords),
            Table::Users => Some(Lack::Users),
            Table::Verdicts | Table::Grants => Some(Lack::SecurityProfiles),
            Table::Accesses
            | Table::MonitorRequests
            | Table::TrailChanges
            | Table::S3Deletions
            | Table::Inputs => None,
        }
    }
}

/// Events of which a report asks whether objects were read.
const READS: [&str; 1] = ["GetObject"];
/// Events of which a report asks whether objects were deleted.
const DELETES: [&str; 2] = ["DeleteObject", "DeleteObjects"];

impl Evidence {
    /// Returns what the report's tables lack, each kind once.
    pub fn lacks(&self, report: &Report) -> Vec<Lack> {
        let used = Table::ALL.into_iter().filter(|table| report.uses(*table));
        let mut lacks: Vec<Lack> = used
            .filter_map(Lack::of)
            .filter(|lack| self.has_none(*lack))
            .collect();
        if self.has_none(Lack::Users) && self.has_unnamed_user() {
            lacks.push(Lack::Users);
        }
        lacks.dedup();
        // Without any record it is the logs that are lacking.
        if self.counts().events > 0 {
            let asks_for = |names: &[&str]| {
                report
                    .events
                    .iter()
                    .any(|name| names.contains(&name.as_str()))
            };
            if asks_for(&READS) && self.has_none(Lack::Reads) {
                lacks.push(Lack::Reads);
            }
            if asks_for(&DELETES) && self.has_none(Lack::Writes) {
                lacks.push(Lack::Writes);
            }
        }
        lacks
    }

    fn has_none(&self, lack: Lack) -> bool {
        match lack {
            Lack::ContactRecords => !self.contacts.are_there(),
            Lack::Users => self.directory.users().next().is_none(),
            Lack::SecurityProfiles => !self.directory.tells_permissions(),
            Lack::Reads => !self.has_reads,
            Lack::Writes => !self.has_writes,
        }
    }

    /// Tells whether someone's user id stands where their name should.
    fn has_unnamed_user(&self) -> bool {
        self.accesses.iter().any(|access| {
            let actor = self.actor_of(access);
            !actor.user_id.is_none() && actor.name == actor.user_id
        })
    }
}
