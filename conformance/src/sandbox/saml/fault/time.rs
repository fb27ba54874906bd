//! Too early or too late, by more than clocks may differ.

use super::change::{HOUR, authn, data, issued, shift, valid};
use super::{Fault, Row, Spoil};

pub(super) const TIME: &[Row] = &[
    Row {
        fault: Fault::IssuedInTheFuture,
        id: "issued-in-the-future",
        labels: ["Issued one hour in the future", "1 時間後の発行日時"],
        spoil: Spoil::Parts(|p| issued(p, HOUR)),
    },
    Row {
        fault: Fault::IssuedLongAgo,
        id: "issued-long-ago",
        labels: ["Issued one hour ago", "1 時間前の発行日時"],
        spoil: Spoil::Parts(|p| issued(p, -HOUR)),
    },
    Row {
        fault: Fault::ConditionsNotYetValid,
        id: "conditions-not-yet-valid",
        labels: ["Conditions are not yet valid", "Conditions がまだ有効でない"],
        spoil: Spoil::Parts(|p| valid(p, [HOUR / 2, HOUR])),
    },
    Row {
        fault: Fault::ConditionsExpired,
        id: "conditions-expired",
        labels: ["Conditions have expired", "Conditions の期限切れ"],
        spoil: Spoil::Parts(|p| valid(p, [-HOUR, -HOUR / 2])),
    },
    Row {
        fault: Fault::ConfirmationExpired,
        id: "confirmation-expired",
        labels: ["Subject confirmation has expired", "SubjectConfirmation の期限切れ"],
        spoil: Spoil::Parts(|p| {
            let over = p.now - HOUR / 2;
            data(p, |data| data.not_on_or_after = Some(over));
        }),
    },
    Row {
        fault: Fault::SessionAlreadyOver,
        id: "session-already-over",
        labels: ["The session is over already", "セッションの期限切れ"],
        spoil: Spoil::Parts(|p| authn(p, |s, now| s.session_not_on_or_after = Some(now - HOUR))),
    },
    Row {
        fault: Fault::OldAuthentication,
        id: "old-authentication",
        labels: ["Authenticated a day ago", "1 日前の認証"],
        spoil: Spoil::Parts(|p| authn(p, |s, now| s.instant = now - 24 * HOUR)),
    },
    Row {
        fault: Fault::ClockAhead,
        id: "clock-ahead",
        labels: ["All times are ten minutes ahead", "すべての時刻が 10 分進み"],
        spoil: Spoil::Parts(|p| shift(p, 600)),
    },
    Row {
        fault: Fault::ClockBehind,
        id: "clock-behind",
        labels: ["All times are ten minutes behind", "すべての時刻が 10 分遅れ"],
        spoil: Spoil::Parts(|p| shift(p, -600)),
    },
];
