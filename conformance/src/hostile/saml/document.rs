//! Documents that are no XML, or XML that nobody should read (SAML-04, -56, -58, -70, -71).

use super::VICTIM;
use super::bench::{Bench, Form, Verdict, id_of};

const XML: Verdict = Verdict::Refused(&["SAML-XML"]);
const MESSAGE: Verdict = Verdict::Refused(&["SAML-MESSAGE", "SAML-XML"]);

pub(super) fn cases(bench: &mut Bench<'_>) {
    declarations(bench);
    differentials(bench);
    octets(bench);
    malformed(bench);
}

fn declarations(bench: &mut Bench<'_>) {
    let row = "SAML-04";
    for (name, declaration) in [
        ("a bare DOCTYPE", "<!DOCTYPE samlp:Response>"),
        ("an empty subset", "<!DOCTYPE samlp:Response []>"),
        ("a system identifier", "<!DOCTYPE samlp:Response SYSTEM \"http://attacker.example/x.dtd\">"),
        ("a public identifier", "<!DOCTYPE samlp:Response PUBLIC \"x\" \"http://attacker.example/x.dtd\">"),
        ("an ID attribute", "<!DOCTYPE samlp:Response [<!ATTLIST saml:Subject Foo ID #IMPLIED>]>"),
        (
            "a default attribute",
            "<!DOCTYPE samlp:Response [<!ATTLIST saml:NameID SPNameQualifier CDATA \"x\">]>",
        ),
        ("a notation", "<!DOCTYPE samlp:Response [<!NOTATION n SYSTEM \"n\">]>"),
    ] {
        bench.after(&Form::ALL, row, name, (XML, |xml: &str| format!("{declaration}{xml}")));
    }
    bench.after(
        &Form::ALL,
        row,
        "an entity as the person",
        (XML, |xml: &str| {
            let subset = format!("<!DOCTYPE samlp:Response [<!ENTITY e \"{VICTIM}\">]>");
            let name = super::bench::between(xml, "<saml:NameID", "</saml:NameID>");
            let text = name.rsplit('>').next().unwrap_or_default();
            format!("{subset}{}", if text.is_empty() { xml.to_owned() } else { xml.replace(text, "&e;") })
        }),
    );
    // CVE-2025-23369: an entity within the ID that the signature points to.
    bench.after(
        &Form::ALL,
        "SAML-58",
        "an entity in the ID",
        (XML, |xml: &str| {
            let id = id_of(xml, "<saml:Assertion ");
            let subset = format!("<!DOCTYPE samlp:Response [<!ENTITY e \"{id}\">]>");
            format!("{subset}{}", xml.replacen(&format!(" ID=\"{id}\""), " ID=\"&e;\"", 1))
        }),
    );
    bench.after(
        &Form::ALL,
        "SAML-58",
        "an undeclared entity",
        (XML, |xml: &str| xml.replacen("</saml:Issuer>", "&e;</saml:Issuer>", 1)),
    );
}

/// ruby-saml, CVE-2025-25291 and -25292: two parsers that see two documents.
fn differentials(bench: &mut Bench<'_>) {
    for (name, subset) in [
        ("quotes in an entity", "[<!ENTITY x '\"'><!ENTITY y '\"><!--'>]"),
        ("a closed tag in a literal", "SYSTEM 'x\">' [<!ENTITY y \">\">]"),
        ("a comment with a subset", "[<!-- ]> --> <!ENTITY y \"]>\">]"),
        ("a processing instruction", "[<?x ]> ?>]"),
        ("CDATA in a literal", "[<!ENTITY x \"<![CDATA[\">]"),
    ] {
        bench.after(
            &Form::ALL,
            "SAML-56",
            &format!("DOCTYPE: {name}"),
            (XML, |xml: &str| format!("<!DOCTYPE samlp:Response {subset}>{xml}<!-- --><![CDATA[-->]]>")),
        );
        bench.after(
            &Form::ALL,
            "SAML-56",
            &format!("DOCTYPE: {name}, nothing behind"),
            (XML, |xml: &str| format!("<!DOCTYPE samlp:Response {subset}>{xml}")),
        );
    }
    let twice = Verdict::Refused(&["SAML-XML", "SAML-SIGNATURE", "SAML-STRUCTURE"]);
    bench.after(
        &Form::ALL,
        "SAML-56",
        "an attribute twice",
        (XML, |xml: &str| xml.replacen(" Version=\"2.0\"", " Version=\"2.0\" Version=\"2.0\"", 1)),
    );
    bench.after(
        &Form::ALL,
        "SAML-56",
        "an attribute twice by two prefixes",
        (XML, |xml: &str| {
            let twins = "<saml:Subject xmlns:a=\"urn:x\" xmlns:b=\"urn:x\" a:c=\"1\" b:c=\"2\">";
            xml.replacen("<saml:Subject>", twins, 1)
        }),
    );
    bench.after(
        &Form::ALL,
        "SAML-56",
        "a foreign ID besides",
        (twice, |xml: &str| {
            let other = "<saml:Assertion xmlns:a=\"urn:x\" a:ID=\"_evil\" ";
            xml.replacen("<saml:Assertion ", other, 1)
        }),
    );
}

