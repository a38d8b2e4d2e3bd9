//! The command line: arguments in, exit code out. Only here is the clock read and anything written.

#![forbid(unsafe_code)]

mod cli;
mod commands;
mod stage;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            commands::complain(&error);
            ExitCode::from(2)
        }
    }
}
