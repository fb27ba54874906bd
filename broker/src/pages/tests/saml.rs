//! The pages of SAML: the post to a provider, the sign-in that it began, and the report of a test.

use vestibule_providers::saml::examination::Clause;
use vestibule_providers::saml::fault::SamlFault;

use super::*;

/// A page that posts to a provider.
pub(super) fn form<'a>(text: &'a str, to: &'a str, fields: &'a [(&'a str, &'a str)]) -> PostFormPage<'a> {
    PostFormPage { to, fields, organization: text, nonce: "bm9uY2U=", insecure: false }
}

/// The question before a sign-in that the provider began.
pub(super) fn question(text: &str) -> ArrivalPage<'_> {
    ArrivalPage { organization: text, person: text, workspace: text, form_token: text, code: text }
}

/// A report that shows everything that one can show.
pub(super) fn full_report(text: &str, url: &str, language: Language) -> Html {
    let values = [text.to_owned(), text.to_owned()];
    let mut page = report(text, url);
    page.attributes = vec![(text, &values)];
    page.verdict = TrialVerdict::Refused { code: text, claim: Some(text), cause: Some(text), reason: text };
    trial(&page, language)
}

pub(super) fn test_question(text: &str) -> TrialQuestionPage<'_> {
    TrialQuestionPage {
        organization: text,
        connection: text,
        ticket: text,
        asked: Asked::Provider,
        insecure: false,
    }
}

fn report<'a>(text: &'a str, url: &'a str) -> TrialPage<'a> {
    let certificate = TrialCertificate {
        subject: text,
        not_before: text,
        not_after: text,
        fingerprint: text,
        key: text,
        state: CertificateState::EndsSoon(30),
    };
    TrialPage {
        organization: text,
        connection: text,
        kind: text,
        when: text,
        verdict: TrialVerdict::Passed,
        checks: Clause::ALL.map(|clause| (clause.into(), CheckState::Passed)).to_vec(),
        attributes: Vec::new(),
        claims: vec![TrialClaim { name: text, values: vec![text], more: 1 }],
        clock_skew_seconds: Some(0),
        certificates: vec![certificate],
        again_url: url,
        json_url: Some(url),
    }
}

