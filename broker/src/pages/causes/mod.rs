//! What stands behind a refusal of SAML, and what to do about it and about a refusal of a directory: for administrators, in
//! the report of a test sign-in, in `docs/saml.md`, `docs/codes.md` and beside the log. No visitor reads any of it.
//!
//! A remedy sets names of keys and values between backticks, as Markdown does; pages show them in a fixed width.

mod claims;
mod clauses;
mod directory;
mod gateway;
mod openid;
pub(super) mod people;

mod english {
    pub(super) mod meanings;
    pub(super) mod remedies;
}

mod japanese {
    pub(super) mod meanings;
    pub(super) mod remedies;
}

use vestibule_policies::code::Code;
use vestibule_providers::saml::fault::SamlFault;

use super::language::Language;

pub use claims::claim_remedy;
pub use clauses::clause;
pub use directory::directory_remedy;
use gateway::gateway_remedy;
use openid::openid_remedy;

/// What a cause means; none where no fault has this name.
#[must_use]
pub fn cause(cause: &str, language: Language) -> Option<&'static str> {
    let fault = fault(cause)?;
    Some(match language {
        Language::English => english::meanings::of(fault),
        Language::Japanese => japanese::meanings::of(fault),
    })
}

/// What an administrator does about a cause; none where no fault has this name.
#[must_use]
pub fn remedy(cause: &str, language: Language) -> Option<&'static str> {
    let fault = fault(cause)?;
    Some(match language {
        Language::English => english::remedies::of(fault),
        Language::Japanese => japanese::remedies::of(fault),
    })
}

/// What an administrator does about a refusal, by the texts of its code and of its cause: the cause's remedy, or the one of a
/// claim, of a directory or of a Gateway.
#[must_use]
pub fn remedy_of(code: &str, cause: Option<&str>, language: Language) -> Option<&'static str> {
    let by_cause = cause.and_then(|id| remedy(id, language));
    by_cause.or_else(|| {
        let code = code_of(code)?;
        claim_remedy(code, language)
            .or_else(|| directory_remedy(code, language))
            .or_else(|| gateway_remedy(code, language))
            .or_else(|| openid_remedy(code, language))
    })
}

/// The code that people see as this text.
pub(super) fn code_of(text: &str) -> Option<Code> {
    Code::ALL.iter().copied().find(|code| code.as_str() == text)
}

fn fault(id: &str) -> Option<SamlFault> {
    SamlFault::ALL.iter().copied().find(|fault| fault.id() == id)
}

#[cfg(test)]
mod tests {
    use vestibule_providers::saml::examination::Clause;

    use super::*;

    const LANGUAGES: [(Language, char); 2] = [(Language::English, '.'), (Language::Japanese, '。')];

    /// Plain prose, its backticks in pairs.
    fn assert_prose(what: &str, text: &str, language: Language, stop: char) {
        assert!(text.ends_with(stop), "{what} {language:?}: {text}");
        assert!(!text.contains(['<', '>', '|']) && !text.contains("  "), "{what} {language:?}: {text}");
        assert_eq!(text.matches('`').count() % 2, 0, "{what} {language:?}: {text}");
        assert_eq!(text.is_ascii(), language == Language::English, "{what} {language:?}: {text}");
    }

    #[test]
    fn every_cause_has_its_meaning_and_its_remedy_in_both_languages() {
        for fault in SamlFault::ALL {
            for (language, stop) in LANGUAGES {
                let (meaning, remedy) =
                    (cause(fault.id(), language).unwrap(), remedy(fault.id(), language).unwrap());
                assert_prose(fault.id(), meaning, language, stop);
                assert_prose(fault.id(), remedy, language, stop);
                assert!(!meaning.contains('`'), "{}: {meaning}", fault.id());
                // "SAML 2.0" has a full stop of its own.
                let sentences = meaning.replace("2.0", "").matches(stop).count();
                assert!((1..=2).contains(&sentences), "{}: {meaning}", fault.id());
            }
        }
        assert_eq!(
            remedy_of("SAML-AUDIENCE", Some("audience-wrong"), Language::English),
            remedy("audience-wrong", Language::English)
        );
        assert_eq!(
            remedy_of("CLAIM-SID", None, Language::English),
            claim_remedy(Code::ClaimSid, Language::English)
        );
        assert_eq!(
            remedy_of("OIDC-ISSUER", Some("else"), Language::English),
            openid_remedy(Code::OidcIssuer, Language::English)
        );
        assert_eq!(remedy_of("OIDC-DENIED", Some("else"), Language::English), None);
        for name in ["", "Unsolicited", "unsolicited ", "SAML-AUDIENCE"] {
            assert_eq!(cause(name, Language::English), None, "{name}");
            assert_eq!(remedy(name, Language::Japanese), None, "{name}");
        }
    }

    #[test]
    fn the_documentation_says_the_same_of_every_cause() {
        let page = include_str!("../../../../docs/saml.md");
        for fault in SamlFault::ALL {
            let (id, code) = (fault.id(), fault.code());
            let meaning = cause(id, Language::English).unwrap();
            let remedy = remedy(id, Language::English).unwrap();
            let anchor = code.as_str().to_ascii_lowercase();
            let row = format!("| `{id}` | [`{code}`](codes.md#{anchor}) | {meaning} | {remedy} |\n");
            assert!(page.contains(&row), "docs/saml.md lacks: {row}");
        }
    }

