//! Classic event selectors as clauses.
//!
//! Data resources: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>.

use super::{Category, Clause, Condition, Field, Patterns};
use crate::inventory::{ClassicSelector, DataResource};

/// The types of data resources, with the service in their ARNs.
const KINDS: [(&str, &str); 3] =
    [("AWS::S3::Object", "s3"), ("AWS::Lambda::Function", "lambda"), ("AWS::DynamoDB::Table", "dynamodb")];

/// The clauses for events of `category`. No selectors at all are the default: all management events and nothing else.
pub(super) fn clauses(list: &[ClassicSelector], category: Category) -> Vec<Clause<'_>> {
    let with_number = list.iter().enumerate().map(|(at, selector)| (at + 1, selector));
    match category {
        Category::Management if list.is_empty() => vec![Clause::default()],
        Category::Management => with_number
            .filter(|(_, selector)| selector.includes_management_events)
            .map(|(at, selector)| management(at, selector))
            .collect(),
        Category::Data => with_number
            .flat_map(|(at, selector)| {
                let values = selector
                    .data_resources
                    .iter()
                    .flat_map(|one| one.values.iter().map(move |value| (one, value)));
                values.map(move |(resource, value)| data(at, selector, resource, value))
            })
            .collect(),
        Category::NetworkActivity => Vec::new(),
    }
}

fn management(at: usize, selector: &ClassicSelector) -> Clause<'_> {
    let mut clause = of_access(at, selector);
    if !selector.excluded_management_sources.is_empty() {
        let equals = selector.excluded_management_sources.iter().map(String::as_str).collect();
        let none_of = Patterns { equals, ..Patterns::default() };
        clause.conditions.push(Condition { field: Field::Source, any_of: Patterns::default(), none_of });
    }
    clause
}

fn of_access(at: usize, selector: &ClassicSelector) -> Clause<'_> {
    let mut clause = Clause::default();
    match selector.read_write_type.as_str() {
        "All" => {}
        "ReadOnly" => clause.conditions.push(Condition::equals(Field::ReadOnly, "true")),
        "WriteOnly" => clause.conditions.push(Condition::equals(Field::ReadOnly, "false")),
        other => {
            clause.is_unclear = true;
            clause.notes.push(format!("event selector {at} has the `ReadWriteType` {other:?}"));
        }
    }
    clause
}

fn data<'a>(
    at: usize,
    selector: &'a ClassicSelector,
    resource: &'a DataResource,
    value: &'a str,
) -> Clause<'a> {
    let mut clause = of_access(at, selector);
    clause.conditions.push(Condition::equals(Field::ResourceType, &resource.kind));
    let Some((_, service)) = KINDS.iter().find(|(kind, _)| *kind == resource.kind) else {
        clause.is_unclear = true;
        clause.notes.push(format!("event selector {at} has data resources of type {:?}", resource.kind));
        return clause;
    };
    let arns = accepted(service, value).unwrap_or_else(|| {
        clause.is_refused = true;
        clause.notes.push(format!("event selector {at} has the data resource {value:?}"));
        Patterns::starting(value.split('*').next().unwrap_or_default())
    });
    clause.conditions.push(Condition::any(Field::ResourceArn, arns));
    clause
}

/// The ARNs that a value stands for; `None` where AWS does not accept it (any more) or does not say what it means.
fn accepted<'a>(service: &str, value: &'a str) -> Option<Patterns<'a>> {
    let mut parts = value.strip_prefix("arn:")?.splitn(5, ':').skip(1);
    if value.contains('*') || parts.next() != Some(service) {
        return None;
    }
    let rest: Vec<&str> = parts.collect();
    match (service, rest.as_slice()) {
        (_, []) | ("s3", ["", "", ""]) => Some(Patterns::starting(value)),
        // A bucket without the slash behind it is also the start of other buckets' names.
        ("s3", ["", "", object]) => object.find('/').filter(|at| *at > 0).map(|_| Patterns::starting(value)),
        ("lambda", [_, _, resource]) => {
            resource.strip_prefix("function:").filter(|name| !name.is_empty()).map(|_| Patterns::equal(value))
        }
        ("dynamodb", [_, _, resource]) => {
            resource.strip_prefix("table/").filter(|name| !name.is_empty()).map(|_| Patterns::equal(value))
        }
        _ => None,
    }
}
