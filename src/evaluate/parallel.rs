//! Spreads work over the cores of the machine; what comes out does not depend on how many there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Items that a thread takes at a time: enough to make the taking cheap, few enough that no thread is left alone at the end.
const BLOCK: usize = 64;
/// Stack of a thread: enough for the deepest expression within the limits in an unoptimised build.
const STACK: usize = 64 << 20;

/// Applies `f` to every item; the results are in the order of the items.
pub(super) fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let blocks: Vec<&[T]> = items.chunks(BLOCK).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(blocks.len())));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = blocks.get(at) else { break };
            let results: Vec<R> = block.iter().map(&f).collect();
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, results));
        }
    };
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 1..cores.min(blocks.len()) {
            // Without a helper the work is done here.
            let _ = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items_however_long_each_takes() {
        let items: Vec<usize> = (0..10 * BLOCK + 1).collect();
        let slow_at_first = |item: &usize| {
            if *item < BLOCK {
                std::thread::sleep(std::time::Duration::from_micros(200));
            }
            item * 2
        };
        assert_eq!(map(&items, slow_at_first), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(map(&[], slow_at_first), [0; 0]);
    }
}
