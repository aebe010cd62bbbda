//! Times and days in a query.

use domain::Invalid;
use jiff::{Timestamp, civil, fmt::temporal::Pieces, tz::Offset};
use std::ops::Bound;

/// Days are Korea's, whose offset is the same all year.
const KOREA: Offset = Offset::constant(9);

/// A time, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeOrDay {
    /// Exactly this time.
    Time(Timestamp),
    /// From midnight until the next one, if that can be represented.
    Day { starts_at: Timestamp, ends_at: Option<Timestamp> },
}

impl TimeOrDay {
    /// Parses a time with its offset from UTC (RFC 3339), or a date. Values out of range are clamped.
    pub(crate) fn parse(raw: &str) -> Result<Self, Invalid> {
        let pieces = Pieces::parse(raw).map_err(|_| {
            Invalid::because(
                "must be a date such as 2026-12-31, or a time with its offset such as 2026-12-31T19:30:00Z",
            )
        })?;
        let date = pieces.date();
        match (pieces.time(), pieces.to_numeric_offset()) {
            (Some(time), Some(offset)) => Ok(Self::Time(instant(date.to_datetime(time), offset))),
            (Some(_), None) => Err(Invalid::because(
                "must say the offset of its time, such as Z or +09:00 (%2B09:00 in an address)",
            )),
            (None, _) => {
                Ok(Self::Day { starts_at: midnight(date), ends_at: date.tomorrow().ok().map(midnight) })
            }
        }
    }

    /// This time or later; for a day, from its beginning.
    pub(crate) fn or_later(self) -> Bound<Timestamp> {
        match self {
            Self::Time(at) | Self::Day { starts_at: at, .. } => Bound::Included(at),
        }
    }

    /// This time or earlier; for a day, until its end.
    pub(crate) fn or_earlier(self) -> Bound<Timestamp> {
        match self {
            Self::Time(at) => Bound::Included(at),
            Self::Day { ends_at, .. } => ends_at.map_or(Bound::Unbounded, Bound::Excluded),
        }
    }
}

fn midnight(date: civil::Date) -> Timestamp {
    instant(date.to_datetime(civil::Time::midnight()), KOREA)
}

fn instant(at: civil::DateTime, offset: Offset) -> Timestamp {
    let furthest = if at.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    offset.to_timestamp(at).unwrap_or(furthest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().expect("a time")
    }

    #[test]
    fn a_day_is_koreas_and_ends_before_the_next_one() {
        let day = TimeOrDay::parse("2028-02-28").expect("a day");
        assert_eq!(day.or_later(), Bound::Included(at("2028-02-28T00:00:00+09:00")));
        assert_eq!(day.or_earlier(), Bound::Excluded(at("2028-02-29T00:00:00+09:00")));
    }

    #[test]
    fn a_time_is_as_exact_as_it_says() {
        for raw in ["2028-02-28T19:30:00+09:00", "2028-02-28T10:30:00Z", "2028-02-28 10:30Z"] {
            assert_eq!(TimeOrDay::parse(raw), Ok(TimeOrDay::Time(at("2028-02-28T10:30:00Z"))), "{raw}");
        }
    }

    #[test]
    fn days_beyond_the_range_are_clamped() {
        for raw in [
            "9999-12-30",
            "9999-12-31",
            "-009999-01-01",
            "9999-12-31T23:59:59Z",
            "-009999-01-01T00:00:00+23:00",
        ] {
            assert!(TimeOrDay::parse(raw).is_ok(), "{raw}");
        }
        let last = TimeOrDay::parse("9999-12-31").expect("a day");
        assert_eq!(last.or_earlier(), Bound::Unbounded);
        assert_eq!(TimeOrDay::parse("9999-12-31T23:59:59Z"), Ok(TimeOrDay::Time(Timestamp::MAX)));
    }

    #[test]
    fn a_time_without_an_offset_is_refused() {
        for raw in ["2026-12-01T19:00", "2026-12-01T19:00:00", "2026-12-01 19:00"] {
            assert!(TimeOrDay::parse(raw).expect_err(raw).0.contains("offset"), "{raw}");
        }
        for raw in
            ["soon", "2026-13-01", "2026-02-29", "2026-12-01T25:00Z", "2026-12-01T19:00:00 09:00", "19:00"]
        {
            assert!(TimeOrDay::parse(raw).is_err(), "{raw}");
        }
    }
}
