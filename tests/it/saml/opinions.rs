//! Second opinions of the same octets: whatever ours accepts of the catalogue and of noise is given to four back ends of other
//! people. What one of them refuses is a bug of ours until it is explained here.

mod bench;

use std::collections::BTreeMap;

use vestibule_conformance::hostile::saml::{Case, VICTIM, Verdict, mutate};
use vestibule_tests::counterparts::{BACK_ENDS, Opinion, opinions};

use self::bench::{Bench, Read};

/// What somebody else refuses that ours accepts, and is no fault of ours.
#[derive(Debug)]
struct Explained {
    /// Parts of the names of the cases.
    cases: &'static [&'static str],
    back_end: &'static str,
    /// A part of what it says.
    reason: &'static str,
    #[expect(dead_code, reason = "for whoever reads the table, or its row when it is stale")]
    why: &'static str,
}

const EXPLAINED: &[Explained] = &[
    Explained {
        cases: &["SAML-07 RSA-SHA384"],
        back_end: "node-saml",
        reason: "Invalid signature",
        why: "xml-crypto knows RSA with SHA-1, SHA-256 and SHA-512, and not the one between (RFC 9231 section 2.3.3)",
    },
    Explained {
        cases: &["SAML-11 no NameID"],
        back_end: "python3-saml",
        reason: "NameID not found in the assertion",
        why: "a rule of its own, `wantNameId`: saml-core section 2.4.1 leaves the name out where there is a confirmation",
    },
    Explained {
        cases: &["SAML-60 xml:lang"],
        back_end: "python3-saml",
        reason: "Not match the saml-schema-protocol-2.0.xsd",
        why: "the schema has no xml:lang at a statement; ours never reads it, and it is signed like all else",
    },
    Explained {
        cases: &["SAML-73 ", "SAML-76 cut noise"],
        back_end: "samael",
        reason: "SAML Response and all assertions must be signed",
        why: "with two signatures it marks elements and texts that one of them covers, and takes what it never marks, a comment \
              or CDATA, for something that nobody signed",
    },
    Explained {
        cases: &["SAML-08 AES-256-GCM", "SAML-08 OAEP"],
        back_end: "samael",
        reason: "Crypto provider error",
        why: "it has AES-128 alone, and one OAEP: that of XML Encryption 1.0 with SHA-1",
    },
    Explained {
        cases: &["SAML-08 OAEP with SHA-256, mask SHA-1"],
        back_end: "node-saml",
        reason: "oaep decoding error",
        why: "node takes the digest for the mask too, against XML Encryption 1.1 section 5.5.2: the mask of rsa-oaep-mgf1p is SHA-1",
    },
    Explained {
        cases: &["SAML-08 OAEP with SHA-256,", "SAML-08 OAEP of 1.1"],
        back_end: "node-saml",
        reason: "xmlenc11#rsa-oaep not supported",
        why: "xml-encryption has XML Encryption 1.0 alone",
    },
    Explained {
        cases: &["SAML-08 OAEP with SHA-256,", "SAML-08 OAEP of 1.1"],
        back_end: "python3-saml",
        reason: "Not match the saml-schema-protocol-2.0.xsd",
        why: "its schemas have XML Encryption 1.0 alone, so not the element MGF",
    },
];

/// Mutations of each good message; nearly all of them destroy it.
const SEEDS: u64 = 500;
/// What is longer never reaches a reader of ours (`message-length`).
const LONGEST: usize = 512 * 1024;

impl Explained {
    fn covers(&self, case: &Case, back_end: &str, fault: &str) -> bool {
        let named = self.cases.iter().any(|part| case.name.contains(part));
        named && self.back_end == back_end && fault.contains(self.reason)
    }
}

/// What one back end said of the messages of one side.
#[derive(Debug, Default)]
struct Count {
    accepted: usize,
    of: usize,
    forged: Vec<String>,
}

