//! One function a command: options to a run, a run to standard output.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context as _, bail};
use clap::CommandFactory as _;
use jiff::Timestamp;
use passmuster::config::{LimitInForce, Standard, limits_in_force};
use passmuster::diagnostic::Diagnostics;
use passmuster::evaluate::{EngineChoice, Metadata, RuleState, Severity};
use passmuster::model::{Section, Time};
use passmuster::normalise::ADAPTERS;
use passmuster::pipeline::{self, Memory, Options, Run, RunError};
use passmuster::report::derivation::Followed;
use passmuster::report::explain::{self, At, Explanation, LimitLine};
use passmuster::report::read::Recorded;
use passmuster::report::redact::Key;
use passmuster::report::rules::{self, RuleLine};
use passmuster::report::{
    self, Format, Places, View, Wanted, coverage, diagnostics, diff, exception, position, reference,
};
use passmuster::source::Sources;
use passmuster::validate::{Schema, schemas};
use percent_encoding::utf8_percent_encode;

use crate::bar::Bar;
use crate::cli::{
    Check, Cli, Color, Command, CompletionsArgs, CoverageArgs, DiffArgs, DiffFormat, Engine, ExceptionCommand,
    ExceptionNewArgs, ExplainArgs, InitArgs, Judge, ManArgs, Outputs, PageFormat, PositionArgs, RecordsArgs,
    RecordsFormat, ReportArgs, RulesArgs, SchemaArgs, SeverityArg, Show, Stage, StandardArgs, StandardCommand,
    StandardsArgs, TableFormat, Unknown, Validate,
};
use crate::packs::{self, Packed};
use crate::stage::{self, Trees};
use crate::watch::watch;

/// Runs a command; the exit code is the same for every format.
pub(crate) fn run(command: Command) -> anyhow::Result<u8> {
    match command {
        Command::Check(args) => check(&args),
        Command::Report(args) => report_run(&args),
        Command::Diff(args) => compare(&args),
        Command::Position(args) => position_page(&args),
        Command::Records(args) => records(&args),
        Command::Rules(args) => list_rules(&args),
        Command::Explain(args) => explain_rule(&args),
        Command::Exception(ExceptionCommand::New(args)) => new_exception(&args),
        Command::Standard(StandardCommand::Show(args)) => standard(&args),
        Command::Standard(StandardCommand::List(args)) => standards(&args),
        Command::Coverage(args) => coverage_of(&args),
        Command::Sources(args) => crate::exports::run(&args),
        Command::Schema(args) => schema(&args),
        Command::Init(args) => init(&args),
        Command::Completions(args) => completions(&args),
        Command::Man(args) => manual(&args),
    }
}

/// Says on standard error why nothing was done: the only place where a chain of errors is printed.
#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
pub(crate) fn complain(error: &anyhow::Error) {
    if let Some(RunError::Unusable { found, .. } | RunError::NothingJudged { found, .. }) =
        error.downcast_ref::<RunError>()
    {
        let (found, sources) = &**found;
        eprint!("{}", shown(found, sources, &options(Color::Auto, report::Verbosity::Normal)));
    }
    // A message may quote a path, an argument or an input.
    eprintln!("passmuster: {}", report::safe(&format!("{error:#}")));
}

fn check(args: &Check) -> anyhow::Result<u8> {
    if args.watch {
        return watch(args);
    }
    let wanted = check_options(args)?;
    // Told before anything is judged, not after.
    outputs(&args.outputs)?;
    let baseline = baseline(args)?;
    let (run, places) = match args.stage {
        None => {
            let run = judge(&wanted, baseline.as_ref(), args.show.quiet, None)?;
            let places = pipeline::places(&run.sources, wanted_places(args, &run)?);
            (run, places)
        }
        Some(Stage::Commit) if wanted.stdin.is_some() => bail!("standard input is in no commit"),
        Some(Stage::Commit) => judge_commit(args, &wanted)?,
    };
    let code = show(args, &run, &places, true);
    // The process ends with this: the system takes back at once what would be freed piece by piece.
    std::mem::forget((run, places));
    code
}

/// What the arguments ask for, as of now where they do not say.
pub(crate) fn check_options(args: &Check) -> anyhow::Result<Options> {
    let mut wanted = run_options(&args.judge, &args.paths)?;
    wanted.rules = args.rule.iter().chain(&args.family).cloned().collect();
    wanted.services.clone_from(&args.service);
    wanted.tiers.clone_from(&args.tier);
    wanted.fail_on = args.fail_on.map(severity);
    wanted.least = args.outputs.min_severity.map(severity);
    wanted.unknown_fails = args.unknown.map(|u| u == Unknown::Fail);
    Ok(wanted)
}

