//! Whom to ask where a service lacks an owner: those to whom a CODEOWNERS file gives the file that declares it.
//!
//! It is said after everything is judged, so it changes no verdict, no count and no position.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::evaluate::Policies;
use crate::evaluate::ledger::{Finding, Ledger};
use crate::evaluate::verdicts::fingerprint;
use crate::evaluate::{Subject, Verdict};
use crate::hash::HashMap;
use crate::model::{CodeOwners, Dialect, Text};
use crate::source::Sources;

/// Says of each finding about an owner that is missing whom to ask.
pub(super) fn advise(ledger: &mut Ledger, policies: &Policies, files: &[CodeOwners], sources: &Sources) {
    if files.is_empty() {
        return;
    }
    let mut repositories = Repositories::new(files, sources);
    for row in &ledger.rows {
        let rule = policies.rules().get(usize::from(row.rule)).map_or("", |rule| &rule.metadata.id);
        let Some(subject) = ledger.subjects.get(row.subject as usize) else { continue };
        let Some(finding) = row.finding.and_then(|number| ledger.findings.get_mut(number as usize)) else { continue };
        let Some(wanted) = wanted(rule, row.verdict, subject, finding) else { continue };
        let Some(declared) = &finding.subject_place else { continue };
        if let Some((path, owners)) = repositories.owners(sources.path(declared.file)) {
            finding.advice = Some(format!("CODEOWNERS gives {path} to {}: {wanted}.", and(owners)));
        }
    }
}

/// What to ask for, where a finding says that an owner is missing.
fn wanted(rule: &str, verdict: Verdict, subject: &Subject, finding: &Finding) -> Option<String> {
    let is_of = |discriminator: &str| finding.fingerprint == fingerprint(subject, rule, Some(discriminator));
    match rule {
        "OWN-001" if is_of("accountable") || is_of("escalation") => {
            Some("ask them who answers for recovery, and write it as its `owner`".to_owned())
        }
        "OWN-004" if verdict != Verdict::Unknown => {
            let component = finding.observed.as_ref()?.as_str()?;
            is_of(&format!("owner {component}")).then(|| {
                format!("ask them who answers for recovering {component}, and write it as the component's `owner`")
            })
        }
        _ => None,
    }
}

/// `@a`, `@a and @b`, `@a, @b and @c`.
fn and(owners: &[Text]) -> String {
    match owners.split_last() {
        Some((last, [])) => last.to_string(),
        Some((last, others)) => {
            format!("{} and {last}", others.iter().map(|owner| &**owner).collect::<Vec<_>>().join(", "))
        }
        None => String::new(),
    }
}

/// The folders that CODEOWNERS files speak of.
struct Repositories<'a> {
    /// The deepest first; of one folder that which code hosts take.
    files: Vec<Repository<'a>>,
    /// By path: the file as its repository names it, and its owners.
    known: HashMap<String, Option<(String, Vec<Text>)>>,
}

struct Repository<'a> {
    /// Folder with a slash at its end; empty for the working directory.
    folder: &'a str,
    owners: &'a CodeOwners,
    /// A matcher a line, made when the first path is asked for.
    patterns: Option<Vec<Pattern>>,
}

impl<'a> Repositories<'a> {
    fn new(files: &'a [CodeOwners], sources: &'a Sources) -> Self {
        let mut all: Vec<(&str, usize, &CodeOwners)> = files
            .iter()
            .map(|owners| {
                let (folder, rank) = repository(sources.path(owners.file));
                (folder, rank, owners)
            })
            .collect();
        all.sort_by_key(|(folder, rank, _)| (std::cmp::Reverse(folder.len()), *folder, *rank));
        all.dedup_by_key(|(folder, ..)| *folder);
        let files = all.into_iter().map(|(folder, _, owners)| Repository { folder, owners, patterns: None }).collect();
        Self { files, known: HashMap::default() }
    }

