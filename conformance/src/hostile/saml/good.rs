//! What has to be accepted, and what is tolerated beside it (SAML-07, -10, -11).

use super::bench::{Bench, Form, Verdict};
use crate::saml::{Attribute, DigestAlgorithm, SignatureAlgorithm, Signing, sign};

pub(super) fn cases(bench: &mut Bench<'_>) {
    bench.before("SAML-07", "good", Verdict::Accepted, |_| {});
    for form in Form::ALL {
        let signing = Signing { certificate: Some(bench.setting.certificate.clone()), ..bench.signing(form) };
        bench.case(
            "SAML-07",
            "certificate in KeyInfo",
            form,
            (sign(&bench.good(), &signing), Verdict::Accepted),
        );
        let unsigned = Signing { response: false, assertion: false, ..signing };
        let verdict = Verdict::Refused(&["SAML-UNSIGNED"]);
        bench.case("SAML-07", "unsigned", form, (sign(&bench.good(), &unsigned), verdict));
    }
    algorithms(bench);
    tolerated(bench);
    names(bench);
}

fn algorithms(bench: &mut Bench<'_>) {
    for form in Form::ALL {
        let signing = bench.signing(form);
        let digest = Signing { digest: DigestAlgorithm::Sha512, ..signing.clone() };
        bench.case("SAML-07", "SHA-512 digest", form, (sign(&bench.good(), &digest), Verdict::Accepted));
        if bench.setting.trusted.rsa_key().is_some() {
            for (name, algorithm) in
                [("RSA-SHA384", SignatureAlgorithm::RsaSha384), ("RSA-SHA512", SignatureAlgorithm::RsaSha512)]
            {
                let signing = Signing { algorithm, ..signing.clone() };
                bench.case("SAML-07", name, form, (sign(&bench.good(), &signing), Verdict::Accepted));
            }
        }
    }
}

fn tolerated(bench: &mut Bench<'_>) {
    let (row, yes) = ("SAML-10", Verdict::Accepted);
    bench.assertion(row, "unknown attributes", yes, |a| {
        a.attributes.push(Attribute::basic("urn:example:unknown", &["one", "two", ""]));
        a.attributes.insert(0, Attribute { name_format: None, ..Attribute::basic("x", &[]) });
    });
    bench.assertion(row, "a friendly name of another attribute", yes, |a| {
        let friendly_name = Some("cip_upn".to_owned());
        let other = Attribute { friendly_name, ..Attribute::basic("urn:example:x", &[super::VICTIM]) };
        a.attributes.insert(0, other);
    });
    bench.assertion(row, "unknown advice", yes, |a| {
        a.advice = Some("<x:y xmlns:x=\"urn:example:x\">z</x:y>".to_owned());
    });
    bench.before(row, "unknown extensions", yes, |message| {
        message.response.extensions = Some("<x:y xmlns:x=\"urn:example:x\"></x:y>".to_owned());
    });
    bench.assertion(row, "used once", yes, |a| a.conditions.iter_mut().for_each(|c| c.one_time_use = true));
}

fn names(bench: &mut Bench<'_>) {
    let (row, yes) = ("SAML-11", Verdict::Accepted);
    for (name, value) in [("256 signs", "n".repeat(256)), ("other scripts", "山田 花子 🦊".to_owned())]
    {
        bench.assertion(row, name, yes, |a| {
            let name_id = a.subject.iter_mut().filter_map(|subject| subject.name_id.as_mut());
            name_id.for_each(|name_id| {
                name_id.value.clone_from(&value);
                name_id.format = None;
            });
        });
    }
    bench.assertion(row, "no NameID", yes, |a| a.subject.iter_mut().for_each(|s| s.name_id = None));
}
