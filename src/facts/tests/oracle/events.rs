//! Random selectors and random events of every category: one event at a time, and all of a set.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::definition::{self, Event};
use crate::facts::selection::{
    Access, Category, Condition, Exempt, Field, Question, Selection, Survey, Term,
};
use crate::inventory::{AdvancedFieldSelector, AdvancedSelector, ClassicSelector, DataResource, Selectors};

const S3: &str = "AWS::S3::Object";
const LAMBDA: &str = "AWS::Lambda::Function";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:1:function:a";
const CATEGORIES: [(Category, &str); 3] = [
    (Category::Management, "Management"),
    (Category::Data, "Data"),
    (Category::NetworkActivity, "NetworkActivity"),
];
const FIELDS: [&str; 11] = [
    "readOnly",
    "eventSource",
    "eventName",
    "eventType",
    "userIdentity.arn",
    "sessionCredentialFromConsole",
    "resources.type",
    "resources.ARN",
    "resources.ARN",
    "errorCode",
    "vpcEndpointId",
];

/// Values of a field that selectors name.
fn values(field: &str) -> &'static [&'static str] {
    match field {
        "readOnly" => &["true", "false"],
        "sessionCredentialFromConsole" => &["true"],
        "resources.type" => &[S3, LAMBDA],
        "resources.ARN" => &[
            "arn:aws:s3:::",
            "arn:aws:s3:::a/",
            "arn:aws:s3:::a",
            "arn:aws:s3:::ak/",
            "arn:aws:s3:::ak/k",
            "arn:aws-cn:s3:::",
            "k",
            FUNCTION,
        ],
        _ => &["a", "k", "ak", "ka"],
    }
}

/// Texts that random events have, besides what selectors name and what follows on it.
fn value(field: &'static str) -> BoxedStrategy<String> {
    let named = select(values(field)).prop_map(str::to_owned);
    match field {
        "readOnly" => named.boxed(),
        "sessionCredentialFromConsole" => select(&["true", "false"][..]).prop_map(str::to_owned).boxed(),
        "resources.type" => prop_oneof![5 => named, 1 => Just("AWS::Other".to_owned())].boxed(),
        _ => {
            let tail = select(&["", "k", "x", "/k", "b/x"][..]);
            (prop_oneof![4 => named, 1 => Just(String::new())], tail, select(&["", "a", "k"][..]))
                .prop_map(|(start, tail, end)| format!("{start}{tail}{end}"))
                .boxed()
        }
    }
}

fn event(category: &'static str) -> impl Strategy<Value = Event> {
    FIELDS.map(value).to_vec().prop_map(move |values| {
        let given = FIELDS.iter().zip(values);
        given.fold(Event::of(category), |event, (field, value)| event.with(field, &value))
    })
}

fn list(condition: &mut AdvancedFieldSelector, which: usize) -> &mut Vec<String> {
    let lists = [
        &mut condition.equals,
        &mut condition.not_equals,
        &mut condition.starts_with,
        &mut condition.not_starts_with,
        &mut condition.ends_with,
        &mut condition.not_ends_with,
    ];
    lists.into_iter().nth(which).unwrap()
}

/// A condition with one operator, and its opposite.
fn halves() -> impl Strategy<Value = (AdvancedFieldSelector, AdvancedFieldSelector)> {
    (select(&FIELDS[..]), 0..6_usize).prop_flat_map(|(field, which)| {
        let which = match field {
            "readOnly" | "sessionCredentialFromConsole" => which % 2,
            "resources.type" | "errorCode" => 0,
            _ => which,
        };
        vec(select(values(field)), 1..3).prop_map(move |values| {
            let make = |which| {
                let mut condition = super::super::world::equals(field, &[]);
                *list(&mut condition, which) = super::super::world::strings(&values);
                condition
            };
            (make(which), make(which ^ 1))
        })
    })
}

/// Conditions that nobody would write: several operators, values and fields that nobody knows, none at all.
fn odd() -> impl Strategy<Value = AdvancedFieldSelector> {
    let field = prop_oneof![8 => select(&FIELDS[..]), 1 => Just("quantum"), 1 => Just("eventCategory")];
    field.prop_flat_map(|field| {
        let texts = [values(field), &["Management", "Data", "maybe"]].concat();
        vec((0..6_usize, select(texts)), 0..4).prop_map(move |used| {
            let mut condition = super::super::world::equals(field, &[]);
            for (which, text) in used {
                list(&mut condition, which).push(text.to_owned());
            }
            condition
        })
    })
}

