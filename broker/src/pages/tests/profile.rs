//! An administrator's own page and the forms below it.

use vestibule_policies::password::{Policy, Preset, Shortcoming};

use super::*;

pub(super) fn overview<'a>(text: &'a str, url: &'a str) -> ProfilePage<'a> {
    ProfilePage {
        organization: text,
        person: text,
        user_name: text,
        email: text,
        phone: text,
        password_days: 12,
        device: Some(DeviceFact { registered: text }),
        passkeys: &[],
        may_add: true,
        backup: BackupFact { count: 10, used: 2, made: text },
        console: url,
        addresses: ProfileAddresses {
            password: url,
            device: url,
            passkeys: url,
            backup_codes: url,
            phone: url,
            email: url,
        },
        notice: Some(ProfileNotice::DeviceChanged),
    }
}

/// Every form by its name.
pub(super) fn forms(text: &str, url: &str, language: Language) -> Vec<(&'static str, Html)> {
    let policy = policy();
    let forms = [
        ("profile password", ProfileAsks::Password { name: text, policy: &policy, problems: &[] }, None),
        ("profile device", ProfileAsks::Device, None),
        ("profile backup codes", ProfileAsks::BackupCodes, None),
        ("profile phone", ProfileAsks::Phone { phone: text, elsewhere: None }, None),
        ("profile email", ProfileAsks::Email { email: text, typed: text, is_possible: true }, None),
        ("profile code of a mail", ProfileAsks::EmailCode { email: text }, Some(ProfileProblem::SentAgain)),
    ];
    let form = |(name, asks, problem)| (name, profile_form(&of(asks, (text, url), problem), language));
    let mut all: Vec<_> = forms.into_iter().map(form).collect();
    let codes = NewCodesPage { back: url, account: text, issuer: text, codes: &[text] };
    all.push(("new backup codes", new_codes(&codes, language)));
    let page = NewPasskeyPage { passkey: part(text, url), back: url, name: text, problem: None };
    all.push(("passkey new", new_passkey(&page, language)));
    let second = SecondPage {
        action: url,
        passkey: Some(part(text, url)),
        backup_action: url,
        ticket: text,
        problem: None,
    };
    all.push(("passkey second factor", super::second(&second, language)));
    let asked =
        ProfileFormPage { passkey: Some(part(text, url)), ..of(ProfileAsks::BackupCodes, (text, url), None) };
    all.push(("passkey in place of a code", profile_form(&asked, language)));
    all
}

/// What a browser is asked for a passkey.
fn part<'a>(text: &'a str, url: &'a str) -> PasskeyPart<'a> {
    PasskeyPart { action: url, ticket: text, form_token: Some(text), options: text, nonce: "bm9uY2U" }
}

fn of<'a>(
    asks: ProfileAsks<'a>,
    (text, url): (&'a str, &'a str),
    problem: Option<ProfileProblem>,
) -> ProfileFormPage<'a> {
    ProfileFormPage {
        asks,
        action: url,
        back: url,
        form_token: text,
        ticket: Some(text),
        passkey: None,
        problem,
    }
}

fn policy() -> Policy {
    Preset::ALL.first().unwrap().policy()
}

#[test]
fn the_overview_tells_what_there_is_in_words_of_the_product() {
    let page = profile(&overview("2026-01-31", "/x"), Language::English).body;
    for said in [
        "Manage your primary MFA method",
        "Manage your MFA recovery methods",
        "these are the only ways back to your account",
        "Your password is 12 days old.",
        "Registered on 2026-01-31.",
        "10 codes generated on 2026-01-31, 2 used.",
        "delete it in the app",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let page = profile(&overview("2026-01-31", "/x"), Language::Japanese).body;
    for said in ["主要なMFA方法の管理", "MFAの回復方法の管理", "12日", "10個を生成、2個を使用済み"]
    {
        assert!(page.contains(said), "{said}");
    }
    for (days, said) in [(0, "less than a day old"), (1, "one day old"), (2, "2 days old")] {
        let page = ProfilePage { password_days: days, ..overview("x", "/x") };
        assert!(profile(&page, Language::English).body.contains(said), "{days}");
    }
}

#[test]
fn what_cannot_be_changed_here_has_no_form() {
    for asks in [
        ProfileAsks::Phone { phone: "1", elsewhere: Some("Acme") },
        ProfileAsks::Email { email: "a@b.example", typed: "", is_possible: false },
    ] {
        for language in LANGUAGES {
            let page = profile_form(&of(asks, ("x", "/x"), None), language).body;
            assert!(!page.contains("<form") && page.contains("href=\"/x\""), "{asks:?}");
        }
    }
}

#[test]
fn a_problem_stands_at_the_form_that_has_it() {
    let policy = policy();
    let short = [JoinProblem::Policy(Shortcoming::TooShort(12))];
    let asks = ProfileAsks::Password { name: "ada", policy: &policy, problems: &short };
    let page = profile_form(&of(asks, ("x", "/x"), None), Language::English).body;
    assert!(page.contains("at least 12 characters") && page.matches("aria-invalid=").count() == 2);
    let page = profile_form(
        &of(ProfileAsks::Device, ("x", "/x"), Some(ProfileProblem::BackupCode)),
        Language::English,
    );
    assert!(page.body.contains("<details open>"));
    let wrong =
        profile_form(&of(ProfileAsks::Device, ("x", "/x"), Some(ProfileProblem::Code)), Language::English);
    assert!(wrong.body.contains("<details>") && wrong.body.contains("aria-invalid="));
}

#[test]
fn a_list_of_passkeys_has_a_way_to_remove_each() {
    let one = PasskeyFact { name: "Laptop", made: "2026-01-31", used: None, remove: "/r?passkey=x" };
    let two = PasskeyFact { used: Some("2026-02-01"), name: "Key", ..one };
    let page = ProfilePage { passkeys: &[one, two], may_add: false, ..overview("x", "/x") };
    let body = profile(&page, Language::English).body;
    for said in
        ["Remove Laptop", "Made on 2026-01-31, not used yet.", "last used on 2026-02-01", "as many as"]
    {
        assert!(body.contains(said), "{said}");
    }
    assert!(body.matches("href=\"/r?passkey=x\"").count() == 2 && !body.contains("Add a passkey"));
}

/// Without a script the question for a passkey is not seen, and the form for a code is.
#[test]
fn a_page_with_a_passkey_is_whole_without_a_script() {
    for (name, page) in forms("acme", "/x", Language::English) {
        if !name.starts_with("passkey") {
            continue;
        }
        let (_, form) =
            page.body.split_once("<form class=\"form\" method=\"post\" action=\"/x\" data-passkey").unwrap();
        assert!(form.split_once('>').unwrap().0.ends_with(" hidden"), "{name}");
        assert!(name == "passkey new" || page.body.contains("name=\"code\""), "{name}");
        assert_eq!(page.body.matches("<script nonce=\"bm9uY2U\">").count(), 1, "{name}");
    }
}
