//! One function a command: options to a run, a run to standard output.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read as _, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use passmuster::config::{PARAMS, limits};
use passmuster::diagnostic::Diagnostics;
use passmuster::evaluate::{EngineChoice, Metadata, RuleState, Severity};
use passmuster::model::{Section, Time};
use passmuster::normalise::ADAPTERS;
use passmuster::pipeline::{self, Options, RunError};
use passmuster::report::explain::{self, Explanation};
use passmuster::report::rules::{self, RuleLine};
use passmuster::report::{self, Format, Places, Report, View, diagnostics, position};
use passmuster::source::Sources;

use crate::cli::{
    Check, Color, Command, Engine, ExplainArgs, InitArgs, Judge, Outputs, PageFormat, PositionArgs, RecordsArgs,
    RecordsFormat, ReportArgs, RulesArgs, SchemaArgs, SeverityArg, Show, SourcesArgs, Unknown, Validate,
};

/// Runs a command; the exit code is the same for every format.
pub(crate) fn run(command: Command) -> anyhow::Result<u8> {
    match command {
        Command::Check(args) => check(&args),
        Command::Report(args) => report_run(&args),
        Command::Position(args) => position_page(&args),
        Command::Records(args) => records(&args),
        Command::Rules(args) => list_rules(&args),
        Command::Explain(args) => explain_rule(&args),
        Command::Sources(args) => sources(&args),
        Command::Schema(args) => schema(&args),
        Command::Init(args) => init(&args),
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
    let mut wanted = run_options(&args.judge, &args.paths)?;
    wanted.rules = args.rule.iter().chain(&args.family).cloned().collect();
    wanted.services.clone_from(&args.service);
    wanted.tiers.clone_from(&args.tier);
    wanted.fail_on = args.fail_on.map(severity);
    wanted.unknown_fails = args.unknown.map(|u| u == Unknown::Fail);
    let asked = outputs(&args.outputs)?;
    let run = pipeline::check(&wanted)?;
    let places = pipeline::places(&run.report, &run.sources);
    let configured = written(&run.output).context("`output` in the configuration")?;
    let code = run.report.exit_code();
    render(
        &run.report,
        &run.sources,
        &places,
        if asked.is_empty() { configured } else { asked },
        &args.outputs,
        &args.show,
    )?;
    Ok(if args.exit_zero && code == 1 { 0 } else { code })
}

/// A recorded run in any format: the same bytes as the run itself would have written.
fn report_run(args: &ReportArgs) -> anyhow::Result<u8> {
    let asked = outputs(&args.outputs)?;
    let mut text = String::new();
    if args.run == "-" {
        io::stdin().lock().read_to_string(&mut text).context("standard input")?;
    } else {
        text = std::fs::read_to_string(&args.run).with_context(|| args.run.clone())?;
    }
    let recorded = report::read::read(&text).with_context(|| args.run.clone())?;
    render(&recorded.report, &recorded.sources, &recorded.places, asked, &args.outputs, &args.show)?;
    Ok(recorded.report.exit_code())
}

/// Formats, each with the file it goes to; none: standard output.
type Asked = Vec<(Format, Option<String>)>;

/// Writes a report in every format that is asked for; nothing asked: for people.
fn render(
    report: &Report,
    sources: &Sources,
    places: &Places,
    mut asked: Asked,
    outputs: &Outputs,
    show: &Show,
) -> anyhow::Result<()> {
    if asked.is_empty() {
        asked.push((Format::Human, None));
    }
    let shown = outputs.min_severity.map(|least| report.at_least(severity(least)));
    let view = View { report: shown.as_ref().unwrap_or(report), sources, places };
    for (format, file) in &asked {
        let options =
            report::Options { report_excepted: outputs.report_excepted, ..page_options(show, file.is_none()) };
        write(file.as_deref(), |out| format.write(&view, &options, out))?;
    }
    let formats: Vec<Format> = asked.into_iter().map(|(format, _)| format).collect();
    if formats.contains(&Format::Github) {
        step_summary(&view)?;
    }
    if !outputs.report_excepted {
        say_left_out(&view, &formats);
    }
    Ok(())
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
fn outputs(args: &Outputs) -> anyhow::Result<Asked> {
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
    let (run, positions) = pipeline::position(&wanted)?;
    if positions.len() > 1 {
        bail!("`{}` is a service of several tenants; add --tenant", args.service);
    }
    let (Some(value), Some(summary)) = (positions.first(), run.report.positions.first()) else {
        bail!("no service `{}`", args.service);
    };
    let places = pipeline::places(&run.report, &run.sources);
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
                frameworks: m.controls.keys().cloned().collect(),
                broken: match &rule.state {
                    RuleState::Broken { reason } => Some(reason.clone()),
                    RuleState::Ready { .. } => None,
                },
                enabled: standard.enables(&m.id),
                path: Some(m.path.clone()),
            }
        })
        .collect();
    write(None, |out| rules::write(page_format(args.format), &lines, &page_options(&args.show, true), out))?;
    Ok(if found.has_errors() { 2 } else { 0 })
}

