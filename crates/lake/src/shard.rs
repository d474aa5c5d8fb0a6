//! Splits inputs among machines that know nothing of one another.

use std::str::FromStr;

use sha2::{Digest, Sha256};

/// One part of the inputs, told by their names alone: in any run on any machine
/// an input is of the same part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// The part, from 0.
    pub index: u64,
    /// How many parts there are.
    pub count: u64,
}

impl Shard {
    /// All inputs.
    pub const WHOLE: Shard = Shard { index: 0, count: 1 };

    /// Makes a part; `None` where there is none such.
    pub fn new(index: u64, count: u64) -> Option<Shard> {
        (index < count).then_some(Shard { index, count })
    }

    /// Tells whether an input is of this part.
    pub fn takes(self, name: &str) -> bool {
        if self.count <= 1 {
            return true;
        }
        let hash = Sha256::digest(name.as_bytes());
        let number = hash.iter().take(8);
        let number = number.fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        number % self.count == self.index
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `I/N`, from `0/N` to `N-1/N`.
    fn from_str(text: &str) -> Result<Shard, String> {
        let shard = text.split_once('/').and_then(|(index, count)| {
            Shard::new(index.trim().parse().ok()?, count.trim().parse().ok()?)
        });
        shard.ok_or_else(|| "write I/N with I from 0 to N-1, such as 0/4".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_is_of_one_part() {
        let shards: Vec<Shard> = (0..4).filter_map(|index| Shard::new(index, 4)).collect();
        let mut taken = [0; 4];
        for number in 0..400 {
            let name = format!("logs/{number}.json.gz");
            let takers: Vec<u64> = shards
                .iter()
                .filter(|shard| shard.takes(&name))
                .map(|shard| shard.index)
                .collect();
            assert_eq!(takers.len(), 1, "{name}");
            taken[takers[0] as usize] += 1;
            assert!(Shard::WHOLE.takes(&name));
        }
        assert!(taken.iter().all(|taken| *taken > 50), "{taken:?}");
    }

    #[test]
    fn a_part_is_written_as_index_and_count() {
        assert_eq!("3/4".parse(), Ok(Shard { index: 3, count: 4 }));
        for text in ["4/4", "0/0", "1", "", "a/b", "-1/4"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