/// The earlier run that the arguments name.
pub(crate) fn baseline(args: &Check) -> anyhow::Result<Option<Recorded>> {
    args.baseline.as_deref().map(with_names).transpose()
}

/// Judges; of a run with a baseline, what is new or worse since.
pub(crate) fn judge(
    wanted: &Options,
    baseline: Option<&Recorded>,
    is_quiet: bool,
    memory: Option<&mut Memory>,
) -> Result<Run, RunError> {
    let bar = Bar::new(is_quiet);
    let wanted = Options { progress: bar.progress(), ..wanted.clone() };
    let mut run = match memory {
        Some(memory) => pipeline::check_again(&wanted, memory)?,
        None => pipeline::check(&wanted)?,
    };
    if let Some(baseline) = baseline {
        run.report = diff::since(&baseline.report, run.report);
    }
    Ok(run)
}

/// Writes the report on a run, to files, too, unless those are to stay as they are, and tells the exit code.
pub(crate) fn show(args: &Check, run: &Run, places: &Places, to_files: bool) -> anyhow::Result<u8> {
    let mut asked = asked(args, run)?;
    asked.retain(|(_, file)| to_files || file.is_none());
    let view = View { report: &run.report, sources: &run.sources, places };
    let is_for_github = asked.iter().any(|(format, _)| *format == Format::Github);
    render(&view, asked, &args.outputs, &args.show)?;
    if !is_for_github && !args.show.quiet {
        hint_at_github();
    }
    let code = run.report.exit_code();
    Ok(if args.exit_zero && code == 1 { 0 } else { code })
}

/// What a run is written as: what the arguments ask for, or else the configuration.
fn asked(args: &Check, run: &Run) -> anyhow::Result<Asked> {
    let asked = outputs(&args.outputs)?;
    if !asked.is_empty() {
        return Ok(asked);
    }
    written(&run.output).context("`output` in the configuration")
}

/// The places that are shown of a run in all that is asked for.
pub(crate) fn wanted_places(args: &Check, run: &Run) -> anyhow::Result<Wanted> {
    let asked = asked(args, run)?;
    let human = asked.is_empty().then_some((Format::Human, None));
    let mut wanted = Wanted::default();
    for (format, file) in asked.into_iter().chain(human) {
        wanted.add(format.wanted(&run.report, &page_options(&args.show, file.is_none())));
    }
    Ok(wanted)
}

/// A line for those whose job on GitHub prints what it could show beside the code.
#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
fn hint_at_github() {
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|set| !set.is_empty()) {
        eprintln!("passmuster: --format github puts findings on their lines and a summary on the job's page");
    }
}

/// What the commit that is being made would add or make worse.
fn judge_commit(args: &Check, wanted: &Options) -> anyhow::Result<(Run, Places)> {
    let trees = Trees::of_the_commit()?;
    // The same instant and mostly the same files: what was read and judged of HEAD is not read and judged again.
    let mut memory = Memory::default();
    let mut judge = || judge(wanted, None, args.show.quiet, Some(&mut memory));
    let head = trees.head.as_deref().map(|head| stage::inside(head, || Ok(judge()))).transpose()?;
    stage::inside(&trees.staged, || {
        let mut run = judge()?;
        match head {
            Some(Ok(head)) => run.report = diff::since(&head.report, run.report),
            // Nothing to compare with: the commit is its own baseline, and what is said of inputs and policies stays.
            Some(Err(why)) => run.report = diff::alone(run.report, &format!("HEAD cannot be judged: {why}")),
            None => run.report = diff::alone(run.report, "this is the first commit"),
        }
        let places = pipeline::places(&run.sources, wanted_places(args, &run)?);
        Ok((run, places))
    })
}

/// A recorded run in any format: the same bytes as the run itself would have written.
fn report_run(args: &ReportArgs) -> anyhow::Result<u8> {
    let asked = outputs(&args.outputs)?;
    if let Some(split) = &args.split {
        return split_run(args, packs::folder(split)?, packs::files(asked)?);
    }
    let mut recorded = recorded(&args.run)?;
    recorded.report.least = args.outputs.min_severity.map(severity);
    if !args.tenant.is_empty() {
        recorded = packs::of_tenants(&recorded, &args.tenant)?;
    }
    let is_for_github = asked.iter().any(|(format, _)| *format == Format::Github);
    render(&recorded.view(), asked, &args.outputs, &args.show)?;
    if !is_for_github && !args.show.quiet {
        hint_at_github();
    }
    Ok(recorded.report.exit_code())
}