#[tokio::test]
async fn what_ours_accepts_is_accepted_by_everybody_or_explained() {
    let bench = Bench::new().await;
    let mut messages = bench.catalogue();
    messages.extend(noise(&messages));
    messages.retain(|case| case.message.len() <= LONGEST);
    let ours: Vec<_> = messages.iter().map(|case| read_by_ours(&bench, case)).collect();
    let octets: Vec<Vec<u8>> = messages.iter().map(|case| case.message.clone()).collect();
    let judged = opinions(&bench.question(), &octets).await.unwrap();

    let mut unexplained = Vec::new();
    let mut used = vec![0_usize; EXPLAINED.len()];
    let mut counts: BTreeMap<(bool, &str), Count> = BTreeMap::new();
    for ((case, read), judged) in messages.iter().zip(&ours).zip(&judged) {
        for (back_end, opinion) in BACK_ENDS.iter().zip(judged) {
            count(counts.entry((read.is_some(), back_end)).or_default(), case, opinion);
            let Some(fault) = read.as_ref().and_then(|read| fault(read, back_end, opinion)) else { continue };
            match EXPLAINED.iter().position(|one| one.covers(case, back_end, &fault)) {
                Some(place) => used[place] += 1,
                None => unexplained.push(format!("{}: {back_end}: {fault}", case.name)),
            }
        }
    }
    report(&counts);
    assert!(unexplained.is_empty(), "{}:\n{}", unexplained.len(), unexplained.join("\n"));
    let stale: Vec<_> =
        EXPLAINED.iter().zip(used).filter(|(_, used)| *used == 0).map(|(one, _)| one).collect();
    assert!(stale.is_empty(), "explained, and not so any more: {stale:?}");
    assert!(ours.iter().flatten().count() > 150, "{counts:?}");
}

/// For the eye: what the others take of what ours refuses. `xmlsec` knows no SAML, and a claim with two values is refused by ours
/// after all that is compared here.
fn report(counts: &BTreeMap<(bool, &str), Count>) {
    for ((accepted, back_end), Count { accepted: theirs, of, forged }) in counts {
        let ours = if *accepted { "accepted" } else { "refused" };
        eprintln!("{ours} by ours: {back_end} accepts {theirs} of {of}");
        for name in forged {
            eprintln!("    with a word of {VICTIM}: {name}");
        }
    }
}

fn count(count: &mut Count, case: &Case, opinion: &Opinion) {
    count.of += 1;
    if !opinion.accepted {
        return;
    }
    count.accepted += 1;
    let mut values = opinion.attributes.values().flatten().chain(&opinion.name_id);
    let named = values.any(|value| value.contains(VICTIM));
    if named && matches!(case.verdict, Verdict::Refused([_, ..])) {
        count.forged.push(case.name.clone());
    }
}

/// What ours takes over, with the one thing that can never be explained: a person whom the provider never named.
fn read_by_ours(bench: &Bench, case: &Case) -> Option<Read> {
    let read = bench.judge(&case.message)?;
    assert!(!read.values().any(|value| value.contains(VICTIM)), "{}: {read:?}", case.name);
    assert!(!matches!(case.verdict, Verdict::Refused(_)), "{}: {read:?}", case.name);
    Some(read)
}

/// What another opinion has against what ours read: all of it, or a value.
fn fault(read: &Read, back_end: &str, opinion: &Opinion) -> Option<String> {
    if !opinion.accepted {
        return Some(opinion.reason.clone());
    }
    if back_end == "xmlsec" {
        return None;
    }
    let theirs = opinion.name_id.clone().unwrap_or_default();
    if theirs != read.name_id {
        return Some(format!("reads the name {theirs:?} and ours {:?}", read.name_id));
    }
    let differs = read.claims.iter().find(|(claim, value)| {
        let theirs = opinion.attributes.get(**claim).map(Vec::as_slice);
        theirs != Some(std::slice::from_ref(value))
    });
    differs.map(|(claim, value)| {
        format!("reads {claim} as {:?} and ours as {value:?}", opinion.attributes.get(*claim))
    })
}

/// Harmless or not: whoever reads it has to come to the same.
fn noise(catalogue: &[Case]) -> Vec<Case> {
    let good = catalogue.iter().filter(|case| case.name.starts_with("SAML-07 good"));
    let mutated = |case: &Case, seed| {
        let message = mutate(seed, &case.message);
        let text = String::from_utf8_lossy(&message);
        let is_cut = text.contains("<!--") || text.contains("<![CDATA[");
        let name = format!("SAML-76 {}noise {seed}, {:?}", if is_cut { "cut " } else { "" }, case.form);
        Case { row: "SAML-76", name, message, verdict: Verdict::Either, ..case.clone() }
    };
    good.flat_map(|case| (0..SEEDS).map(move |seed| mutated(case, seed))).collect()
}
