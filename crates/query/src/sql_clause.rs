//! Where the clauses of a query begin.

/// The clauses of a query's last `SELECT`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LastSelect<'a> {
    /// What stands before it: the named parts, if any.
    pub(crate) before: &'a str,
    /// From `SELECT` on, up to `FROM`.
    pub(crate) list: &'a str,
    /// From `FROM` on, up to `ORDER BY`.
    pub(crate) from: &'a str,
    /// What the rows are ordered by.
    pub(crate) order: Vec<Order<'a>>,
}

/// One thing that rows are ordered by.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order<'a> {
    pub(crate) expression: &'a str,
    /// `DESC`, `NULLS LAST` and the like.
    pub(crate) direction: &'a str,
}

/// A word or a comma outside all brackets, texts and comments.
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    at: usize,
    text: &'a str,
}

impl Token<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// Words of a last `SELECT` that keep its rows from being filtered afterwards
/// by a clause more.
const CLOSED: [&str; 6] = ["UNION", "EXCEPT", "INTERSECT", "DISTINCT", "LIMIT", "FETCH"];

impl<'a> LastSelect<'a> {
    /// Takes a query apart; `None` where it does not end in one plain `SELECT …
    /// FROM … ORDER BY …`.
    pub(crate) fn of(query: &'a str) -> Option<LastSelect<'a>> {
        let tokens = outside(query);
        if tokens
            .iter()
            .any(|token| CLOSED.iter().any(|word| token.is(word)))
        {
            return None;
        }
        let last = |word| tokens.iter().rposition(|token| token.is(word));
        let (select, from, order) = (last("SELECT")?, last("FROM")?, last("ORDER")?);
        let by = tokens.get(order + 1).filter(|token| token.is("BY"))?;
        let in_order = select < from && from < order;
        let (select, from, order) = (tokens[select].at, tokens[from].at, tokens[order].at);
        in_order.then(|| LastSelect {
            before: &query[..select],
            list: &query[select..from],
            from: &query[from..order],
            order: orders(&query[by.end()..]),
        })
    }
}

/// Returns where a query's first word begins and what it is, behind comments.
pub(crate) fn first_word(query: &str) -> Option<(usize, &str)> {
    outside(query).first().map(|token| (token.at, token.text))
}

fn orders(list: &str) -> Vec<Order<'_>> {
    let tokens = outside(list);
    let commas = tokens.iter().filter(|token| token.text == ",");
    let mut start = 0;
    let ends = commas.map(|token| token.at).chain([list.len()]);
    ends.map(|end| {
        let item = list[start..end].trim();
        start = end + 1;
        order(item)
    })
    .collect()
}

fn order(item: &str) -> Order<'_> {
    let directions = ["ASC", "DESC", "NULLS", "FIRST", "LAST"];
    let tokens = outside(item);
    let is_direction = |token: &&Token<'_>| directions.iter().any(|word| token.is(word));
    let direction = tokens.iter().rev().take_while(is_direction).last();
    let at = direction.map_or(item.len(), |token| token.at);
    Order {
        expression: item[..at].trim(),
        direction: &item[at..],
    }
}

/// Finds the words and commas outside all brackets, texts and comments.
fn outside(query: &str) -> Vec<Token<'_>> {
    let bytes = query.as_bytes();
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &query[at..];
        let length = match bytes[at] {
            quote @ (b'\'' | b'"' | b'`') => quoted(&bytes[at..], quote),
            b'-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'(' => {
                depth += 1;
                1
            }
            b')' => {
                depth = depth.saturating_sub(1);
                1
            }
            byte if byte == b',' || is_word(byte) => {
                let word = bytes[at..].iter().take_while(|byte| is_word(**byte));
                let length = word.count().max(1);
                if depth == 0 {
                    let text = &query[at..at + length];
                    tokens.push(Token { at, text });
                }
                length
            }
            _ => 1,
        };
        at += length;
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    // A letter beyond ASCII is part of a word, too, and is never cut.
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Returns how long a quoted piece is, its quotes with it. A doubled quote ends
/// one piece and begins the next, which comes to the same.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let inside = bytes[1..].iter().take_while(|byte| **byte != quote).count();
    (inside + 2).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_select_is_taken_apart() {
        let query = "WITH a AS (SELECT 1 FROM x ORDER BY 1)\n-- FROM\nSELECT a.x, 'FROM', f(y, z)\n\
                     FROM a ORDER BY COALESCE(a.x, ' DESC,') NULLS LAST, y DESC, z\n";
        let last = LastSelect::of(query).unwrap();
        assert_eq!(
            last.before,
            "WITH a AS (SELECT 1 FROM x ORDER BY 1)\n-- FROM\n"
        );
        assert_eq!(last.list, "SELECT a.x, 'FROM', f(y, z)\n");
        assert_eq!(last.from, "FROM a ");
        let order: Vec<_> = last
            .order
            .iter()
            .map(|o| (o.expression, o.direction))
            .collect();
        assert_eq!(
            order,
            [
                ("COALESCE(a.x, ' DESC,')", "NULLS LAST"),
                ("y", "DESC"),
                ("z", "")
            ]
        );
    }

    #[test]
    fn other_queries_are_not() {
        for query in [
            "SELECT 1",
            "SELECT x FROM a",
            "SELECT DISTINCT x FROM a ORDER BY x",
            "SELECT x FROM a UNION SELECT x FROM b ORDER BY x",
            "SELECT x FROM a ORDER BY x LIMIT 3",
            "SELECT x FROM (SELECT 1 ORDER BY 1",
            "SELECT 'x",
            "",
        ] {
            assert_eq!(LastSelect::of(query), None, "{query}");
        }
    }

    #[test]
    fn the_first_word_stands_behind_comments() {
        assert_eq!(first_word("-- WITH\n/* a */ with x"), Some((16, "with")));
        assert_eq!(first_word("--"), None);
    }
}
