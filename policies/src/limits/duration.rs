//! Durations in a manifest: `"60m"`, `"24h"`, and `"off"` for an idle limit.

use std::time::Duration;

const LONGEST: Duration = Duration::from_hours(3650 * 24);

/// Why a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DurationFault {
    /// Not a whole number with one of the units.
    #[error("expected a whole number with s, m, h or d, as in \"60m\"")]
    Shape,
    /// Zero.
    #[error("a duration must be longer than zero")]
    Zero,
    /// More than ten years.
    #[error("a duration must be at most 3650 days")]
    TooLong,
}

/// Reads a whole number with a unit (`s`, `m`, `h`, `d`); more than zero, at most 3650 days.
///
/// # Errors
/// [`DurationFault`] says which of the three rules is broken.
pub fn parse_duration(text: &str) -> Result<Duration, DurationFault> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or(DurationFault::Shape)?;
    let (number, unit) = text.split_at(unit_at);
    let unit_seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return Err(DurationFault::Shape),
    };
    if number.is_empty() {
        return Err(DurationFault::Shape);
    }
    // Only digits are left, so the one way to fail is to exceed 64 bits.
    let count: u64 = number.parse().map_err(|_| DurationFault::TooLong)?;
    let span = Duration::from_secs(count.saturating_mul(unit_seconds));
    if span.is_zero() {
        return Err(DurationFault::Zero);
    }
    if span > LONGEST {
        return Err(DurationFault::TooLong);
    }
    Ok(span)
}

/// Writes whole seconds so that [`parse_duration`] reads them again, in the largest unit up to hours that leaves nothing over; an hour
/// is `60m`.
#[must_use]
pub fn write_duration(span: Duration) -> String {
    match span.as_secs() {
        hours if hours % 3600 == 0 && hours > 3600 => format!("{}h", hours / 3600),
        minutes if minutes % 60 == 0 => format!("{}m", minutes / 60),
        seconds => format!("{seconds}s"),
    }
}

/// The same, with `"off"` for no limit.
///
/// # Errors
/// As [`parse_duration`].
pub fn parse_idle(text: &str) -> Result<Option<Duration>, DurationFault> {
    if text == "off" {
        return Ok(None);
    }
    parse_duration(text).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        for (text, seconds) in [("10s", 10), ("60m", 3600), ("24h", 86_400), ("2d", 172_800), ("007s", 7)] {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse_idle("off"), Ok(None));
        assert_eq!(parse_idle("1m"), Ok(Some(Duration::from_mins(1))));
    }

    #[test]
    fn refusals() {
        for (text, fault) in [
            ("", DurationFault::Shape),
            ("60", DurationFault::Shape),
            ("m", DurationFault::Shape),
            ("60 m", DurationFault::Shape),
            ("-1m", DurationFault::Shape),
            ("+1m", DurationFault::Shape),
            ("1.5h", DurationFault::Shape),
            ("1h30m", DurationFault::Shape),
            ("1M", DurationFault::Shape),
            ("1w", DurationFault::Shape),
            ("0s", DurationFault::Zero),
            ("3651d", DurationFault::TooLong),
            ("99999999999999999999s", DurationFault::TooLong),
            ("18446744073709551615d", DurationFault::TooLong),
        ] {
            assert_eq!(parse_duration(text), Err(fault), "{text:?}");
        }
        assert_eq!(parse_duration("off"), Err(DurationFault::Shape));
        assert_eq!(parse_idle("OFF"), Err(DurationFault::Shape));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["1s", "59s", "90s", "10m", "60m", "90m", "2h", "12h", "24h", "72h"] {
            assert_eq!(write_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(write_duration(parse_duration("1d").unwrap()), "24h");
    }
}