/// A pack a tenant; the exit code is that of the whole run.
#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
fn split_run(args: &ReportArgs, below: &Path, files: Vec<packs::ToFile>) -> anyhow::Result<u8> {
    let mut recorded = recorded(&args.run)?;
    recorded.report.least = args.outputs.min_severity.map(severity);
    let mut said = String::new();
    for Packed { tenant, folder, pack } in packs::split(&recorded)? {
        let folder = below.join(folder);
        packs::make(&folder)?;
        let at = |name: &String| Some(folder.join(name).to_string_lossy().into_owned());
        let asked: Asked = files.iter().map(|(format, name)| (*format, at(name))).collect();
        render(&pack.view(), asked, &args.outputs, &args.show)?;
        said.push_str(&format!("{} ({tenant}, exit code {})\n", folder.display(), pack.report.exit_code()));
    }
    let nameless = recorded.report.positions.iter().filter(|position| position.tenant.is_none()).count();
    if nameless > 0 {
        let (services, name) = if nameless == 1 { ("service", "names") } else { ("services", "name") };
        eprintln!("passmuster: {nameless} {services} {name} no tenant and went into no pack");
    }
    write(None, |out| out.write_all(report::safe(&said).as_bytes()))?;
    Ok(recorded.report.exit_code())
}

/// A result document; `-` is standard input.
fn recorded(path: &str) -> anyhow::Result<Recorded> {
    let mut text = String::new();
    if path == "-" {
        io::stdin().lock().read_to_string(&mut text).context("standard input")?;
    } else {
        text = std::fs::read_to_string(path).with_context(|| path.to_owned())?;
    }
    report::read::read(&text).with_context(|| path.to_owned())
}

/// A result document in which things have their names.
fn with_names(path: &str) -> anyhow::Result<Recorded> {
    let recorded = recorded(path)?;
    if recorded.report.redacted.is_some() {
        bail!("{path} is redacted: its findings cannot be told; take the report that it was made from");
    }
    Ok(recorded)
}

/// The stub of an exception, from a recorded run or one of now.
fn new_exception(args: &ExceptionNewArgs) -> anyhow::Result<u8> {
    let stub = match &args.from {
        Some(path) => exception::stub(&with_names(path)?.view(), &args.fingerprint)?,
        None => {
            let run = judge(&run_options(&args.judge, &args.paths)?, None, false, None)?;
            let places = pipeline::places(&run.sources, Wanted::everything(&run.report));
            exception::stub(&View { report: &run.report, sources: &run.sources, places: &places }, &args.fingerprint)?
        }
    };
    write(None, |out| out.write_all(stub.as_bytes()))?;
    Ok(0)
}

/// What a shell needs to complete commands and options.
fn completions(args: &CompletionsArgs) -> anyhow::Result<u8> {
    write(None, |out| {
        clap_complete::generate(args.shell, &mut Cli::command(), "passmuster", out);
        Ok(())
    })?;
    Ok(0)
}

/// The manual pages; without a folder the main one.
fn manual(args: &ManArgs) -> anyhow::Result<u8> {
    match &args.folder {
        None => write(None, |out| clap_mangen::Man::new(Cli::command()).render(out))?,
        Some(folder) => {
            std::fs::create_dir_all(folder).with_context(|| folder.clone())?;
            clap_mangen::generate_to(Cli::command(), folder).with_context(|| folder.clone())?;
        }
    }
    Ok(0)
}

/// Two recorded runs compared.
fn compare(args: &DiffArgs) -> anyhow::Result<u8> {
    let (old, new) = (recorded(&args.old)?, recorded(&args.new)?);
    if old.report.redacted != new.report.redacted {
        bail!("findings of these two cannot be told from each other: redact both with one --redact-key, or neither");
    }
    let found = diff::compare(&old.report, &new.report);
    let options = page_options(&args.show, true);
    write(None, |out| match args.format {
        DiffFormat::Human => found.human(&options, out),
        DiffFormat::Markdown => found.markdown(out),
        DiffFormat::Json => found.json(out),
    })?;
    Ok(found.exit_code())
}

/// Formats, each with the file it goes to; none: standard output.
pub(crate) type Asked = Vec<(Format, Option<String>)>;

