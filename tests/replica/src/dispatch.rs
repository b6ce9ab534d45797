//! From a request to an answer: route, identify, refuse or run, and note it all in the journal.

use crate::answer::{Answer, Failure, Protocol};
use crate::cbor;
use crate::fault::{Kind, glob};
use crate::identity::{self, Claim, Principal};
use crate::incoming::{Incoming, decode};
use crate::journal::{Outcome, Request};
use crate::operations::{self, Operation, Service};
use crate::service::s3;
use crate::state::State;
use crate::world::{DeniedBy, World};
use serde_json::{Map, Value};

/// What an operation's function sees.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    pub(crate) world: &'a World,
    pub(crate) caller: &'a Principal,
    pub(crate) region: &'a str,
    pub(crate) operation: &'static Operation,
    pub(crate) input: &'a Value,
    pub(crate) request: &'a Incoming,
}

impl Call<'_> {
    /// A text field of the input.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.input[field].as_str().filter(|text| !text.is_empty())
    }

    /// A text field that the operation cannot do without.
    pub(crate) fn required(&self, field: &str) -> Result<&str, Failure> {
        self.text(field).ok_or_else(|| {
            let code = match self.operation.service {
                Service::Organizations => "InvalidInputException",
                Service::Logs => "InvalidParameterException",
                Service::Sns => "InvalidParameter",
                _ => "ValidationException",
            };
            Failure::new(400, code, format!("1 validation error detected: Value null at '{field}' failed to satisfy constraint: Member must not be null"))
        })
    }

    /// Whether the world's statements refuse an action, and the failure that says so.
    pub(crate) fn authorize(&self, action: &str, resource: &str) -> Result<(), Failure> {
        let Some(by) = denied(self.world, &self.caller.account, self.region, action, resource) else {
            return Ok(());
        };
        let reason = match by {
            DeniedBy::Identity => format!("because no identity-based policy allows the {action} action"),
            DeniedBy::Scp => "with an explicit deny in a service control policy".into(),
            DeniedBy::Resource => format!("because no resource-based policy allows the {action} action"),
        };
        Err(self.operation.service.denied(not_authorized(&self.caller.arn, action, resource, &reason)))
    }
}

/// The sentence of every refusal since 2021.
pub(crate) fn not_authorized(principal: &str, action: &str, resource: &str, reason: &str) -> String {
    let on = if resource.is_empty() { String::new() } else { format!(" on resource: {resource}") };
    format!("User: {principal} is not authorized to perform: {action}{on} {reason}")
}

fn denied(world: &World, account: &str, region: &str, action: &str, resource: &str) -> Option<DeniedBy> {
    let statement = world.denies.iter().find(|deny| {
        deny.account.as_ref().is_none_or(|name| name.value == account)
            && deny.region.as_ref().is_none_or(|pattern| glob(pattern, region))
            && glob(&deny.action, action)
            && deny.resource.as_ref().is_none_or(|pattern| names(pattern, resource))
            && !(deny.by == DeniedBy::Scp && world.is_management(account))
    })?;
    Some(statement.by)
}

/// Whether a pattern fits a resource's ARN or the name at its end.
fn names(pattern: &str, resource: &str) -> bool {
    glob(pattern, resource) || resource.rsplit([':', '/']).next().is_some_and(|name| glob(pattern, name))
}

/// What to do with the connection.
pub(crate) enum Reply {
    Send(Answer),
    /// Announces the whole body and sends part of it.
    Cut(Answer),
    Hang,
    Reset,
}

/// The way to an operation.
struct Route {
    service: Option<Service>,
    /// The operation's name, or what was asked for in its place.
    name: String,
    input: Value,
}

