//! What a trail records, by its event selectors.
//!
//! Source: AWS CloudTrail User Guide, "Filtering data events by using advanced
//! event selectors": a trail records what any selector takes; a selector takes
//! what passes all its fields; a field lets nothing through that a `Not…` operator
//! names, and of the rest what another operator names, where there is one.

mod probe;

use serde_json::Value;

use crate::json_member::{flag, list, member, text, texts};

pub use probe::{Category, Probe, Value as FieldValue};

/// Whether something holds. Both, all and any are [`Ord`]'s `min` and `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recorded {
    /// It does not.
    No,
    /// It does for some events, or nothing tells.
    Depends,
    /// It does for all.
    Yes,
}

/// A trail's event selectors, basic or advanced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Selectors(Vec<Selector>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Selector {
    fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Field {
    name: String,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Condition {
    operator: Operator,
    values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Equals,
    StartsWith,
    EndsWith,
    NotEquals,
    NotStartsWith,
    NotEndsWith,
    /// One that AWS made since.
    Other(String),
}

impl Selectors {
    /// Reads what `aws cloudtrail get-event-selectors` prints, or what a recorded
    /// `PutEventSelectors` asked for. Advanced selectors count where there are
    /// any: a trail has one kind.
    pub fn read(said: &Value) -> Selectors {
        let advanced = list(said, "AdvancedEventSelectors");
        if !advanced.is_empty() {
            return Selectors(advanced.iter().map(Selector::advanced).collect());
        }
        let basic = list(said, "EventSelectors").iter();
        Selectors(basic.flat_map(Selector::basic).collect())
    }

    /// Returns those of a trail that nobody set any for: all management events
    /// and nothing else.
    pub fn of_a_new_trail() -> Selectors {
        Selectors(vec![Selector::of_category(Category::Management)])
    }

    /// Tells whether the trail records an event.
    pub fn records(&self, probe: &Probe) -> Recorded {
        let each = self.0.iter().map(|selector| selector.takes(probe));
        each.max().unwrap_or(Recorded::No)
    }

    /// Says what keeps an event from being recorded, or from being so each time.
    pub(crate) fn why_not(&self, probe: &Probe) -> String {
        let of_kind = self.0.iter().filter(|selector| {
            let kind = ["eventCategory", "resources.type"];
            let mut fields = selector.fields.iter();
            let is_kind = |field: &&Field| kind.contains(&field.name.as_str());
            !fields.any(|field| is_kind(&field) && field.passes(probe) == Recorded::No)
        });
        // The one that comes closest.
        let nearest = of_kind.max_by_key(|selector| {
            let short = selector.short_of(probe).count();
            (selector.takes(probe), std::cmp::Reverse(short))
        });
        let Some(nearest) = nearest else {
            return match probe.category {
                Category::Data => "no selector is about data events of S3 objects".to_owned(),
                Category::Management => "no selector is about management events".to_owned(),
            };
        };
        let short: Vec<String> = nearest.short_of(probe).map(Field::shown).collect();
        format!("only where {}", short.join(" and "))
    }
}

impl Selector {
    fn of_category(category: Category) -> Selector {
        Selector {
            fields: vec![Field::of(
                "eventCategory",
                Operator::Equals,
                category.name(),
            )],
        }
    }

    fn advanced(said: &Value) -> Selector {
        let fields = list(said, "FieldSelectors").iter();
        Selector {
            fields: fields.map(Field::advanced).collect(),
        }
    }

    /// Writes a basic selector as the advanced ones that say the same: what it
    /// says of reads and writes holds for management and data events alike.
    fn basic(said: &Value) -> Vec<Selector> {
        let kind = text(said, "ReadWriteType").unwrap_or("All");
        let kind = match kind.to_ascii_lowercase().as_str() {
            "readonly" => Some(Field::of("readOnly", Operator::Equals, "true")),
            "writeonly" => Some(Field::of("readOnly", Operator::Equals, "false")),
            _ => None,
        };
        let mut selectors = Vec::new();
        if flag(said, "IncludeManagementEvents").unwrap_or(true) {
            let mut selector = Selector::of_category(Category::Management);
            selector.fields.extend(kind.clone());
            let excluded = member(said, "ExcludeManagementEventSources");
            let excluded = excluded.map(texts).unwrap_or_default();
            if !excluded.is_empty() {
                selector.fields.push(Field {
                    name: "eventSource".to_owned(),
                    conditions: vec![Condition {
                        operator: Operator::NotEquals,
                        values: excluded,
                    }],
                });
            }
            selectors.push(selector);
        }
        for resource in list(said, "DataResources") {
            let values = member(resource, "Values").map(texts).unwrap_or_default();
            let (Some(of_type), false) = (text(resource, "Type"), values.is_empty()) else {
                continue;
            };
            let mut selector = Selector::of_category(Category::Data);
            let of_type = Field::of("resources.type", Operator::Equals, of_type);
            selector.fields.push(of_type);
            selector.fields.extend(kind.clone());
            selector.fields.push(Field {
                name: "resources.ARN".to_owned(),
                conditions: vec![Condition {
                    operator: Operator::StartsWith,
                    values,
                }],
            });
            selectors.push(selector);
        }
        selectors
    }

    fn takes(&self, probe: &Probe) -> Recorded {
        let each = self.fields.iter().map(|field| field.passes(probe));
        each.min().unwrap_or(Recorded::Yes)
    }

    /// Iterates over the fields that not every such event passes.
    fn short_of(&self, probe: &Probe) -> impl Iterator<Item = &Field> {
        let passes = |field: &&Field| field.passes(probe) != Recorded::Yes;
        self.fields.iter().filter(passes)
    }
}

impl Field {
    fn of(name: &str, operator: Operator, value: &str) -> Field {
        Field {
            name: name.to_owned(),
            conditions: vec![Condition {
                operator,
                values: vec![value.to_owned()],
            }],
        }
    }

    fn advanced(said: &Value) -> Field {
        let members = said.as_object().into_iter().flatten();
        let conditions = members.filter(|(name, _)| !name.eq_ignore_ascii_case("Field"));
        let conditions = conditions.map(|(name, values)| Condition {
            operator: Operator::of(name),
            values: texts(values),
        });
        Field {
            name: text(said, "Field").unwrap_or_default().to_owned(),
            // An operator without values is one that is not there.
            conditions: conditions
                .filter(|condition| !condition.values.is_empty())
                .collect(),
        }
    }

    fn passes(&self, probe: &Probe) -> Recorded {
        let value = probe.field(&self.name);
        let (mut rejected, mut named) = (Recorded::No, None);
        for condition in &self.conditions {
            let hits = condition.values.iter();
            let hits = hits.map(|wanted| condition.operator.hits(&value, wanted));
            let hits = hits.max().unwrap_or(Recorded::No);
            if condition.operator.is_not() {
                rejected = rejected.max(hits);
            } else {
                named = Some(named.unwrap_or(Recorded::No).max(hits));
            }
        }
        rejected.reversed().min(named.unwrap_or(Recorded::Yes))
    }

    /// Says what it asks, as AWS's own names do.
    fn shown(&self) -> String {
        let conditions = self.conditions.iter().map(|condition| {
            let values = condition.values.join(", ");
            format!("{} {} {values}", self.name, condition.operator.name())
        });
        let conditions: Vec<String> = conditions.collect();
        conditions.join(", ")
    }
}

impl Operator {
    fn of(name: &str) -> Operator {
        match name.to_ascii_lowercase().as_str() {
            "equals" => Operator::Equals,
            "startswith" => Operator::StartsWith,
            "endswith" => Operator::EndsWith,
            "notequals" => Operator::NotEquals,
            "notstartswith" => Operator::NotStartsWith,
            "notendswith" => Operator::NotEndsWith,
            _ => Operator::Other(name.to_owned()),
        }
    }

    fn name(&self) -> &str {
        match self {
            Operator::Equals => "Equals",
            Operator::StartsWith => "StartsWith",
            Operator::EndsWith => "EndsWith",
            Operator::NotEquals => "NotEquals",
            Operator::NotStartsWith => "NotStartsWith",
            Operator::NotEndsWith => "NotEndsWith",
            Operator::Other(name) => name,
        }
    }

    fn is_not(&self) -> bool {
        match self {
            Operator::NotEquals | Operator::NotStartsWith | Operator::NotEndsWith => true,
            Operator::Equals | Operator::StartsWith | Operator::EndsWith | Operator::Other(_) => {
                false
            }
        }
    }

    /// Tells whether a value is what a condition names, whatever that then means.
    fn hits(&self, value: &FieldValue, wanted: &str) -> Recorded {
        match self {
            Operator::Equals | Operator::NotEquals => value.is(wanted),
            Operator::StartsWith | Operator::NotStartsWith => value.starts_with(wanted),
            Operator::EndsWith | Operator::NotEndsWith => value.ends_with(wanted),
            Operator::Other(_) => Recorded::Depends,
        }
    }
}

impl Recorded {
    fn reversed(self) -> Recorded {
        match self {
            Recorded::No => Recorded::Yes,
            Recorded::Depends => Recorded::Depends,
            Recorded::Yes => Recorded::No,
        }
    }

    fn of(holds: bool) -> Recorded {
        if holds { Recorded::Yes } else { Recorded::No }
    }
}

#[cfg(test)]
mod tests;