/// Writes a report in every format that is asked for; nothing asked: for people.
fn render(whole: &View<'_>, mut asked: Asked, outputs: &Outputs, show: &Show) -> anyhow::Result<()> {
    if asked.is_empty() {
        asked.push((Format::Human, None));
    }
    let redacted = redact_key(outputs)?.map(|key| {
        let public = pipeline::builtin_rules(whole.report.as_of);
        report::redact::redact(whole, &key, &public)
    });
    let redacted = redacted.as_ref().map(Recorded::view);
    let view = redacted.as_ref().unwrap_or(whole);
    let account = account(outputs)?;
    for (format, file) in &asked {
        let mut options = report::Options {
            report_excepted: outputs.report_excepted,
            account: account.clone(),
            ..page_options(show, file.is_none())
        };
        if view.report.redacted.is_some() {
            // A link would tell the folder, and lead nowhere.
            options.links = None;
        }
        write(file.as_deref(), |out| format.write(view, &options, out))?;
    }
    let formats: Vec<Format> = asked.into_iter().map(|(format, _)| format).collect();
    if formats.contains(&Format::Github) {
        step_summary(view)?;
    }
    if formats.contains(&Format::Asff) && account.is_none() {
        say_no_account();
    }
    if !outputs.report_excepted {
        say_left_out(view, &formats);
    }
    Ok(())
}

/// What tokens are made with, where a report is to be redacted.
fn redact_key(outputs: &Outputs) -> anyhow::Result<Option<Key>> {
    if !outputs.redact {
        return Ok(None);
    }
    let Some(path) = &outputs.redact_key else {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(io::Error::from).context("no random key for --redact")?;
        return Ok(Some(Key::forgotten(random)));
    };
    let bytes = std::fs::read(path).with_context(|| path.clone())?;
    Key::kept(&bytes).map(Some).with_context(|| path.clone())
}

/// The account that imports findings, where the arguments name one.
fn account(outputs: &Outputs) -> anyhow::Result<Option<report::Account>> {
    let (Some(id), Some(region)) = (&outputs.aws_account, &outputs.aws_region) else { return Ok(None) };
    let account = report::Account::new(id, region);
    if account.is_none() {
        bail!("`{id}` in `{region}` is no account of AWS; give 12 digits, and a region such as eu-central-1");
    }
    Ok(account)
}

/// Says that Security Hub would refuse the findings.
#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
fn say_no_account() {
    eprintln!("passmuster: asff names no account that exists; --aws-account and --aws-region say who imports it");
}

/// The summary on the page of a GitHub Actions job: appended to the file that GitHub names for this step.
fn step_summary(view: &View<'_>) -> anyhow::Result<()> {
    let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else { return Ok(()) };
    let page = report::markdown::page(view, report::markdown::SUMMARY);
    let open = File::options().append(true).create(true).open(&file);
    open.and_then(|mut out| writeln!(out, "{page}")).context("cannot append to the file of GITHUB_STEP_SUMMARY")
}

/// Says how many findings were left out of formats that have no room to say so.
#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
fn say_left_out(view: &View<'_>, formats: &[Format]) {
    let names: Vec<_> = formats.iter().filter(|f| f.is_silent_on_excepted()).map(|f| f.name()).collect();
    let count = report::excepted(view.report);
    if count > 0 && !names.is_empty() {
        let (are, them) = if count == 1 { ("finding is", "it") } else { ("findings are", "them") };
        let names = names.join(", ");
        eprintln!("passmuster: {count} excepted {are} left out of {names}; --report-excepted shows {them}");
    }
}

/// What the arguments ask for; only one format can go to standard output.
pub(crate) fn outputs(args: &Outputs) -> anyhow::Result<Asked> {
    account(args)?;
    let mut asked = written(&args.format)?;
    for file in &args.output {
        let Some(format) = Format::of_file(file) else {
            let known: Vec<_> = Format::ALL.into_iter().flat_map(Format::endings).copied().collect();
            bail!("the name `{file}` tells no format; end it in {}, or write FORMAT=FILE", known.join(", "));
        };
        asked.push((format, Some(file.clone())));
    }
    Ok(asked)
}

/// `FORMAT` to standard output, `FORMAT=FILE` to a file; only one may go to standard output.
fn written(written: &[String]) -> anyhow::Result<Asked> {
    let mut outputs = Vec::new();
    for text in written {
        let (name, file) = text.split_once('=').map_or((text.as_str(), None), |(n, f)| (n, Some(f.to_owned())));
        let Some(format) = Format::ALL.into_iter().find(|f| f.name() == name) else {
            let known = Format::ALL.map(Format::name).join(", ");
            bail!("`{name}` is no format; there are: {known}");
        };
        outputs.push((format, file));
    }
    if outputs.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        bail!("only one format can go to standard output; write the others as FORMAT=FILE");
    }
    Ok(outputs)
}

