//! The forms below an administrator's own page: what each asks for before it changes something.

use askama::Template;
use vestibule_policies::password::Policy;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Forms, Frame, Html, html};
use super::join::{JoinProblem, problem_text, rules};
use super::language::Language;
use super::marked::Piece;
use super::passkey::{PasskeyPart, PasskeySheet};
use super::texts::{
    ProfileFormTexts, built_in_texts, join_texts, passkey_texts, password_texts, profile_form_texts,
};

/// What a form names.
#[derive(Debug, Clone, Copy)]
pub struct ProfileFormPage<'a> {
    /// What is changed.
    pub asks: ProfileAsks<'a>,
    /// A path of this host. What is posted to it says [`ProfileAsks`].
    pub action: &'a str,
    /// A path of this host: the profile.
    pub back: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// Finds the step before, where there is one; goes into the hidden field `ticket`.
    pub ticket: Option<&'a str>,
    /// The question for a passkey in a code's place, where the person has one.
    pub passkey: Option<PasskeyPart<'a>>,
    /// Why the form is there again.
    pub problem: Option<ProfileProblem>,
}

/// What is changed, and what is posted for it.
#[derive(Debug, Clone, Copy)]
pub enum ProfileAsks<'a> {
    /// `current_password`, `new_password` and `new_password_again`; a `name` comes along for password managers.
    Password {
        /// The user name.
        name: &'a str,
        /// What a password has to be like.
        policy: &'a Policy,
        /// Everything that is wrong with the new one.
        problems: &'a [JoinProblem],
    },
    /// `code`, of the present app, or with `backup` a backup code.
    Device,
    /// `code`, of the present app.
    BackupCodes,
    /// `passkey`, an id.
    RemovePasskey {
        /// Its id.
        id: &'a str,
        /// What its owner calls it.
        name: &'a str,
    },
    /// `phone`.
    Phone {
        /// The number as it is.
        phone: &'a str,
        /// The organisation in which it has to be changed instead (MFA-18).
        elsewhere: Option<&'a str>,
    },
    /// `email`.
    Email {
        /// The address as it is.
        email: &'a str,
        /// What was typed before, or empty.
        typed: &'a str,
        /// Whether there is a server to send the code through.
        is_possible: bool,
    },
    /// `code`, out of the mail to that address; or `resend`.
    EmailCode {
        /// Where it went.
        email: &'a str,
    },
}

/// What was wrong with what was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileProblem {
    /// A field is empty.
    Missing,
    /// The current password is not right.
    Password,
    /// The password was changed too short a time ago.
    TooYoung,
    /// The one-time code has not six digits.
    Malformed,
    /// The one-time code is wrong, out of its time, or used.
    Code,
    /// The backup code is none of theirs, or used.
    BackupCode,
    /// The passkey did not hold, whatever the cause.
    Passkey,
    /// There were too many: nothing is looked at for a while.
    Resting,
    /// It is no telephone number.
    Phone,
    /// It is no address that mail can be sent to.
    Email,
    /// It is the address that they have.
    SameEmail,
    /// It is not the code of the latest mail.
    MailCode,
    /// The code is too old, or there were too many tries.
    Over,
    /// Another code is on its way: no problem, and said in its place.
    SentAgain,
    /// The address would be their user name, and is somebody else's.
    Taken,
}

