//! A random number generator whose sequence is written down here, so that no
//! dependency can change what a seed means (SplitMix64, Steele et al., 2014).

/// A seeded source of choices.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

const ALNUM: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const MIXED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x6561_7277_6974_6e65)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of `items`, which are never empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        let mut text = String::with_capacity(length);
        let mut bits = self.next();
        for i in 0..length {
            if i % 8 == 7 {
                bits = self.next();
            }
            text.push(char::from(
                alphabet[(bits & 0xff) as usize % alphabet.len()],
            ));
            bits >>= 8;
        }
        text
    }

    /// Upper-case letters and digits, as in request ids.
    pub(crate) fn alnum(&mut self, length: usize) -> String {
        self.text(ALNUM, length)
    }

    /// Letters of both cases and digits, as in version ids and delivery file names.
    pub(crate) fn mixed(&mut self, length: usize) -> String {
        self.text(MIXED, length)
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.text(HEX, length)
    }

    /// A lower-case version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{}{:03x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            char::from(b"89ab"[(low >> 62) as usize]),
            (low >> 48) & 0xfff,
            low & 0xffff_ffff_ffff
        )
    }

    /// An address from the two documentation ranges used throughout.
    pub(crate) fn address(&mut self) -> String {
        let network = self.pick(&["192.0.2", "198.51.100"]);
        format!("{network}.{}", self.between(1, 254))
    }
}