fn position_page(args: &PositionArgs) -> anyhow::Result<u8> {
    let mut wanted = run_options(&args.judge, &args.paths)?;
    wanted.services = vec![args.service.clone()];
    let bar = Bar::new(args.show.quiet);
    wanted.progress = bar.progress();
    let (run, positions) = pipeline::position(&wanted)?;
    drop(bar);
    if positions.len() > 1 {
        bail!("`{}` is a service of several tenants; add --tenant", args.service);
    }
    let (Some(value), Some(summary)) = (positions.first(), run.report.positions.first()) else {
        bail!("no service `{}`", args.service);
    };
    let places = pipeline::places(&run.sources, Wanted::everything(&run.report));
    let view = View { report: &run.report, sources: &run.sources, places: &places };
    let options = page_options(&args.show, true);
    write(None, |out| position::write(page_format(args.format), &view, value, summary, &options, out))?;
    Ok(if run.report.complete { 0 } else { 2 })
}

fn records(args: &RecordsArgs) -> anyhow::Result<u8> {
    let wanted = run_options(&args.judge, &args.paths)?;
    let inputs = pipeline::inputs(&wanted)?;
    let mut document = serde_json::Map::new();
    document.insert("passmuster".to_owned(), "inventory/v1".into());
    for section in Section::ALL {
        let records = inputs.records.to_json(*section);
        if !records.is_empty() {
            document.insert(section.name().to_owned(), records.into());
        }
    }
    print_diagnostics(&inputs.found, &inputs.sources);
    write(None, |out| match args.format {
        RecordsFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)
        }
        // The first key tells the kind, so it is written first.
        RecordsFormat::Yaml => {
            writeln!(out, "passmuster: inventory/v1")?;
            document.remove("passmuster");
            if document.is_empty() {
                Ok(())
            } else {
                serde_yaml::to_writer(&mut *out, &document).map_err(io::Error::other)
            }
        }
    })?;
    Ok(if inputs.found.has_errors() { 2 } else { 0 })
}

fn list_rules(args: &RulesArgs) -> anyhow::Result<u8> {
    let (policies, standard, sources, found) = pipeline::rules(&run_options(&args.judge, &[])?)?;
    print_diagnostics(&found, &sources);
    let lines: Vec<RuleLine> = policies
        .rules()
        .iter()
        .map(|rule| {
            let m = &rule.metadata;
            RuleLine {
                id: m.id.clone(),
                title: m.title.clone(),
                severity: standard.severity(&m.id, m.severity),
                family: m.family.clone(),
                subject: subject(m),
                description: m.description.clone(),
                judges: m.judges.clone().unwrap_or_default(),
                remediation: m.remediation.clone(),
                provability: m.provability.as_ref().map(word).unwrap_or_default(),
                facts: m.facts.clone(),
                limits: m.limits.clone(),
                frameworks: m.controls.keys().cloned().collect(),
                controls: explain::clauses(m),
                broken: match &rule.state {
                    RuleState::Broken { reason } => Some(reason.clone()),
                    RuleState::Ready { .. } => None,
                },
                enabled: standard.enables(&m.id),
                asked: standard.asks_for(&m.id) || standard.enables(&m.id),
                path: Some(m.path.clone()),
            }
        })
        .collect();
    let options = page_options(&args.show, true);
    write(None, |out| match args.format {
        TableFormat::Human => rules::write(report::PageFormat::Human, &lines, &options, out),
        TableFormat::Json => rules::write(report::PageFormat::Json, &lines, &options, out),
        TableFormat::Markdown => {
            let all: Vec<Explanation> =
                policies.rules().iter().map(|rule| explanation(&rule.metadata, &standard, &sources)).collect();
            reference::write(&all, &standard.name, out)
        }
    })?;
    Ok(if found.has_errors() { 2 } else { 0 })
}

