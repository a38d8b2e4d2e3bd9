//! The report as one page for a browser, a mail, a printer: nothing is loaded, nothing leaves it, and it works without
//! JavaScript.
//!
//! Three readers find their part from the top: who answers for recovery (what could be recovered, what is not known,
//! what to mend first), who mends it (findings with their lines), who audits it (the record: standard, clauses,
//! evidence and inputs with hashes, exceptions, what was not judged).
//!
//! Safe by construction: `maud` escapes every text, [`harmless`] takes out what could reorder or hide it, and the
//! content security policy of the page lets run the one script and the one style sheet whose hashes it names (W3C,
//! Content Security Policy Level 3, 2.3.1). So there are no `style` attributes and no handlers in the markup.

mod anchors;
mod charts;
mod findings;
mod heat;
mod order;
mod overview;
mod page;
mod record;
mod rules;
mod services;
mod tiers;
mod words;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::page::Page;
use super::View;
use super::style::{clean, unsafe_on_a_line};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes the page.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::new(view);
    out.write_all(harmless(head(&page).into_string()).as_bytes())?;
    out.write_all(harmless(thrifty(&body(&page).into_string())).as_bytes())?;
    out.write_all(b"</html>\n")
}

/// The page without any character that could reorder a line, hide in it or steer a terminal that shows the file.
fn harmless(page: String) -> String {
    let bad = |c: char| c != '\n' && unsafe_on_a_line(c);
    if page.contains(bad) { page.chars().map(|c| if bad(c) { '\u{FFFD}' } else { c }).collect() } else { page }
}

/// The same document in fewer bytes: end tags that HTML lets one leave out, and quotation marks that need no escape
/// outside of attributes (HTML Living Standard, 13.1.2.4 and 13.3). A large table is mostly those.
fn thrifty(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    for part in body.split_inclusive('>') {
        // Text up to the tag, then the tag: within both, `<` and `>` are escaped.
        let (before, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        text.push_str(&before.replace("&quot;", "\""));
        match tag {
            "</td>" | "</th>" | "</tr>" | "</li>" | "</dt>" | "</dd>" | "</option>" => {}
            "</path>" | "</circle>" | "</rect>" if text.ends_with('>') => {
                text.pop();
                text.push_str("/>");
            }
            tag => text.push_str(tag),
        }
    }
    text
}

/// What a content security policy calls an inline script or style by.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn policy() -> String {
    let (script, style) = (hash(SCRIPT), hash(STYLE));
    format!(
        "default-src 'none'; script-src {script}; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'"
    )
}

/// Sections, as the navigation names them.
const SECTIONS: [(&str, &str); 7] = [
    ("short", "In short"),
    ("tiers", "Tiers"),
    ("services", "Services"),
    ("heat", "Heat map"),
    ("order", "Order"),
    ("findings", "Findings"),
    ("record", "Record"),
];

fn head(page: &Page<'_>) -> Markup {
    let report = page.view.report;
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width,initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="generator" content=(concat!("passmuster ", env!("CARGO_PKG_VERSION")));
            link rel="icon" href="data:,";
            title { "Recovery report, " (clean(&report.standard.name)) ", " (words::day(&report.as_of.to_string())) }
            style { (PreEscaped(STYLE)) }
            script { (PreEscaped(SCRIPT)) }
        }
    }
}

fn body(page: &Page<'_>) -> Markup {
    html! {
        body {
            a.skip href="#short" { "To the report" }
            nav aria-label="Sections" {
                ul { @for (id, name) in SECTIONS { li { a href={ "#" (id) } { (name) } } } }
            }
            main {
                (overview::section(page))
                (tiers::section(page))
                (services::section(page))
                (heat::section(page))
                (order::section(page))
                (findings::section(page))
                (record::section(page))
            }
            footer {
                p {
                    "Written by passmuster " (env!("CARGO_PKG_VERSION")) " from files alone, as of "
                    (words::time(&page.view.report.as_of.to_string()))
                    ". It says what the evidence supplied shows: a criterion is met, not met, or unknown. It cannot say \
                     that a restore will work next time."
                }
            }
        }
    }
}
