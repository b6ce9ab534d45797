//! Credentials and clients: the only file that builds SDK clients.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::{RetryConfig, RetryMode};
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use tokio::sync::OnceCell;

use super::Options;
use super::caller::{Caller, origin};
use super::endpoint::Override;
use super::failure::Failure;
use super::whole::WholeBody;
use crate::inventory::{Gap, GapReason, Origin};

/// Credentials for one account, and clients that use them.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) account: String,
    config: SdkConfig,
}

/// The accounts that may be called. A role is assumed in no other: whoever names a stranger's key in a trail would else be shown the
/// external id.
pub(super) struct Callable {
    /// Their ids.
    pub(super) accounts: BTreeSet<String>,
    /// What bounds them, in words.
    pub(super) by: &'static str,
}

/// A session that is opened once, whoever asks first.
type Opened = Arc<OnceCell<Result<Session, Gap>>>;

/// Sessions by account, each opened once.
pub(super) struct Sessions<'a> {
    pub(super) caller: &'a Caller,
    own: Session,
    partition: String,
    region: String,
    role_name: String,
    external_id: Option<String>,
    excluded: Vec<String>,
    scope: Callable,
    opened: Mutex<BTreeMap<String, Opened>>,
}

/// HTTPS through rustls, by way of a proxy where `HTTPS_PROXY` and its like say so.
fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = Connector::builder();
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        let connector = connector.tls_provider(Provider::Rustls(CryptoMode::Ring));
        connector.proxy_config(ProxyConfig::from_env()).build()
    })
}

/// Loads the configuration that every AWS tool would: environment, profile, SSO, container, instance.
pub(super) async fn base_config(options: &Options) -> SdkConfig {
    let http = http_client();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(options.call_timeout.min(Duration::from_secs(5)))
        .operation_attempt_timeout(options.call_timeout.mul_f64(0.5).max(Duration::from_millis(100)))
        .operation_timeout(options.call_timeout)
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.clone())
        .timeout_config(timeouts)
        .app_name_if_valid();
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    let config = loader.load().await;
    let retries = retries(&config.retry_config().cloned().unwrap_or_else(RetryConfig::standard));
    let mut builder = config.clone().into_builder().retry_config(retries);
    if let Some(profile) = &options.profile {
        // Said on the command line, it wins over keys in the environment, as in the AWS CLI.
        let surroundings =
            ProviderConfig::without_region().with_http_client(http).with_region(config.region().cloned());
        let provider =
            ProfileFileCredentialsProvider::builder().configure(&surroundings).profile_name(profile).build();
        builder.set_credentials_provider(Some(SharedCredentialsProvider::new(provider)));
    }
    builder.build()
}

/// The environment's own retry settings win. Without them: more attempts than the SDK's three, inside the time a call may take.
///
/// Not the adaptive mode: its rate limiter holds back every call to a service for one that was throttled.
fn retries(configured: &RetryConfig) -> RetryConfig {
    const SDK_DEFAULT: u32 = 3;
    const ATTEMPTS: u32 = 6;
    let is_default = configured.mode() == RetryMode::Standard && configured.max_attempts() == SDK_DEFAULT;
    if is_default && std::env::var_os("AWS_MAX_ATTEMPTS").is_none() {
        RetryConfig::standard().with_max_attempts(ATTEMPTS)
    } else {
        configured.clone()
    }
}

trait AppName {
    fn app_name_if_valid(self) -> Self;
}

impl AppName for aws_config::ConfigLoader {
    fn app_name_if_valid(self) -> Self {
        match aws_config::AppName::new(concat!("trailproof-", env!("CARGO_PKG_VERSION"))) {
            Ok(name) => self.app_name(name),
            Err(_) => self,
        }
    }
}

/// The configuration of a client of one service in one region.
macro_rules! builder {
    ($service:ident, $session:expr, $region:expr) => {
        $service::config::Builder::from(&$session.at($region)).retry_partition(
            // The SDK's own allowance of retries is one for the whole process; what bounds a call here is its time.
            $service::config::retry::RetryPartition::custom(
                $session.retry_partition(stringify!($service), $region),
            )
            .token_bucket($service::config::retry::TokenBucket::unlimited())
            .build(),
        )
    };
}

/// The clients whose answers all have a body, and which go where AWS says.
macro_rules! clients {
    ($($name:ident: $service:ident),+ $(,)?) => {$(
        pub(super) fn $name(&self, region: &str) -> $service::Client {
            $service::Client::from_conf(builder!($service, self, region).interceptor(WholeBody).build())
        }
    )+};
}

impl Session {
    pub(super) fn new(account: &str, config: SdkConfig) -> Self {
        Self { account: account.to_owned(), config }
    }

    /// The same credentials, known to belong to `account`.
    pub(super) fn of(self, account: &str) -> Self {
        Self { account: account.to_owned(), ..self }
    }

    /// Quotas are per account and region, so what is spent on retries in one place is not taken from another.
    fn retry_partition(&self, service: &str, region: &str) -> String {
        format!("{service} {} {region}", self.account)
    }

    fn at(&self, region: &str) -> SdkConfig {
        self.config.clone().into_builder().region(Region::new(region.to_owned())).build()
    }

    clients! {
        sts: aws_sdk_sts,
        organizations: aws_sdk_organizations,
        account_management: aws_sdk_account,
        cloudtrail: aws_sdk_cloudtrail,
        kms: aws_sdk_kms,
        logs: aws_sdk_cloudwatchlogs,
        cloudwatch: aws_sdk_cloudwatch,
        events: aws_sdk_eventbridge,
        sns: aws_sdk_sns,
    }