fn coverage_of(args: &CoverageArgs) -> anyhow::Result<u8> {
    let bar = Bar::new(args.show.quiet);
    let wanted = Options { progress: bar.progress(), ..run_options(&args.judge, &args.paths)? };
    let (report, policies, standard) = if args.framework.is_some() && pipeline::has_inputs(&wanted) {
        let run = pipeline::check(&wanted)?;
        (Some(run.report), run.policies, run.standard)
    } else {
        let (policies, standard, ..) = pipeline::rules(&wanted)?;
        (None, policies, standard)
    };
    drop(bar);
    let rules: Vec<&Metadata> = policies.rules().iter().map(|rule| &rule.metadata).collect();
    let options = page_options(&args.show, true);
    let Some(name) = &args.framework else {
        let lines = coverage::list(&rules);
        write(None, |out| match args.format {
            TableFormat::Human => coverage::write_list(&lines, &options, out),
            TableFormat::Json => coverage::write_list_json(&lines, out),
            TableFormat::Markdown => coverage::write_list_markdown(&lines, out),
        })?;
        return Ok(0);
    };
    let Some(key) = coverage::key(name, &rules) else {
        bail!("no framework `{name}`; `passmuster coverage --list` lists them");
    };
    let matrix = coverage::coverage(key, &rules, &|id| standard.enables(id), report.as_ref());
    write(None, |out| match args.format {
        TableFormat::Human => matrix.human(&options, out),
        TableFormat::Json => matrix.json(out),
        TableFormat::Markdown => matrix.markdown(out),
    })?;
    Ok(if matrix.complete == Some(false) { 2 } else { 0 })
}

fn explain_rule(args: &ExplainArgs) -> anyhow::Result<u8> {
    let followed = args.service.is_some() || args.subject.is_some();
    if !followed && !args.paths.is_empty() {
        bail!("paths are for --service or --subject: whose verdict is to be explained?");
    }
    let options = page_options(&args.show, true);
    let format = page_format(args.format);
    if !followed {
        let (policies, standard, sources, _) = pipeline::rules(&run_options(&args.judge, &[])?)?;
        let asked = args.rule.to_ascii_uppercase();
        let Some(rule) = policies.named(&asked) else {
            bail!("no rule `{}`; `passmuster rules` lists them", args.rule);
        };
        let explanation = explanation(&rule.metadata, &standard, &sources);
        write(None, |out| explain::write(format, &explanation, None, &options, out))?;
        return Ok(0);
    }
    let whom = pipeline::Whom {
        rule: args.rule.clone(),
        service: args.service.clone(),
        component: args.component.clone(),
        object: args.subject.clone(),
    };
    let bar = Bar::new(args.show.quiet);
    let wanted = Options { progress: bar.progress(), ..run_options(&args.judge, &args.paths)? };
    let (run, derivation, standard) = pipeline::derivation(&wanted, &whom)?;
    drop(bar);
    let explanation = explanation(&derivation.rule, &standard, &run.sources);
    let mut wanted = Wanted::everything(&run.report);
    wanted.extend(derivation.places.values().chain(derivation.limits.iter().filter_map(|l| l.place.as_ref())));
    let places = pipeline::places(&run.sources, wanted);
    let view = View { report: &run.report, sources: &run.sources, places: &places };
    let followed = Followed { view: &view, derivation: &derivation };
    write(None, |out| explain::write(format, &explanation, Some(followed), &options, out))?;
    Ok(if run.report.complete { 0 } else { 2 })
}

/// What a rule says of itself, with the limits of a standard.
fn explanation(m: &Metadata, standard: &Standard, sources: &Sources) -> Explanation {
    let limits = limits_in_force(&m.id, &m.limits, standard, None);
    let mut wanted = Wanted::default();
    wanted.extend_positions(limits.iter().filter_map(|l| l.place.as_ref()));
    let places = Places::locate(sources, &|id| pipeline::text_of(sources, id), wanted);
    let at = |limit: &LimitInForce| {
        let place = limit.place.as_ref()?;
        Some(At { path: sources.path(place.file).to_owned(), line: places.get(place).map(|l| l.line) })
    };
    Explanation {
        id: m.id.clone(),
        title: m.title.clone(),
        description: m.description.clone(),
        severity: standard.severity(&m.id, m.severity),
        family: m.family.clone(),
        subject: subject(m),
        judges: m.judges.clone().unwrap_or_default(),
        provability: m.provability.as_ref().map(word).unwrap_or_default(),
        facts: m.facts.clone(),
        evidence: explain::evidence(&m.facts),
        limits: limits.iter().map(|l| LimitLine::new(l, at(l))).collect(),
        controls: explain::clauses(m),
        remediation: m.remediation.clone(),
        example_fail: m.example.as_ref().map(|e| e.fail.clone()).unwrap_or_default(),
        example_pass: m.example.as_ref().map(|e| e.pass.clone()).unwrap_or_default(),
        related_resources: m.related_resources.clone(),
        aliases: m.aliases.clone(),
        effective_on: m.effective_on.clone(),
        not_judged: match (standard.enables(&m.id), standard.asks_for(&m.id)) {
            (true, _) => None,
            (false, true) => Some(format!("the standard `{}` switches it off", standard.name)),
            (false, false) => Some(format!("the standard `{}` does not ask for it", standard.name)),
        },
    }
}

