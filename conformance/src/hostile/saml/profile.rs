//! Signatures that break the profile of saml-core section 5.4, though the trusted key made them
//! (SAML-50, -53, -54, -59, -61, -63).

use super::bench::{Bench, Form, Verdict, between, element};
use crate::saml::{DigestAlgorithm, SignatureAlgorithm, Signing, names, sign};

const SIGNATURE: Verdict = Verdict::Refused(&["SAML-SIGNATURE"]);
const BROKEN: Verdict = Verdict::Refused(&["SAML-SIGNATURE", "SAML-STRUCTURE", "SAML-UNSIGNED"]);
const RENAMED: Verdict = Verdict::Refused(&["SAML-SIGNATURE", "SAML-STRUCTURE", "SAML-UNSIGNED", "SAML-XML"]);
const ALGORITHM: Verdict = Verdict::Refused(&["SAML-ALGORITHM", "SAML-SIGNATURE"]);

pub(super) fn cases(bench: &mut Bench<'_>) {
    parts(bench);
    references(bench);
    transforms(bench);
    places(bench);
    algorithms(bench);
    key_infos(bench);
}

fn parts(bench: &mut Bench<'_>) {
    let row = "SAML-50";
    let empty = format!("<ds:Signature xmlns:ds=\"{}\"></ds:Signature>", names::DSIG);
    bench.signature(row, "an empty signature", BROKEN, |_| empty.clone());
    bench.signature(row, "an empty value", SIGNATURE, |s| {
        s.replacen(between(s, "<ds:SignatureValue>", "<"), "", 1)
    });
    bench.signature(row, "no value", SIGNATURE, |s| s.replacen(element(s, "<ds:SignatureValue>"), "", 1));
    bench.signature(row, "no SignedInfo", SIGNATURE, |s| s.replacen(element(s, "<ds:SignedInfo>"), "", 1));
    bench.info("SAML-53", "a SignedInfo twice", SIGNATURE, |info| info.to_owned() + info);
    for (name, tag) in [("Object", "ds:Object"), ("Manifest", "ds:Manifest"), ("unknown", "ds:Unknown")] {
        bench.signature("SAML-53", &format!("a child more: {name}"), SIGNATURE, |s| {
            s.replacen("</ds:Signature>", &format!("<{tag}></{tag}></ds:Signature>"), 1)
        });
    }
    bench.signature("SAML-53", "a SignedInfo in an Object", SIGNATURE, |s| {
        let object = format!("<ds:Object>{}</ds:Object>", element(s, "<ds:SignedInfo>"));
        s.replacen("</ds:Signature>", &format!("{object}</ds:Signature>"), 1)
    });
    for name in ["DigestValue", "SignatureValue"] {
        for (kind, noise) in [("comment", "<!--AAAA-->"), ("processing instruction", "<?a b?>")] {
            let tag = format!("<ds:{name}>");
            let verdict = Verdict::Refused(&["SAML-SIGNATURE", "SAML-XML"]);
            bench.signature("SAML-54", &format!("a {kind} in {name}"), verdict, |s| {
                s.replacen(&tag, &format!("{tag}{noise}"), 1)
            });
        }
    }
}

fn references(bench: &mut Bench<'_>) {
    let row = "SAML-50";
    let uri = |info: &str, to: &str| {
        let whole = format!(" URI=\"{}\"", between(info, " URI=\"", "\""));
        info.replacen(&whole, to, 1)
    };
    bench.info(row, "no reference", SIGNATURE, |i| i.replacen(element(i, "<ds:Reference "), "", 1));
    bench.info(row, "an empty URI", SIGNATURE, |i| uri(i, " URI=\"\""));
    bench.info(row, "no URI", SIGNATURE, |i| uri(i, ""));
    bench.info(row, "a URI of nothing", SIGNATURE, |i| uri(i, " URI=\"#_nothing\""));
    bench.info(row, "two references", SIGNATURE, |i| {
        let reference = element(i, "<ds:Reference ");
        i.replacen(reference, &format!("{reference}{reference}"), 1)
    });
    let row = "SAML-59";
    bench.info(row, "xpointer to the root", SIGNATURE, |i| uri(i, " URI=\"#xpointer(/)\""));
    bench.info(row, "xpointer to the ID", SIGNATURE, |i| {
        let id = between(i, " URI=\"#", "\"");
        uri(i, &format!(" URI=\"#xpointer(id('{id}'))\""))
    });
    bench.info(row, "http reference", SIGNATURE, |i| uri(i, " URI=\"http://attacker.example/x\""));
    bench.info(row, "file reference", SIGNATURE, |i| uri(i, " URI=\"file:///etc/hostname\""));
    bench.info(row, "a Type of Manifest", SIGNATURE, |i| {
        let kind = "<ds:Reference Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" ";
        i.replacen("<ds:Reference ", kind, 1)
    });
}

