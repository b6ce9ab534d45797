//! A set of events that is asked about.

use std::collections::BTreeSet;

use super::{Access, Category, Condition, Field, Patterns, Witness, WitnessKind};

/// Events of one category that satisfy all conditions; every other field of theirs may have any value.
#[derive(Debug)]
pub(in crate::facts) struct Question<'q> {
    pub(in crate::facts) category: Category,
    pub(in crate::facts) within: Vec<Condition<'q>>,
    /// Events of resources that are left aside.
    pub(in crate::facts) exempt: Option<Exempt<'q>>,
    /// The field by which an answer is told in words.
    pub(in crate::facts) by: Field,
}

/// Objects that are left aside.
#[derive(Clone, Copy, Debug)]
pub(in crate::facts) enum Exempt<'q> {
    /// Those of these buckets.
    Buckets(&'q BTreeSet<&'q str>),
    /// Those of every bucket that a selector names.
    EveryNamedBucket,
}

impl<'q> Question<'q> {
    /// All events of a category.
    pub(in crate::facts) fn of(category: Category) -> Self {
        let by = if category == Category::Data { Field::ResourceArn } else { Field::Source };
        Self { category, within: Vec::new(), exempt: None, by }
    }

    /// All management events that only read, or that change something.
    pub(in crate::facts) fn management(access: Access) -> Self {
        Self::of(Category::Management).and(access.condition())
    }

    /// Events of the S3 objects whose ARNs start with `start`, those of the exempted buckets left aside.
    pub(in crate::facts) fn objects(access: Access, start: &'q str, exempt: Option<Exempt<'q>>) -> Self {
        let question = Self::of(Category::Data)
            .and(access.condition())
            .and(Condition::equals(Field::ResourceType, "AWS::S3::Object"))
            .and(Condition::any(Field::ResourceArn, Patterns::starting(start)));
        Self { exempt, ..question }
    }

    /// Invocations of one function.
    pub(in crate::facts) fn invocations(access: Access, function: &'q str) -> Self {
        Self::of(Category::Data)
            .and(access.condition())
            .and(Condition::equals(Field::ResourceType, "AWS::Lambda::Function"))
            .and(Condition::equals(Field::ResourceArn, function))
    }

    pub(in crate::facts) fn and(mut self, condition: Condition<'q>) -> Self {
        self.within.push(condition);
        self
    }

    /// The witness stands for events that are asked about.
    pub(super) fn admits(&self, field: Field, witness: &Witness) -> bool {
        let is_exempt =
            || field == Field::ResourceArn && self.exempt.is_some_and(|exempt| exempt.covers(witness));
        self.within.iter().all(|condition| condition.field != field || condition.admits(&witness.value))
            && !is_exempt()
    }
}

impl Access {
    pub(in crate::facts) fn condition(self) -> Condition<'static> {
        Condition::equals(Field::ReadOnly, if self == Self::Read { "true" } else { "false" })
    }
}

impl Exempt<'_> {
    fn covers(self, witness: &Witness) -> bool {
        // What stands for others than the named ones is in a bucket only if its start says so.
        let text = match &witness.kind {
            WitnessKind::Named => &witness.value,
            WitnessKind::Other { start, .. } => start,
        };
        let bucket = text.split_once(":s3:::").and_then(|(_, object)| Some(object.split_once('/')?.0));
        bucket.is_some_and(|bucket| match self {
            Self::Buckets(names) => names.contains(bucket),
            Self::EveryNamedBucket => true,
        })
    }
}