fn standard(args: &StandardArgs) -> anyhow::Result<u8> {
    let mut wanted = run_options(&args.judge, &[])?;
    wanted.standard = args.name.clone().or(wanted.standard);
    wanted.tiers.clone_from(&args.tier);
    let (page, found, sources) = pipeline::standard(&wanted)?;
    if page.limits.is_empty() && !args.tier.is_empty() {
        bail!("the standard `{}` has no tier {}", page.name, args.tier.join(", "));
    }
    print_diagnostics(&found, &sources);
    write(None, |out| report::standard::write(page_format(args.format), &page, &page_options(&args.show, true), out))?;
    Ok(if found.has_errors() { 2 } else { 0 })
}

fn standards(args: &StandardsArgs) -> anyhow::Result<u8> {
    let mut any = Options::at(now());
    any.no_config = true;
    let list = pipeline::standards(&any)?;
    write(None, |out| {
        report::standard::write_list(page_format(args.format), &list, &page_options(&args.show, true), out)
    })?;
    Ok(0)
}

fn subject(metadata: &Metadata) -> String {
    word(&metadata.subject)
}

/// A unit variant as it is written in files.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Our own schemas, by the names of `passmuster schema`.
static OWN_SCHEMAS: [(&str, &Schema); 8] = [
    ("inventory", &schemas::INVENTORY),
    ("standard", &schemas::STANDARD),
    ("config", &schemas::CONFIG),
    ("source", &schemas::SOURCE),
    ("position", &schemas::POSITION),
    ("estate", &schemas::ESTATE),
    ("results", &schemas::RESULTS),
    ("metadata", &schemas::METADATA),
];

fn schema(args: &SchemaArgs) -> anyhow::Result<u8> {
    let mut all = OWN_SCHEMAS.iter().copied().chain(ADAPTERS.iter().map(|a| (a.about().id, a.about().schema)));
    match &args.kind {
        None => write(None, |out| all.try_for_each(|(name, _)| writeln!(out, "{name}")))?,
        Some(kind) => {
            let Some((_, schema)) = all.find(|(name, _)| name == kind) else {
                bail!("no schema `{kind}`; `passmuster schema` lists them");
            };
            write(None, |out| out.write_all(schema.text.as_bytes()))?;
        }
    }
    Ok(0)
}

/// The example that `init` writes: file, text, and the kind that it is of.
const EXAMPLE: [(&str, &str, &str); 3] = [
    ("passmuster.yaml", include_str!("init/passmuster.yaml"), "config"),
    ("standard.yaml", include_str!("init/standard.yaml"), "standard"),
    ("inventory.yaml", include_str!("init/inventory.yaml"), "inventory"),
];

/// The day that stands in the example's texts; `init` writes today's, so that nothing in it is old.
const EXAMPLE_DAY: &str = "2026-01-01";

/// Where `init` puts the schemas for editors, from the example's folder.
const EDITOR_SCHEMAS: &str = ".passmuster";

