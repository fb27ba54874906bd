//! Strict JSON. What it accepts means the same to serde_json, and keeps within the caps.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use vestibule_certs::strict_json::{Caps, parse};

const CAPS: Caps = Caps { bytes: 16 * 1024, depth: 8, members: 64 };

fuzz_target!(|data: &[u8]| {
    let Ok(value) = parse(data, CAPS) else { return };
    assert_eq!(serde_json::from_slice::<Value>(data).expect("ours is the stricter one"), value);
    let (depth, members) = measure(&value);
    assert!(depth <= CAPS.depth && members <= CAPS.members && data.len() <= CAPS.bytes);
    let written = serde_json::to_vec(&value).expect("a value");
    // serde_json reads fractions to the last bit but one; whole numbers and texts are exact.
    if written.len() <= CAPS.bytes && !has_fraction(&value) {
        assert_eq!(parse(&written, CAPS).as_ref(), Ok(&value), "written and read again");
    }
});

/// Depth and number of members of everything below.
fn measure(value: &Value) -> (usize, usize) {
    let fold = |children: Vec<&Value>| {
        let below = children.iter().map(|child| measure(child));
        below.fold((1, children.len()), |(depth, members), (d, m)| (depth.max(d + 1), members + m))
    };
    match value {
        Value::Array(values) => fold(values.iter().collect()),
        Value::Object(values) => fold(values.values().collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (0, 0),
    }
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(values) => values.values().any(has_fraction),
        Value::Number(number) => number.is_f64(),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}
