//! The colours of the pages in daylight and at night; a test holds their contrast to WCAG 2.2 AA (1.4.3, 1.4.11).

use std::fmt;

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color(u8, u8, u8);

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The colours of one theme, by their place on the page.
pub(super) struct Palette {
    /// Behind everything.
    ground: Color,
    /// The doorway that the card stands in.
    arch: Color,
    /// The card with the text.
    card: Color,
    /// Lines that only divide.
    line: Color,
    /// Text.
    ink: Color,
    /// Text of second rank.
    muted: Color,
    /// Links, buttons and focus.
    accent: Color,
    /// Text on a button.
    on_accent: Color,
    /// The edge of a problem, and of the fields that have it.
    alarm: Color,
}

/// By day: stone and verdigris.
pub(super) const LIGHT: Palette = Palette {
    ground: Color(0xdf, 0xe6, 0xe3),
    arch: Color(0xf0, 0xf4, 0xf2),
    card: Color(0xff, 0xff, 0xff),
    line: Color(0xd5, 0xde, 0xda),
    ink: Color(0x17, 0x23, 0x20),
    muted: Color(0x4d, 0x5d, 0x57),
    accent: Color(0x0f, 0x5e, 0x57),
    on_accent: Color(0xff, 0xff, 0xff),
    alarm: Color(0xa3, 0x2a, 0x1c),
};

/// By night.
pub(super) const DARK: Palette = Palette {
    ground: Color(0x0b, 0x11, 0x0f),
    arch: Color(0x12, 0x1b, 0x18),
    card: Color(0x1a, 0x25, 0x21),
    line: Color(0x2f, 0x3d, 0x38),
    ink: Color(0xe8, 0xef, 0xec),
    muted: Color(0xa6, 0xb6, 0xaf),
    accent: Color(0x83, 0xd3, 0xc3),
    on_accent: Color(0x06, 0x24, 0x1f),
    alarm: Color(0xff, 0xa8, 0x94),
};

impl Palette {
    /// The colours as CSS custom properties, without a selector.
    pub(super) fn properties(&self) -> String {
        let Palette { ground, arch, card, line, ink, muted, accent, on_accent, alarm } = self;
        format!(
            "--ground:{ground};--arch:{arch};--card:{card};--line:{line};--ink:{ink};--muted:{muted};\
             --accent:{accent};--on-accent:{on_accent};--alarm:{alarm}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, "relative luminance".
    fn luminance(color: Color) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
    }

    /// WCAG 2.2, "contrast ratio": 1 to 21.
    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn the_formula_gives_its_known_values() {
        let (black, white, grey) = (Color(0, 0, 0), Color(255, 255, 255), Color(0x76, 0x76, 0x76));
        assert!((contrast(black, white) - 21.0).abs() < 0.01);
        assert!((contrast(white, white) - 1.0).abs() < 0.01);
        assert!((contrast(grey, white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn text_and_controls_stand_out_in_both_themes() {
        for (theme, palette) in [("light", LIGHT), ("dark", DARK)] {
            let rows = [
                ("text on the card", palette.ink, palette.card, 4.5),
                ("text on the arch", palette.ink, palette.arch, 4.5),
                ("second text on the card", palette.muted, palette.card, 4.5),
                ("second text on the arch", palette.muted, palette.arch, 4.5),
                ("link on the card", palette.accent, palette.card, 4.5),
                ("mark on the arch", palette.accent, palette.arch, 4.5),
                ("text on a button", palette.on_accent, palette.accent, 4.5),
                ("button and focus on the card", palette.accent, palette.card, 3.0),
                ("focus on a field for copying", palette.accent, palette.arch, 3.0),
                ("edge of a field on the card", palette.muted, palette.card, 3.0),
                ("edge of a field with a problem on the card", palette.alarm, palette.card, 4.5),
                ("mark of a problem on its box", palette.alarm, palette.arch, 4.5),
                ("edge of a box on the card", palette.accent, palette.card, 3.0),
            ];
            for (name, one, other, least) in rows {
                let ratio = contrast(one, other);
                assert!(ratio >= least, "{theme}: {name} has {ratio:.2}, wants {least}");
            }
        }
    }
}