fn explain_rule(args: &ExplainArgs) -> anyhow::Result<u8> {
    let (policies, standard, ..) = pipeline::rules(&run_options(&args.judge, &[])?)?;
    let asked = args.rule.to_ascii_uppercase();
    let known = policies.rules().iter().find(|r| r.metadata.id == asked || r.metadata.aliases.contains(&asked));
    let Some(rule) = known else {
        bail!("no rule `{}`; `passmuster rules` lists them", args.rule);
    };
    let m = &rule.metadata;
    let explanation = Explanation {
        id: m.id.clone(),
        title: m.title.clone(),
        description: m.description.clone(),
        severity: standard.severity(&m.id, m.severity),
        family: m.family.clone(),
        subject: subject(m),
        judges: m.judges.clone().unwrap_or_default(),
        provability: word(&m.provability),
        facts: m.facts.clone(),
        limits: m.limits.iter().map(|name| (name.clone(), in_force(name, &m.id, &standard))).collect(),
        controls: m
            .controls
            .iter()
            .flat_map(|(framework, list)| list.iter().map(|c| (framework.clone(), c.clause.clone(), word(&c.relation))))
            .collect(),
        remediation: m.remediation.clone(),
        example_fail: m.example.as_ref().map(|e| e.fail.clone()).unwrap_or_default(),
        example_pass: m.example.as_ref().map(|e| e.pass.clone()).unwrap_or_default(),
        related_resources: m.related_resources.clone(),
        aliases: m.aliases.clone(),
        effective_on: m.effective_on.clone(),
    };
    write(None, |out| explain::write(page_format(args.format), &explanation, &page_options(&args.show, true), out))?;
    Ok(0)
}

/// A limit's value at every tier, or a rule's own number.
fn in_force(name: &str, rule: &str, standard: &passmuster::config::Standard) -> Option<String> {
    if let Some(spec) = limits::find(name) {
        let each = standard.tiers.iter().map(|(key, tier)| {
            let value = tier.limits.value(spec.name).map_or_else(|| "not set".to_owned(), ToString::to_string);
            format!("tier {key}: {value}")
        });
        return Some(each.collect::<Vec<_>>().join(", "));
    }
    let param = PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name)?;
    standard.param(param).map(|value| value.to_string())
}

fn subject(metadata: &Metadata) -> String {
    word(&metadata.subject)
}

/// A unit variant as it is written in files.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn sources(args: &SourcesArgs) -> anyhow::Result<u8> {
    let wanted = args.kind.as_deref();
    let of_interest = |id: &str, product: &str| wanted.is_none_or(|w| w == id || w == product);
    let kinds: Vec<_> = ADAPTERS.iter().filter(|a| of_interest(a.id(), a.product())).collect();
    if kinds.is_empty() {
        bail!("no kind `{}`; `passmuster sources` lists them", wanted.unwrap_or_default());
    }
    write(None, |out| {
        if args.format == PageFormat::Json {
            let list: Vec<_> = kinds
                .iter()
                .map(|a| {
                    let lists: Vec<_> = a.lists().iter().map(|s| s.name()).collect();
                    serde_json::json!({"kind": a.id(), "product": a.product(), "export": a.export(), "proves": a.proves(), "lists": lists})
                })
                .collect();
            serde_json::to_writer_pretty(&mut *out, &list)?;
            return writeln!(out);
        }
        for (i, adapter) in kinds.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            writeln!(out, "{}", adapter.id())?;
            writeln!(out, "  export: {}", adapter.export())?;
            writeln!(out, "  proves: {}", adapter.proves())?;
            let lists: Vec<_> = adapter.lists().iter().map(|s| s.name()).collect();
            if !lists.is_empty() {
                writeln!(out, "  lists:  {}", lists.join(", "))?;
            }
        }
        if wanted.is_none() {
            writeln!(
                out,
                "\npassmuster.inventory\n  written by hand or by your own export: `passmuster schema inventory`"
            )?;
            writeln!(
                out,
                "\nSay what a file cannot say itself under `sources` in passmuster.yaml or in FILE.source.yaml:"
            )?;
            writeln!(
                out,
                "collected_at, collector, tool, vault or vaults, cluster, tz, tenant: `passmuster schema source`."
            )?;
        }
        Ok(())
    })?;
    Ok(0)
}