fn init(args: &InitArgs) -> anyhow::Result<u8> {
    let folder = Path::new(&args.folder);
    if let Some((there, ..)) = EXAMPLE.iter().find(|(name, ..)| folder.join(name).exists()) {
        bail!("{there} is already there; nothing was written");
    }
    let below = folder.join(EDITOR_SCHEMAS);
    std::fs::create_dir_all(&below).with_context(|| format!("cannot make {}", below.display()))?;
    let store = |path: PathBuf, text: &str| {
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    for (kind, schema) in
        OWN_SCHEMAS.iter().filter(|(kind, _)| matches!(*kind, "config" | "standard" | "inventory" | "source"))
    {
        store(below.join(format!("{kind}.schema.json")), schema.text)?;
    }
    let today = now().strftime("%Y-%m-%d").to_string();
    for (name, text, kind) in EXAMPLE {
        let text = text.replace(EXAMPLE_DAY, &today);
        let modeline = format!("# yaml-language-server: $schema={EDITOR_SCHEMAS}/{kind}.schema.json\n");
        store(folder.join(name), &(modeline + &text))?;
    }
    write(None, |out| {
        writeln!(
            out,
            "wrote passmuster.yaml, standard.yaml, inventory.yaml, and their schemas for editors below {EDITOR_SCHEMAS}/"
        )?;
        writeln!(out, "next: edit inventory.yaml, put exports below exports/, then run `passmuster check`")
    })?;
    Ok(0)
}

pub(crate) fn run_options(judge: &Judge, paths: &[String]) -> anyhow::Result<Options> {
    let as_of = match &judge.as_of {
        Some(text) => {
            Time::parse(text).map_err(anyhow::Error::msg)?.instant().context("--as-of needs an offset, such as Z")?
        }
        None => now(),
    };
    let mut stdin = None;
    if paths.iter().any(|p| p == "-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        stdin = Some(bytes);
    }
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Options {
        paths: paths.to_vec(),
        stdin,
        config: judge.config.clone(),
        no_config: judge.no_config,
        standard: judge.standard.clone(),
        policies: judge.policies.clone(),
        tenants: judge.tenant.clone(),
        jobs: judge.jobs.unwrap_or(processors).max(1),
        engine: match judge.engine {
            Engine::Auto => EngineChoice::Auto,
            Engine::Interpreter => EngineChoice::Interpreter,
            Engine::Rvm => EngineChoice::Rvm,
            Engine::Both => EngineChoice::Both,
        },
        full_validation: judge.validate == Validate::Full,
        ..Options::at(as_of)
    })
}

/// The clock, in whole seconds: that is what people write after `--as-of` to see the same report again.
#[expect(clippy::disallowed_methods, reason = "only here is the clock read")]
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

fn severity(arg: SeverityArg) -> Severity {
    match arg {
        SeverityArg::Low => Severity::Low,
        SeverityArg::Medium => Severity::Medium,
        SeverityArg::High => Severity::High,
        SeverityArg::Critical => Severity::Critical,
    }
}

fn page_format(format: PageFormat) -> report::PageFormat {
    match format {
        PageFormat::Human => report::PageFormat::Human,
        PageFormat::Json => report::PageFormat::Json,
    }
}

pub(crate) fn page_options(show: &Show, to_stdout: bool) -> report::Options {
    let verbosity = match (show.quiet, show.verbose) {
        (true, _) => report::Verbosity::Quiet,
        (_, true) => report::Verbosity::Verbose,
        _ => report::Verbosity::Normal,
    };
    let color = if to_stdout { show.color } else { Color::Never };
    options(color, verbosity)
}

/// 80 columns, or the terminal's.
fn options(color: Color, verbosity: report::Verbosity) -> report::Options {
    let terminal = io::stdout().is_terminal();
    let width = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).unwrap_or(80);
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
    };
    let links =
        (color && terminal && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)).then(folder_address);
    report::Options { width, color, verbosity, report_excepted: false, account: None, links: links.flatten() }
}

/// The working directory as a `file:` address.
fn folder_address() -> Option<&'static str> {
    static ADDRESS: OnceLock<Option<String>> = OnceLock::new();
    let address = || {
        let folder = std::env::current_dir().ok()?;
        Some(format!("file://{}", utf8_percent_encode(folder.to_str()?, report::style::IN_A_PATH)))
    };
    ADDRESS.get_or_init(address).as_deref()
}

fn shown(found: &Diagnostics, sources: &Sources, options: &report::Options) -> String {
    diagnostics(found, sources, &|id| pipeline::text_of(sources, id), options)
}

#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
pub(crate) fn print_diagnostics(found: &Diagnostics, sources: &Sources) {
    eprint!("{}", shown(found, sources, &options(Color::Auto, report::Verbosity::Normal)));
}

/// Writes to a file or to standard output; a reader that went away is no error.
pub(crate) fn write(file: Option<&str>, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let done = match file {
        Some(path) => return write_file(Path::new(path), body).with_context(|| format!("cannot write {path}")),
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            body(&mut out).and_then(|()| out.flush())
        }
    };
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write the report"),
    }
}

/// Writes a file beside its place and moves it there, so that nobody who reads it sees half of it. What is no file, as
/// a pipe or a link, is written to as it is.
fn write_file(path: &Path, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let plain = path.symlink_metadata().map_or(true, |there| there.is_file());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    let to = if plain { beside.as_path() } else { path };
    let mut out = BufWriter::new(File::create(to)?);
    let mut done = body(&mut out).and_then(|()| out.flush());
    if plain {
        done = done.and_then(|()| std::fs::rename(&beside, path));
        if done.is_err() {
            let _ = std::fs::remove_file(&beside);
        }
    }
    done
}
