//! Routing on whole segments, look-ups, and the stored form.

use std::time::Duration;

use super::*;
use crate::{PathFault, admission::samples};

fn route(path: &str) -> Route {
    Route {
        path: RoutePath::parse(path).unwrap(),
        upstream: "http://127.0.0.1:9000".parse().unwrap(),
        access: Access::Session,
        headers: HeaderRule::Default,
        timeout: Duration::from_mins(1),
        websocket_activity: true,
    }
}

fn matched(prefixes: &[&str], path: &str) -> Option<String> {
    let routes = prefixes.iter().map(|prefix| route(prefix)).collect();
    let workspace = Workspace { routes, ..Workspace::default() };
    let path = CanonicalPath::parse(path).unwrap();
    workspace.route(&path).map(|route| route.path.to_string())
}

#[test]
fn the_longest_prefix_on_whole_segments_wins() {
    let all = ["/", "/admin", "/admin/reports", "/public"];
    for (path, expected) in [
        ("/", "/"),
        ("/admin", "/admin"),
        ("/admin/", "/admin"),
        ("/admin/x", "/admin"),
        ("/administrator", "/"),
        ("/admin;x", "/"),
        ("/admin/reports", "/admin/reports"),
        ("/admin/reports-old", "/admin"),
        ("/public/../admin", "/admin"),
        ("/%61dmin", "/admin"),
        ("/Admin", "/"),
    ] {
        assert_eq!(matched(&all, path).as_deref(), Some(expected), "{path}");
    }
}

#[test]
fn no_route_is_no_route() {
    assert_eq!(matched(&["/app"], "/"), None);
    assert_eq!(matched(&["/app"], "/apps"), None);
    assert_eq!(matched(&[], "/"), None);
}

#[test]
fn a_prefix_is_written_in_its_canonical_form() {
    assert_eq!(RoutePath::parse("/").unwrap().as_str(), "/");
    assert_eq!(RoutePath::parse("/a/").unwrap().as_str(), "/a");
    for text in ["/%61", "/a/../b", "/a/./b", "/ä"] {
        assert_eq!(RoutePath::parse(text), Err(PathFault::NotCanonical), "{text}");
    }
    for text in ["", "a", "//", "/a//b", "/a?b", "/a%2fb"] {
        assert!(RoutePath::parse(text).is_err(), "{text}");
    }
}

#[test]
fn look_ups() {
    let organization = samples::organization();
    let connection = organization.connections.first().unwrap();
    assert_eq!(organization.connection(connection.id), Some(connection));
    assert_eq!(organization.connection_named(&connection.name), Some(connection));
    assert_eq!(organization.connection(ConnectionId::from_bytes([9; 8])), None);
    assert_eq!(organization.connection_named(&ConnectionName::parse("none").unwrap()), None);
    assert!(organization.serves(&HostName::parse("acme.vestibule.localhost").unwrap()));
    assert!(!organization.serves(&HostName::parse("other.vestibule.localhost").unwrap()));
}

#[test]
fn the_stored_form_reads_back() {
    let mut organization = samples::organization();
    let mut named = route("/named");
    named.headers =
        HeaderRule::Named(HeaderNames { user: Some("Remote-User".to_owned()), ..HeaderNames::default() });
    organization.workspace.routes = vec![route("/"), named];
    let json = serde_json::to_string(&organization).unwrap();
    assert!(json.contains(r#""timeout":60000"#));
    assert_eq!(serde_json::from_str::<Organization>(&json).unwrap(), organization);
    assert!(serde_json::from_str::<Organization>(&json.replace("\"acme\"", "\"saml\"")).is_err());
}
