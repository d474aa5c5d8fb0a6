//! One page to open in a browser: what was asked, the answer, charts, the rows.
//!
//! The page needs no network and asks for none: its script and its style are in
//! it, and its policy lets nothing else run. Text from a log gets into it in two
//! ways only: through the template, which escapes it, and as JSON in which no
//! `<` is left, which the script shows as text.

mod charts;
mod data;
mod hours;

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};
use polars::frame::DataFrame;
use serde::Serialize;
use sha2::{Digest, Sha256};

use self::charts::{BarChart, Key, Palette, TimeChart};
use self::hours::HourChart;
use crate::tally::Tally;
use crate::visible::visible;
use crate::{About, ExportError, Format, Writer};

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Rows that a browser sorts and filters without making people wait.
const MOST_ROWS: usize = 250_000;

/// Writes a page.
pub(crate) struct HtmlWriter {
    pub(crate) about: About,
}

impl Writer for HtmlWriter {
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError> {
        write_page(&self.about.title, &[(rows, &self.about)], out)
    }
}

/// Writes one page with the answers of several questions, one below the other.
///
/// # Errors
/// When there are more rows than a browser bears, a column has no text form, or
/// `out` takes no more bytes.
pub fn write_page(
    title: &str,
    answers: &[(&DataFrame, &About)],
    out: &mut dyn io::Write,
) -> Result<(), ExportError> {
    let rows = answers.iter().map(|(rows, _)| rows.height()).sum();
    if rows > MOST_ROWS {
        return Err(ExportError::TooManyRows {
            format: Format::Html,
            rows,
            most: MOST_ROWS,
        });
    }
    let tallies = answers
        .iter()
        .map(|(rows, about)| Tally::of(rows, about))
        .collect::<Result<Vec<_>, _>>()?;
    let sections = answers.iter().zip(&tallies).enumerate();
    let page = Page {
        title: visible(title),
        policy: policy(),
        style: Value::from_safe_string(STYLE.to_owned()),
        script: Value::from_safe_string(SCRIPT.to_owned()),
        sections: sections
            .map(|(place, ((_, about), tally))| Section::new(place, about, tally))
            .collect(),
        data: Value::from_safe_string(data::json(answers, &tallies)?),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .map_err(ExportError::Page)?;
    environment.set_syntax(syntax);
    let text = environment
        .render_str(TEMPLATE, Serde(page))
        .map_err(ExportError::Page)?;
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(ExportError::Write)
}

/// Returns the page's Content-Security-Policy: its own script and style, known
/// by their hashes, and nothing else.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// What the template shows.
#[derive(Serialize)]
struct Page {
    title: String,
    policy: String,
    style: Value,
    script: Value,
    sections: Vec<Section>,
    data: Value,
}

/// One question with its answer.
#[derive(Serialize)]
struct Section {
    id: String,
    name: String,
    title: String,
    question: String,
    window: String,
    sentence: String,
    rows: usize,
    settings: Vec<(String, String)>,
    coverage: Option<String>,
    basis: Vec<String>,
    cannot_see: String,
    keys: Vec<Key>,
    time: Option<TimeChart>,
    hours: Option<HourChart>,
    bars: Vec<BarChart>,
}

impl Section {
    fn new(place: usize, about: &About, tally: &Tally) -> Section {
        let palette = Palette::new(tally);
        let settings = about.settings.iter();
        Section {
            id: format!("report-{place}"),
            name: visible(&about.name),
            title: visible(&about.title),
            question: visible(&about.question),
            window: visible(&about.window),
            sentence: visible(&tally.sentence(about)),
            rows: tally.rows,
            settings: settings
                .map(|(name, value)| (visible(name), visible(value)))
                .collect(),
            coverage: about.coverage.as_deref().map(visible),
            basis: about.basis.iter().map(|line| visible(line)).collect(),
            cannot_see: visible(&about.cannot_see),
            keys: palette.keys(tally),
            time: TimeChart::new(tally, &palette, about),
            hours: HourChart::new(tally, about),
            bars: BarChart::all(tally, &palette),
        }
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::Options;
    use crate::about::Roles;
    use crate::sample::{hostile_rows, written};

    fn options(text: &str) -> Options {
        let role = |name: &str| Some(name.to_owned());
        let text = text.to_owned();
        Options {
            about: About {
                name: text.clone(),
                title: text.clone(),
                question: text.clone(),
                window: text.clone(),
                nothing: text.clone(),
                settings: vec![(text.clone(), text.clone())],
                coverage: Some(text.clone()),
                basis: vec![text.clone()],
                cannot_see: text.clone(),
                columns: vec![("key".to_owned(), text)],
                roles: Roles {
                    time: role("event_time"),
                    person: role("actor"),
                    contact: role("key"),
                    kind: role("key"),
                    ..Roles::default()
                },
                ..About::default()
            },
            ..Options::default()
        }
    }

    fn page(text: &str, rows: &DataFrame) -> String {
        String::from_utf8(written(Format::Html, &options(text), rows)).unwrap()
    }

    /// Counts the tags of a page outside its script, style and data.
    fn tags(page: &str) -> Vec<&str> {
        let names = page.split('<').skip(1);
        names
            .map(|rest| rest.split([' ', '>', '\n']).next().unwrap())
            .collect()
    }

    const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&<!--";

    #[test]
    fn markup_in_a_log_stays_text() {
        let harmless = df!(
            "event_time" => [Some(0i64), None],
            "actor" => ["a", "b"],
            "key" => ["c", "d"],
        )
        .unwrap();
        let hostile = df!(
            "event_time" => [Some(0i64), None],
            "actor" => [HOSTILE, "b"],
            "key" => [HOSTILE, "d"],
        )
        .unwrap();
        let (harmless, hostile) = (page("text", &harmless), page(HOSTILE, &hostile));
        assert_eq!(tags(&harmless), tags(&hostile));
        assert!(!hostile.contains("<script>alert"));
        assert!(!hostile.contains("<img"));
    }

    #[test]
    fn the_policy_allows_what_is_in_the_page_and_nothing_else() {
        let text = page("t", &hostile_rows());
        let policy =
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#x27;none&#x27;";
        assert!(text.contains(policy), "{}", &text[..600]);
        for element in ["script", "style"] {
            let start = format!("<{element}>");
            let inside = text.split(&start).nth(1).unwrap();
            let inside = inside.split(&format!("</{element}>")).next().unwrap();
            let hash = STANDARD.encode(Sha256::digest(inside));
            let hash = hash.replace('/', "&#x2f;");
            assert!(text.contains(&format!("sha256-{hash}")), "{element}");
            assert_eq!(text.matches(&start).count(), 1);
        }
        for outside in ["http://", "https://", "src=", "@import", "url("] {
            let shown = text.replace("http://www.w3.org", "");
            assert!(!shown.contains(outside), "{outside}");
        }
        assert!(!text.contains(" style=\""));
    }

    fn data_of(page: &str) -> Value {
        let data = page
            .split("<script type=\"application/json\" id=\"data\">")
            .nth(1);
        let data = data.unwrap().split("</script>").next().unwrap();
        serde_json::from_str(data).unwrap()
    }

    #[test]
    fn every_value_is_in_the_page_as_csv_has_it() {
        let rows = hostile_rows();
        let data = data_of(&page(HOSTILE, &rows));
        let report = &data["reports"][0];
        assert_eq!(report["rows"], rows.height());
        let columns = report["columns"].as_array().unwrap();
        let mut place = 0;
        crate::rows::for_each_row(&rows, |row| {
            for (column, cell) in columns.iter().zip(row.cells()) {
                let at = column["at"][place].as_i64().unwrap();
                let text = usize::try_from(at).ok().map(|at| &column["texts"][at]);
                let expected = (cell != crate::cell::Cell::Null).then(|| cell.to_string());
                assert_eq!(text.and_then(Value::as_str), expected.as_deref());
            }
            place += 1;
            Ok(())
        })
        .unwrap();
        let kinds: Vec<_> = columns
            .iter()
            .map(|column| column["kind"].as_str())
            .collect();
        let expected = ["time", "text", "text", "number", "number", "number", "flag"];
        assert_eq!(kinds, expected.map(Some));
    }

    #[test]
    fn more_rows_than_a_browser_bears_are_refused_with_the_way_out() {
        let rows = df!("n" => vec![0i64; MOST_ROWS + 1]).unwrap();
        let writer = HtmlWriter {
            about: About::default(),
        };
        let error = writer.write(&rows, &mut Vec::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "write 250001 rows as html: it holds 250000 at most; narrow the question, or choose csv, \
             xlsx or parquet"
        );
    }

    #[test]
    fn nothing_found_reads_as_an_answer() {
        let page = page("Nothing was found.", &hostile_rows().clear());
        assert!(page.contains("Nothing was found."));
        assert!(!page.contains("<svg"));
    }

    proptest! {
        #[test]
        fn no_text_adds_a_tag(text in any::<String>(), other in "[<>/'\"&a-z!-]{0,12}") {
            // Where nothing is said, nothing stands.
            let text = format!("t{text}{other}");
            let rows = df!("actor" => [text.as_str()], "key" => [text.as_str()]).unwrap();
            let harmless = df!("actor" => ["a"], "key" => ["b"]).unwrap();
            let hostile = page(&text, &rows);
            let harmless = page("t", &harmless);
            prop_assert_eq!(tags(&hostile), tags(&harmless));
            let column = &data_of(&hostile)["reports"][0]["columns"][0];
            prop_assert_eq!(column["texts"][0].as_str(), Some(text.as_str()));
        }
    }
}
