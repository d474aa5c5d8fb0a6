//! Gzip, of any number of members, into one reused buffer.

use flate2::bufread::GzDecoder;
use libdeflater::Decompressor;
use memchr::memmem;
use std::io::Read;

use crate::reject::RejectReason;

const MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];
/// No deflate stream inflates by more: 258 bytes from two bits.
const MAX_RATIO: usize = 1032;
/// Logs inflate to ten or twenty times their size; beyond this, what a trailer
/// claims is not believed beforehand.
const LIKELY_RATIO: usize = 64;
/// A buffer larger than this is given back after the file that needed it.
const KEPT_CAPACITY: usize = 64 << 20;

/// Inflates gzip inputs, reusing its buffer from one to the next.
pub struct Inflater {
    decompressor: Decompressor,
    buffer: Vec<u8>,
}

impl Default for Inflater {
    fn default() -> Self {
        Inflater {
            decompressor: Decompressor::new(),
            buffer: Vec::new(),
        }
    }
}

impl std::fmt::Debug for Inflater {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inflater").finish_non_exhaustive()
    }
}

/// What came out of an input, and what was wrong with its compression.
#[derive(Debug)]
pub struct Inflated<'a> {
    /// The bytes: everything that could be read.
    pub bytes: &'a [u8],
    /// Why this is not everything, or not beyond doubt.
    pub defect: Option<RejectReason>,
}

impl Inflater {
    /// Returns the input inflated; an input that is not gzip, as it is. Of more
    /// than `max_bytes` only these, with the defect that says so.
    pub fn inflate_at_most<'a>(&'a mut self, max_bytes: usize, input: &'a [u8]) -> Inflated<'a> {
        if !input.starts_with(MAGIC) {
            let defect = (input.len() > max_bytes).then(|| too_large(max_bytes));
            return Inflated {
                bytes: &input[..input.len().min(max_bytes)],
                defect,
            };
        }
        if self.buffer.capacity() > KEPT_CAPACITY {
            self.buffer = Vec::new();
        }
        if let Some(length) = self.single_member(max_bytes, input) {
            return Inflated {
                bytes: &self.buffer[..length],
                defect: None,
            };
        }
        let defect = self.member_by_member(max_bytes, input);
        Inflated {
            bytes: &self.buffer,
            defect,
        }
    }

    /// Inflates the usual file at full speed: one member whose trailer tells
    /// its size. `None` where anything is unusual, and nothing is known yet.
    fn single_member(&mut self, max_bytes: usize, input: &[u8]) -> Option<usize> {
        // libdeflate does not say where a member ended. Without a second magic
        // number there is no second member that could be lost.
        if memmem::find(&input[MAGIC.len()..], MAGIC).is_some() {
            return None;
        }
        let (_, size) = input.split_last_chunk::<4>()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        // Memory follows what is there, not what a trailer claims.
        let likely = input.len().saturating_mul(LIKELY_RATIO).max(KEPT_CAPACITY);
        if size > max_bytes || size > likely || size > input.len().saturating_mul(MAX_RATIO) {
            return None;
        }
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        let length = self
            .decompressor
            .gzip_decompress(input, &mut self.buffer[..size])
            .ok()?;
        // Another length means that the last bytes are not this member's.
        (length == size).then_some(length)
    }

    /// Inflates member after member, keeping what is readable of a damaged one.
    fn member_by_member(&mut self, max_bytes: usize, input: &[u8]) -> Option<RejectReason> {
        self.buffer.clear();
        let mut rest = input;
        loop {
            let mut decoder = GzDecoder::new(rest);
            let room = (max_bytes - self.buffer.len()) as u64;
            let read = decoder
                .by_ref()
                .take(room + 1)
                .read_to_end(&mut self.buffer);
            if self.buffer.len() > max_bytes {
                self.buffer.truncate(max_bytes);
                return Some(too_large(max_bytes));
            }
            let readable = self.buffer.len() as u64;
            match read {
                Ok(_) => rest = decoder.into_inner(),
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Some(RejectReason::GzipCutShort { readable });
                }
                Err(error) => {
                    return Some(RejectReason::GzipDamaged {
                        readable,
                        why: error.to_string(),
                    });
                }
            }
            // Tape-like padding with zeros is no data, as for gzip(1).
            if rest.iter().all(|&byte| byte == 0) {
                return None;
            }
            if !rest.starts_with(MAGIC) {
                return Some(RejectReason::GzipTrailing {
                    bytes: rest.len() as u64,
                });
            }
        }
    }
}

fn too_large(max_bytes: usize) -> RejectReason {
    RejectReason::TooLarge {
        limit: max_bytes as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn inflate(input: &[u8], max_bytes: usize) -> (Vec<u8>, Option<RejectReason>) {
        let mut inflater = Inflater::default();
        let inflated = inflater.inflate_at_most(max_bytes, input);
        (inflated.bytes.to_vec(), inflated.defect)
    }

    #[test]
    fn every_member_is_read_also_when_two_are_alike() {
        let twice = [gz(b"same"), gz(b"same")].concat();
        assert_eq!(inflate(&twice, 100), (b"samesame".to_vec(), None));
        let padded = [gz(b"one"), vec![0; 512]].concat();
        assert_eq!(inflate(&padded, 100), (b"one".to_vec(), None));
        let empty = [gz(b""), gz(b"one")].concat();
        assert_eq!(inflate(&empty, 100), (b"one".to_vec(), None));
    }

    #[test]
    fn what_is_readable_of_a_damaged_file_is_kept() {
        let text: Vec<u8> = (0..60_000u32).flat_map(u32::to_le_bytes).collect();
        let whole = gz(&text);
        let (bytes, defect) = inflate(&whole[..whole.len() / 2], 1 << 20);
        assert!(text.starts_with(&bytes) && bytes.len() > 10_000);
        assert!(matches!(defect, Some(RejectReason::GzipCutShort { .. })));

        let mut corrupt = gz(b"records");
        let checksum = corrupt.len() - 8;
        corrupt[checksum] ^= 1;
        let (bytes, defect) = inflate(&corrupt, 100);
        assert_eq!(bytes, b"records");
        assert!(matches!(defect, Some(RejectReason::GzipDamaged { .. })));

        let trailing = [gz(b"records"), b"junk".to_vec()].concat();
        let expected = RejectReason::GzipTrailing { bytes: 4 };
        assert_eq!(
            inflate(&trailing, 100),
            (b"records".to_vec(), Some(expected))
        );
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = gz(&vec![0; 10 << 20]);
        let (bytes, defect) = inflate(&bomb, 1 << 20);
        assert_eq!(bytes.len(), 1 << 20);
        assert_eq!(defect, Some(RejectReason::TooLarge { limit: 1 << 20 }));
        let two = [gz(b"12345"), gz(b"678")].concat();
        assert_eq!(inflate(&two, 8), (b"12345678".to_vec(), None));
        assert_eq!(inflate(&two, 7).0, b"1234567");
    }

    proptest! {
        #[test]
        fn equals_a_plain_decoder_for_any_members(
            members in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..4),
        ) {
            let input: Vec<u8> = members.iter().flat_map(|member| gz(member)).collect();
            prop_assert_eq!(inflate(&input, 1 << 20), (members.concat(), None));
        }

        #[test]
        fn never_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            inflate(&bytes, 1 << 16);
            bytes.splice(0..0, MAGIC.iter().copied());
            inflate(&bytes, 1 << 16);
        }
    }
}
