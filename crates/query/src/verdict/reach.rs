//! Whether a contact is one that a person limited to their hierarchy group may
//! reach.
//!
//! Source: Amazon Connect Administrator Guide, "Search for completed and
//! in-progress contacts", section "Manage who can search for contacts": contacts
//! handled by agents in the person's group and in any groups below it. The
//! contact record has the agent's groups as of the contact; the directory stands
//! in where it leaves them out.

use super::Case;
use crate::contacts::Contact;
use crate::symbols::Symbol;

/// Whether a contact is one that a restricted person may reach.
pub(super) enum Reach {
    Inside,
    Outside,
    Unknown(String),
}

impl Reach {
    fn of(is_inside: bool) -> Reach {
        if is_inside {
            Reach::Inside
        } else {
            Reach::Outside
        }
    }
}

impl Case<'_> {
    /// Finds out whether a contact is within reach of somebody who is limited to
    /// `group`, the groups below it, and their own contacts.
    pub(super) fn reach(&mut self, group: Symbol, contact: Option<&Contact>) -> Reach {
        let unknown = |missing: &str| Reach::Unknown(missing.to_owned());
        let symbols = &self.evidence.names.symbols;
        let Some(contact) = contact else {
            return unknown("the contact's record, which names its agent");
        };
        let agent = contact.agent_user_id;
        if agent.is_none() {
            return unknown("the contact's agent");
        }
        if agent == self.person.user_id {
            return Reach::Inside;
        }
        if group.is_none() {
            return unknown("the person's hierarchy group: the directory names none");
        }
        if let Some(path) = symbols.get(contact.agent_group_path) {
            let is_inside = path.split('/').any(|id| id == symbols.str(group));
            let name = symbols.get(contact.agent_group);
            let lowest = path.rsplit('/').next().unwrap_or_default();
            self.verdict.agent_group = name.unwrap_or(lowest).to_owned();
            return Reach::of(is_inside);
        }
        let given = self.evidence.directory.assignment(agent, self.person.time);
        if given.is_empty() {
            return unknown("the agent's hierarchy group (search-users or describe-user)");
        }
        self.rest_on(given);
        let agent_group = given.iter().map(|dated| dated.said.group);
        let Some(agent_group) = agent_group.clone().find(|group| !group.is_none()) else {
            "none".clone_into(&mut self.verdict.agent_group);
            return Reach::Outside;
        };
        self.verdict.agent_group = self.group_name(agent_group);
        if agent_group == group {
            return Reach::Inside;
        }
        let told = self.evidence.directory.group(agent_group, self.person.time);
        let placed: Vec<_> = told
            .iter()
            .filter(|dated| !dated.said.path.is_empty())
            .collect();
        if placed.is_empty() {
            return Reach::Unknown(format!(
                "where the hierarchy group '{}' stands (describe-user-hierarchy-group)",
                self.verdict.agent_group
            ));
        }
        let is_inside = placed.iter().any(|dated| dated.said.path.contains(&group));
        self.rest_on(placed);
        Reach::of(is_inside)
    }
}
