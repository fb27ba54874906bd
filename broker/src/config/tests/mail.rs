//! The section `[mail]`.

use std::time::Duration;

use vestibule_certs::trust::Trust;

use super::*;
use crate::mail::{Class, Sender};

#[test]
fn what_is_faulty_is_told_with_its_place() {
    let rows = r#"
        unknown key           | url = "smtp://127.0.0.1:1025" ; from = "v@x.example" ; user = "x" | 4 mail.user UNKNOWN
        unknown sender        | url = "smtp://127.0.0.1" ; from = "v@x.example" ; [mail.senders] ; reset = "v@x.example" | 5 mail.senders.reset UNKNOWN
        no server             | from = "v@x.example" | 1 mail.url MISSING
        no server but a time  | timeout = "5s" | 1 mail.url MISSING
        nobody to be from     | url = "smtp://127.0.0.1:1025" | 1 mail.from MISSING
        from nobody           | url = "smtp://127.0.0.1" ; from = "vestibule" | 3 mail.from INVALID
        from two              | url = "smtp://127.0.0.1" ; from = "a@x.example, b@x.example" | 3 mail.from INVALID
        another header        | url = "smtp://127.0.0.1" ; from = "a@x.example\r\nBcc: b@x.example" | 3 mail.from INVALID
        a sender of a class   | url = "smtp://127.0.0.1" ; from = "v@x.example" ; [mail.senders] ; notice = "x" | 5 mail.senders.notice INVALID
        another scheme        | url = "http://127.0.0.1:1025" ; from = "v@x.example" | 2 mail.url INVALID
        no scheme             | url = "127.0.0.1:1025" ; from = "v@x.example" | 2 mail.url INVALID
        no host               | url = "smtp://" ; from = "v@x.example" | 2 mail.url INVALID
        nothing               | url = "" ; from = "v@x.example" | 2 mail.url INVALID
        port 0                | url = "smtp://mx.example:0" ; from = "v@x.example" | 2 mail.url INVALID
        port too high         | url = "smtp://mx.example:65536" ; from = "v@x.example" | 2 mail.url INVALID
        a path                | url = "smtp://mx.example/x" ; from = "v@x.example" | 2 mail.url INVALID
        a query               | url = "smtp://mx.example?tls=none" ; from = "v@x.example" | 2 mail.url INVALID
        a user in the address | url = "smtp://u:p@mx.example" ; from = "v@x.example" | 2 mail.url INVALID
        a user alone          | url = "smtp://mx.example" ; from = "v@x.example" ; username = "u" | 1 mail.password MISSING
        a password alone      | url = "smtp://mx.example" ; from = "v@x.example" ; password = "p" | 1 mail.username MISSING
        an empty user         | url = "smtp://mx.example" ; from = "v@x.example" ; username = "" ; password = "p" | 4 mail.username INVALID
        NUL in the user       | url = "smtp://mx.example" ; from = "v@x.example" ; username = "a\u0000b" ; password = "p" | 4 mail.username INVALID
        an empty password     | url = "smtp://mx.example" ; from = "v@x.example" ; username = "u" ; password = "" | 5 mail.password INVALID
        a stored password     | url = "smtp://mx.example" ; from = "v@x.example" ; username = "u" ; password = { stored = "x" } | 5 mail.password.stored SECRET-FORM
        a variable not set    | url = "smtp://mx.example" ; from = "v@x.example" ; username = "u" ; password = { env = "VESTIBULE_NOT_SET" } | 5 mail.password.env MISSING
        a chain that is none  | url = "smtp://mx.example" ; from = "v@x.example" ; ca = { file = "broken.pem" } | 4 mail.ca.file INVALID
        a chain as a text     | url = "smtp://mx.example" ; from = "v@x.example" ; ca = "ca.pem" | 4 mail.ca INVALID
        no time               | url = "smtp://mx.example" ; from = "v@x.example" ; timeout = "0s" | 4 mail.timeout INVALID
        too much time         | url = "smtp://mx.example" ; from = "v@x.example" ; timeout = "11m" | 4 mail.timeout INVALID
    "#;
    assert_refused("[mail]\n", rows, server_of);
}

#[test]
fn every_fault_is_told_at_once() {
    let faults = told(server_of("[mail]\nurl = \"x\"\nfrom = \"y\"\npassword = \"\"\ntimeout = \"z\""));
    let keys: Vec<&str> = faults.iter().map(|(_, key, _)| key.as_str()).collect();
    assert_eq!(keys, ["mail.url", "mail.from", "mail.password", "mail.timeout"]);
}

#[test]
fn only_a_server_on_this_machine_is_talked_to_in_the_clear() {
    let server = |url: &str, more: &str| {
        let text = format!("[mail]\nurl = \"{url}\"\nfrom = \"v@x.example\"\n{more}");
        server_of(&text).unwrap().mail.unwrap().server.clone()
    };
    let ca = "ca = { file = \"ca.pem\" }";
    for (url, more, host, port, security) in [
        ("smtp://127.0.0.1:1025", "", "127.0.0.1", 1025, MailSecurity::Loopback),
        ("smtp://localhost:25", "", "localhost", 25, MailSecurity::Loopback),
        ("smtp://mail.localhost", "", "mail.localhost", 587, MailSecurity::Loopback),
        ("smtp://[::1]:25", "", "::1", 25, MailSecurity::Loopback),
        ("smtp://127.0.0.1:1025", ca, "127.0.0.1", 1025, MailSecurity::StartTls),
        ("smtp://mx.corp.example", "", "mx.corp.example", 587, MailSecurity::StartTls),
        ("smtp://mx.corp.example:25/", "", "mx.corp.example", 25, MailSecurity::StartTls),
        ("smtp://localhost.corp.example", "", "localhost.corp.example", 587, MailSecurity::StartTls),
        ("smtp://10.0.0.1", "", "10.0.0.1", 587, MailSecurity::StartTls),
        ("smtp://mx.corp.example:443", "", "mx.corp.example", 443, MailSecurity::StartTls),
        ("smtps://mx.corp.example", "", "mx.corp.example", 465, MailSecurity::Tls),
        ("smtps://127.0.0.1:465", "", "127.0.0.1", 465, MailSecurity::Tls),
    ] {
        let expected = MailServer { host: host.to_owned(), port, security };
        assert_eq!(server(url, more), expected, "{url} {more}");
    }
}

#[test]
fn a_class_without_a_sender_has_the_general_one() {
    let text = "[mail]\nurl = \"smtps://mx.example\"\nfrom = \"Vestibule <v@x.example>\"\nusername = \"u\"\n\
                password = { env = \"CARGO_PKG_NAME\" }\ntimeout = \"5s\"\n[mail.senders]\nverification = \"code@x.example\"";
    let mail = server_of(text).unwrap().mail.unwrap();
    let sender = |text: &str| Sender::parse(text).unwrap();
    assert_eq!(*mail.senders.of(Class::Verification), sender("code@x.example"));
    assert_eq!(*mail.senders.of(Class::Invitation), sender("Vestibule <v@x.example>"));
    assert_eq!(*mail.senders.of(Class::Notice), sender("Vestibule <v@x.example>"));
    let credentials = mail.credentials.as_ref().unwrap();
    assert_eq!((credentials.username.as_str(), credentials.password.expose()), ("u", env!("CARGO_PKG_NAME")));
    assert_eq!((&mail.trust, mail.timeout), (&Trust::Public, Duration::from_secs(5)));
    for nothing in ["", "[mail]", "[mail.senders]"] {
        assert!(server_of(nothing).unwrap().mail.is_none(), "{nothing}");
    }
}
