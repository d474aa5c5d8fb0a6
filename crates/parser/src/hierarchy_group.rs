//! Groups of the agent hierarchy, as `list-user-hierarchy-groups`,
//! `search-user-hierarchy-groups` and `describe-user-hierarchy-group` print them.
//!
//! Source: Amazon Connect API Reference, `HierarchyGroupSummary`,
//! `HierarchyGroup`, `HierarchyPath`.

use crate::tolerant::Text;
use crate::tolerant_record::tolerant_record;

tolerant_record! {
    /// A group of the agent hierarchy.
    pub struct HierarchyGroup<'a> {
        /// The group's id, a UUID.
        "Id" => id: Text<'a>,
        /// `arn:aws:connect:…:instance/ID/agent-group/GROUP-ID`.
        "Arn" => arn: Text<'a>,
        /// The name.
        "Name" => name: Text<'a>,
        /// The groups above it, and it; a summary leaves it out.
        "HierarchyPath" => path: HierarchyPath<'a>,
    }
}

tolerant_record! {
    /// The groups from the top of the hierarchy down to one.
    pub struct HierarchyPath<'a> {
        /// The topmost.
        "LevelOne" => level_one: HierarchyLevel<'a>,
        /// Below it.
        "LevelTwo" => level_two: HierarchyLevel<'a>,
        /// Below that.
        "LevelThree" => level_three: HierarchyLevel<'a>,
        /// Below that.
        "LevelFour" => level_four: HierarchyLevel<'a>,
        /// The lowest that there can be.
        "LevelFive" => level_five: HierarchyLevel<'a>,
    }
}

tolerant_record! {
    /// A group as its path names it.
    pub struct HierarchyLevel<'a> {
        /// The group's id.
        "Id" => id: Text<'a>,
        /// The name.
        "Name" => name: Text<'a>,
    }
}

impl HierarchyGroup<'_> {
    /// Tells whether this is a hierarchy group of Connect.
    pub fn is_of_connect(&self) -> bool {
        let of_connect = self.arn.get().is_none_or(|arn| arn.contains(":connect:"));
        of_connect && self.id.get().is_some()
    }

    /// Returns the ids from the topmost group down to this one; none where the
    /// path is not told.
    pub fn path_ids(&self) -> impl Iterator<Item = &str> {
        let path = &self.path;
        let levels = [
            &path.level_one,
            &path.level_two,
            &path.level_three,
            &path.level_four,
            &path.level_five,
        ];
        levels.into_iter().filter_map(|level| level.id.get())
    }
}
