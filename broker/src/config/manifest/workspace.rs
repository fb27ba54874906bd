//! The section `[workspace]`: the method of sign-in, who is admitted, and the routes to the applications.

use std::time::Duration;

use vestibule_policies::{
    Access, ConnectionName, GroupId, HeaderRule, Route, RoutePath, Workspace, limits::parse_duration,
};

use super::{
    super::{
        address::Addresses,
        fault::FaultCode,
        reader::{Item, Reported, Table, Unique, Usual},
    },
    headers,
};

/// The longest time an upstream may take.
const TIMEOUT_LIMIT: Duration = Duration::from_hours(1);

/// Reads the section. `connections` are the names that the file declares, if it declares them.
pub(in super::super) fn read(
    table: &mut Table<'_>,
    addresses: Addresses<'_>,
    connections: Option<&[&ConnectionName]>,
) -> Result<Workspace, Reported> {
    let authentication = table.maybe("authentication", |item| method(item, connections));
    let admit_groups =
        table.value_or("admit_groups", Vec::new(), |item| item.each(|group| group.parse(GroupId::parse)));
    let mut paths = Unique::new();
    let routes = table.sections("routes", |table| route(table, addresses, &mut paths));
    Ok(Workspace {
        authentication: authentication?,
        admit_groups: admit_groups?,
        routes: routes?.unwrap_or_default(),
    })
}

fn method(item: &Item<'_>, connections: Option<&[&ConnectionName]>) -> Result<ConnectionName, Reported> {
    let name = item.parse(ConnectionName::parse)?;
    if connections.is_some_and(|connections| !connections.contains(&&name)) {
        return Err(item.invalid(format_args!("there is no connection {name}")));
    }
    Ok(name)
}

fn route(
    table: &mut Table<'_>,
    addresses: Addresses<'_>,
    paths: &mut Unique<RoutePath>,
) -> Result<Route, Reported> {
    let path = table.value("path", |item| paths.take(route_path(item)?, item));
    let upstream = table.value("upstream", |item| item.parse(|text| addresses.upstream(text)));
    let access = table.value_or("access", Access::Session, access);
    let headers = table.value_or("headers", HeaderRule::Default, headers::read);
    let timeout = table.parse_or("timeout", "60s", timeout);
    table.not_built(&[("websocket_activity", Usual::Flag(true))])?;
    Ok(Route {
        path: path?,
        upstream: upstream?,
        access: access?,
        headers: headers?,
        timeout: timeout?,
        websocket_activity: true,
    })
}

fn route_path(item: &Item<'_>) -> Result<RoutePath, Reported> {
    let path = item.parse(RoutePath::parse)?;
    // These paths are the broker's own on every workspace, so a route there would never be asked (interface 3).
    if path.as_str().split('/').nth(1) == Some(".vestibule") {
        return Err(item.invalid("paths under /.vestibule are the broker's own"));
    }
    Ok(path)
}

fn access(item: &Item<'_>) -> Result<Access, Reported> {
    match item.text()? {
        "session" => Ok(Access::Session),
        "open" => Ok(Access::Open),
        _ => Err(item.refuse(FaultCode::Invalid, "expected \"session\" or \"open\"")),
    }
}

fn timeout(text: &str) -> Result<Duration, String> {
    let timeout = parse_duration(text).map_err(|fault| fault.to_string())?;
    if timeout > TIMEOUT_LIMIT { Err("a timeout is at most 60m".to_owned()) } else { Ok(timeout) }
}
