//! Prose whose names of keys and values stand between backticks, taken apart for a template.

/// A piece of such prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// A name or a value, to be set in a fixed width.
    Code(&'a str),
}

/// The pieces in their order; a backtick without a second one marks all that follows.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let marked = text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
    marked.map(|(at, piece)| if at % 2 == 0 { Piece::Words(piece) } else { Piece::Code(piece) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(pieces(""), []);
        assert_eq!(pieces("plain"), [Piece::Words("plain")]);
        assert_eq!(
            pieces("`a`, then `b = 1`."),
            [Piece::Code("a"), Piece::Words(", then "), Piece::Code("b = 1"), Piece::Words(".")]
        );
        assert_eq!(pieces("x `y"), [Piece::Words("x "), Piece::Code("y")]);
    }
}
