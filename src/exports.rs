//! `passmuster sources`: what can be handed in, what would decide the unknown, what nobody claims.

use anyhow::bail;
use passmuster::diagnostic::{Diagnostics, Level};
use passmuster::normalise::ADAPTERS;
use passmuster::pipeline;
use passmuster::report::{self, sources};

use crate::cli::{SourcesArgs, TableFormat};
use crate::commands::{page_options, print_diagnostics, run_options, write};

/// Lists kinds, what is missing, or what nobody claims.
pub(crate) fn run(args: &SourcesArgs) -> anyhow::Result<u8> {
    let format = match args.format {
        TableFormat::Human => report::PageFormat::Human,
        TableFormat::Json => report::PageFormat::Json,
        TableFormat::Markdown if args.missing || args.unmatched => {
            bail!("--format markdown is of the kinds alone; --missing and --unmatched write human and json")
        }
        TableFormat::Markdown => {
            let kinds: Vec<sources::Kind> = wanted_kinds(args)?;
            write(None, |out| sources::write_reference(&kinds, out))?;
            return Ok(0);
        }
    };
    if !args.missing && !args.unmatched {
        return kinds(args, format);
    }
    let wanted = run_options(&args.judge, &args.what)?;
    let options = page_options(&args.show, true);
    if args.missing {
        let (run, list) = pipeline::missing(&wanted)?;
        print_diagnostics(&errors(&run.report.diagnostics), &run.sources);
        write(None, |out| sources::write_missing(format, &list, &options, out))?;
        return Ok(if run.report.complete { 0 } else { 2 });
    }
    let (read, list) = pipeline::unclaimed(&wanted)?;
    print_diagnostics(&errors(&read.found), &read.sources);
    write(None, |out| {
        sources::write_unclaimed(format, &list, |orphan| read.sources.path(orphan.place.file), &options, out)
    })?;
    Ok(if read.found.has_errors() { 2 } else { 0 })
}

/// What could not be read; everything else is for `passmuster check` to say.
fn errors(found: &Diagnostics) -> Diagnostics {
    let mut errors = Diagnostics::default();
    found.iter().filter(|diagnostic| diagnostic.level == Level::Error).for_each(|d| errors.push(d.clone()));
    errors
}

fn kinds(args: &SourcesArgs, format: report::PageFormat) -> anyhow::Result<u8> {
    let kinds = wanted_kinds(args)?;
    write(None, |out| sources::write_kinds(format, &kinds, args.what.is_empty(), out))?;
    Ok(0)
}

fn wanted_kinds(args: &SourcesArgs) -> anyhow::Result<Vec<sources::Kind>> {
    let is_wanted = |kind: &sources::Kind| {
        args.what.is_empty() || args.what.iter().any(|wanted| wanted == kind.kind || wanted == kind.product)
    };
    let kinds: Vec<sources::Kind> = ADAPTERS.iter().map(|a| a.about().into()).filter(is_wanted).collect();
    let known = |wanted: &&String| kinds.iter().any(|kind| **wanted == kind.kind || **wanted == kind.product);
    if let Some(unknown) = args.what.iter().find(|wanted| !known(wanted)) {
        bail!("no kind `{unknown}`; `passmuster sources` lists them");
    }
    Ok(kinds)
}
