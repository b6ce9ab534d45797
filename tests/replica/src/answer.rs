//! Answers and failures, and how each protocol writes them.

use crate::cbor;
use crate::xml::Xml;
use serde_json::{Value, json};
use std::borrow::Cow;

/// A whole answer, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Error code, for the journal.
    pub(crate) code: Option<String>,
}

impl Answer {
    fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type, headers: Vec::new(), body: body.into(), code: None }
    }

    /// A JSON document; the dispatcher corrects the type for the protocol.
    pub(crate) fn json(value: &Value) -> Self {
        Self::new(200, "application/x-amz-json-1.1", value.to_string())
    }

    /// A CBOR document.
    pub(crate) fn cbor(value: &Value) -> Self {
        Self::new(200, "application/cbor", cbor::encode(value))
    }

    /// An XML document.
    pub(crate) fn xml(body: String) -> Self {
        Self::new(200, "application/xml", body)
    }

    /// A text that is neither, such as a bucket policy.
    pub(crate) fn raw(body: String) -> Self {
        Self::new(200, "application/json", body)
    }

    /// A web page, as something that is not AWS would send it.
    pub(crate) fn html(status: u16) -> Self {
        let body = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>";
        Self { code: Some("HtmlBody".into()), ..Self::new(status, "text/html; charset=utf-8", body) }
    }

    /// The same answer with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A refusal or error, not yet in the shape of a protocol.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// More elements of an S3 error, such as the bucket's name.
    pub(crate) details: Vec<(&'static str, String)>,
}

impl Failure {
    pub(crate) fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), headers: Vec::new(), details: Vec::new() }
    }

    /// The same failure with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same failure with one more element.
    pub(crate) fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

/// How a service writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// The namespace of its documents.
    Query(&'static str),
    Json,
    /// Smithy's RPC v2 in CBOR, for a service that once spoke Query.
    Cbor,
    RestJson,
    RestXml,
    /// As REST XML, with the error one element deeper.
    S3Control,
}

impl Protocol {
    /// A failure in the protocol's shape.
    pub(crate) fn refuse(self, failure: Failure, request_id: &str) -> Answer {
        let Failure { status, code, message, headers, details } = failure;
        let error = |xml: &mut Xml| {
            xml.text("Code", &code);
            xml.text("Message", &message);
            for (name, value) in &details {
                xml.text(name, value);
            }
        };
        let fault = if status < 500 { "Sender" } else { "Receiver" };
        let mut answer = match self {
            Self::Query(namespace) => Answer::xml(Xml::document("ErrorResponse", Some(namespace), |xml| {
                xml.node("Error", |xml| {
                    xml.text("Type", fault);
                    error(xml);
                });
                xml.text("RequestId", request_id);
            })),
            Self::Json => Answer::json(&json!({"__type": code, "message": message})),
            Self::Cbor => Answer::cbor(&json!({"__type": code, "message": message}))
                .with("x-amzn-query-error", format!("{code};{fault}")),
            Self::RestJson => {
                Answer::json(&json!({"message": message})).with("x-amzn-errortype", code.to_string())
            }
            Self::RestXml => Answer::xml(Xml::document("Error", None, |xml| {
                error(xml);
                xml.text("RequestId", request_id);
                xml.text("HostId", "replica");
            })),
            Self::S3Control => Answer::xml(Xml::document("ErrorResponse", None, |xml| {
                xml.node("Error", error);
                xml.text("RequestId", request_id);
                xml.text("HostId", "replica");
            })),
        };
        answer.status = status;
        answer.headers.extend(headers);
        answer.code = Some(code.into_owned());
        answer
    }
}

/// The answer of a query service.
pub(crate) fn query_answer(operation: &str, namespace: &str, fill: impl FnOnce(&mut Xml)) -> Answer {
    Answer::xml(Xml::document(&format!("{operation}Response"), Some(namespace), |xml| {
        xml.node(&format!("{operation}Result"), fill);
        xml.node("ResponseMetadata", |xml| xml.text("RequestId", "00000000-0000-4000-8000-000000000000"));
    }))
}
