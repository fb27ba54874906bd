//! People of the built-in identity. What they are called stands here as tags, everything else is sealed.

use sqlx::{Row, SqliteExecutor};
use vestibule_policies::ids::PersonId;

use super::Transaction;

/// A person as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// For ever.
    pub id: PersonId,
    /// A MAC of the user name, which is one person's alone (AMB-19).
    pub user_name_tag: String,
    /// A MAC of the address, which several may share.
    pub email_tag: String,
    /// Sealed.
    pub record: Vec<u8>,
}

/// The person with that id.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn by_id(
    executor: impl SqliteExecutor<'_>,
    id: PersonId,
) -> Result<Option<PersonRow>, sqlx::Error> {
    let row = sqlx::query("SELECT id, user_name_tag, email_tag, record FROM persons WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(person).transpose()
}

/// Whoever bears that user name, else whoever has that address: none, or several, of whom nobody can be meant.
///
/// # Errors
/// When the store cannot be read, or a row.
pub async fn by_name(
    executor: impl SqliteExecutor<'_>,
    (user_name_tag, email_tag): (&str, &str),
) -> Result<Vec<PersonRow>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, user_name_tag, email_tag, record FROM persons WHERE user_name_tag = $1 OR email_tag = $2 LIMIT 9",
    )
    .bind(user_name_tag)
    .bind(email_tag)
    .fetch_all(executor)
    .await?;
    let mut found = rows.iter().map(person).collect::<Result<Vec<_>, _>>()?;
    if found.iter().any(|one| one.user_name_tag == user_name_tag) {
        found.retain(|one| one.user_name_tag == user_name_tag);
    }
    Ok(found)
}

/// Everybody who bears that user name or has that address, the former first; of many the first few.
///
/// # Errors
/// When the store cannot be read, or a row.
pub async fn bearing(
    executor: impl SqliteExecutor<'_>,
    (user_name_tag, email_tag): (&str, &str),
    most: u32,
) -> Result<Vec<PersonRow>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, user_name_tag, email_tag, record FROM persons WHERE user_name_tag = $1 OR email_tag = $2 \
         ORDER BY user_name_tag = $1 DESC, id LIMIT $3",
    )
    .bind(user_name_tag)
    .bind(email_tag)
    .bind(most)
    .fetch_all(executor)
    .await?;
    rows.iter().map(person).collect()
}

/// Keeps a new person. `false` if the user name is somebody's already.
///
/// # Errors
/// When the store cannot be written.
pub async fn insert(transaction: &mut Transaction, row: &PersonRow) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO persons (id, user_name_tag, email_tag, record) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(row.id.to_string())
    .bind(&row.user_name_tag)
    .bind(&row.email_tag)
    .bind(&row.record)
    .execute(transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Writes what a person is from now on, in the transaction that read what they were.
///
/// # Errors
/// When the store cannot be written.
pub async fn update(transaction: &mut Transaction, row: &PersonRow) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE persons SET user_name_tag = $1, email_tag = $2, record = $3 WHERE id = $4")
        .bind(&row.user_name_tag)
        .bind(&row.email_tag)
        .bind(&row.record)
        .bind(row.id.to_string())
        .execute(transaction)
        .await
        .map(drop)
}

fn person(row: &sqlx::sqlite::SqliteRow) -> Result<PersonRow, sqlx::Error> {
    let id: String = row.get(0);
    Ok(PersonRow {
        id: id.parse().map_err(|_| sqlx::Error::Decode("persons.id".into()))?,
        user_name_tag: row.get(1),
        email_tag: row.get(2),
        record: row.get(3),
    })
}
