//! The sections `[sessions.administrator]` and `[sessions.subscriber]` (SES-01 to SES-08). A limit that is left out is
//! the edition's.

use vestibule_policies::{
    Edition, Limits, LimitsFault, ShortSessions,
    limits::{parse_duration, parse_idle},
};

use super::super::{
    fault::FaultCode,
    reader::{Reported, Table, Usual},
};

/// The limits that the manifest sets.
pub(super) struct Sessions {
    pub(super) administrator: Option<Limits>,
    pub(super) subscriber: Option<Limits>,
}

impl Sessions {
    pub(super) fn read(table: &mut Table<'_>, edition: Result<Edition, Reported>) -> Result<Self, Reported> {
        let administrator = table.section("administrator", |table| administrator(table, edition));
        let subscriber = table.section("subscriber", |table| {
            let preset = edition.map(Edition::subscriber_limits);
            limits(table, preset, |wanted| Limits::subscriber(wanted.idle, wanted.maximum))
        });
        Ok(Self { administrator: administrator?, subscriber: subscriber? })
    }
}

/// Administrators do not sign in yet, so their limits may only repeat the preset.
fn administrator(table: &mut Table<'_>, edition: Result<Edition, Reported>) -> Result<Limits, Reported> {
    let short = table.not_built(&[("dangerous_short_sessions", Usual::Flag(false))]);
    let preset = edition.map(Edition::administrator_limits);
    let limits = limits(table, preset, |wanted| {
        Limits::administrator(wanted.idle, wanted.maximum, ShortSessions::Refused)
    })?;
    short?;
    if limits == preset? {
        return Ok(limits);
    }
    let key = if preset?.idle == limits.idle { "maximum" } else { "idle" };
    Err(table.fault(
        key,
        FaultCode::NotBuilt,
        "this version has the edition's limits for administrators alone",
    ))
}

fn limits(
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