/// Selectors that together select everything of a category, but for one that may be lost and one condition that may be added.
fn advanced(category: &'static str) -> impl Strategy<Value = Selectors> {
    let named = prop_oneof![10 => Just(category), 1 => Just("Data"), 1 => Just("Quantum")];
    let types = prop_oneof![6 => Just(vec![S3]), 1 => Just(vec![LAMBDA, S3]), 1 => Just(Vec::new())];
    let splits = vec((any::<prop::sample::Index>(), halves()), 0..4);
    let lost = proptest::option::weighted(0.4, any::<prop::sample::Index>());
    let added = proptest::option::weighted(0.3, (any::<prop::sample::Index>(), odd()));
    (named, types, splits, lost, added).prop_map(move |(named, types, splits, lost, added)| {
        let mut first = vec![super::super::world::equals("eventCategory", &[named])];
        if category == "Data" {
            first.extend((!types.is_empty()).then(|| super::super::world::equals("resources.type", &types)));
        }
        if category == "NetworkActivity" {
            first.push(super::super::world::equals("eventSource", &["a", "k"]));
        }
        let mut all = vec![first];
        for (at, (half, other)) in splits {
            let at = at.index(all.len());
            let mut copy = all[at].clone();
            copy.push(other);
            all[at].push(half);
            all.push(copy);
        }
        if let Some(lost) = lost {
            all.remove(lost.index(all.len()));
        }
        if let (Some((at, odd)), false) = (added, all.is_empty()) {
            let at = at.index(all.len());
            all[at].push(odd);
        }
        Selectors::Advanced(all.into_iter().map(|fields| AdvancedSelector { name: None, fields }).collect())
    })
}

fn classic() -> impl Strategy<Value = Selectors> {
    let arn = select(
        &[
            "arn:aws:s3",
            "arn:aws:s3",
            "arn:aws:s3:::",
            "arn:aws:s3:::a/",
            "arn:aws:s3:::a",
            "arn:aws:s3:::ak/k",
            "arn:aws:s3:::*",
            "arn:aws-cn:s3",
            "arn:aws:lambda",
            "arn:aws:lambda:*",
            FUNCTION,
            "k",
        ][..],
    );
    let resource = (select(&[S3, S3, S3, LAMBDA][..]), vec(arn, 0..3)).prop_map(|(kind, values)| {
        DataResource { kind: kind.to_owned(), values: super::super::world::strings(&values) }
    });
    let kinds = &["All", "All", "ReadOnly", "WriteOnly", "Other"][..];
    let one = (select(kinds), any::<bool>(), vec(select(&["a", "k"][..]), 0..2), vec(resource, 0..3));
    let one = one.prop_map(|(kind, management, excluded, data_resources)| ClassicSelector {
        read_write_type: kind.to_owned(),
        includes_management_events: management,
        excluded_management_sources: super::super::world::strings(&excluded),
        data_resources,
    });
    vec(one, 0..3).prop_map(Selectors::Classic)
}

fn selectors(category: &'static str) -> impl Strategy<Value = Vec<Selectors>> {
    vec(prop_oneof![4 => advanced(category), 1 => classic()], 1..3)
}

/// A question and, by the definition, whether it asks about an event.
struct Asked {
    question: Question<'static>,
    is_asked: fn(&Event) -> bool,
}

fn questions(category: Category, exempt: &'static std::collections::BTreeSet<&'static str>) -> Vec<Asked> {
    let mut all = vec![Asked { question: Question::of(category), is_asked: |_| true }];
    match category {
        Category::Management => all.push(Asked {
            question: Question::management(Access::Write),
            is_asked: |event| event.get("readOnly") == "false",
        }),
        Category::Data => all.extend([
            Asked {
                question: Question::objects(Access::Read, "arn:aws:s3:::", Some(Exempt::Buckets(exempt))),
                is_asked: |event| {
                    let arn = event.get("resources.ARN");
                    event.get("readOnly") == "true"
                        && event.get("resources.type") == S3
                        && arn.starts_with("arn:aws:s3:::")
                        && !arn.starts_with("arn:aws:s3:::a/")
                },
            },
            Asked {
                question: Question::objects(Access::Write, "arn:aws:s3:::a/", None),
                is_asked: |event| {
                    event.get("readOnly") == "false"
                        && event.get("resources.type") == S3
                        && event.get("resources.ARN").starts_with("arn:aws:s3:::a/")
                },
            },
            Asked {
                question: Question::invocations(Access::Write, FUNCTION),
                is_asked: |event| {
                    event.get("readOnly") == "false"
                        && event.get("resources.type") == LAMBDA
                        && event.get("resources.ARN") == FUNCTION
                },
            },
        ]),
        Category::NetworkActivity => all.push(Asked {
            question: Question::of(category).and(Condition::equals(Field::Source, "a")),
            is_asked: |event| event.get("eventSource") == "a",
        }),
    }
    all
}

