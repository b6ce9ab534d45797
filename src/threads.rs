//! Work on all cores of the machine; what comes out does not depend on how many there are.

use std::thread::{Builder, ScopedJoinHandle, available_parallelism, scope};

/// Stack of a thread: enough for the deepest expression within the limits in an unoptimised build.
pub(crate) const STACK: usize = 64 << 20;

/// How many threads can run at once.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// How many parts to share so many items out in, when a thread should have `worth` of them at least.
pub(crate) fn parts(items: usize, worth: usize) -> usize {
    (items / worth).clamp(1, cores())
}

/// One of `parts` slices, which follow each other and are all of `items`.
pub(crate) fn slice<T>(items: &[T], part: usize, parts: usize) -> &[T] {
    let start = items.len() * part / parts;
    let end = items.len() * (part + 1) / parts;
    items.get(start..end).unwrap_or_default()
}

/// What `of` makes of each part, in their order; of the first on this thread.
pub(crate) fn in_parts<R: Send>(parts: usize, of: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let of = &of;
    scope(|scope| {
        let spawn = |part| Builder::new().stack_size(STACK).spawn_scoped(scope, move || of(part));
        let others: Vec<_> = (1..parts).map(|part| (part, spawn(part))).collect();
        let mut results = vec![of(0)];
        for (part, thread) in others {
            results.push(match thread.map(ScopedJoinHandle::join) {
                Ok(Ok(result)) => result,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                // No thread was to be had.
                Err(_) => of(part),
            });
        }
        results
    })
}