    #[test]
    fn remedies_name_the_keys_that_help() {
        for (fault, key) in [
            (SamlFault::ResponseUnsigned, "`signed = \"assertion\"`"),
            (SamlFault::KeyUnknown, "`certificates`"),
            (SamlFault::SignatureAlgorithm, "`dangerous_sha1`"),
            (SamlFault::ResponseIssuer, "`entity_id`"),
            (SamlFault::Unsolicited, "`idp_initiated`"),
            (SamlFault::AudienceWrong, "`scoped_entity_id`"),
            (SamlFault::ContextOther, "`authentication_context`"),
            (SamlFault::AuthenticationOld, "`force_authn = false`"),
        ] {
            for (language, _) in LANGUAGES {
                assert!(remedy(fault.id(), language).unwrap().contains(key), "{} {language:?}", fault.id());
            }
        }
    }

    #[test]
    fn claims_have_remedies_and_other_codes_have_none() {
        for code in Code::ALL {
            let is_claim = code.as_str().starts_with("CLAIM-");
            for (language, stop) in LANGUAGES {
                let remedy = claim_remedy(*code, language);
                assert_eq!(remedy.is_some(), is_claim, "{code}");
                if let Some(remedy) = remedy {
                    assert_prose(code.as_str(), remedy, language, stop);
                }
            }
        }
    }

    /// Both languages have the same, in plain prose, and none of it leads in a circle.
    #[test]
    fn what_is_found_at_an_openid_provider_has_its_remedy() {
        for code in Code::ALL {
            let has = LANGUAGES.map(|(language, _)| openid_remedy(*code, language).is_some());
            assert_eq!(has[0], has[1], "{code}");
            for (language, stop) in LANGUAGES {
                if let Some(remedy) = openid_remedy(*code, language) {
                    assert_prose(code.as_str(), remedy, language, stop);
                    assert!(!remedy.contains("`vestibule check`"), "{code}: {remedy}");
                }
            }
        }
        assert!(openid_remedy(Code::OidcDiscovery, Language::English).is_some());
    }

    /// `check` shows them beside its findings.
    #[test]
    fn what_check_finds_at_a_directory_is_not_answered_with_a_check() {
        for code in [Code::AdDown, Code::AdAnswer, Code::AdDomain, Code::AdSettings] {
            for (language, _) in LANGUAGES {
                let remedy = directory_remedy(code, language).unwrap();
                assert!(!remedy.contains("`vestibule check`"), "{code}: {remedy}");
            }
        }
    }

    #[test]
    fn directories_and_one_time_codes_have_remedies_that_the_documentation_repeats() {
        let page = include_str!("../../../../docs/codes.md");
        for code in Code::ALL {
            let is_own =
                ["AD-", "AAD-", "TOKEN-", "SIGN-IN-BUSY"].iter().any(|own| code.as_str().starts_with(own));
            for (language, stop) in LANGUAGES {
                let remedy = directory_remedy(*code, language);
                assert_eq!(remedy.is_some(), is_own, "{code}");
                if let Some(remedy) = remedy {
                    assert_prose(code.as_str(), remedy, language, stop);
                    assert_eq!(remedy_of(code.as_str(), None, language), Some(remedy), "{code}");
                }
            }
            if let Some(remedy) = directory_remedy(*code, Language::English) {
                let said = format!("**Remedy:** {remedy}\n");
                let (_, section) = page.split_once(&format!("\n### {code}\n")).unwrap();
                let section = section.split("\n### ").next().unwrap();
                assert!(section.contains(&said), "docs/codes.md lacks: {said}");
            }
        }
    }

    #[test]
    fn gateways_have_remedies_that_the_documentation_repeats() {
        let page = include_str!("../../../../docs/codes.md");
        for code in Code::ALL {
            let is_own = code.as_str().starts_with("GATEWAY-");
            for (language, stop) in LANGUAGES {
                let remedy = gateway_remedy(*code, language);
                assert_eq!(remedy.is_some(), is_own, "{code}");
                if let Some(remedy) = remedy {
                    assert_prose(code.as_str(), remedy, language, stop);
                    assert_eq!(remedy_of(code.as_str(), None, language), Some(remedy), "{code}");
                }
            }
            if let Some(remedy) = gateway_remedy(*code, Language::English) {
                let said = format!("**Remedy:** {remedy}\n");
                let (_, section) = page.split_once(&format!("\n### {code}\n")).unwrap();
                let section = section.split("\n### ").next().unwrap();
                assert!(section.contains(&said), "docs/codes.md lacks: {said}");
            }
        }
    }

    #[test]
    fn every_clause_has_a_name_of_its_own() {
        for (language, stop) in LANGUAGES {
            let names: std::collections::BTreeSet<_> =
                Clause::ALL.into_iter().map(|one| clause(one, language)).collect();
            assert_eq!(names.len(), Clause::ALL.len(), "{language:?}");
            assert!(names.iter().all(|name| !name.ends_with(stop) && !name.contains('`')), "{language:?}");
        }
    }
}
