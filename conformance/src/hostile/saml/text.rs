//! The same message in other octets, which has to be accepted in full (SAML-60, -73).

use super::bench::{Bench, Form, Verdict, between};
use crate::saml::{Attribute, Signing, names, sign};

const YES: Verdict = Verdict::Accepted;

pub(super) fn cases(bench: &mut Bench<'_>) {
    namespaces(bench);
    spellings(bench);
    scripts(bench);
    comments(bench);
}

fn namespaces(bench: &mut Bench<'_>) {
    let row = "SAML-60";
    let declared = |prefix: &str, uri: &str| (prefix.to_owned(), uri.to_owned());
    for (name, list, outside, inside) in [
        ("a listed prefix of the response", Some("xs"), vec![declared("xs", names::XS)], vec![]),
        ("a listed prefix of the assertion", Some("xs"), vec![], vec![declared("xs", names::XS)]),
        (
            "a listed prefix of both",
            Some("xs"),
            vec![declared("xs", names::XS)],
            vec![declared("xs", names::XS)],
        ),
        ("a listed prefix that is not there", Some("xs"), vec![], vec![]),
        ("a prefix that is not listed", None, vec![declared("xs", names::XS)], vec![]),
        ("unused prefixes", None, vec![declared("a", "urn:a")], vec![declared("b", "urn:b")]),
    ] {
        for form in Form::ALL {
            let signing = Signing { inclusive_prefixes: list.map(str::to_owned), ..bench.signing(form) };
            let mut message = bench.good();
            message.response.namespaces.clone_from(&outside);
            message.assertion.iter_mut().for_each(|a| a.namespaces.clone_from(&inside));
            if outside.iter().chain(&inside).any(|(prefix, _)| prefix == "xs") {
                let attributes = message.assertion.iter_mut().flat_map(|a| &mut a.attributes);
                attributes.for_each(|attribute| attribute.value_type = Some("xs:string".to_owned()));
            }
            bench.case(row, name, form, (sign(&message, &signing), YES));
        }
    }
    bench.before(row, "xml:lang", YES, |message| {
        let tag = "<saml:AttributeStatement>";
        let lang = "<saml:AttributeStatement xml:lang=\"en\">";
        message.replaced = vec![(tag.to_owned(), lang.to_owned())];
    });
}

