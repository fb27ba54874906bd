//! What a controller says to a bind (annex c.5). Only success is success (LDAP-04); the rest tells reasons apart, of which a visitor
//! learns what a right password entitles to (LDAP-08).

use vestibule_policies::code::Code;

use super::connection::Answer;
use crate::error::SignInError;

/// `invalidCredentials` (RFC 4511 appendix A).
const INVALID_CREDENTIALS: u32 = 49;
/// Where the reason stands in the text, in characters.
const LONGEST_TEXT: usize = 512;

/// What a bind came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Name and password are right, and the account may sign in.
    Accepted,
    /// They are not, or the directory does not say.
    Refused(Why),
    /// They are right, and the password has to be changed first.
    ChangeDue(Due),
    /// They are right, and the account may not sign in.
    Barred(Code, &'static str),
    /// Neither of the two: a result that no bind with a password has.
    Strange(u32),
    /// This controller cannot say.
    AskElsewhere,
}

/// Why a password was refused: never told to a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Unknown,
    WrongPassword,
    Locked,
    Unexplained,
}

/// Why a password has to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It is too old.
    Expired,
    /// An administrator wants it changed.
    MustChange,
}

impl Due {
    /// The name of the cause, for the administrator.
    #[must_use]
    pub const fn cause(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::MustChange => "must-change",
        }
    }
}

impl Why {
    pub(super) const fn cause(self) -> &'static str {
        match self {
            Self::Unknown => "unknown-name",
            Self::WrongPassword | Self::Unexplained => "wrong-password",
            Self::Locked => "locked",
        }
    }
}

/// Reads an answer.
pub(super) fn judge(answer: &Answer) -> Outcome {
    match answer.code {
        0 => Outcome::Accepted,
        INVALID_CREDENTIALS => refused(reason(&answer.text)),
        code if Answer::ELSEWHERE.contains(&code) => Outcome::AskElsewhere,
        // Referral, saslBindInProgress, strongerAuthRequired and whatever else: no success.
        code => Outcome::Strange(code),
    }
}

/// The Win32 code in hexadecimal (MS-ADTS §5.1.1.1; annex c.5). Without one, or with one that is unknown, nobody knows whether
/// the password was right.
fn refused(reason: Option<u32>) -> Outcome {
    match reason {
        Some(0x525) => Outcome::Refused(Why::Unknown),
        Some(0x52e) => Outcome::Refused(Why::WrongPassword),
        // It comes with a wrong password as well.
        Some(0x775) => Outcome::Refused(Why::Locked),
        Some(0x532) => Outcome::ChangeDue(Due::Expired),
        Some(0x773) => Outcome::ChangeDue(Due::MustChange),
        Some(0x533) => Outcome::Barred(Code::AdDisabled, "disabled"),
        Some(0x701) => Outcome::Barred(Code::AdAccountExpired, "account-expired"),
        Some(0x530) => Outcome::Barred(Code::AdHours, "hours"),
        Some(0x531) => Outcome::Barred(Code::AdWorkstation, "workstation"),
        Some(0x52f) => Outcome::Barred(Code::AdRestricted, "restricted"),
        Some(0x568) => Outcome::Barred(Code::AdRestricted, "too-many-groups"),
        Some(_) | None => Outcome::Refused(Why::Unexplained),
    }
}

fn reason(text: &str) -> Option<u32> {
    let start: String = text.chars().take(LONGEST_TEXT).collect();
    let (_, after) = start.split_once("data ")?;
    let digits: String = after.chars().take_while(char::is_ascii_hexdigit).take(9).collect();
    u32::from_str_radix(&digits, 16).ok()
}

/// What a refused password is to the visitor: the same whatever the reason.
pub(super) fn refusal(cause: &'static str) -> SignInError {
    SignInError::new(Code::AdCredentials, format!("name and password were not accepted: {cause}"))
        .with_cause(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(code: u32, text: &str) -> Outcome {
        judge(&Answer { code, text: text.to_owned() })
    }

    fn data(code: &str) -> Outcome {
        judged(
            49,
            &format!(
                "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {code}, v1db1"
            ),
        )
    }

    #[test]
    fn only_success_is_success() {
        assert_eq!(judged(0, ""), Outcome::Accepted);
        for code in [1, 2, 7, 8, 10, 14, 32, 34, 48, 50, 53, 80, 118, 4096] {
            assert_eq!(judged(code, "data 532"), Outcome::Strange(code), "{code}");
        }
        assert_eq!(judged(51, ""), Outcome::AskElsewhere);
        assert_eq!(judged(52, ""), Outcome::AskElsewhere);
    }

    #[test]
    fn each_reason_is_told_apart() {
        for (text, expected) in [
            ("525", Outcome::Refused(Why::Unknown)),
            ("52e", Outcome::Refused(Why::WrongPassword)),
            ("52E", Outcome::Refused(Why::WrongPassword)),
            ("52f", Outcome::Barred(Code::AdRestricted, "restricted")),
            ("530", Outcome::Barred(Code::AdHours, "hours")),
            ("531", Outcome::Barred(Code::AdWorkstation, "workstation")),
            ("532", Outcome::ChangeDue(Due::Expired)),
            ("533", Outcome::Barred(Code::AdDisabled, "disabled")),
            ("568", Outcome::Barred(Code::AdRestricted, "too-many-groups")),
            ("701", Outcome::Barred(Code::AdAccountExpired, "account-expired")),
            ("773", Outcome::ChangeDue(Due::MustChange)),
            ("775", Outcome::Refused(Why::Locked)),
            ("1", Outcome::Refused(Why::Unexplained)),
            ("", Outcome::Refused(Why::Unexplained)),
            ("5320", Outcome::Refused(Why::Unexplained)),
            ("ffffffffffff", Outcome::Refused(Why::Unexplained)),
        ] {
            assert_eq!(data(text), expected, "{text}");
        }
        assert_eq!(judged(49, "no reason at all"), Outcome::Refused(Why::Unexplained));
        assert_eq!(judged(49, &format!("{}data 532", "x".repeat(600))), Outcome::Refused(Why::Unexplained));
    }
}
