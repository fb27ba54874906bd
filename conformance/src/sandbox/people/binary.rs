//! The binary forms in which a directory stores a SID and an object id; providers pass them on as Base64.
//!
//! CLM-04: both encodings occur and the broker has to know them apart by itself.

use super::Person;

impl Person {
    /// The SID as the directory stores it (MS-DTYP 2.4.2.2): the authority big-endian, sub-authorities
    /// little-endian. `None` without a SID or if it does not read as one.
    #[must_use]
    pub fn security_id_bytes(&self) -> Option<Vec<u8>> {
        let mut parts = self.security_id.as_deref()?.strip_prefix("S-1-")?.split('-');
        let authority: u64 = parts.next()?.parse().ok()?;
        let numbers = parts.map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<_>>>()?;
        let mut bytes = vec![1, u8::try_from(numbers.len()).ok()?];
        bytes.extend(authority.to_be_bytes().iter().skip(2));
        for number in numbers {
            bytes.extend(number.to_le_bytes());
        }
        Some(bytes)
    }

    /// `objectGUID` as the directory stores it (MS-DTYP 2.3.4): the first three fields little-endian.
    #[must_use]
    pub fn object_id_bytes(&self) -> Option<[u8; 16]> {
        let hex = self.object_id.as_deref()?.replace('-', "");
        let bits = u128::from_str_radix(&hex, 16).ok()?;
        let mut bytes = bits.to_be_bytes();
        for field in [0..4, 4..6, 6..8] {
            bytes.get_mut(field)?.reverse();
        }
        Some(bytes)
    }
}
