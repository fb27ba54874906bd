//! Instants as SAML writes them: UTC, whole seconds, `Z` (saml-core section 1.3.3).

/// `2027-01-15T08:00:00Z` for seconds since 1970.
#[must_use]
pub fn instant(seconds: i64) -> String {
    let (year, month, day, [hour, minute, second]) = civil(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `20270115080000Z`, the `GeneralizedTime` of a certificate (RFC 5280 section 4.1.2.5.2).
pub(super) fn generalized(seconds: i64) -> String {
    instant(seconds).chars().filter(|sign| sign.is_ascii_digit() || *sign == 'Z').collect()
}

/// The proleptic Gregorian date; eras of 400 years begin on a first of March.
fn civil(seconds: i64) -> (i64, i64, i64, [i64; 3]) {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day, [rest / 3600, rest / 60 % 60, rest % 60])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_civil_dates() {
        let rows = [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (1_800_000_000, "2027-01-15T08:00:00Z"),
            (2_524_607_999, "2049-12-31T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ];
        for (seconds, expected) in rows {
            assert_eq!(instant(seconds), expected);
        }
        assert_eq!(generalized(1_800_000_000), "20270115080000Z");
    }
}