    /// A file by the name that its repository has for it, and who owns it; `None` where nobody does.
    fn owners(&mut self, path: &str) -> Option<(&str, &[Text])> {
        if !self.known.contains_key(path) {
            let found = self.files.iter_mut().find_map(|repository| {
                let inner = path.strip_prefix(repository.folder)?;
                let is_inside = !inner.starts_with("../") && !inner.starts_with('/') && inner != "-";
                is_inside.then(|| (inner.to_owned(), repository.owners(inner)))
            });
            self.known.insert(path.to_owned(), found.filter(|(_, owners)| !owners.is_empty()));
        }
        self.known.get(path)?.as_ref().map(|(inner, owners)| (inner.as_str(), owners.as_slice()))
    }
}

impl Repository<'_> {
    /// Who owns a file: of each section the last line that matches says it.
    fn owners(&mut self, path: &str) -> Vec<Text> {
        let Self { owners, patterns, .. } = self;
        let patterns = patterns.get_or_insert_with(|| {
            owners.rules.iter().map(|rule| Pattern::new(&rule.pattern, owners.dialect)).collect()
        });
        let mut sections: Vec<(&Text, &[Text])> = Vec::new();
        let mut excluded: Vec<&Text> = Vec::new();
        for (rule, pattern) in owners.rules.iter().zip(patterns) {
            if !pattern.matches(path) {
                continue;
            }
            if rule.excludes {
                excluded.push(&rule.section);
            }
            match sections.iter_mut().find(|(section, _)| **section == rule.section) {
                Some((_, said)) => *said = &rule.owners,
                None => sections.push((&rule.section, &rule.owners)),
            }
        }
        let mut all: Vec<Text> = Vec::new();
        // What a section excludes is not taken back into it.
        for owner in sections.iter().filter(|(section, _)| !excluded.contains(section)).flat_map(|(_, said)| *said) {
            if !all.contains(owner) {
                all.push(owner.clone());
            }
        }
        all
    }
}

/// The folder that a CODEOWNERS file speaks of, and which of several files of it counts: GitHub looks into `.github`,
/// the folder itself and `docs`, GitLab into the folder itself, `docs` and `.gitlab`.
fn repository(path: &str) -> (&str, usize) {
    let folder = path.rfind('/').map_or("", |end| &path[..=end]);
    let within = |name: &str| {
        let outer = folder.strip_suffix('/')?.strip_suffix(name)?;
        (outer.is_empty() || outer.ends_with('/')).then_some(outer)
    };
    let places = [(".github", 0), ("docs", 2), (".gitlab", 3)];
    places.iter().find_map(|(name, rank)| Some((within(name)?, *rank))).unwrap_or((folder, 1))
}

/// A pattern as its dialect reads it. The globs are those of `.gitignore`; what a folder's name stands for is not.
struct Pattern {
    glob: Option<Gitignore>,
    /// The name of a folder stands for all that is in it.
    holds: bool,
}

impl Pattern {
    fn new(pattern: &str, dialect: Dialect) -> Self {
        // GitLab looks for everything that does not begin with a slash in every folder.
        let anywhere = dialect == Dialect::GitLab && !pattern.starts_with('/') && !pattern.starts_with("**/");
        let line = if anywhere { format!("**/{pattern}") } else { pattern.to_owned() };
        let holds = match dialect {
            Dialect::GitHub => !pattern.ends_with("/*"),
            Dialect::GitLab => pattern.ends_with('/'),
        };
        let mut builder = GitignoreBuilder::new("");
        let glob = builder.add_line(None, &line).ok().and_then(|builder| builder.build().ok());
        Self { glob, holds }
    }

