//! What an API answers instead of a listing, where the answer does not say which product gave it.
//!
//! `Status` of Kubernetes (API conventions, "Response Status Kind"), `{error: {code, message}}` of Azure, Google and PagerDuty
//! (`CloudError`; `google.rpc.Status`), `{error: {message}, status: "failure"}` of ServiceNow, `{errors: ["…"]}` of Datadog,
//! `{errorCode, errorMessage}` of NetBackup. Its code is told; its message may name anything and is not.

use std::collections::BTreeSet;

use super::Shape;

/// The code of an answer that is an error; empty where it has none.
pub(super) fn code(shape: &Shape) -> Option<&str> {
    if shape.is_list {
        return None;
    }
    if shape.kinds.contains("/Status") && shape.text("status") == Some("Failure") {
        return Some(shape.text("reason").unwrap_or_default());
    }
    let alone = |key: &str| shape.keys.iter().all(|other| other == key);
    let error = |field: &str| shape.inner_text("error", field);
    let is_error = (alone("error") && shape.inner_has("error", "code") && shape.inner_has("error", "message"))
        || (shape.text("status") == Some("failure") && shape.inner_has("error", "message"));
    if is_error {
        return Some(error("code").or_else(|| error("status")).unwrap_or_default());
    }
    if shape.has_all(&["errorCode", "errorMessage"]) {
        return Some(shape.text("errorCode").unwrap_or_default());
    }
    // A list whose first element is no object.
    let texts = shape.inner.get("errors").is_some_and(BTreeSet::is_empty);
    (texts && alone("errors")).then_some("")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Level;
    use crate::discover::Found;
    use crate::normalise::SourceInfo;
    use crate::normalise::read::{self, FileToRead, LARGE};
    use crate::source::FileId;

    #[test]
    fn an_error_is_told_from_a_listing_and_from_what_only_holds_one() {
        let code = |document: serde_json::Value| code(&Shape::of_tree(&document)).map(str::to_owned);
        let refused = |code: &str| Some(code.to_owned());
        let status = json!({"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "Forbidden"});
        assert_eq!(code(status), refused("Forbidden"));
        let message = "no such vault: the-name-of-it";
        assert_eq!(code(json!({"error": {"code": "Gone", "message": message}})), refused("Gone"));
        let google = json!({"error": {"code": 403, "message": message, "status": "PERMISSION_DENIED"}});
        assert_eq!(code(google), refused("PERMISSION_DENIED"));
        assert_eq!(code(json!({"error": {"message": "x", "detail": null}, "status": "failure"})), refused(""));
        assert_eq!(code(json!({"errors": ["Forbidden"]})), refused(""));
        assert_eq!(code(json!({"errorCode": 8000, "errorMessage": message})), refused(""));
        assert_eq!(code(json!({"data": [], "errors": []})), None);
        assert_eq!(code(json!({"error": null})), None);
        assert_eq!(code(json!([{"error": {"code": "Gone", "message": message}}])), None);
        assert_eq!(code(json!({"apiVersion": "v1", "kind": "Status", "status": "Success"})), None);
    }

    #[test]
    fn it_fails_the_file_and_what_its_source_names_proves_nothing() {
        let source = SourceInfo { tool: Some("azure".into()), ..SourceInfo::default() };
        let read = |found, source: &SourceInfo| {
            let file = FileToRead {
                id: FileId(0),
                path: "items.json",
                found,
                is_input: false,
                source,
                mapping: None,
                large: LARGE,
            };
            read::file(&file, br#"{"error": {"code": "AuthorizationFailed", "message": "of secret-name"}}"#)
        };
        let named = read(Found::Named, &source);
        let said: Vec<_> = named.found.iter().map(|d| (d.code.as_ref(), d.level, d.message.as_str())).collect();
        assert_eq!(said, [("failed-export", Level::Error, "this is an error, no export: AuthorizationFailed")]);
        assert!(named.failed);
        assert_eq!(
            named.records.origins.iter().map(|o| (o.failed, o.tool.as_deref())).collect::<Vec<_>>(),
            [(true, Some("azure"))]
        );
        let walked = read(Found::Walked, &SourceInfo::default());
        assert!(!walked.failed && walked.records.origins.is_empty());
        assert_eq!(walked.found.iter().map(|d| d.level).collect::<Vec<_>>(), [Level::Warning]);
    }
}