/// A form.
#[must_use]
pub fn profile_form(page: &ProfileFormPage<'_>, language: Language) -> Html {
    let words = profile_form_texts(language);
    let said = said(page, language);
    let is_notice = page.problem == Some(ProfileProblem::SentAgain);
    let backup = page.problem == Some(ProfileProblem::BackupCode);
    let problem = said.as_deref().filter(|_| !is_notice);
    let rules = match page.asks {
        ProfileAsks::Password { policy, .. } => rules(policy, language),
        _ => String::new(),
    };
    let asked = asked(page.asks, language);
    let sheet = Sheet {
        frame: Frame::of_form(language, asked.heading, problem),
        texts: words,
        heading: asked.heading,
        lead: &asked.lead,
        name: if let ProfileAsks::Password { name, .. } = page.asks { Some(name) } else { None },
        passkey_id: if let ProfileAsks::RemovePasskey { id, .. } = page.asks { Some(id) } else { None },
        passkey: page.passkey.as_ref().map(|part| PasskeySheet::of(part, language)),
        action: navigable_or_root(page.action),
        back: navigable_or_root(page.back),
        form_token: page.form_token,
        ticket: page.ticket,
        fields: fields(page, (&rules, backup), language),
        button: asked.button,
        spare: match page.asks {
            ProfileAsks::Device => vec![
                Field::new("code", built_in_texts(language).factor.backup_code, FieldKind::BackupCode)
                    .with_id("backup")
                    .faulty_if(backup)
                    .focused_if(backup),
            ],
            _ => Vec::new(),
        },
        no_app: built_in_texts(language).factor.no_app,
        resends: matches!(page.asks, ProfileAsks::EmailCode { .. }),
        resend: join_texts(language).address.resend,
        not_there: join_texts(language).address.not_there,
        aside: asked.aside,
        notice: said.as_deref().filter(|_| is_notice),
        problem: problem.filter(|_| !backup),
        backup_problem: problem.filter(|_| backup),
    };
    html(&sheet, page.passkey.map_or(Forms::ToOwnOrigin, |part| Forms::WithScript { nonce: part.nonce }))
}

/// What a form says beside its fields.
struct Asked {
    heading: &'static str,
    lead: String,
    /// None where there is nothing to post.
    button: Option<&'static str>,
    aside: &'static str,
}

fn asked(asks: ProfileAsks<'_>, language: Language) -> Asked {
    let (words, passkey) = (profile_form_texts(language), passkey_texts(language));
    let asked = |(heading, lead, button, aside): (&'static str, &str, &'static str, &'static str)| Asked {
        heading,
        lead: lead.to_owned(),
        button: Some(button),
        aside,
    };
    match asks {
        ProfileAsks::Password { .. } => asked(words.password),
        ProfileAsks::Device => asked(words.device),
        ProfileAsks::BackupCodes => asked(words.backup_codes),
        ProfileAsks::RemovePasskey { name, .. } => Asked {
            heading: passkey.remove_heading,
            lead: (passkey.remove_lead)(name),
            button: Some(passkey.yes_remove),
            aside: passkey.remove_aside,
        },
        ProfileAsks::Phone { elsewhere: None, .. } => asked(words.phone),
        ProfileAsks::Phone { elsewhere: Some(organization), .. } => {
            let (heading, ..) = words.phone;
            Asked { heading, lead: (words.phone_elsewhere)(organization), button: None, aside: "" }
        }
        ProfileAsks::Email { is_possible: true, email, .. } => {
            let (heading, lead, button, aside) = words.email;
            Asked { heading, lead: lead(email), button: Some(button), aside }
        }
        ProfileAsks::Email { is_possible: false, .. } => {
            let (heading, ..) = words.email;
            Asked { heading, lead: words.no_mail.to_owned(), button: None, aside: "" }
        }
        ProfileAsks::EmailCode { email } => {
            let (heading, lead, button, aside) = words.email_code;
            Asked { heading, lead: lead(email), button: Some(button), aside }
        }
    }
}

