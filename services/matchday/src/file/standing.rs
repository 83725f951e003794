//! Where the entries of a file stand, so that what a server says of one is said of its line.

/// The lines of the entries that a file, or files that belong together, became.
#[derive(Debug, Default)]
pub(crate) struct Standing(Vec<List>);

/// A list of the request.
#[derive(Debug)]
struct List {
    /// What the contract calls it: `credentials`.
    name: &'static str,
    /// The file its entries stand in.
    file: String,
    /// The line of each entry, counted from 1.
    lines: Vec<u64>,
}

impl Standing {
    /// Adds a list of the request.
    pub(super) fn with(mut self, name: &'static str, file: &str, lines: Vec<u64>) -> Self {
        self.0.push(List { name, file: file.to_owned(), lines });
        self
    }

    /// The lines of a list, in the order of its entries.
    pub(crate) fn lines(&self, name: &str) -> &[u64] {
        self.0.iter().find(|list| list.name == name).map_or(&[], |list| &list.lines)
    }

    /// A text in which entries are named by file and line: `credentials.csv:17: sessions: …` of
    /// `credentials[15].sessions[0]: …`. What is no entry of these lists stands as it is.
    pub(crate) fn told(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, list| list.told(&text))
    }
}

impl List {
    fn told(&self, text: &str) -> String {
        let beginning = format!("{}[", self.name);
        let mut parts = text.split(&beginning);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |told, part| match self.place(part) {
            Some((place, rest)) => [told.as_str(), &place, rest].concat(),
            None => [told.as_str(), &beginning, part].concat(),
        })
    }

    /// Where the entry stands that begins the text after its list, `15].sessions[0]: …`, and what follows it.
    fn place<'a>(&self, text: &'a str) -> Option<(String, &'a str)> {
        let (index, rest) = text.split_once(']')?;
        let line = self.lines.get(index.parse::<usize>().ok()?)?;
        let place = format!("{}:{line}", self.file);
        let Some(field) = rest.strip_prefix('.') else {
            return Some((place, rest));
        };
        let is_of_field = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
        let end = field.find(|c| !is_of_field(c)).unwrap_or(field.len());
        let (field, rest) = field.split_at(end);
        let field = field.split('[').next().unwrap_or_default();
        Some((format!("{place}: {field}"), rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_by_file_and_line() {
        let standing =
            Standing::default().with("credentials", "c.csv", vec![2, 4]).with("groups", "g.csv", vec![7]);
        for (said, told) in [
            ("credentials[1].sessions[0]: is none", "c.csv:4: sessions: is none"),
            ("credentials[1].name: is that of credentials[0]", "c.csv:4: name: is that of c.csv:2"),
            ("INVALID_FIELD: groups[0].leader: x", "INVALID_FIELD: g.csv:7: leader: x"),
            ("groups[0]", "g.csv:7"),
            ("credentials[2].name: x", "credentials[2].name: x"),
            ("credentials[x", "credentials[x"),
            ("parent: is empty", "parent: is empty"),
        ] {
            assert_eq!(standing.told(said), told);
        }
        assert_eq!(standing.lines("groups"), [7]);
        assert!(standing.lines("gates").is_empty());
    }
}
