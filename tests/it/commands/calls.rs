//! Calls, exit codes, and what this version does not have.

use tempfile::TempDir;

use super::deployment::Deployment;
use super::program::run;

#[tokio::test]
async fn a_wrong_call_is_two_and_help_is_zero() {
    let folder = TempDir::new().unwrap();
    for (row, arguments, code, said) in [
        ("help", &["--help"][..], 0, "apply"),
        ("help of a command", &["serve", "--help"], 0, "--config"),
        ("the version", &["--version"], 0, "vestibule"),
        ("nothing", &[], 2, "Usage"),
        ("no such command", &["server"], 2, "server"),
        ("no configuration named", &["serve"], 2, "--config"),
        ("an unknown option", &["serve", "--config", "x", "--fast"], 2, "--fast"),
        ("no manifest named", &["apply", "--config", "x"], 2, "--file"),
        ("a port that is none", &["demo", "--port", "70000"], 2, "70000"),
        ("no such file", &["serve", "--config", "missing.toml"], 2, "missing.toml"),
        ("no such file to check", &["check", "--config", "missing.toml"], 2, "missing.toml"),
        ("no such file to apply to", &["apply", "--config", "missing.toml", "-f", "x"], 2, "missing.toml"),
    ] {
        let ended = run(folder.path(), arguments).await;
        assert_eq!(ended.code, Some(code), "{row}: {ended:?}");
        let (speaks, silent) = if code == 0 { (&ended.out, &ended.err) } else { (&ended.err, &ended.out) };
        assert!(speaks.contains(said) && silent.is_empty(), "{row}: {ended:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and no file was made");
}

#[tokio::test]
async fn a_later_command_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    for arguments in [
        &["backup"][..],
        &["key", "rotate", "--master"],
        &["audit", "verify"],
        &["explain", "sign-in"],
        &["connector", "enrol"],
    ] {
        let ended = run(folder.path(), arguments).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains("NOT-BUILT") && ended.err.contains(arguments[0]), "{ended:?}");
    }
}

/// What fails though call and configuration are right is one.
#[tokio::test]
async fn work_that_fails_is_one() {
    let deployment = Deployment::new().await;
    std::fs::create_dir(deployment.path("vestibule.db")).unwrap();
    for command in ["serve", "check", "apply"] {
        let more: &[&str] = if command == "apply" { &["-f", "acme.toml"] } else { &[] };
        let ended = deployment.run(&[&[command, "--config", "vestibule.toml"], more].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{command}: {ended:?}");
        assert!(!ended.err.is_empty(), "{command} says why");
    }
}