/// A refusal at the audience, as it would be reported.
fn refused(code: Code, cause: Option<&'static str>) -> TrialPage<'static> {
    let state = |clause| match clause {
        Clause::Audience => CheckState::Failed,
        later if later > Clause::Audience => CheckState::NotReached,
        _ => CheckState::Passed,
    };
    TrialPage {
        verdict: TrialVerdict::Refused {
            code: code.as_str(),
            claim: None,
            cause,
            reason: "for other, not for us",
        },
        checks: Clause::ALL.map(|clause| (clause.into(), state(clause))).to_vec(),
        ..report("acme", "/again")
    }
}

#[test]
fn a_request_is_posted_by_its_button_and_by_the_one_script() {
    let fields = [("SAMLRequest", "PHg+"), ("RelayState", "r.s")];
    let page = post_form(&form("acme", "https://idp.example/sso?a=1&b=2", &fields), Language::English);
    for present in [
        "method=\"post\" action=\"https://idp.example/sso?a=1&#38;b=2\"",
        "<input type=\"hidden\" name=\"SAMLRequest\" value=\"PHg+\">",
        "<input type=\"hidden\" name=\"RelayState\" value=\"r.s\">",
        "<button class=\"button\" type=\"submit\">Continue</button>",
        "<script nonce=\"bm9uY2U=\">document.forms[0].submit()</script>",
    ] {
        assert!(page.body.contains(present), "{present}");
    }
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(page.policy.contains("; script-src 'nonce-bm9uY2U='; "));
    assert!(page.policy.contains("; form-action https:; "));
    assert!(!page.policy.contains("http:;") && !page.policy.contains(" http:"));
    assert_eq!(page.referrer, ReferrerPolicy::NoReferrer);
}

#[test]
fn a_provider_without_tls_is_reached_only_where_that_is_said() {
    let page = PostFormPage { insecure: true, ..form("acme", "http://idp.localhost:9201/sso", &[]) };
    assert!(post_form(&page, Language::English).policy.contains("; form-action https: http:; "));
}

#[test]
fn what_is_no_nonce_admits_no_script_and_leaves_the_policy_whole() {
    for nonce in ["", "=", "a===", "a b", "a'; script-src *", "a\"", "a;", "\u{e9}", "<script>"] {
        let page = PostFormPage { nonce, ..form("acme", "/x", &[]) };
        let page = post_form(&page, Language::English);
        assert!(!page.body.contains("<script") && !page.policy.contains("script-src"), "{nonce}");
        assert!(page.body.contains("<form"), "{nonce}: the button still goes on");
    }
    for nonce in ["YQ==", "abc", "a-b_c", "a/b+c="] {
        let page = PostFormPage { nonce, ..form("acme", "/x", &[]) };
        assert!(post_form(&page, Language::English).body.contains("<script nonce="), "{nonce}");
    }
}

#[test]
fn an_arrival_names_whom_it_signs_in_and_posts_to_the_one_path() {
    let page = ArrivalPage {
        organization: "acme",
        person: "Alice Andersen",
        workspace: "https://acme.apps.example/",
        form_token: "t0k3n",
        code: "c0d3",
    };
    let english = arrival(&page, Language::English).body;
    for present in [
        "<form class=\"actions\" method=\"post\" action=\"/landing\">",
        "<input type=\"hidden\" name=\"form_token\" value=\"t0k3n\">",
        "<input type=\"hidden\" name=\"code\" value=\"c0d3\">",
        "<button class=\"button\" type=\"submit\">Sign in as Alice Andersen</button>",
        "<bdi>Alice Andersen</bdi>",
        "<bdi>acme</bdi>",
        "<code>https://acme.apps.example/</code>",
        "close this page",
    ] {
        assert!(english.contains(present), "{present}");
    }
    assert!(!english.contains("<a "), "there is one way on, and it is the form");
    assert!(arrival(&page, Language::Japanese).body.contains("Alice Andersenとしてサインインする"));
}

#[test]
fn a_report_says_first_whether_it_works_then_what_to_do() {
    let page = trial(&refused(Code::SamlAudience, Some("audience-wrong")), Language::English).body;
    let order = [
        "<title>The connection does not work yet · Vestibule</title>",
        "<h1>The connection does not work yet.</h1>",
        "The assertion is meant for another service.",
        "<strong>What to do:</strong> Enter our entity id",
        "<code>vestibule apply</code>",
        "no session was opened",
        "href=\"/again\">Test again</a>",
        "<code>SAML-AUDIENCE</code>",
        "<code>audience-wrong</code>",
        "<bdi>for other, not for us</bdi>",
        "<h2>Checks</h2>",
        "<h2>Attributes</h2>",
        "<h2>Claims</h2>",
        "<h2>Clock</h2>",
        "<h2>Certificates</h2>",
    ];
    let mut rest = page.as_str();
    for next in order {
        rest = rest.split_once(next).unwrap_or_else(|| panic!("{next} does not come next")).1;
    }
}

#[test]
fn checks_are_told_by_mark_and_word() {
    let page = trial(&refused(Code::SamlAudience, Some("audience-wrong")), Language::English).body;
    let told = |mark: &str, word: &str| page.matches(&format!("{mark}</span> {word}")).count();
    assert_eq!(told("\u{2713}", "passed"), 13);
    assert_eq!(told("\u{2717}", "failed"), 1);
    assert_eq!(told("\u{2013}", "not asked"), 5);
    assert_eq!(page.matches("<strong class=\"mark\">").count(), 1);
}

#[test]
fn a_test_is_asked_about_first_and_may_lead_to_a_provider_anywhere() {
    for (insecure, action) in
        [(false, "; form-action 'self' https:; "), (true, "; form-action 'self' https: http:; ")]
    {
        let page = TrialQuestionPage {
            organization: "acme",
            connection: "idp",
            ticket: "t1ck3t",
            asked: Asked::Provider,
            insecure,
        };
        let page = trial_question(&page, Language::English);
        for present in [
            "<form class=\"actions\" method=\"post\" action=\"/test\">",
            "<input type=\"hidden\" name=\"ticket\" value=\"t1ck3t\">",
            "<bdi>acme</bdi>",
            "<code>idp</code>",
        ] {
            assert!(page.body.contains(present), "{present}");
        }
        // Origin comes along only where the referrer policy lets it.
        assert!(
            page.policy.contains(action) && page.referrer == ReferrerPolicy::SameOrigin,
            "{}",
            page.policy
        );
    }
}

#[test]
fn a_test_says_who_is_asked() {
    for (asked, present, absent) in [
        (Asked::Provider, "identity provider", "directory"),
        (Asked::Directory, "directory", "identity provider"),
    ] {
        let page = TrialQuestionPage { asked, ..test_question("acme") };
        let body = trial_question(&page, Language::English).body;
        assert!(body.contains(present) && !body.contains(absent), "{asked:?}: {body}");
    }
}

#[test]
fn a_person_who_is_refused_is_no_fault_of_the_connection() {
    let heading = |code, cause| {
        let mut page = report("acme", "/x");
        page.verdict = TrialVerdict::Refused { code, claim: None, cause, reason: "x" };
        let body = trial(&page, Language::English).body;
        body.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0.to_owned()
    };
    for (code, cause, expected) in [
        ("AD-CREDENTIALS", Some("wrong-password"), "The connection works, and this person was refused."),
        ("AD-DISABLED", None, "The connection works, and this person was refused."),
        ("AD-CREDENTIALS", Some("held"), "This person was refused before the directory was asked."),
        ("AD-DOWN", None, "The connection does not work yet."),
        ("CLAIM-EMAIL", None, "The connection does not work yet."),
    ] {
        assert_eq!(heading(code, cause), expected, "{code} {cause:?}");
    }
}

#[test]
fn many_values_of_a_claim_are_one_row_and_a_count() {
    let mut page = report("acme", "/x");
    page.claims = vec![TrialClaim { name: "groups", values: vec!["a", "b"], more: 4980 }];
    let english = trial(&page, Language::English).body;
    assert!(
        english.contains("<ul><li><code>a</code></li><li><code>b</code></li><li>and 4980 more</li></ul>")
    );
    assert!(trial(&page, Language::Japanese).body.contains("<li>ほか4980件</li>"));
    page.claims[0].more = 0;
    assert!(!trial(&page, Language::English).body.contains(" more<"));
}

#[test]
fn every_verdict_has_its_heading() {
    for (language, passed) in [
        (Language::English, "<h1>The connection works.</h1>"),
        (Language::Japanese, "<h1>この接続は正しく動作しています。</h1>"),
    ] {
        assert!(trial(&report("acme", "/x"), language).body.contains(passed));
    }
}

#[test]
fn every_cause_is_explained_on_the_page_and_an_unknown_one_by_its_code() {
    for language in LANGUAGES {
        for fault in SamlFault::ALL {
            let page = trial(&refused(fault.code(), Some(fault.id())), language).body;
            let meaning = cause(fault.id(), language).unwrap().replace('\'', "&#39;");
            assert!(page.contains(&meaning), "{} {language:?}", fault.id());
            assert!(!page.contains('`'), "{} {language:?}", fault.id());
        }
        let page = trial(&refused(Code::OidcNonce, Some("no-such-cause")), language).body;
        let what = sentence(Code::OidcNonce, language).what.replace('\'', "&#39;");
        assert!(page.contains(&what), "{language:?}");
        assert!(page.contains("<code>docs/codes.md</code>"), "{language:?}");
        let page = trial(&refused(Code::ClaimSid, None), language).body;
        assert!(page.contains("<code>objectSid</code>") && page.contains("cip_sid"), "{language:?}");
    }
}

#[test]
fn an_assertion_without_attributes_is_told_and_an_unread_one_is_not() {
    let nothing = "The provider sent no attributes.";
    assert!(trial(&report("acme", "/x"), Language::English).body.contains(nothing));
    let mut unread = report("acme", "/x");
    unread.checks.truncate(4);
    assert!(!trial(&unread, Language::English).body.contains(nothing));
}

#[test]
fn clocks_and_certificates_are_told_in_words() {
    for (skew, words) in [
        (0, "agree."),
        (200, "200 s ahead of ours"),
        (-7, "7 s behind ours"),
        (i64::MIN, "9223372036854775808 s behind ours"),
    ] {
        let page = TrialPage { clock_skew_seconds: Some(skew), ..report("acme", "/x") };
        assert!(trial(&page, Language::English).body.contains(words), "{skew}");
    }
    for (state, words) in [
        (CertificateState::Valid, "Valid now."),
        (CertificateState::EndsSoon(1), "ends in 1 day:"),
        (CertificateState::EndsSoon(20), "ends in 20 days:"),
        (CertificateState::NotValid, "Not valid now:"),
    ] {
        let mut page = report("acme", "/x");
        page.certificates.iter_mut().for_each(|one| one.state = state);
        assert!(trial(&page, Language::English).body.contains(words), "{words}");
    }
}

#[test]
fn a_report_names_the_claim_at_fault_and_the_check_of_claims() {
    let mut page = report("acme", "/x");
    page.checks.push((Check::Claims, CheckState::Failed));
    page.json_url = None;
    page.verdict = TrialVerdict::Refused {
        code: "CLAIM-SID",
        claim: Some("cip_sid"),
        cause: None,
        reason: "cip_sid is missing",
    };
    let body = trial(&page, Language::English).body;
    for present in ["<dt>Attribute</dt><dd><code>cip_sid</code>", "Every claim that the connection requires"]
    {
        assert!(body.contains(present), "{present}");
    }
    assert!(!body.contains("Report as JSON"));
    for clause in Clause::ALL {
        assert_eq!(Check::parse(clause.id()), Some(Check::Clause(clause)));
    }
    assert_eq!(Check::parse("claims"), Some(Check::Claims));
    assert_eq!(Check::parse("Claims"), None);
}

#[test]
fn a_report_of_a_code_that_is_none_still_stands() {
    let mut page = report("acme", "/x");
    page.verdict = TrialVerdict::Refused { code: "NO-SUCH", claim: None, cause: None, reason: "x" };
    for language in LANGUAGES {
        let body = trial(&page, language).body;
        assert!(body.contains("<code>NO-SUCH</code>") && body.contains("<code>docs/codes.md</code>"));
    }
}
