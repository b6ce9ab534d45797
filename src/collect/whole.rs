//! Refuses answers that are not whole.
//!
//! The SDK takes an empty body for an empty document, and reads XML up to where it stops: a bucket whose versioning could not be
//! read would look like one that never had it. Every answer that a collection reads has a body, except to HeadBucket, which is asked
//! with a client of its own.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Fails a call whose successful answer has an empty or an unfinished body.
#[derive(Debug)]
pub(super) struct WholeBody;

#[dyn_dispatch_hint]
impl Intercept for WholeBody {
    fn name(&self) -> &'static str {
        "WholeBody"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        match response.body().bytes() {
            Some(body) if response.status().is_success() => check(body).map_err(Into::into),
            _ => Ok(()),
        }
    }
}

fn check(body: &[u8]) -> Result<(), &'static str> {
    let body = body.trim_ascii();
    match body.first() {
        None => Err("the answer has no body"),
        Some(b'<') if !is_finished_xml(body) => Err("the answer stops before its end"),
        Some(_) => Ok(()),
    }
}

/// Whether the document ends with the end of the element it starts with.
fn is_finished_xml(document: &[u8]) -> bool {
    let text = String::from_utf8_lossy(document);
    let mut rest = text.as_ref();
    while let Some(after) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        let Some((_, next)) = after.split_once('>') else { return false };
        rest = next.trim_start();
    }
    let Some(root) = rest.strip_prefix('<') else { return false };
    let name: String = root.chars().take_while(|c| !c.is_whitespace() && !['>', '/'].contains(c)).collect();
    let is_empty_element = root.find('>').is_some_and(|end| end + 1 == root.len() && root.ends_with("/>"));
    is_empty_element || rest.ends_with(&format!("</{name}>"))
}

/// The text of a policy, which is a JSON object: anything else comes from somebody in between.
pub(super) fn json_object(text: String) -> Result<String, &'static str> {
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err("the policy in the answer is not a JSON object"),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, json_object};

    #[test]
    fn whole_answers_pass() {
        for body in ["{}", "<a/>", "<?xml version=\"1.0\"?>\n<a x=\"1\"><b/></a>\n", "<a x='1' />"] {
            assert_eq!(check(body.as_bytes()), Ok(()), "{body}");
        }
    }

    #[test]
    fn a_policy_is_an_object_and_nothing_else() {
        assert_eq!(json_object("{\"Statement\": []}".to_owned()), Ok("{\"Statement\": []}".to_owned()));
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        for text in ["", "null", "[]", "\"{}\"", "<html></html>", "{\"Statement\": [", "{} {}", deep.as_str()]
        {
            assert!(json_object(text.to_owned()).is_err(), "{}", text.get(..20).unwrap_or(text));
        }
    }

    /// CloudWatch answers in CBOR: a map starts with 0xa0 to 0xbf. An unfinished one is the decoder's to refuse.
    #[test]
    fn an_answer_in_cbor_is_no_xml_and_not_empty() {
        for body in [&[0xa0][..], &[0xbf, 0xff], &[0xa1, 0x61, b'<', 0x0a]] {
            assert_eq!(check(body), Ok(()), "{body:x?}");
        }
    }

    #[test]
    fn empty_and_unfinished_answers_are_refused() {
        for body in [
            "",
            " \n",
            "<a",
            "<?xml version=\"1.0\"?>",
            "<a><b/>",
            "<a><b></b",
            "<VersioningConfiguration xmlns=\"x\">",
        ] {
            assert!(check(body.as_bytes()).is_err(), "{body}");
        }
    }
}
