//! A client of a few lines: it signs with nothing but the shape of a signature, and reads until the connection closes.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use trailproof_replica::{Replica, World};

/// A world of a management account, two members and a stranger.
pub(crate) const WORLD: &str = include_str!("world.yaml");

/// The ARN of the organization trail in [`WORLD`].
pub(crate) const ORG_TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/org-trail";

/// What goes behind [`WORLD`] to watch over it: stores, log groups, alarms, topics, rules.
pub(crate) const ALERTING: &str = include_str!("alerting.yaml");

/// A running replica of [`WORLD`] with more YAML behind it.
pub(crate) async fn start(more: &str) -> Replica {
    let world = World::from_yaml(&format!("{WORLD}\n{more}")).unwrap();
    Replica::start(world).await.unwrap()
}

/// An answer, as far as it came.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    /// The length that the head announces.
    pub(crate) fn content_length(&self) -> usize {
        let line = self.head.lines().find_map(|line| line.strip_prefix("content-length: "));
        line.unwrap().trim().parse().unwrap()
    }

    /// The body of CBOR in diagnostic notation.
    pub(crate) fn cbor(&self) -> String {
        minicbor::display(&self.bytes).to_string()
    }

    /// The text in the first element of this name.
    pub(crate) fn element(&self, tag: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("<{tag}>"))?;
        rest.split_once(&format!("</{tag}>")).map(|(text, _)| text)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Who calls, from which region, which service.
#[derive(Clone)]
pub(crate) struct Client {
    address: String,
    key: String,
    region: String,
    token: String,
}

impl Client {
    pub(crate) fn new(replica: &Replica, key: &str) -> Self {
        let address = replica.endpoint().trim_start_matches("http://").to_owned();
        Self { address, key: key.into(), region: "us-east-1".into(), token: String::new() }
    }

    pub(crate) fn region(&self, region: &str) -> Self {
        Self { region: region.into(), ..self.clone() }
    }

    pub(crate) fn session(&self, key: &str, token: &str) -> Self {
        Self { key: key.into(), token: token.into(), ..self.clone() }
    }

    /// A JSON call, such as `("cloudtrail", "DescribeTrails", "{}")`.
    pub(crate) async fn json(&self, service: &str, operation: &str, body: &str) -> Reply {
        let target = match service {
            "organizations" => "AWSOrganizationsV20161128",
            "kms" => "TrentService",
            "logs" => "Logs_20140328",
            "events" => "AWSEvents",
            "monitoring" => "GraniteServiceVersion20100801",
            _ => "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
        };
        let header = format!("x-amz-target: {target}.{operation}\r\n");
        self.call(service, "POST", "/", &header, body).await.unwrap()
    }

    pub(crate) async fn sts(&self, form: &str) -> Reply {
        let header = "content-type: application/x-www-form-urlencoded\r\n";
        self.call("sts", "POST", "/", header, form).await.unwrap()
    }

    pub(crate) async fn sns(&self, form: &str) -> Reply {
        let header = "content-type: application/x-www-form-urlencoded\r\n";
        self.call("sns", "POST", "/", header, form).await.unwrap()
    }

    /// `DescribeAlarms` as the SDKs send it.
    pub(crate) async fn alarms(&self, body: &[u8]) -> Reply {
        let headers =
            "smithy-protocol: rpc-v2-cbor\r\ncontent-type: application/cbor\r\naccept: application/cbor\r\n";
        let path = "/service/GraniteServiceVersion20100801/operation/DescribeAlarms";
        self.call("monitoring", "POST", path, headers, body).await.unwrap()
    }

    pub(crate) async fn s3(&self, method: &str, path: &str) -> Reply {
        self.call("s3", method, path, "", "").await.unwrap()
    }

    /// Any call; nothing when the connection closes without an answer.
    pub(crate) async fn call(
        &self,
        service: &str,
        method: &str,
        path: &str,
        headers: &str,
        body: impl AsRef<[u8]>,
    ) -> Option<Reply> {
        let mut headers = headers.to_owned();
        let scope = format!("{}/20260301/{}/{service}/aws4_request", self.key, self.region);
        let _ = write!(
            headers,
            "authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00\r\n"
        );
        if !self.token.is_empty() {
            let _ = write!(headers, "x-amz-security-token: {}\r\n", self.token);
        }
        self.raw(method, path, &headers, body).await
    }

    /// A call with these headers and no others of weight.
    pub(crate) async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: impl AsRef<[u8]>,
    ) -> Option<Reply> {
        let host =
            if headers.contains("host: ") { String::new() } else { format!("host: {}\r\n", self.address) };
        let body = body.as_ref();
        let head = format!(
            "{method} {path} HTTP/1.1\r\n{host}connection: close\r\ncontent-length: {}\r\n{headers}\r\n",
            body.len()
        );
        let request = [head.as_bytes(), body].concat();
        let address = self.address.clone();
        tokio::task::spawn_blocking(move || exchange(&address, &request)).await.unwrap()
    }
}

fn exchange(address: &str, request: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    // An error here is a connection reset, or a server that hangs: what came before it counts.
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8_lossy(&bytes).to_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Reply { status, head, body: String::from_utf8_lossy(&body).into_owned(), bytes: body })
}
