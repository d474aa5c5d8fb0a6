//! Defects of bytes: cut, corrupted, or in another encoding.

use super::Defect;
use crate::Result;
use crate::gzip::{gzip, readable_part};
use crate::json::Json;
use crate::sample::{Samples, delivery};
use crate::wrappers::csv;

pub(super) fn defects(samples: &mut Samples) -> Result<Vec<Defect>> {
    let records = (0..8)
        .map(|i| samples.record("DeleteObject", "1.11", i * 60))
        .collect::<Vec<_>>();
    let texts = records.iter().map(Json::to_string).collect::<Vec<_>>();
    let three = delivery(&records[..3]);
    let eight = delivery(&records);
    let packed = gzip(eight.as_bytes())?;
    let cut = &packed[..packed.len() * 2 / 3];
    let mut corrupt = gzip(three.as_bytes())?;
    let checksum_at = corrupt.len() - 8;
    corrupt[checksum_at] ^= 0xff;
    let mut followed = gzip(three.as_bytes())?;
    followed.extend(b"this is not a gzip member\n");
    let half = texts[2].len() / 2;
    Ok(vec![
        Defect::new(
            "truncated.json.gz",
            whole_records(&texts, &readable_part(cut)),
            cut,
        ),
        Defect::new("truncated.json", 2, &three.as_bytes()[..three.len() - half]),
        Defect::new("truncated-gzip-header.gz", 0, &packed[..6]),
        Defect::new("corrupt-crc.json.gz", 3, corrupt),
        Defect::new("garbage-after-gzip.json.gz", 3, followed),
        Defect::new("empty.json", 0, ""),
        Defect::new("whitespace-only.json", 0, " \n\t\r\n \n"),
        Defect::new("binary-garbage.bin", 0, garbage(samples)),
        Defect::new("invalid-utf8-in-record.json", 2, invalid_utf8(&texts)),
        Defect::new("utf-16.json", 0, utf_16(&three)),
        Defect::new("ndjson-with-one-cut-line.ndjson", 4, cut_line(&texts)),
        Defect::new("insights-cut-cell.csv", 2, cut_cell(&texts)),
        Defect::new("deep-unclosed.json", 0, "[".repeat(100_000)),
    ])
}

/// How many records of a delivery end within what could be read of it.
fn whole_records(texts: &[String], readable: &[u8]) -> usize {
    let mut end = "{\"Records\":[".len();
    let mut whole = 0;
    for text in texts {
        end += text.len();
        if end > readable.len() {
            break;
        }
        whole += 1;
        end += 1;
    }
    whole
}

fn garbage(samples: &mut Samples) -> Vec<u8> {
    // Neither gzip nor text: a byte of zero first.
    let mut bytes = vec![0, 0x9f, 0xff, 0xfe];
    bytes.extend((0..508).map(|_| samples.rng.between(0, 255) as u8));
    bytes
}

/// The middle record of three has a byte that UTF-8 does not know.
fn invalid_utf8(texts: &[String]) -> Vec<u8> {
    let [head, tail] = [&texts[1][..120], &texts[1][120..]];
    let mut bytes = format!("{{\"Records\":[{},{head}", texts[0]).into_bytes();
    let inside_a_string = bytes.len();
    bytes.extend(tail.as_bytes());
    bytes.extend(format!(",{}]}}", texts[2]).as_bytes());
    bytes[inside_a_string] = 0xff;
    bytes
}

fn utf_16(text: &str) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Five lines, the third of which ends within a string.
fn cut_line(texts: &[String]) -> String {
    let mut lines = texts[..5].to_vec();
    let end = lines[2]
        .find("\"eventSource\":\"s3.")
        .map_or(0, |at| at + 18);
    lines[2].truncate(end);
    lines.join("\n") + "\n"
}

/// A spreadsheet cut the second of three cells.
fn cut_cell(texts: &[String]) -> String {
    let mut messages = texts[..3].to_vec();
    let half = messages[1].len() / 2;
    messages[1].truncate(half);
    csv(&["@timestamp", "@message"], &messages, "\r\n")
}
