use clap::Args;
use earwitness_sources::AwsOptions;

/// How AWS is reached, where inputs lie there.
#[derive(Args, Debug, Clone)]
pub(crate) struct AwsArgs {
    /// Uses this profile of your AWS configuration.
    #[arg(long, value_name = "NAME", help_heading = "How AWS is reached")]
    profile: Option<String>,

    /// Asks in this region, in place of the profile's.
    #[arg(long, value_name = "REGION", help_heading = "How AWS is reached")]
    region: Option<String>,

    /// Asks this URL in place of AWS's own, as for a VPC endpoint.
    #[arg(long, value_name = "URL", help_heading = "How AWS is reached")]
    endpoint_url: Option<String>,
}

impl From<&AwsArgs> for AwsOptions {
    fn from(args: &AwsArgs) -> AwsOptions {
        AwsOptions {
            profile: args.profile.clone(),
            region: args.region.clone(),
            endpoint_url: args.endpoint_url.clone(),
        }
    }
}
