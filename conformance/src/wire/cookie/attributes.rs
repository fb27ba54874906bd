//! The attributes of a `Set-Cookie` value (RFC 6265bis §5.6).

use url::Url;

use super::{CookieRefusal, Lifetime, SameSite, domain_match};

/// One attribute value, in octets (RFC 6265bis §5.6).
const MAX_ATTRIBUTE: usize = 1024;

/// The attributes as written, the last of each name winning.
pub(super) struct Attributes {
    pub(super) domain: Option<String>,
    pub(super) path: Option<String>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: SameSite,
    pub(super) max_age: Option<Lifetime>,
    pub(super) expires: Option<Lifetime>,
}

impl Attributes {
    pub(super) fn read<'a>(parts: impl Iterator<Item = &'a str>, now: i64) -> Self {
        let mut read = Self {
            domain: None,
            path: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Lax,
            max_age: None,
            expires: None,
        };
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            if value.len() <= MAX_ATTRIBUTE {
                read.take(&name.trim().to_ascii_lowercase(), value, now);
            }
        }
        read
    }

    fn take(&mut self, name: &str, value: &str, now: i64) {
        match name {
            "domain" => {
                let domain = value.strip_prefix('.').unwrap_or(value).to_ascii_lowercase();
                self.domain = (!domain.is_empty()).then_some(domain);
            }
            "path" => self.path = value.starts_with('/').then(|| value.to_owned()),
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            "samesite" => {
                self.same_site = match value.to_ascii_lowercase().as_str() {
                    "strict" => SameSite::Strict,
                    "none" => SameSite::None,
                    _ => SameSite::Lax,
                };
            }
            "max-age" => {
                let age = value.parse::<i64>().ok();
                self.max_age =
                    age.map(|age| Lifetime::Until(if age <= 0 { 0 } else { now.saturating_add(age) }));
            }
            "expires" => self.expires = cookie_date(value).map(Lifetime::Until),
            _ => {}
        }
    }

    /// RFC 6265bis §5.7 steps 9-10. A `Domain` of one label is a public suffix here.
    pub(super) fn domain_for(&self, url: &Url) -> Result<(String, bool), CookieRefusal> {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let Some(domain) = &self.domain else {
            return Ok((host, true));
        };
        if !domain.contains('.') {
            return if *domain == host { Ok((host, true)) } else { Err(CookieRefusal::ForeignDomain) };
        }
        if domain_match(&host, domain) {
            Ok((domain.clone(), false))
        } else {
            Err(CookieRefusal::ForeignDomain)
        }
    }
}

/// The fixed form of RFC 9110 §5.6.7 (`Thu, 01 Jan 1970 00:00:00 GMT`), also with dashes.
fn cookie_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = text.to_ascii_lowercase();
    let (_, date) = text.split_once(',')?;
    let mut parts = date.split([' ', '-', ':']).filter(|part| !part.is_empty());
    let day: i64 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = i64::try_from(MONTHS.iter().position(|month| *month == name)?).ok()? + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut clock = parts.map_while(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()?, clock.next()?, clock.next()?);
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days of the proleptic Gregorian calendar, years counted from March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
