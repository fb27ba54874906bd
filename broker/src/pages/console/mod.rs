//! The console's pages: a frame with the sections that somebody reaches, and what stands in it.
//!
//! They are made for a desk and work on a phone, without a script; the one script of theirs says two minutes before a session ends
//! by itself that it will.

mod access;
mod administrators;
mod clients;
mod connections;
mod home;
mod sessions;
mod settings;
mod shell;

pub use self::access::AccessForm;
pub use self::administrators::{
    AdministratorPage, AdministratorProblem, AdministratorRow, AdministratorsPage, InvitePage, LinkPage,
    ProviderRow, Removal, Standing, administrator, administrators, hand_over, invite,
};
pub use self::clients::{ClientItem, ClientMadePage, ClientProblem, ClientsPage, client_made, clients};
pub use self::connections::{ConnectionItem, ConnectionsPage, connections};
pub use self::home::{
    ConsoleHomePage, ConsoleSignedOutPage, StepUpPage, console_home, console_signed_out, step_up,
};
pub use self::sessions::{Moment, SessionList, SessionRow, SessionsPage, sessions};
pub use self::settings::{
    Found, Group, GroupFrame, GroupTitle, Input, May, Pair, Setting, SettingsPage, SettingsProblem, Subject,
    SwitchForm, SwitchState, Told, labelled, settings,
};
pub use self::shell::{ConsoleFrame, Notice, Section};
