//! The part of a form that says what somebody may do (ADM-04, ADM-06).

use vestibule_policies::permission::{Access, Permission};

use super::super::language::Language;
use super::super::texts::{AccessTexts, administrators_texts};

/// What stands chosen.
#[derive(Debug, Clone, Copy)]
pub struct AccessForm<'a> {
    /// What they may do now, or what was chosen before. Posted are `access`, which is `full` or `custom`, and for each permission
    /// that is ticked `permission.<name>`.
    pub chosen: &'a Access,
}

/// What the template sets.
pub(super) struct AccessFields {
    pub(super) texts: &'static AccessTexts,
    pub(super) full: bool,
    pub(super) boxes: Vec<(&'static str, &'static str, bool)>,
}

impl AccessForm<'_> {
    pub(super) fn fields(self, language: Language) -> AccessFields {
        let words = &administrators_texts(language).choice;
        let held = |permission| matches!(self.chosen, Access::Custom(held) if held.contains(&permission));
        AccessFields {
            texts: words,
            full: *self.chosen == Access::Full,
            boxes: Permission::ALL
                .into_iter()
                .map(|one| (one.as_str(), (words.label)(one), held(one)))
                .collect(),
        }
    }
}

/// Access in a word, or the permissions that it is made of.
pub(super) fn summary(access: &Access, language: Language) -> String {
    let words = &administrators_texts(language).choice;
    match access {
        Access::Full => words.full.to_owned(),
        Access::Custom(held) if held.is_empty() => words.custom.to_owned(),
        Access::Custom(held) => {
            let labels: Vec<_> = held.iter().map(|one| (words.label)(*one)).collect();
            labels.join(match language {
                Language::English => ", ",
                Language::Japanese => "、",
            })
        }
    }
}
