//! Reads the directory of an Amazon Connect instance: who its users are, what they
//! may do, where recordings go, and contacts that are asked for by id.
//!
//! Source: Amazon Connect API Reference, the operations named at each function.

mod contact;
mod directory;
mod instance;

use aws_sdk_connect::Client;
use serde_json::Value;

pub(crate) use self::directory::{STORED, storage_json};
pub(crate) use self::instance::Instance;
use super::pace::Pace;
use super::time::{moment, now_seconds};
use super::{Aws, Call};
use crate::find::Found;
use crate::input::LogFile;
use crate::problem::ProblemReason;
use crate::spool::Spool;
use crate::{AwsCause, Gap, Input, Problem, SourceError, Told, Wanted};

/// Requests that AWS answers, in a second, for each operation.
const REQUESTS_A_SECOND: u32 = 2;

/// The way to one instance.
struct Connect<'a> {
    client: Client,
    instance: Instance,
    /// The argument, as users know it.
    address: String,
    /// From when on listings hold: when they were made.
    valid_from: String,
    folder: String,
    pages: &'a Spool,
    pace: Pace,
    tell: &'a dyn Fn(Told<'_>),
}

/// A listing as far as it came.
struct Listed {
    entries: Vec<Value>,
    /// Why the rest is lacking.
    refused: Option<AwsCause>,
}

/// What of an instance was read.
#[derive(Default)]
struct Came {
    files: Vec<LogFile>,
    problems: Vec<Problem>,
}

/// Adds an instance's directory, and contacts that are wanted, to what was found.
///
/// # Errors
/// When nothing can be had. Where some of it is lacking, that becomes a
/// [`Problem`].
pub(crate) fn find(
    aws: &Aws,
    instance: &str,
    wanted: &Wanted<'_>,
    pages: &Spool,
    found: &mut Found,
) -> Result<(), SourceError> {
    let config = match Instance::region_of(instance) {
        Some(region) => aws.config_in(region),
        None => aws.config().clone(),
    };
    let client = Client::new(&config);
    let pace = Pace::per_second(REQUESTS_A_SECOND);
    let address = format!("connect:{instance}");
    let instance = aws.wait(Instance::named(instance, &client, &pace))??;
    let valid_from = moment(now_seconds());
    let connect = Connect {
        folder: format!(
            "connect/{}/{}",
            instance.id,
            valid_from.replace(['-', ':'], "")
        ),
        client,
        instance,
        address,
        valid_from,
        pages,
        pace,
        tell: wanted.tell,
    };
    let mut came = Came::default();
    aws.wait(connect.read(wanted, &mut came))??;
    found.inputs.extend(came.files.into_iter().map(Input::File));
    found.problems.append(&mut came.problems);
    Ok(())
}

impl Connect<'_> {
    async fn read(&self, wanted: &Wanted<'_>, came: &mut Came) -> Result<(), SourceError> {
        self.read_directory(came).await?;
        self.read_storage(came).await?;
        self.read_contacts(&wanted.contact_ids, came).await
    }

    /// Writes a listing, and notes what is lacking. A listing that is not whole
    /// says so as a page does, and nobody counts as gone by it.
    fn keep(
        &self,
        came: &mut Came,
        name: &str,
        mut document: Value,
        listed: Listed,
    ) -> Result<(), SourceError> {
        let Listed { refused, .. } = listed;
        if let Some(cause) = refused {
            document["NextToken"] = Value::from("more");
            self.lacking(came, name, cause.clone())?;
        }
        document["valid_from"] = Value::from(self.valid_from.as_str());
        let file = self.write(name, &document)?;
        came.files.push(file);
        Ok(())
    }

    fn write(&self, name: &str, document: &Value) -> Result<LogFile, SourceError> {
        self.pages.write(
            &format!("{}/{name}.json", self.folder),
            &format!("{} {name}", self.address),
            document.to_string().as_bytes(),
        )
    }

    /// Notes what is lacking; ends the run where everything else would be, too.
    fn lacking(&self, came: &mut Came, name: &str, cause: AwsCause) -> Result<(), SourceError> {
        if came.files.is_empty() && cause.ends_all() {
            let doing = format!("read {name} of {}", self.address);
            return Err(crate::AwsError { doing, cause }.into());
        }
        came.problems.push(Problem {
            origin: format!("{} {name}", self.address),
            why: ProblemReason::Gap(Gap::Listing { cause }),
        });
        Ok(())
    }

    fn call(&self, what: &str, action: &'static str) -> Call {
        Call {
            doing: format!("read {what} of {}", self.address),
            action,
            resource: self.instance.arn.clone(),
            what: "instance",
        }
    }

    fn progress(&self, what: &str) {
        (self.tell)(Told::Progress(&format!("{}: {what}", self.address)));
    }
}
