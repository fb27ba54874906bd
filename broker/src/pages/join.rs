//! The pages of somebody new: their name and password, and at the end backup codes and recovery phone (MFA-07, SGN-09).

use askama::Template;
use vestibule_policies::password::{Class, Due, Policy, Shortcoming};

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Forms, Frame, Html, html};
use super::language::Language;
use super::marked::Piece;
use super::texts::{AddressTexts, JoinTexts, RecoveryTexts, RenewTexts, join_texts};

/// What the first page names.
#[derive(Debug, Clone, Copy)]
pub struct JoinPage<'a> {
    /// The organisation that the link is for.
    pub organization: &'a str,
    /// A path of this host. Posted to it are `form_token`, `display_name`, `new_password` and `new_password_again`.
    pub action: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// Whose link it is; they sign in with it.
    pub email: &'a str,
    /// The name as it was typed before, or empty.
    pub name: &'a str,
    /// What a password has to be like.
    pub policy: &'a Policy,
    /// Everything that is wrong with what was posted.
    pub problems: &'a [JoinProblem],
}

/// Something that is wrong with a name or a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinProblem {
    /// The name is empty or too long.
    Name,
    /// The two passwords are not the same.
    Differ,
    /// It does not fit the policy.
    Policy(Shortcoming),
}

/// The first page of somebody new.
#[must_use]
pub fn join(page: &JoinPage<'_>, language: Language) -> Html {
    let words = join_texts(language);
    let said: Vec<String> = page.problems.iter().map(|problem| problem_text(*problem, language)).collect();
    let said = (!said.is_empty()).then(|| said.join(" "));
    let is_name = page.problems.contains(&JoinProblem::Name);
    let password = page.problems.iter().any(|problem| *problem != JoinProblem::Name);
    let no_name = page.name.trim().is_empty();
    let rules = rules(page.policy, language);
    let sheet = JoinSheet {
        frame: Frame::of_form(language, words.heading, said.as_deref()),
        texts: words,
        organization: page.organization,
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        email: page.email,
        fields: [
            Field::new("display_name", words.name, FieldKind::Name)
                .value(page.name)
                .faulty_if(is_name)
                .focused_if(no_name || is_name),
            Field::new("new_password", words.password, FieldKind::NewPassword)
                .hint(&rules)
                .faulty_if(password)
                .focused_if(!no_name && !is_name),
            Field::new("new_password_again", words.again, FieldKind::NewPassword).faulty_if(password),
        ],
        problem: said.as_deref(),
    };
    html(&sheet, Forms::ToOwnOrigin)
}

/// What the form for the code of an address names.
#[derive(Debug, Clone, Copy)]
pub struct AddressPage<'a> {
    /// A path of this host. Posted to it are `ticket`, `code` and `password`, or `ticket` and `resend`.
    pub action: &'a str,
    /// Finds the steps before; goes into the hidden field `ticket` of both forms.
    pub ticket: &'a str,
    /// Where the code went.
    pub email: &'a str,
    /// Why the page is there again.
    pub problem: Option<AddressProblem>,
}

/// What became of a code or of the wish for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressProblem {
    /// It is not the code that was sent last.
    Code,
    /// The code is right, the password is not the one that was just chosen.
    Password,
    /// The code is too old, or there were too many tries.
    Over,
    /// Another code is on its way: no problem, and said in its place.
    SentAgain,
}