fn schema(args: &SchemaArgs) -> anyhow::Result<u8> {
    let own = [
        ("inventory", passmuster::normalise::native::SCHEMA),
        ("standard", pipeline::STANDARD_SCHEMA),
        ("config", passmuster::config::project::SCHEMA),
        ("source", passmuster::config::project::SIDECAR_SCHEMA),
        ("position", pipeline::POSITION_SCHEMA),
        ("estate", pipeline::ESTATE_SCHEMA),
        ("results", report::RESULTS_SCHEMA),
        ("metadata", passmuster::evaluate::metadata::SCHEMA),
    ];
    let mut all = own.into_iter().chain(ADAPTERS.iter().map(|a| (a.id(), a.schema())));
    match &args.kind {
        None => write(None, |out| all.try_for_each(|(name, _)| writeln!(out, "{name}")))?,
        Some(kind) => {
            let Some((_, text)) = all.find(|(name, _)| name == kind) else {
                bail!("no schema `{kind}`; `passmuster schema` lists them");
            };
            write(None, |out| out.write_all(text.as_bytes()))?;
        }
    }
    Ok(0)
}

/// The example that `init` writes: file and text.
const EXAMPLE: [(&str, &str); 3] = [
    ("passmuster.yaml", include_str!("init/passmuster.yaml")),
    ("standard.yaml", include_str!("init/standard.yaml")),
    ("inventory.yaml", include_str!("init/inventory.yaml")),
];

fn init(args: &InitArgs) -> anyhow::Result<u8> {
    let folder = Path::new(&args.folder);
    if let Some((there, _)) = EXAMPLE.iter().find(|(name, _)| folder.join(name).exists()) {
        bail!("{there} is already there; nothing was written");
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", args.folder))?;
    for (name, text) in EXAMPLE {
        std::fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    write(None, |out| {
        writeln!(out, "wrote passmuster.yaml, standard.yaml and inventory.yaml")?;
        writeln!(out, "next: edit inventory.yaml, put exports below exports/, then run `passmuster check`")
    })?;
    Ok(0)
}

fn run_options(judge: &Judge, paths: &[String]) -> anyhow::Result<Options> {
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
        as_of,
        config: judge.config.clone(),
        no_config: judge.no_config,
        standard: judge.standard.clone(),
        policies: judge.policies.clone(),
        fail_on: None,
        unknown_fails: None,
        rules: Vec::new(),
        services: Vec::new(),
        tiers: Vec::new(),
        tenants: judge.tenant.clone(),
        jobs: judge.jobs.unwrap_or(processors).max(1),
        engine: match judge.engine {
            Engine::Auto => EngineChoice::Auto,
            Engine::Interpreter => EngineChoice::Interpreter,
            Engine::Rvm => EngineChoice::Rvm,
            Engine::Both => EngineChoice::Both,
        },
        full_validation: judge.validate == Validate::Full,
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

fn page_options(show: &Show, to_stdout: bool) -> report::Options {
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
    report::Options { width, color, verbosity, report_excepted: false }
}

fn shown(found: &Diagnostics, sources: &Sources, options: &report::Options) -> String {
    diagnostics(found, sources, &|id| pipeline::text_of(sources, id), options)
}

#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
fn print_diagnostics(found: &Diagnostics, sources: &Sources) {
    eprint!("{}", shown(found, sources, &options(Color::Auto, report::Verbosity::Normal)));
}

/// Writes to a file or to standard output; a reader that went away is no error.
fn write(file: Option<&str>, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
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
