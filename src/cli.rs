//! The command line: arguments and help texts.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Can every service be recovered, and what proves it?
#[derive(Debug, Parser)]
#[command(
    name = "passmuster",
    version,
    about = "Can every service be recovered, and what proves it?",
    long_about = "passmuster reads what backup tools and service catalogues export, joins it into a recovery position per \
                  service, judges it against a recovery standard written as policies, and points at the line to \
                  change.\n\nIt says: met, not met, or unknown on this evidence. A green backup job proves no restore.",
    after_help = "Exit codes: 0 nothing failed; 1 findings at or above --fail-on; 2 could not run, or the run is incomplete."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge every service: the main job
    Check(Check),
    /// A result document in any format, later
    Report(ReportArgs),
    /// Two runs compared: new, worse, fixed, no longer judged
    Diff(DiffArgs),
    /// Claimed against proven, for one service
    Position(PositionArgs),
    /// Any export in native form
    Records(RecordsArgs),
    /// Which rules are loaded
    Rules(RulesArgs),
    /// Why a rule exists, how it is judged, how to fix what it finds
    Explain(ExplainArgs),
    /// Draft an exception for a finding
    #[command(subcommand)]
    Exception(ExceptionCommand),
    /// The recovery standard in force, and those that are built in
    #[command(subcommand)]
    Standard(StandardCommand),
    /// Clause by clause: which rules judge it, what they found, what data can show of it
    Coverage(CoverageArgs),
    /// Which exports are understood, and how to make them
    Sources(SourcesArgs),
    /// Print a JSON Schema
    Schema(SchemaArgs),
    /// Write a working example to edit
    Init(InitArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
}

/// What is read, and how it is judged.
#[derive(Debug, Clone, Args)]
pub(crate) struct Judge {
    /// Decides every age: a date or time [default: now]
    ///
    /// A date, or a time as RFC 3339 has it.
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<String>,
    /// Recovery standard: built in, or a file
    ///
    /// A built-in one by name, or a file, instead of the configuration's.
    #[arg(long, value_name = "NAME")]
    pub(crate) standard: Option<String>,
    /// Folder of policies of your own; repeatable
    ///
    /// They judge beside the built-in pack.
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Vec<String>,
    /// Configuration [default: passmuster.yaml]
    ///
    /// By default `passmuster.yaml` in the working directory, where there is one.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<String>,
    /// Look for no configuration
    #[arg(hide_short_help = true, long)]
    pub(crate) no_config: bool,
    /// Report only these tenants; repeatable
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Vec<String>,
    /// Worker threads [default: one a processor]
    #[arg(hide_short_help = true, long, short = 'j', value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Which engine judges
    #[arg(hide_short_help = true, long, value_enum, default_value_t = Engine::Auto)]
    pub(crate) engine: Engine,
    /// Which inputs are held against their schema
    ///
    /// Exports over 1 MB only where their reader stumbles, or all.
    #[arg(hide_short_help = true, long, value_enum, default_value_t = Validate::Auto)]
    pub(crate) validate: Validate,
}

