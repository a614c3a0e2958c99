//! The program `fleet`.

use std::process::ExitCode;

fn main() -> ExitCode {
    fleet_host::cli::main()
}