/// Answers one request.
pub(crate) async fn dispatch(state: &State, incoming: &Incoming) -> Reply {
    let claim = identity::claim(incoming);
    let route = route(incoming, claim.as_ref().ok().and_then(Option::as_ref));
    let operation = route.service.and_then(|service| operations::find(service, &route.name));
    let service = route.service.unwrap_or(Service::CloudTrail);
    let identified = match &claim {
        Ok(Some(claim)) => {
            let token = incoming.header("x-amz-security-token");
            identity::identify(&state.world, &state.sessions, service, claim, token)
        }
        Ok(None) => Err(identity::unsigned(service, false)),
        Err(()) => Err(identity::unsigned(service, true)),
    };
    let claim = claim.ok().flatten();
    let entry = entry(&route, operation, claim.as_ref(), identified.as_ref().ok());
    let number = state.journal.arrived(entry.clone());
    if let Some(latency) = state.world.latency {
        tokio::time::sleep(latency).await;
    }
    let request_id = format!("00000000-0000-4000-8000-{number:012x}");
    let protocol = if incoming.is_cbor() { Protocol::Cbor } else { service.protocol() };
    let struck = state.strike(&entry);
    if let Some((_, Some(latency))) = struck {
        tokio::time::sleep(latency).await;
    }
    let answer = || {
        let answered = identified.and_then(|caller| {
            if !state.within_quota(&entry) {
                return Err(service.throttled());
            }
            let Some(operation) = operation else { return Err(unknown(&route)) };
            let region = entry.region.as_str();
            let (world, input) = (&state.world, &route.input);
            run(&Call { state, world, caller: &caller, region, operation, input, request: incoming })
        });
        finish(answered, protocol, incoming, &request_id)
    };
    let (reply, outcome) = match struck {
        None => plain(answer()),
        Some((Kind::Delay(milliseconds), _)) => {
            tokio::time::sleep(std::time::Duration::from_millis(milliseconds)).await;
            plain(answer())
        }
        Some((kind, _)) => spoil(kind, service, &entry, operation, answer, |failure| {
            finish(Err(failure), protocol, incoming, &request_id)
        }),
    };
    state.journal.answered(number, outcome);
    reply
}

fn plain(answer: Answer) -> (Reply, Outcome) {
    let outcome = Outcome { status: answer.status, code: answer.code.clone() };
    (Reply::Send(answer), outcome)
}

/// The reply of a request that a fault strikes.
fn spoil(
    kind: Kind,
    service: Service,
    entry: &Request,
    operation: Option<&Operation>,
    answer: impl FnOnce() -> Answer,
    refuse: impl FnOnce(Failure) -> Answer,
) -> (Reply, Outcome) {
    let named = |status, name: &str| Outcome { status, code: Some(name.into()) };
    match kind {
        Kind::AccessDenied => {
            let action = operation.map_or(entry.operation.as_str(), |operation| operation.action);
            let reason = format!("because no identity-based policy allows the {action} action");
            plain(refuse(service.denied(not_authorized(&entry.principal, action, &entry.resource, &reason))))
        }
        Kind::InternalError => plain(refuse(service.internal())),
        Kind::ServiceUnavailable => plain(refuse(service.unavailable())),
        Kind::Throttle => plain(refuse(service.throttled())),
        Kind::ExpiredToken => plain(refuse(service.expired())),
        Kind::HtmlBody(status) => plain(Answer::html(status)),
        Kind::Hang => (Reply::Hang, named(0, "Hang")),
        Kind::Reset => (Reply::Reset, named(0, "Reset")),
        Kind::CutBody => (Reply::Cut(answer()), named(200, "CutBody")),
        Kind::EmptyBody => {
            (Reply::Send(Answer { status: 200, body: Vec::new(), ..answer() }), named(200, "EmptyBody"))
        }
        Kind::MalformedBody => {
            let mut answer = Answer { status: 200, ..answer() };
            answer.body.truncate(answer.body.len() / 2);
            (Reply::Send(answer), named(200, "MalformedBody"))
        }
        Kind::Delay(_) => plain(answer()),
    }
}

/// Everything between a known caller and the operation's own answer.
fn run(call: &Call<'_>) -> Result<Answer, Failure> {
    let service = call.operation.service;
    let account = call.world.account(&call.caller.account);
    if service.is_regional()
        && !account.is_some_and(|account| account.has_region(call.world.partition, call.region))
    {
        return Err(Failure { status: 403, ..service.unknown_key() });
    }
    let always_allowed = call.operation.name == "GetCallerIdentity";
    if !always_allowed && service != Service::S3 {
        call.authorize(call.operation.action, &resource(call.operation, call.input))?;
    }
    (call.operation.run)(call)
}