fn fields<'a>(
    page: &ProfileFormPage<'a>,
    (rules, backup): (&'a str, bool),
    language: Language,
) -> Vec<Field<'a>> {
    let (words, problem) = (profile_form_texts(language), page.problem);
    let faulty = problem.is_some();
    match page.asks {
        ProfileAsks::Password { problems, .. } => {
            let (texts, join) = (&password_texts(language).change, join_texts(language));
            let missing = problem == Some(ProfileProblem::Missing);
            let new = missing || !problems.is_empty();
            vec![
                // No password comes back, so whatever was wrong, this one is the first to be typed again.
                Field::new("current_password", texts.current, FieldKind::CurrentPassword)
                    .faulty_if(missing || problem == Some(ProfileProblem::Password))
                    .focused_if(true),
                Field::new("new_password", texts.new, FieldKind::NewPassword).hint(rules).faulty_if(new),
                Field::new("new_password_again", join.again, FieldKind::NewPassword).faulty_if(new),
            ]
        }
        ProfileAsks::Device | ProfileAsks::BackupCodes => {
            let label = built_in_texts(language).factor.code;
            vec![
                Field::new("code", label, FieldKind::OneTimeCode)
                    .faulty_if(faulty && !backup && problem != Some(ProfileProblem::Passkey))
                    .focused_if(!backup),
            ]
        }
        ProfileAsks::RemovePasskey { .. } => vec![own_password(language, faulty, true)],
        ProfileAsks::Phone { elsewhere: Some(_), .. } | ProfileAsks::Email { is_possible: false, .. } => {
            Vec::new()
        }
        ProfileAsks::Phone { phone, .. } => {
            let texts = &join_texts(language).recovery;
            vec![
                Field::new("phone", texts.phone, FieldKind::Telephone)
                    .value(phone)
                    .hint(texts.phone_hint)
                    .faulty_if(faulty)
                    .focused_if(true),
            ]
        }
        ProfileAsks::Email { typed, .. } => {
            let of_password = matches!(problem, Some(ProfileProblem::Password | ProfileProblem::Missing));
            vec![
                Field::new("email", words.new_email, FieldKind::Email)
                    .value(typed)
                    .faulty_if(faulty && !of_password)
                    .focused_if(!of_password),
                own_password(language, of_password, of_password),
            ]
        }
        ProfileAsks::EmailCode { .. } => vec![
            Field::new("code", join_texts(language).address.code, FieldKind::OneTimeCode)
                .faulty_if(faulty && problem != Some(ProfileProblem::SentAgain))
                .focused_if(true),
        ],
    }
}

/// The current password, for what nobody changes who only found a browser open.
fn own_password<'a>(language: Language, faulty: bool, focused: bool) -> Field<'a> {
    let label = password_texts(language).change.current;
    Field::new("current_password", label, FieldKind::CurrentPassword).faulty_if(faulty).focused_if(focused)
}

/// What is wrong, or has been done in its place.
fn said(page: &ProfileFormPage<'_>, language: Language) -> Option<String> {
    if let ProfileAsks::Password { problems, .. } = page.asks
        && !problems.is_empty()
    {
        let said: Vec<_> = problems.iter().map(|problem| problem_text(*problem, language)).collect();
        return Some(said.join(" "));
    }
    let (words, factor) = (profile_form_texts(language), &built_in_texts(language).factor);
    let address = &join_texts(language).address;
    let text = match page.problem? {
        ProfileProblem::Missing => password_texts(language).change.missing,
        ProfileProblem::Password => password_texts(language).change.wrong,
        ProfileProblem::TooYoung => words.too_young,
        ProfileProblem::Malformed => factor.malformed,
        ProfileProblem::Code => factor.wrong,
        ProfileProblem::BackupCode => factor.wrong_backup,
        ProfileProblem::Passkey => passkey_texts(language).wrong,
        ProfileProblem::Resting => factor.resting,
        ProfileProblem::Phone => join_texts(language).recovery.no_phone,
        ProfileProblem::Email => words.no_email,
        ProfileProblem::SameEmail => words.same_email,
        ProfileProblem::MailCode => address.wrong,
        ProfileProblem::Over => address.over,
        ProfileProblem::SentAgain => address.sent_again,
        ProfileProblem::Taken => words.taken,
    };
    Some(text.to_owned())
}

#[derive(Template)]
#[template(path = "profile_form.html")]
struct Sheet<'a> {
    frame: Frame,
    texts: &'static ProfileFormTexts,
    heading: &'static str,
    lead: &'a str,
    name: Option<&'a str>,
    passkey_id: Option<&'a str>,
    passkey: Option<PasskeySheet<'a>>,
    action: &'a str,
    back: &'a str,
    form_token: &'a str,
    ticket: Option<&'a str>,
    fields: Vec<Field<'a>>,
    button: Option<&'static str>,
    spare: Vec<Field<'a>>,
    no_app: &'static str,
    resends: bool,
    resend: &'static str,
    not_there: &'static str,
    aside: &'static str,
    notice: Option<&'a str>,
    problem: Option<&'a str>,
    /// With one the second form is open.
    backup_problem: Option<&'a str>,
}
