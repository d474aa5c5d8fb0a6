//! Gzip members with a modification time of zero.

use std::io::{Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use libdeflater::{CompressionLvl, Compressor};

use crate::{Error, Result};

/// Compresses whole buffers, reusing its memory.
pub(crate) struct Gzip(Compressor);

impl Gzip {
    pub(crate) fn new() -> Self {
        Self(Compressor::new(CompressionLvl::default()))
    }

    /// One gzip member.
    pub(crate) fn member(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut member = vec![0; self.0.gzip_compress_bound(bytes.len())];
        let length = self
            .0
            .gzip_compress(bytes, &mut member)
            .map_err(|_| Error::Compress { bytes: bytes.len() })?;
        member.truncate(length);
        Ok(member)
    }
}

/// Compresses bytes into one gzip member.
///
/// # Errors
/// When they cannot be compressed.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    Gzip::new().member(bytes)
}

/// What can still be read of gzip members, the last of which may be cut.
pub(crate) fn readable_part(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = MultiGzDecoder::new(bytes);
    let mut readable = Vec::new();
    let mut piece = [0; 256];
    while let Ok(length @ 1..) = decoder.read(&mut piece) {
        readable.extend_from_slice(&piece[..length]);
    }
    readable
}

/// Returns a gzip stream that inflates to `inflated_bytes` bytes of JSON:
/// an empty `Records` list with a great deal of white space in it.
///
/// # Errors
/// When the stream cannot be compressed.
pub fn gzip_bomb(inflated_bytes: u64) -> Result<Vec<u8>> {
    let (head, tail) = (b"{\"Records\":[", b"]}");
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(head)?;
    let mut left = inflated_bytes.saturating_sub((head.len() + tail.len()) as u64);
    let spaces = [b' '; 65_536];
    while left > 0 {
        let length = left.min(spaces.len() as u64) as usize;
        encoder.write_all(&spaces[..length])?;
        left -= length as u64;
    }
    encoder.write_all(tail)?;
    Ok(encoder.finish()?)
}