/// Puts the answer into the protocol's shape.
fn finish(
    answered: Result<Answer, Failure>,
    protocol: Protocol,
    incoming: &Incoming,
    request_id: &str,
) -> Answer {
    let mut answer = answered.unwrap_or_else(|failure| protocol.refuse(failure, request_id));
    if protocol == Protocol::RestJson {
        answer.content_type = "application/json";
    }
    if protocol == Protocol::Cbor {
        answer = answer.with("smithy-protocol", "rpc-v2-cbor");
    }
    if incoming.method == hyper::Method::HEAD {
        answer.body.clear();
    }
    let header = if matches!(protocol, Protocol::RestXml | Protocol::S3Control) {
        "x-amz-request-id"
    } else {
        "x-amzn-requestid"
    };
    answer.with(header, request_id)
}

fn entry(
    route: &Route,
    operation: Option<&Operation>,
    claim: Option<&Claim>,
    caller: Option<&Principal>,
) -> Request {
    let asked = || claim.map_or_else(|| "unknown".into(), |claim| claim.service.clone());
    let tokens = ["NextToken", "nextToken", "ContinuationToken"];
    let page = tokens.iter().find_map(|token| route.input[token].as_str());
    Request {
        number: 0,
        service: route.service.map_or_else(asked, |service| service.name().into()),
        operation: route.name.clone(),
        account: caller.map_or_else(String::new, |caller| caller.account.clone()),
        region: claim.map_or_else(String::new, |claim| claim.region.clone()),
        resource: operation.map_or_else(String::new, |operation| resource(operation, &route.input)),
        page: page.unwrap_or_default().into(),
        principal: caller.map_or_else(String::new, |caller| caller.arn.clone()),
        outcome: Outcome::default(),
    }
}

/// The resource that an input names: one text, or several with commas between.
fn resource(operation: &Operation, input: &Value) -> String {
    let named = operation.resource.split('|').map(|field| &input[field]).find(|value| !value.is_null());
    match named.unwrap_or(&Value::Null) {
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        _ => String::new(),
    }
}

fn unknown(route: &Route) -> Failure {
    match route.service {
        Some(Service::S3 | Service::S3Control) => Failure::new(
            501,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented",
        ),
        Some(Service::Sts | Service::Sns) => {
            Failure::new(400, "InvalidAction", format!("Could not find operation {}", route.name))
        }
        _ => Failure::new(404, "UnknownOperationException", format!("{} is not served here", route.name)),
    }
}

/// Finds service and operation by the marks of each protocol.
fn route(incoming: &Incoming, claim: Option<&Claim>) -> Route {
    let signed_for = claim.map_or("", |claim| claim.service.as_str());
    let target = incoming.header("x-amz-target");
    if let Some((front, name)) = target.rsplit_once('.') {
        let input = incoming.json().unwrap_or_else(|| Value::Object(Map::new()));
        return Route { service: Service::of_target(front), name: name.into(), input };
    }
    let is_form = incoming.header("content-type").starts_with("application/x-www-form-urlencoded");
    if let Some((service, name)) = Service::of_path(&incoming.path).filter(|_| incoming.is_cbor()) {
        let input = cbor::decode(&incoming.body).filter(Value::is_object);
        return Route {
            service,
            name: name.into(),
            input: input.unwrap_or_else(|| Value::Object(Map::new())),
        };
    }
    if matches!(signed_for, "sts" | "sns") || is_form && claim.is_none() {
        let input = incoming.form();
        let name = input["Action"].as_str().unwrap_or_default().to_owned();
        let service = if signed_for == "sns" { Service::Sns } else { Service::Sts };
        return Route { service: Some(service), name, input };
    }
    if signed_for == "account" || signed_for.is_empty() && incoming.path == "/listRegions" {
        let input = incoming.json().unwrap_or_else(|| Value::Object(Map::new()));
        let name = match incoming.path.as_str() {
            "/listRegions" => "ListRegions".into(),
            other => other.trim_start_matches('/').into(),
        };
        return Route { service: Some(Service::Account), name, input };
    }
    if matches!(signed_for, "s3" | "") {
        let (service, name, input) = s3::route(incoming);
        return Route { service: Some(service), name, input };
    }
    let last = incoming.path.rsplit('/').next().unwrap_or_default();
    let form = if is_form { incoming.form() } else { Value::Null };
    let name = form["Action"].as_str().map_or_else(|| decode(last), str::to_owned);
    Route { service: None, name, input: Value::Object(Map::new()) }
}
