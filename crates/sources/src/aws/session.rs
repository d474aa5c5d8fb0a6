use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::runtime::{Builder, Handle, Runtime};

use super::ahead::Shelf;
use super::answer::said;
use crate::{AwsCause, AwsError, AwsOptions, SourceError, Stop};

/// How often a request is made before it is given up, the first time included.
/// Waiting doubles from one second to twenty: a minute in all.
pub(crate) const ATTEMPTS: u32 = 6;
/// How long a connection may take, and how long an answer may keep silent.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether the user wants the run to end.
const LOOK: Duration = Duration::from_millis(50);

/// The way to AWS for one run: where it is asked, as whom, and what waits for its
/// answers.
pub(crate) struct Aws {
    handle: Handle,
    /// Only to be shut down.
    runtime: Option<Runtime>,
    config: SdkConfig,
    stop: Stop,
    /// Objects that were brought before they were asked for.
    pub(crate) shelf: Shelf,
    /// Why nothing can be had any more.
    pub(crate) lost: OnceLock<AwsCause>,
}

impl Aws {
    /// Sets everything up from the user's configuration and gets credentials.
    ///
    /// # Errors
    /// When there are no credentials, or the user stops the run.
    pub(crate) fn begin(options: &AwsOptions, stop: Stop) -> Result<Aws, SourceError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("aws")
            .enable_all()
            .build()
            .map_err(|source| SourceError::Read {
                origin: "from the network".to_owned(),
                source,
            })?;
        let handle = runtime.handle().clone();
        let config = wait(&handle, &stop, load(options))?;
        let aws = Aws {
            shelf: Shelf::new(handle.clone()),
            lost: OnceLock::new(),
            handle,
            runtime: Some(runtime),
            config,
            stop,
        };
        if let Some(provider) = aws.config.credentials_provider() {
            let credentials = aws.wait(provider.provide_credentials())?;
            credentials.map_err(|error| AwsError {
                doing: "ask AWS".to_owned(),
                cause: without_credentials(&error),
            })?;
        }
        Ok(aws)
    }

    /// Returns what the clients of all services are made from.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// Returns what the clients of a region are made from, whichever region is
    /// the user's own.
    pub(crate) fn config_in(&self, region: &str) -> SdkConfig {
        let region = Region::new(region.to_owned());
        self.config.to_builder().region(region).build()
    }

    /// Waits for an answer.
    ///
    /// # Errors
    /// When the user stops the run meanwhile.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> Result<T, SourceError> {
        wait(&self.handle, &self.stop, answer)
    }

    /// Waits for an answer even where the user stops the run; it is bounded.
    pub(crate) fn finish<T>(&self, answer: impl Future<Output = T>) -> T {
        self.handle.block_on(answer)
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        // A name that is being looked up would otherwise be waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The configuration has credentials in it.
        f.debug_struct("Aws").finish_non_exhaustive()
    }
}

async fn load(options: &AwsOptions) -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(url) = &options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    loader.load().await
}

fn wait<T>(
    handle: &Handle,
    stop: &Stop,
    answer: impl Future<Output = T>,
) -> Result<T, SourceError> {
    let stopped = async {
        while !stop() {
            tokio::time::sleep(LOOK).await;
        }
    };
    handle.block_on(async {
        tokio::select! {
            biased;
            answer = answer => Ok(answer),
            () = stopped => Err(SourceError::Stopped),
        }
    })
}

fn without_credentials(error: &CredentialsError) -> AwsCause {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => AwsCause::NoCredentials,
        other => match said(other) {
            // The machine itself is asked last, where nothing else has any; that it
            // has none is no error of its own.
            said if said.contains("IMDS") => AwsCause::NoCredentials,
            said => AwsCause::Credentials { said },
        },
    }
}
