//! The command line: arguments in, exit code out. Only here is the clock read and anything written.

#![forbid(unsafe_code)]

mod bar;
mod cli;
mod commands;
mod exports;
mod packs;
mod panics;
mod stage;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    panics::answer();
    let cli = cli::Cli::parse();
    match commands::run(cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            commands::complain(&error);
            ExitCode::from(2)
        }
    }
}
