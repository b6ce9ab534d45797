//! An endpoint override for S3 Control, whose own rules put the account id before the host name: no loopback address has such a name.

use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};

/// Sends every request to one URL as it is.
#[derive(Debug)]
pub(super) struct Override {
    url: String,
}

impl Override {
    pub(super) fn new(url: &str) -> Self {
        Self { url: url.to_owned() }
    }
}

impl ResolveEndpoint for Override {
    fn resolve_endpoint(&self, _params: &Params) -> EndpointFuture<'_> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.url.clone()).build()))
    }
}
