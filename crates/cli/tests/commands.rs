//! Runs the cases in `tests/cmd` and the README: commands with what they print and how they end.
//! All run in the root of the repository.

use std::path::Path;

#[test]
fn commands_print_what_their_cases_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // The only test here, so nothing else minds.
    std::env::set_current_dir(root).unwrap();
    let cases = std::fs::read_dir("crates/cli/tests/cmd").unwrap().count();
    assert!(cases > 0, "there are no cases");
    trycmd::TestCases::new()
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .register_bin("earwitness", Path::new(env!("CARGO_BIN_EXE_earwitness")))
        .case("crates/cli/tests/cmd/*.trycmd")
        .case("crates/cli/tests/cmd/*.toml")
        .case("README.md");
}
