//! The types of facts, derived from the record structs: what the expression checker and the fact reference know.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

use super::fact::{CALLS, FOR_MESSAGES, MAY_BE_INCOMPLETE, MAY_BE_UNKNOWN};
use super::{
    AccountFacts, EventDataStoreFacts, LogBucketFacts, LogGroupFacts, LogKeyFacts, OrganizationFacts,
    TrailFacts,
};
use crate::report::SubjectKind;

/// The type of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// Text.
    String,
    /// Several of one type.
    List {
        /// Type of the elements.
        item: Box<Type>,
        /// Elements may be missing because something could not be read.
        may_be_incomplete: bool,
    },
    /// Named fields.
    Record(RecordType),
}

/// The fields of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordType {
    /// By name.
    pub fields: BTreeMap<String, Field>,
    /// Fields of a type that facts cannot have; a test keeps this empty.
    pub unsupported: Vec<String>,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its type.
    pub ty: Type,
    /// What it says, in a sentence.
    pub doc: String,
    /// It may be unknown although the record is there.
    pub may_be_unknown: bool,
    /// It says what was seen, not all that there is: fit for a message, not for a judgement.
    pub is_for_messages: bool,
    /// Operations that have to be called for it besides those of every collection; they hold for all fields inside it too.
    pub calls: Vec<String>,
}

/// All kinds of subjects, in the order in which they are shown.
pub const SUBJECT_KINDS: [SubjectKind; 7] = [
    SubjectKind::Organization,
    SubjectKind::Account,
    SubjectKind::Trail,
    SubjectKind::EventDataStore,
    SubjectKind::LogBucket,
    SubjectKind::LogKey,
    SubjectKind::LogGroup,
];

/// Operations that have to be called to find the subjects of a kind, besides those of every collection.
#[must_use]
pub fn subject_calls(kind: SubjectKind) -> &'static [&'static str] {
    match kind {
        SubjectKind::EventDataStore => &["cloudtrail:ListEventDataStores", "cloudtrail:GetEventDataStore"],
        _ => &[],
    }
}

/// The type of the records of one kind of subject.
pub fn subject_type(kind: SubjectKind) -> &'static RecordType {
    static ORGANIZATION: OnceLock<RecordType> = OnceLock::new();
    static ACCOUNT: OnceLock<RecordType> = OnceLock::new();
    static TRAIL: OnceLock<RecordType> = OnceLock::new();
    static EVENT_DATA_STORE: OnceLock<RecordType> = OnceLock::new();
    static LOG_BUCKET: OnceLock<RecordType> = OnceLock::new();
    static LOG_KEY: OnceLock<RecordType> = OnceLock::new();
    static LOG_GROUP: OnceLock<RecordType> = OnceLock::new();
    match kind {
        SubjectKind::Organization => ORGANIZATION.get_or_init(record_type::<OrganizationFacts>),
        SubjectKind::Account => ACCOUNT.get_or_init(record_type::<AccountFacts>),
        SubjectKind::Trail => TRAIL.get_or_init(record_type::<TrailFacts>),
        SubjectKind::EventDataStore => EVENT_DATA_STORE.get_or_init(record_type::<EventDataStoreFacts>),
        SubjectKind::LogBucket => LOG_BUCKET.get_or_init(record_type::<LogBucketFacts>),
        SubjectKind::LogKey => LOG_KEY.get_or_init(record_type::<LogKeyFacts>),
        SubjectKind::LogGroup => LOG_GROUP.get_or_init(record_type::<LogGroupFacts>),
    }
}

/// The type of the records that a struct serialises to.
#[must_use]
pub fn record_type<T: JsonSchema>() -> RecordType {
    let settings = SchemaSettings::default().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<T>();
    schema.as_object().map(record_of).unwrap_or_default()
}

fn record_of(schema: &Map<String, Value>) -> RecordType {
    let mut record = RecordType::default();
    for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let Some((field, ty)) = field.as_object().and_then(|field| Some((field, type_of(field)?))) else {
            record.unsupported.push(name.clone());
            continue;
        };
        let doc = field.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
        let may_be_unknown = is_set(field, MAY_BE_UNKNOWN);
        let is_for_messages = is_set(field, FOR_MESSAGES);
        let calls = field.get(CALLS).and_then(Value::as_array).into_iter().flatten();
        let calls = calls.filter_map(|call| Some(call.as_str()?.to_owned())).collect();
        record.fields.insert(name.clone(), Field { ty, doc, may_be_unknown, is_for_messages, calls });
    }
    record
}

fn type_of(schema: &Map<String, Value>) -> Option<Type> {
    Some(match schema.get("type")?.as_str()? {
        "boolean" => Type::Bool,
        "integer" => Type::Int,
        "string" => Type::String,
        "array" => {
            let item = Box::new(type_of(schema.get("items")?.as_object()?)?);
            Type::List { item, may_be_incomplete: is_set(schema, MAY_BE_INCOMPLETE) }
        }
        "object" => {
            let record = record_of(schema);
            if !record.unsupported.is_empty() {
                return None;
            }
            Type::Record(record)
        }
        _ => return None,
    })
}

fn is_set(schema: &Map<String, Value>, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool).unwrap_or(false)
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::String => f.write_str("string"),
            Self::List { item, .. } => write!(f, "list<{item}>"),
            Self::Record(_) => f.write_str("record"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_every_subject_has_a_type_and_a_sentence() {
        fn check(path: &str, record: &RecordType) {
            assert_eq!(record.unsupported, [""; 0], "{path}");
            assert!(!record.fields.is_empty(), "{path}");
            for (name, field) in &record.fields {
                assert!(field.doc.ends_with('.'), "{path}.{name}: {:?}", field.doc);
                assert!(!name.starts_with("__"), "{path}.{name}");
                match &field.ty {
                    Type::Record(inner) => check(&format!("{path}.{name}"), inner),
                    Type::List { item, may_be_incomplete } => {
                        let Type::Record(inner) = &**item else {
                            assert!(!may_be_incomplete, "{path}.{name}: only records can be phantoms");
                            continue;
                        };
                        check(&format!("{path}.{name}[]"), inner);
                    }
                    _ => {}
                }
            }
        }
        for kind in SUBJECT_KINDS {
            check(kind.name(), subject_type(kind));
        }
    }

    #[test]
    fn facts_and_listings_keep_their_marks() {
        let account = subject_type(SubjectKind::Account);
        assert!(!account.fields["id"].may_be_unknown);
        assert!(account.fields["has_logging_multi_region_trail"].may_be_unknown);
        let Type::List { item, may_be_incomplete: true } = &account.fields["regions"].ty else {
            panic!("{:?}", account.fields["regions"])
        };
        let Type::Record(region) = &**item else { panic!("{item:?}") };
        assert!(region.fields["records_management_reads"].may_be_unknown);
    }
}
