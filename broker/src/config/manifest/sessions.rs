//! The sections `[sessions.administrator]` and `[sessions.subscriber]` (SES-01 to SES-08). A limit that is left out is
//! the edition's.

use vestibule_policies::{
    Edition, Limits, LimitsFault, ShortSessions,
    limits::{parse_duration, parse_idle},
};

use super::super::{
    fault::FaultCode,
    reader::{Item, Reported, Table},
};

/// The limits that the manifest sets.
pub(super) struct Sessions {
    pub(super) administrator: Option<Limits>,
    pub(super) subscriber: Option<Limits>,
    /// Whether administrators' limits may be below their bounds.
    pub(super) dangerously_short: bool,
}

impl Sessions {
    pub(super) fn read(table: &mut Table<'_>, edition: Result<Edition, Reported>) -> Result<Self, Reported> {
        let administrator = table.section("administrator", |table| administrator(table, edition));
        let subscriber = table.section("subscriber", |table| {
            let preset = edition.map(Edition::subscriber_limits);
            limits(table, preset, |wanted| Limits::subscriber(wanted.idle, wanted.maximum))
        });
        let administrator = administrator?;
        Ok(Self {
            administrator: administrator.map(|(limits, _)| limits),
            subscriber: subscriber?,
            dangerously_short: administrator.is_some_and(|(_, short)| short),
        })
    }
}

/// The limits, and whether `dangerous_short_sessions` lifts their lower bounds.
fn administrator(
    table: &mut Table<'_>,
    edition: Result<Edition, Reported>,
) -> Result<(Limits, bool), Reported> {
    let allowed = table.value_or("dangerous_short_sessions", false, Item::flag);
    let short = if matches!(allowed, Ok(true)) { ShortSessions::Allowed } else { ShortSessions::Refused };
    let preset = edition.map(Edition::administrator_limits);
    let limits = limits(table, preset, |wanted| Limits::administrator(wanted.idle, wanted.maximum, short))?;
    Ok((limits, allowed?))
}

pub(in super::super) fn limits(
    table: &mut Table<'_>,
    preset: Result<Limits, Reported>,
    judge: impl FnOnce(Limits) -> Result<Limits, LimitsFault>,
) -> Result<Limits, Reported> {
    let idle = table.maybe("idle", |item| item.parse(parse_idle));
    let maximum = table.maybe("maximum", |item| item.parse(parse_duration));
    let (idle, maximum, preset) = (idle?, maximum?, preset?);
    let wanted = Limits { idle: idle.unwrap_or(preset.idle), maximum: maximum.unwrap_or(preset.maximum) };
    judge(wanted).map_err(|fault| {
        let key = match fault {
            LimitsFault::IdleTooShort(_) | LimitsFault::IdleTooLong(_) => "idle",
            LimitsFault::MaximumTooShort(_) | LimitsFault::MaximumTooLong(_) => "maximum",
        };
        table.fault(key, FaultCode::Invalid, fault.to_string())
    })
}
