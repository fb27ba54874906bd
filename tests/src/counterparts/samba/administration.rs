//! What the administrators of a forest do. An act is written on a controller that runs, and every other one that runs knows of
//! it when the call returns.

use serde::Deserialize;
use serde_json::json;

use super::{CounterpartError, Forest};

/// An account as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its distinguished name.
    pub dn: String,
    /// `objectSid`, in letters.
    pub security_id: String,
    /// `objectGUID`, in letters.
    pub object_guid: String,
    /// The user principal name.
    pub upn: String,
    /// Wrong passwords that this controller counted since the last right one.
    pub bad_pwd_count: u32,
    /// Whether they were too many.
    pub locked: bool,
}

/// A password that was sent to a controller, by the controller's own log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bind {
    /// The name as it was sent.
    pub typed: String,
    /// `NT_STATUS_OK`, or why not.
    pub status: String,
}

impl Forest {
    /// Nobody can sign in with it any more.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn disable(&self, login: &str) -> Result<(), CounterpartError> {
        self.act("disable", login, []).await
    }

    /// Takes [`Self::disable`] back.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn enable(&self, login: &str) -> Result<(), CounterpartError> {
        self.act("enable", login, []).await
    }

    /// The account is gone.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn delete(&self, login: &str) -> Result<(), CounterpartError> {
        self.act("delete", login, []).await
    }

    /// Deletes the account and makes one of the same names for somebody else: with another SID, another GUID, no groups and
    /// the password of a fresh forest.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn recreate(&self, login: &str) -> Result<(), CounterpartError> {
        self.act("recreate", login, []).await
    }

    /// Another user principal name for the same person.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn rename_upn(&self, login: &str, upn: &str) -> Result<(), CounterpartError> {
        self.act("rename_upn", login, [("upn", upn)]).await
    }

    /// Another password, as a help desk sets it.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn set_password(&self, login: &str, password: &str) -> Result<(), CounterpartError> {
        self.act("set_password", login, [("password", password)]).await
    }

    /// The password becomes years old.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn expire_password(&self, login: &str) -> Result<(), CounterpartError> {
        self.act("expire_password", login, []).await
    }

    /// "User must change password at next logon".
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn must_change(&self, login: &str) -> Result<(), CounterpartError> {
        self.act("must_change", login, []).await
    }

    /// Forgives the wrong passwords.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn unlock(&self, login: &str) -> Result<(), CounterpartError> {
        self.act("unlock", login, []).await
    }

    /// Moves the account to another organisational unit beside `Staff`: there are `Leavers` and `Groups`.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn move_ou(&self, login: &str, unit: &str) -> Result<(), CounterpartError> {
        self.act("move_ou", login, [("unit", unit)]).await
    }

    /// Makes the account a member.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn add_to_group(&self, login: &str, group: &str) -> Result<(), CounterpartError> {
        self.act("add_to_group", login, [("group", group)]).await
    }

    /// Takes [`Self::add_to_group`] back.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn remove_from_group(&self, login: &str, group: &str) -> Result<(), CounterpartError> {
        self.act("remove_from_group", login, [("group", group)]).await
    }

    /// The account, as the first controller that runs has it.
    ///
    /// # Errors
    /// See [`CounterpartError`]; nobody of that name is an error too.
    pub async fn account(&self, login: &str) -> Result<Account, CounterpartError> {
        self.talk.ask(json!({ "act": "account", "login": login })).await
    }

    /// Each simple bind of the account since the forest began, on whichever controller. Where nobody has that login it is
    /// the name that was sent.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn binds(&self, login: &str) -> Result<Vec<Bind>, CounterpartError> {
        self.talk.ask(json!({ "act": "binds", "login": login })).await
    }

    /// Brings what one controller learnt by itself, such as a new password, to the other.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn replicate(&self) -> Result<(), CounterpartError> {
        self.talk.ask(json!({ "act": "replicate" })).await
    }

    async fn act<const N: usize>(
        &self,
        act: &str,
        login: &str,
        more: [(&str, &str); N],
    ) -> Result<(), CounterpartError> {
        let mut question = json!({ "act": act, "login": login });
        if let Some(fields) = question.as_object_mut() {
            fields.extend(more.map(|(name, value)| (name.to_owned(), json!(value))));
        }
        self.talk.ask(question).await
    }
}
