use aws_sdk_connect::Client;

use super::super::Call;
use super::super::pace::Pace;
use crate::SourceError;
use crate::origin::shown_text;

/// So many other instances are named.
const MOST_OFFERED: usize = 5;

/// An instance of Amazon Connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instance {
    pub(crate) id: String,
    /// The ARN; a pattern of it where only the id is known.
    pub(crate) arn: String,
}

impl Instance {
    /// Returns the region that an ARN names.
    pub(crate) fn region_of(text: &str) -> Option<&str> {
        text.starts_with("arn:").then(|| text.split(':').nth(3))?
    }

    /// Finds an instance by its id, its ARN, or its alias, for which AWS is asked.
    pub(crate) async fn named(
        text: &str,
        client: &Client,
        pace: &Pace,
    ) -> Result<Instance, SourceError> {
        if let Some((_, id)) = text.rsplit_once(":instance/") {
            return Ok(Instance {
                id: id.to_owned(),
                arn: text.to_owned(),
            });
        }
        if is_id(text) {
            return Ok(Instance {
                id: text.to_owned(),
                arn: format!("arn:aws:connect:*:*:instance/{text}"),
            });
        }
        let call = Call {
            doing: format!("find connect:{text}"),
            action: "connect:ListInstances",
            resource: "*".to_owned(),
            what: "instance",
        };
        let (mut token, mut others) = (None, Vec::new());
        loop {
            pace.turn().await;
            let page = client.list_instances().set_next_token(token.take()).send();
            let page = page.await.map_err(|error| call.failed(&error))?;
            for instance in page.instance_summary_list.unwrap_or_default() {
                let (Some(alias), Some(id)) = (instance.instance_alias, instance.id) else {
                    continue;
                };
                if alias.eq_ignore_ascii_case(text) {
                    let arn = instance.arn.unwrap_or_default();
                    return Ok(Instance { id, arn });
                }
                others.push(shown_text(&alias));
            }
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        others.truncate(MOST_OFFERED);
        let there = match others.as_slice() {
            [] => "there is no instance at all".to_owned(),
            others => format!("there is {}", others.join(", ")),
        };
        Err(SourceError::Nothing {
            address: format!("connect:{text}"),
            why: format!(
                "no instance of this region has that alias; {there}; --region and --profile lead to others"
            ),
        })
    }
}

/// Tells whether a text is a UUID, as instances' ids are.
fn is_id(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_aliases() {
        assert!(is_id("11111111-2222-3333-4444-5555aaaabbbb"));
        for alias in ["example-centre", "11111111-2222-3333-4444", "", "a-b-c-d-e"] {
            assert!(!is_id(alias), "{alias}");
        }
        let arn = "arn:aws:connect:eu-central-1:111122223333:instance/11111111-2222-3333-4444-5555aaaabbbb";
        assert_eq!(Instance::region_of(arn), Some("eu-central-1"));
        assert_eq!(Instance::region_of("example-centre"), None);
    }
}