    fn matches(&self, path: &str) -> bool {
        let Some(glob) = &self.glob else { return false };
        if self.holds {
            glob.matched_path_or_any_parents(path, false).is_ignore()
        } else {
            glob.matched(path, false).is_ignore()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::normalise::codeowners;
    use crate::source::{Hash, SourceFile};

    /// Who owns a file by the CODEOWNERS file at a path.
    fn owners(at: &str, text: &str, file: &str) -> String {
        let mut sources = Sources::default();
        let id = sources.add(SourceFile { path: at.to_owned(), hash: Hash::None, bytes: 0, text: None });
        let files = [codeowners::read(id, at, text, &mut Diagnostics::default()).unwrap()];
        let mut repositories = Repositories::new(&files, &sources);
        repositories
            .owners(file)
            .map_or_else(|| "nobody".to_owned(), |(path, owners)| format!("{path}: {}", and(owners)))
    }

    #[test]
    fn the_last_line_that_matches_counts_and_one_without_owners_takes_them_away() {
        let text =
            "* @all\n*.yaml @yaml # for now\n/apps/ @apps\n/apps/github\ndocs/* @docs\nb\\ c/ @space me@x.example\n";
        let of = |file| owners("CODEOWNERS", text, file);
        assert_eq!(of("x/README.md"), "x/README.md: @all");
        assert_eq!(of("x/y.yaml"), "x/y.yaml: @yaml");
        assert_eq!(of("apps/y.yaml"), "apps/y.yaml: @apps");
        assert_eq!(of("x/apps/y.yaml"), "x/apps/y.yaml: @yaml");
        assert_eq!(of("apps/github/y.yaml"), "nobody");
        assert_eq!(owners("CODEOWNERS", "/{a,b}.yaml @c", "a.yaml"), "nobody");
        assert_eq!(owners("CODEOWNERS", "/{a,b}.yaml @c", "{a,b}.yaml"), "{a,b}.yaml: @c");
        assert_eq!(of("docs/y.yaml"), "docs/y.yaml: @docs");
        assert_eq!(of("docs/deep/y.yaml"), "docs/deep/y.yaml: @yaml");
        assert_eq!(of("a/b c/y.md"), "a/b c/y.md: @space and me@x.example");
        for outside in ["../y.yaml", "/y.yaml", "-"] {
            assert_eq!(of(outside), "nobody");
        }
    }

    #[test]
    fn of_gitlab_each_section_has_its_say() {
        let text = "* @all\n\n[Data][2] @data @dba\ndb/\n!db/scratch/\n\\#db.yaml @hash\n^[Docs]\n*.md @docs\n[DATA]\n/db/x.yaml @x\n";
        let of = |file| owners("repo/.gitlab/CODEOWNERS", text, &format!("repo/{file}"));
        assert_eq!(of("db/y.yaml"), "db/y.yaml: @all, @data and @dba");
        assert_eq!(of("in/db/y.md"), "in/db/y.md: @all, @data, @dba and @docs");
        assert_eq!(of("db/x.yaml"), "db/x.yaml: @all and @x");
        assert_eq!(of("db/scratch/y.yaml"), "db/scratch/y.yaml: @all");
        assert_eq!(of("a/#db.yaml"), "a/#db.yaml: @all and @hash");
        assert_eq!(owners("repo/.gitlab/CODEOWNERS", text, "y.yaml"), "nobody");
    }

    #[test]
    fn a_folders_name_holds_its_files_for_github_alone() {
        assert_eq!(owners("CODEOWNERS", "/db @a", "db/y.yaml"), "db/y.yaml: @a");
        assert_eq!(owners(".gitlab/CODEOWNERS", "/db @a", "db/y.yaml"), "nobody");
    }

    #[test]
    fn the_file_that_counts_is_that_of_the_deepest_repository() {
        let at = ["CODEOWNERS", "a/docs/CODEOWNERS", "a/CODEOWNERS", "a/.github/CODEOWNERS", "a/b.github/CODEOWNERS"];
        let places: Vec<_> = at.iter().map(|path| repository(path)).collect();
        assert_eq!(places, [("", 1), ("a/", 2), ("a/", 1), ("a/", 0), ("a/b.github/", 1)]);
        let mut sources = Sources::default();
        let files = at.map(|path| {
            let id = sources.add(SourceFile { path: path.to_owned(), hash: Hash::None, bytes: 0, text: None });
            codeowners::read(id, path, &format!("* @of/{path}"), &mut Diagnostics::default()).unwrap()
        });
        let mut repositories = Repositories::new(&files, &sources);
        assert_eq!(repositories.owners("a/x/y.yaml").unwrap().1, [Text::from("@of/a/.github/CODEOWNERS")]);
        assert_eq!(repositories.owners("b/y.yaml").unwrap().1, [Text::from("@of/CODEOWNERS")]);
    }
}