fn octets(bench: &mut Bench<'_>) {
    let row = "SAML-70";
    for form in Form::ALL {
        let xml = bench.signed(form);
        let text = xml.as_bytes();
        let wide = |order: fn(u16) -> [u8; 2]| xml.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let rows: [(&str, Vec<u8>, Verdict); 12] = [
            ("a byte order mark", [b"\xef\xbb\xbf", text].concat(), MESSAGE),
            ("UTF-16 with a mark", [vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat(), MESSAGE),
            ("UTF-16 without a mark", wide(u16::to_be_bytes), MESSAGE),
            ("UTF-7", [b"<?xml version=\"1.0\" encoding=\"UTF-7\"?>", text].concat(), MESSAGE),
            ("a zero at the end", [text, b"\0"].concat(), MESSAGE),
            ("a zero within", xml.replacen("</saml:Issuer>", "\0</saml:Issuer>", 1).into(), MESSAGE),
            ("no UTF-8", [text, b"<!-- \xff -->"].concat(), MESSAGE),
            ("two roots", [text, text].concat(), XML),
            ("text behind", [text, b"x"].concat(), XML),
            ("text before", [b"x", text].concat(), XML),
            ("half a document", text.get(..text.len() / 2).unwrap_or_default().to_vec(), XML),
            ("nothing", Vec::new(), MESSAGE),
        ];
        for (name, message, verdict) in rows {
            bench.case(row, name, form, (message, verdict));
        }
    }
    let declared = |xml: &str| format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n");
    bench.after(&Form::ALL, row, "an XML declaration", (Verdict::Accepted, declared));
    let late = |xml: &str| format!(" <?xml version=\"1.0\"?>{xml}");
    bench.after(&Form::ALL, row, "an XML declaration behind a space", (XML, late));
}

/// Go's round trips (CVE-2020-29509, -29510, -29511) and what lenient parsers recover from.
fn malformed(bench: &mut Bench<'_>) {
    let (row, status) = ("SAML-71", "<samlp:Status>");
    for (name, noise) in [
        ("two colons before a name", "<::x></::x>"),
        ("a colon before a name", "<:x></:x>"),
        ("a colon behind a name", "<x:></x:>"),
        ("two colons within a name", "<samlp:x:y></samlp:x:y>"),
        ("an attribute behind a colon", "<x :a=\"b\"></x>"),
        ("an empty prefix declared", "<x xmlns:=\"urn:x\"></x>"),
        ("an unbound prefix", "<unbound:x></unbound:x>"),
        ("a prefix unbound again", "<samlp:x xmlns:samlp=\"\"></samlp:x>"),
        ("a directive in a tag", "<x <!-- --> a=\"b\"></x>"),
        ("a directive", "<!x <!-- -->>"),
        ("a second declaration", "<?xml version=\"1.0\"?>"),
        ("an attribute without quotes", "<x a=b></x>"),
        ("tags that cross", "<x><y></x></y>"),
        ("a tag that stays open", "<x>"),
        ("two hyphens in a comment", "<!-- a -- b -->"),
        ("a control sign", "<x>&#x1;</x>"),
        ("the prefix xml bound anew", "<x xmlns:xml=\"urn:x\"></x>"),
    ] {
        let extensions = format!("<samlp:Extensions>{noise}</samlp:Extensions>{status}");
        bench.after(&Form::ALL, row, name, (XML, |xml: &str| xml.replacen(status, &extensions, 1)));
    }
}