/// How it is shown.
#[derive(Debug, Clone, Args)]
pub(crate) struct Show {
    /// Colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// One line
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// More of everything
    ///
    /// Every snippet with the lines around it, every input.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// Where the report goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Outputs {
    /// FORMAT or FORMAT=FILE, see --help; repeatable
    ///
    /// Format of the report, as FORMAT or FORMAT=FILE; repeatable: human, json, ndjson, sarif, junit, github, gitlab,
    /// markdown, html, csv, oscal, oscal-poam, oscal-catalog, oscal-component, rdjson, hdf, ocsf, asff, defectdojo,
    /// in-toto, prometheus [default: the configuration's output, else human]
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) format: Vec<String>,
    /// File for the report: run.json; repeatable
    ///
    /// Its name tells the format.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Vec<String>,
    /// List only findings of this severity and above
    ///
    /// For people and code hosts: human, markdown, sarif, github, gitlab and rdjson. Counts, the exit code and every other format
    /// stay whole.
    #[arg(hide_short_help = true, long, value_enum, value_name = "SEVERITY")]
    pub(crate) min_severity: Option<SeverityArg>,
    /// Show code hosts (sarif, github, gitlab, rdjson) what an exception covers; the other formats always do
    #[arg(hide_short_help = true, long)]
    pub(crate) report_excepted: bool,
    /// Withhold names, places, texts and times
    ///
    /// And the order of recovery: tokens stand for names. Without --redact-key they are made anew each time, so the tokens of
    /// two reports cannot be compared.
    #[arg(long)]
    pub(crate) redact: bool,
    /// Make the tokens with the key in this file, at least 16 random bytes: the same in every report with it
    #[arg(hide_short_help = true, long, value_name = "FILE", requires = "redact")]
    pub(crate) redact_key: Option<String>,
    /// The account of AWS that imports asff, 12 digits
    #[arg(hide_short_help = true, long, value_name = "ID", requires = "aws_region")]
    pub(crate) aws_account: Option<String>,
    /// The region that imports asff: eu-central-1
    #[arg(hide_short_help = true, long, value_name = "REGION", requires = "aws_account")]
    pub(crate) aws_region: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older result document
    #[arg(value_name = "OLD.json")]
    pub(crate) old: String,
    /// The newer result document
    #[arg(value_name = "NEW.json")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format
    #[arg(long, short, value_enum, default_value_t = DiffFormat::Human)]
    pub(crate) format: DiffFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Human,
    Markdown,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// A result document, as `check --format json` writes it; `-` is standard input
    #[arg(value_name = "RUN.json")]
    pub(crate) run: String,
    /// Only what this tenant may see; repeatable: what these may see together
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Vec<String>,
    /// A pack for each tenant, in a folder of its own below DIR: results.json, and what --format and --output ask for
    #[arg(long, value_name = "tenant=DIR", conflicts_with = "tenant")]
    pub(crate) split: Option<String>,
    #[command(flatten)]
    pub(crate) show: Show,
    #[command(flatten)]
    pub(crate) outputs: Outputs,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files, folders, globs; `-` is standard input [default: the configuration's inputs, else the working directory]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) show: Show,
    #[command(flatten)]
    pub(crate) outputs: Outputs,
    /// Report only what is new or worse since a run
    ///
    /// The run as `check --format json` wrote it.
    #[arg(long, value_name = "RUN")]
    pub(crate) baseline: Option<String>,
    /// Report only what the commit would make worse
    ///
    /// HEAD's tree and the staged one are judged, at the same time, each by its own standard.
    #[arg(long, value_enum, conflicts_with = "baseline")]
    pub(crate) stage: Option<Stage>,
    /// Judge again whenever a file changes
    ///
    /// Inputs, configuration, standard, policies and evidence are looked at, those that appear later included. What is wrong
    /// with them is shown, and the watch goes on until Ctrl-C, which ends it with 0. No files are written.
    #[arg(long, conflicts_with_all = ["stage", "output"])]
    pub(crate) watch: bool,
    /// Exit with 0 whatever is found
    ///
    /// An incomplete run stays 2.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Report only these rules, by id; repeatable
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: Vec<String>,
    /// Report only these families of rules: rpo, tst …
    ///
    /// Repeatable.
    #[arg(long, value_name = "FAMILY")]
    pub(crate) family: Vec<String>,
    /// Report only these tiers; repeatable
    #[arg(long, value_name = "TIER")]
    pub(crate) tier: Vec<String>,
    /// Report only these services; repeatable
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Vec<String>,
    /// Lowest severity that makes the exit code 1
    ///
    /// By default the configuration's, else low.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityArg>,
    /// Whether unknown counts as not met
    ///
    /// By default as the configuration says, else it does.
    #[arg(long, value_enum)]
    pub(crate) unknown: Option<Unknown>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    Commit,
}

