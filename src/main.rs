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

/// Most of what a run does is to put small values together and to let go of them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
