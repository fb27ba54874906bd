//! The documentation has the matrix of kinds and audiences as the product decides by it (PRV-01, PRV-22).

use vestibule_policies::edition::{Audience, Edition, MATRIX, Maturity};

use super::files;

#[test]
fn the_documentation_has_the_matrix_that_decides() {
    let word = |served| match served {
        Some(Maturity::Ready) => "yes",
        Some(Maturity::Preview) => "preview",
        None => "no",
    };
    let head =
        "| Kind | Subscribers | Administrators, `global` | Administrators, `japan` |\n|---|---|---|---|\n";
    let rows = MATRIX.map(|row| {
        let of = |edition, audience| word(row.of(edition, audience));
        format!(
            "| `{}` | {} | {} | {} |\n",
            row.kind.as_str(),
            of(Edition::Global, Audience::Subscriber),
            of(Edition::Global, Audience::Administrator),
            of(Edition::Japan, Audience::Administrator)
        )
    });
    let table = format!("{head}{}", rows.concat());
    let page = files().into_iter().find(|file| file.path == "docs/configuration.md").expect("the page");
    assert!(page.text.contains(&table), "docs/configuration.md lacks the matrix of today:\n{table}");
}