fn transforms(bench: &mut Bench<'_>) {
    let (row, refused) = ("SAML-59", Verdict::Refused(&["SAML-SIGNATURE", "SAML-ALGORITHM"]));
    let transform =
        |uri: &str, content: &str| format!("<ds:Transform Algorithm=\"{uri}\">{content}</ds:Transform>");
    let sheet =
        "<s:stylesheet xmlns:s=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"></s:stylesheet>";
    for (name, uri, content) in [
        ("XSLT", "http://www.w3.org/TR/1999/REC-xslt-19991116", sheet),
        ("XPath", "http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>true()</ds:XPath>"),
        ("XPath filter", "http://www.w3.org/2002/06/xmldsig-filter2", FILTER),
        ("Base64", "http://www.w3.org/2000/09/xmldsig#base64", ""),
        ("a third", names::EXCLUSIVE, ""),
        ("inclusive besides", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", ""),
    ] {
        let more = transform(uri, content);
        bench.info(row, &format!("transform: {name}"), refused, |info| {
            info.replacen("</ds:Transforms>", &format!("{more}</ds:Transforms>"), 1)
        });
    }
    let both = [transform(names::ENVELOPED, ""), transform(names::EXCLUSIVE, "")];
    bench.info(row, "transforms: none", refused, |i| i.replacen(element(i, "<ds:Transforms>"), "", 1));
    bench.info(row, "transforms: not enveloped", refused, |i| i.replacen(&both[0], "", 1));
    bench.info(row, "transforms: enveloped twice", refused, |i| i.replacen(&both[1], &both[0], 1));
    let method = format!("<ds:CanonicalizationMethod Algorithm=\"{}\">", names::EXCLUSIVE);
    for (name, uri) in [
        ("inclusive", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        ("with comments", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        ("unknown", "urn:example:none"),
    ] {
        let other = method.replacen(names::EXCLUSIVE, uri, 1);
        bench.info(row, &format!("canonicalisation: {name}"), refused, |i| i.replacen(&method, &other, 1));
    }
}

const FILTER: &str =
    "<f:XPath xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"union\">/</f:XPath>";

/// Enveloped signatures hold wherever they stand; saml-core's schema knows one place.
fn places(bench: &mut Bench<'_>) {
    bench.after(
        &Form::ALL,
        "SAML-50",
        "the signature at the end",
        (BROKEN, |xml: &str| {
            let signature = element(xml, "<ds:Signature ");
            let host = if xml.find("<ds:Signature ") < xml.find("<saml:Assertion ") {
                "</samlp:Response>"
            } else {
                "</saml:Assertion>"
            };
            xml.replacen(signature, "", 1).replacen(host, &format!("{signature}{host}"), 1)
        }),
    );
    for attribute in ["Id", "id", "xml:id"] {
        bench.before("SAML-50", &format!("{attribute} instead of ID"), RENAMED, |message| {
            message.replaced = vec![(" ID=\"".to_owned(), format!(" {attribute}=\""))];
        });
    }
    for (name, uri) in [("another", "urn:example:ds"), ("almost the", "http://www.w3.org/2000/09/xmldsig")] {
        bench.after(
            &Form::ALL,
            "SAML-56",
            &format!("signatures in {name} namespace"),
            (BROKEN, |xml: &str| xml.replace(&format!("\"{}\"", names::DSIG), &format!("\"{uri}\""))),
        );
    }
}

fn algorithms(bench: &mut Bench<'_>) {
    let row = "SAML-63";
    for form in Form::ALL {
        let signing = Signing { digest: DigestAlgorithm::Sha1, ..bench.signing(form) };
        bench.case(row, "SHA-1 digest", form, (sign(&bench.good(), &signing), ALGORITHM));
        if bench.setting.trusted.rsa_key().is_some() {
            let signing = Signing { algorithm: SignatureAlgorithm::RsaSha1, ..bench.signing(form) };
            bench.case(row, "RSA-SHA1", form, (sign(&bench.good(), &signing), ALGORITHM));
        }
    }
    let (digest, signature) = (DigestAlgorithm::Sha256.uri(), bench.setting.trusted.algorithm().uri());
    for (name, from, to) in [
        ("MD5 digest", digest, "http://www.w3.org/2001/04/xmldsig-more#md5"),
        ("unknown digest", digest, "urn:example:none"),
        ("RSA-MD5", signature, "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        ("DSA", signature, "http://www.w3.org/2000/09/xmldsig#dsa-sha1"),
        ("unknown signature", signature, "urn:example:none"),
        ("no signature algorithm", signature, ""),
    ] {
        bench.info(row, &format!("by name: {name}"), ALGORITHM, |info| info.replacen(from, to, 1));
    }
}

/// The pinned key counts, whatever `KeyInfo` says; nothing is fetched.
fn key_infos(bench: &mut Bench<'_>) {
    let uri = "http://attacker.example/key";
    let (info, end) = ("<ds:KeyInfo>", "</ds:KeyInfo></ds:Signature>");
    for (name, content, verdict) in [
        (
            "RetrievalMethod",
            format!("<ds:RetrievalMethod URI=\"{uri}\"></ds:RetrievalMethod>"),
            Verdict::Accepted,
        ),
        ("KeyName", "<ds:KeyName>attacker</ds:KeyName>".to_owned(), Verdict::Accepted),
        (
            "noise",
            "<ds:X509Data><ds:X509Certificate>!</ds:X509Certificate></ds:X509Data>".to_owned(),
            Verdict::Either,
        ),
    ] {
        bench.signature("SAML-61", &format!("good, KeyInfo with {name}"), verdict, |s| {
            s.replacen("</ds:Signature>", &format!("{info}{content}{end}"), 1)
        });
    }
}
