//! Reads contact records again: all of them, or those that events lead to.

use std::collections::HashMap;

use earwitness_parser::{ContactInterest, Reader};
use earwitness_query::{Batch, ContactIds, Gathering, PickedContacts};
use rayon::prelude::*;

use super::{Key, Lake, Needs};
use crate::contact_records::{self, ContactIndex};
use crate::contact_rows::{self, ObjectHashes, object_hash};
use crate::data_file::OpenFile;
use crate::error::LakeError;
use crate::event_columns::{INPUT, INPUT_VERSION, RECORD};
use crate::ledger::Table;
use crate::state::Listed;

impl Lake {
    /// Tells whether no contact records are to be read but those that events lead
    /// to. An earlier release wrote them without what leads there.
    pub(super) fn picks_contacts(&self, needs: &Needs<'_>) -> bool {
        let mut files = self.files(Table::Contacts);
        needs.interest.contacts() == ContactInterest::OfEvents
            && files.all(|(_, file)| file.recording_buckets.is_some())
    }

    /// Takes in the contact records that the events gathered so far lead to, and
    /// what is to be known of the others: that they are there, their agents and
    /// their buckets.
    pub(super) fn pick_contacts(
        &self,
        needs: &Needs<'_>,
        gathering: &mut Gathering,
    ) -> Result<(), LakeError> {
        let objects = gathering.objects_of_events();
        let objects: ObjectHashes = objects
            .par_iter()
            .map(|(bucket, key)| object_hash(bucket, key))
            .collect();
        let groups: Vec<_> = self.groups(Table::Contacts).collect();
        let indexed: Result<Vec<(PickedContacts, ContactIndex)>, LakeError> = groups
            .par_iter()
            .map(|(file, group)| self.index_of(*file, *group, needs, &objects))
            .collect();
        let (mut picked, indices): (Vec<_>, Vec<_>) = indexed?.into_iter().unzip();

        let mut contacts = gathering.contacts_of_events();
        contacts.extend(indices.iter().flat_map(ContactIndex::contacts_by_object));
        let brought: Result<Vec<PickedContacts>, LakeError> = groups
            .par_iter()
            .zip(&indices)
            .map(|((file, group), index)| self.pick_from(*file, *group, needs, index, &contacts))
            .collect();
        picked.extend(brought?);
        let buckets = self.files(Table::Contacts);
        let buckets = buckets.flat_map(|(_, file)| file.recording_buckets.iter().flatten());
        gathering.learn_buckets_of_contacts(buckets.map(String::as_str));
        gathering.absorb_picked_contacts(picked);
        Ok(())
    }

    fn index_of(
        &self,
        (ledger, file): Listed<'_>,
        group: usize,
        needs: &Needs<'_>,
        objects: &ObjectHashes,
    ) -> Result<(PickedContacts, ContactIndex), LakeError> {
        needs.go_on()?;
        let open = OpenFile::new(&self.folder, ledger, file);
        let frame = open.group(group, contact_records::index_columns())?;
        let mut picked = PickedContacts::default();
        let index = ContactIndex::of(&frame, objects, &mut picked);
        let index = index.map_err(|_| open.damaged(NO_CONTACTS))?;
        Ok((picked, index))
    }

    fn pick_from(
        &self,
        (ledger, file): Listed<'_>,
        group: usize,
        needs: &Needs<'_>,
        index: &ContactIndex,
        contacts: &ContactIds,
    ) -> Result<PickedContacts, LakeError> {
        needs.go_on()?;
        let mut picked = PickedContacts::default();
        let rows = index.rows(contacts);
        if !rows.is_empty() {
            let open = OpenFile::new(&self.folder, ledger, file);
            let frame = open.group(group, contact_records::columns())?;
            let fits = contact_records::pick(&frame, &rows, &mut picked);
            fits.ok()
                .flatten()
                .ok_or_else(|| open.damaged(NO_CONTACTS))?;
        }
        Ok(picked)
    }

    /// Reads contact records again, those of each input together.
    pub(super) fn contacts(
        &self,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
    ) -> Result<Vec<(u32, Batch)>, LakeError> {
        let files: Vec<Listed<'_>> = self.files(Table::Contacts).collect();
        let read: Result<Vec<Vec<(u32, Batch)>>, LakeError> = files
            .par_iter()
            .map_init(
                || Reader::new(needs.interest.clone(), usize::MAX),
                |reader, file| self.contacts_of(*file, needs, order, reader),
            )
            .collect();
        Ok(read?.into_iter().flatten().collect())
    }

    fn contacts_of(
        &self,
        (ledger, file): Listed<'_>,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
        reader: &mut Reader,
    ) -> Result<Vec<(u32, Batch)>, LakeError> {
        let open = OpenFile::new(&self.folder, ledger, file);
        let mut batches = Vec::new();
        let mut text: Vec<u8> = Vec::new();
        let mut current: Option<(String, u32)> = None;
        let mut end = |current: &mut Option<(String, u32)>, text: &mut Vec<u8>| {
            if let Some((name, version)) = current.take()
                && let Some(place) = order.get(&(name.as_str(), version))
            {
                let batch = Batch::read(&name, text, reader, &needs.window);
                batches.push((*place, batch));
            }
            text.clear();
        };
        for group in 0..file.groups.len() {
            needs.go_on()?;
            let frame = open.group(group, contact_rows::columns())?;
            let damaged = |_| open.damaged(NO_CONTACTS);
            let column = |name: &str| frame.column(name).map_err(damaged);
            let names = column(INPUT)?.as_materialized_series();
            let names = names.str().map_err(damaged)?;
            let versions = column(INPUT_VERSION)?.as_materialized_series();
            let versions = versions.u32().map_err(damaged)?;
            let records = column(RECORD)?.as_materialized_series();
            let records = records.str().map_err(damaged)?;
            for row in 0..frame.height() {
                let (Some(name), Some(version), Some(record)) =
                    (names.get(row), versions.get(row), records.get(row))
                else {
                    return Err(open.damaged("a contact record has no input or no text"));
                };
                let same = |(current, of): &(String, u32)| current == name && *of == version;
                if !current.as_ref().is_some_and(same) {
                    end(&mut current, &mut text);
                    current = Some((name.to_owned(), version));
                }
                text.extend_from_slice(record.as_bytes());
                text.push(b'\n');
            }
        }
        end(&mut current, &mut text);
        Ok(batches)
    }
}

const NO_CONTACTS: &str = "its columns are not those of contact records";
