//! Sixty seconds of leeway in every direction, to the second (JWT-14).

use serde_json::{Value, json};
use vestibule_conformance::hostile::{Edit, Fault};
use vestibule_tests::world::World;

use super::sign_in;

#[tokio::test]
async fn a_minute_of_leeway_and_not_a_second_more() {
    let world = World::start().await;
    for (name, offset, code) in [
        ("exp", -59, "in"),
        ("exp", -60, "OIDC-TIME"),
        ("exp", -61, "OIDC-TIME"),
        ("nbf", 60, "in"),
        ("nbf", 61, "OIDC-TIME"),
        ("iat", 60, "in"),
        ("iat", 61, "OIDC-TIME"),
        // A token that was made long ago and has not ended is as good as its end says.
        ("iat", -3600, "in"),
        ("nbf", -3600, "in"),
    ] {
        world.provider.script(Fault::Claims(Edit::time(name, offset)));
        let row = format!("JWT-14: {name} {offset:+} s");
        assert_eq!(sign_in(&world, &row).await.code(), code, "{row}");
    }
}

#[tokio::test]
async fn a_time_is_a_number_of_seconds() {
    let world = World::start().await;
    let now = (world.clock.seconds())();
    let refused = |name: &'static str| {
        let values: [(&str, Value); 8] = [
            ("text", json!("2099-01-01T00:00:00Z")),
            ("a number in text", json!((now + 300).to_string())),
            ("null", Value::Null),
            ("true", json!(true)),
            ("an array", json!([now + 300])),
            ("negative", json!(-1)),
            ("beyond the year 9999", json!(1e300)),
            ("milliseconds", json!((now + 300) * 1_000_000)),
        ];
        values.map(|(row, value)| (name, row, value))
    };
    for (name, row, value) in [refused("exp"), refused("iat"), refused("nbf")].concat() {
        world.provider.script(Fault::Claims(Edit::set(name, value)));
        let row = format!("JWT-14: {name} is {row}");
        assert_eq!(sign_in(&world, &row).await.code(), "OIDC-TIME", "{row}");
    }
    let fraction = json!(300.5 + f64::from(u32::try_from(now).expect("before 2106")));
    world.provider.script(Fault::Claims(Edit::set("exp", fraction)));
    assert_eq!(sign_in(&world, "JWT-14: exp has a fraction").await.code(), "in");
}
