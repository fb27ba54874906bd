//! A workspace.

use schemars::JsonSchema;
use serde::Serialize;
use vestibule_policies::limits::write_duration;
use vestibule_policies::organization::{Access, HeaderNames, HeaderRule, Organization, Route};

use super::LimitsShown;

/// The workspace: by which connection subscribers come, who of them, for how long, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Workspace settings")]
pub struct WorkspaceSettings {
    /// Its hosts, which only the operator gives.
    pub hosts: Vec<String>,
    /// The one connection that is the method of sign-in; nobody gets in without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication: Option<String>,
    /// Only members of one of these; empty admits everyone whom the connection lets in.
    pub admit_groups: Vec<String>,
    /// How long subscribers' sessions live.
    pub sessions: LimitsShown,
    /// The applications.
    pub routes: Vec<RouteSettings>,
}

/// What is sent to replace that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Workspace change")]
pub struct WorkspaceChange {
    /// The settings; `sessions` that are left out stay what they are.
    #[serde(flatten)]
    pub settings: WorkspaceSettings,
    /// Has to be true where `authentication` is another one than before: every subscriber signs in in another way from then on.
    pub acknowledge_subscriber_impact: bool,
}

/// One application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RouteSettings {
    /// The prefix, on whole segments.
    pub path: String,
    /// Scheme, host and port of the application.
    pub upstream: String,
    /// `session` or `open`.
    pub access: &'static str,
    /// Which identity headers go along.
    pub headers: HeaderSettings,
    /// How long the application may take.
    pub timeout: String,
    /// Whether frames of the client on a WebSocket count as activity.
    pub websocket_activity: bool,
}

/// `default`, `none`, or new names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum HeaderSettings {
    /// `default` or `none`.
    Word(&'static str),
    /// New names; a key that is left out is not sent.
    Names(NewNames),
}

/// New names of the identity headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NewNames {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<String>,
}

impl WorkspaceSettings {
    /// What stands.
    #[must_use]
    pub fn of(organization: &Organization) -> Self {
        let workspace = &organization.workspace;
        Self {
            hosts: organization.workspaces.iter().map(ToString::to_string).collect(),
            authentication: workspace.authentication.as_ref().map(ToString::to_string),
            admit_groups: workspace.admit_groups.iter().map(ToString::to_string).collect(),
            sessions: organization.sessions.subscriber.into(),
            routes: workspace.routes.iter().map(route).collect(),
        }
    }
}

fn route(route: &Route) -> RouteSettings {
    RouteSettings {
        path: route.path.to_string(),
        upstream: route.upstream.as_str().trim_end_matches('/').to_owned(),
        access: match route.access {
            Access::Session => "session",
            Access::Open => "open",
        },
        headers: match &route.headers {
            HeaderRule::Default => HeaderSettings::Word("default"),
            HeaderRule::None => HeaderSettings::Word("none"),
            HeaderRule::Named(names) => {
                let HeaderNames { user, email, preferred_username, groups } = names.clone();
                HeaderSettings::Names(NewNames { user, email, preferred_username, groups })
            }
        },
        timeout: write_duration(route.timeout),
        websocket_activity: route.websocket_activity,
    }
}
