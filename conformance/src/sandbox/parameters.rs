//! The parameters of a request, as a query or a form carries them.

use url::form_urlencoded;

/// RFC 6749 section 3.1 and 3.2: a parameter comes once, and an empty one is as good as none.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

/// The name of a parameter that came more than once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repeated;

impl Parameters {
    pub(super) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let first = values.next();
        match values.next() {
            Some(_) => Err(Repeated),
            None => Ok(first.filter(|value| !value.is_empty())),
        }
    }

    /// Whether the name is there at all, as the pressed button of a form is.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The same parameters for the query of a form's address.
    pub(super) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_counts_once_and_with_a_value() {
        let parameters = Parameters::parse(b"a=1&b=&c=1&c=1&d=%E5%B1%B1+x");
        let rows = [
            ("plain", "a", Ok(Some("1"))),
            ("empty", "b", Ok(None)),
            ("absent", "z", Ok(None)),
            ("twice, though equal", "c", Err(Repeated)),
            ("decoded", "d", Ok(Some("山 x"))),
        ];
        for (name, key, expected) in rows {
            assert_eq!(parameters.one(key), expected, "{name}");
        }
        assert!(parameters.has("b") && !parameters.has("z"));
        assert_eq!(parameters.encode(), "a=1&b=&c=1&c=1&d=%E5%B1%B1+x");
    }
}
