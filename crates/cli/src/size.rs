use std::str::FromStr;

/// A number of bytes, as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteSize(pub(crate) u64);

/// The text is no size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SizeError {
    /// Not a whole number with a unit that is known.
    #[error("not a size; write bytes, or a whole number with a unit, such as 500MB or 2GiB")]
    NotASize,
    /// Nothing fits into it.
    #[error("a limit of 0 bytes lets nothing through")]
    Zero,
    /// No machine has it.
    #[error("more than 16 EiB, the largest size there is")]
    TooLarge,
}

impl FromStr for ByteSize {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        if number.is_empty() {
            return Err(SizeError::NotASize);
        }
        let unit_bytes = match unit.trim_start().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "kb" => 1_000,
            "mb" => 1_000_000,
            "gb" => 1_000_000_000,
            "tb" => 1_000_000_000_000,
            "k" | "kib" => 1 << 10,
            "m" | "mib" => 1 << 20,
            "g" | "gib" => 1 << 30,
            "t" | "tib" => 1 << 40,
            _ => return Err(SizeError::NotASize),
        };
        // Digits that are no u64 are too many.
        let number: u64 = number.parse().map_err(|_| SizeError::TooLarge)?;
        match number.checked_mul(unit_bytes) {
            Some(0) => Err(SizeError::Zero),
            Some(bytes) => Ok(ByteSize(bytes)),
            None => Err(SizeError::TooLarge),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(text: &str) -> Result<u64, SizeError> {
        text.parse().map(|ByteSize(bytes)| bytes)
    }

    #[test]
    fn units_of_a_thousand_and_of_1024_differ() {
        assert_eq!(bytes("1"), Ok(1));
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("2GiB"), Ok(2_147_483_648));
        assert_eq!(bytes(" 3 kib "), Ok(3_072));
        assert_eq!(bytes("4G"), Ok(4 << 30));
        assert_eq!(bytes("18446744073709551615B"), Ok(u64::MAX));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "", "GiB", "1.5GiB", "-1", "+1", "1 2", "2XB", "2GiBs", "½", "٣",
        ] {
            assert_eq!(bytes(text), Err(SizeError::NotASize), "{text}");
        }
        assert_eq!(bytes("0"), Err(SizeError::Zero));
        assert_eq!(bytes("0GiB"), Err(SizeError::Zero));
        assert_eq!(bytes("18446744073709551616"), Err(SizeError::TooLarge));
        assert_eq!(bytes("99999999TiB"), Err(SizeError::TooLarge));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = bytes(&text);
        }

        #[test]
        fn plain_bytes_are_themselves(number in 1..=u64::MAX) {
            prop_assert_eq!(bytes(&number.to_string()), Ok(number));
        }
    }
}
