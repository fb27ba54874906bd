//! Times of the protocol (saml-core §1.3.3): `xs:dateTime` in UTC, with or without fractions.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;

use super::fault::SamlFault;

/// Reads a time. Fractions of a millisecond are cut.
pub(super) fn read(name: &str, text: &str) -> Result<Timestamp, SignInError> {
    let malformed = || SamlFault::TimeMalformed.because(format!("{name} is no time in UTC: {text}"));
    // Nothing that is longer is a time.
    if text.len() > 40 {
        return Err(malformed());
    }
    let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| malformed())?;
    if !at.offset().is_utc() {
        return Err(malformed());
    }
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).map(Timestamp::from_millis).map_err(|_| malformed())
}

/// Writes a time, in whole seconds.
pub(super) fn write(at: Timestamp) -> String {
    let whole = OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    whole.format(&Rfc3339).unwrap_or_default()
}

/// Writes a time to the millisecond, so that [`read`] gives the same one.
pub(super) fn write_whole(at: Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.millis()) * 1_000_000);
    moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_alone_is_read_and_written() {
        for (text, millis) in [
            ("2026-11-24T00:00:00Z", 1_795_478_400_000),
            ("2026-11-24T00:00:00.123Z", 1_795_478_400_123),
            ("2026-11-24T00:00:00.1239999Z", 1_795_478_400_123),
            ("2026-11-24T00:00:00+00:00", 1_795_478_400_000),
        ] {
            assert_eq!(read("x", text).unwrap().millis(), millis, "{text}");
        }
        for text in
            ["", "2026-11-24", "2026-11-24T00:00:00", "2026-11-24T01:00:00+01:00", "2026-13-24T00:00:00Z"]
        {
            assert_eq!(read("x", text).unwrap_err().code.as_str(), "SAML-TIME", "{text}");
        }
        assert_eq!(write(Timestamp::from_millis(1_795_478_400_999)), "2026-11-24T00:00:00Z");
    }
}
