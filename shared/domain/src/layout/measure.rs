//! Lengths and angles of a plan, exact so that a plan that is read and written stays the same.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::ops::{Add, Mul};

/// A length, to the centimetre, of at most 10 km.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Metres {
    centimetres: i32,
}

/// An angle, to a tenth of a degree, of at most 360 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Degrees {
    tenths: i16,
}

impl Metres {
    /// The longest length, in metres.
    pub const MAX: f64 = 10_000.0;

    /// So many centimetres.
    #[must_use]
    pub const fn of_centimetres(centimetres: i32) -> Self {
        Self { centimetres }
    }

    /// The length in centimetres.
    #[must_use]
    pub const fn centimetres(self) -> i32 {
        self.centimetres
    }

    /// The length in metres.
    #[must_use]
    pub fn get(self) -> f64 {
        f64::from(self.centimetres) / 100.0
    }
}

// A sum beyond all bounds stays there until it is refused.
impl Add for Metres {
    type Output = Self;
    fn add(self, more: Self) -> Self {
        Self { centimetres: self.centimetres.saturating_add(more.centimetres) }
    }
}

impl Mul<u32> for Metres {
    type Output = Self;
    fn mul(self, times: u32) -> Self {
        let times = i32::try_from(times).unwrap_or(i32::MAX);
        Self { centimetres: self.centimetres.saturating_mul(times) }
    }
}

/// Rounds to a whole number, halves up. A hair below a half is a half: so it does not matter in which language, nor on which
/// processor a sine was computed, and seats that are a whole number of centimetres apart stay so.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and a house is small")]
pub fn rounded(value: f64) -> i32 {
    (value + 0.500_001).floor() as i32
}

impl Degrees {
    /// The widest angle, in degrees.
    pub const MAX: f64 = 360.0;

    /// So many tenths of a degree.
    #[must_use]
    pub const fn of_tenths(tenths: i16) -> Self {
        Self { tenths }
    }

    /// The angle in degrees.
    #[must_use]
    pub fn get(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }

    pub(super) fn is_zero(&self) -> bool {
        self.tenths == 0
    }
}

impl Serialize for Metres {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_short(self.get(), serializer)
    }
}

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_short(self.get(), serializer)
    }
}

/// Whole numbers are written without `.0`.
#[allow(clippy::cast_possible_truncation, clippy::float_cmp, reason = "bounded, and whole numbers are exact")]
fn serialize_short<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 {
        serializer.serialize_i64(value as i64)
    } else {
        serializer.serialize_f64(value)
    }
}

impl<'de> Deserialize<'de> for Metres {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let metres = within(Self::MAX, "metres", deserializer)?;
        Ok(Self { centimetres: rounded(metres * 100.0) })
    }
}

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let degrees = within(Self::MAX, "degrees", deserializer)?;
        Ok(Self { tenths: i16::try_from(rounded(degrees * 10.0)).unwrap_or(i16::MAX) })
    }
}

fn within<'de, D: Deserializer<'de>>(max: f64, unit: &str, deserializer: D) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    if value.abs() <= max {
        Ok(value)
    } else {
        Err(D::Error::custom(format!("must be -{max} to {max} {unit}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read<T: for<'de> Deserialize<'de>>(json: &str) -> Result<T, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn lengths_are_rounded_to_the_centimetre_and_bounded() {
        assert_eq!(read::<Metres>("0.555").expect("a length").centimetres(), 56);
        assert_eq!(serde_json::to_string(&Metres::of_centimetres(-1_200)).expect("text"), "-12");
        for wrong in ["10001", "-1e300", "\"1\"", "null"] {
            assert!(read::<Metres>(wrong).is_err(), "{wrong}");
        }
        assert!(read::<Degrees>("360.1").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(centimetres in -1_000_000..=1_000_000, tenths in -3_600..=3_600i16) {
            let (length, angle) = (Metres { centimetres }, Degrees { tenths });
            prop_assert_eq!(read::<Metres>(&serde_json::to_string(&length).expect("text")).expect("a length"), length);
            prop_assert_eq!(read::<Degrees>(&serde_json::to_string(&angle).expect("text")).expect("an angle"), angle);
        }
    }
}