type Spelling = (&'static str, fn(&str) -> String);

/// What canonicalisation undoes.
fn spellings(bench: &mut Bench<'_>) {
    let row = "SAML-60";
    let spellings: [Spelling; 8] = [
        ("empty-element tags", |xml| {
            xml.replace("></ds:Transform>", "/>").replace("></samlp:StatusCode>", "/>")
        }),
        ("single quotes", |xml| {
            let version = xml.replace(" Version=\"2.0\"", " Version='2.0'");
            version.replace(
                "Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"",
                "Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'",
            )
        }),
        ("spaces within tags", |xml| xml.replace(" Version=\"2.0\"", "\n\t Version = \"2.0\" ")),
        ("another order of attributes", |xml| {
            let id = between(xml, " ID=\"", "\"").to_owned();
            let moved = xml.replacen(&format!(" ID=\"{id}\""), "", 1);
            moved.replacen(" Version=\"2.0\"", &format!(" Version=\"2.0\" ID=\"{id}\""), 1)
        }),
        ("comments between elements", |xml| {
            xml.replace("<saml:Subject>", "<!-- <saml:Subject> --><saml:Subject>")
        }),
        ("comments around the root", |xml| format!("<!-- a -->{xml}<!-- b -->")),
        ("numbers of signs", |xml| xml.replace("@corp.example<", "&#64;corp&#x2e;example<")),
        ("a value over several lines", |xml| {
            let value = between(xml, "<ds:SignatureValue>", "<").to_owned();
            let lines: Vec<_> = value.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
            xml.replacen(&value, &format!("\n{}\n", lines.join("\n")), 1)
        }),
    ];
    for (name, spell) in spellings {
        bench.after(&Form::ALL, row, name, (YES, spell));
    }
    // xml section 2.11: a parser turns CRLF into LF before anybody canonicalises.
    let lines = Attribute::basic("urn:example:lines", &["a\nb"]);
    for form in Form::ALL {
        let mut message = bench.good();
        message.assertion.iter_mut().for_each(|a| a.attributes.push(lines.clone()));
        let signed = sign(&message, &bench.signing(form));
        bench.case(row, "CRLF for LF", form, (signed.replace("a\nb", "a\r\nb"), YES));
        let wrong = Verdict::Refused(&["SAML-SIGNATURE"]);
        bench.case(
            row,
            "a carriage return that was not signed",
            form,
            (signed.replace("a\nb", "a&#xD;\nb"), wrong),
        );
    }
}

fn scripts(bench: &mut Bench<'_>) {
    for (name, value) in [
        ("a carriage return that was signed", "a\r\nb"),
        ("composed", "Z\u{fc}rich"),
        ("decomposed", "Zu\u{308}rich"),
        ("beyond the plane", "\u{1f98a} \u{5c71}\u{7530}"),
        ("marked up", "<a> & \"b\" 'c' ]]>"),
        ("spaces around", "  a  "),
    ] {
        bench.assertion("SAML-60", &format!("text: {name}"), YES, |a| {
            a.attributes.push(Attribute::basic("urn:example:text", &[value]));
        });
    }
    // Bytes that look the same are another message.
    let wrong = Verdict::Refused(&["SAML-SIGNATURE"]);
    for form in Form::ALL {
        let mut message = bench.good();
        let text = Attribute::basic("urn:example:text", &["Z\u{fc}rich"]);
        message.assertion.iter_mut().for_each(|a| a.attributes.push(text.clone()));
        let signed = sign(&message, &bench.signing(form)).replace('\u{fc}', "u\u{308}");
        bench.case("SAML-60", "text: decomposed after signing", form, (signed, wrong));
    }
}

/// Canonicalisation drops comments; whoever reads the first text node alone reads another name
/// (Shibboleth, 2018).
fn comments(bench: &mut Bench<'_>) {
    let row = "SAML-73";
    for (name, tag) in [
        ("NameID", "</saml:NameID>"),
        ("an attribute", "</saml:AttributeValue>"),
        ("Audience", "</saml:Audience>"),
    ] {
        for (kind, open, close) in [("a comment", "<!-- x -->", ""), ("CDATA", "<![CDATA[", "]]>")] {
            let split = |xml: &str| {
                let pieces: Vec<&str> = xml.split(tag).collect();
                pieces
                    .iter()
                    .enumerate()
                    .map(|(place, piece)| {
                        let last = place + 1 == pieces.len();
                        if last {
                            (*piece).to_owned()
                        } else {
                            format!("{}{tag}", split_text(piece, open, close))
                        }
                    })
                    .collect::<String>()
            };
            bench.after(&Form::ALL, row, &format!("{kind} in {name}"), (YES, split));
        }
    }
    // A processing instruction is part of what is signed: whole text or refusal, never half of it.
    for tag in ["</saml:NameID>", "</saml:AttributeValue>"] {
        let name = format!("a signed processing instruction before {tag}");
        bench.before(row, &name, Verdict::Either, |m| {
            m.replaced = vec![(tag.to_owned(), format!("<?x y?>{tag}"))];
        });
    }
}

/// In the middle of the text at the end of `piece`, or around its second half.
fn split_text(piece: &str, open: &str, close: &str) -> String {
    let Some((head, text)) = piece.rsplit_once('>') else { return piece.to_owned() };
    let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(place, _)| place);
    let (left, right) = text.split_at(middle);
    // References mean nothing within CDATA.
    if right.contains('&') { piece.to_owned() } else { format!("{head}>{left}{open}{right}{close}") }
}
