//! What two readers could read differently is refused; so is what came another way than it was asked to.

use super::*;

#[test]
fn reads_a_good_answer() {
    let (state, answer) =
        Authorization::parse("code=c%2B1&state=s&session_state=x&iss=https%3A%2F%2Fid.example").unwrap();
    assert_eq!(state.as_deref(), Some("s"));
    assert_eq!(answer.code.as_deref(), Some("c+1"));
    assert_eq!(answer.issuer.as_deref(), Some("https://id.example"));
    let (state, answer) = Authorization::posted([("code", "c+1"), ("state", "s")].into_iter()).unwrap();
    assert_eq!((state.as_deref(), answer.code.as_deref()), (Some("s"), Some("c+1")));
}

#[test]
fn refuses_what_two_readers_could_read_differently() {
    let many = "x=1&".repeat(MOST_PARAMETERS + 1);
    let long = format!("code={}", "c".repeat(LONGEST));
    for (name, query) in [
        ("two states", "code=a&state=s&state=s"),
        ("many parameters", many.as_str()),
        ("long", long.as_str()),
    ] {
        let refused = Authorization::parse(query).unwrap_err();
        assert_eq!(refused.code, Code::RequestMalformed, "{name}");
    }
}

#[test]
fn a_posted_field_has_a_bound_of_its_own() {
    for (name, length, fits) in [
        ("code", LONGEST, true),
        ("code", LONGEST + 1, false),
        ("error_description", LONGEST + 1, false),
        ("id_token", LONGEST_TOKEN, true),
        ("id_token", LONGEST_TOKEN + 1, false),
    ] {
        let text = "x".repeat(length);
        let read = Authorization::posted([(name, text.as_str()), ("state", "s")].into_iter());
        assert_eq!(read.is_ok(), fits, "{name} of {length}");
    }
}

#[test]
fn a_repeated_parameter_is_refused_once_the_state_is_known() {
    for (query, code) in [
        ("code=a&state=s&iss=a", None),
        ("code=a&code=a&state=s", Some(Code::RequestMalformed)),
        ("code=a&state=s&iss=a&iss=b", Some(Code::RequestMalformed)),
        ("error=a&state=s&error=b", Some(Code::RequestMalformed)),
        ("code=a&state=s&id_token=a&id_token=a", Some(Code::RequestMalformed)),
    ] {
        let (state, answer) = Authorization::parse(query).unwrap();
        assert_eq!(state.as_deref(), Some("s"), "{query}");
        assert_eq!(answer.check_form(ResponseMode::Query).err().map(|error| error.code), code, "{query}");
    }
}

#[test]
fn an_answer_comes_the_way_that_was_asked_for_or_says_why() {
    let answer = |mode, query: &str| {
        let fields = url::form_urlencoded::parse(query.as_bytes());
        Authorization::of_fields(mode, fields).unwrap().1
    };
    for (came, asked, query, code) in [
        (ResponseMode::Query, ResponseMode::Query, "code=a", None),
        (ResponseMode::FormPost, ResponseMode::FormPost, "code=a", None),
        (ResponseMode::Query, ResponseMode::FormPost, "code=a", Some(Code::OidcResponseMode)),
        (ResponseMode::FormPost, ResponseMode::Query, "code=a", Some(Code::OidcResponseMode)),
        (ResponseMode::Query, ResponseMode::FormPost, "error=unsupported_response_mode", None),
    ] {
        let found = answer(came, query).check_form(asked).err().map(|error| error.code);
        assert_eq!(found, code, "{came:?} for {asked:?}: {query}");
    }
}

#[test]
fn an_error_wins_over_a_code_and_an_empty_code_is_none() {
    let answer = |query| {
        let granted = Authorization::parse(query).unwrap().1.granted(&Dialect::Okta, Response::Code);
        granted.map(|granted| granted.code).map_err(|error| error.code)
    };
    assert_eq!(answer("code=a").unwrap(), "a");
    assert_eq!(answer("code=a&error=access_denied"), Err(Code::OidcDenied));
    assert_eq!(answer("error=server_error"), Err(Code::OidcError));
    assert_eq!(answer("code="), Err(Code::OidcCode));
    assert_eq!(answer(""), Err(Code::OidcCode));
}

#[test]
fn a_token_is_taken_only_where_it_was_asked_for_and_demanded_there() {
    let granted = |query, response| {
        let granted = Authorization::parse(query).unwrap().1.granted(&Dialect::Okta, response);
        granted.map(|granted| granted.id_token.is_some()).map_err(|error| error.code)
    };
    assert_eq!(granted("code=a&id_token=t", Response::Code), Ok(false));
    assert_eq!(granted("code=a&id_token=t", Response::CodeAndToken), Ok(true));
    assert_eq!(granted("code=a", Response::CodeAndToken), Err(Code::OidcCode));
    assert_eq!(granted("id_token=t", Response::CodeAndToken), Err(Code::OidcCode));
}
