use std::ffi::OsString;
use std::path::Path;

use crate::Input;
use crate::origin::shown;
#[cfg(feature = "aws")]
use crate::{Address, origin::shown_text};

/// Names inputs by what they are to the arguments and not by where these lie: a
/// file in a folder by its path below the folder, any other by its own name. In
/// the order of the names.
pub fn relative_to_arguments(inputs: &[Input], arguments: &[OsString]) -> Vec<Input> {
    let mut named: Vec<Input> = inputs
        .iter()
        .map(|input| match input {
            Input::File(file) => {
                let below = arguments
                    .iter()
                    .filter_map(|argument| file.path().strip_prefix(Path::new(argument)).ok())
                    .find(|below| !below.as_os_str().is_empty());
                let name = file.path().file_name().map(Path::new);
                let name = below.or(name).unwrap_or(file.path());
                Input::File(file.named(shown(name)))
            }
            Input::Stdin => Input::Stdin,
            #[cfg(feature = "aws")]
            Input::Object(object) => {
                let key = object.key();
                let mut places = arguments.iter().filter_map(|argument| {
                    match Address::parse(argument.to_str()?)?.ok()? {
                        Address::S3(place) if place.bucket == object.bucket() => Some(place.prefix),
                        _ => None,
                    }
                });
                let below = places.find_map(|prefix| Some(key.strip_prefix(&prefix)?.to_owned()));
                let below = below.as_deref().map(|key| key.trim_start_matches('/'));
                let name = key.rsplit('/').next();
                let name = below.filter(|name| !name.is_empty()).or(name);
                Input::Object(object.named(&shown_text(name.unwrap_or(&key))))
            }
        })
        .collect();
    named.sort_by(|one, other| one.origin().cmp(other.origin()));
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use crate::{Wanted, find};

    #[test]
    fn a_name_does_not_tell_where_the_folder_lies() {
        let scratch = Scratch::new();
        let lone = scratch.file("lone.json", b"1");
        scratch.file("trail/b/2.json", b"2");
        scratch.file("trail/a.json", b"3");
        let folder = lone.parent().unwrap().join("trail");
        let arguments = [lone.into(), folder.into()];
        let found = find(&arguments, &Wanted::everything()).unwrap();
        let named = relative_to_arguments(&found.inputs, &arguments);
        let names: Vec<&str> = named.iter().map(Input::origin).collect();
        assert_eq!(names, ["a.json", "b/2.json", "lone.json"]);
        let mut bytes = Vec::new();
        named[1].read(&mut bytes).unwrap();
        assert_eq!(bytes, b"2");
    }
}
