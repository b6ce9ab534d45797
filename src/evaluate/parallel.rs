//! Spreads work over the cores of the machine; what comes out does not depend on how many there are.

use std::sync::{Mutex, PoisonError};

use crate::threads::{STACK, cores};

/// Items that a thread takes at a time: enough to make the taking cheap, few enough that no thread is left alone at the end.
const BLOCK: usize = 64;

/// The table that `row` makes of `items`, by column: the cells of each are in the order of the items.
///
/// Columns and not rows, because that is the order of a report, and a large table is not held twice.
pub(super) fn columns<T: Sync, R: Send>(
    items: &[T],
    width: usize,
    row: impl Fn(&T) -> Vec<R> + Sync,
) -> Vec<Vec<Option<R>>> {
    let empty = || std::iter::repeat_with(|| None).take(items.len()).collect();
    let mut columns: Vec<Vec<Option<R>>> = std::iter::repeat_with(empty).take(width).collect();
    let mut parts: Vec<_> = columns.iter_mut().map(|column| column.chunks_mut(BLOCK)).collect();
    let blocks = items.chunks(BLOCK);
    let helpers = cores().min(blocks.len());
    let blocks = Mutex::new(blocks.map(|block| {
        let cells: Vec<&mut [Option<R>]> = parts.iter_mut().filter_map(Iterator::next).collect();
        (block, cells)
    }));
    let take = || blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some((block, mut cells)) = take() {
            for (at, item) in block.iter().enumerate() {
                for (column, result) in cells.iter_mut().zip(row(item)) {
                    if let Some(cell) = column.get_mut(at) {
                        *cell = Some(result);
                    }
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..helpers {
            // Without a helper the work is done here.
            let _ = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
        work();
    });
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_in_the_order_of_the_items_however_long_each_takes() {
        let items: Vec<usize> = (0..=10 * BLOCK).collect();
        let slow_at_first = |item: &usize| {
            if *item < BLOCK {
                std::thread::sleep(std::time::Duration::from_micros(200));
            }
            vec![*item, item * 2]
        };
        let expected = |factor: usize| items.iter().map(|item| Some(item * factor)).collect::<Vec<_>>();
        assert_eq!(columns(&items, 2, slow_at_first), [expected(1), expected(2)]);
        assert_eq!(columns(&[], 2, slow_at_first), [[None; 0]; 2]);
    }
}