/// The form for the code of an address (MFA-04).
#[must_use]
pub fn address_code(page: &AddressPage<'_>, language: Language) -> Html {
    let words = &join_texts(language).address;
    let said = page.problem.map(|problem| match problem {
        AddressProblem::Code => words.wrong,
        AddressProblem::Password => words.wrong_password,
        AddressProblem::Over => words.over,
        AddressProblem::SentAgain => words.sent_again,
    });
    let is_notice = page.problem == Some(AddressProblem::SentAgain);
    let problem = said.filter(|_| !is_notice);
    let password = page.problem == Some(AddressProblem::Password);
    let sheet = AddressSheet {
        frame: Frame::of_form(language, words.heading, problem),
        texts: words,
        action: navigable_or_root(page.action),
        ticket: page.ticket,
        email: page.email,
        fields: [
            Field::new("code", words.code, FieldKind::OneTimeCode)
                .faulty_if(problem.is_some() && !password)
                .focused_if(!password),
            Field::new("password", words.password, FieldKind::CurrentPassword)
                .faulty_if(password)
                .focused_if(password),
        ],
        notice: said.filter(|_| is_notice),
        problem,
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "address_code.html")]
struct AddressSheet<'a> {
    frame: Frame,
    texts: &'static AddressTexts,
    action: &'a str,
    ticket: &'a str,
    email: &'a str,
    fields: [Field<'a>; 2],
    notice: Option<&'static str>,
    problem: Option<&'static str>,
}

/// What the form for another password names.
#[derive(Debug, Clone, Copy)]
pub struct NewPasswordPage<'a> {
    /// A path of this host. Posted to it are `ticket`, `new_password` and `new_password_again`.
    pub action: &'a str,
    /// Finds what was proved; goes into the hidden field `ticket`.
    pub ticket: &'a str,
    /// Why another one has to be chosen.
    pub due: Due,
    /// What it has to be like.
    pub policy: &'a Policy,
    /// Everything that is wrong with what was posted.
    pub problems: &'a [JoinProblem],
}

/// The form for another password in place of one that is due (SGN-08).
#[must_use]
pub fn new_password(page: &NewPasswordPage<'_>, language: Language) -> Html {
    let words = join_texts(language);
    let said: Vec<String> = page.problems.iter().map(|problem| problem_text(*problem, language)).collect();
    let said = (!said.is_empty()).then(|| said.join(" "));
    let rules = rules(page.policy, language);
    let sheet = NewPasswordSheet {
        frame: Frame::of_form(language, words.renew.heading, said.as_deref()),
        texts: &words.renew,
        why: match page.due {
            Due::Compromised => words.renew.compromised,
            Due::Weak => words.renew.weak,
            Due::Old => words.renew.old,
            Due::Unused => words.renew.unused,
        },
        action: navigable_or_root(page.action),
        ticket: page.ticket,
        fields: [
            Field::new("new_password", words.password, FieldKind::NewPassword)
                .hint(&rules)
                .faulty_if(said.is_some())
                .focused_if(true),
            Field::new("new_password_again", words.again, FieldKind::NewPassword).faulty_if(said.is_some()),
        ],
        problem: said.as_deref(),
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "new_password.html")]
struct NewPasswordSheet<'a> {
    frame: Frame,
    texts: &'static RenewTexts,
    why: &'static str,
    action: &'a str,
    ticket: &'a str,
    fields: [Field<'a>; 2],
    problem: Option<&'a str>,
}

/// What a policy asks for, in one paragraph.
pub(super) fn rules(policy: &Policy, language: Language) -> String {
    let words = join_texts(language);
    let classes: Vec<String> =
        policy.classes.iter().map(|class| class_text(*class, policy, language)).collect();
    let mut text = (words.length)(policy.length.least());
    if !classes.is_empty() {
        text.push_str(&(words.classes)(&classes));
    }
    text.push_str(words.no_names);
    text
}

fn class_text(class: Class, policy: &Policy, language: Language) -> String {
    let words = join_texts(language);
    match class {
        Class::Upper => words.upper.to_owned(),
        Class::Lower => words.lower.to_owned(),
        Class::Digit => words.digit.to_owned(),
        Class::Special => (words.special)(policy.specials),
    }
}