    pub(super) fn s3(&self, region: &str) -> aws_sdk_s3::Client {
        aws_sdk_s3::Client::from_conf(self.s3_config(region).interceptor(WholeBody).build())
    }

    /// For HeadBucket, whose answer has no body.
    pub(super) fn s3_head(&self, region: &str) -> aws_sdk_s3::Client {
        aws_sdk_s3::Client::from_conf(self.s3_config(region).build())
    }

    fn s3_config(&self, region: &str) -> aws_sdk_s3::config::Builder {
        // Servers that stand in for S3 rarely have a DNS name per bucket.
        let path_style =
            self.config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
        builder!(aws_sdk_s3, self, region).force_path_style(path_style)
    }

    pub(super) fn s3_control(&self, region: &str) -> aws_sdk_s3control::Client {
        let mut config = builder!(aws_sdk_s3control, self, region).interceptor(WholeBody);
        let own_url = std::env::var("AWS_ENDPOINT_URL_S3_CONTROL").ok();
        if let Some(url) = own_url.as_deref().or(self.config.endpoint_url()) {
            config = config.endpoint_resolver(Override::new(url));
        }
        aws_sdk_s3control::Client::from_conf(config.build())
    }
}

impl<'a> Sessions<'a> {
    pub(super) fn new(
        caller: &'a Caller,
        own: Session,
        partition: &str,
        region: &str,
        options: &Options,
        scope: Callable,
    ) -> Self {
        Self {
            scope,
            caller,
            own,
            partition: partition.to_owned(),
            region: region.to_owned(),
            role_name: options.role_name.clone(),
            external_id: options.external_id.clone(),
            excluded: options.scope.exclude_accounts.clone(),
            opened: Mutex::default(),
        }
    }

    pub(super) fn own(&self) -> &Session {
        &self.own
    }

    /// The session for an account: the caller's own, or the audit role assumed there. The gap says why there is none.
    pub(super) async fn open(&self, account: &str) -> Result<Session, Gap> {
        if self.excluded.iter().any(|excluded| excluded == account) {
            let origin = Origin::Stated("--exclude-accounts".to_owned());
            return Err(Gap {
                origin,
                reason: GapReason::NotCollected,
                detail: format!("account {account} is left out"),
            });
        }
        if account == self.own.account {
            return Ok(self.own.clone());
        }
        if !self.scope.accounts.contains(account) {
            let origin = Origin::Stated(self.scope.by.to_owned());
            return Err(Gap {
                origin,
                reason: GapReason::NotCollected,
                detail: format!("account {account} is outside of it"),
            });
        }
        let cell = {
            let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            opened.entry(account.to_owned()).or_default().clone()
        };
        cell.get_or_init(|| self.assume(account)).await.clone()
    }

    /// The session for calls about a resource, unless no selected rule needs any of them.
    pub(super) async fn open_for(
        &self,
        operations: &[&str],
        account: &str,
        region: &str,
        resource: &str,
    ) -> Result<Session, Gap> {
        let mut refused = None;
        for operation in operations {
            match self.caller.check(&origin(operation, account, region, resource)) {
                Ok(()) => return self.open(account).await,
                Err(failure) => refused = refused.or(Some(failure.gap)),
            }
        }
        match refused {
            Some(gap) => Err(gap),
            None => self.open(account).await,
        }
    }

    async fn assume(&self, account: &str) -> Result<Session, Gap> {
        let role = Role {
            sts: self.own.sts(&self.region),
            arn: format!("arn:{}:iam::{account}:role/{}", self.partition, self.role_name),
            external_id: self.external_id.clone(),
        };
        let asked = origin("sts:AssumeRole", &self.own.account, &self.region, &role.arn);
        let answer = self.caller.make(&asked, role.request().send()).await.map_err(|failure| failure.gap)?;
        let Some(first) = answer.credentials.and_then(credentials) else {
            let failure = Failure::of(&asked, GapReason::Unreadable, "the answer has no credentials");
            return Err(failure.gap);
        };
        let provider = Assumed { role, first: Arc::new(Mutex::new(Some(first))) };
        let config = self.own.config.clone().into_builder();
        let config = config
            .credentials_provider(SharedCredentialsProvider::new(provider))
            .identity_cache(SharedIdentityCache::new(aws_config::identity::IdentityCache::lazy().build()));
        Ok(Session::new(account, config.build()))
    }
}

/// The audit role of one account.
#[derive(Clone, Debug)]
struct Role {
    sts: aws_sdk_sts::Client,
    arn: String,
    external_id: Option<String>,
}

impl Role {
    fn request(&self) -> aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder {
        let request = self.sts.assume_role().role_arn(&self.arn).role_session_name("trailproof");
        request.set_external_id(self.external_id.clone())
    }
}

/// Hands out the first credentials once, and assumes the role again when they run out.
#[derive(Clone, Debug)]
struct Assumed {
    role: Role,
    first: Arc<Mutex<Option<Credentials>>>,
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        future::ProvideCredentials::new(async move {
            if let Some(first) = first {
                return Ok(first);
            }
            let answer = self.role.request().send().await.map_err(CredentialsError::provider_error)?;
            answer
                .credentials
                .and_then(credentials)
                .ok_or_else(|| CredentialsError::unhandled("AssumeRole gave no credentials"))
        })
    }
}

fn credentials(given: aws_sdk_sts::types::Credentials) -> Option<Credentials> {
    let expires = given.expiration.try_into().ok()?;
    Some(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        Some(expires),
        "trailproof",
    ))
}