#[derive(Debug, Args)]
pub(crate) struct PositionArgs {
    /// Id of the service
    #[arg(value_name = "SERVICE")]
    pub(crate) service: String,
    /// Files, folders, globs [default: the configuration's inputs]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format
    #[arg(long, short, value_enum, default_value_t = PageFormat::Human)]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Args)]
pub(crate) struct RecordsArgs {
    /// Files, folders, globs; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) judge: Judge,
    /// Format
    #[arg(long, short, value_enum, default_value_t = RecordsFormat::Yaml)]
    pub(crate) format: RecordsFormat,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format; markdown is the whole rule reference
    #[arg(long, short, value_enum, default_value_t = TableFormat::Human)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Args)]
pub(crate) struct CoverageArgs {
    /// Key or short name of the framework: nist-sp-800-53-r5, dora [default: list them]
    #[arg(value_name = "FRAMEWORK")]
    pub(crate) framework: Option<String>,
    /// Files, folders, globs [default: the configuration's inputs; without any, no verdicts are shown]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// List the frameworks
    #[arg(long, conflicts_with = "framework")]
    pub(crate) list: bool,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format
    #[arg(long, short, value_enum, default_value_t = TableFormat::Human)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Id of the rule: RPO-001
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,
    /// Files, folders, globs, for --service and --subject [default: the configuration's inputs]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// How it came to its verdict on this service
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Option<String>,
    /// Only on this component of the service
    #[arg(long, value_name = "COMPONENT", requires = "service")]
    pub(crate) component: Option<String>,
    /// How it came to its verdict on this object: the id of a vault, tool, key, exception …
    #[arg(long, value_name = "ID", conflicts_with = "service")]
    pub(crate) subject: Option<String>,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format
    #[arg(long, short, value_enum, default_value_t = PageFormat::Human)]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StandardCommand {
    /// Every limit and number in force, and where it comes from; which rules judge
    Show(StandardArgs),
    /// The standards that are built in
    List(StandardsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct StandardArgs {
    /// A built-in standard by name, or a file [default: --standard, else the configuration's, else default]
    #[arg(value_name = "NAME|FILE", conflicts_with = "standard")]
    pub(crate) name: Option<String>,
    /// Show only these tiers; repeatable
    #[arg(long, value_name = "TIER")]
    pub(crate) tier: Vec<String>,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format
    #[arg(long, short, value_enum, default_value_t = PageFormat::Human)]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Args)]
pub(crate) struct StandardsArgs {
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format
    #[arg(long, short, value_enum, default_value_t = PageFormat::Human)]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExceptionCommand {
    /// Print an entry for the inventory's `exceptions`: rule and scope filled in, what people must say left empty
    New(ExceptionNewArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ExceptionNewArgs {
    /// Fingerprint of the finding, or the beginning of it: `check -v` and `check --format json` show it
    #[arg(value_name = "FINGERPRINT")]
    pub(crate) fingerprint: String,
    /// Files, folders, globs to judge [default: the configuration's inputs, else the working directory]
    #[arg(value_name = "PATH", conflicts_with = "from")]
    pub(crate) paths: Vec<String>,
    /// Take the finding from a result document, and judge nothing; `-` is standard input
    #[arg(long, value_name = "RUN.json")]
    pub(crate) from: Option<String>,
    #[command(flatten)]
    pub(crate) judge: Judge,
}

#[derive(Debug, Args)]
pub(crate) struct SourcesArgs {
    /// A kind, or a product: restic.snapshots, velero [default: all]; with --missing or --unmatched: files, folders, globs
    #[arg(value_name = "KIND")]
    pub(crate) what: Vec<String>,
    /// Exports and records that could decide what is unknown
    #[arg(long, conflicts_with = "unmatched")]
    pub(crate) missing: bool,
    /// Assets that no component claims, with the components that may be meant
    #[arg(long)]
    pub(crate) unmatched: bool,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Format; markdown for the kinds
    #[arg(long, short, value_enum, default_value_t = TableFormat::Human)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// inventory, standard, config, source, position, results, metadata, or the kind of an export [default: list them]
    #[arg(value_name = "KIND")]
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Folder to write to; nothing that is there is overwritten
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: String,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder to write to, a page a command [default: the main page, to standard output]
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// The fast one for policies that it judges as the strict one does; the strict one for the rest
    Auto,
    /// The strict interpreter
    Interpreter,
    /// The fast virtual machine
    Rvm,
    /// Both; a difference is an error of the rule
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Validate {
    Auto,
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unknown {
    Fail,
    Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityArg {
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Human,
    Json,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecordsFormat {
    Yaml,
    Json,
}
