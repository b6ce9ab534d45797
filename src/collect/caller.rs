//! How calls are made: so many at once, no more than the rules need, page by page, until the user stops them.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::{Semaphore, watch};

use super::call::CALLS;
use super::failure::Failure;
use crate::inventory::{Call, Gap, GapReason, Observed, Origin};

/// Makes calls: bounds how many are under way, counts them, and stops when the user does.
pub(super) struct Caller {
    permits: Semaphore,
    calls: AtomicU64,
    stop: watch::Receiver<bool>,
    wanted: BTreeSet<&'static str>,
}

impl Caller {
    pub(super) fn new(
        concurrency: usize,
        stop: watch::Receiver<bool>,
        wanted: BTreeSet<&'static str>,
    ) -> Self {
        Self { permits: Semaphore::new(concurrency.max(1)), calls: AtomicU64::new(0), stop, wanted }
    }

    /// A selected rule needs this operation.
    pub(super) fn wants(&self, operation: &str) -> bool {
        self.wanted.contains(operation)
    }

    /// Refuses a call that no selected rule needs.
    pub(super) fn check(&self, origin: &Origin) -> Result<(), Failure> {
        match origin {
            Origin::Call(call) if !self.wants(&call.operation) => {
                Err(Failure::of(origin, GapReason::NotCollected, "no selected rule needs it"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits for the answer to `asked`, a call described by `origin`.
    pub(super) async fn make<T, E>(
        &self,
        origin: &Origin,
        asked: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.check(origin)?;
        let mut stop = self.stop.clone();
        let answer = async {
            let _permit = self.permits.acquire().await;
            if self.is_stopped() {
                return Err(Failure::of(origin, GapReason::Interrupted, ""));
            }
            self.calls.fetch_add(1, Ordering::Relaxed);
            asked.await.map_err(|error| Failure::classify(origin, &error))
        };
        tokio::select! {
            answer = answer => {
                if let Err(failure) = &answer {
                    tracing::debug!(call = %origin, code = failure.code, "failed");
                }
                answer
            }
            () = stopped(&mut stop) => Err(Failure::of(origin, GapReason::Interrupted, "")),
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        // Nobody is left who could stop it.
        std::future::pending::<()>().await;
    }
}

/// The call `operation` about `resource`, as the origin of what it tells.
pub(super) fn origin(operation: &str, account: &str, region: &str, resource: &str) -> Origin {
    debug_assert!(CALLS.iter().any(|call| call.operation == operation), "{operation} is not in CALLS");
    Origin::from(Call {
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        resource: resource.to_owned(),
    })
}

/// Every item of a list that comes in pages: `request` asks for the page of a token, `read` takes its list and the token of the next.
///
/// AWS sends empty pages in between, so only a missing token ends a list; a page without a list is an answer that cannot be read.
pub(super) async fn pages<P, T, E, F>(
    caller: &Caller,
    asked: &Origin,
    request: impl Fn(Option<String>) -> F,
    read: impl Fn(P) -> (Option<Vec<T>>, Option<String>),
) -> Result<Vec<T>, Failure>
where
    F: Future<Output = Result<P, SdkError<E, HttpResponse>>>,
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    /// Far more than any quota of AWS fills: who sends this many never ends.
    const MOST: usize = 10_000;
    let unreadable = |lacks| Err(Failure::of(asked, GapReason::Unreadable, lacks));
    let mut all = Vec::new();
    let mut token = None;
    for _ in 0..MOST {
        let (items, next) = read(caller.make(asked, request(token.clone())).await?);
        let Some(items) = items else { return unreadable("the answer has no list") };
        all.extend(items);
        match next.filter(|next| !next.is_empty()) {
            None => return Ok(all),
            next if next == token => return unreadable("a page of the answer leads to itself"),
            next => token = next,
        }
    }
    unreadable("the answer has too many pages")
}

/// The answer as an observation; `read` says what it tells, or what it lacks.
pub(super) fn observe<T, U>(
    origin: Origin,
    answer: Result<T, Failure>,
    read: impl FnOnce(T) -> Result<U, &'static str>,
) -> Observed<U> {
    match answer.map(read) {
        Ok(Ok(value)) => Observed::known(value, origin),
        Ok(Err(lacks)) => {
            Observed::Gap(Gap { origin, reason: GapReason::Unreadable, detail: lacks.to_owned() })
        }
        Err(failure) => Observed::Gap(failure.gap),
    }
}

/// Like [`observe`], where one of the error `codes` means `absent`.
pub(super) fn observe_or<T, U>(
    origin: Origin,
    answer: Result<T, Failure>,
    codes: &[&str],
    absent: U,
    read: impl FnOnce(T) -> Result<U, &'static str>,
) -> Observed<U> {
    match answer {
        Err(failure) if codes.contains(&failure.code.as_str()) => Observed::known(absent, origin),
        answer => observe(origin, answer, read),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;

    use super::*;

    type Page = (Option<Vec<u8>>, Option<&'static str>);

    /// The items of `answers`, one page each, and the tokens that were asked for.
    async fn read(answers: &[Page]) -> (Result<Vec<u8>, GapReason>, Vec<String>) {
        let (_sender, stop) = watch::channel(false);
        let caller = Caller::new(1, stop, BTreeSet::new());
        let asked = RefCell::new(Vec::new());
        let request = |token: Option<String>| {
            let number = asked.borrow().len();
            asked.borrow_mut().push(token.unwrap_or_default());
            let page = answers[number.min(answers.len() - 1)].clone();
            async { Ok::<_, SdkError<GetCallerIdentityError, HttpResponse>>(page) }
        };
        let split = |(items, next): Page| (items, next.map(str::to_owned));
        let read = pages(&caller, &Origin::Stated("test".to_owned()), request, split).await;
        (read.map_err(|failure| failure.gap.reason), asked.into_inner())
    }

    #[tokio::test]
    async fn a_list_ends_where_no_token_leads_on_and_not_at_an_empty_page() {
        let answers = [(Some(vec![1]), Some("a")), (Some(vec![]), Some("b")), (Some(vec![2]), Some(""))];
        let (read, asked) = read(&answers).await;
        assert_eq!(read, Ok(vec![1, 2]));
        assert_eq!(asked, ["", "a", "b"]);
    }

    #[tokio::test]
    async fn a_page_without_a_list_or_one_that_leads_to_itself_spoils_the_whole() {
        let without = [(Some(vec![1]), Some("a")), (None, None)];
        assert_eq!(read(&without).await.0, Err(GapReason::Unreadable));
        let circle = [(Some(vec![1]), Some("a")), (Some(vec![2]), Some("a"))];
        let (read, asked) = read(&circle).await;
        assert_eq!(read, Err(GapReason::Unreadable));
        assert_eq!(asked.len(), 2);
    }

    #[tokio::test]
    async fn a_list_that_never_ends_is_given_up() {
        // Two tokens in turn lead to each other.
        let mut answers: Vec<Page> = Vec::new();
        for number in 0..20_000 {
            answers.push((Some(vec![]), Some(if number % 2 == 0 { "a" } else { "b" })));
        }
        assert_eq!(read(&answers).await.0, Err(GapReason::Unreadable));
    }
}
