//! Where an instance of Amazon Connect keeps recordings.

#[cfg(feature = "connect")]
use serde_json::{Value, json};

use super::Asking;
use crate::SourceError;
#[cfg(feature = "connect")]
use crate::aws::{
    connect::{Instance, STORED, storage_json},
    pace::Pace,
    settings::said,
};

#[cfg(not(feature = "connect"))]
impl Asking<'_> {
    /// Says what is missing.
    #[expect(clippy::unused_self, reason = "other builds ask with it")]
    pub(super) fn instance(&mut self, name: &str) -> Result<Vec<String>, SourceError> {
        let address = crate::Address::Connect {
            instance: name.to_owned(),
        };
        Err(crate::remote::not_built_in(&address, "connect"))
    }
}

#[cfg(feature = "connect")]
impl Asking<'_> {
    /// Asks where each kind of recording goes, and returns the buckets.
    pub(super) fn instance(&mut self, name: &str) -> Result<Vec<String>, SourceError> {
        let config = match Instance::region_of(name) {
            Some(region) => self.aws.config_in(region),
            None => self.aws.config().clone(),
        };
        let client = aws_sdk_connect::Client::new(&config);
        let pace = Pace::per_second(2);
        let instance = self.aws.wait(Instance::named(name, &client, &pace))??;
        let mut buckets = Vec::new();
        for kind in STORED {
            let request = client
                .list_instance_storage_configs()
                .instance_id(&instance.id);
            let request = async {
                pace.turn().await;
                request.resource_type(kind.clone()).send().await
            };
            let answer = self.ask(
                "list-instance-storage-configs",
                kind.as_str(),
                request,
                |answer| {
                    let configs = answer.storage_configs.unwrap_or_default().into_iter();
                    said(json!({ "StorageConfigs": configs.map(storage_json).collect::<Vec<_>>() }))
                },
            )?;
            let configs = answer.and_then(|said| said["StorageConfigs"].as_array());
            let bucket =
                |config: &Value| config["S3Config"]["BucketName"].as_str().map(str::to_owned);
            buckets.extend(configs.into_iter().flatten().filter_map(bucket));
        }
        Ok(buckets)
    }
}
