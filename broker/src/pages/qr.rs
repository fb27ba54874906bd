//! A QR code (ISO/IEC 18004) as one path, which a page draws without a script, a style of its own or a request.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of light around the code (ISO/IEC 18004 §9.1, quiet zone).
const QUIET: usize = 4;

/// The drawing, a unit for each module.
pub(super) struct Qr {
    /// Width and height, with the quiet zone.
    pub(super) side: usize,
    /// The dark modules: `d` of an SVG path, digits and letters of commands only.
    pub(super) path: String,
}

impl Qr {
    /// The code of a text; none where it is too long for one (over 2,331 bytes).
    pub(super) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let modules = code.into_colors();
        let mut path = String::new();
        for (row, line) in modules.chunks(width).enumerate() {
            let mut column = 0;
            // Neighbours in a row become one rectangle: a third of the size, and no seams between them.
            for run in line.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    let (x, y, length) = (column + QUIET, row + QUIET, run.len());
                    // Writing to a string does not fail.
                    let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
                }
                column += run.len();
            }
        }
        Some(Self { side: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path makes dark, row by row.
    fn drawn(qr: &Qr) -> Vec<Vec<bool>> {
        let mut dark = vec![vec![false; qr.side]; qr.side];
        for rectangle in qr.path.split('M').filter(|part| !part.is_empty()) {
            let (place, rest) = rectangle.split_once('h').unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            assert_eq!(rest, format!("{length}v1h-{length}z"));
            dark[y][x..x + length].fill(true);
        }
        dark
    }

    #[test]
    fn the_drawing_is_the_code_in_its_quiet_zone() {
        let text =
            "otpauth://totp/Acme:alice%40corp.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme";
        let (qr, code) =
            (Qr::of(text).unwrap(), QrCode::with_error_correction_level(text, EcLevel::M).unwrap());
        assert_eq!(qr.side, code.width() + 8);
        for (y, row) in drawn(&qr).iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = |at: usize| (4..qr.side - 4).contains(&at);
                let wanted = inside(x) && inside(y) && code[(x - 4, y - 4)] == Color::Dark;
                assert_eq!(*dark, wanted, "{x} {y}");
            }
        }
    }

    #[test]
    fn what_is_too_long_is_no_code() {
        assert!(Qr::of(&"x".repeat(2331)).is_some());
        assert!(Qr::of(&"x".repeat(2332)).is_none());
        assert!(Qr::of("").is_some());
    }
}
