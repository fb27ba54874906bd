//! The pages of somebody who forgot something: the wish for a mail, and the new password (SGN-06, SGN-16). None that answers the wish
//! names anybody.

use askama::Template;
use vestibule_policies::password::Policy;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Forms, Frame, Html, html};
use super::join::{JoinProblem, problem_text, rules};
use super::language::Language;
use super::marked::Piece;
use super::texts::{ForgottenTexts, SettingTexts, ToldTexts, join_texts, reset_texts};

/// What the form for the wish names.
#[derive(Debug, Clone, Copy)]
pub struct ForgottenPage<'a> {
    /// A path of this host. Posted to it are `form_token` and `name`.
    pub action: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// The form for user name and password.
    pub back: &'a str,
    /// Why the page is there again.
    pub problem: Option<ForgottenProblem>,
}

/// What was wrong with what was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgottenProblem {
    /// Nothing was typed.
    Missing,
}

/// The form that asks for user name or address.
#[must_use]
pub fn forgotten(page: &ForgottenPage<'_>, language: Language) -> Html {
    let words = &reset_texts(language).forgotten;
    let problem = page.problem.map(|problem| match problem {
        ForgottenProblem::Missing => words.missing,
    });
    let sheet = ForgottenSheet {
        frame: Frame::of_form(language, words.heading, problem),
        texts: words,
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        fields: [Field::new("name", words.name, FieldKind::UserName)
            .faulty_if(problem.is_some())
            .focused_if(true)],
        back: navigable_or_root(page.back),
        problem,
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "forgotten.html")]
struct ForgottenSheet<'a> {
    frame: Frame,
    texts: &'static ForgottenTexts,
    action: &'a str,
    form_token: &'a str,
    fields: [Field<'a>; 1],
    back: &'a str,
    problem: Option<&'static str>,
}

/// What answers every wish, whoever is meant; `back` is the form for user name and password.
#[must_use]
pub fn forgotten_sent(back: &str, language: Language) -> Html {
    told(&reset_texts(language).sent, back, language)
}

/// Where a deployment sends no mail.
#[must_use]
pub fn forgotten_closed(back: &str, language: Language) -> Html {
    told(&reset_texts(language).closed, back, language)
}

/// What comes after the new password; `sign_in` is the console.
#[must_use]
pub fn reset_done(sign_in: &str, language: Language) -> Html {
    told(&reset_texts(language).done, sign_in, language)
}

fn told(words: &'static ToldTexts, url: &str, language: Language) -> Html {
    let sheet = ToldSheet {
        frame: Frame::of_form(language, words.heading, None),
        texts: words,
        url: navigable_or_root(url),
    };
    html(&sheet, Forms::None)
}

#[derive(Template)]
#[template(path = "told.html")]
struct ToldSheet<'a> {
    frame: Frame,
    texts: &'static ToldTexts,
    url: &'a str,
}

/// What is set anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The password alone.
    Password,
    /// It comes first, and a device and backup codes after it.
    Everything,
}

/// What the form for the new password names.
#[derive(Debug, Clone, Copy)]
pub struct ResetPage<'a> {
    /// What comes of it.
    pub setting: Setting,
    /// Whose password it is, by their user name.
    pub account: &'a str,
    /// A path of this host. Posted to it are the hidden field, `new_password` and `new_password_again`.
    pub action: &'a str,
    /// Name and value of the hidden field.
    pub hidden: (&'static str, &'a str),
    /// What it has to be like.
    pub policy: &'a Policy,
    /// Everything that is wrong with what was posted.
    pub problems: &'a [JoinProblem],
}

/// The form for the new password.
#[must_use]
pub fn reset(page: &ResetPage<'_>, language: Language) -> Html {
    let (words, fields) = (reset_texts(language), join_texts(language));
    let words = match page.setting {
        Setting::Password => &words.password,
        Setting::Everything => &words.everything,
    };
    let said: Vec<String> = page.problems.iter().map(|problem| problem_text(*problem, language)).collect();
    let said = (!said.is_empty()).then(|| said.join(" "));
    let rules = rules(page.policy, language);
    let sheet = ResetSheet {
        frame: Frame::of_form(language, words.heading, said.as_deref()),
        texts: words,
        account: page.account,
        action: navigable_or_root(page.action),
        hidden: page.hidden,
        fields: [
            Field::new("new_password", words.new, FieldKind::NewPassword)
                .hint(&rules)
                .faulty_if(said.is_some())
                .focused_if(true),
            Field::new("new_password_again", fields.again, FieldKind::NewPassword).faulty_if(said.is_some()),
        ],
        problem: said.as_deref(),
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetSheet<'a> {
    frame: Frame,
    texts: &'static SettingTexts,
    account: &'a str,
    action: &'a str,
    hidden: (&'static str, &'a str),
    fields: [Field<'a>; 2],
    problem: Option<&'a str>,
}
