//! The conformance list as data, and what stands behind each of its rows today.
//!
//! `conformance/rows` has a file a section. A row is implemented and names the tests that prove it, or waived with its
//! reason, or not built and names what it waits for. `docs/conformance.md` says how to read it.

mod fault;
mod report;
mod row;
mod rows;
mod section;

pub use fault::{Fault, Faults};
pub use report::{Count, Line, Report};
pub use row::{Need, Part, Row, RowId, State};
pub use rows::{read, read_section};
pub use section::Section;
