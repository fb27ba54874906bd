//! What the sign-in pages show of a person besides the names.

use super::Person;

impl Person {
    /// The first sign of each word of the name, for the round picture.
    pub(in crate::sandbox) fn initials(&self) -> String {
        self.display_name.split(' ').filter_map(|word| word.chars().next()).take(2).collect()
    }

    /// Such an account is marked, so that its refusal surprises nobody.
    pub(in crate::sandbox) fn is_incomplete(&self) -> bool {
        self.security_id.is_none()
    }
}
