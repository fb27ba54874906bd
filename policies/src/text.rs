//! Characters that must not ride along in what strangers send: controls, and marks that are not seen.
//!
//! Unseen marks make two different names look the same (Unicode TR 36 §2), and bidirectional overrides make a
//! name read backwards; neither belongs in an address or a displayed name.

/// Whether a character is a control, a zero-width mark or a bidirectional override.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A text for display: trimmed, without unseen characters, cut after `limit` characters. `None` when nothing is left.
pub(crate) fn displayable(text: &str, limit: usize) -> Option<String> {
    let kept: String = text.trim().chars().filter(|&c| !is_unseen(c)).take(limit).collect();
    (!kept.is_empty()).then_some(kept)
}
