//! Every preset at every boundary, and what each rule lets pass beside what it refuses.

mod ages;
mod composition;
mod context;

use super::*;

fn candidate(text: &str) -> Candidate {
    Candidate::read(text).unwrap()
}

fn judged(preset: Preset, text: &str) -> Vec<Shortcoming> {
    judged_with(preset, text, &Context::default())
}

fn judged_with(preset: Preset, text: &str, context: &Context<'_>) -> Vec<Shortcoming> {
    preset.policy().judge(&candidate(text), context).err().unwrap_or_default()
}

#[test]
fn presets_are_named_as_in_the_configuration() {
    for preset in Preset::ALL {
        assert_eq!(Preset::parse(preset.as_str()), Some(preset));
    }
    for name in ["", "Global", "global-strict", "nist ", "japan\0"] {
        assert_eq!(Preset::parse(name), None, "{name:?}");
    }
}

#[test]
fn what_the_presets_have_in_common() {
    for preset in Preset::ALL {
        let policy = preset.policy();
        assert!(policy.length.least() >= SHORTEST && policy.length.most() >= 64, "{preset:?}");
        // Four bytes a character: whatever is short enough in characters is looked at.
        assert!(policy.length.most() * 4 <= LONGEST_BYTES, "{preset:?}");
        assert_eq!((policy.common, policy.similar), (Weak::Refused, Weak::Refused), "{preset:?}");
        assert_eq!(policy.compromised, Compromised::RefusedAndReset, "{preset:?}");
        assert_eq!(policy.specials.len(), 11, "{preset:?}");
    }
}

#[test]
fn no_policy_is_shorter_than_eight() {
    for (least, effective) in [(0, 8), (7, 8), (8, 8), (9, 9)] {
        assert_eq!(Length::new(least, 64).least(), effective);
    }
}
