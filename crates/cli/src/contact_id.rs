use std::fmt;
use std::str::FromStr;

/// A contact id as it was typed, in the form that Amazon Connect gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContactId(String);

/// The text is no contact id, so no contact can have it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a contact id; it has 36 characters, such as 12345678-1234-1234-1234-123456789012, and stands in the contact's details"
)]
pub(crate) struct NotAContactId;

impl FromStr for ContactId {
    type Err = NotAContactId;

    fn from_str(text: &str) -> Result<Self, NotAContactId> {
        let text = text.trim();
        let groups = text.split('-').map(|group| {
            let plain = group.bytes().all(|byte| byte.is_ascii_alphanumeric());
            plain.then_some(group.len())
        });
        // Letters past f are let through: AWS's own examples have them.
        if groups.eq([8, 4, 4, 4, 12].map(Some)) {
            Ok(ContactId(text.to_owned()))
        } else {
            Err(NotAContactId)
        }
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_as_it_was_typed() {
        let typed = " 0a1b2c3d-1111-2222-3333-EXAMPLE00001 ";
        let id: ContactId = typed.parse().unwrap();
        assert_eq!(id.to_string(), typed.trim());
    }

    #[test]
    fn what_no_contact_can_have_is_refused() {
        for text in [
            "",
            "ana",
            "0a1b2c3d-1111-2222-3333",
            "0a1b2c3d-1111-2222-3333-44445555666",
            "0a1b2c3d111122223333444455556666",
            "0a1b2c3d-1111-2222-3333-44445555666é",
            "0a1b2c3d-1111-2222-3333-444455556666-7",
        ] {
            assert_eq!(text.parse::<ContactId>(), Err(NotAContactId), "{text}");
        }
    }
}
