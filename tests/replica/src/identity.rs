//! Who calls: reads the `Authorization` header and finds the principal behind the access key.
//!
//! The signature is not verified; the shape of the header, the key, the session token and its expiry are.

use crate::answer::Failure;
use crate::incoming::Incoming;
use crate::operations::Service;
use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Somebody the server has recognised.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
}

/// What that header says before anything is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) access_key: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// Reads the credential scope: nothing without a header, an error when it is garbled.
pub(crate) fn claim(request: &Incoming) -> Result<Option<Claim>, ()> {
    let header = request.header("authorization");
    if header.is_empty() {
        return Ok(None);
    }
    let fields = header.strip_prefix("AWS4-HMAC-SHA256").ok_or(())?;
    let field = |name: &str| {
        fields.split(',').find_map(|field| field.trim().strip_prefix(name)).filter(|text| !text.is_empty())
    };
    let (Some(credential), Some(_), Some(_)) =
        (field("Credential="), field("SignedHeaders="), field("Signature="))
    else {
        return Err(());
    };
    let parts: Vec<&str> = credential.split('/').collect();
    match parts[..] {
        [access_key, _date, region, service, "aws4_request"] => {
            Ok(Some(Claim { access_key: access_key.into(), region: region.into(), service: service.into() }))
        }
        _ => Err(()),
    }
}

/// The failure for a request without a readable header.
pub(crate) fn unsigned(service: Service, garbled: bool) -> Failure {
    let missing = "Request is missing Authentication Token";
    let incomplete = "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter.";
    match (service, garbled) {
        (Service::S3 | Service::S3Control, false) => Failure::new(403, "AccessDenied", "Access Denied"),
        (Service::S3 | Service::S3Control, true) => {
            Failure::new(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.")
        }
        (Service::Sts | Service::Sns | Service::CloudWatch, false) => {
            Failure::new(403, "MissingAuthenticationToken", missing)
        }
        (Service::Sts | Service::Sns | Service::CloudWatch, true) => {
            Failure::new(400, "IncompleteSignature", incomplete)
        }
        (_, false) => Failure::new(400, "MissingAuthenticationTokenException", missing),
        (_, true) => Failure::new(400, "IncompleteSignatureException", incomplete),
    }
}

/// Credentials that `AssumeRole` made.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) token: String,
    pub(crate) expires: Timestamp,
    pub(crate) principal: Principal,
}

/// The sessions that are open.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<HashMap<String, Session>>,
}

impl Sessions {
    /// Mints a session. It expires by the real clock, because the clients that hold it know no other.
    pub(crate) fn open(&self, account: &str, arn: String, name: &str, seconds: i64) -> Session {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let number = open.len() + 1;
        let role_id = format!("AROA{:0>16}", crate::world::fingerprint(&arn).to_uppercase());
        let session = Session {
            access_key: format!("ASIAREPLICA{number:09}"),
            secret_key: format!("replica-session-secret-{number:017}"),
            token: format!("replica-session-token-{number:09}-{}", crate::world::fingerprint(&arn)),
            expires: Timestamp::now() + SignedDuration::from_secs(seconds),
            principal: Principal { account: account.into(), arn, user_id: format!("{role_id}:{name}") },
        };
        open.insert(session.access_key.clone(), session.clone());
        session
    }

    fn find(&self, access_key: &str) -> Option<Session> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).get(access_key).cloned()
    }
}

/// Finds the principal of a claim.
pub(crate) fn identify(
    world: &World,
    sessions: &Sessions,
    service: Service,
    claim: &Claim,
    token: &str,
) -> Result<Principal, Failure> {
    if let Some(session) = sessions.find(&claim.access_key) {
        if token != session.token {
            return Err(service.unknown_key());
        }
        if session.expires <= Timestamp::now() {
            return Err(service.expired());
        }
        return Ok(session.principal);
    }
    let caller = world.callers.iter().find(|caller| caller.access_key == claim.access_key);
    let caller = caller.ok_or_else(|| service.unknown_key())?;
    let arn = caller.arn(world.partition);
    let user_id = format!("AIDA{:0>16}", crate::world::fingerprint(&arn).to_uppercase());
    let user_id = match &caller.role {
        Some(_) => format!("AROA{}:{}", &user_id[4..], caller.name),
        None => user_id,
    };
    Ok(Principal { account: caller.account.value.clone(), arn, user_id })
}
