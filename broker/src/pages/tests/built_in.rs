//! The pages of the built-in identity for whoever forgot something.

use vestibule_policies::password::{Policy, Preset};

use super::super::*;

static POLICY: Policy = Preset::Global.policy();

pub(super) fn form<'a>(text: &'a str, url: &'a str) -> SignInPage<'a> {
    SignInPage {
        deployment: text,
        joins: Some(text),
        action: url,
        form_token: text,
        name: text,
        forgotten: url,
        elsewhere: url,
        problem: None,
    }
}

pub(super) fn wish<'a>(text: &'a str, url: &'a str) -> ForgottenPage<'a> {
    ForgottenPage { action: url, form_token: text, back: url, problem: None }
}

pub(super) fn new_password<'a>(text: &'a str, url: &'a str) -> ResetPage<'a> {
    ResetPage {
        setting: Setting::Password,
        account: text,
        action: url,
        hidden: ("token", text),
        policy: &POLICY,
        problems: &[],
    }
}
