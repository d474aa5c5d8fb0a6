#[cfg(not(feature = "aws"))]
use std::convert::Infallible;

#[cfg(feature = "aws")]
use crate::aws::Kept;
use crate::{AwsOptions, S3Place, SourceError, Stop};

/// What lies under a prefix of a bucket, as a folder that files are put into.
#[derive(Debug)]
pub struct S3Folder(
    #[cfg(feature = "aws")] Kept,
    /// Without AWS there is none.
    #[cfg(not(feature = "aws"))]
    Infallible,
);

#[cfg(feature = "aws")]
impl S3Folder {
    /// Lists what is there.
    ///
    /// # Errors
    /// When the bucket cannot be listed, or the user stops the run.
    pub fn open(
        place: &S3Place,
        options: &AwsOptions,
        stop: Stop,
    ) -> Result<S3Folder, SourceError> {
        Kept::open(place, options, stop).map(S3Folder)
    }

    /// Iterates over the names that were there, below the prefix.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.names()
    }

    /// Reads what was there; none where nothing was.
    ///
    /// # Errors
    /// When it is another content by now, or cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SourceError> {
        self.0.get(name)
    }

    /// Reads what is there now; none where nothing is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn look_up(&self, name: &str) -> Result<Option<Vec<u8>>, SourceError> {
        self.0.look_up(name)
    }

    /// Puts bytes there, whole. Unless it `replaces`, what is there stays: then it
    /// returns false.
    ///
    /// # Errors
    /// When AWS refuses.
    pub fn put(&self, name: &str, bytes: &[u8], replaces: bool) -> Result<bool, SourceError> {
        self.0.put(name, bytes, replaces)
    }

    /// Removes what is there.
    ///
    /// # Errors
    /// When AWS refuses.
    pub fn remove(&self, name: &str) -> Result<(), SourceError> {
        self.0.remove(name)
    }
}

#[cfg(not(feature = "aws"))]
impl S3Folder {
    /// Says that this build has no way there.
    ///
    /// # Errors
    /// Always.
    pub fn open(place: &S3Place, _: &AwsOptions, _: Stop) -> Result<S3Folder, SourceError> {
        let address = crate::Address::S3(place.clone());
        Err(crate::remote::not_built_in(&address, "aws"))
    }

    /// There is none.
    pub fn names(&self) -> std::iter::Empty<&str> {
        match self.0 {}
    }

    /// There is none.
    ///
    /// # Errors
    /// Never.
    pub fn get(&self, _: &str) -> Result<Option<Vec<u8>>, SourceError> {
        match self.0 {}
    }

    /// There is none.
    ///
    /// # Errors
    /// Never.
    pub fn look_up(&self, _: &str) -> Result<Option<Vec<u8>>, SourceError> {
        match self.0 {}
    }

    /// There is none.
    ///
    /// # Errors
    /// Never.
    pub fn put(&self, _: &str, _: &[u8], _: bool) -> Result<bool, SourceError> {
        match self.0 {}
    }

    /// There is none.
    ///
    /// # Errors
    /// Never.
    pub fn remove(&self, _: &str) -> Result<(), SourceError> {
        match self.0 {}
    }
}
