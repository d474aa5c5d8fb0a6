use clap::builder::NonEmptyStringValueParser;
use clap::{Args, value_parser};

use crate::contact_id::ContactId;

/// What is asked of a report beyond its SQL.
#[derive(Args, Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WantedArgs {
    /// Keeps what this user did, by user name, user id or the actor that a report shows.
    #[arg(
        long,
        value_name = "USER",
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = "Which rows"
    )]
    pub(crate) user: Option<String>,

    /// Keeps what was done to the recordings of this contact.
    #[arg(long, value_name = "UUID", help_heading = "Which rows")]
    pub(crate) contact_id: Option<ContactId>,

    /// Keeps what was done in this bucket.
    #[arg(
        long,
        value_name = "NAME",
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = "Which rows"
    )]
    pub(crate) bucket: Option<String>,

    /// Counts reads of a recording as one sitting while pauses are no longer, in minutes up to 1440
    /// [default: 30].
    #[arg(
        long = "gap",
        value_name = "MINUTES",
        allow_negative_numbers = true,
        value_parser = value_parser!(u32).range(0..=1440),
        help_heading = "Which rows"
    )]
    pub(crate) gap_minutes: Option<u32>,

    /// Sets a parameter that the report has, such as factor=5; `earwitness reports NAME` lists them.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = super::parameter, help_heading = "Which rows")]
    pub(crate) parameters: Vec<(String, String)>,
}

impl WantedArgs {
    /// Returns all of it, to tell one question from another.
    pub(crate) fn said(&self) -> serde_json::Value {
        serde_json::json!([
            self.user,
            self.contact_id.as_ref().map(ToString::to_string),
            self.bucket,
            self.gap_minutes,
            self.parameters,
        ])
    }
}
