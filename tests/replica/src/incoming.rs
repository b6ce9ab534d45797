//! A request as it came over the wire, and the reading of its parts.

use bytes::Bytes;
use hyper::{HeaderMap, Method, http::request::Parts};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Head and body of a request.
pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// Still percent-encoded.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn new(parts: Parts, body: Bytes) -> Self {
        Self {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: pairs(parts.uri.query().unwrap_or_default()),
            headers: parts.headers,
            body,
        }
    }

    /// A header's text; empty when it is missing or not text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether the client speaks Smithy's RPC v2 in CBOR.
    pub(crate) fn is_cbor(&self) -> bool {
        self.header("smithy-protocol") == "rpc-v2-cbor"
    }

    /// A query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The label in front of the server's own host name: a bucket or an account.
    pub(crate) fn host_label(&self) -> Option<&str> {
        let host = self.header("host").rsplit_once(':').map_or(self.header("host"), |(host, _)| host);
        [".127.0.0.1", ".localhost", ".s3.amazonaws.com"].iter().find_map(|own| host.strip_suffix(own))
    }

    /// The body as a form.
    pub(crate) fn form(&self) -> Value {
        let body = String::from_utf8_lossy(&self.body);
        let pairs = pairs(&body).into_iter().chain(self.query.clone());
        Value::Object(pairs.map(|(key, value)| (key, Value::String(value))).collect())
    }

    /// The body as a JSON object; an empty body is an empty object.
    pub(crate) fn json(&self) -> Option<Value> {
        if self.body.is_empty() {
            return Some(Value::Object(Map::new()));
        }
        serde_json::from_slice(&self.body).ok().filter(Value::is_object)
    }
}

/// The parameters of a query string or a form.
fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Undoes percent-encoding.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
