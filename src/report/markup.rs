//! Text in a page of Markdown, where it is to be read as it is.

use super::style::clean;

/// A text on one line that Markdown shows as it is: what would be markup, a cell's end or a tag is escaped.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A text as code on one line; a back-quote in it becomes an apostrophe.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", clean(text).replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(text("a|b <img> *x* [y](z)\n# h"), "a\\|b &lt;img&gt; \\*x\\* \\[y\\](z) # h");
        assert_eq!(code("a `b` c"), "`a 'b' c`");
    }
}
