//! Packs of customers: folders of reports, one a tenant.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, bail};
use passmuster::report::read::Recorded;
use passmuster::report::{Format, pack};

/// A format, and the file it goes to.
pub(crate) type ToFile = (Format, String);

/// The result document of each pack.
const DOCUMENT: &str = "results.json";

/// What these tenants may see of a run.
pub(crate) fn of_tenants(recorded: &Recorded, wanted: &[String]) -> anyhow::Result<Recorded> {
    pack::known(&recorded.report, wanted)?;
    Ok(pack::pack(&recorded.view(), &wanted.iter().map(String::as_str).collect()))
}

/// The folder that `--split tenant=DIR` names.
pub(crate) fn folder(split: &str) -> anyhow::Result<&Path> {
    match split.split_once('=') {
        Some(("tenant", folder)) if !folder.is_empty() => Ok(Path::new(folder)),
        Some((by, _)) if by != "tenant" => bail!("a run is split by `tenant`, not by `{by}`: --split tenant=DIR"),
        _ => bail!("--split wants a folder: --split tenant=DIR"),
    }
}

/// The names of the files of every pack: the result document, and what else is asked for.
pub(crate) fn files(asked: Vec<(Format, Option<String>)>) -> anyhow::Result<Vec<ToFile>> {
    let mut files = vec![(Format::Json, DOCUMENT.to_owned())];
    for (format, file) in asked {
        let name = match (file, format.endings().first()) {
            (Some(file), _) if Path::new(&file).file_name() == Some(file.as_ref()) => file,
            (Some(file), _) => bail!("each pack has a folder of its own: `{file}` must be the name of a file, no path"),
            (None, Some(ending)) if ending.starts_with('.') => format!("report{ending}"),
            (None, Some(ending)) => (*ending).to_owned(),
            (None, None) => bail!("write {0} to a file: --format {0}=FILE", format.name()),
        };
        files.push((format, name));
    }
    let mut names = BTreeSet::new();
    if let Some((_, twice)) = files.iter().find(|(format, name)| {
        let document = *format == Format::Json && name == DOCUMENT;
        !names.insert(name) && !document
    }) {
        bail!("two formats go to `{twice}` of each pack");
    }
    let mut seen = BTreeSet::new();
    files.retain(|(_, name)| seen.insert(name.clone()));
    Ok(files)
}

/// A tenant, the name of its folder, and its pack.
pub(crate) struct Packed<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) folder: String,
    pub(crate) pack: Recorded,
}

/// A pack a tenant, one after the other.
pub(crate) fn split(recorded: &Recorded) -> anyhow::Result<impl Iterator<Item = Packed<'_>>> {
    pack::known(&recorded.report, &[])?;
    let mut taken = BTreeSet::new();
    Ok(recorded.report.tenants().into_iter().map(move |tenant| {
        let mut folder = folder_name(tenant);
        // Where a file system does not tell `Acme` from `acme`.
        while !taken.insert(folder.to_lowercase()) {
            folder.push('~');
        }
        Packed { tenant, folder, pack: pack::pack(&recorded.view(), &BTreeSet::from([tenant])) }
    }))
}

/// Makes the folder of a pack.
pub(crate) fn make(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// A tenant's name as that of a folder: whatever could lead elsewhere is percent-encoded.
fn folder_name(tenant: &str) -> String {
    let mut name = String::with_capacity(tenant.len());
    for (at, c) in tenant.char_indices() {
        let plain = c.is_alphanumeric() || matches!(c, '-' | '_') || (c == '.' && at > 0 && at + 1 < tenant.len());
        if plain {
            name.push(c);
        } else {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| name.push_str(&format!("%{byte:02X}")));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for (tenant, folder) in [
            ("acme", "acme"),
            ("Köln-Süd_2.a", "Köln-Süd_2.a"),
            ("..", "%2E%2E"),
            ("../x", "%2E.%2Fx"),
            ("a/b\\c", "a%2Fb%5Cc"),
            ("\u{202e}x", "%E2%80%AEx"),
        ] {
            assert_eq!(folder_name(tenant), folder);
        }
    }

    #[test]
    fn every_pack_has_its_document() {
        let names = |asked| files(asked).map(|files| files.into_iter().map(|(_, name)| name).collect::<Vec<_>>());
        assert_eq!(names(vec![]).unwrap(), [DOCUMENT]);
        let asked = vec![(Format::Html, None), (Format::Junit, None), (Format::Csv, Some("open.csv".to_owned()))];
        assert_eq!(names(asked).unwrap(), [DOCUMENT, "report.html", "junit.xml", "open.csv"]);
        assert_eq!(names(vec![(Format::Json, Some(DOCUMENT.to_owned()))]).unwrap(), [DOCUMENT]);
        assert!(names(vec![(Format::Github, None)]).is_err());
        assert!(names(vec![(Format::Csv, Some("../open.csv".to_owned()))]).is_err());
        assert!(names(vec![(Format::Csv, Some("a".to_owned())), (Format::Html, Some("a".to_owned()))]).is_err());
        assert!(names(vec![(Format::Csv, Some(DOCUMENT.to_owned()))]).is_err());
    }
}
