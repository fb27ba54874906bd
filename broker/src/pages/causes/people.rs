//! Refusals of a directory that are a person's and no fault of the connection, and what stands behind one: for the report of a
//! test sign-in, which an administrator reads. A visitor reads one sentence for all of them (LDAP-08).

use vestibule_policies::code::Code;

use super::super::language::Language;
use super::code_of;

/// What a refusal says of the connection that it came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Refused {
    /// That it works: the directory was asked, and refuses this person.
    Person,
    /// Nothing: this person was refused before the directory was asked.
    PersonUnasked,
    /// That something about it has to be mended.
    Connection,
}

impl Refused {
    /// By the texts of code and cause.
    pub(in super::super) fn of(code: &str, cause: Option<&str>) -> Self {
        match code_of(code) {
            Some(
                Code::AdDisabled
                | Code::AdAccountExpired
                | Code::AdHours
                | Code::AdWorkstation
                | Code::AdRestricted
                | Code::AdPasswordDue,
            ) => Self::Person,
            Some(Code::AdCredentials) => match cause {
                Some("wrong-password" | "unknown-name" | "ambiguous" | "locked") => Self::Person,
                _ => Self::PersonUnasked,
            },
            Some(Code::SignInBusy) => Self::PersonUnasked,
            _ => Self::Connection,
        }
    }
}

/// What a cause of `AD-CREDENTIALS` means; none for every other code and cause.
pub(in super::super) fn meaning(code: &str, cause: Option<&str>, language: Language) -> Option<&'static str> {
    let cause = cause.filter(|_| code_of(code) == Some(Code::AdCredentials))?;
    Some(match (cause, language) {
        ("wrong-password", Language::English) => "The directory did not accept the password for this name.",
        ("wrong-password", Language::Japanese) => {
            "ディレクトリが、この名前に対するパスワードを受け付けませんでした。"
        }
        ("unknown-name", Language::English) => "Nobody in the directory has this name.",
        ("unknown-name", Language::Japanese) => "ディレクトリに、この名前のアカウントがありません。",
        ("ambiguous", Language::English) => "Several accounts have this name.",
        ("ambiguous", Language::Japanese) => "この名前のアカウントが複数あります。",
        ("locked", Language::English) => "The directory has locked this account.",
        ("locked", Language::Japanese) => "ディレクトリで、このアカウントがロックされています。",
        ("bare-name", Language::English) => {
            "The name came without a domain, and the connection has no default one."
        }
        ("bare-name", Language::Japanese) => {
            "ドメインのない名前が入力されましたが、接続に既定のドメインがありません。"
        }
        ("held", Language::English) => "Vestibule holds this account back after several wrong passwords.",
        ("held", Language::Japanese) => {
            "パスワードの誤りが続いたため、Vestibuleがこのアカウントを一時的に止めています。"
        }
        ("domain-disabled", Language::English) => {
            "The domain of this name is switched off in the connection."
        }
        ("domain-disabled", Language::Japanese) => "この名前のドメインは、接続で無効になっています。",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every cause that `docs/codes.md` lists has its meaning, and tells a person's refusal from a fault of the connection.
    #[test]
    fn a_persons_refusal_is_none_of_the_connection() {
        let page = include_str!("../../../../docs/codes.md");
        let (_, section) = page.split_once("\n### AD-CREDENTIALS\n").unwrap();
        let section = section.split("\n### ").next().unwrap();
        for (cause, refused) in [
            ("wrong-password", Refused::Person),
            ("unknown-name", Refused::Person),
            ("ambiguous", Refused::Person),
            ("locked", Refused::Person),
            ("bare-name", Refused::PersonUnasked),
            ("held", Refused::PersonUnasked),
            ("domain-disabled", Refused::PersonUnasked),
        ] {
            assert_eq!(Refused::of("AD-CREDENTIALS", Some(cause)), refused, "{cause}");
            for language in [Language::English, Language::Japanese] {
                let meaning = meaning("AD-CREDENTIALS", Some(cause), language).unwrap();
                assert!(meaning.ends_with(['.', '。']) && !meaning.contains('`'), "{cause}: {meaning}");
            }
            assert_eq!(
                section.matches(&format!("`{cause}`")).count(),
                2,
                "{cause}: cause and remedy name it"
            );
        }
        for (code, cause, refused) in [
            ("AD-DISABLED", Some("disabled"), Refused::Person),
            ("AD-PASSWORD-DUE", Some("expired"), Refused::Person),
            ("AD-CREDENTIALS", None, Refused::PersonUnasked),
            ("AD-DOWN", None, Refused::Connection),
            ("AD-SERVICE", Some("wrong-password"), Refused::Connection),
            ("CLAIM-EMAIL", None, Refused::Connection),
            ("SAML-AUDIENCE", Some("audience-wrong"), Refused::Connection),
            ("NO-SUCH", None, Refused::Connection),
        ] {
            assert_eq!(Refused::of(code, cause), refused, "{code}");
            assert_eq!(meaning(code, cause, Language::English), None, "{code}");
        }
    }
}
