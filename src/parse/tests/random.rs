//! What must hold for any text and any value.

use proptest::prelude::*;

use super::*;

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        "[ -~äß€\n\t]{0,12}".prop_map(Value::from),
        "(yes|no|on|~|null|true|010|1_0|0x1f|0o7|1e3|\\.nan|-|: |# |\\*a|&a|!t|<<|\\||>|%|@|`)".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z~/\"\\\\ 0-9.:-]{0,5}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_document() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::collection::vec(any_value(), 0..5).prop_map(Value::from),
        prop::collection::btree_map("[a-zA-Z]{1,9}", any_value(), 0..5)
            .prop_map(|map| Value::Object(map.into_iter().collect())),
    ]
}

/// Text of the characters that parsers decide on.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\[\\]{}\",:a1 \\n\\r\\t\\\\-]{0,60}",
        "(\\{\"a\": ?|\\[|\\]|\\}|\\n|- |a: |b: |\\*a|&a |---\\n|<<: |\\| |\"|'|#|,|;|\\t|  |1|x|ä|\\? |\\.\\.\\.\\n|%YAML 1\\.2\\n|!t |INFO: y\\n){0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in any_text(), path in "(a\\.json|a\\.yaml|a\\.csv|a)", pointers in prop::collection::vec("(/[a01<]{0,2}){0,4}", 0..5)) {
        let (parsed, found) = parse(&path, &text);
        prop_assert_eq!(parsed.format, peek_format(&text, &path));
        prop_assert!(parsed.complete || found.iter().any(|d| d.level == Level::Error));
        let mut spots: Vec<Spot> = found.iter().flat_map(|d| d.place.iter().chain(d.related.iter().map(|r| &r.0))).map(|p| p.spot.clone()).collect();
        for pointer in &pointers {
            for document in 0..3 {
                spots.extend([value_spot(document, pointer), key_spot(document, pointer)]);
            }
        }
        let index = LineIndex::new(&text);
        for format in [parsed.format, Format::Json, Format::Ndjson, Format::Yaml, Format::Csv, Format::Ini] {
            for span in locate(&text, format, &spots) {
                prop_assert!(text.get(span.start..span.end).is_some());
                let (line, column) = index.line_column(&text, span.start);
                prop_assert!(line >= 1 && line <= index.lines() && column >= 1);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        if let Ok(decoded) = decode(FileId(0), &bytes) {
            parse("a", &decoded.text);
        }
    }

    #[test]
    fn json_comes_back_and_every_place_is_its_value(value in any_document()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap().replace('\n', "\r\n")] {
            prop_assert_eq!(&values("a.json", &text), std::slice::from_ref(&value));
            let mut all = Vec::new();
            scalars(&value, String::new(), &mut all);
            let spots: Vec<Spot> = all.iter().map(|(pointer, _)| value_spot(0, pointer)).collect();
            for (shown, (_, scalar)) in located(&text, Format::Json, &spots).into_iter().zip(&all) {
                prop_assert_eq!(&serde_json::from_str::<Value>(shown).unwrap(), *scalar);
            }
        }
    }

    #[test]
    fn json_that_is_cut_off_is_never_whole(value in any_document(), cut in any::<prop::sample::Index>()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        let end = cut.index(text.len());
        let (parsed, found) = parse("a.json", text.get(..end).unwrap_or("["));
        prop_assert!(!parsed.complete && parsed.documents.is_empty());
        prop_assert_eq!(found.len(), 1);
        prop_assert!(matches!(&*found[0].code, "truncated" | "empty"), "{:?}", found);
    }

    #[test]
    fn yaml_comes_back_and_every_place_is_its_value(value in any_document()) {
        let text = serde_yaml::to_string(&value).unwrap();
        prop_assert_eq!(&values("a.yaml", &text), std::slice::from_ref(&value), "{}", text);
        let mut all = Vec::new();
        scalars(&value, String::new(), &mut all);
        let spots: Vec<Spot> = all.iter().map(|(pointer, _)| value_spot(0, pointer)).collect();
        for (shown, (_, scalar)) in located(&text, Format::Yaml, &spots).into_iter().zip(&all) {
            if !scalar.is_string() {
                prop_assert_eq!(&Dialect::Core.value(shown), *scalar);
            }
        }
    }
}
