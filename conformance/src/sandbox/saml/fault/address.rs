//! From somebody else, to somebody else, or about another request (saml-profiles section 4.1.4).

use super::change::{assertion, conditions, data, in_response_to, other_issuer};
use super::{Fault, Row, Spoil};

pub(super) const ADDRESS: &[Row] = &[
    Row {
        fault: Fault::WrongDestination,
        id: "wrong-destination",
        labels: ["Destination is another address", "Destination が別のアドレス"],
        spoil: Spoil::Parts(|p| {
            p.message.response.destination = Some("https://other.example/acs".to_owned());
        }),
    },
    Row {
        fault: Fault::NoDestination,
        id: "no-destination",
        labels: ["No Destination", "Destination なし"],
        spoil: Spoil::Parts(|p| p.message.response.destination = None),
    },
    Row {
        fault: Fault::WrongRecipient,
        id: "wrong-recipient",
        labels: ["Recipient is another address", "Recipient が別のアドレス"],
        spoil: Spoil::Parts(|p| {
            data(p, |data| data.recipient = Some("https://other.example/acs".to_owned()));
        }),
    },
    Row {
        fault: Fault::WrongAudience,
        id: "wrong-audience",
        labels: ["Audience is another service provider", "Audience が別のサービスプロバイダー"],
        spoil: Spoil::Parts(|p| {
            conditions(p, |c, _| c.audiences = vec![vec!["https://other.example".to_owned()]]);
        }),
    },
    Row {
        fault: Fault::NoAudience,
        id: "no-audience",
        labels: ["No audience", "Audience なし"],
        spoil: Spoil::Parts(|p| conditions(p, |c, _| c.audiences.clear())),
    },
    Row {
        fault: Fault::NoConditions,
        id: "no-conditions",
        labels: ["No Conditions", "Conditions なし"],
        spoil: Spoil::Parts(|p| assertion(p, |a| a.conditions = None)),
    },
    Row {
        fault: Fault::WrongResponseIssuer,
        id: "wrong-response-issuer",
        labels: ["Issuer of the response is another provider", "レスポンスの Issuer が別のプロバイダー"],
        spoil: Spoil::Parts(|p| p.message.response.issuer = Some(other_issuer())),
    },
    Row {
        fault: Fault::WrongAssertionIssuer,
        id: "wrong-assertion-issuer",
        labels: ["Issuer of the assertion is another provider", "アサーションの Issuer が別のプロバイダー"],
        spoil: Spoil::Parts(|p| assertion(p, |a| a.issuer = Some(other_issuer()))),
    },
    Row {
        fault: Fault::WrongInResponseTo,
        id: "wrong-in-response-to",
        labels: ["Answers another request", "別のリクエストへの応答"],
        spoil: Spoil::Parts(|p| in_response_to(p, Some("_another"))),
    },
    Row {
        fault: Fault::NoInResponseTo,
        id: "no-in-response-to",
        labels: ["Answers no request", "InResponseTo なし"],
        spoil: Spoil::Parts(|p| in_response_to(p, None)),
    },
    Row {
        fault: Fault::RelayStateLost,
        id: "relay-state-lost",
        labels: ["RelayState is lost", "RelayState の消失"],
        spoil: Spoil::Parts(|p| p.relay_state = None),
    },
];
