//! Policy documents of IAM's grammar, parsed and evaluated: who may do what to which resource, under which conditions.
//!
//! Takes the text of bucket, key and control policies and answers questions about them; knows nothing of where the text came from.
//! Semantics: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.
