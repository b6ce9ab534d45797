//! Refuses rules that are narrowed by what the SDK does not know: it drops such an element, and the rule would seem to apply to all.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Fails a call whose answer has a `Filter` with other elements inside than these.
#[derive(Debug)]
pub(super) struct KnownFilters(pub(super) &'static [&'static str]);

#[dyn_dispatch_hint]
impl Intercept for KnownFilters {
    fn name(&self) -> &'static str {
        "KnownFilters"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        match response.body().bytes() {
            Some(body) if response.status().is_success() && !self.knows_all(body) => {
                Err("the answer has a filter that is not known here".into())
            }
            _ => Ok(()),
        }
    }
}

impl KnownFilters {
    /// Text in XML has no `<`, so every one starts or ends an element.
    fn knows_all(&self, body: &[u8]) -> bool {
        let text = String::from_utf8_lossy(body);
        let mut is_inside = false;
        for after in text.split('<').skip(1) {
            let tag = after.split('>').next().unwrap_or_default();
            let name = tag.trim_end_matches('/').split_whitespace().next().unwrap_or_default();
            match name {
                "Filter" => is_inside = !tag.ends_with('/'),
                "/Filter" => is_inside = false,
                name if is_inside && !name.starts_with('/') && !self.0.contains(&name) => return false,
                _ => {}
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::KnownFilters;

    fn knows(body: &str) -> bool {
        KnownFilters(&["Prefix", "And"]).knows_all(body.as_bytes())
    }

    #[test]
    fn filters_of_known_elements_pass() {
        for body in [
            "<R><Filter/><Status>Enabled</Status></R>",
            "<R><Filter><Prefix>a/b</Prefix></Filter><Status>Enabled</Status></R>",
            "<R><Filter></Filter><Other/></R>",
            "<R><Filter /><Other/></R>",
            "<R><Filter><And><Prefix/></And></Filter><Filter ><Prefix></Prefix></Filter></R>",
        ] {
            assert!(knows(body), "{body}");
        }
    }

    #[test]
    fn an_element_that_is_not_known_inside_a_filter_is_refused() {
        for body in [
            "<R><Filter><Phase>new</Phase></Filter></R>",
            "<R><Filter><And><Prefix>a</Prefix><Phase/></And></Filter></R>",
            "<R><Filter/><Filter xmlns='x'><Phase/></Filter></R>",
        ] {
            assert!(!knows(body), "{body}");
        }
    }
}
