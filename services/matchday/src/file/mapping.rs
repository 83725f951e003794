//! Which column of somebody else's table is which of ours.

use super::applications::{COLUMNS, NEEDED};

/// Names of columns as they stand in the file, by ours. What is not mapped has our name in the file, or is not there.
#[derive(Debug, Default)]
pub(crate) struct Mapping(Vec<(&'static str, String)>);

impl Mapping {
    /// Reads pairs of our column and the one of the file: `birth_date=出生日期`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn read(pairs: &[String]) -> Result<Self, String> {
        let mut mapping: Vec<(&'static str, String)> = Vec::new();
        for pair in pairs {
            let form = || format!("{pair:?}: write it like birth_date=出生日期");
            let (ours, theirs) = pair.split_once('=').ok_or_else(form)?;
            let ours = COLUMNS.iter().find(|column| **column == ours.trim());
            let ours = ours.ok_or_else(|| format!("{pair:?}: the columns are {}", COLUMNS.join(", ")))?;
            if theirs.trim().is_empty() {
                return Err(form());
            }
            if mapping.iter().any(|(column, _)| column == ours) {
                return Err(format!("{ours} is mapped twice"));
            }
            mapping.push((ours, theirs.trim().to_owned()));
        }
        Ok(Self(mapping))
    }

    /// Where each of our columns stands among those of the file. Without a mapping every column of the file must be
    /// ours; with one, the others are passed over.
    ///
    /// # Errors
    /// What is wrong with the header.
    pub(super) fn order(&self, written: &[&str]) -> Result<Vec<Option<usize>>, String> {
        let names: Vec<&str> = written.iter().map(|name| name.trim()).collect();
        let mut order = Vec::with_capacity(COLUMNS.len());
        for column in COLUMNS {
            let mapped = self.0.iter().find(|(ours, _)| ours == column).map(|(_, theirs)| theirs.as_str());
            let wanted = mapped.unwrap_or(column);
            let mut places = (0..names.len()).filter(|at| names[*at] == wanted);
            let place = places.next();
            if places.next().is_some() {
                return Err(format!("the column {wanted:?} is there twice"));
            }
            if place.is_none() && (mapped.is_some() || NEEDED.contains(column)) {
                let hint = "name it with --mapping";
                return Err(format!("there is no column {wanted:?}: it has {}; {hint}", names.join(", ")));
            }
            order.push(place);
        }
        let unknown = names.iter().find(|name| !name.is_empty() && !COLUMNS.contains(name));
        match unknown {
            Some(name) if self.0.is_empty() => Err(format!(
                "{name:?} is no column of this file: say what it is with --mapping; the columns are {}",
                COLUMNS.join(", ")
            )),
            _ => Ok(order),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(pairs: &[&str]) -> Result<Mapping, String> {
        Mapping::read(&pairs.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn columns_are_found_under_other_names() {
        let mapping = mapping(&["display_name=姓名", "birth_date = 出生日期"]).unwrap();
        let order = mapping.order(&["序号", "出生日期", " 姓名", "email"]).unwrap();
        assert_eq!(order[..4], [None, Some(2), Some(1), Some(3)]);
        assert!(mapping.order(&["姓名"]).unwrap_err().contains("no column \"出生日期\""));
        assert!(mapping.order(&["姓名", "姓名", "出生日期"]).unwrap_err().contains("twice"));
    }

    #[test]
    fn without_a_mapping_every_column_is_ours() {
        let none = mapping(&[]).unwrap();
        assert_eq!(none.order(&["birth_date", "display_name"]).unwrap()[..3], [None, Some(1), Some(0)]);
        assert!(none.order(&["birth_date", "display_name", "姓名"]).unwrap_err().contains("--mapping"));
        assert!(none.order(&["display_name"]).unwrap_err().contains("birth_date"));
    }

    #[test]
    fn what_maps_nothing_is_refused() {
        for wrong in ["姓名", "name=姓名", "email=", "email=a email=b"] {
            let pairs: Vec<&str> = wrong.split(' ').collect();
            assert!(mapping(&pairs).is_err(), "{wrong}");
        }
    }
}
