//! The codec: octets in and out, and those that are no request.

use super::ber::{self, INTEGER, Reader, SEQUENCE};
use super::*;

#[test]
fn lengths_have_the_shortest_form() {
    for (length, head) in [
        (0, vec![4, 0]),
        (127, vec![4, 127]),
        (128, vec![4, 0x81, 128]),
        (256, vec![4, 0x82, 1, 0]),
        (1 << 31, vec![4, 0x84, 0x80, 0, 0, 0]),
    ] {
        assert_eq!(ber::head(4, length), head, "{length}");
    }
}

#[test]
fn numbers_survive() {
    for value in [0, 1, 127, 128, 255, 256, 65_536, i64::from(i32::MAX), -1, -128, -129, i64::MIN, i64::MAX] {
        let octets = ber::number(INTEGER, value);
        assert_eq!(Reader::new(&octets).number(INTEGER), Some(value), "{value}");
    }
    assert_eq!(ber::number(INTEGER, 128), [2, 2, 0, 128]);
}

#[test]
fn a_filter_with_octets_that_are_no_text_is_read() {
    let equal = ber::nested(0xa3, &[ber::octets("objectSid"), ber::octets([1, 5, 0xff, 0xfe])]);
    let present = ber::element(0x87, b"mail");
    let both = ber::nested(0xa0, &[equal, ber::element(0xa2, &present)]);
    let filter = Filter::parse(&mut Reader::new(&both)).unwrap();
    let expected = Filter::And(vec![
        Filter::Equal("objectSid".to_owned(), vec![1, 5, 0xff, 0xfe]),
        Filter::Not(Box::new(Filter::Present("mail".to_owned()))),
    ]);
    assert_eq!(filter, expected);
}

#[test]
fn what_is_no_request_is_refused() {
    let deep = (0..100).fold(ber::element(0x87, b"cn"), |inner, _| ber::element(0xa2, &inner));
    let bind_2 = ber::nested(0x60, &[ber::number(INTEGER, 2), ber::octets("cn=a"), ber::element(0x80, b"x")]);
    let rows: [(&str, Vec<u8>); 6] = [
        ("nothing", vec![]),
        ("an empty sequence", vec![0x30, 0]),
        ("an id alone", ber::nested(SEQUENCE, &[ber::number(INTEGER, 1)])),
        ("an unknown operation", ber::nested(SEQUENCE, &[ber::number(INTEGER, 1), vec![0x7f, 0]])),
        ("version 2", ber::nested(SEQUENCE, &[ber::number(INTEGER, 1), bind_2])),
        ("an indefinite length", vec![0x30, 0x80, 2, 1, 1, 0x42, 0, 0, 0]),
    ];
    for (name, octets) in rows {
        assert!(Request::parse(&octets).is_none(), "{name}");
    }
    assert!(Filter::parse(&mut Reader::new(&deep)).is_none());
    let unbind = ber::nested(SEQUENCE, &[ber::number(INTEGER, 7), vec![0x42, 0]]);
    assert!(matches!(Request::parse(&unbind), Some(Request { id: 7, operation: Operation::Unbind, .. })));
}
