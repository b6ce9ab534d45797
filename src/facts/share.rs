//! Shares the subjects out over the cores of the machine; what comes out does not depend on how many there are.

use std::thread::{Builder, available_parallelism, scope};

/// Accounts for which a thread of its own is worth its memory of what it has seen.
const ACCOUNTS: usize = 500;
/// Stack of a thread: as much as a main thread has.
const STACK: usize = 8 << 20;

/// How many parts there are for so many accounts.
pub(super) fn parts(accounts: usize) -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    (accounts / ACCOUNTS).clamp(1, cores)
}

/// One of `parts` slices, which follow each other and are all of `items`.
pub(super) fn slice<T>(items: &[T], part: usize, parts: usize) -> &[T] {
    let start = items.len() * part / parts;
    let end = items.len() * (part + 1) / parts;
    items.get(start..end).unwrap_or_default()
}

/// What `of` makes of each part, in their order.
pub(super) fn all<R: Send>(parts: usize, of: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let of = &of;
    scope(|scope| {
        let spawn = |part| Builder::new().stack_size(STACK).spawn_scoped(scope, move || of(part));
        let others: Vec<_> = (1..parts).map(|part| (part, spawn(part))).collect();
        let mut results = vec![of(0)];
        for (part, thread) in others {
            results.push(match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(result)) => result,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                // No thread was to be had.
                Err(_) => of(part),
            });
        }
        results
    })
}
