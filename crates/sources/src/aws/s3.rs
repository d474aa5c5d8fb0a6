//! Finds the objects that an address of S3 names.

use std::sync::Arc;

use super::bucket::{Bucket, Reached};
use super::listing::{Days, Listing};
use super::object::{Listed, Part, S3Object};
use super::session::Aws;
use super::trail_key::{Kind, Level};
use crate::find::Found;
use crate::origin::shown_text;
use crate::problem::{Problem, ProblemReason};
use crate::{Input, S3Place, SourceError, Told, Wanted};

/// Adds the objects under a prefix that the run wants, in the order of their
/// keys.
///
/// A prefix means what a folder does: all that lies below it, or the one object
/// of the name. Where it leads into the layout that CloudTrail delivers to, only
/// the days that can hold what is wanted are listed.
///
/// # Errors
/// When the bucket cannot be listed at all, and when nothing is there.
pub(crate) fn find(
    aws: &Arc<Aws>,
    place: &S3Place,
    wanted: &Wanted<'_>,
    found: &mut Found,
) -> Result<(), SourceError> {
    (wanted.tell)(Told::Progress(&format!("listing {place}")));
    let Reached { bucket, first } = Bucket::reach(aws, place)?;
    let bucket = Arc::new(bucket);
    let mut listing = Listing::new(Arc::clone(&bucket), place, Days::of(wanted), wanted.digests);
    let folder = match place.prefix.as_str() {
        "" => String::new(),
        prefix if prefix.ends_with('/') => prefix.to_owned(),
        prefix => {
            if let Some(object) = &first
                && object.key() == Some(prefix)
            {
                listing.add(object);
            }
            format!("{prefix}/")
        }
    };
    aws.wait(listing.list(folder, wanted.tell))?;
    let listed = listing.objects.len();
    if listed == 0 && listing.problems.is_empty() {
        return Err(SourceError::Nothing {
            address: place.to_string(),
            why: nothing_there(
                place,
                first.as_ref().and_then(|object| object.key()),
                &listing,
            ),
        });
    }
    let note = listing.note(place);
    listing
        .objects
        .sort_unstable_by(|one, other| one.key.cmp(&other.key));
    for object in std::mem::take(&mut listing.objects) {
        add(aws, &Arc::new(object), wanted, found);
    }
    for (prefix, cause) in listing.problems {
        found.problems.push(Problem {
            origin: format!("s3://{}/{}", bucket.name, shown_text(&prefix)),
            why: ProblemReason::Aws(cause),
        });
    }
    (wanted.tell)(Told::Note(&note));
    Ok(())
}

/// Adds an object once, and the metadata of a digest behind it.
fn add(aws: &Arc<Aws>, listed: &Arc<Listed>, wanted: &Wanted<'_>, found: &mut Found) {
    let place = (listed.bucket.name.clone(), listed.key.clone());
    if !found.objects.insert(place) {
        return;
    }
    let object = |part| Input::Object(S3Object::new(aws, listed, part));
    found.inputs.push(object(Part::Content));
    if wanted.digests && Level::of(&listed.key).kind() == Some(Kind::Digests) {
        found.inputs.push(object(Part::Metadata));
    }
}

/// Says why there is nothing to read, as far as it can be seen.
fn nothing_there(place: &S3Place, first: Option<&str>, listing: &Listing) -> String {
    let look = format!("`aws s3 ls {place}` shows what is there");
    match first {
        Some(_) if listing.has_other_days() => format!(
            "there is no object in the days that were asked for, {}; {look}",
            listing.days()
        ),
        Some(_) if listing.left_aside() > 0 => format!("{}; {look}", listing.note(place)),
        Some(key) if !place.prefix.ends_with('/') && !place.prefix.is_empty() => format!(
            "there is no object of this name and none below it; the first key that begins with it is {}",
            shown_text(key)
        ),
        None if place.prefix.contains('*') => format!(
            "no key begins with it: `*` is no pattern here; name the part before it, and {look}"
        ),
        _ => format!("no key begins with it; {look}"),
    }
}