/// The definition's answer; `None` where it hangs on what is not understood.
fn defined(all: &[Selectors], event: &Event) -> Option<bool> {
    let selects = |best| all.iter().any(|one| definition::selects(one, event, best));
    let (worst, best) = (selects(false), selects(true));
    (worst == best).then_some(best)
}

fn answer(all: &[Selectors], events: &[Event], asked: &Asked) -> Result<Option<bool>, String> {
    let category = asked.question.category;
    let selections: Vec<Selection<'_>> = all.iter().map(Selection::of).collect();
    for event in events {
        let answers = selections
            .iter()
            .map(|one| one.selects(category, |field| Some(event.get(field.name()).to_owned())));
        let found = crate::facts::kleene::any(answers);
        if found != defined(all, event) {
            return Err(format!("{event:?}: {found:?}"));
        }
    }
    let clauses = selections.iter().flat_map(|one| one.clauses(category));
    let terms = clauses.map(|clause| Term { clause, is_certain: !clause.is_open(), tag: 0 });
    let outcome = Survey::of(terms.collect(), &asked.question).outcome();
    let asked_about = || events.iter().filter(|event| (asked.is_asked)(event));
    match (outcome.answer(), &outcome.lost) {
        (Some(true), _) => match asked_about().find(|event| defined(all, event) != Some(true)) {
            Some(event) => Err(format!("{event:?} escapes")),
            None => Ok(Some(true)),
        },
        (_, Some(lost)) => {
            let start = Event::of(events[0].category).with("readOnly", "true");
            let start = start.with("sessionCredentialFromConsole", "true");
            let event = lost.iter().fold(start, |event, (field, value)| event.with(field.name(), value));
            match (defined(all, &event), (asked.is_asked)(&event)) {
                (Some(false), true) => Ok(Some(false)),
                other => Err(format!("{event:?} is no witness: {other:?}")),
            }
        }
        _ => match asked_about().find(|event| defined(all, event) == Some(false)) {
            Some(event) => Err(format!("{event:?} is lost")),
            None => Ok(None),
        },
    }
}

fn exempt() -> &'static std::collections::BTreeSet<&'static str> {
    static EXEMPT: std::sync::OnceLock<std::collections::BTreeSet<&'static str>> = std::sync::OnceLock::new();
    EXEMPT.get_or_init(|| std::collections::BTreeSet::from(["a"]))
}

fn case() -> impl Strategy<Value = (Category, Vec<Selectors>, Vec<Event>)> {
    select(&CATEGORIES[..])
        .prop_flat_map(|(category, name)| (Just(category), selectors(name), vec(event(name), 24)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_evaluator_agrees_with_the_definition_about_one_event_and_about_all((category, all, events) in case()) {
        for asked in questions(category, exempt()) {
            prop_assert!(answer(&all, &events, &asked).is_ok(), "{:?}", answer(&all, &events, &asked));
        }
    }
}

/// The comparison above would prove little if random selectors never selected everything.
#[test]
fn every_answer_occurs_in_every_category() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = Vec::new();
    for _ in 0..600 {
        let (category, all, events) = case().new_tree(&mut runner).unwrap().current();
        for asked in questions(category, exempt()) {
            seen.push((category, asked.question.exempt.is_some(), answer(&all, &events, &asked).unwrap()));
        }
    }
    for (category, has_exempt) in [
        (Category::Management, false),
        (Category::Data, false),
        (Category::Data, true),
        (Category::NetworkActivity, false),
    ] {
        for answer in [Some(true), Some(false), None] {
            let count = seen.iter().filter(|one| **one == (category, has_exempt, answer)).count();
            assert!(count >= 10, "{category:?} {has_exempt} {answer:?} only {count} times");
        }
    }
}