/// What is said of one thing that is wrong.
pub(super) fn problem_text(problem: JoinProblem, language: Language) -> String {
    let words = join_texts(language);
    match problem {
        JoinProblem::Name => words.no_name.to_owned(),
        JoinProblem::Differ => words.differ.to_owned(),
        JoinProblem::Policy(Shortcoming::TooShort(least)) => (words.too_short)(least),
        JoinProblem::Policy(Shortcoming::TooLong(most)) => (words.too_long)(most),
        JoinProblem::Policy(Shortcoming::Lacks(class)) => match class {
            Class::Upper => words.lacks_upper.to_owned(),
            Class::Lower => words.lacks_lower.to_owned(),
            Class::Digit => words.lacks_digit.to_owned(),
            Class::Special => words.lacks_special.to_owned(),
        },
        JoinProblem::Policy(Shortcoming::Common) => words.common.to_owned(),
        JoinProblem::Policy(
            Shortcoming::NamesPerson | Shortcoming::NamesOrganization | Shortcoming::NamesProduct,
        ) => words.names.to_owned(),
        JoinProblem::Policy(Shortcoming::Unchanged | Shortcoming::Reused) => words.reused.to_owned(),
        JoinProblem::Policy(Shortcoming::Compromised) => words.compromised.to_owned(),
    }
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinSheet<'a> {
    frame: Frame,
    texts: &'static JoinTexts,
    organization: &'a str,
    action: &'a str,
    form_token: &'a str,
    email: &'a str,
    fields: [Field<'a>; 3],
    problem: Option<&'a str>,
}

/// What the last page names.
#[derive(Debug, Clone, Copy)]
pub struct RecoveryPage<'a> {
    /// A path of this host. Posted to it are `ticket`, `phone` and `saved`.
    pub action: &'a str,
    /// Finds the steps before; goes into the hidden field `ticket`.
    pub ticket: &'a str,
    /// Whose codes they are.
    pub account: &'a str,
    /// Where they are good.
    pub issuer: &'a str,
    /// The backup codes, which are shown now and never again.
    pub codes: &'a [&'a str],
    /// Whether a phone has to be given.
    pub phone: PhoneField,
    /// Why the page is there again.
    pub problem: Option<RecoveryProblem>,
}

/// Whether a recovery phone has to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneField {
    /// There is none yet.
    Needed,
    /// There is one, which stays unless another one is typed. It is not shown.
    OrAsBefore,
}

/// What is missing before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryProblem {
    /// It is no telephone number.
    Phone,
    /// "I have saved these codes" is not ticked.
    Saved,
}

/// The last page of somebody new (MFA-07 to MFA-09).
#[must_use]
pub fn recovery(page: &RecoveryPage<'_>, language: Language) -> Html {
    let words = &join_texts(language).recovery;
    let said = page.problem.map(|problem| match problem {
        RecoveryProblem::Phone => words.no_phone,
        RecoveryProblem::Saved => words.not_saved,
    });
    let phone = page.problem == Some(RecoveryProblem::Phone);
    let sheet = RecoverySheet {
        frame: Frame::of_form(language, words.heading, said),
        texts: words,
        action: navigable_or_root(page.action),
        ticket: page.ticket,
        codes: page.codes,
        file: backup_file((page.issuer, page.account), page.codes),
        fields: [Field::new("phone", words.phone, FieldKind::Telephone)
            .hint(match page.phone {
                PhoneField::Needed => words.phone_hint,
                PhoneField::OrAsBefore => words.phone_hint_again,
            })
            .optional_if(page.phone == PhoneField::OrAsBefore)
            .faulty_if(phone)
            .focused_if(phone)],
        not_saved: page.problem == Some(RecoveryProblem::Saved),
        problem: said,
    };
    html(&sheet, Forms::ToOwnOrigin)
}

/// The list of codes as an address, so that it is saved without a script or a request.
pub(super) fn backup_file((issuer, account): (&str, &str), codes: &[&str]) -> String {
    let list = format!("{issuer} {account}\r\n\r\n{}\r\n", codes.join("\r\n"));
    let list = percent_encoding::utf8_percent_encode(&list, percent_encoding::NON_ALPHANUMERIC);
    format!("data:text/plain;charset=utf-8,{list}")
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoverySheet<'a> {
    frame: Frame,
    texts: &'static RecoveryTexts,
    action: &'a str,
    ticket: &'a str,
    codes: &'a [&'a str],
    file: String,
    fields: [Field<'a>; 1],
    not_saved: bool,
    problem: Option<&'static str>,
}
